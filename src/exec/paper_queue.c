#include "exec/paper_queue.h"

#include "core/base/fmath.h"
#include "core/base/smaller.h"

#define ONE_Q32           ((__int128)1 << 32)
#define POWER_X1000_USUAL 3000

void paper_queue_join(struct paper_queue *queue, int64_t shown_lots, int64_t left_lots, int64_t display_lots)
{
    queue->shown_lots = shown_lots;
    queue->unseen_lots = 0;
    queue->display_lots = display_lots;
    for (int i = 0; i < PAPER_FALLS; i++)
        queue->fall[i] = (struct paper_fall){0};
    for (int m = 0; m < QUEUE_MODELS; m++)
        queue->place[m] = (struct paper_place){
            .ahead_q32 = shown_lots * ONE_Q32,
            .left_lots = left_lots,
            .show_lots = display_lots > 0 ? smaller(display_lots, left_lots) : left_lots,
        };
}

/* --- falls that a trade may still explain --------------------------------------------------------------- */

/* The fall of this half of the window; older ones are forgotten. */
static int fall_at(struct paper_queue *queue, int64_t window_ns, int64_t now_ns)
{
    int64_t half = now_ns / ((window_ns + 1) / 2);

    for (int i = 0; i < PAPER_FALLS; i++) {
        int64_t mine = half - (half - i) % PAPER_FALLS; /* the newest half that is kept here */

        if (queue->fall[i].half == mine)
            continue;
        queue->fall[i] = (struct paper_fall){.half = mine};
        for (int m = 0; m < QUEUE_MODELS; m++)
            queue->place[m].credit_q32[i] = 0;
    }
    return (int)(half % PAPER_FALLS);
}

static __int128 share_of(__int128 credit_q32, int64_t part, int64_t whole)
{
    __int128 product;

    if (__builtin_mul_overflow(credit_q32, part, &product))
        return credit_q32 / whole * part;
    return product / whole;
}

int64_t paper_queue_recall(struct paper_queue *queue, const struct paper_queue_params *params, int64_t now_ns,
                           int64_t lots)
{
    int64_t recalled = 0;
    int newest;

    if (params->late_trade_ns <= 0)
        return 0;
    newest = fall_at(queue, params->late_trade_ns, now_ns);
    for (int back = 1; back >= 0; back--) { /* the older first */
        int i = (newest + back) % PAPER_FALLS;
        struct paper_fall *fall = &queue->fall[i];
        int64_t part = smaller(lots - recalled, fall->lots);

        if (part <= 0)
            continue;
        for (int m = 0; m < QUEUE_MODELS; m++) {
            struct paper_place *place = &queue->place[m];
            __int128 credit_q32 = share_of(place->credit_q32[i], part, fall->lots);

            place->credit_q32[i] -= credit_q32;
            place->ahead_q32 += credit_q32;
        }
        fall->lots -= part;
        recalled += part;
    }
    return recalled;
}

/* --- trades and fills ----------------------------------------------------------------------------------- */

int64_t paper_queue_reached(const struct paper_queue *queue, enum queue_model model, int64_t lots)
{
    const struct paper_place *place = &queue->place[model];
    __int128 beyond_q32 = lots * ONE_Q32 - place->ahead_q32;

    if (beyond_q32 < ONE_Q32 || place->left_lots <= 0)
        return 0;
    return smaller((int64_t)(beyond_q32 / ONE_Q32), place->show_lots);
}

void paper_queue_traded(struct paper_queue *queue, int64_t lots, int64_t recalled)
{
    for (int m = 0; m < QUEUE_MODELS; m++) {
        __int128 ahead_q32 = queue->place[m].ahead_q32 - lots * ONE_Q32;

        queue->place[m].ahead_q32 = ahead_q32 > 0 ? ahead_q32 : 0;
    }
    if (__builtin_add_overflow(queue->unseen_lots, lots - recalled, &queue->unseen_lots))
        queue->unseen_lots = INT64_MAX;
}

void paper_queue_serve(struct paper_queue *queue, enum queue_model model, int64_t lots)
{
    struct paper_place *place = &queue->place[model];

    place->left_lots -= smaller(lots, place->left_lots);
    place->show_lots -= smaller(lots, place->show_lots);
    if (queue->display_lots == 0 || place->show_lots > 0 || place->left_lots == 0)
        return;
    place->show_lots = smaller(queue->display_lots, place->left_lots);
    place->ahead_q32 =
        queue->shown_lots > queue->unseen_lots ? (queue->shown_lots - queue->unseen_lots) * ONE_Q32 : 0;
}

static double lots_of(__int128 q32)
{
    return (double)(int64_t)(q32 >> 32) + (double)(uint32_t)q32 / 0x1p32;
}

/* f(x) of the probability models, x in lots. */
static double weight(enum queue_model model, const struct paper_queue_params *params, int64_t lot_e8,
                     double lots)
{
    int32_t power = params->power_x1000 > 0 ? params->power_x1000 : POWER_X1000_USUAL;

    if (lots <= 0)
        return 0;
    if (model == QUEUE_POWER)
        return fmath_pow(lots, (double)power / 1000);
    if (model == QUEUE_LOG)
        return fmath_log(1 + lots * (double)lot_e8 / 1e8);
    return lots;
}

int64_t paper_queue_behind_q32(enum queue_model model, const struct paper_queue_params *params,
                               int64_t lot_e8, __int128 front_q32, __int128 back_q32)
{
    double front = lots_of(front_q32), back = lots_of(back_q32), sum = front + back;

    if (model == QUEUE_RISK_AVERSE || front <= 0)
        return (int64_t)ONE_Q32;
    if (back <= 0)
        return 0;
    if (model == QUEUE_POWER) { /* shares: a power of many lots would not fit */
        front /= sum;
        back /= sum;
    }
    front = weight(model, params, lot_e8, front);
    back = weight(model, params, lot_e8, back);
    return (int64_t)(back / (front + back) * 0x1p32 + 0.5);
}

/* Each lot as likely as another: exact, rounded up, where the product fits. */
static bool in_proportion(__int128 *ahead_q32, int64_t before_lots, int64_t shown_lots)
{
    __int128 product;

    if (__builtin_mul_overflow(*ahead_q32, shown_lots, &product) ||
        __builtin_add_overflow(product, before_lots - 1, &product))
        return false;
    *ahead_q32 = product / before_lots;
    return true;
}

/* A level of before_lots has shown_lots left and no trade explains it. */
static void cancelled(struct paper_place *place, enum queue_model model,
                      const struct paper_queue_params *params, int64_t lot_e8, int64_t before_lots,
                      int64_t shown_lots)
{
    __int128 front = place->ahead_q32, back = before_lots * ONE_Q32 - front, from_back, from_front;
    int64_t chg = before_lots - shown_lots;

    if (model == QUEUE_PROPORTIONAL && in_proportion(&place->ahead_q32, before_lots, shown_lots))
        return;
    from_back = (__int128)chg * paper_queue_behind_q32(model, params, lot_e8, front, back);
    from_front = chg * ONE_Q32 - from_back;
    if (from_back > back) /* more than stood there: the rest was ahead */
        from_front += from_back - back;
    front -= from_front;
    place->ahead_q32 = front > 0 ? front : 0;
}

int64_t paper_queue_level(struct paper_queue *queue, const struct paper_queue_params *params, int64_t lot_e8,
                          int64_t now_ns, int64_t shown_lots)
{
    int64_t fall = queue->shown_lots - shown_lots, by_trades, before;
    int at = -1;

    if (fall == 0)
        return 0;
    if (fall < 0) { /* joined behind us */
        queue->shown_lots = shown_lots;
        queue->unseen_lots = 0;
        return 0;
    }
    by_trades = smaller(fall, queue->unseen_lots);
    before = queue->shown_lots - by_trades;
    queue->unseen_lots -= by_trades;
    queue->shown_lots = shown_lots;
    if (params->late_trade_ns > 0 && fall > by_trades) {
        at = fall_at(queue, params->late_trade_ns, now_ns);
        queue->fall[at].lots += fall - by_trades;
    }
    for (int m = 0; m < QUEUE_MODELS; m++) {
        struct paper_place *place = &queue->place[m];
        __int128 before_q32 = place->ahead_q32;

        if (fall > by_trades && place->ahead_q32 > 0) {
            if (place->ahead_q32 > before * ONE_Q32)
                place->ahead_q32 = before * ONE_Q32;
            cancelled(place, (enum queue_model)m, params, lot_e8, before, shown_lots);
        }
        if (place->ahead_q32 > shown_lots * ONE_Q32)
            place->ahead_q32 = shown_lots * ONE_Q32;
        if (at >= 0)
            place->credit_q32[at] += before_q32 - place->ahead_q32;
    }
    return fall - by_trades;
}

void paper_queue_cut(struct paper_queue *queue, int64_t left_lots)
{
    for (int m = 0; m < QUEUE_MODELS; m++) {
        struct paper_place *place = &queue->place[m];

        place->left_lots = smaller(place->left_lots, left_lots);
        place->show_lots = smaller(place->show_lots, place->left_lots);
    }
}

int64_t paper_queue_ahead(const struct paper_queue *queue, enum queue_model model)
{
    return (int64_t)((queue->place[model].ahead_q32 + ONE_Q32 - 1) / ONE_Q32);
}

void paper_queue_rescale(struct paper_queue *queue, struct step_change change)
{
    step_scale(&queue->shown_lots, change.qty_factor);
    step_scale(&queue->unseen_lots, change.qty_factor);
    step_scale(&queue->display_lots, change.qty_factor);
    for (int i = 0; i < PAPER_FALLS; i++)
        step_scale(&queue->fall[i].lots, change.qty_factor);
    for (int m = 0; m < QUEUE_MODELS; m++) {
        struct paper_place *place = &queue->place[m];

        step_scale(&place->left_lots, change.qty_factor);
        step_scale(&place->show_lots, change.qty_factor);
        for (int i = 0; i < PAPER_FALLS; i++)
            if (__builtin_mul_overflow(place->credit_q32[i], change.qty_factor, &place->credit_q32[i]))
                place->credit_q32[i] = 0;
        if (__builtin_mul_overflow(place->ahead_q32, change.qty_factor, &place->ahead_q32) ||
            place->ahead_q32 > INT64_MAX * ONE_Q32)
            place->ahead_q32 = INT64_MAX * ONE_Q32;
    }
}

#include "app/warm_up.h"

#include "app/market_state.h"

#include <stdlib.h>

#define TICK_NS INT64_C(100000000)
#define TICKS_AT_END                                                                                         \
    300 /* 30 s without a trade at the end of a page: a quiet market need not be gone through */

enum state { STATE_WAITING, STATE_READING, STATE_OVER };

struct warm_up {
    struct signal_params params;
    enum state state;
    struct trade *kept; /* of the stream, since the start; NULL: given up or over */
    size_t kept_count;
    bool full;        /* some could not be kept */
    uint64_t last_id; /* of the time before; 0: none */
    uint64_t trades;
    struct tape *tape; /* these three while READING */
    struct candles *candles;
    struct signals *signals;
    int64_t tick_ns, last_ns;
};

struct warm_up *warm_up_new(const struct signal_params *params)
{
    struct warm_up *warm_up = calloc(1, sizeof(*warm_up));

    if (warm_up == NULL)
        return NULL;
    warm_up->params = *params;
    warm_up->kept = calloc(WARM_UP_KEPT_MAX, sizeof(warm_up->kept[0]));
    if (warm_up->kept == NULL) {
        free(warm_up);
        return NULL;
    }
    return warm_up;
}

static void end(struct warm_up *warm_up)
{
    tape_free(warm_up->tape);
    candles_free(warm_up->candles);
    signals_free(warm_up->signals);
    free(warm_up->kept);
    warm_up->tape = NULL;
    warm_up->candles = NULL;
    warm_up->signals = NULL;
    warm_up->kept = NULL;
    warm_up->state = STATE_OVER;
}

void warm_up_free(struct warm_up *warm_up)
{
    if (warm_up == NULL)
        return;
    end(warm_up);
    free(warm_up);
}

bool warm_up_knows(struct warm_up *warm_up, const struct trade *trade)
{
    if (warm_up->state == STATE_OVER)
        return trade->id <= warm_up->last_id;
    if (warm_up->full)
        return false;
    if (warm_up->kept_count < WARM_UP_KEPT_MAX) {
        warm_up->kept[warm_up->kept_count++] = *trade;
        return false;
    }
    warm_up->full = true;
    warm_up->kept_count = 0;
    free(warm_up->kept);
    warm_up->kept = NULL;
    return false;
}

static bool begin(struct warm_up *warm_up)
{
    warm_up->tape = tape_new();
    warm_up->candles = candles_new();
    warm_up->signals = signals_new(&warm_up->params);
    warm_up->state = STATE_READING;
    return warm_up->tape != NULL && warm_up->candles != NULL && warm_up->signals != NULL;
}

/* Each 100 ms up to then, as the pipeline's timer does it. */
static void pass_time(struct warm_up *warm_up, const struct order_book *book, int64_t now_ns)
{
    if (warm_up->tick_ns == 0 || now_ns - warm_up->tick_ns > TICKS_AT_END * TICK_NS)
        warm_up->tick_ns = now_ns / TICK_NS * TICK_NS;
    for (; warm_up->tick_ns <= now_ns; warm_up->tick_ns += TICK_NS)
        signals_tick(warm_up->signals, book, warm_up->tick_ns);
}

/* In event time that never goes back: the venue's clock, by which the time before is told, may be ahead of ours. */
static void tell(struct warm_up *warm_up, const struct order_book *book, const struct trade *trade)
{
    struct trade told = *trade;

    if (told.recv_ns < warm_up->last_ns)
        told.recv_ns = warm_up->last_ns;
    warm_up->last_ns = told.recv_ns;
    pass_time(warm_up, book, told.recv_ns);
    tape_add(warm_up->tape, &told);
    if (told.off_market)
        return;
    candles_add(warm_up->candles, &told);
    signals_on_trade(warm_up->signals, book, &told);
}

/* From the first trade of the stream on, that is the one to believe. */
static void tell_page(struct warm_up *warm_up, const struct order_book *book,
                      const struct trade_history *page)
{
    for (size_t i = 0; i < page->count; i++) {
        const struct trade *trade = &page->trade[i];

        if (trade->id <= warm_up->last_id ||
            (warm_up->kept_count > 0 && trade_last_id(trade) >= warm_up->kept[0].id))
            continue;
        tell(warm_up, book, trade);
        warm_up->last_id = trade_last_id(trade);
        warm_up->trades++;
    }
}

static void take_over(struct warm_up *warm_up, struct market_state *market, int64_t now_ns)
{
    struct tape *tape = market->tape;
    struct candles *candles = market->candles;

    for (size_t i = 0; i < warm_up->kept_count; i++)
        tell(warm_up, market->book, &warm_up->kept[i]);
    pass_time(warm_up, market->book, now_ns);
    market->tape = warm_up->tape;
    market->candles = warm_up->candles;
    warm_up->tape = tape;
    warm_up->candles = candles;
    signals_take_tape(market->signals, warm_up->signals);
    end(warm_up);
}

enum warm_up_result warm_up_page(struct warm_up *warm_up, struct market_state *market,
                                 const struct trade_history *page, int64_t now_ns)
{
    if (warm_up->state == STATE_OVER)
        return WARM_UP_GOES_ON; /* told already */
    if (warm_up->full || (warm_up->state == STATE_WAITING && !begin(warm_up))) {
        warm_up->last_id = 0;
        end(warm_up);
        return WARM_UP_GIVEN_UP;
    }
    tell_page(warm_up, market->book, page);
    if (!page->complete)
        return WARM_UP_GOES_ON;
    take_over(warm_up, market, now_ns);
    return WARM_UP_DONE;
}

uint64_t warm_up_trades(const struct warm_up *warm_up)
{
    return warm_up->trades;
}

void warm_up_rescale(struct warm_up *warm_up, struct step_change change)
{
    for (size_t i = 0; warm_up->kept != NULL && i < warm_up->kept_count; i++) {
        warm_up->kept[i].price_ticks *= change.price_factor;
        warm_up->kept[i].qty_lots *= change.qty_factor;
    }
    if (warm_up->state != STATE_READING)
        return;
    tape_rescale(warm_up->tape, change);
    candles_rescale(warm_up->candles, change);
    signals_rescale(warm_up->signals, change);
}

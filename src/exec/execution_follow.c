/*
 * execution_follow.c - where a resting order should stand, and when moving it there is worth the place it loses.
 *
 *   behind   the stable touch is d ticks ahead of the order: it moves up when d > hysteresis + worth
 *   within   it stands where the touch has been in the last flicker_ns: it stays, a flicker moves nothing
 *   alone    nobody else came nearer than d ticks to it all that time: it steps back to the stable touch when
 *            d > max(1, hysteresis); one tick in front of the others is no reason to give the front away
 *
 * hysteresis is the larger of hysteresis_ticks and hysteresis_ppm of the price.
 *
 * worth, in ticks, is what its place in the queue is worth (share = lots ahead / lots at the price):
 *
 *            max(1, spread x (keep - share) / (2 x keep))   share <= keep (queue_keep_x1000)
 *            0                                              behind that, or place unknown
 *
 * Moallemi and Yuan, "A Model for Queue Position Valuation in a Limit Order Book" (2017): a place is worth the
 * chance to earn half the spread less the adverse selection, which grows towards the back of the queue; so the
 * value falls about evenly from the front, where it is of the order of half the spread, to nothing before the end.
 * Moving up always pays d ticks more and starts at the back, worth nothing. Hence the comparison. The spread is
 * the narrowest of the last flicker_ns: a sweep does not make a place dear.
 *
 * The touch is that of others: our own quantity is taken out of a book that shows it, so an order never follows
 * itself.
 */
#include "exec/execution_parts.h"

static bool band_of(const struct execution_call *call, enum side side, struct touch_band *out)
{
    return touch_band(&call->place->touch, side, call->view->ref.now_ns, call->params->flicker_ns, out);
}

/* The goal's worst price, signed; INT64_MAX: none. */
static int64_t worst_signed(const struct execution_call *call, enum side side)
{
    int64_t worst = call->place->goal.worst_ticks;

    return worst == 0 ? INT64_MAX : signed_price(side, worst);
}

bool execution_follow_price(const struct execution_call *call, enum side side, int64_t *signed_ticks)
{
    struct touch_band band;
    int64_t worst = worst_signed(call, side);

    if (!band_of(call, side, &band) || !band.known)
        return false;
    *signed_ticks = band.low < worst ? band.low : worst;
    return execution_clear_price(call, side, signed_ticks);
}

static int64_t narrowest_spread(const struct execution_call *call)
{
    struct touch_band bid, ask;

    if (!band_of(call, SIDE_BID, &bid) || !band_of(call, SIDE_ASK, &ask))
        return 1;
    return -ask.high - bid.high > 1 ? -ask.high - bid.high : 1;
}

/* Lots ahead of it in thousandths of the lots at its price; 1000: at the end, or unknown. */
static int64_t queue_share_x1000(const struct execution_call *call, const struct order *order)
{
    int64_t ahead = order->queue_expected_lots;
    int64_t level = order_book_qty(call->view->book, order->intent.side, order->intent.price_ticks);

    if (ahead < 0)
        return 1000;
    if (ahead == 0)
        return 0;
    return ahead >= level ? 1000 : (int64_t)((__int128)ahead * 1000 / level);
}

static int64_t place_worth_ticks(const struct execution_call *call, const struct order *order)
{
    int64_t keep = call->params->queue_keep_x1000, share = queue_share_x1000(call, order), worth;

    if (keep <= 0 || share > keep)
        return 0;
    worth = (int64_t)((__int128)narrowest_spread(call) * (keep - share) / (2 * keep));
    return worth > 1 ? worth : 1;
}

int64_t execution_hysteresis_ticks(const struct execution_call *call, int64_t price_ticks)
{
    int64_t ticks = (int64_t)((__int128)price_ticks * call->params->hysteresis_ppm / 1000000);

    return ticks > call->params->hysteresis_ticks ? ticks : call->params->hysteresis_ticks;
}

bool execution_follow(const struct execution_call *call, const struct order *order, int64_t *signed_ticks,
                      bool *forced)
{
    enum side side = order->intent.side;
    int64_t at = signed_price(side, order->intent.price_ticks), want;
    int64_t stay = execution_hysteresis_ticks(call, order->intent.price_ticks);
    struct touch_band band;

    *forced = at > worst_signed(call, side);
    if (!*forced) {
        if (!band_of(call, side, &band) || !band.known || (at >= band.low && at <= band.high))
            return false;
        if (at > band.high && at - band.high <= (stay > 1 ? stay : 1))
            return false;
        if (at < band.low && band.low - at <= stay)
            return false;
    }
    if (!execution_follow_price(call, side, &want))
        return false;
    *signed_ticks = want;
    if (*forced)
        return true;
    if (at > want)
        return at > band.high;
    return want - at > stay && want - at > stay + place_worth_ticks(call, order);
}

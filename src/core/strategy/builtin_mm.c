/*
 * builtin_mm.c - the strategy mm: quotes both sides around a reservation price, within inventory limits. Pure.
 *
 * Avellaneda, Stoikov, "High-frequency trading in a limit order book" (2008), eq. 29, 30, in basis points of the mid:
 *     reservation price  r = s - q gamma sigma^2 tau
 *     half spread        h = gamma sigma^2 tau / 2 + ln(1 + gamma / k) / gamma
 * q: inventory in orders, sigma: volatility in bp per root second, tau: a horizon that does not run out (Gueant,
 * Lehalle, Fernandez-Tapia 2013 show that quotes far from the end do not depend on time), k: how fast the arrival of
 * takers falls with the distance from the mid; exponential, so 1 / k is the mean distance of their trades.
 *
 * How often quotes move is the execution engine's affair: this says where they should be.
 */
#include "core/base/fmath.h"
#include "core/strategy/builtin_list.h"
#include "core/strategy/strategy_kit.h"

#include <math.h>
#include <string.h>

#define K_MIN            0.01 /* a bp; so that a freak trade does not move the quotes out of the world */
#define K_MAX            100.0
#define K_WINDOW_S       120.0
#define SHIFT_MAX_HALVES 3.0  /* of the half spread: the most that inventory moves the quotes */
#define WARM_S           60.0 /* a minute of volatility */
#define LEAVE_AGAIN_NS   (2 * KIT_S_NS)
#define STATE_TAG        UINT64_C(0x6d6d000000000001)

static const char manifest[] =
    "name: mm\n"
    "version: 1.0.0\n"
    "abi: 1\n"
    "about: quotes both sides around a reservation price, within inventory limits\n"
    "instruments: 0\n"
    "parameters:\n"
    "  order_value: {type: decimal, min: 1, max: 1000000000, default: 500, unit: quote, help: money of one "
    "quote}\n"
    "  inventory_max_value: {type: decimal, min: 1, max: 1000000000, default: 2000, unit: quote, help: no "
    "quote that "
    "would lead beyond that}\n"
    "  gamma: {type: decimal, min: 0.0001, max: 100, default: 0.1, help: risk aversion; more leans harder "
    "against "
    "inventory}\n"
    "  k: {type: decimal, min: 0, max: 100, default: 0, unit: 1/bp, help: decay of takers' arrivals with "
    "distance; 0 "
    "is estimated from the tape}\n"
    "  horizon_s: {type: int, min: 1, max: 86400, default: 60, unit: s, help: time over which inventory is a "
    "risk}\n"
    "  skew: {type: decimal, min: 0, max: 10, default: 1, help: times what inventory moves the quotes; 1 is "
    "the "
    "paper's}\n"
    "  half_spread_min_bp: {type: decimal, min: 0, max: 1000, default: 0.5, unit: bp, help: quotes stand at "
    "least that "
    "far from the reservation price}\n"
    "  cover_fees: {type: bool, default: true, help: adds the maker fee to the least half spread}\n"
    "  fair: {type: enum, allowed: [microprice, mid], default: microprice, help: price around which it "
    "quotes}\n"
    "  volatility_max_bp: {type: decimal, min: 0.1, max: 10000, default: 40, unit: bp, help: no quotes when "
    "the last "
    "minute moved more}\n"
    "  spike_max: {type: decimal, min: 0.5, max: 100, default: 3, help: no quotes when 10 s moved that many "
    "times "
    "the usual}\n"
    "  flow_max: {type: decimal, min: 0.1, max: 100, default: 2.5, help: pulls the side that order flow of "
    "that many "
    "deviations runs into}\n"
    "  stale_ms: {type: int, min: 10, max: 60000, default: 2000, unit: ms, help: no quotes when the book is "
    "older}\n"
    "  calm_ms: {type: int, min: 0, max: 600000, default: 3000, unit: ms, help: pause after quotes were "
    "pulled or "
    "denied}\n"
    "  stop_loss_bp: {type: decimal, min: 0, max: 10000, default: 60, unit: bp, help: closes an inventory "
    "that lost "
    "that much; 0 is off}\n"
    "  short: {type: bool, default: true, help: sells short where the venue allows it}\n";

static const char page[] =
    "mm makes a market after Avellaneda and Stoikov. Around a fair price (the microprice or the mid) it "
    "computes a "
    "reservation price that leans against its inventory, r = s - q gamma sigma^2 tau, and a half spread h = "
    "gamma "
    "sigma^2 tau / 2 + ln(1 + gamma / k) / gamma, and rests a bid at r - h and an ask at r + h, never "
    "further in than "
    "would make it a taker. All of it is in basis points; q counts orders of order_value, sigma is the "
    "volatility of "
    "the last minute, tau the horizon, and k says how fast the arrival of takers falls with the distance "
    "from the mid: "
    "given, or estimated from the distances at which takers trade.\n"
    "\n"
    "The half spread is never below half_spread_min_bp and, with cover_fees, the maker fee, so that a round "
    "trip at its prices pays for itself. At the usual fee of 10 bp on spot that is far behind the touch of a "
    "liquid market, where the paper's half spread would be below 1 bp: it fills seldom then, in moves that "
    "reach it. Without cover_fees it quotes near the touch and pays more in fees than it earns, unless the "
    "account's maker fee is below its half spread.\n"
    "\n"
    "A quote that would lead beyond "
    "inventory_max_value is cut or left out; where short sales are not allowed it offers only what it holds. "
    "Both "
    "quotes are pulled in a wild minute, after a jump, and on a doubtful or old book; order flow that runs "
    "one way "
    "pulls the side that it would run over. It quotes after a minute of prices; until then pause counts "
    "down. An inventory that lost stop_loss_bp is closed by taking.\n"
    "\n"
    "The score says how the quotes lean: the shift of the reservation price over the half spread, below 0 "
    "when it would "
    "rather sell; at the threshold of 1 it would hardly trade on the other side.\n"
    "\n"
    "Sources: M. Avellaneda, S. Stoikov, High-frequency trading in a limit order book (2008); O. Gueant, "
    "C.-A. Lehalle, "
    "J. Fernandez-Tapia, Dealing with the inventory risk (2013); S. Stoikov, The micro-price (2018).\n";

enum parameter {
    ORDER_VALUE,
    INVENTORY_MAX_VALUE,
    GAMMA,
    K,
    HORIZON_S,
    SKEW,
    HALF_SPREAD_MIN_BP,
    COVER_FEES,
    FAIR,
    VOLATILITY_MAX_BP,
    SPIKE_MAX,
    FLOW_MAX,
    STALE_MS,
    CALM_MS,
    STOP_LOSS_BP,
    SHORT,
    PARAMETERS
};

enum { MICROPRICE, MID };
enum { QUIET, QUOTING, LEAVING };

struct quotes { /* price FD_NONE: no such side */
    int64_t bid_e8, bid_qty_e8, ask_e8, ask_qty_e8;
};

struct place {
    char symbol[24];
    uint32_t stage, unused;
    int64_t first_ns, now_ns;
    int64_t quiet_until_ns;
    int64_t leave_after_ns;
    struct kit_average distance_bp; /* of takers' trades from the mid */
    struct quotes wished;           /* QUOTING */
};

struct mm {
    int64_t parameter[PARAMETERS];
    struct place place[FD_INSTRUMENTS_MAX];
};

struct thought { /* about one instrument at one event */
    const struct fd_market *market;
    double shift_bp, half_bp;
    double inventory; /* in orders */
    bool volatile_, spike, stale, ready;
    double spike_times, flow;
};

static double decimal(const struct mm *mm, enum parameter index)
{
    return (double)mm->parameter[index] / 1e8;
}

static struct place *place_here(struct mm *mm, const struct fd_context *context)
{
    struct place *place = &mm->place[context->here];
    const struct fd_instrument *instrument = context->market[context->here].instrument;

    if (!kit_same_symbol(place->symbol, instrument) || context->now_ns < place->now_ns) {
        *place = (struct place){.first_ns = context->now_ns};
        (void)kit_same_symbol(place->symbol, instrument);
    }
    place->now_ns = context->now_ns;
    return place;
}

/* --- where the quotes should be --------------------------------------------------------------------------- */

static double takers_decay(const struct mm *mm, const struct place *place)
{
    double k = decimal(mm, K);

    if (k > 0.0)
        return k;
    if (place->distance_bp.last_ns == 0)
        return 1.0;
    return kit_clamp(place->distance_bp.value > 0.0 ? 1.0 / place->distance_bp.value : K_MAX, K_MIN, K_MAX);
}

static double least_half_bp(const struct mm *mm, const struct fd_instrument *instrument)
{
    double fee_bp = mm->parameter[COVER_FEES] != 0 ? (double)instrument->maker_fee_ppm / 100.0 : 0.0;

    return decimal(mm, HALF_SPREAD_MIN_BP) + (fee_bp > 0.0 ? fee_bp : 0.0);
}

/* Reservation price and half spread. */
static void think_of_prices(const struct mm *mm, const struct place *place, struct thought *thought)
{
    double sigma_bp = thought->market->signals->volatility_1m_bp / sqrt(60.0);
    double gamma = decimal(mm, GAMMA), k = takers_decay(mm, place);
    double risk_bp = gamma * sigma_bp * sigma_bp * (double)mm->parameter[HORIZON_S];
    double least_bp = least_half_bp(mm, thought->market->instrument);
    double most_bp;

    thought->half_bp = risk_bp / 2.0 + fmath_log(1.0 + gamma / k) / gamma;
    if (thought->half_bp < least_bp)
        thought->half_bp = least_bp;
    most_bp = SHIFT_MAX_HALVES * thought->half_bp;
    thought->shift_bp = kit_clamp(-thought->inventory * risk_bp * decimal(mm, SKEW), -most_bp, most_bp);
}

static struct thought think(const struct mm *mm, const struct place *place, const struct fd_market *market)
{
    const struct fd_signals *signals = market->signals;
    struct thought thought = {.market = market};
    double usual_bp = signals->volatility_1m_bp * sqrt(10.0 / 60.0);

    thought.ready = kit_is_tradable(market) && signals->valid != 0 && signals->volatility_1m_bp > 0.0 &&
                    (double)(place->now_ns - place->first_ns) / 1e9 >= WARM_S;
    thought.stale = market->book_age_ns > mm->parameter[STALE_MS] * KIT_MS_NS;
    thought.volatile_ = signals->volatility_1m_bp > decimal(mm, VOLATILITY_MAX_BP);
    if (signals->volatility_1m_bp > 0.0) /* told while it still warms up, too: it has been measured */
        thought.spike_times = kit_clamp(fabs(signals->momentum_10s_bp) / usual_bp, 0.0, 1e6);
    thought.spike = thought.spike_times > decimal(mm, SPIKE_MAX);
    if (!thought.ready)
        return thought;
    thought.inventory = (double)kit_value(kit_touch(market, FD_BUY), market->position.qty_e8) /
                        (double)mm->parameter[ORDER_VALUE];
    thought.flow = kit_clamp(signals->ofi_sigma, -1e6, 1e6); /* not known yet: 0 */
    think_of_prices(mm, place, &thought);
    return thought;
}

/* What may still be bought or sold on that side: up to the limit, and no more than it holds where it may not go short. */
static int64_t room_e8(const struct mm *mm, const struct fd_market *market, uint32_t side, int64_t price_e8)
{
    int64_t held_e8 = market->position.qty_e8 * kit_sign(side);
    int64_t most_e8 = kit_qty_for(market->instrument, mm->parameter[INVENTORY_MAX_VALUE], price_e8);
    bool may_short = mm->parameter[SHORT] != 0 && (market->instrument->flags & FD_SHORT_ALLOWED) != 0;

    if (side == FD_SELL && !may_short)
        most_e8 = 0;
    return most_e8 - held_e8;
}

static int64_t quote_qty_e8(const struct mm *mm, const struct fd_market *market, uint32_t side,
                            int64_t price_e8)
{
    int64_t qty_e8 = kit_qty_for(market->instrument, mm->parameter[ORDER_VALUE], price_e8);
    int64_t left_e8 =
        room_e8(mm, market, side, price_e8) / market->instrument->lot_e8 * market->instrument->lot_e8;

    if (qty_e8 > left_e8)
        qty_e8 = left_e8;
    return qty_e8 > 0 && kit_is_enough(market->instrument, qty_e8, price_e8) ? qty_e8 : 0;
}

static struct quotes quotes_of(const struct mm *mm, const struct thought *thought)
{
    const struct fd_market *market = thought->market;
    const struct fd_instrument *instrument = market->instrument;
    double fair = mm->parameter[FAIR] == MID ? kit_mid(market) : market->signals->microprice;
    double reservation = fair * (1.0 + thought->shift_bp / 1e4), half = fair * thought->half_bp / 1e4;
    struct quotes quotes = {.bid_e8 = kit_tick_down(instrument, reservation - half),
                            .ask_e8 = kit_tick_up(instrument, reservation + half)};

    /* Never a taker: at most one tick inside the other side. */
    if (quotes.bid_e8 >= market->ask.price_e8)
        quotes.bid_e8 = market->ask.price_e8 - instrument->tick_e8;
    if (quotes.ask_e8 <= market->bid.price_e8)
        quotes.ask_e8 = market->bid.price_e8 + instrument->tick_e8;
    if (thought->flow >= -decimal(mm, FLOW_MAX) && quotes.bid_e8 > 0)
        quotes.bid_qty_e8 = quote_qty_e8(mm, market, FD_BUY, quotes.bid_e8);
    if (thought->flow <= decimal(mm, FLOW_MAX))
        quotes.ask_qty_e8 = quote_qty_e8(mm, market, FD_SELL, quotes.ask_e8);
    if (quotes.bid_qty_e8 == 0)
        quotes.bid_e8 = FD_NONE;
    if (quotes.ask_qty_e8 == 0)
        quotes.ask_e8 = FD_NONE;
    return quotes;
}

/* --- what it wants ---------------------------------------------------------------------------------------- */

static void pull(struct place *place, const struct fd_context *context, struct fd_answer *out)
{
    if (place->stage != QUIET)
        kit_nothing(out, context->here);
    place->stage = QUIET;
}

static void quote(struct place *place, const struct fd_context *context, const struct quotes *quotes,
                  struct fd_answer *out)
{
    struct fd_wish *wish;

    if (place->stage == QUOTING && memcmp(quotes, &place->wished, sizeof *quotes) == 0)
        return;
    if (quotes->bid_e8 == FD_NONE && quotes->ask_e8 == FD_NONE) {
        pull(place, context, out);
        return;
    }
    wish = kit_wish(out, FD_WISH_QUOTE, context->here);
    if (wish == NULL)
        return;
    wish->bid_e8 = quotes->bid_e8;
    wish->bid_qty_e8 = quotes->bid_qty_e8;
    wish->ask_e8 = quotes->ask_e8;
    wish->ask_qty_e8 = quotes->ask_qty_e8;
    wish->may_cut = 1;
    place->stage = QUOTING;
    place->wished = *quotes;
}

/* True while an inventory that lost too much is being closed. */
static bool leaves(const struct mm *mm, struct place *place, const struct fd_context *context,
                   struct fd_answer *out)
{
    const struct fd_market *market = &context->market[context->here];
    bool held = !kit_is_dust(market, market->position.qty_e8);
    bool lost = mm->parameter[STOP_LOSS_BP] > 0 && kit_profit_bp_e8(market) <= -mm->parameter[STOP_LOSS_BP];

    if (place->stage == LEAVING && !held) {
        pull(place, context, out);
        place->quiet_until_ns = place->now_ns + mm->parameter[CALM_MS] * KIT_MS_NS;
        return true;
    }
    if (!held || (place->stage != LEAVING && !lost))
        return false;
    if (place->now_ns >= place->leave_after_ns && kit_flat(out, context, context->here) != NULL) {
        if (place->stage != LEAVING)
            kit_say(out, "%s: inventory out at %+.2f bp, stop loss", market->instrument->symbol,
                    (double)kit_profit_bp_e8(market) / 1e8);
        place->stage = LEAVING;
        place->leave_after_ns = place->now_ns + LEAVE_AGAIN_NS;
    }
    return true;
}

static void tell(const struct mm *mm, const struct place *place, const struct thought *thought,
                 const struct quotes *quotes, struct fd_answer *out)
{
    double limit = (double)mm->parameter[INVENTORY_MAX_VALUE] / (double)mm->parameter[ORDER_VALUE];
    double share = kit_clamp(-thought->inventory / limit, -1.0, 1.0);
    double sides = (quotes->bid_e8 != FD_NONE ? 0.5 : 0.0) + (quotes->ask_e8 != FD_NONE ? 0.5 : 0.0);
    double quiet_s = (double)(place->quiet_until_ns - place->now_ns) / 1e9;
    double warm_s = WARM_S - (double)(place->now_ns - place->first_ns) / 1e9; /* it waits for that as well */
    double measured_bp = thought->market->signals->volatility_1m_bp;

    kit_reason(out, thought->half_bp > 0.0 ? thought->shift_bp / thought->half_bp : 0.0, 1.0, sides);
    kit_feature(out, "inventory", share, 1.0, fabs(share) < 1.0);
    kit_feature(out, "half bp", thought->half_bp, 0.0, thought->ready);
    kit_feature(out, "k", takers_decay(mm, place), 0.0, true);
    kit_feature(out, "volatility bp", measured_bp, 0.0, measured_bp > 0.0 && !thought->volatile_);
    kit_feature(out, "spike", thought->spike_times, 0.0, measured_bp > 0.0 && !thought->spike);
    kit_feature(out, "flow", thought->flow, 0.0, fabs(thought->flow) <= decimal(mm, FLOW_MAX));
    kit_feature(out, "book age s", kit_clamp((double)thought->market->book_age_ns / 1e9, 0.0, 1e6), 0.0,
                !thought->stale);
    quiet_s = warm_s > quiet_s ? warm_s : quiet_s;
    kit_feature(out, "pause s", quiet_s > 0.0 ? quiet_s : 0.0, 0.0, quiet_s <= 0.0);
}

/* --- callbacks -------------------------------------------------------------------------------------------- */

static void mm_market(void *self, const struct fd_context *context, struct fd_answer *out)
{
    struct mm *mm = self;
    struct place *place = place_here(mm, context);
    struct thought thought = think(mm, place, &context->market[context->here]);
    struct quotes quotes = {.bid_e8 = FD_NONE, .ask_e8 = FD_NONE};
    bool wild = thought.volatile_ || thought.spike || thought.stale;

    if (wild && thought.ready)
        place->quiet_until_ns = place->now_ns + mm->parameter[CALM_MS] * KIT_MS_NS;
    if (thought.ready && !wild && place->now_ns >= place->quiet_until_ns)
        quotes = quotes_of(mm, &thought);
    tell(mm, place, &thought, &quotes, out);
    if (context->may_trade == 0 || !kit_is_tradable(thought.market))
        place->stage = QUIET; /* the host has forgotten the goal */
    else if (!leaves(mm, place, context, out))
        quote(place, context, &quotes, out);
}

/* Inventory moved: the quotes move with it, before more can fill at the old ones. */
static void mm_fill(void *self, const struct fd_context *context, const struct fd_fill *fill,
                    struct fd_answer *out)
{
    (void)fill;
    mm_market(self, context, out);
}

static void mm_trade(void *self, const struct fd_context *context, const struct fd_trade *trade,
                     struct fd_answer *out)
{
    struct place *place = place_here(self, context);
    const struct fd_market *market = &context->market[context->here];

    (void)out;
    if (kit_is_tradable(market))
        kit_average_add(&place->distance_bp,
                        fabs((double)trade->price_e8 / 1e8 / kit_mid(market) - 1.0) * 1e4, context->now_ns,
                        K_WINDOW_S);
}

static void mm_order(void *self, const struct fd_context *context, const struct fd_order *order,
                     struct fd_answer *out)
{
    struct mm *mm = self;
    struct place *place = place_here(mm, context);

    if (order->state != FD_ORDER_DENIED && (order->state != FD_ORDER_REJECTED || order->post_only != 0))
        return; /* a post-only order that would take is everyday business */
    if (place->stage == QUOTING) {
        pull(place, context, out);
        place->quiet_until_ns = place->now_ns + mm->parameter[CALM_MS] * KIT_MS_NS;
    }
}

static void mm_pause(void *self, const struct fd_context *context, uint32_t paused, struct fd_answer *out)
{
    struct mm *mm = self;

    (void)paused;
    (void)out;
    for (uint32_t i = 0; i < context->count; i++) {
        mm->place[i].stage = QUIET;
        mm->place[i].quiet_until_ns = mm->place[i].leave_after_ns = 0;
    }
}

static bool is_possible(const int64_t *value)
{
    return value[ORDER_VALUE] <= value[INVENTORY_MAX_VALUE];
}

static void *mm_create(const int64_t *parameter, uint32_t parameters)
{
    struct mm *mm = parameters == PARAMETERS && is_possible(parameter) ? kit_new(sizeof *mm) : NULL;

    if (mm != NULL)
        memcpy(mm->parameter, parameter, sizeof mm->parameter);
    return mm;
}

static uint32_t mm_parameter(void *self, uint32_t index, int64_t value)
{
    return kit_set_parameter(((struct mm *)self)->parameter, index, value, is_possible);
}

static size_t mm_save(void *self, void *state, size_t max)
{
    return kit_save(STATE_TAG, ((struct mm *)self)->place, sizeof((struct mm *)self)->place, state, max);
}

/* The quotes of another run are gone: only what was learnt and an exit under way go on. */
static uint32_t mm_restore(void *self, const void *state, size_t size)
{
    struct mm *mm = self;

    if (kit_restore(STATE_TAG, mm->place, sizeof mm->place, state, size) == 0)
        return 0;
    for (size_t i = 0; i < FD_INSTRUMENTS_MAX; i++)
        if (mm->place[i].stage != LEAVING)
            mm->place[i].stage = QUIET;
    return 1;
}

static const struct fd_strategy table = {
    .abi = FD_ABI,
    .size = sizeof table,
    .create = mm_create,
    .destroy = kit_free,
    .market = mm_market,
    .trade = mm_trade,
    .fill = mm_fill,
    .order = mm_order,
    .pause = mm_pause,
    .parameter = mm_parameter,
    .save = mm_save,
    .restore = mm_restore,
};

const struct builtin_strategy builtin_mm = {
    .name = "mm", .table = &table, .manifest_text = manifest, .page = page};

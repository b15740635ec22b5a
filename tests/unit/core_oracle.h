/*
 * core_oracle.h - a witness between the engine and the paper venue. It sees every message that leaves and every record
 * that is told, counts all of it by its own means, and fails where an invariant of the fault model does not hold.
 */
#ifndef UNIT_CORE_ORACLE_H
#define UNIT_CORE_ORACLE_H

#include "unit/cmocka_all.h"
#include "unit/core_market.h"

#include "exec/gateway_send.h"

#include <stdlib.h>
#include <string.h>

#define ORACLE_ORDERS   (1 << 16)
#define ORACLE_MESSAGES (1 << 17)

struct oracle_order {
    struct order_intent intent;      /* as it stands at the venue */
    int64_t asked_ticks, asked_lots; /* of a replace on its way; 0: none */
    int64_t filled_lots;
    bool open, ended;
};

struct oracle {
    struct gateway paper;
    struct pipeline *pipeline;
    struct core_markets *markets;
    bool at_once; /* the venue answers by the call itself */
    bool (*closed)(int64_t now_ns);
    uint64_t orders; /* seqs are 1..orders */
    struct oracle_order *order;
    size_t opens; /* seqs of those that are open */
    uint64_t open_seq[ORDERS_OPEN_MAX + 1];
    size_t messages;
    int64_t *message_ns;
    int64_t lots[CORE_MARKETS];
    int64_t cash_e8[CORE_MARKETS]; /* flows of fills, fees taken off */
    uint64_t last_trade_id, fills, sent, replaced, cancelled, flattened;
    unsigned kill_flattens[CORE_MARKETS][OWNERS_MAX]; /* since the kill */
    uint64_t types[ORDER_TYPES], brackets, groups;
    uint64_t placed, moved; /* by the execution engine */
};

static inline const char *oracle_where(const struct oracle *oracle)
{
    static char text[160];

    snprintf(text, sizeof(text), "at %lld, state %s, order %llu", (long long)oracle->pipeline->now_ns,
             trading_state_word(oracle->pipeline->risk.state), (unsigned long long)oracle->orders);
    return text;
}

#define holds(oracle, condition)                                                                             \
    do {                                                                                                     \
        if (!(condition))                                                                                    \
            fail_msg("%s:%d: %s does not hold %s", __FILE__, __LINE__, #condition, oracle_where(oracle));    \
    } while (0)

/* --- what is open, by what was sent ------------------------------------------------------------------------------ */

static inline int64_t oracle_left(const struct oracle_order *order)
{
    int64_t most = order->asked_lots > order->intent.qty_lots ? order->asked_lots : order->intent.qty_lots;

    return order->open ? most - order->filled_lots : 0;
}

/* The least that it may cost or bring: the engine must count at least that. */
static inline int64_t oracle_price(const struct oracle_order *order)
{
    return order->intent.price_ticks > 0 ? order->intent.price_ticks : order->intent.stop_ticks;
}

struct oracle_sums {
    int64_t lots, exits; /* of one side of one instrument; exits: those that may only reduce */
    int64_t value_e8, adding_e8, orders, all_orders, gross_e8;
};

static inline struct oracle_sums oracle_sum(const struct oracle *oracle, uint16_t id, enum side side,
                                            uint64_t but)
{
    struct oracle_sums sums = {0};
    uint16_t account = oracle->pipeline->market_account[id];

    for (size_t i = 0; i < oracle->opens; i++) {
        uint64_t seq = oracle->open_seq[i];
        const struct oracle_order *order = &oracle->order[seq];
        const struct order_intent *intent = &order->intent;
        int64_t left = oracle_left(order), value;

        if (left <= 0 || seq == but)
            continue;
        value = instrument_value_e8(oracle->pipeline->market[intent->instrument_id]->instrument,
                                    oracle_price(order), left);
        sums.all_orders++;
        if (!intent->reduce_only && !intent->flatten &&
            oracle->pipeline->market_account[intent->instrument_id] == account)
            sums.gross_e8 += value;
        if (intent->instrument_id != id)
            continue;
        sums.orders++;
        sums.value_e8 += value;
        if (intent->side != side)
            continue;
        sums.lots += left;
        sums.exits += intent->reduce_only ? left : 0;
    }
    for (uint16_t i = 0; i < CORE_MARKETS; i++) {
        const struct market_state *market = oracle->pipeline->market[i];

        if (oracle->pipeline->market_account[i] == account)
            sums.gross_e8 += llabs(position_value_e8(&market->total, market->instrument,
                                                     market_state_mark(market, market->total.lots)));
    }
    return sums;
}

/* What the others of its group would sell: with it, one of them at most does. */
static inline int64_t oracle_siblings(const struct oracle *oracle, const struct order_intent *intent,
                                      uint64_t but)
{
    int64_t lots = 0;

    for (size_t i = 0; i < oracle->opens; i++) {
        const struct oracle_order *order = &oracle->order[oracle->open_seq[i]];

        if (oracle->open_seq[i] != but && intent->group != 0 && order->intent.group == intent->group &&
            order->intent.owner == intent->owner && order->intent.side == intent->side &&
            order->intent.instrument_id == intent->instrument_id)
            lots += oracle_left(order);
    }
    return lots;
}

/* Of each other group's sales one goes through: all but the largest of them. */
static inline int64_t oracle_shared(const struct oracle *oracle, const struct order_intent *intent,
                                    uint64_t but)
{
    int64_t lots = 0;

    if (intent->group == 0 && !intent->reduce_only)
        return 0;
    for (size_t i = 0; i < oracle->opens; i++) {
        const struct oracle_order *order = &oracle->order[oracle->open_seq[i]];
        bool larger_one = false;

        if (oracle->open_seq[i] == but || order->intent.group == 0 || order->intent.group == intent->group ||
            order->intent.side != intent->side || order->intent.instrument_id != intent->instrument_id)
            continue;
        for (size_t n = 0; n < oracle->opens; n++) {
            const struct oracle_order *other = &oracle->order[oracle->open_seq[n]];

            larger_one |= n != i && oracle->open_seq[n] != but &&
                          other->intent.group == order->intent.group && other->intent.side == intent->side &&
                          other->intent.instrument_id == intent->instrument_id &&
                          (oracle_left(other) > oracle_left(order) ||
                           (oracle_left(other) == oracle_left(order) && n < i));
        }
        lots += larger_one ? oracle_left(order) : 0;
    }
    return lots;
}

/* --- at each message -------------------------------------------------------------------------------------------- */

/* I14: messages of the last second and minute, this one counted. */
static inline void oracle_rate(struct oracle *oracle, const struct order_intent *intent)
{
    const struct risk_limits *limits = &oracle->pipeline->config.limits;
    int64_t now_ns = oracle->pipeline->now_ns, in_1s = 1, in_60s = 1;
    int64_t reserve_s = intent->flatten ? limits->msg_per_s / 2 : 0;
    int64_t reserve_min = intent->flatten ? limits->msg_per_min / 2 : 0;

    for (size_t i = oracle->messages; i-- > 0 && oracle->message_ns[i] > now_ns - 60 * CORE_SECOND;) {
        in_60s++;
        in_1s += oracle->message_ns[i] > now_ns - CORE_SECOND;
    }
    holds(oracle, in_1s <= limits->msg_per_s + reserve_s);
    holds(oracle, in_60s <= limits->msg_per_min + reserve_min);
}

static inline void oracle_message(struct oracle *oracle)
{
    assert_true(oracle->messages < ORACLE_MESSAGES);
    oracle->message_ns[oracle->messages++] = oracle->pipeline->now_ns;
}

/* I7: priced on a book that is LIVE, not crossed, whole and young. */
static inline void oracle_book(struct oracle *oracle, const struct market_state *market,
                               const struct order_intent *intent)
{
    const struct core_market *known = &oracle->markets->market[market->instrument->id];
    int64_t most_ms = market->stale_ms < 10000 ? market->stale_ms : 10000;
    struct level bid, ask;

    if (intent->flatten && intent->type == ORDER_LIMIT)
        return; /* at a price that the operator typed */
    if (most_ms < oracle->pipeline->config.limits.stale_ms)
        most_ms = oracle->pipeline->config.limits.stale_ms;
    holds(oracle, book_sync_state(market->sync) == BOOK_LIVE);
    holds(oracle,
          order_book_best(market->book, SIDE_BID, &bid) && order_book_best(market->book, SIDE_ASK, &ask));
    holds(oracle, bid.price_ticks < ask.price_ticks);
    holds(oracle, oracle->pipeline->now_ns - known->book_ns <= most_ms * CORE_MS);
    holds(oracle, market->instrument->trading);
}

/* I15, I28 and the states: who may send at all. */
static inline void oracle_state(struct oracle *oracle, const struct order_intent *intent)
{
    const struct pipeline *pipeline = oracle->pipeline;
    const struct owner *owner = &pipeline->owner[intent->owner];
    bool killed = pipeline->risk.kill || pipeline->risk.state == STATE_KILLED ||
                  (pipeline->config.external_kill != NULL && atomic_load(pipeline->config.external_kill));

    holds(oracle, pipeline->risk.mode != MODE_OBSERVATION);
    holds(oracle, pipeline->risk.state != STATE_HALTED);
    if (killed) { /* one flatten of each share; kill.flatten tries a few times */
        unsigned *count = &oracle->kill_flattens[intent->instrument_id][intent->owner];

        holds(oracle, intent->flatten);
        holds(oracle, ++*count <= (pipeline->config.kill_flattens ? 6U : 1U));
    }
    if (intent->flatten)
        return;
    holds(oracle, oracle->closed == NULL || !oracle->closed(pipeline->now_ns)); /* I28 */
    if (intent->owner == OWNER_MANUAL)
        return;
    holds(oracle, pipeline->risk.state != STATE_PAUSED);
    holds(oracle, owner->on && !owner->disabled);
    /* what protects an open position is no new wish of a strategy that sleeps */
    holds(oracle, !owner->paused);
}

/* I13: whatever fills, nothing is beyond its limit; what may only reduce does. But: the order that is replaced. */
static inline void oracle_exposure(struct oracle *oracle, const struct market_state *market,
                                   const struct order_intent *intent, int64_t lots, uint64_t but)
{
    const struct risk_limits *limits = &oracle->pipeline->config.limits;
    const struct instrument *instrument = market->instrument;
    struct oracle_sums sums = oracle_sum(oracle, instrument->id, intent->side, but);
    struct market_ref ref = market_state_ref(market, oracle->pipeline->now_ns);
    int64_t toward = side_sign(intent->side) * market->total.lots, worst = toward + sums.lots + lots;
    struct oracle_order as = {.intent = *intent};
    int64_t value = instrument_value_e8(instrument, oracle_price(&as), lots);
    bool reduces = toward + sums.lots + lots <= 0,
         rests = intent->type != ORDER_MARKET && intent->tif != TIF_IOC && intent->tif != TIF_FOK;

    holds(oracle, lots > 0);
    if (instrument->venue == VENUE_BINANCE_SPOT) {
        sums.exits = intent->side == SIDE_ASK && oracle->pipeline->config.paper.account
                         ? oracle_siblings(oracle, intent, but) + oracle_shared(oracle, intent, but)
                         : 0;
        reduces = toward + sums.lots - sums.exits + lots <= 0;
        holds(oracle, intent->side == SIDE_BID || reduces);
    }
    if (intent->reduce_only || intent->flatten || risk_state_only_reduces(&oracle->pipeline->risk)) /* I29 */
        holds(oracle, toward + sums.lots - sums.exits + lots <= 0);
    if (intent->flatten || intent->reduce_only)
        return;
    holds(oracle, value <= limits->max_value_e8);
    if (worst > 0)
        holds(oracle, instrument_value_e8(instrument, market_ref_mid2_ticks(&ref), worst) / 2 <=
                          limits->max_position_value_e8);
    if (rests || !reduces) {
        holds(oracle, sums.orders + 1 <= limits->max_open_orders);
        holds(oracle, sums.all_orders + 1 <= limits->max_open_orders_total);
        holds(oracle, sums.value_e8 + value <= limits->max_open_value_e8);
    }
    if (toward + sums.lots >= 0)
        holds(oracle, sums.gross_e8 + value <= limits->max_gross_value_e8);
}

static inline void oracle_submit(void *self, const struct order *order, int64_t now_ns,
                                 struct gateway_answers *out)
{
    struct oracle *oracle = self;
    const struct order_intent *intent = &order->intent;
    const struct market_state *market = oracle->pipeline->market[intent->instrument_id];

    holds(oracle, order->state == ORDER_STATE_SENT && order->filled_lots == 0);
    holds(oracle, order->seq > oracle->orders); /* I1: each leaves once */
    assert_true(order->seq < ORACLE_ORDERS);
    holds(oracle, oracle->pipeline->approvals.sent <= oracle->pipeline->approvals.granted);
    oracle_state(oracle, intent);
    oracle_book(oracle, market, intent);
    oracle_exposure(oracle, market, intent, intent->qty_lots, 0);
    oracle_rate(oracle, intent);
    oracle_message(oracle);
    oracle->orders = order->seq;
    oracle->order[order->seq] = (struct oracle_order){.intent = *intent, .open = true};
    holds(oracle, oracle->opens < ORDERS_OPEN_MAX); /* I23 */
    oracle->open_seq[oracle->opens++] = order->seq;
    oracle->sent++;
    oracle->placed += execution_placed(intent);
    oracle->types[intent->type]++;
    oracle->brackets += intent->bracket_take_ticks > 0 || intent->bracket_stop_ticks > 0;
    oracle->groups += intent->group != 0;
    oracle->flattened += intent->flatten;
    oracle->paper.ops->submit(oracle->paper.self, order, now_ns, out);
}

static inline struct oracle_order *oracle_own(struct oracle *oracle, const struct order *order)
{
    holds(oracle,
          order->seq > 0 && order->seq <= oracle->orders && oracle->order[order->seq].intent.qty_lots > 0);
    return &oracle->order[order->seq];
}

static inline void oracle_cancel(void *self, const struct order *order, int64_t now_ns,
                                 struct gateway_answers *out)
{
    struct oracle *oracle = self;

    (void)oracle_own(oracle, order); /* I21 */
    holds(oracle, order->state == ORDER_STATE_PENDING_CANCEL);
    oracle_message(oracle);
    oracle->cancelled++;
    oracle->paper.ops->cancel(oracle->paper.self, order, now_ns, out);
}

static inline void oracle_replace(void *self, const struct order *order, int64_t now_ns,
                                  struct gateway_answers *out)
{
    struct oracle *oracle = self;
    struct oracle_order *known = oracle_own(oracle, order);
    const struct market_state *market = oracle->pipeline->market[order->intent.instrument_id];
    struct order_intent intent = order->intent;

    holds(oracle, order->state == ORDER_STATE_PENDING_REPLACE);
    holds(oracle, order->replace_qty_lots > order->filled_lots);
    order_intent_move(&intent, order->replace_price_ticks);
    oracle_state(oracle, &intent);
    oracle_book(oracle, market, &intent);
    if (intent.reduce_only && order->replace_qty_lots <= order->intent.qty_lots &&
        order->replace_price_ticks == order_terms_ticks(&order->intent)) /* smaller where it stands */
        holds(oracle,
              side_sign(intent.side) * market->total.lots + order->replace_qty_lots - order->filled_lots <=
                  0);
    else
        oracle_exposure(oracle, market, &intent, order->replace_qty_lots - order->filled_lots, order->seq);
    oracle_rate(oracle, &intent);
    oracle_message(oracle);
    known->asked_lots = order->replace_qty_lots;
    known->asked_ticks = order->replace_price_ticks;
    oracle->replaced++;
    oracle->moved += execution_placed(&intent);
    oracle->paper.ops->replace(oracle->paper.self, order, now_ns, out);
}

static inline void oracle_query(void *self, const struct order *order, int64_t now_ns,
                                struct gateway_answers *out)
{
    struct oracle *oracle = self;

    (void)oracle_own(oracle, order);
    oracle->paper.ops->query(oracle->paper.self, order, now_ns, out);
}

static inline void oracle_advance(void *self, int64_t now_ns, struct gateway_answers *out)
{
    struct oracle *oracle = self;

    oracle->paper.ops->advance(oracle->paper.self, now_ns, out);
}

static inline int64_t oracle_next_due_ns(const void *self)
{
    const struct oracle *oracle = self;

    return oracle->paper.ops->next_due_ns(oracle->paper.self);
}

static inline bool oracle_venue_position(const void *self, uint16_t instrument_id, int64_t *lots)
{
    const struct oracle *oracle = self;

    return oracle->paper.ops->position(oracle->paper.self, instrument_id, lots);
}

static const struct gateway_ops oracle_ops = {.name = "oracle",
                                              .submit = oracle_submit,
                                              .cancel = oracle_cancel,
                                              .replace = oracle_replace,
                                              .query = oracle_query,
                                              .advance = oracle_advance,
                                              .next_due_ns = oracle_next_due_ns,
                                              .position = oracle_venue_position};

/* --- at each record ---------------------------------------------------------------------------------------------- */

static inline void oracle_on_fill(struct oracle *oracle, const struct fill *fill)
{
    struct oracle_order *order = &oracle->order[fill->order_seq];
    const struct order_intent *intent = &order->intent;
    const struct market_state *market = oracle->pipeline->market[fill->instrument_id];
    int64_t before = oracle->lots[fill->instrument_id];
    int64_t limit = order->asked_ticks > 0 ? 0 : intent->price_ticks;

    holds(oracle, fill->trade_id > oracle->last_trade_id); /* I12: each once */
    oracle->last_trade_id = fill->trade_id;
    holds(oracle, fill->qty_lots > 0 && fill->qty_lots <= oracle_left(order)); /* I12: never beyond */
    holds(oracle, fill->owner == intent->owner && fill->side == intent->side &&
                      fill->instrument_id == intent->instrument_id);
    if (oracle->at_once) /* else it is old news */
        holds(oracle, book_sync_state(market->sync) == BOOK_LIVE);
    if (limit > 0 && !order_type_is_market(intent->type)) /* never worse than asked for */
        holds(oracle, fill->side == SIDE_BID ? fill->price_ticks <= limit : fill->price_ticks >= limit);
    holds(oracle,
          fill->value_e8 == instrument_value_e8(market->instrument, fill->price_ticks, fill->qty_lots));
    order->filled_lots += fill->qty_lots;
    oracle->lots[fill->instrument_id] += side_sign(fill->side) * fill->qty_lots;
    oracle->cash_e8[fill->instrument_id] += -side_sign(fill->side) * fill->value_e8 - fill->fee_e8;
    oracle->fills++;
    if (risk_state_only_reduces(&oracle->pipeline->risk) && oracle->at_once) /* I29 */
        holds(oracle, llabs(oracle->lots[fill->instrument_id]) <= llabs(before));
}

static inline bool oracle_is_end(enum order_state state)
{
    return state == ORDER_STATE_FILLED || state == ORDER_STATE_CANCELLED || state == ORDER_STATE_EXPIRED ||
           state == ORDER_STATE_REJECTED;
}

static inline void oracle_close(struct oracle *oracle, uint64_t seq)
{
    size_t i = 0;

    while (oracle->open_seq[i] != seq)
        i++;
    oracle->opens--;
    memmove(&oracle->open_seq[i], &oracle->open_seq[i + 1], (oracle->opens - i) * sizeof(seq));
}

static inline void oracle_on_order(struct oracle *oracle, const struct order *order)
{
    struct oracle_order *known;

    if (order->seq > oracle->orders)
        return; /* told before it leaves; or never, after a kill */
    known = &oracle->order[order->seq];
    holds(oracle, order->filled_lots == known->filled_lots); /* I12 */
    holds(oracle, order->filled_lots <= order->intent.qty_lots || order->replace_qty_lots > 0);
    holds(oracle, !known->ended || oracle_is_end(order->state)); /* I22: an end is one */
    known->intent.price_ticks = order->intent.price_ticks;
    known->intent.stop_ticks = order->intent.stop_ticks;
    known->intent.qty_lots = order->intent.qty_lots;
    known->asked_lots = order->replace_qty_lots;
    known->asked_ticks = order->replace_price_ticks;
    known->ended = oracle_is_end(order->state);
    if (known->open && known->ended)
        oracle_close(oracle, order->seq);
    known->open = !known->ended;
    if (order->state == ORDER_STATE_FILLED)
        holds(oracle, order->filled_lots == order->intent.qty_lots);
}

static inline bool oracle_record(void *arg, const struct store_record *record)
{
    struct oracle *oracle = arg;

    if (record->kind == STORE_FILL)
        oracle_on_fill(oracle, &record->fill.fill);
    else if (record->kind == STORE_ORDER)
        oracle_on_order(oracle, &record->order.order);
    else if (record->kind == STORE_AUDIT && strcmp(record->audit.event, "paper.base") == 0) {
        const struct position *given = &oracle->pipeline->market[record->audit.instrument_id]->total;

        holds(oracle, given->bought_lots == given->lots && given->fills == 0); /* to one who had none */
        oracle->lots[record->audit.instrument_id] = given->lots;
        oracle->cash_e8[record->audit.instrument_id] = given->cash_e8;
    }
    return true;
}

/* Before the engine hears of it. */
static inline void oracle_rescale(struct oracle *oracle, uint16_t id, struct step_change change)
{
    oracle->lots[id] *= change.qty_factor;
    for (uint64_t seq = 1; seq <= oracle->orders; seq++) {
        struct oracle_order *order = &oracle->order[seq];

        if (order->intent.instrument_id != id)
            continue;
        order->intent.price_ticks *= change.price_factor;
        order->intent.stop_ticks *= change.price_factor;
        order->intent.qty_lots *= change.qty_factor;
        order->asked_ticks *= change.price_factor;
        order->asked_lots *= change.qty_factor;
        order->filled_lots *= change.qty_factor;
    }
}

/* --- after each event --------------------------------------------------------------------------------------------- */

/* Nothing that the venue has done is still on its way to us. */
static inline bool oracle_told(const struct oracle *oracle)
{
    return oracle->paper.ops->next_due_ns(oracle->paper.self) == INT64_MAX;
}

/* I9, I10 and the shares, of one instrument. */
static inline void oracle_position(struct oracle *oracle, uint16_t id)
{
    const struct market_state *market = oracle->pipeline->market[id];
    const struct position *total = &market->total;
    const struct paper_holding *venue = paper_broker_holding(oracle->pipeline->broker, id);
    int64_t lots = 0, cash = 0, fees = 0;
    int64_t marks[3] = {market_state_mark(market, total->lots), 1, market->mark_ticks[SIDE_ASK] * 3};

    for (int owner = 0; owner < OWNERS_MAX; owner++) {
        lots += market->owned[owner].lots;
        cash += market->owned[owner].cash_e8;
        fees += market->owned[owner].fees_e8;
    }
    holds(oracle, total->lots == oracle->lots[id]);
    if (oracle_told(oracle))
        holds(oracle, venue->position.lots == total->lots);
    holds(oracle, lots == total->lots);
    holds(oracle, cash == total->cash_e8);
    holds(oracle, fees == total->fees_e8);
    holds(oracle, total->cash_e8 - total->fees_e8 == oracle->cash_e8[id] + total->funding_e8);
    for (int i = 0; i < 3; i++)
        holds(oracle, total->cash_e8 + position_value_e8(total, market->instrument, marks[i]) ==
                          total->realised_e8 + position_unrealised_e8(total, market->instrument, marks[i]));
    if (market->instrument->venue == VENUE_BINANCE_SPOT)
        holds(oracle, total->lots >= 0);
}

/* I8, I11: each asset at the venue, and that the engine's accounts say the same. */
static inline void oracle_money(struct oracle *oracle)
{
    struct pipeline *pipeline = oracle->pipeline;
    struct paper_account *venue = (struct paper_account *)(uintptr_t)paper_broker_account(pipeline->broker);

    for (size_t i = 0; i < venue->count; i++) {
        const struct paper_asset *asset = &venue->asset[i];

        holds(oracle, asset->free_e8 >= 0 && asset->locked_e8 >= 0);
        holds(oracle, asset->free_e8 + asset->locked_e8 == asset->transfers_e8 + asset->fills_e8 +
                                                               asset->fees_e8 + asset->funding_e8 +
                                                               asset->insurance_e8);
    }
    for (size_t a = 0; a < pipeline->accounts; a++) {
        const struct account *account = &pipeline->account[a];
        const struct paper_asset *asset = paper_account_asset(venue, account->quote);
        int64_t cash = account->start_e8, at_venue = account->start_e8 + asset->insurance_e8, funding = 0;

        for (uint16_t i = 0; i < CORE_MARKETS; i++) {
            const struct market_state *market = pipeline->market[i];
            const struct position *total = &market->total;

            if (pipeline->market_account[i] != a)
                continue;
            cash += oracle->cash_e8[i] + total->funding_e8;
            funding += total->funding_e8;
            at_venue +=
                (market->instrument->venue == VENUE_BINANCE_SPOT ? total->cash_e8 : total->realised_e8) -
                total->fees_e8;
            if (pipeline->config.paper.account && oracle_told(oracle) &&
                market->instrument->venue == VENUE_BINANCE_SPOT) {
                const struct paper_asset *base = paper_account_asset(venue, market->instrument->base);

                holds(oracle, base->free_e8 + base->locked_e8 ==
                                  instrument_qty_e8(market->instrument, oracle->lots[i]));
            }
        }
        holds(oracle, account->cash_e8 == cash);
        if (!pipeline->config.paper.account || !oracle_told(oracle))
            continue;
        holds(oracle, asset->funding_e8 == funding);
        holds(oracle, asset->free_e8 + asset->locked_e8 == at_venue);
    }
}

/* I12, I22, I23: the engine's list of open orders is ours. */
static inline void oracle_orders(struct oracle *oracle)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count =
        order_manager_open(oracle->pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);

    holds(oracle, count == order_manager_open_count(oracle->pipeline->orders));
    for (size_t i = 0; i < count; i++) {
        const struct oracle_order *known = &oracle->order[open[i]->seq];

        holds(oracle, open[i]->seq <= oracle->orders && known->open);
        holds(oracle, open[i]->filled_lots == known->filled_lots);
        holds(oracle, order_is_open(open[i]));
        if (oracle->at_once) /* nothing hangs between request and answer */
            holds(oracle, open[i]->state == ORDER_STATE_WORKING);
    }
    holds(oracle, oracle->opens == count);
}

/* What getting there cost is of what left, not of what was wished for. */
static inline void oracle_cost(struct oracle *oracle)
{
    uint64_t orders = 0, replaces = 0;

    for (uint16_t owner = 0; owner < oracle->pipeline->owners; owner++)
        for (uint16_t i = 0; i < CORE_MARKETS; i++) {
            orders += execution_cost(oracle->pipeline->execution, owner, i)->orders;
            replaces += execution_cost(oracle->pipeline->execution, owner, i)->replaces;
        }
    /* one that a kill stopped right before the send was an order, too */
    holds(oracle,
          orders >= oracle->placed && orders <= oracle->placed + oracle->pipeline->approvals.withdrawn);
    holds(oracle, replaces == oracle->moved);
}

static inline void oracle_check(struct oracle *oracle)
{
    struct pipeline *pipeline = oracle->pipeline;

    for (uint16_t i = 0; i < CORE_MARKETS; i++)
        oracle_position(oracle, i);
    oracle_money(oracle);
    oracle_orders(oracle);
    oracle_cost(oracle);
    holds(oracle, risk_approvals_agree(&pipeline->approvals)); /* I1 */
    holds(oracle, pipeline->approvals.sent == oracle->sent + oracle->replaced &&
                      pipeline->counts.sent == oracle->sent);
    holds(oracle, pipeline->approvals.granted == pipeline->approvals.sent + pipeline->approvals.withdrawn);
    holds(oracle, pipeline->counts.fills == oracle->fills);
    holds(oracle, pipeline->feedbacks == 0 || pipeline->settling);
    if (pipeline->counts.errors != 0)
        fail_msg("%llu errors of our own: %s; %s", (unsigned long long)pipeline->counts.errors,
                 pipeline->note[(pipeline->note_seq - 1) % PIPELINE_NOTES_MAX].text, oracle_where(oracle));
}

static inline void oracle_open(struct oracle *oracle, struct pipeline *pipeline, struct core_markets *markets)
{
    oracle->pipeline = pipeline;
    oracle->markets = markets;
    oracle->paper = pipeline->gateway;
    pipeline->gateway = (struct gateway){&oracle_ops, oracle};
}

#endif

/* trading_life.h - a journal over many sessions: orders, fills, stories, positions, as a seed draws them. */
#ifndef UNIT_TRADING_LIFE_H
#define UNIT_TRADING_LIFE_H

#include "unit/account_fixture.h"

struct life { /* of one journal over many sessions */
    const struct folder *folder;
    struct store_journal *journal;
    struct recovered left;
    uint64_t random, order_seq, trade_id;
    uint64_t open[8]; /* orders that no session has ended yet */
    int64_t now_ns;
};

static inline struct store_record record_of(struct life *life, enum store_record_kind kind)
{
    struct store_record record = {
        .kind = kind, .ts_ns = life->now_ns += 1000, .input_seq = (uint64_t)(life->now_ns - NOON_NS) / 1000};

    strcpy(record.symbol, "BTCUSDT");
    strcpy(record.owner, "ofi");
    return record;
}

static inline void push_instrument(struct life *life, uint16_t id)
{
    struct store_record record = record_of(life, STORE_INSTRUMENT);

    instrument_init(&record.instrument, id == 1 ? "BTCUSDT" : "ETHUSDT", VENUE_BINANCE_SPOT, id);
    record.instrument.tick_e8 = 1000000;
    record.instrument.lot_e8 = 1000;
    push_record(life->journal, &record);
}

static inline void push_order(struct life *life, uint64_t seq, enum order_state state)
{
    struct store_record record = record_of(life, STORE_ORDER);

    record.order.order.seq = seq;
    record.order.order.state = state;
    record.order.order.intent.owner = 1;
    record.order.order.intent.instrument_id = 1;
    record.order.order.intent.side = seq % 2 == 0 ? SIDE_ASK : SIDE_BID;
    record.order.order.updated_ns = record.ts_ns;
    record.order.price_e8 = INT64_C(6184218000000) + (int64_t)seq;
    record.order.qty_e8 = 150000;
    record.order.filled_e8 = state == ORDER_STATE_FILLED ? 150000 : 0;
    push_record(life->journal, &record);
}

static inline void push_fill(struct life *life, uint64_t order_seq)
{
    struct store_record record = record_of(life, STORE_FILL);

    record.fill.fill = (struct fill){.trade_id = ++life->trade_id,
                                     .order_seq = order_seq,
                                     .instrument_id = 1,
                                     .owner = 1,
                                     .ts_ns = record.ts_ns,
                                     .value_e8 = 92763,
                                     .fee_e8 = -17};
    record.fill.price_e8 = INT64_C(6184218000000);
    record.fill.qty_e8 = 150000;
    push_record(life->journal, &record);
}

static inline void push_story(struct life *life, uint64_t order_seq)
{
    struct store_record record = record_of(life, STORE_STORY);

    record.story.order_seq = order_seq;
    snprintf(record.story.text, sizeof(record.story.text), "order \x1b %" PRIu64, order_seq);
    push_record(life->journal, &record);
}

static inline void push_others(struct life *life)
{
    struct store_record audit = record_of(life, STORE_AUDIT), equity = record_of(life, STORE_EQUITY),
                        position = record_of(life, STORE_POSITION), limit = record_of(life, STORE_LIMIT);

    strcpy(audit.audit.event, "denied");
    audit.audit.instrument_id = random_next(&life->random) % 2 == 0 ? UINT16_MAX : 1;
    push_record(life->journal, &audit);
    equity.equity.equity_e8 = (int64_t)(random_next(&life->random) % 1000000);
    push_record(life->journal, &equity);
    position.position.position.lots = (int64_t)(random_next(&life->random) % 9) - 4;
    position.position.scale = (struct store_scale){1000000, 1000};
    push_record(life->journal, &position);
    strcpy(limit.limit.option, "risk.max_value");
    push_record(life->journal, &limit);
}

/* One step: an order begins, or one ends that may be of an earlier session. */
static inline void step(struct life *life)
{
    uint64_t *order = &life->open[random_next(&life->random) % 8];
    bool fills = random_next(&life->random) % 2 == 0;

    if (*order == 0) {
        push_order(life, *order = ++life->order_seq, ORDER_STATE_SENT);
        push_order(life, *order, ORDER_STATE_WORKING);
    } else {
        if (fills)
            push_fill(life, *order);
        push_order(life, *order, fills ? ORDER_STATE_FILLED : ORDER_STATE_CANCELLED);
        push_story(life, *order);
        *order = 0;
    }
    if (random_next(&life->random) % 4 == 0)
        push_others(life);
    commit(life->journal);
    if (random_next(&life->random) % 8 == 0)
        drain(life->journal);
}

static inline void begin(struct life *life)
{
    life->now_ns += SECOND;
    life->journal = open_journal_at(life->folder, life->now_ns, &life->left);
    begin_session(life->journal, &life->left, life->now_ns);
    for (uint16_t id = 0; id < 2; id++)
        push_instrument(life, id);
    commit(life->journal);
    drain(life->journal);
}

static inline void end(struct life *life, bool in_order)
{
    if (in_order)
        end_session(life->journal, &life->left, life->now_ns);
    store_journal_close(life->journal, in_order);
    recovered_free(&life->left);
    life->journal = NULL;
}

static inline struct life new_life(void **state, uint64_t seed)
{
    return (struct life){.folder = *state, .random = seed, .now_ns = NOON_NS};
}

#endif

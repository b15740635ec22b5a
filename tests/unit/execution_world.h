/*
 * execution_world.h - the execution engine before a tiny perfect venue: real book, honest answers, each answer as
 * late as wanted. It checks every action of the engine by itself before it lets it through.
 *
 * The venue acts at once when a request arrives; only its answer is late. Position and orders that the engine sees
 * are those of the answers.
 */
#ifndef UNIT_EXECUTION_WORLD_H
#define UNIT_EXECUTION_WORLD_H

#include "cmocka_all.h"
#include "core/domain/instrument.h"
#include "core/market/order_book.h"
#include "exec/execution.h"
#include "test_random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS_NS            INT64_C(1000000)
#define SECOND_NS        INT64_C(1000000000)
#define WORLD_ORDERS_MAX 4096
#define WORLD_OPEN_MAX   64
#define WORLD_QUEUE_MAX  256
#define WORLD_OWNER      3

enum world_request { WORLD_SUBMIT, WORLD_CANCEL, WORLD_REPLACE };

struct world_order { /* as the venue knows it */
    bool rests;
    int64_t price_ticks, left_lots, ahead_lots;
};

struct world_request_entry {
    enum world_request kind;
    int64_t due_ns;
    size_t at;
    int64_t price_ticks, qty_lots;
};

struct world_answer {
    int64_t due_ns;
    struct order_event event;
};

struct world {
    struct instrument instrument;
    struct order_book *book;
    struct execution *execution;
    struct execution_actions actions; /* of the last step */
    struct goal goal;
    int64_t now_ns;
    enum book_state book_state;
    int64_t position_lots;      /* as answered */
    int64_t true_position_lots; /* as filled at the venue */
    size_t order_count;
    struct order order[WORLD_ORDERS_MAX]; /* seq = index + 1 */
    struct world_order venue[WORLD_ORDERS_MAX];
    size_t requests, answers;
    struct world_request_entry request[WORLD_QUEUE_MAX];
    struct world_answer answer[WORLD_QUEUE_MAX];
    int64_t way_ns;     /* of a request, and of an answer */
    int refuse_percent; /* of intents and replaces, by the gate */
    uint64_t seed, trade_id;
    uint64_t intents, cancels, replaces, refused, fills;
    int64_t highest_lots, lowest_lots; /* true position may be between these */
    uint64_t hash;
    bool show_own;
};

static inline void world_hash(struct world *world, int64_t value)
{
    world->hash = (world->hash ^ (uint64_t)value) * UINT64_C(0x100000001b3);
}

static inline void world_init(struct world *world, const struct execution_params *params)
{
    memset(world, 0, sizeof *world);
    instrument_init(&world->instrument, "BTCUSDT", VENUE_BINANCE_USDM, 2);
    world->instrument.tick_e8 = 10000000;
    world->instrument.lot_e8 = 100000;
    world->instrument.trading = true;
    world->book = order_book_new();
    world->execution = execution_new(params);
    world->book_state = BOOK_LIVE;
    world->now_ns = INT64_C(1700000000000000000);
    assert_non_null(world->book);
    assert_non_null(world->execution);
}

static inline void world_free(struct world *world)
{
    order_book_free(world->book);
    execution_free(world->execution);
}

static inline void world_level(struct world *world, enum side side, int64_t price_ticks, int64_t lots)
{
    assert_int_equal(order_book_set(world->book, side, price_ticks, lots), ERR_OK);
}

static inline struct market_ref world_ref(const struct world *world)
{
    struct market_ref ref = {.now_ns = world->now_ns, .book_state = world->book_state};
    struct level best;

    for (int side = 0; side < SIDE_COUNT; side++)
        if (order_book_best(world->book, (enum side)side, &best)) {
            ref.best_ticks[side] = best.price_ticks;
            ref.best_lots[side] = best.qty_lots;
        }
    ref.crossed = order_book_crossed(world->book);
    return ref;
}

/* any: a size that was ever asked for counts whatever became of it, as the engine may once the order is cancelled. */
static inline int64_t world_may_fill_as(const struct world *world, enum side side, bool any)
{
    int64_t lots = 0;

    for (size_t i = 0; i < world->order_count; i++) {
        const struct order *order = &world->order[i];
        int64_t qty = order->intent.qty_lots;

        if (!order_is_open(order) || order->intent.side != side)
            continue;
        if ((any || (order->state != ORDER_STATE_SENT && order->state != ORDER_STATE_WORKING)) &&
            order->replace_qty_lots > qty) /* on its way, be it behind a cancel */
            qty = order->replace_qty_lots;
        lots += qty - order->filled_lots;
    }
    return lots;
}

static inline int64_t world_may_fill(const struct world *world, enum side side)
{
    return world_may_fill_as(world, side, false);
}

/* Sets a goal; what may still fill of the goal before is no overshoot of this one. */
static inline enum err world_set(struct world *world, struct goal goal)
{
    struct market_ref ref = world_ref(world);
    enum err err;

    goal.instrument_id = world->instrument.id;
    goal.owner = WORLD_OWNER;
    err = execution_set(world->execution, &goal, &ref);
    if (err != ERR_OK)
        return err;
    world->goal = goal;
    world->highest_lots = world->position_lots + world_may_fill_as(world, SIDE_BID, true);
    world->lowest_lots = world->position_lots - world_may_fill_as(world, SIDE_ASK, true);
    if (goal.kind == GOAL_TARGET && goal.target_lots > world->highest_lots)
        world->highest_lots = goal.target_lots;
    if (goal.kind == GOAL_TARGET && goal.target_lots < world->lowest_lots)
        world->lowest_lots = goal.target_lots;
    return ERR_OK;
}

/* --- the venue ------------------------------------------------------------------------------------------------ */

static inline void world_answer(struct world *world, struct order_event event)
{
    event.ts_ns = world->now_ns;
    assert_true(world->answers < WORLD_QUEUE_MAX);
    world->answer[world->answers++] =
        (struct world_answer){.due_ns = world->now_ns + world->way_ns, .event = event};
}

static inline void world_fill(struct world *world, size_t at, int64_t price_ticks, int64_t lots, bool maker)
{
    const struct order *order = &world->order[at];
    int64_t value = instrument_value_e8(&world->instrument, price_ticks, lots);
    struct market_ref ref = world_ref(world);

    world->venue[at].left_lots -= lots;
    world->true_position_lots += side_sign(order->intent.side) * lots;
    if (world->venue[at].left_lots == 0)
        world->venue[at].rests = false;
    world_answer(world, (struct order_event){.kind = ORDER_EVENT_FILL,
                                             .order_seq = order->seq,
                                             .fill = {.trade_id = ++world->trade_id,
                                                      .order_seq = order->seq,
                                                      .instrument_id = world->instrument.id,
                                                      .owner = order->intent.owner,
                                                      .side = order->intent.side,
                                                      .maker = maker,
                                                      .ts_ns = world->now_ns,
                                                      .price_ticks = price_ticks,
                                                      .qty_lots = lots,
                                                      .value_e8 = value,
                                                      .fee_e8 = value / (maker ? 5000 : 2000),
                                                      .arrival_mid2_ticks = market_ref_mid2_ticks(&ref)}});
}

static inline bool world_takes(const struct world *world, enum side side, int64_t price_ticks)
{
    struct level best;

    return order_book_best(world->book, side_other(side), &best) &&
           side_sign(side) * (price_ticks - best.price_ticks) >= 0;
}

static inline void world_take(struct world *world, size_t at)
{
    const struct order_intent *intent = &world->order[at].intent;
    enum side other = side_other(intent->side);
    struct level best;
    bool filled = false;

    while (world->venue[at].left_lots > 0 && order_book_best(world->book, other, &best) &&
           side_sign(intent->side) * (intent->price_ticks - best.price_ticks) >= 0) {
        int64_t lots =
            best.qty_lots < world->venue[at].left_lots ? best.qty_lots : world->venue[at].left_lots;

        world_level(world, other, best.price_ticks, best.qty_lots - lots);
        world_fill(world, at, best.price_ticks, lots, false);
        filled = true;
    }
    (void)filled;
    if (world->venue[at].left_lots > 0)
        world_answer(world, (struct order_event){.kind = ORDER_EVENT_EXPIRED,
                                                 .order_seq = world->order[at].seq,
                                                 .error = ORDER_ERROR_NOT_FILLED});
}

static inline void world_submit(struct world *world, size_t at)
{
    const struct order_intent *intent = &world->order[at].intent;
    struct world_order *mine = &world->venue[at];

    mine->left_lots = intent->qty_lots;
    mine->price_ticks = intent->price_ticks;
    if (intent->type == ORDER_MARKET) {
        world_take(world, at);
        return;
    }
    if (world_takes(world, intent->side, intent->price_ticks)) {
        world_answer(world, (struct order_event){.kind = ORDER_EVENT_REJECTED,
                                                 .order_seq = at + 1,
                                                 .error = ORDER_ERROR_WOULD_TAKE});
        return;
    }
    mine->rests = true;
    mine->ahead_lots = order_book_qty(world->book, intent->side, intent->price_ticks);
    world_answer(world, (struct order_event){.kind = ORDER_EVENT_ACK, .order_seq = at + 1});
}

static inline void world_do(struct world *world, const struct world_request_entry *request)
{
    const struct order_intent *intent = &world->order[request->at].intent;
    struct world_order *mine = &world->venue[request->at];
    int64_t filled = world->order[request->at].filled_lots;
    struct order_event event = {
        .order_seq = request->at + 1, .price_ticks = request->price_ticks, .qty_lots = request->qty_lots};

    if (request->kind == WORLD_SUBMIT) {
        world_submit(world, request->at);
        return;
    }
    for (size_t i = 0; i < world->answers; i++) /* fills that it has not heard of */
        if (world->answer[i].event.order_seq == event.order_seq &&
            world->answer[i].event.kind == ORDER_EVENT_FILL)
            filled += world->answer[i].event.fill.qty_lots;
    if (request->kind == WORLD_CANCEL) {
        event.kind = mine->rests ? ORDER_EVENT_CANCELLED : ORDER_EVENT_CANCEL_REJECTED;
        mine->rests = false;
    } else if (!mine->rests || request->qty_lots <= filled ||
               world_takes(world, intent->side, request->price_ticks)) {
        event.kind = ORDER_EVENT_REPLACE_REJECTED;
    } else {
        event.kind = ORDER_EVENT_REPLACED;
        if (request->price_ticks != mine->price_ticks || request->qty_lots - filled > mine->left_lots)
            mine->ahead_lots = order_book_qty(world->book, intent->side, request->price_ticks);
        mine->price_ticks = request->price_ticks;
        mine->left_lots = request->qty_lots - filled;
    }
    world_answer(world, event);
}

/* Somebody sells (side BID) or buys `lots` down to price_ticks: ours fill after the queue ahead of them. */
static inline void world_trade(struct world *world, enum side side, int64_t price_ticks, int64_t lots)
{
    for (size_t i = 0; i < world->order_count && lots > 0; i++) {
        struct world_order *mine = &world->venue[i];
        int64_t part;

        if (!mine->rests || world->order[i].intent.side != side ||
            side_sign(side) * (mine->price_ticks - price_ticks) < 0)
            continue;
        if (mine->price_ticks == price_ticks) {
            part = mine->ahead_lots < lots ? mine->ahead_lots : lots;
            mine->ahead_lots -= part;
            lots -= part;
        }
        part = mine->left_lots < lots ? mine->left_lots : lots;
        if (part > 0)
            world_fill(world, i, mine->price_ticks, part, true);
        lots -= part;
    }
}

/* --- time ----------------------------------------------------------------------------------------------------- */

static inline void world_deliver(struct world *world, const struct order_event *event)
{
    struct order *order = &world->order[event->order_seq - 1];

    assert_int_equal(order_apply(order, event), ERR_OK);
    world_hash(world, event->kind);
    world_hash(world, (int64_t)event->order_seq);
    order->queue_expected_lots = world->venue[order->seq - 1].ahead_lots;
    if (event->kind == ORDER_EVENT_FILL) {
        world->position_lots += side_sign(event->fill.side) * event->fill.qty_lots;
        world->fills++;
        execution_on_fill(world->execution, order, &event->fill);
    }
    if (event->kind == ORDER_EVENT_REJECTED || event->kind == ORDER_EVENT_REPLACE_REJECTED)
        execution_on_refused(world->execution, WORLD_OWNER, world->instrument.id, world->now_ns);
}

/* Requests reach the venue, answers come back. */
static inline void world_pump(struct world *world)
{
    for (bool again = true; again;) {
        again = false;
        if (world->requests > 0 && world->request[0].due_ns <= world->now_ns) {
            struct world_request_entry request = world->request[0];

            memmove(world->request, world->request + 1, --world->requests * sizeof request);
            world_do(world, &request);
            again = true;
        }
        if (world->answers > 0 && world->answer[0].due_ns <= world->now_ns) {
            struct order_event event = world->answer[0].event;

            memmove(world->answer, world->answer + 1, --world->answers * sizeof world->answer[0]);
            world_deliver(world, &event);
            again = true;
        }
    }
}

static inline void world_request(struct world *world, enum world_request kind, size_t at, int64_t price_ticks,
                                 int64_t qty_lots)
{
    assert_true(world->requests < WORLD_QUEUE_MAX);
    world->request[world->requests++] = (struct world_request_entry){.kind = kind,
                                                                     .due_ns = world->now_ns + world->way_ns,
                                                                     .at = at,
                                                                     .price_ticks = price_ticks,
                                                                     .qty_lots = qty_lots};
}

/* What must hold of a price that the engine asks for. */
static inline void world_check_price(const struct world *world, enum side side, int64_t price_ticks,
                                     bool rests)
{
    int64_t worst = world->goal.kind == GOAL_TARGET ? world->goal.worst_ticks : 0;

    assert_true(price_ticks > 0);
    if (worst != 0)
        assert_true(side_sign(side) * (price_ticks - worst) <= 0);
    if (rests)
        assert_false(world_takes(world, side, price_ticks));
    for (size_t i = 0; i < world->order_count; i++) {
        const struct order *order = &world->order[i];

        if (!order_is_open(order) || order->intent.side == side || order->intent.type != ORDER_LIMIT)
            continue;
        assert_true(side_sign(side) * (price_ticks - order->intent.price_ticks) < 0);
        if (order->state == ORDER_STATE_PENDING_REPLACE)
            assert_true(side_sign(side) * (price_ticks - order->replace_price_ticks) < 0);
    }
}

static inline bool world_refuses(struct world *world)
{
    if (world->refuse_percent == 0 || random_between(&world->seed, 1, 100) > world->refuse_percent)
        return false;
    world->refused++;
    execution_on_refused(world->execution, WORLD_OWNER, world->instrument.id, world->now_ns);
    return true;
}

static inline void world_send(struct world *world, const struct order_intent *intent)
{
    struct market_ref ref = world_ref(world);

    assert_int_equal(intent->owner, WORLD_OWNER);
    assert_int_equal(intent->instrument_id, world->instrument.id);
    assert_true(intent->qty_lots > 0);
    assert_true(intent->qty_lots >= world->instrument.qty_lots_min);
    assert_true(world->instrument.qty_lots_max == 0 || intent->qty_lots <= world->instrument.qty_lots_max);
    assert_true(execution_placed(intent));
    assert_int_equal(intent->post_only, intent->type == ORDER_LIMIT);
    world_check_price(world, intent->side, intent->price_ticks, intent->type == ORDER_LIMIT);
    if (world_refuses(world))
        return;
    assert_true(world->order_count < WORLD_ORDERS_MAX);
    world->order[world->order_count] = (struct order){.seq = world->order_count + 1,
                                                      .intent = *intent,
                                                      .state = ORDER_STATE_SENT,
                                                      .sent_ns = world->now_ns,
                                                      .updated_ns = world->now_ns,
                                                      .arrival_mid2_ticks = market_ref_mid2_ticks(&ref),
                                                      .queue_expected_lots = -1,
                                                      .queue_worst_lots = -1};
    world_request(world, WORLD_SUBMIT, world->order_count++, 0, 0);
}

static inline void world_apply(struct world *world)
{
    const struct execution_actions *actions = &world->actions;

    assert_true(actions->intents + actions->cancels + actions->replaces <= EXECUTION_ACTIONS_MAX);
    world->intents += actions->intents;
    world->cancels += actions->cancels;
    world->replaces += actions->replaces;
    for (size_t i = 0; i < actions->cancels; i++) {
        uint64_t seq = actions->cancel_seq[i];

        world_hash(world, (int64_t)seq);
        assert_in_range(seq, 1, world->order_count);
        assert_int_equal(order_cancel_sent(&world->order[seq - 1], world->now_ns), ERR_OK);
        world_request(world, WORLD_CANCEL, seq - 1, 0, 0);
    }
    for (size_t i = 0; i < actions->replaces; i++) {
        struct order *order = &world->order[actions->replace[i].seq - 1];
        int64_t price = actions->replace[i].price_ticks, qty = actions->replace[i].qty_lots;

        world_hash(world, price);
        world_hash(world, qty);
        assert_true(qty > order->filled_lots);
        assert_true(price != order->intent.price_ticks || qty != order->intent.qty_lots);
        if (price != order->intent.price_ticks)
            world_check_price(world, order->intent.side, price, true);
        if (world_refuses(world))
            continue;
        assert_int_equal(order_replace_sent(order, price, qty, world->now_ns), ERR_OK);
        world_request(world, WORLD_REPLACE, order->seq - 1, price, qty);
    }
    for (size_t i = 0; i < actions->intents; i++) {
        world_hash(world, actions->intent[i].price_ticks);
        world_hash(world, actions->intent[i].qty_lots);
        world_send(world, &actions->intent[i]);
    }
    if (actions->intents + actions->replaces > 0 && world->goal.kind == GOAL_TARGET) {
        int64_t most = world->position_lots + world_may_fill(world, SIDE_BID);
        int64_t least = world->position_lots - world_may_fill(world, SIDE_ASK);

        assert_true(most <= world->highest_lots);
        assert_true(least >= world->lowest_lots);
    }
}

/* One event: what is due happens, then the engine runs on what it can see. */
static inline void world_step(struct world *world, int64_t later_ns)
{
    const struct order *open[WORLD_OPEN_MAX];
    struct execution_view view = {.instrument = &world->instrument,
                                  .book = world->book,
                                  .orders = open,
                                  .book_shows_own = world->show_own};

    world->now_ns += later_ns;
    world_pump(world);
    view.ref = world_ref(world);
    view.position_lots = world->position_lots;
    for (size_t i = 0; i < world->order_count; i++)
        if (order_is_open(&world->order[i])) {
            assert_true(view.order_count < WORLD_OPEN_MAX);
            world->order[i].queue_expected_lots = world->venue[i].ahead_lots;
            open[view.order_count++] = &world->order[i];
        }
    execution_run(world->execution, WORLD_OWNER, &view, &world->actions);
    world_apply(world);
    if (world->way_ns == 0)
        world_pump(world);
    assert_true(world->true_position_lots <= world->highest_lots || world->goal.kind != GOAL_TARGET);
    assert_true(world->true_position_lots >= world->lowest_lots || world->goal.kind != GOAL_TARGET);
}

/* Steps of step_ns until duration_ns is over. */
static inline void world_pass(struct world *world, int64_t duration_ns, int64_t step_ns)
{
    for (int64_t passed = 0; passed < duration_ns; passed += step_ns)
        world_step(world, step_ns);
}

static inline size_t world_open(const struct world *world, enum side side, const struct order **last)
{
    size_t count = 0;

    for (size_t i = 0; i < world->order_count; i++)
        if (order_is_open(&world->order[i]) && world->order[i].intent.side == side) {
            count++;
            if (last != NULL)
                *last = &world->order[i];
        }
    return count;
}

/* 1000 bid, 1001 ask, some levels behind each, ten ticks apart. */
static inline void world_plain_book(struct world *world)
{
    for (int i = 0; i < 5; i++) {
        world_level(world, SIDE_BID, 1000 - 10 * i, 50);
        world_level(world, SIDE_ASK, 1001 + 10 * i, 50);
    }
}

#endif

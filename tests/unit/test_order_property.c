/*
 * test_order_property.c - orders, ledger and groups against a venue whose every message may come late, twice, in any
 * order or not at all.
 *
 * The venue keeps the truth. Requests and answers lie in pools and are taken out at random; what was lost is found
 * by queries once an answer is overdue. Invariant numbers are those of the fault model. A history ends with the
 * faults off: then both sides must agree on every order, every fill and the position. FLOWDECK_SOAK=1: a million.
 */
#include "cmocka_all.h"
#include "core/domain/position.h"
#include "exec/order_group.h"
#include "exec/order_manager.h"
#include "test_random.h"

#include <stdlib.h>
#include <string.h>

#define HISTORIES      50000
#define HISTORIES_SOAK 1200000
#define ORDERS_MAX     64 /* of one history, children included */
#define POOL_MAX       512
#define TRADES_MAX     256
#define TIMEOUT_NS     40
#define INSTRUMENTS    2

enum request_kind { SUBMIT, CANCEL, REPLACE, QUERY };

struct request {
    enum request_kind kind;
    uint64_t seq;
    int64_t price_ticks, qty_lots;
};

struct message {
    struct order_event ev;
    bool found; /* the reply to a query, one whole: terms, the first trades, then ev */
    int64_t price_ticks, qty_lots;
    size_t trades;
};

struct truth { /* an order as the venue knows it */
    bool sent, arrived, refused, lost, ended;
    enum order_event_kind end;
    int64_t price_ticks, total, filled;
    struct order_intent intent;
    int requests; /* on their way */
};

struct world {
    uint64_t random;
    int64_t now_ns;
    struct order_manager *orders;
    struct order_groups *groups;
    struct group_actions actions;
    struct instrument instrument[INSTRUMENTS];
    uint64_t first_seq, trade_id;
    size_t count; /* orders of this history */
    struct truth truth[ORDERS_MAX];
    struct request request[POOL_MAX];
    size_t requests;
    struct message message[POOL_MAX];
    size_t messages;
    struct order_event trade[TRADES_MAX]; /* every fill that ever was */
    size_t trades;
    struct position position[INSTRUMENTS];
    int64_t faults; /* per mille of loss and repetition */
    bool race_told, trouble_told;
    uint64_t applied, duplicates, unknowns, late, races, children, fitted, overfills;
};

static int64_t pick(struct world *world, int64_t min, int64_t max)
{
    return random_between(&world->random, min, max);
}

static bool chance(struct world *world, int64_t per_mille)
{
    return pick(world, 0, 999) < per_mille;
}

static struct truth *truth_of(struct world *world, uint64_t seq)
{
    assert_in_range(seq, world->first_seq, world->first_seq + world->count - 1);
    return &world->truth[seq - world->first_seq];
}

static bool lives(const struct truth *truth)
{
    return truth->arrived && !truth->ended;
}

/* --- the venue ----------------------------------------------------------------------------------------------- */

static void post(struct world *world, const struct message *message)
{
    if (chance(world, world->faults))
        return; /* lost */
    assert_true(world->messages < POOL_MAX);
    world->message[world->messages++] = *message;
}

static void say(struct world *world, struct order_event ev)
{
    struct message message = {.ev = ev};

    post(world, &message);
}

/* Everything has a time of its own. */
static struct order_event word(struct world *world, enum order_event_kind kind, uint64_t seq)
{
    return (struct order_event){.kind = kind, .order_seq = seq, .ts_ns = ++world->now_ns};
}

static void say_word(struct world *world, enum order_event_kind kind, uint64_t seq, enum order_error error)
{
    struct order_event ev = word(world, kind, seq);

    ev.error = error;
    say(world, ev);
}

static void say_terms(struct world *world, uint64_t seq)
{
    struct order_event ev = word(world, ORDER_EVENT_REPLACED, seq);

    ev.price_ticks = truth_of(world, seq)->price_ticks;
    ev.qty_lots = truth_of(world, seq)->total;
    say(world, ev);
}

static void venue_submit(struct world *world, uint64_t seq)
{
    struct truth *truth = truth_of(world, seq);

    if (chance(world, 60)) {
        truth->refused = true;
        say_word(world, ORDER_EVENT_REJECTED, seq, ORDER_ERROR_FUNDS);
        return;
    }
    truth->arrived = true;
    say_word(world, ORDER_EVENT_ACK, seq, ORDER_ERROR_NONE);
}

static void venue_end(struct world *world, uint64_t seq, enum order_event_kind kind)
{
    truth_of(world, seq)->ended = true;
    truth_of(world, seq)->end = kind;
    say_word(world, kind, seq, kind == ORDER_EVENT_EXPIRED ? ORDER_ERROR_TIME : ORDER_ERROR_NONE);
}

static void venue_cancel(struct world *world, uint64_t seq)
{
    if (!lives(truth_of(world, seq)))
        say_word(world, ORDER_EVENT_CANCEL_REJECTED, seq, ORDER_ERROR_NOT_FOUND);
    else if (world->faults > 0 && chance(world, 100))
        say_word(world, ORDER_EVENT_CANCEL_REJECTED, seq, ORDER_ERROR_RATE_LIMIT);
    else
        venue_end(world, seq, ORDER_EVENT_CANCELLED);
}

static void venue_replace(struct world *world, const struct request *request)
{
    struct truth *truth = truth_of(world, request->seq);

    if (!lives(truth)) {
        say_word(world, ORDER_EVENT_REPLACE_REJECTED, request->seq, ORDER_ERROR_NOT_FOUND);
    } else if (request->qty_lots <= truth->filled || (world->faults > 0 && chance(world, 100))) {
        say_word(world, ORDER_EVENT_REPLACE_REJECTED, request->seq, ORDER_ERROR_OTHER);
    } else {
        truth->total = request->qty_lots;
        if (truth->intent.type != ORDER_TRAILING_STOP) /* stands where the market took it */
            truth->price_ticks = request->price_ticks;
        say_terms(world, request->seq);
    }
}

/* "No such order" also of what is still on its way: the order is not to believe it before it can be true. */
static void venue_query(struct world *world, uint64_t seq)
{
    const struct truth *truth = truth_of(world, seq);
    struct message reply = {.ev = word(world, lives(truth) ? ORDER_EVENT_ACK : truth->end, seq),
                            .found = true,
                            .price_ticks = truth->price_ticks,
                            .qty_lots = truth->total,
                            .trades = world->trades};

    if (truth->requests > 0 && truth->arrived)
        return;
    if (truth->arrived)
        post(world, &reply);
    else
        say_word(world, ORDER_EVENT_REJECTED, seq,
                 truth->refused ? ORDER_ERROR_FUNDS : ORDER_ERROR_NOT_FOUND);
}

static void venue_fill(struct world *world, uint64_t seq)
{
    struct truth *truth = truth_of(world, seq);
    struct order_event ev = word(world, ORDER_EVENT_FILL, seq);
    int64_t lots = pick(world, 1, truth->total - truth->filled);

    if (world->trades == TRADES_MAX)
        return;
    if (order_type_is_triggered(truth->intent.type))
        say_word(world, ORDER_EVENT_TRIGGERED, seq, ORDER_ERROR_NONE);
    truth->filled += lots;
    ev.fill = (struct fill){.trade_id = ++world->trade_id,
                            .order_seq = seq,
                            .instrument_id = truth->intent.instrument_id,
                            .side = truth->intent.side,
                            .price_ticks = truth->price_ticks,
                            .qty_lots = lots,
                            .fee_e8 = lots};
    ev.fill.value_e8 =
        instrument_value_e8(&world->instrument[ev.fill.instrument_id], truth->price_ticks, lots);
    world->trade[world->trades++] = ev;
    if (truth->filled == truth->total) {
        truth->ended = true;
        truth->end = ORDER_EVENT_FILL;
    }
    say(world, ev);
}

static void venue_takes(struct world *world, size_t at)
{
    struct request request = world->request[at];

    world->request[at] = world->request[--world->requests];
    truth_of(world, request.seq)->requests -= request.kind != QUERY;
    if (request.kind == SUBMIT)
        venue_submit(world, request.seq);
    else if (request.kind == CANCEL)
        venue_cancel(world, request.seq);
    else if (request.kind == REPLACE)
        venue_replace(world, &request);
    else
        venue_query(world, request.seq);
}

/* --- our side ------------------------------------------------------------------------------------------------ */

static void see(struct world *world, uint64_t seq)
{
    const struct order *order = order_manager_find(world->orders, seq);

    if (order != NULL)
        assert_int_equal(order_groups_see(world->groups, order), ERR_OK);
}

static void request(struct world *world, enum request_kind kind, uint64_t seq, int64_t price, int64_t lots)
{
    struct request made = {.kind = kind, .seq = seq, .price_ticks = price, .qty_lots = lots};

    see(world, seq);
    if (chance(world, world->faults))
        return; /* lost on its way */
    assert_true(world->requests < POOL_MAX);
    world->request[world->requests++] = made;
    truth_of(world, seq)->requests += kind != QUERY;
}

static void submit(struct world *world, const struct order_intent *intent)
{
    struct order *order;
    struct truth *truth;

    if (world->count == ORDERS_MAX)
        return; /* denied */
    order = order_manager_add(world->orders, intent, world->now_ns, 0);
    assert_non_null(order);
    assert_int_equal(order->seq, world->first_seq + world->count); /* I3 */
    truth = &world->truth[world->count++];
    *truth = (struct truth){.sent = true,
                            .price_ticks = intent->type == ORDER_TRAILING_STOP ? intent->stop_ticks
                                                                               : order_terms_ticks(intent),
                            .total = intent->qty_lots,
                            .intent = *intent};
    request(world, SUBMIT, order->seq, 0, 0);
}

static void amend(struct world *world, uint64_t seq, int64_t price, int64_t lots)
{
    if (order_manager_replace_sent(world->orders, seq, price, lots, ++world->now_ns) == ERR_OK)
        request(world, REPLACE, seq, price, lots);
}

static void cancel(struct world *world, uint64_t seq)
{
    if (order_manager_cancel_sent(world->orders, seq, ++world->now_ns) == ERR_OK)
        request(world, CANCEL, seq, 0, 0);
}

static void run_groups(struct world *world)
{
    order_groups_run(world->groups, world->now_ns, &world->actions);
    for (size_t i = 0; i < world->actions.count; i++) {
        const struct group_action *action = &world->actions.action[i];

        switch (action->kind) {
        case GROUP_SEND:
            world->children++;
            submit(world, &action->intent);
            break;
        case GROUP_REPLACE:
            amend(world, action->seq, action->price_ticks, action->qty_lots);
            break;
        case GROUP_CANCEL:
            cancel(world, action->seq);
            break;
        case GROUP_TELL:
            if (strstr(action->text, "filled") != NULL)
                world->race_told = true;
            world->trouble_told = true;
            break;
        }
    }
}

/* I22, written down apart from the machine: the states that one answer may lead to. */
static bool may_follow(enum order_state from, enum order_state to)
{
    static const char letters[] = "swcrFCERU";
    static const char *const next[ORDER_STATES] = {"swFCER", "wFCER", "cwsrFCERU", "rwFCERU", "F",
                                                   "CF",     "EF",    "R",         "UwFCER"};

    return strchr(next[from], letters[to]) != NULL;
}

static void check_order(struct world *world, const struct order *before, const struct order *after)
{
    const struct truth *truth = truth_of(world, after->seq);

    assert_true(may_follow(before->state, after->state));
    assert_true(after->filled_lots >= before->filled_lots); /* I12 */
    assert_true(after->filled_lots <= truth->filled);       /* nothing is made up */
    assert_true(!lives(truth) || order_is_open(after));     /* I5: what lives is never given up */
    if (lives(truth) && truth->requests == 0)               /* I13: and counts with all it may fill */
        assert_true(order_open_lots(after) >= truth->total - truth->filled);
}

static void book(struct world *world, const struct order_event *ev)
{
    struct fill fill = ev->fill;

    assert_int_equal(
        position_apply(&world->position[fill.instrument_id], &world->instrument[fill.instrument_id], &fill),
        ERR_OK);
}

/* I12: a fill beyond all that the order could fill is refused whole, whatever state it is in. */
static void overfill(struct world *world, uint64_t seq)
{
    const struct order *open = order_manager_find(world->orders, seq);
    struct order_event ev = word(world, ORDER_EVENT_FILL, seq);
    struct order before, after;
    int64_t most;

    if (open == NULL)
        return;
    before = *open;
    most =
        before.intent.qty_lots > before.replace_qty_lots ? before.intent.qty_lots : before.replace_qty_lots;
    ev.fill = (struct fill){.trade_id = UINT64_MAX - ++world->overfills, /* another one each time */
                            .order_seq = seq,
                            .instrument_id = before.intent.instrument_id,
                            .side = before.intent.side,
                            .price_ticks = 100,
                            .qty_lots = most - before.filled_lots + pick(world, 1, 3)};
    assert_int_equal(order_manager_apply(world->orders, &ev, &after), ERR_BAD_DATA);
    assert_memory_equal(&before, &after, sizeof before);
}

/* I13: the sums that the gate goes by hold each open order with the most that it may fill, unknown ones too. */
static void check_sums(struct world *world)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    int64_t lots[INSTRUMENTS][SIDE_COUNT] = {{0}}, orders[INSTRUMENTS] = {0};

    for (size_t i = 0; i < count; i++) {
        const struct order_intent *intent = &open[i]->intent;
        int64_t most = intent->qty_lots;

        if (open[i]->replace_qty_lots > most)
            most = open[i]->replace_qty_lots;
        lots[intent->instrument_id][intent->side] += most - open[i]->filled_lots;
        orders[intent->instrument_id]++;
    }
    for (int i = 0; i < INSTRUMENTS; i++) {
        struct order_exposure sums;

        order_manager_exposure(world->orders, &world->instrument[i], ORDERS_ANY, 0, &sums);
        assert_int_equal(sums.orders, orders[i]);
        assert_int_equal(sums.open_lots[SIDE_BID], lots[i][SIDE_BID]);
        assert_int_equal(sums.open_lots[SIDE_ASK], lots[i][SIDE_ASK]);
    }
}

static void deliver(struct world *world, const struct order_event *ev)
{
    const struct order *open = order_manager_find(world->orders, ev->order_seq);
    struct order before = open != NULL ? *open : (struct order){.seq = 0}, after;
    enum err err = order_manager_apply(world->orders, ev, &after);

    world->duplicates += err == ERR_DUPLICATE;
    world->late += err == ERR_OK && open == NULL && ev->kind == ORDER_EVENT_FILL;
    if (err != ERR_DUPLICATE)
        assert_int_equal(err, ERR_OK); /* I22: everything that a venue can say is legal */
    world->applied++;
    if (open != NULL)
        check_order(world, &before, &after);
    if (err == ERR_OK && ev->kind == ORDER_EVENT_FILL)
        book(world, ev);
    assert_int_equal(order_groups_see(world->groups, &after), ERR_OK);
    run_groups(world);
}

static void deliver_found(struct world *world, const struct message *reply)
{
    struct order_event terms = reply->ev;

    terms.kind = ORDER_EVENT_REPLACED;
    terms.price_ticks = reply->price_ticks;
    terms.qty_lots = reply->qty_lots;
    deliver(world, &terms);
    for (size_t i = 0; i < reply->trades; i++)
        if (world->trade[i].order_seq == reply->ev.order_seq)
            deliver(world, &world->trade[i]);
    if (reply->ev.kind != ORDER_EVENT_FILL)
        deliver(world, &reply->ev);
}

static void hear(struct world *world, size_t at)
{
    struct message message = world->message[at];

    if (!chance(world, world->faults)) /* else it comes once more */
        world->message[at] = world->message[--world->messages];
    if (message.found)
        deliver_found(world, &message);
    else
        deliver(world, &message.ev);
}

static void ask_overdue(struct world *world)
{
    struct order *overdue[8];
    size_t count = order_manager_overdue(world->orders, world->now_ns, TIMEOUT_NS, overdue, 8);

    world->unknowns += count;
    for (size_t i = 0; i < count; i++)
        request(world, QUERY, overdue[i]->seq, 0, 0);
}

/* --- wishes -------------------------------------------------------------------------------------------------- */

static struct order_intent random_intent(struct world *world)
{
    struct order_intent intent = {.instrument_id = (uint16_t)pick(world, 0, INSTRUMENTS - 1),
                                  .owner = (uint16_t)pick(world, 0, 2),
                                  .side = (enum side)pick(world, 0, 1),
                                  .type = (enum order_type)pick(world, 0, ORDER_TYPES - 1),
                                  .reduce_only = chance(world, 200),
                                  .price_ticks = pick(world, 50, 150),
                                  .qty_lots = pick(world, 1, 12)};

    if (order_type_is_triggered(intent.type))
        intent.stop_ticks = pick(world, 50, 150);
    return intent;
}

static void wish(struct world *world)
{
    struct order_intent intent = random_intent(world);
    int64_t kind = pick(world, 0, 9);

    if (kind < 2) { /* OCO pair, seldom three */
        intent.group = world->first_seq + world->count;
        for (int64_t legs = chance(world, 200) ? 3 : 2; legs > 0; legs--) {
            submit(world, &intent);
            intent.side = side_other(intent.side);
        }
        return;
    }
    if (kind < 4) {
        intent.bracket_take_ticks = pick(world, 50, 150);
        intent.bracket_stop_ticks = chance(world, 700) ? pick(world, 50, 150) : 0;
    }
    submit(world, &intent);
}

static uint64_t any_seq(struct world *world)
{
    return world->first_seq + (uint64_t)pick(world, 0, (int64_t)world->count - 1);
}

static void meddle(struct world *world)
{
    const struct order *order = order_manager_find(world->orders, any_seq(world));

    if (order == NULL)
        return;
    if (chance(world, 400))
        cancel(world, order->seq);
    else if (order->intent.group == 0)
        amend(world, order->seq, pick(world, 50, 150), pick(world, order->filled_lots + 1, 16));
    else if (chance(world, 50))
        order_manager_answer_lost(world->orders, order->seq, world->now_ns); /* its connection died */
    see(world, world->first_seq);
    run_groups(world);
}

static void trade(struct world *world)
{
    uint64_t seq = any_seq(world);

    if (!lives(truth_of(world, seq)))
        return;
    if (chance(world, 80))
        venue_end(world, seq, ORDER_EVENT_EXPIRED);
    else
        venue_fill(world, seq);
}

static void step(struct world *world)
{
    int64_t what = pick(world, 0, 99);

    world->now_ns += pick(world, 0, 3);
    if (world->count == 0 || (what < 8 && world->count < 12))
        wish(world);
    else if (what < 40 && world->messages > 0)
        hear(world, (size_t)pick(world, 0, (int64_t)world->messages - 1));
    else if (what < 65 && world->requests > 0)
        venue_takes(world, (size_t)pick(world, 0, (int64_t)world->requests - 1));
    else if (what < 85)
        trade(world);
    else if (what < 95)
        meddle(world);
    else if (what < 99)
        ask_overdue(world);
    else
        overfill(world, any_seq(world));
    check_sums(world);
}

/* --- the end: faults off ------------------------------------------------------------------------------------- */

static void drain(struct world *world)
{
    while (world->requests + world->messages > 0) {
        if (world->requests > 0)
            venue_takes(world, (size_t)pick(world, 0, (int64_t)world->requests - 1));
        else
            hear(world, (size_t)pick(world, 0, (int64_t)world->messages - 1));
    }
}

static void converge(struct world *world)
{
    struct order *open[ORDERS_OPEN_MAX];

    world->faults = 0;
    for (int round = 0; round < 60; round++) {
        size_t count;

        drain(world); /* what is still on its way */
        count = order_manager_open(world->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);
        for (size_t i = 0; i < count && round == 0; i++) /* the connection comes back: ask for everything */
            if (order_manager_answer_lost(world->orders, open[i]->seq, world->now_ns) == ERR_OK)
                request(world, QUERY, open[i]->seq, 0, 0);
        for (size_t i = 0; i < world->trades && round == 0; i++)
            say(world, world->trade[i]); /* and for all trades (G07, G10) */
        world->now_ns += round == 0 ? ORDER_CONCLUDE_NS : TIMEOUT_NS;
        ask_overdue(world);
        run_groups(world);
    }
    drain(world);
}

/* No more than was wanted has filled, or the race was told; what is open is as large as what is left. */
static void check_group(struct world *world, uint64_t first)
{
    uint64_t group = truth_of(world, first)->intent.group;
    const struct order *order = order_manager_find(world->orders, first);
    int64_t filled = 0, wanted = 0;

    for (size_t i = 0; i < world->count; i++)
        if (world->truth[i].intent.group == group) {
            filled += world->truth[i].filled;
            wanted = world->truth[i].intent.qty_lots;
        }
    if ((group & GROUP_OF_BRACKET) != 0)
        wanted = truth_of(world, group & ~GROUP_OF_BRACKET)->filled;
    world->races += filled > wanted;
    if (filled > wanted)
        assert_true(world->race_told);
    if (order != NULL && !world->trouble_told) {
        world->fitted++;
        assert_int_equal(order_left_lots(order), wanted - filled);
    }
}

/* V2, V3, I5, I8 to I12: nothing unknown or pending, and both sides agree. */
static void check_agreement(struct world *world)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX),
           alive = 0;
    struct position truth[INSTRUMENTS] = {{0}};

    for (size_t i = 0; i < count; i++) {
        const struct truth *venue = truth_of(world, open[i]->seq);

        assert_int_equal(open[i]->state, ORDER_STATE_WORKING);
        assert_true(lives(venue));
        assert_int_equal(open[i]->filled_lots, venue->filled);
        assert_int_equal(open[i]->intent.qty_lots, venue->total);
        if (open[i]->intent.type != ORDER_TRAILING_STOP)
            assert_int_equal(order_terms_ticks(&open[i]->intent), venue->price_ticks);
        assert_int_equal(order_open_lots(open[i]), venue->total - venue->filled); /* I11 */
    }
    for (size_t i = 0; i < world->count; i++) {
        alive += lives(&world->truth[i]);
        if (world->truth[i].intent.group != 0)
            check_group(world, world->first_seq + i);
    }
    assert_int_equal(count, alive);
    for (size_t i = 0; i < world->trades; i++) {
        struct fill fill = world->trade[i].fill;

        truth[fill.instrument_id].lots += side_sign(fill.side) * fill.qty_lots;
        truth[fill.instrument_id].cash_e8 -= side_sign(fill.side) * fill.value_e8;
        truth[fill.instrument_id].fees_e8 += fill.fee_e8;
        truth[fill.instrument_id].fills++;
    }
    for (int i = 0; i < INSTRUMENTS; i++) {
        const struct position *mine = &world->position[i];

        assert_int_equal(mine->lots, truth[i].lots);       /* I9 */
        assert_int_equal(mine->fills, truth[i].fills);     /* I12 */
        assert_int_equal(mine->cash_e8, truth[i].cash_e8); /* I8 */
        assert_int_equal(mine->fees_e8, truth[i].fees_e8);
        assert_int_equal(mine->cash_e8 + position_value_e8(mine, &world->instrument[i], 97), /* I10 */
                         mine->realised_e8 + position_unrealised_e8(mine, &world->instrument[i], 97));
    }
}

/* The list is empty and the sums are nothing when every order has ended. */
static void clean_up(struct world *world)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);

    order_groups_forget(world->groups, ORDERS_ANY, ORDERS_ANY);
    for (size_t i = 0; i < count; i++) {
        struct order_event ev = word(world, ORDER_EVENT_CANCELLED, open[i]->seq);

        assert_int_equal(order_manager_apply(world->orders, &ev, NULL), ERR_OK);
    }
    for (int i = 0; i < INSTRUMENTS; i++) {
        struct order_exposure left;

        order_manager_exposure(world->orders, &world->instrument[i], ORDERS_ANY, 0, &left);
        assert_int_equal(left.orders + left.open_lots[0] + left.open_lots[1] + left.open_value_e8[0] +
                             left.open_value_e8[1] + left.best_own_ticks[0] + left.best_own_ticks[1],
                         0);
    }
}

static void history(struct world *world)
{
    int64_t steps = pick(world, 10, 90);

    world->first_seq += world->count;
    world->count = world->requests = world->messages = world->trades = 0;
    world->faults = chance(world, 200) ? 0 : pick(world, 0, 300);
    world->race_told = world->trouble_told = false;
    memset(world->position, 0, sizeof world->position);
    while (steps-- > 0)
        step(world);
    converge(world);
    check_agreement(world);
    clean_up(world);
}

static void test_orders_and_venue_agree_in_the_end(void **state)
{
    static struct world world;
    struct order_group_params params = {.stop_worst_bp = 100, .retry_ns = 5};
    int histories = getenv("FLOWDECK_SOAK") != NULL ? HISTORIES_SOAK : HISTORIES;

    (void)state;
    world.random = 2024;
    world.now_ns = 1;
    world.first_seq = 1;
    world.orders = order_manager_new();
    world.groups = order_groups_new(&params);
    for (uint16_t i = 0; i < INSTRUMENTS; i++) {
        instrument_init(&world.instrument[i], "BTCUSDT", VENUE_BINANCE_USDM, i);
        world.instrument[i].tick_e8 = 1000000;
        world.instrument[i].lot_e8 = 100000 * (i + 1);
    }
    for (int i = 0; i < histories; i++)
        history(&world);
    print_message(
        "%d histories, %llu orders, %llu answers: %llu repeated fills, %llu late ones, %llu queries, "
        "%llu children, %llu legs in a race, %llu at rest\n",
        histories, (unsigned long long)(world.first_seq + world.count - 1), (unsigned long long)world.applied,
        (unsigned long long)world.duplicates, (unsigned long long)world.late,
        (unsigned long long)world.unknowns, (unsigned long long)world.children,
        (unsigned long long)world.races, (unsigned long long)world.fitted);
    /* Else the histories proved little. */
    assert_true(world.duplicates > 1000 && world.late > 1000 && world.unknowns > 1000 &&
                world.children > 1000 && world.fitted > 1000 && world.overfills > 1000);
    order_manager_free(world.orders);
    order_groups_free(world.groups);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_orders_and_venue_agree_in_the_end)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * The engine beside a naive policy that always stands at the best price, on recordings of a real market: fewer
 * cancels for each fill, and what that costs in fills and price. Both rest the same targets, one after the other, in
 * the same book, before the same model of the queue: cancels are behind us unless the level has fewer left.
 * Skipped where the recordings are absent (FLOWDECK_SHARED, default ../shared).
 */
#include "execution_world.h"
#include "feed/book_sync.h"
#include "feed/replay.h"

#define PERIOD_NS (5 * SECOND_NS)

struct run { /* one policy */
    struct world world;
    bool naive;
    int64_t wanted_lots, filled_lots;
    int64_t slippage_e8, value_e8;
};

struct session {
    struct run run[2];
    struct replay *replay;
    struct book_sync *sync;
    struct order_book *book;
    int64_t lots;
    int64_t next_goal_ns;
    unsigned goals;
};

/* Always at the best price: whenever it is elsewhere, it moves. */
static void naive_step(struct world *world, int64_t later_ns)
{
    /* As the engine names it, so that both are measured against the same mid. */
    uint64_t parent = (uint64_t)(WORLD_OWNER + 1) << 48 | UINT64_C(1) << 32 |
                      execution_cost(world->execution, WORLD_OWNER, 0)->goals;
    struct market_ref ref;
    int64_t need, lots;
    enum side side;
    struct execution_actions *out = &world->actions;
    bool stands = false;

    world->now_ns += later_ns;
    world_pump(world);
    ref = world_ref(world);
    need = world->goal.target_lots - world->position_lots;
    side = need >= 0 ? SIDE_BID : SIDE_ASK;
    lots = need < 0 ? -need : need;
    out->intents = out->cancels = out->replaces = 0;
    for (size_t i = 0; i < world->order_count; i++) {
        const struct order *order = &world->order[i];

        if (!order_is_open(order))
            continue;
        stands = true;
        if (order->intent.side != side || lots == 0) {
            out->cancel_seq[out->cancels++] = order->seq;
        } else if (order->intent.price_ticks != ref.best_ticks[side] || order_left_lots(order) != lots) {
            out->replace[out->replaces].seq = order->seq;
            out->replace[out->replaces].price_ticks = ref.best_ticks[side];
            out->replace[out->replaces++].qty_lots = order->filled_lots + lots;
        }
    }
    if (!stands && lots > 0)
        out->intent[out->intents++] = (struct order_intent){.instrument_id = world->instrument.id,
                                                            .owner = WORLD_OWNER,
                                                            .side = side,
                                                            .post_only = true,
                                                            .price_ticks = ref.best_ticks[side],
                                                            .qty_lots = lots,
                                                            .parent = parent};
    world_apply(world);
    world_pump(world);
}

static void step(struct session *session, int64_t now_ns)
{
    for (int r = 0; r < 2; r++) {
        struct run *run = &session->run[r];
        struct world *world = &run->world;
        int64_t later_ns = now_ns - world->now_ns, before = world->position_lots;
        struct execution_cost cost;

        if (run->naive)
            naive_step(world, later_ns);
        else
            world_step(world, later_ns);
        run->filled_lots += llabs(world->position_lots - before);
        cost = *execution_cost(world->execution, WORLD_OWNER, world->instrument.id);
        run->slippage_e8 = cost.slippage_e8;
        run->value_e8 = cost.filled_value_e8;
    }
}

static void next_goal(struct session *session, int64_t now_ns)
{
    static const int targets[] = {1, 0, -1, 0};
    struct goal goal = {.kind = GOAL_TARGET,
                        .target_lots = session->lots * targets[session->goals++ % 4],
                        .urgency = URGENCY_PASSIVE};

    for (int r = 0; r < 2; r++) {
        struct run *run = &session->run[r];

        run->world.now_ns = now_ns;
        run->wanted_lots += llabs(goal.target_lots - run->world.position_lots);
        assert_int_equal(world_set(&run->world, goal), ERR_OK);
    }
    session->next_goal_ns = now_ns + PERIOD_NS;
}

/* The level has fewer than stood ahead of us: those were cancelled. The other side at our price fills us. */
static void after_book(struct session *session)
{
    for (int r = 0; r < 2; r++) {
        struct world *world = &session->run[r].world;

        for (size_t i = 0; i < world->order_count; i++) {
            struct world_order *mine = &world->venue[i];
            enum side side = world->order[i].intent.side;
            int64_t shown;

            if (!mine->rests)
                continue;
            shown = order_book_qty(session->book, side, mine->price_ticks);
            if (shown < mine->ahead_lots)
                mine->ahead_lots = shown;
            if (world_takes(world, side, mine->price_ticks))
                world_fill(world, i, mine->price_ticks, mine->left_lots, true);
        }
    }
}

static bool act(struct session *session, enum sync_action action, const struct depth_update *depth)
{
    struct depth_snapshot snapshot;
    struct depth_update held;

    switch (action) {
    case SYNC_APPLY:
        assert_int_equal(order_book_apply(session->book, depth), ERR_OK);
        return true;
    case SYNC_REBUILD:
        assert_true(book_sync_snapshot(session->sync, &snapshot));
        assert_int_equal(order_book_load(session->book, &snapshot), ERR_OK);
        while (book_sync_next_held(session->sync, &held))
            assert_int_equal(order_book_apply(session->book, &held), ERR_OK);
        return true;
    case SYNC_GAP:
        fail_msg("a gap");
        return false;
    case SYNC_IGNORE:
    case SYNC_HOLD:
        return false;
    }
    return false;
}

static void on_event(struct session *session, const struct feed_event *event)
{
    bool changed = false;

    if (event->kind == FEED_SNAPSHOT)
        changed = act(session, book_sync_on_snapshot(session->sync, &event->snapshot), NULL);
    else if (event->kind == FEED_DEPTH)
        changed = act(session, book_sync_on_depth(session->sync, &event->depth), &event->depth);
    else if (event->kind == FEED_STEPS) /* those given are fine enough */
        assert_true(event->steps.price_factor == 1 && event->steps.qty_factor == 1);
    if (book_sync_state(session->sync) != BOOK_LIVE || order_book_crossed(session->book))
        return;
    if (changed)
        after_book(session);
    if (event->kind == FEED_TRADE && !event->trade.off_market) {
        for (int r = 0; r < 2; r++)
            world_trade(&session->run[r].world, side_other(event->trade.taker), event->trade.price_ticks,
                        event->trade.qty_lots);
        changed = true;
    }
    if (event->recv_ns >= session->next_goal_ns)
        next_goal(session, event->recv_ns);
    if (changed)
        step(session, event->recv_ns);
}

static void session_begin(struct session *session, const char *const *paths, size_t count,
                          const struct instrument *known)
{
    struct decoder_config config = {.known = known, .known_count = 1};
    struct execution_params params = execution_params_default();
    char why[256];

    memset(session, 0, sizeof *session);
    if (replay_open(paths, count, &config, &session->replay, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    session->sync = book_sync_new(known->venue != VENUE_BINANCE_SPOT);
    session->book = order_book_new();
    for (int r = 0; r < 2; r++) {
        world_init(&session->run[r].world, &params);
        order_book_free(session->run[r].world.book);
        session->run[r].world.book = session->book;
        session->run[r].world.instrument = *known;
        session->run[r].naive = r == 1;
    }
}

static void session_end(struct session *session)
{
    for (int r = 0; r < 2; r++)
        execution_free(session->run[r].world.execution);
    order_book_free(session->book);
    book_sync_free(session->sync);
    replay_close(session->replay);
}

static double moves_per_fill(const struct run *run)
{
    return (double)(run->world.cancels + run->world.replaces) / (double)run->world.fills;
}

static double filled_percent(const struct run *run)
{
    return 100.0 * (double)run->filled_lots / (double)run->wanted_lots;
}

static void say(const char *market, const char *who, const struct run *run)
{
    printf("%s %-8s %4u goals %4u orders %5u cancels and moves %4u fills: %6.2f a fill, %5.1f %% filled, "
           "slippage "
           "%.3f bp\n",
           market, who, (unsigned)execution_cost(run->world.execution, WORLD_OWNER, 0)->goals,
           (unsigned)run->world.intents, (unsigned)(run->world.cancels + run->world.replaces),
           (unsigned)run->world.fills, moves_per_fill(run), filled_percent(run),
           run->value_e8 > 0 ? 1e4 * (double)run->slippage_e8 / (double)run->value_e8 : 0.0);
}

static void compare(const char *const *names, size_t count, enum venue venue, int64_t tick_e8, int64_t lot_e8,
                    int64_t lots)
{
    static struct session session;
    const char *folder = getenv("FLOWDECK_SHARED");
    char path[2][512];
    const char *paths[2];
    struct instrument known;
    struct feed_event event;
    FILE *file;

    for (size_t i = 0; i < count; i++) {
        snprintf(path[i], sizeof(path[i]), "%s/data/recordings/%s", folder != NULL ? folder : "../shared",
                 names[i]);
        paths[i] = path[i];
        file = fopen(path[i], "r");
        if (file == NULL) {
            printf("skipped: no %s\n", path[i]);
            skip();
        }
        fclose(file);
    }
    instrument_init(&known, "BTCUSDT", venue, 0);
    known.tick_e8 = tick_e8;
    known.lot_e8 = lot_e8;
    known.step_source = STEP_CONFIG;
    session_begin(&session, paths, count, &known);
    session.lots = lots;
    while (replay_next(session.replay, &event))
        on_event(&session, &event);
    say(venue_name(venue), "engine", &session.run[0]);
    say(venue_name(venue), "naive", &session.run[1]);
    assert_true(session.run[0].world.fills >= 10);
    assert_true(moves_per_fill(&session.run[0]) < 0.8 * moves_per_fill(&session.run[1]));
    assert_true(filled_percent(&session.run[0]) > 0.9 * filled_percent(&session.run[1]));
    session_end(&session);
}

static void test_fewer_cancels_a_fill_on_spot(void **state)
{
    static const char *const names[] = {"hft_spot_btcusdt_20240808.jsonl.gz",
                                        "hft_spot_btcusdt_20240809.jsonl.gz"};

    (void)state;
    compare(names, 2, VENUE_BINANCE_SPOT, 1000000, 100, 50000);
}

static void test_fewer_cancels_a_fill_on_futures(void **state)
{
    static const char *const names[] = {"hft_usdm_btcusdt_20240808.jsonl.gz"};

    (void)state;
    compare(names, 1, VENUE_BINANCE_USDM, 10000000, 100000, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fewer_cancels_a_fill_on_spot),
        cmocka_unit_test(test_fewer_cancels_a_fill_on_futures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * Depth messages that the exchange loses on their way to the real client, on many books at once: each loss is noticed
 * at the next message of its book, no other is told, and each book that comes back equals the exchange's at the same
 * update id. That the client's own count is right is seen in the messages' ids, by a rule written down here again.
 */
#include "core/base/clock.h"
#include "wire/wire_world.h"

#define LIVE_MS 20000
#define LOST_MS_PER                                                                                          \
    2000 /* at most, for each loss; in the long form the request weight of a minute runs out */
#define BOOKS 10

static const char *const symbols[BOOKS] = {"BTCUSDT",  "ETHUSDT",  "SOLUSDT", "BNBUSDT", "XRPUSDT",
                                           "DOGEUSDT", "PEPEUSDT", "BNBBTC",  "ETHBTC",  "BTCJPY"};

struct lossy_book {
    struct wire_copy copy; /* as it came back */
    bool compare;          /* the copy waits for its comparison */
    bool armed;            /* a loss is under way */
    bool live;             /* after the last event */
    uint64_t last_id;      /* of the last depth message that came */
    uint64_t told;         /* gaps that the book has told */
};

struct losses {
    uint64_t wanted, armed;
    uint64_t holes;          /* in the ids that came */
    uint64_t noticed, late;  /* by a LIVE book, at once and not */
    uint64_t not_live;       /* holes in what came to a book that was not LIVE anyway */
    uint64_t false_alarms;   /* gaps told where there was none */
    uint64_t back, compared; /* LIVE again; found true then */
    struct lossy_book book[BOOKS];
};

static struct losses losses;

static size_t book_count(const struct wire_world *world)
{
    return world->pipeline->markets;
}

static bool has_hole(const struct wire_world *world, const struct lossy_book *book,
                     const struct depth_update *update)
{
    if (book->last_id == 0)
        return false;
    return world->venue.venue == VENUE_BINANCE_SPOT ? update->first_id > book->last_id + 1
                                                    : update->prev_id != book->last_id;
}

static void look_at_ids(struct wire_world *world, struct lossy_book *book, const struct depth_update *update,
                        bool told)
{
    bool hole = has_hole(world, book, update);

    book->last_id = update->last_id;
    if (hole) {
        book->armed = false;
        losses.holes++;
        losses.noticed += book->live && told;
        losses.late += book->live && !told;
        losses.not_live += !book->live;
    } else {
        losses.false_alarms += book->live && told;
    }
}

static void look_at_book(struct wire_world *world, const struct feed_event *event)
{
    const struct market_state *market;
    struct lossy_book *book;
    uint64_t told;
    bool live;

    if (event->instrument == NULL || event->instrument->id >= book_count(world))
        return;
    book = &losses.book[event->instrument->id];
    market = world->pipeline->market[event->instrument->id];
    told = book_sync_counts(market->sync)->lost[STALE_GAP];
    live = book_sync_state(market->sync) == BOOK_LIVE;
    if (event->kind == FEED_DEPTH)
        look_at_ids(world, book, &event->depth, told > book->told);
    if (live && !book->live) {
        wire_copy_book(market, &book->copy);
        book->compare = true;
        losses.back++;
    }
    book->told = told;
    book->live = live;
}

/* A book may also be lost as time passes. */
static void look_again(struct wire_world *world)
{
    for (size_t i = 0; i < book_count(world); i++)
        losses.book[i].live = book_sync_state(world->pipeline->market[i]->sync) == BOOK_LIVE;
}

static void compare_what_came_back(struct wire_world *world)
{
    for (size_t i = 0; i < book_count(world); i++) {
        if (!losses.book[i].compare)
            continue;
        wire_assert_true_book(world, world->pipeline->market[i]->instrument, &losses.book[i].copy);
        losses.book[i].compare = false;
        losses.compared++;
    }
}

static void lose_one_of_each(struct wire_world *world)
{
    char fault[64];

    for (size_t i = 0; i < book_count(world) && losses.noticed < losses.wanted; i++) {
        struct lossy_book *book = &losses.book[i];

        if (!book->live || book->armed || book->compare)
            continue;
        snprintf(fault, sizeof(fault), "gap 1 %s", world->pipeline->market[i]->instrument->symbol);
        book->armed = true; /* it may be noticed before the answer comes */
        losses.armed++;
        wire_fault(world, fault);
    }
}

static bool nothing_left(struct wire_world *world)
{
    for (size_t i = 0; i < book_count(world); i++)
        if (losses.book[i].armed || !losses.book[i].live)
            return false;
    return true;
}

static uint64_t lost_by_exchange(struct wire_world *world)
{
    json_error_t error;
    uint64_t dropped;
    json_t *stats;

    assert_int_equal(wire_ask(world, "GET", "/sim/stats", NULL), 200);
    stats = json_loads(world->body, 0, &error);
    assert_non_null(stats);
    dropped = (uint64_t)json_integer_value(json_object_get(json_object_get(stats, "streams"), "dropped"));
    json_decref(stats);
    return dropped;
}

static void lose_and_look(struct wire_world *world)
{
    int64_t start_ns = clock_monotonic_ns();

    while (losses.noticed < losses.wanted) {
        if (clock_monotonic_ns() - start_ns > (int64_t)losses.wanted * LOST_MS_PER * 1000000)
            fail_msg("%llu of %llu noticed, then none: %s", (unsigned long long)losses.noticed,
                     (unsigned long long)losses.wanted, live_feed_status(world->feed)->rest[REST_DEPTH].why);
        lose_one_of_each(world);
        compare_what_came_back(world);
        ev_run(world->loop, EVRUN_ONCE);
    }
    assert_true(wire_until(world, nothing_left, 90000));
    compare_what_came_back(world);
    print_message(
        "%llu messages lost in %.1f s on %zu books: %llu noticed at the next one, %llu where a book "
        "was not LIVE; %llu times LIVE, %llu books found true\n",
        (unsigned long long)losses.holes, (double)(clock_monotonic_ns() - start_ns) * 1e-9, book_count(world),
        (unsigned long long)losses.noticed, (unsigned long long)losses.not_live,
        (unsigned long long)losses.back, (unsigned long long)losses.compared);
}

/* depth_limit: the cheapest snapshot that keeps the touch within what is known. */
static void run(enum venue venue, size_t count, uint32_t depth_limit, uint64_t wanted)
{
    struct wire_world world = {0};
    struct live_feed_config config;

    memset(&losses, 0, sizeof(losses));
    losses.wanted = wanted;
    wire_start_exchange(&world, 21, symbols, count);
    config = wire_config(&world, venue, symbols, count);
    world.venue.depth_limit_deep = world.venue.depth_limit_plain = depth_limit;
    world.on_event = look_at_book;
    world.on_tick = look_again;
    wire_open(&world, &config, false);
    assert_true(wire_until(&world, wire_all_live, LIVE_MS));
    wire_fault(&world, "limits off");
    lose_and_look(&world);
    assert_int_equal(losses.late + losses.false_alarms, 0);
    assert_int_equal(losses.compared, losses.back);
    assert_int_equal(losses.holes, losses.armed);
    assert_int_equal(losses.holes, lost_by_exchange(&world));
    assert_int_equal(world.bad, 0);
    assert_int_equal(live_feed_status(world.feed)->link[0].connects, 1);
    wire_close(&world);
}

static void test_every_loss_is_noticed_on_spot(void **state)
{
    (void)state;
    run(VENUE_BINANCE_SPOT, BOOKS, 100, wire_soak() ? 5000 : 80);
}

static void test_every_loss_is_noticed_on_futures(void **state)
{
    (void)state;
    run(VENUE_BINANCE_USDM, 6, 50, wire_soak() ? 5000 : 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_loss_is_noticed_on_spot),
        cmocka_unit_test(test_every_loss_is_noticed_on_futures),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The live feed as a whole, against a venue of the test's own on a clock of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "unit/fake_venue.h"

static const struct live_feed_config plain = {.audit_every_s = 0};

static size_t most_connects_in_5min(void)
{
    size_t most = 0;

    for (size_t i = 0; i < fake_net.clients; i++) {
        size_t count = 0;

        for (size_t k = i; k < fake_net.clients; k++)
            count += fake_net.client[k]->opened_ns - fake_net.client[i]->opened_ns < 300 * NS_PER_S;
        most = count > most ? count : most;
    }
    return most;
}

static size_t calls_of(enum rest_class rest_class, int64_t from_ns)
{
    size_t count = 0;

    for (size_t i = 0; i < fake_net.calls; i++)
        count += class_of(fake_net.call[i]) == rest_class && fake_net.call[i]->sent_ns >= from_ns;
    return count;
}

static bool sent_word(const struct ws_client *client, const char *word)
{
    for (size_t i = 0; i < client->sent; i++)
        if (strstr(client->text[i], word) != NULL)
            return true;
    return false;
}

/* --- start -------------------------------------------------------------------------------------------------- */

static void test_start_on_spot(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 2);
    world.venue_ahead_ms = -1270;
    world_start(&world, 2, plain);
    assert_int_equal(fake_net.clients, 0); /* nothing before the first tick, nothing from inside start */
    world_step(&world);
    assert_int_equal(fake_net.clients, 1);
    assert_string_equal(fake_net.client[0]->url, "wss://stream.binance.com:9443/stream");
    assert_int_equal(calls_of(REST_INFO, 0), 1);
    assert_int_equal(calls_of(REST_TIME, 0), 1);
    world_run(&world, 8000);
    assert_int_equal(live_books(), 2);
    assert_int_equal(world.book[0].step_source, STEP_EXCHANGE_INFO);
    assert_int_equal(world.raw_infos, 1);
    assert_int_equal(world.raw_snapshots, 2);
    assert_int_equal(lost_or_doubled(), 0);
    assert_int_equal(world.bad, 0);
    assert_true(
        sent_word(fake_net.client[0], "\"aacusdt@depth@100ms\",\"aacusdt@bookTicker\",\"aacusdt@trade\""));
    assert_int_equal(status()->link[0].state, LINK_LIVE);
    assert_true(status()->ever_connected && status()->info_had);
    assert_int_equal(status()->clock_offset_ms, -1260); /* half of the 20 ms round trip */
    assert_int_equal(status()->round_trip_ns, 20 * 1000000);
    assert_in_range(status()->link[0].age_ms, 0, 60);
    assert_int_equal(status()->weight_limit, 6000);
    assert_non_null(strstr(fake_net.call[fake_net.calls - 1]->url, "/api/v3/"));
    world_end(&world);
}

/* Ten minutes of one trade each 100 ms are seven pages of each symbol, once, within the weight, after the link is up. */
static void test_trades_of_the_time_before(void **state)
{
    struct live_feed_config config = plain;
    int64_t up_ns;

    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 2);
    config.history_s = 600;
    world_start(&world, 2, config);
    world.mode[REST_HISTORY] = HTTP_STATUS;
    world.http_status = 503;
    world_run(&world, 8000);
    assert_true(calls_of(REST_HISTORY, 0) > 0);
    assert_int_equal(live_books(), 2); /* nothing waits for it */
    world.mode[REST_HISTORY] = HTTP_WELL;
    up_ns = world.clock.origin_ns;
    world_run(&world, 90000);
    assert_int_equal(status()->rest[REST_HISTORY].state, BREAKER_CLOSED);
    assert_in_range(calls_of(REST_HISTORY, up_ns), 14, 16);
    assert_int_equal(world.history_count[0], world.history_last[0] - world.history_first[0] + 1);
    assert_true(world.history_count[0] >= 6000 && world.history_count[1] >= 6000);
    assert_int_equal(world.history_complete, 2);
    assert_true(status()->weight_used >= 0);
    up_ns = world.clock.origin_ns;
    world_run(&world, 30000);
    assert_int_equal(calls_of(REST_HISTORY, up_ns), 0);
    assert_int_equal(world.bad, 0);
    world_end(&world);
}

/* The first symbol is the shown one: its snapshot is deep and comes first; the other's is not. */
static void test_shown_is_deep_and_first(void **state)
{
    char all[4096] = "";

    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 3);
    world_start(&world, 3, plain);
    world_run(&world, 8000);
    for (size_t i = 0; i < fake_net.calls; i++)
        if (class_of(fake_net.call[i]) == REST_DEPTH)
            snprintf(all + strlen(all), sizeof(all) - strlen(all), "%s ", strchr(fake_net.call[i]->url, '?'));
    assert_string_equal(all,
                        "?symbol=AACUSDT&limit=5000 ?symbol=ABCUSDT&limit=1000 ?symbol=ACCUSDT&limit=1000 ");
    live_feed_show(world.feed, world.book[2].id);
    live_feed_set_deep(world.feed, world.book[1].id, true);
    live_feed_need_snapshot(world.feed, world.book[0].id);
    live_feed_need_snapshot(world.feed, world.book[1].id);
    live_feed_need_snapshot(world.feed, world.book[2].id);
    live_feed_need_snapshot(world.feed, world.book[2].id);
    world_run(&world, 30000);
    assert_int_equal(world.snapshots, 6);
    assert_int_equal(world.snapshot_order[3], world.book[2].id);
    assert_int_equal(world.snapshot_order[4], world.book[1].id);
    assert_int_equal(world.snapshot_order[5], world.book[0].id);
    world_end(&world);
}

static void test_start_on_usdm_uses_both_paths(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_USDM, 2);
    world_start(&world, 2, plain);
    world_run(&world, 10000);
    assert_int_equal(fake_net.clients, 2);
    assert_string_equal(fake_net.client[0]->url, "wss://fstream.binance.com/public/stream");
    assert_string_equal(fake_net.client[1]->url, "wss://fstream.binance.com/market/stream");
    assert_true(sent_word(fake_net.client[0], "\"aacusdt@depth@0ms\",\"aacusdt@bookTicker\""));
    assert_true(sent_word(fake_net.client[1],
                          "\"aacusdt@aggTrade\",\"aacusdt@markPrice@1s\",\"aacusdt@forceOrder\""));
    assert_int_equal(live_books(), 2);
    assert_true(world.book[1].trades > 50 && world.book[1].marks > 5);
    assert_int_equal(lost_or_doubled(), 0);
    assert_int_equal(status()->links, 2);
    assert_int_equal(status()->link[1].state, LINK_LIVE);
    world_end(&world);
}

/* Without exchangeInfo it goes on after a short time, says so, and takes it when it comes. */
static void test_goes_on_without_exchange_info(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 2);
    world.mode[REST_INFO] = HTTP_STATUS;
    world.http_status = 503;
    world.http_retry_s = -1;
    world_start(&world, 2, plain);
    world_run(&world, 4900);
    assert_int_equal(world.instruments, 0); /* connected, and nothing asked for yet */
    assert_int_equal(fake_net.client[0]->sent, 0);
    world_run(&world, 5000);
    assert_int_equal(live_books(), 2);
    assert_false(status()->info_had);
    assert_non_null(strstr(status()->info_why, "steps of the configuration: HTTP 503"));
    world_run(&world, 60000);
    assert_int_equal(status()->rest[REST_INFO].state, BREAKER_OPEN);
    assert_true(calls_of(REST_INFO, 0) < 15);
    world.mode[REST_INFO] = HTTP_WELL;
    world_run(&world, 61000);
    assert_true(status()->info_had);
    assert_int_equal(status()->rest[REST_INFO].state, BREAKER_CLOSED);
    assert_int_equal(world.book[0].step_source, STEP_EXCHANGE_INFO);
    assert_int_equal(lost_or_doubled(), 0);
    world_end(&world);
}

/* One wrong name must not cost the others their exchangeInfo. */
static void test_unlisted_symbol_is_found_and_left_out(void **state)
{
    for (unsigned venue = VENUE_BINANCE_SPOT; venue <= VENUE_BINANCE_USDM; venue++) {
        (void)state;
        world_init(&world, (enum venue)venue, 9);
        world.unlisted = world.book[5].symbol;
        world_start(&world, 9, plain);
        world_run(&world, 20000);
        assert_int_equal(live_books(), 8);
        assert_int_equal(status()->symbols_unlisted, 1);
        assert_int_equal(status()->symbols, 8);
        assert_false(world.book[5].known);
        assert_int_equal(world.book[8].step_source, STEP_EXCHANGE_INFO);
        world_end(&world);
    }
}

static void test_commands_stay_within_the_rate(void **state)
{
    const struct ws_client *client;

    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 50);
    world_start(&world, 50, plain);
    world_run(&world, 2000);
    for (int i = 0; i < 30; i++) { /* churn */
        assert_int_equal(live_feed_remove_symbol(world.feed, world.symbols[i]), ERR_OK);
        world_run(&world, 100);
        assert_int_equal(live_feed_add_symbol(world.feed, world.symbols[i]), ERR_OK);
        world_run(&world, 100);
    }
    world_run(&world, 20000);
    client = fake_net.client[0];
    assert_true(client->sent > 10);
    for (size_t i = 4; i < client->sent; i++) /* five a second are allowed, one is left for a pong */
        assert_true(client->text_ns[i] - client->text_ns[i - 4] > NS_PER_S);
    for (size_t i = 0; i < client->sent; i++) { /* ids are given in order, once */
        char id[32];

        snprintf(id, sizeof(id), "\"id\":%zu}", i + 1);
        assert_non_null(strstr(client->text[i], id));
    }
    assert_int_equal(world.connection[0].streams, 150);
    world_end(&world);
}

static void test_symbols_come_and_go(void **state)
{
    uint64_t depths;

    (void)state;
    world_init(&world, VENUE_BINANCE_USDM, 3);
    world_start(&world, 2, plain);
    world_run(&world, 8000);
    assert_int_equal(live_feed_add_symbol(world.feed, world.symbols[0]), ERR_DUPLICATE);
    assert_int_equal(live_feed_add_symbol(world.feed, "bad name"), ERR_NOT_FOUND);
    assert_int_equal(live_feed_remove_symbol(world.feed, world.symbols[2]), ERR_NOT_FOUND);
    assert_int_equal(live_feed_add_symbol(world.feed, world.symbols[2]), ERR_OK);
    world_run(&world, 8000);
    assert_true(world.book[2].live && world.book[2].trades > 0 && world.book[2].marks > 0);
    assert_int_equal(live_feed_remove_symbol(world.feed, world.symbols[0]), ERR_OK);
    world_run(&world, 1000);
    depths = world.book[0].depths;
    assert_int_equal(world.book[0].link, FEED_LINK_DOWN);
    world_run(&world, 5000);
    assert_int_equal(world.book[0].depths, depths);
    assert_int_equal(world.connection[0].streams, 4);
    assert_int_equal(live_feed_add_symbol(world.feed, world.symbols[0]), ERR_OK);
    world_run(&world, 8000);
    assert_true(world.book[0].live && world.book[0].depths > depths);
    assert_int_equal(world.book[0].id, 0); /* the same instrument */
    assert_int_equal(fake_net.clients, 2); /* no new connection for any of it */
    assert_int_equal(lost_or_doubled(), 0);
    world_end(&world);
}

static void test_configurations_are_checked(void **state)
{
    static const char *const twice[] = {"AACUSDT", "AACUSDT"}, *const bad[] = {"btc\x1b[31m"};
    struct live_feed_config config;
    struct live_feed *feed = NULL;
    char why[200] = "";

    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 1);
    config = (struct live_feed_config){.loop = world.loop, .clock = &world.clock, .venue = &world.venue};
    assert_int_equal(live_feed_new(&config, &feed, why, sizeof(why)), ERR_RANGE);
    config.symbols = twice;
    config.symbol_count = 2;
    assert_int_equal(live_feed_new(&config, &feed, why, sizeof(why)), ERR_DUPLICATE);
    assert_string_equal(why, "symbol \"AACUSDT\": given twice");
    config.symbols = bad;
    config.symbol_count = 1;
    assert_int_equal(live_feed_new(&config, &feed, why, sizeof(why)), ERR_BAD_DATA);
    assert_null(strchr(why, 0x1b));
    assert_null(feed);
    live_feed_free(NULL);
    ev_loop_destroy(world.loop);
}

/* --- losses ------------------------------------------------------------------------------------------------- */

static void test_lost_link_comes_back(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 3);
    world_start(&world, 3, plain);
    world_run(&world, 8000);
    fake_ws_reset(fake_net.client[0]);
    assert_int_equal(world.book[1].link, FEED_LINK_DOWN); /* at once, with its reason */
    assert_string_equal(world.book[1].link_why, "reset: connection reset");
    assert_int_equal(live_books(), 0);
    live_feed_tick(world.feed, world.clock.origin_ns);
    assert_true(status()->link[0].state == LINK_WAITING || status()->link[0].state == LINK_CONNECTING);
    assert_int_equal(status()->link[0].attempt, 1);
    assert_true(status()->link[0].next_try_ns < world.clock.origin_ns + 501 * NS_PER_MS);
    world_run(&world, 8000);
    assert_int_equal(live_books(), 3);
    assert_int_equal(status()->link[0].connects, 2);
    assert_int_equal(status()->link[0].attempt, 0); /* stable again */
    assert_int_equal(lost_or_doubled(), 0);
    world_end(&world);
}

/* Half-open: the socket is up, pings are answered, no data. */
static void test_silent_link_is_made_anew(void **state)
{
    int64_t mute_ns;

    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 2);
    world_start(&world, 2, (struct live_feed_config){.silent_ms = 1000});
    world_run(&world, 8000);
    world.mute = true;
    mute_ns = world.clock.origin_ns;
    for (int i = 0; i < 60; i++) {
        fake_net.client[0]->stats.pings++; /* alive on the wire */
        fake_net.client[0]->stats.pongs_sent++;
        if (i % 10 == 0)
            fake_ws_text(fake_net.client[0], "{\"result\":null,\"id\":1}"); /* an answer is no data either */
        world_step(&world);
    }
    assert_int_equal(world.book[0].silences, 1);
    assert_true(world.book[0].down_ns - mute_ns <= 1100 * NS_PER_MS);
    assert_int_equal(status()->stale_links, 1);
    assert_true(fake_net.client[0]->freed);
    world.mute = false;
    world_run(&world, 8000);
    assert_int_equal(live_books(), 2);
    assert_int_equal(lost_or_doubled(), 0);
    world_end(&world);
}

/* A market that really is quiet: no storm of connections. */
static void test_quiet_market_makes_no_storm(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 1);
    world.still = true;
    world_start(&world, 1, plain);
    world_run(&world, 600000);
    assert_in_range(fake_net.clients, 2, 15);
    assert_in_range(calls_of(REST_DEPTH, 0), 1, 20);
    world_end(&world);
}

static void test_storm_of_refusals_is_bounded(void **state)
{
    static const char *const how[] = {"reset", "accept then close", "503"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        int64_t from;

        world_init(&world, VENUE_BINANCE_USDM, 2);
        world.refuse = i == 0;
        world.accept_then_close = i == 1;
        world.refuse_status = i == 2 ? 503 : 0;
        world.refuse_retry_s = -1;
        world_start(&world, 2, plain);
        world_run(&world, 600000);
        print_message("%s: %zu connects in 10 minutes, at most %zu in 5\n", how[i], fake_net.clients,
                      most_connects_in_5min());
        assert_in_range(most_connects_in_5min(), 10, world.venue.connects_per_5min);
        assert_false(status()->ever_connected);
        assert_true(status()->link[0].why[0] != '\0');
        world.refuse = world.accept_then_close = false;
        world.refuse_status = 0;
        from = world.clock.origin_ns;
        while (live_books() < 2 && world.clock.origin_ns - from < 320 * NS_PER_S)
            world_step(&world);
        assert_int_equal(live_books(), 2); /* and it comes back */
        world_end(&world);
    }
}

static void test_refused_upgrade_is_obeyed_to_the_second(void **state)
{
    static const struct {
        int status;
        int64_t retry_s, obeyed_s;
    } table[] = {{429, 17, 17}, {418, 130, 130}, {403, -1, BAN_403_S}, {418, -1, BAN_418_S}};

    (void)state;
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        int64_t said_ns;

        world_init(&world, VENUE_BINANCE_USDM, 2);
        world.refuse_status = table[i].status;
        world.refuse_retry_s = table[i].retry_s;
        world_start(&world, 2, plain);
        world_step(&world); /* both paths connect */
        world_step(&world); /* both are refused */
        said_ns = world.clock.origin_ns;
        world.refuse_status = 0;
        assert_int_equal(fake_net.clients, 2);
        world_run(&world, table[i].obeyed_s * 1000 + 3000);
        assert_int_equal(fake_net.clients, 4);
        for (size_t k = 2; k < 4; k++) {
            assert_true(fake_net.client[k]->opened_ns >= said_ns + table[i].obeyed_s * NS_PER_S);
            assert_true(fake_net.client[k]->opened_ns < said_ns + table[i].obeyed_s * NS_PER_S + NS_PER_S);
        }
        world_end(&world);
    }
}

/* --- REST --------------------------------------------------------------------------------------------------- */

static void test_rest_ban_is_obeyed_to_the_second(void **state)
{
    int64_t said_ns;

    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 4);
    world_start(&world, 4, plain);
    world_run(&world, 10000);
    world.mode[REST_DEPTH] = HTTP_STATUS;
    world.http_status = 429;
    world.http_retry_s = 45;
    for (size_t i = 0; i < 4; i++)
        live_feed_need_snapshot(world.feed, world.book[i].id);
    world_step(&world);
    world_step(&world);
    said_ns = world.clock.origin_ns;
    assert_int_equal(status()->banned_until_ns, said_ns + 45 * NS_PER_S);
    world.mode[REST_DEPTH] = HTTP_WELL;
    world_run(&world, 44960);
    for (unsigned i = 0; i < REST_CLASS_COUNT; i++)
        assert_int_equal(calls_of((enum rest_class)i, said_ns), 0); /* everything of that host */
    world_run(&world, 15000);
    assert_true(calls_of(REST_DEPTH, said_ns + 45 * NS_PER_S) >= 4);
    assert_int_equal(status()->banned_until_ns, 0);
    assert_int_equal(world.snapshots, 8);
    assert_int_equal(status()->rest[REST_DEPTH].state, BREAKER_CLOSED); /* a ban is no sickness */
    world_end(&world);
}

/* REST and streams on one host: its ban is for both. */
static void test_ban_of_a_shared_host_is_for_all(void **state)
{
    char why[100];
    int64_t said_ns;

    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 1);
    assert_int_equal(venue_profile_set_urls(&world.venue, "https://[::1]:8443", "wss://[::1]:9443", why, 100),
                     ERR_OK);
    world_start(&world, 1, plain);
    world_run(&world, 10000);
    world.mode[REST_DEPTH] = HTTP_STATUS;
    world.http_status = 418;
    world.http_retry_s = 30;
    live_feed_need_snapshot(world.feed, world.book[0].id);
    world_step(&world);
    world_step(&world);
    said_ns = world.clock.origin_ns;
    assert_int_equal(status()->banned_until_ns, said_ns + 30 * NS_PER_S);
    fake_ws_reset(fake_net.client[0]);
    world.mode[REST_DEPTH] = HTTP_WELL;
    world_run(&world, 29960);
    assert_int_equal(fake_net.clients, 1);
    assert_string_equal(status()->link[0].why, "the venue has banned this address");
    world_run(&world, 10000);
    assert_int_equal(fake_net.clients, 2);
    assert_int_equal(live_books(), 1);
    world.refuse_status = 429; /* and the other way round */
    world.refuse_retry_s = 200;
    fake_ws_reset(fake_net.client[1]);
    world_run(&world, 1000);
    world.refuse_status = 0;
    said_ns = status()->banned_until_ns;
    assert_true(said_ns > world.clock.origin_ns + 198 * NS_PER_S);
    world_run(&world, (said_ns - world.clock.origin_ns) / NS_PER_MS - 20);
    assert_int_equal(calls_of(REST_TIME, said_ns - 199 * NS_PER_S), 0);
    world_run(&world, 1000);
    assert_int_equal(calls_of(REST_TIME, said_ns), 1);
    world_end(&world);
}

/* A snapshot asked for before the connection broke is not given to the book that starts anew. */
static void test_snapshot_from_before_a_loss_is_left_out(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 1);
    world.mode[REST_DEPTH] = HTTP_MUTE;
    world_start(&world, 1, plain);
    world_run(&world, 2000);
    assert_int_equal(calls_of(REST_DEPTH, 0), 1);
    fake_ws_reset(fake_net.client[0]);
    world_run(&world, 2000);
    assert_int_equal(world.book[0].link, FEED_LINK_UP);
    world.mode[REST_DEPTH] = HTTP_WELL;
    world_step(&world);
    assert_int_equal(world.snapshots, 0);
    world_run(&world, 5000);
    assert_int_equal(world.snapshots, 1);
    assert_int_equal(calls_of(REST_DEPTH, 0), 2);
    world_end(&world);
}

/* Our own loop stood still: that is no silence of the link. */
static void test_own_stall_is_no_silence(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 1);
    world_start(&world, 1, plain);
    world_run(&world, 8000);
    clock_fake_advance(&world.clock, 90 * NS_PER_S);
    live_feed_tick(world.feed, world.clock.origin_ns); /* the timer comes before the socket */
    world_run(&world, 1000);
    assert_int_equal(fake_net.clients, 1);
    assert_int_equal(status()->stale_links, 0);
    world_end(&world);
}

/* A captive page: 200 and HTML. Named, not taken, the breaker opens, tries once in a while, closes. */
static void test_html_instead_of_json(void **state)
{
    size_t calls;

    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 3);
    world.mode[REST_DEPTH] = HTTP_HTML;
    world_start(&world, 3, plain);
    world_run(&world, 30000);
    assert_int_equal(world.snapshots, 0);
    assert_int_equal(world.raw_snapshots, 0);
    assert_string_equal(status()->rest[REST_DEPTH].why, "not JSON, content-type text/html");
    assert_true(status()->rest[REST_DEPTH].state != BREAKER_CLOSED);
    assert_true(status()->snapshots_failed >= BREAKER_FAILURES);
    assert_int_equal(status()->rest[REST_TIME].state, BREAKER_CLOSED); /* each class has its own */
    calls = fake_net.calls;
    world_run(&world, 60000);
    assert_in_range(fake_net.calls - calls, 1, 12);
    world.mode[REST_DEPTH] = HTTP_WELL;
    world_run(&world, 130000);
    assert_int_equal(live_books(), 3);
    assert_int_equal(status()->rest[REST_DEPTH].state, BREAKER_CLOSED);
    world_end(&world);
}

/* 50 books at once on spot: the weight of any minute stays within the share; the shown one is first. */
static void test_fifty_books_resync_within_the_share(void **state)
{
    int64_t at_ns[INSTRUMENTS_MAX * 8], weight[INSTRUMENTS_MAX * 8];
    size_t calls = 0;

    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 50);
    world_start(&world, 50, plain);
    world_run(&world, 90000);
    assert_int_equal(live_books(), 50);
    live_feed_show(world.feed, world.book[33].id);
    for (size_t i = 0; i < 10; i++)
        live_feed_set_deep(world.feed, world.book[i].id, true);
    world.snapshots = 0;
    fake_ws_reset(fake_net.client[0]);
    assert_int_equal(live_books(), 0);
    world_run(&world, 150000);
    assert_int_equal(live_books(), 50);
    assert_int_equal(world.snapshot_order[0], world.book[33].id);
    for (size_t i = 1; i <= 10; i++)
        assert_true(world.snapshot_order[i] < 10);
    for (size_t i = 0; i < fake_net.calls; i++) {
        const char *url = fake_net.call[i]->url;

        at_ns[calls] = fake_net.call[i]->sent_ns;
        weight[calls++] = strstr(url, "limit=5000") != NULL ? 250
                          : strstr(url, "limit=") != NULL   ? 50
                          : strstr(url, "time")             ? 1
                                                            : 20;
    }
    for (size_t i = 0; i < calls; i++) {
        int64_t sum = 0;

        for (size_t k = i; k < calls && at_ns[k] - at_ns[i] < 60 * NS_PER_S; k++)
            sum += weight[k];
        assert_in_range(sum, 1, 3000);
    }
    world_end(&world);
}

/* The venue says that this address has spent nearly everything: the feed waits. */
static void test_weight_header_holds_the_feed_back(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 2);
    world.used_weight = 5390;
    world_start(&world, 2, plain);
    world_run(&world, 50000);
    assert_int_equal(world.snapshots, 0);
    assert_true(status()->weight_used >= 5390);
    world.used_weight = 10;
    world_run(&world, 80000);
    assert_int_equal(live_books(), 2);
    world_end(&world);
}

static void test_audits_go_round(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 4);
    world_start(&world, 4, (struct live_feed_config){.audit_every_s = 60});
    world_run(&world, 10000);
    assert_int_equal(world.snapshots, 4);
    world_run(&world, 180000);
    assert_int_equal(world.snapshots, 4); /* an audit is no snapshot to load */
    for (size_t i = 0; i < 4; i++)
        assert_in_range(world.book[i].audits, 2, 4);
    assert_int_equal(status()->audits, world.book[0].audits + world.book[1].audits + world.book[2].audits +
                                           world.book[3].audits);
    assert_int_equal(world.raw_snapshots, 4);
    world_end(&world);
}

/* --- silent streams ----------------------------------------------------------------------------------------- */

/* Confirmed and never sent, as on a wrong path: told by name, asked for again, then a new link; no storm. */
static void test_subscribed_but_silent(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_USDM, 2);
    world.deaf = "@aggTrade";
    world_start(&world, 2, plain);
    world_run(&world, 70000);
    assert_true(status()->silent_streams >= 2);
    assert_non_null(strstr(status()->link[1].why, "@aggTrade: subscribed but silent, subscribed again"));
    world_run(&world, 600000);
    assert_in_range(fake_net.clients, 3, 4);
    assert_in_range(status()->rotations, 1, 2);
    assert_true(world.book[0].depths > 6000);
    assert_int_equal(world.book[0].gaps + world.book[1].gaps, 0);
    world_end(&world);
}

static void test_no_answer_to_subscribe(void **state)
{
    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 1);
    world.no_answers = world.mute = true;
    world_start(&world, 1, plain);
    world_run(&world, 12000);
    assert_true(fake_net.clients >= 2);
    world.no_answers = world.mute = false;
    world_run(&world, 10000);
    assert_int_equal(live_books(), 1);
    world_end(&world);
}

/* --- the end ------------------------------------------------------------------------------------------------ */

/* Freed at any moment: nothing is left open, nothing calls back. */
static void test_free_at_any_moment(void **state)
{
    (void)state;
    for (int steps = 0; steps < 40; steps++) {
        world_init(&world, VENUE_BINANCE_USDM, 2);
        world_start(&world, 2, plain);
        world_run(&world, steps * 20);
        live_feed_rotate(world.feed);
        world_run(&world, steps * 20);
        live_feed_free(world.feed);
        for (size_t i = 0; i < fake_net.clients; i++)
            assert_true(fake_net.client[i]->freed);
        for (size_t i = 0; i < fake_net.calls; i++)
            assert_false(fake_net.call[i]->pending);
        ev_run(world.loop, EVRUN_NOWAIT);
        ev_loop_destroy(world.loop);
        fake_net_reset();
    }
}

static void stop_loop(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)timer;
    (void)events;
    ev_break(loop, EVBREAK_ALL);
}

/* The feed's own timer and the helper's wake-up drive it as the engine's loop will. */
static void test_runs_by_its_own_timer(void **state)
{
    ev_timer end;

    (void)state;
    world_init(&world, VENUE_BINANCE_SPOT, 1);
    world_start(&world, 1, plain);
    ev_timer_init(&end, stop_loop, 20., 0.); /* only if all else fails */
    ev_timer_start(world.loop, &end);
    while (fake_net.clients == 0 || calls_of(REST_INFO, 0) == 0)
        ev_run(world.loop, EVRUN_ONCE);
    fake_ws_accept(fake_net.client[0]);
    for (size_t i = 0; i < fake_net.calls; i++)
        if (class_of(fake_net.call[i]) == REST_INFO)
            fake_http_reply(fake_net.call[i], 200, -1, -1, "application/json",
                            "{\"symbols\":[{\"symbol\":\"AACUSDT\",\"status\":\"TRADING\",\"filters\":[]}]}");
    while (world.instruments == 0 && ev_is_active(&end))
        ev_run(world.loop, EVRUN_ONCE);
    assert_int_equal(world.instruments, 1);
    ev_timer_stop(world.loop, &end);
    world_end(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_start_on_spot),
        cmocka_unit_test(test_trades_of_the_time_before),
        cmocka_unit_test(test_shown_is_deep_and_first),
        cmocka_unit_test(test_start_on_usdm_uses_both_paths),
        cmocka_unit_test(test_goes_on_without_exchange_info),
        cmocka_unit_test(test_unlisted_symbol_is_found_and_left_out),
        cmocka_unit_test(test_commands_stay_within_the_rate),
        cmocka_unit_test(test_symbols_come_and_go),
        cmocka_unit_test(test_configurations_are_checked),
        cmocka_unit_test(test_lost_link_comes_back),
        cmocka_unit_test(test_silent_link_is_made_anew),
        cmocka_unit_test(test_quiet_market_makes_no_storm),
        cmocka_unit_test(test_storm_of_refusals_is_bounded),
        cmocka_unit_test(test_refused_upgrade_is_obeyed_to_the_second),
        cmocka_unit_test(test_rest_ban_is_obeyed_to_the_second),
        cmocka_unit_test(test_ban_of_a_shared_host_is_for_all),
        cmocka_unit_test(test_snapshot_from_before_a_loss_is_left_out),
        cmocka_unit_test(test_own_stall_is_no_silence),
        cmocka_unit_test(test_html_instead_of_json),
        cmocka_unit_test(test_fifty_books_resync_within_the_share),
        cmocka_unit_test(test_weight_header_holds_the_feed_back),
        cmocka_unit_test(test_audits_go_round),
        cmocka_unit_test(test_subscribed_but_silent),
        cmocka_unit_test(test_no_answer_to_subscribe),
        cmocka_unit_test(test_free_at_any_moment),
        cmocka_unit_test(test_runs_by_its_own_timer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

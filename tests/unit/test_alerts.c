/* The engine's alerts: set, judged with the market, refused in words, bounded, and kept in a file over a restart. */
#include "unit/pipeline_world.h"
#include "unit/store_fixture.h"

#include "app/alert_file.h"
#include "app/alert_keeper.h"
#include "app/alert_list.h"
#include "app/journal_states.h"
#include "core/base/decimal.h"

#include <sys/stat.h>

#define TICK_PRICE(p) ((int64_t)((p)*100))
#define LEVEL(p)      ((int64_t)((p)*100) * 1000000)

static const struct level bids[] = {{.price_ticks = 6000000, .qty_lots = 100000}};
static const struct level asks[] = {{.price_ticks = 6000100, .qty_lots = 100000}};

struct desk {
    struct world world;
    struct alert_list list;
    uint32_t seq;
};

static void trade(struct desk *desk, double price, bool watched)
{
    struct feed_event event = {.kind = FEED_TRADE, .instrument = &desk->world.instrument};

    world_trade(&desk->world, SIDE_BID, TICK_PRICE(price), 100);
    event.trade.price_ticks = TICK_PRICE(price);
    alert_list_on_event(&desk->list, desk->world.pipeline, &event, watched);
}

static void pass_time(struct desk *desk, int64_t ns, bool watched)
{
    struct feed_event event = {.kind = FEED_DEPTH, .instrument = &desk->world.instrument};

    world_depth(&desk->world, ns, false);
    alert_list_on_event(&desk->list, desk->world.pipeline, &event, watched);
}

static struct desk *desk_new(void)
{
    struct desk *desk = calloc(1, sizeof(*desk));

    assert_non_null(desk);
    world_init(&desk->world, bids, 1, asks, 1);
    trade(desk, 60000, true);
    return desk;
}

static void desk_free(struct desk *desk)
{
    pipeline_free(desk->world.pipeline);
    free(desk);
}

static const char *answer_to(struct desk *desk, const struct command *command)
{
    struct command asked = *command;
    const struct pipeline *pipeline = desk->world.pipeline;

    asked.seq = ++desk->seq;
    snprintf(asked.source, sizeof(asked.source), "key");
    alert_list_command(&desk->list, desk->world.pipeline, &asked);
    return pipeline->answer[(pipeline->answer_count - 1) % PIPELINE_ANSWERS_MAX].text;
}

static const char *set(struct desk *desk, enum alert_of of, bool above, int64_t level)
{
    const struct command command = {.kind = COMMAND_ALERT, .index = of, .flag = above, .number = level};

    return answer_to(desk, &command);
}

static const char *newest_note(const struct desk *desk)
{
    const struct pipeline *pipeline = desk->world.pipeline;

    return pipeline->note[(pipeline->note_seq - 1) % PIPELINE_NOTES_MAX].text;
}

/* --- judging -------------------------------------------------------------------------------------------------- */

/* Between two looks a price may come and go: each trade counts. */
static void test_a_price_rings_with_the_trade_and_once(void **state)
{
    struct desk *desk = desk_new();

    (void)state;
    assert_string_equal(set(desk, ALERT_PRICE, true, LEVEL(60100)),
                        "ALERT  rings once: BTCUSDT >= 60100.00; it ends with this run");
    trade(desk, 60099.99, true);
    assert_int_equal(desk->list.rung, 0);
    trade(desk, 60100, true); /* as its words say, >= */
    trade(desk, 60000, true);
    trade(desk, 60200, true);
    assert_int_equal(desk->list.rung, 1);
    assert_int_equal(desk->list.alert[0].rang_at, LEVEL(60100));
    assert_int_equal(desk->list.alert[0].rang_ns, desk->world.now_ns);
    assert_false(desk->list.alert[0].away);
    assert_string_equal(newest_note(desk), "ALERT BTCUSDT >= 60100.00: traded 60100.00");
    desk_free(desk);
}

static void test_the_other_kinds_are_looked_at(void **state)
{
    static const struct {
        enum alert_of of;
        bool above;
        int64_t level;
        const char *text;
    } kind[] = {{ALERT_CHANGE, true, 1000, "ALERT BTCUSDT change >= +1.00 %: it is +2.00 %"},
                {ALERT_SPREAD, true, 50, "ALERT BTCUSDT spread >= 0.50 bp: it is 1.00 bp"}};

    (void)state;
    for (size_t i = 0; i < sizeof(kind) / sizeof(kind[0]); i++) {
        struct desk *desk = desk_new();
        struct feed_event event = {.kind = FEED_DEPTH, .instrument = &desk->world.instrument};
        const struct level gone[] = {{.price_ticks = 6000100}, {.price_ticks = 6000600, .qty_lots = 5}};

        set(desk, kind[i].of, kind[i].above, kind[i].level);
        assert_int_equal(desk->list.waiting, 1);
        pass_time(desk, 200000000, true);
        assert_int_equal(desk->list.rung, 0);
        trade(desk, 61200, true);
        event.depth = (struct depth_update){.recv_ns = desk->world.now_ns,
                                            .first_id = desk->world.id + 1,
                                            .last_id = desk->world.id + 1,
                                            .levels = {NULL, gone},
                                            .level_count = {0, 2}};
        event.recv_ns = desk->world.now_ns;
        desk->world.id++;
        pipeline_on_feed(desk->world.pipeline, &event);
        pass_time(desk, 200000000, true);
        assert_int_equal(desk->list.rung, 1);
        assert_string_equal(newest_note(desk), kind[i].text);
        desk_free(desk);
    }
}

static void test_what_rings_unwatched_is_told_once(void **state)
{
    struct desk *desk = desk_new();
    const struct command seen = {.kind = COMMAND_ALERTS_SEEN};
    uint64_t changes;

    (void)state;
    set(desk, ALERT_PRICE, false, LEVEL(59000));
    trade(desk, 58999, false);
    assert_true(desk->list.alert[0].away);
    assert_non_null(strstr(newest_note(desk), "traded 58999.00, no screen"));
    changes = desk->list.changes;
    alert_list_command(&desk->list, desk->world.pipeline, &seen);
    assert_false(desk->list.alert[0].away);
    assert_int_equal(desk->list.changes, changes + 1);
    alert_list_command(&desk->list, desk->world.pipeline, &seen);
    assert_int_equal(desk->list.changes, changes + 1); /* nothing to keep anew */
    desk_free(desk);
}

/* --- setting and removing -------------------------------------------------------------------------------------- */

static void test_refused_and_removed_in_words(void **state)
{
    struct desk *desk = desk_new();
    const struct command drop = {.kind = COMMAND_ALERT_DROP, .number = 1}, all = {.kind = COMMAND_ALERT_DROP};
    const struct command foreign = {.kind = COMMAND_ALERT, .instrument_id = 7, .number = 1};

    (void)state;
    assert_string_equal(set(desk, ALERT_PRICE, true, LEVEL(59000)),
                        "NOT SET  it is so already: price is 60000.00");
    assert_string_equal(answer_to(desk, &foreign), "NOT SET  no such instrument, kind or figure");
    assert_string_equal(set(desk, ALERT_KINDS, true, 1), "NOT SET  no such instrument, kind or figure");
    assert_int_equal(desk->list.count, 0);
    set(desk, ALERT_PRICE, true, LEVEL(61000));
    assert_string_equal(set(desk, ALERT_PRICE, true, LEVEL(61000)),
                        "ALERT  waits already: BTCUSDT >= 61000.00");
    assert_string_equal(answer_to(desk, &drop), "ALERT  removed: BTCUSDT >= 61000.00");
    assert_string_equal(answer_to(desk, &drop), "no alert has the number 1; :alerts lists");
    set(desk, ALERT_PRICE, true, LEVEL(61000));
    assert_string_equal(answer_to(desk, &all), "ALERT  1 removed");
    assert_int_equal(desk->list.count, 0);
    desk_free(desk);
}

/* Those that wait are never thrown out; one that has rung makes room, the oldest first. */
static void test_bounded(void **state)
{
    struct desk *desk = desk_new();

    (void)state;
    for (int i = 0; i < ALERTS_MAX; i++)
        assert_non_null(strstr(set(desk, ALERT_PRICE, true, LEVEL(60100 + i)), "rings once"));
    assert_string_equal(
        set(desk, ALERT_PRICE, true, LEVEL(70000)),
        "NOT SET  32 alerts wait, more there cannot be; :alerts lists, :alert drop N removes");
    trade(desk, 60100, true);
    assert_non_null(strstr(set(desk, ALERT_PRICE, true, LEVEL(70000)), "rings once"));
    assert_int_equal(desk->list.count, ALERTS_MAX);
    assert_int_equal(desk->list.waiting, ALERTS_MAX);
    desk_free(desk);
}

/* --- kept ------------------------------------------------------------------------------------------------------ */

/* As the engine's turns: until the file says what is wanted. */
static void keep(struct alert_keeper *keeper, const struct alert_list *list, const char *path, size_t lines)
{
    const char *why;

    alert_keeper_keep(keeper, list->alert, list->count);
    for (int i = 0; i < 5000; i++) {
        size_t found = 0;
        FILE *in = fopen(path, "re");

        alert_keeper_turn(keeper, &why);
        assert_string_equal(why, "");
        for (int c; in != NULL && (c = fgetc(in)) != EOF;)
            found += c == '\n';
        if (in != NULL)
            fclose(in);
        if (found == lines)
            return;
        usleep(1000);
    }
    fail_msg("the file never had %zu lines", lines);
}

static void test_kept_by_the_store_thread_over_a_restart(void **state)
{
    struct folder *folder = *state;
    struct store *store = open_store(folder->db);
    struct alert_keeper *keeper = alert_keeper_new(folder->path, "binance-spot", store);
    struct desk *desk = desk_new(), *next = desk_new();
    struct alert found[ALERTS_MAX];
    char path[256];
    const char *why;

    assert_non_null(keeper);
    assert_int_equal(alert_keeper_found(keeper, found, &why), 0);
    assert_string_equal(why, "");
    desk->list.kept = true;
    assert_string_equal(set(desk, ALERT_PRICE, false, LEVEL(59000)),
                        "ALERT  rings once: BTCUSDT <= 59000.00");
    set(desk, ALERT_IMBALANCE, false, -1100);
    snprintf(path, sizeof(path), "%s/alerts.binance-spot", folder->path);
    keep(keeper, &desk->list, path, 3);
    trade(desk, 58000, false);
    alert_keeper_keep(keeper, desk->list.alert, desk->list.count);
    alert_keeper_free(keeper); /* what is not on disk is put there now */
    keeper = alert_keeper_new(folder->path, "binance-spot", store);
    assert_int_equal(alert_keeper_found(keeper, found, &why), 2);
    assert_string_equal(why, "");
    alert_list_take(&next->list, found, 2);
    assert_int_equal(next->list.waiting, 1);
    assert_true(next->list.alert[0].away);
    assert_int_equal(next->list.alert[0].rang_ns, desk->world.now_ns);
    assert_int_equal(next->list.alert[0].rang_at, LEVEL(58000));
    assert_int_equal(next->list.alert[1].instrument_id, ALERT_NO_SESSION);
    pass_time(next, 200000000, true); /* its symbol is one of this session's */
    assert_int_equal(next->list.alert[1].instrument_id, 0);
    alert_keeper_free(keeper);
    keeper = alert_keeper_new(folder->path, "demo", store); /* another market, other prices */
    assert_int_equal(alert_keeper_found(keeper, found, &why), 0);
    alert_keeper_free(keeper);
    close_store(store, 9);
    desk_free(desk);
    desk_free(next);
}

static void test_a_damaged_file_gives_what_it_can(void **state)
{
    static const struct {
        const char *text;
        int taken;
        const char *why;
    } file[] = {
        {"flowdeck alerts 1\nBTCUSDT price > 61000\n", 1, ""},
        {"", 0, "alerts.demo: its first line is ``, not `flowdeck alerts 1`: nothing was taken from it"},
        {"flowdeck alerts 2\nBTCUSDT price > 61000\n", 0,
         "alerts.demo: its first line is `flowdeck alerts 2`, not `flowdeck alerts 1`: nothing was taken "
         "from it"},
        {"flowdeck alerts 1\nBTCUSDT price > 61000\nbtc\033 price > 1\nETHUSDT change < -2.5\n", 2,
         "alerts.demo: 1 line left out, the first is line 3"},
        {"flowdeck alerts 1\nBTCUSDT price > 1e9\nBTCUSDT price >= 3\nBTCUSDT weight > 3\n"
         "BTCUSDT price > 99999999999\nBTCUSDT price > 3 rang x 3\nBTCUSDT price > 3 rang 5 3 home\n"
         "BTCUSDT price > 3 rang 5 3 away\n",
         1, "alerts.demo: 6 lines left out, the first is line 2"}};
    struct folder *folder = *state;
    struct alert found[ALERTS_MAX];
    char path[256], why[256];

    snprintf(path, sizeof(path), "%s/alerts.demo", folder->path);
    for (size_t i = 0; i < sizeof(file) / sizeof(file[0]); i++) {
        FILE *out = fopen(path, "we");

        assert_non_null(out);
        fputs(file[i].text, out);
        fclose(out);
        assert_int_equal(alert_file_read(folder->path, "demo", found, why, sizeof(why)), file[i].taken);
        assert_string_equal(why, file[i].why);
    }
    assert_int_equal(unlink(path), 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_int_equal(alert_file_read(folder->path, "demo", found, why, sizeof(why)), 0);
    assert_non_null(strstr(why, "reading failed"));
    assert_int_equal(alert_file_write(folder->path, "demo", found, 0, why, sizeof(why)), ERR_STORAGE);
    assert_non_null(strstr(why, "writing failed"));
}

#define IN_FOLDER(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_price_rings_with_the_trade_and_once),
        cmocka_unit_test(test_the_other_kinds_are_looked_at),
        cmocka_unit_test(test_what_rings_unwatched_is_told_once),
        cmocka_unit_test(test_refused_and_removed_in_words),
        cmocka_unit_test(test_bounded),
        IN_FOLDER(test_kept_by_the_store_thread_over_a_restart),
        IN_FOLDER(test_a_damaged_file_gives_what_it_can),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

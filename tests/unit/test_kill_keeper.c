/* The file KILLED follows what the engine wants, by a thread of its own or the store's; the file KILL is found. */
#include "unit/full_disk.h"
#include "unit/store_fixture.h"

#include "app/engine_state.h"
#include "app/kill_keeper.h"
#include "app/options.h"
#include "core/base/clock.h"

#include <sys/stat.h>

#define WAIT_MS 5000

static const char *path_of(const struct folder *folder, const char *name)
{
    static char path[160];

    snprintf(path, sizeof(path), "%s/%s", folder->path, name);
    return path;
}

static void touch(const char *path)
{
    FILE *out = fopen(path, "we");

    assert_non_null(out);
    fclose(out);
}

/* Turns like an engine until the state is wanted; how often KILL was seen. */
static unsigned turn_until(struct kill_keeper *keeper, enum kill_kept wanted, bool until_seen)
{
    unsigned seen = 0;
    char why[256];

    for (int i = 0; i < WAIT_MS; i++) {
        seen += kill_keeper_turn(keeper);
        if (kill_keeper_state(keeper, why, sizeof(why)) == wanted && (!until_seen || seen > 0))
            return seen;
        usleep(1000);
    }
    fail_msg("the keeper's state stays %d: %s", (int)kill_keeper_state(keeper, why, sizeof(why)), why);
    return seen;
}

static void set_and_clear(struct folder *folder, struct store *store)
{
    struct kill_latch latch = {.at_ns = 7, .who = "key K", .why = "2 orders were open"}, found;
    struct kill_keeper *keeper = kill_keeper_new(folder->path, store);
    char why[256];

    assert_non_null(keeper);
    assert_false(kill_keeper_found(keeper, &found));
    assert_int_equal(kill_keeper_state(keeper, why, sizeof(why)), KILL_KEPT);
    kill_keeper_set(keeper, &latch);
    assert_int_equal(kill_keeper_state(keeper, why, sizeof(why)), KILL_KEEPING);
    turn_until(keeper, KILL_KEPT, false);
    assert_true(kill_latch_read(folder->path, &found));
    assert_string_equal(found.who, "key K");
    kill_keeper_clear(keeper);
    turn_until(keeper, KILL_KEPT, false);
    assert_false(kill_latch_read(folder->path, &found));
    kill_keeper_set(keeper, &latch);
    kill_keeper_free(keeper); /* what is on its way is waited for */
    assert_true(kill_latch_read(folder->path, &found));
}

static void test_its_own_thread_keeps_the_latch(void **state)
{
    set_and_clear(*state, NULL);
}

static void test_the_store_thread_keeps_the_latch(void **state)
{
    struct folder *folder = *state;
    struct store *store = open_store(folder->db);

    set_and_clear(folder, store);
    close_store(store, 9);
}

/* While the journal has nothing to write that would find the disk full. */
static void test_on_a_full_disk_the_latch_takes_the_reserve(void **state)
{
    const struct folder *folder = *state;
    struct kill_latch latch = {.at_ns = 7, .who = "key K"}, found;
    struct kill_keeper *keeper;
    char why[WHY_SIZE];
    struct store *store;

    if (!own_mounts())
        skip();
    assert_int_equal(mount("tmpfs", folder->path, "tmpfs", 0, "size=24m"), 0);
    store = open_journal(folder);
    keeper = kill_keeper_new(folder->path, store);
    fill_disk(path_of(folder, "filling"));
    assert_int_equal(access(path_of(folder, "journal/demo/reserve"), F_OK), 0);
    kill_keeper_set(keeper, &latch);
    turn_until(keeper, KILL_KEPT, false);
    assert_true(kill_latch_read(folder->path, &found));
    assert_int_not_equal(access(path_of(folder, "journal/demo/reserve"), F_OK), 0);
    kill_keeper_free(keeper);
    assert_int_equal(store_close(store, 9, why, sizeof(why)),
                     ERR_STORAGE); /* the session's end hears of it */
    assert_non_null(strstr(why, "full"));
    assert_int_equal(umount2(folder->path, MNT_DETACH), 0);
}

static void test_an_earlier_latch_is_found(void **state)
{
    struct folder *folder = *state;
    struct kill_latch latch = {.at_ns = 7, .who = "signal"}, found;
    struct kill_keeper *keeper;
    char why[256];

    assert_int_equal(kill_latch_write(folder->path, &latch, why, sizeof(why)), ERR_OK);
    keeper = kill_keeper_new(folder->path, NULL);
    assert_true(kill_keeper_found(keeper, &found));
    assert_string_equal(found.who, "signal");
    kill_keeper_free(keeper);
    assert_true(kill_latch_read(folder->path, &found)); /* looking does not clear */
}

/* Before the first event there is the time of the start, not that of 1970. */
static void test_an_earlier_latch_is_told_at_the_start(void **state)
{
    struct folder *folder = *state;
    struct kill_latch latch = {.at_ns = 7, .who = "signal"};
    struct engine_live_config live = {.venue = NULL};
    struct engine_config made = {.live = &live};
    struct config *config = options_config_new();
    struct engine *engine;
    struct clock clock;
    char why[CONFIG_WHY_SIZE];
    int64_t before_ns;

    clock_init_real(&clock);
    before_ns = clock_now_ns(&clock);
    assert_int_equal(options_pipeline(config, &made.pipeline, why), ERR_OK);
    assert_int_equal(kill_latch_write(folder->path, &latch, why, sizeof(why)), ERR_OK);
    made.keeper = kill_keeper_new(folder->path, NULL);
    assert_int_equal(engine_new(&made, &engine, why, sizeof(why)), ERR_OK);
    assert_non_null(strstr(engine_pipeline(engine)->note[0].text, "KILLED by signal, before this start"));
    assert_true(engine_pipeline(engine)->note[0].ts_ns >= before_ns);
    assert_true(engine_pipeline(engine)->state_since_ns >= before_ns);
    engine_free(engine);
    kill_keeper_free(made.keeper);
    config_free(config);
}

/* A kill of an attached screen whose command finds its ring full: no clear passes it by. */
static void test_a_lost_kill_of_an_attached_screen_stays(void **state)
{
    struct engine_live_config live = {.venue = NULL};
    struct engine_config made = {.live = &live};
    struct config *config = options_config_new();
    struct attach_note look = {.kind = ATTACH_ASKS, .screen = 1, .command = {.kind = COMMAND_CLEAR_VISIT}};
    struct attach_note kill = {.kind = ATTACH_ASKS, .screen = 1, .command = {.kind = COMMAND_KILL}};
    const struct command clear = {.kind = COMMAND_CLEAR_KILL, .source = "test"};
    struct engine *engine;
    char why[CONFIG_WHY_SIZE];

    (void)state;
    assert_int_equal(options_pipeline(config, &made.pipeline, why), ERR_OK);
    assert_int_equal(engine_new(&made, &engine, why, sizeof(why)), ERR_OK);
    assert_int_equal(engine_serve_screens(engine, NULL), ERR_OK);
    engine_do_command(engine, &kill.command, 0);
    while (engine_note(engine, &look))
        ;
    assert_false(engine_note(engine, &kill));
    engine_do_command(engine, &clear, 0);
    assert_true(atomic_load(engine->kill_flag));
    engine_take_kill_flag(engine);
    assert_int_equal(engine->pipeline->risk.state, STATE_KILLED);
    engine_free(engine);
    config_free(config);
}

/* The latch stands before the file goes: no crash in between loses the kill. */
static void test_a_kill_file_is_found_once_and_becomes_the_latch(void **state)
{
    struct folder *folder = *state;
    struct kill_keeper *keeper = kill_keeper_new(folder->path, NULL);
    struct kill_latch found;
    unsigned again = 0;

    turn_until(keeper, KILL_KEPT, false);
    touch(path_of(folder, KILL_FILE));
    assert_int_equal(turn_until(keeper, KILL_KEPT, true), 1);
    assert_int_equal(access(path_of(folder, KILL_FILE), F_OK), -1);
    assert_true(kill_latch_read(folder->path, &found));
    assert_string_equal(found.who, "file KILL");
    for (int i = 0; i < 300; i++) {
        again += kill_keeper_turn(keeper);
        usleep(1000);
    }
    assert_int_equal(again, 0);
    kill_keeper_free(keeper);
}

static void test_a_kill_file_before_the_start_kills(void **state)
{
    struct folder *folder = *state;
    struct kill_keeper *keeper;
    struct kill_latch found;

    touch(path_of(folder, KILL_FILE));
    keeper = kill_keeper_new(folder->path, NULL);
    assert_true(kill_keeper_found(keeper, &found));
    assert_string_equal(found.who, "file KILL");
    kill_keeper_free(keeper);
    assert_true(kill_latch_read(folder->path, &found));
    assert_int_equal(access(path_of(folder, KILL_FILE), F_OK), -1);
}

/* A folder of that name cannot be unlinked: it kills as long as it is there. */
static void test_a_kill_file_that_stays_kills_again(void **state)
{
    struct folder *folder = *state;
    struct kill_keeper *keeper = kill_keeper_new(folder->path, NULL);

    assert_int_equal(mkdir(path_of(folder, KILL_FILE), 0700), 0);
    assert_int_equal(turn_until(keeper, KILL_KEPT, true), 1);
    assert_int_equal(turn_until(keeper, KILL_KEPT, true), 1);
    kill_keeper_free(keeper);
}

static void test_a_latch_that_cannot_be_written_is_told_and_tried_again(void **state)
{
    struct folder *folder = *state;
    struct kill_latch latch = {.at_ns = 7, .who = "key K"}, found;
    struct kill_keeper *keeper = kill_keeper_new(folder->path, NULL);
    char why[256];

    assert_int_equal(mkdir(path_of(folder, KILL_LATCH_FILE), 0700), 0);
    kill_keeper_set(keeper, &latch);
    turn_until(keeper, KILL_NOT_KEPT, false);
    kill_keeper_state(keeper, why, sizeof(why));
    assert_non_null(strstr(why, KILL_LATCH_FILE));
    assert_int_equal(rmdir(path_of(folder, KILL_LATCH_FILE)), 0);
    turn_until(keeper, KILL_KEPT, false);
    assert_true(kill_latch_read(folder->path, &found));
    assert_string_equal(found.who, "key K");
    kill_keeper_free(keeper);
}

static void test_without_a_folder_nothing_is_kept(void **state)
{
    struct kill_latch latch = {.who = "key K"}, found;
    struct kill_keeper *keeper = kill_keeper_new("", NULL);
    char why[256];

    (void)state;
    assert_false(kill_keeper_found(keeper, &found));
    kill_keeper_set(keeper, &latch);
    assert_false(kill_keeper_turn(keeper));
    assert_int_equal(kill_keeper_state(keeper, why, sizeof(why)), KILL_KEPT);
    kill_keeper_free(keeper);
    kill_keeper_free(NULL);
}

#define KEEPER_TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        KEEPER_TEST(test_its_own_thread_keeps_the_latch),
        KEEPER_TEST(test_the_store_thread_keeps_the_latch),
        KEEPER_TEST(test_on_a_full_disk_the_latch_takes_the_reserve),
        KEEPER_TEST(test_an_earlier_latch_is_found),
        KEEPER_TEST(test_an_earlier_latch_is_told_at_the_start),
        cmocka_unit_test(test_a_lost_kill_of_an_attached_screen_stays),
        KEEPER_TEST(test_a_kill_file_is_found_once_and_becomes_the_latch),
        KEEPER_TEST(test_a_kill_file_before_the_start_kills),
        KEEPER_TEST(test_a_kill_file_that_stays_kills_again),
        KEEPER_TEST(test_a_latch_that_cannot_be_written_is_told_and_tried_again),
        KEEPER_TEST(test_without_a_folder_nothing_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

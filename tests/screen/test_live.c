/*
 * test_live.c - the live half of the program in a terminal: the demo's market on loopback, and a venue that cannot be
 * reached. Judged by cells alone; each wait is bounded, nothing leaves this machine.
 */
#include "screen/vt_harness.h"

#define START_MS  10000
#define ANSWER_MS 6000

static char program[512], folder[] = "/tmp/flowdeck-live-XXXXXX";

static struct vt *start(int rows, int cols, const char *const *words, const char *const *env)
{
    static const char *argv[16];
    struct vt *vt;
    int count = 0;

    argv[count++] = program;
    argv[count++] = "--data-dir";
    argv[count++] = folder;
    for (int i = 0; words[i] != NULL; i++)
        argv[count++] = words[i];
    argv[count] = NULL;
    vt = vt_start(&(struct vt_options){.rows = rows, .cols = cols, .argv = argv, .env = env});
    assert_non_null(vt);
    return vt;
}

static void leave(struct vt *vt)
{
    kill(vt->pid, SIGTERM);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_true(vt_is_sane(vt));
    vt_free(vt);
}

/* One command: a market that is not real and says so, LIVE, a strategy ON, its instruments in a list, one key to the
 * next, one to trade. */
static void test_the_demo_opens_trades_and_steps_through_instruments(void **state)
{
    static const char *const words[] = {"--demo", "--seed", "5", NULL};
    struct vt *vt = start(36, 120, words, NULL);
    int64_t from_ms = vt_now_ms();

    (void)state;
    vt_expect(vt, "LIVE 0.", START_MS);
    print_message("demo: LIVE on the screen after %lld ms\n", (long long)(vt_now_ms() - from_ms));
    vt_expect(vt, "SIMULATION", ANSWER_MS);
    vt_expect(vt, "DEMO MARKET, NOT REAL", ANSWER_MS);
    vt_expect(vt, "FIRST TIME?", ANSWER_MS);
    assert_false(vt_shows(vt, "binance spot")); /* it is not */
    vt_send(vt, "\x1b[Z");                      /* back from the first list to the last: watch */
    vt_expect(vt, "[watch 3]", ANSWER_MS);
    vt_expect(vt, "SOLUSDT", ANSWER_MS);
    vt_send(vt, "n");
    vt_expect(vt, "ladder  row 0.", ANSWER_MS);
    vt_expect(vt, "gate pass", ANSWER_MS);
    vt_send(vt, "N");
    vt_expect(vt, "ladder  row 5.00", ANSWER_MS);
    vt_expect(vt, "gate pass", ANSWER_MS);
    vt_send(vt, "M");
    vt_expect(vt, "SEND THIS ORDER?", ANSWER_MS);
    vt_settle(vt, 400, 1500); /* y counts only after the question has been seen */
    vt_send(vt, "y");
    vt_expect(vt, "LONG 0.01", ANSWER_MS);
    leave(vt);
}

static bool has_market(void)
{
    char path[128];

    snprintf(path, sizeof(path), "%s/exchange/exchange.json", folder);
    return access(path, F_OK) == 0;
}

static struct vt *start_opening(int rows, int cols)
{
    static const char *const words[] = {"--demo", "--seed", "5", NULL};
    struct vt *vt = start(rows, cols, words, NULL);

    vt_expect(vt, "KILL", START_MS);
    if (!has_market()) /* a machine that has much else to do may have come to it late */
        assert_true(vt_shows(vt, "the built-in exchange makes its market"));
    return vt;
}

/* The screen stands whole while the exchange still makes its market, says so, and q and Ctrl-C twice leave in order. */
static void test_the_screen_stands_before_there_is_a_market(void **state)
{
    static const char *const keys[] = {"q", "\x03\x03"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct vt *vt = i == 0 ? start_opening(24, 80) : start_opening(36, 120);

        vt_send(vt, keys[i]);
        if (!vt_wait_exit(vt, 1500)) { /* a strategy is ON: it asks */
            vt_expect(vt, "LEAVE?", ANSWER_MS);
            vt_settle(vt, 400, 1500);
            vt_send(vt, "x");
            assert_true(vt_wait_exit(vt, ANSWER_MS));
        }
        assert_int_equal(vt_exit_code(vt), 0);
        assert_true(vt_is_sane(vt));
        assert_false(has_market()); /* nor does its exchange stay */
        vt_free(vt);
    }
}

static bool log_says(const char *text)
{
    char path[128], line[1024];
    bool says = false;
    FILE *in;

    snprintf(path, sizeof(path), "%s/flowdeck.log", folder);
    in = fopen(path, "re");
    while (in != NULL && !says && fgets(line, sizeof(line), in) != NULL)
        says = strstr(line, text) != NULL;
    if (in != NULL)
        fclose(in);
    return says;
}

/* A file of commands that nothing could be done of yet: who leaves is told so, and a closed terminal leaves it in the log. */
static void test_a_file_that_is_not_done_is_told(void **state)
{
    static char path[128];
    static const char *const words[] = {"--symbol", "NOSUCHUSDT", "--execute", path, NULL};
    static const char *const env[] = {"FLOWDECK_FEED_REST_URL=https://127.0.0.1:1",
                                      "FLOWDECK_FEED_STREAM_URL=wss://127.0.0.1:1", NULL};
    struct vt *vt;
    FILE *out;

    (void)state;
    snprintf(path, sizeof(path), "%s/a.fd", folder);
    out = fopen(path, "we");
    assert_non_null(out);
    fprintf(out, "# at the start\npause\nbell off\n");
    fclose(out);
    vt = start(36, 120, words, env);
    vt_expect(vt, "cannot reach 127.0.0.1", START_MS);
    kill(vt->pid, SIGTERM);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    vt_expect(vt, "a.fd:2: NOT EXECUTED: pause; 1 line after it not run", ANSWER_MS);
    assert_true(vt_is_sane(vt));
    vt_free(vt);
    assert_true(log_says("script.cut"));
    snprintf(path, sizeof(path), "%s/flowdeck.log", folder);
    assert_int_equal(unlink(path), 0);
    snprintf(path, sizeof(path), "%s/a.fd", folder);
    vt = start(36, 120, words, env);
    vt_expect(vt, "cannot reach 127.0.0.1", START_MS);
    vt_hang_up(vt);
    for (int64_t from_ms = vt_now_ms(); !log_says("script.cut") && vt_now_ms() - from_ms < START_MS;)
        usleep(20000);
    assert_true(log_says("a.fd:2: NOT EXECUTED: pause; 1 line after it not run"));
    kill(vt->pid, SIGTERM); /* it trades on */
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    vt_free(vt);
}

/* KILLED at once; and of the next start nobody knows the time: KILLED again, not KILLING since 1970. The last one: a kill
 * stays in the folder. */
static void test_a_kill_before_there_is_a_market(void **state)
{
    struct vt *vt = start_opening(36, 120);

    (void)state;
    vt_send(vt, "K");
    vt_expect(vt, "KILLED", ANSWER_MS);
    leave(vt);
    vt = start_opening(36, 120);
    vt_expect(vt, "by key, before this start", START_MS);
    vt_expect(vt, "LIVE 0.", START_MS);
    assert_true(vt_shows(vt, "by key, before this start"));
    assert_false(vt_shows(vt, "KILLING"));
    leave(vt);
}

/* Nobody listens at port 1: what, why and the next try at each size, and the keys work. */
static void test_an_unreachable_venue_is_told_and_the_screen_stays_usable(void **state)
{
    static const char *const words[] = {"--symbol", "BTCUSDT", NULL};
    static const char *const env[] = {"FLOWDECK_FEED_REST_URL=https://127.0.0.1:1",
                                      "FLOWDECK_FEED_STREAM_URL=wss://127.0.0.1:1", NULL};
    static const int sizes[][2] = {{24, 80}, {55, 200}};

    (void)state;
    for (int i = 0; i < 2; i++) {
        struct vt *vt = start(sizes[i][0], sizes[i][1], words, env);

        vt_expect(vt, "cannot reach 127.0.0.1", 5000);
        vt_expect(vt, "not reached, try", ANSWER_MS);
        vt_expect(vt, "refused", ANSWER_MS);
        vt_expect(vt, "flowdeck --demo", ANSWER_MS);
        vt_expect(vt, "OBSERVATION", ANSWER_MS);
        vt_send(vt, "?");
        vt_expect(vt, "on the ladder", ANSWER_MS);
        vt_send(vt, "\x1b");
        vt_settle(vt, 700, 1500);
        if (i == 0) {
            vt_expect(vt, "book DOWN",
                      ANSWER_MS); /* its instrument is known from the built-in table by now */
            vt_send(vt, "q");
            assert_true(vt_wait_exit(vt, ANSWER_MS));
            assert_true(vt_is_sane(vt));
            vt_free(vt);
        } else {
            leave(vt);
        }
    }
}

/* A certificate file without certificates: one line, no screen, no crash. */
static void test_a_useless_ca_file_is_one_line(void **state)
{
    static const char *const words[] = {"--symbol", "BTCUSDT", NULL};
    static const char *const env[] = {"FLOWDECK_FEED_CA_FILE=/dev/null", NULL};
    struct vt *vt = start(24, 80, words, env);

    (void)state;
    vt_expect(vt, "trusted certificates", ANSWER_MS);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_int_equal(vt_exit_code(vt), 1);
    vt_free(vt);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_screen_stands_before_there_is_a_market),
        cmocka_unit_test(test_the_demo_opens_trades_and_steps_through_instruments),
        cmocka_unit_test(test_an_unreachable_venue_is_told_and_the_screen_stays_usable),
        cmocka_unit_test(test_a_useless_ca_file_is_one_line),
        cmocka_unit_test(test_a_file_that_is_not_done_is_told),
        cmocka_unit_test(test_a_kill_before_there_is_a_market),
    };
    const char *build = getenv("FLOWDECK_BUILD");
    char command[128];
    int failed;

    (void)argc;
    (void)argv;
    snprintf(program, sizeof(program), "%s/flowdeck", build == NULL ? "build" : build);
    if (mkdtemp(folder) == NULL)
        return 1;
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command) == 0 ? failed : 1;
}

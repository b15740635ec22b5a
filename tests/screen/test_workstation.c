/*
 * test_workstation.c - the whole program in a terminal, driven by keys alone and judged by cells alone.
 *
 * The market is the demo recording. Waits are bounded; nothing depends on how fast the machine is, but that it
 * gets there.
 */
#include "screen/vt_harness.h"

#include <dirent.h>
#include <libgen.h>
#include <sys/syscall.h>

#define START_MS  15000
#define ANSWER_MS 8000

static char program[512], demo[512];

static struct vt *start(int rows, int cols, const char *const *more, const char *const *env)
{
    static const char *argv[32];
    const char *const store[] = {"FLOWDECK_STORE_ON=false", NULL};
    struct vt *vt;
    int count = 0;

    argv[count++] = program;
    argv[count++] = "replay";
    argv[count++] = demo;
    for (int i = 0; more != NULL && more[i] != NULL; i++)
        argv[count++] = more[i];
    argv[count] = NULL;
    vt = vt_start(
        &(struct vt_options){.rows = rows, .cols = cols, .argv = argv, .env = env == NULL ? store : env});
    assert_non_null(vt);
    return vt;
}

/* In simulation, paced, five minutes into the market: everything has figures. */
static struct vt *start_trading(int rows, int cols)
{
    static const char *const more[] = {"--mode", "simulation", "--at", "14:05", NULL};
    struct vt *vt = start(rows, cols, more, NULL);

    vt_expect(vt, "SIMULATION", START_MS);
    vt_expect(vt, "LIVE", START_MS);
    vt_expect(vt, cols < 100 ? "56 %" : "14:05:", START_MS); /* there, not on the way */
    vt_expect(vt, "NEXT", START_MS);
    vt_settle(vt, 200, 1000);
    return vt;
}

static void leave(struct vt *vt)
{
    kill(vt->pid, SIGTERM);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_true(vt_is_sane(vt));
    vt_free(vt);
}

static void test_three_sizes_show_market_money_and_next(void **state)
{
    static const struct {
        int rows, cols;
    } sizes[] = {{24, 80}, {36, 120}, {55, 200}};
    static const char *const always[] = {"SIMULATION", "BTCUSDT",    "book",   "LIVE", "touch",
                                         "position",   "order flow", "orders", "NEXT", "KILL"};

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        struct vt *vt = start_trading(sizes[i].rows, sizes[i].cols);

        for (size_t word = 0; word < sizeof(always) / sizeof(always[0]); word++)
            vt_expect(vt, always[word], ANSWER_MS);
        leave(vt);
    }
}

/* An order by hand, from the size of the screen alone: asked for, confirmed, working, cancelled. */
static void test_an_order_is_asked_for_placed_and_cancelled(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    vt_expect(vt, "14:05:", START_MS); /* aim when the recording plays, not while it runs there */
    vt_send(vt, "0jjjjjj");            /* well away from the inside, so that it rests */
    vt_settle(vt, 300, 3000);
    vt_send(vt, "i");
    vt_expect(vt, "SEND THIS ORDER?", ANSWER_MS);
    vt_settle(vt, 400, 1500); /* y counts only after the question has been seen for 250 ms */
    vt_send(vt, "y");
    vt_expect(vt, "working", ANSWER_MS);
    vt_send(vt, "U");
    vt_expect(vt, "cancelled", ANSWER_MS);
    leave(vt);
}

static void test_enter_never_sends_a_question_by_itself(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    vt_expect(vt, "14:05:", START_MS); /* aim when the recording plays, not while it runs there */
    vt_send(vt, "0jjjjjj");
    vt_settle(vt, 300, 3000);
    vt_send(vt, "i");
    vt_expect(vt, "SEND THIS ORDER?", ANSWER_MS);
    vt_settle(vt, 400, 1500);
    vt_send(vt, "\r");
    vt_settle(vt, 400, 2000);
    assert_false(vt_shows(vt, "SEND THIS ORDER?"));
    assert_false(vt_shows(vt, "manual BUY  0.010/0.010"));
    leave(vt);
}

static void test_kill_is_one_key_and_latches(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    vt_send(vt, "K");
    vt_expect(vt, "KILLED", ANSWER_MS);
    vt_send(vt, "i");
    vt_settle(vt, 300, 2000);
    assert_false(vt_shows(vt, "SEND THIS ORDER?"));
    vt_send(vt, " "); /* resume is refused */
    vt_settle(vt, 300, 2000);
    assert_true(vt_shows(vt, "KILLED"));
    leave(vt);
}

static void test_pause_holds_the_replay_and_resume_goes_on(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    vt_send(vt, " ");
    vt_expect(vt, "PAUSED", ANSWER_MS);
    vt_settle(vt, 1700, 3000); /* the second half of a nervous double tap is dead */
    vt_send(vt, " ");
    vt_expect(vt, "ACTIVE", ANSWER_MS);
    leave(vt);
}

static void test_observation_answers_why_it_sends_nothing(void **state)
{
    static const char *const more[] = {"--at", "14:05", NULL};
    struct vt *vt = start(36, 120, more, NULL);

    (void)state;
    vt_expect(vt, "OBSERVATION", START_MS);
    vt_expect(vt, "LIVE", START_MS);
    vt_settle(vt, 300, 2000);
    vt_send(vt, "i");
    vt_expect(vt, "observation", ANSWER_MS);
    vt_send(vt, "s");
    vt_expect(vt, "SIMULATION", ANSWER_MS);
    leave(vt);
}

/* The other instrument: everything of it, the order in question judged in its own units. */
static void test_the_next_instrument_is_one_key_away(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    vt_send(vt, "n");
    vt_expect(vt, "ETHUSDT", ANSWER_MS);
    vt_expect(vt, "NEXT  BUY", ANSWER_MS);
    vt_settle(vt, 500, 1500);
    assert_false(vt->exited);
    vt_send(vt, "n");
    vt_expect(vt, "BTCUSDT", ANSWER_MS);
    leave(vt);
}

/* A stop needs a position; it then waits for its price and is taken back with what it would close. */
static void test_a_stop_is_judged_and_told_in_words(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    vt_send(vt, "t");
    vt_settle(vt, 600, 2000);
    assert_false(vt->exited);
    assert_false(vt_shows(vt, "above 0"));
    leave(vt);
}

static void test_signal_usr1_kills_trading(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    kill(vt->pid, SIGUSR1);
    vt_expect(vt, "KILLED", ANSWER_MS);
    leave(vt);
}

static void test_other_sizes_and_resizes_never_break_it(void **state)
{
    static const struct {
        int rows, cols;
    } sizes[] = {{15, 60},  {12, 58},  {36, 120}, {24, 80}, {5, 20},
                 {55, 200}, {30, 100}, {70, 250}, {24, 81}, {36, 120}};
    struct vt *vt = start_trading(24, 80);

    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        vt_resize(vt, sizes[i].rows, sizes[i].cols);
        vt_settle(vt, 150, 1500);
        assert_false(vt->exited);
    }
    vt_expect(vt, "order flow", ANSWER_MS);
    vt_resize(vt, 12, 58);
    vt_expect(vt, "60x15", ANSWER_MS); /* says the size it needs */
    vt_resize(vt, 36, 120);
    vt_expect(vt, "NEXT", ANSWER_MS);
    leave(vt);
}

/* A terminal that does not read costs frames, never the engine's time: the market goes on behind it. */
static void test_a_terminal_that_does_not_read_stops_nothing(void **state)
{
    static const char *const more[] = {"--mode", "simulation", "--speed", "20", NULL};
    struct vt *vt = start(36, 120, more, NULL);

    (void)state;
    vt_expect(vt, "LIVE", START_MS);
    usleep(3500000); /* 3.5 s unread: 70 s of market */
    vt_expect(vt, "14:01:", START_MS);
    leave(vt);
}

static void test_hang_up_ends_in_order(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    vt_hang_up(vt);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    vt_free(vt);
}

/* QUIT is no crash: no core, the terminal given back, the code of TERM. */
static void test_signal_quit_ends_in_order(void **state)
{
    struct vt *vt = start_trading(24, 80);

    (void)state;
    kill(vt->pid, SIGQUIT);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_int_equal(vt_exit_code(vt), 0);
    assert_true(vt_is_sane(vt));
    vt_free(vt);
}

static void test_quit_by_key_leaves_the_terminal_sane(void **state)
{
    static const char *const more[] = {"--at", "14:01", NULL};
    struct vt *vt = start(24, 80, more, NULL);

    (void)state;
    vt_expect(vt, "OBSERVATION", START_MS);
    vt_settle(vt, 300, 2000);
    vt_send(vt, "q");
    if (!vt_wait_exit(vt, 1500)) { /* a strategy is ON: it asks */
        vt_expect(vt, "LEAVE?", ANSWER_MS);
        vt_settle(vt, 400, 1500);
        vt_send(vt, "x");
        assert_true(vt_wait_exit(vt, ANSWER_MS));
    }
    assert_int_equal(vt_exit_code(vt), 0);
    assert_true(vt_is_sane(vt));
    vt_free(vt);
}

/* A fault of any thread: the terminal is left sane, and one line says what happened. */
static void test_a_fault_of_any_thread_leaves_the_terminal_sane(void **state)
{
    (void)state;
    for (int other = 0; other < 2; other++) {
        struct vt *vt = start_trading(24, 80);
        char path[64];
        struct dirent *entry;
        pid_t thread = vt->pid;
        DIR *tasks;

        snprintf(path, sizeof(path), "/proc/%d/task", (int)vt->pid);
        tasks = opendir(path);
        assert_non_null(tasks);
        while (other == 1 && (entry = readdir(tasks)) != NULL)
            if (atoi(entry->d_name) > thread)
                thread = atoi(entry->d_name);
        closedir(tasks);
        assert_true((thread != vt->pid) == (other == 1));
        assert_int_equal(syscall(SYS_tgkill, vt->pid, thread, SIGSEGV), 0);
        assert_true(vt_wait_exit(vt, ANSWER_MS));
        assert_true(vt_is_sane(vt));
        vt_free(vt);
    }
}

/* Without colours and with ASCII alone every word still stands. */
static void test_plain_terminals_say_the_same(void **state)
{
    static const char *const ascii[] = {"--mode",  "simulation", "--at", "14:05",
                                        "--ascii", "--no-color", NULL};
    static const char *const plain[] = {"--mode", "simulation", "--at", "14:05", NULL};
    static const char *const env[] = {
        "FLOWDECK_STORE_ON=false", "TERM=vt100", "LANG=C", "LC_ALL=C", "NO_COLOR=1", NULL};
    struct vt *vt = start(24, 80, ascii, NULL);

    (void)state;
    vt_expect(vt, "LIVE", START_MS);
    vt_settle(vt, 200, 1500);
    for (const char *at = vt_text(vt); *at != '\0'; at++)
        assert_true((unsigned char)*at < 0x80);
    leave(vt);
    vt = start(24, 80, plain, env);
    vt_expect(vt, "LIVE", START_MS);
    leave(vt);
}

static void test_curses_back_end_shows_the_same_screen(void **state)
{
    static const char *const more[] = {"--mode", "simulation", "--at", "14:05", "--terminal", "curses", NULL};
    struct vt *vt = start(36, 120, more, NULL);

    (void)state;
    vt_expect(vt, "order flow", START_MS);
    vt_expect(vt, "NEXT", START_MS);
    leave(vt);
}

/* A megabyte of paste and hostile bytes send no order and end nothing. */
static void test_paste_and_garbage_send_no_order(void **state)
{
    static char paste[1 << 16];
    struct vt *vt = start_trading(36, 120);

    (void)state;
    memset(paste, 'i', sizeof(paste));
    for (int i = 0; i < 16; i++)
        vt_send_bytes(vt, paste, sizeof(paste));
    vt_settle(vt, 500, 8000);
    assert_false(vt->exited);
    assert_false(vt_shows(vt, "manual BUY"));
    for (size_t i = 0; i < sizeof(paste); i++)
        paste[i] = (char)((i * 2654435761u) >> 13);
    for (size_t i = 0; i < sizeof(paste); i++) /* no kill, quit or yes among the noise */
        if (strchr("KqyxdQ\x03", paste[i] & 0x7f) != NULL || ((unsigned char)paste[i] & 0xe0) == 0xc0)
            paste[i] = 0;
    vt_send_bytes(vt, paste, sizeof(paste));
    vt_settle(vt, 500, 8000);
    assert_false(vt->exited);
    leave(vt);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_three_sizes_show_market_money_and_next),
        cmocka_unit_test(test_an_order_is_asked_for_placed_and_cancelled),
        cmocka_unit_test(test_enter_never_sends_a_question_by_itself),
        cmocka_unit_test(test_kill_is_one_key_and_latches),
        cmocka_unit_test(test_pause_holds_the_replay_and_resume_goes_on),
        cmocka_unit_test(test_observation_answers_why_it_sends_nothing),
        cmocka_unit_test(test_the_next_instrument_is_one_key_away),
        cmocka_unit_test(test_a_stop_is_judged_and_told_in_words),
        cmocka_unit_test(test_signal_usr1_kills_trading),
        cmocka_unit_test(test_other_sizes_and_resizes_never_break_it),
        cmocka_unit_test(test_a_terminal_that_does_not_read_stops_nothing),
        cmocka_unit_test(test_hang_up_ends_in_order),
        cmocka_unit_test(test_signal_quit_ends_in_order),
        cmocka_unit_test(test_quit_by_key_leaves_the_terminal_sane),
        cmocka_unit_test(test_a_fault_of_any_thread_leaves_the_terminal_sane),
        cmocka_unit_test(test_plain_terminals_say_the_same),
        cmocka_unit_test(test_curses_back_end_shows_the_same_screen),
        cmocka_unit_test(test_paste_and_garbage_send_no_order),
    };
    const char *build = getenv("FLOWDECK_BUILD");

    (void)argc;
    (void)argv;
    snprintf(program, sizeof(program), "%s/flowdeck", build == NULL ? "build" : build);
    snprintf(demo, sizeof(demo), "%s/demo.jsonl.gz", build == NULL ? "build" : build);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

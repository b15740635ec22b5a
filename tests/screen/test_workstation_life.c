/* The program and its terminal: signals, sizes, hang-ups, faults, plain terminals, hostile bytes. */
#include "screen/workstation.h"

#include <dirent.h>
#include <sys/syscall.h>

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
        play(vt, 150);
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
    static const char *const more[] = {"--mode", "simulation", "--speed", "40", NULL};
    struct vt *vt = start(36, 120, more, NULL);

    (void)state;
    vt_expect(vt, "LIVE", START_MS);
    usleep(2000000); /* 2 s unread: 80 s of market */
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
    play(vt, 300);
    vt_send(vt, "q");
    if (!vt_wait_exit(vt, 1500)) { /* a strategy is ON: it asks */
        vt_expect(vt, "LEAVE?", ANSWER_MS);
        play(vt, 400);
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
    static const char *const env[] = {
        "FLOWDECK_STORE_ON=false", "TERM=vt100", "LANG=C", "LC_ALL=C", "NO_COLOR=1", NULL};
    struct vt *vt = start(24, 80, ascii, NULL);

    (void)state;
    vt_expect(vt, "LIVE", START_MS);
    play(vt, 300);
    for (const char *at = vt_text(vt); *at != '\0'; at++)
        assert_true((unsigned char)*at < 0x80);
    leave(vt);
    vt = start(24, 80, trading, env);
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
    play(vt, 500); /* all but what a line holds was read when it could be sent */
    assert_false(vt->exited);
    assert_false(vt_shows(vt, "manual BUY"));
    for (size_t i = 0; i < sizeof(paste); i++)
        paste[i] = (char)((i * 2654435761u) >> 13);
    for (size_t i = 0; i < sizeof(paste); i++) /* no kill, quit or yes among the noise */
        if (strchr("KqyxdQ\x03", paste[i] & 0x7f) != NULL || ((unsigned char)paste[i] & 0xe0) == 0xc0)
            paste[i] = 0;
    vt_send_bytes(vt, paste, sizeof(paste));
    play(vt, 500);
    assert_false(vt->exited);
    leave(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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

    return cmocka_run_group_tests(tests, find_program, NULL);
}

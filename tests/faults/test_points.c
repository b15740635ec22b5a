/*
 * test_points.c - a scripted session, killed at its k-th system call that changes a file, for every k: before the call,
 * and after it, with half of a write done. Then it starts again, and what must hold after a crash holds (after.h).
 *
 * Two scripts: the first start of a folder with some trading and an orderly end (snapshot, end of the session, the ring's
 * end); and the start after a crash, which recovers, with an orderly end.
 */
#include "faults/after.h"

struct script {
    const char *name;
    bool after_crash;
    unsigned long calls; /* as counted */
};

static bool is_gone(const struct desk *desk)
{
    return waitpid(desk->pid, &(int){0}, WNOHANG) == desk->pid;
}

/* False: it died on the way. */
static bool wait_live(struct desk *desk)
{
    int64_t by_ms = vt_now_ms() + START_MS, bid_e8 = 0, ask_e8;
    char why[256];

    while (control_socket_connect(folder, CONTROL_SOCKET, &desk->fd, why, sizeof(why)) != ERR_OK) {
        desk->fd = -1;
        if (is_gone(desk) || vt_now_ms() > by_ms)
            return false;
        usleep(5000);
    }
    while (bid_e8 == 0 && vt_now_ms() < by_ms) {
        if (!desk_status(desk, &bid_e8, &ask_e8))
            return false;
        usleep(5000);
    }
    return true;
}

static bool trade(struct desk *desk)
{
    static const char *const lines[] = {"{\"do\":\"pause\"}",
                                        "{\"do\":\"strategy\",\"strategy\":\"mm\",\"turn\":\"on\"}",
                                        "{\"do\":\"cancel_all\"}"};
    int64_t bid_e8, ask_e8;

    if (!desk_status(desk, &bid_e8, &ask_e8) || desk_set_limit(desk, 0, "4000") < 0 ||
        desk_order(desk, "BUY", ask_e8 + 100000000, 300) < 0 ||
        desk_order(desk, "BUY", bid_e8 / 1000 * 990 / 1000000 * 1000000, 100) < 0 ||
        desk_order(desk, "SELL", bid_e8 - 100000000, 100) < 0)
        return false;
    usleep(80000); /* rows, too */
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        if (desk_ask(desk, lines[i]) < 0)
            return false;
    return desk_order(desk, "BUY", bid_e8 / 1000 * 985 / 1000000 * 1000000, 100) >= 0 &&
           desk_status(desk, &bid_e8, &ask_e8);
}

/* To its end, which may come early. */
static void run_script(struct desk *desk)
{
    int status;

    if (wait_live(desk) && trade(desk))
        kill(desk->pid, SIGTERM);
    else
        kill(desk->pid, SIGKILL); /* it died, or hangs: then the checks after it tell */
    while (waitpid(desk->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    running = 0;
    desk_hang_up(desk);
}

/* The state in which every point of the script begins. Returns the sessions in it. */
static size_t prepare(const struct script *script, struct desk *before)
{
    faults_disarm();
    *before = (struct desk){.fd = -1};
    if (!script->after_crash)
        return 0;
    desk_start(before);
    assert_true(trade(before));
    desk_kill(before);
    return sessions_in(folder);
}

static bool die_at(void **state, const struct script *script, unsigned long at, enum io_act act)
{
    struct desk before, desk, after;
    size_t had, own;
    bool died;

    desk_teardown(state);
    assert_int_equal(desk_setup(state), 0);
    had = prepare(script, &before);
    faults_arm(IO_CHANGES, act, at, false, 0, "flowdeck-");
    desk_launch(&desk);
    memcpy(desk.limit, before.limit, sizeof(desk.limit));
    memcpy(desk.limit_asked, before.limit_asked, sizeof(desk.limit_asked));
    run_script(&desk);
    died = atomic_load(&faults->hits) > 0;
    faults_disarm();
    own = sessions_in(folder);
    desk_start(&after);
    books_read(&books, folder, DESK_ACCOUNT);
    assert_true(books.sessions > own && books.sessions > had);
    if (books.sessions - had == 2)
        check_after(&desk, &after, books.sessions, 1);
    else if (desk.commands > 0)
        fail_msg("the session that answered is not in the journal");
    else
        check_after(&before, &after, books.sessions, had == 0 ? 0 : 1);
    assert_int_equal(desk_end(&after), 0);
    if (at % 16 == 0)
        check_database();
    return died;
}

static unsigned long count_calls(void **state, const struct script *script)
{
    struct desk before, desk;

    desk_teardown(state);
    assert_int_equal(desk_setup(state), 0);
    prepare(script, &before);
    faults_arm(IO_CHANGES, IO_COUNT, 1, false, 0, "flowdeck-");
    desk_launch(&desk);
    run_script(&desk);
    return atomic_load(&faults->count);
}

static void run_points(void **state, struct script *script)
{
    static const enum io_act acts[] = {IO_KILL_BEFORE, IO_KILL_TORN};
    const char *wanted = getenv("FAULT_POINTS");
    unsigned long points = 0, died = 0, step;
    int64_t began_ms = vt_now_ms();

    script->calls = count_calls(state, script);
    step = is_long_form() ? 1 : script->calls / (wanted != NULL ? strtoul(wanted, NULL, 10) : 2) + 1;
    for (unsigned long at = 1 + (is_long_form() ? 0 : (unsigned long)vt_now_ms() % step); at <= script->calls;
         at += step)
        for (size_t i = 0; i < 2; i++) {
            if (!is_long_form() && i != at % 2)
                continue;
            died += die_at(state, script, at, acts[i]);
            points++;
        }
    print_message("%s: %lu system calls that change a file; %lu points tried, died at %lu, %.1f s: 0 "
                  "acknowledged events "
                  "lost, 0 states reset\n",
                  script->name, script->calls, points, died, (double)(vt_now_ms() - began_ms) / 1000.);
}

static void test_the_first_session_killed_at_each_call(void **state)
{
    struct script script = {.name = "first start, trading, end"};

    run_points(state, &script);
}

static void test_a_recovery_killed_at_each_call(void **state)
{
    struct script script = {.name = "start after a crash, trading, end", .after_crash = true};

    run_points(state, &script);
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, desk_setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(test_the_first_session_killed_at_each_call),
        FAULT_TEST(test_a_recovery_killed_at_each_call),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

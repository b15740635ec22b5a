/*
 * test_points.c - a scripted session, killed at its k-th system call that changes a file, for every k: before the call,
 * and after it, with half of a write done. Then it starts again, and what must hold after a crash holds (after.h).
 *
 * Three scripts: the first start of a folder with some trading and an orderly end (snapshot, end of the session, the ring's
 * end); the start after a crash, which recovers, with an orderly end; and that once more with files of the journal so
 * small, and snapshots so frequent, that they follow each other while it trades.
 *
 * The short form tries FAULT_POINTS points (2) of each script; FLOWDECK_SOAK=1 all of them, shared out (shares.h).
 * FAULT_SCRIPT=N: one of the three alone.
 */
#include "faults/shares.h"

#include <dirent.h>

struct script {
    const char *name;
    bool after_crash, small_files;
};

static const struct script scripts[] = {
    {.name = "first start, trading, end"},
    {.name = "start after a crash, trading, end", .after_crash = true},
    {.name = "the same while segments and snapshots follow each other",
     .after_crash = true,
     .small_files = true},
};
#define SCRIPTS (sizeof(scripts) / sizeof(scripts[0]))

static bool is_gone(const struct desk *desk)
{
    return waitpid(desk->pid, &(int){0}, WNOHANG) == desk->pid;
}

/* False: it died on the way. */
static bool wait_live(struct desk *desk)
{
    int64_t by_ms = vt_now_ms() + DESK_START_MS, bid_e8 = 0, ask_e8;
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

/* Files of the journal with that ending. */
static uint64_t files_ending(const char *ending)
{
    char dir[160];
    struct dirent *entry;
    uint64_t count = 0;
    DIR *open_dir;

    snprintf(dir, sizeof(dir), "%s/journal/" DESK_ACCOUNT, folder);
    open_dir = opendir(dir);
    assert_non_null(open_dir);
    while ((entry = readdir(open_dir)) != NULL) {
        const char *dot = strrchr(entry->d_name, '.');

        count += dot != NULL && strcmp(dot, ending) == 0;
    }
    closedir(open_dir);
    return count;
}

static unsigned long count_calls(void **state, const struct script *script)
{
    struct desk before, desk;
    uint64_t segments;

    desk_teardown(state);
    assert_int_equal(desk_setup(state), 0);
    prepare(script, &before);
    segments = script->after_crash ? files_ending(".fdj") : 0;
    faults_arm(IO_CHANGES, IO_COUNT, 1, false, 0, "flowdeck-");
    desk_launch(&desk);
    run_script(&desk);
    segments = files_ending(".fdj") - segments;
    if (script->small_files && (segments < 3 || files_ending(".snap") < 2))
        fail_msg("%" PRIu64 " segments were begun, there are %" PRIu64 " snapshots", segments,
                 files_ending(".snap"));
    return atomic_load(&faults->count);
}

static void set_sizes(const struct script *script)
{
    if (script->small_files) {
        setenv("FLOWDECK_JOURNAL_SEGMENT_KIB", "4", 1);
        setenv("FLOWDECK_JOURNAL_SNAPSHOT_FRAMES", "20", 1);
    } else {
        unsetenv("FLOWDECK_JOURNAL_SEGMENT_KIB");
        unsetenv("FLOWDECK_JOURNAL_SNAPSHOT_FRAMES");
    }
}

/* Each point of it, or some; of those each that is this share's. */
static void run_points(void **state, size_t which)
{
    static const enum io_act acts[] = {IO_KILL_BEFORE, IO_KILL_TORN};
    const struct script *script = &scripts[which];
    const char *wanted = getenv("FAULT_POINTS");
    unsigned long points, step, first;
    struct share share = share_of_this();

    set_sizes(script);
    tally.calls[which] = count_calls(state, script);
    points = 2 * tally.calls[which]; /* one before each call, one in it */
    step = wanted != NULL ? points / strtoul(wanted, NULL, 10) + 1 : is_long_form() ? 1 : points / 2 | 1;
    first = step == 1 ? 0 : (unsigned long)vt_now_ms() % step;
    for (unsigned long i = first; i < points; i += step) {
        if (share.of != 0 && i / step % share.of != share.number - 1)
            continue;
        tally.died[which] += die_at(state, script, 1 + i / 2, acts[i % 2]);
        if (++tally.points[which] % 10 == 0) {
            print_message("%s: %" PRIu64 " points\n", script->name, tally.points[which]);
            fflush(stdout);
        }
    }
}

static void tell(double took_s)
{
    uint64_t points = 0, died = 0;

    for (size_t i = 0; i < SCRIPTS; i++) {
        print_message("%s: %" PRIu64 " system calls that change a file; %" PRIu64
                      " points tried, died at %" PRIu64 "\n",
                      scripts[i].name, tally.calls[i], tally.points[i], tally.died[i]);
        points += tally.points[i];
        died += tally.died[i];
    }
    print_message("%" PRIu64 " crash points, died at %" PRIu64 ", %.1f s: acknowledged %" PRIu64
                  " commands, %" PRIu64 " orders, %" PRIu64
                  " fills; 0 acknowledged events lost, 0 orders given twice, 0 risk states reset\n",
                  points, died, took_s, tally.sums.commands, tally.sums.orders, tally.sums.fills);
}

static void test_killed_at_each_call(void **state)
{
    bool is_share = share_of_this().of != 0;
    const char *only = getenv("FAULT_SCRIPT"); /* counted from 1 */
    int64_t began_ms = vt_now_ms();

    if (is_long_form() && !is_share) {
        shares_run(shares_wanted());
    } else {
        for (size_t i = 0; i < SCRIPTS; i++)
            if (only == NULL || strtoul(only, NULL, 10) == i + 1)
                run_points(state, i);
        tally.sums = sums;
    }
    share_tell();
    tell((double)(vt_now_ms() - began_ms) / 1000.);
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, desk_setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(test_killed_at_each_call),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_plugin_broken.c - broken plug-ins: refused before they run, refused for their answers, disabled for being slow, or
 * ended with the process and quarantined; each with the line that a user sees.
 *
 * What ends a process does so in a child with the guard installed; this process is the survivor that reads the page.
 */
#include "unit/plugin_world.h"

#include "plugin/plugin_house.h"
#include "plugin/plugin_strikes.h"

#include <errno.h>
#include <fenv.h>
#include <locale.h>
#include <sched.h>
#include <signal.h>
#include <sys/resource.h>
#include <time.h>

#define LATE_MS    600 /* where being late is the point: short, but no busy machine loads a library so slowly */
#define PATIENT_MS 60000 /* where it is not */

/* Under the address sanitizer too memory that is not there is NULL, and not the end of the test. */
const char *__asan_default_options(void); /* NOLINT(bugprone-reserved-identifier): the sanitizer's own name */
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}

/* --- refused: the process goes on as if it had never seen them --------------------------------------------- */

static void test_refused_at_loading(void **state)
{
    static const struct {
        const char *kind, *line;
    } rows[] = {
        {"no_manifest", "x.so: has no manifest; is it a strategy? FD_MANIFEST(\"...\") puts one in"},
        {"two_manifests", "x.so: has more than one manifest"},
        {"bad_yaml", "x.so: manifest:2:1: did not find expected ',' or ']'"},
        {"unknown_key", "x.so: manifest:5:1: unknown key 'colour'; known: name, version, abi, about, "
                        "instruments, parameters"},
        {"bad_default", "x.so: manifest:5:54: a: default '9' is out of range; allowed: integer 1..5"},
        {"newer_manifest", "x.so: manifest:4:6: needs strategy ABI 3; this flowdeck has ABI 1"},
        {"newer_table", "x.so: needs strategy ABI 3; this flowdeck has ABI 1"},
        {"short_table", "x.so: says that struct fd_strategy has 24 bytes; this flowdeck's has 120"},
        {"long_table", "x.so: says that struct fd_strategy has 1000000 bytes; this flowdeck's has 120"},
        {"missing_symbol", "x.so: exports no flowdeck_strategy; it must be const, not static"},
        {"function_symbol", "x.so: flowdeck_strategy is not a struct fd_strategy"},
        {"no_market", "x.so: has no callback market"},
        {"foreign_code", "x.so: its callback market points outside of it"},
        {"save_alone", "x.so: has only one of the callbacks save and restore"},
        {"unresolved", "x.so: undefined symbol: nobody_has_this"},
        {"two_instruments", "x.so: trades 2 instruments; 1 are configured"},
        {"create_null", "x.so: broken cannot run with these parameters"},
        {"signals", "x.so: changed the handler of SIGSEGV while it was loaded"},
        {"locale", "x.so: changed the locale while it was loaded"},
    };
    struct sigaction before, after;

    (void)state;
    sigaction(SIGSEGV, NULL, &before);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct plugin *plugin = NULL;

        world_put(rows[i].kind, "x.so");
        assert_int_not_equal(world_open(&plugin), ERR_OK);
        assert_null(plugin);
        assert_string_equal(world_why(), rows[i].line);
    }
    sigaction(SIGSEGV, NULL, &after);
    assert_ptr_equal(before.sa_handler, after.sa_handler);
    assert_string_equal(setlocale(LC_ALL, NULL), "C");
    assert_int_equal(access(world.quarantine, F_OK), -1); /* refused is not guilty */
}

/* As -ffast-math does it, by a constructor: the processor's mode is ours again, and nobody need be told. */
static void test_the_mode_of_numbers_is_kept(void **state)
{
    struct plugin *plugin = world_must_open("rounding");

    (void)state;
    assert_int_equal(fegetround(), FE_TONEAREST);
    plugin_close(plugin);
}

/* --- refused: what they answered ----------------------------------------------------------------------------- */

static void test_refused_for_their_answers(void **state)
{
    static const struct {
        const char *kind, *why;
    } rows[] = {
        {"nan_score", "score is outside -1..1"},
        {"nan_feature", "feature 0: value is not a figure below 1e15"},
        {"many", "wishes: 10000, at most 16"},
        {"many_features", "features: 10000, at most 8"},
        {"foreign", "wish 0: market is 7, it has 1"},
        {"unknown_wish", "wish 0: kind is none that is known: 99"},
        {"negative", "wish 0: qty_e8 is less than a lot: -0.00001"},
        {"overflow", "wish 0: qty_e8 is too large: 92233720368.54775807"},
        {"off_tick", "wish 0: price_e8 is not a multiple of the tick: 60000.00000001"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct plugin *plugin = world_must_open(rows[i].kind);

        world_market(plugin);
        assert_true(world.result.fault);
        assert_string_equal(world.result.fault_why, rows[i].why);
        assert_int_equal(
            world.result.goals + world.result.orders + world.result.cancels + world.result.timers, 0);
        plugin_close(plugin);
    }
}

static void test_refused_answers_are_strikes(void **state)
{
    struct plugin *plugin = world_must_open("many");
    struct plugin_strikes strikes = {0};
    char why[160];
    bool out = false;

    (void)state;
    for (int i = 0; i < 3; i++) {
        world_market(plugin);
        assert_false(out);
        out = plugin_strike(&strikes, i, world.result.fault_why, why, sizeof(why));
    }
    assert_true(out);
    assert_string_equal(why, "disabled after 3 strikes in 60 s: wishes: 10000, at most 16");
    plugin_close(plugin);
}

static void test_a_slow_one_is_measured(void **state)
{
    struct plugin *plugin = world_must_open("slow");

    (void)state;
    for (int i = 0; i < 3; i++)
        assert_true(world_market(plugin) >= 2000000); /* it sleeps that long, each time */
    assert_true(2000000 > PLUGIN_BUDGET_US * 1000);
    plugin_close(plugin);
}

static int64_t wall_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

/* Another process wants the same processor and gets it in the middle of a call. */
static void test_a_busy_machine_is_no_strike(void **state)
{
    int64_t start_ns, end_ns, took_ns;
    struct rusage before, now;
    cpu_set_t one, all;
    pid_t rival;

    (void)state;
    assert_int_equal(sched_getaffinity(0, sizeof(all), &all), 0);
    CPU_ZERO(&one);
    CPU_SET((size_t)sched_getcpu(), &one);
    assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
    rival = fork();
    if (rival == 0)
        for (;;)
            sched_yield();
    plugin_guard_enter(OWNER,
                       PLUGIN_MARKET); /* the first one over the budget: from here on it is suspected */
    usleep(1000);
    assert_true(plugin_guard_leave() >= 1000000);

    plugin_guard_enter(OWNER, PLUGIN_MARKET);
    start_ns = wall_ns();
    getrusage(RUSAGE_THREAD, &before);
    do {
        sched_yield();
        end_ns = wall_ns();
        getrusage(RUSAGE_THREAD, &now);
    } while (end_ns - start_ns < PATIENT_MS * INT64_C(1000000) &&
             (end_ns - start_ns < 5000000 || now.ru_nivcsw < before.ru_nivcsw + 10));
    took_ns = plugin_guard_leave();
    kill(rival, SIGKILL);
    waitpid(rival, NULL, 0);
    sched_setaffinity(0, sizeof(all), &all);
    assert_true(took_ns < end_ns - start_ns);
}

/* It writes over what it was shown; the book and the position are not what it was shown. */
static void test_scribbling_reaches_no_book(void **state)
{
    struct plugin *plugin = world_must_open("scribbles"), *other;
    struct level best;

    (void)state;
    world_market(plugin);
    assert_true(order_book_best(world.book, SIDE_BID, &best));
    assert_int_equal(best.price_ticks, 6000000);
    assert_int_equal(world.position.lots, 0);
    assert_int_equal(world.btc.tick_e8, E8 / 100);
    plugin_close(plugin);
    other = world_must_open("good");
    world_market(other);
    assert_false(world.result.fault);
    plugin_close(other);
}

/* --- ended with the process ------------------------------------------------------------------------------------ */

struct shared { /* outlives the child */
    _Atomic uint32_t running, loading, crash_owner;
    _Atomic int64_t running_ns;
    _Atomic int32_t crash_signal;
    atomic_bool kill, terminal_was_given_back;
};

static struct shared *shared;

static void give_terminal_back(void)
{
    atomic_store(&shared->terminal_was_given_back, true);
}

enum act { ACT_OPEN, ACT_MARKET, ACT_SAVE, ACT_RESTORE };

static void child_acts(const char *kind, enum act act)
{
    struct plugin *plugin = NULL;
    char line[256];

    world_put(kind, "x.so");
    if (world_open(&plugin) != ERR_OK) {
        fprintf(stderr, "%s\n", world_why());
        _exit(77);
    }
    plugin_adopt(plugin);
    if (act == ACT_MARKET)
        world_market(plugin);
    if (act == ACT_SAVE || act == ACT_RESTORE) {
        struct plugin *good = world_must_open("good"), *old = act == ACT_SAVE ? plugin : good;

        plugin_adopt(old);
        world_market(old);
        plugin_hand_over(old, act == ACT_SAVE ? good : plugin, line, sizeof(line));
    }
    _exit(78); /* it lived */
}

/* Runs a broken one in a child under the guard. Returns its wait status; what it said is in said. */
static int run_child(const char *kind, enum act act, int64_t late_ms, char *said, size_t said_size)
{
    const struct rlimit no_core = {0, 0};
    int ends[2], status;
    size_t used = 0;
    ssize_t got;
    pid_t pid;

    memset(shared, 0, sizeof(*shared));
    assert_int_equal(pipe(ends), 0);
    pid = fork();
    assert_true(pid >= 0);
    if (pid == 0) {
        const struct plugin_guard_config config = {
            .page = {.running = &shared->running,
                     .running_ns = &shared->running_ns,
                     .loading = &shared->loading,
                     .crash_signal = &shared->crash_signal,
                     .crash_owner = &shared->crash_owner,
                     .kill = &shared->kill},
            .quarantine = world.quarantine,
            .last_act = give_terminal_back,
            .late_ms = late_ms,
            .look_ms = 20,
        };

        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        close(ends[1]);
        setrlimit(RLIMIT_CORE, &no_core);
        if (plugin_guard_install(&config) != ERR_OK || plugin_guard_thread_start(act != ACT_OPEN) != ERR_OK ||
            plugin_guard_watch_start() != ERR_OK)
            _exit(79);
        child_acts(kind, act);
    }
    close(ends[1]);
    while (used + 1 < said_size &&
           ((got = read(ends[0], said + used, said_size - 1 - used)) > 0 || (got < 0 && errno == EINTR)))
        used += got > 0 ? (size_t)got : 0;
    said[used] = '\0';
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    return status;
}

/* The next start: the same bytes are skipped, with a line; lifting or mending lets them in again. */
static void assert_quarantined(const char *kind, const char *reason)
{
    struct plugin *plugin = NULL;
    char line[256];
    size_t count;

    world_put(kind, "x.so");
    assert_int_equal(world_open(&plugin), ERR_STATE);
    assert_int_equal(strncmp(world_why(), "x.so: is in quarantine since 20", 31), 0);
    snprintf(line, sizeof(line), "Z: %s", reason);
    assert_non_null(strstr(world.why, line));
    plugin_close(world_must_open("good"));
    assert_int_equal(plugin_quarantine_lift(world.quarantine, world.path, &count), ERR_OK);
    assert_int_equal(count, 1);
}

static const char *signal_of(int number)
{
    return number == SIGSEGV   ? "SIGSEGV"
           : number == SIGFPE  ? "SIGFPE"
           : number == SIGABRT ? "SIGABRT"
                               : "SIGILL";
}

static void assert_ends_by(const char *kind, enum act act, const char *call, int number)
{
    char said[1024], line[512], reason[96];
    int status = run_child(kind, act, PATIENT_MS, said, sizeof(said));

    snprintf(reason, sizeof(reason), "crashed in %s: %s", call, signal_of(number));
    snprintf(line, sizeof(line),
             "flowdeck: strategy broken (%s/x.so) %s; trading is killed, the plug-in is in quarantine\n",
             world.folder, reason);
    if (strstr(said, "flowdeck: ") == NULL)
        fail_msg("%s: status %x, said: %s", kind, (unsigned)status, said);
    /* a sanitizer may have had a word before */
    assert_string_equal(strstr(said, "flowdeck: "), line);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), number);
    assert_true(atomic_load(&shared->kill));
    assert_true(atomic_load(&shared->terminal_was_given_back));
    assert_int_equal(atomic_load(&shared->crash_owner), OWNER);
    assert_int_equal(atomic_load(&shared->crash_signal), number);
    assert_quarantined(kind, reason);
}

static void test_a_crash_names_the_plugin_and_the_call(void **state)
{
    static const struct {
        const char *kind;
        enum act act;
        const char *call;
        int number;
    } rows[] = {
        {"crash_load", ACT_OPEN, "load", SIGSEGV},          {"crash_create", ACT_OPEN, "create", SIGSEGV},
        {"crash_market", ACT_MARKET, "market", SIGSEGV},    {"divide", ACT_MARKET, "market", SIGFPE},
        {"illegal", ACT_MARKET, "market", SIGILL},          {"abort", ACT_MARKET, "market", SIGABRT},
        {"recursion", ACT_MARKET, "market", SIGSEGV},       {"huge", ACT_MARKET, "market", SIGSEGV},
        {"crash_save", ACT_SAVE, "save", SIGSEGV},          {"save_overflow", ACT_SAVE, "save", SIGSEGV},
        {"crash_restore", ACT_RESTORE, "restore", SIGSEGV},
    };

    (void)state;
    for (int round = getenv("FLOWDECK_SOAK") != NULL ? 100 : 1; round > 0; round--)
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
            assert_ends_by(rows[i].kind, rows[i].act, rows[i].call, rows[i].number);
}

static void test_what_never_returns_is_ended_by_the_watcher(void **state)
{
    static const struct {
        const char *kind;
        enum act act;
        const char *reason;
    } rows[] = {{"loop", ACT_MARKET, "did not come back from market"},
                {"sleep", ACT_MARKET, "did not come back from market"},
                {"loop_create", ACT_OPEN, "did not come back from create"},
                {"exit", ACT_MARKET, "called exit() in market"}};

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char said[1024], line[512];
        int status = run_child(rows[i].kind, rows[i].act, LATE_MS, said, sizeof(said));

        snprintf(line, sizeof(line),
                 "flowdeck: strategy broken (%s/x.so) %s; trading is killed, the plug-in is in quarantine\n",
                 world.folder, rows[i].reason);
        assert_string_equal(said, line);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), EXIT_CODE_FAILED);
        assert_true(atomic_load(&shared->kill));
        assert_true(atomic_load(&shared->terminal_was_given_back));
        assert_quarantined(rows[i].kind, rows[i].reason);
    }
}

/* No handler sees it: the survivor finds whose code ran, as after the kernel's out-of-memory kill. */
static void test_what_no_handler_sees_is_left_in_the_page(void **state)
{
    char said[1024];
    int status = run_child("underscore_exit", ACT_MARKET, PATIENT_MS, said, sizeof(said));

    (void)state;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_string_equal(said, "");
    assert_int_equal(atomic_load(&shared->running), OWNER);
    assert_true(atomic_load(&shared->running_ns) > 0);
}

static void test_one_that_closes_files_is_told_of(void **state)
{
    char said[1024];
    int status = run_child("closes", ACT_OPEN, PATIENT_MS, said, sizeof(said));

    (void)state;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 77);
    assert_string_equal(said, "x.so: closed files that are not its own while it was loaded\n");
}

static void test_a_good_one_ends_nothing(void **state)
{
    char said[1024];
    int status = run_child("good", ACT_MARKET, PATIENT_MS, said, sizeof(said));

    (void)state;
    assert_string_equal(said, "");
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 78);
    assert_false(atomic_load(&shared->kill));
    assert_int_equal(atomic_load(&shared->running), 0);
    assert_int_equal(atomic_load(&shared->loading), 0);
}

static int map_shared(void **state)
{
    (void)state;
    shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return shared == MAP_FAILED;
}

static int unmap_shared(void **state)
{
    (void)state;
    return munmap(shared, sizeof(*shared));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_refused_at_loading),
        TEST(test_the_mode_of_numbers_is_kept),
        TEST(test_refused_for_their_answers),
        TEST(test_refused_answers_are_strikes),
        TEST(test_a_slow_one_is_measured),
        TEST(test_a_busy_machine_is_no_strike),
        TEST(test_scribbling_reaches_no_book),
        TEST(test_a_crash_names_the_plugin_and_the_call),
        TEST(test_what_never_returns_is_ended_by_the_watcher),
        TEST(test_what_no_handler_sees_is_left_in_the_page),
        TEST(test_one_that_closes_files_is_told_of),
        TEST(test_a_good_one_ends_nothing),
    };

    return cmocka_run_group_tests(tests, map_shared, unmap_shared);
}

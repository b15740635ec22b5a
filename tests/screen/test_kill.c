/*
 * test_kill.c - the real program, killed under load by key, command, socket, signal and file: after each not one order
 * leaves, every one is cancelled, the kill is on disk and outlives a restart until its word; and what the dead man
 * finds after a crash. FLOWDECK_SOAK=1: 200 kills by each path.
 */
#include "screen/control_client.h"

#include <inttypes.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>

#define START_MS  20000
#define ANSWER_MS 8000
#define LOADERS   3
#define ROUNDS    3
#define SOAK      200
#define SOAK_MAX  (5 * SOAK)
#define LOAD_US   7000 /* between two orders of a loader: MSG_RATE lets 1000 messages a second through */
#define QUIET_MS  25   /* of load against a killed engine */

enum path { BY_KEY, BY_COMMAND, BY_SOCKET, BY_SIGNAL, BY_FILE, PATHS };

static const char *const path_words[PATHS] = {"key", "command", "socket", "signal", "file"};

static char program[512], folder[64];
static pid_t running; /* of a test that failed: ended with it */

static struct { /* of the loaders */
    pthread_t thread[LOADERS];
    atomic_bool stop;
    _Atomic int64_t price_e8;
    _Atomic int64_t asked_us; /* when the newest order that was taken had been asked for */
    atomic_uint taken, refused;
    char last[256]; /* refusal of the first loader */
} load;

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/flowdeck-kill-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int drop_folder(void **state)
{
    char command[128];

    (void)state;
    if (running > 0) {
        kill(running, SIGKILL);
        waitpid(running, NULL, 0);
        usleep(300000); /* for its dead man */
    }
    running = 0;
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command) == 0 ? 0 : -1; /* NOLINT(cert-env33-c): a fixed command of our own */
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static const char *path_of(const char *name)
{
    static char path[128];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static bool is_there(const char *name)
{
    return access(path_of(name), F_OK) == 0;
}

/* --- the program ------------------------------------------------------------------------------------------------ */

static pid_t spawn(const char *const *words)
{
    const char *argv[24] = {program};
    int count = 1;
    pid_t pid;

    for (; words[count - 1] != NULL && count < 20; count++)
        argv[count] = words[count - 1];
    argv[count++] = "--data-dir";
    argv[count++] = folder;
    pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);

        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execv(program, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    assert_true(pid > 0);
    return pid;
}

static int wait_for_end(pid_t pid, struct vt *vt)
{
    int64_t by_ms = vt_now_ms() + 20000;
    int status = 0;

    while (waitpid(pid, &status, WNOHANG) != pid) {
        if (vt_now_ms() >= by_ms)
            fail_msg("the program does not end");
        if (vt != NULL)
            vt_pump(vt, 2);
        else
            usleep(2000);
    }
    if (pid == running)
        running = 0;
    return status;
}

static pid_t start_headless(int *fd)
{
    static const char *const words[] = {"--demo", "--headless", "--seed", "5", "--symbol", "BTCUSDT", NULL};
    pid_t pid = running = spawn(words);

    *fd = client_open(folder, NULL, START_MS);
    client_wait_live(*fd, NULL, START_MS);
    return pid;
}

static void end_in_order(pid_t pid, int fd)
{
    int status;

    close(fd);
    kill(pid, SIGTERM);
    status = wait_for_end(pid, NULL);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* --- load ------------------------------------------------------------------------------------------------------- */

static const void *load_first;

/* Orders as fast as answers come, most of them resting; now and then one that trades, now and then a sweep. */
static void *keep_ordering(void *arg)
{
    bool arg_is_first = load_first == arg;
    int fd = *(int *)arg;

    for (unsigned i = 0; !atomic_load(&load.stop); i++) {
        int64_t asked_us = now_us(), price_e8 = atomic_load(&load.price_e8);
        int64_t at_e8 = i % 10 == 9 ? price_e8 / 1000 * 1001 : price_e8 / 1000 * 995;
        json_t *answer;

        at_e8 -= at_e8 % 1000000;
        if (i % 40 == 39)
            answer = client_try(fd, "{\"do\":\"cancel_all\",\"symbol\":\"BTCUSDT\"}");
        else
            answer =
                client_try(fd,
                           "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"qty\":\"0.0001\","
                           "\"type\":\"LIMIT\",\"again\":true,\"price\":\"%" PRId64 ".%02d\"}",
                           at_e8 / 100000000, (int)(at_e8 / 1000000 % 100));
        if (answer == NULL)
            break;
        if (i % 40 != 39) {
            atomic_fetch_add(client_ok(answer) ? &load.taken : &load.refused, 1U);
            if (!client_ok(answer) && arg_is_first)
                snprintf(load.last, sizeof(load.last), "%s", client_text(answer, "text"));
            if (client_ok(answer) && atomic_load(&load.asked_us) < asked_us)
                atomic_store(&load.asked_us, asked_us);
        }
        json_decref(answer);
        usleep(LOAD_US);
    }
    close(fd);
    return NULL;
}

static void start_load(struct vt *vt)
{
    static int fd[LOADERS];

    memset(&load, 0, sizeof(load));
    for (int i = 0; i < LOADERS; i++)
        fd[i] = client_open(folder, vt, ANSWER_MS);
    load_first = &fd[0];
    for (int i = 0; i < LOADERS; i++)
        assert_int_equal(pthread_create(&load.thread[i], NULL, keep_ordering, &fd[i]), 0);
}

static void stop_load(void)
{
    atomic_store(&load.stop, true);
    for (int i = 0; i < LOADERS; i++)
        pthread_join(load.thread[i], NULL);
}

/* --- one kill ---------------------------------------------------------------------------------------------------- */

static bool is_killed(const json_t *status)
{
    return strcmp(client_text(status, "state"), "KILLED") == 0;
}

/* Pumps the screen, looks at the state. NULL where it does not come. */
static json_t *wait_status(int fd, struct vt *vt, bool (*holds)(const json_t *status))
{
    int64_t by_ms = vt_now_ms() + ANSWER_MS;

    for (;;) {
        json_t *status = client_status(fd);

        if (holds(status))
            return status;
        if (vt_now_ms() >= by_ms)
            fail_msg("state %s, %s, %zu open orders, latched %s; newest refusal: %s",
                     client_text(status, "state"), client_text(status, "state_why"),
                     client_open_orders(status), client_text(json_object_get(status, "kill"), "latched"),
                     load.last);
        json_decref(status);
        vt_pump(vt, 1);
    }
}

static bool is_busy(const json_t *status)
{
    atomic_store(&load.price_e8, client_price_e8(status, "bid"));
    return strcmp(client_text(status, "state"), "ACTIVE") == 0 && client_open_orders(status) >= 5;
}

static bool is_over(const json_t *status)
{
    const json_t *kill = json_object_get(status, "kill");

    return is_killed(status) && client_open_orders(status) == 0 &&
           client_number(status, "kill", "confirmed") >= client_number(status, "kill", "orders") &&
           strcmp(client_text(kill, "latched"), "yes") == 0;
}

static void kill_by(enum path path, int fd, struct vt *vt)
{
    static const char *const words[] = {"kill", NULL};
    json_t *answer;
    int status;
    FILE *out;

    switch (path) {
    case BY_KEY:
        vt_send(vt, "K");
        break;
    case BY_COMMAND:
        status = wait_for_end(spawn(words), vt);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
        break;
    case BY_SOCKET:
        answer = client_try(fd, "{\"do\":\"kill\"}");
        assert_true(answer != NULL && client_ok(answer));
        json_decref(answer);
        break;
    case BY_SIGNAL:
        kill(vt->pid, SIGUSR1);
        break;
    case BY_FILE:
        out = fopen(path_of("KILL"), "we");
        assert_non_null(out);
        fclose(out);
        break;
    case PATHS:
        break;
    }
}

/* Microseconds from the kill to the state KILLED as it is seen from outside; inside: from the flag that stops sending
 * until every cancel was handed over. */
static int64_t one_kill(enum path path, int fd, struct vt *vt, int64_t *inside_us)
{
    json_t *status = wait_status(fd, vt, is_busy);
    int64_t from_us, took_us, killed_us, sent;

    json_decref(status);
    from_us = now_us();
    kill_by(path, fd, vt);
    took_us = now_us() - from_us;
    status = wait_status(fd, vt, is_killed);
    if (path != BY_SOCKET && path != BY_COMMAND)
        took_us = now_us() - from_us;
    killed_us = now_us();
    sent = client_number(status, "counts", "sent");
    json_decref(status);
    status = wait_status(fd, vt, is_over);
    *inside_us = client_number(status, "kill", "took_us");
    json_decref(status);
    vt_pump(vt, QUIET_MS);
    status = client_status(fd);
    if (client_number(status, "counts", "sent") != sent || atomic_load(&load.asked_us) >= killed_us)
        fail_msg("by %s: %" PRId64 " orders sent after the kill", path_words[path],
                 client_number(status, "counts", "sent") - sent);
    assert_int_equal(client_open_orders(status), 0);
    json_decref(status);
    assert_true(is_there("KILLED"));
    assert_false(is_there("KILL"));
    client_expect(fd, false, "not the word", "{\"do\":\"clear_kill\",\"word\":\"yes\"}");
    client_expect(fd, false, "killed", "{\"do\":\"resume\"}");
    client_expect(fd, true, "kill cleared: PAUSED", "{\"do\":\"clear_kill\",\"word\":\"resume\"}");
    client_expect(fd, true, "ACTIVE", "{\"do\":\"resume\"}");
    return took_us;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static void tell(const char *what, int64_t *took_us, int count)
{
    qsort(took_us, (size_t)count, sizeof(*took_us), compare);
    print_message("kill %-24s %d times: p50 %.2f ms, p99 %.2f ms, most %.2f ms\n", what, count,
                  (double)took_us[count / 2] / 1000.0, (double)took_us[(count - 1) * 99 / 100] / 1000.0,
                  (double)took_us[count - 1] / 1000.0);
}

/* The decisions: between KILLED and PAUSED no line says "order". */
static void check_decisions(int kills)
{
    char line[512];
    FILE *in = fopen(path_of("decisions"), "re");
    int killed = 0;
    bool off = false;

    assert_non_null(in);
    while (fgets(line, sizeof(line), in) != NULL) {
        if (strstr(line, " state ") != NULL) {
            off = strstr(line, " KILLED") != NULL;
            killed += off;
        } else if (off && strstr(line, " order ") != NULL) {
            fail_msg("an order after a kill: %s", line);
        }
    }
    fclose(in);
    assert_int_equal(killed, kills);
}

static void test_five_ways_to_kill_under_load(void **state)
{
    static const char *const env[] = {
        "FLOWDECK_RISK_MESSAGES_PER_SECOND=1000", "FLOWDECK_RISK_MESSAGES_PER_MINUTE=60000",
        "FLOWDECK_RISK_MAX_OPEN_ORDERS=200",      "FLOWDECK_RISK_MAX_OPEN_ORDERS_TOTAL=256",
        "FLOWDECK_RISK_TRADE_LOSS_TOTAL=1000000", "FLOWDECK_RISK_LOSS_STREAK_TOTAL=1000",
        "FLOWDECK_RISK_LOSS_STREAK_SYMBOL=1000",  NULL};
    const char *const argv[] = {program,   "--demo",     "--seed", "7",           "--symbol",
                                "BTCUSDT", "--data-dir", folder,   "--decisions", path_of("decisions"),
                                NULL};
    bool soak = getenv("FLOWDECK_SOAK") != NULL && strcmp(getenv("FLOWDECK_SOAK"), "1") == 0;
    int rounds = soak ? SOAK : ROUNDS, fd;
    static int64_t took_us[PATHS][SOAK], inside_us[SOAK_MAX];
    struct vt *vt = vt_start(&(struct vt_options){.rows = 36, .cols = 120, .argv = argv, .env = env});

    (void)state;
    assert_non_null(vt);
    running = vt->pid;
    fd = client_open(folder, vt, START_MS);
    client_wait_live(fd, vt, START_MS);
    start_load(vt);
    for (int round = 0; round < rounds; round++)
        for (int path = 0; path < PATHS; path++)
            took_us[path][round] = one_kill((enum path)path, fd, vt, &inside_us[round * PATHS + path]);
    stop_load();
    for (int path = 0; path < PATHS; path++)
        tell(path_words[path], took_us[path], rounds);
    tell("flag to the last cancel", inside_us, rounds * PATHS);
    print_message("%u orders were taken, %u refused\n", atomic_load(&load.taken), atomic_load(&load.refused));
    close(fd);
    kill(vt->pid, SIGTERM);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_int_equal(vt_exit_code(vt), 0);
    running = 0;
    vt_free(vt);
    check_decisions(rounds * PATHS);
}

/* --- what outlives a process -------------------------------------------------------------------------------------- */

static void test_a_kill_outlives_a_restart_until_its_word(void **state)
{
    static const char *const status_words[] = {"status", NULL}, *const kill_words[] = {"kill", NULL};
    int fd, code;
    json_t *status;
    pid_t pid = start_headless(&fd);

    (void)state;
    code = wait_for_end(spawn(status_words), NULL);
    assert_int_equal(WEXITSTATUS(code), 0);
    client_expect(fd, true, "KILLED", "{\"do\":\"kill\"}");
    end_in_order(pid, fd);
    assert_true(is_there("KILLED"));
    code = wait_for_end(spawn(kill_words), NULL); /* nobody runs: it says so */
    assert_int_equal(WEXITSTATUS(code), 1);

    pid = start_headless(&fd);
    status = client_status(fd);
    assert_true(is_killed(status));
    assert_int_equal(client_number(status, "counts", "sent"), 0);
    json_decref(status);
    client_expect(
        fd, false, "KILL",
        "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"qty\":\"0.001\",\"price\":\"60000\"}");
    client_expect(fd, false, "not the word", "{\"do\":\"clear_kill\",\"word\":\"RESUME\"}");
    client_expect(fd, false, "killed", "{\"do\":\"state\",\"state\":\"ACTIVE\"}");
    code = wait_for_end(spawn(kill_words), NULL); /* killed already is done */
    assert_int_equal(WEXITSTATUS(code), 0);
    client_expect(fd, true, "PAUSED", "{\"do\":\"clear_kill\",\"word\":\"resume\"}");
    for (int i = 0; i < ANSWER_MS && is_there("KILLED"); i++)
        usleep(1000);
    assert_false(is_there("KILLED"));
    end_in_order(pid, fd);
}

static int64_t query(const char *sql)
{
    sqlite3 *handle;
    sqlite3_stmt *statement;
    int64_t value;

    assert_int_equal(sqlite3_open_v2(path_of("flowdeck.db"), &handle, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    sqlite3_busy_timeout(handle, 5000);
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return value;
}

static void place_far_away(int fd, int count)
{
    json_t *status = client_status(fd);
    int64_t at_e8 = client_price_e8(status, "bid") / 1000 * 990;

    json_decref(status);
    for (int i = 0; i < count; i++) {
        json_t *answer = client_try(fd,
                                    "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"qty\":"
                                    "\"0.001\",\"price\":\"%" PRId64 "\"}",
                                    at_e8 / 100000000 - i);

        assert_true(answer != NULL && client_ok(answer));
        json_decref(answer);
    }
}

static void crash_and_look(int number)
{
    char line[512] = "";
    int fd, status;
    pid_t pid = start_headless(&fd);
    FILE *in;

    client_expect(fd, true, "off", "{\"do\":\"strategy\",\"strategy\":\"ofi\",\"turn\":\"off\"}");
    place_far_away(fd, 3);
    usleep(300000); /* the store writes groups each 50 ms */
    kill(pid, number);
    status = wait_for_end(pid, NULL);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(fd);
    for (int i = 0; i < ANSWER_MS && query("SELECT count(*) FROM audit WHERE event = 'order.left'") < 3; i++)
        usleep(1000);
    assert_int_equal(query("SELECT count(*) FROM orders WHERE state = 'working'"), 0);
    assert_int_equal(query("SELECT count(*) FROM audit WHERE event = 'order.left'"), 3);
    in = fopen(path_of("deadman.log"), "re");
    assert_non_null(in);
    for (int lines = 0; lines < 4; lines++)
        assert_non_null(fgets(line, sizeof(line), in));
    assert_non_null(strstr(line, "BTCUSDT BUY left 100000e-8"));
    fclose(in);
}

static void test_after_sigkill_the_dead_man_clears_up_and_a_restart_works(void **state)
{
    int fd;
    pid_t pid;

    (void)state;
    crash_and_look(SIGKILL);
    pid = start_headless(&fd); /* at once: the lock is waited for */
    end_in_order(pid, fd);
}

static void test_after_sigsegv_the_dead_man_clears_up(void **state)
{
    (void)state;
    crash_and_look(SIGSEGV);
}

/* A plug-in that never returns, or crashes: named, put into quarantine, killed and latched; the next start skips it. */
static void lose_to_plug_in(const char *kind, const char *said)
{
    static const char *const words[] = {"--demo", "--headless", "--seed", "5", "--symbol", "BTCUSDT", NULL};
    char relative[700], *plugin, log[2048] = "";
    const json_t *at;
    json_t *status;
    int fd, code;
    size_t i;
    pid_t pid;
    FILE *in;

    snprintf(relative, sizeof(relative), "%.*s/tests/plugins/%s.so", (int)(strrchr(program, '/') - program),
             program, kind);
    plugin = realpath(relative, NULL);
    assert_non_null(plugin);
    setenv("FLOWDECK_STRATEGY_PLUGINS", plugin, 1);
    free(plugin);
    running = spawn(words);
    code = wait_for_end(running, NULL);
    assert_false(WIFEXITED(code) && WEXITSTATUS(code) == 0);
    for (int wait = 0; wait < ANSWER_MS && !is_there("KILLED"); wait++)
        usleep(1000);
    pid = start_headless(&fd); /* waits until all is cleared up */
    unsetenv("FLOWDECK_STRATEGY_PLUGINS");
    status = client_status(fd);
    assert_true(is_killed(status));
    json_array_foreach(json_object_get(status, "strategies"), i, at)
    {
        assert_string_not_equal(client_text(at, "name"), "broken");
    }
    json_decref(status);
    end_in_order(pid, fd);
    in = fopen(path_of("deadman.log"), "re");
    assert_non_null(in);
    assert_true(fread(log, 1, sizeof(log) - 1, in) > 0);
    fclose(in);
    if (strstr(log, said) == NULL)
        fail_msg("%s: %s", kind, log);
}

static void test_a_plug_in_that_hangs_ends_the_process_and_is_skipped(void **state)
{
    (void)state;
    lose_to_plug_in("loop", "strategy broken did not return from a callback for 5000 ms");
}

static void test_a_plug_in_that_crashes_is_named_and_skipped(void **state)
{
    (void)state;
    lose_to_plug_in("crash_market", "strategy broken crashed: Segmentation fault");
}

/* --- limits from the seam ------------------------------------------------------------------------------------------ */

static void set_limit(int fd, const char *name, const char *value)
{
    json_t *answer = client_try(
        fd, "{\"do\":\"set_limit\",\"limit\":\"%s\",\"value\":\"%s\",\"confirm\":\"%s\"}", name, value, name);

    if (answer == NULL || !client_ok(answer))
        fail_msg("%s: %s", name, answer == NULL ? "no answer" : client_text(answer, "text"));
    json_decref(answer);
}

/* A buy of so many lots of 0.00001 at whole dollars; told: part of what must be said. */
static void buy(int fd, bool passes, const char *told, int64_t dollars, int lots)
{
    char line[256];

    snprintf(line, sizeof(line),
             "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"again\":true,\"qty\":\"0.%05d\","
             "\"price\":\"%" PRId64 "\"}",
             lots, dollars);
    client_expect(fd, passes, told, line);
}

static void cancel_all(int fd)
{
    client_expect(fd, true, "0 still are", "{\"do\":\"cancel_all\"}");
}

static void value_text(int64_t dollars, int lots, char out[32])
{
    snprintf(out, 32, "%" PRId64 ".%05d", dollars * lots / 100000, (int)(dollars * lots % 100000));
}

static void test_limits_trip_exactly(void **state)
{
    char value[32];
    int fd;
    pid_t pid = start_headless(&fd);
    json_t *status = client_status(fd);
    int64_t dollars = client_price_e8(status, "bid") / 100000000 - 100;

    (void)state;
    json_decref(status);
    client_expect(fd, true, "off", "{\"do\":\"strategy\",\"strategy\":\"ofi\",\"turn\":\"off\"}");
    client_expect(fd, false, "no whole number of lots",
                  "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"qty\":\"0.000001\",\"price\":"
                  "\"60000\"}");
    client_expect(
        fd, false, "no such instrument",
        "{\"do\":\"order\",\"symbol\":\"NONE\",\"side\":\"BUY\",\"qty\":\"1\",\"price\":\"60000\"}");
    /* one order's value and size, to the last lot */
    value_text(dollars, 1000, value);
    set_limit(fd, "risk.max_qty", "1");
    set_limit(fd, "risk.max_value", value);
    buy(fd, true, "WORKING", dollars, 1000);
    buy(fd, false, "MAX_VALUE", dollars, 1001);
    cancel_all(fd);
    set_limit(fd, "risk.max_value", "1000");
    set_limit(fd, "risk.max_qty", "0.005");
    buy(fd, true, "WORKING", dollars, 500);
    buy(fd, false, "MAX_QTY", dollars, 501);
    cancel_all(fd);
    /* open orders: their value, their number */
    value_text(dollars, 900, value);
    set_limit(fd, "risk.max_open_value", value);
    buy(fd, true, "WORKING", dollars, 500);
    buy(fd, false, "MAX_OPEN_VALUE", dollars, 401);
    buy(fd, true, "WORKING", dollars, 400);
    buy(fd, false, "MAX_OPEN_VALUE", dollars, 20);
    cancel_all(fd);
    set_limit(fd, "risk.max_open_value", "5000");
    set_limit(fd, "risk.max_open_orders", "3");
    for (int i = 0; i < 3; i++)
        buy(fd, true, "WORKING", dollars - i, 100);
    buy(fd, false, "MAX_OPEN_N", dollars - 3, 100);
    cancel_all(fd);
    /* too far from the market; a looser limit wants its name typed */
    buy(fd, false, "COLLAR", dollars * 97 / 100, 100);
    client_expect(fd, false, "type its name",
                  "{\"do\":\"set_limit\",\"limit\":\"risk.collar_limit_bp\",\"value\":\"400\"}");
    client_expect(
        fd, false, "the limit's name",
        "{\"do\":\"set_limit\",\"limit\":\"risk.collar_limit_bp\",\"value\":\"400\",\"confirm\":\"yes\"}");
    set_limit(fd, "risk.collar_limit_bp", "400");
    buy(fd, true, "WORKING", dollars * 97 / 100, 100);
    client_expect(fd, true, "HALTED", "{\"do\":\"state\",\"state\":\"HALTED\"}");
    buy(fd, false, "HALTED", dollars, 100);
    client_expect(fd, true, "ACTIVE", "{\"do\":\"state\",\"state\":\"ACTIVE\"}");
    client_expect(fd, true, "OBSERVATION", "{\"do\":\"mode\",\"mode\":\"observation\"}");
    buy(fd, false, "MODE", dollars, 100);
    end_in_order(pid, fd);
}

static void test_a_second_program_is_refused(void **state)
{
    static const char *const words[] = {"--demo", "--headless", "--seconds", "1", NULL};
    int fd, status;
    pid_t pid = start_headless(&fd);

    (void)state;
    status = wait_for_end(spawn(words), NULL);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 1);
    client_expect(fd, true, "PAUSED", "{\"do\":\"pause\"}"); /* the first one works on */
    end_in_order(pid, fd);
}

#define KILL_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        KILL_TEST(test_five_ways_to_kill_under_load),
        KILL_TEST(test_a_kill_outlives_a_restart_until_its_word),
        KILL_TEST(test_after_sigkill_the_dead_man_clears_up_and_a_restart_works),
        KILL_TEST(test_after_sigsegv_the_dead_man_clears_up),
        KILL_TEST(test_a_plug_in_that_hangs_ends_the_process_and_is_skipped),
        KILL_TEST(test_a_plug_in_that_crashes_is_named_and_skipped),
        KILL_TEST(test_limits_trip_exactly),
        KILL_TEST(test_a_second_program_is_refused),
    };
    const char *build = getenv("FLOWDECK_BUILD");

    snprintf(program, sizeof(program), "%s/flowdeck", build == NULL ? "build" : build);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

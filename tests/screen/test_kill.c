/*
 * test_kill.c - what a kill leaves behind, seen from outside: it is on disk and outlives a restart and a crash until its
 * word, and where it cannot be written trading stays killed; what the dead man finds after a crash; limits from the
 * seam. Killed under load: test_kill_load.c.
 */
#include "screen/kill_stage.h"

#define AT_ONCE_MS 500 /* less than the keeper waits between two tries */

/* --- what outlives a process -------------------------------------------------------------------------------------- */

/* What `flowdeck status` prints for people. */
static const char *status_text(char *out, size_t size)
{
    static const char *const words[] = {"status", NULL};
    FILE *file = tmpfile();
    size_t got;

    assert_non_null(file);
    assert_int_equal(WEXITSTATUS(wait_for_end(spawn_to(words, fileno(file)), NULL)), 0);
    rewind(file);
    got = fread(out, 1, size - 1, file);
    out[got] = '\0';
    fclose(file);
    return out;
}

static void test_status_says_what_a_strategy_does_now(void **state)
{
    char text[8192];
    int fd;
    pid_t pid = start_headless(&fd);

    (void)state;
    client_expect(fd, true, "ACTIVE", "{\"do\":\"state\",\"state\":\"ACTIVE\"}");
    assert_non_null(strstr(status_text(text, sizeof(text)), "ofi          ON\n"));
    client_expect(fd, true, "HALTED", "{\"do\":\"state\",\"state\":\"HALTED\"}");
    assert_non_null(strstr(status_text(text, sizeof(text)), "ofi          PAUSED: all are, HALTED\n"));
    client_expect(fd, true, "ACTIVE", "{\"do\":\"state\",\"state\":\"ACTIVE\"}");
    end_in_order(pid, fd);
}

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

/* kill -9 as soon as the kill is answered, long before the disk may have it: what the process cannot finish, the dead
 * man does. */
static void test_a_kill_outlives_a_crash_right_after_it(void **state)
{
    bool soak = getenv("FLOWDECK_SOAK") != NULL && strcmp(getenv("FLOWDECK_SOAK"), "1") == 0;
    int rounds = soak ? 20 : 1, kept_before = 0;

    (void)state;
    for (int round = 0; round < rounds; round++) {
        int fd;
        pid_t pid = start_headless(&fd);
        json_t *status;

        place_far_away(fd, 3);
        client_expect(fd, true, "KILLED 3 of 3", "{\"do\":\"kill\"}");
        kill(pid, SIGKILL);
        kept_before += is_there("KILLED");
        wait_for_end(pid, NULL);
        close(fd);
        pid = start_headless(&fd); /* waits until the dead man is done */
        status = client_status(fd);
        assert_true(is_killed(status) && is_there("KILLED"));
        assert_string_equal(latched(status), "yes");
        json_decref(status);
        client_expect(fd, false, "KILL",
                      "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"qty\":\"0.001\",\"price\":"
                      "\"60000\"}");
        client_expect(fd, true, "PAUSED", "{\"do\":\"clear_kill\",\"word\":\"resume\"}");
        assert_true(comes("KILLED", false));
        client_expect(fd, true, "ACTIVE", "{\"do\":\"resume\"}");
        end_in_order(pid, fd);
    }
    print_message("%d crashes right after a kill, all still killed; %d of them with KILLED on disk already\n",
                  rounds, kept_before);
}

/* --- where it cannot be written ----------------------------------------------------------------------------------- */

static void make_read_only(void)
{
    assert_int_equal(mount(folder, folder, NULL, MS_BIND, NULL), 0);
    assert_int_equal(mount(NULL, folder, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY, NULL), 0);
}

static void make_writable(void)
{
    assert_int_equal(umount2(folder, MNT_DETACH), 0);
}

/* Nothing opens it but the word, and it is written as soon as it can be. */
static void assert_killed_and_said(int fd, const char *why)
{
    static const char *const words[] = {"kill", NULL};
    const char *said;
    char line[1024] = "";
    json_t *status;
    int pipe_fd[2], code;

    client_expect(fd, true, "KILLED 2 of 2", "{\"do\":\"kill\"}");
    for (int i = 0; i < ANSWER_MS; i++) {
        status = client_status(fd);
        if (strcmp(latched(status), "FAILED") == 0)
            break;
        json_decref(status);
        usleep(1000);
        status = NULL;
    }
    assert_non_null(status);
    said = client_text(json_object_get(status, "kill"), "latch_why");
    if (!is_killed(status) || strstr(said, "KILLED: writing failed") == NULL || strstr(said, why) == NULL)
        fail_msg("%s: %s", client_text(status, "state"), said);
    json_decref(status);
    client_expect(fd, false, "KILL",
                  "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"qty\":\"0.001\",\"price\":"
                  "\"60000\"}");
    client_expect(fd, false, "killed", "{\"do\":\"resume\"}");
    assert_int_equal(pipe(pipe_fd), 0);
    code = wait_for_end(spawn_to(words, pipe_fd[1]), NULL);
    assert_int_equal(WEXITSTATUS(code), 4);
    assert_true(read(pipe_fd[0], line, sizeof(line) - 1) > 0);
    close(pipe_fd[0]);
    close(pipe_fd[1]);
    if (strstr(line, "order ") == NULL || strstr(line, ": cancelled, after ") == NULL ||
        strstr(line, why) == NULL)
        fail_msg("flowdeck kill: %s", line);
}

static void assert_written_at_last(int fd)
{
    json_t *status;

    assert_true(comes("KILLED", true));
    usleep(300000);
    status = client_status(fd);
    assert_true(is_killed(status));
    assert_string_equal(latched(status), "yes");
    json_decref(status);
}

static void test_a_kill_that_cannot_be_written_stays_and_says_so(void **state)
{
    int fd;
    pid_t pid;

    (void)state;
    if (!own_mounts())
        skip();
    pid = start_headless(&fd);
    place_far_away(fd, 2);
    make_read_only();
    assert_killed_and_said(fd, "Read-only file system");
    make_writable();
    assert_written_at_last(fd);
    end_in_order(pid, fd);
}

/* The journal keeps room back for its last events, and the kill is one: at once. Trading is over until a new start. */
static void test_a_kill_on_a_full_disk_is_kept(void **state)
{
    json_t *status;
    int fd;
    pid_t pid;

    (void)state;
    if (!own_mounts())
        skip();
    assert_int_equal(mount("tmpfs", folder, "tmpfs", 0, "size=64m"), 0);
    pid = start_headless(&fd);
    place_far_away(fd, 2);
    fill_disk(path_of("filling"));
    client_expect(fd, true, "KILLED 2 of 2", "{\"do\":\"kill\"}");
    for (int i = 0; i < AT_ONCE_MS && !is_there("KILLED"); i++)
        usleep(1000);
    assert_true(is_there("KILLED"));
    assert_written_at_last(fd);
    client_expect(fd, true, "PAUSED", "{\"do\":\"clear_kill\",\"word\":\"resume\"}");
    client_expect(fd, false, "storage failed", "{\"do\":\"resume\"}");
    client_expect(fd, true, "KILLED", "{\"do\":\"kill\"}");
    close(fd);
    kill(pid, SIGTERM);
    wait_for_end(pid, NULL); /* its code says that the storage failed */
    empty_disk();
    pid = start_headless(&fd);
    status = client_status(fd);
    assert_true(is_killed(status));
    assert_int_equal(json_array_size(json_object_get(status, "orders")), 0);
    json_decref(status);
    end_in_order(pid, fd);
    make_writable();
}

/* On the screen, at the size where the log is not seen. */
static void test_a_screen_says_that_a_kill_is_not_on_disk(void **state)
{
    const char *const argv[] = {program,   "--demo",     "--seed", "5", "--symbol",
                                "BTCUSDT", "--data-dir", folder,   NULL};
    struct vt *vt;

    (void)state;
    if (!own_mounts())
        skip();
    vt = vt_start(&(struct vt_options){.rows = 24, .cols = 80, .argv = argv});
    assert_non_null(vt);
    running = vt->pid;
    vt_expect(vt, "LIVE 0.", START_MS);
    make_read_only();
    vt_send(vt, "K");
    vt_expect(vt, "KILLED", ANSWER_MS);
    vt_expect(vt, "NOT ON DISK", ANSWER_MS);
    make_writable();
    assert_true(comes("KILLED", true));
    kill(vt->pid, SIGTERM);
    assert_true(vt_wait_exit(vt, START_MS));
    running = 0;
    vt_free(vt);
}

/* --- after a crash ------------------------------------------------------------------------------------------------- */

/* Off is as it was left, and no order is open: the paper venue was in the process that is gone. */
static void status_after_crash(int fd)
{
    json_t *status = client_status(fd);
    const json_t *at;
    size_t i;

    assert_int_equal(json_array_size(json_object_get(status, "orders")), 0);
    json_array_foreach(json_object_get(status, "strategies"), i, at)
    {
        if (strcmp(client_text(at, "name"), "ofi") == 0)
            assert_false(json_is_true(json_object_get(at, "on")));
    }
    json_decref(status);
}

static void crash_and_look(int number)
{
    char line[512] = "";
    int fd, status;
    pid_t pid = start_headless(&fd);
    FILE *in;

    client_expect(fd, true, "off", "{\"do\":\"strategy\",\"strategy\":\"ofi\",\"turn\":\"off\"}");
    place_far_away(fd, 3);
    kill(pid, number); /* what was answered is in the journal, however soon */
    status = wait_for_end(pid, NULL);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(fd);
    for (int i = 0; i < ANSWER_MS && !is_there("deadman.log"); i++)
        usleep(1000);
    pid = start_headless(&fd); /* at once: the lock is waited for */
    status_after_crash(fd);
    end_in_order(pid, fd);
    assert_int_equal(query("SELECT count(*) FROM orders"), 3);
    assert_int_equal(query("SELECT count(*) FROM orders WHERE state = 'cancelled'"), 3);
    assert_int_equal(query("SELECT count(*) FROM audit WHERE event = 'order.left'"), 3);
    assert_int_equal(query("SELECT count(*) FROM sessions WHERE end_ns IS NULL"), 1);
    in = fopen(path_of("deadman.log"), "re");
    assert_non_null(in);
    for (int lines = 0; lines < 4; lines++)
        assert_non_null(fgets(line, sizeof(line), in));
    assert_non_null(strstr(line, "BTCUSDT BUY left 0.001"));
    fclose(in);
}

static void test_after_sigkill_the_dead_man_clears_up_and_a_restart_works(void **state)
{
    (void)state;
    crash_and_look(SIGKILL);
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
             "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"qty\":\"0.%05d\",\"again\":true,"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        KILL_TEST(test_status_says_what_a_strategy_does_now),
        KILL_TEST(test_a_kill_outlives_a_restart_until_its_word),
        KILL_TEST(test_a_kill_outlives_a_crash_right_after_it),
        KILL_TEST(test_a_kill_that_cannot_be_written_stays_and_says_so),
        KILL_TEST(test_a_kill_on_a_full_disk_is_kept),
        KILL_TEST(test_a_screen_says_that_a_kill_is_not_on_disk),
        KILL_TEST(test_after_sigkill_the_dead_man_clears_up_and_a_restart_works),
        KILL_TEST(test_after_sigsegv_the_dead_man_clears_up),
        KILL_TEST(test_a_plug_in_that_hangs_ends_the_process_and_is_skipped),
        KILL_TEST(test_a_plug_in_that_crashes_is_named_and_skipped),
        KILL_TEST(test_limits_trip_exactly),
        KILL_TEST(test_a_second_program_is_refused),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

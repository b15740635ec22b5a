/*
 * test_restart.c - the real program ends and starts again on its data directory: what of the run before goes on, and what
 * it says of it; the dead man lost while it runs, and stopped when it dies.
 */
#include "screen/kill_stage.h"

#include <glob.h>

/* Without a seed. */
static pid_t start_demo(const char *symbols, const char *seed, int *fd)
{
    const char *const words[] = {"--demo", "--headless", "--symbol", symbols, seed == NULL ? NULL : "--seed",
                                 seed,     NULL};
    pid_t pid = running = spawn(words);

    *fd = client_open(folder, NULL, START_MS);
    client_wait_live(*fd, NULL, START_MS);
    return pid;
}

/* Of what a command prints: the last line that holds the words. False: there is none. */
static bool last_line(const char *const *command, const char *words, char *out, size_t size)
{
    char line[1024];
    bool found = false;
    int told[2], status;
    pid_t pid;
    FILE *in;

    assert_int_equal(pipe2(told, O_CLOEXEC), 0);
    pid = spawn_to(command, told[1]);
    close(told[1]);
    in = fdopen(told[0], "r");
    assert_non_null(in);
    while (fgets(line, sizeof(line), in) != NULL)
        if (strstr(line, words) != NULL) {
            snprintf(out, size, "%s", line);
            found = true;
        }
    fclose(in);
    status = wait_for_end(pid, NULL);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    return found;
}

static uint64_t seed_of_the_last_run(void)
{
    static const char *const command[] = {"journal", "--kind", "session", NULL};
    char line[1024];

    assert_true(last_line(command, ", seed ", line, sizeof(line)));
    return strtoull(strstr(line, ", seed ") + 7, NULL, 10);
}

/* Of the log file. */
static bool is_logged(const char *words)
{
    char line[1024];
    bool found = false;
    FILE *in = fopen(path_of("flowdeck.log"), "re");

    assert_non_null(in);
    while (fgets(line, sizeof(line), in) != NULL)
        found |= strstr(line, words) != NULL;
    fclose(in);
    return found;
}

/* In the first instrument, at so many thousandths of its price. */
static void buy(int fd, const char *symbol, const char *qty, int permille)
{
    json_t *status = client_status(fd);
    int64_t at_e8 = client_price_e8(status, "ask") / 1000 * permille;

    json_decref(status);
    json_decref(
        client_try(fd,
                   "{\"do\":\"order\",\"symbol\":\"%s\",\"side\":\"BUY\",\"qty\":\"%s\",\"again\":true,"
                   "\"price\":\"%" PRId64 "\"}",
                   symbol, qty, at_e8 / 100000000));
}

/* The market of a demo is made from its seed: a restart has the same one, from its beginning, and says so. */
static void test_a_demo_goes_on_with_its_seed(void **state)
{
    uint64_t seed;
    int fd;
    pid_t pid = start_demo("BTCUSDT", NULL, &fd);

    (void)state;
    buy(fd, "BTCUSDT", "0.001", 1002);
    end_in_order(pid, fd);
    seed = seed_of_the_last_run();
    assert_false(is_logged("begins anew"));
    pid = start_demo("BTCUSDT", NULL, &fd);
    end_in_order(pid, fd);
    assert_int_equal(seed_of_the_last_run(), seed);
    assert_true(is_logged("the demo's market begins anew") && is_logged(" as before"));
    assert_true(is_logged("marked at its first prices"));
    pid = start_demo("BTCUSDT", "77", &fd);
    end_in_order(pid, fd);
    assert_int_equal(seed_of_the_last_run(), 77);
    assert_true(is_logged("another one than before"));
}

static bool has_position(int fd, const char *symbol)
{
    json_t *status = client_status(fd);
    const json_t *at;
    bool found = false;
    size_t i;

    json_array_foreach(json_object_get(status, "instruments"), i, at)
    {
        found |=
            strcmp(client_text(at, "symbol"), symbol) == 0 && strtod(client_text(at, "position"), NULL) > 0;
    }
    json_decref(status);
    return found;
}

/* Killed with a position and an order in an instrument that the next start does not ask for. */
static void test_an_instrument_that_is_left_out_is_looked_after(void **state)
{
    static const char open_orders[] = "SELECT count(*) FROM orders WHERE state NOT IN "
                                      "('cancelled', 'filled', 'expired', 'rejected')";
    int fd, status;
    pid_t pid = start_demo("ETHUSDT,BTCUSDT", "5", &fd);

    (void)state;
    buy(fd, "ETHUSDT", "0.02", 1002);
    buy(fd, "ETHUSDT", "0.02", 990);
    for (int i = 0; i < ANSWER_MS / 10 && !has_position(fd, "ETHUSDT"); i++)
        usleep(10000);
    assert_true(has_position(fd, "ETHUSDT"));
    for (int i = 0; i < ANSWER_MS / 10 && query(open_orders) == 0; i++)
        usleep(10000);
    close(fd);
    kill(pid, SIGKILL);
    status = wait_for_end(pid, NULL);
    assert_true(WIFSIGNALED(status));
    pid = start_demo("BTCUSDT", NULL, &fd);
    for (int i = 0; i < START_MS / 100 && (query(open_orders) > 0 || !has_position(fd, "ETHUSDT")); i++)
        usleep(100000);
    assert_int_equal(query(open_orders), 0);
    assert_int_equal(query("SELECT count(*) FROM audit WHERE event = 'order.left'"), 1);
    assert_true(has_position(fd, "ETHUSDT"));
    end_in_order(pid, fd);
}

/* --- the dead man --------------------------------------------------------------------------------------------------- */

static bool is_deadman(int pid)
{
    char path[64], name[32] = "";
    FILE *in;

    snprintf(path, sizeof(path), "/proc/%d/comm", pid);
    in = fopen(path, "re");
    if (in != NULL && fgets(name, sizeof(name), in) == NULL)
        name[0] = '\0';
    if (in != NULL)
        fclose(in);
    return strncmp(name, "flowdeck-deadma", 15) == 0;
}

/* A child of any of its threads; 0: none. */
static pid_t deadman_of(pid_t leader)
{
    glob_t threads;
    char path[64];
    int child, found = 0;

    snprintf(path, sizeof(path), "/proc/%d/task/*/children", (int)leader);
    assert_int_equal(glob(path, 0, NULL, &threads), 0);
    for (size_t i = 0; i < threads.gl_pathc; i++) {
        FILE *in = fopen(threads.gl_pathv[i], "re");

        while (in != NULL && fscanf(in, "%d", &child) == 1)
            found = is_deadman(child) ? child : found;
        if (in != NULL)
            fclose(in);
    }
    globfree(&threads);
    return found;
}

/* Another than that one, within the time; 0: there is none. The kernel's list may miss one that is there. */
static pid_t deadman_after(pid_t leader, pid_t before)
{
    for (int i = 0; i < ANSWER_MS; i++) {
        pid_t now = deadman_of(leader);

        if (now != 0 && now != before)
            return now;
        usleep(1000);
    }
    return 0;
}

static void fail_to_start(const char *said)
{
    static const char *const words[] = {"--demo", "--headless", "--seconds", "1", NULL};
    char text[1024] = "";
    int told[2], status;
    pid_t pid;

    assert_int_equal(pipe2(told, O_CLOEXEC), 0);
    pid = spawn_to(words, told[1]);
    close(told[1]);
    status = wait_for_end(pid, NULL);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 1);
    assert_true(read(told[0], text, sizeof(text) - 1) > 0);
    close(told[0]);
    if (strstr(text, said) == NULL)
        fail_msg("said: %s", text);
}

/* Killed while it leads he is told, and another one is there; stopped when it dies he keeps the lock, and a start says who
 * has it and what to do. */
static void test_a_lost_dead_man_is_told_and_a_stopped_one_named(void **state)
{
    char said[32];
    int fd;
    pid_t pid = start_headless(&fd), deadman = deadman_after(pid, 0);
    bool told = false;

    (void)state;
    assert_true(deadman > 0);
    assert_int_equal(kill(deadman, SIGKILL), 0);
    deadman = deadman_after(pid, deadman);
    assert_true(deadman > 0);
    for (int i = 0; i < ANSWER_MS / 10 && !told; i++) {
        usleep(10000);
        told = query("SELECT count(*) FROM audit WHERE event = 'deadman.lost'") == 1;
    }
    assert_true(told);
    assert_int_equal(kill(deadman, SIGSTOP), 0);
    assert_int_equal(kill(pid, SIGKILL), 0);
    wait_for_end(pid, NULL);
    close(fd);
    snprintf(said, sizeof(said), "kill -CONT %d", (int)deadman);
    fail_to_start(said);
    assert_int_equal(kill(deadman, SIGCONT), 0);
    pid = start_headless(&fd);
    end_in_order(pid, fd);
}

#define RESTART_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RESTART_TEST(test_a_demo_goes_on_with_its_seed),
        RESTART_TEST(test_an_instrument_that_is_left_out_is_looked_after),
        RESTART_TEST(test_a_lost_dead_man_is_told_and_a_stopped_one_named),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

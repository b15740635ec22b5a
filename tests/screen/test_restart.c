/*
 * test_restart.c - the real program ends and starts again on its data directory: what of the run before goes on, and what
 * it says of it.
 */
#include "screen/kill_stage.h"

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

#define RESTART_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        RESTART_TEST(test_a_demo_goes_on_with_its_seed),
        RESTART_TEST(test_an_instrument_that_is_left_out_is_looked_after),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Over a kill -9 and a start: what was traded is on screen 6 and in the fills list, and goes into a file by a key. */
#include "screen/kill_stage.h"

#include <glob.h>

#define SAMPLES_HELD "SELECT count(*) FROM equity WHERE cash_e8 < 1000000000000"

static void order(int fd, const char *side, int permille)
{
    json_t *status = client_status(fd);
    int64_t at_e8 = client_price_e8(status, "ask") / 1000 * permille;

    json_decref(status);
    json_decref(client_try(
        fd,
        "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"%s\",\"qty\":\"0.001\",\"again\":true,"
        "\"price\":\"%" PRId64 "\"}",
        side, at_e8 / 100000000));
}

static void await_fills(int count)
{
    for (int i = 0; i < ANSWER_MS / 10 && query("SELECT count(*) FROM fills") < count; i++)
        usleep(10000);
    assert_int_equal(query("SELECT count(*) FROM fills"), count);
}

/* Its strategy does not trade before the command that turns it off. */
static pid_t spawn_quiet(const char *const *words)
{
    pid_t pid;

    assert_int_equal(setenv("FLOWDECK_STRATEGY_OFI_ON", "false", 1), 0);
    pid = spawn(words);
    assert_int_equal(unsetenv("FLOWDECK_STRATEGY_OFI_ON"), 0);
    return pid;
}

/* A round trip by hand, then the power goes. */
static void trade_and_die(void)
{
    static const char *const words[] = {"--demo", "--seed", "5", "--headless", "--symbol", "BTCUSDT", NULL};
    pid_t pid = running = spawn_quiet(words);
    int fd = client_open(folder, NULL, START_MS), status;

    client_wait_live(fd, NULL, START_MS);
    json_decref(client_try(fd, "{\"do\":\"strategy\",\"name\":\"ofi\",\"on\":false}"));
    order(fd, "BUY", 1002);
    await_fills(1);
    order(fd, "SELL", 998);
    await_fills(2);
    close(fd);
    kill(pid, SIGKILL);
    status = wait_for_end(pid, NULL);
    assert_true(WIFSIGNALED(status));
}

static void test_what_was_traded_is_there_after_a_restart(void **state)
{
    const char *const argv[] = {program, "--demo", "--symbol", "BTCUSDT", "--data-dir", folder, NULL};
    char pattern[128], line[256] = "";
    glob_t found;
    struct vt *vt;
    FILE *in;

    (void)state;
    trade_and_die();
    vt = vt_start(&(struct vt_options){.rows = 36, .cols = 120, .argv = argv});
    running = vt->pid;
    vt_expect(vt, "LIVE", START_MS);
    vt_expect(vt, "fills 2", START_MS); /* ofi was turned off, and stays so */
    vt_send(vt, "\t");
    vt_expect(vt, "[fills 2]", ANSWER_MS);
    vt_send(vt, "v");
    vt_expect(vt, "manual SELL", ANSWER_MS);
    vt_send(vt, "Y");
    vt_expect(vt, "2 rows: ", ANSWER_MS);
    vt_send(vt, "6");
    vt_expect(vt, "[session]", ANSWER_MS);
    vt_send(vt, "]");
    vt_expect(vt, "[day]", ANSWER_MS);
    vt_expect(vt, "round trips  n=1", START_MS);
    vt_expect(vt, "manual", ANSWER_MS);
    snprintf(pattern, sizeof(pattern), "%s/export/fills-*.csv", folder);
    assert_int_equal(glob(pattern, 0, NULL, &found), 0);
    assert_int_equal(found.gl_pathc, 1);
    in = fopen(found.gl_pathv[0], "re");
    assert_non_null(in);
    assert_non_null(fgets(line, sizeof(line), in));
    assert_non_null(strstr(line, "time_ns,id,symbol,owner"));
    assert_non_null(fgets(line, sizeof(line), in));
    assert_non_null(strstr(line, ",BTCUSDT,manual,SELL,taker,0.001,"));
    fclose(in);
    globfree(&found);
    kill(vt->pid, SIGTERM);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_true(vt_is_sane(vt));
    running = 0;
    vt_free(vt);
}

/* What is held is priced anew by another market: screen 6 says what came of that, and no sample has a price of the run before. */
static void test_a_position_over_a_restart(void **state)
{
    static const char *const words[] = {"--demo", "--seed", "5", "--headless", "--symbol", "BTCUSDT", NULL};
    const char *const argv[] = {program,   "--demo",     "--seed", "9", "--symbol",
                                "BTCUSDT", "--data-dir", folder,   NULL};
    pid_t pid = running = spawn_quiet(words);
    int fd = client_open(folder, NULL, START_MS), status;
    struct vt *vt;

    (void)state;
    client_wait_live(fd, NULL, START_MS);
    json_decref(client_try(fd, "{\"do\":\"strategy\",\"name\":\"ofi\",\"on\":false}"));
    order(fd, "BUY", 1002);
    await_fills(1);
    for (int i = 0; i < ANSWER_MS / 10 && query(SAMPLES_HELD) < 2; i++)
        usleep(10000);
    close(fd);
    kill(pid, SIGTERM);
    status = wait_for_end(pid, NULL);
    assert_true(WIFEXITED(status));
    vt = vt_start(&(struct vt_options){.rows = 55, .cols = 200, .argv = argv});
    running = vt->pid;
    vt_expect(vt, "LONG 0.001", START_MS);
    vt_send(vt, "6");
    vt_expect(vt, "[session]", ANSWER_MS);
    vt_send(vt, "]");
    vt_expect(vt, "[day]", ANSWER_MS);
    vt_expect(vt, "1 restart: ", START_MS);
    vt_expect(vt, ", the demo's prices begin anew", ANSWER_MS);
    kill(vt->pid, SIGTERM);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    running = 0;
    vt_free(vt);
    /* cash, what was paid and what stands open are the equity: of each sample, in both runs */
    assert_true(query(SAMPLES_HELD) > 2);
    assert_int_equal(query("SELECT count(DISTINCT equity_e8 - cash_e8 - unrealised_e8) FROM equity "
                           "WHERE cash_e8 < 1000000000000"),
                     1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_was_traded_is_there_after_a_restart, make_folder,
                                        drop_folder),
        cmocka_unit_test_setup_teardown(test_a_position_over_a_restart, make_folder, drop_folder),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

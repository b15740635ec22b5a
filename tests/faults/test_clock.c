/*
 * test_clock.c - time goes wrong under the program: it is stopped for seconds, the wall clock jumps while it runs and
 * between two runs.
 */
#include "faults/after.h"

#define HOUR_NS INT64_C(3600000000000)
#define YEAR_NS (INT64_C(8766) * HOUR_NS)

/* --- stopped ---------------------------------------------------------------------------------------------------------- */

/* Strategies' orders by the time from here on: none may be of the time that it slept. */
static void test_stopped_for_seconds(void **state)
{
    int rounds = is_long_form() ? 20 : 1, seconds = is_long_form() ? 10 : 2, denied = 0;
    struct desk desk;

    (void)state;
    chance = (uint64_t)vt_now_ms() | 1;
    desk_start(&desk);
    desk_ask(&desk, "{\"do\":\"strategy\",\"strategy\":\"mm\",\"turn\":\"on\"}");
    for (int i = 0; i < rounds; i++) {
        int64_t bid_e8, ask_e8;
        json_t *status;
        char line[160];
        int done;

        assert_true(desk_status(&desk, &bid_e8, &ask_e8));
        kill(desk.pid, SIGSTOP);
        sleep((unsigned)seconds);
        kill(desk.pid, SIGCONT);
        snprintf(line,
                 sizeof(line), /* at once: it stands in the socket before anything of the market is read */
                 "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\",\"qty\":\"0.001\",\"again\":true,"
                 "\"price\":"
                 "\"%" PRId64 "\"}",
                 bid_e8 / 100000000 - 300);
        done = desk_ask(&desk, line);
        assert_true(done >= 0);
        denied += done == 0;
        client_wait_live(desk.fd, NULL, START_MS);
        status = client_status(desk.fd);
        if (strcmp(client_text(status, "state"), "ACTIVE") != 0)
            fail_msg("%s %s", client_text(status, "state"), client_text(status, "state_why"));
        json_decref(status);
        desk_ask(&desk, "{\"do\":\"cancel_all\"}");
    }
    assert_int_equal(desk_end(&desk), 0);
    books_read(&books, folder, DESK_ACCOUNT);
    print_message(
        "stopped %d times for %d s: the order of the moment it woke was denied %d times as STALE; %" PRIu64
        " fills all booked\n",
        rounds, seconds, denied, (uint64_t)books.fills);
    assert_int_equal(query("SELECT count(*) FROM sessions WHERE end_ns IS NULL"), 0);
}

/* --- the wall clock ------------------------------------------------------------------------------------------------------ */

/* While it runs nothing is measured by it: no halt, no gap in the engine's own time, no order lost. */
static void test_the_wall_clock_jumps_while_it_runs(void **state)
{
    static const int64_t jumps[] = {HOUR_NS, -HOUR_NS, 30 * YEAR_NS};
    struct desk desk;

    (void)state;
    desk_start(&desk);
    for (size_t i = 0; i < sizeof(jumps) / sizeof(jumps[0]); i++) {
        json_t *before = client_status(desk.fd), *after;
        int64_t bid_e8, ask_e8;

        atomic_store(&faults->wall_ns, jumps[i]);
        usleep(600000);
        after = client_status(desk.fd);
        assert_string_equal(client_text(after, "state"), "ACTIVE");
        assert_true(json_integer_value(json_object_get(after, "now_ns")) -
                        json_integer_value(json_object_get(before, "now_ns")) <
                    INT64_C(5000000000));
        assert_true(desk_status(&desk, &bid_e8, &ask_e8));
        assert_int_equal(desk_order(&desk, "BUY", bid_e8 / 1000 * 990 / 1000000 * 1000000, 100), 1);
        desk_ask(&desk, "{\"do\":\"cancel_all\"}");
        json_decref(before);
        json_decref(after);
    }
    assert_int_equal(desk_end(&desk), 0);
}

/* Between two runs it is another one: ahead, back, far ahead, right again. Each is a start like any other. */
static void test_the_wall_clock_jumps_between_runs(void **state)
{
    static const int64_t walls[] = {0, HOUR_NS, -HOUR_NS, 30 * YEAR_NS, 0, -24 * HOUR_NS, 0};
    struct desk desk, before;
    size_t starts = is_long_form() ? sizeof(walls) / sizeof(walls[0]) : 5;
    int64_t bid_e8, ask_e8;

    (void)state;
    for (size_t i = 0; i < starts; i++) {
        json_t *status;

        atomic_store(&faults->wall_ns, walls[i]);
        before = desk;
        desk_start(&desk);
        status = client_status(desk.fd);
        if (i > 0) {
            books_read(&books, folder, DESK_ACCOUNT);
            check_after(&before, &desk, books.sessions, 1);
        }
        if (strcmp(client_text(status, "state"), "ACTIVE") != 0)
            fail_msg("start %zu: %s %s", i, client_text(status, "state"), client_text(status, "state_why"));
        json_decref(status);
        usleep(1200000); /* what was sent in the last second of the run before counts as of this one */
        assert_true(desk_status(&desk, &bid_e8, &ask_e8));
        for (int count = 0; count < 8; count++) /* so that windows hold something of this time */
            if (desk_order(&desk, "BUY", bid_e8 / 1000 * 990 / 1000000 * 1000000 - count * 1000000, 100) != 1)
                fail_msg("start %zu, order %d: %s", i, count, desk.refusal);
        desk_order(&desk, "BUY", ask_e8 + 100000000, 100);
        desk_status(&desk, &bid_e8, &ask_e8);
        if (i % 3 == 2)
            desk_kill(&desk);
        else
            assert_int_equal(desk_end(&desk), 0);
    }
    print_message(
        "%zu starts with the wall clock an hour ahead, behind, 30 years ahead and back: each went on\n",
        starts);
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, desk_setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(test_stopped_for_seconds),
        FAULT_TEST(test_the_wall_clock_jumps_while_it_runs),
        FAULT_TEST(test_the_wall_clock_jumps_between_runs),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

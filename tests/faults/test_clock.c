/*
 * test_clock.c - time and terminal go wrong under the program: it is stopped for seconds, the wall clock jumps while it runs
 * and between two runs, its terminal stops reading, it crashes again and again.
 */
#include "faults/after.h"

#define HOUR_NS INT64_C(3600000000000)
#define YEAR_NS (INT64_C(8766) * HOUR_NS)

static int64_t number_in(const char *text)
{
    return (int64_t)strtoll(text, NULL, 10);
}

/* --- stopped ---------------------------------------------------------------------------------------------------------- */

/* Strategies' orders by the time from here on: none may be of the time that it slept. */
static void test_stopped_for_seconds(void **state)
{
    int rounds = is_long_form() ? 20 : 2, seconds = is_long_form() ? 10 : 2, denied = 0;
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
    int64_t bid_e8, ask_e8;

    (void)state;
    for (size_t i = 0; i < sizeof(walls) / sizeof(walls[0]); i++) {
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
        "%zu starts with the wall clock an hour ahead, behind, 30 years ahead, a day back: each went on\n",
        sizeof(walls) / sizeof(walls[0]));
}

/* --- crashes in a row ------------------------------------------------------------------------------------------------------- */

static void test_a_crash_loop_starts_in_safe_mode(void **state)
{
    int64_t bid_e8, ask_e8;
    struct desk desk;
    json_t *status;

    (void)state;
    for (int i = 0; i < 5; i++) {
        desk_start(&desk);
        status = client_status(desk.fd);
        assert_string_equal(client_text(status, "state"), "ACTIVE");
        json_decref(status);
        desk_kill(&desk);
    }
    desk_start(&desk);
    status = client_status(desk.fd);
    assert_string_equal(client_text(status, "state"), "HALTED");
    assert_non_null(strstr(client_text(status, "state_why"), "SAFE MODE"));
    assert_true(json_is_true(json_object_get(json_object_get(status, "recovery"), "safe_mode")));
    assert_true(json_is_true(json_object_get(json_object_get(status, "recovery"), "after_crash")));
    json_decref(status);
    assert_true(desk_status(&desk, &bid_e8, &ask_e8));
    assert_int_equal(desk_order(&desk, "BUY", bid_e8 / 1000 * 990 / 1000000 * 1000000, 100), 0);
    assert_int_equal(desk_ask(&desk, "{\"do\":\"resume\"}"), 0);
    assert_int_equal(desk_ask(&desk, "{\"do\":\"cancel_all\"}"), 1);
    assert_int_equal(desk_ask(&desk, "{\"do\":\"state\",\"state\":\"ACTIVE\"}"), 1);
    assert_int_equal(desk_order(&desk, "BUY", bid_e8 / 1000 * 990 / 1000000 * 1000000, 100), 1);
    assert_int_equal(desk_end(&desk), 0);
    desk_start(&desk); /* a run that ended in order ends the row */
    status = client_status(desk.fd);
    assert_string_equal(client_text(status, "state"), "ACTIVE");
    assert_false(json_is_true(json_object_get(json_object_get(status, "recovery"), "safe_mode")));
    json_decref(status);
    assert_int_equal(desk_end(&desk), 0);
}

/* --- a terminal that does not read --------------------------------------------------------------------------------------------- */

#define ASKS_MAX 20000

static int compare_ns(const void *a, const void *b)
{
    const int64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

/* Orders and cancels over the socket for so long; vt is read in between, or nobody reads it. Returns how many. */
static size_t ask_for(int fd, struct vt *vt, bool reads, int64_t ms, int64_t *took_ns)
{
    int64_t by_ms = vt_now_ms() + ms;
    size_t count = 0;

    while (vt_now_ms() < by_ms && count < ASKS_MAX) {
        struct timespec from, to;
        json_t *answer;

        clock_gettime(CLOCK_MONOTONIC, &from);
        answer = client_try(fd, "{\"do\":\"cancel_all\"}");
        clock_gettime(CLOCK_MONOTONIC, &to);
        assert_non_null(answer);
        json_decref(answer);
        took_ns[count++] = (to.tv_sec - from.tv_sec) * INT64_C(1000000000) + to.tv_nsec - from.tv_nsec;
        if (reads)
            vt_pump(vt, 5);
        else
            usleep(5000);
    }
    qsort(took_ns, count, sizeof(*took_ns), compare_ns);
    return count;
}

static int64_t latency_worst(int fd, const char *option)
{
    json_t *controls = client_try(fd, "{\"do\":\"controls\"}");
    const json_t *worst =
        json_object_get(named(json_object_get(controls, "controls"), "option", option), "now");
    int64_t value = json_is_string(worst) ? number_in(json_string_value(worst)) : json_integer_value(worst);

    json_decref(controls);
    return value;
}

static void test_a_terminal_that_stops_reading(void **state)
{
    const char *const argv[] = {program,   "--demo",     "--seed", "5", "--symbol",
                                "BTCUSDT", "--data-dir", folder,   NULL};
    struct vt *vt = vt_start(&(struct vt_options){.rows = 40, .cols = 120, .argv = argv});
    int64_t part_ms = is_long_form() ? 60000 : 2500, *took_ns = calloc(ASKS_MAX, sizeof(*took_ns)), p99[2],
            p50[2];
    size_t count[2];
    int fd;

    (void)state;
    assert_true(vt != NULL && took_ns != NULL);
    running = vt->pid;
    fd = client_open(folder, vt, START_MS);
    client_wait_live(fd, vt, START_MS);
    for (int i = 0; i < 2; i++) {
        count[i] = ask_for(fd, vt, i == 0, part_ms, took_ns);
        assert_true(count[i] > 50);
        p50[i] = took_ns[count[i] / 2];
        p99[i] = took_ns[count[i] * 99 / 100];
        print_message("terminal %s for %.1f s: %zu asks, p50 %.0f us, p99 %.0f us; engine from receipt to "
                      "decision, worst of "
                      "the last second: %" PRId64 " ms\n",
                      i == 0 ? "read" : "not read", (double)part_ms / 1000., count[i], (double)p50[i] / 1e3,
                      (double)p99[i] / 1e3, latency_worst(fd, "risk.latency_engine_ms"));
    }
    assert_true(p99[1] < 4 * p99[0] + 5000000); /* two processors, other tests beside it */
    assert_true(p50[1] < 2 * p50[0] + 1000000);
    close(fd);
    kill(vt->pid, SIGTERM);
    assert_true(vt_wait_exit(vt, START_MS));
    running = 0;
    vt_free(vt);
    free(took_ns);
}

#define FAULT_TEST(name) cmocka_unit_test_setup_teardown(name, desk_setup, desk_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FAULT_TEST(test_stopped_for_seconds),
        FAULT_TEST(test_the_wall_clock_jumps_while_it_runs),
        FAULT_TEST(test_the_wall_clock_jumps_between_runs),
        FAULT_TEST(test_a_crash_loop_starts_in_safe_mode),
        FAULT_TEST(test_a_terminal_that_stops_reading),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_loop.c - the program crashes again and again, and its next start trades only once a trader says so; its terminal
 * stops reading, and its orders take no longer for it.
 */
#include "faults/after.h"

static int64_t number_in(const char *text)
{
    return (int64_t)strtoll(text, NULL, 10);
}

/* --- crashes in a row ------------------------------------------------------------------------------------------------------- */

static bool log_says(const char *text)
{
    char line[512];
    FILE *in = fopen(path_of("flowdeck.log"), "re");
    bool says = false;

    assert_non_null(in);
    while (!says && fgets(line, sizeof(line), in) != NULL)
        says = strstr(line, text) != NULL;
    fclose(in);
    return says;
}

/* It is said on the screen, at its smallest too; it is killed once more. */
static void look_at_safe_mode(unsigned short rows, unsigned short cols)
{
    const char *const argv[] = {program,   "--demo",     "--seed", "5", "--symbol",
                                "BTCUSDT", "--data-dir", folder,   NULL};
    struct vt *vt = vt_start(&(struct vt_options){.rows = rows, .cols = cols, .argv = argv});

    assert_non_null(vt);
    running = vt->pid;
    vt_expect(vt, "SAFE MODE", START_MS);
    kill(vt->pid, SIGKILL);
    assert_true(vt_wait_exit(vt, START_MS));
    running = 0;
    vt_free(vt);
}

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
    look_at_safe_mode(24, 80);
    look_at_safe_mode(40, 120);
    desk_start(&desk);
    status = client_status(desk.fd);
    assert_string_equal(client_text(status, "state"), "HALTED");
    assert_non_null(strstr(client_text(status, "state_why"), "SAFE MODE"));
    assert_true(log_says("recovered after a CRASH"));
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
        FAULT_TEST(test_a_crash_loop_starts_in_safe_mode),
        FAULT_TEST(test_a_terminal_that_stops_reading),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* After a crash on paper: the last session's open orders are marked cancelled, and nothing else is touched. */
#include "unit/store_fixture.h"

#include "store/left_orders.h"

#include <sys/wait.h>

/* A session whose process dies as by a crash: one order in each state. */
static void crash(const char *path)
{
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        struct store *store = child_open(path);
        struct store_record record = instrument_record();

        child_push(store, &record);
        for (int state = 0; state < ORDER_STATES; state++) {
            record = order_record((uint64_t)state + 1, (enum order_state)state);
            child_push(store, &record);
        }
        while (store_durable_ns(store) < record.ts_ns)
            usleep(1000);
        _exit(0);
    }
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

static void test_open_orders_of_the_last_session_are_cancelled(void **state)
{
    struct folder *folder = *state;
    char why[WHY_SIZE] = "";
    int64_t open = 0;

    crash(folder->db);
    crash(folder->db);
    for (int i = 0; i < ORDER_STATES; i++) {
        struct order order = {.state = (enum order_state)i};

        open += order_is_open(&order);
    }
    assert_true(open >= 4);
    if (left_orders_cancel(folder->db, "the program crashed: Aborted", why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    for (int i = 0; i < ORDER_STATES; i++) {
        struct order order = {.state = (enum order_state)i};
        char sql[128];

        snprintf(sql, sizeof(sql), "SELECT state FROM orders WHERE session = 2 AND seq = %d", i + 1);
        assert_query_text(folder->db, sql,
                          order_is_open(&order) ? "cancelled" : order_state_word((enum order_state)i));
        snprintf(sql, sizeof(sql), "SELECT state FROM orders WHERE session = 1 AND seq = %d", i + 1);
        assert_query_text(folder->db, sql, order_state_word((enum order_state)i)); /* an older session's */
    }
    assert_int_equal(query(folder->db, "SELECT count(*) FROM audit WHERE event = 'order.left'"), open);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM audit WHERE text LIKE '%Aborted%'"), open);
}

static void test_a_second_time_finds_nothing(void **state)
{
    struct folder *folder = *state;
    char why[WHY_SIZE] = "";
    int64_t lines;

    crash(folder->db);
    assert_int_equal(left_orders_cancel(folder->db, "x", why, sizeof(why)), ERR_OK);
    lines = query(folder->db, "SELECT count(*) FROM audit");
    assert_int_equal(left_orders_cancel(folder->db, "x", why, sizeof(why)), ERR_OK);
    assert_int_equal(query(folder->db, "SELECT count(*) FROM audit"), lines);
}

/* Its orders ended with it, or were meant to stay. */
static void test_a_session_that_ended_in_order_is_left_alone(void **state)
{
    struct folder *folder = *state;
    struct store *store = open_store(folder->db);
    struct store_record record = instrument_record();
    char why[WHY_SIZE] = "";

    push(store, &record);
    record = order_record(1, ORDER_STATE_WORKING);
    push(store, &record);
    close_store(store, 9000);
    assert_int_equal(left_orders_cancel(folder->db, "x", why, sizeof(why)), ERR_OK);
    assert_query_text(folder->db, "SELECT state FROM orders", order_state_word(ORDER_STATE_WORKING));
}

static void test_what_is_no_database_is_told(void **state)
{
    struct folder *folder = *state;
    char why[WHY_SIZE] = "";
    FILE *out;

    snprintf(folder->db, sizeof(folder->db), "%s/plain.db", folder->path);
    out = fopen(folder->db, "we");
    assert_non_null(out);
    fputs("this is no database at all, and long enough to have a header of a hundred bytes ............",
          out);
    fclose(out);
    assert_int_not_equal(left_orders_cancel(folder->db, "x", why, sizeof(why)), ERR_OK);
    assert_true(strlen(why) > 0);
}

#define LEFT_TEST(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        LEFT_TEST(test_open_orders_of_the_last_session_are_cancelled),
        LEFT_TEST(test_a_second_time_finds_nothing),
        LEFT_TEST(test_a_session_that_ended_in_order_is_left_alone),
        LEFT_TEST(test_what_is_no_database_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Limits of the built-in exchange with a clock of the test's own, and the words of its fault script. */
#include "unit/cmocka_all.h"

#include "sim/faults.h"
#include "sim/rate_limits.h"

#include <string.h>

#define S       INT64_C(1000000000)
#define START_S INT64_C(1700000040) /* the first second of a minute */

static struct rate_limits limits;

static int clean(void **state)
{
    (void)state;
    memset(&limits, 0, sizeof(limits));
    return 0;
}

static void test_weight_by_minute_and_venue(void **state)
{
    struct limit_verdict verdict;

    (void)state;
    for (int i = 0; i < 24; i++) {
        verdict = limits_request(&limits, "127.0.0.1", LIMIT_SPOT, 250, (START_S + i) * S);
        assert_int_equal(verdict.status, 0);
        assert_int_equal(verdict.used_weight, 250 * (i + 1));
    }
    verdict = limits_request(&limits, "127.0.0.1", LIMIT_SPOT, 1, (START_S + 30) * S);
    assert_int_equal(verdict.status, 429);
    assert_int_equal(verdict.limit, 6000);
    assert_int_equal(verdict.retry_after_s, 30);
    assert_int_equal(limits_request(&limits, "127.0.0.1", LIMIT_USDM, 2400, (START_S + 30) * S).status, 0);
    assert_int_equal(limits_request(&limits, "127.0.0.1", LIMIT_USDM, 1, (START_S + 30) * S).status, 429);
    assert_int_equal(limits_request(&limits, "127.0.0.2", LIMIT_SPOT, 1, (START_S + 30) * S).status, 0);
    verdict = limits_request(&limits, "127.0.0.1", LIMIT_SPOT, 1, (START_S + 60) * S);
    assert_int_equal(verdict.status, 0);
    assert_int_equal(verdict.used_weight, 1);
}

static struct limit_verdict too_much(int64_t at_s)
{
    return limits_request(&limits, "a", LIMIT_SPOT, 7000, at_s * S);
}

static void test_ban_doubles(void **state)
{
    struct limit_verdict verdict;

    (void)state;
    for (int i = 0; i < LIMIT_STRIKES; i++)
        assert_int_equal(too_much(START_S).status, 429);
    verdict = too_much(START_S);
    assert_int_equal(verdict.status, 418);
    assert_int_equal(verdict.banned_until_ns, (START_S + 120) * S);
    verdict = limits_request(&limits, "a", LIMIT_SPOT, 1, (START_S + 119) * S);
    assert_int_equal(verdict.status, 418); /* the new minute does not help */
    assert_int_equal(verdict.retry_after_s, 1);
    assert_int_equal(limits_request(&limits, "a", LIMIT_SPOT, 1, (START_S + 120) * S).status, 0);
    for (int i = 0; i < LIMIT_STRIKES; i++)
        assert_int_equal(too_much(START_S + 121).status, 429);
    assert_int_equal(too_much(START_S + 121).banned_until_ns, (START_S + 121 + 240) * S);
    /* refusals with quiet minutes between them do not add up */
    for (int i = 0; i < 3 * LIMIT_STRIKES; i++)
        assert_int_equal(too_much(START_S + 1000 + 180 * i).status, 429);
    limits.off = true;
    assert_int_equal(too_much(START_S + 100000).status, 0);
}

static void test_connections_and_many_addresses(void **state)
{
    char name[32];
    int64_t at_s = START_S / 300 * 300;

    (void)state;
    for (int i = 0; i < LIMIT_CONNECTIONS; i++)
        assert_int_equal(limits_connect(&limits, "a", (at_s + i % 200) * S).status, 0);
    assert_int_equal(limits_connect(&limits, "a", (at_s + 200) * S).status, 429);
    assert_int_equal(limits_connect(&limits, "a", (at_s + 300) * S).status, 0);
    for (int i = 0; i < 1000; i++) { /* the table is bounded, the oldest goes */
        snprintf(name, sizeof(name), "127.0.%d.%d", i / 250, i % 250);
        assert_int_equal(limits_request(&limits, name, LIMIT_SPOT, 1, (at_s + 301 + i) * S).used_weight, 1);
    }
    assert_int_equal(limits.remotes, LIMIT_REMOTES_MAX);
}

static void test_orders_and_messages(void **state)
{
    struct limit_messages messages = {0};
    struct limit_orders orders;

    (void)state;
    orders = limits_orders_of(&limits, "key", LIMIT_USDM, START_S * S);
    assert_false(orders.over);
    orders = limits_orders_add(&limits, 300, "key", LIMIT_USDM, 299, START_S * S);
    assert_int_equal(orders.used_10s, 299);
    assert_false(orders.over);
    limits_orders_add(&limits, 300, "key", LIMIT_USDM, 1, START_S * S);
    orders = limits_orders_of(&limits, "key", LIMIT_USDM, (START_S + 4) * S);
    assert_true(orders.over);
    assert_string_equal(orders.interval, "TEN_SECONDS");
    assert_int_equal(orders.retry_after_s, 6);
    limits_orders_add(&limits, 300, "key", LIMIT_USDM, 900, (START_S + 10) * S);
    orders = limits_orders_of(&limits, "key", LIMIT_USDM, (START_S + 20) * S);
    assert_string_equal(orders.interval, "MINUTE");
    assert_int_equal(orders.used_long, 1200);
    assert_false(limits_orders_of(&limits, "key", LIMIT_SPOT, (START_S + 20) * S).over);
    for (int i = 0; i < LIMIT_MESSAGES_1S_USDM; i++)
        assert_true(limits_message(&limits, &messages, LIMIT_USDM, START_S * S + i));
    assert_false(limits_message(&limits, &messages, LIMIT_USDM, START_S * S + S / 2));
    assert_true(limits_message(&limits, &messages, LIMIT_USDM, START_S * S + S));
}

static void test_fault_lines(void **state)
{
    struct fault fault;
    char why[1024];

    (void)state;
    assert_int_equal(fault_parse("12.5 gap 3 BTCUSDT\n", true, 0, &fault, why, sizeof(why)), ERR_OK);
    assert_int_equal(fault.verb, FAULT_GAP);
    assert_int_equal(fault.at_ns, 12 * S + S / 2);
    assert_int_equal(fault.count, 3);
    assert_string_equal(fault.symbol, "BTCUSDT");
    assert_int_equal(fault_parse("+0.5 gap BTCUSDT", true, 2 * S, &fault, why, sizeof(why)), ERR_OK);
    assert_int_equal(fault.at_ns, 2 * S + S / 2);
    assert_int_equal(fault.count, 1);
    assert_string_equal(fault.symbol, "BTCUSDT");
    assert_int_equal(
        fault_parse("http:418 2 /api/v3 retry_after 0.2 executed", false, 0, &fault, why, sizeof(why)),
        ERR_OK);
    assert_int_equal(fault.at_ns, -1);
    assert_int_equal(fault.status, 418);
    assert_int_equal(fault.count, 2);
    assert_string_equal(fault.prefix, "/api/v3");
    assert_int_equal(fault.retry_after_s, 1);
    assert_true(fault.executed);
    assert_int_equal(fault_parse("jump BTCUSDT -50", false, 0, &fault, why, sizeof(why)), ERR_OK);
    assert_int_equal(fault.number, -50);
    assert_int_equal(fault_parse("jump BTCUSDT 5001", false, 0, &fault, why, sizeof(why)), ERR_USAGE);
    assert_string_equal(why, "fault 'jump BTCUSDT 5001': allowed is jump SYMBOL BP (-5000 to 5000)");
    assert_int_equal(fault_parse("gap", true, 0, &fault, why, sizeof(why)), ERR_USAGE);
    assert_non_null(strstr(why, "begins with its time in seconds"));
    assert_int_equal(fault_parse("chaos 10 gap,halt", false, 0, &fault, why, sizeof(why)), ERR_USAGE);
}

/* Every verb that chaos may pick makes a line that is understood. */
static void test_random_lines_parse(void **state)
{
    char line[FAULT_LINE_MAX], why[1024];
    struct fault fault;
    bool seen[FAULT_VERBS] = {false};
    size_t count = 0;

    (void)state;
    for (uint64_t random = 0; random < 64; random++) {
        assert_true(fault_random(UINT64_MAX, random, line));
        assert_int_equal(fault_parse(line, false, 0, &fault, why, sizeof(why)), ERR_OK);
        count += !seen[fault.verb];
        seen[fault.verb] = true;
    }
    assert_true(count >= 18);
    assert_true(fault_random(UINT64_C(1) << FAULT_DUP, 12345, line));
    assert_string_equal(line, "dup 1");
    assert_false(fault_random(UINT64_C(1) << FAULT_HALT, 0, line));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_weight_by_minute_and_venue, clean),
        cmocka_unit_test_setup(test_ban_doubles, clean),
        cmocka_unit_test_setup(test_connections_and_many_addresses, clean),
        cmocka_unit_test_setup(test_orders_and_messages, clean),
        cmocka_unit_test(test_fault_lines),
        cmocka_unit_test(test_random_lines_parse),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

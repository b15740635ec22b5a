/* Lines of the control socket: what is taken, what is refused and in which words, what goes back. */
#include "unit/cmocka_all.h"

#include "service/control_text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static struct control_request request;
static char id[CONTROL_ID_SIZE], why[CONTROL_WHY_SIZE];

static enum err parse(const char *line)
{
    why[0] = '\0';
    return control_text_parse(line, strlen(line), &request, id, why);
}

static void assert_taken(const char *line)
{
    if (parse(line) != ERR_OK)
        fail_msg("%s: %s", line, why);
}

static void test_an_order_is_taken_with_every_field(void **state)
{
    (void)state;
    assert_taken(
        "{\"do\":\"order\",\"id\":7,\"symbol\":\"BTCUSDT\",\"side\":\"SELL\",\"type\":\"STOP-LIMIT\","
        "\"tif\":\"GTD\",\"price\":\"61830.5\",\"stop\":\"61900\",\"trail\":\"5\",\"qty\":\"0.01\","
        "\"display\":\"0.001\",\"take_profit\":\"62000.00000001\",\"stop_loss\":61000,"
        "\"expire_ms\":1732179600123,\"post_only\":true,\"reduce_only\":true,\"may_cut\":false}");
    assert_int_equal(request.kind, CONTROL_ORDER);
    assert_string_equal(id, "7");
    assert_string_equal(request.symbol, "BTCUSDT");
    assert_int_equal(request.side, SIDE_ASK);
    assert_int_equal(request.type, ORDER_STOP_LIMIT);
    assert_int_equal(request.tif, TIF_GTD);
    assert_int_equal(request.price_e8, INT64_C(6183050000000));
    assert_int_equal(request.stop_e8, INT64_C(6190000000000));
    assert_int_equal(request.trail_e8, 500000000);
    assert_int_equal(request.qty_e8, 1000000);
    assert_int_equal(request.display_e8, 100000);
    assert_int_equal(request.take_e8, INT64_C(6200000000001));
    assert_int_equal(request.bracket_stop_e8, INT64_C(6100000000000));
    assert_int_equal(request.expire_ms, INT64_C(1732179600123));
    assert_true(request.post_only && request.reduce_only && !request.may_cut);
    assert_int_equal(request.group, 0);
    assert_false(request.again);
    assert_taken("{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":\"1\",\"group\":4294967295,"
                 "\"again\":true}");
    assert_true(request.again);
    assert_int_equal(request.group, 4294967295);
}

static void test_an_order_needs_little(void **state)
{
    (void)state;
    assert_taken("{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":\"1\"}");
    assert_int_equal(request.type, ORDER_LIMIT);
    assert_int_equal(request.tif, TIF_GTC);
    assert_int_equal(request.price_e8, 0);
    assert_string_equal(id, "");
}

/* Each word of each kind, so that one which the engine knows and the codec does not shows. */
static void test_every_word_is_known(void **state)
{
    char line[256];

    (void)state;
    for (int type = 0; type < ORDER_TYPES; type++) {
        snprintf(line, sizeof(line),
                 "{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":\"1\",\"type\":\"%s\"}",
                 order_type_word((enum order_type)type));
        assert_taken(line);
        assert_int_equal(request.type, type);
    }
    for (int tif = TIF_GTC; tif < TIF_GTD; tif++) {
        snprintf(line, sizeof(line),
                 "{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":\"1\",\"tif\":\"%s\"}",
                 time_in_force_word((enum time_in_force)tif));
        assert_taken(line);
        assert_int_equal(request.tif, tif);
    }
    for (int i = STATE_ACTIVE; i < STATE_KILLED; i++) {
        if (i == STATE_PAUSED) /* a request of its own */
            continue;
        snprintf(line, sizeof(line), "{\"do\":\"state\",\"state\":\"%s\"}",
                 trading_state_word((enum trading_state)i));
        assert_taken(line);
        assert_int_equal(request.state, i);
    }
}

static void test_the_other_requests(void **state)
{
    static const struct {
        const char *line;
        enum control_kind kind;
    } lines[] = {
        {"{\"do\":\"kill\"}", CONTROL_KILL},
        {"{\"do\":\"kill\",\"flatten\":true}", CONTROL_KILL},
        {"{\"do\":\"clear_kill\",\"word\":\"resume\"}", CONTROL_CLEAR_KILL},
        {"{\"do\":\"pause\"}", CONTROL_PAUSE},
        {"{\"do\":\"resume\"}", CONTROL_RESUME},
        {"{\"do\":\"mode\",\"mode\":\"simulation\"}", CONTROL_MODE},
        {"{\"do\":\"cancel\",\"order\":12}", CONTROL_CANCEL},
        {"{\"do\":\"move\",\"order\":12,\"price\":\"61830\"}", CONTROL_MOVE},
        {"{\"do\":\"move\",\"order\":12,\"qty\":\"0.5\"}", CONTROL_MOVE},
        {"{\"do\":\"cancel_all\"}", CONTROL_CANCEL_ALL},
        {"{\"do\":\"cancel_all\",\"symbol\":\"ETHUSDT\"}", CONTROL_CANCEL_ALL},
        {"{\"do\":\"flatten\",\"symbol\":\"ETHUSDT\",\"worst\":\"2500\"}", CONTROL_FLATTEN},
        {"{\"do\":\"set_limit\",\"limit\":\"risk.max_value\",\"value\":\"2000\"}", CONTROL_SET_LIMIT},
        {"{\"do\":\"clear_halt\",\"symbol\":\"ETHUSDT\"}", CONTROL_CLEAR_HALT},
        {"{\"do\":\"strategy\",\"strategy\":\"ofi\",\"turn\":\"off\"}", CONTROL_STRATEGY},
        {"{\"do\":\"strategy\",\"strategy\":\"ofi\",\"parameter\":\"size\",\"value\":5}", CONTROL_STRATEGY},
        {"{\"do\":\"status\",\"id\":\"a \\u00e9\"}", CONTROL_STATUS},
        {"{\"do\":\"controls\"}", CONTROL_CONTROLS},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        assert_taken(lines[i].line);
        assert_int_equal(request.kind, lines[i].kind);
    }
}

static void test_refusals_name_what_is_wrong(void **state)
{
    static const struct {
        const char *line, *said;
    } lines[] = {
        {"", "one JSON object"},
        {"[]", "one JSON object"},
        {"{\"do\":\"kill\"} x", "one JSON object"},
        {"{\"do\":\"kill\",\"do\":\"kill\"}", "one JSON object"},
        {"{}", "'do' is missing"},
        {"{\"do\":7}", "'do' is missing"},
        {"{\"do\":\"Kill\"}", "unknown request 'Kill'"},
        {"{\"do\":\"kill\",\"now\":true}", "unknown member 'now'"},
        {"{\"do\":\"kill\",\"flatten\":\"yes\"}", "'flatten' has a value that is not allowed"},
        {"{\"do\":\"pause\",\"symbol\":\"BTCUSDT\"}", "unknown member 'symbol'"},
        {"{\"do\":\"clear_kill\"}", "'word' is missing"},
        {"{\"do\":\"state\",\"state\":\"KILLED\"}",
         "'state' has a value that is not allowed; allowed: ACTIVE, REDUCING, HALTED"},
        {"{\"do\":\"cancel\",\"order\":0}", "'order' has a value"},
        {"{\"do\":\"cancel\",\"order\":-1}", "'order' has a value"},
        {"{\"do\":\"cancel\",\"order\":1.5}", "'order' has a value"},
        {"{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"BUY\"}", "'qty' is missing"},
        {"{\"do\":\"order\",\"symbol\":\"btcusdt\",\"side\":\"BUY\",\"qty\":\"1\"}", "'symbol' has a value"},
        {"{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"buy\",\"qty\":\"1\"}",
         "'side' has a value that is not allowed; allowed: BUY, SELL"},
        {"{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":\"1\",\"type\":\"x\"}",
         "allowed: LIMIT, MARKET, STOP, STOP-LIMIT, TAKE-PROFIT, TAKE-LIMIT, TRAILING"},
        {"{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":1.5}", "'qty' has a value"},
        {"{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":\"0\"}", "'qty' has a value"},
        {"{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":\"0.000000001\"}", "'qty' has a value"},
        {"{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":\"1e3\"}", "'qty' has a value"},
        {"{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":\"1\",\"tif\":\"GTD\"}",
         "'expire_ms' is missing"},
        {"{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":\"1\",\"flatten\":true}",
         "unknown member 'flatten'"},
        {"{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":\"1\",\"group\":0}",
         "'group' has a value"},
        {"{\"do\":\"order\",\"symbol\":\"X\",\"side\":\"BUY\",\"qty\":\"1\",\"group\":1,\"stop_loss\":\"1\"}",
         "'group' does not go with"},
        {"{\"do\":\"move\",\"order\":12}", "move: 'price', 'qty' or both"},
        {"{\"do\":\"strategy\",\"strategy\":\"ofi\"}", "either 'turn'"},
        {"{\"do\":\"strategy\",\"strategy\":\"ofi\",\"turn\":\"on\",\"parameter\":\"a\",\"value\":\"1\"}",
         "either 'turn'"},
        {"{\"do\":\"strategy\",\"strategy\":\"ofi\",\"parameter\":\"a\"}", "either 'turn'"},
        {"{\"do\":\"strategy\",\"strategy\":\"ofi\",\"turn\":\"\"}", "'turn' has a value"},
        {"{\"do\":\"status\",\"id\":[1]}", "'id' must be"},
        {"{\"do\":\"status\",\"id\":\"0123456789012345678901234567890123456789012345678901234567890123\"}",
         "'id' must be"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(lines); i++) {
        assert_int_equal(parse(lines[i].line), ERR_BAD_DATA);
        if (strstr(why, lines[i].said) == NULL)
            fail_msg("%s: said %s", lines[i].line, why);
    }
}

static json_t *read_back(char *line)
{
    json_t *root;

    assert_non_null(line);
    assert_ptr_equal(strchr(line, '\n'), line + strlen(line) - 1);
    root = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(root);
    free(line);
    return root;
}

static void test_answers_carry_the_id_back(void **state)
{
    struct control_answer answer = {.ok = true, .level = CONTROL_GOOD, .order_seq = 9};
    json_t *root;

    (void)state;
    strcpy(answer.text, "a \"quoted\" one, cut at \xc3");
    assert_taken("{\"do\":\"status\",\"id\":\"a \\u00e9\"}");
    root = read_back(control_text_answer(&answer, id));
    assert_string_equal(json_string_value(json_object_get(root, "id")), "a \xc3\xa9");
    assert_true(json_is_true(json_object_get(root, "ok")));
    assert_string_equal(json_string_value(json_object_get(root, "level")), "good");
    assert_string_equal(json_string_value(json_object_get(root, "text")), "a \"quoted\" one, cut at ");
    assert_int_equal(json_integer_value(json_object_get(root, "order")), 9);
    json_decref(root);
    root = read_back(control_text_refusal("no", ""));
    assert_true(json_is_false(json_object_get(root, "ok")));
    assert_null(json_object_get(root, "id"));
    json_decref(root);
}

static void test_a_full_status_is_one_line(void **state)
{
    static struct control_status status;
    json_t *root, *results;

    (void)state;
    status.mode = "SIMULATION";
    status.state = "KILLED";
    status.killed = true;
    status.kill_total = 3;
    status.kill_confirmed = 2;
    status.latched = CONTROL_LATCH_FAILED;
    status.instruments = INSTRUMENTS_MAX;
    status.strategies = OWNERS_MAX;
    status.orders = CONTROL_ORDERS_MAX;
    for (size_t i = 0; i < INSTRUMENTS_MAX; i++)
        status.instrument[i].book = "LIVE";
    for (size_t i = 0; i < CONTROL_ORDERS_MAX; i++)
        status.order[i].side = status.order[i].type = status.order[i].state = "x";
    status.order[255].price_e8 = INT64_C(6183050000000);
    status.killed_orders = 2; /* each with its result */
    status.killed_order[0] = (struct control_killed){
        {7, "BTCUSDT", "mm", "BUY", "LIMIT", "cancelled", INT64_C(6183050000000), 0, 1000, 0}, 250};
    status.killed_order[1] = status.killed_order[0];
    status.killed_order[1].order.state = "cancelling";
    status.killed_order[1].answered_us = -1;
    status.key_taken_ns = 17;
    root = read_back(control_text_status(&status, "1"));
    assert_int_equal(json_integer_value(json_object_get(json_object_get(root, "latency"), "key_taken_ns")),
                     17);
    assert_int_equal(json_array_size(json_object_get(root, "orders")), CONTROL_ORDERS_MAX);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(json_object_get(root, "orders"), 255), "price")),
        "61830.5");
    assert_string_equal(json_string_value(json_object_get(json_object_get(root, "kill"), "latched")),
                        "FAILED");
    results = json_object_get(json_object_get(root, "kill"), "results");
    assert_int_equal(json_array_size(results), 2);
    assert_int_equal(json_integer_value(json_object_get(json_array_get(results, 0), "answered_us")), 250);
    assert_string_equal(json_string_value(json_object_get(json_array_get(results, 0), "state")), "cancelled");
    assert_true(json_is_null(json_object_get(json_array_get(results, 1), "answered_us")));
    assert_string_equal(json_string_value(json_object_get(json_array_get(results, 1), "state")),
                        "cancelling");
    json_decref(root);
}

static void test_controls_tell_what_there_is_no_number_for(void **state)
{
    static struct view_controls controls;
    json_t *root, *first, *second;

    (void)state;
    controls.controls = 2;
    controls.tested_ns = VIEW_NONE;
    strcpy(controls.control[0].code, "KILL");
    controls.control[0].unit = VIEW_UNIT_NONE;
    controls.control[0].limit = controls.control[0].now = controls.control[0].worst = VIEW_NONE;
    controls.control[0].denied_ns = controls.control[0].tested_ns = VIEW_NONE;
    strcpy(controls.control[1].code, "MAX_VALUE");
    controls.control[1].unit = VIEW_UNIT_MONEY;
    controls.control[1].limit = INT64_C(100050000000);
    controls.control[1].self_test = 1;
    root = read_back(control_text_controls(&controls, ""));
    first = json_array_get(json_object_get(root, "controls"), 0);
    second = json_array_get(json_object_get(root, "controls"), 1);
    assert_true(json_is_null(json_object_get(first, "limit")));
    assert_string_equal(json_string_value(json_object_get(first, "self_test")), "not run");
    assert_string_equal(json_string_value(json_object_get(second, "limit")), "1000.5");
    assert_string_equal(json_string_value(json_object_get(second, "self_test")), "ok");
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_an_order_is_taken_with_every_field),
        cmocka_unit_test(test_an_order_needs_little),
        cmocka_unit_test(test_every_word_is_known),
        cmocka_unit_test(test_the_other_requests),
        cmocka_unit_test(test_refusals_name_what_is_wrong),
        cmocka_unit_test(test_answers_carry_the_id_back),
        cmocka_unit_test(test_a_full_status_is_one_line),
        cmocka_unit_test(test_controls_tell_what_there_is_no_number_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

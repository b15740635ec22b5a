/*
 * The flag that a signal, a socket or a file raises, before the command that belongs to it: no order and no new terms
 * leave. What the control socket asks, in steps of the instrument; every control in one report; who runs is told.
 */
#include "unit/pipeline_world.h"

#include "app/control_desk.h"
#include "app/controls_report.h"
#include "store/crash_count.h"
#include "store/recovered.h"

#include <string.h>

static const struct level bids[] = {{6182000, 100000}, {6181900, 100000}, {6181800, 100000}};
static const struct level asks[] = {{6182100, 100000}, {6182200, 100000}, {6182300, 100000}};

static atomic_bool flag;

static void start(struct world *world)
{
    world_init(world, bids, 3, asks, 3);
    atomic_store(&flag, false);
    world->pipeline->config.external_kill = &flag;
    world_depth(world, 1000000, false);
}

static struct control_answer ask(struct world *world, const struct control_request *request)
{
    struct control_before before = control_desk_before(world->pipeline);
    struct control_answer answer;
    struct command command;

    if (control_desk_read(world->pipeline, request, &command, &answer)) {
        pipeline_on_command(world->pipeline, &command);
        control_desk_answer(world->pipeline, request, &before, &answer);
    }
    return answer;
}

static struct control_request order_at(int64_t price_e8, int64_t qty_e8)
{
    struct control_request request = {.kind = CONTROL_ORDER,
                                      .seq = CONTROL_SEQ_FIRST + 1,
                                      .side = SIDE_BID,
                                      .price_e8 = price_e8,
                                      .qty_e8 = qty_e8};

    strcpy(request.symbol, "BTCUSDT");
    return request;
}

/* Paper orders reach the book after their latency. */
static void settle(struct world *world)
{
    for (int i = 0; i < 10; i++)
        world_depth(world, 100000000, false);
}

static void test_the_flag_stops_orders_before_its_command(void **state)
{
    struct world world;
    struct control_request request = order_at(INT64_C(6181000000000), 1000000);
    struct control_answer answer;
    uint64_t sent;

    (void)state;
    start(&world);
    answer = ask(&world, &request);
    assert_true(answer.ok);
    assert_int_equal(answer.order_seq, 1);
    sent = world.pipeline->counts.sent;
    assert_int_equal(sent, 1);
    atomic_store(&flag, true);
    request.price_e8 = INT64_C(6180000000000);
    ask(&world, &request);
    assert_int_equal(world.pipeline->counts.sent, sent);
    assert_int_equal(world.pipeline->counts.rejected, 1); /* told as refused, not as sent */
    assert_int_equal(order_manager_open_count(world.pipeline->orders), 1);
    pipeline_free(world.pipeline);
}

static void test_the_flag_stops_new_terms_before_its_command(void **state)
{
    struct world world;
    struct control_request request = order_at(INT64_C(6181000000000), 1000000);
    struct control_answer answer;
    struct risk_verdict verdict;
    const struct order *order;

    (void)state;
    start(&world);
    answer = ask(&world, &request);
    settle(&world);
    order = order_manager_find(world.pipeline->orders, answer.order_seq);
    assert_int_equal(order->state, ORDER_STATE_WORKING);
    atomic_store(&flag, true);
    verdict = trading_replace(world.pipeline, answer.order_seq, 6180900, 1000);
    assert_int_equal(verdict.answer, RISK_ANSWER_DENIED);
    assert_int_equal(verdict.code, RISK_KILL);
    assert_int_equal(order_manager_find(world.pipeline->orders, answer.order_seq)->state,
                     ORDER_STATE_WORKING);
    atomic_store(&flag, false);
    verdict = trading_replace(world.pipeline, answer.order_seq, 6180900, 1000);
    assert_int_equal(verdict.answer, RISK_ANSWER_PASSED);
    pipeline_free(world.pipeline);
}

/* flatten asked for with the kill: positions close once all is cancelled, though kill.flatten is off. */
static void test_a_kill_may_be_asked_to_flatten(void **state)
{
    struct control_request request = order_at(INT64_C(6182100000000), 1000000),
                           kill = {.kind = CONTROL_KILL, .seq = CONTROL_SEQ_FIRST + 2, .flatten = true};
    struct control_answer answer;
    struct world world;

    (void)state;
    start(&world);
    request.type = ORDER_MARKET;
    ask(&world, &request);
    settle(&world);
    assert_int_equal(world.pipeline->market[0]->total.lots, 1000);
    answer = ask(&world, &kill);
    assert_true(answer.ok);
    assert_int_equal(world.pipeline->risk.state, STATE_KILLED);
    settle(&world);
    assert_int_equal(world.pipeline->market[0]->total.lots, 0);
    pipeline_free(world.pipeline);
}

/* Two requests of one number: the screen's OCO, and not one that the screen counts itself. */
static void test_orders_of_a_group_cancel_each_other(void **state)
{
    struct control_request near = order_at(INT64_C(6182000000000), 1000000),
                           far = order_at(INT64_C(6180000000000), 1000000);
    struct control_answer first, second;
    struct world world;

    (void)state;
    start(&world);
    near.group = far.group = 7;
    first = ask(&world, &near);
    second = ask(&world, &far);
    assert_true(first.ok && second.ok);
    settle(&world);
    assert_int_equal(order_manager_open_count(world.pipeline->orders), 2);
    assert_true(order_manager_find(world.pipeline->orders, second.order_seq)->intent.group > UINT32_MAX);
    world_trade(&world, SIDE_ASK, 6181900, 1000); /* through the nearer one */
    settle(&world);
    assert_int_equal(world.pipeline->market[0]->total.lots, 1000);
    assert_int_equal(order_manager_open_count(world.pipeline->orders), 0);
    near.group = INT64_MAX;
    assert_non_null(strstr(ask(&world, &near).text, "group is out of range"));
    pipeline_free(world.pipeline);
}

/* Nobody can be asked whether a client means it twice: it has to say so itself. */
static void test_the_same_request_twice_must_be_meant(void **state)
{
    struct control_request request = order_at(INT64_C(6180000000000), 1000000);
    struct control_answer answer;
    struct world world;

    (void)state;
    start(&world);
    assert_true(ask(&world, &request).ok);
    answer = ask(&world, &request);
    assert_false(answer.ok);
    assert_non_null(strstr(answer.text, "NOT SENT  DUPLICATE"));
    request.again = true;
    assert_true(ask(&world, &request).ok);
    request.again = false;
    world_depth(&world, world.pipeline->config.limits.duplicate_ms * 1000000, false);
    assert_true(ask(&world, &request).ok);
    assert_int_equal(world.pipeline->counts.sent, 3);
    pipeline_free(world.pipeline);
}

static void test_requests_are_read_in_steps(void **state)
{
    struct world world;
    struct control_request request = order_at(INT64_C(6181000000000), 1000001);
    struct control_request word = {.kind = CONTROL_CLEAR_KILL, .word = "Resume"};
    struct control_request limit = {.kind = CONTROL_SET_LIMIT, .value = "500"};

    (void)state;
    start(&world);
    assert_non_null(strstr(ask(&world, &request).text, "no whole number of lots"));
    request = order_at(INT64_C(6181000500000), 1000000);
    assert_non_null(strstr(ask(&world, &request).text, "no whole number of ticks"));
    request = order_at(INT64_C(6181000000000), 1000000);
    strcpy(request.symbol, "ETHUSDT");
    assert_non_null(strstr(ask(&world, &request).text, "no such instrument: ETHUSDT"));
    request = order_at(INT64_C(6181000000000), 1000000);
    request.tif = TIF_GTD;
    request.expire_ms = INT64_MAX;
    assert_non_null(strstr(ask(&world, &request).text, "out of range"));
    assert_non_null(strstr(ask(&world, &word).text, "not the word"));
    strcpy(limit.name, "risk.none");
    assert_non_null(strstr(ask(&world, &limit).text, "no such limit"));
    strcpy(limit.name, "risk.max_value");
    assert_true(ask(&world, &limit).ok); /* tighter: no word is asked for */
    assert_int_equal(world.pipeline->config.limits.max_value_e8, INT64_C(50000000000));
    assert_int_equal(world.pipeline->counts.intents, 0);
    pipeline_free(world.pipeline);
}

static void test_an_order_is_moved_by_the_socket(void **state)
{
    struct world world;
    struct control_request request = order_at(INT64_C(6181000000000), 1000000);
    struct control_request move = {.kind = CONTROL_MOVE, .seq = CONTROL_SEQ_FIRST + 2};

    (void)state;
    start(&world);
    move.order_seq = ask(&world, &request).order_seq;
    settle(&world);
    move.price_e8 = INT64_C(6180550000000);
    assert_true(ask(&world, &move).ok);
    settle(&world);
    assert_int_equal(order_manager_find(world.pipeline->orders, move.order_seq)->intent.price_ticks, 6180550);
    assert_int_equal(world.pipeline->counts.sent, 1);
    move.price_e8 = 0; /* its size alone */
    move.qty_e8 = 700000;
    assert_true(ask(&world, &move).ok);
    settle(&world);
    assert_int_equal(order_manager_find(world.pipeline->orders, move.order_seq)->intent.price_ticks, 6180550);
    assert_int_equal(order_manager_find(world.pipeline->orders, move.order_seq)->intent.qty_lots, 700);
    move.qty_e8 = INT64_C(100000000); /* the gate looks at it like at a new order */
    assert_non_null(strstr(ask(&world, &move).text, "NOT SENT  MAX_QTY"));
    settle(&world);
    assert_int_equal(order_manager_find(world.pipeline->orders, move.order_seq)->intent.qty_lots, 700);
    move.qty_e8 = 1;
    assert_non_null(strstr(ask(&world, &move).text, "no whole number of lots"));
    move.qty_e8 = 0;
    move.price_e8 = INT64_C(6180551000000) - 500000;
    assert_non_null(strstr(ask(&world, &move).text, "no whole number of ticks"));
    move.order_seq = 99;
    assert_non_null(strstr(ask(&world, &move).text, "no such open order"));
    pipeline_free(world.pipeline);
}

static void test_every_control_is_in_the_report(void **state)
{
    static struct view_controls controls;
    struct world world;

    (void)state;
    start(&world);
    controls_report_fill(world.pipeline, world.pipeline->market[0], &controls);
    assert_true(controls.controls < VIEW_CONTROLS_MAX);
    for (int code = RISK_PASS + 1; code < RISK_CODES; code++) {
        unsigned found = 0;

        for (uint16_t i = 0; i < controls.controls; i++)
            found += strcmp(controls.control[i].code, risk_code_word((enum risk_code)code)) == 0;
        if (found == 0)
            fail_msg("%s is not in the report", risk_code_word((enum risk_code)code));
    }
    for (int id = 0; id < RISK_LIMITS; id++) {
        const char *option = risk_limit_row((enum risk_limit_id)id)->option;
        unsigned found = 0;

        for (uint16_t i = 0; i < controls.controls; i++) /* under its control's code, which no text repeats */
            found +=
                strcmp(controls.control[i].option, option) == 0 &&
                strcmp(controls.control[i].source, "default") == 0 &&
                strcmp(controls.control[i].code,
                       risk_code_word((enum risk_code)risk_limit_row((enum risk_limit_id)id)->code)) == 0 &&
                strstr(controls.control[i].help, controls.control[i].code) == NULL;
        assert_int_equal(found, 1);
    }
    controls_report_fill(world.pipeline, NULL, &controls); /* nothing is known yet */
    assert_true(controls.controls > RISK_LIMITS);
    pipeline_free(world.pipeline);
}

static const struct view_control *control_of(const struct view_controls *controls, const char *code)
{
    for (uint16_t i = 0; i < controls->controls; i++)
        if (strcmp(controls->control[i].code, code) == 0)
            return &controls->control[i];
    fail_msg("%s is not in the report", code);
    return NULL;
}

/* Beside a gate's word stands what it goes by, and MAX_QTY that is not set is what the gate makes of MAX_VALUE. */
static void test_gates_tell_what_they_go_by(void **state)
{
    static struct view_controls controls;
    struct world world;

    (void)state;
    start(&world);
    controls_report_fill(world.pipeline, world.pipeline->market[0], &controls);
    assert_string_equal(control_of(&controls, "SYMBOL_STATE")->word, "on  1 of 1 TRADING");
    assert_string_equal(control_of(&controls, "FILTER")->word, "on  tick 0.01, lot 0.00001");
    assert_string_equal(control_of(&controls, "BALANCE")->word, "on  10000.00 USDT free");
    assert_string_equal(control_of(&controls, "REDUCE_ONLY")->word, "by order  0 open");
    assert_int_equal(control_of(&controls, "MAX_QTY")->limit, INT64_C(1617000)); /* 1000 at 61842 */
    pipeline_free(world.pipeline);
}

/* What is held, and what would be if the open order filled, are two figures. */
static void test_open_orders_are_in_the_worst_case_alone(void **state)
{
    static struct view_controls controls;
    struct world world;
    struct control_request request = order_at(INT64_C(6181000000000), 1000000);

    (void)state;
    start(&world);
    assert_true(ask(&world, &request).ok);
    controls_report_fill(world.pipeline, world.pipeline->market[0], &controls);
    for (uint16_t i = 0; i < controls.controls; i++) {
        const struct view_control *control = &controls.control[i];

        if (strcmp(control->option, "risk.max_position") != 0 &&
            strcmp(control->option, "risk.max_gross") != 0)
            continue;
        assert_int_equal(control->now, 0);
        assert_int_equal(control->worst, INT64_C(61810000000)); /* 0.01 at 61810.00 */
    }
    pipeline_free(world.pipeline);
}

/* One order uses nothing up: the largest that passed is told, a denied one is not, and a new day begins anew. */
static void test_the_largest_order_of_the_day_is_told(void **state)
{
    static struct view_controls controls;
    struct world world;
    struct control_request small = order_at(INT64_C(6181000000000), 1000000),
                           large = order_at(INT64_C(6181000000000), 100000000);

    (void)state;
    start(&world);
    assert_true(ask(&world, &small).ok);
    assert_false(ask(&world, &large).ok);
    for (int day = 0; day < 2; day++) {
        controls_report_fill(world.pipeline, world.pipeline->market[0], &controls);
        for (uint16_t i = 0; i < controls.controls; i++) {
            if (strcmp(controls.control[i].option, "risk.max_value") == 0)
                assert_int_equal(controls.control[i].now, day == 0 ? INT64_C(61810000000) : 0);
            if (strcmp(controls.control[i].option, "risk.max_qty") == 0)
                assert_int_equal(controls.control[i].now, day == 0 ? 1000000 : 0);
        }
        pipeline_on_time(world.pipeline, world.pipeline->now_ns + INT64_C(86400000000000));
        pipeline_on_time(world.pipeline,
                         world.pipeline->now_ns + INT64_C(1000000000)); /* a silence has no tick */
    }
    pipeline_free(world.pipeline);
}

/* Crashes of ten minutes are counted; safe mode is a trip of the start. */
static void test_crash_loop_tells_its_use(void **state)
{
    static struct view_controls controls;
    struct recovered left = {.safe_mode = true};
    const struct view_control *control;
    struct world world;
    int64_t now_ns;

    (void)state;
    start(&world);
    now_ns = world.pipeline->now_ns;
    controls_report_fill(world.pipeline, NULL, &controls);
    control = control_of(&controls, "CRASH_LOOP");
    assert_string_equal(control->word, "no journal");
    assert_int_equal(control->limit, VIEW_NONE);
    crash_count_add(left.crash_ns, now_ns - CRASH_COUNT_NS); /* too old */
    crash_count_add(left.crash_ns, now_ns - CRASH_COUNT_NS + 1);
    crash_count_add(left.crash_ns, now_ns - 1);
    left.safe_mode = crash_count_is_loop(left.crash_ns, now_ns);
    world.pipeline->config.recovered = &left;
    world.pipeline->selftest.ran_ns = 77;
    controls_report_fill(world.pipeline, NULL, &controls);
    control = control_of(&controls, "CRASH_LOOP");
    assert_string_equal(control->word, "2 of 5  in 10 min");
    assert_int_equal(control->now, 2);
    assert_int_equal(control->limit, 5);
    assert_int_equal(control->tripped_ns, VIEW_NONE);
    for (int i = 0; i < 4; i++)
        crash_count_add(left.crash_ns, now_ns - 1);
    left.safe_mode = crash_count_is_loop(left.crash_ns, now_ns);
    controls_report_fill(world.pipeline, NULL, &controls);
    control = control_of(&controls, "CRASH_LOOP");
    assert_string_equal(control->word, "safe mode  5 of 5  in 10 min");
    assert_int_equal(control->trips, 1);
    assert_int_equal(control->tripped_ns, 77);
    assert_int_equal(control->denied, 0);
    world.pipeline->config.recovered = NULL;
    pipeline_free(world.pipeline);
}

static int64_t ticking_ns;

static int64_t ticking(void)
{
    return ticking_ns += 250;
}

/* Live the gate is timed now and then; who killed, who cleared, and the money that may be lost still are told. */
static void test_what_screen_5_tells_besides(void **state)
{
    static struct view_controls controls;
    struct world world;
    struct control_request request = order_at(INT64_C(6181000000000), 1000000),
                           kill = {.kind = CONTROL_KILL, .seq = CONTROL_SEQ_FIRST + 7},
                           clear = {
                               .kind = CONTROL_CLEAR_KILL, .seq = CONTROL_SEQ_FIRST + 8, .word = "resume"};

    (void)state;
    start(&world);
    controls_report_fill(world.pipeline, world.pipeline->market[0], &controls);
    assert_int_equal(controls.gate_p50_ns, VIEW_NONE); /* a replay measures nothing */
    assert_int_equal(control_of(&controls, "DAILY_LOSS")->room_e8, INT64_C(20000000000)); /* 2 % of 10,000 */
    assert_int_equal(control_of(&controls, "DRAWDOWN")->room_e8, INT64_C(50000000000));
    assert_int_equal(control_of(&controls, "MAX_VALUE")->room_e8, VIEW_NONE);
    world.pipeline->config.stopwatch = ticking;
    assert_true(ask(&world, &request).ok);
    settle(&world);
    controls_report_fill(world.pipeline, world.pipeline->market[0], &controls);
    assert_int_equal(controls.gate_p50_ns, 250);
    assert_int_equal(controls.gate_p99_ns, 250);
    assert_int_equal(controls.last_kill_ns, VIEW_NONE);
    assert_true(ask(&world, &kill).ok);
    controls_report_fill(world.pipeline, world.pipeline->market[0], &controls);
    assert_string_equal(controls.last_kill,
                        "by socket, everything: 1 of 1 cancelled; quiet after 0.0 s; not cleared");
    assert_true(ask(&world, &clear).ok);
    controls_report_fill(world.pipeline, world.pipeline->market[0], &controls);
    assert_non_null(strstr(controls.last_kill, "; cleared 22:13:2"));
    assert_non_null(strstr(controls.last_kill, " by socket"));
    pipeline_free(world.pipeline);
}

static void test_denials_are_kept_newest_first(void **state)
{
    static struct view_controls controls;
    struct world world;
    struct control_request request = order_at(INT64_C(6181000000000), 1000000);

    (void)state;
    start(&world);
    for (int i = 0; i < PIPELINE_DENIALS_MAX + 3; i++) {
        request.qty_e8 = INT64_C(100000000) + i * 1000; /* far above MAX_VALUE */
        assert_false(ask(&world, &request).ok);
    }
    controls_report_fill(world.pipeline, world.pipeline->market[0], &controls);
    assert_int_equal(controls.denials, PIPELINE_DENIALS_MAX);
    assert_int_equal(controls.denial[0].qty_lots, 100000 + PIPELINE_DENIALS_MAX + 2);
    assert_int_equal(controls.denial[PIPELINE_DENIALS_MAX - 1].qty_lots, 100000 + 3);
    assert_true(controls.denial[0].code[0] != '\0' && controls.denial[0].text[0] != '\0');
    pipeline_free(world.pipeline);
}

static struct {
    uint16_t inside; /* 0: nobody */
    unsigned entered;
    bool nested;
} seen;

static void enter(void *arg, uint16_t owner)
{
    (void)arg;
    seen.nested |= seen.inside != 0;
    seen.inside = owner;
    seen.entered++;
}

static void leave(void *arg)
{
    (void)arg;
    seen.inside = 0;
}

static void test_whose_code_runs_is_told(void **state)
{
    struct world world;

    (void)state;
    start(&world);
    memset(&seen, 0, sizeof(seen));
    world.pipeline->config.watch = (struct callback_watch){enter, leave, NULL};
    settle(&world);
    assert_true(seen.entered > 0);
    assert_int_equal(seen.inside, 0);
    assert_false(seen.nested);
    pipeline_free(world.pipeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_flag_stops_orders_before_its_command),
        cmocka_unit_test(test_the_flag_stops_new_terms_before_its_command),
        cmocka_unit_test(test_a_kill_may_be_asked_to_flatten),
        cmocka_unit_test(test_orders_of_a_group_cancel_each_other),
        cmocka_unit_test(test_the_same_request_twice_must_be_meant),
        cmocka_unit_test(test_requests_are_read_in_steps),
        cmocka_unit_test(test_an_order_is_moved_by_the_socket),
        cmocka_unit_test(test_every_control_is_in_the_report),
        cmocka_unit_test(test_gates_tell_what_they_go_by),
        cmocka_unit_test(test_open_orders_are_in_the_worst_case_alone),
        cmocka_unit_test(test_the_largest_order_of_the_day_is_told),
        cmocka_unit_test(test_crash_loop_tells_its_use),
        cmocka_unit_test(test_what_screen_5_tells_besides),
        cmocka_unit_test(test_denials_are_kept_newest_first),
        cmocka_unit_test(test_whose_code_runs_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

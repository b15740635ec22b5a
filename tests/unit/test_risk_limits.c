/* test_risk_limits.c - limits: presets, what a start refuses, changes at run time, and the options they are. */
#include "app/options.h"
#include "cmocka_all.h"
#include "risk/gate.h"
#include "risk/limits.h"

#include <string.h>

#define E8 INT64_C(100000000)

static struct risk_limits preset(enum trading_mode mode)
{
    struct risk_limits limits;

    risk_limits_init(&limits, mode);
    limits.max_qty_e8 = E8;
    return limits;
}

static void test_presets_are_those_of_the_mode(void **state)
{
    char why[RISK_LIMITS_WHY_SIZE];
    struct risk_limits paper, live;

    (void)state;
    risk_limits_init(&paper, MODE_SIMULATION);
    risk_limits_init(&live, MODE_LIVE);
    assert_int_equal(risk_limits_check(&paper, MODE_SIMULATION, why), ERR_OK);
    assert_int_equal(paper.max_value_e8, 1000 * E8);
    assert_int_equal(paper.msg_per_s, 20);
    assert_int_equal(paper.msg_per_min, 600);
    assert_int_equal(paper.repeat_n, 600);
    assert_int_equal(live.msg_per_s, 5);
    assert_int_equal(live.msg_per_min, 60);
    assert_int_equal(live.repeat_n, 20);
    assert_int_equal(live.max_position_value_e8, 5000 * E8);
    assert_int_equal(live.max_gross_value_e8, 10000 * E8);
    assert_int_equal(live.req_weight_percent, 80);
    assert_int_equal(live.collar_window_bp, 500);
    assert_int_equal(live.loss_streak, 5);
}

/* CONTROLS: in live mode MAX_QTY must be set. */
static void test_live_needs_max_qty(void **state)
{
    char why[RISK_LIMITS_WHY_SIZE];
    struct risk_limits limits;

    (void)state;
    risk_limits_init(&limits, MODE_LIVE);
    assert_int_equal(risk_limits_check(&limits, MODE_LIVE, why), ERR_CONFIG);
    assert_string_equal(why, "risk.max_qty: 0: not set; allowed: 0.00000001..1000000000");
    limits.max_qty_e8 = E8;
    assert_int_equal(risk_limits_check(&limits, MODE_LIVE, why), ERR_OK);
    limits.max_qty_e8 = 0;
    assert_int_equal(risk_limits_check(&limits, MODE_SIMULATION, why), ERR_OK);
}

static void assert_refused(enum risk_limit_id id, int64_t value, enum trading_mode mode)
{
    struct risk_limits limits = preset(mode);
    char why[RISK_LIMITS_WHY_SIZE];
    size_t name = strlen(risk_limit_row(id)->option);

    risk_limit_set(&limits, id, value);
    assert_int_equal(risk_limits_check(&limits, mode, why), ERR_CONFIG);
    assert_memory_equal(why, risk_limit_row(id)->option, name);
    assert_int_equal(why[name], ':');
    assert_null(strchr(why, '\n'));
}

/* R13: absent, zero, negative, huge; one line that names the option. */
static void test_a_start_refuses_what_is_no_limit(void **state)
{
    (void)state;
    for (int i = 0; i < RISK_LIMITS; i++) {
        enum risk_limit_id id = (enum risk_limit_id)i;
        const struct risk_limit *row = risk_limit_row(id);

        assert_true(row->live_most <= row->most);
        assert_refused(id, 0, MODE_LIVE);
        assert_refused(id, -1, MODE_LIVE);
        assert_refused(id, INT64_MIN, MODE_LIVE);
        assert_refused(id, row->live_most + 1, MODE_LIVE);
        assert_refused(id, row->most + 1, MODE_SIMULATION);
        assert_refused(id, INT64_MAX, MODE_SIMULATION);
        assert_refused(id, row->least - 1 == 0 ? -1 : row->least - 1, MODE_SIMULATION);
    }
}

static void test_limits_may_not_contradict(void **state)
{
    struct risk_limits limits = preset(MODE_SIMULATION);
    char why[RISK_LIMITS_WHY_SIZE];

    (void)state;
    limits.max_value_e8 = limits.max_position_value_e8;
    assert_int_equal(risk_limits_check(&limits, MODE_SIMULATION, why), ERR_OK);
    limits.max_value_e8++;
    assert_int_equal(risk_limits_check(&limits, MODE_SIMULATION, why), ERR_CONFIG);
    assert_string_equal(why, "risk.max_value: may not be above risk.max_position");
    limits = preset(MODE_SIMULATION);
    limits.loss_streak = limits.loss_streak_symbol + 1;
    assert_int_equal(risk_limits_check(&limits, MODE_SIMULATION, why), ERR_CONFIG);
}

/* R16: old -> new, looser only with a typed confirmation, all or nothing. */
static void test_change(void **state)
{
    struct risk_limits limits = preset(MODE_LIVE), before = limits;
    struct risk_limit_change change;
    char why[RISK_LIMITS_WHY_SIZE];

    (void)state;
    assert_int_equal(risk_limits_change(&limits, MODE_LIVE, "risk.max_value", 2000 * E8, false, &change, why),
                     ERR_STATE);
    assert_true(change.loosens);
    assert_int_equal(change.old_value, 1000 * E8);
    assert_int_equal(change.new_value, 2000 * E8);
    assert_memory_equal(&limits, &before, sizeof limits);
    assert_int_equal(risk_limits_change(&limits, MODE_LIVE, "risk.max_value", 2000 * E8, true, &change, why),
                     ERR_OK);
    assert_int_equal(limits.max_value_e8, 2000 * E8);
    assert_int_equal(risk_limits_change(&limits, MODE_LIVE, "risk.max_value", 500 * E8, false, &change, why),
                     ERR_OK);
    assert_false(change.loosens);
    assert_int_equal(change.old_value, 2000 * E8);
    assert_int_equal(limits.max_value_e8, 500 * E8);
    assert_int_equal(risk_limits_change(&limits, MODE_LIVE, "risk.duplicate_ms", 50, false, &change, why),
                     ERR_STATE);
    assert_int_equal(risk_limits_change(&limits, MODE_LIVE, "risk.duplicate_ms", 200, false, &change, why),
                     ERR_OK);
}

static void test_change_refuses_what_a_start_refuses(void **state)
{
    struct risk_limits limits = preset(MODE_LIVE), before = limits;
    struct risk_limit_change change;
    char why[RISK_LIMITS_WHY_SIZE];

    (void)state;
    for (int i = 0; i < RISK_LIMITS; i++) {
        const struct risk_limit *row = risk_limit_row((enum risk_limit_id)i);

        assert_int_equal(risk_limits_change(&limits, MODE_LIVE, row->option, 0, true, &change, why),
                         ERR_CONFIG);
        assert_int_equal(
            risk_limits_change(&limits, MODE_LIVE, row->option, row->live_most + 1, true, &change, why),
            ERR_CONFIG);
        assert_non_null(strstr(why, row->option));
    }
    assert_int_equal(
        risk_limits_change(&limits, MODE_LIVE, "risk.max_value", -5 * E8 / 2, true, &change, why),
        ERR_CONFIG);
    assert_string_equal(why, "risk.max_value: -2.5: a limit is above 0");
    assert_int_equal(risk_limits_change(&limits, MODE_LIVE, "risk.max_valeu", 1, true, &change, why),
                     ERR_NOT_FOUND);
    assert_int_equal(/* above max_gross */
                     risk_limits_change(&limits, MODE_LIVE, "risk.max_position", 10001 * E8, true, &change,
                                        why),
                     ERR_CONFIG);
    assert_memory_equal(&limits, &before, sizeof limits);
}

/* Unset, MAX_QTY follows max_value: no number tells whether a set one is less. */
static void test_setting_max_qty_at_run_time_is_confirmed(void **state)
{
    struct risk_limits limits;
    struct risk_limit_change change;
    char why[RISK_LIMITS_WHY_SIZE];

    (void)state;
    risk_limits_init(&limits, MODE_SIMULATION);
    assert_int_equal(risk_limits_change(&limits, MODE_SIMULATION, "risk.max_qty", 1, false, &change, why),
                     ERR_STATE);
    assert_int_equal(risk_limits_change(&limits, MODE_SIMULATION, "risk.max_qty", 1, true, &change, why),
                     ERR_OK);
}

static void test_values_are_parsed_as_their_option_writes_them(void **state)
{
    int64_t value = 0;

    (void)state;
    assert_int_equal(risk_limit_parse(RISK_LIMIT_max_value_e8, "12.5", &value), ERR_OK);
    assert_int_equal(value, 1250000000);
    assert_int_equal(risk_limit_parse(RISK_LIMIT_stale_ms, "250", &value), ERR_OK);
    assert_int_equal(value, 250);
    assert_int_not_equal(risk_limit_parse(RISK_LIMIT_stale_ms, "2.5", &value), ERR_OK);
    assert_int_not_equal(risk_limit_parse(RISK_LIMIT_stale_ms, "nan", &value), ERR_OK);
}

/* One list makes both: an option of each limit, with its range and its preset. */
static void test_each_limit_is_an_option(void **state)
{
    struct config *config = options_config_new();
    struct pipeline_config made;
    struct risk_limits expected;
    char why[CONFIG_WHY_SIZE];
    size_t count;
    const struct option *table = options_table(&count);

    (void)state;
    for (int i = 0; i < RISK_LIMITS; i++) {
        const struct risk_limit *row = risk_limit_row((enum risk_limit_id)i);
        const struct option *option = option_find(table, count, row->option);

        assert_non_null(option);
        assert_int_equal(option->min, row->least);
        assert_int_equal(option->max, row->most);
        assert_ptr_equal(risk_limit_row(risk_limit_find(row->option)), row);
        assert_memory_equal(row->help, risk_code_word((enum risk_code)row->code),
                            strlen(risk_code_word((enum risk_code)row->code)));
    }
    assert_int_equal(options_pipeline(config, &made, why), ERR_OK);
    risk_limits_init(&expected, MODE_OBSERVATION);
    expected.fee_taker_ppm = expected.fee_maker_ppm = 1000;
    assert_memory_equal(&made.limits, &expected, sizeof expected);
    assert_int_equal(config_set_cli(config, "mode", "simulation", why), ERR_OK);
    assert_int_equal(
        config_load_text(config, "risk: {loss_streak: 3, trade_loss: 12.5}\n", 41, "some.yaml", why), ERR_OK);
    assert_int_equal(options_pipeline(config, &made, why), ERR_OK);
    assert_int_equal(made.limits.loss_streak, 3);
    assert_int_equal(made.limits.trade_loss_e8, 1250000000);
    assert_string_equal(made.limit_source[RISK_LIMIT_loss_streak], "some.yaml:1");
    assert_string_equal(made.limit_source[RISK_LIMIT_stale_ms], "default");
    assert_int_equal(config_set_cli(config, "risk.stale_ms", "500", why), ERR_OK);
    assert_int_equal(options_pipeline(config, &made, why), ERR_OK);
    assert_string_equal(made.limit_source[RISK_LIMIT_stale_ms], "command line");
    config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_presets_are_those_of_the_mode),
        cmocka_unit_test(test_live_needs_max_qty),
        cmocka_unit_test(test_a_start_refuses_what_is_no_limit),
        cmocka_unit_test(test_limits_may_not_contradict),
        cmocka_unit_test(test_change),
        cmocka_unit_test(test_change_refuses_what_a_start_refuses),
        cmocka_unit_test(test_setting_max_qty_at_run_time_is_confirmed),
        cmocka_unit_test(test_values_are_parsed_as_their_option_writes_them),
        cmocka_unit_test(test_each_limit_is_an_option),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

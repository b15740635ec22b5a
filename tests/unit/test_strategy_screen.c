/* Screen 4: its pictures, its keys, and how a strategy is turned on and a parameter set. */
#include "golden_screen.h"
#include "mock_strategies.h"

static struct fixture *strategy_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    mock_more_strategies(&f->frame);
    mock_strategy_detail(&f->frame.strategy_detail);
    fixture_key(f, '4');
    fixture_publish(f);
    return f;
}

static void test_pictures(void **state)
{
    (void)state;
    golden_sizes(strategy_new, "mock-strategy");
}

static void test_second_page_and_editing(void **state)
{
    struct fixture *f = strategy_new(80, 24);

    (void)state;
    fixture_key(f, KEY_TAB);
    golden_screen(f, "mock-strategy-detail-80x24");
    fixture_free(f);
    f = strategy_new(120, 36);
    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_DOWN);
    fixture_key(f, KEY_ENTER);
    golden_screen(f, "mock-strategy-edit-120x36");
    fixture_free(f);
}

/* Each signal whole, with what it is and where it comes from, however narrow; the rest by scrolling. */
static void test_every_signal_with_definition_and_source(void **state)
{
    struct fixture *f = strategy_new(120, 36);

    (void)state;
    assert_has(fixture_draw(f), "all signals  of BTCUSDT; Tab shows all of them");
    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_TAB);
    golden_screen(f, "mock-strategy-signals-120x36");
    assert_has(fixture_draw(f), "(bid x ask size + ask x bid size) / both sizes, less the mid");
    assert_has(fixture_draw(f), "Kukanov, Stoikov 2014, eq. 3-4");
    assert_has(fixture_draw(f), "all signals  of BTCUSDT, 1-5 of 5");
    fixture_key(f, 'G');
    assert_has(fixture_draw(f), "all signals  of BTCUSDT, 5-5 of 5");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_next_row(f), "signals are only looked at");
    fixture_key(f, KEY_TAB);
    assert_has(fixture_draw(f), "what it is goes with");
    fixture_free(f);
    f = strategy_new(80, 24);
    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_TAB);
    golden_screen(f, "mock-strategy-signals-80x24");
    assert_has(fixture_draw(f), "Prado, O'Hara 2012");
    fixture_free(f);
}

/* The chosen strategy is what the engine is asked about. */
static void test_the_chosen_one_is_asked_for(void **state)
{
    struct fixture *f = strategy_new(120, 36);

    (void)state;
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.screen, SCREEN_STRATEGY);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.owner, 1);
    fixture_key(f, KEY_DOWN);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.owner, 2);
    assert_has(fixture_draw(f), "asking the engine");
    assert_has(fixture_next_row(f), "mm  PAUSED: its order was cancelled by you");
    fixture_key(f, 'G');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.owner, 4); /* never the trader's own hand */
    fixture_key(f, '1');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.owner, OWNER_MANUAL);
    fixture_free(f);
}

static void test_enter_turns_on_and_off(void **state)
{
    struct fixture *f = strategy_new(120, 36);

    (void)state;
    fixture_key(f, KEY_ENTER);
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_OFF)->intent.owner, 1);
    fixture_key(f, KEY_DOWN);
    fixture_key(f, KEY_DOWN); /* the disabled one */
    assert_has(fixture_next_row(f), "absorption  DISABLED: 3 strikes");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_ON)->intent.owner, 3);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_free(f);
}

/* In live, and only there, turning one on asks; so does the prompt. */
static void test_live_asks(void **state)
{
    struct fixture *f = strategy_new(120, 36);

    (void)state;
    f->frame.status.mode = MODE_LIVE;
    fixture_publish(f);
    fixture_key(f, 'G');
    assert_has(fixture_next_row(f), "Enter asks, then turns it on");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    assert_has(fixture_draw(f), "TURN A STRATEGY ON IN LIVE?");
    fixture_key(f, KEY_ENTER); /* the focus stands on no */
    assert_int_equal(fixture_count(f, COMMAND_STRATEGY_ON), 0);
    fixture_prompt(f, "on pairs");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_ON)->intent.owner, 4);
    fixture_key(f, 'g');
    fixture_key(f, KEY_ENTER); /* off never asks */
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_OFF)->intent.owner, 1);
    fixture_free(f);
}

static void edit(struct fixture *f, int parameter, const char *value)
{
    f->ui->strategies.focus = STRATEGIES_PARAMETERS;
    f->ui->strategies.parameter = (uint16_t)parameter;
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->overlay, OVERLAY_TEXT);
    for (int i = f->ui->text.size + 2; i > 0; i--) /* more than there is: the field stays */
        fixture_key(f, KEY_BACKSPACE);
    assert_int_equal(f->ui->overlay, OVERLAY_TEXT);
    fixture_type(f, value);
}

/* What only allows an entry has no side and no share of the score. */
static void test_a_condition_is_no_signal(void **state)
{
    struct fixture *f = strategy_new(120, 36);

    (void)state;
    assert_has_not(fixture_draw(f), "  condition ");
    f->frame.strategy_detail.feature[0].weight_x1000 = 0;
    f->frame.strategy_detail.feature[0].value_x1000 = 2280;
    fixture_publish(f);
    assert_has(fixture_draw(f), "    2.28  condition ");
    fixture_free(f);
}

/* What is typed takes the place of the value, 50 and then 120 is not 50120; erasing edits it. */
static void test_a_typed_value_is_the_whole_value(void **state)
{
    struct fixture *f = strategy_new(120, 36);

    (void)state;
    f->ui->strategies.focus = STRATEGIES_PARAMETERS;
    f->ui->strategies.parameter = 2;
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_next_row(f), "type its new value");
    fixture_type(f, "120");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_SET)->number, 120);
    f->ui->strategies.parameter = 0;
    f->frame.strategy_detail.parameter[0].value[0] = '1';
    f->frame.strategy_detail.parameter[0].value[1] = '\0';
    fixture_publish(f);
    fixture_key(f, KEY_ENTER);
    fixture_key(f, KEY_BACKSPACE);
    fixture_type(f, "2.5");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_SET)->number, E8(2.5));
    fixture_key(f, KEY_ENTER);
    fixture_key(f, KEY_ENTER); /* as it was */
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_SET)->number, E8(1));
    fixture_free(f);
}

/* Checked while it is typed, by what the manifest says; what is out of range never leaves. */
static void test_parameters_are_checked_and_set(void **state)
{
    struct fixture *f = strategy_new(120, 36);
    const struct command *sent;

    (void)state;
    edit(f, 0, "0.9");
    assert_has(fixture_next_row(f), "0.9 is allowed (0.1..5)");
    fixture_key(f, KEY_ENTER);
    sent = fixture_last(f, COMMAND_STRATEGY_SET);
    assert_int_equal(sent->intent.owner, 1);
    assert_int_equal(sent->index, 0);
    assert_int_equal(sent->number, E8(0.9));
    edit(f, 2, "120");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_SET)->index, 2);
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_SET)->number, 120); /* a whole number goes plain */
    edit(f, 0, "5.1");
    assert_has(fixture_next_row(f), "5.1 is outside 0.1..5");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_next_row(f), "NOT CHANGED");
    edit(f, 2, "1.5");
    assert_has(fixture_next_row(f), "is no whole number");
    fixture_key(f, KEY_ENTER);
    edit(f, 4, "never");
    assert_has(fixture_next_row(f), "`never` is none of signal|time|both");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(fixture_count(f, COMMAND_STRATEGY_SET), 2);
    fixture_free(f);
}

/* Of what is no number Tab steps through the words, and the command carries the word's place. */
static void test_words_are_stepped_through(void **state)
{
    struct fixture *f = strategy_new(120, 36);

    (void)state;
    f->ui->strategies.focus = STRATEGIES_PARAMETERS;
    f->ui->strategies.parameter = 4;
    fixture_key(f, KEY_ENTER);
    assert_string_equal(f->ui->text.value, "signal");
    fixture_key(f, KEY_TAB);
    assert_string_equal(f->ui->text.value, "time");
    fixture_key(f, KEY_TAB);
    assert_string_equal(f->ui->text.value, "both");
    fixture_key(f, KEY_TAB);
    assert_string_equal(f->ui->text.value, "signal");
    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_ENTER);
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_SET)->number, 2);
    f->ui->strategies.parameter = 3;
    fixture_key(f, KEY_ENTER);
    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_ENTER);
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_SET)->number, 0); /* true to false */
    fixture_free(f);
}

/* :set of a strategy that is not shown shows it, waits until its parameters have come, and sets then. */
static void test_set_by_the_prompt(void **state)
{
    struct fixture *f = strategy_new(120, 36);

    (void)state;
    fixture_key(f, '1');
    memset(&f->frame.strategy_detail, 0, sizeof(f->frame.strategy_detail));
    fixture_publish(f);
    fixture_prompt(f, "set mm.size 0.02");
    assert_int_equal(f->ui->screen, SCREEN_STRATEGY);
    assert_int_equal(fixture_count(f, COMMAND_STRATEGY_SET), 0);
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.owner, 2);
    mock_strategy_detail(&f->frame.strategy_detail);
    f->frame.strategy_detail.owner = 2;
    fixture_publish(f);
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_SET)->number, E8(0.02));
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_SET)->intent.owner, 2);
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_SET)->index, 1);
    fixture_publish(f);
    assert_int_equal(fixture_count(f, COMMAND_STRATEGY_SET), 1); /* once */
    fixture_prompt(f, "set mm.nosuch 1");
    assert_has(fixture_next_row(f), "no parameter is called `nosuch`");
    fixture_prompt(f, "set nosuch.size 1");
    assert_has(fixture_next_row(f), "no strategy is called `nosuch`");
    fixture_prompt(f, "set power 1");
    assert_has(fixture_next_row(f), ":set NAME.PARAMETER VALUE");
    fixture_prompt(f, "set manual.size 1");
    assert_has(fixture_next_row(f), "no strategy is called `manual`");
    fixture_free(f);
}

static void test_reload(void **state)
{
    struct fixture *f = strategy_new(120, 36);

    (void)state;
    fixture_key(f, 'V');
    assert_has(fixture_next_row(f), "built in: only a plug-in");
    assert_int_equal(fixture_count(f, COMMAND_STRATEGY_RELOAD), 0);
    f->frame.strategy_detail.plugin = true;
    snprintf(f->frame.strategy_detail.path, sizeof(f->frame.strategy_detail.path), "/opt/strategies/ofi.so");
    fixture_publish(f);
    assert_has(fixture_draw(f), "plug-in /opt/strategies/ofi.so");
    fixture_key(f, 'V');
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_RELOAD)->intent.owner, 1);
    fixture_prompt(f, "reload pairs");
    assert_int_equal(fixture_last(f, COMMAND_STRATEGY_RELOAD)->intent.owner, 4);
    fixture_prompt(f, "reload nosuch");
    assert_has(fixture_next_row(f), "no strategy is called");
    fixture_free(f);
}

/* Two strategies against each other are one position at the venue. */
static void test_netting_is_shown(void **state)
{
    struct fixture *f = strategy_new(120, 36);

    (void)state;
    assert_has(fixture_draw(f), "position +0.00500 = ofi +0.01000,");
    assert_has(f->text, "mm -0.01000");
    f->frame.strategy[1].position_lots = INT64_MIN; /* sums that run over are not told */
    fixture_publish(f);
    assert_whole_picture(f);
    fixture_free(f);
}

static void test_keys_that_work_and_ways_back(void **state)
{
    static const uint32_t back[] = {'1', 'q', KEY_ESC};
    struct fixture *f = strategy_new(120, 36);

    (void)state;
    for (const char *dead = "iMtuUfRabxpXcw/y"; *dead != '\0'; dead++) {
        fixture_key(f, (uint32_t)*dead);
        assert_has(fixture_next_row(f), "works on screen 1 Trade");
    }
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    fixture_key(f, '?');
    assert_has(fixture_draw(f), "on screen 4 Strategy");
    fixture_key(f, KEY_ESC);
    for (int i = 0; i < 3; i++) {
        fixture_key(f, '4');
        fixture_key(f, back[i]);
        assert_int_equal(f->ui->screen, SCREEN_TRADE);
        fixture_wait(f, 4000);
    }
    fixture_key(f, '4');
    f->ui->strategies.focus = STRATEGIES_PARAMETERS;
    fixture_key(f, KEY_ENTER);
    fixture_key(f, 'K'); /* a letter in a field */
    assert_int_equal(fixture_count(f, COMMAND_KILL), 0);
    fixture_key(f, KEY_ALT | 'K');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_free(f);
}

static void test_read_only_changes_nothing(void **state)
{
    struct ui_config config = {.size_presets_e8 = {1, 2, 3, 4, 5}, .readonly = true, .version = "0"};
    struct fixture *f = fixture_new_as(120, 36, &config);

    (void)state;
    mock_strategy_detail(&f->frame.strategy_detail);
    fixture_key(f, '4');
    fixture_publish(f);
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_next_row(f), "read only");
    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_prompt(f, "set ofi.size 0.02");
    fixture_prompt(f, "reload ofi");
    assert_int_equal(fixture_count(f, COMMAND_STRATEGY_OFF) + fixture_count(f, COMMAND_STRATEGY_SET) +
                         fixture_count(f, COMMAND_STRATEGY_RELOAD),
                     0);
    fixture_free(f);
}

/* A plug-in's manifest is outside text; counts may lie. */
static void test_hostile_frames(void **state)
{
    static const int size[][2] = {{80, 24}, {60, 15}, {120, 36}, {200, 55}};

    (void)state;
    for (int i = 0; i < 4; i++) {
        struct fixture *f = strategy_new(size[i][0], size[i][1]);
        struct view_strategy_detail *detail = &f->frame.strategy_detail;

        detail->parameters = detail->features = 0xFFFF;
        snprintf(detail->about, sizeof(detail->about), "\033[2J%0100d", 7);
        snprintf(detail->goal, sizeof(detail->goal), "%0255d", 7);
        detail->call_p99_ns = INT64_MAX;
        detail->call_max_ns = INT64_MAX;
        detail->cancels = UINT64_MAX;
        detail->wanted_lots = detail->filled_lots = INT64_MAX;
        for (int p = 0; p < VIEW_PARAMETERS_MAX; p++) {
            memset(detail->parameter[p].name, 'x', sizeof(detail->parameter[p].name) - 1);
            memset(detail->parameter[p].value, '9', sizeof(detail->parameter[p].value) - 1);
            memset(detail->parameter[p].allowed, '|', sizeof(detail->parameter[p].allowed) - 1);
            snprintf(detail->parameter[p].help, sizeof(detail->parameter[p].help), "\033]0;own\007\u202e");
        }
        for (int p = 0; p < VIEW_FEATURES_MAX; p++)
            detail->feature[p].value_x1000 = p % 2 ? INT32_MIN : INT32_MAX;
        f->frame.strategies = 0xFFFF;
        fixture_publish(f);
        for (int page = 0; page < 2; page++) {
            assert_whole_picture(f);
            fixture_key(f, 'G');
            assert_whole_picture(f);
            fixture_key(f, 'g');
            fixture_key(f, KEY_TAB);
        }
        f->ui->strategies.focus = STRATEGIES_PARAMETERS;
        fixture_key(f, KEY_ENTER);
        fixture_key(f, KEY_TAB);
        assert_whole_picture(f);
        fixture_free(f);
    }
}

static void test_none_at_all(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.strategies = 0;
    fixture_publish(f);
    fixture_key(f, '4');
    assert_has(fixture_draw(f), "no strategy in this session");
    fixture_key(f, KEY_ENTER);
    fixture_key(f, KEY_DOWN);
    fixture_key(f, 'V');
    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_ENTER);
    assert_whole_picture(f);
    assert_int_equal(fixture_count(f, COMMAND_STRATEGY_ON), 0);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_second_page_and_editing),
        cmocka_unit_test(test_a_condition_is_no_signal),
        cmocka_unit_test(test_every_signal_with_definition_and_source),
        cmocka_unit_test(test_the_chosen_one_is_asked_for),
        cmocka_unit_test(test_enter_turns_on_and_off),
        cmocka_unit_test(test_live_asks),
        cmocka_unit_test(test_a_typed_value_is_the_whole_value),
        cmocka_unit_test(test_parameters_are_checked_and_set),
        cmocka_unit_test(test_words_are_stepped_through),
        cmocka_unit_test(test_set_by_the_prompt),
        cmocka_unit_test(test_reload),
        cmocka_unit_test(test_netting_is_shown),
        cmocka_unit_test(test_keys_that_work_and_ways_back),
        cmocka_unit_test(test_read_only_changes_nothing),
        cmocka_unit_test(test_hostile_frames),
        cmocka_unit_test(test_none_at_all),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

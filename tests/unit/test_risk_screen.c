/* Screen 5: its pictures at three sizes and on lesser terminals, its keys, and how a limit is changed. */
#include "golden_screen.h"
#include "mock_controls.h"

static struct fixture *risk_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    mock_controls(&f->frame.controls);
    fixture_key(f, '5');
    fixture_publish(f);
    return f;
}

/* The answer the engine gives to what was sent last. */
static void answer(struct fixture *f, uint8_t level, const char *text)
{
    f->frame.answers = 1;
    f->frame.answer[0].seq = f->ui->command_seq;
    f->frame.answer[0].level = level;
    snprintf(f->frame.answer[0].text, sizeof(f->frame.answer[0].text), "%s", text);
    fixture_publish(f);
}

static void test_pictures(void **state)
{
    (void)state;
    golden_sizes(risk_new, "mock-risk");
}

/* As many as there are: all of them on a large screen, told of on a smaller one. */
static void test_limits_of_one_code_are_told_apart(void **state)
{
    static const char *const option[] = {"risk.daily_loss_bp", "risk.daily_loss_strategy", "risk.rejects",
                                         "risk.rejects_window_s"};
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (int s = 0; s < 3; s++) {
        struct fixture *f = fixture_new(size[s][0], size[s][1]);
        struct view_controls *view = &f->frame.controls;

        for (int i = 0; i < 39; i++) {
            struct view_control *control =
                mock_control(view, i % 4 < 2 ? "DAILY_LOSS" : "REJECT_STORM",
                             (enum view_control_group)(i / 8), VIEW_UNIT_COUNT, 0, VIEW_NONE, 5);

            mock_setting(control, option[i % 4], "default", (uint16_t)i, "so many");
            if (i % 4 == 3)
                control->now = VIEW_NONE;
        }
        fixture_key(f, '5');
        fixture_publish(f);
        assert_has(fixture_draw(f), " DAILY_LOSS          \u00b7");
        assert_has(f->text, " DAILY_LOSS strategy \u00b7");
        assert_has(f->text, " REJECT_STORM        \u00b7");
        assert_has(f->text, " REJECT_STORM window            "); /* nothing of it is used: no bar */
        if (s == 1)
            assert_has(f->text, " 15 more ");
        else
            assert_has_not(f->text, " more ");
        fixture_free(f);
    }
}

static void test_second_page_and_details(void **state)
{
    struct fixture *f = risk_new(80, 24);

    (void)state;
    fixture_key(f, KEY_TAB);
    golden_screen(f, "mock-risk-gates-80x24");
    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_ENTER);
    golden_screen(f, "mock-risk-detail-80x24");
    fixture_free(f);
    f = risk_new(120, 36);
    fixture_key(f, KEY_ENTER);
    golden_screen(f, "mock-risk-detail-120x36");
    fixture_free(f);
}

/* Where the list has room, what is told of a gate goes on in a second row instead of ending in the middle. */
static void test_a_long_gate_takes_a_second_row(void **state)
{
    struct fixture *f = risk_new(200, 55);

    (void)state;
    for (int i = 0; i < f->frame.controls.controls; i++) {
        struct view_control *control = &f->frame.controls.control[i];

        if (strcmp(control->code, "balance") != 0)
            continue;
        snprintf(control->word, sizeof(control->word), "on  8462.05 USDT free");
        control->denied = 1234567;
    }
    fixture_publish(f);
    assert_has(fixture_draw(f), "8462.05 USDT free");
    assert_has(f->text, "1234567");
    assert_whole_picture(f);
    fixture_free(f);
}

/* The engine fills what is asked for alone; on Trade nothing of this costs anything. */
static void test_the_screen_is_asked_for(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.screen, SCREEN_TRADE);
    fixture_key(f, '5');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.screen, SCREEN_RISK);
    assert_has(fixture_draw(f), "told of no control yet");
    assert_has(fixture_next_row(f), "asking the engine");
    fixture_key(f, '1');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.screen, SCREEN_TRADE);
    fixture_free(f);
}

/* 1, q and Esc lead back, and only from Trade does q ask to leave. */
static void test_ways_back(void **state)
{
    static const uint32_t key[] = {'1', 'q', KEY_ESC};

    (void)state;
    for (int i = 0; i < 3; i++) {
        struct fixture *f = risk_new(120, 36);

        fixture_key(f, key[i]);
        assert_int_equal(f->ui->screen, SCREEN_TRADE);
        assert_int_equal(f->quits, 0);
        assert_int_equal(f->ui->overlay, OVERLAY_NONE);
        assert_has(fixture_draw(f), "ladder");
        fixture_free(f);
    }
}

/* What stops trading works here as everywhere; what sends an order does not. */
static void test_keys_that_work_and_keys_that_do_not(void **state)
{
    struct fixture *f = risk_new(120, 36);

    (void)state;
    for (const char *dead = "iMtuUfRabxpXc[]-+="; *dead != '\0'; dead++) {
        fixture_key(f, (uint32_t)*dead);
        assert_has(fixture_next_row(f), "works on screen 1 Trade");
    }
    assert_int_equal(fixture_count(f, COMMAND_ORDER) + fixture_count(f, COMMAND_CANCEL) +
                         fixture_count(f, COMMAND_FLATTEN) + fixture_count(f, COMMAND_CANCEL_ALL),
                     0);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    fixture_key(f, 'n');
    assert_int_equal(f->ui->instrument_id, 1);
    fixture_key(f, '?');
    assert_has(fixture_draw(f), "on screen 5 Risk");
    assert_has(f->text, "what it limits, its option");
    fixture_key(f, KEY_ESC);
    fixture_key(f, 'K');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    assert_int_equal(f->ui->screen, SCREEN_TRADE); /* where the report stands */
    fixture_free(f);
}

static void test_another_screen_disarms(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, 'a');
    assert_true(f->ui->armed);
    fixture_key(f, '5');
    assert_false(f->ui->armed);
    fixture_key(f, '1');
    assert_false(f->ui->armed);
    fixture_free(f);
}

/* In every state of the engine the screen opens, says the state, and Esc leaves. */
static void test_every_state(void **state)
{
    (void)state;
    for (int s = STATE_ACTIVE; s <= STATE_KILLED; s++) {
        struct fixture *f = risk_new(80, 24);

        f->frame.status.state = (enum trading_state)s;
        f->frame.status.kill_ns = s == STATE_KILLED ? f->frame.status.now_ns : VIEW_NONE;
        fixture_publish(f);
        assert_has(fixture_row(f, 0), trading_state_word((enum trading_state)s));
        assert_whole_picture(f);
        fixture_key(f, KEY_DOWN);
        fixture_key(f, KEY_ENTER);
        assert_int_equal(f->ui->overlay, OVERLAY_DETAIL);
        fixture_key(f, KEY_ESC);
        fixture_key(f, KEY_ESC);
        assert_int_equal(f->ui->screen, SCREEN_TRADE);
        fixture_free(f);
    }
}

/* Narrow: the most used first, behind them what the day's largest order says, which is over; framed: by group. The chosen
 * one stays chosen when its use changes. */
static void test_order_and_choice(void **state)
{
    struct fixture *f = risk_new(80, 24);

    (void)state;
    assert_has(fixture_row(f, 4), "MAX_POS");
    assert_has(fixture_row(f, 5), "MAX_OPEN_VALUE");
    assert_has(fixture_next_row(f), "MAX_POS"); /* the first of the table until one is chosen */
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "MAX_OPEN_VALUE");
    f->frame.controls.control[7].now = 50; /* COLLAR market: all of its limit, once today */
    f->frame.controls.control[2].now = 10; /* MAX_OPEN_N at its limit */
    fixture_publish(f);
    assert_has(fixture_next_row(f), "MAX_OPEN_VALUE");
    assert_has(fixture_row(f, 4), "MAX_OPEN_N");
    assert_has(fixture_row(f, 4), "100%");
    fixture_key(f, 'G');
    assert_has(fixture_row(f, 16), "COLLAR market");
    fixture_free(f);
}

/* An age that changes with each frame does not make its row change places with others. */
static void test_ages_do_not_move_rows(void **state)
{
    struct fixture *f = risk_new(120, 36);
    struct view_controls *view = &f->frame.controls;
    char before[64 * 36] = "";

    (void)state;
    for (int age = 5; age < 95; age += 30)
        for (int i = 0; i < view->controls; i++) {
            if (strcmp(view->control[i].code, "STALE_BOOK") != 0)
                continue;
            view->control[i].limit = 1000;
            view->control[i].now = age;
            fixture_publish(f);
            fixture_draw(f);
            for (int row = 4; row < 30; row++) {
                char name[16];

                snprintf(name, sizeof(name), "%.14s", fixture_row(f, row) + 3); /* without the frame */
                if (age == 5)
                    memcpy(before + 64 * row, name, sizeof(name));
                else
                    assert_string_equal(before + 64 * row, name);
            }
        }
    fixture_free(f);
}

/* A strategy that a control stopped is no denied order: the figures of one screen add up. */
static void test_trips_are_no_denials(void **state)
{
    static const int sizes[][2] = {{120, 36}, {200, 55}};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct fixture *f = risk_new(sizes[i][0], sizes[i][1]);
        struct view_controls *view = &f->frame.controls;

        f->frame.risk.denied = 0;
        view->denials = 0;
        for (int c = 0; c < view->controls; c++) {
            view->control[c].denied = 0;
            if (strcmp(view->control[c].code, "LOSS_STREAK") == 0)
                view->control[c].trips = 2;
        }
        fixture_publish(f);
        assert_has(fixture_draw(f), "denials  0 today; controls tripped 2");
        assert_has(f->text, i == 0 ? "2 trips" : "tripped");
        view->counted_since_ns = mock_at(14, 5, 12, 0);
        fixture_publish(f);
        assert_has(fixture_draw(f), "denials  0 since 14:05:12");
        assert_has(f->text, "largest since 14:05:12");
        f->frame.risk.denied = 3; /* of the run before: their list is not here */
        fixture_publish(f);
        assert_has(fixture_draw(f), "explain --denials");
        fixture_free(f);
    }
}

static void test_filter_and_copy(void **state)
{
    struct fixture *f = risk_new(120, 36);

    (void)state;
    fixture_key(f, '/');
    fixture_type(f, "collar");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_draw(f), "COLLAR_WINDOW");
    assert_has(f->text, "/collar");
    assert_has_not(f->text, "MAX_GROSS");
    fixture_key(f, KEY_ESC);
    assert_has(fixture_draw(f), "MAX_GROSS");
    assert_int_equal(f->ui->screen, SCREEN_RISK);
    fixture_key(f, '/');
    fixture_type(f, "nosuch");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_draw(f), "nothing matches");
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "nothing matches");
    fixture_key(f, KEY_ESC);
    fixture_key(f, 'y');
    assert_has(f->copied, "\"MAX_POS\",927.63,1546.05,5000.00,0,0,risk.max_position,\"risk.yaml:12\"");
    fixture_free(f);
}

/* Tightening goes at once; loosening is the engine's word, and wants one back. */
static void test_limits_change(void **state)
{
    struct fixture *f = risk_new(120, 36);
    const struct command *sent;

    (void)state;
    fixture_prompt(f, "limit max_value 500");
    sent = fixture_last(f, COMMAND_SET_LIMIT);
    assert_int_equal(sent->index, 1);
    assert_int_equal(sent->number, E8(500.0));
    assert_false(sent->flag);
    answer(f, 0, "risk.max_value 1000 -> 500");
    assert_has(fixture_next_row(f), "risk.max_value 1000 -> 500");
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);

    fixture_prompt(f, "limit MAX_POS 9000");
    assert_int_equal(fixture_last(f, COMMAND_SET_LIMIT)->index, 2);
    answer(f, 2, "NOT CHANGED  risk.max_position: loosens; type its name to confirm");
    assert_int_equal(f->ui->overlay, OVERLAY_TEXT);
    golden_screen(f, "mock-risk-loosen-120x36");
    fixture_type(f, "loosen");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_next_row(f), "`loosen` is not the word");
    assert_int_equal(fixture_count(f, COMMAND_SET_LIMIT), 2);

    fixture_prompt(f, "limit risk.max_position 9000"); /* something else is answered in the same frame */
    f->frame.answer[1] = (struct view_answer){.seq = f->ui->command_seq + 1};
    f->frame.answers = 2;
    f->ui->command_seq++;
    f->frame.answer[0].seq = f->ui->command_seq - 1;
    f->frame.answer[0].level = 2;
    snprintf(f->frame.answer[0].text, sizeof(f->frame.answer[0].text),
             "NOT CHANGED  risk.max_position: loosens");
    fixture_publish(f);
    assert_int_equal(f->ui->overlay, OVERLAY_TEXT);
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "limit risk.max_position 9000");
    answer(f, 2, "NOT CHANGED  risk.max_position: loosens; type its name to confirm");
    fixture_type(f, "risk.max_position");
    fixture_key(f, KEY_ENTER);
    sent = fixture_last(f, COMMAND_SET_LIMIT);
    assert_true(sent->flag);
    assert_int_equal(sent->number, E8(9000.0));
    assert_int_equal(sent->index, 2);
    fixture_free(f);
}

/* The figures are asked for from wherever one is; the answer names what changed. */
static void test_a_limit_changes_without_leaving_the_screen(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "limit max_value 500");
    assert_int_equal(f->ui->screen, SCREEN_TRADE);
    assert_true(fixture_last(f, COMMAND_VIEW)->view.controls);
    assert_int_equal(fixture_count(f, COMMAND_SET_LIMIT), 0);
    mock_controls(&f->frame.controls);
    fixture_publish(f);
    assert_int_equal(fixture_count(f, COMMAND_SET_LIMIT), 1);
    answer(f, 0, "risk.max_value 1000 -> 500");
    assert_int_equal(f->ui->screen, SCREEN_TRADE);
    assert_has(fixture_next_row(f), "risk.max_value 1000 -> 500");
    assert_false(fixture_last(f, COMMAND_VIEW)->view.controls); /* nor are they made for nobody */
    fixture_free(f);
}

static void test_the_word_waits_twenty_seconds(void **state)
{
    struct fixture *f = risk_new(120, 36);

    (void)state;
    fixture_prompt(f, "limit max_value 5000");
    answer(f, 2, "NOT CHANGED  risk.max_value: loosens; type its name to confirm");
    fixture_wait(f, 20001);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    assert_has(fixture_next_row(f), "twenty seconds without the word");
    assert_int_equal(fixture_count(f, COMMAND_SET_LIMIT), 1);
    fixture_free(f);
}

/* A name alone: what it limits, its use, its source, what is allowed, how it is changed. */
static void test_a_limit_alone_is_shown(void **state)
{
    struct fixture *f = risk_new(120, 36);

    (void)state;
    fixture_prompt(f, "limit max_value");
    assert_has(fixture_draw(f), "set by risk.max_value, from ");
    assert_has(fixture_draw(f), ":limit risk.max_value VALUE changes it");
    assert_int_equal(fixture_count(f, COMMAND_SET_LIMIT), 0);
    fixture_free(f);
}

static void test_limits_that_are_none(void **state)
{
    static const char *const wrong[][2] = {
        {"limit", "allowed: :limit LIMIT [VALUE]"},
        {"limit max_valu 5", "no limit is called `max_valu`; did you mean risk.max_value?"},
        {"limit nosuch 5", "no single limit is called `nosuch`"},
        {"limit KILL 5", "no single limit"},
        {"limit max_value -5", "`-5` is not above 0"},
        {"limit max_value lots", "`lots` is no number, like 0.025"},
        {"limit max_value 999999999999", "`999999999999` is too big: at most 92233720368"},
        {"limit max_value 0.000000001", "has too many decimals: at most 8"},
        {"limit max_open_orders 2.5", "`2.5` is no whole number, like 500"}};
    struct fixture *f = risk_new(120, 36);

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        fixture_prompt(f, wrong[i][0]);
        assert_has(fixture_next_row(f), wrong[i][1]);
    }
    assert_int_equal(fixture_count(f, COMMAND_SET_LIMIT), 0);
    fixture_prompt(f, "limit drawdown_bp 2.5%");
    assert_int_equal(fixture_last(f, COMMAND_SET_LIMIT)->number, 250);
    fixture_prompt(f, "limit daily_loss_bp 150"); /* shown in money, set in basis points */
    assert_int_equal(fixture_last(f, COMMAND_SET_LIMIT)->number, 150);
    fixture_free(f);
}

/* A code that several stand under is no name; which ones there are is told. */
static void test_a_code_of_several_limits_names_them(void **state)
{
    struct fixture *f = risk_new(120, 36);
    struct view_controls *view = &f->frame.controls;

    (void)state;
    mock_setting(mock_control(view, "MAX_POS", CONTROLS_EXPOSURE, VIEW_UNIT_MONEY, 0, VIEW_NONE, E8(5000.0)),
                 "risk.max_position_strategy", "default", 38, "position of one strategy");
    fixture_publish(f);
    fixture_prompt(f, "limit max_pos 4000");
    assert_has(fixture_next_row(f), "`max_pos` is several limits: max_position, max_position_strategy");
    assert_int_equal(fixture_count(f, COMMAND_SET_LIMIT), 0);
    fixture_free(f);
}

static void own_denial(struct fixture *f)
{
    f->frame.controls.denial[0].seq = 12;
    f->frame.controls.denial[0].type = ORDER_LIMIT;
    snprintf(f->frame.controls.denial[0].by, sizeof(f->frame.controls.denial[0].by), "by you");
    snprintf(f->frame.controls.denial[0].help, sizeof(f->frame.controls.denial[0].help),
             "value of one order");
    fixture_publish(f);
}

/* What was asked, by whom, what the control is for, and the numbers: from its control and from the log. */
static void test_a_denial_explains_itself(void **state)
{
    struct fixture *f = risk_new(120, 36);

    (void)state;
    own_denial(f);
    fixture_key(f, '/');
    fixture_type(f, "MAX_VALUE");
    fixture_key(f, KEY_ENTER);
    fixture_key(f, 'w');
    assert_has(fixture_draw(f),
               "14:05:12.000  denial 12: manual asked BUY 0.02000 BTCUSDT LIMIT @ 61842.00, by you");
    assert_has(f->text, "MAX_VALUE: value of one order");
    assert_has(f->text, "value=1236.84 limit=1000.00 over by 236.84");
    fixture_free(f);
    f = fixture_new(120, 36);
    f->frame.controls.denials = 1;
    mock_denials(&f->frame.controls);
    own_denial(f);
    assert_false(fixture_last(f, COMMAND_VIEW)->view.denials);
    for (int i = 0; i < TAB_LOG; i++)
        fixture_key(f, KEY_TAB);
    assert_true(fixture_last(f, COMMAND_VIEW)->view.denials);
    fixture_key(f, 'v');
    while (f->ui->list.row < 30 && strncmp(f->frame.lists.log[f->ui->list.row].text, "DENIED", 6) != 0)
        fixture_key(f, 'j');
    fixture_key(f, 'w');
    assert_has(fixture_draw(f), "denial 12: manual asked BUY 0.02000 BTCUSDT LIMIT @ 61842.00, by you");
    assert_has(f->text, "value=1236.84 limit=1000.00");
    fixture_free(f);
}

static void test_halts_are_cleared_by_name(void **state)
{
    struct fixture *f = risk_new(120, 36);

    (void)state;
    fixture_prompt(f, "clear-halt ethusdt");
    assert_int_equal(fixture_last(f, COMMAND_CLEAR_HALT)->instrument_id, 1);
    fixture_prompt(f, "clear-halt NOSUCH");
    assert_has(fixture_next_row(f), "called `NOSUCH`");
    fixture_prompt(f, "clear-halt");
    assert_int_equal(fixture_last(f, COMMAND_CLEAR_HALT)->instrument_id, 0);
    assert_int_equal(fixture_count(f, COMMAND_CLEAR_HALT), 2);
    fixture_free(f);
}

static void test_read_only_changes_nothing(void **state)
{
    struct ui_config config = {.size_presets_e8 = {1, 2, 3, 4, 5}, .readonly = true, .version = "0"};
    struct fixture *f = fixture_new_as(120, 36, &config);

    (void)state;
    mock_controls(&f->frame.controls);
    fixture_key(f, '5');
    fixture_publish(f);
    fixture_prompt(f, "limit max_value 1");
    fixture_prompt(f, "clear-halt");
    assert_has(fixture_next_row(f), "read only");
    assert_int_equal(fixture_count(f, COMMAND_SET_LIMIT) + fixture_count(f, COMMAND_CLEAR_HALT), 0);
    fixture_free(f);
}

/* At the limit and over it: a word of the picture, not colour alone, and never a bar beyond its track. */
static void test_at_the_limit(void **state)
{
    struct fixture *f = risk_new(120, 36);

    (void)state;
    f->frame.controls.control[0].now = E8(50000000.0);
    f->frame.controls.control[0].worst = INT64_MAX;
    f->frame.controls.control[8].now = E8(250.0); /* DAILY_LOSS */
    fixture_publish(f);
    assert_has(fixture_row(f, 5), "999%");
    assert_has(fixture_draw(f), "-250.00");
    assert_has(f->text, "-50.00");
    assert_whole_picture(f);
    fixture_free(f);
}

/* Counts past the arrays, texts without an end and escape sequences from outside draw nothing they should not. */
static void test_hostile_frames(void **state)
{
    struct fixture *f = risk_new(80, 24);
    struct view_controls *view = &f->frame.controls;

    (void)state;
    view->controls = view->denials = 0xFFFF;
    for (int i = 0; i < VIEW_CONTROLS_MAX; i++) {
        view->control[i].group = (enum view_control_group)(i % 9);
        view->control[i].unit = (enum view_unit)(i % 8);
        view->control[i].now = view->control[i].worst = i % 2 ? INT64_MAX : INT64_MIN + 1;
        view->control[i].limit = i % 3 ? INT64_MAX : -1;
        snprintf(view->control[i].code, sizeof(view->control[0].code), "\033[2J\u202e%d\xff", i);
        snprintf(view->control[i].help, sizeof(view->control[0].help), "\033]0;own\007");
    }
    for (int i = 0; i < VIEW_DENIALS_MAX; i++) {
        view->denial[i].instrument_id = 0xFFFE;
        view->denial[i].owner = 999;
        snprintf(view->denial[i].text, sizeof(view->denial[0].text), "\033[31mred");
    }
    for (int wide = 0; wide < 2; wide++) {
        fixture_publish(f);
        assert_whole_picture(f);
        fixture_key(f, KEY_ENTER);
        assert_whole_picture(f);
        fixture_key(f, KEY_ESC);
        fixture_key(f, KEY_TAB);
        assert_whole_picture(f);
        fixture_key(f, 'G');
        fixture_key(f, KEY_TAB);
        canvas_free(f->canvas);
        f->canvas = canvas_new(55, 200);
        f->text = realloc(f->text, canvas_text_size(f->canvas) * 4 + 64);
        ui_resize(f->ui, 200, 55, f->now_ns);
    }
    fixture_free(f);
}

/* Without colours the chosen row and a control near its limit can still be told. */
static void test_mono(void **state)
{
    struct fixture *f = risk_new(120, 36);

    (void)state;
    assert_true(golden_mono_reverse(f, 5) > 50); /* MAX_POS is chosen */
    assert_true(golden_mono_reverse(f, 10) > 0); /* MAX_VALUE at 92 % */
    fixture_free(f);
}

/* One denial is not shown as two: the control counts for all its limits. */
static void test_denials_are_the_controls(void **state)
{
    struct fixture *f = risk_new(120, 36);
    struct view_controls *view = &f->frame.controls;
    char seen[16] = "";
    int at = 0;

    (void)state;
    while (strcmp(view->control[at].code, "MAX_VALUE") != 0)
        at++;
    assert_string_equal(view->control[at + 1].code, "MAX_QTY");
    strcpy(view->control[at + 1].code, "MAX_VALUE"); /* as COLLAR has two limits */
    view->control[at].denied = view->control[at + 1].denied = 7;
    fixture_publish(f);
    for (int row = 0; row < 36; row++) {
        const char *text = fixture_row(f, row);

        if (strstr(text, " MAX_VALUE ") != NULL && strchr(text, '%') != NULL)
            strncat(seen, strstr(text, " 7 ") != NULL ? "7" : strchr(text, '"') != NULL ? "\"" : "?", 4);
    }
    assert_string_equal(seen, "7\"");
    fixture_key(f, '/');
    fixture_type(f, "max_value");
    fixture_key(f, KEY_ENTER);
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_draw(f), "MAX_VALUE denied 7 by all its limits together");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_denials_are_the_controls),
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_limits_of_one_code_are_told_apart),
        cmocka_unit_test(test_second_page_and_details),
        cmocka_unit_test(test_a_long_gate_takes_a_second_row),
        cmocka_unit_test(test_the_screen_is_asked_for),
        cmocka_unit_test(test_ways_back),
        cmocka_unit_test(test_keys_that_work_and_keys_that_do_not),
        cmocka_unit_test(test_another_screen_disarms),
        cmocka_unit_test(test_every_state),
        cmocka_unit_test(test_order_and_choice),
        cmocka_unit_test(test_ages_do_not_move_rows),
        cmocka_unit_test(test_trips_are_no_denials),
        cmocka_unit_test(test_filter_and_copy),
        cmocka_unit_test(test_limits_change),
        cmocka_unit_test(test_a_limit_changes_without_leaving_the_screen),
        cmocka_unit_test(test_the_word_waits_twenty_seconds),
        cmocka_unit_test(test_a_limit_alone_is_shown),
        cmocka_unit_test(test_limits_that_are_none),
        cmocka_unit_test(test_a_code_of_several_limits_names_them),
        cmocka_unit_test(test_a_denial_explains_itself),
        cmocka_unit_test(test_halts_are_cleared_by_name),
        cmocka_unit_test(test_read_only_changes_nothing),
        cmocka_unit_test(test_at_the_limit),
        cmocka_unit_test(test_hostile_frames),
        cmocka_unit_test(test_mono),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

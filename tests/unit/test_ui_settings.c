/* :set, :settings and :write as the screen has them: what is in force at once, what the engine must say yes to. */
#include "app/options.h"
#include "core/base/config.h"

#include "golden_screen.h"
#include "mock_controls.h"
#include "ui_fixture.h"

struct desk {
    struct config *config;
    int sets, writes, mouse;
    char last[128];
};

static struct desk desk;

static const struct config *desk_settings(void *arg)
{
    (void)arg;
    return desk.config;
}

static bool desk_set(void *arg, const char *name, const char *value, char *why, size_t why_size)
{
    char said[CONFIG_WHY_SIZE];

    (void)arg;
    if (config_set_run(desk.config, name, value, said) != ERR_OK) {
        snprintf(why, why_size, "%s", said);
        return false;
    }
    desk.sets++;
    snprintf(desk.last, sizeof(desk.last), "%s=%s", name, value);
    return true;
}

static bool desk_unset(void *arg, const char *name, char *why, size_t why_size)
{
    (void)arg;
    (void)why;
    (void)why_size;
    return config_unset_run(desk.config, name);
}

static bool desk_write(void *arg, char *why, size_t why_size)
{
    (void)arg;
    (void)why;
    (void)why_size;
    desk.writes++;
    return true;
}

static void desk_mouse(void *arg, bool on)
{
    (void)arg;
    desk.mouse += on ? 1 : -1;
}

static struct fixture *make(int cols, int rows)
{
    static const char text[] = "theme: dark\nrisk:\n  max_value: 800\norder:\n  sizes: [0.002, 0.005]\n";
    struct fixture *f = fixture_new(cols, rows);
    char why[CONFIG_WHY_SIZE];

    config_free(desk.config);
    memset(&desk, 0, sizeof(desk));
    desk.config = options_config_new();
    assert_non_null(desk.config);
    assert_int_equal(config_load_text(desk.config, text, strlen(text), "flowdeck.yaml", why), ERR_OK);
    f->ui->host.settings = desk_settings;
    f->ui->host.set = desk_set;
    f->ui->host.unset = desk_unset;
    f->ui->host.write = desk_write;
    f->ui->host.mouse = desk_mouse;
    return f;
}

static void answer(struct fixture *f, const struct command *command, uint8_t level, const char *text)
{
    f->frame.answers = 1;
    f->frame.answer[0].seq = command->seq;
    f->frame.answer[0].level = level;
    snprintf(f->frame.answer[0].text, sizeof(f->frame.answer[0].text), "%s", text);
    fixture_publish(f);
}

static void test_some_are_in_force_at_once(void **state)
{
    struct fixture *f = make(120, 36);

    (void)state;
    fixture_prompt(f, "set theme mono");
    assert_string_equal(f->theme, "mono");
    assert_string_equal(desk.last, "theme=mono");
    assert_has(fixture_next_row(f), "theme mono; at once; :write keeps it");
    fixture_prompt(f, "set theme nosuch");
    assert_has(fixture_next_row(f), "no theme `nosuch`");
    assert_int_equal(desk.sets, 1);
    fixture_prompt(f, "set screen.bell false");
    assert_false(f->ui->config.bell);
    fixture_prompt(f, "set screen.mouse off");
    assert_false(f->ui->config.mouse);
    assert_int_equal(desk.mouse, -1); /* the terminal has it now */
    fixture_prompt(f, "mouse on");
    assert_int_equal(desk.mouse, 0);
    fixture_prompt(f, "set order.sizes 0.1,0.2,0.3,0.4,0.5");
    assert_int_equal(f->ui->config.size_presets_e8[4], E8(0.5));
    fixture_free(f);
}

static void test_others_wait_for_a_restart(void **state)
{
    struct fixture *f = make(120, 36);

    (void)state;
    fixture_prompt(f, "set venue binance-usdm");
    assert_string_equal(desk.last, "venue=binance-usdm");
    assert_has(fixture_next_row(f), "venue binance-usdm; takes a restart; :write keeps it for that");
    fixture_prompt(f, "set venue nasdaq");
    assert_has(fixture_next_row(f), "NOT SET  venue: 'nasdaq' is unknown; allowed: one of: binance-spot");
    fixture_prompt(f, "set venu x");
    assert_has(fixture_next_row(f), "`venu`; did you mean venue?");
    assert_int_equal(desk.sets, 1);
    fixture_prompt(f, "write");
    assert_int_equal(desk.writes, 1);
    ui_settings_written(f->ui, true, "a.yaml has venue");
    assert_has(fixture_next_row(f), "WRITTEN  a.yaml has venue");
    fixture_free(f);
}

/* A limit counts when the engine has said yes; a looser one after its word. */
static void test_a_limit_goes_to_the_engine(void **state)
{
    struct fixture *f = make(120, 36);
    const struct command *command;

    (void)state;
    fixture_prompt(f, "set risk.max_value 500"); /* the limits are not here: they come with screen 5 */
    assert_int_equal(fixture_count(f, COMMAND_SET_LIMIT), 0);
    mock_controls(&f->frame.controls);
    fixture_publish(f);
    command = fixture_last(f, COMMAND_SET_LIMIT);
    assert_int_equal(command->number, E8(500));
    assert_int_equal(desk.sets, 0);
    answer(f, command, 0, "risk.max_value 1000 -> 500");
    assert_string_equal(desk.last, "risk.max_value=500");
    fixture_prompt(f, "set risk.max_value 5000");
    answer(f, fixture_last(f, COMMAND_SET_LIMIT), 1, "NOT CHANGED  it loosens: needs its word");
    assert_int_equal(f->ui->text.kind, TEXT_LOOSEN);
    assert_int_equal(desk.sets, 1);
    fixture_type(f, "risk.max_value");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(desk.sets, 1); /* still the engine's to say */
    answer(f, fixture_last(f, COMMAND_SET_LIMIT), 0, "risk.max_value 500 -> 5000");
    assert_string_equal(desk.last, "risk.max_value=5000");
    fixture_prompt(f, "set risk.max_value 9000");
    answer(f, fixture_last(f, COMMAND_SET_LIMIT), 1, "NOT CHANGED  it loosens: needs its word");
    fixture_type(f, "no");
    fixture_key(f, KEY_ENTER);
    fixture_prompt(f, "limit max_value 400"); /* another one's yes is not its */
    answer(f, fixture_last(f, COMMAND_SET_LIMIT), 0, "risk.max_value 5000 -> 400");
    assert_string_equal(desk.last, "risk.max_value=5000");
    fixture_free(f);
}

/* What was asked for and never came about is not kept with the next yes, whoever's that is: :write would loosen the next run. */
static void test_a_wish_without_its_word_is_not_kept(void **state)
{
    static const struct {
        const char *line, *said;
        enum command_kind kind;
    } next[] = {{"limit max_value 400", "risk.max_value 1000 -> 400", COMMAND_SET_LIMIT},
                {"limit max_open_orders 3", "risk.max_open_orders 20 -> 3", COMMAND_SET_LIMIT},
                {"on maker", "maker is on", COMMAND_STRATEGY_ON}};
    struct fixture *f = make(120, 36);

    (void)state;
    mock_controls(&f->frame.controls);
    fixture_publish(f);
    for (size_t i = 0; i < sizeof(next) / sizeof(next[0]); i++) {
        fixture_prompt(f, "set risk.max_value 5000");
        answer(f, fixture_last(f, COMMAND_SET_LIMIT), 1, "NOT CHANGED  it loosens: needs its word");
        assert_int_equal(f->ui->text.kind, TEXT_LOOSEN);
        fixture_wait(f, 20001);
        assert_int_equal(f->ui->overlay, OVERLAY_NONE);
        fixture_prompt(f, next[i].line);
        answer(f, fixture_last(f, next[i].kind), 0, next[i].said);
        assert_int_equal(desk.sets, 0);
    }
    fixture_prompt(f, "set risk.max_value -1"); /* refused before it is sent */
    fixture_prompt(f, "on maker");
    answer(f, fixture_last(f, COMMAND_STRATEGY_ON), 0, "maker is on");
    assert_int_equal(desk.sets, 0);
    fixture_free(f);
}

static void test_strategies_by_either_name(void **state)
{
    struct fixture *f = make(120, 36);

    (void)state;
    fixture_prompt(f, "set strategy.ofi.on false");
    assert_int_equal(fixture_count(f, COMMAND_STRATEGY_OFF), 1);
    answer(f, fixture_last(f, COMMAND_STRATEGY_OFF), 0, "ofi is off");
    assert_string_equal(desk.last, "strategy.ofi.on=false");
    fixture_free(f);
}

static void test_one_setting_is_shown(void **state)
{
    struct fixture *f = make(120, 36);

    (void)state;
    fixture_prompt(f, "set risk.max_value");
    assert_has(fixture_draw(f), "value    800");
    assert_has(fixture_draw(f), "from     file:3");
    assert_has(fixture_draw(f), "default  1000");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "help risk.max_value");
    assert_has(fixture_draw(f), "value    800");
    fixture_free(f);
}

static void test_all_are_listed(void **state)
{
    struct fixture *f = make(120, 36);

    (void)state;
    fixture_prompt(f, "settings nosuch");
    assert_has(fixture_next_row(f), "no setting has `nosuch`");
    fixture_prompt(f, "settings risk.max");
    assert_int_equal(f->ui->overlay, OVERLAY_SETTINGS);
    assert_has(fixture_draw(f), "risk.max_value");
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "risk.max_value");
    fixture_key(f, KEY_ENTER);
    assert_string_equal(f->ui->text.value, "set risk.max_value ");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "settings");
    for (int i = 0; i < 300; i++)
        fixture_key(f, i % 3 == 0 ? KEY_PAGE_DOWN : KEY_DOWN);
    assert_has(fixture_next_row(f), "the last of them");
    fixture_key(f, 'K'); /* works here too */
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_free(f);
}

/* In the page too, at every size: its row and NEXT would cut the longest. */
static void test_the_page_tells_a_meaning_whole(void **state)
{
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
        struct fixture *f = make(size[i][0], size[i][1]);

        fixture_prompt(f, "settings mode");
        f->ui->say.until_ns = 0;
        assert_has(fixture_draw(f), "a venue");
        assert_has(f->text, "one of: observation, simulation, live; default none");
        assert_has(fixture_next_row(f), "Enter changes it");
        fixture_free(f);
    }
}

/* 400 of them are found by typing, and the page is there again after one was changed. */
static void test_they_are_found_and_changed_in_place(void **state)
{
    struct fixture *f = make(120, 36);

    (void)state;
    fixture_prompt(f, "settings");
    fixture_key(f, '/');
    fixture_type(f, "risk.max_value");
    assert_has(fixture_draw(f), "FIND A SETTING");
    assert_has(fixture_draw(f), "with risk.max_value");
    fixture_key(f, KEY_ENTER);
    assert_int_equal(f->ui->overlay, OVERLAY_SETTINGS);
    assert_has(fixture_next_row(f), "risk.max_value");
    fixture_key(f, KEY_ESC); /* the filter first, then the page */
    assert_int_equal(f->ui->overlay, OVERLAY_SETTINGS);
    assert_has(fixture_draw(f), "feed.rest_url");
    fixture_key(f, '/');
    fixture_type(f, "nosuch");
    assert_has(fixture_draw(f), "0 of 0 with nosuch");
    fixture_key(f, KEY_ENTER);
    fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "no setting has `nosuch`");
    fixture_key(f, KEY_ESC);
    fixture_key(f, '/');
    fixture_type(f, "paper.queue");
    fixture_key(f, KEY_ENTER);
    fixture_key(f, KEY_ENTER);
    fixture_type(f, "log");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_next_row(f), "paper.queue log");
    assert_int_equal(f->ui->overlay, OVERLAY_SETTINGS);
    fixture_key(f, KEY_ENTER);
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->overlay, OVERLAY_SETTINGS);
    fixture_key(f, KEY_ESC);
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_free(f);
}

/* A meaning longer than a row is told to its end. */
static void test_a_long_meaning_is_wrapped(void **state)
{
    struct fixture *f = make(80, 24);

    (void)state;
    fixture_prompt(f, "set mode");
    assert_has(fixture_draw(f), "no gateway to a");
    assert_has(fixture_draw(f), "takes a restart");
    fixture_free(f);
}

static void test_back_to_what_it_was(void **state)
{
    struct fixture *f = make(120, 36);
    const struct command *command;

    (void)state;
    fixture_prompt(f, "unset theme");
    assert_has(fixture_next_row(f), "theme was not set since the start: dark, from file:1");
    fixture_prompt(f, "unset them");
    assert_has(fixture_next_row(f), "`them`; did you mean theme?");
    fixture_prompt(f, "set theme mono");
    fixture_prompt(f, "unset theme");
    assert_string_equal(f->theme, "dark");
    assert_has(fixture_next_row(f), "theme dark; as before :set");
    fixture_prompt(f, "set order.sizes 0.1,0.2");
    fixture_prompt(f, "unset order.sizes");
    assert_int_equal(f->ui->config.size_presets_e8[4], E8(0.005));
    mock_controls(&f->frame.controls);
    fixture_publish(f);
    fixture_prompt(f, "set risk.max_value 500");
    answer(f, fixture_last(f, COMMAND_SET_LIMIT), 0, "risk.max_value 800 -> 500");
    assert_string_equal(config_value_text(desk.config, "risk.max_value"), "500");
    fixture_prompt(f, "unset risk.max_value"); /* the engine is asked, and may want the word */
    command = fixture_last(f, COMMAND_SET_LIMIT);
    assert_int_equal(command->number, E8(800));
    assert_string_equal(config_value_text(desk.config, "risk.max_value"), "500");
    answer(f, command, 0, "risk.max_value 500 -> 800");
    assert_string_equal(config_value_text(desk.config, "risk.max_value"), "800");
    assert_int_equal(config_source(desk.config, "risk.max_value", NULL, NULL), OPTION_FROM_FILE);
    fixture_free(f);
}

/* What a screen goes by is its own wherever it runs; what an engine elsewhere reads at its start is not. */
static void test_an_attached_screen_has_its_own(void **state)
{
    struct fixture *f = make(120, 36);

    (void)state;
    f->ui->config.attached = true;
    f->frame.desk.watching = true; /* nor does it take control to choose one's colours */
    fixture_publish(f);
    fixture_prompt(f, "set theme mono");
    assert_string_equal(f->theme, "mono");
    assert_has(fixture_next_row(f), "theme mono; at once; :write keeps it");
    fixture_prompt(f, "set feed.silent_ms 900");
    assert_has(fixture_next_row(f), "is in control; :control takes it");
    f->frame.desk.watching = false;
    fixture_publish(f);
    fixture_prompt(f, "set feed.silent_ms 900");
    assert_has(fixture_next_row(f),
               "feed.silent_ms is read by the engine when it starts, and this screen is attached");
    fixture_prompt(f, "set log.level debug");
    assert_has(fixture_next_row(f), "log.level is read by the engine");
    desk.sets = 0;
    mock_controls(&f->frame.controls);
    fixture_publish(f);
    fixture_prompt(f, "set risk.max_value 500");
    answer(f, fixture_last(f, COMMAND_SET_LIMIT), 0, "risk.max_value 800 -> 500");
    assert_int_equal(desk.sets, 0); /* in force over there, and not for this screen's file */
    fixture_prompt(f, "unset risk.max_value");
    assert_has(fixture_next_row(f), "risk.max_value is the engine's, which runs elsewhere");
    fixture_prompt(f, "set feed.silent_ms");
    assert_has(fixture_draw(f), "the engine's, which runs elsewhere");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "settings feed");
    assert_has(fixture_next_row(f), "no setting of this screen has `feed`");
    fixture_prompt(f, "settings");
    assert_has(fixture_draw(f), "of this screen; the engine has its own");
    assert_has(f->text, "screen.bell");
    assert_has_not(f->text, "risk.max_value");
    fixture_free(f);
}

static void test_without_settings(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "settings");
    assert_has(fixture_next_row(f), "there are no settings here");
    fixture_prompt(f, "write");
    assert_has(fixture_next_row(f), "there are no settings here");
    fixture_prompt(f, "unset theme");
    assert_has(fixture_next_row(f), "there are no settings here");
    fixture_free(f);
}

static struct fixture *make_list(int cols, int rows)
{
    struct fixture *f = make(cols, rows);

    fixture_prompt(f, "set paper.queue log");
    fixture_prompt(f, "settings paper"); /* not all: others come and go */
    for (int i = 0; i < 4; i++)
        fixture_key(f, KEY_DOWN);
    return f;
}

static void test_pictures(void **state)
{
    (void)state;
    golden_sizes(make_list, "mock-settings");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_some_are_in_force_at_once),
        cmocka_unit_test(test_others_wait_for_a_restart),
        cmocka_unit_test(test_a_limit_goes_to_the_engine),
        cmocka_unit_test(test_a_wish_without_its_word_is_not_kept),
        cmocka_unit_test(test_strategies_by_either_name),
        cmocka_unit_test(test_one_setting_is_shown),
        cmocka_unit_test(test_all_are_listed),
        cmocka_unit_test(test_the_page_tells_a_meaning_whole),
        cmocka_unit_test(test_they_are_found_and_changed_in_place),
        cmocka_unit_test(test_a_long_meaning_is_wrapped),
        cmocka_unit_test(test_back_to_what_it_was),
        cmocka_unit_test(test_an_attached_screen_has_its_own),
        cmocka_unit_test(test_without_settings),
        cmocka_unit_test(test_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A locked screen, notes, and a bell for the eyes. */
#include "app/options.h"
#include "core/base/config.h"

#include "golden_screen.h"
#include "ui_fixture.h"

static struct config *config;

static const struct config *settings(void *arg)
{
    (void)arg;
    return config;
}

static struct fixture *make(int cols, int rows, const char *picture)
{
    struct fixture *f = fixture_new(cols, rows);
    char why[CONFIG_WHY_SIZE];

    config_free(config);
    config = options_config_new();
    assert_non_null(config);
    assert_int_equal(config_set_run(config, "screen.lock_picture", picture, why), ERR_OK);
    f->ui->host.settings = settings;
    return f;
}

static void test_only_kill_pause_and_the_word(void **state)
{
    struct fixture *f = make(120, 36, "keep");
    struct key_event click = {.key = KEY_MOUSE, .row = 10, .col = 20};
    int commands;

    (void)state;
    fixture_key(f, 'a');
    fixture_prompt(f, "lock");
    assert_true(f->ui->locked);
    assert_false(f->ui->armed);
    commands = f->commands;
    for (uint32_t key = '!'; key <= '~'; key++)
        if (key != 'K')
            fixture_key(f, key);
    fixture_key(f, KEY_ENTER);
    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_F1);
    fixture_key(f, KEY_CTRL | 'c');
    fixture_key(f, KEY_CTRL | 'c');
    ui_key(f->ui, &click, f->now_ns);
    assert_true(f->ui->locked);
    assert_int_equal(f->commands, commands);
    assert_int_equal(f->quits, 0);
    assert_int_equal(f->ui->screen, SCREEN_TRADE);
    fixture_key(f, ' ');
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    f->frame.status.state = STATE_PAUSED;
    fixture_publish(f);
    fixture_wait(f, 5000);
    fixture_key(f, ' '); /* whoever may resume can unlock */
    assert_int_equal(fixture_count(f, COMMAND_RESUME), 0);
    fixture_key(f, 'K');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    assert_true(f->ui->locked);
    fixture_free(f);
}

static void test_the_word_unlocks(void **state)
{
    struct fixture *f = make(120, 36, "keep");

    (void)state;
    fixture_prompt(f, "lock");
    fixture_type(f, "unlick");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_next_row(f), "that is not the word");
    fixture_type(f, "x");
    fixture_key(f, KEY_BACKSPACE);
    fixture_type(f, "unlo");
    assert_has(fixture_next_row(f), "type `unlock` and Enter: unlo_");
    fixture_type(f, "ck");
    fixture_key(f, KEY_ENTER);
    assert_false(f->ui->locked);
    assert_has(fixture_next_row(f), "UNLOCKED");
    fixture_free(f);
}

static void test_what_is_hidden(void **state)
{
    struct fixture *f = make(120, 36, "hide");
    char title[96];

    (void)state;
    fixture_prompt(f, "lock");
    assert_has(fixture_draw(f), "LOCKED");
    assert_has(fixture_draw(f), "SIMULATION");
    assert_has_not(fixture_draw(f), "61842");
    assert_has_not(fixture_draw(f), "7.98");
    assert_string_equal(ui_title(f->ui, title, sizeof(title)), "flowdeck locked");
    ui_resize(f->ui, 50, 10, f->now_ns);
    canvas_resize(f->canvas, 10, 50);
    assert_has_not(fixture_draw(f), "7.98");
    fixture_free(f);
}

/* A read-only screen's kill asks, and can be answered. */
static void test_kill_of_a_read_only_screen(void **state)
{
    struct fixture *f = make(120, 36, "hide");

    (void)state;
    f->ui->config.readonly = true;
    fixture_prompt(f, "lock");
    fixture_key(f, 'K');
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_seen(f);
    fixture_key(f, 'q'); /* swallowed */
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    assert_true(f->ui->locked);
    fixture_free(f);
}

/* A key that its user gave to kill works here too, but for letters, which the word may need. */
static void test_kill_by_keys_of_ones_own(void **state)
{
    struct fixture *f = make(120, 36, "keep");
    char why[KEYMAP_WHY_SIZE];

    (void)state;
    assert_true(keymap_rebind(&f->ui->keys, "kill", "F9,Alt-k,l", why));
    fixture_prompt(f, "lock");
    fixture_key(f, 'l');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 0);
    fixture_key(f, KEY_F9);
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_key(f, KEY_ALT | 'k');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 2);
    fixture_key(f, KEY_F12);
    assert_int_equal(fixture_count(f, COMMAND_KILL), 3);
    assert_true(f->ui->locked);
    fixture_key(f, KEY_ESC);
    f->ui->keys.keyboard = KEYBOARD_RU;
    fixture_type(f, "un");
    fixture_key(f, 0x434); /* where a US keyboard has l */
    fixture_type(f, "ock");
    fixture_key(f, KEY_ENTER);
    assert_false(f->ui->locked);
    fixture_free(f);
}

/* The file of lines typed before says of itself that it holds nothing secret. */
static void test_the_word_is_not_kept(void **state)
{
    struct fixture *f = make(120, 36, "keep");

    (void)state;
    fixture_prompt(f, "set screen.lock_word  sesame");
    fixture_prompt(f, "set  screen.lock_word sesame");
    assert_int_equal(f->ui->text.histories, 0);
    fixture_prompt(f, "set screen.bell false");
    assert_int_equal(f->ui->text.histories, 1);
    fixture_free(f);
}

/* A word that could not be typed never gets that far. */
static void test_a_word_that_cannot_be_typed_is_refused(void **state)
{
    static const char *const wrong[] = {"open me", "uK", "\xc3\xa4"};
    char why[CONFIG_WHY_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct fixture *f = make(120, 36, "keep");

        assert_int_equal(config_set_run(config, "screen.lock_word", wrong[i], why), ERR_OK);
        assert_int_equal(options_check(config, why), ERR_CONFIG);
        assert_non_null(strstr(why, "screen.lock_word"));
        if (i < 2) {
            fixture_prompt(f, "lock");
            assert_false(f->ui->locked);
        }
        fixture_free(f);
    }
}

static void test_a_note_goes_to_the_engine(void **state)
{
    struct fixture *f = make(120, 36, "keep");

    (void)state;
    fixture_prompt(f, "note fed speaks at 20:00");
    assert_string_equal(fixture_last(f, COMMAND_NOTE)->text, "fed speaks at 20:00");
    fixture_prompt(f, "note");
    assert_has(fixture_next_row(f), ":note TEXT");
    assert_int_equal(fixture_count(f, COMMAND_NOTE), 1);
    f->ui->config.readonly = true;
    fixture_prompt(f, "note x");
    assert_int_equal(fixture_count(f, COMMAND_NOTE), 1);
    fixture_free(f);
}

static void test_a_bell_for_the_eyes(void **state)
{
    struct fixture *f = make(120, 36, "keep");

    (void)state;
    fixture_prompt(f, "bell visual");
    f->frame.bell_seq++;
    fixture_publish(f);
    assert_int_equal(f->bells, 0);
    fixture_draw(f);
    assert_int_equal(canvas_cell(f->canvas, f->ui->layout.next_row, 3)->style.fg, ROLE_CURSOR);
    fixture_wait(f, 500);
    fixture_draw(f);
    assert_int_not_equal(canvas_cell(f->canvas, f->ui->layout.next_row, 3)->style.fg, ROLE_CURSOR);
    fixture_prompt(f, "bell on");
    fixture_wait(f, 2000);
    f->frame.bell_seq++;
    fixture_publish(f);
    assert_int_equal(f->bells, 1);
    fixture_free(f);
}

static struct fixture *make_kept(int cols, int rows)
{
    struct fixture *f = make(cols, rows, "keep");

    fixture_prompt(f, "lock");
    fixture_type(f, "unl");
    return f;
}

static struct fixture *make_hidden(int cols, int rows)
{
    struct fixture *f = make(cols, rows, "hide");

    fixture_prompt(f, "lock");
    return f;
}

static void test_pictures(void **state)
{
    (void)state;
    golden_sizes(make_kept, "mock-locked");
    golden_sizes(make_hidden, "mock-locked-hidden");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_only_kill_pause_and_the_word),
        cmocka_unit_test(test_the_word_unlocks),
        cmocka_unit_test(test_kill_by_keys_of_ones_own),
        cmocka_unit_test(test_the_word_is_not_kept),
        cmocka_unit_test(test_what_is_hidden),
        cmocka_unit_test(test_kill_of_a_read_only_screen),
        cmocka_unit_test(test_a_word_that_cannot_be_typed_is_refused),
        cmocka_unit_test(test_a_note_goes_to_the_engine),
        cmocka_unit_test(test_a_bell_for_the_eyes),
        cmocka_unit_test(test_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

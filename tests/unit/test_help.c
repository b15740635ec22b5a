/* The help: the keys of the place it was opened in, what the state refuses, the glossary; and what lay under it. */
#include "golden_screen.h"
#include "mock_controls.h"

static struct fixture *help_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_key(f, '?');
    return f;
}

static struct fixture *glossary_new(int cols, int rows)
{
    struct fixture *f = help_new(cols, rows);

    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_TAB);
    return f;
}

static void test_pictures(void **state)
{
    struct fixture *f;

    (void)state;
    golden_sizes(help_new, "mock-help");
    golden_sizes(glossary_new, "mock-glossary");
    f = help_new(80, 24);
    fixture_key(f, KEY_ENTER);
    golden_screen(f, "mock-help-2-80x24");
    fixture_key(f, KEY_TAB);
    golden_screen(f, "mock-commands-80x24");
    fixture_free(f);
    f = fixture_new(80, 24);
    f->frame.status.mode = MODE_OBSERVATION;
    fixture_publish(f);
    fixture_key(f, '?');
    fixture_key(f, KEY_ENTER);
    golden_screen(f, "mock-help-observation-80x24");
    fixture_free(f);
}

/* All pages of what is open, joined. */
static const char *all_pages(struct fixture *f)
{
    static char text[200000];
    size_t used = 0;

    f->ui->help.page = 0;
    for (int page = 0; page < help_pages(f->ui); page++) {
        f->ui->help.page = (uint16_t)page;
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s", fixture_draw(f));
    }
    f->ui->help.page = 0;
    return text;
}

static void test_each_place_has_its_own_keys(void **state)
{
    static const struct {
        const char *keys, *has, *has_not;
    } places[] = {
        {"", "limit order at the cursor", "sort by the next column"},
        {"v", "sort by the next column", "limit order at the cursor"},
        {"2", "the cross one row up", "limit order at the cursor"},
        {"3", "trends over a shorter time", "the cross one row up"},
        {"4", "load a plug-in's new version", "limit order at the cursor"},
        {"5", "what it limits, its option", "limit order at the cursor"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        struct fixture *f = fixture_new(80, 24);

        fixture_type(f, places[i].keys);
        fixture_key(f, KEY_F1);
        assert_has(all_pages(f), places[i].has);
        assert_has_not(all_pages(f), places[i].has_not);
        assert_has(all_pages(f), "block orders, cancel all of ours");
        fixture_free(f);
    }
}

/* What a nearer place means by a key is what it means; KILLED begins with what still works. */
static void test_what_is_nearer_comes_first(void **state)
{
    struct fixture *f = fixture_new(80, 24);
    const char *pages;

    (void)state;
    fixture_key(f, '2');
    fixture_key(f, '?');
    assert_has(all_pages(f), "candles, heat map, depth");
    assert_has_not(all_pages(f), "traded, pulled/stacked");
    fixture_free(f);
    f = fixture_new(80, 24);
    fixture_key(f, '5');
    fixture_key(f, '?');
    assert_has(all_pages(f), "traded, pulled/stacked, sums, levels  \u00b7 one view");
    fixture_free(f);
    f = fixture_new(80, 24);
    f->frame.status.state = STATE_KILLED;
    fixture_publish(f);
    fixture_key(f, '?');
    pages = all_pages(f);
    assert_true(strstr(pages, "cancel here, close the position") <
                strstr(pages, "limit order at the cursor"));
    fixture_free(f);
}

static void test_a_question_lies_under_the_help(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    fixture_key(f, 'i');
    fixture_seen(f);
    fixture_key(f, '?');
    assert_has(all_pages(f), "in a question");
    assert_has(all_pages(f), "the other answer");
    assert_has_not(all_pages(f), "leave the engine running"); /* of LEAVE? alone */
    fixture_key(f, 'y');                                      /* no answer: the question cannot be seen */
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_key(f, 'y'); /* it counts from when it is seen again */
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 1);
    fixture_free(f);
}

static void test_a_question_under_the_help_expires(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    fixture_key(f, 'i');
    fixture_seen(f);
    fixture_key(f, '?');
    fixture_wait(f, 11000);
    assert_has(fixture_next_row(f), "not sent");
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_key(f, 'i');
    fixture_seen(f);
    fixture_key(f, '?');
    fixture_key(f, 'K');
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_free(f);
}

static void test_a_text_and_a_ticket_come_back_as_they_were(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    fixture_key(f, ':');
    fixture_type(f, "pau?");
    fixture_key(f, KEY_F1);
    assert_has(all_pages(f), "in a text field");
    assert_has(all_pages(f), "complete the command");
    fixture_key(f, 'q');
    assert_int_equal(f->ui->overlay, OVERLAY_TEXT);
    assert_string_equal(f->ui->text.value, "pau?");
    fixture_key(f, KEY_ESC);
    fixture_key(f, KEY_ENTER);
    fixture_key(f, '?');
    assert_has(all_pages(f), "in the ticket");
    fixture_key(f, '?');
    assert_int_equal(f->ui->overlay, OVERLAY_TICKET);
    fixture_free(f);
}

/* KEYS.md, the table of states: what each of them refuses is dim and says so. */
static void test_what_the_state_refuses_says_so(void **state)
{
    static const struct {
        const char *word;
        enum trading_mode mode;
        enum trading_state state;
        enum book_state book;
        bool flatten, cancel, pause; /* refused as well */
    } row[] = {
        {NULL, MODE_SIMULATION, STATE_ACTIVE, BOOK_LIVE, false, false, false},
        {"observation", MODE_OBSERVATION, STATE_ACTIVE, BOOK_LIVE, true, true, false},
        {"STALE", MODE_SIMULATION, STATE_ACTIVE, BOOK_STALE, false, false, false},
        {"HALTED", MODE_SIMULATION, STATE_HALTED, BOOK_LIVE, true, false, true},
        {"KILLED", MODE_SIMULATION, STATE_KILLED, BOOK_LIVE, false, true, true},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(row) / sizeof(row[0]); i++) {
        struct fixture *f = fixture_new(80, 24);

        f->frame.status.mode = row[i].mode;
        f->frame.status.state = row[i].state;
        f->frame.status.instrument[0].book_state = row[i].book;
        fixture_publish(f);
        if (row[i].word == NULL)
            assert_null(ui_refused_word(f->ui, ACT_LIMIT));
        else
            assert_string_equal(ui_refused_word(f->ui, ACT_LIMIT), row[i].word);
        assert_int_equal(ui_refused_word(f->ui, ACT_FLATTEN) != NULL, row[i].flatten);
        assert_int_equal(ui_refused_word(f->ui, ACT_CANCEL) != NULL, row[i].cancel);
        assert_int_equal(ui_refused_word(f->ui, ACT_PAUSE) != NULL, row[i].pause);
        assert_null(ui_refused_word(f->ui, ACT_KILL));
        if (row[i].word != NULL && row[i].state != STATE_KILLED) {
            fixture_key(f, '?');
            assert_has(all_pages(f), "limit order at the cursor  \u00b7 ");
        }
        fixture_free(f);
    }
}

static void test_frozen_and_moving(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    fixture_key(f, 'Z');
    assert_string_equal(ui_refused_word(f->ui, ACT_MARKET), "FROZEN");
    assert_null(ui_refused_word(f->ui, ACT_CANCEL_ALL));
    fixture_key(f, 'Z');
    f->ui->moving = true;
    fixture_key(f, '?');
    assert_has(all_pages(f), "while an order is moved");
    assert_has(all_pages(f), "put it down here");
    assert_has_not(all_pages(f), "flatten");
    fixture_free(f);
}

static void test_a_word_of_the_glossary_is_found(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "help microprice");
    assert_has(fixture_draw(f), "Stoikov 2018, first term");
    fixture_key(f, KEY_ESC); /* what a command opened, one key closes */
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_prompt(f, "glossary"); /* all of it */
    fixture_key(f, '/');
    fixture_type(f, "bollinger");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_next_row(f), "nothing there has `bollinger`");
    fixture_key(f, '/');
    for (int i = 0; i < 9; i++)
        fixture_key(f, KEY_BACKSPACE);
    fixture_type(f, "Standard Deviation");
    fixture_key(f, KEY_ENTER);
    assert_has(fixture_draw(f), "OFI\u03c3 10 s");
    fixture_key(f, KEY_ESC);
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_prompt(f, "help pnl"); /* as other programs call it */
    assert_has(fixture_draw(f), "DAY NET");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "help iceberg"); /* the words that find a command, a key, a screen in the palette */
    assert_has(fixture_draw(f), "order form from the cursor");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "help bracket");
    assert_has(fixture_draw(f), ":sell   order form, selling");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "help dom");
    assert_has(fixture_draw(f), "screen Trade   :Trade shows it");
    fixture_key(f, KEY_ESC);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_prompt(f, "help nosuchword");
    assert_has(fixture_next_row(f), "no help on `nosuchword`");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_each_place_has_its_own_keys),
        cmocka_unit_test(test_what_is_nearer_comes_first),
        cmocka_unit_test(test_a_question_lies_under_the_help),
        cmocka_unit_test(test_a_question_under_the_help_expires),
        cmocka_unit_test(test_a_text_and_a_ticket_come_back_as_they_were),
        cmocka_unit_test(test_what_the_state_refuses_says_so),
        cmocka_unit_test(test_frozen_and_moving),
        cmocka_unit_test(test_a_word_of_the_glossary_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* What the prompt offers and what Enter does with it: likeness, the list, lines typed before; never a guess that trades. */
#include "core/base/config.h"
#include "tui/palette.h"
#include "tui/palette_values.h"

#include "golden_screen.h"
#include "ui_fixture.h"

/* --- likeness ---------------------------------------------------------------------------------------------------- */

static void test_letters_must_come_in_order(void **state)
{
    uint64_t places;

    (void)state;
    assert_true(palette_likeness("flt", "flatten", NULL) > 0);
    assert_int_equal(palette_likeness("tlf", "flatten", NULL), 0);
    assert_int_equal(palette_likeness("flattens", "flatten", NULL), 0);
    assert_int_equal(palette_likeness("", "flatten", NULL), 0);
    assert_true(palette_likeness("CH", "clear-halt", &places) > 0);
    assert_int_equal(places, 1 | 1 << 6); /* the letters that begin its words, not the first ones that fit */
    assert_true(palette_likeness("max val", "risk.max_value", &places) > 0);
    assert_int_equal(palette_likeness("max zal", "risk.max_value", NULL), 0);
}

/* Each left one is more like what was typed than the right one. */
static void test_likeness_ranks_as_a_reader_would(void **state)
{
    static const char *const better[][3] = {
        {"cl", "cancel-last", "recall"},         {"pos", "position", "purpose"},
        {"ch", "clear-halt", "switch"},          {"on", "on", "observation"},
        {"rmv", "risk.max_value", "row_moving"}, {"theme", "theme", "the_more"},
        {"size", "size", "size-down"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(better) / sizeof(better[0]); i++) {
        int left = palette_likeness(better[i][0], better[i][1], NULL);
        int right = palette_likeness(better[i][0], better[i][2], NULL);

        if (left <= right)
            fail_msg("%s: %s %d, %s %d", better[i][0], better[i][1], left, better[i][2], right);
    }
    assert_true(palette_likeness_of_words("position close", "cancel here, close the position") > 0);
    assert_int_equal(palette_likeness_of_words("lose", "cancel here, close the position"), 0);
    assert_int_equal(palette_likeness_of_words("po", "close the position"), 0); /* too little to go by */
}

/* Random bytes, any length: no place outside the name, and a subsequence always fits. */
static void test_likeness_of_anything(void **state)
{
    uint64_t seed = 7;

    (void)state;
    for (int round = 0; round < 20000; round++) {
        char name[100], typed[100];
        size_t names = 0, letters = 0;
        uint64_t places;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        names = seed >> 33 & 63;
        for (size_t i = 0; i < names; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            name[i] = "abcABC-._09"[(seed >> 40) % 11];
            if ((seed >> 50 & 3) == 0)
                typed[letters++] = name[i];
        }
        name[names] = typed[letters] = '\0';
        assert_int_equal(palette_likeness(typed, name, &places) > 0, letters > 0);
        assert_int_equal(__builtin_popcountll(places), letters);
        assert_true(names == 64 || places >> names == 0);
    }
}

/* --- the list --------------------------------------------------------------------------------------------------- */

static const char *chosen_name(const struct fixture *f)
{
    static char name[UI_COMMAND_MAX];
    const struct palette_item *item = palette_chosen(f->ui);

    return item == NULL ? "-" : palette_name(f->ui, item, name, sizeof(name));
}

static void test_a_guess_that_trades_is_typed_out_only(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "paus");
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 0);
    assert_int_equal(f->ui->overlay, OVERLAY_TEXT);
    assert_string_equal(f->ui->text.value, "pause");
    fixture_key(f, KEY_ENTER); /* now it is a command */
    assert_int_equal(fixture_count(f, COMMAND_PAUSE), 1);
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_prompt(f, "klil"); /* a slip of the keys is no more than a guess */
    assert_int_equal(fixture_count(f, COMMAND_KILL), 0);
    assert_string_equal(f->ui->text.value, "kill");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "kl");
    assert_int_equal(fixture_count(f, COMMAND_KILL), 0);
    assert_string_equal(f->ui->text.value, "kill");
    fixture_key(f, KEY_ESC);
    fixture_free(f);
}

/* NEXT and the hint of Enter say the same, and Enter does it: what is only typed has run nothing. */
static void test_the_hint_of_enter_is_what_it_does(void **state)
{
    static const struct {
        const char *typed;
        bool types;
    } rows[] = {{"paus", true},   {"flatte", true}, {"them", false},
                {"alert", false}, {"", false},      {"halt", false}};
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        fixture_key(f, ':');
        fixture_type(f, rows[i].typed);
        fixture_draw(f);
        if ((strstr(fixture_next_row(f), "types  :") != NULL) != rows[i].types)
            fail_msg("%s: %s", rows[i].typed, fixture_next_row(f));
        if (strstr(fixture_row(f, 35), rows[i].types ? "Enter type" : "Enter run") == NULL)
            fail_msg("%s: %s", rows[i].typed, fixture_row(f, 35));
        fixture_key(f, KEY_ESC);
    }
    fixture_free(f);
}

/* `go` is like a dozen names; typed, it is the command, whatever else is offered. */
static void test_what_is_a_command_runs_as_typed(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (size_t i = 0; i < prompt_count(); i++) {
        fixture_key(f, ':');
        fixture_type(f, prompt_at(i)->name);
        assert_string_equal(chosen_name(f), "-");
        fixture_key(f, KEY_ESC);
    }
    fixture_prompt(f, "halt");
    assert_int_equal(fixture_last(f, COMMAND_SET_STATE)->state, STATE_HALTED);
    fixture_prompt(f, "  :cancel everything  ");
    assert_int_equal(fixture_count(f, COMMAND_CANCEL_ALL), 1);
    fixture_free(f);
}

static void test_an_order_key_chosen_here_asks(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    int moves = 0;

    (void)state;
    fixture_key(f, 'a');
    assert_true(f->ui->armed);
    fixture_key(f, ':');
    fixture_type(f, "cursor order");
    while (strcmp(chosen_name(f), "limit") != 0 && moves++ < 20)
        fixture_key(f, KEY_UP);
    assert_string_equal(chosen_name(f), "limit");
    fixture_key(f, KEY_ENTER);
    if (f->ui->overlay == OVERLAY_TEXT) { /* was chosen by likeness: once more */
        assert_has(fixture_next_row(f), "Enter once more");
        fixture_key(f, KEY_ENTER);
    }
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    assert_false(f->ui->armed);
    fixture_free(f);
}

static void test_screens_instruments_and_keys(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "mark");
    assert_int_equal(f->ui->screen, SCREEN_MARKET);
    fixture_key(f, '1');
    fixture_prompt(f, "ethus");
    assert_int_equal(f->ui->instrument_id, 1);
    fixture_prompt(f, "freez");
    assert_true(f->ui->frozen);
    fixture_key(f, 'Z');
    fixture_key(f, '5');
    fixture_prompt(f, "row-up"); /* a key of the ladder: said, not done */
    assert_has(fixture_next_row(f), "does not work here: it is a key on the ladder");
    assert_int_equal(f->ui->overlay, OVERLAY_TEXT);
    fixture_free(f);
}

static void test_values_behind_a_command(void **state)
{
    static const char *const line[][3] = {
        {"theme li", "light", "theme light "},
        {"on ma", "maker", "on maker "},
        {"cancel b", "buys", "cancel buys "},
        {"clear-halt eth", "ETHUSDT", "clear-halt ETHUSDT "},
        {"mouse of", "off", "mouse off "},
        {"help flat", "flatten", "help flatten "},
        {"flatten --", "--worst", "flatten --worst "},
    };
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
        fixture_key(f, ':');
        fixture_type(f, line[i][0]);
        assert_string_equal(chosen_name(f), "-"); /* Enter would run the line */
        fixture_key(f, KEY_TAB);
        assert_string_equal(f->ui->text.value, line[i][2]);
        fixture_key(f, KEY_ESC);
    }
    fixture_prompt(f, "theme mono"); /* Enter runs what stands there */
    assert_string_equal(f->theme, "mono");
    fixture_free(f);
}

/* --- lines typed before ------------------------------------------------------------------------------------------ */

static void test_lines_typed_before(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "size 0.02");
    fixture_prompt(f, "cancel buys");
    fixture_prompt(f, "size 0.02"); /* once in the list, now the newest */
    assert_int_equal(f->ui->text.histories, 2);
    fixture_key(f, ':');
    fixture_key(f, KEY_UP);
    assert_string_equal(chosen_name(f), "size 0.02");
    fixture_key(f, KEY_UP);
    assert_string_equal(chosen_name(f), "cancel buys");
    fixture_key(f, KEY_DOWN);
    fixture_key(f, KEY_DOWN);
    assert_string_equal(chosen_name(f), "-");
    fixture_key(f, KEY_ESC);
    fixture_key(f, ':');
    fixture_type(f, "cancel "); /* only what begins so */
    fixture_key(f, KEY_UP);
    while (f->ui->palette.item[f->ui->palette.chosen].kind != PALETTE_PAST)
        fixture_key(f, KEY_UP);
    assert_string_equal(chosen_name(f), "cancel buys");
    fixture_key(f, KEY_ESC);
    fixture_key(f, ':');
    fixture_type(f, "buys");
    fixture_key(f, KEY_CTRL | 'r');
    assert_string_equal(chosen_name(f), "cancel buys");
    f->commands = 0;
    fixture_key(f, KEY_ENTER);
    assert_int_equal(fixture_count(f, COMMAND_CANCEL), 1);
    fixture_free(f);
}

static void test_live_words_are_not_kept(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "live");
    fixture_prompt(f, "nosuch 1");
    assert_int_equal(f->ui->text.histories, 0);
    for (int i = 0; i < UI_HISTORY_MAX + 50; i++) {
        char line[UI_COMMAND_MAX];

        snprintf(line, sizeof(line), "size %d", i);
        ui_typed_before(f->ui, line);
    }
    assert_int_equal(f->ui->text.histories, UI_HISTORY_MAX);
    assert_string_equal(f->ui->text.history[0], "size 249");
    assert_string_equal(f->ui->text.history[UI_HISTORY_MAX - 1], "size 50");
    fixture_free(f);
}

/* --- files of commands: the form of a line --------------------------------------------------------------------- */

static void test_the_form_of_a_line(void **state)
{
    static const char *const good[] = {
        "pause",       "cancel",         "cancel sells", "flatten",
        "size 0.025",  "speed max",      "speed 50",     "flatten --worst 61800",
        "limit a 500", "on ofi",         "theme light",  "  :halt",
        "clear-halt",  "alert a b > 12", "bell off",     "jump 14:07"};
    static const char *const bad[][2] = {
        {"pause now", "not `now`; allowed: :pause"},
        {"cancel some", "not `some`; allowed: :cancel [all|buys|sells|everything|ORDER]"},
        {"flatten --worst", "allowed: :flatten [SYMBOL] [--worst PRICE], like :flatten --worst 61800"},
        {"flatten --worst x", "not `x`; allowed: :flatten [SYMBOL] [--worst PRICE]"},
        {"flatten 61800", "not `61800`; allowed: :flatten [SYMBOL] [--worst PRICE]"},
        {"size", "allowed: :size SIZE, like :size 0.025"},
        {"size big", "not `big`; allowed: :size SIZE"},
        {"limit", "allowed: :limit LIMIT [VALUE], like :limit max_value 500"},
        {"speed fast", "not `fast`; allowed: :speed N|max"},
        {"on", "allowed: :on STRATEGY, like :on ofi"},
        {"on a b", "not `b`; allowed: :on STRATEGY"},
        {"quit", ":quit is for a keyboard: it asks, or opens a page"},
        {"clear-kill", ":clear-kill is for a keyboard: it asks, or opens a page"},
        {"buy 1", ":buy is for a keyboard: it asks, or opens a page"},
        {"halted", "no command `halted`; did you mean :halt?"},
        {"flaten", "no command `flaten`; did you mean :flatten?"},
        {"hatl", "no command `hatl`; did you mean :halt?"},
        {"exit", "no command `exit`; did you mean :quit?"},
        {"goodbye", "no command `goodbye`; :help lists them"}, /* not :go, nor any of these */
        {"offer 1", "no command `offer`; did you mean :sell?"},
        {"onward", "no command `onward`; :help lists them"},
        {"no", "no command `no`; :help lists them"},
        {"u", "no command `u`; :help lists them"},
        {"x", "no command `x`; :help lists them"},
    };
    char why[VIEW_TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        if (!prompt_check(good[i], true, why, sizeof(why)))
            fail_msg("%s: %s", good[i], why);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_false(prompt_check(bad[i][0], true, why, sizeof(why)));
        assert_string_equal(why, bad[i][1]);
    }
}

/* The example of each command is one that its own form takes. */
static void test_the_table_is_whole(void **state)
{
    char why[VIEW_TEXT_MAX];

    (void)state;
    for (size_t i = 0; i < prompt_count(); i++) {
        const struct prompt_word *word = prompt_at(i);
        size_t size = strlen(word->name);

        if (!prompt_check(word->example, false, why, sizeof(why)))
            fail_msg("%s: %s", word->example, why);
        assert_int_equal(strncmp(word->example, word->name, size), 0);
        assert_ptr_equal(prompt_find(word->name, size), word);
        assert_true(strlen(word->meaning) > 5 && strlen(word->meaning) < 100);
    }
}

static void test_help_of_one_thing(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "help flatten");
    assert_has(fixture_draw(f), ":flatten [SYMBOL] [--worst PRICE]");
    assert_has(fixture_draw(f), "like   :flatten --worst 61800");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "help ladder");
    assert_has(fixture_draw(f), "cursor one row up");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "help row-up");
    assert_has(fixture_draw(f), "cursor one row up");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "help nosuch");
    assert_has(fixture_next_row(f), "no help on `nosuch`");
    fixture_key(f, '?'); /* of this place again */
    assert_has(fixture_draw(f), "on the ladder");
    fixture_free(f);
}

/* --- pictures ----------------------------------------------------------------------------------------------------- */

static struct fixture *make_palette(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_prompt(f, "cancel buys");
    fixture_key(f, ':');
    fixture_type(f, "ca");
    return f;
}

static struct fixture *make_empty(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_prompt(f, "cancel buys");
    fixture_prompt(f, "size 0.02");
    fixture_key(f, ':');
    fixture_key(f, KEY_UP);
    return f;
}

static void test_pictures(void **state)
{
    (void)state;
    golden_sizes(make_palette, "mock-palette");
    golden_sizes(make_empty, "mock-palette-before");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_letters_must_come_in_order),
        cmocka_unit_test(test_likeness_ranks_as_a_reader_would),
        cmocka_unit_test(test_likeness_of_anything),
        cmocka_unit_test(test_a_guess_that_trades_is_typed_out_only),
        cmocka_unit_test(test_what_is_a_command_runs_as_typed),
        cmocka_unit_test(test_the_hint_of_enter_is_what_it_does),
        cmocka_unit_test(test_an_order_key_chosen_here_asks),
        cmocka_unit_test(test_screens_instruments_and_keys),
        cmocka_unit_test(test_values_behind_a_command),
        cmocka_unit_test(test_lines_typed_before),
        cmocka_unit_test(test_live_words_are_not_kept),
        cmocka_unit_test(test_the_form_of_a_line),
        cmocka_unit_test(test_the_table_is_whole),
        cmocka_unit_test(test_help_of_one_thing),
        cmocka_unit_test(test_pictures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

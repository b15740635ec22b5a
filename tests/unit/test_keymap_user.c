/* Keys as their user has them: keyboards of other countries, settings, and what no setting may do. */
#include "ui_fixture.h"

#include "app/key_options.h"
#include "app/options.h"
#include "core/base/safe_text.h"
#include "tui/keymap.h"

#include <stdio.h>

/* --- KEYS.md by its names ------------------------------------------------------------------------------------------- */

/* Its list: name, context, key. A name of ours that differs from it stands behind the key. */
static const struct {
    const char *name;
    enum key_context context;
    uint32_t key;
} listed[] = {
    {"kill", CONTEXT_ALL, 'K'},
    {"kill", CONTEXT_ALL, KEY_ALT | 'K'},
    {"kill", CONTEXT_ALL, KEY_F12},
    {"kill", CONTEXT_ALL, 0x041b},
    {"pause", CONTEXT_ALL, ' '},
    {"mode-simulation", CONTEXT_ALL, 's'},
    {"mode-observation", CONTEXT_ALL, 'o'},
    {"screen-1", CONTEXT_ALL, '1'},
    {"screen-2", CONTEXT_ALL, '2'},
    {"screen-3", CONTEXT_ALL, '3'},
    {"screen-4", CONTEXT_ALL, '4'},
    {"screen-5", CONTEXT_ALL, '5'},
    {"screen-6", CONTEXT_ALL, '6'},
    {"screen-7", CONTEXT_ALL, '7'},
    {"screen-8", CONTEXT_ALL, '8'},
    {"leave", CONTEXT_ALL, KEY_ESC},
    {"interrupt", CONTEXT_ALL, KEY_CTRL | 'c'}, /* leave, and quit when pressed twice */
    {"quit", CONTEXT_ALL, 'q'},
    {"help", CONTEXT_ALL, '?'},
    {"help", CONTEXT_ALL, KEY_F1},
    {"command", CONTEXT_ALL, ':'},
    {"find", CONTEXT_TRADE, '/'},
    {"tab-next", CONTEXT_TRADE, KEY_TAB},
    {"tab-prev", CONTEXT_TRADE, KEY_SHIFT | KEY_TAB},
    {"focus", CONTEXT_TRADE, 'v'},
    {"instrument-next", CONTEXT_ALL, 'n'},
    {"instrument-prev", CONTEXT_ALL, 'N'},
    {"zoom", CONTEXT_ALL, 'z'},
    {"freeze", CONTEXT_ALL, 'Z'},
    {"view-next", CONTEXT_ALL, 'e'},
    {"chart-view", CONTEXT_CHART, 'e'},
    {"copy", CONTEXT_LIST, 'y'},
    {"detail", CONTEXT_LIST, 'w'}, /* why */
    {"detail", CONTEXT_LIST, KEY_ENTER},
    {"why", CONTEXT_LADDER, 'w'},
    {"redraw", CONTEXT_ALL, KEY_CTRL | 'l'},
    {"suspend", CONTEXT_ALL, KEY_CTRL | 'z'},
    {"arm", CONTEXT_TRADE, 'a'},
    {"row-up", CONTEXT_LADDER, KEY_UP},
    {"row-up", CONTEXT_LADDER, 'k'},
    {"row-down", CONTEXT_LADDER, KEY_DOWN},
    {"row-down", CONTEXT_LADDER, 'j'},
    {"page-up", CONTEXT_LADDER, KEY_PAGE_UP},
    {"page-down", CONTEXT_LADDER, KEY_PAGE_DOWN},
    {"tick-up", CONTEXT_LADDER, KEY_SHIFT | KEY_UP},
    {"tick-down", CONTEXT_LADDER, KEY_SHIFT | KEY_DOWN},
    {"side-buy", CONTEXT_LADDER, KEY_LEFT},
    {"side-buy", CONTEXT_LADDER, 'h'},
    {"side-sell", CONTEXT_LADDER, KEY_RIGHT},
    {"side-sell", CONTEXT_LADDER, 'l'},
    {"inside", CONTEXT_LADDER, '0'},
    {"inside", CONTEXT_LADDER, KEY_HOME},
    {"centre", CONTEXT_LADDER, 'c'},
    {"rows-finer", CONTEXT_LADDER, '['},
    {"rows-finer", CONTEXT_LADDER, '('},
    {"rows-coarser", CONTEXT_LADDER, ']'},
    {"rows-coarser", CONTEXT_LADDER, ')'},
    {"chart-finer", CONTEXT_CHART, '['},
    {"chart-coarser", CONTEXT_CHART, ']'},
    {"size-down", CONTEXT_LADDER, '-'},
    {"size-up", CONTEXT_LADDER, '+'},
    {"size", CONTEXT_LADDER, '='},
    {"chart-shorter", CONTEXT_CHART, '-'},
    {"chart-longer", CONTEXT_CHART, '+'},
    {"ticket", CONTEXT_LADDER, KEY_ENTER},
    {"limit", CONTEXT_LADDER, 'i'},
    {"market", CONTEXT_LADDER, 'M'},
    {"market-hint", CONTEXT_LADDER, 'I'},
    {"stop", CONTEXT_LADDER, 't'},
    {"cancel", CONTEXT_LADDER, 'u'},
    {"list-cancel", CONTEXT_LIST, 'u'}, /* cancel */
    {"cancel-all", CONTEXT_TRADE, 'U'},
    {"pick", CONTEXT_LADDER, 'x'},
    {"put", CONTEXT_LADDER, 'p'},
    {"move-put", CONTEXT_MOVE, 'p'}, /* put */
    {"flatten", CONTEXT_TRADE, 'f'},
    {"reverse", CONTEXT_TRADE, 'R'},
    {"alert", CONTEXT_LADDER, 'b'},
    {"chart-alert", CONTEXT_CHART, 'b'},
    {"clear-visit", CONTEXT_LADDER, 'X'},
    {"step", CONTEXT_REPLAY, '.'},
    {"slower", CONTEXT_REPLAY, '<'},
    {"faster", CONTEXT_REPLAY, '>'},
    {"bookmark", CONTEXT_REPLAY, 'B'},
    {"yes", CONTEXT_ASK, 'y'},
    {"no", CONTEXT_ASK, 'n'},
    {"choose", CONTEXT_ASK, KEY_ENTER},
    {"move-focus", CONTEXT_ASK, KEY_TAB},
    {"list-up", CONTEXT_LIST, KEY_UP},
    {"list-down", CONTEXT_LIST, KEY_DOWN},
    {"sort", CONTEXT_LIST, ','},
    {"list-first", CONTEXT_LIST, 'g'},
    {"list-last", CONTEXT_LIST, 'G'},
};

static void test_the_table_is_the_list_of_the_specification(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(listed) / sizeof(listed[0]); i++) {
        const struct key_binding *binding = keymap_find(listed[i].context, listed[i].key);

        if (binding == NULL)
            fail_msg("%s has no key %s", listed[i].name, key_to_name(listed[i].key, (char[32]){0}));
        assert_string_equal(binding->name, listed[i].name);
    }
}

/* "Left free on purpose". */
static void test_what_is_left_free_does_nothing(void **state)
{
    static const uint32_t keys[] = {'r', 'd', 'g', '~', 'O', KEY_BACKSPACE, KEY_CTRL | 'a', KEY_CTRL | 'd'};
    static const enum key_context contexts[] = {CONTEXT_ALL, CONTEXT_TRADE, CONTEXT_LADDER, CONTEXT_REPLAY};

    (void)state;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        for (size_t c = 0; c < sizeof(contexts) / sizeof(contexts[0]); c++)
            assert_null(keymap_find(contexts[c], keys[i]));
}

/* A name is what a setting calls it: of one action in one place. */
static void test_a_name_stands_for_one_thing(void **state)
{
    (void)state;
    for (size_t i = 0; i < keymap_count(); i++)
        for (size_t j = i + 1; j < keymap_count(); j++)
            if (strcmp(keymap_at(i)->name, keymap_at(j)->name) == 0) {
                assert_int_equal(keymap_at(i)->context, keymap_at(j)->context);
                assert_int_equal(keymap_at(i)->action, keymap_at(j)->action);
            }
}

/* --- keyboards ----------------------------------------------------------------------------------------------------- */

static uint32_t code_of(const char *text)
{
    unsigned code;

    (void)safe_text_decode(text, strlen(text), &code);
    return code;
}

static void test_keys_work_by_their_place(void **state)
{
    static const struct {
        const char *layout, *typed;
        uint32_t key;
    } rows[] = {
        {"ru", "ш", 'i'}, {"ru", "г", 'u'}, {"ru", "Л", 'K'}, {"ru", "х", '['}, {"ru", "Ю", '>'},
        {"ru", "Ж", ':'}, {"ru", ".", '.'}, {"ru", "i", 'i'}, {"ua", "і", 's'}, {"ua", "ї", ']'},
        {"ua", "Л", 'K'}, {"gr", "ι", 'i'}, {"gr", ";", 'q'}, {"gr", "Κ", 'K'}, {"he", "ן", 'i'},
        {"he", "ו", 'u'}, {"he", "Q", 'q'}, {"he", "'", 'w'}, {"de", "ö", '['}, {"de", "ä", ']'},
        {"de", "z", 'z'}, {"fr", "é", '2'}, {"fr", "(", '['}, {"fr", ";", '.'}, {"es", "ñ", '['},
        {"es", "ç", ']'}, {"us", "ш", 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        uint32_t typed = code_of(rows[i].typed);

        assert_int_equal(keyboard_key(keyboard_named(rows[i].layout), typed),
                         rows[i].key != 0 ? rows[i].key : typed);
    }
    assert_int_equal(keyboard_key(KEYBOARD_RU, KEY_ALT | code_of("л")), KEY_ALT | 'k');
    assert_int_equal(keyboard_key(KEYBOARD_RU, KEY_SHIFT | KEY_UP), KEY_SHIFT | KEY_UP);
    assert_int_equal(keyboard_shown(KEYBOARD_RU, 'i'), code_of("ш"));
    assert_int_equal(keyboard_shown(KEYBOARD_RU, ':'), ':');
    assert_int_equal(keyboard_shown(KEYBOARD_DE, '['), code_of("ö"));
    assert_int_equal(keyboard_shown(KEYBOARD_US, 'i'), 'i');
    assert_int_equal(keyboard_shown(KEYBOARD_RU, KEY_CTRL | 'c'), KEY_CTRL | 'c');
    assert_int_equal(keyboard_named("nosuch"), KEYBOARD_US);
}

/* What is shown is what works. */
static void test_what_is_shown_is_what_works(void **state)
{
    (void)state;
    for (int keyboard = 0; keyboard < KEYBOARDS; keyboard++) {
        struct keymap map;

        keymap_init(&map, (enum keyboard)keyboard);
        for (size_t i = 0; i < keymap_count(); i++) {
            const struct key_binding *binding = keymap_at(i);
            const struct key_binding *now =
                keymap_lookup(&map, binding->context, keyboard_shown(map.keyboard, binding->key));

            assert_non_null(now);
            assert_int_equal(now->action, binding->action);
        }
    }
}

static void test_no_keyboard_loses_a_key_or_the_kill(void **state)
{
    static const uint32_t kills[] = {'K', KEY_F12, KEY_ALT | 'K', 0x041b, 0x039a};

    (void)state;
    for (int keyboard = 0; keyboard < KEYBOARDS; keyboard++) {
        struct keymap map;

        keymap_init(&map, (enum keyboard)keyboard);
        for (size_t i = 0; i < sizeof(kills) / sizeof(kills[0]); i++) {
            const struct key_binding *binding = keymap_lookup(&map, CONTEXT_ALL, kills[i]);

            assert_non_null(binding);
            assert_int_equal(binding->action, ACT_KILL);
        }
        for (size_t i = 0; i < map.count;
             i++) { /* an action has a key that this keyboard types as the list has it */
            char keys[96];

            keymap_shown(&map, map.binding[i].context, map.binding[i].action, keys, sizeof(keys));
            assert_true(keys[0] != '\0');
        }
    }
}

/* --- settings ------------------------------------------------------------------------------------------------------ */

static enum err read_settings(const char *text, struct keymap *map, char why[CONFIG_WHY_SIZE])
{
    struct config *config = options_config_new();
    enum err err;

    assert_non_null(config);
    why[0] = '\0';
    err = config_load_text(config, text, strlen(text), "f.yaml", why);
    if (err == ERR_OK)
        err = key_options_read(config, map, why);
    config_free(config);
    return err;
}

static void test_every_name_is_a_setting_with_its_keys(void **state)
{
    struct keymap map;
    char why[CONFIG_WHY_SIZE];
    size_t count;
    const struct option *table = options_table(&count);

    (void)state;
    assert_int_equal(read_settings("", &map, why), ERR_OK);
    assert_int_equal(map.count, keymap_count());
    for (size_t i = 0; i < keymap_count(); i++) {
        char name[64], keys[KEYMAP_TEXT_SIZE];
        const struct option *option;

        if (keymap_at(i)->help[0] == '\0' || keymap_is_fixed(keymap_at(i)->action))
            continue;
        snprintf(name, sizeof(name), "keys.%s", keymap_at(i)->name);
        option = option_find(table, count, name);
        assert_non_null(option);
        assert_string_equal(option->preset, keymap_setting(&map, keymap_at(i)->name, keys));
        /* written back as they are, they change nothing and contradict nothing */
        assert_true(keymap_rebind(&map, keymap_at(i)->name, keys, why));
    }
    if (keymap_conflict(&map, why) != NULL)
        fail_msg("the list contradicts itself: %s", why);
    assert_int_equal(map.count, keymap_count());
}

static void test_a_name_gets_other_keys(void **state)
{
    struct keymap map;
    char why[CONFIG_WHY_SIZE], keys[96];

    (void)state;
    assert_int_equal(
        read_settings("keys:\n  limit: [F5, d]\n  kill: [F9, K]\n  sort: Comma\n  bookmark: none\n", &map,
                      why),
        ERR_OK);
    assert_int_equal(keymap_lookup(&map, CONTEXT_LADDER, KEY_F5)->action, ACT_LIMIT);
    assert_int_equal(keymap_lookup(&map, CONTEXT_LADDER, 'd')->action, ACT_LIMIT);
    assert_null(keymap_lookup(&map, CONTEXT_LADDER, 'i'));
    assert_int_equal(keymap_lookup(&map, CONTEXT_ALL, KEY_F9)->action, ACT_KILL);
    assert_int_equal(keymap_lookup(&map, CONTEXT_ALL, 'K')->action, ACT_KILL);
    assert_int_equal(keymap_lookup(&map, CONTEXT_LIST, ',')->action, ACT_SORT);
    assert_string_equal(keymap_shown(&map, CONTEXT_LADDER, ACT_LIMIT, keys, sizeof(keys)), "F5 d");
    assert_string_equal(keymap_shown(&map, CONTEXT_REPLAY, ACT_BOOKMARK, keys, sizeof(keys)), "");
    assert_string_equal(keymap_setting(&map, "bookmark", keys), "none");
    /* two names change places */
    assert_int_equal(read_settings("keys: {limit: t, stop: i}\n", &map, why), ERR_OK);
    assert_int_equal(keymap_lookup(&map, CONTEXT_LADDER, 't')->action, ACT_LIMIT);
    /* by the letter of its own keyboard, or the one at that place */
    assert_int_equal(read_settings("keys: {layout: ru, limit: й, quit: Q}\n", &map, why), ERR_OK);
    assert_int_equal(keymap_lookup(&map, CONTEXT_LADDER, 'q')->action, ACT_LIMIT);
    assert_int_equal(keymap_lookup(&map, CONTEXT_LADDER, code_of("й"))->action, ACT_LIMIT);
}

static void test_what_no_setting_may_do(void **state)
{
    static const char *const rows[][2] = {
        {"limit: l", "f.yaml:1: keys.limit: 'l' is keys.side-sell already, on the ladder"},
        {"limit: q", "keys.limit: 'q' is keys.quit already, everywhere"},
        {"limit: a", "keys.limit: 'a' is keys.arm already, on Trade"},
        {"limit: .", "keys.limit: '.' is keys.step already, in a replay"},
        {"limit: 3", "keys.limit: '3' is keys.screen-3 already"},
        {"limit: H", "keys.limit: 'H' is keys.caps-lock already"},
        {"limit: K", "keys.limit: 'K' kills"},
        {"limit: Alt-K", "keys.limit: 'Alt-K' kills"},
        {"limit: \"Л\"", "kills"},
        {"limit: Esc", "keys.limit: 'Esc' leaves"},
        {"limit: Ctrl-C", "keys.limit: 'Ctrl-C' leaves, and quits when pressed twice"},
        {"limit: y", "keys.limit: 'y' is keys.yes already, in a question"},
        {"limit: Space", "keys.limit: 'Space' is keys.pause already"},
        {"yes: i", "keys.yes: 'i' is keys.limit already"},
        {"yes: Enter", "keys.yes: 'Enter' must not say yes"},
        {"yes: n", "keys.yes: 'n' is keys.no already"},
        {"market: m", "keys.market: 'm' is too easily hit"},
        {"reverse: '5'", "keys.reverse: '5' is too easily hit"},
        {"pause: x", "keys.pause: 'x' is keys.pick already"},
        {"limit: blah", "keys.limit: 'blah' is no key; allowed: a character"},
        {"limit: Ctrl-M", "keys.limit: 'Ctrl-M' looks like Enter"},
        {"pause: none", "keys.pause: cannot be without a key"},
        {"cancel: none", "keys.cancel: cannot be without a key"},
        {"limits: d", "unknown key 'keys.limits'; did you mean 'keys.limit'?"},
        {"caps-lock: d", "unknown key 'keys.caps-lock'"},
        {"layout: xx", "keys.layout: 'xx' is unknown; allowed: one of: us, de, fr, es, ru, ua, gr, he"},
        {"complete: c", "keys.complete: 'c' is a letter in a text field"},
        {"field-send: '7'", "keys.field-send: '7' is a figure in the ticket"},
        {"limit: [d, r, m, A, C, D, E, F, Q]", "keys.limit: "},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct keymap map;
        char text[128], why[CONFIG_WHY_SIZE];

        snprintf(text, sizeof(text), "keys: {%s}\n", rows[i][0]);
        if (read_settings(text, &map, why) == ERR_OK)
            fail_msg("`%s` was let through", rows[i][0]);
        if (strstr(why, rows[i][1]) == NULL)
            fail_msg("`%s` is not in: %s", rows[i][1], why);
        assert_null(strchr(why, '\n'));
    }
}

/* --- on the screen --------------------------------------------------------------------------------------------------- */

static struct fixture *fixture_with(const char *settings, int cols, int rows)
{
    static struct keymap map;
    struct ui_config config = {.size_presets_e8 = {E8(0.002), E8(0.005), E8(0.01), E8(0.02), E8(0.05)},
                               .keys = &map,
                               .version = "0.1.0"};
    char why[CONFIG_WHY_SIZE];

    if (read_settings(settings, &map, why) != ERR_OK)
        fail_msg("%s", why);
    return fixture_new_as(cols, rows, &config);
}

static void test_hints_next_and_answers_show_the_bound_key(void **state)
{
    struct fixture *f =
        fixture_with("keys: {limit: F5, cancel: d, arm: none, freeze: F6, yes: j, pause: F8}\n", 120, 36);

    (void)state;
    assert_has(fixture_next_row(f), "F5 asks");
    assert_has(fixture_row(f, 35), " F5 order");
    assert_has(fixture_row(f, 35), " d cancel");
    assert_has(fixture_row(f, 35), " F8 pause");
    assert_has_not(fixture_row(f, 35), "arm");
    fixture_key(f, 'c');
    assert_has(fixture_next_row(f), "centred; d cancels");
    fixture_key(f, KEY_F6);
    assert_has(fixture_next_row(f), "F6 thaws");
    fixture_key(f, KEY_F6);
    fixture_key(f, KEY_F5);
    assert_has(fixture_draw(f), "SEND THIS ORDER?");
    assert_has(fixture_draw(f), "j send it");
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    fixture_key(f, 'j');
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 1);
    fixture_key(f, '?');
    assert_has(fixture_draw(f), "F5            limit order at the cursor");
    fixture_free(f);
}

/* Not only in hints: wherever a sentence names a key. */
static void test_sentences_name_the_bound_key(void **state)
{
    struct fixture *f = fixture_with("keys: {leave: F7, quit: F9, market-show: F5, pause: F8}\n", 120, 36);

    (void)state;
    fixture_key(f, '3');
    assert_has(fixture_next_row(f), "F5 shows it");
    snprintf(f->ui->market.filter, sizeof(f->ui->market.filter), "nosuch");
    assert_has(fixture_next_row(f), "no instrument matches; F7 shows all");
    fixture_key(f, '5');
    snprintf(f->ui->controls.filter, sizeof(f->ui->controls.filter), "nosuch");
    assert_has(fixture_draw(f), "nothing matches; F7 clears the filter");
    assert_has_not(f->text, "Esc");
    fixture_prompt(f, "alerts");
    assert_has(fixture_draw(f), "ALERTS  F7 closes");
    fixture_free(f);
    f = fixture_with("keys: {quit: F9, pause: F8}\n", 55, 14);
    assert_has(fixture_draw(f), "K KILL  F8 pause  F9 quit");
    fixture_free(f);
}

/* No text of a screen keeps the marks that its keys are written with. */
static void test_marks_never_reach_the_screen(void **state)
{
    static const char *const settings[] = {"", "keys: {leave: F7, layout: he}\n"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct fixture *f = fixture_with(settings[i], 120, 36);

        for (char screen = '1'; screen <= '8'; screen++) {
            fixture_key(f, (uint32_t)screen);
            f->ui->say.until_ns = 0;
            snprintf(f->ui->market.filter, sizeof(f->ui->market.filter), "nosuch");
            snprintf(f->ui->list.filter, sizeof(f->ui->list.filter), "nosuch");
            snprintf(f->ui->controls.filter, sizeof(f->ui->controls.filter), "nosuch");
            assert_has_not(fixture_draw(f), "\ufffd"); /* what a control character becomes */
        }
        fixture_free(f);
    }
}

static void test_a_russian_keyboard(void **state)
{
    struct fixture *f = fixture_with("keys: {layout: ru}\n", 120, 36);

    (void)state;
    assert_has(fixture_row(f, 35), " Л KILL");
    assert_has(fixture_row(f, 35), " ш order");
    assert_has(fixture_next_row(f), "ш asks");
    fixture_key(f, code_of("ш"));
    assert_int_equal(f->ui->overlay, OVERLAY_QUESTION);
    fixture_seen(f);
    fixture_key(f, code_of("н")); /* y */
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 1);
    fixture_key(f, ':');
    fixture_key(f, code_of("з"));
    fixture_key(f, code_of("ф"));
    fixture_key(f, 'u');
    assert_string_equal(f->ui->text.value, "pau"); /* words are Latin */
    fixture_key(f, code_of("Л"));
    assert_int_equal(fixture_count(f, COMMAND_KILL), 0); /* a letter, here */
    fixture_key(f, KEY_ALT | code_of("Л"));
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_free(f);
}

static void test_kill_by_the_letter_of_any_keyboard(void **state)
{
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    fixture_key(f, code_of("ш"));
    assert_has(fixture_next_row(f), "keys.layout");
    fixture_key(f, code_of("Л"));
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_free(f);
    f = fixture_new(80, 24);
    fixture_key(f, code_of("Κ"));
    assert_int_equal(fixture_count(f, COMMAND_KILL), 1);
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_table_is_the_list_of_the_specification),
        cmocka_unit_test(test_what_is_left_free_does_nothing),
        cmocka_unit_test(test_a_name_stands_for_one_thing),
        cmocka_unit_test(test_keys_work_by_their_place),
        cmocka_unit_test(test_what_is_shown_is_what_works),
        cmocka_unit_test(test_no_keyboard_loses_a_key_or_the_kill),
        cmocka_unit_test(test_every_name_is_a_setting_with_its_keys),
        cmocka_unit_test(test_a_name_gets_other_keys),
        cmocka_unit_test(test_what_no_setting_may_do),
        cmocka_unit_test(test_hints_next_and_answers_show_the_bound_key),
        cmocka_unit_test(test_sentences_name_the_bound_key),
        cmocka_unit_test(test_marks_never_reach_the_screen),
        cmocka_unit_test(test_a_russian_keyboard),
        cmocka_unit_test(test_kill_by_the_letter_of_any_keyboard),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

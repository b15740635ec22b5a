/* The glossary: each signal and each label that a panel shows can be looked up. */
#include "mock_chart.h"
#include "mock_controls.h"
#include "mock_market.h"
#include "mock_results.h"
#include "mock_strategies.h"
#include "mock_system.h"
#include "ui_fixture.h"

#include "core/base/safe_text.h"
#include "tui/glossary.h"

#include <ctype.h>
#include <strings.h>

/* Words of sentences and names of things, not of numbers. */
static const char *const plain[] = {
    "all",    "days",   "page",       "reading", "scale",   "since",  "start", "stored", "times",
    "needs",  "BTC",    "BTCUSDT",    "USDT",    "ETHUSDT", "manual", "ofi",   "pairs",  "binance",
    "spot",   "above",  "below",      "always",  "and",     "arrows", "base",  "both",   "by",
    "candle", "colour", "cursor",     "events",  "false",   "true",   "first", "from",   "gates",
    "id",     "in",     "instrument", "is",      "log",     "most",   "move",  "ms",     "order",
    "own",    "paper",  "prices",     "rest",    "rows",    "sets",   "shows", "signal", "signals",
    "this",   "today",  "yesterday",  "trades",  "visit",   "watch",  "with",  "Enter",  "Tab",
    "ON",     "NAME",   "turns",
};

static bool is_plain(const char *word)
{
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
        if (strcasecmp(plain[i], word) == 0)
            return true;
    return false;
}

static bool has_word(const char *text, const char *word)
{
    size_t size = strlen(word);

    for (const char *at = text; (at = strcasestr(at, word)) != NULL; at++)
        if ((at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[size]))
            return true;
    return false;
}

static bool is_explained(const char *word)
{
    for (size_t i = 0; i < glossary_count(); i++)
        if (has_word(glossary_at(i)->term, word) || has_word(glossary_at(i)->also, word))
            return true;
    return false;
}

/* Labels are dim. A word of one that neither the glossary nor the list above has is a label nobody explains. */
static void check_labels(struct fixture *f, const char *screen)
{
    int first = f->ui->layout.title_row, last = f->ui->layout.next_row;
    char word[64];

    fixture_draw(f);
    for (int row = first; row < last; row++) {
        size_t size = 0;

        for (int col = 0; col <= f->canvas->cols; col++) {
            const struct cell *cell = col < f->canvas->cols ? canvas_cell(f->canvas, row, col) : NULL;
            bool letter = cell != NULL && cell->style.fg == ROLE_DIM && cell->code < 0x80 &&
                          (isalpha((int)cell->code) || (size > 0 && cell->code == '_'));

            if (letter && size + 1 < sizeof(word)) {
                word[size++] = (char)cell->code;
                continue;
            }
            word[size] = '\0';
            if (size > 1 && !is_plain(word) && !is_explained(word))
                fail_msg("screen %s, row %d: `%s` is in no entry of the glossary", screen, row, word);
            size = 0;
        }
    }
}

static void check_lists(struct fixture *f)
{
    for (int tab = 0; tab < LIST_TABS; tab++) {
        if (f->ui->list.tab != TAB_LOG && f->ui->list.tab != TAB_EVENTS) /* sentences of the engine */
            check_labels(f, list_tab_name(f->ui->list.tab));
        fixture_key(f, KEY_TAB);
    }
}

static void check_charts(struct fixture *f)
{
    fixture_key(f, '2');
    for (int kind = 0; kind < CHART_KINDS; kind++) {
        mock_chart(&f->frame, &fixture_last(f, COMMAND_VIEW)->view);
        fixture_publish(f);
        check_labels(f, "Chart");
        fixture_key(f, 'e');
    }
}

static void test_its_own_word_opens_it(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "glossary");
    assert_has(fixture_draw(f), "[glossary]");
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "glossary microprice");
    assert_has(fixture_draw(f), "Stoikov");
    fixture_key(f, KEY_ESC); /* the filter, then the page */
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "glossary nosuch");
    assert_has(fixture_next_row(f), "nothing there has `nosuch`");
    fixture_free(f);
}

static void test_every_label_of_the_panels_has_an_entry(void **state)
{
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++) {
        struct fixture *f = fixture_new(size[i][0], size[i][1]);

        check_lists(f);
        check_charts(f);
        fixture_key(f, '3');
        mock_market(&f->frame);
        fixture_publish(f);
        check_labels(f, "Market");
        if (size[i][0] == 80) { /* wider ones have sentences, too: what each thing is */
            mock_more_strategies(&f->frame);
            mock_strategy_detail(&f->frame.strategy_detail);
            mock_controls(&f->frame.controls);
            fixture_key(f, '4');
            fixture_key(f, KEY_TAB);
            fixture_publish(f);
            check_labels(f, "Strategy");
            fixture_key(f, '5');
            fixture_publish(f);
            check_labels(f, "Risk");
            fixture_key(f, '6');
            mock_results(&f->frame, RESULTS_30_DAYS);
            fixture_publish(f);
            check_labels(f, "Results");
            mock_system(&f->frame);
            fixture_key(f, '8');
            fixture_publish(f);
            check_labels(f, "System");
        }
        fixture_free(f);
    }
}

static void test_every_signal_has_an_entry(void **state)
{
    static const char *const names[] = {"spread",           "microprice",     "imbalance 1", "imbalance 5",
                                        "imbalance 10",     "imbalance 20",   "near 1 bp",   "far 10 bp",
                                        "OFI 10 s",         "OFI\u03c3 10 s", "tape share",  "CVD",
                                        "momentum 10 s",    "momentum 60 s",  "VPIN",        "prints",
                                        "volatility 1 min", "prints usual"};

    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct glossary_entry *entry = glossary_find(names[i]);

        assert_non_null(entry);
        assert_string_equal(entry->term, names[i]);
        assert_int_equal(entry->group, GLOSSARY_SIGNALS);
        assert_true(entry->from[0] != '\0' && entry->unit[0] != '\0');
    }
}

/* What the program cannot spell twice: a term once, groups together, no text that would be drawn as something else. */
static void test_each_term_stands_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < glossary_count(); i++) {
        const struct glossary_entry *entry = glossary_at(i);

        assert_true(i == 0 || entry->group >= glossary_at(i - 1)->group);
        assert_true(entry->what[0] != '\0' && entry->where[0] != '\0' && entry->term[0] != '\0');
        assert_true(strlen(glossary_group_word(entry->group)) > 1);
        for (size_t j = i + 1; j < glossary_count(); j++)
            assert_string_not_equal(entry->term, glossary_at(j)->term);
    }
    assert_null(glossary_at(glossary_count()));
}

static void test_a_word_is_found_however_it_is_spelt(void **state)
{
    static const char *const words[][2] = {
        {"VPIN", "VPIN"},           {"vpin", "VPIN"},      {"rs", "resync"},
        {"if flat now", "if flat"}, {"Loss Room", "left"}, {"sigma", "OFI\u03c3 10 s"},
        {"micro", "microprice"},    {"net", "DAY NET"},    {"queue", "ahead"}};

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        const struct glossary_entry *entry = glossary_find(words[i][0]);

        assert_non_null(entry);
        assert_string_equal(entry->term, words[i][1]);
    }
    assert_null(glossary_find("nosuchword"));
    assert_null(glossary_find(""));
    assert_true(glossary_matches(glossary_find("VPIN"), "buckets"));
    assert_false(glossary_matches(glossary_find("VPIN"), "nosuchword"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_its_own_word_opens_it),
        cmocka_unit_test(test_every_label_of_the_panels_has_an_entry),
        cmocka_unit_test(test_every_signal_has_an_entry),
        cmocka_unit_test(test_each_term_stands_once),
        cmocka_unit_test(test_a_word_is_found_however_it_is_spelt),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

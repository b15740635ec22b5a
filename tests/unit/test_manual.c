/* What help tells of controls and strategies is what the tables and the manifests hold: nothing less, nothing else. */
#include "unit/cmocka_all.h"

#include "app/manual.h"
#include "app/options.h"
#include "core/strategy/builtin.h"
#include "core/strategy/manifest.h"
#include "risk/gate.h"
#include "risk/limits.h"
#include "store/record_codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NULL: no such topic. */
static char *topic(const char *word, const char *name)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    bool known;

    assert_non_null(out);
    known = manual_topic(word, name, out);
    assert_int_equal(fclose(out), 0);
    if (known)
        return text;
    free(text);
    return NULL;
}

static char *page(const char *name)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_true(manual_page(name, out));
    assert_int_equal(fclose(out), 0);
    return text;
}

static void assert_has(const char *text, const char *word)
{
    if (strstr(text, word) == NULL)
        fail_msg("'%s' is missing", word);
}

static void test_help_controls_has_every_control_and_every_limit(void **state)
{
    char *text = topic("controls", NULL), *manual = page("flowdeck.1");
    char line[64];

    (void)state;
    assert_non_null(text);
    for (int code = RISK_PASS + 1; code < RISK_CODES; code++) {
        snprintf(line, sizeof(line), "\n%-15s %s", risk_code_word((enum risk_code)code),
                 risk_place_word(risk_code_place((enum risk_code)code)));
        assert_has(text, line);
        assert_has(text, risk_code_help((enum risk_code)code));
        snprintf(line, sizeof(line), "\n.B %s \\fI", risk_code_word((enum risk_code)code));
        assert_has(manual, line);
    }
    for (int id = 0; id < RISK_LIMITS; id++) {
        const struct risk_limit *limit = risk_limit_row((enum risk_limit_id)id);

        snprintf(line, sizeof(line), "%-29s %s ", limit->option,
                 limit->preset == NULL ? "unset" : limit->preset);
        assert_has(text, line);
        assert_has(manual, limit->option);
    }
    free(text);
    free(manual);
}

static void test_help_strategies_names_each_once(void **state)
{
    char *text = topic("strategies", NULL);
    size_t count;
    const struct builtin_strategy *const *all = builtin_strategies(&count);

    (void)state;
    assert_non_null(text);
    assert_true(count >= 6);
    for (size_t i = 0; i < count; i++) {
        char line[64];

        snprintf(line, sizeof(line), "%s%-12s ", i == 0 ? "" : "\n", all[i]->name);
        assert_has(text, line);
    }
    free(text);
}

/* Words alone: how they are parted into lines is the page's affair. */
static void assert_same_words(const char *text, const char *words)
{
    while (*words != '\0') {
        size_t size;

        words += strspn(words, " \n");
        text += strspn(text, " \n");
        size = strcspn(words, " \n");
        if (strncmp(text, words, size) != 0)
            fail_msg("'%.*s' stands where '%.*s' should", (int)size, text, (int)size, words);
        text += size;
        words += size;
    }
}

static void test_help_of_a_strategy_is_its_page_and_its_settings(void **state)
{
    size_t count, settings;
    const struct builtin_strategy *const *all = builtin_strategies(&count);
    const struct option *table = options_table(&settings);

    (void)state;
    for (size_t i = 0; i < count; i++) {
        char *text = topic("strategy", all[i]->name), *alone = topic(all[i]->name, NULL), prefix[40];

        assert_non_null(text);
        assert_non_null(alone);
        assert_string_equal(text, alone);
        assert_has(text, "\n\n");
        assert_same_words(strstr(text, "\n\n"), all[i]->page);
        snprintf(prefix, sizeof(prefix), "strategy.%s.", all[i]->name);
        for (size_t s = 0; s < settings; s++) {
            const char *name = table[s].name + strlen(prefix);
            char line[64];

            if (strncmp(table[s].name, prefix, strlen(prefix)) != 0 || strcmp(name, "on") == 0 ||
                strcmp(name, "symbols") == 0)
                continue;
            snprintf(line, sizeof(line), "\n  %s ", name);
            assert_has(text, line);
        }
        for (const char *line = text; *line != '\0'; line += strcspn(line, "\n") + 1)
            if (strcspn(line, "\n") > 80)
                fail_msg("a line of %s does not fit: %.80s", all[i]->name, line);
        free(text);
        free(alone);
    }
}

static void test_the_journal_page_has_every_record_and_every_field(void **state)
{
    char *text = page("flowdeck-journal.5");

    (void)state;
    for (unsigned kind = 0; kind < STORE_RECORD_KINDS; kind++) {
        const struct record_kind_row *row = record_kind_row(kind);
        char line[64];

        if (row == NULL)
            continue;
        snprintf(line, sizeof(line), "\n.SS %u %s (", kind, row->name);
        assert_has(text, line);
        for (size_t i = 0; i < row->fields; i++) {
            snprintf(line, sizeof(line), "\n.TP\n.B %s \\fI", row->field[i].name);
            assert_has(strstr(text, row->name), line);
        }
    }
    free(text);
}

static void test_what_there_is_not_is_no_topic(void **state)
{
    static const char *const words[] = {"strateg", "mm1", "internal-man", "manual"};

    (void)state;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (topic(words[i], NULL) != NULL)
            fail_msg("'%s' is a topic", words[i]);
    assert_null(topic("strategy", "nosuch"));
    assert_null(topic("strategy", "keys"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_help_controls_has_every_control_and_every_limit),
        cmocka_unit_test(test_help_strategies_names_each_once),
        cmocka_unit_test(test_help_of_a_strategy_is_its_page_and_its_settings),
        cmocka_unit_test(test_the_journal_page_has_every_record_and_every_field),
        cmocka_unit_test(test_what_there_is_not_is_no_topic),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* One setting changed in a configuration's text: comments, order and form stay, and the result means what was asked. */
#include "core/base/config_edit.h"

#include "unit/cmocka_all.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct option table[] = {
    {"mode", OPTION_ENUM, NULL, 0, 0, NULL, "observation|simulation|live", NULL, "h"},
    {"theme", OPTION_TEXT, NULL, 0, 200, "dark", NULL, NULL, "h"},
    {"symbols", OPTION_LIST, NULL, 0, 60, NULL, NULL, NULL, "h"},
    {"risk.max_value", OPTION_DECIMAL, NULL, 1, INT64_C(1000000000000000), "1000", NULL, NULL, "h"},
    {"risk.stale_ms", OPTION_INT, NULL, 0, 100000, "1000", NULL, NULL, "h"},
    {"risk.deep.er.flag", OPTION_BOOL, NULL, 0, 0, "false", NULL, NULL, "h"},
    {"risk.deep.er.list", OPTION_LIST, NULL, 0, 60, NULL, NULL, NULL, "h"},
    {"order.sizes", OPTION_LIST, NULL, 0, 60, "0.1", NULL, NULL, "h"},
    {"order.name", OPTION_TEXT, NULL, 0, 200, NULL, NULL, NULL, "h"},
};
#define OPTIONS (sizeof(table) / sizeof(table[0]))

static struct config *load(const char *text, size_t size)
{
    struct config *config = config_new(table, OPTIONS);
    char why[CONFIG_WHY_SIZE];

    assert_non_null(config);
    if (config_load_text(config, text, size, "a.yaml", why) != ERR_OK)
        fail_msg("%s\n---\n%s", why, text);
    return config;
}

static char *edit(const char *text, const char *name, const char *value)
{
    char *out = NULL;
    size_t size;

    assert_int_equal(config_edit(text, strlen(text), option_find(table, OPTIONS, name), value, &out, &size),
                     ERR_OK);
    assert_int_equal(strlen(out), size);
    config_free(load(out, size));
    return out;
}

static void becomes(const char *text, const char *name, const char *value, const char *wanted)
{
    char *out = edit(text, name, value);

    assert_string_equal(out, wanted);
    free(out);
}

static void test_a_value_is_replaced_in_its_own_style(void **state)
{
    (void)state;
    becomes("# a\nrisk:   # b\n  max_value:   1000     # c\n  stale_ms: 5\n\n# d\n", "risk.max_value", "500",
            "# a\nrisk:   # b\n  max_value:   500     # c\n  stale_ms: 5\n\n# d\n");
    becomes("theme: 'dark'  # a\n", "theme", "it's", "theme: 'it''s'  # a\n");
    becomes("theme: \"dark\"\r\nmode: live\r\n", "theme", "a\"b\\c",
            "theme: \"a\\\"b\\\\c\"\r\nmode: live\r\n");
    becomes("theme: dark\n", "theme", "a: b #c", "theme: \"a: b #c\"\n");
    becomes("theme: dark\n", "theme", "/home/me/x.theme", "theme: /home/me/x.theme\n");
    becomes("# \xc3\xa9\xe2\x82\xac\ntheme: d\xc3\xa4rk # x\nmode: live\n", "mode", "simulation",
            "# \xc3\xa9\xe2\x82\xac\ntheme: d\xc3\xa4rk # x\nmode: simulation\n");
    becomes("{mode: live, risk: {stale_ms: 5}}", "risk.stale_ms", "7", "{mode: live, risk: {stale_ms: 7}}");
    becomes("risk.stale_ms: 5\n", "risk.stale_ms", "7", "risk.stale_ms: 7\n");
    becomes("theme: >-\n  dark\nmode: live\n", "mode", "observation",
            "theme: >-\n  dark\nmode: observation\n");
}

static void test_lists_keep_the_form_they_have(void **state)
{
    (void)state;
    becomes("order:\n  sizes: [0.1, 0.2]  # c\n", "order.sizes", "0.3,0.2,0.5",
            "order:\n  sizes: [0.3, 0.2, 0.5]  # c\n");
    becomes("symbols:\n  - A   # first\n  - B   # second\n# end\n", "symbols", "A,C,D",
            "symbols:\n  - A   # first\n  - C   # second\n  - D\n# end\n");
    becomes("symbols:\n  - A   # first\n  - B   # second\n# end\n", "symbols", "A",
            "symbols:\n  - A   # first\n     # second\n# end\n");
    becomes("symbols:\n  - A   # first\n  - B   # second\n  - C\nmode: live\n", "symbols", "X",
            "symbols:\n  - X   # first\n     # second\nmode: live\n");
    becomes("symbols:\n  - A   # first\n  - B\nmode: live\n", "symbols", "",
            "symbols:\n  []   # first\nmode: live\n");
    becomes("symbols: [A, # a\n  B, C] # x\n", "symbols", "A", "symbols: [A # a\n  ] # x\n");
    becomes("symbols: [A, B, C] # x\n", "symbols", "B", "symbols: [B] # x\n");
    becomes("symbols: [A, B, C] # x\n", "symbols", "", "symbols: [] # x\n");
    becomes("symbols: [] # x\n", "symbols", "A,B", "symbols: [A, B] # x\n");
    becomes("symbols: A,B # x\n", "symbols", "A", "symbols: A # x\n");
    becomes("symbols:\r\n- A\r\n- B\r\nmode: live\r\n", "symbols", "A,B,C",
            "symbols:\r\n- A\r\n- B\r\n- C\r\nmode: live\r\n");
    becomes("symbols: [\n  \"A\", # a\n  \"B\"  # b\n]\n", "symbols", "A,X y,Z",
            "symbols: [\n  \"A\", # a\n  \"X y\", \"Z\"  # b\n]\n");
}

static void test_a_setting_that_is_not_there_goes_to_its_section(void **state)
{
    (void)state;
    becomes("risk:\n    stale_ms: 5  # a\n    # b: kept with it\n\n# c\nmode: live\n", "risk.max_value", "7",
            "risk:\n    stale_ms: 5  # a\n    # b: kept with it\n    max_value: 7\n\n# c\nmode: live\n");
    becomes("risk:   # empty\n  # max_value: 1\nmode: live", "risk.max_value", "7",
            "risk:   # empty\n  max_value: 7\n  # max_value: 1\nmode: live");
    becomes("mode: live", "risk.max_value", "7", "mode: live\nrisk:\n  max_value: 7\n");
    becomes("", "risk.deep.er.flag", "true", "risk:\n  deep:\n    er:\n      flag: true\n");
    becomes("# only words\n", "symbols", "A,B c", "# only words\nsymbols: [A, \"B c\"]\n");
    becomes("risk: {stale_ms: 5}\n", "risk.deep.er.flag", "true",
            "risk: {stale_ms: 5, deep: {er: {flag: true}}}\n");
    becomes("risk: {}\n", "risk.stale_ms", "5", "risk: {stale_ms: 5}\n");
    becomes("---\nmode: live\n...\n", "theme", "light", "---\nmode: live\ntheme: light\n...\n");
    becomes("risk:\r\n  stale_ms: 5\r\nmode: live\r\n", "risk.max_value", "7",
            "risk:\r\n  stale_ms: 5\r\n  max_value: 7\r\nmode: live\r\n");
}

/* --- random configurations -------------------------------------------------------------------------------------- */

static uint64_t seed;

static unsigned pick(unsigned below)
{
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    return (unsigned)(seed >> 33) % below;
}

static const char *some_value(const struct option *option)
{
    static const char *const words[] = {"dark",        "a b", "it's", "/x/y.theme",
                                        "50% \"off\"", "#1",  "k: v", "\xc3\xa4\xe2\x82\xac",
                                        "- x",         "[a]", "null", "~"};
    static const char *const lists[] = {"A",          "A,B",  "B,A,C", "x y,#z", "0.1,0.2,0.3,0.4",
                                        "\xc3\xa4,b", "a:b,c"};
    static const char *const modes[] = {"observation", "simulation", "live"};
    static char out[32];

    switch (option->type) {
    case OPTION_TEXT:
        return words[pick(sizeof(words) / sizeof(words[0]))];
    case OPTION_LIST:
        return lists[pick(sizeof(lists) / sizeof(lists[0]))];
    case OPTION_ENUM:
        return modes[pick(3)];
    case OPTION_BOOL:
        return pick(2) == 0 ? "true" : "false";
    case OPTION_INT:
    case OPTION_DECIMAL:
    case OPTION_RATIO:
        break;
    }
    snprintf(out, sizeof(out), "%u", 1 + pick(9999));
    return out;
}

struct text {
    char bytes[16384];
    size_t size;
    const char *newline;
    int comments;
};

__attribute__((format(printf, 2, 3))) static void put(struct text *text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text->size += (size_t)vsnprintf(text->bytes + text->size, sizeof(text->bytes) - text->size, format, args);
    va_end(args);
}

static void end_line(struct text *text)
{
    char comment[64];

    if (pick(3) == 0) {
        snprintf(comment, sizeof(comment), "   # c%d \xc3\xa9: 'x' [y] - z", text->comments++);
        put(text, "%s", comment);
    }
    put(text, "%s", text->newline);
    if (pick(4) == 0)
        put(text, "%s", text->newline);
    if (pick(4) == 0) {
        snprintf(comment, sizeof(comment), "%*s# c%d own line, k: v", (int)pick(5), "", text->comments++);
        put(text, "%s%s", comment, text->newline);
    }
}

static void put_value(struct text *text, const struct option *option, const char *value, int column)
{
    char item[64];
    bool block = pick(2) == 0;
    size_t size;

    if (option->type != OPTION_LIST) {
        bool quoted = option->type == OPTION_TEXT;

        if (quoted && (pick(2) == 0 || strchr(value, '\'') != NULL)) {
            put(text, " \"");
            for (; *value != '\0'; value++)
                put(text, *value == '"' ? "\\%c" : "%c", *value);
            put(text, "\"");
        } else {
            put(text, quoted ? " '%s'" : " %s", value);
        }
        end_line(text);
        return;
    }
    if (!block)
        put(text, " [");
    for (bool first = true; *value != '\0'; value += size + (value[size] == ','), first = false) {
        size = strcspn(value, ",");
        snprintf(item, sizeof(item), "%.*s", (int)size, value);
        if (block) {
            snprintf(item, sizeof(item), "%*s- \"%.*s\"", column, "", (int)size, value);
            put(text, "%s%s", text->newline, item);
            if (pick(4) == 0)
                put(text, " # of it");
        } else {
            put(text, first ? "\"%s\"" : ", \"%s\"", item);
        }
    }
    if (!block)
        put(text, "]");
    end_line(text);
}

/* Some of the settings, in an order of their own, with comments anywhere. */
static void any_config(struct text *text)
{
    bool used[OPTIONS];
    int width = pick(2) == 0 ? 2 : 4;

    memset(text, 0, sizeof(*text));
    text->newline = pick(4) == 0 ? "\r\n" : "\n";
    for (size_t i = 0; i < OPTIONS; i++)
        used[i] = pick(3) == 0; /* left out */
    end_line(text);
    for (size_t first = pick(OPTIONS), n = 0; n < OPTIONS; n++) {
        size_t at = (first + n) % OPTIONS, prefix = strcspn(table[at].name, ".");

        if (used[at])
            continue;
        if (table[at].name[prefix] == '\0' || pick(6) == 0 ||
            strchr(table[at].name + prefix + 1, '.') != NULL) {
            put(text, "%s:", table[at].name); /* dots in a key mean the same */
            put_value(text, &table[at], some_value(&table[at]), 2);
            used[at] = true;
            continue;
        }
        for (size_t i = 0; i < OPTIONS; i++) /* one section, once */
            if (i != at && !used[i] && strncmp(table[i].name, table[at].name, prefix + 1) == 0 &&
                strchr(table[i].name + prefix + 1, '.') != NULL)
                used[i] = true;
        put(text, "%.*s:", (int)prefix, table[at].name);
        end_line(text);
        for (size_t i = 0; i < OPTIONS; i++) {
            char key[64];

            if (used[i] || strncmp(table[i].name, table[at].name, prefix + 1) != 0)
                continue;
            snprintf(key, sizeof(key), "%*s%s:", width, "", table[i].name + prefix + 1);
            put(text, "%s", key);
            put_value(text, &table[i], some_value(&table[i]), width + 2);
            used[i] = true;
        }
    }
    if (pick(4) == 0)
        while (text->size > 0 && strchr("\r\n", text->bytes[text->size - 1]) != NULL)
            text->bytes[--text->size] = '\0';
}

/* Each comment is there still, in its order: "# c0", "# c1" ... */
static void assert_comments(const char *text, int comments)
{
    for (int i = 0; i < comments; i++) {
        char wanted[16];

        snprintf(wanted, sizeof(wanted), "# c%d ", i);
        text = strstr(text, wanted);
        assert_non_null(text);
    }
}

static void test_random_configurations(void **state)
{
    static struct text text;

    (void)state;
    for (seed = 1; seed < 4000; seed++) {
        const struct option *option;
        struct config *before, *after;
        const char *value;
        char *out = NULL, wanted[CONFIG_TEXT_MAX];
        uint64_t kept_seed = seed;
        size_t size;

        any_config(&text);
        before = load(text.bytes, text.size);
        option = &table[pick(OPTIONS)];
        value = some_value(option);
        snprintf(wanted, sizeof(wanted), "%s", value);
        if (config_edit(text.bytes, text.size, option, value, &out, &size) != ERR_OK)
            fail_msg("%s = %s not put into\n%s", option->name, value, text.bytes);
        after = load(out, size);
        for (size_t i = 0; i < OPTIONS; i++) {
            const char *was = config_file_text(before, table[i].name);
            const char *is = config_file_text(after, table[i].name);

            if (&table[i] == option)
                was = wanted;
            if ((was == NULL) != (is == NULL) || (was != NULL && strcmp(was, is) != 0))
                fail_msg("%s = %s: %s is %s, should be %s\n%s\n---\n%s", option->name, value, table[i].name,
                         is == NULL ? "unset" : is, was == NULL ? "unset" : was, text.bytes, out);
        }
        assert_comments(out, text.comments);
        config_free(before);
        config_free(after);
        free(out);
        seed = kept_seed;
    }
}

static void test_what_is_no_yaml_is_refused(void **state)
{
    static const char *const bad[] = {"a: [1", "\t- x", "a: &x 1\nb: *x\n", "\"", "a: b: c"};
    char *out = NULL;
    size_t size;

    (void)state;
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(config_edit(bad[i], strlen(bad[i]), &table[0], "live", &out, &size), ERR_BAD_DATA);
    assert_null(out);
}

static void test_set_while_it_runs_goes_before_all(void **state)
{
    struct config *config = load("mode: live\n", 11), *copy;
    char why[CONFIG_WHY_SIZE];

    (void)state;
    assert_int_equal(config_set_cli(config, "mode", "observation", why), ERR_OK);
    assert_int_equal(config_set_run(config, "mode", "simulation", why), ERR_OK);
    copy = config_copy(config);
    assert_string_equal(config_text(copy, "mode"), "simulation");
    assert_int_equal(config_source(copy, "mode", NULL, NULL), OPTION_FROM_RUN);
    assert_string_equal(config_file_text(copy, "mode"), "live");
    assert_null(config_file_text(copy, "theme"));
    assert_int_equal(config_set_run(config, "mode", "off", why), ERR_CONFIG);
    assert_string_equal(why, "mode: 'off' is unknown; allowed: one of: observation, simulation, live");
    assert_int_equal(config_set_run(config, "modes", "off", why), ERR_CONFIG);
    assert_non_null(strstr(why, "unknown key 'modes'; did you mean 'mode'?"));
    assert_string_equal(config_text(config, "mode"), "simulation");
    config_free(copy);
    config_free(config);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_value_is_replaced_in_its_own_style),
        cmocka_unit_test(test_lists_keep_the_form_they_have),
        cmocka_unit_test(test_a_setting_that_is_not_there_goes_to_its_section),
        cmocka_unit_test(test_random_configurations),
        cmocka_unit_test(test_what_is_no_yaml_is_refused),
        cmocka_unit_test(test_set_while_it_runs_goes_before_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* test_config.c - options from file, environment and command line, and the words of every refusal. */
#include "unit/cmocka_all.h"

#include "core/base/config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define E8 INT64_C(100000000)

static const struct option table[] = {
    {"mode", OPTION_ENUM, NULL, 0, 0, "observation", "observation|simulation|live", "mode",
     "What may be sent"},
    {"symbols", OPTION_LIST, NULL, 0, 3, "BTCUSDT", NULL, "symbol", "What to show"},
    {"headless", OPTION_BOOL, NULL, 0, 0, "false", NULL, "headless", "No screen"},
    {"data_dir", OPTION_TEXT, NULL, 0, 64, NULL, NULL, "data-dir", "Where state lives"},
    {"risk.max_value", OPTION_DECIMAL, "quote", E8 / 100, 1000000 * E8, "1000", NULL, NULL, "Of one order"},
    {"risk.max_orders", OPTION_INT, "orders", 1, 50, "10", NULL, NULL, "Open at a time"},
    {"risk.collar", OPTION_INT, NULL, 0, 0, NULL, NULL, NULL, "Any number"},
    {"strategy.ofi.threshold", OPTION_RATIO, NULL, -E8, E8, "0.35", NULL, NULL, "Signal that acts"},
    {"strategy.names", OPTION_LIST, NULL, 0, 0, NULL, "ofi|manual", NULL, "Switched on"},
};

#define TABLE_COUNT (sizeof table / sizeof table[0])

static int new_config(void **state)
{
    *state = config_new(table, TABLE_COUNT);
    return *state == NULL;
}

static int free_config(void **state)
{
    config_free(*state);
    return 0;
}

static void assert_loads(struct config *config, const char *text)
{
    char why[CONFIG_WHY_SIZE] = "";

    if (config_load_text(config, text, strlen(text), "flowdeck.yaml", why) != ERR_OK)
        fail_msg("refused: %s", why);
}

static void assert_refuses(struct config *config, const char *text, const char *expected)
{
    char why[CONFIG_WHY_SIZE] = "";

    assert_int_equal(config_load_text(config, text, strlen(text), "flowdeck.yaml", why), ERR_CONFIG);
    assert_string_equal(why, expected);
}

static void test_defaults_hold_until_something_is_said(void **state)
{
    struct config *config = *state;

    assert_string_equal(config_text(config, "mode"), "observation");
    assert_string_equal(config_text(config, "symbols"), "BTCUSDT");
    assert_false(config_bool(config, "headless"));
    assert_int_equal(config_decimal_e8(config, "risk.max_value"), 1000 * E8);
    assert_int_equal(config_int(config, "risk.max_orders"), 10);
    assert_true(config_ratio(config, "strategy.ofi.threshold") == 0.35);
    assert_true(config_is_set(config, "risk.max_value"));
    assert_int_equal(config_source(config, "risk.max_value", NULL, NULL), OPTION_FROM_DEFAULT);

    assert_false(config_is_set(config, "data_dir"));
    assert_string_equal(config_text(config, "data_dir"), "");
    assert_false(config_is_set(config, "risk.collar"));
    assert_int_equal(config_int(config, "risk.collar"), 0);
}

static void test_a_file_sets_every_type(void **state)
{
    struct config *config = *state;
    const char *file;
    int line;

    assert_loads(config, "# comment\n"
                         "mode: simulation\n"
                         "symbols: [ETHUSDT, BTCUSDT]\r\n"
                         "headless: yes\n"
                         "data_dir: \"/srv/f l\"\n"
                         "risk:\n"
                         "  max_value: 0.01\n"
                         "  max_orders: 50\n"
                         "  collar: -3\n"
                         "strategy:\n"
                         "  ofi:\n"
                         "    threshold: -0.125\n"
                         "  names:\n"
                         "    - ofi\n"
                         "    - manual\n");
    assert_string_equal(config_text(config, "mode"), "simulation");
    assert_string_equal(config_text(config, "symbols"), "ETHUSDT,BTCUSDT");
    assert_true(config_bool(config, "headless"));
    assert_string_equal(config_text(config, "data_dir"), "/srv/f l");
    assert_int_equal(config_decimal_e8(config, "risk.max_value"), E8 / 100);
    assert_int_equal(config_int(config, "risk.max_orders"), 50);
    assert_int_equal(config_int(config, "risk.collar"), -3);
    assert_true(config_ratio(config, "strategy.ofi.threshold") == -0.125);
    assert_string_equal(config_text(config, "strategy.names"), "ofi,manual");
    assert_int_equal(config_source(config, "risk.max_value", &file, &line), OPTION_FROM_FILE);
    assert_string_equal(file, "flowdeck.yaml");
    assert_int_equal(line, 7);
    config_source(config, "strategy.names", &file, &line);
    assert_int_equal(line, 14);
    assert_string_equal(config_value_text(config, "risk.max_value"), "0.01");
    assert_string_equal(config_value_text(config, "headless"), "true");
}

static void test_files_that_say_nothing(void **state)
{
    struct config *config = *state;

    assert_loads(config, "");
    assert_loads(config, "# only a comment\n");
    assert_loads(config, "---\n");
    assert_loads(config, "risk:\n  # all commented out\n");
    assert_loads(config, "risk: {}\n");
    assert_int_equal(config_source(config, "mode", NULL, NULL), OPTION_FROM_DEFAULT);
}

/* The key is the place to mend, so its column is given, with the name that was meant. */
static void test_unknown_keys_name_the_nearest(void **state)
{
    struct config *config = *state;

    assert_refuses(
        config, "risk:\n  max_vaule: 5\n",
        "flowdeck.yaml:2:3: unknown key 'risk.max_vaule'; did you mean 'risk.max_value'? (allowed: "
        "decimal 0.01..1000000 quote)");
    assert_refuses(
        config, "Mode: live\n",
        "flowdeck.yaml:1:1: unknown key 'Mode'; did you mean 'mode'? (allowed: one of: observation, "
        "simulation, live)");
    assert_refuses(
        config, "\"mode \": live\n",
        "flowdeck.yaml:1:1: unknown key 'mode '; did you mean 'mode'? (allowed: one of: observation, "
        "simulation, live)");
    assert_refuses(config, "zzz: 1\n",
                   "flowdeck.yaml:1:1: unknown key 'zzz'; flowdeck help settings lists them");
    assert_refuses(config, "risk: 5\n",
                   "flowdeck.yaml:1:1: 'risk' is a section: its keys go below it, indented");
    assert_refuses(config, "risk: []\n",
                   "flowdeck.yaml:1:1: 'risk' is a section: its keys go below it, indented");
    assert_refuses(config, "\"\\e[2J\": 1\n",
                   "flowdeck.yaml:1:1: unknown key '\\x1b[2J'; flowdeck help settings lists them");
}

static void test_duplicates_name_the_first(void **state)
{
    struct config *config = *state;

    assert_refuses(config, "mode: live\n\nmode: live\n",
                   "flowdeck.yaml:3:1: duplicate key 'mode'; first given in line 1");
    assert_refuses(config, "risk:\n  max_orders: 1\nrisk:\n  max_value: 1\n",
                   "flowdeck.yaml:3:1: duplicate key 'risk'; first given in line 1");
    assert_refuses(config, "risk:\n  max_orders: 1\nrisk.max_orders: 2\n",
                   "flowdeck.yaml:3:1: duplicate key 'risk.max_orders'; first given in line 2");
}

/* Each way to write a wrong number, for each kind of number. */
static void test_wrong_numbers_say_what_is_allowed(void **state)
{
    static const struct {
        const char *value, *integer, *decimal;
    } wrong[] = {
        {"-5", "'-5' is out of range", "'-5' is out of range"},
        {"0", "'0' is out of range", "'0' is out of range"},
        {"1000000.00000001", "'1000000.00000001' is not an integer", "'1000000.00000001' is out of range"},
        {"99999999999999999999", "'99999999999999999999' is out of range",
         "'99999999999999999999' is out of range"},
        {"1e400", "'1e400' is not an integer", "'1e400' is not a decimal number"},
        {"-0", "'-0' is minus zero", "'-0' is minus zero"},
        {"5m", "'5m' is not an integer", "'5m' is not a decimal number"},
        {".nan", "'.nan' is not an integer", "'.nan' is not a decimal number"},
        {".inf", "'.inf' is not an integer", "'.inf' is not a decimal number"},
        {"0x10", "'0x10' is not an integer", "'0x10' is not a decimal number"},
        {"+5", "'+5' is not an integer", "'+5' is not a decimal number"},
        {"1_000", "'1_000' is not an integer", "'1_000' is not a decimal number"},
        {"1,5", "'1,5' is not an integer", "'1,5' is not a decimal number"},
        {"yes", "'yes' is not an integer", "'yes' is not a decimal number"},
        {"5.000000001", "'5.000000001' is not an integer", "'5.000000001' has more than 8 places"},
        {"\"10\"", "is in quotes", "is in quotes"},
        {"'10'", "is in quotes", "is in quotes"},
        {"", "has no value", "has no value"},
        {"~", "has no value", "has no value"},
        {"null", "has no value", "has no value"},
        {"[5]", "takes one value, not a list", "takes one value, not a list"},
        {"{}", "takes a value, not a section", "takes a value, not a section"},
    };
    struct config *config = *state;

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        char text[128], expected[CONFIG_WHY_SIZE];
        int column = strcmp(wrong[i].value, "[5]") == 0 ? 16 : wrong[i].value[0] == '\0' ? 14 : 15;

        snprintf(text, sizeof text, "risk:\n  max_orders: %s\n", wrong[i].value);
        snprintf(expected, sizeof expected,
                 "flowdeck.yaml:2:%d: risk.max_orders: %s; allowed: integer 1..50 orders", column,
                 wrong[i].integer);
        assert_refuses(config, text, expected);
        snprintf(text, sizeof text, "risk:\n  max_value: %s\n", wrong[i].value);
        snprintf(expected, sizeof expected,
                 "flowdeck.yaml:2:%d: risk.max_value: %s; allowed: decimal 0.01..1000000 quote", column - 1,
                 wrong[i].decimal);
        assert_refuses(config, text, expected);
    }
}

static void test_wrong_values_of_other_types(void **state)
{
    struct config *config = *state;

    assert_refuses(
        config, "mode: Live\n",
        "flowdeck.yaml:1:7: mode: 'Live' is unknown; allowed: one of: observation, simulation, live");
    assert_refuses(config, "mode: live|observation\n",
                   "flowdeck.yaml:1:7: mode: 'live|observation' is unknown; allowed: one of: observation, "
                   "simulation, live");
    assert_refuses(config, "headless: maybe\n",
                   "flowdeck.yaml:1:11: headless: 'maybe' is not a switch; allowed: true or false");
    assert_refuses(config, "data_dir: \"a\\tb\"\n",
                   "flowdeck.yaml:1:11: data_dir: 'a\\x09b' holds control or invisible characters; allowed: "
                   "text of at most 64 bytes");
    assert_refuses(config, "data_dir: \"a\\0b\"\n",
                   "flowdeck.yaml:1:11: data_dir: 'a\\x00b' holds control or invisible characters; allowed: "
                   "text of at most 64 bytes");
    assert_refuses(
        config, "data_dir: 12345678901234567890123456789012345678901234567890123456789012345\n",
        "flowdeck.yaml:1:11: data_dir: "
        "'12345678901234567890123456789012345678901234567890123456789012345' is too long; allowed: "
        "text of at most 64 bytes");
    assert_refuses(config, "symbols: [A, B, A]\n",
                   "flowdeck.yaml:1:17: symbols: 'A' is in the list twice; allowed: list of at most 3 texts");
    assert_refuses(config, "symbols: [A, B, C, D]\n",
                   "flowdeck.yaml:1:20: symbols: 'D' is one item too many; allowed: list of at most 3 texts");
    assert_refuses(config, "symbols: A,,B\n",
                   "flowdeck.yaml:1:10: symbols: '' is an empty item; allowed: list of at most 3 texts");
    assert_refuses(config, "symbols: [\"A,B\"]\n",
                   "flowdeck.yaml:1:11: symbols: 'A,B' holds a comma; allowed: list of at most 3 texts");
    assert_refuses(config, "strategy:\n  names: ofi, mm\n",
                   "flowdeck.yaml:2:10: strategy.names: 'mm' is unknown; allowed: list of: ofi, manual");
}

static void test_lists_as_text_and_empty(void **state)
{
    struct config *config = *state;

    assert_loads(config, "symbols: A, B ,C\n");
    assert_string_equal(config_text(config, "symbols"), "A,B,C");
    assert_loads(config, "symbols: []\n");
    assert_string_equal(config_text(config, "symbols"), "");
    assert_int_equal(config_source(config, "symbols", NULL, NULL), OPTION_FROM_FILE);
}

/* What YAML can do and a configuration should not. */
static void test_yaml_beyond_plain_maps_is_refused(void **state)
{
    struct config *config = *state;

    assert_refuses(config, "mode: &a live\n", "flowdeck.yaml:1:7: anchors (&) are not allowed");
    assert_refuses(config, "mode: *a\n", "flowdeck.yaml:1:7: aliases (*) are not allowed");
    assert_refuses(config, "mode: !!str live\n", "flowdeck.yaml:1:7: tags (!) are not allowed");
    assert_refuses(config, "risk: !x {}\n", "flowdeck.yaml:1:7: tags (!) are not allowed");
    assert_refuses(config, "<<: {}\n", "flowdeck.yaml:1:1: merge keys (<<) are not allowed");
    assert_refuses(config, "mode: live\n---\nmode: live\n",
                   "flowdeck.yaml:2:1: only one document (---) is allowed");
    assert_refuses(config, "- live\n", "flowdeck.yaml:1:1: expected 'key: value', not a list");
    assert_refuses(config, "live\n", "flowdeck.yaml:1:1: expected 'key: value'");
    assert_refuses(config, "symbols: [[A]]\n", "flowdeck.yaml:1:11: a list may hold plain values only");
    assert_refuses(config, "symbols: [{a: b}]\n", "flowdeck.yaml:1:11: a list may hold plain values only");
    assert_refuses(config, "? [a]\n: b\n", "flowdeck.yaml:1:3: a key must be plain text");
    assert_refuses(config, "'': b\n", "flowdeck.yaml:1:1: empty key");
    assert_refuses(config, "a: {b: {c: {d: {e: {f: {g: {h: {i: 1}}}}}}}}\n",
                   "flowdeck.yaml:1:32: nested deeper than 8 levels");
    assert_refuses(config, "\xef\xbb\xbfmode: live\n",
                   "flowdeck.yaml:1:1: starts with a byte order mark; save as UTF-8 without it");
    assert_refuses(config, "symbols: [live\n", "flowdeck.yaml:2:1: did not find expected ',' or ']'");
    assert_refuses(config, "mode:\tlive\n\tx: 1\n",
                   "flowdeck.yaml:2:1: found a tab character that violates indentation");
    assert_refuses(config, "mode: live\nx: \xff\n", "flowdeck.yaml:2:4: invalid leading UTF-8 octet");
}

static void test_bad_bytes_do_not_reach_the_message(void **state)
{
    struct config *config = *state;
    char why[CONFIG_WHY_SIZE];
    const char nul[] = "mode: li\0ve\n";

    assert_int_equal(config_load_text(config, nul, sizeof nul - 1, "a\x1b[31m.yaml", why), ERR_CONFIG);
    assert_string_equal(why, "a\\x1b[31m.yaml:1:9: control characters are not allowed");
}

/* All or nothing: what stood before an error in the same file must not count. */
static void test_a_bad_file_changes_nothing(void **state)
{
    const char *bad = "risk:\n  max_orders: 8\nx: 1\n";
    struct config *config = *state;
    char why[CONFIG_WHY_SIZE];

    assert_loads(config, "risk:\n  max_orders: 7\n");
    assert_int_equal(config_load_text(config, bad, strlen(bad), "f", why), ERR_CONFIG);
    assert_int_equal(config_int(config, "risk.max_orders"), 7);
    assert_loads(config, "mode: live\n"); /* a reload forgets what the file no longer says */
    assert_int_equal(config_int(config, "risk.max_orders"), 10);
}

static void test_precedence_is_cli_environment_file_default(void **state)
{
    struct config *config = *state;
    char entry[] = "FLOWDECK_RISK_MAX_ORDERS=8", other[] = "PATH=/bin";
    char *environ_[] = {other, entry, NULL}, *none[] = {NULL};
    char why[CONFIG_WHY_SIZE];

    assert_int_equal(config_set_demo(config, "risk.max_orders", "5", why), ERR_OK);
    assert_int_equal(config_int(config, "risk.max_orders"), 5);
    assert_int_equal(config_source(config, "risk.max_orders", NULL, NULL), OPTION_FROM_DEMO);
    assert_loads(config, "risk:\n  max_orders: 7\n");
    assert_int_equal(config_int(config, "risk.max_orders"), 7);
    assert_int_equal(config_load_environ(config, environ_, NULL, why), ERR_OK);
    assert_int_equal(config_int(config, "risk.max_orders"), 8);
    assert_int_equal(config_source(config, "risk.max_orders", NULL, NULL), OPTION_FROM_ENVIRON);
    assert_int_equal(config_set_cli(config, "risk.max_orders", "9", why), ERR_OK);
    assert_int_equal(config_int(config, "risk.max_orders"), 9);
    assert_loads(config, "risk:\n  max_orders: 6\n");
    assert_int_equal(config_int(config, "risk.max_orders"), 9);
    assert_int_equal(config_source(config, "risk.max_orders", NULL, NULL), OPTION_FROM_CLI);
    assert_int_equal(config_load_environ(config, none, NULL, why), ERR_OK);
    assert_int_equal(config_int(config, "risk.max_orders"), 9);
}

static void refuse_environ(struct config *config, const char *entry, const char *expected)
{
    static const char *const ignored[] = {"FLOWDECK_CONFIG", NULL};
    char copy[256], why[CONFIG_WHY_SIZE];
    char *environ_[] = {copy, NULL};

    snprintf(copy, sizeof copy, "%s", entry);
    assert_int_equal(config_load_environ(config, environ_, ignored, why),
                     expected == NULL ? ERR_OK : ERR_CONFIG);
    if (expected != NULL)
        assert_string_equal(why, expected);
}

static void test_environment_names_are_checked(void **state)
{
    struct config *config = *state;

    refuse_environ(config, "FLOWDECK_CONFIG=/x", NULL);
    refuse_environ(config, "FLOWDECKX=1", NULL);
    refuse_environ(
        config, "FLOWDECK_RISK_MAX_VALUE=-5",
        "environment: FLOWDECK_RISK_MAX_VALUE: '-5' is out of range; allowed: decimal 0.01..1000000 "
        "quote");
    refuse_environ(config, "FLOWDECK_RISK_MAX_VALEU=5",
                   "environment: unknown name 'FLOWDECK_RISK_MAX_VALEU'; did you mean "
                   "'FLOWDECK_RISK_MAX_VALUE'? (allowed: decimal 0.01..1000000 quote)");
    refuse_environ(config, "FLOWDECK_COLOUR=5",
                   "environment: unknown name 'FLOWDECK_COLOUR'; flowdeck help settings lists them");
    refuse_environ(
        config, "FLOWDECK_MODE=",
        "environment: FLOWDECK_MODE: '' is unknown; allowed: one of: observation, simulation, live");
}

/* A load that gathers goes on to the end, changes nothing, and fails with the first. */
static void test_all_faults_are_gathered(void **state)
{
    static const char text[] = "mode: lve\nrisk:\n  max_vaule: 5\nsymbols: [A, '']\nheadless: perhaps\n";
    static struct config_faults faults;
    struct config *config = *state;
    char why[CONFIG_WHY_SIZE];

    memset(&faults, 0, sizeof(faults));
    config_gather(config, &faults);
    assert_int_equal(config_load_text(config, text, sizeof(text) - 1, "f", why), ERR_CONFIG);
    assert_int_equal(faults.count, 4);
    assert_string_equal(why, faults.why[0]);
    assert_non_null(strstr(faults.why[0], "f:1:7: mode"));
    assert_non_null(strstr(faults.why[1], "f:3:3: unknown key"));
    assert_non_null(strstr(faults.why[2], "f:4:"));
    assert_non_null(strstr(faults.why[3], "f:5:11: headless"));
    assert_string_equal(config_text(config, "mode"), "observation");
    config_faults_add(&faults, faults.why[1]); /* told already */
    assert_int_equal(faults.count, 4);
    for (int i = 0; i < CONFIG_FAULTS_MAX; i++) {
        snprintf(why, sizeof(why), "number %d", i);
        config_faults_add(&faults, why);
    }
    assert_int_equal(faults.count, 4 + CONFIG_FAULTS_MAX);
    assert_string_equal(faults.why[CONFIG_FAULTS_MAX - 1], "number 27");
    config_gather(config, NULL);
    assert_int_equal(config_load_text(config, text, sizeof(text) - 1, "f", why), ERR_CONFIG);
    assert_int_equal(faults.count, 4 + CONFIG_FAULTS_MAX);
}

static void test_environment_given_twice(void **state)
{
    char one[] = "FLOWDECK_MODE=live", two[] = "FLOWDECK_MODE=simulation";
    char *environ_[] = {one, two, NULL};
    char why[CONFIG_WHY_SIZE];

    assert_int_equal(config_load_environ(*state, environ_, NULL, why), ERR_CONFIG);
    assert_string_equal(why, "environment: FLOWDECK_MODE: given twice");
    assert_string_equal(config_text(*state, "mode"), "observation");
}

static void test_command_line_values(void **state)
{
    struct config *config = *state;
    char why[CONFIG_WHY_SIZE];

    assert_int_equal(config_set_cli(config, "headless", NULL, why), ERR_OK);
    assert_true(config_bool(config, "headless"));
    assert_int_equal(config_set_cli(config, "headless", "off", why), ERR_OK);
    assert_false(config_bool(config, "headless"));
    assert_int_equal(config_set_cli(config, "symbols", "ETHUSDT,BNBUSDT", why), ERR_OK);
    assert_string_equal(config_text(config, "symbols"), "ETHUSDT,BNBUSDT");
    assert_int_equal(config_set_cli(config, "symbols", NULL, why), ERR_USAGE);
    assert_string_equal(why, "--symbol: needs a value; allowed: list of at most 3 texts");
    assert_int_equal(config_set_cli(config, "mode", "lve", why), ERR_USAGE);
    assert_string_equal(why, "--mode: 'lve' is unknown; allowed: one of: observation, simulation, live");
    assert_int_equal(config_set_cli(config, "modes", "live", why), ERR_USAGE);
    assert_string_equal(why, "unknown option 'modes'; did you mean 'mode'? (allowed: one of: observation, "
                             "simulation, live)");
}

/* A short name, or one that only its section makes long, is like anything; a slip is not. */
static void test_what_is_near(void **state)
{
    static const char *const near[][2] = {{"sped", "speed"},
                                          {"mod", "mode"},
                                          {"mdoe", "mode"},
                                          {"ot", "out"},
                                          {"them", "theme"},
                                          {"keys.limits", "keys.limit"},
                                          {"risk.stale_s", "risk.stale_ms"},
                                          {"risk.maxvalue", "risk.max_value"},
                                          {"rsk.max_value", "risk.max_value"},
                                          {"strategy.ofo.on", "strategy.ofi.on"}};
    static const char *const far[][2] = {{"strategy.foo.bar", "strategy.ofi.on"},
                                         {"strategy.ofi.foo", "strategy.ofi.on"},
                                         {"screen.size", "screen.mouse"},
                                         {"keys.buy", "keys.put"},
                                         {"keys.foo", "keys.zoom"},
                                         {"risk.max_loss", "risk.max_gross"},
                                         {"strategy.mm.size", "strategy.mm.skew"},
                                         {"log", "out"},
                                         {"nut", "out"},
                                         {"x", "on"},
                                         {"port", "out"},
                                         {"strategy.ofi.bar_limit", "strategy.ofi.threshold"}};
    size_t distance;

    (void)state;
    for (size_t i = 0; i < sizeof(near) / sizeof(near[0]); i++)
        if (!option_is_near(near[i][0], near[i][1], &distance))
            fail_msg("%s is not near %s", near[i][0], near[i][1]);
    for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++)
        if (option_is_near(far[i][0], far[i][1], &distance))
            fail_msg("%s is near %s: %zu", far[i][0], far[i][1], distance);
}

static void test_nearest_names(void **state)
{
    (void)state;
    assert_string_equal(option_nearest(table, TABLE_COUNT, "risk.max_valeu"), "risk.max_value");
    assert_string_equal(option_nearest(table, TABLE_COUNT, "symbol"), "symbols");
    assert_string_equal(option_nearest(table, TABLE_COUNT, "datadir"), "data_dir");
    assert_null(option_nearest(table, TABLE_COUNT, "wholly.different"));
    assert_null(option_nearest(table, TABLE_COUNT, ""));
    assert_null(option_nearest(table, TABLE_COUNT, "risk.max_loss")); /* another word, not a slip */
    assert_null(option_find(table, TABLE_COUNT, "risk"));
    assert_ptr_equal(option_find(table, TABLE_COUNT, "mode"), &table[0]);
}

/* --- the file itself ------------------------------------------------------------------------------ */

static void make_file(char path[64], const char *text, mode_t mode)
{
    int fd;

    snprintf(path, 64, "/tmp/flowdeck-config-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    assert_int_equal(fchmod(fd, mode), 0);
    close(fd);
}

static void assert_file_refused(struct config *config, const char *path, enum err err, const char *reason)
{
    char why[CONFIG_WHY_SIZE], expected[CONFIG_WHY_SIZE];

    assert_int_equal(config_load_file(config, path, why), err);
    snprintf(expected, sizeof expected, "%s: %s", path, reason);
    assert_string_equal(why, expected);
}

static void test_a_file_is_read(void **state)
{
    char path[64], why[CONFIG_WHY_SIZE];

    make_file(path, "mode: simulation\n", 0640);
    assert_int_equal(config_load_file(*state, path, why), ERR_OK);
    assert_string_equal(config_text(*state, "mode"), "simulation");
    unlink(path);
    assert_file_refused(*state, path, ERR_NOT_FOUND, "No such file or directory");
}

/* None of them may hang the start. */
static void test_what_is_no_file_is_refused(void **state)
{
    char path[64];

    assert_file_refused(*state, "/tmp", ERR_IO, "is not a regular file");
    make_file(path, "mode: simulation\n", 0666);
    assert_file_refused(*state, path, ERR_IO,
                        "is writable by everyone, so anyone could change a limit: chmod o-w");
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_file_refused(*state, path, ERR_IO, "is not a regular file");
    unlink(path);
    make_file(path, "", 0600);
    assert_int_equal(truncate(path, CONFIG_FILE_SIZE_MAX + 1), 0);
    assert_file_refused(*state, path, ERR_IO, "is larger than 1 MiB");
    unlink(path);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, new_config, free_config)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_defaults_hold_until_something_is_said),
        TEST(test_a_file_sets_every_type),
        TEST(test_files_that_say_nothing),
        TEST(test_unknown_keys_name_the_nearest),
        TEST(test_duplicates_name_the_first),
        TEST(test_wrong_numbers_say_what_is_allowed),
        TEST(test_wrong_values_of_other_types),
        TEST(test_lists_as_text_and_empty),
        TEST(test_yaml_beyond_plain_maps_is_refused),
        TEST(test_bad_bytes_do_not_reach_the_message),
        TEST(test_a_bad_file_changes_nothing),
        TEST(test_precedence_is_cli_environment_file_default),
        TEST(test_environment_names_are_checked),
        TEST(test_environment_given_twice),
        TEST(test_command_line_values),
        TEST(test_all_faults_are_gathered),
        TEST(test_what_is_near),
        TEST(test_nearest_names),
        TEST(test_a_file_is_read),
        TEST(test_what_is_no_file_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

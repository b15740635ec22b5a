/* A wrong command line must be refused before anything happens, naming the option and what is allowed. */
#include "unit/cmocka_all.h"

#include "app/cli.h"
#include "app/cli_store.h"
#include "core/base/time_parse.h"

#include <string.h>

static enum err parse(struct cli *cli, char *why, const char *const *words)
{
    char copies[16][64];
    char *argv[17] = {copies[0]};
    int argc = 1;

    strcpy(copies[0], "flowdeck");
    for (; words[argc - 1] != NULL; argc++) {
        strcpy(copies[argc], words[argc - 1]);
        argv[argc] = copies[argc];
    }
    why[0] = '\0';
    return cli_parse(argc, argv, cli, why);
}

static void test_values_come_with_a_blank_or_an_equals_sign(void **state)
{
    static struct cli cli;
    char why[CONFIG_WHY_SIZE];

    (void)state;
    assert_int_equal(parse(&cli, why,
                           (const char *const[]){"replay", "a.gz", "b.gz", "--speed=2.5", "--headless",
                                                 "--symbol", "BTCUSDT", NULL}),
                     ERR_OK);
    assert_int_equal(cli.command, CLI_REPLAY);
    assert_int_equal(cli.file_count, 2);
    assert_int_equal(cli.speed_x1000, 2500);
    assert_true(cli.headless);
    assert_int_equal(cli.setting_count, 1);
    assert_string_equal(cli.setting[0].setting, "symbols");
}

static void test_wrong_lines_are_refused_with_a_word(void **state)
{
    static const struct {
        const char *words[6];
        const char *says;
    } cases[] = {
        {{"--speeed", "3", NULL}, "--speed"},
        {{"replay", NULL}, "no FILE"},
        {{"replay", "x", "--speed", "0", NULL}, "0.01 to 1000"},
        {{"replay", "x", "--speed", "1e3", NULL}, "0.01 to 1000"},
        {{"replay", "x", "--speed", NULL},
         "missing value of option --speed N; times real time, 0.01 to 1000"},
        {{"replay", "x", "--headless=yes", NULL},
         "--headless: takes no value, not 'yes'; allowed: --headless alone"},
        {{"replay", "x", "--at", "25:00", NULL}, "HH:MM"},
        {{"replay", "x", "--json", NULL}, "--headless"},
        {{"replay", "x", "--terminal", "vt52", NULL}, "auto or curses"},
        {{"replya", "x", NULL}, "unknown command"},
        {{"backtest", "x", NULL}, "not in this version"},
        {{"--live", NULL}, "not in this version"},
        {{"record", NULL}, "--out FILE"},
        {{"record", "--out", "x", "--seconds", "0", NULL}, "1 to 31536000"},
        {{"record", "--out", "x", "--rotate-mb", "1.5", NULL}, "1 to 100000"},
        {{"record", "--out", "x", "--theme", "dark", NULL}, "--theme: does not belong"},
        {{"--seed", "3", NULL}, "needs --demo"},
        {{"--demo", "--seed", "-3", NULL}, "whole number"},
        {{"--demo", "--seconds", "3", NULL}, "needs --headless"},
        {{"exchange", "--speed", "max", NULL}, "0.01 to 1000"},
        {{"exchange", "--demo", NULL}, "--demo: does not belong"},
        {{"replay", "x", "--demo", NULL}, "does not belong"},
        {{"check-config", "--speed", "3", NULL}, "does not belong"},
        {{"-x", NULL}, "unknown option"},
        {{"journal", "x", NULL}, "unexpected word"},
        {{"journal", "--kind", "order,fil", NULL}, "allowed: instrument order fill"},
        {{"journal", "--order", "fd-1", NULL}, "fd-EPOCH-NUMBER"},
        {{"journal", "--order", "0", NULL}, "--order"},
        {{"journal", "--since", "yesterday", NULL}, "--since"},
        {{"journal", "--since", "2024-08-10", "--until", "2024-08-09", NULL}, "--until"},
        {{"journal", "--account", "../x", NULL}, "--account"},
        {{"journal", "--json", "--csv", NULL}, "--csv"},
        {{"verify", "--csv", NULL}, "--csv: does not belong"},
        {{"backup", NULL}, "no DIR"},
        {{"restore", NULL}, "no DIR"},
        {{"restore", "a", "b", NULL}, "only one folder"},
        {{"backup", "a", "--force", NULL}, "--force: does not belong"},
        {{"help", "strategy", "mm", "more", NULL}, "unexpected word"},
        {{"help", "keys", "more", NULL}, "unexpected word"},
        {{"--data-dir", "", NULL}, "--data-dir: is empty"},
        {{"--symbol=", NULL}, "--symbol: is empty; allowed: --symbol S[,S...], only these instruments"},
        {{"repaly", NULL}, "unknown command 'repaly'; did you mean 'replay'?"},
        {{"x", NULL}, "unknown command 'x'; allowed: replay, record"},
        {{"--sped", "3", NULL}, "did you mean '--speed'?"},
        {{"--nut", "3", NULL}, "unknown option '--nut'; see flowdeck --help"},
        {{"--seed", "99999999999999999999", "--demo", NULL},
         "allowed: a whole number, 0 to 9223372036854775807"},
        {{"kill", "now", NULL}, "unexpected word 'now'; see flowdeck help kill"},
        {{"kill", "--symbol", "ETHUSDT", NULL},
         "--symbol: does not belong to kill but to the workstation, replay, record, exchange, attach, "
         "journal, check-config; see flowdeck help kill"},
        {{"status", "--symbol", "ETHUSDT", NULL}, "--symbol: does not belong to status"},
        {{"--screen", "risk", NULL},
         "--screen: does not belong to the workstation but to attach; see flowdeck --help"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        static struct cli cli;
        char why[CONFIG_WHY_SIZE];

        assert_int_equal(parse(&cli, why, cases[i].words), ERR_USAGE);
        if (strstr(why, cases[i].says) == NULL)
            fail_msg("case %zu says: %s", i, why);
        assert_null(strchr(why, '\n'));
    }
}

static void test_live_lines(void **state)
{
    static struct cli cli;
    char why[CONFIG_WHY_SIZE];

    (void)state;
    assert_int_equal(parse(&cli, why, (const char *const[]){"--demo", "--seed", "7", NULL}), ERR_OK);
    assert_int_equal(cli.command, CLI_WORKSTATION);
    assert_true(cli.demo && cli.seed_given);
    assert_int_equal(cli.seed, 7);
    assert_int_equal(
        parse(&cli, why,
              (const char *const[]){"record", "--out=a.gz", "--rotate-mb", "5", "--symbol", "BTCUSDT", NULL}),
        ERR_OK);
    assert_int_equal(cli.command, CLI_RECORD);
    assert_string_equal(cli.out_path, "a.gz");
    assert_int_equal(cli.rotate_mb, 5);
    assert_int_equal(
        parse(&cli, why, (const char *const[]){"exchange", "--fault", "5 gap 1", "--fault", "9 rst", NULL}),
        ERR_OK);
    assert_int_equal(cli.fault_count, 2);
    assert_string_equal(cli.fault[1], "9 rst");
}

static void test_control_bytes_of_the_command_line_never_reach_the_terminal(void **state)
{
    static struct cli cli;
    char why[CONFIG_WHY_SIZE];

    (void)state;
    assert_int_equal(parse(&cli, why, (const char *const[]){"\x1b[31mx", NULL}), ERR_USAGE);
    assert_null(strchr(why, '\x1b'));
}

static void test_times(void **state)
{
    int64_t ns;

    (void)state;
    assert_true(time_parse("14:07", &ns));
    assert_int_equal(ns, INT64_C(50820000000000));
    assert_true(time_parse("14:07:32", &ns));
    assert_int_equal(ns, INT64_C(50852000000000));
    assert_true(time_parse("2024-08-09T00:00:01", &ns));
    assert_int_equal(ns, INT64_C(1723161601000000000));
    assert_false(time_parse("14", &ns));
    assert_false(time_parse("14:07:99", &ns));
    assert_false(time_parse("14:07x", &ns));
    assert_false(time_parse("2024-13-09T00:00:01", &ns));
    assert_false(time_parse("2023-02-29T00:00:01", &ns)); /* nor the first of March */
    assert_true(time_parse("2024-08-09 00:01", &ns));
    assert_int_equal(ns, INT64_C(1723161660000000000));
    assert_false(time_parse("2024-08-09_00:01", &ns));
    assert_false(time_parse("2024-08-09", &ns));
    assert_false(time_parse("24:00", &ns));
    assert_false(time_parse("", &ns));
    assert_false(time_parse("08-09 00:01", &ns)); /* of which year? */
}

/* A day of which the year is known: 2024-08-09T00:00:01. */
static void test_times_in_a_year(void **state)
{
    const int64_t of_ns = INT64_C(1723161601000000000);
    int64_t ns;

    (void)state;
    assert_true(time_parse_in_year("08-09 00:01", of_ns, &ns));
    assert_int_equal(ns, INT64_C(1723161660000000000));
    assert_true(time_parse_in_year("12-31T23:59:59", of_ns, &ns));
    assert_int_equal(ns, INT64_C(1735689599000000000));
    assert_true(time_parse_in_year("02-29 00:00", of_ns, &ns));
    assert_int_equal(ns, INT64_C(1709164800000000000));
    assert_true(time_parse_in_year("12-31 00:00", INT64_C(1735689599000000000), &ns)); /* its last second */
    assert_int_equal(ns, INT64_C(1735603200000000000));
    assert_true(
        time_parse_in_year("01-01 00:00", INT64_C(1735689600000000000), &ns)); /* and the next year's first */
    assert_int_equal(ns, INT64_C(1735689600000000000));
    assert_true(time_parse_in_year("14:07", of_ns, &ns));
    assert_int_equal(ns, INT64_C(50820000000000));
    assert_false(time_parse_in_year("13-09 00:01", of_ns, &ns));
    assert_false(time_parse_in_year("8-9 00:01", of_ns, &ns));
}

/* As the journal prints them, and shorter. */
static void test_moments(void **state)
{
    const int64_t now_ns = INT64_C(1723161601000000000), midnight_ns = INT64_C(1723161600000000000);
    int64_t ns;

    (void)state;
    assert_true(cli_parse_moment("2024-08-09T00:00:01.000000007Z", now_ns, &ns));
    assert_int_equal(ns, now_ns + 7);
    assert_true(cli_parse_moment("2024-08-09T00:00:01.25", now_ns, &ns));
    assert_int_equal(ns, now_ns + 250000000);
    assert_true(cli_parse_moment("2024-08-09", now_ns, &ns));
    assert_int_equal(ns, midnight_ns);
    assert_true(cli_parse_moment("00:01", now_ns, &ns));
    assert_int_equal(ns, midnight_ns + INT64_C(60000000000));
    assert_false(cli_parse_moment("2024-08-09T00:00:01.1234567890", now_ns, &ns));
    assert_false(cli_parse_moment("2024-08-09T00:00:01Zulu", now_ns, &ns));
    assert_false(cli_parse_moment("", now_ns, &ns));
}

static void test_orders_by_number_or_id(void **state)
{
    uint64_t seq;

    (void)state;
    assert_true(cli_parse_order("12", &seq) && seq == 12);
    assert_true(cli_parse_order("fd-3-17", &seq) && seq == 17);
    assert_false(cli_parse_order("fd--17", &seq));
    assert_false(cli_parse_order("-1", &seq));
    assert_false(cli_parse_order("12x", &seq));
}

static void test_speeds(void **state)
{
    int64_t speed;

    (void)state;
    assert_true(cli_parse_speed("max", &speed));
    assert_int_equal(speed, 0);
    assert_true(cli_parse_speed("0.01", &speed));
    assert_int_equal(speed, 10);
    assert_false(cli_parse_speed("1000.001", &speed));
    assert_false(cli_parse_speed("", &speed));
    assert_false(cli_parse_speed("-1", &speed));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_come_with_a_blank_or_an_equals_sign),
        cmocka_unit_test(test_wrong_lines_are_refused_with_a_word),
        cmocka_unit_test(test_live_lines),
        cmocka_unit_test(test_control_bytes_of_the_command_line_never_reach_the_terminal),
        cmocka_unit_test(test_times),
        cmocka_unit_test(test_times_in_a_year),
        cmocka_unit_test(test_moments),
        cmocka_unit_test(test_orders_by_number_or_id),
        cmocka_unit_test(test_speeds),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* config/instruments.yaml: what the program carries is sound, and what is wrong is named. */
#include "core/base/embedded.h"
#include "feed/instruments_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct instrument known[INSTRUMENTS_FILE_MAX];

static enum err parse(const char *text, size_t max, size_t *count, char why[256])
{
    return instruments_file_parse(text, strlen(text), "test.yaml", known, max, count, why, 256);
}

static struct instrument find(size_t count, const char *symbol, enum venue venue)
{
    for (size_t i = 0; i < count; i++)
        if (known[i].venue == venue && strcmp(known[i].symbol, symbol) == 0)
            return known[i];
    fail_msg("%s is missing", symbol);
    return known[0];
}

/* A slip in the file that is built in would be a slip in every replay without exchangeInfo. */
static void test_built_in_file_is_sound(void **state)
{
    const struct embedded_file *file = embedded_find("config/instruments.yaml");
    struct instrument btc;
    char why[256] = "";
    size_t count = 0;

    (void)state;
    assert_non_null(file);
    if (parse(file->text, INSTRUMENTS_FILE_MAX, &count, why) != ERR_OK)
        fail_msg("%s", why);
    assert_true(count >= 36);
    btc = find(count, "BTCUSDT", VENUE_BINANCE_SPOT);
    assert_int_equal(btc.tick_e8, 1000000);
    assert_int_equal(btc.lot_e8, 1000);
    assert_int_equal(btc.step_source, STEP_CONFIG);
    assert_string_equal(btc.base, "BTC");
    assert_int_equal(find(count, "BTCUSDT", VENUE_BINANCE_USDM).tick_e8, 10000000);
    assert_true(find(count, "BTCUSD_PERP", VENUE_BINANCE_COINM).inverse);
    for (size_t i = 0; i < count; i++)
        assert_true(known[i].tick_e8 > 0 && known[i].lot_e8 > 0);
}

static void test_what_is_wrong_is_refused_by_name(void **state)
{
    static const char *const texts[][2] = {
        {"binance-moon:\n  ABC: {tick: \"1\", lot: \"1\"}\n", "venue"},
        {"binance-spot:\n  abc: {tick: \"1\", lot: \"1\"}\n", "symbol"},
        {"binance-spot:\n  ABC: {tick: \"0\", lot: \"1\"}\n", "above 0"},
        {"binance-spot:\n  ABC: {tick: \"0.123456789\", lot: \"1\"}\n", "8 places"},
        {"binance-spot:\n  ABC: {tick: \"-1\", lot: \"1\"}\n", "above 0"},
        {"binance-spot:\n  ABC: {tick: \"1\", size: \"1\"}\n", "tick or lot"},
        {"binance-spot:\n  ABC: {tick: \"1\"}\n", "both"},
        {"binance-spot:\n  ABC: \"1\"\n", "expected"},
        {"binance-spot: [\n", "test.yaml:"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        char why[256] = "";
        size_t count = 77;

        assert_int_not_equal(parse(texts[i][0], INSTRUMENTS_FILE_MAX, &count, why), ERR_OK);
        assert_int_equal(count, 77); /* untouched */
        if (strstr(why, texts[i][1]) == NULL)
            fail_msg("'%s' does not say '%s'", why, texts[i][1]);
    }
}

static void test_more_than_there_is_room_for_is_refused(void **state)
{
    const char *text = "binance-spot:\n  AB: {tick: \"1\", lot: \"1\"}\n  CD: {tick: \"1\", lot: \"1\"}\n";
    char why[256];
    size_t count = 0;

    (void)state;
    assert_int_not_equal(parse(text, 1, &count, why), ERR_OK);
    assert_int_equal(parse(text, 2, &count, why), ERR_OK);
    assert_int_equal(count, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_built_in_file_is_sound),
        cmocka_unit_test(test_what_is_wrong_is_refused_by_name),
        cmocka_unit_test(test_more_than_there_is_room_for_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

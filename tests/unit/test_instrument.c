/* test_instrument.c - names, steps and money of an instrument; the words of the domain. */
#include "unit/cmocka_all.h"

#include "core/domain/instrument.h"
#include "core/domain/intent.h"
#include "core/domain/market_event.h"
#include "core/domain/order.h"
#include "core/domain/trading_state.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define E8 INT64_C(100000000)

static void test_symbols_are_split_at_the_quote(void **state)
{
    static const struct {
        const char *symbol;
        enum venue venue;
        const char *kept, *base, *quote;
    } cases[] = {
        {"BTCUSDT", VENUE_BINANCE_SPOT, "BTCUSDT", "BTC", "USDT"},
        {"btcusdt", VENUE_BINANCE_SPOT, "BTCUSDT", "BTC", "USDT"},
        {"ETHBTC", VENUE_BINANCE_SPOT, "ETHBTC", "ETH", "BTC"},
        {"BTCFDUSD", VENUE_BINANCE_SPOT, "BTCFDUSD", "BTC", "FDUSD"},
        {"BTCTUSD", VENUE_BINANCE_SPOT, "BTCTUSD", "BTC", "TUSD"},
        {"TUSDUSDT", VENUE_BINANCE_SPOT, "TUSDUSDT", "TUSD", "USDT"},
        {"USDTTRY", VENUE_BINANCE_SPOT, "USDTTRY", "USDT", "TRY"},
        {"EURUSDT", VENUE_BINANCE_SPOT, "EURUSDT", "EUR", "USDT"},
        {"BNBEUR", VENUE_BINANCE_SPOT, "BNBEUR", "BNB", "EUR"},
        {"BTCEURI", VENUE_BINANCE_SPOT, "BTCEURI", "BTC", "EURI"},
        {"BTCJPY", VENUE_BINANCE_SPOT, "BTCJPY", "BTC", "JPY"},
        {"BETHETH", VENUE_BINANCE_SPOT, "BETHETH", "BETH", "ETH"},
        {"1000SHIBUSDT", VENUE_BINANCE_USDM, "1000SHIBUSDT", "1000SHIB", "USDT"},
        {"BTCUSDT_240628", VENUE_BINANCE_USDM, "BTCUSDT_240628", "BTC", "USDT"},
        {"BTCUSD_PERP", VENUE_BINANCE_COINM, "BTCUSD_PERP", "BTC", "USD"},
        {"ETHUSD_240927", VENUE_BINANCE_COINM, "ETHUSD_240927", "ETH", "USD"},
        {"USDT", VENUE_BINANCE_SPOT, "USDT", "USDT", ""},
        {"XYZ", VENUE_BINANCE_SPOT, "XYZ", "XYZ", ""},
        {"", VENUE_BINANCE_SPOT, "", "", ""},
        {"A\x1b[mUSDT", VENUE_BINANCE_SPOT, "A__MUSDT", "A", ""}, /* nothing unsafe is kept */
        {"_USDT", VENUE_BINANCE_SPOT, "_USDT", "_", "USDT"},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZUSDT", VENUE_BINANCE_SPOT, "ABCDEFGHIJKLMNOPQRSTUVW", "ABCDEFGHIJKLMNO",
         ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct instrument instrument;

        instrument_init(&instrument, cases[i].symbol, cases[i].venue, 9);
        assert_string_equal(instrument.symbol, cases[i].kept);
        assert_string_equal(instrument.base, cases[i].base);
        assert_string_equal(instrument.quote, cases[i].quote);
        assert_int_equal(instrument.inverse, cases[i].venue == VENUE_BINANCE_COINM);
        assert_int_equal(instrument.id, 9);
        assert_int_equal(instrument.step_source, STEP_UNKNOWN);
        assert_true(instrument.trading);
    }
}

/* Text of a gzipped file of the shared data; NULL, said in one line, when it is not there. */
static char *read_shared(const char *name)
{
    const char *root = getenv("FLOWDECK_SHARED");
    size_t room = 64 << 20, used = 0;
    char path[512], *text;
    gzFile file;
    int got;

    snprintf(path, sizeof path, "%s/data/fixtures/%s", root != NULL ? root : "../shared", name);
    file = gzopen(path, "rb");
    if (file == NULL) {
        printf("skipped: no %s\n", path);
        return NULL;
    }
    text = calloc(1, room);
    assert_non_null(text);
    while ((got = gzread(file, text + used, (unsigned)(room - 1 - used))) > 0)
        used += (size_t)got;
    gzclose(file);
    return text;
}

/* A venue's own list of 1,800 symbols, each with its base and quote. */
static void test_every_listed_symbol_is_split_as_the_venue_does(void **state)
{
    static const char *const files[] = {"exchangeInfo_spot_binance_com_20211012.json.gz",
                                        "exchangeInfo_usdm_fapi_20210722.json.gz"};

    (void)state;
    for (size_t f = 0; f < 2; f++) {
        char *text = read_shared(files[f]);
        json_t *root, *row;
        size_t i;

        if (text == NULL)
            skip();
        root = json_loads(text, 0, NULL);
        assert_non_null(root);
        assert_true(json_array_size(json_object_get(root, "symbols")) > 100);
        json_array_foreach(json_object_get(root, "symbols"), i, row)
        {
            const char *symbol = json_string_value(json_object_get(row, "symbol"));
            struct instrument instrument;

            instrument_init(&instrument, symbol, VENUE_BINANCE_SPOT, 0);
            assert_string_equal(instrument.symbol, symbol);
            assert_string_equal(instrument.base, json_string_value(json_object_get(row, "baseAsset")));
            assert_string_equal(instrument.quote, json_string_value(json_object_get(row, "quoteAsset")));
        }
        json_decref(root);
        free(text);
    }
}

static struct instrument btcusdt(void)
{
    struct instrument instrument;

    instrument_init(&instrument, "BTCUSDT", VENUE_BINANCE_SPOT, 0);
    instrument.tick_e8 = E8 / 100;
    instrument.lot_e8 = E8 / 100000;
    return instrument;
}

static void test_money_is_exact_and_rounded_half_away(void **state)
{
    struct instrument instrument = btcusdt();

    (void)state;
    assert_int_equal(instrument_price_e8(&instrument, 6184218), INT64_C(6184218000000));
    assert_int_equal(instrument_qty_e8(&instrument, 125), 125000);
    /* 61842.18 x 0.00125 = 77.302725 */
    assert_int_equal(instrument_value_e8(&instrument, 6184218, 125), INT64_C(7730272500));
    assert_int_equal(instrument_value_e8(&instrument, 6184218, -125), INT64_C(-7730272500));
    assert_int_equal(instrument_value_e8(&instrument, 6184218, 0), 0);

    instrument.tick_e8 = 1;
    instrument.lot_e8 = E8 / 2;
    assert_int_equal(instrument_value_e8(&instrument, 1, 1), 1); /* 0.5 of the smallest unit */
    assert_int_equal(instrument_value_e8(&instrument, 1, -1), -1);
    instrument.lot_e8 = E8 / 2 - 1;
    assert_int_equal(instrument_value_e8(&instrument, 1, 1), 0);
}

static void test_money_saturates(void **state)
{
    struct instrument instrument = btcusdt();

    (void)state;
    assert_int_equal(instrument_price_e8(&instrument, INT64_MAX), INT64_MAX);
    assert_int_equal(instrument_qty_e8(&instrument, INT64_MIN), INT64_MIN);
    assert_int_equal(instrument_value_e8(&instrument, INT64_MAX, INT64_MAX), INT64_MAX);
    assert_int_equal(instrument_value_e8(&instrument, INT64_MAX, -INT64_MAX), INT64_MIN);
    assert_int_equal(instrument_value_e8(&instrument, INT64_C(1) << 40, INT64_C(1) << 40), INT64_MAX);
}

static void test_decimals_show_every_step(void **state)
{
    static const struct {
        int64_t step_e8;
        unsigned places;
    } cases[] = {{E8, 0},   {10 * E8, 0}, {E8 / 2, 1}, {E8 / 100, 2}, {25 * E8 / 1000, 3},
                 {1000, 5}, {1, 8},       {0, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct instrument instrument = {.tick_e8 = cases[i].step_e8, .lot_e8 = cases[i].step_e8};

        assert_int_equal(instrument_price_decimals(&instrument), cases[i].places);
        assert_int_equal(instrument_qty_decimals(&instrument), cases[i].places);
    }
}

/* Finer steps: every bound stays where it was in money and units. */
static void test_rescale_keeps_prices_and_quantities(void **state)
{
    struct instrument instrument = btcusdt();

    (void)state;
    instrument.price_ticks_min = 1;
    instrument.price_ticks_max = 100000000;
    instrument.qty_lots_min = 1;
    instrument.qty_lots_max = 900000000;
    instrument.market_qty_lots_max = INT64_MAX / 2;
    instrument.notional_e8_min = 5 * E8;
    instrument_rescale(&instrument, (struct step_change){.price_factor = 10, .qty_factor = 5});
    assert_int_equal(instrument.tick_e8, E8 / 1000);
    assert_int_equal(instrument.lot_e8, 200);
    assert_int_equal(instrument.price_ticks_min, 10);
    assert_int_equal(instrument.price_ticks_max, 1000000000);
    assert_int_equal(instrument.qty_lots_min, 5);
    assert_int_equal(instrument.qty_lots_max, INT64_C(4500000000));
    assert_int_equal(instrument.market_qty_lots_max, INT64_MAX); /* saturates, does not wrap */
    assert_int_equal(instrument.notional_e8_min, 5 * E8);
    assert_int_equal(instrument.price_ticks_min * instrument.tick_e8, E8 / 100);
}

static void test_the_words(void **state)
{
    (void)state;
    assert_string_equal(venue_name(VENUE_BINANCE_SPOT), "binance-spot");
    assert_string_equal(venue_name(VENUE_BINANCE_USDM), "binance-usdm");
    assert_string_equal(venue_name(VENUE_BINANCE_COINM), "binance-coinm");
    assert_string_equal(venue_label(VENUE_BINANCE_SPOT), "binance spot");
    assert_string_equal(venue_label(VENUE_BINANCE_USDM), "binance usd-m");
    assert_string_equal(venue_label(VENUE_BINANCE_COINM), "binance coin-m");
    assert_string_equal(book_state_word(BOOK_DOWN), "DOWN");
    assert_string_equal(book_state_word(BOOK_CONNECTING), "CONNECTING");
    assert_string_equal(book_state_word(BOOK_SYNCING), "SYNCING");
    assert_string_equal(book_state_word(BOOK_LIVE), "LIVE");
    assert_string_equal(book_state_word(BOOK_STALE), "STALE");
    assert_string_equal(order_type_word(ORDER_LIMIT), "LIMIT");
    assert_string_equal(order_type_word(ORDER_MARKET), "MARKET");
    assert_string_equal(order_type_word(ORDER_STOP), "STOP");
    assert_string_equal(trading_mode_word(MODE_OBSERVATION), "OBSERVATION");
    assert_string_equal(trading_mode_word(MODE_SIMULATION), "SIMULATION");
    assert_string_equal(trading_mode_word(MODE_LIVE), "LIVE");
    assert_string_equal(trading_state_word(STATE_ACTIVE), "ACTIVE");
    assert_string_equal(trading_state_word(STATE_PAUSED), "PAUSED");
    assert_string_equal(trading_state_word(STATE_REDUCING), "REDUCING");
    assert_string_equal(trading_state_word(STATE_HALTED), "HALTED");
    assert_string_equal(trading_state_word(STATE_KILLED), "KILLED");
    assert_string_equal(order_state_word(ORDER_STATE_WORKING), "working");
    assert_string_equal(order_state_word(ORDER_STATE_UNKNOWN), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_symbols_are_split_at_the_quote),
        cmocka_unit_test(test_every_listed_symbol_is_split_as_the_venue_does),
        cmocka_unit_test(test_money_is_exact_and_rounded_half_away),
        cmocka_unit_test(test_money_saturates),
        cmocka_unit_test(test_decimals_show_every_step),
        cmocka_unit_test(test_rescale_keeps_prices_and_quantities),
        cmocka_unit_test(test_the_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The decoder: instruments, steps, whom a message belongs to, what is refused. */
#include "feed/decoder.h"
#include "feed/exchange_info.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define EVENTS_KEPT 16

/* The events of the last message, and a decoder to send it to. */
struct rig {
    struct decoder *decoder;
    size_t count;
    struct feed_event event[EVENTS_KEPT];
    int64_t now_ns;
};

static struct rig rig_of(const struct decoder_config *config)
{
    struct rig rig = {.decoder = decoder_new(config), .now_ns = 1000};

    assert_non_null(rig.decoder);
    return rig;
}

static void collect(struct rig *rig)
{
    struct feed_event event;

    rig->count = 0;
    while (decoder_next(rig->decoder, &event)) {
        assert_true(rig->count < EVENTS_KEPT);
        rig->event[rig->count++] = event;
    }
}

static void push(struct rig *rig, const char *text)
{
    size_t size = strlen(text);
    char *copy = calloc(1, size + DECODER_PADDING);

    memcpy(copy, text, size);
    decoder_push(rig->decoder, rig->now_ns++, copy, size);
    free(copy);
    collect(rig);
}

static void push_snapshot(struct rig *rig, const char *symbol, const char *text)
{
    size_t size = strlen(text);
    char *copy = calloc(1, size + DECODER_PADDING);

    memcpy(copy, text, size);
    decoder_push_snapshot(rig->decoder, rig->now_ns++, symbol, copy, size);
    free(copy);
    collect(rig);
}

static void add(struct rig *rig, const char *symbol, enum venue venue)
{
    assert_int_equal(decoder_add_instrument(rig->decoder, rig->now_ns++, symbol, venue), ERR_OK);
    collect(rig);
}

static void assert_kinds(const struct rig *rig, const char *kinds)
{
    static const char letter[] = {
        [FEED_NONE] = '-',     [FEED_INSTRUMENT] = 'I', [FEED_STEPS] = 'F',      [FEED_DEPTH] = 'D',
        [FEED_SNAPSHOT] = 'S', [FEED_QUOTE] = 'Q',      [FEED_TRADE] = 'T',      [FEED_OTHER] = 'O',
        [FEED_BAD] = 'B',      [FEED_MARK] = 'M',       [FEED_LIQUIDATION] = 'L'};
    char got[EVENTS_KEPT + 1] = "";

    for (size_t i = 0; i < rig->count; i++)
        got[i] = letter[rig->event[i].kind];
    assert_string_equal(got, kinds);
}

#define QUOTE(symbol, bid, ask)                                                                              \
    "{\"u\":5,\"s\":\"" symbol "\",\"b\":\"" bid "\",\"B\":\"1.5\",\"a\":\"" ask "\",\"A\":\"2\"}"
#define SPOT_TRADE(symbol, price, qty)                                                                       \
    "{\"e\":\"trade\",\"E\":1,\"s\":\"" symbol "\",\"t\":7,\"p\":\"" price "\",\"q\":\"" qty                 \
    "\",\"b\":11,\"a\":22,\"T\":3,\"m\":true,\"M\":true}"
#define DEPTH(symbol, extra, level)                                                                          \
    "{\"e\":\"depthUpdate\",\"E\":1,\"s\":\"" symbol "\",\"U\":7,\"u\":9," extra "\"b\":[" level "],\"a\":[" \
    "]}"
#define SNAPSHOT(level) "{\"lastUpdateId\":8,\"bids\":[" level "],\"asks\":[]}"

/* Steps come with the instrument, then get finer ahead of the event that needs it. */
static void test_steps_are_derived_and_made_finer(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);

    (void)state;
    push(&rig, QUOTE("ABCUSDT", "100.50", "101.00"));
    assert_kinds(&rig, "IQ");
    assert_int_equal(rig.event[0].instrument->tick_e8, 50000000); /* gcd of 100.5 and 101 */
    assert_int_equal(rig.event[0].instrument->lot_e8, 50000000);
    assert_int_equal(rig.event[0].instrument->step_source, STEP_DERIVED);
    assert_int_equal(rig.event[1].quote.level[SIDE_BID].price_ticks, 201);
    push(&rig, QUOTE("ABCUSDT", "100.51", "101.00"));
    assert_kinds(&rig, "FQ");
    assert_int_equal(rig.event[0].steps.price_factor, 50);
    assert_int_equal(rig.event[0].steps.qty_factor, 1);
    assert_int_equal(rig.event[1].quote.level[SIDE_BID].price_ticks, 10051);
    assert_int_equal(rig.event[1].instrument->tick_e8, 1000000);
    push(&rig, QUOTE("ABCUSDT", "100.52", "101.00"));
    assert_kinds(&rig, "Q");
    decoder_free(rig.decoder);
}

/* Quantities of 0 delete levels; they tell nothing of the lot and must not make it 0. */
static void test_zero_quantities_tell_no_step(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);

    (void)state;
    push(&rig, DEPTH("ABCUSDT", "", "[\"100.5\",\"0.000\"]"));
    assert_kinds(&rig, "ID");
    assert_true(rig.event[0].instrument->lot_e8 > 0);
    push(&rig, DEPTH("ABCUSDT", "", "[\"100.5\",\"30.000\"]"));
    assert_kinds(&rig, "FD");
    assert_int_equal(rig.event[0].steps.qty_factor, 1);
    assert_int_equal(rig.event[1].instrument->lot_e8, 3000000000);
    assert_int_equal(rig.event[1].depth.levels[SIDE_BID][0].qty_lots, 1);
    decoder_free(rig.decoder);
}

/* The configuration is a start; the data is the truth. */
static void test_known_steps_are_used_and_made_finer(void **state)
{
    struct instrument known;
    struct decoder_config config = {.known = &known, .known_count = 1};
    struct rig rig;

    (void)state;
    instrument_init(&known, "ABCUSDT", VENUE_BINANCE_SPOT, 0);
    known.tick_e8 = 10000000;
    known.lot_e8 = 1000000;
    rig = rig_of(&config);
    push(&rig, QUOTE("ABCUSDT", "100.5", "101.0"));
    assert_kinds(&rig, "IQ");
    assert_int_equal(rig.event[0].instrument->tick_e8, 10000000);
    assert_int_equal(rig.event[0].instrument->step_source, STEP_CONFIG);
    push(&rig, QUOTE("ABCUSDT", "100.55", "101.0"));
    assert_kinds(&rig, "FQ");
    assert_int_equal(rig.event[0].steps.price_factor, 2);
    decoder_free(rig.decoder);
}

static const char exchange_info[] =
    "{\"stream\":\"!exchangeInfo\",\"data\":{\"timezone\":\"UTC\",\"rateLimits\":["
    "{\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":100},"
    "{\"rateLimitType\":\"REQUEST_WEIGHT\",\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":6000}],"
    "\"symbols\":[{\"symbol\":\"ABCUSDT\","
    "\"status\":\"BREAK\","
    "\"baseAsset\":\"ABC\",\"quoteAsset\":\"USDT\",\"filters\":["
    "{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\"0.05\",\"maxPrice\":\"1000\",\"tickSize\":\"0.01\"},"
    "{\"filterType\":\"LOT_SIZE\",\"minQty\":\"0.5\",\"maxQty\":\"90.05\",\"stepSize\":\"0.1\"},"
    "{\"filterType\":\"NOTIONAL\",\"minNotional\":\"5\",\"maxNotional\":\"9000000\"}]}]}}";

static void assert_info(const struct instrument *instrument)
{
    assert_int_equal(instrument->step_source, STEP_EXCHANGE_INFO);
    assert_int_equal(instrument->tick_e8, 1000000);
    assert_int_equal(instrument->lot_e8, 10000000);
    assert_int_equal(instrument->qty_lots_min, 5);
    assert_int_equal(instrument->qty_lots_max, 900);
    assert_int_equal(instrument->price_ticks_min, 5);
    assert_int_equal(instrument->price_ticks_max, 100000);
    assert_int_equal(instrument->notional_e8_min, 500000000);
    assert_false(instrument->trading);
}

static void test_exchange_info_before_the_instrument(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);

    (void)state;
    push(&rig, exchange_info);
    assert_kinds(&rig, "O");
    push(&rig, QUOTE("ABCUSDT", "100.5", "101.0"));
    assert_kinds(&rig, "IQ");
    assert_info(rig.event[0].instrument);
    decoder_free(rig.decoder);
}

static void test_exchange_info_after_the_instrument(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);

    (void)state;
    push(&rig, QUOTE("ABCUSDT", "100.5", "101.0"));
    push(&rig, exchange_info);
    assert_kinds(&rig, "FIO");
    assert_int_equal(rig.event[0].steps.price_factor, 50);
    assert_int_equal(rig.event[0].steps.qty_factor, 5);
    assert_info(rig.event[1].instrument);
    push(&rig, QUOTE("ABCUSDT", "100.505", "101.0")); /* finer than the venue said: bounds go along */
    assert_kinds(&rig, "FQ");
    assert_int_equal(rig.event[0].instrument->price_ticks_max, 200000);
    decoder_free(rig.decoder);
}

/* What a helper thread read is the same as the message, and is taken over. */
static void test_symbol_table_that_was_read_elsewhere(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);
    struct exchange_info info;

    (void)state;
    push(&rig, QUOTE("ABCUSDT", "100.5", "101.0"));
    for (int round = 0; round < 3; round++) { /* the next one takes the place of the one before */
        static const char *const kinds[] = {"FIO", "O", "IO"}; /* what is as before is not told */

        assert_int_equal(exchange_info_parse_text(exchange_info, sizeof(exchange_info) - 1, &info), ERR_OK);
        assert_int_equal(info.count, 1);
        assert_int_equal(info.weight_limit, 6000);
        info.symbol[0].trading = round == 2;
        assert_int_equal(decoder_take_info(rig.decoder, rig.now_ns++, &info), round != 1);
        assert_null(info.symbol);
        assert_int_equal(info.count, 0);
        collect(&rig);
        assert_kinds(&rig, kinds[round]);
        if (round == 0)
            assert_info(rig.event[1].instrument);
        exchange_info_release(&info);
    }
    assert_true(rig.event[0].instrument->trading);
    assert_int_equal(decoder_counts(rig.decoder)->other, 3);
    decoder_free(rig.decoder);
}

static void test_symbol_table_that_cannot_be_read(void **state)
{
    struct exchange_info info;

    (void)state;
    assert_int_equal(exchange_info_parse_text("{\"symbols\":[", 12, &info), ERR_BAD_DATA);
    assert_int_equal(exchange_info_parse_text("{\"symbols\":[]}", 14, &info), ERR_BAD_DATA);
    assert_int_equal(exchange_info_parse_text("[]", 2, &info), ERR_BAD_DATA);
    assert_int_equal(exchange_info_parse_text("", 0, &info), ERR_BAD_DATA);
}

/* Live: it exists, with its steps, before its first message. */
static void test_instrument_that_is_to_come(void **state)
{
    struct instrument known;
    struct decoder_config config = {.known = &known, .known_count = 1};
    struct exchange_info info;
    struct feed_event event;
    struct rig rig;

    (void)state;
    instrument_init(&known, "XYZUSDT", VENUE_BINANCE_USDM, 0);
    known.tick_e8 = 10000000;
    known.lot_e8 = 1000000;
    rig = rig_of(&config);
    assert_int_equal(exchange_info_parse_text(exchange_info, sizeof(exchange_info) - 1, &info), ERR_OK);
    decoder_take_info(rig.decoder, 1, &info);
    collect(&rig);
    assert_kinds(&rig, "O");
    add(&rig, "ABCUSDT", VENUE_BINANCE_SPOT);
    assert_kinds(&rig, "I");
    assert_info(rig.event[0].instrument);
    add(&rig, "XYZUSDT", VENUE_BINANCE_USDM);
    assert_kinds(&rig, "I");
    assert_int_equal(rig.event[0].instrument->step_source, STEP_CONFIG);
    assert_int_equal(rig.event[0].instrument->tick_e8, 10000000);
    assert_int_equal(rig.event[0].instrument->id, 1);
    add(&rig, "NEWUSDT", VENUE_BINANCE_SPOT); /* nobody knows its steps: the first message tells */
    assert_int_equal(rig.event[0].instrument->step_source, STEP_UNKNOWN);
    add(&rig, "ABCUSDT", VENUE_BINANCE_SPOT); /* told again, not twice there */
    assert_int_equal(rig.event[0].instrument->id, 0);
    push(&rig, QUOTE("ABCUSDT", "100.5", "101.0"));
    assert_kinds(&rig, "Q");
    push(&rig, QUOTE("NEWUSDT", "100.5", "101.0"));
    assert_kinds(&rig, "FQ");
    assert_int_equal(decoder_add_instrument(rig.decoder, 1, "abc", VENUE_BINANCE_SPOT), ERR_BAD_DATA);
    assert_false(decoder_next(rig.decoder, &event));
    decoder_free(rig.decoder);
}

static void test_instruments_to_come_are_bounded(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);
    struct feed_event event;
    char symbol[32];
    size_t told = 0;

    (void)state;
    for (int i = 0; i < INSTRUMENTS_MAX; i++) { /* all before the first is fetched: none is lost */
        snprintf(symbol, sizeof(symbol), "A%dUSDT", i);
        assert_int_equal(decoder_add_instrument(rig.decoder, 1, symbol, VENUE_BINANCE_SPOT), ERR_OK);
    }
    assert_int_equal(decoder_add_instrument(rig.decoder, 1, "MOREUSDT", VENUE_BINANCE_SPOT), ERR_FULL);
    for (int i = 0; i < 1000; i++)
        (void)decoder_add_instrument(rig.decoder, 1, symbol, VENUE_BINANCE_SPOT);
    for (; decoder_next(rig.decoder, &event); told++)
        assert_int_equal(event.kind, FEED_INSTRUMENT);
    assert_true(told >= INSTRUMENTS_MAX && told < 1000);
    add(&rig, "A0USDT", VENUE_BINANCE_SPOT);
    assert_kinds(&rig, "I");
    decoder_free(rig.decoder);
}

/* Several instruments share the connection: whoever asked for the snapshot knows whose it is. */
static void test_snapshot_that_was_asked_for(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);

    (void)state;
    add(&rig, "ABCUSDT", VENUE_BINANCE_USDM);
    add(&rig, "XYZUSDT", VENUE_BINANCE_USDM);
    push(&rig, DEPTH("ABCUSDT", "\"pu\":6,", "[\"1\",\"1\"]"));
    push(&rig, DEPTH("XYZUSDT", "\"pu\":6,", "[\"1\",\"1\"]"));
    push_snapshot(&rig, "xyzusdt",
                  "{\n \"lastUpdateId\": 8,\"E\":1,\"T\":2,\n\"bids\":[[\"2\",\"1\"]],\"asks\":[]}\n");
    assert_kinds(&rig, "S");
    assert_string_equal(rig.event[0].instrument->symbol, "XYZUSDT");
    assert_int_equal(rig.event[0].instrument->venue, VENUE_BINANCE_USDM);
    assert_int_equal(rig.event[0].snapshot.last_id, 8);
    assert_int_equal(rig.event[0].snapshot.levels[SIDE_BID][0].price_ticks, 2);
    push_snapshot(&rig, "ABCUSDT", SNAPSHOT("[\"1.5\",\"1\"]"));
    assert_kinds(&rig, "FS");
    assert_string_equal(rig.event[1].instrument->symbol, "ABCUSDT");
    assert_int_equal(rig.event[1].instrument->venue, VENUE_BINANCE_USDM);
    decoder_free(rig.decoder);
}

static void test_answer_that_is_no_snapshot_is_bad(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);
    static const char *const texts[] = {
        "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}",
        "<html>403</html>",
        QUOTE("ABCUSDT", "1", "2"),
        "{\"lastUpdateId\":8,\"symbol\":\"XYZUSDT\",\"bids\":[],\"asks\":[]}",
        SNAPSHOT("[\"0\",\"1\"]"),
        "",
    };

    (void)state;
    add(&rig, "ABCUSDT", VENUE_BINANCE_SPOT);
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        push_snapshot(&rig, "ABCUSDT", texts[i]);
        assert_kinds(&rig, "B");
    }
    assert_int_equal(decoder_counts(rig.decoder)->bad, sizeof(texts) / sizeof(texts[0]));
    decoder_free(rig.decoder);
}

/* A snapshot at the head of a file waits for a name and keeps its time. */
static void test_bare_snapshot_waits_for_its_symbol(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);

    (void)state;
    push(&rig, SNAPSHOT("[\"100.01\",\"1\"]"));
    assert_kinds(&rig, "");
    push(&rig, "{\"stream\":\"abcusdt@markPrice\",\"data\":{}}");
    assert_kinds(&rig, "O");
    push(&rig, SPOT_TRADE("ABCUSDT", "100", "0.5"));
    assert_kinds(&rig, "IST");
    assert_int_equal(rig.event[1].recv_ns, 1000);
    assert_int_equal(rig.event[2].recv_ns, 1002);
    assert_int_equal(rig.event[1].snapshot.last_id, 8);
    assert_int_equal(rig.event[1].snapshot.levels[SIDE_BID][0].price_ticks, 10001);
    assert_int_equal(rig.event[2].trade.price_ticks, 10000);
    assert_int_equal(rig.event[2].trade.taker, SIDE_ASK);
    assert_int_equal(rig.event[2].trade.taker_order_id, 22);
    push(&rig, SNAPSHOT("[\"100.02\",\"1\"]")); /* now the name is known */
    assert_kinds(&rig, "S");
    decoder_end_source(rig.decoder);
    collect(&rig);
    assert_kinds(&rig, "");
    decoder_free(rig.decoder);
}

static void test_bare_snapshot_that_no_message_names_is_bad(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);

    (void)state;
    push(&rig, SNAPSHOT("[\"100.01\",\"1\"]"));
    decoder_end_source(rig.decoder);
    collect(&rig);
    assert_kinds(&rig, "B");
    decoder_new_source(rig.decoder);
    push(&rig, SPOT_TRADE("ABCUSDT", "100", "0.5"));
    assert_kinds(&rig, "IT");
    decoder_free(rig.decoder);
}

/* It is judged when it comes: a bad one must not reach an instrument by waiting for its name. */
static void test_bad_bare_snapshot_does_not_wait(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);

    (void)state;
    push(&rig, SNAPSHOT("[\"0\",\"1\"]"));
    assert_kinds(&rig, "B");
    push(&rig, SPOT_TRADE("ABCUSDT", "100", "0.5"));
    assert_kinds(&rig, "IT");
    decoder_free(rig.decoder);
}

/* With several instruments a bare snapshot could be of either: guessing would poison a book. */
static void test_bare_snapshot_among_several_is_bad(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);

    (void)state;
    push(&rig, QUOTE("ABCUSDT", "100", "101"));
    push(&rig, QUOTE("XYZUSDT", "100", "101"));
    push(&rig, SNAPSHOT("[\"100.01\",\"1\"]"));
    assert_kinds(&rig, "B");
    push(&rig, "{\"stream\":\"xyzusdt@snapshot\",\"data\":" SNAPSHOT("[\"100\",\"1\"]") "}");
    assert_kinds(&rig, "S");
    assert_string_equal(rig.event[0].instrument->symbol, "XYZUSDT");
    decoder_new_source(rig.decoder); /* another file, one instrument */
    push(&rig, QUOTE("ABCUSDT", "100", "101"));
    push(&rig, SNAPSHOT("[\"100\",\"1\"]"));
    assert_kinds(&rig, "S");
    assert_string_equal(rig.event[0].instrument->symbol, "ABCUSDT");
    decoder_free(rig.decoder);
}

/* The same name on two markets is two instruments; each message belongs where its fields say. */
static void test_spot_and_futures_are_told_apart(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);
    const struct instrument *met[4];

    (void)state;
    push(&rig, DEPTH("ABCUSDT", "", "[\"1\",\"1\"]"));
    assert_int_equal(rig.event[0].instrument->venue, VENUE_BINANCE_SPOT);
    push(&rig, DEPTH("ABCUSDT", "\"pu\":6,", "[\"1\",\"1\"]"));
    assert_kinds(&rig, "ID");
    assert_int_equal(rig.event[0].instrument->venue, VENUE_BINANCE_USDM);
    assert_true(rig.event[1].depth.has_prev_id);
    push(&rig, "{\"e\":\"bookTicker\",\"u\":5,\"s\":\"ABCUSDT\",\"b\":\"1\",\"B\":\"1\",\"a\":\"2\",\"A\":"
               "\"1\",\"T\":1,\"E\":2}");
    assert_int_equal(rig.event[0].instrument->venue, VENUE_BINANCE_USDM);
    push(&rig, SPOT_TRADE("ABCUSDT", "1", "1"));
    assert_int_equal(rig.event[0].instrument->venue, VENUE_BINANCE_SPOT);
    push(&rig, DEPTH("ABCUSD_PERP", "\"pu\":6,\"ps\":\"ABCUSD\",", "[\"1.5\",\"60\"]"));
    assert_int_equal(rig.event[0].instrument->venue, VENUE_BINANCE_COINM);
    assert_true(rig.event[0].instrument->inverse);
    assert_int_equal(decoder_instruments(rig.decoder, met, 4), 3);
    decoder_free(rig.decoder);
}

/* An aggTrade of futures has nothing that spot's lacks but M: an instrument already met decides. */
static void test_doubtful_market_follows_what_the_source_showed(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);
    const char *doubtful = "{\"e\":\"aggTrade\",\"E\":1,\"s\":\"ABCUSDT\",\"a\":5,\"p\":\"1\",\"q\":\"1\","
                           "\"f\":1,\"l\":2,\"T\":3,\"m\":false}";

    (void)state;
    push(&rig, QUOTE("ABCUSDT", "1", "2"));
    push(&rig, doubtful);
    assert_kinds(&rig, "T");
    assert_int_equal(rig.event[0].instrument->venue, VENUE_BINANCE_SPOT);
    assert_int_equal(rig.event[0].trade.id, 5);
    assert_true(rig.event[0].trade.aggregate);
    assert_int_equal(rig.event[0].trade.taker, SIDE_BID);
    decoder_free(rig.decoder);
    rig = rig_of(&config);
    push(&rig, doubtful);
    assert_int_equal(rig.event[0].instrument->venue, VENUE_BINANCE_USDM);
    decoder_free(rig.decoder);
}

/* Futures print off-market trades, even at price 0: they are passed on as what they are. */
static void test_off_market_trades_are_marked(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);

    (void)state;
    push(&rig, "{\"e\":\"trade\",\"E\":1,\"T\":2,\"s\":\"ABCUSDT\",\"t\":7,\"p\":\"0\",\"q\":\"0\",\"X\":"
               "\"NA\",\"m\":false}");
    assert_kinds(&rig, "IT");
    assert_true(rig.event[1].trade.off_market);
    push(&rig, "{\"e\":\"trade\",\"E\":1,\"T\":2,\"s\":\"ABCUSDT\",\"t\":8,\"p\":\"3\",\"q\":\"1\",\"X\":"
               "\"MARKET\",\"m\":false}");
    assert_kinds(&rig, "FT");
    assert_false(rig.event[1].trade.off_market);
    push(&rig, SPOT_TRADE("XYZUSDT", "0", "1"));
    assert_kinds(&rig, "B");
    decoder_free(rig.decoder);
}

#define MARK(symbol, mark, rest)                                                                             \
    "{\"e\":\"markPriceUpdate\",\"E\":1680652701000,\"s\":\"" symbol "\",\"p\":\"" mark "\"," rest "}"
#define MARK_REST                                                                                            \
    "\"P\":\"28142.15563565\",\"i\":\"28159.75642857\",\"r\":\"-0.00002754\",\"T\":1680652800000"
#define FORCED(symbol, side, price, qty)                                                                     \
    "{\"e\":\"forceOrder\",\"E\":5,\"o\":{\"s\":\"" symbol "\",\"S\":\"" side                                \
    "\",\"o\":\"LIMIT\",\"f\":\"IOC\","                                                                      \
    "\"q\":\"" qty "\",\"p\":\"" price                                                                       \
    "\",\"ap\":\"9910.123456\",\"X\":\"FILLED\",\"l\":\"0.014\",\"z\":\"0.014\","                            \
    "\"T\":1568014460893}}"

static void test_mark_prices_of_futures(void **state)
{
    for (int fallback = 0; fallback < 2; fallback++) {
        struct decoder_config config = {.fallback_only = fallback == 1};
        struct rig rig = rig_of(&config);

        (void)state;
        push(&rig, MARK("ABCUSDT", "28147.27373413", MARK_REST)); /* not met yet */
        assert_kinds(&rig, "O");
        push(&rig, DEPTH("ABCUSDT", "\"pu\":6,", "[\"1\",\"1\"]"));
        push(&rig, MARK("ABCUSDT", "28147.27373413", MARK_REST));
        assert_kinds(&rig, "M");
        assert_string_equal(rig.event[0].instrument->symbol, "ABCUSDT");
        assert_int_equal(rig.event[0].mark.mark_e8, 2814727373413);
        assert_int_equal(rig.event[0].mark.index_e8, 2815975642857);
        assert_int_equal(rig.event[0].mark.funding_rate_e8, -2754);
        assert_int_equal(rig.event[0].mark.next_funding_ms, 1680652800000);
        assert_int_equal(rig.event[0].mark.venue_ms, 1680652701000);
        push(&rig,
             "{\"stream\":\"abcusdt@markPrice@1s\",\"data\":" MARK("ABCUSDT", "2", "\"r\":\"\",\"T\":0") "}");
        assert_kinds(&rig, "M"); /* a delivery contract: no index, no funding */
        assert_int_equal(rig.event[0].mark.mark_e8, 200000000);
        assert_int_equal(rig.event[0].mark.index_e8, 0);
        assert_int_equal(rig.event[0].mark.funding_rate_e8, 0);
        assert_int_equal(rig.event[0].mark.next_funding_ms, 0);
        push(&rig, "{\"stream\":\"abcusdt@markPrice\",\"data\":" MARK("ABCUSDT", "-1", MARK_REST) "}");
        assert_kinds(&rig, "O");
        push(&rig, "{\"stream\":\"abcusdt@markPrice\",\"data\":[1]}");
        assert_kinds(&rig, "O");
        push(&rig, "{\"stream\":\"abcusdt@kline_1m\",\"data\":" MARK("ABCUSDT", "1", MARK_REST) "}");
        assert_kinds(&rig, "O");
        assert_int_equal(decoder_counts(rig.decoder)->other, 6);
        decoder_free(rig.decoder);
    }
}

static void test_forced_orders_of_futures(void **state)
{
    for (int fallback = 0; fallback < 2; fallback++) {
        struct decoder_config config = {.fallback_only = fallback == 1};
        struct rig rig = rig_of(&config);

        (void)state;
        push(&rig, DEPTH("ABCUSDT", "\"pu\":6,", "[\"10.5\",\"0.5\"]"));
        push(&rig, "{\"stream\":\"abcusdt@forceOrder\",\"data\":" FORCED("ABCUSDT", "SELL", "21", "1.5") "}");
        assert_kinds(&rig, "L");
        assert_int_equal(rig.event[0].liquidation.side, SIDE_ASK);
        assert_int_equal(rig.event[0].liquidation.price_ticks, 2);
        assert_int_equal(rig.event[0].liquidation.qty_lots, 3);
        assert_int_equal(rig.event[0].liquidation.venue_ms, 1568014460893);
        push(&rig, "{\"stream\":\"!forceOrder@arr\",\"data\":" FORCED("ABCUSDT", "BUY", "10.25", "0.5") "}");
        assert_kinds(&rig, "FL"); /* a price between the ticks is true of the instrument, as any other */
        assert_int_equal(rig.event[0].steps.price_factor, 42);
        assert_int_equal(rig.event[1].liquidation.side, SIDE_BID);
        assert_int_equal(rig.event[1].liquidation.price_ticks, 41);
        push(&rig, FORCED("XYZUSDT", "BUY", "10.25", "0.5"));
        assert_kinds(&rig, "O");
        push(&rig, FORCED("ABCUSDT", "buy", "10.25", "0.5"));
        assert_kinds(&rig, "O");
        push(&rig, FORCED("ABCUSDT", "BUY", "0", "0.5"));
        assert_kinds(&rig, "O");
        push(&rig, "{\"e\":\"forceOrder\",\"o\":7}");
        assert_kinds(&rig, "O");
        assert_int_equal(decoder_counts(rig.decoder)->other, 6);
        decoder_free(rig.decoder);
    }
}

static void test_only_wanted_symbols_become_instruments(void **state)
{
    static const char *const wanted[] = {"XYZUSDT"};
    struct decoder_config config = {.symbols = wanted, .symbol_count = 1};
    struct rig rig = rig_of(&config);

    (void)state;
    push(&rig, QUOTE("ABCUSDT", "1", "2"));
    assert_kinds(&rig, "O");
    push(&rig, SNAPSHOT("[\"1\",\"1\"]")); /* of the one that is not wanted */
    assert_kinds(&rig, "O");
    push(&rig, QUOTE("XYZUSDT", "1", "2"));
    assert_kinds(&rig, "IQ");
    push(&rig, SNAPSHOT("[\"1\",\"1\"]"));
    assert_kinds(&rig, "B");
    assert_int_equal(decoder_counts(rig.decoder)->other, 2);
    decoder_free(rig.decoder);
}

static void test_impossible_messages_are_bad(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);
    static const char *const texts[] = {
        DEPTH("ABCUSDT", "", "[\"0\",\"1\"]"),
        "{\"e\":\"depthUpdate\",\"E\":1,\"s\":\"ABCUSDT\",\"U\":9,\"u\":7,\"b\":[],\"a\":[]}",
        DEPTH("abcusdt", "", "[\"1\",\"1\"]"),
        DEPTH("\\u001b[2J", "", "[\"1\",\"1\"]"),
        DEPTH("AN_EXTREMELY_LONG_SYMBOL_", "", "[\"1\",\"1\"]"),
        DEPTH("ABCUSDT", "\"pu\":\"6\",", "[\"1\",\"1\"]"),
        "{\"stream\":\"!exchangeInfo\",\"data\":{\"symbols\":[]}}",
        "nonsense",
    };

    (void)state;
    for (size_t round = 0; round < 2; round++) { /* before and after the instrument is known */
        for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
            push(&rig, texts[i]);
            assert_kinds(&rig, "B");
            for (const char *at = rig.event[0].why; *at != '\0'; at++)
                assert_true(*at >= ' ' && *at < 0x7F);
        }
        push(&rig, QUOTE("ABCUSDT", "1", "2"));
    }
    assert_int_equal(decoder_counts(rig.decoder)->bad, 16);
    decoder_free(rig.decoder);
}

/* An empty side of a bookTicker is a price of 0: legal on quiet markets. */
static void test_quote_with_an_empty_side(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);

    (void)state;
    push(&rig, "{\"u\":5,\"s\":\"ABCUSDT\",\"b\":\"0.00\",\"B\":\"0.00\",\"a\":\"2.50\",\"A\":\"1\"}");
    assert_kinds(&rig, "IQ");
    assert_int_equal(rig.event[1].quote.level[SIDE_BID].price_ticks, 0);
    assert_int_equal(rig.event[0].instrument->tick_e8, 250000000);
    decoder_free(rig.decoder);
}

/* The table is bounded; the first that finds no room is said, the others are only counted. */
static void test_more_instruments_than_room(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);

    (void)state;
    for (int i = 0; i < INSTRUMENTS_MAX + 2; i++) {
        char text[256];

        snprintf(text, sizeof(text), QUOTE("A%dUSDT", "1", "2"), i);
        push(&rig, text);
        assert_kinds(&rig, i < INSTRUMENTS_MAX ? "IQ" : i == INSTRUMENTS_MAX ? "B" : "O");
    }
    push(&rig, QUOTE("A49USDT", "1", "2"));
    assert_kinds(&rig, "Q");
    assert_int_equal(rig.event[0].instrument->id, 49);
    decoder_free(rig.decoder);
}

/* 2,048 levels of nesting and more: refused without using up the stack. */
static void test_deep_nesting_is_refused(void **state)
{
    struct decoder_config config = {.known = NULL};
    struct rig rig = rig_of(&config);
    enum { DEEP = 100000 };
    char *text = malloc(DEEP + 64);

    (void)state;
    strcpy(text, "{\"e\":");
    memset(text + 5, '[', DEEP);
    text[5 + DEEP] = '\0';
    push(&rig, text);
    assert_kinds(&rig, "B");
    free(text);
    decoder_free(rig.decoder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps_are_derived_and_made_finer),
        cmocka_unit_test(test_zero_quantities_tell_no_step),
        cmocka_unit_test(test_known_steps_are_used_and_made_finer),
        cmocka_unit_test(test_exchange_info_before_the_instrument),
        cmocka_unit_test(test_exchange_info_after_the_instrument),
        cmocka_unit_test(test_symbol_table_that_was_read_elsewhere),
        cmocka_unit_test(test_symbol_table_that_cannot_be_read),
        cmocka_unit_test(test_instrument_that_is_to_come),
        cmocka_unit_test(test_instruments_to_come_are_bounded),
        cmocka_unit_test(test_snapshot_that_was_asked_for),
        cmocka_unit_test(test_answer_that_is_no_snapshot_is_bad),
        cmocka_unit_test(test_bare_snapshot_waits_for_its_symbol),
        cmocka_unit_test(test_bare_snapshot_that_no_message_names_is_bad),
        cmocka_unit_test(test_bad_bare_snapshot_does_not_wait),
        cmocka_unit_test(test_bare_snapshot_among_several_is_bad),
        cmocka_unit_test(test_spot_and_futures_are_told_apart),
        cmocka_unit_test(test_doubtful_market_follows_what_the_source_showed),
        cmocka_unit_test(test_off_market_trades_are_marked),
        cmocka_unit_test(test_mark_prices_of_futures),
        cmocka_unit_test(test_forced_orders_of_futures),
        cmocka_unit_test(test_only_wanted_symbols_become_instruments),
        cmocka_unit_test(test_impossible_messages_are_bad),
        cmocka_unit_test(test_quote_with_an_empty_side),
        cmocka_unit_test(test_more_instruments_than_room),
        cmocka_unit_test(test_deep_nesting_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

#include "sim/messages.h"

#include "core/base/decimal.h"

#include <string.h>

#define MS_NS INT64_C(1000000)

/* A literal, its length known to the compiler. */
#define ADD(text, literal) sim_text_add_size((text), "" literal, sizeof(literal) - 1)

unsigned wire_places(int64_t step_e8)
{
    return decimal_places(step_e8, DECIMAL_E8_DIGITS);
}

void wire_init(struct wire *wire, const struct sim_symbol *symbol)
{
    wire->symbol = symbol;
    wire->price_places = wire->qty_places = DECIMAL_E8_DIGITS;
    if (symbol->usdm) {
        wire->price_places = wire_places(symbol->tick_e8) < 2 ? 2 : wire_places(symbol->tick_e8);
        wire->qty_places = wire_places(symbol->lot_e8);
    }
    wire->money_places = wire->price_places;
}

unsigned wire_kline_places(const struct wire *wire)
{
    unsigned places = wire->price_places + wire->qty_places;

    return places > DECIMAL_E8_DIGITS ? DECIMAL_E8_DIGITS : places;
}

void wire_price(struct sim_text *text, const struct wire *wire, int64_t ticks)
{
    ADD(text, "\"");
    sim_text_e8(text, ticks * wire->symbol->tick_e8, wire->price_places);
    ADD(text, "\"");
}

/* In quotes, rounded half away from zero. Sums of a cheap coin pass what 64 bits hold in e8. */
static void add_wide(struct sim_text *text, __int128 value_e8, unsigned places)
{
    int64_t step = 1, fraction_e8;
    __int128 size = value_e8 < 0 ? -value_e8 : value_e8;
    size_t zero;

    for (unsigned place = places; place < DECIMAL_E8_DIGITS; place++)
        step *= 10;
    size = (size + step / 2) / step * step;
    ADD(text, "\"");
    if (value_e8 < 0 && size != 0)
        ADD(text, "-");
    sim_text_int(text, (int64_t)(size / DECIMAL_E8));
    fraction_e8 = (int64_t)(size % DECIMAL_E8);
    zero = text->size;
    sim_text_e8(text, fraction_e8, places);
    if (!text->failed) { /* the fraction without its own "0" */
        memmove(text->at + zero, text->at + zero + 1, text->size - zero);
        text->size--;
    }
    ADD(text, "\"");
}

void wire_qty(struct sim_text *text, const struct wire *wire, int64_t lots)
{
    int64_t qty_e8;

    if (__builtin_mul_overflow(lots, wire->symbol->lot_e8, &qty_e8)) {
        add_wide(text, (__int128)lots * wire->symbol->lot_e8, wire->qty_places);
        return;
    }
    ADD(text, "\"");
    sim_text_e8(text, qty_e8, wire->qty_places);
    ADD(text, "\"");
}

void wire_e8(struct sim_text *text, int64_t value_e8, unsigned places)
{
    add_wide(text, value_e8, places);
}

void wire_money(struct sim_text *text, const struct wire *wire, int64_t value, unsigned places)
{
    const struct sim_symbol *symbol = wire->symbol;

    add_wide(text, (__int128)value * symbol->tick_e8 * symbol->lot_e8 / DECIMAL_E8, places);
}

void wire_average(struct sim_text *text, const struct wire *wire, int64_t value, int64_t lots)
{
    wire_e8(text, lots == 0 ? 0 : decimal_mul_div(value, wire->symbol->tick_e8, lots), wire->price_places);
}

void wire_int(struct sim_text *text, const char *key, int64_t value)
{
    sim_text_add(text, key);
    sim_text_int(text, value);
}

static void add_name(struct sim_text *text, const struct wire *wire)
{
    ADD(text, ",\"s\":\"");
    sim_text_add(text, wire->symbol->name);
    ADD(text, "\"");
}

static void add_bool(struct sim_text *text, bool value)
{
    if (value)
        ADD(text, "true");
    else
        ADD(text, "false");
}

static void add_price(struct sim_text *text, const char *key, const struct wire *wire, int64_t ticks)
{
    sim_text_add(text, key);
    wire_price(text, wire, ticks);
}

static void add_qty(struct sim_text *text, const char *key, const struct wire *wire, int64_t lots)
{
    sim_text_add(text, key);
    wire_qty(text, wire, lots);
}

void wire_levels(struct sim_text *text, const struct wire *wire, const struct truth_level *levels,
                 size_t count)
{
    ADD(text, "[");
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            ADD(text, ",");
        ADD(text, "[");
        wire_price(text, wire, truth_ticks(levels[i].key));
        ADD(text, ",");
        wire_qty(text, wire, levels[i].lots);
        ADD(text, "]");
    }
    ADD(text, "]");
}

void message_trade(struct sim_text *text, const struct wire *wire, int64_t event_ms, int64_t trade_ms,
                   const struct tape_trade *trade)
{
    bool usdm = wire->symbol->usdm;

    wire_int(text, "{\"e\":\"trade\",\"E\":", event_ms);
    if (usdm)
        wire_int(text, ",\"T\":", trade_ms);
    add_name(text, wire);
    wire_int(text, ",\"t\":", (int64_t)trade->id);
    add_price(text, ",\"p\":", wire, trade->price_ticks);
    add_qty(text, ",\"q\":", wire, trade->qty_lots);
    if (usdm)
        ADD(text, ",\"X\":\"MARKET\"");
    else
        wire_int(text, ",\"T\":", trade_ms);
    ADD(text, ",\"m\":");
    add_bool(text, trade->buyer_maker);
    if (!usdm)
        ADD(text, ",\"M\":true");
    ADD(text, "}");
}

void message_agg_trade(struct sim_text *text, const struct wire *wire, int64_t event_ms, int64_t trade_ms,
                       const struct agg_trade *agg)
{
    wire_int(text, "{\"e\":\"aggTrade\",\"E\":", event_ms);
    add_name(text, wire);
    wire_int(text, ",\"a\":", (int64_t)agg->id);
    add_price(text, ",\"p\":", wire, agg->price_ticks);
    add_qty(text, ",\"q\":", wire, agg->qty_lots);
    wire_int(text, ",\"f\":", (int64_t)agg->first_id);
    wire_int(text, ",\"l\":", (int64_t)agg->last_id);
    wire_int(text, ",\"T\":", trade_ms);
    ADD(text, ",\"m\":");
    add_bool(text, agg->buyer_maker);
    if (!wire->symbol->usdm)
        ADD(text, ",\"M\":true");
    ADD(text, "}");
}

void message_book_ticker(struct sim_text *text, const struct wire *wire, int64_t event_ms, uint64_t update_id,
                         const struct book_top *top)
{
    if (wire->symbol->usdm)
        ADD(text, "{\"e\":\"bookTicker\",\"u\":");
    else
        ADD(text, "{\"u\":");
    sim_text_int(text, (int64_t)update_id);
    add_name(text, wire);
    add_price(text, ",\"b\":", wire, top->price_ticks[SIDE_BID]);
    add_qty(text, ",\"B\":", wire, top->qty_lots[SIDE_BID]);
    add_price(text, ",\"a\":", wire, top->price_ticks[SIDE_ASK]);
    add_qty(text, ",\"A\":", wire, top->qty_lots[SIDE_ASK]);
    if (wire->symbol->usdm) {
        wire_int(text, ",\"T\":", event_ms);
        wire_int(text, ",\"E\":", event_ms);
    }
    ADD(text, "}");
}

static size_t bid_count(const struct depth_message *depth)
{
    size_t bids = 0;

    while (bids < depth->count && truth_side(depth->levels[bids].key) == SIDE_BID)
        bids++;
    return bids;
}

static void add_sides(struct sim_text *text, const struct wire *wire, const struct depth_message *depth,
                      const char *bids_key, const char *asks_key)
{
    size_t bids = bid_count(depth);

    sim_text_add(text, bids_key);
    wire_levels(text, wire, depth->levels, bids);
    sim_text_add(text, asks_key);
    wire_levels(text, wire, bids < depth->count ? depth->levels + bids : NULL, depth->count - bids);
    ADD(text, "}");
}

void message_depth(struct sim_text *text, const struct wire *wire, const struct depth_message *depth)
{
    bool usdm = wire->symbol->usdm;

    wire_int(text, "{\"e\":\"depthUpdate\",\"E\":", depth->event_ms);
    if (usdm)
        wire_int(text, ",\"T\":", depth->change_ms);
    add_name(text, wire);
    wire_int(text, ",\"U\":", (int64_t)depth->first_id);
    wire_int(text, ",\"u\":", (int64_t)depth->last_id);
    if (usdm)
        wire_int(text, ",\"pu\":", (int64_t)depth->previous_id);
    add_sides(text, wire, depth, ",\"b\":", ",\"a\":");
}

void message_snapshot(struct sim_text *text, const struct wire *wire, const struct depth_message *depth)
{
    wire_int(text, "{\"lastUpdateId\":", (int64_t)depth->last_id);
    if (wire->symbol->usdm) {
        wire_int(text, ",\"E\":", depth->event_ms);
        wire_int(text, ",\"T\":", depth->change_ms);
    }
    add_sides(text, wire, depth, ",\"bids\":", ",\"asks\":");
}

void message_kline(struct sim_text *text, const struct wire *wire, int64_t event_ms,
                   enum kline_interval interval, const struct kline *kline, bool closed)
{
    unsigned places = wire_kline_places(wire);

    wire_int(text, "{\"e\":\"kline\",\"E\":", event_ms);
    add_name(text, wire);
    wire_int(text, ",\"k\":{\"t\":", kline->open_ms);
    wire_int(text, ",\"T\":", kline_close_ms(interval, kline->open_ms));
    add_name(text, wire);
    ADD(text, ",\"i\":\"");
    sim_text_add(text, kline_interval_text(interval));
    wire_int(text, "\",\"f\":", kline->trades == 0 ? -1 : (int64_t)kline->first_id);
    wire_int(text, ",\"L\":", kline->trades == 0 ? -1 : (int64_t)kline->last_id);
    add_price(text, ",\"o\":", wire, kline->open_ticks);
    add_price(text, ",\"c\":", wire, kline->close_ticks);
    add_price(text, ",\"h\":", wire, kline->high_ticks);
    add_price(text, ",\"l\":", wire, kline->low_ticks);
    add_qty(text, ",\"v\":", wire, kline->lots);
    wire_int(text, ",\"n\":", kline->trades);
    ADD(text, ",\"x\":");
    add_bool(text, closed);
    ADD(text, ",\"q\":");
    wire_money(text, wire, kline->value, places);
    add_qty(text, ",\"V\":", wire, kline->taker_lots);
    ADD(text, ",\"Q\":");
    wire_money(text, wire, kline->taker_value, places);
    ADD(text, ",\"B\":\"0\"}}");
}

void message_mini_ticker(struct sim_text *text, const struct wire *wire, int64_t event_ms,
                         const struct ticker *ticker)
{
    wire_int(text, "{\"e\":\"24hrMiniTicker\",\"E\":", event_ms);
    add_name(text, wire);
    add_price(text, ",\"c\":", wire, ticker->last_ticks);
    add_price(text, ",\"o\":", wire, ticker->open_ticks);
    add_price(text, ",\"h\":", wire, ticker->high_ticks);
    add_price(text, ",\"l\":", wire, ticker->low_ticks);
    add_qty(text, ",\"v\":", wire, ticker->lots);
    ADD(text, ",\"q\":");
    wire_money(text, wire, ticker->value, wire->money_places);
    ADD(text, "}");
}

static void add_change(struct sim_text *text, const struct wire *wire, const struct ticker *ticker)
{
    add_price(text, ",\"p\":", wire, ticker->last_ticks - ticker->open_ticks);
    ADD(text, ",\"P\":");
    wire_e8(text, ticker_change_percent_e8(ticker), 3);
}

static void add_window(struct sim_text *text, const struct ticker *ticker)
{
    wire_int(text, ",\"O\":", ticker->open_ms);
    wire_int(text, ",\"C\":", ticker->close_ms);
    wire_int(text, ",\"F\":", ticker->trades == 0 ? -1 : (int64_t)ticker->first_id);
    wire_int(text, ",\"L\":", ticker->trades == 0 ? -1 : (int64_t)ticker->last_id);
    wire_int(text, ",\"n\":", (int64_t)ticker->trades);
    ADD(text, "}");
}

void message_ticker(struct sim_text *text, const struct wire *wire, int64_t event_ms,
                    const struct ticker *ticker, const struct book_top *top)
{
    bool usdm = wire->symbol->usdm;

    wire_int(text, "{\"e\":\"24hrTicker\",\"E\":", event_ms);
    add_name(text, wire);
    add_change(text, wire, ticker);
    ADD(text, ",\"w\":");
    wire_average(text, wire, ticker->value, ticker->lots);
    if (!usdm)
        add_price(text, ",\"x\":", wire, ticker->before_ticks);
    add_price(text, ",\"c\":", wire, ticker->last_ticks);
    add_qty(text, ",\"Q\":", wire, ticker->last_lots);
    if (!usdm) {
        add_price(text, ",\"b\":", wire, top->price_ticks[SIDE_BID]);
        add_qty(text, ",\"B\":", wire, top->qty_lots[SIDE_BID]);
        add_price(text, ",\"a\":", wire, top->price_ticks[SIDE_ASK]);
        add_qty(text, ",\"A\":", wire, top->qty_lots[SIDE_ASK]);
    }
    add_price(text, ",\"o\":", wire, ticker->open_ticks);
    add_price(text, ",\"h\":", wire, ticker->high_ticks);
    add_price(text, ",\"l\":", wire, ticker->low_ticks);
    add_qty(text, ",\"v\":", wire, ticker->lots);
    ADD(text, ",\"q\":");
    wire_money(text, wire, ticker->value, wire->money_places);
    add_window(text, ticker);
}

void message_window_ticker(struct sim_text *text, const struct wire *wire, int64_t event_ms, unsigned minutes,
                           const struct ticker *ticker)
{
    ADD(text, "{\"e\":\"");
    sim_text_add(text, minutes == 60 ? "1hTicker" : minutes == 240 ? "4hTicker" : "1dTicker");
    wire_int(text, "\",\"E\":", event_ms);
    add_name(text, wire);
    add_change(text, wire, ticker);
    add_price(text, ",\"o\":", wire, ticker->open_ticks);
    add_price(text, ",\"h\":", wire, ticker->high_ticks);
    add_price(text, ",\"l\":", wire, ticker->low_ticks);
    add_price(text, ",\"c\":", wire, ticker->last_ticks);
    ADD(text, ",\"w\":");
    wire_average(text, wire, ticker->value, ticker->lots);
    add_qty(text, ",\"v\":", wire, ticker->lots);
    ADD(text, ",\"q\":");
    wire_money(text, wire, ticker->value, wire->money_places);
    add_window(text, ticker);
}

void message_avg_price(struct sim_text *text, const struct wire *wire, int64_t event_ms, int64_t price_e8,
                       int64_t trade_ms)
{
    wire_int(text, "{\"e\":\"avgPrice\",\"E\":", event_ms);
    add_name(text, wire);
    ADD(text, ",\"i\":\"5m\",\"w\":");
    wire_e8(text, price_e8, wire->price_places);
    wire_int(text, ",\"T\":", trade_ms);
    ADD(text, "}");
}

void message_mark_price(struct sim_text *text, const struct wire *wire, int64_t event_ms,
                        const struct market_mark *mark)
{
    wire_int(text, "{\"e\":\"markPriceUpdate\",\"E\":", event_ms);
    add_name(text, wire);
    ADD(text, ",\"p\":");
    wire_e8(text, mark->mark_e8, DECIMAL_E8_DIGITS);
    ADD(text, ",\"P\":");
    wire_e8(text, mark->index_e8, DECIMAL_E8_DIGITS);
    ADD(text, ",\"i\":");
    wire_e8(text, mark->index_e8, DECIMAL_E8_DIGITS);
    ADD(text, ",\"r\":");
    wire_e8(text, mark->funding_rate_e8, DECIMAL_E8_DIGITS);
    wire_int(text, ",\"T\":", mark->next_funding_ns / MS_NS);
    ADD(text, "}");
}

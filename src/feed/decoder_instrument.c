#include "feed/decoder_parts.h"

#include <string.h>

/* The instrument takes over what its steps have become. */
static void steps_changed(struct feed_instrument *item, struct step_change change)
{
    instrument_rescale(&item->info, change);
    item->info.tick_e8 = item->steps.tick_e8;
    item->info.lot_e8 = item->steps.lot_e8;
    if (item->info.step_source == STEP_UNKNOWN)
        item->info.step_source = STEP_DERIVED;
}

void decoder_refine(struct decoder *decoder, struct feed_instrument *item, struct step_hint hint,
                    int64_t recv_ns)
{
    struct step_change change;

    if (!steps_refine(&item->steps, hint, &change))
        return;
    steps_changed(item, change);
    decoder_emit(decoder, FEED_STEPS, recv_ns, item)->steps = change;
}

unsigned decoder_convert(struct decoder *decoder, struct feed_instrument *item, const struct span *span,
                         size_t count, int64_t recv_ns)
{
    struct step_hint hint = {0, 0};
    unsigned flags = item->steps.tick_known && item->steps.lot_known ? STEPS_EXACT : STEPS_FINER;

    for (size_t i = 0; i < count; i++)
        flags |= steps_convert(&item->steps, span[i].in, span[i].count, span[i].out);
    if ((flags & STEPS_FINER) == 0)
        return flags;
    for (size_t i = 0; i < count; i++)
        step_hint_add(&hint, span[i].in, span[i].count);
    decoder_refine(decoder, item, hint, recv_ns);
    for (size_t i = 0; i < count; i++)
        steps_convert(&item->steps, span[i].in, span[i].count, span[i].out);
    return flags & ~STEPS_FINER;
}

static const struct instrument *known_find(const struct decoder *decoder, const char *symbol,
                                           enum venue venue)
{
    for (size_t i = 0; i < decoder->config.known_count; i++)
        if (decoder->config.known[i].venue == venue && strcmp(decoder->config.known[i].symbol, symbol) == 0)
            return &decoder->config.known[i];
    return NULL;
}

bool decoder_wants(const struct decoder *decoder, struct wire_text symbol)
{
    if (decoder->config.symbols == NULL)
        return true;
    for (size_t i = 0; i < decoder->config.symbol_count; i++)
        if (strlen(decoder->config.symbols[i]) == symbol.size &&
            memcmp(decoder->config.symbols[i], symbol.at, symbol.size) == 0)
            return true;
    return false;
}

static enum venue venue_of(struct wire_text symbol, enum wire_market market)
{
    if (market == WIRE_MARKET_SPOT)
        return VENUE_BINANCE_SPOT;
    return symbol_is_coin_margined(symbol.at, symbol.size) ? VENUE_BINANCE_COINM : VENUE_BINANCE_USDM;
}

void decoder_first_steps(struct decoder *decoder, struct feed_instrument *item, const struct span *span,
                         size_t count)
{
    const struct exchange_symbol *entry =
        exchange_info_find(&decoder->exchange, item->info.symbol, item->info.venue);
    const struct instrument *known = known_find(decoder, item->info.symbol, item->info.venue);
    int64_t tick_e8 = 0, lot_e8 = 0;
    struct step_hint hint = {0, 0};
    struct step_change change;

    if (known != NULL) {
        tick_e8 = known->tick_e8;
        lot_e8 = known->lot_e8;
        item->info.step_source = STEP_CONFIG;
    }
    if (entry != NULL) {
        tick_e8 = entry->tick_e8 > 0 ? entry->tick_e8 : tick_e8;
        lot_e8 = entry->lot_e8 > 0 ? entry->lot_e8 : lot_e8;
        item->info.step_source = STEP_EXCHANGE_INFO;
    }
    steps_init(&item->steps, tick_e8, lot_e8);
    for (size_t i = 0; i < count; i++)
        step_hint_add(&hint, span[i].in, span[i].count);
    steps_refine(&item->steps, hint, &change);
    item->info.tick_e8 = item->steps.tick_e8;
    item->info.lot_e8 = item->steps.lot_e8;
    if (item->info.step_source == STEP_UNKNOWN && (item->steps.tick_known || item->steps.lot_known))
        item->info.step_source = STEP_DERIVED;
    if (entry != NULL)
        exchange_symbol_apply(entry, &item->info);
}

struct feed_instrument *decoder_find(struct decoder *decoder, struct wire_text symbol,
                                     enum wire_market market, bool sure)
{
    struct feed_instrument *item = instrument_table_find(&decoder->table, symbol, market), *other;

    if (sure || (item != NULL && item->source == decoder->source.number))
        return item;
    other = instrument_table_find(&decoder->table, symbol,
                                  market == WIRE_MARKET_SPOT ? WIRE_MARKET_FUTURES : WIRE_MARKET_SPOT);
    if (other != NULL && (item == NULL || other->source == decoder->source.number))
        return other;
    return item;
}

struct feed_instrument *decoder_add(struct decoder *decoder, struct wire_text symbol, enum wire_market market,
                                    bool sure, int64_t recv_ns)
{
    char name[SYMBOL_SIZE] = "";
    struct feed_instrument *item;

    if (!sure && memchr(symbol.at, '_', symbol.size) != NULL) /* no spot symbol has one */
        market = WIRE_MARKET_FUTURES;
    memcpy(name, symbol.at, symbol.size);
    item = instrument_table_add(&decoder->table, name, market, venue_of(symbol, market));
    if (item != NULL)
        return item;
    if (decoder->full_said) {
        decoder_emit_other(decoder, recv_ns);
        return NULL;
    }
    decoder->full_said = true;
    decoder_emit_bad_symbol(decoder, recv_ns, "more instruments than there is room for, left out", symbol);
    return NULL;
}

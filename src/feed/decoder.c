#include "feed/decoder.h"

#include "core/base/safe_text.h"
#include "feed/exchange_info.h"
#include "feed/instrument_table.h"
#include "feed/scan.h"
#include "feed/wire_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EVENTS_MAX (2 * INSTRUMENTS_MAX + 8) /* of one message: exchangeInfo touches every instrument */

/* What this file or connection has shown so far: whom a snapshot without a name belongs to. */
struct decoder_source {
    uint32_t number;
    unsigned symbols;             /* 0, 1, or 2 for more */
    struct feed_instrument *only; /* of the one symbol; NULL when it is filtered out */
    char foreign[SYMBOL_SIZE];    /* the one symbol that is filtered out */
};

/* A bare snapshot that waits for a name. */
struct held_snapshot {
    bool waiting;
    int64_t recv_ns;
    struct wire_message message; /* its level array is our own */
};

struct decoder {
    struct decoder_config config;
    struct decoder_counts counts;
    struct scanner scanner;
    struct wire_message message;
    struct instrument_table table;
    struct exchange_info exchange;
    struct decoder_source source;
    struct held_snapshot held;
    bool full_said; /* that INSTRUMENTS_MAX is reached */
    size_t event_count, event_next;
    struct feed_event event[EVENTS_MAX];
    char why[WIRE_WHY_SIZE];
    struct wire_level wire_level[WIRE_LEVELS_MAX];
    struct wire_level held_level[WIRE_LEVELS_MAX];
    struct level level[WIRE_LEVELS_MAX];      /* of the message, in ticks and lots */
    struct level held_ticks[WIRE_LEVELS_MAX]; /* of the held snapshot */
};

/* --- events out ---------------------------------------------------------------------------------------- */

static struct feed_event *emit(struct decoder *decoder, enum feed_event_kind kind, int64_t recv_ns,
                               const struct feed_instrument *item)
{
    struct feed_event *event = &decoder->event[decoder->event_count++];

    event->kind = kind;
    event->recv_ns = recv_ns;
    event->instrument = item != NULL ? &item->info : NULL;
    return event;
}

static void emit_other(struct decoder *decoder, int64_t recv_ns)
{
    decoder->counts.other++;
    emit(decoder, FEED_OTHER, recv_ns, NULL);
}

/* why has static life, or is decoder->why. */
static void emit_bad(struct decoder *decoder, int64_t recv_ns, const char *why)
{
    decoder->counts.bad++;
    emit(decoder, FEED_BAD, recv_ns, NULL)->why = why;
}

static void emit_bad_symbol(struct decoder *decoder, int64_t recv_ns, const char *what,
                            struct wire_text symbol)
{
    char safe[64];

    safe_text(symbol.at, symbol.size, safe, sizeof(safe));
    snprintf(decoder->why, sizeof(decoder->why), "%s: %s", what, safe);
    emit_bad(decoder, recv_ns, decoder->why);
}

/* --- steps --------------------------------------------------------------------------------------------- */

/* Levels on their way from the wire to ticks and lots. */
struct span {
    const struct wire_level *in;
    size_t count;
    struct level *out;
};

/* The instrument takes over what its steps have become. */
static void steps_changed(struct feed_instrument *item, struct step_change change)
{
    instrument_rescale(&item->info, change);
    item->info.tick_e8 = item->steps.tick_e8;
    item->info.lot_e8 = item->steps.lot_e8;
    if (item->info.step_source == STEP_UNKNOWN)
        item->info.step_source = STEP_DERIVED;
}

static void refine(struct decoder *decoder, struct feed_instrument *item, struct step_hint hint,
                   int64_t recv_ns)
{
    struct step_change change;

    if (!steps_refine(&item->steps, hint, &change))
        return;
    steps_changed(item, change);
    emit(decoder, FEED_STEPS, recv_ns, item)->steps = change;
}

/* Converts all spans, with finer steps first if they need them. Returns flags of steps_convert(). */
static unsigned convert(struct decoder *decoder, struct feed_instrument *item, const struct span *span,
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
    refine(decoder, item, hint, recv_ns);
    for (size_t i = 0; i < count; i++)
        steps_convert(&item->steps, span[i].in, span[i].count, span[i].out);
    return flags & ~STEPS_FINER;
}

/* --- instruments --------------------------------------------------------------------------------------- */

static const struct instrument *known_find(const struct decoder *decoder, const char *symbol,
                                           enum venue venue)
{
    for (size_t i = 0; i < decoder->config.known_count; i++)
        if (decoder->config.known[i].venue == venue && strcmp(decoder->config.known[i].symbol, symbol) == 0)
            return &decoder->config.known[i];
    return NULL;
}

static bool is_wanted(const struct decoder *decoder, struct wire_text symbol)
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

/* First steps: what the venue said, else what the configuration knows, else what these levels show. */
static void first_steps(struct decoder *decoder, struct feed_instrument *item, const struct span *span,
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

/* The instrument of a message, if it was met. Where the market is a guess, one that this source showed
 * comes first, then one of any source. */
static struct feed_instrument *find_instrument(struct decoder *decoder, struct wire_text symbol,
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

/* NULL, with the event that says why, when the message's symbol does not become an instrument. */
static struct feed_instrument *new_instrument(struct decoder *decoder, struct wire_text symbol,
                                              enum wire_market market, bool sure, int64_t recv_ns)
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
        emit_other(decoder, recv_ns);
        return NULL;
    }
    decoder->full_said = true;
    emit_bad_symbol(decoder, recv_ns, "more instruments than there is room for, left out", symbol);
    return NULL;
}

/* --- whom a bare snapshot belongs to --------------------------------------------------------------------- */

static void source_saw(struct decoder *decoder, struct feed_instrument *item)
{
    struct decoder_source *source = &decoder->source;

    item->source = source->number;
    source->only = item;
    source->symbols = source->symbols == 0 ? 1 : 2;
}

static void source_saw_foreign(struct decoder *decoder, struct wire_text symbol)
{
    struct decoder_source *source = &decoder->source;

    if (source->symbols == 1 && source->only == NULL && strlen(source->foreign) == symbol.size &&
        memcmp(source->foreign, symbol.at, symbol.size) == 0)
        return;
    source->symbols = source->symbols == 0 ? 1 : 2;
    source->only = NULL;
    memcpy(source->foreign, symbol.at, symbol.size);
    source->foreign[symbol.size] = '\0';
}

static void hold_snapshot(struct decoder *decoder, int64_t recv_ns)
{
    struct held_snapshot *held = &decoder->held;

    if (held->waiting) /* a newer one takes its place */
        emit_other(decoder, held->recv_ns);
    held->waiting = true;
    held->recv_ns = recv_ns;
    held->message = decoder->message;
    held->message.level = decoder->held_level;
    memcpy(decoder->held_level, decoder->message.level,
           decoder->message.level_used * sizeof(struct wire_level));
}

/* --- messages -> events ---------------------------------------------------------------------------------- */

static void set_levels(const struct wire_message *message, const struct level *ticks,
                       const struct level *levels[SIDE_COUNT], size_t count[SIDE_COUNT])
{
    for (int side = 0; side < SIDE_COUNT; side++) {
        levels[side] = ticks + message->level_first[side];
        count[side] = message->level_count[side];
    }
}

static void emit_snapshot(struct decoder *decoder, const struct feed_instrument *item,
                          const struct wire_message *message, const struct level *ticks, int64_t recv_ns)
{
    struct depth_snapshot *out = &emit(decoder, FEED_SNAPSHOT, recv_ns, item)->snapshot;

    decoder->counts.snapshot++;
    out->recv_ns = recv_ns;
    out->last_id = message->snapshot_id;
    set_levels(message, ticks, out->levels, out->level_count);
}

static void emit_depth(struct decoder *decoder, const struct feed_instrument *item, int64_t recv_ns)
{
    const struct wire_message *message = &decoder->message;
    struct depth_update *out = &emit(decoder, FEED_DEPTH, recv_ns, item)->depth;

    decoder->counts.depth++;
    out->recv_ns = recv_ns;
    out->venue_ms = (message->seen & WIRE_EVENT_MS) ? message->event_ms : 0;
    out->first_id = message->first_id;
    out->last_id = message->last_id;
    out->has_prev_id = (message->seen & WIRE_PREV_ID) != 0;
    out->prev_id = out->has_prev_id ? message->prev_id : 0;
    set_levels(message, decoder->level, out->levels, out->level_count);
}

static void emit_quote(struct decoder *decoder, const struct feed_instrument *item, int64_t recv_ns)
{
    struct best_quote *out = &emit(decoder, FEED_QUOTE, recv_ns, item)->quote;

    decoder->counts.book_ticker++;
    out->recv_ns = recv_ns;
    out->update_id = decoder->message.last_id;
    out->level[SIDE_BID] = decoder->level[SIDE_BID];
    out->level[SIDE_ASK] = decoder->level[SIDE_ASK];
}

static void emit_trade(struct decoder *decoder, const struct feed_instrument *item, int64_t recv_ns)
{
    const struct wire_message *message = &decoder->message;
    struct trade *out = &emit(decoder, FEED_TRADE, recv_ns, item)->trade;
    bool aggregate = message->kind == WIRE_AGG_TRADE;
    enum side taker = message->buyer_maker ? SIDE_ASK : SIDE_BID;
    uint32_t order_bit = taker == SIDE_BID ? WIRE_BID_ID : WIRE_ASK_ID;

    if (aggregate)
        decoder->counts.agg_trade++;
    else
        decoder->counts.trade++;
    out->recv_ns = recv_ns;
    out->venue_ms = message->time_ms;
    out->id = aggregate ? message->order_id[SIDE_ASK] : message->trade_id;
    out->taker_order_id = !aggregate && (message->seen & order_bit) ? message->order_id[taker] : 0;
    out->price_ticks = decoder->level[0].price_ticks;
    out->qty_lots = decoder->level[0].qty_lots;
    out->taker = taker;
    out->off_market = (message->seen & WIRE_EXEC_TYPE) && message->off_market;
    out->aggregate = aggregate;
}

static struct span message_span(struct decoder *decoder)
{
    const struct wire_message *message = &decoder->message;

    switch (message->kind) {
    case WIRE_QUOTE:
        return (struct span){message->best, SIDE_COUNT, decoder->level};
    case WIRE_TRADE:
    case WIRE_AGG_TRADE:
        return (struct span){&message->print, 1, decoder->level};
    case WIRE_DEPTH:
    case WIRE_SNAPSHOT:
    case WIRE_OTHER:
    case WIRE_EXCHANGE_INFO:
        break;
    }
    return (struct span){message->level, message->level_used, decoder->level};
}

/* NULL, or what makes the message impossible. Futures print trades of price 0 off the market, and an empty
 * side of a bookTicker is a price of 0. */
static const char *impossible(const struct wire_message *message, unsigned flags)
{
    switch (message->kind) {
    case WIRE_DEPTH:
        if (message->first_id > message->last_id)
            return "depth update: U is above u";
        return (flags & STEPS_ZERO_PRICE) ? "depth update: a price is 0" : NULL;
    case WIRE_SNAPSHOT:
        return (flags & STEPS_ZERO_PRICE) ? "depth snapshot: a price is 0" : NULL;
    case WIRE_TRADE:
    case WIRE_AGG_TRADE:
        if ((message->seen & WIRE_EXEC_TYPE) && message->off_market)
            return NULL;
        return (flags & STEPS_ZERO_PRICE) || message->print.qty_e8 == 0 ? "trade: price or quantity is 0"
                                                                        : NULL;
    case WIRE_QUOTE:
    case WIRE_OTHER:
    case WIRE_EXCHANGE_INFO:
        break;
    }
    return NULL;
}

static unsigned zero_price(struct span span)
{
    for (size_t i = 0; i < span.count; i++)
        if (span.in[i].price_e8 == 0)
            return STEPS_ZERO_PRICE;
    return 0;
}

static void emit_message(struct decoder *decoder, const struct feed_instrument *item, int64_t recv_ns)
{
    switch (decoder->message.kind) {
    case WIRE_DEPTH:
        emit_depth(decoder, item, recv_ns);
        break;
    case WIRE_SNAPSHOT:
        emit_snapshot(decoder, item, &decoder->message, decoder->level, recv_ns);
        break;
    case WIRE_QUOTE:
        emit_quote(decoder, item, recv_ns);
        break;
    case WIRE_TRADE:
    case WIRE_AGG_TRADE:
        emit_trade(decoder, item, recv_ns);
        break;
    case WIRE_OTHER:
    case WIRE_EXCHANGE_INFO:
        break;
    }
}

/* The rare way: the first message of an instrument, or of a source with a snapshot waiting. item is NULL when
 * the instrument is new. */
static void introduce(struct decoder *decoder, struct feed_instrument *item, struct wire_text symbol,
                      enum wire_market market, bool sure, int64_t recv_ns)
{
    struct held_snapshot *held = &decoder->held;
    struct span span[2] = {message_span(decoder)};
    size_t spans = 1;
    int64_t first_ns = recv_ns;
    const char *why = impossible(&decoder->message, zero_price(span[0]));
    bool is_new = item == NULL;

    if (why != NULL) {
        emit_bad(decoder, recv_ns, why);
        return;
    }
    if (is_new)
        item = new_instrument(decoder, symbol, market, sure, recv_ns);
    if (item == NULL)
        return;
    if (item->source != decoder->source.number)
        source_saw(decoder, item);
    if (held->waiting) {
        span[spans++] = (struct span){held->message.level, held->message.level_used, decoder->held_ticks};
        first_ns = held->recv_ns;
    }
    if (is_new) {
        first_steps(decoder, item, span, spans);
        emit(decoder, FEED_INSTRUMENT, first_ns, item);
    }
    convert(decoder, item, span, spans, first_ns);
    if (held->waiting)
        emit_snapshot(decoder, item, &held->message, decoder->held_ticks, held->recv_ns);
    held->waiting = false;
    emit_message(decoder, item, recv_ns);
}

static void take_foreign(struct decoder *decoder, struct wire_text symbol, int64_t recv_ns)
{
    source_saw_foreign(decoder, symbol);
    if (decoder->held.waiting)
        emit_other(decoder, decoder->held.recv_ns);
    decoder->held.waiting = false;
    emit_other(decoder, recv_ns);
}

/* A message whose instrument is known and current: the hot way. */
static void take_known(struct decoder *decoder, struct feed_instrument *item, int64_t recv_ns)
{
    const struct span span = message_span(decoder);
    unsigned flags = STEPS_FINER;
    const char *why;

    if (item->steps.tick_known && item->steps.lot_known)
        flags = steps_convert(&item->steps, span.in, span.count, span.out);
    if (flags & STEPS_FINER)
        flags = convert(decoder, item, &span, 1, recv_ns);
    why = impossible(&decoder->message, flags);
    if (why == NULL)
        emit_message(decoder, item, recv_ns);
    else /* steps that it made finer stay: they are true of the instrument all the same */
        emit_bad(decoder, recv_ns, why);
}

static void take_named(struct decoder *decoder, struct wire_text symbol, int64_t recv_ns)
{
    bool sure;
    enum wire_market market = wire_market(&decoder->message, &sure);
    struct feed_instrument *item = find_instrument(decoder, symbol, market, sure);

    if (item != NULL && item->source == decoder->source.number) {
        take_known(decoder, item, recv_ns);
    } else if (!symbol_is_valid(symbol.at, symbol.size)) {
        emit_bad_symbol(decoder, recv_ns, "symbol is not upper-case letters, digits and _, at most 23",
                        symbol);
    } else if (item == NULL && !is_wanted(decoder, symbol)) {
        take_foreign(decoder, symbol, recv_ns);
    } else {
        introduce(decoder, item, symbol, market, sure, recv_ns);
    }
}

/* Upper case of a stream's symbol, padded so that it can be looked up. */
static struct wire_text upper_symbol(struct wire_text text, char out[64])
{
    size_t size = text.size < SYMBOL_SIZE ? text.size : SYMBOL_SIZE; /* too long stays too long */

    memset(out, 0, 64);
    for (size_t i = 0; i < size; i++)
        out[i] = (char)(text.at[i] >= 'a' && text.at[i] <= 'z' ? text.at[i] - 'a' + 'A' : text.at[i]);
    return (struct wire_text){out, size};
}

static void take_snapshot(struct decoder *decoder, int64_t recv_ns)
{
    struct wire_message *message = &decoder->message;
    char name[64];

    if (message->stream.size > 0) {
        take_named(decoder, upper_symbol(message->stream_symbol, name), recv_ns);
    } else if (message->seen & WIRE_SYMBOL) {
        take_named(decoder, upper_symbol(message->symbol, name), recv_ns);
    } else if (decoder->source.symbols == 0) {
        hold_snapshot(decoder, recv_ns);
    } else if (decoder->source.symbols > 1) {
        emit_bad(decoder, recv_ns, "depth snapshot without a symbol in a source of several instruments");
    } else if (decoder->source.only == NULL) {
        emit_other(decoder, recv_ns);
    } else {
        take_known(decoder, decoder->source.only, recv_ns);
    }
}

static void take_message(struct decoder *decoder, int64_t recv_ns)
{
    switch (decoder->message.kind) {
    case WIRE_DEPTH:
    case WIRE_QUOTE:
    case WIRE_TRADE:
    case WIRE_AGG_TRADE:
        take_named(decoder, decoder->message.symbol, recv_ns);
        break;
    case WIRE_SNAPSHOT:
        take_snapshot(decoder, recv_ns);
        break;
    case WIRE_OTHER:
    case WIRE_EXCHANGE_INFO:
        emit_other(decoder, recv_ns);
        break;
    }
}

/* --- the slow way ---------------------------------------------------------------------------------------- */

/* Every instrument met so far gets what the venue says of it; the rest waits for those to come. */
static void take_exchange_info(struct decoder *decoder, const json_t *data, int64_t recv_ns)
{
    struct exchange_info info;
    enum err err = exchange_info_read(data, &info);

    if (err != ERR_OK) {
        snprintf(decoder->why, sizeof(decoder->why), "exchangeInfo: %s", err_text(err));
        emit_bad(decoder, recv_ns, decoder->why);
        return;
    }
    exchange_info_release(&decoder->exchange);
    decoder->exchange = info;
    for (size_t i = 0; i < decoder->table.count; i++) {
        struct feed_instrument *item = &decoder->table.item[i];
        const struct exchange_symbol *entry = exchange_info_find(&info, item->info.symbol, item->info.venue);

        if (entry == NULL)
            continue;
        refine(decoder, item, (struct step_hint){entry->tick_e8, entry->lot_e8}, recv_ns);
        item->info.step_source = STEP_EXCHANGE_INFO;
        exchange_symbol_apply(entry, &item->info);
        emit(decoder, FEED_INSTRUMENT, recv_ns, item);
    }
    emit_other(decoder, recv_ns);
}

static void push_json(struct decoder *decoder, int64_t recv_ns, const char *text, size_t size)
{
    json_t *root, *data;
    char name[64];

    if (wire_json_read(text, size, &decoder->message, &root, &data, decoder->why) != ERR_OK) {
        emit_bad(decoder, recv_ns, decoder->why);
        return;
    }
    if (decoder->message.kind == WIRE_EXCHANGE_INFO) {
        take_exchange_info(decoder, data, recv_ns);
    } else {
        decoder->counts.fallback += decoder->message.kind != WIRE_OTHER;
        if (decoder->message.seen & WIRE_SYMBOL) { /* into padded memory, as look-ups need it */
            struct wire_text *symbol = &decoder->message.symbol;
            size_t kept = symbol->size < sizeof(name) / 2 ? symbol->size : sizeof(name) / 2;

            memset(name, 0, sizeof(name));
            memcpy(name, symbol->at, kept);
            *symbol = (struct wire_text){name, kept};
        }
        take_message(decoder, recv_ns);
    }
    json_decref(root);
}

/* --- public ---------------------------------------------------------------------------------------------- */

struct decoder *decoder_new(const struct decoder_config *config)
{
    struct decoder *decoder = calloc(1, sizeof(*decoder));

    if (decoder == NULL)
        return NULL;
    decoder->config = *config;
    decoder->message.level = decoder->wire_level;
    decoder_new_source(decoder);
    return decoder;
}

void decoder_free(struct decoder *decoder)
{
    if (decoder == NULL)
        return;
    exchange_info_release(&decoder->exchange);
    free(decoder);
}

void decoder_new_source(struct decoder *decoder)
{
    decoder->source.number++;
    decoder->source.symbols = 0;
    decoder->source.only = NULL;
    decoder->held.waiting = false;
}

void decoder_push(struct decoder *decoder, int64_t recv_ns, const char *text, size_t size)
{
    decoder->event_count = decoder->event_next = 0;
    if (!decoder->config.fallback_only && scan_message(&decoder->scanner, text, size, &decoder->message))
        take_message(decoder, recv_ns);
    else
        push_json(decoder, recv_ns, text, size);
}

void decoder_end_source(struct decoder *decoder)
{
    decoder->event_count = decoder->event_next = 0;
    if (decoder->held.waiting)
        emit_bad(decoder, decoder->held.recv_ns,
                 "depth snapshot of a source in which no message tells its symbol");
    decoder->held.waiting = false;
}

bool decoder_pending(const struct decoder *decoder)
{
    return decoder->event_next < decoder->event_count;
}

bool decoder_next(struct decoder *decoder, struct feed_event *out)
{
    if (decoder->event_next == decoder->event_count)
        return false;
    *out = decoder->event[decoder->event_next++];
    return true;
}

const struct decoder_counts *decoder_counts(const struct decoder *decoder)
{
    return &decoder->counts;
}

void decoder_count_bad(struct decoder *decoder)
{
    decoder->counts.bad++;
}

size_t decoder_instruments(const struct decoder *decoder, const struct instrument **out, size_t max)
{
    size_t count = decoder->table.count < max ? decoder->table.count : max;

    for (size_t i = 0; i < count; i++)
        out[i] = &decoder->table.item[i].info;
    return count;
}

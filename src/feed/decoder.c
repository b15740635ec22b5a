#include "feed/decoder_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

    if (held->waiting) { /* a newer one takes its place; counted by what it is all the same */
        decoder->counts.snapshot++;
        decoder_emit(decoder, FEED_OTHER, held->recv_ns, NULL);
    }
    held->waiting = true;
    held->recv_ns = recv_ns;
    held->message = decoder->message;
    held->message.level = decoder->held_level;
    memcpy(decoder->held_level, decoder->message.level,
           decoder->message.level_used * sizeof(struct wire_level));
}

/* --- one message ------------------------------------------------------------------------------------------ */

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
        decoder_emit_bad(decoder, recv_ns, why);
        return;
    }
    if (is_new)
        item = decoder_add(decoder, symbol, market, sure, recv_ns);
    if (item == NULL)
        return;
    if (item->source != decoder->source.number)
        source_saw(decoder, item);
    if (held->waiting) {
        span[spans++] = (struct span){held->message.level, held->message.level_used, decoder->held_ticks};
        first_ns = held->recv_ns;
    }
    if (is_new) {
        decoder_first_steps(decoder, item, span, spans);
        decoder_emit(decoder, FEED_INSTRUMENT, first_ns, item);
    }
    decoder_convert(decoder, item, span, spans, first_ns);
    if (held->waiting)
        decoder_emit_snapshot(decoder, item, &held->message, decoder->held_ticks, held->recv_ns);
    held->waiting = false;
    decoder_emit_message(decoder, item, recv_ns);
}

static void take_foreign(struct decoder *decoder, struct wire_text symbol, int64_t recv_ns)
{
    source_saw_foreign(decoder, symbol);
    if (decoder->held.waiting)
        decoder_emit_other(decoder, decoder->held.recv_ns);
    decoder->held.waiting = false;
    decoder_emit_other(decoder, recv_ns);
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
        flags = decoder_convert(decoder, item, &span, 1, recv_ns);
    why = impossible(&decoder->message, flags);
    if (why == NULL)
        decoder_emit_message(decoder, item, recv_ns);
    else /* steps that it made finer stay: they are true of the instrument all the same */
        decoder_emit_bad(decoder, recv_ns, why);
}

static void take_named(struct decoder *decoder, struct wire_text symbol, int64_t recv_ns)
{
    bool sure;
    enum wire_market market = wire_market(&decoder->message, &sure);
    struct feed_instrument *item = decoder_find(decoder, symbol, market, sure);

    if (item != NULL && item->source == decoder->source.number) {
        take_known(decoder, item, recv_ns);
    } else if (!symbol_is_valid(symbol.at, symbol.size)) {
        decoder_emit_bad_symbol(decoder, recv_ns,
                                "symbol is not upper-case letters, digits and _, at most 23", symbol);
    } else if (item == NULL && !decoder_wants(decoder, symbol)) {
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
    const char *why;
    char name[64];

    if (message->stream.size > 0) {
        take_named(decoder, upper_symbol(message->stream_symbol, name), recv_ns);
    } else if (message->seen & WIRE_SYMBOL) {
        take_named(decoder, upper_symbol(message->symbol, name), recv_ns);
    } else if (decoder->source.symbols == 0) { /* what waits is judged now: only its instrument is open */
        why = impossible(message, zero_price(message_span(decoder)));
        if (why != NULL)
            decoder_emit_bad(decoder, recv_ns, why);
        else
            hold_snapshot(decoder, recv_ns);
    } else if (decoder->source.symbols > 1) {
        decoder_emit_bad(decoder, recv_ns,
                         "depth snapshot without a symbol in a source of several instruments");
    } else if (decoder->source.only == NULL) {
        decoder_emit_other(decoder, recv_ns);
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
        decoder_emit_other(decoder, recv_ns);
        break;
    }
}

/* --- the slow way ---------------------------------------------------------------------------------------- */

/* Every instrument met so far gets what the venue says of it; the rest waits for those to come. Returns how many are
 * not what they were: only these are told. */
static size_t apply_info(struct decoder *decoder, int64_t recv_ns)
{
    const struct exchange_info *info = &decoder->exchange;
    size_t changed = 0;

    for (size_t i = 0; i < decoder->table.count; i++) {
        struct feed_instrument *item = &decoder->table.item[i];
        const struct exchange_symbol *entry = exchange_info_find(info, item->info.symbol, item->info.venue);
        struct instrument before = item->info;

        if (entry == NULL)
            continue;
        decoder_refine(decoder, item, (struct step_hint){entry->tick_e8, entry->lot_e8}, recv_ns);
        item->info.step_source = STEP_EXCHANGE_INFO;
        exchange_symbol_apply(entry, &item->info);
        if (instrument_same(&before, &item->info))
            continue;
        changed++;
        decoder_emit(decoder, FEED_INSTRUMENT, recv_ns, item);
    }
    decoder_emit_other(decoder, recv_ns);
    return changed;
}

static void take_exchange_info(struct decoder *decoder, const json_t *data, int64_t recv_ns)
{
    struct exchange_info info;
    enum err err = exchange_info_read(data, &info);

    if (err != ERR_OK) {
        snprintf(decoder->why, sizeof(decoder->why), "exchangeInfo: %s", err_text(err));
        decoder_emit_bad(decoder, recv_ns, decoder->why);
        return;
    }
    exchange_info_release(&decoder->exchange);
    decoder->exchange = info;
    apply_info(decoder, recv_ns);
}

static void push_json(struct decoder *decoder, int64_t recv_ns, const char *text, size_t size)
{
    json_t *root, *data;
    char name[64];

    if (wire_json_read(text, size, &decoder->message, &root, &data, decoder->why) != ERR_OK) {
        decoder_emit_bad(decoder, recv_ns, decoder->why);
        return;
    }
    if (decoder->message.kind == WIRE_EXCHANGE_INFO) {
        take_exchange_info(decoder, data, recv_ns);
    } else if (decoder->message.kind != WIRE_OTHER || (!decoder_take_futures(decoder, data, recv_ns) &&
                                                       !decoder_take_history(decoder, data, recv_ns))) {
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
    if (decoder->config.fallback_only || !scan_message(&decoder->scanner, text, size, &decoder->message) ||
        (decoder->message.kind == WIRE_OTHER && (decoder_is_futures_stream(decoder->message.stream) ||
                                                 decoder_is_history_stream(decoder->message.stream))))
        push_json(decoder, recv_ns, text, size);
    else
        take_message(decoder, recv_ns);
}

size_t decoder_take_info(struct decoder *decoder, int64_t recv_ns, struct exchange_info *info)
{
    decoder->event_count = decoder->event_next = 0;
    exchange_info_release(&decoder->exchange);
    decoder->exchange = *info;
    *info = (struct exchange_info){.symbol = NULL};
    return apply_info(decoder, recv_ns);
}

/* Told apart from what a stream brings: whoever asked knows whose it is, and an answer that is no snapshot (an
 * error of the venue) is bad, not foreign. */
static void take_asked(struct decoder *decoder, int64_t recv_ns, const char *symbol)
{
    struct wire_message *message = &decoder->message;
    struct wire_text asked = {symbol, strlen(symbol)};
    char name[64];

    if (message->kind != WIRE_SNAPSHOT)
        decoder_emit_bad_symbol(decoder, recv_ns, "a depth snapshot was asked for, something else came",
                                asked);
    else if ((message->seen & WIRE_SYMBOL) && !wire_same_symbol(asked, message->symbol))
        decoder_emit_bad_symbol(decoder, recv_ns, "depth snapshot of another symbol than asked for", asked);
    else
        take_named(decoder, upper_symbol(asked, name), recv_ns);
}

void decoder_push_snapshot(struct decoder *decoder, int64_t recv_ns, const char *symbol, const char *text,
                           size_t size)
{
    json_t *root = NULL, *data;

    decoder->event_count = decoder->event_next = 0;
    if (decoder->config.fallback_only || !scan_message(&decoder->scanner, text, size, &decoder->message)) {
        if (wire_json_read(text, size, &decoder->message, &root, &data, decoder->why) != ERR_OK) {
            decoder_emit_bad(decoder, recv_ns, decoder->why);
            return;
        }
        decoder->counts.fallback += decoder->message.kind == WIRE_SNAPSHOT;
    }
    take_asked(decoder, recv_ns, symbol);
    json_decref(root);
}

enum err decoder_add_instrument(struct decoder *decoder, int64_t recv_ns, const char *symbol,
                                enum venue venue)
{
    enum wire_market market = venue == VENUE_BINANCE_SPOT ? WIRE_MARKET_SPOT : WIRE_MARKET_FUTURES;
    char name[SYMBOL_SIZE] = "";
    size_t size = strlen(symbol);
    struct feed_instrument *item;

    if (!symbol_is_valid(symbol, size))
        return ERR_BAD_DATA;
    if (!decoder_pending(decoder))
        decoder->event_count = decoder->event_next = 0;
    if (decoder->event_count == DECODER_EVENTS_MAX)
        return ERR_FULL;
    memcpy(name, symbol, size); /* NOLINT(bugprone-not-null-terminated-result): the rest of it is zeros */
    item = instrument_table_find(&decoder->table, (struct wire_text){name, size}, market);
    if (item == NULL) {
        item = instrument_table_add(&decoder->table, name, market, venue);
        if (item == NULL)
            return ERR_FULL;
        decoder_first_steps(decoder, item, NULL, 0);
    }
    decoder_emit(decoder, FEED_INSTRUMENT, recv_ns, item);
    return ERR_OK;
}

void decoder_end_source(struct decoder *decoder)
{
    decoder->event_count = decoder->event_next = 0;
    if (decoder->held.waiting)
        decoder_emit_bad(decoder, decoder->held.recv_ns,
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

#include "core/base/safe_text.h"
#include "feed/decoder_parts.h"

#include <stdio.h>

struct feed_event *decoder_emit(struct decoder *decoder, enum feed_event_kind kind, int64_t recv_ns,
                                const struct feed_instrument *item)
{
    struct feed_event *event = &decoder->event[decoder->event_count++];

    event->kind = kind;
    event->recv_ns = recv_ns;
    event->instrument = item != NULL ? &item->info : NULL;
    return event;
}

void decoder_emit_other(struct decoder *decoder, int64_t recv_ns)
{
    decoder->counts.other++;
    decoder_emit(decoder, FEED_OTHER, recv_ns, NULL);
}

void decoder_emit_bad(struct decoder *decoder, int64_t recv_ns, const char *why)
{
    decoder->counts.bad++;
    decoder_emit(decoder, FEED_BAD, recv_ns, NULL)->why = why;
}

void decoder_emit_bad_symbol(struct decoder *decoder, int64_t recv_ns, const char *what,
                             struct wire_text symbol)
{
    char safe[64];

    safe_text(symbol.at, symbol.size, safe, sizeof(safe));
    snprintf(decoder->why, sizeof(decoder->why), "%s: %s", what, safe);
    decoder_emit_bad(decoder, recv_ns, decoder->why);
}

static void set_levels(const struct wire_message *message, const struct level *ticks,
                       const struct level *levels[SIDE_COUNT], size_t count[SIDE_COUNT])
{
    for (int side = 0; side < SIDE_COUNT; side++) {
        levels[side] = ticks + message->level_first[side];
        count[side] = message->level_count[side];
    }
}

void decoder_emit_snapshot(struct decoder *decoder, const struct feed_instrument *item,
                           const struct wire_message *message, const struct level *ticks, int64_t recv_ns)
{
    struct depth_snapshot *out = &decoder_emit(decoder, FEED_SNAPSHOT, recv_ns, item)->snapshot;

    decoder->counts.snapshot++;
    out->recv_ns = recv_ns;
    out->last_id = message->snapshot_id;
    set_levels(message, ticks, out->levels, out->level_count);
}

static void emit_depth(struct decoder *decoder, const struct feed_instrument *item, int64_t recv_ns)
{
    const struct wire_message *message = &decoder->message;
    struct depth_update *out = &decoder_emit(decoder, FEED_DEPTH, recv_ns, item)->depth;

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
    struct best_quote *out = &decoder_emit(decoder, FEED_QUOTE, recv_ns, item)->quote;

    decoder->counts.book_ticker++;
    out->recv_ns = recv_ns;
    out->update_id = decoder->message.last_id;
    out->level[SIDE_BID] = decoder->level[SIDE_BID];
    out->level[SIDE_ASK] = decoder->level[SIDE_ASK];
}

static void emit_trade(struct decoder *decoder, const struct feed_instrument *item, int64_t recv_ns)
{
    const struct wire_message *message = &decoder->message;
    struct trade *out = &decoder_emit(decoder, FEED_TRADE, recv_ns, item)->trade;
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
    out->prints = 1;
}

void decoder_emit_message(struct decoder *decoder, const struct feed_instrument *item, int64_t recv_ns)
{
    switch (decoder->message.kind) {
    case WIRE_DEPTH:
        emit_depth(decoder, item, recv_ns);
        break;
    case WIRE_SNAPSHOT:
        decoder_emit_snapshot(decoder, item, &decoder->message, decoder->level, recv_ns);
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

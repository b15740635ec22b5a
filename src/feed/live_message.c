#include "feed/live_feed_parts.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* One text on its way through the decoder. */
struct passage {
    size_t path;
    bool from_new;      /* of the successor of a rotation */
    struct link *link;  /* NULL: no link brought it */
    const char *stream; /* for the recorder */
    const char *text;   /* NULL: there is none */
    size_t size;
    int64_t recv_ns;
    bool audit;
    bool recorded, held, snapshot;
    struct trade_history *history; /* NULL: none is awaited; trade set: it came */
    uint16_t caught_up;            /* a symbol of which what is held may go now; INSTRUMENTS_MAX: none */
};

int64_t live_stamp(struct live_feed *feed, int64_t ns)
{
    if (ns > feed->last_ns)
        feed->last_ns = ns;
    return feed->last_ns;
}

void live_raw(struct live_feed *feed, int64_t recv_ns, const char *stream, const char *text, size_t size)
{
    if (feed->config.on_raw != NULL)
        feed->config.on_raw(feed->config.arg, recv_ns, stream, text, size);
}

static void pass_on(struct live_feed *feed, const struct feed_event *event)
{
    feed->in_event = true;
    feed->config.on_event(feed->config.arg, event);
    feed->in_event = false;
}

void live_tell_link(struct live_feed *feed, struct live_symbol *symbol, enum feed_link state, const char *why)
{
    struct feed_event event = {.kind = FEED_LINK,
                               .recv_ns = live_stamp(feed, clock_now_ns(feed->config.clock)),
                               .instrument = symbol->instrument};

    if (symbol->instrument == NULL || (symbol->told && symbol->link == state))
        return;
    symbol->told = true;
    symbol->link = state;
    if (state == FEED_LINK_UP)
        symbol->up_ns = event.recv_ns;
    event.link.state = state;
    event.link.why = why;
    pass_on(feed, &event);
}

/* --- the choice --------------------------------------------------------------------------------------------- */

static bool stream_of(const struct feed_event *event, enum stream_kind *kind)
{
    switch (event->kind) {
    case FEED_DEPTH:
        *kind = STREAM_DEPTH;
        return true;
    case FEED_QUOTE:
        *kind = STREAM_QUOTE;
        return true;
    case FEED_TRADE:
        *kind = event->trade.aggregate ? STREAM_AGG_TRADE : STREAM_TRADE;
        return true;
    case FEED_MARK:
        *kind = STREAM_MARK_PRICE;
        return true;
    case FEED_LIQUIDATION:
        *kind = STREAM_LIQUIDATION;
        return true;
    case FEED_NONE:
    case FEED_INSTRUMENT:
    case FEED_STEPS:
    case FEED_SNAPSHOT:
    case FEED_OTHER:
    case FEED_BAD:
    case FEED_LINK:
    case FEED_AUDIT:
    case FEED_HISTORY:
        break;
    }
    return false;
}

static int64_t venue_ms_of(const struct feed_event *event)
{
    switch (event->kind) { /* a quote tells no time on spot */
    case FEED_DEPTH:
        return event->depth.venue_ms;
    case FEED_TRADE:
        return event->trade.venue_ms;
    case FEED_MARK:
        return event->mark.venue_ms;
    case FEED_LIQUIDATION:
    case FEED_NONE:
    case FEED_INSTRUMENT:
    case FEED_STEPS:
    case FEED_SNAPSHOT:
    case FEED_QUOTE:
    case FEED_OTHER:
    case FEED_BAD:
    case FEED_LINK:
    case FEED_AUDIT:
    case FEED_HISTORY:
        break;
    }
    return 0;
}

static enum overlap_choice choose(struct overlap *overlap, bool from_new, const struct feed_event *event)
{
    switch (event->kind) {
    case FEED_DEPTH:
        return overlap_depth(overlap, from_new, &event->depth);
    case FEED_QUOTE:
        return overlap_quote(overlap, event->quote.update_id);
    case FEED_TRADE:
        return overlap_trade(overlap, from_new, event->trade.id);
    case FEED_MARK:
        return overlap_mark(overlap, event->mark.venue_ms);
    case FEED_LIQUIDATION:
        return overlap_liquidation(overlap, event->liquidation.venue_ms);
    case FEED_NONE:
    case FEED_INSTRUMENT:
    case FEED_STEPS:
    case FEED_SNAPSHOT:
    case FEED_OTHER:
    case FEED_BAD:
    case FEED_LINK:
    case FEED_AUDIT:
    case FEED_HISTORY:
        break;
    }
    return OVERLAP_TAKE;
}

/* Depth and trades wait in queues of their own, on each path. */
static uint16_t lane_of(size_t path, bool trades)
{
    return (uint16_t)(2 * path + trades);
}

static void hold_back(struct live_feed *feed, const struct passage *passage, uint16_t slot, bool trade)
{
    struct held_text text = {slot, lane_of(passage->path, trade), passage->text, passage->size,
                             passage->recv_ns};

    text_hold_push(feed->hold, &text); /* full: left out; then the two join later, or the book resyncs */
}

/* Market data of a link: is it news, and whose? False: not to be passed on. */
static bool accept_data(struct live_feed *feed, struct passage *passage, const struct feed_event *event,
                        enum stream_kind kind)
{
    uint16_t slot = feed->slot_of[event->instrument->id];
    struct live_symbol *symbol = &feed->symbol[slot];

    if (symbol->instrument != event->instrument || symbol->state != SYMBOL_READY || symbol->leave_wanted)
        return false; /* not asked for, or on its way when it was left */
    if (passage->link != NULL) {
        live_hear(feed, passage->link, slot, kind, passage->recv_ns);
        link_note_age(passage->link, passage->recv_ns, venue_ms_of(event), feed->status.clock_offset_ms);
    }
    switch (choose(&symbol->overlap[passage->path], passage->from_new, event)) {
    case OVERLAP_TAKE:
        break;
    case OVERLAP_HOLD:
        if (passage->link != NULL) /* else it is held already */
            hold_back(feed, passage, slot, kind != STREAM_DEPTH);
        passage->held = true;
        return false;
    case OVERLAP_DROP:
        feed->status.duplicates++;
        passage->caught_up = slot; /* the switch may be made by what is no news itself */
        return false;
    }
    passage->caught_up = slot;
    if (kind == STREAM_DEPTH)
        live_tell_link(feed, symbol, FEED_LINK_UP, "data");
    return true;
}

static void pass_decoded(struct live_feed *feed, struct passage *passage)
{
    struct feed_event event;
    enum stream_kind kind = STREAM_DEPTH;

    while (decoder_next(feed->decoder, &event)) {
        if (event.kind == FEED_SNAPSHOT) {
            passage->snapshot = true;
            if (passage->audit)
                event.kind = FEED_AUDIT;
        }
        if (event.kind == FEED_HISTORY && passage->history != NULL)
            *passage->history = event.history;
        if (stream_of(&event, &kind) && !accept_data(feed, passage, &event, kind))
            continue;
        if (passage->text != NULL && !passage->recorded)
            live_raw(feed, passage->recv_ns, passage->stream, passage->text, passage->size);
        passage->recorded = true;
        pass_on(feed, &event);
    }
}

void live_drain(struct live_feed *feed)
{
    struct passage passage = {.recv_ns = feed->last_ns, .caught_up = INSTRUMENTS_MAX};

    pass_decoded(feed, &passage);
}

/* --- ways in ------------------------------------------------------------------------------------------------ */

static void release_lane(struct live_feed *feed, uint16_t symbol, size_t path, bool trades)
{
    uint16_t lane = lane_of(path, trades);
    struct held_text text;

    while (text_hold_front(feed->hold, symbol, lane, &text)) {
        struct passage passage = {.path = path, .from_new = true, .caught_up = INSTRUMENTS_MAX};

        passage.text = text.text;
        passage.size = text.size;
        passage.recv_ns = feed->last_ns; /* it came earlier than what was passed on before it */
        decoder_push(feed->decoder, passage.recv_ns, text.text, text.size);
        pass_decoded(feed, &passage);
        if (passage.held)
            return;
        text_hold_pop(feed->hold, symbol, lane);
    }
}

void live_release_held(struct live_feed *feed, uint16_t symbol, size_t path)
{
    release_lane(feed, symbol, path, false);
    release_lane(feed, symbol, path, true);
}

void live_forget_held(struct live_feed *feed, size_t path)
{
    text_hold_clear(feed->hold, lane_of(path, false));
    text_hold_clear(feed->hold, lane_of(path, true));
}

void live_on_data(struct live_feed *feed, size_t path, bool from_new, int64_t recv_boot_ns, const char *text,
                  size_t size)
{
    struct passage passage = {.path = path,
                              .from_new = from_new,
                              .link = &feed->path[path].link[feed->path[path].current ^ from_new],
                              .text = text,
                              .size = size,
                              .recv_ns = live_stamp(feed, clock_of_boot_ns(feed->config.clock, recv_boot_ns)),
                              .caught_up = INSTRUMENTS_MAX};

    decoder_push(feed->decoder, passage.recv_ns, text, size);
    pass_decoded(feed, &passage);
    if (feed->path[path].rotating && passage.caught_up < INSTRUMENTS_MAX)
        live_release_held(feed, passage.caught_up, path);
}

/* "BTCUSDT", "@snapshot" -> "btcusdt@snapshot". */
static void name_stream(const char *symbol, const char *kind, char out[STREAM_NAME_MAX])
{
    size_t i;

    for (i = 0; symbol[i] != '\0'; i++)
        out[i] = (char)tolower((unsigned char)symbol[i]);
    snprintf(out + i, STREAM_NAME_MAX - i, "%s", kind);
}

bool live_on_snapshot(struct live_feed *feed, uint16_t symbol, bool audit, int64_t recv_boot_ns,
                      const char *text, size_t size)
{
    char stream[STREAM_NAME_MAX];
    const char *name = feed->symbol[symbol].symbol;
    struct passage passage = {.stream = stream,
                              .text = text,
                              .size = size,
                              .audit = audit,
                              .recv_ns = live_stamp(feed, clock_of_boot_ns(feed->config.clock, recv_boot_ns)),
                              .caught_up = INSTRUMENTS_MAX};

    name_stream(name, audit ? "@audit" : "@snapshot", stream);
    decoder_push_snapshot(feed->decoder, passage.recv_ns, name, text, size);
    pass_decoded(feed, &passage);
    return passage.snapshot;
}

bool live_on_history(struct live_feed *feed, uint16_t symbol, int64_t recv_boot_ns, const char *text,
                     size_t size, struct trade_history *page)
{
    bool by_print = feed->venue.venue == VENUE_BINANCE_SPOT || feed->config.futures_trades;
    char stream[STREAM_NAME_MAX];
    struct passage passage = {.stream = stream,
                              .text = text,
                              .size = size,
                              .history = page,
                              .recv_ns = live_stamp(feed, clock_of_boot_ns(feed->config.clock, recv_boot_ns)),
                              .caught_up = INSTRUMENTS_MAX};

    *page = (struct trade_history){.trade = NULL};
    name_stream(feed->symbol[symbol].symbol, by_print ? "@history" : "@aggHistory", stream);
    decoder_push_history(feed->decoder, passage.recv_ns, feed->symbol[symbol].symbol, by_print, text, size);
    pass_decoded(feed, &passage);
    return page->trade != NULL;
}

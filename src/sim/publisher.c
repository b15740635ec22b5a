#include "sim/publisher_parts.h"

#include <stdlib.h>
#include <string.h>

#define MS_NS            INT64_C(1000000)
#define FUNDING_EVERY_NS (INT64_C(8) * 3600 * 1000 * MS_NS)

int64_t publisher_client_ms(const struct publisher *publisher, int64_t venue_ns)
{
    return (venue_ns + publisher->exchange->skew_ns) / MS_NS;
}

void publisher_emit(struct publisher *publisher, struct sim_stream *stream)
{
    if (publisher->sink.emit == NULL || publisher->text.failed || stream->subscribers == 0)
        return;
    publisher->telling = true;
    publisher->sink.emit(publisher->sink.arg, stream, publisher->text.at, publisher->text.size);
    publisher->telling = false;
}

struct book_top book_top_of(const struct match_book *book)
{
    struct book_top top = {{0}, {0}};

    for (int side = SIDE_BID; side < SIDE_COUNT; side++)
        if (!match_best(book, (enum side)side, &top.price_ticks[side], &top.qty_lots[side]))
            top.price_ticks[side] = top.qty_lots[side] = 0;
    return top;
}

/* --- what the books tell ----------------------------------------------------------------------------------------- */

static bool same_top(const struct book_top *a, const struct book_top *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

static void on_level(struct symbol_tape *tape, const struct match_event *event)
{
    struct publisher *publisher = tape->publisher;
    struct book_top top;

    truth_record(publisher->truth, tape->index, event);
    tape->change_ns = event->time_ns;
    if (tape->live == NULL)
        return;
    top = book_top_of(tape->book);
    if (same_top(&top, &tape->top))
        return;
    tape->top = top;
    for (struct sim_stream *stream = tape->live; stream != NULL; stream = stream->next_live) {
        if (stream->name.kind != SIM_STREAM_BOOK_TICKER)
            continue;
        sim_text_clear(&publisher->text);
        message_book_ticker(&publisher->text, &tape->wire, publisher_client_ms(publisher, event->time_ns),
                            event->update_id, &top);
        publisher_emit(publisher, stream);
    }
}

static void on_trade(struct symbol_tape *tape, const struct match_event *event)
{
    struct publisher *publisher = tape->publisher;
    struct tape_trade trade = {.id = event->trade_id,
                               .time_ms = event->time_ns / MS_NS,
                               .price_ticks = event->price_ticks,
                               .qty_lots = event->qty_lots,
                               .buyer_maker = event->side == SIDE_ASK};
    bool completed = trade_tape_add(&tape->trades, &trade, event->order->id);
    int64_t time_ms = publisher_client_ms(publisher, event->time_ns);

    klines_add(&tape->klines, &trade);
    if (tape->interest != NULL) {
        uint32_t taker = event->order->request.account, maker = event->maker->request.account;

        open_interest_trade(tape->interest, trade.buyer_maker ? maker : taker,
                            trade.buyer_maker ? taker : maker, trade.qty_lots);
    }
    for (struct sim_stream *stream = tape->live; stream != NULL; stream = stream->next_live) {
        if (stream->name.kind == SIM_STREAM_TRADE) {
            sim_text_clear(&publisher->text);
            message_trade(&publisher->text, &tape->wire, time_ms, time_ms, &trade);
            publisher_emit(publisher, stream);
        } else if (stream->name.kind == SIM_STREAM_AGG_TRADE && completed) {
            agg_stream_tell(publisher, stream);
        }
    }
}

static void on_event(void *arg, const struct match_event *event)
{
    if (event->kind == MATCH_EVENT_LEVEL)
        on_level(arg, event);
    else if (event->kind == MATCH_EVENT_TRADE)
        on_trade(arg, event);
}

/* --- life ---------------------------------------------------------------------------------------------------------- */

static void tape_free(struct symbol_tape *tape)
{
    if (tape == NULL)
        return;
    klines_free(&tape->klines);
    trade_tape_free(&tape->trades);
    history_free(&tape->fundings);
    free(tape->interest);
    free(tape);
}

static struct symbol_tape *tape_new(struct publisher *publisher, size_t index)
{
    const struct sim_symbol *symbol = &publisher->exchange->symbol[index];
    struct symbol_tape *tape = calloc(1, sizeof(*tape));

    if (tape == NULL)
        return NULL;
    tape->publisher = publisher;
    tape->index = index;
    tape->book = publisher->exchange->book[index];
    tape->change_ns = publisher->exchange->now_ns;
    wire_init(&tape->wire, symbol);
    klines_init(&tape->klines);
    trade_tape_init(&tape->trades, symbol->usdm);
    tape->fundings.item_size = sizeof(struct funding);
    tape->fundings.max = FUNDINGS_KEPT;
    if (symbol->usdm && (tape->interest = calloc(1, sizeof(*tape->interest))) == NULL) {
        tape_free(tape);
        return NULL;
    }
    return tape;
}

struct publisher *publisher_new(struct exchange *exchange)
{
    struct publisher *publisher = calloc(1, sizeof(*publisher));

    if (publisher == NULL)
        return NULL;
    publisher->exchange = exchange;
    publisher->next_ns = INT64_MAX;
    publisher->truth = truth_new(exchange->symbols);
    for (size_t i = 0; publisher->truth != NULL && i < exchange->symbols; i++) {
        publisher->tape[i] = tape_new(publisher, i);
        if (publisher->tape[i] == NULL || !match_listen(exchange->book[i], on_event, publisher->tape[i])) {
            publisher_free(publisher);
            return NULL;
        }
    }
    if (publisher->truth == NULL) {
        publisher_free(publisher);
        return NULL;
    }
    return publisher;
}

static void stream_free(struct sim_stream *stream)
{
    free(stream->told);
    free(stream);
}

void publisher_free(struct publisher *publisher)
{
    if (publisher == NULL)
        return;
    while (publisher->streams != NULL) {
        struct sim_stream *stream = publisher->streams;

        publisher->streams = stream->next;
        stream_free(stream);
    }
    for (size_t i = 0; i < SIM_SYMBOLS_MAX; i++)
        tape_free(publisher->tape[i]);
    truth_free(publisher->truth);
    sim_text_free(&publisher->text);
    free(publisher);
}

void publisher_set_sink(struct publisher *publisher, const struct publisher_sink *sink)
{
    publisher->sink = *sink;
}

/* --- streams ------------------------------------------------------------------------------------------------------- */

static int64_t next_due_ns(int64_t now_ns, int64_t period_ns)
{
    return (now_ns / period_ns + 1) * period_ns;
}

static void find_next(struct publisher *publisher)
{
    publisher->next_ns = INT64_MAX;
    for (const struct sim_stream *stream = publisher->streams; stream != NULL; stream = stream->next)
        if (stream->due_ns < publisher->next_ns)
            publisher->next_ns = stream->due_ns;
}

static void unlink_live(struct symbol_tape *tape, const struct sim_stream *stream)
{
    struct sim_stream **at = &tape->live;

    while (*at != NULL && *at != stream)
        at = &(*at)->next_live;
    if (*at != NULL)
        *at = stream->next_live;
}

/* Streams that nobody wants any more; never while a message is being given out. */
static void sweep(struct publisher *publisher)
{
    if (!publisher->dropped || publisher->telling)
        return;
    for (struct sim_stream **at = &publisher->streams; *at != NULL;) {
        struct sim_stream *stream = *at;

        if (stream->subscribers > 0) {
            at = &stream->next;
            continue;
        }
        *at = stream->next;
        if (stream->name.symbol >= 0)
            unlink_live(publisher->tape[stream->name.symbol], stream);
        stream_free(stream);
    }
    publisher->dropped = false;
    find_next(publisher);
}

/* Where a stream starts: it tells what happens from now on. */
static void start(struct publisher *publisher, struct sim_stream *stream)
{
    struct symbol_tape *tape =
        stream->name.symbol < 0 ? NULL : publisher_tape(publisher, (size_t)stream->name.symbol);
    int64_t now_ns = publisher->exchange->now_ns;

    stream->due_ns = INT64_MAX;
    if (stream->name.silent || stream->name.kind == SIM_STREAM_FORCE_ORDER)
        return;
    if (stream->name.period_ns > 0)
        stream->due_ns = next_due_ns(now_ns, stream->name.period_ns);
    if (stream->due_ns < publisher->next_ns)
        publisher->next_ns = stream->due_ns;
    if (tape == NULL)
        return;
    if (stream->name.kind == SIM_STREAM_DEPTH)
        stream->told_id = match_update_id(tape->book);
    else if (stream->name.kind == SIM_STREAM_KLINE)
        stream->told_open_ms = kline_open_ms(stream->name.interval, now_ns / MS_NS);
    else if (stream->name.kind == SIM_STREAM_AGG_TRADE)
        stream->told_id = tape->trades.aggs.count == 0 ? 0 : tape->trades.next_agg_id - 1 - tape->trades.open;
    if (stream->name.period_ns > 0)
        return;
    if (tape->live == NULL)
        tape->top = book_top_of(tape->book);
    stream->next_live = tape->live;
    tape->live = stream;
}

struct sim_stream *publisher_open(struct publisher *publisher, enum stream_path path, const char *name)
{
    struct stream_name parsed;
    struct sim_stream *stream;

    if (!stream_name_parse(publisher->exchange, path, name, &parsed))
        return NULL;
    sweep(publisher);
    for (stream = publisher->streams; stream != NULL; stream = stream->next)
        if (stream->subscribers > 0 && stream->name.usdm == parsed.usdm &&
            stream->name.silent == parsed.silent && strcmp(stream->name.text, parsed.text) == 0) {
            stream->subscribers++;
            return stream;
        }
    stream = calloc(1, sizeof(*stream));
    if (stream == NULL)
        return NULL;
    stream->name = parsed;
    stream->subscribers = 1;
    if (parsed.symbol < 0) {
        stream->told = calloc(publisher->exchange->symbols, sizeof(stream->told[0]));
        if (stream->told == NULL) {
            free(stream);
            return NULL;
        }
    }
    stream->next = publisher->streams;
    publisher->streams = stream;
    start(publisher, stream);
    return stream;
}

void publisher_close(struct publisher *publisher, struct sim_stream *stream)
{
    if (stream == NULL || stream->subscribers == 0)
        return;
    if (--stream->subscribers == 0)
        publisher->dropped = true;
}

const char *sim_stream_name(const struct sim_stream *stream)
{
    return stream->name.text;
}

bool sim_stream_is_depth(const struct sim_stream *stream)
{
    return stream->name.kind == SIM_STREAM_DEPTH;
}

int sim_stream_symbol(const struct sim_stream *stream)
{
    return stream->name.symbol;
}

/* --- time ---------------------------------------------------------------------------------------------------------- */

/* An order's prints are over when its call into the book is; futures join whatever falls into the same 100 ms. */
static void close_aggregate(struct symbol_tape *tape, int64_t now_ns)
{
    const struct agg_trade *agg = history_newest(&tape->trades.aggs);

    if (!tape->trades.open || agg == NULL)
        return;
    if (tape->wire.symbol->usdm && agg->time_ms / AGG_TRADE_USDM_MS == now_ns / MS_NS / AGG_TRADE_USDM_MS)
        return;
    trade_tape_close(&tape->trades);
    for (struct sim_stream *stream = tape->live; stream != NULL; stream = stream->next_live)
        if (stream->name.kind == SIM_STREAM_AGG_TRADE)
            agg_stream_tell(tape->publisher, stream);
}

static void note_funding(struct symbol_tape *tape, int64_t now_ns)
{
    struct market_mark mark;

    if (tape->interest == NULL || now_ns < tape->next_funding_ns)
        return;
    mark = publisher_mark(tape->publisher, tape->index);
    if (tape->next_funding_ns > 0 && mark.next_funding_ns != tape->next_funding_ns) {
        struct funding *funding = history_push(&tape->fundings);

        if (funding != NULL)
            *funding = (struct funding){.time_ms = tape->next_funding_ns / MS_NS,
                                        .rate_e8 = mark.funding_rate_e8,
                                        .mark_e8 = mark.mark_e8};
    }
    tape->next_funding_ns = mark.next_funding_ns;
}

void publisher_advance(struct publisher *publisher)
{
    int64_t now_ns = publisher->exchange->now_ns;

    sweep(publisher);
    for (size_t i = 0; i < publisher->exchange->symbols; i++) {
        close_aggregate(publisher->tape[i], now_ns);
        note_funding(publisher->tape[i], now_ns);
    }
    if (now_ns < publisher->next_ns)
        return;
    for (struct sim_stream *stream = publisher->streams; stream != NULL; stream = stream->next) {
        if (now_ns < stream->due_ns)
            continue;
        stream->due_ns = next_due_ns(now_ns, stream->name.period_ns);
        if (stream->subscribers > 0)
            grid_stream_tell(publisher, stream);
    }
    find_next(publisher);
}

int64_t publisher_next_ns(const struct publisher *publisher)
{
    return publisher->next_ns;
}

/* --- for the routes -------------------------------------------------------------------------------------------------- */

struct symbol_tape *publisher_tape(struct publisher *publisher, size_t symbol)
{
    struct symbol_tape *tape = publisher->tape[symbol];

    close_aggregate(tape, publisher->exchange->now_ns);
    return tape;
}

struct market_mark publisher_mark(const struct publisher *publisher, size_t symbol)
{
    const struct exchange *exchange = publisher->exchange;
    struct market_mark mark = {0};
    struct book_top top;

    if (exchange->market != NULL)
        return market_mark(exchange->market, symbol);
    top = book_top_of(exchange->book[symbol]);
    mark.mark_e8 =
        (top.price_ticks[SIDE_BID] + top.price_ticks[SIDE_ASK]) * exchange->symbol[symbol].tick_e8 / 2;
    mark.index_e8 = mark.mark_e8;
    mark.next_funding_ns = next_due_ns(exchange->now_ns, FUNDING_EVERY_NS);
    return mark;
}

void publisher_ticker(struct publisher *publisher, size_t symbol, unsigned minutes, struct ticker *ticker)
{
    struct symbol_tape *tape = publisher_tape(publisher, symbol);
    const struct tape_trade *newest = trade_tape_newest(&tape->trades);
    int64_t now_ms = publisher->exchange->now_ns / MS_NS;

    klines_roll(&tape->klines, KLINE_1M, now_ms);
    ticker_window(&tape->klines, minutes, now_ms, ticker);
    ticker->last_lots = newest == NULL ? 0 : newest->qty_lots;
}

int64_t publisher_avg_price_e8(struct publisher *publisher, size_t symbol)
{
    struct symbol_tape *tape = publisher->tape[symbol];
    int64_t now_ms = publisher->exchange->now_ns / MS_NS, tick_e8 = tape->wire.symbol->tick_e8;

    if (klines_count(&tape->klines, KLINE_1S) == 0) /* no trade since the warm-up */
        return match_last_ticks(tape->book) * tick_e8;
    klines_roll(&tape->klines, KLINE_1S, now_ms);
    return average_price_e8(&tape->klines, tick_e8, now_ms);
}

#include "sim/publisher_parts.h"

#define MS_NS INT64_C(1000000)

static int64_t now_ms(const struct publisher *publisher)
{
    return publisher->exchange->now_ns / MS_NS;
}

void agg_stream_tell(struct publisher *publisher, struct sim_stream *stream)
{
    struct symbol_tape *tape = publisher->tape[stream->name.symbol];
    const struct trade_tape *trades = &tape->trades;
    size_t complete = trades->aggs.count - (trades->open ? 1 : 0);

    for (size_t i = agg_trade_find(trades, stream->told_id + 1); i < complete; i++) {
        const struct agg_trade *agg = agg_trade_at(trades, i);
        int64_t skew_ms = publisher->exchange->skew_ns / MS_NS;
        /* Told from inside the book or on the grid: never stamped before its own trade. */
        int64_t event_ms = agg->time_ms > now_ms(publisher) ? agg->time_ms : now_ms(publisher);

        sim_text_clear(&publisher->text);
        message_agg_trade(&publisher->text, &tape->wire, event_ms + skew_ms, agg->time_ms + skew_ms, agg);
        publisher_emit(publisher, stream);
        stream->told_id = agg->id;
    }
}

static void tell_candle(struct publisher *publisher, struct sim_stream *stream,
                        const struct symbol_tape *tape, const struct kline *kline, bool closed)
{
    sim_text_clear(&publisher->text);
    message_kline(&publisher->text, &tape->wire, publisher_client_ms(publisher, publisher->exchange->now_ns),
                  stream->name.interval, kline, closed);
    publisher_emit(publisher, stream);
}

/* Every candle that ended since the last message once more, closed; then the one that is open, if it has changed. */
static void tell_klines(struct publisher *publisher, struct sim_stream *stream)
{
    struct symbol_tape *tape = publisher->tape[stream->name.symbol];
    size_t count, i;

    klines_roll(&tape->klines, stream->name.interval, now_ms(publisher));
    count = klines_count(&tape->klines, stream->name.interval);
    if (count == 0)
        return;
    for (i = count; i > 0; i--)
        if (klines_at(&tape->klines, stream->name.interval, i - 1)->open_ms < stream->told_open_ms)
            break;
    for (; i < count; i++) {
        const struct kline *kline = klines_at(&tape->klines, stream->name.interval, i);

        if (i + 1 < count)
            tell_candle(publisher, stream, tape, kline, true);
        else if (kline->trades > 0 && kline->last_id != stream->told_id)
            tell_candle(publisher, stream, tape, kline, false);
        stream->told_open_ms = kline->open_ms;
        stream->told_id = kline->trades > 0 ? kline->last_id : 0;
    }
}

/* Tickers speak when there was a trade since the last message; the full one also when the best quotes moved. */
static uint64_t ticker_mark(const struct publisher *publisher, enum sim_stream_kind kind, size_t symbol)
{
    const struct symbol_tape *tape = publisher->tape[symbol];
    const struct tape_trade *newest = trade_tape_newest(&tape->trades);
    uint64_t mark = newest == NULL ? 0 : newest->id;

    return kind == SIM_STREAM_TICKER && !tape->wire.symbol->usdm ? mark + match_update_id(tape->book) : mark;
}

static void add_ticker(struct publisher *publisher, const struct stream_name *name, size_t symbol)
{
    const struct symbol_tape *tape = publisher->tape[symbol];
    int64_t event_ms = publisher_client_ms(publisher, publisher->exchange->now_ns);
    struct ticker ticker;
    struct book_top top;

    publisher_ticker(publisher, symbol, name->kind == SIM_STREAM_WINDOW_TICKER ? name->minutes : 1440,
                     &ticker);
    if (name->kind == SIM_STREAM_MINI_TICKER) {
        message_mini_ticker(&publisher->text, &tape->wire, event_ms, &ticker);
    } else if (name->kind == SIM_STREAM_WINDOW_TICKER) {
        message_window_ticker(&publisher->text, &tape->wire, event_ms, name->minutes, &ticker);
    } else {
        top = book_top_of(tape->book);
        message_ticker(&publisher->text, &tape->wire, event_ms, &ticker, &top);
    }
}

static void tell_ticker(struct publisher *publisher, struct sim_stream *stream)
{
    uint64_t mark = ticker_mark(publisher, stream->name.kind, (size_t)stream->name.symbol);

    if (mark == stream->told_id)
        return;
    stream->told_id = mark;
    sim_text_clear(&publisher->text);
    add_ticker(publisher, &stream->name, (size_t)stream->name.symbol);
    publisher_emit(publisher, stream);
}

static void tell_avg_price(struct publisher *publisher, struct sim_stream *stream)
{
    size_t symbol = (size_t)stream->name.symbol;
    const struct symbol_tape *tape = publisher->tape[symbol];
    const struct tape_trade *newest = trade_tape_newest(&tape->trades);

    if (newest == NULL)
        return;
    sim_text_clear(&publisher->text);
    message_avg_price(
        &publisher->text, &tape->wire, publisher_client_ms(publisher, publisher->exchange->now_ns),
        publisher_avg_price_e8(publisher, symbol), newest->time_ms + publisher->exchange->skew_ns / MS_NS);
    publisher_emit(publisher, stream);
}

static void add_mark_price(struct publisher *publisher, size_t symbol)
{
    struct market_mark mark = publisher_mark(publisher, symbol);

    message_mark_price(&publisher->text, &publisher->tape[symbol]->wire,
                       publisher_client_ms(publisher, publisher->exchange->now_ns), &mark);
}

static void tell_mark_price(struct publisher *publisher, struct sim_stream *stream)
{
    sim_text_clear(&publisher->text);
    add_mark_price(publisher, (size_t)stream->name.symbol);
    publisher_emit(publisher, stream);
}

/* One array of what has changed among all symbols of this market; none when nothing has. */
static void tell_array(struct publisher *publisher, struct sim_stream *stream)
{
    const struct exchange *exchange = publisher->exchange;
    bool marks = stream->name.kind == SIM_STREAM_MARK_PRICE;
    size_t said = 0;

    sim_text_clear(&publisher->text);
    for (size_t i = 0; i < exchange->symbols; i++) {
        uint64_t mark;

        if (exchange->symbol[i].usdm != stream->name.usdm)
            continue;
        mark = marks ? 0 : ticker_mark(publisher, stream->name.kind, i);
        if (!marks && mark == stream->told[i])
            continue;
        stream->told[i] = mark;
        sim_text_add(&publisher->text, said++ == 0 ? "[" : ",");
        if (marks)
            add_mark_price(publisher, i);
        else
            add_ticker(publisher, &stream->name, i);
    }
    if (said == 0)
        return;
    sim_text_add(&publisher->text, "]");
    publisher_emit(publisher, stream);
}

/* !bookTicker: each contract whose book changed, one message each. */
static void tell_all_quotes(struct publisher *publisher, struct sim_stream *stream)
{
    const struct exchange *exchange = publisher->exchange;

    for (size_t i = 0; i < exchange->symbols; i++) {
        const struct symbol_tape *tape = publisher->tape[i];
        uint64_t update_id = match_update_id(tape->book);
        struct book_top top;

        if (exchange->symbol[i].usdm != stream->name.usdm || update_id == stream->told[i])
            continue;
        stream->told[i] = update_id;
        top = book_top_of(tape->book);
        sim_text_clear(&publisher->text);
        message_book_ticker(&publisher->text, &tape->wire, publisher_client_ms(publisher, exchange->now_ns),
                            update_id, &top);
        publisher_emit(publisher, stream);
    }
}

static void tell_one(struct publisher *publisher, struct sim_stream *stream)
{
    switch (stream->name.kind) {
    case SIM_STREAM_DEPTH:
    case SIM_STREAM_DEPTH_TOP:
        depth_stream_tell(publisher, stream);
        break;
    case SIM_STREAM_AGG_TRADE:
        agg_stream_tell(publisher, stream);
        break;
    case SIM_STREAM_KLINE:
        tell_klines(publisher, stream);
        break;
    case SIM_STREAM_MINI_TICKER:
    case SIM_STREAM_TICKER:
    case SIM_STREAM_WINDOW_TICKER:
        tell_ticker(publisher, stream);
        break;
    case SIM_STREAM_AVG_PRICE:
        tell_avg_price(publisher, stream);
        break;
    case SIM_STREAM_MARK_PRICE:
        tell_mark_price(publisher, stream);
        break;
    case SIM_STREAM_TRADE:
    case SIM_STREAM_BOOK_TICKER:
    case SIM_STREAM_FORCE_ORDER:
        break; /* not on a grid */
    }
}

void grid_stream_tell(struct publisher *publisher, struct sim_stream *stream)
{
    if (stream->name.symbol >= 0)
        tell_one(publisher, stream);
    else if (stream->name.kind == SIM_STREAM_BOOK_TICKER)
        tell_all_quotes(publisher, stream);
    else
        tell_array(publisher, stream);
}

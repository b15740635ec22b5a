#include "app/summary.h"

#include "app/sha256.h"
#include "core/base/decimal.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define TOP_LEVELS 10
#define E16_DIGITS (2 * DECIMAL_E8_DIGITS)

static json_t *text_e8(int64_t value_e8)
{
    char text[DECIMAL_TEXT_SIZE];

    decimal_format_trim(value_e8, DECIMAL_E8_DIGITS, text);
    return json_string(text);
}

static json_t *price_json(const struct instrument *instrument, int64_t ticks)
{
    return text_e8(instrument_price_e8(instrument, ticks));
}

static json_t *qty_json(const struct instrument *instrument, int64_t lots)
{
    return text_e8(instrument_qty_e8(instrument, lots));
}

/* Sums outgrow e8 in 64 bits: a coin of 1e-6 dollars trades 1e12 units and more a day. */
static void volume_text(const struct instrument *instrument, int64_t lots, char out[DECIMAL_TEXT_SIZE])
{
    decimal_format_trim_i128((__int128)lots * instrument->lot_e8, DECIMAL_E8_DIGITS, out);
}

static json_t *volume_json(const struct instrument *instrument, int64_t lots)
{
    char text[DECIMAL_TEXT_SIZE];

    volume_text(instrument, lots, text);
    return json_string(text);
}

static json_t *count_json(uint64_t count)
{
    return json_integer((json_int_t)count);
}

/* --- book --------------------------------------------------------------------------------------------------- */

static void hash_side(const struct market_state *market, enum side side, struct sha256 *sha)
{
    const struct instrument *instrument = market->instrument;
    struct level level;
    bool more = order_book_best(market->book, side, &level);

    while (more) {
        char price[DECIMAL_TEXT_SIZE], qty[DECIMAL_TEXT_SIZE], line[2 * DECIMAL_TEXT_SIZE + 8];
        int size;

        decimal_format_trim(instrument_price_e8(instrument, level.price_ticks), DECIMAL_E8_DIGITS, price);
        decimal_format_trim(instrument_qty_e8(instrument, level.qty_lots), DECIMAL_E8_DIGITS, qty);
        size = snprintf(line, sizeof(line), "%c %s %s\n", side == SIDE_BID ? 'B' : 'A', price, qty);
        sha256_add(sha, line, (size_t)size);
        more = order_book_next(market->book, side, level.price_ticks, &level);
    }
}

static json_t *book_hash_json(const struct market_state *market)
{
    char hex[SHA256_HEX_SIZE];
    struct sha256 *sha = sha256_new();

    if (sha == NULL)
        return NULL;
    hash_side(market, SIDE_BID, sha);
    hash_side(market, SIDE_ASK, sha);
    sha256_hex(sha, hex);
    sha256_free(sha);
    return json_string(hex);
}

static json_t *top_json(const struct market_state *market, enum side side)
{
    struct level level[TOP_LEVELS];
    size_t count = order_book_top(market->book, side, level, TOP_LEVELS);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("[o, o]", price_json(market->instrument, level[i].price_ticks),
                                              qty_json(market->instrument, level[i].qty_lots)));
    return list;
}

static json_t *book_json(const struct market_state *market)
{
    const struct sync_counts *counts = book_sync_counts(market->sync);

    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:o, s:o}, s:o, s:o, s:o}", "state",
                     book_state_word(book_sync_state(market->sync)), "update_id",
                     count_json(book_sync_update_id(market->sync)), "applied", count_json(counts->applied),
                     "stale", count_json(counts->stale), "gaps", count_json(counts->gaps), "resyncs",
                     count_json(counts->resyncs), "crossed", count_json(market->crossed), "levels", "bid",
                     count_json(order_book_count(market->book, SIDE_BID)), "ask",
                     count_json(order_book_count(market->book, SIDE_ASK)), "bids", top_json(market, SIDE_BID),
                     "asks", top_json(market, SIDE_ASK), "sha256", book_hash_json(market));
}

/* --- trades and candles --------------------------------------------------------------------------------------- */

static json_t *trades_json(const struct market_state *market)
{
    const struct tape_totals *totals = tape_totals(market->tape);
    const struct instrument *instrument = market->instrument;
    char quote[DECIMAL_TEXT_SIZE];
    __int128 quote_e16 = totals->quote_tick_lots * instrument->tick_e8 * instrument->lot_e8;

    decimal_format_trim_i128(quote_e16, E16_DIGITS, quote);
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "count", count_json(totals->count), "first_id",
        count_json(totals->first_id), "last_id", count_json(totals->last_id), "off_market",
        count_json(totals->off_market), "base_volume", volume_json(instrument, totals->base_lots),
        "quote_volume", quote, "taker_buy_base", volume_json(instrument, totals->taker_buy_lots), "high",
        price_json(instrument, totals->high_ticks), "low", price_json(instrument, totals->low_ticks));
}

static json_t *candles_json(const struct market_state *market)
{
    const struct instrument *instrument = market->instrument;
    size_t count = candles_count(market->candles, CANDLE_1M);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        const struct candle *candle = candles_at(market->candles, CANDLE_1M, i);

        json_array_append_new(
            list,
            json_pack("[I, o, o, o, o, o, o, o]", (json_int_t)candle->open_ms,
                      price_json(instrument, candle->open_ticks), price_json(instrument, candle->high_ticks),
                      price_json(instrument, candle->low_ticks), price_json(instrument, candle->close_ticks),
                      volume_json(instrument, candle->lots), count_json(candle->count),
                      volume_json(instrument, candle->taker_buy_lots)));
    }
    return list;
}

/* --- position and money ----------------------------------------------------------------------------------------- */

static json_t *position_json(const struct market_state *market)
{
    const struct instrument *instrument = market->instrument;
    const struct position *total = &market->total;

    return json_pack("{s:o, s:o, s:o}", "qty", qty_json(instrument, total->lots), "average_price",
                     text_e8(position_average_e8(total, instrument)), "mark",
                     price_json(instrument, market_state_mark(market, total->lots)));
}

/* equity and max_drawdown are of the account in this instrument's quote asset. */
static json_t *pnl_json(const struct pipeline *pipeline, const struct market_state *market)
{
    const struct position *total = &market->total;
    uint16_t account_id = pipeline->market_account[market->instrument->id];
    const struct account *account = account_id < pipeline->accounts ? &pipeline->account[account_id] : NULL;
    int64_t unrealised =
        position_unrealised_e8(total, market->instrument, market_state_mark(market, total->lots));

    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "realised", text_e8(total->realised_e8), "unrealised",
                     text_e8(unrealised), "fees", text_e8(total->fees_e8), "total",
                     text_e8(total->realised_e8 + unrealised - total->fees_e8), "equity",
                     text_e8(account == NULL ? 0 : account->equity_e8), "max_drawdown",
                     text_e8(account == NULL ? 0 : account->max_drawdown_e8));
}

static json_t *instrument_json(const struct pipeline *pipeline, const struct market_state *market)
{
    const struct instrument *instrument = market->instrument;

    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:{s:o, s:o}, s:o, s:o, s:o, s:o}", "symbol",
                     instrument->symbol, "venue", venue_name(instrument->venue), "tick",
                     text_e8(instrument->tick_e8), "lot", text_e8(instrument->lot_e8), "book",
                     book_json(market), "ticker", "compared", count_json(market->ticker.compared), "differed",
                     count_json(market->ticker.differed), "trades", trades_json(market), "candles_1m",
                     candles_json(market), "position", position_json(market), "pnl",
                     pnl_json(pipeline, market));
}

/* --- the whole ------------------------------------------------------------------------------------------------- */

static json_t *messages_json(const struct decoder_counts *counts)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "depth", count_json(counts->depth), "bookTicker",
                     count_json(counts->book_ticker), "trade", count_json(counts->trade), "aggTrade",
                     count_json(counts->agg_trade), "snapshot", count_json(counts->snapshot), "other",
                     count_json(counts->other), "bad", count_json(counts->bad));
}

static json_t *summary_json(const struct engine *engine, const struct cli *cli)
{
    const struct pipeline *pipeline = engine_pipeline(engine);
    const struct pipeline_counts *counts = &pipeline->counts;
    json_t *recordings = json_array(), *instruments = json_array();
    char hash[DECISION_HASH_HEX_SIZE];

    for (size_t i = 0; i < cli->file_count; i++) {
        json_t *name = json_string(cli->file[i]);

        json_array_append_new(recordings, name != NULL ? name : json_string("(name is not UTF-8)"));
    }
    for (size_t i = 0; i < pipeline->markets; i++)
        json_array_append_new(instruments, instrument_json(pipeline, pipeline->market[i]));
    decision_log_hash(pipeline->decisions, hash);
    return json_pack("{s:o, s:o, s:o, s:o, s:{s:o, s:o, s:o, s:o, s:o, s:o}, s:o, s:s, s:o, s:f}",
                     "recordings", recordings, "lines", count_json(engine_progress(engine)->lines),
                     "messages", messages_json(engine_decoder_counts(engine)), "instruments", instruments,
                     "orders", "intents", count_json(counts->intents), "denied", count_json(counts->denied),
                     "sent", count_json(counts->sent), "filled", count_json(counts->filled), "cancelled",
                     count_json(counts->cancelled), "rejected", count_json(counts->rejected), "fills",
                     count_json(counts->fills), "decision_sha256", hash, "events", count_json(counts->events),
                     "wall_s", (double)engine_wall_ns(engine) / 1e9);
}

bool summary_print_json(const struct engine *engine, const struct cli *cli, FILE *out)
{
    json_t *summary = summary_json(engine, cli);
    int failed = -1;

    if (summary != NULL) {
        failed = json_dumpf(summary, out, JSON_COMPACT | JSON_PRESERVE_ORDER | JSON_REAL_PRECISION(6));
        json_decref(summary);
    }
    return failed == 0 && fputc('\n', out) != EOF && fflush(out) == 0;
}

/* What the execution of each strategy cost there. */
static void print_costs(const struct pipeline *pipeline, uint16_t instrument_id, FILE *out)
{
    char text[160];

    for (uint16_t id = OWNER_MANUAL + 1; id < pipeline->owners; id++) {
        const struct execution_cost *cost = execution_cost(pipeline->execution, id, instrument_id);

        if (cost->orders == 0)
            continue;
        execution_cost_text(cost, text, sizeof(text));
        fprintf(out, "  %-9s %" PRIu64 " orders, %" PRIu64 " fills: %s\n", pipeline->owner[id].name,
                cost->orders, cost->fills, text);
    }
}

static void print_instrument(const struct pipeline *pipeline, const struct market_state *market, FILE *out)
{
    const struct instrument *instrument = market->instrument;
    const struct sync_counts *counts = book_sync_counts(market->sync);
    const struct tape_totals *totals = tape_totals(market->tape);
    const struct position *total = &market->total;
    int64_t mark = market_state_mark(market, total->lots);
    int64_t net = total->realised_e8 + position_unrealised_e8(total, instrument, mark) - total->fees_e8;
    char qty[DECIMAL_TEXT_SIZE], volume[DECIMAL_TEXT_SIZE], net_text[DECIMAL_TEXT_SIZE],
        fees[DECIMAL_TEXT_SIZE];

    decimal_format_trim(instrument_qty_e8(instrument, total->lots), DECIMAL_E8_DIGITS, qty);
    volume_text(instrument, totals->base_lots, volume);
    decimal_format_fixed(net, DECIMAL_E8_DIGITS, 2, true, net_text);
    decimal_format_fixed(total->fees_e8, DECIMAL_E8_DIGITS, 2, false, fees);
    fprintf(out, "%s %s\n", instrument->symbol, venue_label(instrument->venue));
    fprintf(out,
            "  book      %s at %" PRIu64 ", %" PRIu64 " applied, %" PRIu64 " old, %" PRIu64 " gaps, %" PRIu64
            " resyncs, %zu bid and %zu ask levels\n",
            book_state_word(book_sync_state(market->sync)), book_sync_update_id(market->sync),
            counts->applied, counts->stale, counts->gaps, counts->resyncs,
            order_book_count(market->book, SIDE_BID), order_book_count(market->book, SIDE_ASK));
    fprintf(out, "  quotes    %" PRIu64 " compared with the book, %" PRIu64 " differed\n",
            market->ticker.compared, market->ticker.differed);
    fprintf(out, "  trades    %" PRIu64 ", %" PRIu64 " off market, volume %s\n", totals->count,
            totals->off_market, volume);
    fprintf(out, "  position  %s, net %s after fees %s\n", qty, net_text, fees);
    print_costs(pipeline, instrument->id, out);
}

bool summary_print_text(const struct engine *engine, FILE *out)
{
    const struct pipeline *pipeline = engine_pipeline(engine);
    const struct pipeline_counts *counts = &pipeline->counts;
    const struct decoder_counts *messages = engine_decoder_counts(engine);
    char hash[DECISION_HASH_HEX_SIZE];

    decision_log_hash(pipeline->decisions, hash);
    fprintf(out,
            "lines %" PRIu64 ": depth %" PRIu64 ", bookTicker %" PRIu64 ", trade %" PRIu64
            ", aggTrade %" PRIu64 ", snapshot %" PRIu64 ", other %" PRIu64 ", bad %" PRIu64 "\n",
            engine_progress(engine)->lines, messages->depth, messages->book_ticker, messages->trade,
            messages->agg_trade, messages->snapshot, messages->other, messages->bad);
    for (size_t i = 0; i < pipeline->markets; i++)
        print_instrument(pipeline, pipeline->market[i], out);
    fprintf(out,
            "orders %" PRIu64 " sent of %" PRIu64 " intents, %" PRIu64 " denied, %" PRIu64 " filled, %" PRIu64
            " cancelled, %" PRIu64 " rejected, %" PRIu64 " fills\n",
            counts->sent, counts->intents, counts->denied, counts->filled, counts->cancelled,
            counts->rejected, counts->fills);
    fprintf(out, "decisions %s, %" PRIu64 " events in %.3f s\n", hash, counts->events,
            (double)engine_wall_ns(engine) / 1e9);
    return fflush(out) == 0;
}

enum exit_code summary_exit_code(const struct engine *engine, char *why, size_t why_size)
{
    const struct pipeline *pipeline = engine_pipeline(engine);

    for (size_t i = 0; i < pipeline->markets; i++) {
        const struct market_state *market = pipeline->market[i];
        enum book_state state = book_sync_state(market->sync);

        if (state == BOOK_LIVE)
            continue;
        if (state == BOOK_SYNCING)
            snprintf(why, why_size, "%s: no snapshot that fits the updates: the book never was LIVE",
                     market->instrument->symbol);
        else
            snprintf(why, why_size, "%s: the book ended %s: %" PRIu64 " gaps, the last not healed",
                     market->instrument->symbol, book_state_word(state),
                     book_sync_counts(market->sync)->gaps);
        return EXIT_CODE_DATA;
    }
    if (engine_decoder_counts(engine)->bad > 0) {
        snprintf(why, why_size, "%" PRIu64 " lines were bad", engine_decoder_counts(engine)->bad);
        return EXIT_CODE_DATA;
    }
    if (pipeline->markets == 0) {
        snprintf(why, why_size, "the recordings hold no instrument");
        return EXIT_CODE_DATA;
    }
    return EXIT_CODE_OK;
}

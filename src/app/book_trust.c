/*
 * book_trust.c - what makes a book doubtful although its ids are in order, and what its connection does to it.
 * See pipeline.h. Every doubt ends as a gap does: STALE, orders cancelled, a snapshot.
 *
 *   quote     the venue's best quote of the very update that the book stands at says something else. One with a
 *             smaller or larger id may differ and be right: the two streams race
 *   crossed   bid >= ask for more than a moment
 *   horizon   the best price left what the last snapshot knew: better ones may be hidden behind it
 *   audit     a level differs from that of a fresh snapshot
 *   link      the connection broke or fell silent
 *
 * Live only: a replay has nobody to ask for a snapshot, and what it decides is what its recording says.
 */
#include "app/pipeline.h"

#include "core/base/decimal.h"
#include "core/base/safe_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#define CROSSED_EVENTS_MAX 2                   /* updates in a row that may leave the book crossed */
#define CROSSED_NS_MAX     INT64_C(500000000)  /* and for how long */
#define STALE_RINGS_NS     INT64_C(2000000000) /* a shorter resync is no news to wake a person for */

static void say_why(struct market_state *market, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void say_why(struct market_state *market, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(market->stale_why, sizeof(market->stale_why), format, args);
    va_end(args);
}

/* Limits that a venue takes in a request for depth: a side of exactly so many levels was cut there, any other is
 * whole. */
static bool is_limit(size_t levels)
{
    static const size_t limits[] = {5, 10, 20, 50, 100, 500, 1000, 5000};

    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++)
        if (levels == limits[i])
            return true;
    return false;
}

/* The snapshot's outermost prices: what lies beyond is unknown until it changes. */
static void remember_horizon(struct market_state *market, const struct depth_snapshot *snapshot)
{
    market->known_low_ticks = market->known_high_ticks = 0;
    for (int side = 0; side < SIDE_COUNT; side++)
        market->is_cut[side] = is_limit(snapshot->level_count[side]);
    for (size_t i = 0; i < snapshot->level_count[SIDE_BID]; i++) {
        int64_t price = snapshot->levels[SIDE_BID][i].price_ticks;

        if (market->known_low_ticks == 0 || price < market->known_low_ticks)
            market->known_low_ticks = price;
    }
    for (size_t i = 0; i < snapshot->level_count[SIDE_ASK]; i++) {
        int64_t price = snapshot->levels[SIDE_ASK][i].price_ticks;

        if (price > market->known_high_ticks)
            market->known_high_ticks = price;
    }
}

/* Signals take what lies behind a cut for unknown; a side that came whole has nothing behind it. */
static void tell_signals(struct market_state *market)
{
    struct known_depth known = {{0}};

    if (market->is_cut[SIDE_BID])
        known.edge_ticks[SIDE_BID] = market->known_low_ticks;
    if (market->is_cut[SIDE_ASK])
        known.edge_ticks[SIDE_ASK] = market->known_high_ticks;
    signals_on_known(market->signals, &known);
}

void trust_loaded(struct market_state *market, const struct depth_snapshot *snapshot)
{
    remember_horizon(market, snapshot);
    tell_signals(market);
    market->crossing = (struct crossing){0, 0};
    if (market->audit != NULL)
        book_audit_loaded(market->audit, snapshot->last_id);
}

/* --- doubts ------------------------------------------------------------------------------------------------- */

static bool contradicts(struct market_state *market, const struct ticker_best *quote)
{
    struct ticker_best book = market_state_best(market, quote->update_id);

    if (ticker_best_same(quote, &book))
        return false;
    for (int side = 0; side < SIDE_COUNT; side++) {
        char theirs[DECIMAL_TEXT_SIZE], ours[DECIMAL_TEXT_SIZE];
        bool price = quote->price_e8[side] != book.price_e8[side];

        if (!price && quote->qty_e8[side] == book.qty_e8[side])
            continue;
        decimal_format_trim(price ? quote->price_e8[side] : quote->qty_e8[side], DECIMAL_E8_DIGITS, theirs);
        decimal_format_trim(price ? book.price_e8[side] : book.qty_e8[side], DECIMAL_E8_DIGITS, ours);
        say_why(market, "at %" PRIu64 " the venue's best %s %s is %s, the book's %s", quote->update_id,
                side == SIDE_BID ? "bid" : "ask", price ? "price" : "size", theirs, ours);
        break;
    }
    book_sync_doubt(market->sync, STALE_QUOTE);
    return true;
}

static bool stays_crossed(const struct pipeline *pipeline, struct market_state *market)
{
    struct crossing *crossing = &market->crossing;

    if (crossing->events <= CROSSED_EVENTS_MAX && pipeline->now_ns - crossing->since_ns < CROSSED_NS_MAX)
        return false;
    say_why(market, "bid is not below ask, for %" PRIu32 " updates and %" PRId64 " ms", crossing->events,
            (pipeline->now_ns - crossing->since_ns) / 1000000);
    book_sync_doubt(market->sync, STALE_CROSSED);
    return true;
}

static bool is_crossed_for_long(const struct pipeline *pipeline, struct market_state *market)
{
    if (!market->is_crossed) {
        market->crossing = (struct crossing){0, 0};
        return false;
    }
    if (market->crossing.events++ == 0)
        market->crossing.since_ns = pipeline->now_ns;
    return stays_crossed(pipeline, market);
}

static bool left_the_horizon(struct market_state *market)
{
    for (int side = 0; side < SIDE_COUNT; side++) {
        if (market_state_knows_best(market, (enum side)side))
            continue;
        say_why(market, "the best %s left the known depth", side == SIDE_BID ? "bid" : "ask");
        book_sync_doubt(market->sync, STALE_HORIZON);
        return true;
    }
    return false;
}

static void lots_text(const struct market_state *market, int64_t lots, char out[DECIMAL_TEXT_SIZE])
{
    decimal_format_trim(instrument_qty_e8(market->instrument, lots), DECIMAL_E8_DIGITS, out);
}

static bool fails_audit(struct pipeline *pipeline, struct market_state *market)
{
    struct audit_difference differs;
    char price[DECIMAL_TEXT_SIZE], ours[DECIMAL_TEXT_SIZE], theirs[DECIMAL_TEXT_SIZE];

    switch (book_audit_decide(market->audit, market->book, book_sync_update_id(market->sync),
                              market->known_low_ticks, market->known_high_ticks, &differs)) {
    case AUDIT_WAITS:
        return false;
    case AUDIT_UNDECIDED:
        market->audits.undecided++;
        return false;
    case AUDIT_AGREES:
        market->audits.agreed++;
        market->audits.last_ns = pipeline->now_ns;
        return false;
    case AUDIT_DIFFERS:
        break;
    }
    market->audits.differed++;
    market->audits.last_ns = pipeline->now_ns;
    decimal_format_trim(instrument_price_e8(market->instrument, differs.price_ticks), DECIMAL_E8_DIGITS,
                        price);
    lots_text(market, differs.book_lots, ours);
    lots_text(market, differs.venue_lots, theirs);
    say_why(market, "audit: %s %s holds %s, the venue says %s", differs.side == SIDE_BID ? "bid" : "ask",
            price, ours, theirs);
    book_sync_doubt(market->sync, STALE_AUDIT);
    return true;
}

bool trust_applied(struct pipeline *pipeline, struct market_state *market, const struct depth_update *update)
{
    const struct ticker_best *quote;

    if (!pipeline->config.live)
        return true;
    book_audit_applied(market->audit, update);
    quote = ticker_check_at(&market->ticker, update->last_id);
    if (quote != NULL && contradicts(market, quote))
        return false;
    return !is_crossed_for_long(pipeline, market) && !left_the_horizon(market) &&
           !fails_audit(pipeline, market);
}

/* --- events -------------------------------------------------------------------------------------------------- */

void trust_on_quote(struct pipeline *pipeline, struct market_state *market, const struct best_quote *quote)
{
    struct ticker_best best = {.update_id = quote->update_id};

    for (int side = 0; side < SIDE_COUNT; side++) {
        best.price_e8[side] = instrument_price_e8(market->instrument, quote->level[side].price_ticks);
        best.qty_e8[side] = instrument_qty_e8(market->instrument, quote->level[side].qty_lots);
    }
    ticker_check_quote(&market->ticker, &best);
    if (pipeline->config.live && book_sync_state(market->sync) == BOOK_LIVE &&
        best.update_id == book_sync_update_id(market->sync) && contradicts(market, &best))
        pipeline_book_state(pipeline, market);
}

static void ring_if_stale(struct pipeline *pipeline, struct market_state *market)
{
    char text[64];

    if (market->stale_ns <= 0 || pipeline->now_ns - market->stale_ns < STALE_RINGS_NS)
        return;
    market->stale_ns = -1;
    snprintf(text, sizeof(text), "%s book not LIVE for 2 s", market->instrument->symbol);
    journal_bell(pipeline, text);
}

void trust_on_time(struct pipeline *pipeline, struct market_state *market)
{
    ring_if_stale(pipeline, market);
    if (pipeline->config.live && book_sync_state(market->sync) == BOOK_LIVE && market->crossing.events > 0 &&
        stays_crossed(pipeline, market))
        pipeline_book_state(pipeline, market);
}

/* What a link is called while there never was a book; one that is lost is STALE until it is made anew. */
static enum book_state state_without(const struct market_state *market, enum feed_link link)
{
    if (market->book_seen)
        return BOOK_STALE;
    if (link == FEED_LINK_DOWN)
        return BOOK_DOWN;
    return link == FEED_LINK_CONNECTING ? BOOK_CONNECTING : BOOK_SYNCING;
}

void trust_on_link(struct pipeline *pipeline, struct market_state *market, enum feed_link link,
                   const char *why)
{
    char safe[64] = "";

    if (why != NULL)
        safe_text(why, strlen(why), safe, sizeof(safe));
    if (link == FEED_LINK_UP) {
        book_sync_resume(market->sync);
        pipeline_book_state(pipeline, market);
        return;
    }
    if (link == FEED_LINK_SILENT)
        say_why(market, "%s", safe[0] != '\0' ? safe : "no data");
    else if (link == FEED_LINK_DOWN)
        say_why(market, "%s%s%s", market->book_seen ? "link lost" : "no connection",
                safe[0] != '\0' ? ": " : "", safe);
    else if (market->stale_why[0] == '\0' || !market->book_seen) /* why it is lost says more */
        say_why(market, "connecting%s%s", safe[0] != '\0' ? ": " : "", safe);
    book_sync_restart(market->sync, state_without(market, link));
    ticker_check_restart(&market->ticker);
    trust_lost(market);
    pipeline_book_state(pipeline, market);
}

void trust_on_audit(struct pipeline *pipeline, struct market_state *market,
                    const struct depth_snapshot *snapshot)
{
    if (market->audit == NULL || book_sync_state(market->sync) != BOOK_LIVE)
        return; /* the snapshot that makes the book is the best audit */
    market->audits.undecided += book_audit_take(market->audit, snapshot) == AUDIT_UNDECIDED;
    if (fails_audit(pipeline, market))
        pipeline_book_state(pipeline, market);
}

void trust_lost(struct market_state *market)
{
    if (market->audit != NULL)
        market->audits.undecided += book_audit_lost(market->audit) == AUDIT_UNDECIDED;
}

void trust_why(struct market_state *market)
{
    uint64_t after_id = 0, came_id = 0;

    book_sync_gap_ids(market->sync, &after_id, &came_id);
    if (book_sync_cause(market->sync) == STALE_GAP)
        say_why(market, "gap after %" PRIu64 ", came %" PRIu64, after_id, came_id);
    else if (book_sync_cause(market->sync) == STALE_REFUSED)
        say_why(market, "an update after %" PRIu64 " could not be applied", after_id);
}

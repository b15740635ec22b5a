/* recovery_wait.c - what a start tells of what it took over, and what becomes of what does not come back. See recovery.h. */
#include "app/journal_states.h"
#include "app/recovery.h"

#include "core/base/decimal.h"
#include "tui/number_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEMO_SOURCE "built-in exchange, seed "
#define LEFT_TEXT   96 /* of what a crash has left, in words */

_Static_assert(sizeof((struct recovery_report){.missing = 0}.carried_e8) == ACCOUNTS_MAX * sizeof(int64_t),
               "one of each account");

/* --- the start report ------------------------------------------------------------------------------------------------ */

static void count_left(struct recovery_report *report, const struct recovered *recovered)
{
    for (size_t i = 0; i < recovered->count; i++) {
        const struct store_record *record = &recovered->record[i];

        report->orders += record->kind == STORE_ORDER;
        report->positions +=
            record->kind == STORE_POSITION && record->owner[0] == '\0' && record->position.position.lots != 0;
        if (record->kind != STORE_TRADING)
            continue;
        snprintf(report->state, sizeof(report->state), "%s", trading_state_word(record->trading.state));
        snprintf(report->why, sizeof(report->why), "%.63s", record->trading.why);
    }
}

const char *recovery_demo_source(uint64_t seed, char out[RECOVERY_SOURCE_MAX])
{
    snprintf(out, RECOVERY_SOURCE_MAX, DEMO_SOURCE "%" PRIu64, seed);
    return out;
}

bool recovery_demo_seed(const struct recovered *recovered, uint64_t *seed)
{
    const char *source = "", *digits;
    char *end;

    for (size_t i = 0; i < recovered->count; i++)
        if (recovered->record[i].kind == STORE_SESSION)
            source = recovered->record[i].session.source;
    if (strncmp(source, DEMO_SOURCE, strlen(DEMO_SOURCE)) != 0)
        return false;
    digits = source + strlen(DEMO_SOURCE);
    *seed = strtoull(digits, &end, 10);
    return end != digits && *end == '\0';
}

/* Made from a seed it begins with each run: what was held when the last one ended is worth something else now. */
static void tell_demo(struct pipeline *pipeline, const struct recovered *recovered)
{
    uint64_t before, seed = pipeline->config.demo_seed;
    bool same = recovery_demo_seed(recovered, &before) && before == seed;

    if (!pipeline->config.demo)
        return;
    journal_note(pipeline, NOTE_INFO, "the demo's market begins anew: seed %" PRIu64 "%s", seed,
                 same ? " as before" : ", another one than before");
    if (pipeline->recovery.positions > 0)
        journal_note(pipeline, NOTE_WARNING,
                     "positions of the run before are marked at its first prices: equity jumps");
}

/* On the screen, in the log, in the journal. The first run of all has nothing to tell. */
void recovery_report_start(struct pipeline *pipeline, const struct recovered *recovered)
{
    struct recovery_report *report = &pipeline->recovery;

    count_left(report, recovered);
    if (recovered->count == 0) /* after an orderly end all of it is in the snapshot, and no frame is read */
        return;
    journal_note(pipeline, recovered->crashed ? NOTE_WARNING : NOTE_INFO,
                 "%s: %" PRIu64 " positions, %" PRIu64 " open orders, %s; epoch %" PRIu64 ", %" PRId64 " ms",
                 recovered->crashed ? "recovered after a CRASH" : "going on", report->positions,
                 report->orders, report->state[0] == '\0' ? "ACTIVE" : report->state, recovered->epoch,
                 recovered->took_ns / INT64_C(1000000));
    tell_demo(pipeline, recovered);
    if (recovered->from_ring > 0)
        journal_note(pipeline, NOTE_INFO,
                     "%" PRIu64 " of %" PRIu64 " frames came out of the killed run's memory",
                     recovered->from_ring, recovered->frames);
    if (recovered->note[0] != '\0')
        journal_note(pipeline, NOTE_WARNING, "journal: %.86s", recovered->note);
}

static void tell_orders(const struct pipeline *pipeline, char out[LEFT_TEXT])
{
    unsigned long long orders = pipeline->recovery.orders;

    if (orders == 0)
        snprintf(out, LEFT_TEXT, "no open order");
    else
        snprintf(out, LEFT_TEXT, "%llu open order%s %s", orders, orders == 1 ? "" : "s",
                 pipeline->config.gateway != NULL ? "taken up" : "ended with its paper venue");
}

/* The one that was held, or how many. */
static void tell_positions(const struct recovered *recovered, uint64_t count, char out[LEFT_TEXT])
{
    for (size_t i = 0; count == 1 && i < recovered->count; i++) {
        const struct store_record *record = &recovered->record[i];
        int64_t lots = record->position.position.lots;
        char qty[DECIMAL_TEXT_SIZE];

        if (record->kind != STORE_POSITION || record->owner[0] != '\0' || lots == 0)
            continue;
        decimal_format_trim(decimal_mul_div(lots < 0 ? -lots : lots, record->position.scale.lot_e8, 1),
                            DECIMAL_E8_DIGITS, qty);
        snprintf(out, LEFT_TEXT, "%s %s %.20s taken up", lots > 0 ? "LONG" : "SHORT", qty, record->symbol);
        return;
    }
    if (count == 0)
        snprintf(out, LEFT_TEXT, "no position");
    else
        snprintf(out, LEFT_TEXT, "%" PRIu64 " positions taken up", count);
}

bool recovery_tell_crash(const struct pipeline *pipeline, char *out, size_t size)
{
    const struct recovered *recovered = pipeline->config.recovered;
    char orders[LEFT_TEXT], position[LEFT_TEXT];

    if (recovered == NULL || !recovered->crashed)
        return false;
    tell_orders(pipeline, orders);
    tell_positions(recovered, pipeline->recovery.positions, position);
    snprintf(out, size, "the last run ended without a goodbye after %s UTC: %s, %s",
             number_moment(recovered->last_ns, pipeline->now_ns).text, position, orders);
    return true;
}

/* --- who does not come back -------------------------------------------------------------------------------------------- */

static bool holds(const struct recovered *recovered, const char *symbol)
{
    for (size_t i = 0; i < recovered->count; i++) {
        const struct store_record *record = &recovered->record[i];

        if (record->kind == STORE_POSITION && record->position.position.lots != 0 &&
            strcmp(record->symbol, symbol) == 0)
            return true;
    }
    return false;
}

bool recovery_is_back(const struct pipeline *pipeline, const char *symbol)
{
    for (size_t i = 0; i < pipeline->markets; i++)
        if (strcmp(pipeline->market[i]->instrument->symbol, symbol) == 0)
            return pipeline->market[i]->book_state == BOOK_LIVE || pipeline->market[i]->total.lots == 0;
    return pipeline->recovery.gone_ended && !holds(pipeline->config.recovered, symbol);
}

/* The paper venue that they rested at is gone: an instrument that does not come leaves no order open for ever. */
static void end_gone_orders(struct pipeline *pipeline)
{
    const struct recovered *recovered = pipeline->config.recovered;

    pipeline->recovery.gone_ended = true;
    for (size_t i = 0; i < recovered->count; i++) {
        struct store_record record = recovered->record[i];

        if (record.kind != STORE_ORDER || pipeline_find(pipeline, record.symbol) != NULL)
            continue;
        record.order.order.state = ORDER_STATE_CANCELLED;
        record.order.order.updated_ns = pipeline->now_ns;
        journal_push(pipeline, &record);
        journal_audit(pipeline, NULL, "order.left", record.owner,
                      "order %" PRIu64 " in %s ended with the paper venue of the run before",
                      record.order.order.seq, record.symbol);
        journal_note(pipeline, NOTE_WARNING, "%s: order %" PRIu64 " of the run before ended with it",
                     record.symbol, record.order.order.seq);
        pipeline->recovery.orders_ended++;
    }
}

/* Counts who is not back; 0: everybody is. */
static size_t look_for_missing(struct pipeline *pipeline)
{
    struct recovery_report *report = &pipeline->recovery;
    const char *symbol[INSTRUMENTS_MAX];
    size_t count = recovery_symbols(pipeline->config.recovered, symbol, INSTRUMENTS_MAX);

    report->missing = 0;
    report->missing_symbol[0] = '\0';
    for (size_t i = 0; i < count; i++)
        if (!recovery_is_back(pipeline, symbol[i]) && report->missing++ == 0)
            snprintf(report->missing_symbol, sizeof(report->missing_symbol), "%s", symbol[i]);
    return report->missing;
}

void recovery_on_tick(struct pipeline *pipeline)
{
    struct recovery_report *report = &pipeline->recovery;
    char why[96];

    if (!pipeline->recovering)
        return;
    if (report->since_ns == 0)
        report->since_ns = pipeline->now_ns;
    if (report->waits_told || pipeline->now_ns - report->since_ns < RECOVERY_WAIT_NS)
        return;
    if (pipeline->config.gateway == NULL && !report->gone_ended)
        end_gone_orders(pipeline);
    if (look_for_missing(pipeline) == 0) {
        recovery_live(pipeline);
        return;
    }
    report->waits_told = true;
    snprintf(why, sizeof(why), "%s is open from the run before and has no LIVE book; :go trades without it",
             report->missing_symbol);
    trading_set_state(pipeline, STATE_HALTED, why);
    journal_bell(pipeline, why);
}

/* A position that is not here counts with what was paid for it: to leave it out is no loss and no gain. */
static int64_t carried_in(struct pipeline *pipeline, const char *quote)
{
    const struct recovered *recovered = pipeline->config.recovered;
    int64_t carried_e8 = 0;

    for (size_t i = 0; i < recovered->count; i++) {
        const struct store_record *record = &recovered->record[i];
        const struct instrument *of;

        if (record->kind != STORE_POSITION || record->owner[0] != '\0' ||
            pipeline_find(pipeline, record->symbol) != NULL)
            continue;
        of = recovery_instrument_of(recovered, record->symbol);
        if (of != NULL && strcmp(of->quote, quote) == 0)
            carried_e8 += record->position.position.cost_e8;
    }
    return carried_e8;
}

/* At a live venue they go on without us, and nobody asks what became of them. */
static void tell_orders_left(struct pipeline *pipeline)
{
    const struct recovered *recovered = pipeline->config.recovered;

    for (size_t i = 0; i < recovered->count; i++) {
        const struct store_record *record = &recovered->record[i];

        if (record->kind != STORE_ORDER || pipeline_find(pipeline, record->symbol) != NULL ||
            pipeline->config.gateway == NULL)
            continue;
        journal_audit(pipeline, NULL, "order.left", record->owner,
                      "order %" PRIu64 " in %s is left at the venue: not asked for, not cancelled",
                      record->order.order.seq, record->symbol);
        journal_note(pipeline, NOTE_BAD, "%s: order %" PRIu64 " is left at the venue, cancel it there",
                     record->symbol, record->order.order.seq);
    }
}

bool recovery_tell_left_out(const struct pipeline *pipeline, char *out, size_t size)
{
    const struct recovery_report *report = &pipeline->recovery;

    if (!report->left_out || report->missing == 0)
        return false;
    snprintf(out, size, "%s%s: left out, held but not marked and not closed", report->missing_symbol,
             report->missing > 1 ? " and others" : "");
    return true;
}

void recovery_carry(struct pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->accounts && pipeline->recovery.left_out; i++)
        pipeline->recovery.carried_e8[i] = carried_in(pipeline, pipeline->account[i].quote);
}

void recovery_leave_out(struct pipeline *pipeline)
{
    if (!pipeline->recovering || !pipeline->recovery.waits_told || pipeline->recovery.left_out)
        return;
    look_for_missing(pipeline);
    tell_orders_left(pipeline);
    pipeline->recovery.left_out = true;
    recovery_carry(pipeline);
    recovery_live(pipeline); /* what a live venue has not answered yet is waited for all the same */
    journal_audit(pipeline, NULL, "recovery", "-",
                  "left out by you: %" PRIu64 " instruments, the first is %s", pipeline->recovery.missing,
                  pipeline->recovery.missing_symbol);
    if (pipeline->recovery.missing > 1)
        journal_note(pipeline, NOTE_WARNING, "%s and %" PRIu64 " more are left out: not marked, not closed",
                     pipeline->recovery.missing_symbol, pipeline->recovery.missing - 1);
    else
        journal_note(pipeline, NOTE_WARNING, "%s is left out: not marked, not closed",
                     pipeline->recovery.missing_symbol);
}

/* recovery_wait.c - what a start tells of what it took over, and what becomes of what does not come back. See recovery.h. */
#include "app/journal_states.h"
#include "app/recovery.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

/* On the screen, in the log, in the journal. The first run of all has nothing to tell. */
void recovery_report_start(struct pipeline *pipeline, const struct recovered *recovered)
{
    struct recovery_report *report = &pipeline->recovery;

    count_left(report, recovered);
    if (recovered->frames == 0)
        return;
    journal_note(pipeline, recovered->crashed ? NOTE_WARNING : NOTE_INFO,
                 "%s: %" PRIu64 " positions, %" PRIu64 " open orders, %s; epoch %" PRIu64 ", %" PRId64 " ms",
                 recovered->crashed ? "recovered after a CRASH" : "going on", report->positions,
                 report->orders, report->state[0] == '\0' ? "ACTIVE" : report->state, recovered->epoch,
                 recovered->took_ns / INT64_C(1000000));
    if (recovered->from_ring > 0)
        journal_note(pipeline, NOTE_INFO,
                     "%" PRIu64 " of %" PRIu64 " frames came out of the killed run's memory",
                     recovered->from_ring, recovered->frames);
    if (recovered->note[0] != '\0')
        journal_note(pipeline, NOTE_WARNING, "journal: %.86s", recovered->note);
}

/* --- who does not come back -------------------------------------------------------------------------------------------- */

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
    if (report->waits_told || pipeline->now_ns - report->since_ns < RECOVERY_WAIT_NS ||
        look_for_missing(pipeline) == 0)
        return;
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
    pipeline->recovery.left_out = true;
    recovery_carry(pipeline);
    recovery_live(pipeline); /* what a live venue has not answered yet is waited for all the same */
    journal_audit(pipeline, NULL, "recovery", "-",
                  "left out by you: %" PRIu64 " instruments, the first is %s", pipeline->recovery.missing,
                  pipeline->recovery.missing_symbol);
    journal_note(pipeline, NOTE_WARNING, "%s and %" PRIu64 " more are left out: not marked, not closed",
                 pipeline->recovery.missing_symbol,
                 pipeline->recovery.missing == 0 ? 0 : pipeline->recovery.missing - 1);
}

/*
 * instruments.c - an instrument that is heard of gets a market, an account and its owners; finer steps reach everybody who
 * holds ticks or lots; instruments and owners by their names. See pipeline.h.
 */
#include "app/pipeline.h"
#include "app/recovery.h"

#include <string.h>

/* --- by name ------------------------------------------------------------------------------------------------- */

uint16_t pipeline_owner_by_name(const struct pipeline *pipeline, const char *name)
{
    for (size_t i = 0; i < pipeline->owners; i++)
        if (strcmp(pipeline->owner[i].name, name) == 0)
            return (uint16_t)i;
    return UINT16_MAX;
}

struct market_state *pipeline_find(struct pipeline *pipeline, const char *symbol)
{
    for (size_t i = 0; i < pipeline->markets; i++)
        if (strcmp(pipeline->market[i]->instrument->symbol, symbol) == 0)
            return pipeline->market[i];
    return NULL;
}

struct account *pipeline_account(struct pipeline *pipeline, uint16_t instrument_id)
{
    uint16_t account = pipeline->market_account[instrument_id];

    return account < pipeline->accounts ? &pipeline->account[account] : NULL;
}

/* --- taken in ------------------------------------------------------------------------------------------------ */

static uint16_t account_for(struct pipeline *pipeline, const char *quote, bool *recovered)
{
    struct account *account;

    for (size_t i = 0; i < pipeline->accounts; i++)
        if (strcmp(pipeline->account[i].quote, quote) == 0)
            return (uint16_t)i;
    if (pipeline->accounts == ACCOUNTS_MAX) {
        pipeline->counts.errors++;
        return ACCOUNTS_MAX; /* no money in that asset: the gate finds nothing free */
    }
    account = &pipeline->account[pipeline->accounts];
    snprintf(account->quote, sizeof(account->quote), "%s", quote);
    account->start_e8 = account->cash_e8 = account->equity_e8 = account->peak_e8 = account->day_start_e8 =
        pipeline->config.account_start_e8;
    account->day = -1;
    *recovered = recovery_account(pipeline, account);
    return (uint16_t)pipeline->accounts++;
}

static void note_halt(struct pipeline *pipeline, struct market_state *market)
{
    bool trading = market->instrument->trading;

    if (trading != market->trading)
        journal_note(pipeline, trading ? NOTE_INFO : NOTE_WARNING, "%s: the venue %s",
                     market->instrument->symbol, trading ? "trades it again" : "has halted it");
    market->trading = trading;
}

static void attach_paper(struct pipeline *pipeline, const struct market_state *market, bool fresh_account)
{
    paper_broker_attach(pipeline->broker, market->instrument, market->book);
    if (fresh_account)
        (void)paper_broker_transfer(pipeline->broker, market->instrument->quote,
                                    pipeline->config.account_start_e8);
}

void pipeline_on_instrument(struct pipeline *pipeline, const struct instrument *instrument)
{
    struct market_state *market;
    uint16_t fresh_account = (uint16_t)pipeline->accounts;
    bool recovered = false;

    if (instrument->id < pipeline->markets) { /* its filters changed: the feed's struct is current */
        journal_instrument(pipeline, instrument);
        note_halt(pipeline, pipeline->market[instrument->id]);
        return;
    }
    if (instrument->id != pipeline->markets || pipeline->markets == INSTRUMENTS_MAX) {
        pipeline->counts.errors++;
        return;
    }
    market = market_state_new(instrument, &pipeline->config.signals);
    if (market != NULL && pipeline->config.live)
        market->audit = book_audit_new();
    if (market == NULL || (pipeline->config.live && market->audit == NULL)) {
        market_state_free(market);
        pipeline->counts.errors++;
        journal_note(pipeline, NOTE_BAD, "no memory for %s: not shown, not traded", instrument->symbol);
        return;
    }
    pipeline->market_account[pipeline->markets] = account_for(pipeline, instrument->quote, &recovered);
    pipeline->market[pipeline->markets++] = market;
    if (pipeline->config.gateway == NULL)
        attach_paper(pipeline, market,
                     pipeline->market_account[market->instrument->id] == fresh_account && !recovered);
    strategies_add_instrument(pipeline, instrument);
    journal_instrument(pipeline, instrument);
    recovery_instrument(pipeline, market);
    journal_note(pipeline, NOTE_INFO, "%s on %s", instrument->symbol, venue_label(instrument->venue));
}

/* Everything that holds ticks or lots of this instrument follows the finer step. */
void pipeline_on_steps(struct pipeline *pipeline, struct market_state *market, struct step_change change)
{
    uint16_t id = market->instrument->id;

    market_state_rescale(market, change);
    order_manager_rescale(pipeline->orders, id, change);
    paper_broker_rescale(pipeline->broker, id, change);
    execution_rescale(pipeline->execution, id, change);
    order_groups_rescale(pipeline->groups, id, change);
    for (size_t i = 0; i < PIPELINE_FILLS_MAX; i++)
        if (pipeline->fill[i].instrument_id == id) {
            pipeline->fill[i].price_ticks *= change.price_factor;
            pipeline->fill[i].arrival_mid2_ticks *= change.price_factor;
            pipeline->fill[i].qty_lots *= change.qty_factor;
        }
    risk_state_rescale(&pipeline->risk, id, change);
    risk_monitor_rescale(&pipeline->monitor, id, change);
    for (size_t i = 0; i < PIPELINE_DENIALS_MAX; i++)
        if (pipeline->denial[i].intent.instrument_id == id) {
            struct order denied = {.intent = pipeline->denial[i].intent};

            order_rescale(&denied, change);
            pipeline->denial[i].intent = denied.intent;
        }
    for (uint32_t i = 0; i < pipeline->kill.orders; i++)
        if (pipeline->kill.order[i].order.intent.instrument_id == id)
            order_rescale(&pipeline->kill.order[i].order, change);
    pipeline->preview_set = false; /* asked in old units: the screen asks again */
    journal_instrument(pipeline, market->instrument);
}

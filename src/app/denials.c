/* denials.c - what becomes of an intent that the gate denied: counted, kept for the screen, told to who may want to know. */
#include "app/journal_states.h"

#include "core/base/decimal.h"

#include <inttypes.h>
#include <string.h>

#define DENIALS_TOLD_MAX 500 /* in a second, one by one */
#define NS_PER_S         INT64_C(1000000000)
#define ASKED_SIZE       160

static void add_price(const struct market_state *market, const char *word, int64_t ticks, char *out,
                      size_t size)
{
    char price[DECIMAL_TEXT_SIZE];
    size_t used = strlen(out);

    if (ticks <= 0)
        return;
    decimal_format_fixed(instrument_price_e8(market->instrument, ticks), DECIMAL_E8_DIGITS,
                         instrument_price_decimals(market->instrument), false, price);
    snprintf(out + used, size - used, " %s %s", word, price);
}

/* "BUY 0.02 LIMIT GTC @ 61842.00 post-only". */
static const char *asked_text(const struct market_state *market, const struct order_intent *intent,
                              char out[ASKED_SIZE])
{
    char qty[DECIMAL_TEXT_SIZE];
    size_t used;

    decimal_format_trim(instrument_qty_e8(market->instrument, intent->qty_lots), DECIMAL_E8_DIGITS, qty);
    snprintf(out, ASKED_SIZE, "%s %s %s %s", side_word(intent->side), qty, order_type_word(intent->type),
             time_in_force_word(intent->tif));
    add_price(market, "stop", intent->stop_ticks, out, ASKED_SIZE);
    add_price(market, "trailing by", intent->trail_ticks, out, ASKED_SIZE);
    add_price(market, "@", intent->price_ticks, out, ASKED_SIZE);
    used = strlen(out);
    snprintf(out + used, ASKED_SIZE - used, "%s%s", intent->post_only ? " post-only" : "",
             intent->reduce_only ? " reduce-only" : "");
    return out;
}

static void keep(struct pipeline *pipeline, const struct order_intent *intent, enum risk_code code,
                 const char *text)
{
    struct denial *slot = &pipeline->denial[pipeline->denial_count++ % PIPELINE_DENIALS_MAX];
    const char *numbers = strchr(text, ' '); /* behind the code */

    *slot = (struct denial){
        .seq = pipeline->denial_count, .ts_ns = pipeline->now_ns, .code = code, .intent = *intent};
    snprintf(slot->by, sizeof(slot->by), "%s", pipeline->by);
    snprintf(slot->text, sizeof(slot->text), "%.95s", numbers == NULL ? "" : numbers + 1);
}

void denials_on_tick(struct pipeline *pipeline)
{
    int64_t second = pipeline->now_ns / NS_PER_S;

    if (second == pipeline->denial_second)
        return;
    if (pipeline->denials_untold > 0) {
        journal_audit(pipeline, NULL, "order.denied", "-", "%u more within a second",
                      pipeline->denials_untold);
        journal_note(pipeline, NOTE_WARNING, "DENIED %u more within a second", pipeline->denials_untold);
    }
    pipeline->denial_second = second;
    pipeline->denials_told = pipeline->denials_untold = 0;
}

/* A client that asks again and again would fill the store's queue, and a full one halts trading. */
static bool is_told_alone(struct pipeline *pipeline)
{
    denials_on_tick(pipeline);
    if (pipeline->denials_told == DENIALS_TOLD_MAX) {
        pipeline->denials_untold++;
        return false;
    }
    pipeline->denials_told++;
    return true;
}

void denials_tell(struct pipeline *pipeline, struct market_state *market, const struct order_intent *intent,
                  const struct risk_verdict *verdict)
{
    struct owner *owner = &pipeline->owner[intent->owner];
    struct order denied = {.intent = *intent};
    bool several = pipeline->markets > 1; /* then a line says which */
    char text[160], asked[ASKED_SIZE];

    risk_verdict_text(verdict, market->instrument, text, sizeof(text));
    keep(pipeline, intent, verdict->code, text);
    pipeline->counts.denied++;
    risk_state_count_denial(&pipeline->risk, verdict->code, pipeline->now_ns);
    journal_decision(pipeline, "denied", market, intent, intent->price_ticks, intent->qty_lots,
                     risk_code_word(verdict->code));
    if (is_told_alone(pipeline)) { /* store/denial_query.h reads this form */
        journal_audit(pipeline, market, "order.denied", owner->name, "#%" PRIu64 " %s%s%s: %s",
                      pipeline->denial_count, asked_text(market, intent, asked),
                      pipeline->by[0] == '\0' ? "" : ", ", pipeline->by, text);
        journal_note(pipeline, NOTE_WARNING, "DENIED %s %s%s%s: %s", owner->name, side_word(intent->side),
                     several ? " " : "", several ? market->instrument->base : "", text);
    }
    if (owner->strategy != NULL)
        strategies_hear_order(pipeline, &denied, risk_code_word(verdict->code));
    else
        journal_bell(pipeline, "denied");
}

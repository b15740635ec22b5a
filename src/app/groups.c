/*
 * groups.c - OCO and brackets in the pipeline: what exec/order_group.h wants done passes gate and gateway. See pipeline.h.
 */
#include "app/pipeline.h"

#include "core/base/decimal.h"

#include <inttypes.h>

#define GROUP_ROUNDS 4 /* what is done may fill at once and want more; the next tick goes on */

void groups_see(struct pipeline *pipeline, const struct order *order)
{
    if (order_groups_see(pipeline->groups, order) != ERR_OK) {
        pipeline->counts.errors++; /* judged before it was sent: a bound that nobody should reach */
        journal_note(pipeline, NOTE_BAD, "order %" PRIu64 " is in no group: too many", order->seq);
    }
}

static void tell(struct pipeline *pipeline, const struct group_action *action)
{
    const struct market_state *market = pipeline->market[action->instrument_id];
    char qty[DECIMAL_TEXT_SIZE];

    decimal_format_trim(instrument_qty_e8(market->instrument, action->qty_lots), DECIMAL_E8_DIGITS, qty);
    journal_audit(pipeline, market, "group", pipeline->owner[action->owner].name, "%s %s", action->text, qty);
    journal_note(pipeline, NOTE_BAD, "%s %s: %s %s", pipeline->owner[action->owner].name,
                 market->instrument->symbol, action->text, qty);
    journal_bell_of(pipeline, action->owner, action->text);
}

/* An entry that only closed what was open the other way leaves nothing to protect: its bracket ends, once, in words. */
static void send(struct pipeline *pipeline, struct group_action *action)
{
    struct market_state *market = pipeline->market[action->instrument_id];
    int64_t reducible = action->intent.side == SIDE_ASK ? market->total.lots : -market->total.lots;
    uint64_t order_seq;
    struct risk_verdict verdict = trading_intent(pipeline, market, &action->intent, &order_seq);

    if (verdict.answer != RISK_ANSWER_DENIED || verdict.code != RISK_REDUCE_ONLY || reducible > 0 ||
        !order_groups_release_one(pipeline->groups, action->group)) /* another may protect what is open */
        return;
    action->text = "the bracket ends, no position is left that it could close:";
    tell(pipeline, action);
}

static void act(struct pipeline *pipeline, struct group_action *action)
{
    if (action->instrument_id >= pipeline->markets)
        return;
    switch (action->kind) {
    case GROUP_SEND:
        send(pipeline, action);
        break;
    case GROUP_REPLACE:
        trading_replace(pipeline, action->seq, action->price_ticks, action->qty_lots);
        break;
    case GROUP_CANCEL:
        trading_cancel(pipeline, action->seq);
        break;
    case GROUP_TELL:
        tell(pipeline, action);
        break;
    }
}

void groups_settle(struct pipeline *pipeline)
{
    struct group_actions actions;

    if (pipeline->grouping)
        return;
    pipeline->grouping = true;
    for (int round = 0; round < GROUP_ROUNDS; round++) {
        order_groups_run(pipeline->groups, pipeline->now_ns, &actions);
        for (size_t i = 0; i < actions.count; i++)
            act(pipeline, &actions.action[i]);
        if (actions.count == 0)
            break;
    }
    pipeline->grouping = false;
}

/*
 * groups.c - OCO and brackets in the pipeline: what exec/order_group.h wants done passes gate and gateway. See pipeline.h.
 */
#include "app/holdings.h"
#include "app/pipeline.h"

#include "core/base/decimal.h"

#include <inttypes.h>

#define GROUP_ROUNDS 4 /* what is done may fill at once and want more; the next tick goes on */

static void took(struct pipeline *pipeline, const struct order *order, enum err err)
{
    pipeline->room_moved |= UINT64_C(1) << order->intent.instrument_id;
    if (err == ERR_OK)
        return;
    pipeline->counts.errors++; /* judged before it was sent: a bound that nobody should reach */
    journal_note(pipeline, NOTE_BAD, "order %" PRIu64 " is in no group: too many", order->seq);
}

void groups_see(struct pipeline *pipeline, const struct order *order)
{
    took(pipeline, order, order_groups_see(pipeline->groups, order));
}

void groups_adopt(struct pipeline *pipeline, const struct order *order)
{
    took(pipeline, order, order_groups_adopt(pipeline->groups, order));
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

/* What was denied so often that it would only fill the log: it goes to the gate again once that lets it pass. */
static bool waits_for_gate(struct pipeline *pipeline, const struct group_action *action)
{
    struct market_state *market = pipeline->market[action->instrument_id];
    const struct order *order;
    struct order_intent intent;

    if (!action->quiet)
        return false;
    if (action->kind == GROUP_SEND)
        return trading_judge(pipeline, market, &action->intent).answer == RISK_ANSWER_DENIED;
    order = order_manager_find(pipeline->orders, action->seq);
    if (order == NULL)
        return true;
    intent = order_moved(order, action->price_ticks, action->qty_lots);
    return trading_judge_move(pipeline, market, &intent, action->seq).answer == RISK_ANSWER_DENIED;
}

static void act(struct pipeline *pipeline, const struct group_action *action)
{
    uint64_t order_seq;

    if (action->instrument_id >= pipeline->markets || waits_for_gate(pipeline, action))
        return;
    switch (action->kind) {
    case GROUP_SEND:
        (void)trading_intent(pipeline, pipeline->market[action->instrument_id], &action->intent, &order_seq);
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

static void look_at_bracket(struct pipeline *pipeline, const struct holdings_room *held,
                            const struct group_bracket *bracket)
{
    const struct order_intent way_out = {.instrument_id = bracket->instrument_id,
                                         .owner = bracket->owner,
                                         .side = bracket->side,
                                         .reduce_only = true,
                                         .group = bracket->id};
    struct group_room room = {.keep_lots = holdings_room_lots(held, bracket)};

    for (int child = 0; child < GROUP_CHILDREN; child++)
        room.grow_lots[child] = trading_reducible_lots(pipeline, pipeline->market[bracket->instrument_id],
                                                       &way_out, bracket->child_seq[child]);
    order_groups_set_room(pipeline->groups, bracket->id, &room);
}

/* What the account lets each bracket close, as the gate will judge it. */
static void look_at_room(struct pipeline *pipeline)
{
    struct group_bracket bracket[ORDER_GROUPS_MAX];
    struct holdings_room held;
    uint64_t moved = pipeline->room_moved;
    size_t count;

    if (moved == 0)
        return;
    pipeline->room_moved = 0;
    count = order_groups_brackets(pipeline->groups, bracket);
    for (uint16_t id = 0; id < pipeline->markets; id++) {
        bool shared = false; /* its room, once for all its brackets */

        if ((moved >> id & 1U) == 0)
            continue;
        for (size_t i = 0; i < count; i++) {
            if (bracket[i].instrument_id != id)
                continue;
            if (!shared)
                holdings_share_room(pipeline, pipeline->market[id], &held);
            shared = true;
            look_at_bracket(pipeline, &held, &bracket[i]);
        }
    }
}

void groups_settle(struct pipeline *pipeline)
{
    struct group_actions actions;

    if (pipeline->grouping)
        return;
    pipeline->grouping = true;
    for (int round = 0; round < GROUP_ROUNDS; round++) {
        look_at_room(pipeline);
        order_groups_run(pipeline->groups, pipeline->now_ns, &actions);
        for (size_t i = 0; i < actions.count; i++)
            act(pipeline, &actions.action[i]);
        if (actions.count == 0)
            break;
    }
    pipeline->grouping = false;
}

#include "exec/order_group_state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct order_groups *order_groups_new(const struct order_group_params *params)
{
    struct order_groups *groups = calloc(1, sizeof *groups);

    if (groups == NULL)
        return NULL;
    groups->params = *params;
    groups->due_ns = INT64_MAX;
    return groups;
}

void order_groups_free(struct order_groups *groups)
{
    free(groups);
}

/* --- finding -------------------------------------------------------------------------------------------------- */

bool group_leg_open(const struct leg *leg)
{
    struct order order = {.state = leg->state};

    return order_is_open(&order);
}

int64_t group_filled_lots(const struct group *group)
{
    int64_t filled = group->folded_lots;

    for (size_t i = 0; i < group->legs; i++)
        filled += group->leg[i].filled_lots;
    return filled;
}

int64_t group_held_lots(const struct group *group)
{
    return group->entry_lots - group->gone_lots - group_filled_lots(group);
}

bool group_is_live(const struct group *group)
{
    if (group->bracket && (group->entry_open || (!group->released && group_held_lots(group) > 0)))
        return true;
    for (size_t i = 0; i < group->legs; i++)
        if (group_leg_open(&group->leg[i]))
            return true;
    return false;
}

struct group *group_find(const struct order_groups *groups, uint64_t id)
{
    for (size_t i = 0; i < ORDER_GROUPS_MAX; i++)
        if (groups->group[i].id == id)
            return (struct group *)(uintptr_t)&groups->group[i];
    return NULL;
}

/* An empty slot, or the one of the group that ended longest ago; NULL: all are alive. */
static struct group *free_group(const struct order_groups *groups)
{
    const struct group *oldest = NULL;

    for (size_t i = 0; i < ORDER_GROUPS_MAX; i++) {
        const struct group *group = &groups->group[i];

        if (group->id == 0)
            return (struct group *)(uintptr_t)group;
        if (!group_is_live(group) && (oldest == NULL || group->used < oldest->used))
            oldest = group;
    }
    return (struct group *)(uintptr_t)oldest;
}

static struct group *take_group(struct order_groups *groups, uint64_t id, const struct order_intent *intent)
{
    struct group *group = group_find(groups, id);

    if (group == NULL) {
        group = free_group(groups);
        if (group == NULL)
            return NULL;
        *group = (struct group){.id = id, .instrument_id = intent->instrument_id, .owner = intent->owner};
    }
    group->used = ++groups->uses;
    return group;
}

static struct leg *find_leg(struct group *group, uint64_t seq)
{
    for (size_t i = 0; i < group->legs; i++)
        if (group->leg[i].seq == seq)
            return &group->leg[i];
    return NULL;
}

/* Room for one more: an ended child goes, what it filled stays. An ended OCO leg stays, its fill may grow. */
static struct leg *add_leg(struct group *group, uint64_t seq, enum role role)
{
    if (group->legs == GROUP_LEGS_MAX) {
        size_t i = 0;

        while (i < group->legs && (group->leg[i].role == ROLE_OCO || group_leg_open(&group->leg[i])))
            i++;
        if (i == group->legs)
            return NULL;
        group->folded_lots += group->leg[i].filled_lots;
        group->legs--;
        memmove(&group->leg[i], &group->leg[i + 1], (group->legs - i) * sizeof group->leg[0]);
    }
    group->leg[group->legs] = (struct leg){.seq = seq, .role = role};
    return &group->leg[group->legs++];
}

static bool has_bracket(const struct order_intent *intent)
{
    return intent->bracket_take_ticks > 0 || intent->bracket_stop_ticks > 0;
}

enum err order_groups_check(const struct order_groups *groups, const struct order_intent *intent)
{
    const struct group *group = intent->group == 0 ? NULL : group_find(groups, intent->group);
    size_t slots = 0, wanted;

    if ((intent->group & GROUP_OF_BRACKET) != 0)
        return group != NULL && group->bracket ? ERR_OK : ERR_RANGE;
    if (group != NULL && (group->instrument_id != intent->instrument_id || group->owner != intent->owner))
        return ERR_RANGE; /* what one leg fills would be taken off the other, lot by lot */
    if (group != NULL && group->legs == GROUP_LEGS_MAX)
        return ERR_TOO_LONG;
    wanted = (size_t)(intent->group != 0 && group == NULL) + (size_t)has_bracket(intent);
    for (size_t i = 0; i < ORDER_GROUPS_MAX && slots < wanted; i++)
        slots += groups->group[i].id == 0 || !group_is_live(&groups->group[i]);
    return slots < wanted ? ERR_FULL : ERR_OK;
}

/* --- seeing ----------------------------------------------------------------------------------------------------- */

static enum err see_entry(struct order_groups *groups, const struct order *order)
{
    const struct order_intent *intent = &order->intent;
    struct group *group = take_group(groups, GROUP_OF_BRACKET | order->seq, intent);

    if (group == NULL)
        return ERR_FULL;
    if (!group->bracket) { /* later their price is the trader's */
        group->ticks[ROLE_TAKE] = intent->bracket_take_ticks;
        group->ticks[ROLE_STOP] = intent->bracket_stop_ticks;
    }
    group->bracket = true;
    group->entry_seq = order->seq;
    group->correlation_id = intent->correlation_id;
    group->side = side_other(intent->side);
    group->entry_open = order_is_open(order);
    group->fresh_lots += order->filled_lots - group->entry_lots;
    group->entry_lots = order->filled_lots;
    return ERR_OK;
}

/* A leg is over. What that means to the others depends on who ended it. */
static void leg_ended(struct group *group, const struct leg *leg)
{
    bool by_us = leg->ended_by_us && leg->state == ORDER_STATE_CANCELLED;

    if (!group->bracket) {
        group->closing |= !by_us;
        return;
    }
    if (by_us || leg->state == ORDER_STATE_FILLED)
        group->send[leg->role].tries = 0;         /* another one is a new wish */
    else if (leg->state == ORDER_STATE_CANCELLED) /* the trader's will */
        group->released = group->given_up = true;
}

/*
 * Whose quantity is it? One that somebody else asked for is a new base, as it stood to the fills when it was asked
 * for. What the venue took away by itself stays away; what we asked for leaves the base as it is.
 */
static void see_terms(struct leg *leg, const struct order *order, int64_t others_lots)
{
    int64_t total_lots = order->intent.qty_lots;

    if (order->replace_qty_lots != 0 && order->replace_qty_lots != leg->asked_lots) {
        leg->trader_lots = order->replace_qty_lots;
        leg->trader_base = order->replace_qty_lots + others_lots;
    }
    if (leg->trader_lots != 0 && total_lots == leg->trader_lots && order->replace_qty_lots == 0) {
        leg->base_lots = leg->trader_base;
        leg->trader_lots = 0;
    } else if (total_lots + others_lots < leg->base_lots) {
        leg->base_lots = total_lots + others_lots;
    }
}

static enum err see_leg(struct order_groups *groups, const struct order *order)
{
    const struct order_intent *intent = &order->intent;
    bool child = (intent->group & GROUP_OF_BRACKET) != 0, first, was_open;
    struct group *group =
        child ? group_find(groups, intent->group) : take_group(groups, intent->group, intent);
    struct leg *leg;

    if (group == NULL)
        return child ? ERR_OK : ERR_FULL; /* forgotten, as after a kill */
    leg = find_leg(group, order->seq);
    first = leg == NULL;
    if (first)
        leg = add_leg(group, order->seq,
                      !child                       ? ROLE_OCO
                      : intent->type == ORDER_STOP ? ROLE_STOP
                                                   : ROLE_TAKE);
    if (leg == NULL)
        return ERR_FULL;
    was_open = first || group_leg_open(leg);
    if (first)
        leg->base_lots = intent->qty_lots;
    leg->filled_lots = order->filled_lots;
    see_terms(leg, order, group_filled_lots(group) - leg->filled_lots);
    leg->state = order->state;
    leg->total_lots = intent->qty_lots;
    leg->terms_ticks = order_terms_ticks(intent);
    if (child && leg->state == ORDER_STATE_WORKING)
        group->ticks[leg->role] = leg->terms_ticks;
    if (was_open && !group_leg_open(leg))
        leg_ended(group, leg);
    return ERR_OK;
}

enum err order_groups_see(struct order_groups *groups, const struct order *order)
{
    enum err err = ERR_OK;

    assert(order->seq != 0);
    if (order->intent.group == 0 && !has_bracket(&order->intent))
        return ERR_OK;
    groups->work = true;
    if (has_bracket(&order->intent))
        err = see_entry(groups, order);
    if (order->intent.group != 0 && err == ERR_OK)
        err = see_leg(groups, order);
    return err;
}

/* At least so much of it is held, or its way out would be smaller. */
static void hold_what_is_left(struct group *group, const struct order *child)
{
    int64_t left = order_left_lots(child), more;

    group->entry_lots += child->filled_lots;
    more = left - group_held_lots(group);
    group->entry_lots += more > 0 ? more : 0;
}

enum err order_groups_adopt(struct order_groups *groups, const struct order *order)
{
    const struct order_intent *intent = &order->intent;
    bool child = (intent->group & GROUP_OF_BRACKET) != 0;
    struct group *group = child ? group_find(groups, intent->group) : NULL;
    enum err err;

    if (child && group == NULL) {
        group = take_group(groups, intent->group, intent);
        if (group == NULL)
            return ERR_FULL;
        group->bracket = true;
        group->entry_seq = intent->parent;
        group->correlation_id = intent->correlation_id;
        group->side = intent->side;
    }
    err = order_groups_see(groups, order);
    if (!child || err != ERR_OK)
        return err;
    group->ticks[intent->type == ORDER_STOP ? ROLE_STOP : ROLE_TAKE] = order_terms_ticks(intent);
    if (!group->entry_open)
        hold_what_is_left(group, order);
    return ERR_OK;
}

int64_t order_groups_next_due_ns(const struct order_groups *groups)
{
    return groups->work ? INT64_MIN : groups->due_ns;
}

/* --- ends ------------------------------------------------------------------------------------------------------- */

static bool matches(const struct group *group, uint16_t instrument_id, uint16_t owner)
{
    return group->id != 0 && (instrument_id == ORDERS_ANY || group->instrument_id == instrument_id) &&
           (owner == ORDERS_ANY || group->owner == owner);
}

void order_groups_release(struct order_groups *groups, uint16_t instrument_id, uint16_t owner)
{
    for (size_t i = 0; i < ORDER_GROUPS_MAX; i++)
        if (groups->group[i].bracket && matches(&groups->group[i], instrument_id, owner)) {
            groups->group[i].released = true;
            groups->group[i].given_up = false; /* it is closed, or about to be */
            groups->work = true;
        }
}

void order_groups_try_again(struct order_groups *groups, uint16_t instrument_id)
{
    for (size_t i = 0; i < ORDER_GROUPS_MAX; i++) {
        struct group *group = &groups->group[i];

        if (!matches(group, instrument_id, ORDERS_ANY))
            continue;
        for (int role = 0; role < CHILD_ROLES; role++)
            group->send[role].tries = 0;
        for (size_t n = 0; n < group->legs; n++)
            group->leg[n].retry.tries = 0;
        groups->work = true;
    }
}

void order_groups_forget(struct order_groups *groups, uint16_t instrument_id, uint16_t owner)
{
    for (size_t i = 0; i < ORDER_GROUPS_MAX; i++)
        if (matches(&groups->group[i], instrument_id, owner))
            groups->group[i] = (struct group){.id = 0};
}

int64_t order_groups_unprotected_lots(const struct order_groups *groups, uint16_t instrument_id,
                                      uint16_t owner)
{
    int64_t lots = 0;

    for (size_t i = 0; i < ORDER_GROUPS_MAX; i++) {
        const struct group *group = &groups->group[i];
        int64_t left = group_held_lots(group);

        if (!group->bracket || group->released || group->ticks[ROLE_STOP] <= 0 ||
            !matches(group, instrument_id, owner))
            continue;
        for (size_t n = 0; n < group->legs; n++)
            if (group->leg[n].role == ROLE_STOP && group_leg_open(&group->leg[n]))
                left -= group->leg[n].total_lots - group->leg[n].filled_lots;
        lots += left > 0 ? left : 0;
    }
    return lots;
}

void order_groups_rescale(struct order_groups *groups, uint16_t instrument_id, struct step_change change)
{
    for (size_t i = 0; i < ORDER_GROUPS_MAX; i++) {
        struct group *group = &groups->group[i];

        if (!matches(group, instrument_id, ORDERS_ANY))
            continue;
        step_scale(&group->entry_lots, change.qty_factor);
        step_scale(&group->folded_lots, change.qty_factor);
        step_scale(&group->gone_lots, change.qty_factor);
        step_scale(&group->fresh_lots, change.qty_factor);
        step_scale(&group->room.keep_lots, change.qty_factor);
        for (int role = 0; role < CHILD_ROLES; role++) {
            step_scale(&group->ticks[role], change.price_factor);
            step_scale(&group->send[role].wanted, change.qty_factor);
            step_scale(&group->room.grow_lots[role], change.qty_factor);
        }
        for (size_t n = 0; n < group->legs; n++) {
            step_scale(&group->leg[n].total_lots, change.qty_factor);
            step_scale(&group->leg[n].filled_lots, change.qty_factor);
            step_scale(&group->leg[n].base_lots, change.qty_factor);
            step_scale(&group->leg[n].asked_lots, change.qty_factor);
            step_scale(&group->leg[n].trader_lots, change.qty_factor);
            step_scale(&group->leg[n].trader_base, change.qty_factor);
            step_scale(&group->leg[n].retry.wanted, change.qty_factor);
            step_scale(&group->leg[n].terms_ticks, change.price_factor);
        }
    }
}

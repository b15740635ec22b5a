/* order_group_run.c - what is to be done so that every leg is as large as it should be. See order_group.h. */
#include "core/base/smaller.h"
#include "exec/order_group_state.h"

struct run {
    struct order_groups *groups;
    int64_t now_ns;
    struct group_actions *out;
};

static struct group_action *act(struct run *run, const struct group *group, enum group_action_kind kind)
{
    struct group_action *action;

    if (run->out->count == GROUP_ACTIONS_MAX) {
        run->groups->work = true; /* the next call goes on */
        return NULL;
    }
    action = &run->out->action[run->out->count++];
    *action = (struct group_action){.kind = kind,
                                    .group = group->id,
                                    .seq = group->entry_seq,
                                    .instrument_id = group->instrument_id,
                                    .owner = group->owner};
    return action;
}

/* False: there was no room, to be told by the next call. */
static bool tell(struct run *run, const struct group *group, int64_t lots, const char *text)
{
    struct group_action *action = act(run, group, GROUP_TELL);

    if (action == NULL)
        return false;
    action->qty_lots = lots;
    action->text = text;
    return true;
}

/* After the last of its tries: a leg of an OCO is given up until something else is wanted, the ways out of a bracket never
 * are, for nobody may tell that they may leave again. Told once. */
static void go_slow(struct run *run, const struct group *group, struct retry *retry, int64_t lots)
{
    const char *text = group->bracket ? "a way out of the bracket is tried again and again, slowly now:"
                                      : "a leg of the group is given up after the last of its tries";

    if (retry->slow || !tell(run, group, lots, text))
        return;
    retry->slow = true;
    if (!group->bracket)
        retry->next_ns = INT64_MAX;
}

/* May the wish be made (again) now? Counts the try; a wish that came to nothing is told. */
static bool try_now(struct run *run, const struct group *group, struct retry *retry, int64_t wanted,
                    int64_t lots, const char *failing)
{
    struct order_groups *groups = run->groups;

    if (run->out->count == GROUP_ACTIONS_MAX) {
        groups->work = true;
        return false;
    }
    if (retry->tries == 0 || retry->wanted != wanted)
        *retry = (struct retry){.wanted = wanted, .next_ns = run->now_ns};
    else if (!retry->told)
        retry->told = tell(run, group, lots, failing);
    if (retry->tries == GROUP_TRIES_MAX && retry->next_ns <= run->now_ns)
        go_slow(run, group, retry, lots);
    if (run->now_ns < retry->next_ns) {
        if (retry->next_ns < groups->due_ns)
            groups->due_ns = retry->next_ns;
        return false;
    }
    retry->next_ns = run->now_ns + (groups->params.retry_ns << retry->tries);
    if (retry->tries < GROUP_TRIES_MAX)
        retry->tries++;
    groups->work = true; /* the next call sees what came of it */
    return run->out->count < GROUP_ACTIONS_MAX;
}

static void cancel_leg(struct run *run, struct group *group, struct leg *leg, const char *why)
{
    struct group_action *action;

    if (leg->state == ORDER_STATE_PENDING_CANCEL)
        return;
    if (!try_now(run, group, &leg->retry, 0, leg->total_lots - leg->filled_lots,
                 "a leg of the group could not be cancelled"))
        return;
    action = act(run, group, GROUP_CANCEL);
    if (action == NULL)
        return;
    action->seq = leg->seq;
    action->text = why;
    leg->ended_by_us = true;
}

/* Brings the leg's total to what it should be; nothing left of it: cancelled. */
static void fit_leg(struct run *run, struct group *group, struct leg *leg, int64_t total_lots)
{
    struct group_action *action;

    if (total_lots <= leg->filled_lots) {
        cancel_leg(run, group, leg, "the other leg has filled");
        return;
    }
    if (total_lots == leg->total_lots) {
        leg->retry.tries = 0;
        return;
    }
    if (leg->state != ORDER_STATE_WORKING) /* its answer comes first */
        return;
    if (leg->retry.tries == GROUP_TRIES_MAX && leg->retry.wanted == total_lots && !group->bracket &&
        total_lots < leg->total_lots) {
        cancel_leg(run, group, leg, "the leg could not be made smaller");
        return;
    }
    if (!try_now(run, group, &leg->retry, total_lots, total_lots - leg->total_lots,
                 "a leg of the group could not be fitted to what has filled"))
        return;
    action = act(run, group, GROUP_REPLACE);
    if (action == NULL)
        return;
    action->seq = leg->seq;
    action->price_ticks = leg->terms_ticks;
    action->qty_lots = leg->asked_lots = total_lots;
    action->quiet = leg->retry.slow;
    action->text = total_lots < leg->total_lots ? "the other leg has filled" : "the entry has filled more";
}

static void run_oco(struct run *run, struct group *group)
{
    int64_t filled = group_filled_lots(group), wanted = 0;

    for (size_t i = 0; i < group->legs; i++)
        wanted = group->leg[i].base_lots > wanted ? group->leg[i].base_lots : wanted;
    if (filled > wanted && !group->race_told)
        group->race_told = tell(run, group, filled - wanted, "both legs have filled: more than was wanted");
    for (size_t i = 0; i < group->legs; i++) {
        struct leg *leg = &group->leg[i];

        if (!group_leg_open(leg))
            continue;
        if (group->closing)
            cancel_leg(run, group, leg, "the other leg has ended");
        else
            fit_leg(run, group, leg, leg->base_lots - (filled - leg->filled_lots));
    }
}

static int64_t stop_worst_ticks(const struct order_groups *groups, enum side side, int64_t stop_ticks)
{
    /* Cut, not rounded: the price collar lets no part of a tick more pass. */
    __int128 away = (__int128)stop_ticks * groups->params.stop_worst_bp / 10000;
    __int128 worst = stop_ticks + side_sign(side) * away;

    return worst < 1 ? 1 : worst > INT64_MAX ? INT64_MAX : (int64_t)worst;
}

static void send_child(struct run *run, struct group *group, enum role role, int64_t lots)
{
    int64_t ticks = group->ticks[role];
    struct group_action *action;

    if (!try_now(run, group, &group->send[role], lots, lots,
                 role == ROLE_STOP ? "the bracket's stop is missing: the position is not protected"
                                   : "the bracket's take-profit is missing"))
        return;
    action = act(run, group, GROUP_SEND);
    if (action == NULL)
        return;
    action->qty_lots = lots;
    action->quiet = group->send[role].slow;
    action->text = "bracket";
    action->intent = (struct order_intent){
        .instrument_id = group->instrument_id,
        .owner = group->owner,
        .side = group->side,
        .type = role == ROLE_STOP ? ORDER_STOP : ORDER_LIMIT,
        .tif = TIF_GTC,
        .reduce_only = true,
        .price_ticks = role == ROLE_STOP ? stop_worst_ticks(run->groups, group->side, ticks) : ticks,
        .stop_ticks = role == ROLE_STOP ? ticks : 0,
        .qty_lots = lots,
        .group = group->id,
        .parent = group->entry_seq,
        .correlation_id = group->correlation_id};
}

/* What is to be open of a child: what the bracket holds, as far as the account lets it be closed. */
static int64_t child_lots(const struct group *group, enum role role, const struct leg *child)
{
    int64_t held = group_held_lots(group), open = child == NULL ? 0 : child->total_lots - child->filled_lots;

    if (!group->bounded)
        return held;
    held = smaller(held, group->room.keep_lots);
    return held < open ? held : larger(open, smaller(held, group->room.grow_lots[role]));
}

/* On its way to the right size a child is often short for a moment. The stop speaks for both. */
static void tell_shortfall(struct run *run, struct group *group, enum role role, int64_t lots)
{
    struct shortfall *shortfall = &group->shortfall[role];
    int64_t due_ns;

    if (lots <= 0 || group->released || (role == ROLE_TAKE && group->shortfall[ROLE_STOP].on)) {
        *shortfall = (struct shortfall){.on = false};
        return;
    }
    if (!shortfall->on)
        *shortfall = (struct shortfall){.on = true, .since_ns = run->now_ns};
    due_ns = shortfall->since_ns + run->groups->params.retry_ns;
    if (shortfall->told)
        return;
    if (run->now_ns >= due_ns)
        shortfall->told = tell(run, group, lots,
                               role == ROLE_STOP ? "the bracket's stop covers a part only, not protected:"
                                                 : "the bracket's take-profit covers a part only, left out:");
    else if (due_ns < run->groups->due_ns)
        run->groups->due_ns = due_ns;
}

/* An entry that only closed what was open the other way leaves nothing to protect: its bracket ends, once, in words. */
static void end_empty(struct run *run, struct group *group)
{
    if (!group->released && !group->entry_open && group->legs == 0 && group->gone_lots > 0 &&
        group->gone_lots == group->entry_lots)
        group->released =
            tell(run, group, group->gone_lots, "the bracket ends, no position is left that it could close:");
}

/* Whoever cancelled a way out, the trader here or at the venue: what it leaves without one is said. */
static void tell_given_up(struct run *run, struct group *group, int64_t held)
{
    if (group->given_up &&
        (held <= 0 ||
         tell(run, group, held, "a way out was cancelled and the bracket ends, not protected any more:")))
        group->given_up = false;
}

static void run_bracket(struct run *run, struct group *group)
{
    int64_t held = group_held_lots(group);

    tell_given_up(run, group, held);

    if (held < 0 && !group->race_told)
        group->race_told = tell(run, group, -held, "take-profit and stop have both filled");
    end_empty(run, group);
    for (int role = 0; role < CHILD_ROLES; role++) {
        struct leg *child = group_open_child(group, (enum role)role);
        int64_t lots = child_lots(group, (enum role)role, child);

        if (group->ticks[role] <= 0)
            continue;
        if (child != NULL && group->released)
            cancel_leg(run, group, child, "the bracket was given up");
        else if (child != NULL)
            fit_leg(run, group, child, child->filled_lots + lots);
        else if (lots > 0 && !group->released)
            send_child(run, group, (enum role)role, lots);
        else
            group->send[role].tries = 0; /* what is wanted later is a new wish */
        tell_shortfall(run, group, (enum role)role, held - larger(lots, 0));
    }
}

void order_groups_run(struct order_groups *groups, int64_t now_ns, struct group_actions *out)
{
    struct run run = {.groups = groups, .now_ns = now_ns, .out = out};

    out->count = 0;
    if (!groups->work && now_ns < groups->due_ns)
        return;
    groups->work = false;
    groups->due_ns = INT64_MAX;
    for (size_t i = 0; i < ORDER_GROUPS_MAX; i++) {
        struct group *group = &groups->group[i];

        if (group->id == 0)
            continue;
        if (group->bracket)
            run_bracket(&run, group);
        else
            run_oco(&run, group);
    }
}

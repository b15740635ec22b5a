/* order_group_hold.c - what brackets hold of a position, and what of it their children may close. See order_group.h. */
#include "core/base/smaller.h"
#include "exec/order_group_state.h"

struct leg *group_open_child(struct group *group, enum role role)
{
    for (size_t i = group->legs; i-- > 0;)
        if (group->leg[i].role == role && group_leg_open(&group->leg[i]))
            return &group->leg[i];
    return NULL;
}

static bool holds(const struct group *group)
{
    return group->id != 0 && group->bracket && !group->released && group_held_lots(group) > 0;
}

static bool is_of(const struct group *group, uint16_t instrument_id, uint16_t owner, enum side side)
{
    return holds(group) && group->instrument_id == instrument_id && group->owner == owner &&
           group->side == side;
}

static int64_t take_away(struct group *group, int64_t lots)
{
    lots = smaller(lots, group_held_lots(group));
    group->gone_lots += lots;
    return lots;
}

/* What has just filled found no position of its own: it closed what was open the other way. */
static int64_t take_fresh(struct order_groups *groups, uint16_t instrument_id, uint16_t owner, enum side side,
                          int64_t excess_lots)
{
    for (size_t i = 0; i < ORDER_GROUPS_MAX && excess_lots > 0; i++)
        if (is_of(&groups->group[i], instrument_id, owner, side) && groups->group[i].fresh_lots > 0)
            excess_lots -= take_away(&groups->group[i], smaller(excess_lots, groups->group[i].fresh_lots));
    return excess_lots;
}

static struct group *newest(struct order_groups *groups, uint16_t instrument_id, uint16_t owner,
                            enum side side)
{
    struct group *found = NULL;

    for (size_t i = 0; i < ORDER_GROUPS_MAX; i++) {
        struct group *group = &groups->group[i];

        if (is_of(group, instrument_id, owner, side) && (found == NULL || group->since > found->since))
            found = group;
    }
    return found;
}

static int64_t all_held_lots(const struct order_groups *groups, uint16_t instrument_id, uint16_t owner,
                             enum side side)
{
    int64_t lots = 0;

    for (size_t i = 0; i < ORDER_GROUPS_MAX; i++)
        if (is_of(&groups->group[i], instrument_id, owner, side))
            lots += group_held_lots(&groups->group[i]);
    return lots;
}

/* Who begins to hold comes behind those that do. */
static void settle_places(struct order_groups *groups, uint16_t instrument_id, uint16_t owner)
{
    for (size_t i = 0; i < ORDER_GROUPS_MAX; i++) {
        struct group *group = &groups->group[i];

        if (group->id == 0 || group->instrument_id != instrument_id || group->owner != owner)
            continue;
        group->fresh_lots = 0;
        if (!holds(group))
            group->since = 0;
        else if (group->since == 0)
            group->since = ++groups->holds;
    }
}

void order_groups_hold(struct order_groups *groups, uint16_t instrument_id, uint16_t owner,
                       int64_t position_lots)
{
    if (groups->uses == 0) /* no group yet: most runs have none */
        return;
    for (int i = 0; i < SIDE_COUNT; i++) {
        enum side side = (enum side)i;
        int64_t mine = larger(-side_sign(side) * position_lots, 0);
        int64_t excess = all_held_lots(groups, instrument_id, owner, side) - mine;
        struct group *group;

        if (excess <= 0)
            continue;
        groups->work = true;
        excess = take_fresh(groups, instrument_id, owner, side, excess);
        while (excess > 0 && (group = newest(groups, instrument_id, owner, side)) != NULL)
            excess -= take_away(group, excess);
    }
    settle_places(groups, instrument_id, owner);
}

size_t order_groups_brackets(const struct order_groups *groups, struct group_bracket out[ORDER_GROUPS_MAX])
{
    size_t count = 0;

    for (size_t i = 0; i < ORDER_GROUPS_MAX; i++) {
        struct group *group = (struct group *)(uintptr_t)&groups->group[i];

        if (!holds(group))
            continue;
        out[count] = (struct group_bracket){.id = group->id,
                                            .instrument_id = group->instrument_id,
                                            .owner = group->owner,
                                            .side = group->side};
        for (int role = 0; role < CHILD_ROLES; role++) {
            const struct leg *child = group_open_child(group, (enum role)role);

            out[count].child_seq[role] = child == NULL ? 0 : child->seq;
        }
        count++;
    }
    return count;
}

void order_groups_set_room(struct order_groups *groups, uint64_t id, const struct group_room *room)
{
    struct group *group = group_find(groups, id);

    if (group == NULL)
        return;
    groups->work |= !group->bounded || group->room.keep_lots != room->keep_lots ||
                    group->room.grow_lots[ROLE_STOP] != room->grow_lots[ROLE_STOP] ||
                    group->room.grow_lots[ROLE_TAKE] != room->grow_lots[ROLE_TAKE];
    group->room = *room;
    group->bounded = true;
}

bool order_groups_held_lots(const struct order_groups *groups, uint64_t id, int64_t *held_lots)
{
    const struct group *group = id == 0 ? NULL : group_find(groups, id);

    if (group == NULL || !group->bracket || group->released)
        return false;
    *held_lots = larger(group_held_lots(group), 0);
    return true;
}

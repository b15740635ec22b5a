/* order_group_state.h - what order_group.c keeps of a group and order_group_run.c decides by. Inside exec only. */
#ifndef EXEC_ORDER_GROUP_STATE_H
#define EXEC_ORDER_GROUP_STATE_H

#include "exec/order_group.h"

enum role { ROLE_STOP, ROLE_TAKE, ROLE_OCO }; /* protection is sent first */

#define CHILD_ROLES GROUP_CHILDREN

struct retry {
    uint8_t tries;
    bool told, slow; /* slow: after the last of the tries that are told */
    int64_t next_ns; /* not before */
    int64_t wanted;  /* a new wish begins anew */
};

/* A child that is smaller than what is held of its bracket: told once, if it lasts. */
struct shortfall {
    bool on, told;
    int64_t since_ns;
};

struct leg {
    uint64_t seq;
    enum role role;
    enum order_state state;
    bool ended_by_us;
    int64_t total_lots, filled_lots;
    int64_t terms_ticks;
    int64_t base_lots;  /* OCO: total while nothing else has filled */
    int64_t asked_lots; /* the total that we asked for last; 0: none */
    int64_t trader_lots,
        trader_base; /* a total that somebody else asks for, and what base it makes; 0: none */
    struct retry retry;
};

struct group {
    uint64_t id; /* 0: empty slot */
    uint16_t instrument_id, owner;
    bool bracket;
    bool closing;  /* a leg has ended: the others follow */
    bool released; /* bracket: no protection is wanted any more */
    bool given_up; /* by a cancel of a way out, to be told */
    bool race_told;
    uint64_t used; /* rising: the slot that was used longest ago goes first */
    struct leg leg[GROUP_LEGS_MAX];
    size_t legs;
    /* bracket */
    uint64_t entry_seq, correlation_id;
    enum side side; /* of the children */
    bool entry_open;
    int64_t entry_lots;  /* filled */
    int64_t folded_lots; /* filled by children that have left the list */
    int64_t gone_lots;   /* of what the entry filled: closed the other side, or was closed by others since */
    int64_t fresh_lots;  /* filled since the position was compared last */
    uint64_t since;      /* rising: when it began to hold what it holds; 0: nothing is held */
    bool bounded;        /* room is known */
    struct group_room room;
    struct shortfall shortfall[CHILD_ROLES];
    int64_t ticks[CHILD_ROLES];
    struct retry send[CHILD_ROLES];
};

struct order_groups {
    struct order_group_params params;
    uint64_t uses, holds;
    bool work; /* something was seen since the last run */
    int64_t due_ns;
    struct group group[ORDER_GROUPS_MAX];
};

bool group_leg_open(const struct leg *leg);
int64_t group_filled_lots(const struct group *group); /* by its legs, ended ones too */
int64_t
group_held_lots(const struct group *group); /* of a bracket: still to be closed; < 0: both ways out filled */
struct leg *group_open_child(struct group *group, enum role role);        /* NULL: none */
struct group *group_find(const struct order_groups *groups, uint64_t id); /* NULL: none */
bool group_is_live(const struct group *group);

#endif

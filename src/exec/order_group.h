/*
 * order_group.h - OCO and bracket on our side, so that they work at every gateway. Pure.
 *
 * OCO: orders of one intent.group. What one fills the others are reduced by; one that ends, filled or not, ends the
 * others, unless it was us who ended it; a number is not used for a second group. Bracket: an order with
 * bracket_take_ticks or bracket_stop_ticks. For what it has filled there are a reduce-only LIMIT and a reduce-only STOP,
 * each other's OCO, enlarged as more fills. Their quantity is ours, their price is the trader's to move; a cancel of one
 * of them by the trader ends both and the protection. Between the request and the venue's answer both legs may fill: such
 * a race is told.
 *
 * What an entry closes of the other side it does not hold, nor what others close of it later: a bracket holds at most
 * its owner's position, those that came first the first of it. Its children are as large as what it holds, less where
 * the account lets them close less; that is told if it lasts.
 *
 * It sends nothing: it compares what is with what should be and says what to do, which passes the gate and the
 * gateway like any other wish. A wish that came to nothing is made again after a time that doubles, at most
 * GROUP_TRIES_MAX times, and told; those of a bracket then go on at the longest of these times. Allocates in _new alone.
 * Cost: nothing while no order of a group changes.
 */
#ifndef EXEC_ORDER_GROUP_H
#define EXEC_ORDER_GROUP_H

#include "core/base/err.h"
#include "core/domain/instrument.h"
#include "core/domain/order.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ORDER_GROUPS_MAX  64
#define GROUP_LEGS_MAX    8
#define GROUP_CHILDREN    2  /* of a bracket: 0 the stop, 1 the take-profit */
#define GROUP_ACTIONS_MAX 32 /* of one call; the rest comes with the next */
#define GROUP_TRIES_MAX   5
#define GROUP_OF_BRACKET                                                                                     \
    (UINT64_C(1) << 63) /* | seq of the entry: group of its children; not for intents of others */
#define GROUP_OF_SOCKET (UINT64_C(1) << 32) /* | a client's number: the screen's own lie below */
/* | a strategy's number: its own, whatever others call theirs */
#define GROUP_OF_STRATEGY(owner) (UINT64_C(1) << 33 | (uint64_t)(owner) << 34)

enum group_action_kind {
    GROUP_SEND,    /* intent */
    GROUP_REPLACE, /* order seq to price_ticks and the total qty_lots */
    GROUP_CANCEL,  /* order seq */
    GROUP_TELL     /* text, for qty_lots: a warning */
};

struct group_action {
    enum group_action_kind kind;
    uint64_t group;
    uint64_t seq; /* SEND: of the entry */
    uint16_t instrument_id, owner;
    int64_t price_ticks, qty_lots;
    bool quiet;       /* SEND, REPLACE: tried often enough to be left out, unsaid, while the gate denies it */
    const char *text; /* static: why */
    struct order_intent intent;
};

struct group_actions {
    size_t count;
    struct group_action action[GROUP_ACTIONS_MAX];
};

struct order_group_params {
    int64_t stop_worst_bp; /* worst price of a stop child, at most so far from its trigger */
    int64_t retry_ns;      /* doubles: 500 ms */
};

struct order_groups;

struct order_groups *order_groups_new(const struct order_group_params *params); /* NULL: memory */
void order_groups_free(struct order_groups *groups);                            /* NULL is allowed */
/* Before an intent is sent. ERR_FULL: more groups than the bound, ERR_TOO_LONG: more legs; ERR_RANGE: a group number of
 * ours, or one of another instrument or owner. */
enum err order_groups_check(const struct order_groups *groups, const struct order_intent *intent);
/* After an order was made, after each request that was sent for it, and after each answer that was applied. ERR_FULL:
 * one of the bounds above; orders without group and bracket are passed over. */
enum err order_groups_see(struct order_groups *groups, const struct order *order);
/* Likewise an open order of the run before, an entry before its ways out. Those of an entry that has ended bring their
 * bracket back: it holds what the larger of them would close, as far as order_groups_hold() finds it. */
enum err order_groups_adopt(struct order_groups *groups, const struct order *order);
/* What to do now; clears *out first. Call after the orders of an event were seen and at next_due. The pipeline does
 * each action, or has it denied, before the next call. */
void order_groups_run(struct order_groups *groups, int64_t now_ns, struct group_actions *out);
int64_t order_groups_next_due_ns(const struct order_groups *groups); /* INT64_MAX: nothing waits */
/* The owner's position, signed, after it changed and its fills were seen: what brackets hold beyond it is gone for good,
 * first what came last. Without a call: all that filled is held. */
void order_groups_hold(struct order_groups *groups, uint16_t instrument_id, uint16_t owner,
                       int64_t position_lots);

/* What the account lets a bracket's children close, at this moment. */
struct group_room {
    int64_t keep_lots;                 /* an open child is at most so large */
    int64_t grow_lots[GROUP_CHILDREN]; /* a new or larger one, stop and take-profit */
};

struct group_bracket {
    uint64_t id;
    uint16_t instrument_id, owner;
    enum side side;                     /* of the children */
    uint64_t child_seq[GROUP_CHILDREN]; /* open; 0: none */
};

/* Brackets that hold something; how many. */
size_t order_groups_brackets(const struct order_groups *groups, struct group_bracket out[ORDER_GROUPS_MAX]);
/* Stands until the next call; before the first the children are not bounded. */
void order_groups_set_room(struct order_groups *groups, uint64_t id, const struct group_room *room);
/* What the bracket of that id holds, whose children these groups keep fitted. False: it has ended, or is none. */
bool order_groups_held_lots(const struct order_groups *groups, uint64_t id, int64_t *held_lots);
/* The position was closed or turned round by other means: children are cancelled, nothing is sent any more.
 * owner ORDERS_ANY: any. */
void order_groups_release(struct order_groups *groups, uint16_t instrument_id, uint16_t owner);
/* What denied may deny no longer: what was given up is tried anew. instrument_id ORDERS_ANY: any. */
void order_groups_try_again(struct order_groups *groups, uint16_t instrument_id);
/* Killed: nothing is known and nothing is wanted any more. instrument_id, owner ORDERS_ANY: any. */
void order_groups_forget(struct order_groups *groups, uint16_t instrument_id, uint16_t owner);
/* Held lots of brackets that no open stop child stands for; 0 where no stop is wanted. */
int64_t order_groups_unprotected_lots(const struct order_groups *groups, uint16_t instrument_id,
                                      uint16_t owner);
void order_groups_rescale(struct order_groups *groups, uint16_t instrument_id, struct step_change change);

#endif

/* order_group_host.h - the groups with an order manager and a venue that does what the test says. */
#ifndef UNIT_ORDER_GROUP_HOST_H
#define UNIT_ORDER_GROUP_HOST_H

#include "cmocka_all.h"
#include "exec/order_group.h"
#include "exec/order_manager.h"

#include <string.h>

#define RETRY_NS 100
#define TOLD_MAX 32

struct host {
    struct order_manager *orders;
    struct order_groups *groups;
    struct group_actions actions;
    int64_t now_ns;
    uint64_t trade_id;
    bool deny_sends, refuse_replaces, refuse_cancels, slow; /* slow: requests are not answered */
    int sent, replaced, cancelled, told;
    const char *text[TOLD_MAX];
    struct order last; /* after the newest answer */
};

static inline struct host *host_new(void)
{
    static struct host host;
    struct order_group_params params = {.stop_worst_bp = 100, .retry_ns = RETRY_NS};

    memset(&host, 0, sizeof host);
    host.orders = order_manager_new();
    host.groups = order_groups_new(&params);
    host.now_ns = 1000;
    return &host;
}

static inline void host_free(struct host *host)
{
    order_manager_free(host->orders);
    order_groups_free(host->groups);
}

static void run(struct host *host);

static inline enum err answer_raw(struct host *host, struct order_event ev)
{
    enum err err;

    ev.ts_ns = ++host->now_ns;
    err = order_manager_apply(host->orders, &ev, &host->last);
    if (err == ERR_OK)
        assert_int_equal(order_groups_see(host->groups, &host->last), ERR_OK);
    return err;
}

static inline void answer(struct host *host, enum order_event_kind kind, uint64_t seq)
{
    assert_int_equal(answer_raw(host, (struct order_event){.kind = kind, .order_seq = seq}), ERR_OK);
    run(host);
}

static inline void fill(struct host *host, uint64_t seq, int64_t lots)
{
    struct order_event ev = {.kind = ORDER_EVENT_FILL, .order_seq = seq};

    ev.fill = (struct fill){.trade_id = ++host->trade_id, .qty_lots = lots, .value_e8 = lots};
    assert_int_equal(answer_raw(host, ev), ERR_OK);
    run(host);
}

static inline uint64_t submit(struct host *host, const struct order_intent *intent)
{
    struct order *order = order_manager_add(host->orders, intent, host->now_ns, 0);
    uint64_t seq;

    assert_non_null(order);
    seq = order->seq;
    assert_int_equal(order_groups_see(host->groups, order), ERR_OK);
    assert_int_equal(answer_raw(host, (struct order_event){.kind = ORDER_EVENT_ACK, .order_seq = seq}),
                     ERR_OK);
    return seq;
}

static inline void replace(struct host *host, uint64_t seq, int64_t price, int64_t lots)
{
    struct order_event ev = {
        .kind = ORDER_EVENT_REPLACED, .order_seq = seq, .price_ticks = price, .qty_lots = lots};

    assert_int_equal(order_manager_replace_sent(host->orders, seq, price, lots, host->now_ns), ERR_OK);
    order_groups_see(host->groups, order_manager_find(host->orders, seq));
    host->replaced++;
    if (host->refuse_replaces)
        ev = (struct order_event){.kind = ORDER_EVENT_REPLACE_REJECTED, .order_seq = seq};
    if (!host->slow)
        assert_int_equal(answer_raw(host, ev), ERR_OK);
}

static inline void cancel(struct host *host, uint64_t seq)
{
    struct order_event ev = {.kind = ORDER_EVENT_CANCELLED, .order_seq = seq};

    assert_int_equal(order_manager_cancel_sent(host->orders, seq, host->now_ns), ERR_OK);
    order_groups_see(host->groups, order_manager_find(host->orders, seq));
    host->cancelled++;
    if (host->refuse_cancels)
        ev.kind = ORDER_EVENT_CANCEL_REJECTED;
    if (!host->slow)
        assert_int_equal(answer_raw(host, ev), ERR_OK);
}

/* Does what is asked for until nothing is. */
static inline void run(struct host *host)
{
    for (int round = 0; round < 100; round++) {
        order_groups_run(host->groups, host->now_ns, &host->actions);
        if (host->actions.count == 0)
            return;
        for (size_t i = 0; i < host->actions.count; i++) {
            const struct group_action action = host->actions.action[i];

            if (action.kind == GROUP_TELL)
                host->text[host->told++ % TOLD_MAX] = action.text;
            if (action.kind == GROUP_SEND) {
                host->sent++;
                assert_int_equal(order_groups_check(host->groups, &action.intent), ERR_OK);
                if (!host->deny_sends)
                    submit(host, &action.intent);
            }
            if (action.kind == GROUP_REPLACE)
                replace(host, action.seq, action.price_ticks, action.qty_lots);
            if (action.kind == GROUP_CANCEL)
                cancel(host, action.seq);
        }
    }
    fail_msg("never at rest");
}

static inline struct order_intent leg_of(uint64_t group, enum side side, int64_t lots)
{
    return (struct order_intent){.owner = 1,
                                 .side = side,
                                 .type = ORDER_LIMIT,
                                 .price_ticks = side == SIDE_BID ? 90 : 110,
                                 .qty_lots = lots,
                                 .group = group};
}

#endif

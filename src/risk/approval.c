#include "risk/approval.h"

#include <assert.h>
#include <string.h>

/* Field by field: padding has no say. */
static void put(unsigned char **at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++)
        *(*at)++ = (unsigned char)(value >> 8 * i);
}

static void order_bytes(const struct order *order, unsigned char out[RISK_APPROVAL_BYTES])
{
    const struct order_intent *intent = &order->intent;
    const int64_t numbers[] = {intent->price_ticks,
                               intent->stop_ticks,
                               intent->trail_ticks,
                               intent->qty_lots,
                               intent->display_lots,
                               intent->expire_ns,
                               intent->bracket_take_ticks,
                               intent->bracket_stop_ticks,
                               (int64_t)intent->group,
                               (int64_t)intent->parent,
                               (int64_t)intent->correlation_id,
                               order->replace_price_ticks,
                               order->replace_qty_lots,
                               order->filled_lots};
    unsigned char *at = out;

    memset(out, 0, RISK_APPROVAL_BYTES);
    put(&at, order->seq, 8);
    put(&at, intent->instrument_id, 2);
    put(&at, intent->owner, 2);
    put(&at, (uint64_t)intent->side, 1);
    put(&at, (uint64_t)intent->type, 1);
    put(&at, (uint64_t)intent->tif, 1);
    put(&at, (uint64_t)order->state, 1);
    put(&at, (uint64_t)intent->post_only, 1);
    put(&at, (uint64_t)intent->reduce_only, 1);
    put(&at, (uint64_t)intent->may_cut, 1);
    put(&at, (uint64_t)intent->flatten, 1);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        put(&at, (uint64_t)numbers[i], 8);
    assert(at <= out + RISK_APPROVAL_BYTES);
}

static struct risk_approval *find(struct risk_approvals *approvals, uint64_t seq)
{
    for (size_t i = 0; i < RISK_APPROVALS_MAX; i++)
        if (approvals->open[i].seq == seq)
            return &approvals->open[i];
    return NULL;
}

bool risk_approval_grant(struct risk_approvals *approvals, const struct order *order)
{
    struct risk_approval *approval;

    if (order->seq == 0 || find(approvals, order->seq) != NULL)
        return false;
    approval = find(approvals, 0);
    if (approval == NULL)
        return false;
    approval->seq = order->seq;
    order_bytes(order, approval->bytes);
    approvals->granted++;
    return true;
}

static bool mismatch(struct risk_approvals *approvals, uint64_t seq)
{
    if (approvals->mismatches++ == 0)
        approvals->mismatch_seq = seq;
    return false;
}

bool risk_approval_consume(struct risk_approvals *approvals, const struct order *order)
{
    struct risk_approval *approval = order->seq != 0 ? find(approvals, order->seq) : NULL;
    unsigned char bytes[RISK_APPROVAL_BYTES];

    if (approval == NULL || approvals->mismatches > 0)
        return mismatch(approvals, order->seq);
    order_bytes(order, bytes);
    if (memcmp(bytes, approval->bytes, sizeof bytes) != 0)
        return mismatch(approvals, order->seq);
    approval->seq = 0;
    approvals->sent++;
    return true;
}

bool risk_approval_withdraw(struct risk_approvals *approvals, uint64_t seq)
{
    struct risk_approval *approval = seq != 0 ? find(approvals, seq) : NULL;

    if (approval == NULL)
        return false;
    approval->seq = 0;
    approvals->withdrawn++;
    return true;
}

bool risk_approvals_agree(const struct risk_approvals *approvals)
{
    uint64_t outstanding = 0;

    for (size_t i = 0; i < RISK_APPROVALS_MAX; i++)
        outstanding += approvals->open[i].seq != 0;
    return approvals->mismatches == 0 &&
           approvals->granted == approvals->sent + approvals->withdrawn + outstanding;
}

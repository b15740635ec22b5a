/*
 * approval.h - COMPARE: every order that leaves is one that was approved, byte for byte, and leaves once. Pure.
 *
 * The gate's caller grants, the one function that sends consumes; between the two lies all that could change an
 * order by mistake. At any time: granted = sent + withdrawn + outstanding. A mismatch latches: then nothing is
 * consumed any more and the caller halts.
 */
#ifndef RISK_APPROVAL_H
#define RISK_APPROVAL_H

#include "core/domain/order.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RISK_APPROVALS_MAX  64 /* outstanding at a time; an engine that sends at once needs one */
#define RISK_APPROVAL_BYTES 160

struct risk_approval {
    uint64_t seq; /* 0: free */
    unsigned char bytes[RISK_APPROVAL_BYTES];
};

/* Zeroed memory is a valid empty one. */
struct risk_approvals {
    struct risk_approval open[RISK_APPROVALS_MAX];
    uint64_t granted, sent, withdrawn, mismatches;
    uint64_t mismatch_seq; /* of the first one */
};

/* Its terms, and those of a replace that was asked for. False: too many outstanding, or granted already. */
bool risk_approval_grant(struct risk_approvals *approvals, const struct order *order);
/* Right before the send: false means it must not leave, and counts a mismatch. Single use. */
bool risk_approval_consume(struct risk_approvals *approvals, const struct order *order);
/* Approved, but it will not be sent: killed between the two. False: there was none. */
bool risk_approval_withdraw(struct risk_approvals *approvals, uint64_t seq);
/* Nothing ever left that was not approved, and the counts agree. False: halt. */
bool risk_approvals_agree(const struct risk_approvals *approvals);

#endif

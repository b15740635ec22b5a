/*
 * weight_budget.h - how much of a venue's REST weight the feed may still spend. Pure.
 *
 * Two bounds, both over the running minute: the feed's own requests within its share of the limit, and all that
 * this IP address spends (X-MBX-USED-WEIGHT-1M tells; others share it) within WEIGHT_TOTAL_PERCENT. A ban
 * (429, 418, 403) is obeyed to its last nanosecond and never shortened by a later answer.
 */
#ifndef FEED_WEIGHT_BUDGET_H
#define FEED_WEIGHT_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

#define WEIGHT_WINDOW_NS     INT64_C(60000000000)
#define WEIGHT_SPENDS_MAX    512 /* requests remembered; beyond it none is allowed until one is a minute old */
#define WEIGHT_TOTAL_PERCENT 90

/* Without a Retry-After: what the venue's documents speak of. */
#define BAN_429_S 60
#define BAN_418_S 120    /* "from 2 minutes" */
#define BAN_403_S 300    /* the firewall's */
#define BAN_MAX_S 259200 /* three days: the longest the venue knows; a longer word is not believed */

/* A host that does not want to hear of us for a while. */
struct host_ban {
    int64_t until_ns; /* 0: never was */
    int status;
};

/* Is this status a ban (429, 418, 403)? Then it is kept. retry_after_s -1: none. */
bool host_ban_take(struct host_ban *ban, int64_t now_ns, int status, int64_t retry_after_s);

struct weight_budget {
    int64_t limit;
    uint32_t share_percent;
    uint32_t head, count; /* ring of our own spends, oldest first */
    struct {
        int64_t at_ns, weight;
    } spend[WEIGHT_SPENDS_MAX];
    int64_t own;                   /* sum of the ring */
    int64_t reported, reported_ns; /* by the venue; reported_ns 0: never */
    int64_t since_report;          /* spent by us after it */
    struct host_ban ban;
};

void weight_budget_init(struct weight_budget *budget, int64_t limit, uint32_t share_percent);
void weight_budget_set_limit(struct weight_budget *budget,
                             int64_t limit); /* of exchangeInfo; <= 0: ignored */
void weight_budget_spend(struct weight_budget *budget, int64_t now_ns, int64_t weight);
/* The header of an answer that came now; negative: there was none. */
void weight_budget_report(struct weight_budget *budget, int64_t now_ns, int64_t used);
bool weight_budget_banned(const struct weight_budget *budget, int64_t now_ns);

/* Forgets what is older than a minute. */
bool weight_budget_allows(struct weight_budget *budget, int64_t now_ns, int64_t weight);
int64_t weight_budget_used(struct weight_budget *budget,
                           int64_t now_ns); /* by this address, as far as known */
/* Own spending stays below this percentage of the share even with `weight` more: for what can wait. */
bool weight_budget_ample(struct weight_budget *budget, int64_t now_ns, int64_t weight, uint32_t percent);

#endif

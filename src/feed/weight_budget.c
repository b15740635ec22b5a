#include "feed/weight_budget.h"

#include <assert.h>
#include <string.h>

#define NS_PER_S INT64_C(1000000000)

void weight_budget_init(struct weight_budget *budget, int64_t limit, uint32_t share_percent)
{
    assert(limit > 0 && share_percent >= 1 && share_percent <= 100);
    memset(budget, 0, sizeof(*budget));
    budget->limit = limit;
    budget->share_percent = share_percent;
}

void weight_budget_set_limit(struct weight_budget *budget, int64_t limit)
{
    if (limit > 0)
        budget->limit = limit;
}

static void forget_old(struct weight_budget *budget, int64_t now_ns)
{
    while (budget->count > 0 && now_ns - budget->spend[budget->head].at_ns >= WEIGHT_WINDOW_NS) {
        budget->own -= budget->spend[budget->head].weight;
        budget->head = (budget->head + 1) % WEIGHT_SPENDS_MAX;
        budget->count--;
    }
}

void weight_budget_spend(struct weight_budget *budget, int64_t now_ns, int64_t weight)
{
    uint32_t slot;

    forget_old(budget, now_ns);
    if (budget->count == WEIGHT_SPENDS_MAX) { /* weight_budget_allows() said no: added to the newest */
        budget->spend[(budget->head + budget->count - 1) % WEIGHT_SPENDS_MAX].weight += weight;
    } else {
        slot = (budget->head + budget->count++) % WEIGHT_SPENDS_MAX;
        budget->spend[slot].at_ns = now_ns;
        budget->spend[slot].weight = weight;
    }
    budget->own += weight;
    budget->since_report += weight;
}

void weight_budget_report(struct weight_budget *budget, int64_t now_ns, int64_t used)
{
    if (used < 0)
        return;
    budget->reported = used;
    budget->reported_ns = now_ns;
    budget->since_report = 0;
}

bool host_ban_take(struct host_ban *ban, int64_t now_ns, int status, int64_t retry_after_s)
{
    int64_t seconds = retry_after_s, until_ns;

    if (status != 429 && status != 418 && status != 403)
        return false;
    if (seconds < 0)
        seconds = status == 429 ? BAN_429_S : status == 418 ? BAN_418_S : BAN_403_S;
    if (seconds > BAN_MAX_S)
        seconds = BAN_MAX_S;
    until_ns = now_ns + seconds * NS_PER_S;
    if (until_ns > ban->until_ns)
        *ban = (struct host_ban){until_ns, status};
    return true;
}

bool weight_budget_banned(const struct weight_budget *budget, int64_t now_ns)
{
    return now_ns < budget->ban.until_ns;
}

int64_t weight_budget_used(struct weight_budget *budget, int64_t now_ns)
{
    int64_t told = 0;

    forget_old(budget, now_ns);
    if (budget->reported_ns != 0 && now_ns - budget->reported_ns < WEIGHT_WINDOW_NS)
        told = budget->reported + budget->since_report;
    return told > budget->own ? told : budget->own;
}

bool weight_budget_allows(struct weight_budget *budget, int64_t now_ns, int64_t weight)
{
    int64_t used = weight_budget_used(budget, now_ns);

    return !weight_budget_banned(budget, now_ns) && budget->count < WEIGHT_SPENDS_MAX &&
           budget->own + weight <= budget->limit * budget->share_percent / 100 &&
           used + weight <= budget->limit * WEIGHT_TOTAL_PERCENT / 100;
}

bool weight_budget_ample(struct weight_budget *budget, int64_t now_ns, int64_t weight, uint32_t percent)
{
    return weight_budget_allows(budget, now_ns, weight) &&
           (budget->own + weight) * 100 <= budget->limit * budget->share_percent / 100 * percent;
}

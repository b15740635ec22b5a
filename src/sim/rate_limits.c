#include "sim/rate_limits.h"

#include <stdio.h>
#include <string.h>

#define SECOND_NS INT64_C(1000000000)
#define MINUTE_NS (60 * SECOND_NS)
#define DAY_NS    (86400 * SECOND_NS)

static uint32_t count(struct limit_window *window, int64_t length_ns, uint32_t more, int64_t now_ns)
{
    int64_t index = now_ns / length_ns;

    if (window->index != index) {
        window->index = index;
        window->used = 0;
    }
    window->used = more > UINT32_MAX - window->used ? UINT32_MAX : window->used + more;
    return window->used;
}

static int64_t left_s(int64_t length_ns, int64_t now_ns)
{
    return (length_ns - now_ns % length_ns + SECOND_NS - 1) / SECOND_NS;
}

static struct limit_remote *remote_of(struct rate_limits *limits, const char *name, int64_t now_ns)
{
    struct limit_remote *oldest = &limits->remote[0];

    for (size_t i = 0; i < limits->remotes; i++) {
        struct limit_remote *remote = &limits->remote[i];

        if (strcmp(remote->name, name) == 0) {
            remote->seen_ns = now_ns;
            return remote;
        }
        if (remote->seen_ns < oldest->seen_ns)
            oldest = remote;
    }
    if (limits->remotes < LIMIT_REMOTES_MAX)
        oldest = &limits->remote[limits->remotes++];
    memset(oldest, 0, sizeof(*oldest));
    snprintf(oldest->name, sizeof(oldest->name), "%s", name);
    oldest->seen_ns = now_ns;
    return oldest;
}

static void ban(struct limit_remote *remote, int64_t now_ns)
{
    int64_t length_s = LIMIT_BAN_S;

    for (uint32_t i = 0; i < remote->bans && length_s < LIMIT_BAN_MAX_S; i++)
        length_s *= 2;
    if (length_s > LIMIT_BAN_MAX_S)
        length_s = LIMIT_BAN_MAX_S;
    remote->banned_until_ns = now_ns + length_s * SECOND_NS;
    remote->bans++;
    remote->strikes = 0;
}

/* One more refusal. They add up while each comes in the minute of the last one or in the next. */
static void strike(struct limit_remote *remote, int64_t now_ns)
{
    int64_t minute = now_ns / MINUTE_NS;

    if (minute > remote->strike_minute + 1)
        remote->strikes = 0;
    remote->strike_minute = minute;
    if (++remote->strikes > LIMIT_STRIKES)
        ban(remote, now_ns);
}

static struct limit_verdict judge(const struct rate_limits *limits, struct limit_remote *remote,
                                  struct limit_verdict verdict, int64_t now_ns)
{
    if (limits->off)
        verdict.kind = LIMIT_OK;
    else if (now_ns < remote->banned_until_ns)
        verdict.kind = LIMIT_BANNED;
    else if (verdict.kind != LIMIT_OK)
        strike(remote, now_ns);
    if (verdict.kind != LIMIT_OK && now_ns < remote->banned_until_ns) {
        verdict.kind = LIMIT_BANNED;
        verdict.banned_until_ns = remote->banned_until_ns;
        verdict.retry_after_s = (remote->banned_until_ns - now_ns + SECOND_NS - 1) / SECOND_NS;
    }
    verdict.status = verdict.kind == LIMIT_OK ? 0 : verdict.kind == LIMIT_BANNED ? 418 : 429;
    return verdict;
}

struct limit_verdict limits_request(struct rate_limits *limits, const char *remote_name,
                                    enum limit_venue venue, uint32_t weight, int64_t now_ns)
{
    struct limit_remote *remote = remote_of(limits, remote_name, now_ns);
    struct limit_verdict verdict = {.limit = venue == LIMIT_SPOT ? LIMIT_WEIGHT_SPOT : LIMIT_WEIGHT_USDM};
    uint32_t raw = venue == LIMIT_SPOT ? count(&remote->raw, 5 * MINUTE_NS, 1, now_ns) : 0;

    verdict.used_weight = count(&remote->weight[venue], MINUTE_NS, weight, now_ns);
    if (verdict.used_weight > verdict.limit) {
        verdict.kind = LIMIT_WEIGHT;
        verdict.retry_after_s = left_s(MINUTE_NS, now_ns);
    } else if (raw > LIMIT_RAW_SPOT) {
        verdict.kind = LIMIT_RAW;
        verdict.limit = LIMIT_RAW_SPOT;
        verdict.retry_after_s = left_s(5 * MINUTE_NS, now_ns);
    }
    return judge(limits, remote, verdict, now_ns);
}

struct limit_verdict limits_connect(struct rate_limits *limits, const char *remote_name, int64_t now_ns)
{
    struct limit_remote *remote = remote_of(limits, remote_name, now_ns);
    struct limit_verdict verdict = {.limit = LIMIT_CONNECTIONS};

    if (count(&remote->connections, 5 * MINUTE_NS, 1, now_ns) > LIMIT_CONNECTIONS) {
        verdict.kind = LIMIT_CONNECTION;
        verdict.retry_after_s = left_s(5 * MINUTE_NS, now_ns);
    }
    return judge(limits, remote, verdict, now_ns);
}

void limits_add_weight(struct rate_limits *limits, const char *remote, enum limit_venue venue,
                       uint32_t weight, int64_t now_ns)
{
    count(&remote_of(limits, remote, now_ns)->weight[venue], MINUTE_NS, weight, now_ns);
}

/* --- orders --------------------------------------------------------------------------------------------------- */

static struct limit_orders orders_of(struct limit_account *account, enum limit_venue venue, uint32_t more,
                                     int64_t now_ns)
{
    int64_t long_ns = venue == LIMIT_SPOT ? DAY_NS : MINUTE_NS;
    uint32_t short_limit = venue == LIMIT_SPOT ? LIMIT_ORDERS_10S_SPOT : LIMIT_ORDERS_10S_USDM;
    uint32_t long_limit = venue == LIMIT_SPOT ? LIMIT_ORDERS_1D_SPOT : LIMIT_ORDERS_1M_USDM;
    struct limit_orders orders = {.used_10s = count(&account->orders[venue][0], 10 * SECOND_NS, more, now_ns),
                                  .used_long = count(&account->orders[venue][1], long_ns, more, now_ns)};

    if (orders.used_10s >= short_limit) {
        orders.over = true;
        orders.limit = short_limit;
        orders.interval = "TEN_SECONDS";
        orders.retry_after_s = left_s(10 * SECOND_NS, now_ns);
    } else if (orders.used_long >= long_limit) {
        orders.over = true;
        orders.limit = long_limit;
        orders.interval = venue == LIMIT_SPOT ? "DAY" : "MINUTE";
        orders.retry_after_s = left_s(long_ns, now_ns);
    }
    return orders;
}

/* Two keys of one account count together: the row is the account's, the key is the last one used. */
struct limit_orders limits_orders_add(struct rate_limits *limits, uint32_t account, const char *api_key,
                                      enum limit_venue venue, uint32_t orders, int64_t now_ns)
{
    struct limit_account *row = NULL;

    for (size_t i = 0; i < limits->accounts && row == NULL; i++)
        if (limits->account[i].account == account)
            row = &limits->account[i];
    if (row == NULL && limits->accounts < LIMIT_ACCOUNTS_MAX) {
        row = &limits->account[limits->accounts++];
        memset(row, 0, sizeof(*row));
        row->account = account;
    }
    if (row == NULL)
        return (struct limit_orders){0};
    if (strlen(api_key) < sizeof(row->api_key))
        snprintf(row->api_key, sizeof(row->api_key), "%s", api_key);
    return orders_of(row, venue, orders, now_ns);
}

struct limit_orders limits_orders_of(struct rate_limits *limits, const char *api_key, enum limit_venue venue,
                                     int64_t now_ns)
{
    for (size_t i = 0; i < limits->accounts && *api_key != '\0'; i++)
        if (strcmp(limits->account[i].api_key, api_key) == 0) {
            struct limit_orders orders = orders_of(&limits->account[i], venue, 0, now_ns);

            orders.over &= !limits->off;
            return orders;
        }
    return (struct limit_orders){0};
}

bool limits_message(const struct rate_limits *limits, struct limit_messages *messages, enum limit_venue venue,
                    int64_t now_ns)
{
    if (now_ns - messages->second_began_ns >= SECOND_NS) {
        messages->second_began_ns = now_ns;
        messages->count = 0;
    }
    messages->count++;
    return limits->off ||
           messages->count <= (venue == LIMIT_SPOT ? LIMIT_MESSAGES_1S_SPOT : LIMIT_MESSAGES_1S_USDM);
}

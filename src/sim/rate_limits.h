/*
 * rate_limits.h - what one address and one account may ask of the built-in exchange, counted as the venue does.
 *
 * Windows are fixed: they begin at whole minutes (and so on) of the clock given. Everything is counted, also what is
 * refused. Too much is 429; going on after that is 418, a ban that doubles each time. No clock in here.
 */
#ifndef SIM_RATE_LIMITS_H
#define SIM_RATE_LIMITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LIMIT_WEIGHT_SPOT      6000 /* a minute and address */
#define LIMIT_WEIGHT_USDM      2400
#define LIMIT_RAW_SPOT         61000 /* requests in 5 minutes and address */
#define LIMIT_CONNECTIONS      300   /* WebSocket handshakes in 5 minutes and address */
#define LIMIT_ORDERS_10S_SPOT  100
#define LIMIT_ORDERS_1D_SPOT   200000
#define LIMIT_ORDERS_10S_USDM  300
#define LIMIT_ORDERS_1M_USDM   1200
#define LIMIT_STRIKES          10 /* 429 replies in a row of minutes until the ban */
#define LIMIT_BAN_S            120
#define LIMIT_BAN_MAX_S        (INT64_C(3) * 86400)
#define LIMIT_MESSAGES_1S_SPOT 5 /* incoming frames of a stream connection */
#define LIMIT_MESSAGES_1S_USDM 10
#define LIMIT_STREAMS          1024 /* of a connection */
#define LIMIT_REMOTES_MAX      64   /* the longest unseen makes room */
#define LIMIT_ACCOUNTS_MAX     64
#define LIMIT_KEY_SIZE         65
#define LIMIT_REMOTE_SIZE      48

enum limit_venue { LIMIT_SPOT, LIMIT_USDM };

struct limit_window {
    int64_t index;
    uint32_t used;
};

struct limit_remote {
    char name[LIMIT_REMOTE_SIZE];
    struct limit_window weight[2], raw, connections;
    int64_t strike_minute; /* the last one with a 429 */
    uint32_t strikes, bans;
    int64_t banned_until_ns, seen_ns;
};

struct limit_account {
    uint32_t account; /* 0: free */
    char api_key[LIMIT_KEY_SIZE];
    struct limit_window orders[2][2]; /* venue; 10 s, then 1 d or 1 m */
};

struct rate_limits {
    bool off; /* fault "limits off": counted, never refused */
    struct limit_remote remote[LIMIT_REMOTES_MAX];
    size_t remotes;
    struct limit_account account[LIMIT_ACCOUNTS_MAX];
    size_t accounts;
};

enum limit_kind { LIMIT_OK, LIMIT_WEIGHT, LIMIT_RAW, LIMIT_CONNECTION, LIMIT_BANNED };

struct limit_verdict {
    enum limit_kind kind;
    int status;            /* 0: go on; 429, 418 */
    uint32_t used_weight;  /* in this minute, with this request */
    uint32_t limit;        /* the one that was passed */
    int64_t retry_after_s; /* of a refusal */
    int64_t banned_until_ns;
};

struct limit_verdict limits_request(struct rate_limits *limits, const char *remote, enum limit_venue venue,
                                    uint32_t weight, int64_t now_ns);
struct limit_verdict limits_connect(struct rate_limits *limits, const char *remote, int64_t now_ns);
/* Weight known only afterwards (WebSocket API). */
void limits_add_weight(struct rate_limits *limits, const char *remote, enum limit_venue venue,
                       uint32_t weight, int64_t now_ns);

struct limit_orders {
    uint32_t used_10s, used_long; /* in this window */
    bool over;                    /* a limit is reached already */
    uint32_t limit;               /* which */
    const char *interval;         /* "TEN_SECONDS", "DAY", "MINUTE" */
    int64_t retry_after_s;
};

/* Adds to an account's order counts, and learns which key is whose. */
struct limit_orders limits_orders_add(struct rate_limits *limits, uint32_t account, const char *api_key,
                                      enum limit_venue venue, uint32_t orders, int64_t now_ns);
/* Before an order: the counts of the account that used this key before. */
struct limit_orders limits_orders_of(struct rate_limits *limits, const char *api_key, enum limit_venue venue,
                                     int64_t now_ns);

/* Incoming frames of one connection; false: one too many within a second. */
struct limit_messages {
    int64_t second_began_ns;
    uint32_t count;
};
bool limits_message(const struct rate_limits *limits, struct limit_messages *messages, enum limit_venue venue,
                    int64_t now_ns);

#endif

/*
 * exchange.h - the built-in exchange as one thing: books, people, tape, accounts; no sockets in here.
 *
 *   server.c (TLS, HTTP, WebSocket, faults, rate limits)  -- struct sim_request / sim_reply -->  routes
 *   routes: rest_market.c (public data), rest_trading.c (orders, account), ws_api.c
 *   matching events -> publisher.c (stream messages, tickers, klines, truth) and accounts.c (balances, user events)
 *
 * One thread. Everything is stamped with venue time `now_ns` (UTC), which the host moves by exchange_advance().
 */
#ifndef SIM_EXCHANGE_H
#define SIM_EXCHANGE_H

#include "sim/market.h"
#include "sim/matching.h"
#include "sim/symbol.h"
#include "sim/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct publisher; /* publisher.h */
struct accounts;  /* accounts.h */

struct exchange {
    uint64_t seed;
    int64_t open_ns; /* UTC venue time of market time 0 */
    int64_t now_ns;  /* UTC venue time */
    int64_t skew_ns; /* fault clock_skew: added to what clients are told, not to the market */
    bool warm;       /* the books are filled */
    size_t symbols;
    struct sim_symbol symbol[SIM_SYMBOLS_MAX];
    struct match_book *book[SIM_SYMBOLS_MAX];
    struct market *market;
    struct publisher *publisher;
    struct accounts *accounts;
};

/* A request as the routes see it. Texts are borrowed and NUL-terminated. */
struct sim_request {
    const char *method;  /* "GET" */
    const char *path;    /* "/api/v3/depth" */
    const char *query;   /* raw, without '?'; "" if none */
    const char *body;    /* raw; "" if none */
    const char *api_key; /* X-MBX-APIKEY; "" if none */
    const char *remote;  /* address of the client: weights are counted by it */
};

struct sim_reply {
    int status;
    struct sim_text body;    /* JSON */
    uint32_t account;        /* whose order counts go into the headers; 0: none */
    uint32_t orders_counted; /* orders this request added to the account's order count */
};

struct sim_route {
    const char *method;
    const char *path; /* exact; one that ends in '/' matches as a prefix */
    /* Weight of this request (facts 6); may look at query parameters. */
    uint32_t (*weight)(const struct exchange *exchange, const struct sim_request *request);
    void (*handle)(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply);
};

/* Each ends with method NULL. */
extern const struct sim_route rest_market_routes[];  /* rest_market.c */
extern const struct sim_route rest_trading_routes[]; /* rest_trading.c */

/* A parameter of query, then body (query wins), percent-decoded into out; false: absent. ERR is "too long" = false too. */
bool sim_param(const struct sim_request *request, const char *name, char *out, size_t out_size);
/* {"code":-1121,"msg":"Invalid symbol."} with its HTTP status. */
void sim_error(struct sim_reply *reply, int status, int code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Index of a symbol as a client names it ("BTCUSDT"); -1: none. */
int exchange_symbol(const struct exchange *exchange, const char *name, bool usdm);
int64_t exchange_client_ms(const struct exchange *exchange); /* what clients are told: now + skew */

struct exchange_config {
    uint64_t seed;
    const char *const *symbols; /* NULL: the built-in list */
    size_t symbol_count;
};
/* Its lists and empty books, in a moment; ERR_NOT_FOUND: a symbol it does not list (why names it). */
int exchange_new(const struct exchange_config *config, struct exchange **out, char *why,
                 size_t why_size); /* 0 or enum err */
/* Fills the books and lets 30 s of market pass; the rest takes as long by the second. Once; exchange_open() does it, too. */
void exchange_warm_up(struct exchange *exchange);
/* From here on it has a time (UTC), accounts and a tape. Once. 0, or ERR_MEMORY: then it can only be freed. */
int exchange_open(struct exchange *exchange, int64_t open_ns);
void exchange_free(struct exchange *exchange);
/* Market and timers of the publisher up to this venue time. */
void exchange_advance(struct exchange *exchange, int64_t now_ns);

#endif

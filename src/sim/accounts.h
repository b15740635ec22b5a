/*
 * accounts.h - who may trade on the built-in exchange: keys, balances, orders by client id, user events.
 *
 * Spot balances (free, locked) and USD-M wallet and positions, exact in e8. Listens to the books for accounts of its
 * own (>= SIM_AGENT_ACCOUNTS).
 */
#ifndef SIM_ACCOUNTS_H
#define SIM_ACCOUNTS_H

#include "sim/exchange.h"

struct accounts_sink {
    /* One user event: spot (for {"subscriptionId":n,"event":...}) or USD-M (listenKey stream). Borrowed. */
    void (*emit)(void *arg, uint32_t account, bool usdm, const char *json, size_t size);
    void *arg;
};

struct accounts *accounts_new(struct exchange *exchange); /* NULL: memory */
void accounts_free(struct accounts *accounts);
void accounts_set_sink(struct accounts *accounts, const struct accounts_sink *sink);
void accounts_advance(struct accounts *accounts); /* funding, listenKey expiry, GTD up to exchange->now_ns */
/* The first account, with money in every asset; its HMAC key pair is made from the seed and told in exchange.json. */
uint32_t accounts_first(const struct accounts *accounts, char api_key[65], char api_secret[65]);
/* A key with an RSA or Ed25519 public key (PEM), for the same account; tests and POST /sim/key. False: unusable. */
bool accounts_add_public_key(struct accounts *accounts, uint32_t account, const char *pem, char api_key[65]);
/* One account more, with the same money and a key pair of its own; 0: ACCOUNTS_MAX are there. */
uint32_t accounts_add(struct accounts *accounts, char api_key[65], char api_secret[65]);
/* Money from (or to) outside, told by balanceUpdate; false: unknown asset, or not that much is free. */
bool accounts_deposit(struct accounts *accounts, uint32_t account, const char *asset, int64_t amount_e8);
/* All of an asset on spot and USD-M, e8: of users, taken as fees, and at the people of the market. The sum never
 * changes but by accounts_deposit(). */
int64_t accounts_total_e8(const struct accounts *accounts, const char *asset);
/* Account of a USD-M listenKey; 0: none or expired. */
uint32_t accounts_of_listen_key(struct accounts *accounts, const char *listen_key);

/* One message of the WebSocket API (wss .../ws-api/v3): request JSON in, reply JSON out; user-data subscriptions of
 * the connection are kept in *session by the caller. */
struct ws_api_session {
    uint32_t account;                    /* 0: not subscribed */
    int subscription_id;                 /* -1: none */
    uint32_t logged_on;                  /* session.logon */
    char api_key[65];                    /* of the logon */
    int64_t authorized_ms, connected_ms; /* connected_ms is the caller's, 0: not told */
    int subscriptions;                   /* made so far: ids count up */
};
#define WS_API_SUBSCRIPTIONS_MAX 65535 /* of one connection over its life */
/* Zero and subscription_id -1 is a new session. "rateLimits" of the reply holds the order counts; the request weights
 * are the caller's and go in behind `"rateLimits":[`. */
void ws_api_handle(struct exchange *exchange, struct ws_api_session *session, const char *remote,
                   const char *json, size_t size, struct sim_text *reply, uint32_t *weight);

/* What order faults (partial, expire, late_ack, ...) act on: the newest order of users. The server asks for them: */
enum order_fault { ORDER_FAULT_NONE, ORDER_FAULT_PARTIAL, ORDER_FAULT_EXPIRE };
void accounts_fault_next_orders(struct accounts *accounts, enum order_fault fault, uint32_t count);

#endif

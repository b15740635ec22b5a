/* account_state.h - what the parts of accounts.c share; nobody else includes it. */
#ifndef SIM_ACCOUNT_STATE_H
#define SIM_ACCOUNT_STATE_H

#include "sim/accounts.h"
#include "sim/balances.h"
#include "sim/my_trades.h"
#include "sim/order_index.h"
#include "sim/positions.h"
#include "sim/signing.h"

#define ACCOUNTS_MAX       INDEX_ACCOUNTS_MAX
#define ACCOUNT_KEYS_MAX   32
#define ORDER_LISTS_KEPT   1024 /* open and finished, of all accounts */
#define LISTEN_KEY_LIFE_NS (INT64_C(3600) * 1000000000)

#define SPOT_FEE_MILLIONTHS       INT64_C(1000) /* 0.1 %, maker and taker */
#define USDM_MAKER_FEE_MILLIONTHS INT64_C(200)
#define USDM_TAKER_FEE_MILLIONTHS INT64_C(500)

struct failure { /* code 0: none */
    int code;
    char text[160];
};

struct account {
    uint32_t id, slot;
    int64_t update_ns;
    struct balances spot;
    int64_t wallet_e8; /* USD-M, USDT */
    struct position position[SIM_SYMBOLS_MAX];
    int64_t countdown_ns[SIM_SYMBOLS_MAX]; /* countdownCancelAll; 0: none */
    struct my_trades trades;
    char listen_key[65]; /* "" none */
    int64_t listen_key_ends_ns;
    int64_t count_10s_start_ns, count_day_start_ns;
    uint32_t count_10s, count_day;
    bool reduce_check; /* a position changed: reduce-only orders must be looked at */
};

struct account_key {
    char name[65];
    uint32_t account;
    struct signing_key key;
};

struct order_list { /* OCO */
    uint64_t id;    /* 0: empty place */
    uint32_t account, symbol;
    bool open;
    char client_id[CLIENT_ID_SIZE];
    uint64_t order_id[2];
    char order_client_id[2][CLIENT_ID_SIZE];
    int64_t time_ns;
};

struct accounts {
    struct exchange *exchange;
    struct accounts_sink sink;
    struct asset_table assets;
    size_t base_asset[SIM_SYMBOLS_MAX], quote_asset[SIM_SYMBOLS_MAX];
    size_t count, keys;
    struct account account[ACCOUNTS_MAX];
    struct account_key key[ACCOUNT_KEYS_MAX];
    struct order_index *orders;
    uint64_t lists;
    struct order_list list[ORDER_LISTS_KEPT];
    uint64_t executions, prevented_matches, random, client_ids;
    int64_t fee_e8[ASSETS_MAX], outside_e8[ASSETS_MAX];
    int64_t timer_ns; /* when accounts_advance() has something to do; INT64_MAX: never */
    int64_t funding_at_ns[SIM_SYMBOLS_MAX], funding_rate_e8[SIM_SYMBOLS_MAX];
    int64_t funding_look_ns;
    enum order_fault fault;
    uint32_t fault_left;
    struct sim_text event, payload; /* scratch */
};

/* accounts.c */
struct account *account_find(struct accounts *accounts, uint32_t id);
const struct account_key *account_key_find(const struct accounts *accounts, const char *name);
void accounts_random_text(struct accounts *accounts, char *out,
                          size_t length); /* letters and digits, and NUL */
void accounts_wake_by(struct accounts *accounts, int64_t at_ns);
struct order_list *order_list_find(struct accounts *accounts, uint64_t id);
void account_count_orders(struct accounts *accounts, struct account *account, uint32_t orders);
/* Ends reduce-only orders that the position no longer covers; after every call into a book. */
void accounts_after_book(struct accounts *accounts);
int64_t accounts_mark_e8(const struct accounts *accounts, size_t symbol);

/* settlement.c */
void settlement_on_event(void *accounts, const struct match_event *event);
/* Gives back what the order holds beyond what it needs. */
void settlement_release(struct accounts *accounts, struct user_order *order);
/* Ends an order that its book no longer has. */
void settlement_end(struct accounts *accounts, struct user_order *order, enum order_status status,
                    const char *execution);
int64_t order_lock_e8(const struct accounts *accounts, const struct user_order *order);
void settlement_funding(struct accounts *accounts);

static inline int64_t client_ms(const struct exchange *exchange, int64_t time_ns)
{
    return (time_ns + exchange->skew_ns) / INT64_C(1000000);
}

#endif

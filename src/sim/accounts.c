#include "sim/account_state.h"
#include "sim/user_events.h"

#include "core/base/decimal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SPOT_QUOTE_MONEY_E8 (INT64_C(10000000) * DECIMAL_E8) /* of stable quote assets */
#define SPOT_BTC_MONEY_E8   (INT64_C(100) * DECIMAL_E8)
#define SPOT_BASE_WORTH_E8  (INT64_C(5000000) * DECIMAL_E8) /* of other assets, in their first quote asset */
#define USDM_MONEY_E8       (INT64_C(1000000) * DECIMAL_E8)
#define FUNDING_LOOK_NS     INT64_C(1000000000)

static uint64_t next_random(struct accounts *accounts)
{
    uint64_t z = (accounts->random += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

void accounts_random_text(struct accounts *accounts, char *out, size_t length)
{
    static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    for (size_t i = 0; i < length; i++)
        out[i] = letters[next_random(accounts) % (sizeof(letters) - 1)];
    out[length] = '\0';
}

/* Enough of a base asset to be worth about SPOT_BASE_WORTH_E8 of what it is priced in. */
static int64_t first_money_e8(const struct accounts *accounts, size_t asset)
{
    const char *name = accounts->assets.name[asset];

    if (strcmp(name, "BTC") == 0)
        return SPOT_BTC_MONEY_E8;
    for (size_t i = 0; i < accounts->exchange->symbols; i++) {
        const struct sim_symbol *symbol = &accounts->exchange->symbol[i];
        int64_t price_e8 = symbol->start_ticks * symbol->tick_e8;
        int64_t worth_e8 = strcmp(symbol->quote, "BTC") == 0 ? SPOT_BTC_MONEY_E8 : SPOT_BASE_WORTH_E8;

        if (!symbol->usdm && price_e8 > 0 && strcmp(symbol->base, name) == 0)
            return decimal_mul_div(worth_e8, DECIMAL_E8, price_e8) / DECIMAL_E8 * DECIMAL_E8;
    }
    return SPOT_QUOTE_MONEY_E8;
}

static struct account *add_account(struct accounts *accounts)
{
    struct account *account = &accounts->account[accounts->count];

    if (accounts->count == ACCOUNTS_MAX || !my_trades_init(&account->trades))
        return NULL;
    account->slot = (uint32_t)accounts->count;
    account->id = SIM_AGENT_ACCOUNTS + account->slot;
    account->update_ns = accounts->exchange->now_ns;
    account->wallet_e8 = USDM_MONEY_E8;
    for (size_t i = 0; i < accounts->assets.count; i++)
        account->spot.free_e8[i] = first_money_e8(accounts, i);
    for (size_t i = 0; i < SIM_SYMBOLS_MAX; i++)
        account->position[i].leverage = LEVERAGE_DEFAULT;
    accounts->count++;
    return account;
}

static struct account_key *add_key(struct accounts *accounts, uint32_t account)
{
    struct account_key *key;

    if (accounts->keys == ACCOUNT_KEYS_MAX)
        return NULL;
    key = &accounts->key[accounts->keys++];
    key->account = account;
    accounts_random_text(accounts, key->name, 64);
    return key;
}

uint32_t accounts_add(struct accounts *accounts, char api_key[65], char api_secret[65])
{
    struct account *account = accounts->keys == ACCOUNT_KEYS_MAX ? NULL : add_account(accounts);
    struct account_key *key = account == NULL ? NULL : add_key(accounts, account->id);

    if (key == NULL)
        return 0;
    accounts_random_text(accounts, key->key.secret, 64);
    memcpy(api_key, key->name, 65);
    memcpy(api_secret, key->key.secret, 65);
    return account->id;
}

struct accounts *accounts_new(struct exchange *exchange)
{
    struct accounts *accounts = calloc(1, sizeof(*accounts));
    char key[65], secret[65];

    if (accounts == NULL)
        return NULL;
    accounts->exchange = exchange;
    accounts->timer_ns = INT64_MAX;
    accounts->random = exchange->seed ^ UINT64_C(0x6163636f756e7473);
    accounts->orders = order_index_new();
    for (size_t i = 0; i < exchange->symbols; i++) {
        accounts->base_asset[i] = asset_index(&accounts->assets, exchange->symbol[i].base);
        accounts->quote_asset[i] = asset_index(&accounts->assets, exchange->symbol[i].quote);
    }
    if (accounts->orders == NULL || accounts_add(accounts, key, secret) == 0) {
        accounts_free(accounts);
        return NULL;
    }
    for (size_t i = 0; i < exchange->symbols; i++)
        if (!match_listen(exchange->book[i], settlement_on_event, accounts)) {
            accounts_free(accounts);
            return NULL;
        }
    return accounts;
}

void accounts_free(struct accounts *accounts)
{
    if (accounts == NULL)
        return;
    for (size_t i = 0; i < ACCOUNTS_MAX; i++)
        my_trades_free(&accounts->account[i].trades);
    for (size_t i = 0; i < accounts->keys; i++)
        signing_key_free(&accounts->key[i].key);
    order_index_free(accounts->orders);
    sim_text_free(&accounts->event);
    sim_text_free(&accounts->payload);
    free(accounts);
}

void accounts_set_sink(struct accounts *accounts, const struct accounts_sink *sink)
{
    accounts->sink = *sink;
}

uint32_t accounts_first(const struct accounts *accounts, char api_key[65], char api_secret[65])
{
    memcpy(api_key, accounts->key[0].name, 65);
    memcpy(api_secret, accounts->key[0].key.secret, 65);
    return accounts->account[0].id;
}

bool accounts_add_public_key(struct accounts *accounts, uint32_t account, const char *pem, char api_key[65])
{
    struct signing_key loaded;
    struct account_key *key;

    if (account_find(accounts, account) == NULL || !signing_key_load(&loaded, pem))
        return false;
    key = add_key(accounts, account);
    if (key == NULL) {
        signing_key_free(&loaded);
        return false;
    }
    key->key = loaded;
    memcpy(api_key, key->name, 65);
    return true;
}

struct account *account_find(struct accounts *accounts, uint32_t id)
{
    uint32_t slot = id - SIM_AGENT_ACCOUNTS;

    return id >= SIM_AGENT_ACCOUNTS && slot < accounts->count ? &accounts->account[slot] : NULL;
}

const struct account_key *account_key_find(const struct accounts *accounts, const char *name)
{
    for (size_t i = 0; i < accounts->keys; i++)
        if (strcmp(accounts->key[i].name, name) == 0)
            return &accounts->key[i];
    return NULL;
}

struct order_list *order_list_find(struct accounts *accounts, uint64_t id)
{
    struct order_list *list = &accounts->list[id % ORDER_LISTS_KEPT];

    return id != 0 && list->id == id ? list : NULL;
}

bool accounts_deposit(struct accounts *accounts, uint32_t id, const char *asset_name, int64_t amount_e8)
{
    struct account *account = account_find(accounts, id);
    int asset = asset_find(&accounts->assets, asset_name);
    int64_t after_e8;

    if (account == NULL || asset < 0 ||
        __builtin_add_overflow(account->spot.free_e8[asset], amount_e8, &after_e8) || after_e8 < 0)
        return false;
    account->spot.free_e8[asset] = after_e8;
    account->update_ns = accounts->exchange->now_ns;
    user_event_balance(accounts, account, (size_t)asset, amount_e8);
    user_event_account(accounts, account, (const size_t[]){(size_t)asset}, 1);
    return true;
}

int64_t accounts_total_e8(const struct accounts *accounts, const char *asset_name)
{
    int asset = asset_find(&accounts->assets, asset_name);
    int64_t total_e8;

    if (asset < 0)
        return 0;
    total_e8 = accounts->fee_e8[asset] + accounts->outside_e8[asset];
    for (size_t i = 0; i < accounts->count; i++) {
        const struct account *account = &accounts->account[i];

        total_e8 += account->spot.free_e8[asset] + account->spot.locked_e8[asset];
        if (strcmp(asset_name, "USDT") == 0)
            total_e8 += account->wallet_e8;
    }
    return total_e8;
}

void accounts_fault_next_orders(struct accounts *accounts, enum order_fault fault, uint32_t count)
{
    accounts->fault = fault;
    accounts->fault_left = fault == ORDER_FAULT_NONE ? 0 : count;
}

static void count_in_window(int64_t now_ns, int64_t window_ns, uint32_t orders, int64_t *start_ns,
                            uint32_t *count)
{
    int64_t start = now_ns / window_ns * window_ns;

    if (start != *start_ns)
        *count = 0;
    *start_ns = start;
    *count += orders;
}

void account_count_orders(struct accounts *accounts, struct account *account, uint32_t orders)
{
    int64_t now_ns = accounts->exchange->now_ns;

    count_in_window(now_ns, INT64_C(10000000000), orders, &account->count_10s_start_ns, &account->count_10s);
    count_in_window(now_ns, INT64_C(86400000000000), orders, &account->count_day_start_ns,
                    &account->count_day);
}

int64_t accounts_mark_e8(const struct accounts *accounts, size_t symbol)
{
    const struct exchange *exchange = accounts->exchange;
    int64_t mark_e8 = exchange->market == NULL ? 0 : market_mark(exchange->market, symbol).mark_e8;

    if (mark_e8 <= 0)
        mark_e8 = match_last_ticks(exchange->book[symbol]) * exchange->symbol[symbol].tick_e8;
    return mark_e8 > 0 ? mark_e8 : exchange->symbol[symbol].start_ticks * exchange->symbol[symbol].tick_e8;
}

uint32_t accounts_of_listen_key(struct accounts *accounts, const char *listen_key)
{
    for (size_t i = 0; i < accounts->count; i++) {
        const struct account *account = &accounts->account[i];

        if (account->listen_key[0] != '\0' && strcmp(account->listen_key, listen_key) == 0 &&
            account->listen_key_ends_ns > accounts->exchange->now_ns)
            return account->id;
    }
    return 0;
}

/* --- time ---------------------------------------------------------------------------------------------------- */

void accounts_wake_by(struct accounts *accounts, int64_t at_ns)
{
    if (at_ns < accounts->timer_ns)
        accounts->timer_ns = at_ns;
}

/* Ends what is due and returns when the next thing of this account is. */
static int64_t run_timers(struct accounts *accounts, struct account *account)
{
    struct exchange *exchange = accounts->exchange;
    int64_t now_ns = exchange->now_ns, next_ns = INT64_MAX;
    struct user_order *order = order_index_oldest(accounts->orders, account->slot);

    for (; order != NULL; order = order_index_newer(accounts->orders, order)) {
        int64_t good_till_ns = order->good_till_ms * INT64_C(1000000);
        int64_t countdown_ns = account->countdown_ns[order->symbol];

        if (!order->open)
            continue;
        if (order->tif == WIRE_GTD && good_till_ns <= now_ns) {
            match_expire(exchange->book[order->symbol], now_ns, order->book_id);
        } else if (order->usdm && countdown_ns != 0 && countdown_ns <= now_ns) {
            order->asked_to_end = true;
            match_cancel(exchange->book[order->symbol], now_ns, order->book_id);
        } else if (order->tif == WIRE_GTD && good_till_ns < next_ns) {
            next_ns = good_till_ns;
        }
    }
    for (size_t i = 0; i < exchange->symbols; i++) {
        if (account->countdown_ns[i] != 0 && account->countdown_ns[i] <= now_ns)
            account->countdown_ns[i] = 0;
        if (account->countdown_ns[i] != 0 && account->countdown_ns[i] < next_ns)
            next_ns = account->countdown_ns[i];
    }
    if (account->listen_key[0] != '\0' && account->listen_key_ends_ns <= now_ns) {
        user_event_listen_key_expired(accounts, account);
        account->listen_key[0] = '\0';
    } else if (account->listen_key[0] != '\0' && account->listen_key_ends_ns < next_ns) {
        next_ns = account->listen_key_ends_ns;
    }
    return next_ns;
}

void accounts_advance(struct accounts *accounts)
{
    int64_t now_ns = accounts->exchange->now_ns;

    if (now_ns >= accounts->timer_ns) {
        accounts->timer_ns = INT64_MAX;
        for (size_t i = 0; i < accounts->count; i++)
            accounts_wake_by(accounts, run_timers(accounts, &accounts->account[i]));
    }
    accounts_after_book(accounts);
    if (accounts->exchange->market != NULL && now_ns >= accounts->funding_look_ns) {
        accounts->funding_look_ns = now_ns + FUNDING_LOOK_NS;
        settlement_funding(accounts);
    }
}

/* What reduce-only orders may still take, newest orders give way first. */
static void end_uncovered(struct accounts *accounts, struct account *account)
{
    struct exchange *exchange = accounts->exchange;
    int64_t sold[SIM_SYMBOLS_MAX] = {0}, bought[SIM_SYMBOLS_MAX] = {0};
    struct user_order *order = order_index_oldest(accounts->orders, account->slot);

    for (; order != NULL; order = order_index_newer(accounts->orders, order)) {
        int64_t held = account->position[order->symbol].lots;
        int64_t *used = order->side == SIDE_BID ? &bought[order->symbol] : &sold[order->symbol];
        int64_t room = (order->side == SIDE_BID ? -held : held) - *used;

        if (!order->open || !order->reduce_only)
            continue;
        if (room <= 0)
            match_expire(exchange->book[order->symbol], exchange->now_ns, order->book_id);
        else if (user_order_left(order) > room) {
            int64_t less = user_order_left(order) - room;

            if (match_amend(exchange->book[order->symbol], exchange->now_ns, order->book_id,
                            order->engine_lots - less) == MATCH_OK)
                *used += room;
        } else {
            *used += user_order_left(order);
        }
    }
}

void accounts_after_book(struct accounts *accounts)
{
    for (size_t i = 0; i < accounts->count; i++) {
        struct account *account = &accounts->account[i];

        if (account->reduce_check) {
            account->reduce_check = false;
            end_uncovered(accounts, account);
        }
    }
}

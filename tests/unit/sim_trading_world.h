/*
 * sim_trading_world.h - an exchange built by hand: two spot symbols and one contract, real books, no people.
 *
 * The parts that only the whole exchange has (people, streams, the list of symbols) are weak stand-ins here.
 */
#ifndef UNIT_SIM_TRADING_WORLD_H
#define UNIT_SIM_TRADING_WORLD_H

#include "cmocka_all.h"
#include "sim/accounts.h"
#include "sim/publisher.h"
#include "sim/signing.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORLD_EVENTS_MAX 4096
#define WORLD_OPEN_NS    INT64_C(1760000000000000000)
#define WORLD_MS         INT64_C(1000000)
#define AGENT            7 /* one of the people */

enum { BTCUSDT, BNBBTC, PERP };

/* --- stand-ins ----------------------------------------------------------------------------------------------- */

static struct market_mark world_mark;

#define STAND_IN __attribute__((weak))
STAND_IN struct market *market_new(uint64_t seed, const struct sim_symbol *symbols,
                                   struct match_book *const *books, size_t count)
{
    (void)seed, (void)symbols, (void)books, (void)count;
    return NULL;
}
STAND_IN void market_free(struct market *market)
{
    (void)market;
}
STAND_IN void market_open(struct market *market)
{
    (void)market;
}
STAND_IN void market_run_until(struct market *market, int64_t now_ns, int64_t epoch_ns)
{
    (void)market, (void)now_ns, (void)epoch_ns;
}
STAND_IN struct market_mark market_mark(const struct market *market, size_t symbol)
{
    (void)market, (void)symbol;
    return world_mark;
}
STAND_IN struct publisher *publisher_new(struct exchange *exchange)
{
    (void)exchange;
    return NULL;
}
STAND_IN void publisher_free(struct publisher *publisher)
{
    (void)publisher;
}
STAND_IN void publisher_advance(struct publisher *publisher)
{
    (void)publisher;
}
STAND_IN int64_t publisher_next_ns(const struct publisher *publisher)
{
    (void)publisher;
    return 0;
}
STAND_IN size_t sim_symbols_builtin(struct sim_symbol *out, size_t max)
{
    (void)out, (void)max;
    return 0;
}
STAND_IN const struct sim_symbol *sim_symbol_find(const struct sim_symbol *list, size_t count,
                                                  const char *name, bool usdm)
{
    (void)list, (void)count, (void)name, (void)usdm;
    return NULL;
}

/* --- the world ----------------------------------------------------------------------------------------------- */

struct world_user {
    uint32_t account;
    char key[65], secret[65];
};

struct world {
    struct exchange exchange;
    struct world_user user, other;
    struct sim_reply reply;
    size_t events;
    char *event[WORLD_EVENTS_MAX];
    uint32_t event_account[WORLD_EVENTS_MAX];
};

static void world_emit(void *arg, uint32_t account, bool usdm, const char *json, size_t size)
{
    struct world *world = arg;

    (void)usdm;
    assert_true(size == strlen(json));
    if (world->events == WORLD_EVENTS_MAX)
        return;
    world->event_account[world->events] = account;
    world->event[world->events++] = strndup(json, size);
}

static void world_forget_events(struct world *world)
{
    for (size_t i = 0; i < world->events; i++)
        free(world->event[i]);
    world->events = 0;
}

static const struct sim_symbol world_symbols[] = {[BTCUSDT] = {.name = "BTCUSDT",
                                                               .lower = "btcusdt",
                                                               .base = "BTC",
                                                               .quote = "USDT",
                                                               .tick_e8 = 1000000,
                                                               .lot_e8 = 1000,
                                                               .qty_lots_min = 1,
                                                               .qty_lots_max = 900000000,
                                                               .market_qty_lots_max = 10000000,
                                                               .notional_e8_min = 500000000,
                                                               .notional_e8_max = INT64_C(900000000000000),
                                                               .price_ticks_min = 1,
                                                               .price_ticks_max = 100000000,
                                                               .multiplier_up_x10000 = 50000,
                                                               .multiplier_down_x10000 = 2000,
                                                               .start_ticks = 6000000},
                                                  [BNBBTC] = {.name = "BNBBTC",
                                                              .lower = "bnbbtc",
                                                              .base = "BNB",
                                                              .quote = "BTC",
                                                              .tick_e8 = 100,
                                                              .lot_e8 = 100000,
                                                              .qty_lots_min = 1,
                                                              .qty_lots_max = 100000000,
                                                              .market_qty_lots_max = 10000000,
                                                              .notional_e8_min = 10000,
                                                              .price_ticks_min = 1,
                                                              .price_ticks_max = 100000000,
                                                              .multiplier_up_x10000 = 50000,
                                                              .multiplier_down_x10000 = 2000,
                                                              .start_ticks = 9871},
                                                  [PERP] = {.name = "BTCUSDT",
                                                            .lower = "btcusdt",
                                                            .base = "BTC",
                                                            .quote = "USDT",
                                                            .usdm = true,
                                                            .tick_e8 = 10000000,
                                                            .lot_e8 = 100000,
                                                            .qty_lots_min = 1,
                                                            .qty_lots_max = 1000000,
                                                            .market_qty_lots_max = 120000,
                                                            .notional_e8_min = INT64_C(10000000000),
                                                            .price_ticks_min = 5561,
                                                            .price_ticks_max = 45290000,
                                                            .multiplier_up_x10000 = 10500,
                                                            .multiplier_down_x10000 = 9500,
                                                            .start_ticks = 600000}};

static inline struct world *world_new(uint64_t seed)
{
    struct world *world = calloc(1, sizeof(*world));
    struct exchange *exchange = &world->exchange;

    exchange->seed = seed;
    exchange->open_ns = exchange->now_ns = WORLD_OPEN_NS;
    exchange->symbols = 3;
    memcpy(exchange->symbol, world_symbols, sizeof(world_symbols));
    for (size_t i = 0; i < exchange->symbols; i++) {
        struct match_book_config config = {.symbol = (uint32_t)i,
                                           .price_ticks_max = world_symbols[i].price_ticks_max,
                                           .first_order_id = 28741293001 + i * 1000000,
                                           .first_trade_id = 3735683259 + i * 1000000,
                                           .orders_max = 8192};

        exchange->book[i] = match_book_new(&config);
        assert_non_null(exchange->book[i]);
    }
    exchange->accounts = accounts_new(exchange);
    assert_non_null(exchange->accounts);
    accounts_set_sink(exchange->accounts, &(struct accounts_sink){.emit = world_emit, .arg = world});
    world->user.account = accounts_first(exchange->accounts, world->user.key, world->user.secret);
    world->other.account = accounts_add(exchange->accounts, world->other.key, world->other.secret);
    assert_int_not_equal(world->other.account, 0);
    return world;
}

static inline void world_free(struct world *world)
{
    accounts_free(world->exchange.accounts);
    for (size_t i = 0; i < world->exchange.symbols; i++)
        match_book_free(world->exchange.book[i]);
    sim_text_free(&world->reply.body);
    world_forget_events(world);
    free(world);
}

/* An order of the people; its id, 0 if it was refused. */
static inline uint64_t agent_order(struct world *world, size_t symbol, enum side side, int64_t price_ticks,
                                   int64_t qty_lots)
{
    struct match_request request = {.account = AGENT,
                                    .side = side,
                                    .type = price_ticks == 0 ? MATCH_MARKET : MATCH_LIMIT,
                                    .price_ticks = price_ticks,
                                    .qty_lots = qty_lots};
    uint64_t id = 0;

    match_submit(world->exchange.book[symbol], world->exchange.now_ns, &request, &id);
    return id;
}

static inline void world_later(struct world *world, int64_t ms)
{
    world->exchange.now_ns += ms * WORLD_MS;
    accounts_advance(world->exchange.accounts);
}

/* --- requests ------------------------------------------------------------------------------------------------ */

static inline const char *world_send(struct world *world, const char *method, const char *path,
                                     const char *query, const char *body, const char *api_key)
{
    struct sim_request request = {.method = method,
                                  .path = path,
                                  .query = query,
                                  .body = body,
                                  .api_key = api_key,
                                  .remote = "127.0.0.1"};

    for (const struct sim_route *route = rest_trading_routes; route->method != NULL; route++)
        if (strcmp(route->method, method) == 0 && strcmp(route->path, path) == 0) {
            route->handle(&world->exchange, &request, &world->reply);
            return world->reply.body.at;
        }
    fail_msg("no route %s %s", method, path);
    return NULL;
}

/* Signed with the time of the exchange; params "" or "a=1&b=2". */
static inline const char *world_call_as(struct world *world, const struct world_user *user,
                                        const char *method, const char *path, const char *params)
{
    char query[4096], signature[65];
    int size = snprintf(query, sizeof(query), "%s%stimestamp=%" PRId64, params, params[0] == '\0' ? "" : "&",
                        exchange_client_ms(&world->exchange));

    signing_hmac_hex(user->secret, query, (size_t)size, signature);
    snprintf(query + size, sizeof(query) - (size_t)size, "&signature=%s", signature);
    return world_send(world, method, path, query, "", user->key);
}

static inline const char *world_call(struct world *world, const char *method, const char *path,
                                     const char *params)
{
    return world_call_as(world, &world->user, method, path, params);
}

static inline json_t *world_json(const char *text)
{
    json_error_t error;
    json_t *json = json_loads(text, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &error);

    if (json == NULL)
        fail_msg("no JSON: %s in %s", error.text, text);
    return json;
}

/* Status and text of a failure. */
static inline void assert_refused(const struct world *world, int status, int code, const char *text)
{
    char expected[600];

    snprintf(expected, sizeof(expected), "{\"code\":%d,\"msg\":\"%s\"}", code, text);
    assert_string_equal(world->reply.body.at, expected);
    assert_int_equal(world->reply.status, status);
}

static inline void assert_accepted(const struct world *world)
{
    if (world->reply.status != 200)
        fail_msg("%d: %s", world->reply.status, world->reply.body.at);
    json_decref(world_json(world->reply.body.at));
}

/* A text field of the newest reply, or of an event; "" if it has none. Valid until the next call. */
static inline const char *field_of(const char *text, const char *name)
{
    static char value[8][128];
    static unsigned turn;
    char *out = value[turn++ % 8];
    json_t *json = world_json(text), *found = json_object_get(json, name);

    if (json_is_string(found))
        snprintf(out, 128, "%s", json_string_value(found));
    else if (json_is_integer(found))
        snprintf(out, 128, "%" JSON_INTEGER_FORMAT, json_integer_value(found));
    else
        snprintf(out, 128, "%s", json_is_true(found) ? "true" : json_is_false(found) ? "false" : "");
    json_decref(json);
    return out;
}

static inline void assert_field(const char *text, const char *name, const char *expected)
{
    assert_string_equal(field_of(text, name), expected);
}

static inline void assert_balance(struct world *world, const char *asset, const char *free_text,
                                  const char *locked_text)
{
    json_t *json, *entry;
    size_t i;

    world_call(world, "GET", "/api/v3/account", "");
    assert_accepted(world);
    json = world_json(world->reply.body.at);
    json_array_foreach(json_object_get(json, "balances"), i,
                       entry) if (strcmp(json_string_value(json_object_get(entry, "asset")), asset) == 0)
    {
        assert_string_equal(json_string_value(json_object_get(entry, "free")), free_text);
        assert_string_equal(json_string_value(json_object_get(entry, "locked")), locked_text);
    }
    json_decref(json);
}

/* "executionReport:NEW" etc. of all events, with blanks between. */
static inline void assert_events(const struct world *world, const char *expected)
{
    char got[8192] = "";
    size_t used = 0;

    for (size_t i = 0; i < world->events; i++) {
        const char *kind = field_of(world->event[i], "e");
        json_t *json = world_json(world->event[i]), *order = json_object_get(json, "o");
        const char *x = json_string_value(json_object_get(json_is_object(order) ? order : json, "x"));
        const char *status = json_string_value(json_object_get(json_is_object(order) ? order : json, "X"));
        const char *list = json_string_value(json_object_get(json, "l"));

        if (x != NULL)
            used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%s/%s", i == 0 ? "" : " ", x, status);
        else if (strcmp(kind, "listStatus") == 0)
            used += (size_t)snprintf(got + used, sizeof(got) - used, "%slist:%s", i == 0 ? "" : " ", list);
        else
            used += (size_t)snprintf(got + used, sizeof(got) - used, "%s%s", i == 0 ? "" : " ",
                                     strcmp(kind, "outboundAccountPosition") == 0 ? "pos" : kind);
        json_decref(json);
        assert_true(used < sizeof(got));
    }
    assert_string_equal(got, expected);
}

#endif

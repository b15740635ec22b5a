#include "sim/exchange.h"

#include "core/base/err.h"
#include "sim/accounts.h"
#include "sim/publisher.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ids of a venue that has been open for years: 8 to 11 digits, and different for each symbol. */
#define FIRST_UPDATE_ID UINT64_C(50093239188)
#define FIRST_TRADE_ID  UINT64_C(3735683259)
#define FIRST_ORDER_ID  UINT64_C(28741293001)
#define ID_STRIDE       UINT64_C(1571220347)

#define TOLD_SYMBOLS 8

static enum err take_symbols(struct exchange *exchange, const struct exchange_config *config, char *why,
                             size_t why_size)
{
    struct sim_symbol builtin[SIM_SYMBOLS_MAX];
    size_t count = sim_symbols_builtin(builtin, SIM_SYMBOLS_MAX);

    for (size_t wanted = 0; wanted < config->symbol_count; wanted++)
        if (sim_symbol_find(builtin, count, config->symbols[wanted], false) == NULL &&
            sim_symbol_find(builtin, count, config->symbols[wanted], true) == NULL) {
            size_t size = (size_t)snprintf(why, why_size, "the exchange does not list '%.32s', but",
                                           config->symbols[wanted]);

            for (size_t i = 0; i < count && i < TOLD_SYMBOLS && size < why_size; i++)
                size += (size_t)snprintf(why + size, why_size - size, " %s%s", builtin[i].name,
                                         i + 1 == TOLD_SYMBOLS && count > TOLD_SYMBOLS ? " and others" : "");
            return ERR_NOT_FOUND;
        }
    for (size_t i = 0; i < count; i++) {
        bool wanted = config->symbol_count == 0;

        for (size_t k = 0; k < config->symbol_count; k++)
            wanted |= strcmp(config->symbols[k], builtin[i].name) == 0;
        if (wanted)
            exchange->symbol[exchange->symbols++] = builtin[i];
    }
    return ERR_OK;
}

static bool make_books(struct exchange *exchange)
{
    for (size_t i = 0; i < exchange->symbols; i++) {
        struct match_book_config config = {.symbol = (uint32_t)i,
                                           .price_ticks_max = exchange->symbol[i].price_ticks_max,
                                           .first_update_id = FIRST_UPDATE_ID + i * ID_STRIDE,
                                           .first_trade_id = FIRST_TRADE_ID + i * ID_STRIDE,
                                           .first_order_id = FIRST_ORDER_ID + i * ID_STRIDE};

        exchange->book[i] = match_book_new(&config);
        if (exchange->book[i] == NULL)
            return false;
    }
    return true;
}

int exchange_new(const struct exchange_config *config, struct exchange **out, char *why, size_t why_size)
{
    struct exchange *exchange = calloc(1, sizeof(*exchange));
    enum err err;

    snprintf(why, why_size, "out of memory");
    if (exchange == NULL)
        return ERR_MEMORY;
    exchange->seed = config->seed;
    err = take_symbols(exchange, config, why, why_size);
    if (err == ERR_OK && !make_books(exchange))
        err = ERR_MEMORY;
    if (err == ERR_OK) {
        exchange->market = market_new(config->seed, exchange->symbol, exchange->book, exchange->symbols);
        if (exchange->market == NULL)
            err = ERR_MEMORY;
    }
    if (err != ERR_OK) {
        exchange_free(exchange);
        return (int)err;
    }
    *out = exchange;
    return ERR_OK;
}

void exchange_warm_up(struct exchange *exchange)
{
    if (!exchange->warm)
        market_open(exchange->market);
    exchange->warm = true;
}

int exchange_open(struct exchange *exchange, int64_t open_ns)
{
    exchange_warm_up(exchange); /* before anybody listens: nobody watches that */
    exchange->open_ns = exchange->now_ns = open_ns;
    exchange->accounts = accounts_new(exchange);
    exchange->publisher = publisher_new(exchange);
    return exchange->accounts == NULL || exchange->publisher == NULL ? ERR_MEMORY : ERR_OK;
}

void exchange_free(struct exchange *exchange)
{
    if (exchange == NULL)
        return;
    publisher_free(exchange->publisher);
    accounts_free(exchange->accounts);
    market_free(exchange->market);
    for (size_t i = 0; i < exchange->symbols; i++)
        match_book_free(exchange->book[i]);
    free(exchange);
}

/* In steps that end where the publisher has something to say, so that a grid message shows the book of its time. */
void exchange_advance(struct exchange *exchange, int64_t now_ns)
{
    while (exchange->now_ns < now_ns) {
        int64_t next_ns = publisher_next_ns(exchange->publisher);

        if (next_ns <= exchange->now_ns || next_ns > now_ns)
            next_ns = now_ns;
        market_run_until(exchange->market, next_ns - exchange->open_ns, exchange->open_ns);
        exchange->now_ns = next_ns;
        accounts_advance(exchange->accounts);
        publisher_advance(exchange->publisher);
    }
}

int exchange_symbol(const struct exchange *exchange, const char *name, bool usdm)
{
    for (size_t i = 0; i < exchange->symbols; i++)
        if (exchange->symbol[i].usdm == usdm && strcmp(exchange->symbol[i].name, name) == 0)
            return (int)i;
    return -1;
}

int64_t exchange_client_ms(const struct exchange *exchange)
{
    return (exchange->now_ns + exchange->skew_ns) / INT64_C(1000000);
}

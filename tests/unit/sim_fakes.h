/*
 * sim_fakes.h - a small exchange behind the seams of src/sim, so that its server can be tested alone: two spot symbols
 * and one USD-M contract, streams that count, routes of known weight.
 */
#ifndef UNIT_SIM_FAKES_H
#define UNIT_SIM_FAKES_H

#include "sim/accounts.h"
#include "sim/exchange.h"
#include "sim/publisher.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAKE_STREAMS   64
#define FAKE_GRID_NS   INT64_C(10000000)
#define FAKE_ACCOUNT   256u
#define FAKE_LISTENKEY "pqia91ma19a5s61cv6a81va65sdf19v8a65a1"

static atomic_int fake_burst = 1; /* messages of each stream every 10 ms */
static atomic_int fake_orders, fake_floods, fake_jumps, fake_partials, fake_emit_user, fake_status;

/* --- symbols, books, people ----------------------------------------------------------------------------------- */

struct match_book {
    uint64_t update_id;
    uint32_t symbol;
    enum match_status status;
};
struct market {
    struct match_book *const *books;
    size_t count;
};

size_t sim_symbols_builtin(struct sim_symbol *out, size_t max)
{
    static const struct {
        const char *name, *lower;
        bool usdm;
    } rows[] = {{"BTCUSDT", "btcusdt", false}, {"ETHUSDT", "ethusdt", false}, {"BTCUSDT", "btcusdt", true}};

    for (size_t i = 0; i < 3 && i < max; i++) {
        memset(&out[i], 0, sizeof(out[i]));
        snprintf(out[i].name, sizeof(out[i].name), "%s", rows[i].name);
        snprintf(out[i].lower, sizeof(out[i].lower), "%s", rows[i].lower);
        out[i].usdm = rows[i].usdm;
    }
    return 3;
}

const struct sim_symbol *sim_symbol_find(const struct sim_symbol *list, size_t count, const char *name,
                                         bool usdm)
{
    for (size_t i = 0; i < count; i++)
        if (list[i].usdm == usdm && strcmp(list[i].name, name) == 0)
            return &list[i];
    return NULL;
}

struct match_book *match_book_new(const struct match_book_config *config)
{
    struct match_book *book = calloc(1, sizeof(*book));

    if (book != NULL) {
        book->update_id = config->first_update_id;
        book->symbol = config->symbol;
    }
    return book;
}

void match_book_free(struct match_book *book)
{
    free(book);
}

uint64_t match_update_id(const struct match_book *book)
{
    return book->update_id;
}

void match_set_status(struct match_book *book, enum match_status status)
{
    book->status = status;
    atomic_store(&fake_status, (int)status);
}

struct market *market_new(uint64_t seed, const struct sim_symbol *symbols, struct match_book *const *books,
                          size_t count)
{
    struct market *market = calloc(1, sizeof(*market));

    (void)seed;
    (void)symbols;
    if (market != NULL) {
        market->books = books;
        market->count = count;
    }
    return market;
}

void market_free(struct market *market)
{
    free(market);
}

void market_open(struct market *market)
{
    (void)market;
}

void market_run_until(struct market *market, int64_t now_ns, int64_t epoch_ns)
{
    (void)now_ns;
    (void)epoch_ns;
    for (size_t i = 0; i < market->count; i++)
        market->books[i]->update_id++;
}

void market_flood(struct market *market, size_t symbol, double per_s, int64_t for_ns)
{
    (void)market;
    (void)symbol;
    (void)per_s;
    (void)for_ns;
    atomic_fetch_add(&fake_floods, 1);
}

void market_jump(struct market *market, size_t symbol, double bp)
{
    (void)market;
    (void)symbol;
    (void)bp;
    atomic_fetch_add(&fake_jumps, 1);
}

/* --- publisher ------------------------------------------------------------------------------------------------ */

struct sim_stream {
    char name[64];
    enum stream_path path;
    unsigned opened;
    uint64_t sent;
    int symbol;
};

struct publisher {
    struct exchange *exchange;
    struct publisher_sink sink;
    struct sim_stream stream[FAKE_STREAMS];
    int64_t next_ns;
};

struct publisher *publisher_new(struct exchange *exchange)
{
    struct publisher *publisher = calloc(1, sizeof(*publisher));

    if (publisher != NULL) {
        publisher->exchange = exchange;
        publisher->next_ns = exchange->now_ns + FAKE_GRID_NS;
    }
    return publisher;
}

void publisher_free(struct publisher *publisher)
{
    free(publisher);
}

void publisher_set_sink(struct publisher *publisher, const struct publisher_sink *sink)
{
    publisher->sink = *sink;
}

int64_t publisher_next_ns(const struct publisher *publisher)
{
    return publisher->next_ns;
}

/* Depth ids of a stream run on by one; other streams count in t. */
void publisher_advance(struct publisher *publisher)
{
    char json[256];

    if (publisher->exchange->now_ns < publisher->next_ns)
        return;
    publisher->next_ns += FAKE_GRID_NS;
    for (size_t i = 0; i < FAKE_STREAMS; i++)
        for (int k = 0; k < atomic_load(&fake_burst) && publisher->stream[i].opened > 0; k++) {
            struct sim_stream *stream = &publisher->stream[i];
            const char *symbol = publisher->exchange->symbol[stream->symbol].name;
            int size;

            stream->sent++;
            if (sim_stream_is_depth(stream))
                size = snprintf(json, sizeof(json),
                                "{\"e\":\"depthUpdate\",\"E\":1,\"s\":\"%s\",\"U\":%" PRIu64 ",\"u\":%" PRIu64
                                ",\"b\":[[\"100.00\",\"1.00\"]],\"a\":[]}",
                                symbol, stream->sent, stream->sent);
            else
                size = snprintf(
                    json, sizeof(json),
                    "{\"e\":\"trade\",\"E\":1672515782136,\"s\":\"%s\",\"t\":%" PRIu64
                    ",\"p\":\"0.00100000\",\"q\":\"100.00000000\",\"T\":1672515782136,\"m\":true,\"M\":true}",
                    symbol, stream->sent);
            publisher->sink.emit(publisher->sink.arg, stream, json, (size_t)size);
        }
}

struct sim_stream *publisher_open(struct publisher *publisher, enum stream_path path, const char *name)
{
    static const struct {
        const char *name;
        int spot, usdm;
    } known[] = {
        {"btcusdt@trade", 0, 2}, {"btcusdt@depth", 0, 2}, {"ethusdt@depth", 1, -1}, {"ethusdt@trade", 1, -1}};

    for (size_t k = 0; k < 4; k++) {
        int symbol = path == PATH_SPOT ? known[k].spot : known[k].usdm;

        if (strcmp(known[k].name, name) != 0 || symbol < 0)
            continue;
        for (size_t i = 0; i < FAKE_STREAMS; i++) {
            struct sim_stream *stream = &publisher->stream[i];

            if (*stream->name != '\0' && (stream->path != path || strcmp(stream->name, name) != 0))
                continue;
            snprintf(stream->name, sizeof(stream->name), "%s", name);
            stream->path = path;
            stream->symbol = symbol;
            stream->opened++;
            return stream;
        }
    }
    return NULL;
}

void publisher_close(struct publisher *publisher, struct sim_stream *stream)
{
    (void)publisher;
    stream->opened--;
}

const char *sim_stream_name(const struct sim_stream *stream)
{
    return stream->name;
}

bool sim_stream_is_depth(const struct sim_stream *stream)
{
    return strstr(stream->name, "@depth") != NULL;
}

int sim_stream_symbol(const struct sim_stream *stream)
{
    return stream->symbol;
}

bool publisher_truth(struct publisher *publisher, size_t symbol, uint64_t update_id, struct sim_text *out)
{
    uint64_t now = match_update_id(publisher->exchange->book[symbol]);

    if (update_id > now)
        return false;
    sim_text_printf(out,
                    "{\"update_id\":%" PRIu64 ",\"bids\":[[\"99.00\",\"1.00\"],[\"98.00\",\"1.00\"]],"
                    "\"asks\":[[\"101.00\",\"2.00\"]]}",
                    update_id == 0 ? now : update_id);
    return true;
}

/* --- accounts ------------------------------------------------------------------------------------------------- */

struct accounts {
    struct accounts_sink sink;
};

struct accounts *accounts_new(struct exchange *exchange)
{
    (void)exchange;
    return calloc(1, sizeof(struct accounts));
}

void accounts_free(struct accounts *accounts)
{
    free(accounts);
}

void accounts_set_sink(struct accounts *accounts, const struct accounts_sink *sink)
{
    accounts->sink = *sink;
}

void accounts_advance(struct accounts *accounts)
{
    static const char spot[] = "{\"e\":\"executionReport\",\"s\":\"BTCUSDT\"}";
    static const char usdm[] = "{\"e\":\"ORDER_TRADE_UPDATE\",\"o\":{}}",
                      other[] = "{\"e\":\"ACCOUNT_UPDATE\"}";

    if (atomic_exchange(&fake_emit_user, 0) == 0)
        return;
    accounts->sink.emit(accounts->sink.arg, FAKE_ACCOUNT, false, spot, strlen(spot));
    accounts->sink.emit(accounts->sink.arg, FAKE_ACCOUNT, true, other, strlen(other));
    accounts->sink.emit(accounts->sink.arg, FAKE_ACCOUNT, true, usdm, strlen(usdm));
}

uint32_t accounts_first(const struct accounts *accounts, char api_key[65], char api_secret[65])
{
    (void)accounts;
    memset(api_key, 'k', 64);
    memset(api_secret, 's', 64);
    api_key[64] = api_secret[64] = '\0';
    return FAKE_ACCOUNT;
}

bool accounts_add_public_key(struct accounts *accounts, uint32_t account, const char *pem, char api_key[65])
{
    (void)accounts;
    (void)account;
    snprintf(api_key, 65, "added");
    return strncmp(pem, "-----BEGIN PUBLIC KEY-----", 26) == 0;
}

uint32_t accounts_of_listen_key(struct accounts *accounts, const char *listen_key)
{
    (void)accounts;
    return strcmp(listen_key, FAKE_LISTENKEY) == 0 ? FAKE_ACCOUNT : 0;
}

void accounts_fault_next_orders(struct accounts *accounts, enum order_fault fault, uint32_t count)
{
    (void)accounts;
    atomic_fetch_add(&fake_partials, fault == ORDER_FAULT_PARTIAL ? (int)count : 0);
}

void ws_api_handle(struct exchange *exchange, struct ws_api_session *session, const char *remote,
                   const char *json, size_t size, struct sim_text *reply, uint32_t *weight)
{
    (void)exchange;
    (void)remote;
    if (memmem(json, size, "subscribe", 9) != NULL) {
        session->account = FAKE_ACCOUNT;
        session->subscription_id = 3;
    }
    if (memmem(json, size, "order.place", 11) != NULL)
        atomic_fetch_add(&fake_orders, 1);
    *weight = memmem(json, size, "heavy", 5) != NULL ? 5999 : 2;
    sim_text_add(reply, "{\"id\":1,\"status\":200,\"result\":{}}");
}

/* --- routes --------------------------------------------------------------------------------------------------- */

static uint32_t fake_weight_1(const struct exchange *exchange, const struct sim_request *request)
{
    (void)exchange;
    (void)request;
    return 1;
}

static uint32_t fake_weight_3000(const struct exchange *exchange, const struct sim_request *request)
{
    (void)exchange;
    (void)request;
    return 3000;
}

static void fake_ping(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    char echo[64] = "";

    (void)exchange;
    reply->status = 200;
    if (sim_param(request, "echo", echo, sizeof(echo))) {
        sim_text_add(&reply->body, "{\"echo\":");
        sim_text_json_string(&reply->body, echo);
        sim_text_add(&reply->body, "}");
    } else {
        sim_text_add(&reply->body, "{}");
    }
}

static void fake_depth(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    (void)request;
    reply->status = 200;
    sim_text_printf(&reply->body, "{\"lastUpdateId\":%" PRIu64 ",\"bids\":[],\"asks\":[]}",
                    match_update_id(exchange->book[0]));
}

static void fake_order(struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply)
{
    (void)exchange;
    (void)request;
    atomic_fetch_add(&fake_orders, 1);
    reply->status = 200;
    reply->account = FAKE_ACCOUNT;
    reply->orders_counted = 1;
    sim_text_add(&reply->body, "{\"orderId\":1}");
}

const struct sim_route rest_market_routes[] = {{"GET", "/api/v3/ping", fake_weight_1, fake_ping},
                                               {"GET", "/api/v3/heavy", fake_weight_3000, fake_ping},
                                               {"GET", "/api/v3/depth", fake_weight_1, fake_depth},
                                               {"GET", "/fapi/v1/ping", fake_weight_1, fake_ping},
                                               {NULL, NULL, NULL, NULL}};
const struct sim_route rest_trading_routes[] = {{"POST", "/api/v3/order", fake_weight_1, fake_order},
                                                {NULL, NULL, NULL, NULL}};

#endif

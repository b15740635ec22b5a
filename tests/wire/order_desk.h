/*
 * order_desk.h - an account on the built-in exchange as a gateway will have it: our own HTTP and WebSocket clients,
 * requests signed here by OpenSSL, and the user data streams of both venues read beside them.
 */
#ifndef WIRE_ORDER_DESK_H
#define WIRE_ORDER_DESK_H

#include "core/base/clock.h"
#include "net/ws_client.h"
#include "wire/wire_world.h"

#include <inttypes.h>
#include <stdarg.h>

#define ERR_STATE openssl_err_state /* theirs steps aside */
#include <openssl/evp.h>
#include <openssl/hmac.h>
#undef ERR_STATE

#define EVENTS_MAX   4096
#define PARAMS_MAX   16
#define ANSWER_MS    10000
#define MS_NS        INT64_C(1000000)
#define CROSSES      1.02
#define JUST_CROSSES 1.0002
#define RESTS        0.98 /* times the best bid: rests, and is within the filters of both venues */
#define SPOT         "/api/v3/order"
#define USDM         "/fapi/v1/order"

struct desk {
    struct wire_world world; /* its exchange and its way of asking it: no feed, no pipeline */
    struct clock clock;
    char key[65], secret[65];
    int64_t offset_ms; /* added to our time stamps */
    struct ws_client *api, *usdm_user;
    bool up, lost, broken;     /* broken: what came was no JSON, or too much */
    json_t *event[EVENTS_MAX]; /* of the user data streams, in order */
    size_t events;
    json_t *answer;  /* of the WebSocket API */
    unsigned orders; /* for ids that are used once */
};

static struct desk desk;

/* --- requests ------------------------------------------------------------------------------------------------- */

static inline void sign(const char *payload, char out[65])
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;

    assert_non_null(HMAC(EVP_sha256(), desk.secret, (int)strlen(desk.secret), (const unsigned char *)payload,
                         strlen(payload), digest, &size));
    assert_int_equal(size, 32);
    for (unsigned i = 0; i < size; i++)
        snprintf(out + (size_t)2 * i, 3, "%02x", digest[i]);
}

static int64_t stamp_ms(void)
{
    return clock_now_ns(&desk.clock) / MS_NS + desk.offset_ms;
}

/* The status, -1: no answer. The parameters go into the query; time stamp and signature are added. */
static inline int ask_signed(const char *method, const char *path, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static inline int ask_signed(const char *method, const char *path, const char *format, ...)
{
    char query[768], signature[65], target[1000];
    va_list list;
    int used;

    va_start(list, format);
    used = vsnprintf(query, sizeof(query), format, list);
    va_end(list);
    snprintf(query + used, sizeof(query) - (size_t)used, "%stimestamp=%" PRId64, used > 0 ? "&" : "",
             stamp_ms());
    sign(query, signature);
    snprintf(target, sizeof(target), "%s?%s&signature=%s", path, query, signature);
    return wire_ask(&desk.world, method, target, NULL);
}

static inline json_t *parsed(void)
{
    json_error_t error;
    json_t *root = json_loads(desk.world.body, 0, &error);

    if (root == NULL)
        fail_msg("no JSON: %s", desk.world.body);
    return root;
}

/* A text or number of the last answer, as text; "" when it is not there. */
static inline const char *told(const char *key)
{
    static char text[128];
    json_t *root = parsed(), *value = json_object_get(root, key);

    text[0] = '\0';
    if (json_is_integer(value))
        snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    else if (json_is_string(value))
        snprintf(text, sizeof(text), "%s", json_string_value(value));
    json_decref(root);
    return text;
}

static inline void assert_told(const char *key, const char *value)
{
    if (strcmp(told(key), value) != 0)
        fail_msg("%s is not %s in %s", key, value, desk.world.body);
}

static inline void assert_taken(int status)
{
    if (status != 200)
        fail_msg("%d: %s", status, desk.world.body);
}

static inline void assert_refused(int status, int expected_status, const char *code)
{
    if (status != expected_status)
        fail_msg("%d instead of %d: %s", status, expected_status, desk.world.body);
    assert_told("code", code);
}

static inline int query(const char *path, const char *id)
{
    return ask_signed("GET", path, "symbol=BTCUSDT&origClientOrderId=%s", id);
}

static inline void assert_status(const char *path, const char *id, const char *status)
{
    if (query(path, id) != 200)
        fail_msg("%s: no such order: %s", id, desk.world.body);
    assert_told("status", status);
}

static inline const char *new_id(void)
{
    static char id[37];

    snprintf(id, sizeof(id), "fd-7-%06u", ++desk.orders);
    return id;
}

/* So many times the best bid, in whole units of the quote asset. */
static inline double price_at(const char *path, double factor)
{
    const char *ticker = strcmp(path, SPOT) == 0 ? "/api/v3/ticker/bookTicker?symbol=BTCUSDT"
                                                 : "/fapi/v1/ticker/bookTicker?symbol=BTCUSDT";
    double bid;

    assert_int_equal(wire_ask(&desk.world, "GET", ticker, NULL), 200);
    bid = strtod(told("bidPrice"), NULL);
    assert_true(bid > 0);
    return (double)(int64_t)(bid * factor);
}

static inline int place_limit(const char *path, double factor, const char *id)
{
    return ask_signed("POST", path,
                      "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC&quantity=0.010&price=%.1f"
                      "&newClientOrderId=%s",
                      price_at(path, factor), id);
}

static inline int place_resting(const char *path, const char *id)
{
    return place_limit(path, RESTS, id);
}

static inline int place_market(const char *path, const char *side, const char *id)
{
    return ask_signed("POST", path,
                      "symbol=BTCUSDT&side=%s&type=MARKET&quantity=0.010&newClientOrderId=%s"
                      "&newOrderRespType=RESULT",
                      side, id);
}

static inline int cancel(const char *path, const char *id)
{
    return ask_signed("DELETE", path, "symbol=BTCUSDT&origClientOrderId=%s", id);
}

/* --- streams -------------------------------------------------------------------------------------------------- */

/* Called from inside the clients, which an assertion must not jump out of. */
static inline void keep(json_t *event)
{
    desk.broken |= event == NULL || desk.events == EVENTS_MAX;
    if (desk.broken)
        json_decref(event);
    else
        desk.event[desk.events++] = event;
}

static inline void on_open(void *arg)
{
    (void)arg;
    desk.up = true;
}

static inline void on_closed(void *arg, const struct net_failure *failure)
{
    (void)arg;
    desk.lost = failure->kind != NET_OK;
}

/* Of the WebSocket API: an answer, or {"subscriptionId":0,"event":{...}}. */
static inline void on_api_message(void *arg, int64_t recv_boot_ns, const char *text, size_t size)
{
    json_t *root = json_loadb(text, size, 0, NULL), *event = json_object_get(root, "event");

    (void)arg;
    (void)recv_boot_ns;
    if (root == NULL || event != NULL) {
        keep(json_incref(event));
        json_decref(root);
    } else {
        json_decref(desk.answer);
        desk.answer = root;
    }
}

/* Of USD-M: bare events; the order is in "o". */
static inline void on_usdm_message(void *arg, int64_t recv_boot_ns, const char *text, size_t size)
{
    json_t *root = json_loadb(text, size, 0, NULL), *order = json_object_get(root, "o");

    (void)arg;
    (void)recv_boot_ns;
    if (root == NULL || json_is_object(order))
        keep(json_incref(order));
    json_decref(root);
}

static inline bool is_up(struct wire_world *world)
{
    (void)world;
    return desk.up;
}

static inline bool is_lost(struct wire_world *world)
{
    (void)world;
    return desk.lost;
}

static inline bool is_answered(struct wire_world *world)
{
    (void)world;
    return desk.answer != NULL;
}

static inline struct ws_client *open_ws(const char *path,
                                        void (*on_message)(void *, int64_t, const char *, size_t))
{
    char url[512];
    struct ws_client_config config = {
        .url = url, .on_open = on_open, .on_message = on_message, .on_closed = on_closed};
    struct ws_client *client;

    snprintf(url, sizeof(url), "%s%s", desk.world.exchange.stream_url, path);
    desk.up = desk.lost = false;
    client = ws_client_open(desk.world.net, &config);
    assert_non_null(client);
    assert_true(wire_until(&desk.world, is_up, ANSWER_MS));
    return client;
}

struct param {
    const char *name, *value;
};

static inline int by_name(const void *a, const void *b)
{
    return strcmp(((const struct param *)a)->name, ((const struct param *)b)->name);
}

/* The payload is signed sorted by name; at most PARAMS_MAX - 2 of them, ended by a NULL name. */
static inline void api_send(const char *method, const struct param *params)
{
    char stamp[24], payload[768] = "", text[1200], signature[65];
    struct param all[PARAMS_MAX] = {{"apiKey", desk.key}, {"timestamp", stamp}};
    size_t count = 2, signed_size = 0, used;

    snprintf(stamp, sizeof(stamp), "%" PRId64, stamp_ms());
    for (; params[count - 2].name != NULL; count++)
        all[count] = params[count - 2];
    qsort(all, count, sizeof(all[0]), by_name);
    used = (size_t)snprintf(text, sizeof(text), "{\"id\":\"%u\",\"method\":\"%s\",\"params\":{",
                            ++desk.orders, method);
    for (size_t i = 0; i < count; i++) {
        signed_size += (size_t)snprintf(payload + signed_size, sizeof(payload) - signed_size, "%s%s=%s",
                                        i > 0 ? "&" : "", all[i].name, all[i].value);
        used +=
            (size_t)snprintf(text + used, sizeof(text) - used, "\"%s\":\"%s\",", all[i].name, all[i].value);
    }
    sign(payload, signature);
    used += (size_t)snprintf(text + used, sizeof(text) - used, "\"signature\":\"%s\"}}", signature);
    json_decref(desk.answer);
    desk.answer = NULL;
    assert_true(ws_client_send(desk.api, text, used));
}

static inline void open_api(void)
{
    desk.api = open_ws("/ws-api/v3", on_api_message);
    api_send("userDataStream.subscribe.signature", (const struct param[]){{NULL, NULL}});
    assert_true(wire_until(&desk.world, is_answered, ANSWER_MS));
    assert_int_equal(json_integer_value(json_object_get(desk.answer, "status")), 200);
}

static inline const char *of_event(size_t i, const char *key)
{
    const char *text = json_string_value(json_object_get(desk.event[i], key));

    return text == NULL ? "" : text;
}

/* Events of this client id with this execution and status. A cancel has its own id in c and the order's in C. */
static inline size_t heard(const char *id, const char *execution, const char *status)
{
    size_t count = 0;

    for (size_t i = 0; i < desk.events; i++)
        count += (strcmp(of_event(i, "c"), id) == 0 || strcmp(of_event(i, "C"), id) == 0) &&
                 strcmp(of_event(i, "x"), execution) == 0 && strcmp(of_event(i, "X"), status) == 0;
    return count;
}

static struct {
    const char *id, *execution, *status;
} awaited;

static inline bool is_heard(struct wire_world *world)
{
    (void)world;
    return heard(awaited.id, awaited.execution, awaited.status) > 0;
}

static inline void await_some(const char *id, const char *execution, const char *status)
{
    awaited.id = id;
    awaited.execution = execution;
    awaited.status = status;
    if (!wire_until(&desk.world, is_heard, ANSWER_MS))
        fail_msg("%s: the stream did not tell %s %s", id, execution, status);
    assert_false(desk.broken);
}

/* Once, and only once. */
static inline void await_event(const char *id, const char *execution, const char *status)
{
    await_some(id, execution, status);
    assert_int_equal(heard(id, execution, status), 1);
}

/* --- life ----------------------------------------------------------------------------------------------------- */

static inline void read_key(void)
{
    char path[128];
    json_t *description;

    snprintf(path, sizeof(path), "%s/exchange/exchange.json", desk.world.folder);
    description = json_load_file(path, 0, NULL);
    assert_non_null(description);
    snprintf(desk.key, sizeof(desk.key), "%s", json_string_value(json_object_get(description, "api_key")));
    snprintf(desk.secret, sizeof(desk.secret), "%s",
             json_string_value(json_object_get(description, "api_secret")));
    json_decref(description);
}

static inline int open_desk(void **state)
{
    static const char *const symbols[] = {"BTCUSDT"};
    char path[160];

    (void)state;
    wire_start_exchange(&desk.world, 22, symbols, 1);
    clock_init_real(&desk.clock);
    read_key();
    desk.world.api_key = desk.key;
    wire_open_net(&desk.world, desk.world.exchange.ca_file);
    open_api();
    assert_int_equal(wire_ask(&desk.world, "POST", "/fapi/v1/listenKey", NULL), 200);
    snprintf(path, sizeof(path), "/private/ws?listenKey=%s", told("listenKey"));
    desk.usdm_user = open_ws(path, on_usdm_message);
    return 0;
}

static inline int close_desk(void **state)
{
    (void)state;
    ws_client_free(desk.api);
    ws_client_free(desk.usdm_user);
    for (size_t i = 0; i < desk.events; i++)
        json_decref(desk.event[i]);
    json_decref(desk.answer);
    wire_close(&desk.world);
    return 0;
}

#endif

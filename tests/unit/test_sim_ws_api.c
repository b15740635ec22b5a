/* The WebSocket API of the built-in exchange: envelopes, signing, sessions, user data subscriptions. */
#include "sim_trading_world.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

struct link {
    struct world *world;
    struct ws_api_session session;
    struct sim_text reply;
    uint32_t weight;
};

static struct link linked(void)
{
    return (struct link){.world = world_new(1), .session = {.subscription_id = -1}};
}

static void unlink_all(struct link *link)
{
    sim_text_free(&link->reply);
    world_free(link->world);
}

static const char *ask(struct link *link, const char *json)
{
    ws_api_handle(&link->world->exchange, &link->session, "127.0.0.1", json, strlen(json), &link->reply,
                  &link->weight);
    json_decref(world_json(link->reply.at));
    return link->reply.at;
}

/* names and values must be sorted by name already; "timestamp" sorts behind all that are used here but "type". */
static const char *ask_signed(struct link *link, const char *method, const char *before, const char *after)
{
    char payload[1024], json[2048], signature[65], field[1024] = "";
    char *save = NULL, *part;
    size_t used = 0;

    snprintf(payload, sizeof(payload), "apiKey=%s%s%s&timestamp=%" PRId64 "%s%s", link->world->user.key,
             before[0] == '\0' ? "" : "&", before, exchange_client_ms(&link->world->exchange),
             after[0] == '\0' ? "" : "&", after);
    signing_hmac_hex(link->world->user.secret, payload, strlen(payload), signature);
    for (part = strtok_r(payload, "&", &save); part != NULL; part = strtok_r(NULL, "&", &save)) {
        char *value = strchr(part, '=');

        *value++ = '\0';
        if (strcmp(part, "timestamp") == 0)
            used += (size_t)snprintf(field + used, sizeof(field) - used, "\"timestamp\":%s,", value);
        else
            used += (size_t)snprintf(field + used, sizeof(field) - used, "\"%s\":\"%s\",", part, value);
    }
    snprintf(json, sizeof(json), "{\"id\":\"x1\",\"method\":\"%s\",\"params\":{%s\"signature\":\"%s\"}}",
             method, field, signature);
    return ask(link, json);
}

static void test_envelope(void **state)
{
    struct link link = linked();

    (void)state;
    assert_string_equal(ask(&link, "{\"id\":7,\"method\":\"ping\"}"),
                        "{\"id\":7,\"status\":200,\"result\":{},\"rateLimits\":[]}");
    assert_string_equal(
        ask(&link, "{\"id\":\"a-1\",\"method\":\"time\"}"),
        "{\"id\":\"a-1\",\"status\":200,\"result\":{\"serverTime\":1760000000000},\"rateLimits\":[]}");
    assert_string_equal(
        ask(&link, "{\"method\":\"ping\",\"params\":{\"a\":1}}"),
        "{\"id\":null,\"status\":400,\"error\":{\"code\":-1104,\"msg\":\"Not all sent parameters were read; "
        "read '0' parameter(s) but was sent '1'.\"},\"rateLimits\":[]}");
    assert_string_equal(ask(&link, "{\"id\":1"),
                        "{\"id\":null,\"status\":400,\"error\":{\"code\":-1135,\"msg\":\"Invalid JSON "
                        "Request\"},\"rateLimits\":[]}");
    assert_non_null(strstr(ask(&link, "{\"id\":1,\"method\":\"no.such\"}"), "\"code\":-1020"));
    assert_non_null(strstr(ask(&link, "[]"), "\"code\":-1135"));
    assert_non_null(
        strstr(ask(&link, "{\"id\":1,\"method\":\"order.place\",\"params\":[]}"), "\"code\":-1135"));
    assert_non_null(
        strstr(ask(&link, "{\"id\":1,\"method\":\"order.place\",\"params\":{\"x\":{}}}"), "\"code\":-1130"));
    assert_non_null(strstr(ask(&link, "{\"id\":1,\"method\":\"order.place\",\"params\":{}}"),
                           "\"Mandatory parameter 'apiKey' was not sent, was empty/null, or malformed.\""));
    unlink_all(&link);
}

static void test_public_calls(void **state)
{
    struct link link = linked();

    (void)state;
    assert_string_equal(ask(&link, "{\"id\":1,\"method\":\"ping\",\"params\":{\"returnRateLimits\":false}}"),
                        "{\"id\":1,\"status\":200,\"result\":{}}");
    assert_non_null(
        strstr(ask(&link, "{\"id\":1,\"method\":\"ping\",\"params\":{\"returnRateLimits\":true}}"),
               "\"rateLimits\":[]"));
    assert_non_null(
        strstr(ask(&link, "{\"id\":1,\"method\":\"ping\",\"params\":{\"returnRateLimits\":\"x\"}}"),
               "\"code\":-1130"));
    assert_string_equal(
        ask(&link, "{\"id\":2,\"method\":\"depth\",\"params\":{\"symbol\":\"NOPE\",\"limit\":5000}}"),
        "{\"id\":2,\"status\":400,\"error\":{\"code\":-1121,\"msg\":\"Invalid symbol.\"},\"rateLimits\":[]}");
    assert_int_equal(link.weight, 250); /* as REST's */
    assert_non_null(
        strstr(ask(&link, "{\"id\":3,\"method\":\"ticker.price\",\"params\":{\"symbols\":[\"NO&PE\"]}}"),
               "\"status\":400"));
    unlink_all(&link);
}

static void test_orders(void **state)
{
    struct link link = linked();
    const char *reply;

    (void)state;
    reply = ask_signed(&link, "order.place",
                       "newClientOrderId=w&price=50000.00&quantity=1&side=BUY&symbol=BTCUSDT&timeInForce=GTC",
                       "type=LIMIT");
    assert_non_null(
        strstr(reply, "{\"id\":\"x1\",\"status\":200,\"result\":{\"symbol\":\"BTCUSDT\",\"orderId\":"));
    assert_non_null(
        strstr(reply, "\"rateLimitType\":\"ORDERS\",\"interval\":\"SECOND\",\"intervalNum\":10,\"limit\":100,"
                      "\"count\":1}"));
    assert_int_equal(link.weight, 1);
    reply = ask_signed(&link, "order.status", "origClientOrderId=w&symbol=BTCUSDT", "");
    assert_non_null(strstr(reply, "\"status\":\"NEW\""));
    assert_int_equal(link.weight, 4);
    ask_signed(&link, "openOrders.status", "", "");
    assert_int_equal(link.weight, 80);
    ask_signed(&link, "openOrders.status", "symbol=BTCUSDT", "");
    assert_int_equal(link.weight, 6);
    reply = ask_signed(
        &link, "order.cancelReplace",
        "cancelOrigClientOrderId=nope&cancelReplaceMode=ALLOW_FAILURE&price=50000.00&quantity=1&side=BUY&"
        "symbol=BTCUSDT&timeInForce=GTC",
        "type=LIMIT");
    assert_non_null(strstr(reply, "\"status\":409,\"error\":{\"code\":-2021,"));
    reply = ask_signed(&link, "order.cancel", "origClientOrderId=w&symbol=BTCUSDT", "");
    assert_non_null(strstr(reply, "\"status\":\"CANCELED\""));
    reply = ask_signed(&link, "order.cancel", "origClientOrderId=w&symbol=BTCUSDT", "");
    assert_non_null(
        strstr(reply, "\"status\":400,\"error\":{\"code\":-2011,\"msg\":\"Unknown order sent.\"}"));
    reply = ask_signed(&link, "account.status", "", "");
    assert_non_null(strstr(reply, "\"accountType\":\"SPOT\""));
    assert_int_equal(link.weight, 20);
    reply = ask_signed(&link, "order.test", "quantity=1&side=BUY&symbol=BTCUSDT", "type=MARKET");
    assert_non_null(strstr(reply, "\"result\":{}"));
    reply = ask(&link, "{\"id\":1,\"method\":\"account.status\",\"params\":{\"apiKey\":\"x\"}}");
    assert_non_null(strstr(reply, "\"status\":401,\"error\":{\"code\":-2014,"));
    unlink_all(&link);
}

static void test_subscribe_by_signature(void **state)
{
    struct link link = linked();

    (void)state;
    assert_non_null(
        strstr(ask(&link, "{\"id\":1,\"method\":\"userDataStream.subscribe\"}"), "\"code\":-1002"));
    assert_int_equal(link.session.account, 0);
    assert_non_null(strstr(ask_signed(&link, "userDataStream.subscribe.signature", "", ""),
                           "\"result\":{\"subscriptionId\":0}"));
    assert_int_equal(link.session.account, link.world->user.account);
    assert_int_equal(link.weight, 2);
    assert_non_null(strstr(ask_signed(&link, "userDataStream.subscribe.signature", "", ""),
                           "{\"code\":-2035,\"msg\":\"User Data Stream subscription already active.\"}"));
    assert_non_null(strstr(
        ask(&link, "{\"id\":1,\"method\":\"userDataStream.unsubscribe\",\"params\":{\"subscriptionId\":9}}"),
        "\"code\":-2036"));
    assert_non_null(
        strstr(ask(&link, "{\"id\":1,\"method\":\"userDataStream.unsubscribe\"}"), "\"result\":{}"));
    assert_int_equal(link.session.account, 0);
    assert_int_equal(link.session.subscription_id, -1);
    assert_non_null(
        strstr(ask_signed(&link, "userDataStream.subscribe.signature", "", ""), "{\"subscriptionId\":1}"));
    unlink_all(&link);
}

/* --- session.logon: Ed25519 alone ---------------------------------------------------------------------------- */

static const char *logon(struct link *link, EVP_PKEY *key, const char *api_key)
{
    char payload[256], signature[256], json[1024], raw[64];
    size_t size = sizeof(raw);
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    snprintf(payload, sizeof(payload), "apiKey=%s&timestamp=%" PRId64, api_key,
             exchange_client_ms(&link->world->exchange));
    assert_int_equal(EVP_DigestSignInit(context, NULL, NULL, NULL, key), 1);
    assert_int_equal(
        EVP_DigestSign(context, (unsigned char *)raw, &size, (const unsigned char *)payload, strlen(payload)),
        1);
    EVP_MD_CTX_free(context);
    EVP_EncodeBlock((unsigned char *)signature, (const unsigned char *)raw, (int)size);
    snprintf(json, sizeof(json),
             "{\"id\":1,\"method\":\"session.logon\",\"params\":{\"apiKey\":\"%s\",\"timestamp\":%" PRId64
             ",\"signature\":\"%s\"}}",
             api_key, exchange_client_ms(&link->world->exchange), signature);
    return ask(link, json);
}

static void test_logon(void **state)
{
    struct link link = linked();
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"),
             *wrong = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
    BIO *bio = BIO_new(BIO_s_mem());
    char pem[1024], api_key[65], json[512];

    (void)state;
    PEM_write_bio_PUBKEY(bio, key);
    pem[BIO_read(bio, pem, sizeof(pem) - 1)] = '\0';
    BIO_free(bio);
    assert_true(
        accounts_add_public_key(link.world->exchange.accounts, link.world->user.account, pem, api_key));
    assert_non_null(strstr(ask_signed(&link, "session.logon", "", ""),
                           "{\"code\":-4056,\"msg\":\"HMAC_SHA256 API key is not supported.\"}"));
    assert_non_null(strstr(logon(&link, wrong, api_key), "\"code\":-1022"));
    assert_int_equal(link.session.logged_on, 0);
    assert_non_null(strstr(logon(&link, key, api_key), "\"authorizedSince\":1760000000000"));
    assert_int_equal(link.session.logged_on, link.world->user.account);
    assert_non_null(
        strstr(ask(&link, "{\"id\":1,\"method\":\"userDataStream.subscribe\"}"), "\"subscriptionId\":0"));
    assert_non_null(
        strstr(ask(&link, "{\"id\":1,\"method\":\"session.status\"}"), "\"userDataStream\":true"));
    /* Logged on: no key and no signature, but still of now. */
    snprintf(json, sizeof(json),
             "{\"id\":1,\"method\":\"order.place\",\"params\":{\"symbol\":\"BTCUSDT\",\"side\":\"BUY\","
             "\"type\":\"LIMIT\","
             "\"timeInForce\":\"GTC\",\"quantity\":\"1\",\"price\":\"50000\",\"timestamp\":%" PRId64 "}}",
             exchange_client_ms(&link.world->exchange));
    assert_non_null(strstr(ask(&link, json), "\"status\":200"));
    assert_non_null(
        strstr(ask(&link, "{\"id\":1,\"method\":\"account.status\",\"params\":{\"timestamp\":5}}"),
               "\"code\":-1021"));
    assert_non_null(strstr(ask(&link, "{\"id\":1,\"method\":\"session.logout\"}"), "\"apiKey\":null"));
    assert_non_null(strstr(ask(&link, json), "\"code\":-1102"));
    EVP_PKEY_free(key);
    EVP_PKEY_free(wrong);
    unlink_all(&link);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_envelope), cmocka_unit_test(test_public_calls),
        cmocka_unit_test(test_orders),   cmocka_unit_test(test_subscribe_by_signature),
        cmocka_unit_test(test_logon),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

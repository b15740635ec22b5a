/* Signatures, keys and time stamps of requests to the built-in exchange. */
#include "sim_trading_world.h"

#include <openssl/evp.h>
#include <openssl/pem.h>

static void test_official_vectors(void **state)
{
    const char *shared = getenv("FLOWDECK_SHARED");
    char path[512];
    json_t *list, *vector;
    size_t i;

    (void)state;
    snprintf(path, sizeof(path), "%s/data/fixtures/binance_hmac_vectors.json",
             shared != NULL ? shared : "../shared");
    list = json_load_file(path, 0, NULL);
    if (list == NULL) {
        print_message("skipped: no %s\n", path);
        skip();
    }
    assert_true(json_array_size(list) >= 6);
    json_array_foreach(list, i, vector)
    {
        const char *payload = json_string_value(json_object_get(vector, "payload"));
        const char *signature = json_string_value(json_object_get(vector, "signature"));
        struct signing_key key = {.kind = KEY_HMAC};
        char upper[65];

        snprintf(key.secret, sizeof(key.secret), "%s",
                 json_string_value(json_object_get(vector, "secretKey")));
        assert_true(signing_verify(&key, payload, strlen(payload), signature));
        for (size_t k = 0; k <= 64; k++)
            upper[k] = signature[k] >= 'a' && signature[k] <= 'f' ? (char)(signature[k] - 32) : signature[k];
        assert_true(signing_verify(&key, payload, strlen(payload), upper));
        upper[10] = upper[10] == '0' ? '1' : '0';
        assert_false(signing_verify(&key, payload, strlen(payload), upper));
        assert_false(signing_verify(&key, payload, strlen(payload) - 1, signature));
    }
    json_decref(list);
}

static void test_payload_has_no_separator_and_no_signature(void **state)
{
    struct sim_text text = {0};
    struct params params;

    (void)state;
    signing_rest_payload("a=1&signature=ab&b=%E2%82%AC", "c=3&d=4", &text);
    assert_string_equal(text.at, "a=1&b=%E2%82%ACc=3&d=4");
    signing_rest_payload("a=1&b=2", "c=3&signature=ff", &text);
    assert_string_equal(text.at, "a=1&b=2c=3");
    params_init(&params);
    params_add(&params, "symbol", "\xef\xbc\x91");
    params_add(&params, "signature", "ff");
    params_add(&params, "apiKey", "k");
    params_add(&params, "Zeta", "z");
    signing_ws_payload(&params, &text);
    assert_string_equal(text.at, "Zeta=z&apiKey=k&symbol=\xef\xbc\x91");
    sim_text_free(&text);
}

static void test_time_stamps(void **state)
{
    static const struct {
        const char *timestamp, *window;
        enum timestamp_verdict verdict;
    } cases[] = {
        {"1760000000000", NULL, TIMESTAMP_OK},
        {"1760000000000000", NULL, TIMESTAMP_OK}, /* microseconds */
        {"1760000000999", NULL, TIMESTAMP_OK},
        {"1760000001000", NULL, TIMESTAMP_AHEAD},
        {"1760000000999999", NULL, TIMESTAMP_OK},
        {"1760000001000000", NULL, TIMESTAMP_AHEAD},
        {"1759999995000", NULL, TIMESTAMP_OK},
        {"1759999994999", NULL, TIMESTAMP_OUTSIDE},
        {"1759999999900", "100", TIMESTAMP_OK},
        {"1759999999899", "100", TIMESTAMP_OUTSIDE},
        {"1759999999899", "101.000", TIMESTAMP_OK},
        {"1759999999899500", "100.5", TIMESTAMP_OK},
        {"1759999999899499", "100.5", TIMESTAMP_OUTSIDE},
        {"1759999940000", "60000", TIMESTAMP_OK},
        {"1760000000000", "60000.001", RECV_WINDOW_TOO_BIG},
        {"1760000000000", "5.0001", RECV_WINDOW_MALFORMED},
        {"1760000000000", "-1", RECV_WINDOW_MALFORMED},
        {"1760000000000", "x", RECV_WINDOW_MALFORMED},
        {"abc", NULL, TIMESTAMP_MALFORMED},
        {"-5", NULL, TIMESTAMP_MALFORMED},
        {"1760000000000.5", NULL, TIMESTAMP_MALFORMED},
        {"99999999999999999999", NULL, TIMESTAMP_MALFORMED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        if (signing_check_time(cases[i].timestamp, cases[i].window, INT64_C(1760000000000000)) !=
            cases[i].verdict)
            fail_msg("%s within %s", cases[i].timestamp, cases[i].window == NULL ? "-" : cases[i].window);
}

/* --- public keys --------------------------------------------------------------------------------------------- */

static EVP_PKEY *make_key(bool rsa)
{
    return rsa ? EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)2048)
               : EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
}

static void pem_of(EVP_PKEY *key, char *out, size_t size)
{
    BIO *bio = BIO_new(BIO_s_mem());
    int got;

    assert_int_equal(PEM_write_bio_PUBKEY(bio, key), 1);
    got = BIO_read(bio, out, (int)size - 1);
    assert_true(got > 0);
    out[got] = '\0';
    BIO_free(bio);
}

static void sign_base64(EVP_PKEY *key, bool rsa, const char *payload, char *out)
{
    unsigned char raw[1024];
    size_t size = sizeof(raw);
    EVP_MD_CTX *context = EVP_MD_CTX_new();

    assert_int_equal(EVP_DigestSignInit(context, NULL, rsa ? EVP_sha256() : NULL, NULL, key), 1);
    assert_int_equal(EVP_DigestSign(context, raw, &size, (const unsigned char *)payload, strlen(payload)), 1);
    EVP_EncodeBlock((unsigned char *)out, raw, (int)size);
    EVP_MD_CTX_free(context);
}

/* Base64 has characters that a URL must escape. */
static void percent_encode(const char *text, char *out)
{
    for (; *text != '\0'; text++)
        if (*text == '+' || *text == '/' || *text == '=')
            out += sprintf(out, "%%%02X", (unsigned)*text);
        else
            *out++ = *text;
    *out = '\0';
}

static void check_public_key(bool rsa)
{
    struct world *world = world_new(1);
    EVP_PKEY *key = make_key(rsa);
    char pem[2048], api_key[65], payload[256], signature[1024], encoded[2048], query[4096];

    pem_of(key, pem, sizeof(pem));
    assert_true(accounts_add_public_key(world->exchange.accounts, world->user.account, pem, api_key));
    snprintf(payload, sizeof(payload), "omitZeroBalances=true&timestamp=%" PRId64,
             exchange_client_ms(&world->exchange));
    sign_base64(key, rsa, payload, signature);
    percent_encode(signature, encoded);
    snprintf(query, sizeof(query), "%s&signature=%s", payload, encoded);
    world_send(world, "GET", "/api/v3/account", query, "", api_key);
    assert_accepted(world);
    snprintf(query, sizeof(query), "%s&signature=%s", payload, encoded);
    query[8] ^= 1; /* another payload */
    world_send(world, "GET", "/api/v3/account", query, "", api_key);
    assert_refused(world, 400, -1022, "Signature for this request is not valid.");
    snprintf(query, sizeof(query), "%s&signature=AAAA%%", payload);
    world_send(world, "GET", "/api/v3/account", query, "", api_key);
    assert_refused(world, 400, -1022, "Signature for this request is not valid.");
    EVP_PKEY_free(key);
    world_free(world);
}

static void test_ed25519(void **state)
{
    (void)state;
    check_public_key(false);
}

static void test_rsa(void **state)
{
    (void)state;
    check_public_key(true);
}

static void test_unusable_keys_are_refused(void **state)
{
    struct world *world = world_new(1);
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "RSA", (size_t)1024);
    char pem[2048], api_key[65];

    (void)state;
    assert_false(accounts_add_public_key(world->exchange.accounts, world->user.account, "no key", api_key));
    pem_of(key, pem, sizeof(pem));
    assert_false(accounts_add_public_key(world->exchange.accounts, world->user.account, pem, api_key));
    EVP_PKEY_free(key);
    key = make_key(false);
    pem_of(key, pem, sizeof(pem));
    assert_false(accounts_add_public_key(world->exchange.accounts, 3, pem, api_key)); /* no such account */
    EVP_PKEY_free(key);
    world_free(world);
}

/* --- through a route ----------------------------------------------------------------------------------------- */

static void test_order_of_checks(void **state)
{
    struct world *world = world_new(1);
    char query[512], unknown[65];

    (void)state;
    memset(unknown, 'a', 64);
    unknown[64] = '\0';
    world_send(world, "GET", "/api/v3/account", "", "", "");
    assert_refused(world, 401, -2014, "API-key format invalid.");
    world_send(world, "GET", "/api/v3/account", "", "", unknown);
    assert_refused(world, 401, -2015, "Invalid API-key, IP, or permissions for action.");
    world_send(world, "GET", "/api/v3/account", "", "", world->user.key);
    assert_refused(world, 400, -1102,
                   "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed.");
    snprintf(query, sizeof(query), "timestamp=%" PRId64, exchange_client_ms(&world->exchange));
    world_send(world, "GET", "/api/v3/account", query, "", world->user.key);
    assert_refused(world, 400, -1102,
                   "Mandatory parameter 'signature' was not sent, was empty/null, or malformed.");
    world_send(world, "GET", "/api/v3/account", "timestamp=1&signature=00", "", world->user.key);
    assert_refused(world, 400, -1021, "Timestamp for this request is outside of the recvWindow.");
    snprintf(query, sizeof(query), "timestamp=%" PRId64 "&signature=00",
             exchange_client_ms(&world->exchange) + 1000);
    world_send(world, "GET", "/api/v3/account", query, "", world->user.key);
    assert_refused(world, 400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.");
    world_call(world, "GET", "/api/v3/account", "a=1&a=2");
    assert_refused(world, 400, -1101, "Duplicate values for a parameter detected.");
    world_call(world, "GET", "/api/v3/account", "foo=1");
    assert_refused(world, 400, -1104,
                   "Not all sent parameters were read; read '2' parameter(s) but was sent '3'.");
    world->exchange.skew_ns = 10000 * WORLD_MS; /* what clients are told counts, not the market's time */
    world_call(world, "GET", "/api/v3/account", "");
    assert_accepted(world);
    world_free(world);
}

/* Query and body, signed as one text; the query's value wins. */
static void test_query_and_body(void **state)
{
    struct world *world = world_new(1);
    char query[512], body[256], payload[768], signature[65];

    (void)state;
    snprintf(query, sizeof(query), "symbol=BTCUSDT&side=BUY&type=LIMIT&timeInForce=GTC");
    snprintf(body, sizeof(body), "quantity=1&price=100.5&recvWindow=5000&side=SELL&price=55000.00");
    snprintf(body, sizeof(body), "quantity=1&price=55000.00&side=SELL&timestamp=%" PRId64,
             exchange_client_ms(&world->exchange));
    snprintf(payload, sizeof(payload), "%s%s", query, body);
    signing_hmac_hex(world->user.secret, payload, strlen(payload), signature);
    snprintf(query + strlen(query), 128, "&signature=%s", signature);
    world_send(world, "POST", "/api/v3/order", query, body, world->user.key);
    assert_accepted(world);
    assert_field(world->reply.body.at, "side", "BUY");
    assert_field(world->reply.body.at, "price", "55000.00000000");
    body[9] = '2';
    world_send(world, "POST", "/api/v3/order", query, body, world->user.key);
    assert_refused(world, 400, -1022, "Signature for this request is not valid.");
    world_free(world);
}

static void test_keys_follow_the_seed(void **state)
{
    struct world *a = world_new(5), *b = world_new(5), *c = world_new(6);

    (void)state;
    assert_string_equal(a->user.key, b->user.key);
    assert_string_equal(a->user.secret, b->user.secret);
    assert_string_not_equal(a->user.key, c->user.key);
    assert_string_not_equal(a->user.key, a->other.key);
    assert_int_equal(strspn(a->user.secret, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"),
                     64);
    world_free(a);
    world_free(b);
    world_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_official_vectors),
        cmocka_unit_test(test_payload_has_no_separator_and_no_signature),
        cmocka_unit_test(test_time_stamps),
        cmocka_unit_test(test_ed25519),
        cmocka_unit_test(test_rsa),
        cmocka_unit_test(test_unusable_keys_are_refused),
        cmocka_unit_test(test_order_of_checks),
        cmocka_unit_test(test_query_and_body),
        cmocka_unit_test(test_keys_follow_the_seed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Each fault of the built-in exchange, as a client sees it at its socket; behind the server a small fake exchange. */
#include "unit/cmocka_all.h"

#include "unit/sim_server_world.h"

static int64_t number_after(const char *text, const char *key)
{
    const char *at = strstr(text, key);

    return at == NULL ? -1 : strtoll(at + strlen(key), NULL, 10);
}

static int64_t next_u(struct client *client)
{
    struct heard heard;

    assert_true(ws_hear_with(client, "depthUpdate", &heard));
    return number_after(heard.text, "\"u\":");
}

static int64_t faults_left(struct running *running)
{
    struct got got;

    assert_int_equal(ask(running, "GET /sim/stats", "", &got), 200);
    return number_after(got.body, "\"faults_left\":");
}

static void test_depth_faults(void **state)
{
    struct running *running = *state;
    struct client client, other;
    struct heard heard;
    int64_t before, now;

    ws_connect(&client, running, "/ws/btcusdt@depth");
    before = next_u(&client);
    assert_int_equal(next_u(&client), before + 1);
    before++;
    fault(running, "gap 3 BTCUSDT");
    while ((now = next_u(&client)) == before + 1)
        before = now;
    assert_int_equal(now, before + 4);
    fault(running, "dup");
    for (before = now; (now = next_u(&client)) == before + 1;)
        before = now;
    assert_int_equal(now, before);
    fault(running, "reorder 1");
    for (before = now; (now = next_u(&client)) == before + 1;)
        before = now;
    assert_int_equal(now, before + 2);
    assert_int_equal(next_u(&client), before + 1);
    assert_int_equal(next_u(&client), before + 3);
    assert_int_equal(faults_left(running), 0);
    fault(running, "gap 5 ETHUSDT"); /* of another symbol: nothing happens here */
    assert_int_equal(faults_left(running), 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(next_u(&client), before + 4 + i);
    fault(running, "gap 2 BTCUSDT"); /* each symbol has its own count */
    for (before += 8; (now = next_u(&client)) == before + 1;)
        before = now;
    assert_int_equal(now, before + 3);
    ws_connect(&other, running, "/ws/ethusdt@depth");
    assert_int_equal(next_u(&other), 6);
    client_close(&other);
    fault(running, "wrong_symbol 1");
    assert_true(ws_hear_with(&client, "\"s\":\"ETHUSDT\"", &heard));
    before = number_after(heard.text, "\"u\":");
    assert_int_equal(next_u(&client), before); /* the true one follows */
    fault(running, "corrupt 1");
    assert_true(ws_hear_with(&client, "777.00000000", &heard));
    client_close(&client);
}

static void test_garbage(void **state)
{
    struct running *running = *state;
    struct client client;
    struct heard heard;

    ws_connect(&client, running, "/ws/btcusdt@trade");
    fault(running, "garbage number 1");
    assert_true(ws_hear_with(&client, "1e999", &heard));
    fault(running, "garbage deep 1");
    assert_true(ws_hear_with(&client, "[[[[", &heard));
    assert_int_equal(heard.size, 8192);
    fault(running, "garbage utf8 1");
    assert_true(ws_hear_with(&client, "\xff\xfe", &heard));
    fault(running, "garbage nul 1");
    do
        ws_hear(&client, &heard);
    while (heard.opcode == 1 && memchr(heard.text, '\0', heard.size) == NULL);
    assert_int_equal(heard.opcode, 1);
    fault(running, "garbage binary 1");
    do
        ws_hear(&client, &heard);
    while (heard.opcode == 1);
    assert_int_equal(heard.opcode, 2);
    fault(running, "garbage truncated 1");
    do
        ws_hear(&client, &heard);
    while (heard.opcode == 1 && heard.text[heard.size - 1] == '}');
    assert_int_equal(heard.opcode, 1);
    fault(running, "oversize 300000");
    assert_true(ws_hear_with(&client, "\"e\":\"oversize\"", &heard));
    assert_int_equal(heard.size, 300000);
    client_close(&client);
}

static void test_stall_answers_pings_and_half_open_does_not(void **state)
{
    struct running *running = *state;
    struct client client;
    struct heard heard;

    ws_connect(&client, running, "/ws/btcusdt@trade");
    fault(running, "stall 0.8");
    while (client.size > 0) /* what was sent before */
        ws_hear(&client, &heard);
    ws_put(&client, 9, "a", 1);
    do
        ws_hear(&client, &heard);
    while (heard.opcode == 1);
    assert_int_equal(heard.opcode, 10);
    assert_true(ws_hear_with(&client, "trade", &heard)); /* it goes on */
    fault(running, "half_open 0.5");
    ws_put(&client, 9, "b", 1);
    assert_true(ws_hear_with(&client, "trade", &heard));
    for (int i = 0; i < 20; i++) { /* the pong never comes */
        ws_hear(&client, &heard);
        assert_int_equal(heard.opcode, 1);
    }
    client_close(&client);
}

static void test_ends_of_connections(void **state)
{
    struct running *running = *state;
    struct client stream, api;
    struct heard heard;
    static struct got got;

    ws_connect(&stream, running, "/ws/btcusdt@trade");
    ws_connect(&api, running, "/ws-api/v3");
    fault(running, "rst");
    assert_false(ws_hear_with(&stream, "never", &heard));
    assert_int_equal(heard.opcode, -1);
    client_close(&stream);
    ws_connect(&stream, running, "/ws/btcusdt@trade");
    fault(running, "fin");
    expect_close(&stream, 1001);
    client_close(&stream);
    ws_connect(&stream, running, "/stream?streams=btcusdt@trade");
    fault(running, "server_shutdown 0.1");
    assert_true(ws_hear_with(
        &stream, "{\"stream\":\"!serverShutdown\",\"data\":{\"e\":\"serverShutdown\",\"E\":", &heard));
    expect_close(&stream, 1001);
    client_close(&stream);
    assert_true(ws_hear_with(&api, "{\"event\":{\"e\":\"serverShutdown\",\"E\":", &heard));
    expect_close(&api, 1001);
    client_close(&api);
    ws_connect(&stream, running, "/ws"); /* pings without pongs */
    fault(running, "ping 0.1");
    ws_hear(&stream, &heard);
    assert_int_equal(heard.opcode, 9);
    ws_put(&stream, 10, "not the same", 12);
    expect_close(&stream, 1008);
    client_close(&stream);
    fault(running, "refuse 0.3");
    client_open(&stream, running, "127.0.0.1", TLS1_2_VERSION);
    assert_false(stream.up);
    client_close(&stream);
    usleep(400000);
    assert_int_equal(ask(running, "GET /api/v3/ping", "", &got), 200);
}

static void test_http_faults(void **state)
{
    static const char order[] = "POST /api/v3/order HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
    struct running *running = *state;
    struct client client;
    static struct got got;

    fault(running, "http:503 1 /api/v3/p retry_after 7");
    assert_int_equal(ask(running, "GET /fapi/v1/ping", "", &got), 200);
    assert_int_equal(ask(running, "GET /api/v3/ping", "", &got), 503);
    assert_non_null(strstr(got.head, "Retry-After: 7\r\n"));
    assert_int_equal(ask(running, "GET /api/v3/ping", "", &got), 200);
    fault(running, "retry_after 3");
    fault(running, "http:429");
    assert_int_equal(ask(running, "GET /api/v3/ping", "", &got), 429);
    assert_non_null(strstr(got.head, "Retry-After: 3\r\n"));
    fault(running, "http:504 1 executed");
    assert_int_equal(ask(running, "POST /api/v3/order", "", &got), 504);
    assert_non_null(strstr(got.body, "-1007"));
    assert_int_equal(atomic_load(&fake_orders), 1);
    fault(running, "retry_after 0");
    fault(running, "http:302");
    assert_int_equal(ask(running, "GET /api/v3/ping", "", &got), 302);
    assert_non_null(strstr(got.head, "Location: https://elsewhere.invalid/"));
    fault(running, "captive");
    assert_int_equal(ask(running, "GET /api/v3/ping", "", &got), 200);
    assert_non_null(strstr(got.head, "Content-Type: text/html"));
    fault(running, "lost_ack");
    assert_int_equal(ask(running, "POST /api/v3/order", "", &got), 0); /* done, and nobody says so */
    assert_int_equal(atomic_load(&fake_orders), 2);
    fault(running, "late_ack 300");
    client_connect(&client, running);
    client_put(&client, order, strlen(order));
    ask(running, "GET /sim/now", "", &got);
    assert_int_equal(atomic_load(&fake_orders), 3); /* done at once; the reply comes later */
    client_read_reply(&client, &got);
    assert_int_equal(got.status, 200);
    fault(running, "late_order 300");
    client_put(&client, order, strlen(order));
    ask(running, "GET /sim/now", "", &got);
    assert_int_equal(atomic_load(&fake_orders), 3); /* not done yet */
    client_read_reply(&client, &got);
    assert_int_equal(got.status, 200);
    assert_int_equal(atomic_load(&fake_orders), 4);
    client_close(&client);
}

static void test_market_faults(void **state)
{
    struct running *running = *state;
    static struct got got;
    int64_t now_id, old_id;

    fault(running, "{\"fault\":\"flood 100 1 BTCUSDT\"}");
    fault(running, "jump ETHUSDT -50");
    fault(running, "partial 2");
    fault(running, "halt BTCUSDT");
    assert_int_equal(atomic_load(&fake_floods), 2); /* spot and USD-M */
    assert_int_equal(atomic_load(&fake_jumps), 1);
    assert_int_equal(atomic_load(&fake_partials), 2);
    assert_int_equal(atomic_load(&fake_status), MATCH_HALTED);
    fault(running, "trade BTCUSDT");
    assert_int_equal(atomic_load(&fake_status), MATCH_TRADING);
    fault(running, "clock_skew -5000");
    assert_int_equal(ask(running, "GET /sim/now", "", &got), 200);
    assert_non_null(strstr(got.body, "\"skew_ms\":-5000"));
    fault(running, "snapshot_old 1");
    usleep(1300000); /* ids are noted once a second */
    assert_int_equal(ask(running, "GET /api/v3/depth?symbol=BTCUSDT&limit=1", "", &got), 200);
    old_id = number_after(got.body, "\"lastUpdateId\":");
    assert_non_null(strstr(got.body, "\"bids\":[[\"99.00\",\"1.00\"]],\"asks\":"));
    assert_int_equal(ask(running, "GET /api/v3/depth?symbol=BTCUSDT&limit=1", "", &got), 200);
    now_id = number_after(got.body, "\"lastUpdateId\":");
    assert_true(old_id + 20 < now_id);
    assert_int_equal(ask(running, "POST /sim/fault", "dance", &got), 400);
    assert_non_null(strstr(got.body, "no such verb"));
    assert_non_null(strstr(got.body, "late_ack MS [N]"));
    assert_int_equal(ask(running, "POST /sim/fault", "stall x", &got), 400);
    assert_non_null(strstr(got.body, "allowed is stall SECONDS"));
    assert_int_equal(ask(running, "POST /sim/fault", "", &got), 400);
    assert_int_equal(ask(running, "POST /sim/fault", "{\"fault\":5}", &got), 400);
}

static void test_bad_tls(void **state)
{
    struct running *running = *state;
    static const struct {
        const char *kind;
        long verify; /* 0: refused without a certificate */
    } rows[] = {{"expired", X509_V_ERR_CERT_HAS_EXPIRED},
                {"not_yet", X509_V_ERR_CERT_NOT_YET_VALID},
                {"wrong_host", X509_V_ERR_IP_ADDRESS_MISMATCH},
                {"wrong_ip", X509_V_ERR_IP_ADDRESS_MISMATCH},
                {"unknown_ca", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
                {"self_signed", X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT},
                {"no_ca_bit", X509_V_ERR_INVALID_CA},
                {"tls10", 0},
                {"tls11", 0}};
    static struct got got;
    struct client control;

    client_connect(&control, running); /* stays up: only new handshakes are bad */
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char line[64];
        struct client client;

        snprintf(line, sizeof(line), "bad_tls %s", rows[i].kind);
        client_ask(&control, "POST /sim/fault", "", line, &got);
        assert_int_equal(got.status, 200);
        client_open(&client, running, "127.0.0.1", TLS1_2_VERSION);
        assert_false(client.up);
        if (rows[i].verify != 0 && client.verify != rows[i].verify)
            fail_msg("%s: %ld %s", rows[i].kind, client.verify, X509_verify_cert_error_string(client.verify));
        client_close(&client);
    }
    client_ask(&control, "POST /sim/fault", "", "bad_tls off", &got);
    client_close(&control);
    assert_int_equal(ask(running, "GET /api/v3/ping", "", &got), 200);
}

static void test_slow_line_and_slow_client(void **state)
{
    struct running *running = *state;
    struct client client;
    struct heard heard;
    static struct got got;

    ws_connect(&client, running, "/ws/btcusdt@trade");
    fault(running, "slow 2000 0.5");
    for (int i = 0; i < 100; i++) { /* late, but whole and in order */
        ws_hear(&client, &heard);
        assert_int_equal(heard.opcode, 1);
        assert_int_equal(number_after(heard.text, "\"t\":"), i + 1);
    }
    atomic_store(&fake_burst, 20000); /* nobody reads: more than 32 MB wait in the end */
    for (int i = 0; i < 100; i++) {
        ask(running, "GET /sim/stats", "", &got);
        if (number_after(got.body, "\"slow\":") == 1)
            break;
        usleep(50000);
    }
    atomic_store(&fake_burst, 1);
    assert_int_equal(number_after(got.body, "\"slow\":"), 1);
    assert_true(number_after(got.body, "\"queue_bytes_max\":") <= 32 << 20);
    client_close(&client);
}

static void test_script(void **state)
{
    static const char *const lines[] = {"0.2 halt BTCUSDT", "+0.1 jump BTCUSDT 5"};
    struct running running;
    char path[128];
    FILE *file;
    static struct got got;

    (void)state;
    atomic_store(&fake_jumps, 0);
    atomic_store(&fake_status, 0);
    running_dir(&running);
    snprintf(path, sizeof(path), "%s/faults", running.dir);
    file = fopen(path, "w");
    assert_non_null(file);
    fputs("# a comment\n\n0.1 clock_skew 77\n+0.1 http:418 1\n", file);
    fclose(file);
    running.config.faults = lines;
    running.config.fault_count = 2;
    running.config.fault_file = path;
    running_start(&running);
    usleep(600000);
    assert_int_equal(ask(&running, "GET /sim/now", "", &got), 200);
    assert_non_null(strstr(got.body, "\"skew_ms\":77"));
    assert_int_equal(ask(&running, "GET /api/v3/ping", "", &got), 418);
    assert_int_equal(atomic_load(&fake_jumps), 2);
    assert_int_equal(atomic_load(&fake_status), MATCH_HALTED);
    fault(&running, "chaos 6000 gap,dup");
    usleep(300000);
    fault(&running, "chaos 0");
    ask(&running, "GET /sim/stats", "", &got);
    assert_true(number_after(got.body, "\"gap\":") + number_after(got.body, "\"dup\":") > 2);
    running_stop(&running);
    assert_int_equal(running.err, ERR_OK);
    running_remove(&running);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_depth_faults, start, stop),
        cmocka_unit_test_setup_teardown(test_garbage, start, stop),
        cmocka_unit_test_setup_teardown(test_stall_answers_pings_and_half_open_does_not, start, stop),
        cmocka_unit_test_setup_teardown(test_ends_of_connections, start, stop),
        cmocka_unit_test_setup_teardown(test_http_faults, start, stop),
        cmocka_unit_test_setup_teardown(test_market_faults, start, stop),
        cmocka_unit_test_setup_teardown(test_bad_tls, start, stop),
        cmocka_unit_test_setup_teardown(test_slow_line_and_slow_client, start, stop),
        cmocka_unit_test(test_script),
    };

    signal(SIGPIPE, SIG_IGN); /* of the client's own writes */
    return cmocka_run_group_tests(tests, NULL, NULL);
}

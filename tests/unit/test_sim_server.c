/* The sockets of the built-in exchange, driven by a client of its own over TLS; behind them a small fake exchange. */
#include "unit/cmocka_all.h"

#include "unit/sim_client.h"
#include "unit/sim_fakes.h"

#include <signal.h>

#define HTTP_FLOOD 20000

static int start(void **state)
{
    struct running *running = malloc(sizeof(*running));

    atomic_store(&fake_burst, 1);
    atomic_store(&fake_orders, 0);
    running_dir(running);
    running_start(running);
    *state = running;
    return 0;
}

static int stop(void **state)
{
    struct running *running = *state;

    running_stop(running);
    assert_int_equal(running->err, ERR_OK);
    assert_int_equal(access(running->path, F_OK), -1); /* a clean end takes exchange.json away */
    running_remove(running);
    free(running);
    return 0;
}

/* --- start ---------------------------------------------------------------------------------------------------- */

static enum err refused(struct running *running)
{
    running->err = sim_server_run(&running->config, running->why, sizeof(running->why));
    assert_null(strchr(running->why, '\n'));
    return running->err;
}

static void test_refusals_before_start(void **state)
{
    static const char *const listens[] = {"0.0.0.0:0", "192.168.0.1:80",  "[::]:0",      "localhost:0",
                                          "127.0.0.1", "127.0.0.1:70000", "127.0.0.1:x", "127.0.0.2:0",
                                          "",          "\x1b[2J"};
    static const char *const bad[] = {"gap",
                                      "1 nonsense",
                                      "1 gap 0",
                                      "1 gap x",
                                      "1 http:200",
                                      "1 stall",
                                      "1 bad_tls bogus",
                                      "x stall 1",
                                      "1 flood 5",
                                      "1 halt",
                                      "1 late_ack",
                                      "1 garbage wild",
                                      "1 oversize 1e9",
                                      "1 gap 1 NONESUCH",
                                      "1 rst nobody",
                                      "1 jump BTCUSDT 99999",
                                      "1 gap 1 BTCUSDT more",
                                      "-1 gap",
                                      ""};
    struct running running;

    (void)state;
    running_dir(&running);
    for (size_t i = 0; i < sizeof(listens) / sizeof(listens[0]); i++) {
        running.config.listen = listens[i];
        assert_int_equal(refused(&running), ERR_USAGE);
        assert_non_null(strstr(running.why, "127.0.0.1:PORT"));
        assert_null(strchr(running.why, '\x1b'));
    }
    running.config.listen = "127.0.0.1:0";
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        running.config.faults = &bad[i];
        running.config.fault_count = 1;
        assert_int_equal(refused(&running), ERR_USAGE);
        assert_non_null(strstr(running.why, "fault"));
    }
    running.config.fault_count = 0;
    running.config.fault_file = "/nonexistent/faults";
    assert_int_equal(refused(&running), ERR_USAGE);
    running.config.fault_file = NULL;
    running.config.symbols = (const char *const[]){"NONESUCH"};
    running.config.symbol_count = 1;
    assert_int_equal(refused(&running), ERR_USAGE);
    assert_non_null(strstr(running.why, "NONESUCH"));
    running.config.symbol_count = 0;
    running.config.data_dir = "/nonexistent/dir";
    assert_int_equal(refused(&running), ERR_IO);
    running_remove(&running);
}

static void read_file(const char *path, char out[4096])
{
    FILE *file = fopen(path, "r");
    size_t got;

    assert_non_null(file);
    got = fread(out, 1, 4095, file);
    out[got] = '\0';
    fclose(file);
}

static void test_description_and_certificates_last(void **state)
{
    struct running *running = *state;
    char json[4096], ca[4096], again[4096], path[128];
    struct stat info;

    assert_int_equal(stat(running->path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    read_file(running->path, json);
    assert_non_null(strstr(json, "\"stream\":\"wss://127.0.0.1:"));
    assert_non_null(strstr(json, "/ws-api/v3\""));
    assert_non_null(strstr(json, "\"api_key\":\"kkkk"));
    assert_non_null(strstr(json, "\"seed\":7,\"symbols\":[\"BTCUSDT\",\"ETHUSDT\"]}"));
    snprintf(path, sizeof(path), "%s/ca.key", running->dir);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    snprintf(path, sizeof(path), "%s/server.key", running->dir);
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
    read_file(running->ca, ca);
    running_stop(running);
    running_start(running); /* the same CA: clients that trust it still do */
    read_file(running->ca, again);
    assert_string_equal(ca, again);
}

/* --- HTTP ----------------------------------------------------------------------------------------------------- */

static void test_http_replies(void **state)
{
    static const char head[] = "HEAD /api/v3/ping HTTP/1.1\r\nHost: localhost\r\n\r\n";
    struct running *running = *state;
    struct client client;
    static struct got got;

    client_connect(&client, running);
    client_ask(&client, "GET /api/v3/ping", "", "", &got);
    assert_int_equal(got.status, 200);
    assert_string_equal(got.body, "{}");
    assert_non_null(strstr(got.head, "X-MBX-USED-WEIGHT-1M: 1\r\n"));
    client_ask(&client, "GET /api/v3/ping?echo=a%20%22b", "", "", &got); /* kept alive */
    assert_string_equal(got.body, "{\"echo\":\"a \\\"b\"}");
    assert_non_null(strstr(got.head, "X-MBX-USED-WEIGHT-1M: 2\r\n"));
    client_ask(&client, "POST /api/v3/order", "X-MBX-APIKEY: kk\r\n", "symbol=BTCUSDT", &got);
    assert_int_equal(got.status, 200);
    assert_non_null(strstr(got.head, "X-MBX-ORDER-COUNT-10S: 1\r\n"));
    assert_non_null(strstr(got.head, "X-MBX-ORDER-COUNT-1D: 1\r\n"));
    client_ask(&client, "GET /nowhere", "", "", &got);
    assert_int_equal(got.status, 404);
    assert_non_null(strstr(got.body, "\"error\":\"Not Found\""));
    client_ask(&client, "DELETE /api/v3/ping", "", "", &got);
    assert_int_equal(got.status, 405);
    assert_non_null(strstr(got.body, "Request method 'DELETE' not supported"));
    client_ask(&client, "GET /sim/now", "", "", &got);
    assert_non_null(strstr(got.body, "\"now_ns\":"));
    client_ask(&client, "GET /sim/truth/BTCUSDT?update_id=5", "", "", &got);
    assert_non_null(strstr(got.body, "\"update_id\":5,"));
    client_ask(&client, "GET /sim/truth/NONESUCH", "", "", &got);
    assert_int_equal(got.status, 400);
    client_ask(&client, "GET /sim/stats", "", "", &got);
    assert_non_null(strstr(got.body, "\"by_status\":{\"200\":"));
    client_ask(&client, "POST /sim/key", "", "rubbish", &got);
    assert_int_equal(got.status, 400);
    client_ask(&client, "POST /sim/key", "", "-----BEGIN PUBLIC KEY-----", &got);
    assert_string_equal(got.body, "{\"api_key\":\"added\"}");
    client_put(&client, head, strlen(head));
    while (client.size == 0)
        assert_true(client_more(&client) > 0);
    assert_memory_equal(client.in, "HTTP/1.1 404", 12);
    client_close(&client);
}

static void test_bad_requests(void **state)
{
    struct running *running = *state;
    static const struct {
        const char *text;
        int status;
    } rows[] = {{"GARBAGE\r\n\r\n", 400},
                {"\r\n\r\n", 400},
                {"GET /a HTTP/2.0\r\nHost: localhost\r\n\r\n", 505},
                {"G(T /a HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
                {"GET /api/%76%33/ping HTTP/1.1\r\nHost: localhost\r\n\r\n", 400},
                {"GET /api/v3/ping HTTP/1.1\r\n\r\n", 400},
                {"GET /api/v3/ping HTTP/1.1\r\nHost: evil.example\r\n\r\n", 403},
                {"GET /api/v3/ping HTTP/1.1\r\nHost: localhost.evil\r\n\r\n", 403},
                {"GET /api/v3/ping HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\n\r\n", 403},
                {"GET /a HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400},
                {"GET /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n", 413},
                {"GET /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n", 400},
                {"GET /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nContent-Length: 0\r\n\r\n", 400},
                {"POST /a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", 501},
                {"GET /ws HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n", 400},
                {"GET /nows HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n\r\n", 404}};
    static struct got got;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct client client;

        client_connect(&client, running);
        client_put(&client, rows[i].text, strlen(rows[i].text));
        client_read_reply(&client, &got);
        if (got.status != rows[i].status)
            fail_msg("%s: %d %s", rows[i].text, got.status, got.body);
        client_close(&client);
    }
    {
        static char flood[HTTP_FLOOD];
        struct client client;

        memset(flood, 'a', sizeof(flood));
        client_connect(&client, running);
        client_put(&client, flood, sizeof(flood));
        client_read_reply(&client, &got);
        assert_int_equal(got.status, 431);
        client_close(&client);
    }
    assert_int_equal(ask(running, "GET /api/v3/ping", "", &got), 200);
}

static void test_weights_to_429_then_ban(void **state)
{
    struct running *running = *state;
    struct client client;
    static struct got got;
    int ok = 0, refusals = 0;

    client_connect(&client, running);
    do { /* 2 go through in a minute, or 4 if a new one begins */
        client_ask(&client, "GET /api/v3/heavy", "", "", &got);
        ok += got.status == 200;
    } while (got.status == 200 && ok < 10);
    assert_in_range(ok, 2, 4);
    assert_int_equal(got.status, 429);
    assert_non_null(strstr(got.head, "Retry-After: "));
    assert_non_null(strstr(got.body, "\"code\":-1003"));
    assert_non_null(strstr(got.body, "current limit is 6000 request weight per 1 MINUTE"));
    client_ask(&client, "GET /fapi/v1/ping", "", "", &got); /* the other venue counts by itself */
    assert_int_equal(got.status, 200);
    do {
        client_ask(&client, "GET /api/v3/heavy", "", "", &got);
        refusals++;
    } while (got.status != 418 && refusals < 40);
    assert_int_equal(got.status, 418);
    assert_non_null(strstr(got.body, "IP banned until 1"));
    client_ask(&client, "GET /fapi/v1/ping", "", "", &got); /* the ban is the address's */
    assert_int_equal(got.status, 418);
    client_ask(&client, "GET /sim/now", "", "", &got);
    assert_int_equal(got.status, 200);
    assert_int_equal(client_upgrade(&client, "/ws", ""), 418);
    client_close(&client);
    client_open(&client, running, "127.0.0.9", TLS1_2_VERSION); /* another address is not banned */
    client_ask(&client, "GET /api/v3/ping", "", "", &got);
    assert_int_equal(got.status, 200);
    client_close(&client);
}

static void test_order_counts(void **state)
{
    struct running *running = *state;
    struct client client;
    static struct got got;
    int done = 0;

    client_connect(&client, running);
    do {
        client_ask(&client, "POST /api/v3/order", "X-MBX-APIKEY: abc\r\n", "", &got);
        done += got.status == 200;
    } while (got.status == 200 && done < 250);
    assert_in_range(done, 100, 200); /* a window may have begun in between */
    assert_int_equal(got.status, 429);
    assert_non_null(strstr(got.body,
                           "{\"code\":-1015,\"msg\":\"Too many new orders; current limit is 100 orders per "
                           "TEN_SECONDS.\"}"));
    client_close(&client);
}

/* --- streams -------------------------------------------------------------------------------------------------- */

static void test_raw_and_combined(void **state)
{
    struct running *running = *state;
    struct client raw, combined, bad;
    struct heard heard;

    ws_connect(&raw, running, "/ws/btcusdt@trade/nosuch@trade");
    ws_hear(&raw, &heard);
    assert_int_equal(heard.opcode, 1);
    assert_memory_equal(heard.text, "{\"e\":\"trade\"", 12);
    ws_connect(&combined, running, "/stream?streams=btcusdt@trade/ethusdt@depth");
    assert_true(ws_hear_with(&combined, "{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\"", &heard));
    assert_true(
        ws_hear_with(&combined, "{\"stream\":\"ethusdt@depth\",\"data\":{\"e\":\"depthUpdate\"", &heard));
    client_connect(&bad, running);
    assert_int_equal(client_upgrade(&bad, "/ws/btcusdt@trade?timeUnit=MICROSECOND", ""), 400);
    client_close(&bad);
    client_close(&raw);
    client_close(&combined);
}

static void say_and_hear(struct client *client, const char *say, const char *answer)
{
    struct heard heard;

    ws_say(client, say);
    if (!ws_hear_with(client, answer, &heard))
        fail_msg("%s was not answered by %s but ended with %d", say, answer, heard.opcode);
}

/* Each connection may send 5 in a second. */
static void test_commands(void **state)
{
    struct running *running = *state;
    struct client client;
    struct heard heard;

    ws_connect(&client, running, "/ws");
    say_and_hear(&client, "{\"method\":\"SUBSCRIBE\",\"params\":[\"btcusdt@trade\",\"wrong@one\"],\"id\":1}",
                 "{\"result\":null,\"id\":1}");
    assert_true(ws_hear_with(&client, "{\"e\":\"trade\"", &heard));
    say_and_hear(&client, "{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":\"a-1\"}",
                 "{\"result\":[\"btcusdt@trade\",\"wrong@one\"],\"id\":\"a-1\"}");
    say_and_hear(&client, "{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\",true],\"id\":3}",
                 "{\"result\":null,\"id\":3}");
    assert_true(ws_hear_with(&client, "{\"stream\":\"btcusdt@trade\",\"data\":", &heard));
    say_and_hear(&client, "{\"method\":\"GET_PROPERTY\",\"params\":[\"combined\"],\"id\":null}",
                 "{\"result\":true,\"id\":null}");
    say_and_hear(&client, "{\"method\":\"UNSUBSCRIBE\",\"params\":[\"btcusdt@trade\"],\"id\":5}",
                 "{\"result\":null,\"id\":5}");
    client_close(&client);
}

static void test_command_errors(void **state)
{
    struct running *running = *state;
    static const struct {
        const char *say, *answer;
    } rows[] = {
        {"{\"method\":", "{\"code\":3,\"msg\":\"Invalid JSON: expected value at line 1 column"},
        {"[1]", "{\"code\":2,\"msg\":\"Invalid request: "},
        {"{\"id\":4}", "{\"code\":2,\"msg\":\"Invalid request: missing field `method`"},
        {"{\"method\":\"DANCE\",\"id\":4}",
         "{\"code\":2,\"msg\":\"Invalid request: unknown variant `DANCE`, expected one of `SUBSCRIBE`"},
        {"{\"method\":\"SUBSCRIBE\",\"id\":4}",
         "{\"code\":2,\"msg\":\"Invalid request: missing field `params`"},
        {"{\"method\":\"SUBSCRIBE\",\"params\":[1],\"id\":4}", "{\"code\":2,"},
        {"{\"method\":\"SUBSCRIBE\",\"params\":[\"a\"],\"id\":1.5}",
         "{\"code\":2,\"msg\":\"Invalid request: request ID must be an unsigned integer\"}"},
        {"{\"method\":\"SUBSCRIBE\",\"params\":[\"a\"],\"id\":\"a b\"}", "{\"code\":2,"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[\"other\",true],\"id\":7}",
         "{\"code\":0,\"msg\":\"Unknown property\",\"id\":7}"},
        {"{\"method\":\"SET_PROPERTY\",\"params\":[\"combined\",1],\"id\":8}",
         "{\"code\":1,\"msg\":\"Invalid value type: expected Boolean\""},
        {"{\"method\":\"GET_PROPERTY\",\"params\":[4],\"id\":8}",
         "{\"code\":2,\"msg\":\"Invalid request: property name must be a string\""},
        {"{\"method\":\"GET_PROPERTY\",\"params\":[\"combined\",true],\"id\":8}",
         "{\"code\":2,\"msg\":\"Invalid request: too many parameters\""}};
    struct client client;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (i % 4 == 0)
            ws_connect(&client, running, "/ws");
        say_and_hear(&client, rows[i].say, rows[i].answer);
        if (i % 4 == 3)
            client_close(&client);
    }
}

static void test_usdm_paths_and_user_events(void **state)
{
    struct running *running = *state;
    struct client private, filtered, api, market;
    struct heard heard;

    ws_connect(&market, running, "/public/stream?streams=btcusdt@depth");
    assert_true(ws_hear_with(&market, "{\"stream\":\"btcusdt@depth\"", &heard));
    client_close(&market);
    ws_connect(&private, running, "/private/ws/" FAKE_LISTENKEY);
    ws_connect(&filtered, running, "/private/stream?listenKey=" FAKE_LISTENKEY "&events=ORDER_TRADE_UPDATE");
    ws_connect(&api, running, "/ws-api/v3");
    ws_say(&api, "{\"id\":1,\"method\":\"userDataStream.subscribe.signature\"}");
    assert_true(ws_hear_with(&api, "{\"id\":1,\"status\":200", &heard));
    atomic_store(&fake_emit_user, 1);
    ws_hear(&private, &heard);
    assert_string_equal(heard.text, "{\"e\":\"ACCOUNT_UPDATE\"}");
    ws_hear(&filtered, &heard);
    assert_string_equal(heard.text, "{\"stream\":\"" FAKE_LISTENKEY
                                    "\",\"data\":{\"e\":\"ORDER_TRADE_UPDATE\",\"o\":{}}}");
    ws_hear(&api, &heard);
    assert_string_equal(heard.text,
                        "{\"subscriptionId\":3,\"event\":{\"e\":\"executionReport\",\"s\":\"BTCUSDT\"}}");
    ws_say(&api, "{\"id\":2,\"method\":\"heavy\"}"); /* uses the minute up */
    ws_say(&api, "{\"id\":2,\"method\":\"heavy\"}");
    ws_say(&api, "{\"id\":\"z\",\"method\":\"x\"}");
    assert_true(ws_hear_with(&api, "\"status\":429,\"error\":{\"code\":-1003", &heard));
    client_close(&private);
    client_close(&filtered);
    client_close(&api);
}

static void expect_close(struct client *client, int code)
{
    struct heard heard;

    do
        ws_hear(client, &heard);
    while (heard.opcode == 1 || heard.opcode == 2 || heard.opcode == 9 || heard.opcode == 10);
    assert_int_equal(heard.opcode, 8);
    assert_int_equal((unsigned char)heard.text[0] << 8 | (unsigned char)heard.text[1], code);
    ws_hear(client, &heard);
    assert_int_equal(heard.opcode, 0);
}

static void test_frames(void **state)
{
    struct running *running = *state;
    struct client client;
    struct heard heard;

    ws_connect(&client, running, "/ws");
    ws_put(&client, 9, "hello", 5);
    ws_hear(&client, &heard);
    assert_int_equal(heard.opcode, 10);
    assert_string_equal(heard.text, "hello");
    /* a message in two fragments */
    client_put(&client, "\x01\x8b\0\0\0\0{\"method\":\"", 17);
    client_put(&client, "\x80\x9b\0\0\0\0LIST_SUBSCRIPTIONS\",\"id\":9}", 33);
    ws_hear(&client, &heard);
    assert_string_equal(heard.text, "{\"result\":[],\"id\":9}");
    ws_put(&client, 8, "\x03\xe8", 2);
    expect_close(&client, 1000);
    client_close(&client);

    ws_connect(&client, running, "/ws");
    client_put(&client, "\x81\x02hi", 4); /* not masked */
    expect_close(&client, 1002);
    client_close(&client);
    ws_connect(&client, running, "/ws");
    ws_put(&client, 1, "\xff\xfe", 2);
    expect_close(&client, 1007);
    client_close(&client);
    ws_connect(&client, running, "/ws");
    client_put(&client, "\x81\xff\0\0\0\0\x7f\xff\xff\xff\0\0\0\0", 14);
    expect_close(&client, 1009);
    client_close(&client);
    ws_connect(&client, running, "/ws"); /* 6 messages in a second are one too many */
    for (int i = 0; i < 12; i++)
        ws_say(&client, "{\"method\":\"LIST_SUBSCRIPTIONS\",\"id\":1}");
    expect_close(&client, 1008);
    client_close(&client);
}

static void test_too_many_streams(void **state)
{
    struct running *running = *state;
    struct client client;
    char text[4000];

    ws_connect(&client, running, "/ws");
    fault(running, "limits off");
    for (int i = 0, made = 0; made <= 1024; i++) {
        size_t used =
            (size_t)snprintf(text, sizeof(text), "{\"method\":\"SUBSCRIBE\",\"id\":%d,\"params\":[", i);

        for (int k = 0; k < 128; k++)
            used += (size_t)snprintf(text + used, sizeof(text) - used, "%s\"s%d@trade\"", k == 0 ? "" : ",",
                                     made++);
        snprintf(text + used, sizeof(text) - used, "]}");
        ws_say(&client, text);
    }
    expect_close(&client, 1008);
    client_close(&client);
}

/* --- faults at the socket ------------------------------------------------------------------------------------- */

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

static void test_depth_faults(void **state)
{
    struct running *running = *state;
    struct client client;
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
    fault(running, "gap 5 ETHUSDT"); /* of another symbol: nothing happens here */
    for (int i = 0; i < 5; i++)
        assert_int_equal(next_u(&client), before + 4 + i);
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
        cmocka_unit_test(test_refusals_before_start),
        cmocka_unit_test_setup_teardown(test_description_and_certificates_last, start, stop),
        cmocka_unit_test_setup_teardown(test_http_replies, start, stop),
        cmocka_unit_test_setup_teardown(test_bad_requests, start, stop),
        cmocka_unit_test_setup_teardown(test_weights_to_429_then_ban, start, stop),
        cmocka_unit_test_setup_teardown(test_order_counts, start, stop),
        cmocka_unit_test_setup_teardown(test_raw_and_combined, start, stop),
        cmocka_unit_test_setup_teardown(test_commands, start, stop),
        cmocka_unit_test_setup_teardown(test_command_errors, start, stop),
        cmocka_unit_test_setup_teardown(test_usdm_paths_and_user_events, start, stop),
        cmocka_unit_test_setup_teardown(test_frames, start, stop),
        cmocka_unit_test_setup_teardown(test_too_many_streams, start, stop),
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

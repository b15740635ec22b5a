/* The sockets of the built-in exchange, driven by a client of its own over TLS; behind them a small fake exchange. */
#include "unit/cmocka_all.h"

#include "unit/sim_server_world.h"

#include <sys/wait.h>

#define HTTP_FLOOD 20000

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
    assert_int_equal(refused(&running), ERR_STORAGE);
    running_remove(&running);
}

/* Who is told the address early finds somebody there, who answers once the market is open; exchange.json comes then. */
struct early {
    struct running *running;
    int told, port, fd;
    bool described;
};

static void on_listening(void *arg, const char *address)
{
    struct early *early = arg;
    char path[128];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};

    early->told++;
    early->port = atoi(strchr(address, ':') + 1);
    snprintf(path, sizeof(path), "%s/exchange.json", early->running->dir);
    early->described = access(path, F_OK) == 0;
    to.sin_port = htons((uint16_t)early->port);
    early->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(early->fd, (struct sockaddr *)&to, sizeof(to)), 0);
}

static void test_listens_before_its_market_is_made(void **state)
{
    struct running running;
    struct early early = {.running = &running};
    struct client client;
    static struct got got;

    (void)state;
    running_dir(&running);
    running.config.listening = on_listening;
    running.config.arg = &early;
    running_start(&running);
    assert_int_equal(early.told, 1);
    assert_int_equal(early.port, running.port);
    assert_false(early.described);
    client_connect(&client, &running);
    client_ask(&client, "GET /api/v3/ping", "", "", &got);
    assert_int_equal(got.status, 200);
    client_close(&client);
    close(early.fd);
    running_stop(&running);
    early.told = 0;
    running.config.symbols = (const char *const[]){"NONESUCH"};
    running.config.symbol_count = 1;
    assert_int_equal(refused(&running), ERR_USAGE);
    assert_int_equal(early.told, 0); /* what is wrong is told before */
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
    client_ask(&client, "GET /api/v3/ping", "Origin: http://localhost\r\n", "", &got);
    assert_int_equal(got.status, 200);
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

/* --- end of a parent ------------------------------------------------------------------------------------------ */

/* Started by a parent that goes away, it ends by itself and in order. */
static void test_ends_with_its_parent(void **state)
{
    struct running running;
    char byte;
    size_t said = 0;
    pid_t parent;

    (void)state;
    running_dir(&running);
    assert_int_equal(pipe(running.ready), 0);
    parent = fork();
    assert_true(parent >= 0);
    if (parent == 0) {
        int64_t own = getpid();

        if (fork() > 0) {
            usleep(300000);
            _exit(0);
        }
        signal(SIGTERM, SIG_IGN); /* the signal would do; here the look at the parent must */
        close(running.ready[0]);
        running.config.die_with_parent = true;
        running.config.parent_pid = own;
        running.config.ready_fd = running.ready[1];
        _exit((int)sim_server_run(&running.config, running.why, sizeof(running.why)));
    }
    close(running.ready[1]);
    assert_int_equal(waitpid(parent, NULL, 0), parent);
    while (read(running.ready[0], &byte, 1) == 1) /* until the last holder of the other end is gone */
        said++;
    assert_true(said > 1); /* it was ready once */
    snprintf(running.path, sizeof(running.path), "%s/exchange.json", running.dir);
    assert_int_equal(access(running.path, F_OK), -1);
    close(running.ready[0]);
    running_remove(&running);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refusals_before_start),
        cmocka_unit_test(test_listens_before_its_market_is_made),
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
        cmocka_unit_test(test_ends_with_its_parent),
    };

    signal(SIGPIPE, SIG_IGN); /* of the client's own writes */
    return cmocka_run_group_tests(tests, NULL, NULL);
}

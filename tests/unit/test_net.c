/* TLS, HTTP and WebSocket clients against a server that shares no code with them, on loopback. */
#include "net/http_client.h"
#include "net/net_test.h"
#include "net/url.h"
#include "net/utf8.h"
#include "net/ws_client.h"
#include "net/ws_frame.h"

#include "unit/cmocka_all.h"
#include "unit/tls_server.h"

#include "core/base/log.h"

#include <dirent.h>
#include <malloc.h>
#include <time.h>

#define RUN_MS 6000 /* no wait is longer */
#define MIB    ((size_t)1 << 20)

static struct cert root, other_root, good; /* good: localhost and 127.0.0.1, by root */
static char ca_path[] = "/tmp/flowdeck-test-net-XXXXXX";

/* --- the rig: a loop, a net, a server, and what the callbacks saw ------------------------------------------ */

struct rig {
    struct ev_loop *loop;
    struct net *net;
    struct server *server;
    struct ws_client *ws;
    struct http_call *call;
    unsigned opened, closed, done, messages;
    bool free_on_open, free_on_message, free_on_closed, flag;
    struct net_failure failure;
    struct http_reply reply;
    char *text; /* last message or body */
    size_t size;
    int64_t recv_boot_ns;
    bool padded;
    const char *expected_host;
    ev_tstamp last_tick, worst_gap;
};

static int64_t boot_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static struct net *new_net(struct ev_loop *loop)
{
    struct net_config config = {.loop = loop, .ca_file = ca_path, .user_agent = "flowdeck/test"};
    struct net *net = NULL;
    char why[200] = "";

    if (net_new(&config, &net, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    return net;
}

static struct rig *rig_new(const struct server_spec *spec)
{
    struct rig *rig = calloc(1, sizeof(*rig));

    rig->loop = ev_loop_new(0);
    rig->net = new_net(rig->loop);
    rig->server = spec != NULL ? server_start(spec) : NULL;
    return rig;
}

static struct rig *rig_talk(server_talk talk)
{
    return rig_new(&(struct server_spec){.cert = &good, .talk = talk});
}

static void rig_free(struct rig *rig)
{
    net_free(rig->net);
    if (rig->server != NULL)
        server_stop(rig->server);
    ev_run(rig->loop, EVRUN_NOWAIT);
    ev_loop_destroy(rig->loop);
    free(rig->text);
    free(rig);
}

static void keep(struct rig *rig, const char *text, size_t size)
{
    rig->padded = true;
    for (size_t i = 0; i < NET_PADDING; i++)
        rig->padded &= text[size + i] == '\0';
    rig->text = realloc(rig->text, size + 1);
    memcpy(rig->text, text, size);
    rig->text[size] = '\0';
    rig->size = size;
}

static void drop_ws(struct rig *rig)
{
    ws_client_free(rig->ws);
    rig->ws = NULL;
}

static void on_open(void *arg)
{
    struct rig *rig = arg;

    rig->opened++;
    if (rig->free_on_open)
        drop_ws(rig);
}

static void on_message(void *arg, int64_t recv_boot_ns, const char *text, size_t size)
{
    struct rig *rig = arg;

    rig->messages++;
    rig->recv_boot_ns = recv_boot_ns;
    keep(rig, text, size);
    if (rig->free_on_message)
        drop_ws(rig);
}

static void on_closed(void *arg, const struct net_failure *failure)
{
    struct rig *rig = arg;

    rig->closed++;
    rig->failure = *failure;
    if (rig->free_on_closed)
        drop_ws(rig);
}

static void on_done(void *arg, const struct http_reply *reply)
{
    struct rig *rig = arg;

    rig->done++;
    rig->reply = *reply;
    rig->failure = reply->failure;
    if (reply->body != NULL)
        keep(rig, reply->body, reply->size);
}

static void on_tick(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct rig *rig = timer->data;
    ev_tstamp now = ev_time();

    (void)loop;
    (void)revents;
    if (rig->last_tick > 0 && now - rig->last_tick > rig->worst_gap)
        rig->worst_gap = now - rig->last_tick;
    rig->last_tick = now;
}

/* Runs the loop until *count has reached `want`, or fails. */
static void run_until(struct rig *rig, const unsigned *count, unsigned want)
{
    int64_t end = boot_ns() + (int64_t)RUN_MS * 1000000;
    ev_timer tick;

    rig->last_tick = 0;
    ev_timer_init(&tick, on_tick, 0.002, 0.002);
    tick.data = rig;
    ev_timer_start(rig->loop, &tick);
    while (*count < want && boot_ns() < end)
        ev_run(rig->loop, EVRUN_ONCE);
    ev_timer_stop(rig->loop, &tick);
    assert_true(*count >= want);
}

static void run_for(struct rig *rig, int ms)
{
    int64_t end = boot_ns() + (int64_t)ms * 1000000;
    ev_timer tick;

    ev_timer_init(&tick, on_tick, 0.002, 0.002);
    tick.data = rig;
    ev_timer_start(rig->loop, &tick);
    while (boot_ns() < end)
        ev_run(rig->loop, EVRUN_ONCE);
    ev_timer_stop(rig->loop, &tick);
}

static const char *url_of(const struct rig *rig, const char *scheme, const char *host, const char *path)
{
    static char url[120];

    snprintf(url, sizeof(url), "%s://%s:%u%s", scheme, host, (unsigned)rig->server->port, path);
    return url;
}

static void open_ws_at(struct rig *rig, const char *url, int64_t connect_ms, size_t message_max)
{
    struct ws_client_config config = {.url = url,
                                      .message_max = message_max,
                                      .connect_ms = connect_ms,
                                      .on_open = on_open,
                                      .on_message = on_message,
                                      .on_closed = on_closed,
                                      .arg = rig};

    rig->ws = ws_client_open(rig->net, &config);
    assert_non_null(rig->ws);
}

static void open_ws(struct rig *rig)
{
    open_ws_at(rig, url_of(rig, "wss", "localhost", "/ws?a=b"), 0, 0);
}

static struct http_request get(struct rig *rig, const char *url)
{
    return (struct http_request){.method = "GET", .url = url, .on_done = on_done, .arg = rig};
}

static void start_get(struct rig *rig, const char *path)
{
    struct http_request request = get(rig, url_of(rig, "https", "localhost", path));

    rig->call = http_start(rig->net, &request);
    assert_non_null(rig->call);
}

static void pin(struct rig *rig)
{
    assert_true(net_pin_address(rig->net, "localhost", "127.0.0.1"));
}

/* --- pure parts -------------------------------------------------------------------------------------------- */

static void test_url(void **state)
{
    static const char *const bad[] = {"http://a/",    "https://",       "https://a:0/",    "https://a:65536/",
                                      "https://a:/",  "https://u:p@a/", "https://a b/",    "https://a/ b",
                                      "https://a/#f", "https://[::1]/", "https://a/\r\nX", "wss://a/",
                                      "https://a:8x/"};
    char longer[NET_PATH_MAX + 64] = "https://a/";
    struct url url;

    (void)state;
    assert_null(url_parse("https://API.Example.com:8443/x?y=1", "https", &url));
    assert_string_equal(url.host, "api.example.com");
    assert_string_equal(url.host_header, "api.example.com:8443");
    assert_string_equal(url.path, "/x?y=1");
    assert_int_equal(url.port, 8443);
    assert_null(url_parse("wss://a?b", "wss", &url));
    assert_string_equal(url.path, "/?b");
    assert_string_equal(url.host_header, "a");
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        if (url_parse(bad[i], "https", &url) == NULL)
            fail_msg("taken: %s", bad[i]);
    memset(longer + 10, 'x', NET_PATH_MAX - 1);
    longer[10 + NET_PATH_MAX - 1] = '\0';
    assert_null(url_parse(longer, "https", &url));
    memset(longer + 10, 'x', NET_PATH_MAX);
    assert_non_null(url_parse(longer, "https", &url));
}

static void test_utf8(void **state)
{
    static const char *const good_text[] = {
        "", "plain ascii text", "\xc3\xa4", "12345678\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xef\xbf\xbf"};
    static const char *const bad_text[] = {
        "\xc0\x80",           "\xff",         "\xed\xa0\x80", "\xf4\x90\x80\x80",
        "1234567890\xe2\x82", "\xe0\x80\xaf", "\x80",         "\xf0\x80\x80\xaf"};

    (void)state;
    for (size_t i = 0; i < sizeof(good_text) / sizeof(good_text[0]); i++)
        assert_true(utf8_valid(good_text[i], strlen(good_text[i])));
    for (size_t i = 0; i < sizeof(bad_text) / sizeof(bad_text[0]); i++)
        assert_false(utf8_valid(bad_text[i], strlen(bad_text[i])));
}

/* The same bytes in every two pieces and byte by byte give the same events. */
static void test_frames_in_any_pieces(void **state)
{
    unsigned char bytes[1024];
    size_t size = 0;
    static const char *const expected = "MPMCm";

    (void)state;
    size += ws_frame(bytes + size, 0x81, "hello", 5);
    size += ws_frame(bytes + size, 0x01, "ab", 2);
    size += ws_frame(bytes + size, 0x89, "ping", 4);
    size += ws_frame(bytes + size, 0x80, "cd", 2);
    size += ws_frame(bytes + size, 0x88, "\x03\xe8", 2);
    size += ws_frame(bytes + size, 0x81, "", 0);
    for (size_t step = 1; step <= size; step++) {
        struct ws_parser parser;
        struct ws_error error;
        char seen[16] = "";

        ws_parser_init(&parser, 1000);
        for (size_t at = 0; at < size; at += step) {
            const unsigned char *piece = bytes + at;
            size_t left = size - at < step ? size - at : step;
            enum ws_event event;

            while ((event = ws_parser_next(&parser, &piece, &left, &error)) != WS_EVENT_NONE) {
                const char *letter = event == WS_EVENT_MESSAGE ? (parser.size > 0 ? "M" : "m")
                                     : event == WS_EVENT_PING  ? "P"
                                     : event == WS_EVENT_CLOSE ? "C"
                                                               : "E";

                strcat(seen, letter);
                assert_true(strlen(seen) < 10);
            }
        }
        assert_string_equal(seen, expected);
        ws_parser_free(&parser);
    }
}

static void test_frames_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t size;
        enum net_failure_kind kind;
    } cases[] = {
        {"\x82\x01x", 3, NET_FAIL_PROTOCOL},                               /* binary */
        {"\x81\x81\x00\x00\x00\x00x", 7, NET_FAIL_PROTOCOL},               /* masked */
        {"\xc1\x01x", 3, NET_FAIL_PROTOCOL},                               /* compressed */
        {"\x83\x01x", 3, NET_FAIL_PROTOCOL},                               /* unknown */
        {"\x8b\x00", 2, NET_FAIL_PROTOCOL},                                /* unknown control */
        {"\x80\x01x", 3, NET_FAIL_PROTOCOL},                               /* continues nothing */
        {"\x01\x01x\x81\x01x", 6, NET_FAIL_PROTOCOL},                      /* text within text */
        {"\x09\x00", 2, NET_FAIL_PROTOCOL},                                /* ping in pieces */
        {"\x89\x7e\x00\x7e", 4, NET_FAIL_PROTOCOL},                        /* long ping */
        {"\x81\x02\xc3\x28", 4, NET_FAIL_PROTOCOL},                        /* not UTF-8 */
        {"\x81\x7e\x03\xe9", 4, NET_FAIL_TOO_BIG},                         /* 1001 bytes */
        {"\x81\x7f\xff\xff\xff\xff\xff\xff\xff\xff", 10, NET_FAIL_TOO_BIG} /* 2^64 - 1 */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct ws_parser parser;
        struct ws_error error = {.kind = NET_OK};
        const unsigned char *bytes = (const unsigned char *)cases[i].bytes;
        size_t size = cases[i].size;

        ws_parser_init(&parser, 1000);
        if (ws_parser_next(&parser, &bytes, &size, &error) != WS_EVENT_ERROR || error.kind != cases[i].kind)
            fail_msg("case %zu", i);
        ws_parser_free(&parser);
    }
}

static void test_endless_empty_fragments(void **state)
{
    struct ws_parser parser;
    struct ws_error error = {.kind = NET_OK};
    const unsigned char *bytes = (const unsigned char *)"\x01\x01x";
    size_t size = 3, count = 0;

    (void)state;
    ws_parser_init(&parser, 1000);
    while (ws_parser_next(&parser, &bytes, &size, &error) == WS_EVENT_NONE) {
        bytes = (const unsigned char *)"\x00\x00";
        size = 2;
        assert_true(++count <= WS_FRAGMENTS_MAX);
    }
    assert_int_equal(error.kind, NET_FAIL_TOO_BIG);
    ws_parser_free(&parser);
}

static void test_close_codes(void **state)
{
    (void)state;
    assert_true(ws_close_code_valid(1000) && ws_close_code_valid(1012) && ws_close_code_valid(4999));
    assert_false(ws_close_code_valid(999) || ws_close_code_valid(1005) || ws_close_code_valid(1006) ||
                 ws_close_code_valid(2000) || ws_close_code_valid(5000));
}

/* --- TLS --------------------------------------------------------------------------------------------------- */

static void talk_hello(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    conn_drain(conn);
}

/* What the certificate check must say of each server; nothing of the request may have been read by it. */
static void refused(const char *host, const struct server_spec *spec, const char *reason)
{
    struct rig *rig = rig_new(spec);
    struct http_request request = get(rig, url_of(rig, "https", host, "/secret?signature=abc"));

    pin(rig);
    assert_non_null(http_start(rig->net, &request));
    run_until(rig, &rig->done, 1);
    if (rig->failure.kind != NET_FAIL_TLS || strstr(rig->failure.text, reason) == NULL)
        fail_msg("expected TLS: %s; got %s: %s", reason, net_failure_word(rig->failure.kind),
                 rig->failure.text);
    assert_null(strstr(rig->failure.text, "signature"));
    assert_null(rig->reply.body);
    open_ws_at(rig, url_of(rig, "wss", host, "/ws"), 0, 0);
    run_until(rig, &rig->closed, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_TLS);
    assert_int_equal(rig->opened, 0);
    assert_true(rig->server->accepted >= 1);
    assert_int_equal(rig->server->plain_bytes, 0);
    rig_free(rig);
}

static void refused_cert(const char *host, const struct cert_spec *cert_spec, const struct cert *issuer,
                         const char *reason)
{
    struct cert cert = make_cert(cert_spec, issuer);

    refused(host, &(struct server_spec){.cert = &cert, .talk = talk_hello}, reason);
    free_cert(&cert);
}

static void test_expired(void **state)
{
    (void)state;
    refused_cert("localhost", &(struct cert_spec){"x", "DNS:localhost", -7200, -3600, false}, &root,
                 "expired");
}

static void test_not_yet_valid(void **state)
{
    (void)state;
    refused_cert("localhost", &(struct cert_spec){"x", "DNS:localhost", 3600, 7200, false}, &root,
                 "not yet valid");
}

static void test_wrong_host(void **state)
{
    (void)state;
    refused_cert("localhost", &(struct cert_spec){.name = "localhost", .san = "DNS:other.example"}, &root,
                 "another host name");
}

static void test_wrong_ip(void **state)
{
    (void)state;
    refused_cert("127.0.0.1", &(struct cert_spec){.name = "127.0.0.1", .san = "IP:127.0.0.2,DNS:127.0.0.1"},
                 &root, "another address");
}

static void test_unknown_ca(void **state)
{
    (void)state;
    refused_cert("localhost", &(struct cert_spec){.name = "x", .san = "DNS:localhost"}, &other_root,
                 "unknown CA");
}

static void test_unknown_ca_with_its_root(void **state)
{
    struct cert cert = make_cert(&(struct cert_spec){.name = "x", .san = "DNS:localhost"}, &other_root);

    (void)state;
    refused("localhost", &(struct server_spec){.cert = &cert, .chain = &other_root, .talk = talk_hello},
            "unknown CA");
    free_cert(&cert);
}

static void test_self_signed(void **state)
{
    (void)state;
    refused_cert("localhost", &(struct cert_spec){.name = "x", .san = "DNS:localhost"}, NULL, "self-signed");
}

/* A certificate that is no CA signs another: everything fits but the CA bit. */
static void test_issuer_without_ca_bit(void **state)
{
    struct cert middle = make_cert(&(struct cert_spec){.name = "middle", .san = "DNS:mine.example"}, &root);
    struct cert cert = make_cert(&(struct cert_spec){.name = "x", .san = "DNS:localhost"}, &middle);

    (void)state;
    refused("localhost", &(struct server_spec){.cert = &cert, .chain = &middle, .talk = talk_hello}, "no CA");
    free_cert(&cert);
    free_cert(&middle);
}

static void test_old_protocol(void **state)
{
    (void)state;
    refused("localhost", &(struct server_spec){.cert = &good, .tls_max = TLS1_VERSION, .talk = talk_hello},
            "protocol too old");
    refused("localhost", &(struct server_spec){.cert = &good, .tls_max = TLS1_1_VERSION, .talk = talk_hello},
            "protocol too old");
}

static void accepted(const char *host, int version, const char *sni)
{
    struct rig *rig = rig_new(
        &(struct server_spec){.cert = &good, .tls_min = version, .tls_max = version, .talk = talk_hello});
    struct http_request request = get(rig, url_of(rig, "https", host, "/"));

    pin(rig);
    assert_non_null(http_start(rig->net, &request));
    run_until(rig, &rig->done, 1);
    assert_string_equal(rig->failure.text, "");
    assert_int_equal(rig->failure.kind, NET_OK);
    assert_string_equal(rig->text, "hello");
    assert_true(rig->padded);
    net_free(rig->net);
    rig->net = NULL;
    if (sni != NULL)
        assert_string_equal(rig->server->sni, sni);
    rig_free(rig);
}

static void test_good_certificates(void **state)
{
    (void)state;
    accepted("localhost", TLS1_2_VERSION, "localhost");
    accepted("localhost", TLS1_3_VERSION, "localhost");
    accepted("LOCALHOST", TLS1_3_VERSION, "localhost");
    accepted("127.0.0.1", TLS1_3_VERSION, NULL); /* by its IP name, not by DNS */
}

static void test_source_has_no_way_around_the_check(void **state)
{
    static const char *const forbidden[] = {"LCCSCF_ALLOW_", "SKIP_SERVER_CERT", "SSL_VERIFY_NONE",
                                            "set1_host", "X509_STORE_CTX_set_error"};
    DIR *folder = opendir("src/net");
    unsigned files = 0;

    (void)state;
    assert_non_null(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[300], text[65536];
        FILE *file;

        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof(path), "src/net/%s", entry->d_name);
        file = fopen(path, "r");
        assert_non_null(file);
        text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
        fclose(file);
        files++;
        for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
            if (strstr(text, forbidden[i]) != NULL)
                fail_msg("%s has %s", path, forbidden[i]);
    }
    closedir(folder);
    assert_true(files > 10);
}

static void test_no_tls_at_all(void **state)
{
    struct rig *rig = rig_new(NULL);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM, 0), fd;
    char url[64];

    (void)state;
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listener, 1), 0);
    getsockname(listener, (struct sockaddr *)&address, &size);
    snprintf(url, sizeof(url), "https://127.0.0.1:%u/", (unsigned)ntohs(address.sin_port));

    struct http_request request = get(rig, url);

    assert_non_null(http_start(rig->net, &request));
    run_for(rig, 30);
    fd = accept(listener, NULL, NULL);
    assert_true(write(fd, "HTTP/1.1 200 OK\r\n\r\n", 19) == 19);
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_TLS);
    assert_non_null(strstr(rig->failure.text, "does not speak TLS"));
    close(fd);
    close(listener);
    rig_free(rig);
}

static void test_ca_file_unreadable(void **state)
{
    struct ev_loop *loop = ev_loop_new(0);
    struct net_config config = {.loop = loop, .ca_file = "/nonexistent/ca.pem"};
    struct net *net;
    char why[200];

    (void)state;
    assert_int_equal(net_new(&config, &net, why, sizeof(why)), ERR_IO);
    assert_null(net);
    assert_non_null(strstr(why, "/nonexistent/ca.pem"));
    ev_loop_destroy(loop);
}

/* --- HTTP -------------------------------------------------------------------------------------------------- */

static struct http_reply reply_to(server_talk talk, char *text, size_t size)
{
    struct rig *rig = rig_talk(talk);
    struct http_reply reply;

    pin(rig);
    start_get(rig, "/");
    run_until(rig, &rig->done, 1);
    reply = rig->reply;
    if (text != NULL)
        snprintf(text, size, "%s", rig->text != NULL ? rig->text : "");
    rig_free(rig);
    return reply;
}

static void talk_headers(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 429 Too Many Requests\r\nX-MBX-USED-WEIGHT-1M: 1234\r\nRetry-After: 17\r\n"
                        "Content-Type: Application/JSON;charset=UTF-8\r\nContent-Length: 2\r\n\r\n{}");
    conn_drain(conn);
}

static void test_reply_headers(void **state)
{
    char text[16];
    int64_t before = boot_ns();
    struct http_reply reply = reply_to(talk_headers, text, sizeof(text));

    (void)state;
    assert_int_equal(reply.failure.kind, NET_OK);
    assert_int_equal(reply.status, 429);
    assert_int_equal(reply.used_weight_1m, 1234);
    assert_int_equal(reply.retry_after_s, 17);
    assert_string_equal(reply.content_type, "application/json;charset=utf-8");
    assert_string_equal(text, "{}");
    assert_true(reply.sent_boot_ns > before && reply.received_boot_ns > reply.sent_boot_ns);
}

static void talk_date(struct conn *conn)
{
    char text[300], date[64];
    time_t at = time(NULL) + 100;
    struct tm tm;

    strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S GMT", gmtime_r(&at, &tm));
    snprintf(text, sizeof(text), "HTTP/1.1 418 Teapot\r\nRetry-After: %s\r\nContent-Length: 0\r\n\r\n", date);
    if (conn_request(conn))
        conn_text(conn, text);
    conn_drain(conn);
}

static void test_retry_after_as_date_and_no_body(void **state)
{
    struct http_reply reply = reply_to(talk_date, NULL, 0);

    (void)state;
    assert_int_equal(reply.failure.kind, NET_OK);
    assert_int_equal(reply.status, 418);
    assert_in_range(reply.retry_after_s, 90, 101);
    assert_int_equal(reply.used_weight_1m, -1);
    assert_int_equal(reply.size, 0);
}

static void talk_redirect(struct conn *conn)
{
    char text[200];

    snprintf(text, sizeof(text),
             "HTTP/1.1 302 Found\r\nLocation: https://localhost:%u/elsewhere\r\nContent-Length: 0\r\n\r\n",
             (unsigned)conn->server->port);
    if (conn_request(conn))
        conn_text(conn, text);
    conn_drain(conn);
}

static void test_redirect_is_a_reply(void **state)
{
    struct rig *rig = rig_talk(talk_redirect);

    (void)state;
    pin(rig);
    start_get(rig, "/order?signature=abc");
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->reply.failure.kind, NET_OK);
    assert_int_equal(rig->reply.status, 302);
    run_for(rig, 50);
    assert_int_equal(rig->server->accepted, 1);
    rig_free(rig);
}

static void talk_html(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "6\r\n<html>\r\nc\r\nPlease login\r\n0\r\n\r\n");
    conn_drain(conn);
}

static void test_captive_page_chunked(void **state)
{
    char text[64];
    struct http_reply reply = reply_to(talk_html, text, sizeof(text));

    (void)state;
    assert_int_equal(reply.failure.kind, NET_OK);
    assert_string_equal(reply.content_type, "text/html");
    assert_string_equal(text, "<html>Please login");
}

static void talk_until_close(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 200 OK\r\n\r\nto the end");
}

static void talk_cut_without_close(struct conn *conn)
{
    talk_until_close(conn);
    conn_sleep(conn, 50);
    SSL_set_quiet_shutdown(conn->tls, 1);
}

static void talk_cut_length(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this");
}

static void talk_cut_chunk(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n");
}

static void test_replies_cut_short(void **state)
{
    char text[64];
    struct http_reply reply = reply_to(talk_until_close, text, sizeof(text));

    (void)state;
    assert_int_equal(reply.failure.kind, NET_OK);
    assert_string_equal(text, "to the end");
    assert_int_equal(reply_to(talk_cut_without_close, NULL, 0).failure.kind, NET_FAIL_RESET);
    assert_int_equal(reply_to(talk_cut_length, NULL, 0).failure.kind, NET_FAIL_RESET);
    assert_int_equal(reply_to(talk_cut_chunk, NULL, 0).failure.kind, NET_FAIL_RESET);
}

static void talk_garbage(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "SSH-2.0: no status line\r\n\r\n");
    conn_drain(conn);
}

static void talk_long_garbage(struct conn *conn)
{
    char block[65536];

    memset(block, 'g', sizeof(block));
    if (conn_request(conn))
        conn_write(conn, block, sizeof(block));
    conn_drain(conn);
}

static void talk_no_status(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 fine\r\nContent-Length: 0\r\n\r\n");
    conn_drain(conn);
}

static void talk_huge_chunk(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn,
                  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff0\r\nxxxxxxxxxxxxxxxxxxxx");
    conn_drain(conn);
}

static void talk_two_lengths(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn,
                  "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    conn_drain(conn);
}

static void test_bad_http(void **state)
{
    (void)state;
    assert_int_equal(reply_to(talk_garbage, NULL, 0).failure.kind, NET_FAIL_PROTOCOL);
    assert_int_equal(reply_to(talk_long_garbage, NULL, 0).failure.kind, NET_FAIL_PROTOCOL);
    assert_int_equal(reply_to(talk_no_status, NULL, 0).failure.kind, NET_FAIL_PROTOCOL);
    assert_int_equal(reply_to(talk_huge_chunk, NULL, 0).failure.kind, NET_FAIL_PROTOCOL);
    assert_int_equal(reply_to(talk_two_lengths, NULL, 0).failure.kind, NET_FAIL_PROTOCOL);
}

static void talk_slow(struct conn *conn)
{
    if (!conn_request(conn))
        return;
    conn_text(conn, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 1000 && !conn->server->stop && conn_write(conn, "x", 1); i++)
        conn_sleep(conn, 20);
}

static void test_slow_reply_times_out(void **state)
{
    struct rig *rig = rig_talk(talk_slow);
    struct http_request request;

    (void)state;
    pin(rig);
    request = get(rig, url_of(rig, "https", "localhost", "/"));
    request.timeout_ms = 200;
    assert_non_null(http_start(rig->net, &request));
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_TIMEOUT);
    rig_free(rig);
}

static void talk_big_counted(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n");
    conn_drain(conn);
}

static void talk_big_endless(struct conn *conn)
{
    char block[16384];

    memset(block, 'x', sizeof(block));
    if (!conn_request(conn))
        return;
    conn_text(conn, "HTTP/1.1 200 OK\r\n\r\n");
    while (!conn->server->stop && conn_write(conn, block, sizeof(block)))
        ;
}

static void test_big_body_refused(void **state)
{
    (void)state;
    assert_int_equal(reply_to(talk_big_counted, NULL, 0).failure.kind, NET_FAIL_TOO_BIG);
    assert_int_equal(reply_to(talk_big_endless, NULL, 0).failure.kind, NET_FAIL_TOO_BIG);
}

/* The request comes back as the reply's body. */
static void talk_echo(struct conn *conn)
{
    char head[128];

    if (!conn_request(conn))
        return;
    snprintf(head, sizeof(head), "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", conn->request_size);
    conn_text(conn, head);
    conn_write(conn, conn->request, conn->request_size);
    conn_drain(conn);
}

static void test_request_as_sent(void **state)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "DELETE"};
    struct rig *rig = rig_talk(talk_echo);
    struct http_header header = {"X-MBX-APIKEY", "key"};
    char body[10000], url[128];

    (void)state;
    pin(rig);
    memset(body, 'b', sizeof(body));
    snprintf(url, sizeof(url), "%s", url_of(rig, "https", "localhost", "/api/v3/order?x=1"));
    for (unsigned i = 0; i < 4; i++) {
        struct http_request request = {.method = methods[i],
                                       .url = url,
                                       .headers = &header,
                                       .header_count = 1,
                                       .on_done = on_done,
                                       .arg = rig};
        char line[64];

        if (i > 0) {
            request.body = body;
            request.body_size = i == 3 ? 3 : sizeof(body);
        }
        assert_non_null(http_start(rig->net, &request));
        run_until(rig, &rig->done, i + 1);
        assert_int_equal(rig->failure.kind, NET_OK);
        snprintf(line, sizeof(line), "%s /api/v3/order?x=1 HTTP/1.1\r\n", methods[i]);
        assert_memory_equal(rig->text, line, strlen(line));
        snprintf(line, sizeof(line), "\r\nHost: localhost:%u\r\n", (unsigned)rig->server->port);
        assert_non_null(strstr(rig->text, line));
        assert_non_null(strstr(rig->text, "\r\nX-MBX-APIKEY: key\r\n"));
        assert_non_null(strstr(rig->text, "\r\nUser-Agent: flowdeck/test\r\n"));
        assert_null(strstr(rig->text, "gzip"));
        if (i > 0) {
            const char *end = strstr(rig->text, "\r\n\r\n") + 4;

            assert_non_null(strstr(rig->text, "application/x-www-form-urlencoded\r\n"));
            assert_int_equal(rig->text + rig->size - end, request.body_size);
            assert_memory_equal(end, body, request.body_size);
        }
    }
    rig_free(rig);
}

static void test_bad_requests_fail_later(void **state)
{
    struct rig *rig = rig_new(NULL);
    struct http_header injected = {"X-A", "1\r\nX-B: 2"};
    struct http_request request = get(rig, "http://localhost/");

    (void)state;
    assert_non_null(http_start(rig->net, &request));
    assert_int_equal(rig->done, 0);
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_URL);
    request = get(rig, "https://localhost/");
    request.headers = &injected;
    request.header_count = 1;
    assert_non_null(http_start(rig->net, &request));
    run_until(rig, &rig->done, 2);
    assert_int_equal(rig->failure.kind, NET_FAIL_URL);
    rig_free(rig);
}

static void test_refused_port(void **state)
{
    struct rig *rig = rig_talk(talk_hello);
    struct http_request request;
    char url[128];

    (void)state;
    snprintf(url, sizeof(url), "%s", url_of(rig, "https", "127.0.0.1", "/"));
    server_stop(rig->server);
    rig->server = NULL;
    request = get(rig, url);
    assert_non_null(http_start(rig->net, &request));
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_CONNECT);
    rig_free(rig);
}

static void test_bounds(void **state)
{
    struct rig *rig = rig_talk(talk_slow);
    struct ws_client *clients[WS_CLIENTS_MAX];
    struct http_request request;
    struct ws_client_config config = {.url = "wss://nowhere.invalid/",
                                      .on_open = on_open,
                                      .on_message = on_message,
                                      .on_closed = on_closed};

    (void)state;
    pin(rig);
    config.arg = rig;
    request = get(rig, url_of(rig, "https", "localhost", "/"));
    for (int i = 0; i < HTTP_CALLS_MAX; i++) {
        rig->call = http_start(rig->net, &request);
        assert_non_null(rig->call);
    }
    assert_null(http_start(rig->net, &request));
    http_cancel(rig->call);
    assert_non_null(http_start(rig->net, &request));
    for (int i = 0; i < WS_CLIENTS_MAX; i++) {
        clients[i] = ws_client_open(rig->net, &config);
        assert_non_null(clients[i]);
    }
    assert_null(ws_client_open(rig->net, &config));
    ws_client_free(clients[3]);
    assert_non_null(ws_client_open(rig->net, &config));
    for (int i = 0; i < RESOLVER_PINS_MAX - 1; i++) {
        char host[16];

        snprintf(host, sizeof(host), "h%d", i);
        assert_true(net_pin_address(rig->net, host, "127.0.0.1"));
    }
    assert_false(net_pin_address(rig->net, "one-more", "127.0.0.1"));
    assert_true(net_pin_address(rig->net, "h0", "::1"));
    assert_false(net_pin_address(rig->net, "h0", "localhost"));
    rig_free(rig);
    assert_true(true);
}

/* --- names ------------------------------------------------------------------------------------------------- */

static atomic_bool hang_over;
static atomic_uint lookups;

static void lookup_hangs(const char *host, struct resolver_answer *answer)
{
    lookups++;
    if (strcmp(host, "localhost") == 0) {
        snprintf(answer->address[0], sizeof(answer->address[0]), "127.0.0.1");
        answer->count = 1;
        return;
    }
    while (!hang_over)
        poll(NULL, 0, 5);
    snprintf(answer->error, sizeof(answer->error), "too late");
}

static void test_hanging_lookup_stalls_nothing(void **state)
{
    struct rig *rig = rig_talk(talk_hello);
    struct http_request request;

    (void)state;
    hang_over = false;
    net_set_lookup(rig->net, lookup_hangs);
    open_ws_at(rig, "wss://hangs.example/", 150, 0);
    start_get(rig, "/"); /* another name is found meanwhile */
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_OK);
    assert_int_equal(rig->closed, 0);
    rig->worst_gap = 0;
    run_until(rig, &rig->closed, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_RESOLVE);
    print_message("worst gap of the loop while a look-up hangs: %.2f ms\n", rig->worst_gap * 1000);
    assert_true(rig->worst_gap < 0.1); /* a blocking look-up would be 150 ms at least */
    drop_ws(rig);
    request = get(rig, "https://hangs-too.example/");
    assert_non_null(http_start(rig->net, &request));
    run_for(rig, 20);
    rig_free(rig); /* does not wait for it */
    hang_over = true;
    poll(NULL, 0, 40); /* the threads find the net gone */
}

static void lookup_fails(const char *host, struct resolver_answer *answer)
{
    (void)host;
    snprintf(answer->error, sizeof(answer->error), "Name or service not known");
}

static void test_unknown_name(void **state)
{
    struct rig *rig = rig_new(NULL);

    (void)state;
    net_set_lookup(rig->net, lookup_fails);
    open_ws_at(rig, "wss://nothing.example/", 0, 0);
    run_until(rig, &rig->closed, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_RESOLVE);
    assert_non_null(strstr(rig->failure.text, "nothing.example: Name or service not known"));
    rig_free(rig);
}

/* Two dead addresses, the IPv6 one and one where nobody listens, before the right one. */
static void lookup_three(const char *host, struct resolver_answer *answer)
{
    (void)host;
    lookups++;
    snprintf(answer->address[0], sizeof(answer->address[0]), "::1");
    snprintf(answer->address[1], sizeof(answer->address[1]), "127.0.0.9");
    snprintf(answer->address[2], sizeof(answer->address[2]), "127.0.0.1");
    answer->count = 3;
}

static void test_every_address_is_tried_and_cached(void **state)
{
    struct rig *rig = rig_talk(talk_hello);

    (void)state;
    lookups = 0;
    net_set_lookup(rig->net, lookup_three);
    start_get(rig, "/");
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_OK);
    start_get(rig, "/");
    run_until(rig, &rig->done, 2);
    assert_int_equal(rig->failure.kind, NET_OK);
    assert_int_equal(lookups, 1);
    rig_free(rig);
}

static void test_system_lookup(void **state)
{
    struct rig *rig = rig_talk(talk_hello);

    (void)state;
    start_get(rig, "/"); /* localhost by /etc/hosts */
    run_until(rig, &rig->done, 1);
    assert_int_equal(rig->failure.kind, NET_OK);
    rig_free(rig);
}

/* --- WebSocket --------------------------------------------------------------------------------------------- */

static void talk_messages(struct conn *conn)
{
    unsigned char *big = malloc(NET_MESSAGE_MAX);

    memset(big, 'y', NET_MESSAGE_MAX);
    if (ws_accept(conn)) {
        ws_text(conn, "one");
        ws_send(conn, 0x01, "tw", 2);
        ws_send(conn, 0x89, "between", 7);
        ws_send(conn, 0x00, "", 0);
        ws_send(conn, 0x80, "o\xe2\x82\xac", 4);
        ws_send(conn, 0x81, big, NET_MESSAGE_MAX);
        ws_text(conn, "last");
    }
    free(big);
    conn_drain(conn);
}

static void test_messages(void **state)
{
    struct rig *rig = rig_talk(talk_messages);

    (void)state;
    pin(rig);
    open_ws(rig);
    assert_false(ws_client_send(rig->ws, "x", 1));
    run_until(rig, &rig->messages, 1);
    assert_int_equal(rig->opened, 1);
    assert_true(rig->padded);
    run_until(rig, &rig->messages, 4);
    assert_string_equal(rig->text, "last");
    assert_true(rig->padded);
    assert_int_equal(ws_client_stats(rig->ws)->messages, 4);
    assert_int_equal(ws_client_stats(rig->ws)->bytes, 3 + 6 + NET_MESSAGE_MAX + 4);
    assert_int_equal(ws_client_stats(rig->ws)->pings, 1);
    assert_int_equal(ws_client_stats(rig->ws)->pongs_sent, 1);
    assert_int_equal(ws_client_stats(rig->ws)->last_message_boot_ns, rig->recv_boot_ns);
    assert_true(rig->recv_boot_ns <= boot_ns() && rig->recv_boot_ns > boot_ns() - (int64_t)RUN_MS * 1000000);
    rig_free(rig);
}

/* The first frames come in the same TLS record as the 101: they must not be lost. */
static void talk_at_once(struct conn *conn)
{
    BIO *plain = SSL_get_wbio(conn->tls), *buffer = BIO_new(BIO_f_buffer());

    BIO_up_ref(plain);
    SSL_set0_wbio(conn->tls, BIO_push(buffer, plain));
    if (ws_accept(conn))
        for (int i = 0; i < 20; i++)
            ws_text(conn, "early");
    BIO_flush(SSL_get_wbio(conn->tls));
    conn_drain(conn);
}

static void test_messages_with_the_upgrade(void **state)
{
    struct rig *rig = rig_talk(talk_at_once);

    (void)state;
    pin(rig);
    open_ws(rig);
    run_until(rig, &rig->messages, 20);
    rig_free(rig);
}

static void talk_one_record(struct conn *conn)
{
    unsigned char digest[20], reply[1000];
    char key[128], joined[256], accept[64];
    size_t size;

    if (!conn_request(conn) || !conn_header(conn, "Sec-WebSocket-Key", key, sizeof(key)))
        return;
    snprintf(joined, sizeof(joined), "%s258EAFA5-E914-47DA-95CA-C5AB0DC85B11", key);
    EVP_Digest(joined, strlen(joined), digest, NULL, EVP_sha1(), NULL);
    EVP_EncodeBlock((unsigned char *)accept, digest, 20);
    size =
        (size_t)snprintf((char *)reply, sizeof(reply),
                         "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                         "Sec-WebSocket-Accept: %s\r\n\r\n",
                         accept);
    size += ws_frame(reply + size, 0x81, "first", 5);
    size += ws_frame(reply + size, 0x81, "second", 6);
    conn_write(conn, reply, size);
    conn_drain(conn);
}

static void test_message_in_the_record_of_the_upgrade(void **state)
{
    struct rig *rig = rig_talk(talk_one_record);

    (void)state;
    pin(rig);
    open_ws(rig);
    run_until(rig, &rig->messages, 2);
    assert_string_equal(rig->text, "second");
    rig_free(rig);
}

static void talk_handshake_echo(struct conn *conn)
{
    if (ws_accept(conn))
        ws_text(conn, conn->request);
    conn_drain(conn);
}

static void test_handshake_request(void **state)
{
    struct rig *rig = rig_talk(talk_handshake_echo);

    (void)state;
    pin(rig);
    open_ws(rig);
    run_until(rig, &rig->messages, 1);
    assert_memory_equal(rig->text, "GET /ws?a=b HTTP/1.1\r\n", 22);
    assert_non_null(strstr(rig->text, "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"));
    assert_null(strcasestr(rig->text, "connection: close"));
    assert_null(strcasestr(rig->text, "Sec-WebSocket-Extensions"));
    assert_non_null(strstr(rig->text, "\r\nSec-WebSocket-Version: 13\r\n"));
    rig_free(rig);
}

static void talk_close_when_told(struct conn *conn)
{
    char text[200];
    size_t size;
    bool ping_first = false;

    if (!ws_accept(conn))
        return;
    ws_text(conn, "go");
    ws_send(conn, 0x89, "payload \x00\xff", 10);
    for (int opcode; (opcode = ws_receive(conn, text, sizeof(text), &size)) >= 0;) {
        if (opcode == 10) {
            ping_first = size == 10 && memcmp(text, "payload \x00\xff", 10) == 0;
        } else if (opcode == 1) {
            ws_text(conn, ping_first ? "pong was right" : "no pong before text");
            ws_text(conn, text);
        } else if (opcode == 8) {
            ws_send(conn, 0x88, text, size);
            return;
        }
    }
}

static void test_pong_then_text_then_close(void **state)
{
    struct rig *rig = rig_talk(talk_close_when_told);

    (void)state;
    pin(rig);
    open_ws(rig);
    run_until(rig, &rig->messages, 1);
    while (ws_client_stats(rig->ws)->pings == 0)
        ev_run(rig->loop, EVRUN_ONCE);
    assert_true(ws_client_send(rig->ws, "{\"method\":\"SUBSCRIBE\"}", 22));
    run_until(rig, &rig->messages, 3);
    assert_string_equal(rig->text, "{\"method\":\"SUBSCRIBE\"}");
    assert_int_equal(ws_client_stats(rig->ws)->pongs_sent, 1);
    print_message("ping read to pong written: %.1f us\n",
                  (double)ws_client_stats(rig->ws)->pong_delay_max_ns / 1000);
    ws_client_close(rig->ws);
    assert_int_equal(rig->closed, 0);
    assert_false(ws_client_send(rig->ws, "x", 1));
    run_until(rig, &rig->closed, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_CLOSED);
    assert_int_equal(rig->failure.close_code, 1000);
    run_for(rig, 30);
    assert_int_equal(rig->closed, 1);
    rig_free(rig);
}

/* Text is queued first, the pings come while it waits: the answers go out before it. */
static void talk_pings_first(struct conn *conn)
{
    char text[200], order[8] = "";
    size_t size;

    if (!ws_accept(conn))
        return;
    ws_send(conn, 0x89, "1", 1);
    ws_send(conn, 0x89, "2", 1);
    ws_text(conn, "go");
    while (strlen(order) < 3) {
        int opcode = ws_receive(conn, text, sizeof(text), &size);

        strcat(order, opcode == 10 ? "p" : opcode == 1 ? "t" : "?");
    }
    ws_text(conn, order);
    conn_drain(conn);
}

static void on_open_send(void *arg)
{
    struct rig *rig = arg;

    rig->opened++;
    usleep(50000); /* the pings are here when the loop goes on */
    rig->flag = ws_client_send(rig->ws, "text", 4);
}

static void test_pong_goes_before_queued_text(void **state)
{
    struct rig *rig = rig_talk(talk_pings_first);
    struct ws_client_config config = {
        .on_open = on_open_send, .on_message = on_message, .on_closed = on_closed, .arg = rig};

    (void)state;
    pin(rig);
    config.url = url_of(rig, "wss", "localhost", "/");
    rig->ws = ws_client_open(rig->net, &config);
    run_until(rig, &rig->messages, 2);
    assert_true(rig->flag);
    /* The loop decides whether reading or writing comes first; a text never splits two answers. */
    assert_true(strcmp(rig->text, "ppt") == 0 || strcmp(rig->text, "tpp") == 0);
    assert_int_equal(ws_client_stats(rig->ws)->pongs_sent, 2);
    rig_free(rig);
}

static void talk_code_1012(struct conn *conn)
{
    char text[200];
    size_t size = 0;

    if (ws_accept(conn))
        ws_send(conn, 0x88, "\x03\xf4service\x1b[31m restart", 22);
    if (ws_receive(conn, text, sizeof(text), &size) == 8 && size == 2 && memcmp(text, "\x03\xf4", 2) == 0)
        conn->server->sni[0] = '!'; /* our close came back */
}

static void talk_code_1005(struct conn *conn)
{
    if (ws_accept(conn))
        ws_send(conn, 0x88, "\x03\xed", 2);
    conn_drain(conn);
}

static void talk_no_code(struct conn *conn)
{
    if (ws_accept(conn))
        ws_send(conn, 0x88, "", 0);
    conn_drain(conn);
}

static void talk_binary(struct conn *conn)
{
    if (ws_accept(conn))
        ws_send(conn, 0x82, "x", 1);
    conn_drain(conn);
}

static void talk_bad_text(struct conn *conn)
{
    if (ws_accept(conn))
        ws_send(conn, 0x81, "\xc3\x28", 2);
    conn_drain(conn);
}

static void talk_reset(struct conn *conn)
{
    if (ws_accept(conn))
        ws_text(conn, "x");
    conn_sleep(conn, 30);
    conn_reset(conn);
}

static void talk_gone(struct conn *conn)
{
    ws_accept(conn);
}

static void talk_close_silent(struct conn *conn)
{
    ws_accept(conn);
    conn_sleep(conn, 5000);
}

static struct net_failure failure_of(server_talk talk)
{
    struct rig *rig = rig_talk(talk);
    struct net_failure failure;

    pin(rig);
    open_ws(rig);
    run_until(rig, &rig->closed, 1);
    failure = rig->failure;
    run_for(rig, 20);
    assert_int_equal(rig->closed, 1);
    rig_free(rig);
    return failure;
}

static void test_ends(void **state)
{
    struct net_failure failure = failure_of(talk_code_1012);

    (void)state;
    assert_int_equal(failure.kind, NET_FAIL_CLOSED);
    assert_int_equal(failure.close_code, 1012);
    assert_non_null(strstr(failure.text, "service\\x1b[31m restart"));
    failure = failure_of(talk_no_code);
    assert_int_equal(failure.kind, NET_FAIL_CLOSED);
    assert_int_equal(failure.close_code, 0);
    assert_int_equal(failure_of(talk_code_1005).kind, NET_FAIL_PROTOCOL);
    assert_int_equal(failure_of(talk_binary).kind, NET_FAIL_PROTOCOL);
    assert_int_equal(failure_of(talk_bad_text).kind, NET_FAIL_PROTOCOL);
    assert_int_equal(failure_of(talk_reset).kind, NET_FAIL_RESET);
    assert_int_equal(failure_of(talk_gone).kind, NET_FAIL_RESET);
}

static void talk_429(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 429 Too Many\r\nRetry-After: 42\r\nContent-Length: 0\r\n\r\n");
    conn_drain(conn);
}

static void talk_html_200(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6\r\n\r\n<html>");
    conn_drain(conn);
}

static void talk_wrong_accept(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n");
    conn_drain(conn);
}

static void test_upgrade_refused(void **state)
{
    struct net_failure failure = failure_of(talk_429);

    (void)state;
    assert_int_equal(failure.kind, NET_FAIL_UPGRADE);
    assert_int_equal(failure.http_status, 429);
    assert_int_equal(failure.retry_after_s, 42);
    failure = failure_of(talk_redirect);
    assert_int_equal(failure.kind, NET_FAIL_UPGRADE);
    assert_int_equal(failure.http_status, 302);
    assert_int_equal(failure.retry_after_s, -1);
    failure = failure_of(talk_html_200);
    assert_int_equal(failure.kind, NET_FAIL_UPGRADE);
    assert_int_equal(failure.http_status, 200);
    assert_int_equal(failure_of(talk_wrong_accept).kind, NET_FAIL_UPGRADE);
}

static void talk_silent(struct conn *conn)
{
    conn_request(conn);
    conn_sleep(conn, 5000);
}

static void test_half_open_until_timeout(void **state)
{
    struct rig *rig = rig_talk(talk_silent);
    int64_t start = boot_ns();

    (void)state;
    pin(rig);
    open_ws_at(rig, url_of(rig, "wss", "localhost", "/"), 150, 0);
    run_until(rig, &rig->closed, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_TIMEOUT);
    assert_true(boot_ns() - start >= 145000000);
    rig_free(rig);
}

/* One byte over the cap, in one frame and in pieces without end. */
static void talk_over_cap(struct conn *conn)
{
    unsigned char head[16];

    if (ws_accept(conn))
        conn_write(conn, head, ws_frame(head, 0x81, NULL, NET_MESSAGE_MAX + 1));
    conn_drain(conn);
}

static void talk_pieces_without_end(struct conn *conn)
{
    char *block = malloc(MIB);

    memset(block, 'x', MIB);
    if (ws_accept(conn) && ws_send(conn, 0x01, block, MIB))
        while (!conn->server->stop && ws_send(conn, 0x00, block, MIB))
            ;
    free(block);
}

static void test_over_the_cap(void **state)
{
    (void)state;
    assert_int_equal(failure_of(talk_over_cap).kind, NET_FAIL_TOO_BIG);
    assert_int_equal(failure_of(talk_pieces_without_end).kind, NET_FAIL_TOO_BIG);
}

static void talk_echo_text(struct conn *conn)
{
    char *text = malloc(WS_SEND_QUEUE_MAX + 1);
    size_t size;

    if (ws_accept(conn)) {
        conn_sleep(conn, 50);
        while (ws_receive(conn, text, WS_SEND_QUEUE_MAX + 1, &size) == 1)
            ws_send(conn, 0x81, text, size);
    }
    free(text);
}

static void test_send_queue(void **state)
{
    struct rig *rig = rig_talk(talk_echo_text);
    char text[1000];
    unsigned queued = 0;

    (void)state;
    pin(rig);
    open_ws(rig);
    run_until(rig, &rig->opened, 1);
    memset(text, 'q', sizeof(text));
    while (ws_client_send(rig->ws, text, sizeof(text)))
        queued++;
    assert_in_range(queued, 60, 66);
    run_until(rig, &rig->messages, queued);
    assert_int_equal(rig->size, sizeof(text));
    assert_true(ws_client_send(rig->ws, "", 0));
    run_until(rig, &rig->messages, queued + 1);
    assert_int_equal(rig->size, 0);
    rig_free(rig);
}

static void test_close_without_answer_and_before_open(void **state)
{
    struct rig *rig = rig_talk(talk_close_silent);

    (void)state;
    pin(rig);
    open_ws(rig);
    ws_client_close(rig->ws);
    run_until(rig, &rig->closed, 1);
    assert_int_equal(rig->failure.kind, NET_FAIL_CLOSED);
    drop_ws(rig);
    open_ws(rig);
    run_until(rig, &rig->opened, 1);
    ws_client_close(rig->ws);
    run_until(rig, &rig->closed, 2);
    assert_int_equal(rig->failure.kind, NET_FAIL_CLOSED);
    rig_free(rig);
}

/* --- lifetime ---------------------------------------------------------------------------------------------- */

static void test_free_inside_callbacks(void **state)
{
    struct rig *rig = rig_talk(talk_one_record);

    (void)state;
    pin(rig);
    rig->free_on_open = true;
    open_ws(rig);
    run_until(rig, &rig->opened, 1);
    rig->free_on_open = false;
    rig->free_on_message = true;
    open_ws(rig);
    run_until(rig, &rig->messages, 1);
    run_for(rig, 30);
    assert_int_equal(rig->messages, 1); /* the second message of the same read does not come */
    assert_int_equal(rig->closed, 0);
    rig_free(rig);
    rig = rig_talk(talk_429);
    pin(rig);
    rig->free_on_closed = true;
    open_ws(rig);
    run_until(rig, &rig->closed, 1);
    open_ws_at(rig, "ws://bad/", 0, 0);
    run_until(rig, &rig->closed, 2);
    assert_null(rig->ws);
    rig_free(rig);
}

static void on_done_again(void *arg, const struct http_reply *reply)
{
    struct rig *rig = arg;

    on_done(arg, reply);
    if (rig->done < 3) {
        struct http_request request = get(rig, url_of(rig, "https", "localhost", "/"));

        request.on_done = on_done_again;
        assert_non_null(http_start(rig->net, &request));
        open_ws_at(rig, url_of(rig, "wss", "localhost", "/"), 0, 0);
        drop_ws(rig);
    }
    http_cancel(rig->call); /* its own, the first time: too late, and harmless */
    rig->call = NULL;
}

static void test_start_and_cancel_inside_callbacks(void **state)
{
    struct rig *rig = rig_talk(talk_hello);
    struct http_request request;

    (void)state;
    pin(rig);
    request = get(rig, url_of(rig, "https", "localhost", "/"));
    request.on_done = on_done_again;
    rig->call = http_start(rig->net, &request);
    run_until(rig, &rig->done, 3);
    rig_free(rig);
}

static unsigned count_fds(void)
{
    DIR *folder = opendir("/proc/self/fd");
    unsigned count = 0;

    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static void test_net_free_with_all_open(void **state)
{
    unsigned before = count_fds();

    (void)state;
    for (int delay_ms = 0; delay_ms < 60; delay_ms += 6) {
        struct rig *rig = rig_talk(talk_at_once);
        struct http_request request = get(rig, "https://hangs.example/");
        unsigned opened, messages;

        hang_over = false;
        pin(rig);
        net_set_lookup(rig->net, lookup_hangs);
        open_ws(rig);
        open_ws(rig);
        start_get(rig, "/");
        assert_non_null(http_start(rig->net, &request));
        if (delay_ms > 0)
            run_for(rig, delay_ms);
        opened = rig->opened;
        messages = rig->messages;
        net_free(rig->net);
        rig->net = NULL;
        run_for(rig, 5);
        assert_int_equal(rig->opened, opened);
        assert_int_equal(rig->messages, messages);
        assert_int_equal(rig->closed + rig->done, 0);
        rig_free(rig);
        hang_over = true;
    }
    poll(NULL, 0, 40);
    assert_int_equal(count_fds(), before);
}

/* Two nets on one loop, as engine and tests have them; the loop goes on without the first. */
static void test_two_nets_on_one_loop(void **state)
{
    struct rig *rig = rig_talk(talk_hello);
    struct net *second = new_net(rig->loop);

    (void)state;
    pin(rig);
    start_get(rig, "/");
    run_until(rig, &rig->done, 1);
    net_free(second);
    start_get(rig, "/");
    run_until(rig, &rig->done, 2);
    assert_int_equal(rig->failure.kind, NET_OK);
    rig_free(rig);
}

static void talk_stream(struct conn *conn)
{
    char text[3000];

    memset(text, 's', sizeof(text));
    if (ws_accept(conn))
        for (int i = 0; i < 4000 && ws_send(conn, 0x81, text, sizeof(text)); i++)
            if (i == 2000)
                ws_send(conn, 0x89, "now", 3);
    conn_drain(conn);
}

static void test_memory_stays_flat_over_messages(void **state)
{
    struct rig *rig = rig_talk(talk_stream);
    size_t before;

    (void)state;
    pin(rig);
    open_ws(rig);
    while (rig->messages < 1000)
        ev_run(rig->loop, EVRUN_ONCE);
    before = mallinfo2().uordblks;
    while (rig->messages < 4000)
        ev_run(rig->loop, EVRUN_ONCE);
    assert_true(mallinfo2().uordblks < before + 65536);
    assert_int_equal(ws_client_stats(rig->ws)->pongs_sent, 1);
    rig_free(rig);
}

/* What the library says goes to our log; nothing reaches stderr. */
static void test_library_is_quiet(void **state)
{
    char path[] = "/tmp/flowdeck-test-net-err-XXXXXX";
    int file = mkstemp(path), saved = dup(2);
    struct log_tail_line lines[LOG_TAIL_MAX];
    off_t written;
    bool found = false;

    (void)state;
    log_open(NULL, LOG_FORMAT_TEXT, LOG_WARN);
    dup2(file, 2);
    refused_cert("localhost", &(struct cert_spec){.name = "x", .san = "DNS:localhost"}, NULL, "self-signed");
    dup2(saved, 2);
    written = lseek(file, 0, SEEK_CUR);
    close(file);
    close(saved);
    unlink(path);
    assert_int_equal(written, 0);
    log_drain();
    for (size_t i = 0, count = log_tail(lines, LOG_TAIL_MAX); i < count; i++)
        found |= strstr(lines[i].text, "net.library") != NULL;
    log_close();
    assert_true(found);
}

static int setup(void **state)
{
    (void)state;
    root = make_cert(&(struct cert_spec){.name = "test root", .ca = true}, NULL);
    other_root = make_cert(&(struct cert_spec){.name = "other root", .ca = true}, NULL);
    good = make_cert(&(struct cert_spec){.name = "good", .san = "DNS:localhost,IP:127.0.0.1"}, &root);
    close(mkstemp(ca_path));
    write_pem(&root, ca_path);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    free_cert(&root);
    free_cert(&other_root);
    free_cert(&good);
    unlink(ca_path);
    return 0;
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_url),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_frames_in_any_pieces),
        cmocka_unit_test(test_frames_refused),
        cmocka_unit_test(test_endless_empty_fragments),
        cmocka_unit_test(test_close_codes),
        cmocka_unit_test(test_good_certificates),
        cmocka_unit_test(test_expired),
        cmocka_unit_test(test_not_yet_valid),
        cmocka_unit_test(test_wrong_host),
        cmocka_unit_test(test_wrong_ip),
        cmocka_unit_test(test_unknown_ca),
        cmocka_unit_test(test_unknown_ca_with_its_root),
        cmocka_unit_test(test_self_signed),
        cmocka_unit_test(test_issuer_without_ca_bit),
        cmocka_unit_test(test_old_protocol),
        cmocka_unit_test(test_no_tls_at_all),
        cmocka_unit_test(test_source_has_no_way_around_the_check),
        cmocka_unit_test(test_ca_file_unreadable),
        cmocka_unit_test(test_reply_headers),
        cmocka_unit_test(test_retry_after_as_date_and_no_body),
        cmocka_unit_test(test_redirect_is_a_reply),
        cmocka_unit_test(test_captive_page_chunked),
        cmocka_unit_test(test_replies_cut_short),
        cmocka_unit_test(test_bad_http),
        cmocka_unit_test(test_slow_reply_times_out),
        cmocka_unit_test(test_big_body_refused),
        cmocka_unit_test(test_request_as_sent),
        cmocka_unit_test(test_bad_requests_fail_later),
        cmocka_unit_test(test_refused_port),
        cmocka_unit_test(test_bounds),
        cmocka_unit_test(test_hanging_lookup_stalls_nothing),
        cmocka_unit_test(test_unknown_name),
        cmocka_unit_test(test_every_address_is_tried_and_cached),
        cmocka_unit_test(test_system_lookup),
        cmocka_unit_test(test_messages),
        cmocka_unit_test(test_messages_with_the_upgrade),
        cmocka_unit_test(test_message_in_the_record_of_the_upgrade),
        cmocka_unit_test(test_handshake_request),
        cmocka_unit_test(test_pong_then_text_then_close),
        cmocka_unit_test(test_pong_goes_before_queued_text),
        cmocka_unit_test(test_ends),
        cmocka_unit_test(test_upgrade_refused),
        cmocka_unit_test(test_half_open_until_timeout),
        cmocka_unit_test(test_over_the_cap),
        cmocka_unit_test(test_send_queue),
        cmocka_unit_test(test_close_without_answer_and_before_open),
        cmocka_unit_test(test_free_inside_callbacks),
        cmocka_unit_test(test_start_and_cancel_inside_callbacks),
        cmocka_unit_test(test_net_free_with_all_open),
        cmocka_unit_test(test_two_nets_on_one_loop),
        cmocka_unit_test(test_memory_stays_flat_over_messages),
        cmocka_unit_test(test_library_is_quiet),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}

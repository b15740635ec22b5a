/* HTTP calls: replies whole, cut, too big, slow; requests as they reach a server. */
#include "unit/net_rig.h"

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

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reply_headers),        cmocka_unit_test(test_retry_after_as_date_and_no_body),
        cmocka_unit_test(test_redirect_is_a_reply),  cmocka_unit_test(test_captive_page_chunked),
        cmocka_unit_test(test_replies_cut_short),    cmocka_unit_test(test_bad_http),
        cmocka_unit_test(test_slow_reply_times_out), cmocka_unit_test(test_big_body_refused),
        cmocka_unit_test(test_request_as_sent),      cmocka_unit_test(test_bad_requests_fail_later),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}

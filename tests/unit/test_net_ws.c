/* WebSocket connections: messages, pings, ends. */
#include "unit/net_rig.h"

#include "net/ws_frame.h"

#include <malloc.h>

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

static void test_messages_with_the_upgrade(void **state)
{
    struct rig *rig = rig_talk(talk_at_once);

    (void)state;
    pin(rig);
    open_ws(rig);
    run_until(rig, &rig->messages, 20);
    rig_free(rig);
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
    for (int i = 0; i < 500 && ws_client_stats(rig->ws)->pings == 0; i++)
        run_for(rig, 10);
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
    run_until(rig, &rig->messages, 1000);
    before = mallinfo2().uordblks;
    run_until(rig, &rig->messages, 4000);
    assert_true(mallinfo2().uordblks < before + 65536);
    assert_int_equal(ws_client_stats(rig->ws)->pongs_sent, 1);
    rig_free(rig);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
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
        cmocka_unit_test(test_memory_stays_flat_over_messages),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}

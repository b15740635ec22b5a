/*
 * net_rig.h - a loop, a net that trusts one test root, a TLS server, and what the callbacks saw.
 */
#ifndef UNIT_NET_RIG_H
#define UNIT_NET_RIG_H

#include "net/http_client.h"
#include "net/net_test.h"
#include "net/ws_client.h"

#include "unit/cmocka_all.h"
#include "unit/tls_server.h"

#include <time.h>

#define RUN_MS 6000 /* no wait is longer */
#define MIB    ((size_t)1 << 20)

static struct cert root, other_root, good; /* good: localhost and 127.0.0.1, by root */
static char ca_path[] = "/tmp/flowdeck-test-net-XXXXXX";

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
    unsigned ticks; /* of a 2 ms timer while run_until() or run_for() turns the loop */
};

static inline int64_t boot_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static inline struct net *new_net(struct ev_loop *loop)
{
    struct net_config config = {.loop = loop, .ca_file = ca_path, .user_agent = "flowdeck/test"};
    struct net *net = NULL;
    char why[200] = "";

    if (net_new(&config, &net, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    return net;
}

static inline struct rig *rig_new(const struct server_spec *spec)
{
    struct rig *rig = calloc(1, sizeof(*rig));

    rig->loop = ev_loop_new(0);
    rig->net = new_net(rig->loop);
    rig->server = spec != NULL ? server_start(spec) : NULL;
    return rig;
}

static inline struct rig *rig_talk(server_talk talk)
{
    return rig_new(&(struct server_spec){.cert = &good, .talk = talk});
}

static inline void rig_free(struct rig *rig)
{
    net_free(rig->net);
    if (rig->server != NULL)
        server_stop(rig->server);
    ev_loop_destroy(rig->loop);
    free(rig->text);
    free(rig);
}

static inline void keep(struct rig *rig, const char *text, size_t size)
{
    rig->padded = true;
    for (size_t i = 0; i < NET_PADDING; i++)
        rig->padded &= text[size + i] == '\0';
    rig->text = realloc(rig->text, size + 1);
    memcpy(rig->text, text, size);
    rig->text[size] = '\0';
    rig->size = size;
}

static inline void drop_ws(struct rig *rig)
{
    ws_client_free(rig->ws);
    rig->ws = NULL;
}

static inline void on_open(void *arg)
{
    struct rig *rig = arg;

    rig->opened++;
    if (rig->free_on_open)
        drop_ws(rig);
}

static inline void on_message(void *arg, int64_t recv_boot_ns, const char *text, size_t size)
{
    struct rig *rig = arg;

    rig->messages++;
    rig->recv_boot_ns = recv_boot_ns;
    keep(rig, text, size);
    if (rig->free_on_message)
        drop_ws(rig);
}

static inline void on_closed(void *arg, const struct net_failure *failure)
{
    struct rig *rig = arg;

    rig->closed++;
    rig->failure = *failure;
    if (rig->free_on_closed)
        drop_ws(rig);
}

static inline void on_done(void *arg, const struct http_reply *reply)
{
    struct rig *rig = arg;

    rig->done++;
    rig->reply = *reply;
    rig->failure = reply->failure;
    if (reply->body != NULL)
        keep(rig, reply->body, reply->size);
}

static inline void on_tick(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct rig *rig = timer->data;

    (void)loop;
    (void)revents;
    rig->ticks++;
}

/* Runs the loop until *count has reached `want`, or fails. */
static inline void run_until(struct rig *rig, const unsigned *count, unsigned want)
{
    int64_t end = boot_ns() + (int64_t)RUN_MS * 1000000;
    ev_timer tick;

    ev_timer_init(&tick, on_tick, 0.002, 0.002);
    tick.data = rig;
    ev_timer_start(rig->loop, &tick);
    while (*count < want && boot_ns() < end)
        ev_run(rig->loop, EVRUN_ONCE);
    ev_timer_stop(rig->loop, &tick);
    assert_true(*count >= want);
}

static inline void run_for(struct rig *rig, int ms)
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

static inline void open_ws_at(struct rig *rig, const char *url, int64_t connect_ms, size_t message_max)
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

static inline void open_ws(struct rig *rig)
{
    open_ws_at(rig, url_of(rig, "wss", "localhost", "/ws?a=b"), 0, 0);
}

static inline struct http_request get(struct rig *rig, const char *url)
{
    return (struct http_request){.method = "GET", .url = url, .on_done = on_done, .arg = rig};
}

static inline void start_get(struct rig *rig, const char *path)
{
    struct http_request request = get(rig, url_of(rig, "https", "localhost", path));

    rig->call = http_start(rig->net, &request);
    assert_non_null(rig->call);
}

static inline void pin(struct rig *rig)
{
    assert_true(net_pin_address(rig->net, "localhost", "127.0.0.1"));
}

static inline void talk_hello(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    conn_drain(conn);
}

static inline void talk_redirect(struct conn *conn)
{
    char text[200];

    snprintf(text, sizeof(text),
             "HTTP/1.1 302 Found\r\nLocation: https://localhost:%u/elsewhere\r\nContent-Length: 0\r\n\r\n",
             (unsigned)conn->server->port);
    if (conn_request(conn))
        conn_text(conn, text);
    conn_drain(conn);
}

static inline void talk_slow(struct conn *conn)
{
    if (!conn_request(conn))
        return;
    conn_text(conn, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
    for (int i = 0; i < 1000 && !conn->server->stop && conn_write(conn, "x", 1); i++)
        conn_sleep(conn, 20);
}

/* The first frames come in the same TLS record as the 101: they must not be lost. */
static inline void talk_at_once(struct conn *conn)
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

static inline void talk_one_record(struct conn *conn)
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

static inline void talk_429(struct conn *conn)
{
    if (conn_request(conn))
        conn_text(conn, "HTTP/1.1 429 Too Many\r\nRetry-After: 42\r\nContent-Length: 0\r\n\r\n");
    conn_drain(conn);
}

static inline int setup(void **state)
{
    (void)state;
    root = make_cert(&(struct cert_spec){.name = "test root", .ca = true}, NULL);
    other_root = make_cert(&(struct cert_spec){.name = "other root", .ca = true}, NULL);
    good = make_cert(&(struct cert_spec){.name = "good", .san = "DNS:localhost,IP:127.0.0.1"}, &root);
    close(mkstemp(ca_path));
    write_pem(&root, ca_path);
    return 0;
}

static inline int teardown(void **state)
{
    (void)state;
    free_cert(&root);
    free_cert(&other_root);
    free_cert(&good);
    unlink(ca_path);
    return 0;
}

#endif

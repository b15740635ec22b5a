/*
 * sim_client.h - a small blocking TLS, HTTP and WebSocket client for tests of the built-in exchange, and the exchange
 * itself in a thread. Shares nothing with src/net.
 */
#ifndef UNIT_SIM_CLIENT_H
#define UNIT_SIM_CLIENT_H

#include "sim/server.h"
#include "sim/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#define CLIENT_ROOM (4 << 20)
#define BODY_ROOM   (2 << 20)

/* --- the exchange in a thread --------------------------------------------------------------------------------- */

struct running {
    struct sim_server_config config;
    atomic_bool stop;
    pthread_t thread;
    enum err err;
    char why[1024];
    char dir[64], path[256], ca[256];
    int port, ready[2];
};

static void *running_main(void *arg)
{
    struct running *running = arg;

    running->err = sim_server_run(&running->config, running->why, sizeof(running->why));
    close(running->ready[1]); /* wakes a reader if it never was ready */
    return NULL;
}

static void running_dir(struct running *running)
{
    memset(running, 0, sizeof(*running));
    snprintf(running->dir, sizeof(running->dir), "/tmp/flowdeck-sim-XXXXXX");
    assert_non_null(mkdtemp(running->dir));
    running->config = (struct sim_server_config){.listen = "127.0.0.1:0",
                                                 .data_dir = running->dir,
                                                 .seed = 7,
                                                 .speed_x1000 = 1000,
                                                 .ready_fd = -1,
                                                 .stop = &running->stop};
    snprintf(running->ca, sizeof(running->ca), "%s/ca.pem", running->dir);
}

static void running_start(struct running *running)
{
    char json[4096] = "", *at;
    ssize_t got;
    FILE *file;

    atomic_store(&running->stop, false);
    assert_int_equal(pipe(running->ready), 0);
    running->config.ready_fd = running->ready[1];
    assert_int_equal(pthread_create(&running->thread, NULL, running_main, running), 0);
    got = read(running->ready[0], running->path, sizeof(running->path) - 1);
    if (got <= 0) {
        pthread_join(running->thread, NULL);
        fail_msg("the exchange did not start: %s", running->why);
    }
    running->path[strcspn(running->path, "\n")] = '\0';
    file = fopen(running->path, "r");
    assert_non_null(file);
    assert_true(fread(json, 1, sizeof(json) - 1, file) > 0);
    fclose(file);
    at = strstr(json, "https://127.0.0.1:");
    assert_non_null(at);
    running->port = atoi(at + strlen("https://127.0.0.1:"));
}

static void running_stop(struct running *running)
{
    atomic_store(&running->stop, true);
    pthread_join(running->thread, NULL);
    close(running->ready[0]);
}

static void running_remove(struct running *running)
{
    static const char *const names[] = {"ca.pem",     "ca.key",        "server.pem",
                                        "server.key", "exchange.json", "faults"};
    char path[128];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%s/%s", running->dir, names[i]);
        unlink(path);
    }
    assert_int_equal(rmdir(running->dir), 0);
}

/* --- client --------------------------------------------------------------------------------------------------- */

struct client {
    int fd;
    SSL_CTX *context;
    SSL *ssl;
    bool up;
    long verify; /* X509_V_OK, or why the certificate was refused */
    uint8_t *in;
    size_t size;
};

/* from: "127.0.0.1" or another address of the loopback net. */
static void client_open(struct client *client, const struct running *running, const char *from,
                        int min_version)
{
    struct sockaddr_in own = {.sin_family = AF_INET},
                       to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)running->port)};
    const struct timeval wait = {.tv_sec = 4};

    memset(client, 0, sizeof(*client));
    client->in = malloc(CLIENT_ROOM);
    client->fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(client->fd >= 0);
    setsockopt(client->fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    inet_pton(AF_INET, from, &own.sin_addr);
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    assert_int_equal(bind(client->fd, (struct sockaddr *)&own, sizeof(own)), 0);
    assert_int_equal(connect(client->fd, (struct sockaddr *)&to, sizeof(to)), 0);
    client->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_min_proto_version(client->context, min_version);
    SSL_CTX_set_verify(client->context, SSL_VERIFY_PEER, NULL);
    assert_int_equal(SSL_CTX_load_verify_locations(client->context, running->ca, NULL), 1);
    client->ssl = SSL_new(client->context);
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(client->ssl), "127.0.0.1");
    SSL_set_fd(client->ssl, client->fd);
    client->up = SSL_connect(client->ssl) == 1;
    client->verify = SSL_get_verify_result(client->ssl);
    ERR_clear_error();
}

static void client_connect(struct client *client, const struct running *running)
{
    client_open(client, running, "127.0.0.1", TLS1_2_VERSION);
    assert_true(client->up);
}

static void client_close(struct client *client)
{
    SSL_free(client->ssl);
    SSL_CTX_free(client->context);
    close(client->fd);
    free(client->in);
    memset(client, 0, sizeof(*client));
}

static void client_put(struct client *client, const void *bytes, size_t size)
{
    if (size > 0)
        SSL_write(client->ssl, bytes, (int)size);
    ERR_clear_error();
}

/* More bytes; 0: closed in order; -1: reset or broken off; -2: nothing came in time. */
static int client_more(struct client *client)
{
    int got, error;

    assert_true(client->size < CLIENT_ROOM);
    errno = 0;
    got = SSL_read(client->ssl, client->in + client->size, (int)(CLIENT_ROOM - client->size));
    if (got > 0) {
        client->size += (size_t)got;
        return got;
    }
    error = SSL_get_error(client->ssl, got);
    ERR_clear_error();
    if (error == SSL_ERROR_ZERO_RETURN)
        return 0;
    return errno == EAGAIN ? -2 : -1;
}

static void client_take(struct client *client, size_t size)
{
    memmove(client->in, client->in + size, client->size - size);
    client->size -= size;
}

struct got {
    int status; /* 0: the connection ended first */
    char head[4096];
    char body[BODY_ROOM];
};

static void client_read_reply(struct client *client, struct got *got)
{
    char *end = NULL, *length;
    size_t head, body = 0;

    memset(got, 0, sizeof(*got));
    while ((end = memmem(client->in, client->size, "\r\n\r\n", 4)) == NULL)
        if (client_more(client) <= 0)
            return;
    head = (size_t)(end - (char *)client->in) + 4;
    assert_true(head < sizeof(got->head));
    memcpy(got->head, client->in, head);
    client_take(client, head);
    length = strcasestr(got->head, "Content-Length:");
    if (length != NULL)
        body = strtoul(length + 15, NULL, 10);
    assert_true(body < sizeof(got->body));
    while (client->size < body)
        if (client_more(client) <= 0)
            return;
    memcpy(got->body, client->in, body);
    client_take(client, body);
    got->status = atoi(got->head + 9);
}

/* line: "GET /path"; headers: each with CRLF, or "". */
static void client_ask(struct client *client, const char *line, const char *headers, const char *body,
                       struct got *got)
{
    char text[32768];
    int size =
        snprintf(text, sizeof(text), "%s HTTP/1.1\r\nHost: 127.0.0.1\r\n%sContent-Length: %zu\r\n\r\n%s",
                 line, headers, strlen(body), body);

    client_put(client, text, (size_t)size);
    client_read_reply(client, got);
}

/* One request on a connection of its own. */
__attribute__((unused)) static int ask(const struct running *running, const char *line, const char *body,
                                       struct got *got)
{
    struct client client;

    client_connect(&client, running);
    client_ask(&client, line, "", body, got);
    client_close(&client);
    return got->status;
}

__attribute__((unused)) static void fault(const struct running *running, const char *line)
{
    static struct got got;

    if (ask(running, "POST /sim/fault", line, &got) != 200)
        fail_msg("fault '%s': %d %s", line, got.status, got.body);
}

/* --- WebSocket ------------------------------------------------------------------------------------------------ */

static int client_upgrade(struct client *client, const char *path, const char *headers)
{
    char line[4096];
    static struct got got;

    snprintf(line, sizeof(line), "GET %s", path);
    {
        char all[1024];

        snprintf(all, sizeof(all),
                 "Upgrade: websocket\r\nConnection: keep-alive, Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                 "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n%s",
                 headers);
        client_ask(client, line, all, "", &got);
    }
    if (got.status == 101)
        assert_non_null(strstr(got.head, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="));
    return got.status;
}

static void ws_connect(struct client *client, const struct running *running, const char *path)
{
    client_connect(client, running);
    assert_int_equal(client_upgrade(client, path, ""), 101);
}

__attribute__((unused)) static void ws_put(struct client *client, int opcode, const char *payload,
                                           size_t size)
{
    uint8_t frame[4096];

    assert_true(size < 4000);
    frame[0] = (uint8_t)(0x80 | opcode);
    frame[1] = size < 126 ? (uint8_t)(0x80 | size) : 0x80 | 126;
    if (size >= 126) {
        frame[2] = (uint8_t)(size >> 8);
        frame[3] = (uint8_t)size;
    }
    {
        size_t head = size < 126 ? 2 : 4;

        memcpy(frame + head, "\1\2\3\4", 4);
        for (size_t i = 0; i < size; i++)
            frame[head + 4 + i] = (uint8_t)(payload[i] ^ (char)(1 + i % 4));
        client_put(client, frame, head + 4 + size);
    }
}

__attribute__((unused)) static void ws_say(struct client *client, const char *text)
{
    ws_put(client, 1, text, strlen(text));
}

struct heard {
    int opcode; /* 0: it ended in order; -1: reset; -2: silence */
    size_t size;
    char text[65536]; /* as much as fits */
};

static void ws_hear(struct client *client, struct heard *heard)
{
    size_t head = 2, size;

    memset(heard, 0, sizeof(*heard));
    for (;;) {
        int more;

        if (client->size >= 2) {
            size = client->in[1] & 0x7f;
            head = size < 126 ? 2 : size == 126 ? 4 : 10;
            if (client->size >= head) {
                if (head > 2) {
                    size = 0;
                    for (size_t i = 2; i < head; i++)
                        size = size << 8 | client->in[i];
                }
                if (client->size >= head + size)
                    break;
            }
        }
        more = client_more(client);
        if (more <= 0) {
            heard->opcode = more;
            return;
        }
    }
    heard->opcode = client->in[0] & 0x0f;
    heard->size = size;
    memcpy(heard->text, client->in + head, size < sizeof(heard->text) - 1 ? size : sizeof(heard->text) - 1);
    client_take(client, head + size);
}

/* The next text that contains `part`, or the end of the connection. */
__attribute__((unused)) static bool ws_hear_with(struct client *client, const char *part, struct heard *heard)
{
    for (int i = 0; i < 20000; i++) {
        ws_hear(client, heard);
        if (heard->opcode <= 0)
            return false;
        if (heard->opcode == 1 && memmem(heard->text, sizeof(heard->text), part, strlen(part)) != NULL)
            return true;
    }
    return false;
}

#endif

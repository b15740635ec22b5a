/*
 * server_address.c - where the exchange listens, who comes in there, and what tells others how: exchange.json.
 */
#include "core/base/safe_text.h"
#include "sim/server_parts.h"
#include "sim/small_file.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACCEPTS_MAX    32
#define LISTEN_BACKLOG 256

/* --- listening ------------------------------------------------------------------------------------------------ */

static enum err bad_address(const char *text, char *why, size_t why_size)
{
    char safe[96];

    safe_text(text, strlen(text), safe, sizeof(safe));
    snprintf(why, why_size,
             "listen address '%s': only 127.0.0.1:PORT and [::1]:PORT are allowed (PORT 0 to 65535)", safe);
    return ERR_USAGE;
}

enum err server_parse_listen(struct server *server, char *why, size_t why_size)
{
    const char *text = server->config->listen == NULL ? "" : server->config->listen;
    static const char *const hosts[] = {"127.0.0.1", "[::1]"};

    for (size_t i = 0; i < 2; i++) {
        size_t size = strlen(hosts[i]);
        const char *port = text + size + 1;
        char *end;
        long value;

        if (strncmp(text, hosts[i], size) != 0 || text[size] != ':')
            continue;
        value = strtol(port, &end, 10);
        if (*port < '0' || *port > '9' || *end != '\0' || value < 0 || value > 65535)
            break;
        snprintf(server->host, sizeof(server->host), "%s", hosts[i]);
        server->port = (int)value;
        return ERR_OK;
    }
    return bad_address(text, why, why_size);
}

bool server_bind(struct server *server)
{
    bool v6 = server->host[0] == '[';
    struct sockaddr_in in4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)server->port)};
    struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)server->port)};
    struct sockaddr *address = v6 ? (struct sockaddr *)&in6 : (struct sockaddr *)&in4;
    socklen_t size = v6 ? sizeof(in6) : sizeof(in4);
    const int yes = 1;

    in4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    in6.sin6_addr = in6addr_loopback;
    server->listener = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (server->listener < 0)
        return false;
    setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(server->listener, address, size) != 0 || listen(server->listener, LISTEN_BACKLOG) != 0 ||
        getsockname(server->listener, address, &size) != 0)
        return false;
    server->port = ntohs(v6 ? in6.sin6_port : in4.sin_port);
    return true;
}

void server_on_listen(struct ev_loop *loop, ev_io *io, int events)
{
    struct server *server = io->data;
    const int yes = 1;

    (void)events;
    server_clock(server);
    for (int turn = 0; turn < ACCEPTS_MAX; turn++) {
        struct sockaddr_storage from = {0};
        socklen_t size = sizeof(from);
        char remote[LIMIT_REMOTE_SIZE] = "?";
        int fd = accept4(server->listener, (struct sockaddr *)&from, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd < 0) {
            if (errno == EMFILE || errno == ENFILE || errno == ENOMEM)
                ev_io_stop(loop, io);
            return;
        }
        if (server->exchange->now_ns < server->faults.refuse_until_ns) {
            server->stats.refused++;
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
        if (from.ss_family == AF_INET)
            inet_ntop(AF_INET, &((struct sockaddr_in *)&from)->sin_addr, remote, sizeof(remote));
        else
            inet_ntop(AF_INET6, &((struct sockaddr_in6 *)&from)->sin6_addr, remote, sizeof(remote));
        connection_open(server, fd, remote);
    }
}

/* --- telling where -------------------------------------------------------------------------------------------- */

static void add_symbols(const struct exchange *exchange, struct sim_text *out)
{
    for (size_t i = 0; i < exchange->symbols; i++) {
        bool again = false;

        for (size_t k = 0; k < i; k++)
            again |= strcmp(exchange->symbol[k].name, exchange->symbol[i].name) == 0;
        if (again)
            continue;
        sim_text_add(out, i == 0 ? "" : ",");
        sim_text_json_string(out, exchange->symbol[i].name);
    }
}

enum err server_describe(struct server *server, char *why, size_t why_size)
{
    char key[65], secret[65], ca[SIM_PATH_SIZE + 16], at[96];
    struct sim_text out = {0};
    bool ok;

    accounts_first(server->exchange->accounts, key, secret);
    snprintf(ca, sizeof(ca), "%s/ca.pem", server->config->data_dir);
    snprintf(at, sizeof(at), "%s:%d", server->host, server->port);
    sim_text_printf(
        &out,
        "{\"rest\":\"https://%s\",\"stream\":\"wss://%s\",\"ws_api\":\"wss://%s/ws-api/v3\",\"ca\":", at, at,
        at);
    sim_text_json_string(&out, ca);
    sim_text_printf(&out, ",\"api_key\":\"%s\",\"api_secret\":\"%s\",\"pid\":%ld,\"seed\":%llu,\"symbols\":[",
                    key, secret, (long)getpid(), (unsigned long long)server->config->seed);
    add_symbols(server->exchange, &out);
    sim_text_add(&out, "]}\n");
    ok = !out.failed && small_file_write(server->path, 0600, out.at, out.size);
    if (!ok)
        snprintf(why, why_size, "cannot write exchange.json to the data directory: %s", strerror(errno));
    OPENSSL_cleanse(secret, sizeof(secret));
    if (out.at != NULL)
        OPENSSL_cleanse(out.at, out.room);
    sim_text_free(&out);
    return ok ? ERR_OK : ERR_STORAGE;
}

void server_say_listening(const struct server *server)
{
    char at[96];

    snprintf(at, sizeof(at), "%s:%d", server->host, server->port);
    if (server->config->listening != NULL)
        server->config->listening(server->config->arg, at);
}

void server_say_ready(const struct server *server)
{
    char line[SIM_PATH_SIZE + 1];
    size_t size = (size_t)snprintf(line, sizeof(line), "%s\n", server->path), done = 0;

    while (server->config->ready_fd >= 0 && done < size) {
        ssize_t put = write(server->config->ready_fd, line + done, size - done);

        if (put <= 0 && errno != EINTR)
            return;
        done += put > 0 ? (size_t)put : 0;
    }
}

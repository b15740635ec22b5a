#include "sim/connection.h"

#include "sim/server_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define INPUT_FIRST 4096
#define QUEUE_FIRST 64
#define SECOND_NS   INT64_C(1000000000)
#define READS_MAX   64 /* of one turn */

static void watch(struct connection *connection, int events)
{
    if (connection->watching == events)
        return;
    ev_io_stop(connection->server->loop, &connection->io);
    ev_io_set(&connection->io, connection->fd, events);
    if (events != 0)
        ev_io_start(connection->server->loop, &connection->io);
    connection->watching = events;
}

void connection_kill(struct connection *connection)
{
    if (connection->dead)
        return;
    connection->dead = true;
    watch(connection, 0);
}

void connection_reset(struct connection *connection)
{
    const struct linger at_once = {.l_onoff = 1, .l_linger = 0};

    setsockopt(connection->fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    connection_kill(connection);
}

static void make_dirty(struct connection *connection)
{
    connection->dirty = true;
    connection->server->any_dirty = true;
}

void connection_close(struct connection *connection)
{
    connection->closing = true;
    make_dirty(connection);
}

/* --- out ------------------------------------------------------------------------------------------------------ */

static bool queue_grow(struct send_queue *queue)
{
    size_t room = queue->room == 0 ? QUEUE_FIRST : queue->room * 2;
    struct message **ring = room > SEND_MESSAGES_MAX ? NULL : malloc(room * sizeof(struct message *));

    if (ring == NULL)
        return false;
    for (size_t i = 0; i < queue->count; i++)
        ring[i] = queue->ring[(queue->first + i) & (queue->room - 1)];
    free(queue->ring);
    queue->ring = ring;
    queue->room = room;
    queue->first = 0;
    return true;
}

void connection_send(struct connection *connection, struct message *message)
{
    struct send_queue *queue = &connection->queue;

    if (message == NULL || connection->dead || connection->closing) {
        message_drop(message);
        return;
    }
    if (queue->bytes + message->size > SEND_QUEUE_MAX ||
        (queue->count == queue->room && !queue_grow(queue))) {
        message_drop(message);
        connection->server->stats.closed_slow++;
        connection_reset(connection);
        return;
    }
    queue->ring[(queue->first + queue->count++) & (queue->room - 1)] = message;
    queue->bytes += message->size;
    if (queue->bytes > connection->server->stats.queue_bytes_max)
        connection->server->stats.queue_bytes_max = queue->bytes;
    make_dirty(connection);
}

/* Moves up to `most` bytes from the queue into the record; messages that are through are let go. */
static void fill_record(struct connection *connection, size_t most)
{
    struct send_queue *queue = &connection->queue;

    while (queue->count > 0 && connection->record_size < most) {
        struct message *message = queue->ring[queue->first];
        size_t left = message->size - queue->offset, room = most - connection->record_size;
        size_t size = left < room ? left : room;

        memcpy(connection->record + connection->record_size, message->bytes + queue->offset, size);
        connection->record_size += size;
        queue->offset += size;
        queue->bytes -= size;
        if (queue->offset == message->size) {
            queue->offset = 0;
            queue->first = (queue->first + 1) & (queue->room - 1);
            queue->count--;
            connection->server->stats.messages_out++;
            message_drop(message);
        }
    }
}

/* What a slow line lets through now; RECORD_MAX if it is not slow. */
static size_t allowance(struct connection *connection)
{
    const struct fault_state *faults = &connection->server->faults;
    int64_t now_ns = connection->server->mono_ns;
    size_t allowed = RECORD_MAX;

    if (connection->server->exchange->now_ns >= faults->slow_until_ns) {
        connection->tokens = 0; /* what went freely is no debt */
        connection->tokens_ns = 0;
        return RECORD_MAX;
    }
    if (connection->tokens_ns == 0)
        connection->tokens_ns = now_ns;
    connection->tokens += (double)(now_ns - connection->tokens_ns) * 1e-9 * (double)faults->slow_bytes_per_s;
    connection->tokens_ns = now_ns;
    if (connection->tokens < RECORD_MAX)
        allowed = connection->tokens > 0 ? (size_t)connection->tokens : 0;
    else
        connection->tokens = RECORD_MAX;
    return allowed;
}

static void begin_drain(struct connection *connection)
{
    SSL_shutdown(connection->ssl);
    ERR_clear_error();
    shutdown(connection->fd, SHUT_WR);
    connection->draining = true;
    connection->in_size = 0;
    connection->deadline_ns = connection->server->mono_ns + DRAIN_S_MAX * SECOND_NS;
    watch(connection, EV_READ);
}

/* True: the record is gone. */
static bool write_record(struct connection *connection)
{
    int put;

    ERR_clear_error();
    put = SSL_write(connection->ssl, connection->record, (int)connection->record_size);
    if (put > 0) {
        connection->server->stats.bytes_out += (uint64_t)put;
        connection->record_size = 0;
        return true;
    }
    switch (SSL_get_error(connection->ssl, put)) {
    case SSL_ERROR_WANT_WRITE:
        watch(connection, EV_READ | EV_WRITE);
        break;
    case SSL_ERROR_WANT_READ:
        break;
    default:
        connection_kill(connection);
        break;
    }
    return false;
}

void connection_flush(struct connection *connection)
{
    size_t written = 0;

    connection->dirty = false;
    if (connection->dead || connection->handshaking || connection->draining)
        return;
    while (connection->record_size > 0 || connection->queue.count > 0) {
        if (connection->record_size == 0) {
            size_t most = allowance(connection);

            if (most == 0)
                return; /* the next tick asks again */
            fill_record(connection, most);
            connection->tokens -= (double)connection->record_size;
        }
        if (written > FLUSH_MAX) {
            watch(connection, EV_READ | EV_WRITE);
            return;
        }
        written += connection->record_size;
        if (!write_record(connection))
            return;
    }
    watch(connection, connection->in_size < INPUT_MAX ? EV_READ : 0);
    if (connection->closing)
        begin_drain(connection);
}

/* --- in ------------------------------------------------------------------------------------------------------- */

void connection_process(struct connection *connection)
{
    while (!connection->dead && !connection->closing && !connection->draining && !connection->waiting &&
           connection->hold_until_ns == 0 && connection->in_size > 0) {
        size_t taken =
            connection->kind == CONNECTION_HTTP ? http_side_input(connection) : ws_side_input(connection);

        if (taken == 0)
            return;
        memmove(connection->in, connection->in + taken, connection->in_size - taken);
        connection->in_size -= taken;
    }
}

/* One byte is always left behind the input, for a NUL. */
static bool input_room(struct connection *connection)
{
    size_t room = connection->in_room == 0 ? INPUT_FIRST : connection->in_room;
    uint8_t *grown;

    if (connection->in_size + 1 < connection->in_room)
        return true;
    while (room <= connection->in_size + 1)
        room *= 2;
    if (room > INPUT_MAX + 1)
        room = INPUT_MAX + 1;
    if (room <= connection->in_size + 1)
        return false;
    grown = realloc(connection->in, room);
    if (grown == NULL)
        return false;
    connection->in = grown;
    connection->in_room = room;
    return true;
}

static void read_input(struct connection *connection)
{
    /* What OpenSSL holds already is always taken: the socket would not speak of it again. */
    for (int turn = 0;
         (turn < READS_MAX || SSL_pending(connection->ssl) > 0) && !connection->dead && !connection->draining;
         turn++) {
        int got;

        if (!input_room(connection)) { /* nobody takes it: paused, or a client that never ends its request */
            if (connection->waiting || connection->hold_until_ns != 0)
                watch(connection, connection->watching & EV_WRITE);
            else
                connection_kill(connection);
            return;
        }
        ERR_clear_error();
        got = SSL_read(connection->ssl, connection->in + connection->in_size,
                       (int)(connection->in_room - 1 - connection->in_size));
        if (got <= 0) {
            int error = SSL_get_error(connection->ssl, got);

            if (error == SSL_ERROR_WANT_WRITE)
                watch(connection, EV_READ | EV_WRITE);
            else if (error != SSL_ERROR_WANT_READ)
                connection_kill(connection);
            return;
        }
        connection->server->stats.bytes_in += (uint64_t)got;
        connection->heard_ns = connection->server->mono_ns;
        connection->in_size += (size_t)got;
        connection_process(connection);
    }
}

static void drain(struct connection *connection)
{
    uint8_t scrap[4096];
    ssize_t got;

    do
        got = recv(connection->fd, scrap, sizeof(scrap), 0);
    while (got > 0);
    if (got == 0 || (errno != EAGAIN && errno != EINTR))
        connection_kill(connection);
}

static void handshake(struct connection *connection)
{
    int done;

    ERR_clear_error();
    done = SSL_accept(connection->ssl);
    if (done == 1) {
        connection->handshaking = false;
        connection->deadline_ns = 0;
        watch(connection, EV_READ);
        return;
    }
    switch (SSL_get_error(connection->ssl, done)) {
    case SSL_ERROR_WANT_READ:
        watch(connection, EV_READ);
        break;
    case SSL_ERROR_WANT_WRITE:
        watch(connection, EV_WRITE);
        break;
    default:
        connection->server->stats.handshakes_failed++;
        connection_kill(connection);
        break;
    }
}

static void on_io(struct ev_loop *loop, ev_io *io, int events)
{
    struct connection *connection = io->data;

    (void)loop;
    if (connection->dead)
        return;
    server_clock(connection->server);
    if (connection->handshaking)
        handshake(connection);
    if (connection->dead || connection->handshaking)
        return;
    if (connection->draining) {
        drain(connection);
        return;
    }
    if ((events & EV_WRITE) != 0)
        connection_flush(connection);
    read_input(connection);
}

/* --- life ----------------------------------------------------------------------------------------------------- */

void connection_open(struct server *server, int fd, const char *remote)
{
    struct connection *connection =
        server->connections < CONNECTIONS_MAX ? calloc(1, sizeof(*connection)) : NULL;

    if (connection == NULL) {
        close(fd);
        return;
    }
    connection->server = server;
    connection->id = ++server->stats.connections;
    connection->fd = fd;
    connection->handshaking = true;
    connection->session.subscription_id = -1;
    connection->opened_ns = connection->heard_ns = server->mono_ns;
    connection->deadline_ns = server->mono_ns + HANDSHAKE_S_MAX * SECOND_NS;
    strncpy(connection->remote, remote, sizeof(connection->remote) - 1);
    connection->record = malloc(RECORD_MAX);
    connection->ssl = SSL_new(server->tls);
    ev_io_init(&connection->io, on_io, fd, 0);
    connection->io.data = connection;
    server->connection[server->connections++] = connection;
    if (connection->record == NULL || connection->ssl == NULL || SSL_set_fd(connection->ssl, fd) != 1)
        connection_kill(connection);
    else
        watch(connection, EV_READ);
}

void connection_check(struct connection *connection, int64_t now_ns)
{
    if (connection->deadline_ns != 0 && now_ns > connection->deadline_ns)
        connection_kill(connection);
    else if (connection->kind == CONNECTION_HTTP && !connection->waiting && connection->hold_until_ns == 0 &&
             now_ns - connection->heard_ns > KEEP_ALIVE_S_MAX * SECOND_NS)
        connection_close(connection);
}

void connection_free(struct connection *connection)
{
    ev_io_stop(connection->server->loop, &connection->io);
    stream_side_forget(connection);
    for (; connection->queue.count > 0; connection->queue.count--) {
        message_drop(connection->queue.ring[connection->queue.first]);
        connection->queue.first = (connection->queue.first + 1) & (connection->queue.room - 1);
    }
    SSL_free(connection->ssl);
    close(connection->fd);
    free(connection->queue.ring);
    free(connection->record);
    free(connection->in);
    free(connection->listen_key);
    sim_text_free(&connection->assembly);
    free(connection);
}

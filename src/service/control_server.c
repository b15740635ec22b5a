#include "service/control_server.h"

#include "core/base/spsc_ring.h"
#include "core/base/triple_buffer.h"
#include "service/control_text.h"
#include "service/file_watch.h"
#include "service/listener.h"

#include <errno.h>
#include <ev.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum stage { FREE, READING, WAITING, WRITING };

struct connection {
    struct control_server *server;
    enum stage stage;
    int fd;
    ev_io readable, writable;
    ev_timer timer; /* of the stage */
    char line[CONTROL_LINE_MAX];
    size_t used; /* of line */
    uint32_t seq;
    enum control_kind kind;
    char id[CONTROL_ID_SIZE];
    char *out; /* being written */
    size_t out_size, out_done;
    bool closing; /* once it is written */
};

struct control_server {
    struct control_host host;
    struct listener listener;
    struct file_watch file;
    struct spsc_ring *answers;
    struct triple_buffer *reports;
    uint32_t seq;
    struct connection connection[CONTROL_CONNECTIONS];
};

/* --- one connection ----------------------------------------------------------------------------------------- */

static void close_connection(struct connection *self)
{
    struct ev_loop *loop = self->server->listener.loop;

    ev_io_stop(loop, &self->readable);
    ev_io_stop(loop, &self->writable);
    ev_timer_stop(loop, &self->timer);
    close(self->fd);
    free(self->out);
    self->out = NULL;
    self->stage = FREE;
}

static void set_timer(struct connection *self, double seconds)
{
    self->timer.repeat = seconds;
    ev_timer_again(self->server->listener.loop, &self->timer);
}

static void read_on(struct connection *self)
{
    self->stage = READING;
    set_timer(self, self->used > 0 ? CONTROL_LINE_S : CONTROL_IDLE_S);
    ev_io_start(self->server->listener.loop, &self->readable);
}

static void write_out(struct connection *self)
{
    while (self->out_done < self->out_size) {
        ssize_t sent = send(self->fd, self->out + self->out_done, self->out_size - self->out_done,
                            MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            ev_io_start(self->server->listener.loop, &self->writable);
            return;
        }
        if (sent <= 0) {
            close_connection(self);
            return;
        }
        self->out_done += (size_t)sent;
    }
    ev_io_stop(self->server->listener.loop, &self->writable);
    free(self->out);
    self->out = NULL;
    if (self->closing)
        close_connection(self);
    else
        read_on(self);
}

/* Takes the line over. */
static void reply(struct connection *self, char *line)
{
    if (line == NULL) {
        close_connection(self);
        return;
    }
    self->stage = WRITING;
    self->out = line;
    self->out_size = strlen(line);
    self->out_done = 0;
    ev_io_stop(self->server->listener.loop, &self->readable);
    set_timer(self, CONTROL_ANSWER_S);
    write_out(self);
}

static void refuse(struct connection *self, const char *why, bool closing)
{
    self->closing = closing;
    reply(self, control_text_refusal(why, self->id));
}

static uint32_t next_seq(struct control_server *server)
{
    server->seq =
        server->seq < CONTROL_SEQ_FIRST || server->seq == UINT32_MAX ? CONTROL_SEQ_FIRST : server->seq + 1;
    return server->seq;
}

static void do_line(struct connection *self, const char *line, size_t size)
{
    struct control_request request;
    char why[CONTROL_WHY_SIZE];

    if (control_text_parse(line, size, &request, self->id, why) != ERR_OK) {
        refuse(self, why, false);
        return;
    }
    request.seq = next_seq(self->server);
    self->seq = request.seq;
    self->kind = request.kind;
    self->stage = WAITING;
    ev_io_stop(self->server->listener.loop, &self->readable); /* one at a time */
    set_timer(self, CONTROL_ANSWER_S);
    if (!self->server->host.send(self->server->host.arg, &request))
        refuse(self,
               request.kind == CONTROL_KILL ? "killed, but too much waits for the engine: no answer"
                                            : "too much waits for the engine: not done, try again",
               false);
}

/* The lines that are there, one after the other, until one has to be waited for. */
static void take_lines(struct connection *self)
{
    char line[CONTROL_LINE_MAX];

    while (self->stage == READING) {
        const char *end = memchr(self->line, '\n', self->used);
        size_t size = end == NULL ? 0 : (size_t)(end - self->line);

        self->id[0] = '\0';
        if (end == NULL && self->used < sizeof(self->line))
            return;
        if (end == NULL) {
            refuse(self, "a line has more than 4096 bytes", true);
            return;
        }
        memcpy(line, self->line, size);
        self->used -= size + 1;
        memmove(self->line, self->line + size + 1, self->used);
        do_line(self, line, size);
    }
}

static void on_readable(struct ev_loop *loop, ev_io *io, int events)
{
    struct connection *self = io->data;
    bool fresh = self->used == 0;
    ssize_t got = recv(self->fd, self->line + self->used, sizeof(self->line) - self->used, MSG_DONTWAIT);

    (void)loop;
    (void)events;
    if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
        return;
    if (got <= 0) {
        close_connection(self);
        return;
    }
    self->used += (size_t)got;
    if (fresh)
        set_timer(self, CONTROL_LINE_S); /* for the whole line, however many pieces it comes in */
    take_lines(self);
}

static void on_writable(struct ev_loop *loop, ev_io *io, int events)
{
    (void)loop;
    (void)events;
    write_out(io->data);
    take_lines(io->data);
}

static void on_timer(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct connection *self = timer->data;

    (void)loop;
    (void)events;
    if (self->stage == WAITING)
        refuse(self, "the engine has not answered in time", true);
    else if (self->stage == READING && self->used > 0)
        refuse(self, "the line did not end in time", true);
    else
        close_connection(self); /* idle, or it does not read */
}

/* --- who comes ---------------------------------------------------------------------------------------------- */

static struct connection *find_free(struct control_server *server)
{
    for (size_t i = 0; i < CONTROL_CONNECTIONS; i++)
        if (server->connection[i].stage == FREE)
            return &server->connection[i];
    return NULL;
}

static void tell(int fd, const char *why)
{
    char *line = control_text_refusal(why, "");

    if (line != NULL && send(fd, line, strlen(line), MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        errno = 0; /* it need not hear it */
    free(line);
}

static void on_came(void *arg, int fd)
{
    struct control_server *server = arg;
    struct connection *self = find_free(server);

    if (self == NULL) {
        tell(fd, "too many connections");
        close(fd);
        return;
    }
    self->server = server;
    self->fd = fd;
    self->used = 0;
    self->closing = false;
    ev_io_init(&self->readable, on_readable, fd, EV_READ);
    ev_io_init(&self->writable, on_writable, fd, EV_WRITE);
    ev_timer_init(&self->timer, on_timer, 0., CONTROL_IDLE_S);
    self->readable.data = self->writable.data = self->timer.data = self;
    read_on(self);
}

static void on_refused(void *arg, int fd, const char *why)
{
    (void)arg;
    tell(fd, why);
}

/* --- what the engine says ----------------------------------------------------------------------------------- */

static void answer_with(struct connection *self, char *line)
{
    reply(self, line);
    take_lines(self);
}

static void take_answers(struct control_server *server)
{
    struct control_answer answer;

    while (spsc_ring_pop(server->answers, &answer))
        for (size_t i = 0; i < CONTROL_CONNECTIONS; i++) {
            struct connection *self = &server->connection[i];

            if (self->stage == WAITING && self->seq == answer.seq)
                answer_with(self, control_text_answer(&answer, self->id));
        }
}

static void take_report(struct control_server *server)
{
    const struct control_report *report;

    if (!triple_buffer_update(server->reports))
        return;
    report = triple_buffer_front(server->reports);
    for (size_t i = 0; i < CONTROL_CONNECTIONS; i++) {
        struct connection *self = &server->connection[i];

        if (self->stage != WAITING || (int32_t)(report->seq - self->seq) < 0)
            continue;
        if (self->kind == CONTROL_STATUS)
            answer_with(self, control_text_status(&report->status, self->id));
        else if (self->kind == CONTROL_CONTROLS)
            answer_with(self, control_text_controls(&report->controls, self->id));
    }
}

static void on_news(void *arg)
{
    take_answers(arg);
    take_report(arg);
}

bool control_server_answer(struct control_server *server, const struct control_answer *answer)
{
    bool fits = spsc_ring_push(server->answers, answer);

    listener_wake(&server->listener);
    return fits;
}

struct control_report *control_server_report(struct control_server *server)
{
    return triple_buffer_back(server->reports);
}

void control_server_publish(struct control_server *server)
{
    triple_buffer_publish(server->reports);
    listener_wake(&server->listener);
}

/* --- life --------------------------------------------------------------------------------------------------- */

static void on_end(void *arg)
{
    struct control_server *server = arg;

    for (size_t i = 0; i < CONTROL_CONNECTIONS; i++) {
        struct connection *self = &server->connection[i];

        if (self->stage == WAITING)
            refuse(self, "the engine ends", true);
        if (self->stage != FREE)
            close_connection(self);
    }
}

static enum err open_parts(struct control_server *server, const char *data_dir, char *why, size_t why_size)
{
    const struct listener_host host = {.socket = CONTROL_SOCKET,
                                       .thread = "the service thread",
                                       .came = on_came,
                                       .refused = on_refused,
                                       .news = on_news,
                                       .ends = on_end,
                                       .arg = server};
    enum err err = listener_open(&server->listener, data_dir, &host, why, why_size);

    if (err != ERR_OK)
        return err;
    server->answers = spsc_ring_new(CONTROL_WAITING_MAX, sizeof(struct control_answer));
    server->reports = triple_buffer_new(sizeof(struct control_report));
    if (server->answers == NULL || server->reports == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    if (server->host.file_came !=
        NULL) /* without it the file is found a little later: the keeper looks, too */
        file_watch_start(&server->file, server->listener.loop, data_dir, server->host.file_name,
                         server->host.file_came, server->host.arg);
    return listener_start(&server->listener, why, why_size);
}

enum err control_server_open(const char *data_dir, const struct control_host *host,
                             struct control_server **out, char *why, size_t why_size)
{
    struct control_server *server = calloc(1, sizeof(*server));
    enum err err;

    if (server == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    server->host = *host;
    err = open_parts(server, data_dir, why, why_size);
    if (err != ERR_OK) {
        control_server_close(server);
        return err;
    }
    *out = server;
    return ERR_OK;
}

void control_server_close(struct control_server *server)
{
    if (server == NULL)
        return;
    listener_stop(&server->listener);
    file_watch_stop(&server->file);
    listener_close(&server->listener);
    spsc_ring_free(server->answers);
    triple_buffer_free(server->reports);
    free(server);
}

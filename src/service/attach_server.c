#include "service/attach_server.h"

#include "core/base/clock.h"
#include "service/listener.h"

#include <errno.h>
#include <ev.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define TICK_S   0.1
#define NS_PER_S 1e9

enum stage {
    FREE,
    GREETING, /* its hello has not come */
    SHOWING,
    LEAVING /* it is gone, and the engine has not been told yet: its ring was full */
};

struct client {
    struct attach_server *server;
    enum stage stage;
    uint8_t screen; /* its place, from 1 */
    uint32_t session;
    int fd;
    ev_io readable, writable;
    uint8_t said[ATTACH_SAID_MAX];
    size_t said_size;
    uint8_t *told; /* ATTACH_TOLD_MAX and a bye */
    size_t told_size, told_done;
    int64_t heard_ns; /* it said something whole */
    int64_t moved_ns; /* it has read something, or there was nothing to read */
    struct view_frame *sent;
    bool wanting, readonly;
    unsigned pace; /* messages and pieces taken in this tick */
    char name[VIEW_SCREEN_NAME];
    char why[64]; /* it is dropped */
};

struct attach_server {
    struct attach_host host;
    char build[ATTACH_BUILD_SIZE]; /* "": not asked for yet */
    struct listener listener;
    ev_timer tick;
    uint32_t session;
    unsigned came; /* screens, in this tick */
    struct client client[ATTACH_SCREENS_MAX];
};

/* --- one screen goes --------------------------------------------------------------------------------------- */

/* False: its ring is full. */
static bool tell_engine(struct client *self, enum attach_note_kind kind, const struct attach_said *said)
{
    struct attach_note note = {
        .kind = kind, .screen = self->screen, .session = self->session, .readonly = self->readonly};

    snprintf(note.name, sizeof(note.name), "%s", self->name);
    snprintf(note.why, sizeof(note.why), "%s", self->why);
    if (kind == ATTACH_CAME)
        snprintf(note.symbol, sizeof(note.symbol), "%s", said->hello.symbol);
    else if (kind == ATTACH_ASKS)
        note.command = said->command;
    return self->server->host.note(self->server->host.arg, &note);
}

/* Its place is free once the engine knows. */
static void tell_gone(struct client *self)
{
    if (tell_engine(self, ATTACH_WENT, NULL))
        self->stage = FREE;
}

static void let_go(struct client *self)
{
    struct ev_loop *loop = self->server->listener.loop;
    bool known = self->stage == SHOWING;

    ev_io_stop(loop, &self->readable);
    ev_io_stop(loop, &self->writable);
    close(self->fd);
    free(self->told);
    free(self->sent);
    self->told = NULL;
    self->sent = NULL;
    self->stage = known ? LEAVING : FREE;
    if (known)
        tell_gone(self);
}

static void drop(struct client *self, const char *why)
{
    snprintf(self->why, sizeof(self->why), "%s", why);
    if (self->told_size == self->told_done) /* behind a part of a frame no word could be read */
        attach_say_bye(self->fd, NULL, 0, why);
    let_go(self);
}

/* --- frames ---------------------------------------------------------------------------------------------------- */

/* False: it is gone. */
static bool write_out(struct client *self)
{
    while (self->told_done < self->told_size) {
        ssize_t sent = send(self->fd, self->told + self->told_done, self->told_size - self->told_done,
                            MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
            ev_io_start(self->server->listener.loop, &self->writable);
            return true;
        }
        if (sent <= 0) {
            let_go(self);
            return false;
        }
        self->told_done += (size_t)sent;
        self->moved_ns = clock_monotonic_ns();
    }
    ev_io_stop(self->server->listener.loop, &self->writable);
    self->told_size = self->told_done = 0;
    self->moved_ns = clock_monotonic_ns();
    return true;
}

/* The newest one, to a screen that waits for it and has read the last. */
static void show(struct client *self)
{
    const struct attach_host *host;
    const struct view_frame *frame;
    size_t size;

    if (self->stage != SHOWING || !self->wanting || self->told_size > 0)
        return;
    host = &self->server->host;
    frame = host->frame(host->arg, self->screen);
    if (frame == NULL || frame->desk.session != self->session) /* made for whoever was here before */
        return;
    size = frame_pack(frame, self->sent, self->told + ATTACH_HEAD_SIZE);
    self->told_size = attach_put(self->told, ATTACH_FRAME, NULL, size);
    self->wanting = false;
    write_out(self);
}

/* A frame that is there, or the engine is asked for one; not while it could not be sent on. */
static void show_or_ask(struct client *self)
{
    const struct attach_host *host = &self->server->host;

    show(self);
    if (self->stage == SHOWING && self->wanting && self->told_size == 0)
        host->want(host->arg, self->screen);
}

static void on_news(void *arg)
{
    struct attach_server *server = arg;

    for (size_t i = 0; i < ATTACH_SCREENS_MAX; i++)
        show(&server->client[i]);
}

static void on_writable(struct ev_loop *loop, ev_io *io, int events)
{
    struct client *self = io->data;

    (void)loop;
    (void)events;
    if (write_out(self))
        show_or_ask(self);
}

/* --- what a screen says ------------------------------------------------------------------------------------- */

static void refuse_build(struct client *self)
{
    char why[ATTACH_WHY_SIZE];

    snprintf(why, sizeof(why), "the engine (pid %d) is another build than this program: it is %s",
             (int)getpid(), self->server->build);
    attach_say_bye(self->fd, NULL, 0, why);
    let_go(self);
}

/* False: the engine's ring is full, or many come at once; it waits. */
static bool greet(struct client *self, const struct attach_said *said)
{
    struct attach_server *server = self->server;
    struct attach_welcome welcome = {(int32_t)getpid()};

    if (server->came == ATTACH_COME_MAX)
        return false;
    if (server->build[0] == '\0')
        attach_build(server->host.version, server->build);
    if (strcmp(server->build, said->hello.build) != 0) {
        refuse_build(self);
        return true;
    }
    if (self->told == NULL)
        self->told = malloc(ATTACH_TOLD_MAX);
    if (self->sent == NULL)
        self->sent = calloc(1, sizeof(*self->sent));
    if (self->told == NULL || self->sent == NULL) {
        drop(self, "the engine has no memory for another screen");
        return true;
    }
    snprintf(self->name, sizeof(self->name), "%s", said->hello.name);
    self->readonly = said->hello.readonly;
    self->session = ++server->session;
    if (!tell_engine(self, ATTACH_CAME, said))
        return false;
    server->came++;
    self->stage = SHOWING;
    self->told_size = attach_put(self->told, ATTACH_WELCOME, &welcome, sizeof(welcome));
    write_out(self);
    return true;
}

/* False: the engine's ring is full. What was said stays, and waits; a kill has raised its flag all the same. */
static bool obey(struct client *self, const struct attach_said *said)
{
    if (self->stage == GREETING && said->kind == ATTACH_HELLO)
        return greet(self, said);
    if (self->stage == SHOWING && said->kind == ATTACH_COMMAND)
        return tell_engine(self, ATTACH_ASKS, said);
    if (self->stage != SHOWING || said->kind != ATTACH_WANT) {
        drop(self, "what it said was out of turn");
        return true;
    }
    self->wanting = true;
    show_or_ask(self);
    return true;
}

/* Until one is not there whole, or enough were taken: what is left is looked at in the next tick. */
static void take_messages(struct client *self)
{
    struct attach_said said;
    size_t used;
    enum err err;

    while ((self->stage == GREETING || self->stage == SHOWING) && self->pace < ATTACH_PACE_MAX) {
        err = attach_take_said(self->said, self->said_size, &said, &used);
        if (err == ERR_NOT_FOUND) {
            if (++self->pace < ATTACH_PACE_MAX)
                return;
            break; /* it comes in crumbs */
        }
        if (err != ERR_OK) {
            drop(self, "what it said was not understood");
            return;
        }
        self->heard_ns = clock_monotonic_ns();
        if (!obey(self, &said))
            break;
        self->said_size -= used;
        memmove(self->said, self->said + used, self->said_size);
        self->pace++;
    }
    if (self->stage == GREETING || self->stage == SHOWING)
        ev_io_stop(self->server->listener.loop, &self->readable);
}

static void on_readable(struct ev_loop *loop, ev_io *io, int events)
{
    struct client *self = io->data;
    ssize_t got =
        recv(self->fd, self->said + self->said_size, sizeof(self->said) - self->said_size, MSG_DONTWAIT);

    (void)loop;
    (void)events;
    if (got < 0 && (errno == EINTR || errno == EAGAIN || errno == EWOULDBLOCK))
        return;
    if (got <= 0) {
        let_go(self);
        return;
    }
    self->said_size += (size_t)got;
    take_messages(self);
}

/* --- who comes ---------------------------------------------------------------------------------------------- */

static struct client *find_free(struct attach_server *server)
{
    for (size_t i = 0; i < ATTACH_SCREENS_MAX; i++)
        if (server->client[i].stage == FREE)
            return &server->client[i];
    return NULL;
}

static void on_came(void *arg, int fd)
{
    struct attach_server *server = arg;
    struct client *self = find_free(server);

    if (self == NULL) {
        attach_say_bye(fd, NULL, 0, "four screens are attached already: that many at most");
        close(fd);
        return;
    }
    *self = (struct client){.server = server,
                            .stage = GREETING,
                            .screen = (uint8_t)(self - server->client + 1),
                            .fd = fd,
                            .heard_ns = clock_monotonic_ns(),
                            .moved_ns = clock_monotonic_ns()};
    ev_io_init(&self->readable, on_readable, fd, EV_READ);
    ev_io_init(&self->writable, on_writable, fd, EV_WRITE);
    self->readable.data = self->writable.data = self;
    ev_io_start(server->listener.loop, &self->readable);
    if (!ev_is_active(&server->tick))
        ev_timer_again(server->listener.loop, &server->tick);
}

static void on_refused(void *arg, int fd, const char *why)
{
    (void)arg;
    attach_say_bye(fd, NULL, 0, why);
}

static void look_after(struct client *self, int64_t now_ns)
{
    double still_s = (double)(now_ns - self->moved_ns) / NS_PER_S;
    double mute_s = (double)(now_ns - self->heard_ns) / NS_PER_S;

    self->pace = 0;
    if (self->stage == LEAVING) {
        tell_gone(self);
    } else if (self->stage == GREETING && still_s > ATTACH_HELLO_S) {
        drop(self, "it has not said who it is");
    } else if (self->stage == SHOWING && self->told_size > 0 && still_s > ATTACH_SLOW_S) {
        drop(self, "it read nothing for 20 s");
    } else if (self->stage == SHOWING && mute_s > ATTACH_STILL_S) {
        drop(self, "dropped: it asked for nothing for 5 minutes");
    } else if (!ev_is_active(&self->readable)) {
        ev_io_start(self->server->listener.loop, &self->readable);
        take_messages(self);
    }
}

static void on_tick(struct ev_loop *loop, ev_timer *tick, int events)
{
    struct attach_server *server = tick->data;
    int64_t now_ns = clock_monotonic_ns();
    bool any = false;

    (void)events;
    server->came = 0;
    for (size_t i = 0; i < ATTACH_SCREENS_MAX; i++) {
        if (server->client[i].stage != FREE)
            look_after(&server->client[i], now_ns);
        any |= server->client[i].stage != FREE;
    }
    if (!any)
        ev_timer_stop(loop, tick);
}

/* --- life ---------------------------------------------------------------------------------------------------- */

static void on_end(void *arg)
{
    struct attach_server *server = arg;

    for (size_t i = 0; i < ATTACH_SCREENS_MAX; i++) {
        struct client *self = &server->client[i];

        if (self->stage != GREETING && self->stage != SHOWING)
            continue;
        attach_say_bye(self->fd, self->told == NULL ? NULL : self->told + self->told_done,
                       self->told_size - self->told_done, "the engine has ended");
        let_go(self);
    }
}

static enum err start(struct attach_server *server, const char *data_dir, char *why, size_t why_size)
{
    const struct listener_host host = {.socket = ATTACH_SOCKET,
                                       .thread = "the thread of attached screens",
                                       .came = on_came,
                                       .refused = on_refused,
                                       .news = on_news,
                                       .ends = on_end,
                                       .arg = server};
    enum err err = listener_open(&server->listener, data_dir, &host, why, why_size);

    if (err != ERR_OK)
        return err;
    ev_init(&server->tick, on_tick);
    server->tick.repeat = TICK_S;
    server->tick.data = server;
    return listener_start(&server->listener, why, why_size);
}

enum err attach_server_open(const char *data_dir, const struct attach_host *host, struct attach_server **out,
                            char *why, size_t why_size)
{
    struct attach_server *server = calloc(1, sizeof(*server));
    enum err err;

    if (server == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    server->host = *host;
    err = start(server, data_dir, why, why_size);
    if (err != ERR_OK) {
        attach_server_close(server);
        return err;
    }
    *out = server;
    return ERR_OK;
}

void attach_server_close(struct attach_server *server)
{
    if (server == NULL)
        return;
    listener_close(&server->listener);
    free(server);
}

void attach_server_wake(struct attach_server *server)
{
    listener_wake(&server->listener);
}

#include "service/attach_client.h"

#include "core/base/clock.h"
#include "core/base/safe_text.h"
#include "service/control_socket.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define WELCOME_MS 5000
#define NS_PER_MS  INT64_C(1000000)
#define WANTS_MAX  4 /* of one frame; then one each AGAIN_MS: what nobody reads must leave room for a kill */
#define AGAIN_MS   1000

struct attach_client {
    int fd;
    int pid;
    bool ended;
    char why[ATTACH_WHY_SIZE];
    uint8_t told[ATTACH_TOLD_MAX];
    size_t told_size;
    int wants; /* asked for since the newest frame */
    int64_t wanted_ns;
    struct view_frame building; /* by what has come; checked before it is shown */
    struct view_frame shown;
};

static void end(struct attach_client *client, const char *why)
{
    if (client->ended)
        return;
    client->ended = true;
    safe_text(why, strlen(why), client->why, sizeof(client->why));
}

/* Small messages go whole or not at all; one that was cut could not be mended. */
static bool say(struct attach_client *client, enum attach_kind kind, const void *data, size_t size)
{
    uint8_t message[ATTACH_SAID_MAX];
    size_t all = attach_put(message, kind, data, size);
    ssize_t sent;

    if (client->ended)
        return false;
    sent = send(client->fd, message, all, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent == (ssize_t)all)
        return true;
    if (sent >= 0)
        end(client, "a command went out in part");
    return false; /* what is wrong is read: a last word may be on its way */
}

/* --- what it tells ------------------------------------------------------------------------------------------- */

static bool take_frame(struct attach_client *client, const struct attach_told *told)
{
    if (frame_unpack(told->frame, told->frame_size, &client->building) == ERR_OK &&
        frame_check(&client->building)) {
        client->shown = client->building;
        return true;
    }
    end(client, "the engine told a frame that cannot be shown");
    return false;
}

/* True: a frame has come. */
static bool take_told(struct attach_client *client)
{
    struct attach_told told;
    size_t used, done = 0;
    bool newer = false;

    while (!client->ended) {
        enum err err = attach_take_told(client->told + done, client->told_size - done, &told, &used);

        if (err == ERR_NOT_FOUND)
            break;
        if (err != ERR_OK) {
            end(client, "what is at the socket is no engine of flowdeck");
            break;
        }
        done += used;
        if (told.kind == ATTACH_WELCOME)
            client->pid = told.welcome.pid;
        else if (told.kind == ATTACH_BYE)
            end(client, told.bye.why);
        else
            newer |= take_frame(client, &told);
    }
    client->told_size -= done;
    memmove(client->told, client->told + done, client->told_size);
    return newer;
}

/* Behind a part of a message it was dropped; between two, nobody is left to say why. */
static void end_without_word(struct attach_client *client)
{
    end(client, client->told_size > 0
                    ? "dropped: this screen did not read for 20 s, or the engine died while it told a frame"
                    : "the engine is gone: it died, or was ended without a chance to say so");
}

/* True: a frame has come. */
static bool read_on(struct attach_client *client)
{
    bool newer = false;

    for (int i = 0; i < 64 && !client->ended; i++) {
        ssize_t got = recv(client->fd, client->told + client->told_size,
                           sizeof(client->told) - client->told_size, MSG_DONTWAIT);

        if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
            break;
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            end_without_word(client);
            break;
        }
        client->told_size += (size_t)got;
        newer |= take_told(client);
    }
    return newer;
}

/* --- life ---------------------------------------------------------------------------------------------------- */

static enum err await_welcome(struct attach_client *client, const struct attach_hello *hello, char *why,
                              size_t why_size)
{
    int64_t by_ns = clock_monotonic_ns() + WELCOME_MS * NS_PER_MS;

    say(client, ATTACH_HELLO, hello, sizeof(*hello));
    while (client->pid == 0 && !client->ended) {
        struct pollfd ready = {.fd = client->fd, .events = POLLIN};
        int64_t left_ms = (by_ns - clock_monotonic_ns()) / NS_PER_MS;

        if (left_ms <= 0 || (poll(&ready, 1, (int)left_ms) < 0 && errno != EINTR)) {
            end(client, "the engine did not answer within 5 s");
            break;
        }
        read_on(client);
    }
    if (!client->ended)
        return ERR_OK;
    snprintf(why, why_size, "%s", client->why);
    return ERR_IO;
}

enum err attach_client_open(const char *data_dir, const struct attach_hello *hello,
                            struct attach_client **out, char *why, size_t why_size)
{
    struct attach_client *client = calloc(1, sizeof(*client));
    enum err err;

    if (client == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    err = control_socket_connect(data_dir, ATTACH_SOCKET, &client->fd, why, why_size);
    if (err == ERR_OK)
        err = await_welcome(client, hello, why, why_size);
    if (err != ERR_OK) {
        attach_client_close(client);
        return err;
    }
    *out = client;
    return ERR_OK;
}

void attach_client_close(struct attach_client *client)
{
    if (client == NULL)
        return;
    if (client->fd >= 0)
        close(client->fd);
    free(client);
}

bool attach_client_send(struct attach_client *client, const struct command *command)
{
    return say(client, ATTACH_COMMAND, command, sizeof(*command));
}

bool attach_client_poll(struct attach_client *client)
{
    bool newer = read_on(client);
    int64_t now_ns = clock_monotonic_ns();

    client->wants = newer ? 0 : client->wants;
    if (client->wants < WANTS_MAX || now_ns - client->wanted_ns >= AGAIN_MS * NS_PER_MS) {
        say(client, ATTACH_WANT, NULL, 0);
        client->wants += client->wants < WANTS_MAX ? 1 : 0;
        client->wanted_ns = now_ns;
    }
    return newer;
}

const struct view_frame *attach_client_frame(const struct attach_client *client)
{
    return &client->shown;
}

const char *attach_client_ended(const struct attach_client *client)
{
    return client->ended ? client->why : NULL;
}

int attach_client_pid(const struct attach_client *client)
{
    return client->pid;
}

#include "sim/server_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- paths ---------------------------------------------------------------------------------------------------- */

static const struct {
    const char *prefix;
    enum stream_path path;
    bool private_path;
} prefixes[] = {{"/public", PATH_USDM_PUBLIC, false},
                {"/market", PATH_USDM_MARKET, false},
                {"/private", PATH_USDM_PUBLIC, true},
                {"", PATH_SPOT, false}};

/* "/ws", "/ws/a/b" or "/stream" behind one of the prefixes; what is left of the path behind the prefix. */
static const char *behind_prefix(const char *path, size_t *which)
{
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        size_t size = strlen(prefixes[i].prefix);
        const char *rest = path + size;

        if (strncmp(path, prefixes[i].prefix, size) != 0)
            continue;
        if (strcmp(rest, "/ws") == 0 || strncmp(rest, "/ws/", 4) == 0 || strcmp(rest, "/stream") == 0) {
            *which = i;
            return rest;
        }
    }
    return NULL;
}

bool stream_side_path(struct connection *connection, const char *path, const char *query)
{
    size_t which = 0;
    const char *rest = behind_prefix(path, &which);

    (void)query;
    if (rest == NULL)
        return false;
    connection->path = prefixes[which].path;
    connection->private_path = prefixes[which].private_path;
    connection->combined = strcmp(rest, "/stream") == 0;
    connection->venue = connection->path == PATH_SPOT ? LIMIT_SPOT : LIMIT_USDM;
    return true;
}

/* --- subscriptions -------------------------------------------------------------------------------------------- */

static size_t find(const struct connection *connection, const char *name)
{
    size_t i = 0;

    while (i < connection->subscriptions && strcmp(connection->subscription[i].name, name) != 0)
        i++;
    return i;
}

static void take_listen_key(struct connection *connection, const char *key)
{
    struct exchange *exchange = connection->server->exchange;

    free(connection->listen_key);
    connection->listen_key = strdup(key);
    connection->account = accounts_of_listen_key(exchange->accounts, key);
}

/* A name that is no stream here is acknowledged and stays silent, as at the venue. False: too many, or memory. */
static bool subscribe(struct connection *connection, const char *name)
{
    struct server *server = connection->server;
    struct subscription *added;

    if (find(connection, name) < connection->subscriptions)
        return true;
    if (connection->subscriptions == LIMIT_STREAMS)
        return false;
    if (connection->subscriptions == connection->subscriptions_room) {
        size_t room = connection->subscriptions_room == 0 ? 8 : connection->subscriptions_room * 2;
        struct subscription *grown = realloc(connection->subscription, room * sizeof(*grown));

        if (grown == NULL)
            return false;
        connection->subscription = grown;
        connection->subscriptions_room = room;
    }
    added = &connection->subscription[connection->subscriptions];
    added->stream = NULL;
    added->name = strdup(name);
    if (added->name == NULL)
        return false;
    connection->subscriptions++;
    if (connection->private_path) {
        take_listen_key(connection, name);
        return true;
    }
    added->stream = publisher_open(server->exchange->publisher, connection->path, name);
    if (added->stream != NULL && !topics_add(&server->topics, added->stream, connection)) {
        publisher_close(server->exchange->publisher, added->stream);
        added->stream = NULL;
        return false;
    }
    return true;
}

static void close_one(struct connection *connection, struct subscription *subscription)
{
    struct server *server = connection->server;

    if (subscription->stream != NULL) {
        topics_remove(&server->topics, subscription->stream, connection);
        publisher_close(server->exchange->publisher, subscription->stream);
    }
    free(subscription->name);
}

static void unsubscribe(struct connection *connection, const char *name)
{
    size_t i = find(connection, name);

    if (i == connection->subscriptions)
        return;
    close_one(connection, &connection->subscription[i]);
    memmove(&connection->subscription[i], &connection->subscription[i + 1],
            (connection->subscriptions - i - 1) * sizeof(connection->subscription[0]));
    connection->subscriptions--;
    if (connection->private_path)
        connection->account = 0;
}

void stream_side_forget(struct connection *connection)
{
    while (connection->subscriptions > 0)
        close_one(connection, &connection->subscription[--connection->subscriptions]);
    free(connection->subscription);
    connection->subscription = NULL;
}

static void refuse_more(struct connection *connection)
{
    ws_close(connection, WS_CLOSE_POLICY, "Too many streams: 1024 for a connection");
}

/* "a/b/c" */
static void subscribe_list(struct connection *connection, const char *names)
{
    char name[STREAM_NAME_SIZE];

    while (*names != '\0') {
        size_t size = strcspn(names, "/");

        if (size > 0 && size < sizeof(name)) {
            memcpy(name, names, size);
            name[size] = '\0';
            if (!subscribe(connection, name)) {
                refuse_more(connection);
                return;
            }
        }
        names += size + (names[size] == '/');
    }
}

void stream_side_begin(struct connection *connection, const char *path, const char *query)
{
    const struct sim_request request = {.query = query, .body = ""};
    char names[HTTP_TARGET_MAX];
    size_t which = 0;
    const char *rest = behind_prefix(path, &which);

    if (connection->combined) {
        if (sim_param(&request, "streams", names, sizeof(names)))
            subscribe_list(connection, names);
    } else if (rest != NULL && strncmp(rest, "/ws/", 4) == 0) {
        subscribe_list(connection, rest + 4);
    }
    if (connection->private_path) {
        if (sim_param(&request, "listenKey", names, STREAM_NAME_SIZE))
            subscribe_list(connection, names);
        if (!sim_param(&request, "events", connection->events, sizeof(connection->events)))
            connection->events[0] = '\0';
    }
}

/* --- commands ------------------------------------------------------------------------------------------------- */

static void list(const struct connection *connection, struct sim_text *out)
{
    sim_text_add(out, "[");
    for (size_t i = 0; i < connection->subscriptions; i++) {
        if (i > 0)
            sim_text_add(out, ",");
        sim_text_json_string(out, connection->subscription[i].name);
    }
    sim_text_add(out, "]");
}

static void answer(struct connection *connection, const struct stream_command *command)
{
    struct sim_text *text = &connection->server->text;

    sim_text_clear(text);
    sim_text_add(text, "{\"result\":");
    if (command->verb == STREAM_LIST)
        list(connection, text);
    else if (command->verb == STREAM_GET_COMBINED)
        sim_text_add(text, connection->combined ? "true" : "false");
    else
        sim_text_add(text, "null");
    sim_text_printf(text, ",\"id\":%s}", command->id);
    if (!text->failed)
        ws_send_text(connection, text->at, text->size);
}

void stream_side_text(struct connection *connection, const char *text, size_t size)
{
    struct server *server = connection->server;
    struct stream_command *command = &server->command;

    server->stats.commands++;
    if (!stream_command_parse(text, size, command, &server->text)) {
        ws_send_text(connection, server->text.at, server->text.size);
        return;
    }
    if (command->verb == STREAM_SET_COMBINED)
        connection->combined = command->combined;
    /* The answer first: a message of a new stream may come at once. */
    if (command->verb != STREAM_UNSUBSCRIBE)
        answer(connection, command);
    for (size_t i = 0; i < command->names; i++) {
        if (command->verb == STREAM_UNSUBSCRIBE) {
            unsubscribe(connection, command->name[i]);
        } else if (!subscribe(connection, command->name[i])) {
            refuse_more(connection);
            return;
        }
    }
    if (command->verb == STREAM_UNSUBSCRIBE)
        answer(connection, command);
}

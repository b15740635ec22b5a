#include "sim/server_parts.h"

#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEEP_LEVELS 4096

/* --- fan out -------------------------------------------------------------------------------------------------- */

/* Each form is made once, when the first subscriber wants it, and shared by all. */
static struct message *form(struct topic *topic, enum ws_opcode opcode, bool combined, const char *json,
                            size_t size)
{
    const char *name = sim_stream_name(topic->stream);

    if (!combined)
        return message_of_frame(opcode, (const void *const[]){json}, &size, 1);
    return message_of_frame(opcode, (const void *const[]){"{\"stream\":\"", name, "\",\"data\":", json, "}"},
                            (const size_t[]){11, strlen(name), 9, size, 1}, 5);
}

static void deliver_as(struct server *server, struct topic *topic, enum ws_opcode opcode, const char *json,
                       size_t size)
{
    struct message *made[2] = {NULL, NULL};

    if (server->exchange->now_ns < server->faults.half_open_until_ns) {
        server->stats.dropped++;
        return;
    }
    for (size_t i = 0; i < topic->subscribers; i++) {
        struct connection *connection = topic->subscriber[i];
        struct message **message = &made[connection->combined];

        if (*message == NULL)
            *message = form(topic, opcode, connection->combined, json, size);
        if (*message != NULL)
            connection_send(connection, message_keep(*message));
        else
            connection_reset(connection); /* memory: it must not go on as if nothing was missing */
    }
    message_drop(made[0]);
    message_drop(made[1]);
}

static void deliver(struct server *server, struct topic *topic, const char *json, size_t size)
{
    deliver_as(server, topic, WS_TEXT, json, size);
}

void stream_oversize(struct server *server, size_t size)
{
    const char head[] = "{\"e\":\"oversize\",\"pad\":\"", tail[] = "\"}";
    char *text = malloc(size);
    struct message *message;

    if (text == NULL)
        return;
    memset(text, 'x', size);
    memcpy(text, head, sizeof(head) - 1);
    memcpy(text + size - (sizeof(tail) - 1), tail, sizeof(tail) - 1);
    message = message_of_text(text, size);
    free(text);
    for (size_t i = 0; i < server->connections && message != NULL; i++)
        if (server->connection[i]->kind == CONNECTION_STREAM)
            connection_send(server->connection[i], message_keep(message));
    message_drop(message);
}

/* --- garbage: one message more, in front of a true one -------------------------------------------------------- */

static void garbage_of(enum garbage_kind kind, const char *json, size_t size, struct sim_text *out)
{
    sim_text_clear(out);
    switch (kind) {
    case GARBAGE_TRUNCATED:
        sim_text_add_size(out, json, size / 2);
        break;
    case GARBAGE_UTF8:
        sim_text_add(out, "{\"e\":\"trade\",\"s\":\"BTC\xff\xfe\xc0\x80\"}");
        break;
    case GARBAGE_NUMBER:
        sim_text_add(out, "{\"e\":\"depthUpdate\",\"E\":1e999,\"s\":\"BTCUSDT\",\"U\":NaN,\"u\":-1e999,"
                          "\"b\":[[\"NaN\",\"1e999\"]],\"a\":[[\"-1\",\"\"]]}");
        break;
    case GARBAGE_DEEP:
        for (size_t i = 0; i < DEEP_LEVELS; i++)
            sim_text_add_size(out, "[", 1);
        for (size_t i = 0; i < DEEP_LEVELS; i++)
            sim_text_add_size(out, "]", 1);
        break;
    case GARBAGE_NUL:
        sim_text_add_size(out, "{\"e\":\"tr\0ade\",\"s\":\"BTC\\u0000USDT\"}", 35);
        break;
    case GARBAGE_BINARY:
    case GARBAGE_KINDS:
        sim_text_add_size(out, json, size);
        break;
    }
}

static void send_garbage(struct server *server, struct topic *topic, const char *json, size_t size)
{
    enum garbage_kind kind = server->faults.garbage.garbage;
    struct sim_text *text = &server->text;

    garbage_of(kind, json, size, text);
    if (!text->failed && fault_take(&server->faults.garbage))
        deliver_as(server, topic, kind == GARBAGE_BINARY ? WS_BINARY : WS_TEXT, text->at, text->size);
}

/* --- depth messages that lie ---------------------------------------------------------------------------------- */

/* The first of all markets with this name, spot and futures. */
static size_t first_of_name(const struct server *server, const char *name)
{
    size_t i = 0;

    while (i + 1 < server->exchange->symbols && strcmp(server->exchange->symbol[i].name, name) != 0)
        i++;
    return i;
}

void stream_fault_begin(struct server *server, const struct fault *fault)
{
    size_t slot = *fault->symbol == '\0' ? 0 : 1 + first_of_name(server, fault->symbol);

    server->faults.depth[fault->verb][slot] = fault->count;
}

/* What is left of a verb for this topic's symbol; NULL: nothing. */
static uint32_t *left_for(struct server *server, enum fault_verb verb, const struct topic *topic)
{
    uint32_t *left = server->faults.depth[verb];
    int symbol = sim_stream_symbol(topic->stream);
    size_t slot = symbol < 0 ? 0 : 1 + first_of_name(server, server->exchange->symbol[symbol].name);

    return left[slot] > 0 ? &left[slot] : left[0] > 0 ? &left[0] : NULL;
}

static const char *another_symbol(const struct server *server, int not_this)
{
    for (size_t i = 0; i < server->exchange->symbols; i++)
        if (not_this < 0 ||
            strcmp(server->exchange->symbol[i].name, server->exchange->symbol[not_this].name) != 0)
            return server->exchange->symbol[i].name;
    return "OTHERUSDT";
}

/* The same ids under another symbol's name, with a price that would be seen if it were believed. */
static bool under_other_name(const struct server *server, const struct topic *topic, const char *json,
                             size_t size, char **out)
{
    json_t *root = json_loadb(json, size, 0, NULL);
    bool ok = root != NULL && json_object_get(root, "s") != NULL &&
              json_object_set_new(
                  root, "s", json_string(another_symbol(server, sim_stream_symbol(topic->stream)))) == 0 &&
              json_object_set_new(root, "b", json_pack("[[s,s]]", "0.01000000", "1.00000000")) == 0 &&
              json_object_set_new(root, "a", json_array()) == 0;

    *out = ok ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    return *out != NULL;
}

/* The first level there is, with a quantity that is not true. */
static bool with_wrong_quantity(const char *json, size_t size, char **out)
{
    json_t *root = json_loadb(json, size, 0, NULL), *level = json_array_get(json_object_get(root, "b"), 0);
    bool ok;

    if (level == NULL)
        level = json_array_get(json_object_get(root, "a"), 0);
    ok = json_array_size(level) == 2 && json_array_set_new(level, 1, json_string("777.00000000")) == 0;
    *out = ok ? json_dumps(root, JSON_COMPACT) : NULL;
    json_decref(root);
    return *out != NULL;
}

/* What was held back follows the message that should have come after it. */
static void deliver_in_turn(struct server *server, struct topic *topic, const char *json, size_t size)
{
    char *held = topic->held;

    deliver(server, topic, json, size);
    if (held == NULL)
        return;
    topic->held = NULL;
    deliver(server, topic, held, topic->held_size);
    free(held);
}

static bool hold_back(struct topic *topic, const char *json, size_t size)
{
    topic->held = malloc(size);
    if (topic->held == NULL)
        return false;
    memcpy(topic->held, json, size);
    topic->held_size = size;
    return true;
}

static void emit_depth(struct server *server, struct topic *topic, const char *json, size_t size)
{
    uint32_t *left;
    char *lie = NULL;

    if ((left = left_for(server, FAULT_GAP, topic)) != NULL) {
        --*left;
        server->stats.dropped++;
        return;
    }
    if ((left = left_for(server, FAULT_WRONG_SYMBOL, topic)) != NULL &&
        under_other_name(server, topic, json, size, &lie)) {
        --*left;
        deliver(server, topic, lie, strlen(lie));
        free(lie);
    }
    if ((left = left_for(server, FAULT_CORRUPT, topic)) != NULL && with_wrong_quantity(json, size, &lie)) {
        --*left;
        deliver_in_turn(server, topic, lie, strlen(lie));
        free(lie);
        return;
    }
    if (topic->held == NULL && (left = left_for(server, FAULT_REORDER, topic)) != NULL &&
        hold_back(topic, json, size)) {
        --*left;
        return;
    }
    deliver_in_turn(server, topic, json, size);
    if ((left = left_for(server, FAULT_DUP, topic)) != NULL) {
        --*left;
        deliver(server, topic, json, size);
    }
}

void stream_emit(void *arg, struct sim_stream *stream, const char *json, size_t size)
{
    struct server *server = arg;
    struct topic *topic = topics_find(&server->topics, stream);

    if (topic == NULL)
        return;
    server->stats.emitted++;
    if (server->exchange->now_ns < server->faults.stall_until_ns) {
        server->stats.dropped++;
        return;
    }
    if (server->faults.garbage.count > 0)
        send_garbage(server, topic, json, size);
    if (sim_stream_is_depth(stream))
        emit_depth(server, topic, json, size);
    else
        deliver(server, topic, json, size);
}

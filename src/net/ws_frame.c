#include "net/ws_frame.h"

#include "net/utf8.h"

#include <stdlib.h>
#include <string.h>

#define HEAD_SHORT 2

void ws_parser_init(struct ws_parser *parser, size_t message_max)
{
    memset(parser, 0, sizeof(*parser));
    parser->message_max = message_max;
    parser->head_need = HEAD_SHORT;
}

void ws_parser_free(struct ws_parser *parser)
{
    free(parser->message);
    parser->message = NULL;
}

static enum ws_event fail(struct ws_error *error, enum net_failure_kind kind, enum ws_close_code code,
                          const char *text)
{
    error->kind = kind;
    error->code = code;
    error->text = text;
    return WS_EVENT_ERROR;
}

static enum ws_event too_big(struct ws_error *error)
{
    return fail(error, NET_FAIL_TOO_BIG, WS_CLOSE_TOO_BIG, "message over the cap");
}

static enum ws_event broken(struct ws_error *error, const char *text)
{
    return fail(error, NET_FAIL_PROTOCOL, WS_CLOSE_PROTOCOL, text);
}

/* The header is whole: what it promises is judged before a byte of payload is kept. */
static enum ws_event judge_head(struct ws_parser *parser, struct ws_error *error)
{
    unsigned code = parser->head[1] & 0x7f;
    size_t wide = code == 126 ? 2 : code == 127 ? 8 : 0;

    parser->final = (parser->head[0] & 0x80) != 0;
    parser->opcode = parser->head[0] & 0x0f;
    parser->left = wide == 0 ? code : 0;
    for (size_t i = 0; i < wide; i++)
        parser->left = parser->left << 8 | parser->head[HEAD_SHORT + i];
    if ((parser->head[0] & 0x70) != 0)
        return broken(error, "reserved bits in a frame");
    if ((parser->head[1] & 0x80) != 0)
        return broken(error, "masked frame from a server");
    if (parser->opcode >= WS_CLOSE) {
        parser->control_size = 0;
        if (parser->opcode > WS_PONG)
            return broken(error, "unknown kind of frame");
        if (!parser->final || parser->left > WS_CONTROL_MAX)
            return broken(error, "control frame in pieces or too long");
        return WS_EVENT_NONE;
    }
    if (parser->opcode == WS_BINARY)
        return fail(error, NET_FAIL_PROTOCOL, WS_CLOSE_UNSUPPORTED, "binary message");
    if (parser->opcode > WS_BINARY)
        return broken(error, "unknown kind of frame");
    if ((parser->opcode == WS_CONTINUE) != parser->in_message)
        return broken(error, "message pieces out of order");
    if (parser->opcode == WS_TEXT) {
        parser->in_message = true;
        parser->size = 0;
        parser->fragments = 0;
    }
    if (parser->left > parser->message_max - parser->size || ++parser->fragments > WS_FRAGMENTS_MAX)
        return too_big(error);
    return WS_EVENT_NONE;
}

static bool grow(struct ws_parser *parser, size_t size)
{
    size_t room = parser->room > 0 ? parser->room : WS_BUFFER_FIRST;
    char *message;

    if (parser->message != NULL && size <= parser->room)
        return true;
    while (room < size)
        room *= 2;
    if (room > parser->message_max)
        room = parser->message_max;
    message = realloc(parser->message, room + NET_PADDING);
    if (message == NULL)
        return false;
    parser->message = message;
    parser->room = room;
    return true;
}

/* Needs bytes or a promised length of none. The buffer follows what came, not what was promised. */
static bool take_payload(struct ws_parser *parser, const unsigned char **bytes, size_t *size)
{
    size_t take = *size < parser->left ? *size : (size_t)parser->left;

    if (parser->opcode >= WS_CLOSE) {
        memcpy(parser->control + parser->control_size, *bytes, take);
        parser->control_size += take;
    } else {
        if (!grow(parser, parser->size + take))
            return false;
        memcpy(parser->message + parser->size, *bytes, take);
        parser->size += take;
    }
    *bytes += take;
    *size -= take;
    parser->left -= take;
    return true;
}

static enum ws_event frame_done(struct ws_parser *parser, struct ws_error *error)
{
    parser->in_payload = false;
    parser->head_size = 0;
    parser->head_need = HEAD_SHORT;
    if (parser->opcode == WS_PING)
        return WS_EVENT_PING;
    if (parser->opcode == WS_PONG)
        return WS_EVENT_PONG;
    if (parser->opcode == WS_CLOSE)
        return WS_EVENT_CLOSE;
    if (!parser->final)
        return WS_EVENT_NONE;
    parser->in_message = false;
    memset(parser->message + parser->size, 0, NET_PADDING);
    if (!utf8_valid(parser->message, parser->size))
        return fail(error, NET_FAIL_PROTOCOL, WS_CLOSE_BAD_TEXT, "message is not UTF-8");
    return WS_EVENT_MESSAGE;
}

static void take_head(struct ws_parser *parser, const unsigned char **bytes, size_t *size)
{
    while (*size > 0 && parser->head_size < parser->head_need) {
        parser->head[parser->head_size++] = **bytes;
        (*bytes)++;
        (*size)--;
        if (parser->head_size == HEAD_SHORT) {
            unsigned code = parser->head[1] & 0x7f;

            parser->head_need = HEAD_SHORT + (code == 126 ? 2U : code == 127 ? 8U : 0U);
        }
    }
}

enum ws_event ws_parser_next(struct ws_parser *parser, const unsigned char **bytes, size_t *size,
                             struct ws_error *error)
{
    for (;;) {
        if (!parser->in_payload) {
            take_head(parser, bytes, size);
            if (parser->head_size < parser->head_need)
                return WS_EVENT_NONE;
            if (judge_head(parser, error) == WS_EVENT_ERROR)
                return WS_EVENT_ERROR;
            parser->in_payload = true;
        }
        if (!take_payload(parser, bytes, size))
            return fail(error, NET_FAIL_LOCAL, WS_CLOSE_TOO_BIG, "no memory for a message");
        if (parser->left > 0)
            return WS_EVENT_NONE;

        enum ws_event event = frame_done(parser, error);

        if (event != WS_EVENT_NONE)
            return event;
    }
}

size_t ws_client_frame_head(enum ws_opcode opcode, size_t size, const unsigned char mask[4],
                            unsigned char *out)
{
    size_t head = HEAD_SHORT;

    out[0] = (unsigned char)(0x80 | (unsigned)opcode);
    if (size < 126) {
        out[1] = (unsigned char)(0x80 | size);
    } else if (size < 65536) {
        out[1] = 0x80 | 126;
        out[head++] = (unsigned char)(size >> 8);
        out[head++] = (unsigned char)size;
    } else {
        out[1] = 0x80 | 127;
        for (int shift = 56; shift >= 0; shift -= 8)
            out[head++] = (unsigned char)((uint64_t)size >> shift);
    }
    memcpy(out + head, mask, 4);
    return head + 4;
}

void ws_client_frame_mask(unsigned char *bytes, size_t size, const unsigned char mask[4])
{
    for (size_t i = 0; i < size; i++)
        bytes[i] ^= mask[i & 3];
}

bool ws_close_code_valid(unsigned code)
{
    if (code >= 3000 && code <= 4999)
        return true;
    return code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
}

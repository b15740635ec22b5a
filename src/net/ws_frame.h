/*
 * ws_frame.h - RFC 6455 frames as a client sees them: bytes in, messages and control frames out. Pure but for
 * the one buffer, which grows up to the cap and is then reused.
 */
#ifndef NET_WS_FRAME_H
#define NET_WS_FRAME_H

#include "net/net.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WS_FRAGMENTS_MAX 65536 /* of one message */
#define WS_CONTROL_MAX   125   /* payload of ping, pong, close */
#define WS_FRAME_HEAD    14    /* longest header of a frame that we write */
#define WS_BUFFER_FIRST  ((size_t)16 << 10)

enum ws_opcode {
    WS_CONTINUE = 0,
    WS_TEXT = 1,
    WS_BINARY = 2,
    WS_CLOSE = 8,
    WS_PING = 9,
    WS_PONG = 10,
};

enum ws_close_code { /* what we send */
                     WS_CLOSE_NORMAL = 1000,
                     WS_CLOSE_PROTOCOL = 1002,
                     WS_CLOSE_UNSUPPORTED = 1003,
                     WS_CLOSE_BAD_TEXT = 1007,
                     WS_CLOSE_TOO_BIG = 1009,
};

struct ws_parser {
    unsigned char head[10];
    size_t head_size, head_need;
    bool final, in_message;
    unsigned opcode; /* of the frame */
    uint64_t left;   /* payload of the frame still to come; meaningful once in_payload */
    bool in_payload;
    uint32_t fragments;
    char *message; /* room + NET_PADDING bytes */
    size_t size, room, message_max;
    unsigned char control[WS_CONTROL_MAX];
    size_t control_size;
};

enum ws_event {
    WS_EVENT_NONE,    /* all bytes are used up */
    WS_EVENT_MESSAGE, /* parser->message, size, with NET_PADDING zero bytes behind; until the next call */
    WS_EVENT_PING,    /* parser->control */
    WS_EVENT_PONG,
    WS_EVENT_CLOSE,
    WS_EVENT_ERROR
};

struct ws_error {
    enum net_failure_kind kind;
    enum ws_close_code code;
    const char *text; /* static */
};

void ws_parser_init(struct ws_parser *parser, size_t message_max);
void ws_parser_free(struct ws_parser *parser);

/* Takes from *bytes until something is complete; advances *bytes and *size. */
enum ws_event ws_parser_next(struct ws_parser *parser, const unsigned char **bytes, size_t *size,
                             struct ws_error *error);

/* Header of a final frame with mask; returns its size. out has WS_FRAME_HEAD bytes. */
size_t ws_client_frame_head(enum ws_opcode opcode, size_t size, const unsigned char mask[4],
                            unsigned char *out);
void ws_client_frame_mask(unsigned char *bytes, size_t size, const unsigned char mask[4]);

/* A code that may stand in a close frame. */
bool ws_close_code_valid(unsigned code);

#endif

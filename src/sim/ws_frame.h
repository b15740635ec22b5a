/*
 * ws_frame.h - WebSocket frames (RFC 6455) as the built-in exchange reads and writes them. No sockets in here.
 */
#ifndef SIM_WS_FRAME_H
#define SIM_WS_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WS_HEAD_MAX    10    /* bytes before the payload of a frame that is sent: no mask */
#define WS_PAYLOAD_MAX 65536 /* of one message from a client: 1024 stream names fit */
#define WS_CONTROL_MAX 125

enum ws_opcode { WS_CONTINUATION = 0, WS_TEXT = 1, WS_BINARY = 2, WS_CLOSE = 8, WS_PING = 9, WS_PONG = 10 };

enum ws_close_code {
    WS_CLOSE_NORMAL = 1000,
    WS_CLOSE_GOING_AWAY = 1001,
    WS_CLOSE_PROTOCOL = 1002,
    WS_CLOSE_UNSUPPORTED = 1003,
    WS_CLOSE_BAD_TEXT = 1007,
    WS_CLOSE_POLICY = 1008,
    WS_CLOSE_TOO_BIG = 1009
};

/* Head of an unmasked, final frame; returns its bytes. */
size_t ws_frame_head(uint8_t out[WS_HEAD_MAX], enum ws_opcode opcode, uint64_t payload_size);

enum ws_parse { WS_MORE, WS_WHOLE, WS_BROKEN };

struct ws_frame {
    enum ws_opcode opcode;
    bool fin;
    const uint8_t *payload; /* unmasked in place; borrowed */
    size_t size;
    size_t taken;             /* bytes of the input that this frame was */
    enum ws_close_code close; /* BROKEN: with what to close */
};

/* One masked frame of a client from the front of bytes. MORE touches nothing. */
enum ws_parse ws_frame_parse(uint8_t *bytes, size_t size, struct ws_frame *out);

bool ws_text_valid(const char *text, size_t size); /* UTF-8 */
/* Sec-WebSocket-Accept for a client's key (28 characters); false: the key is not 16 bytes of base64. */
bool ws_accept_key(const char *client_key, char out[29]);

#endif

/*
 * message.h - bytes ready for a socket, made once and shared by every connection that sends them.
 */
#ifndef SIM_MESSAGE_H
#define SIM_MESSAGE_H

#include "sim/ws_frame.h"

struct message {
    uint32_t refs;
    size_t size;
    uint8_t bytes[];
};

/* One reference belongs to the caller. NULL: memory. */
struct message *message_of_bytes(const void *bytes, size_t size);
/* A whole WebSocket frame; its payload is the pieces one after another (NULL is allowed for an empty one). */
struct message *message_of_frame(enum ws_opcode opcode, const void *const piece[], const size_t piece_size[],
                                 size_t pieces);
struct message *message_of_text(const char *text, size_t size);
struct message *message_keep(struct message *message);
void message_drop(struct message *message); /* NULL is allowed */

#endif

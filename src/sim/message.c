#include "sim/message.h"

#include <stdlib.h>
#include <string.h>

static struct message *new_message(size_t size)
{
    struct message *message = malloc(sizeof(*message) + size);

    if (message != NULL) {
        message->refs = 1;
        message->size = size;
    }
    return message;
}

struct message *message_of_bytes(const void *bytes, size_t size)
{
    struct message *message = new_message(size);

    if (message != NULL)
        memcpy(message->bytes, bytes, size);
    return message;
}

struct message *message_of_frame(enum ws_opcode opcode, const void *const piece[], const size_t piece_size[],
                                 size_t pieces)
{
    uint8_t head[WS_HEAD_MAX];
    size_t payload = 0, used;
    struct message *message;

    for (size_t i = 0; i < pieces; i++)
        payload += piece_size[i];
    used = ws_frame_head(head, opcode, payload);
    message = new_message(used + payload);
    if (message == NULL)
        return NULL;
    memcpy(message->bytes, head, used);
    for (size_t i = 0; i < pieces; i++) {
        if (piece_size[i] > 0)
            memcpy(message->bytes + used, piece[i], piece_size[i]);
        used += piece_size[i];
    }
    return message;
}

struct message *message_of_text(const char *text, size_t size)
{
    return message_of_frame(WS_TEXT, (const void *const[]){text}, &size, 1);
}

struct message *message_keep(struct message *message)
{
    message->refs++;
    return message;
}

void message_drop(struct message *message)
{
    if (message != NULL && --message->refs == 0)
        free(message);
}

/*
 * fuzz_attach.c - both decoders of attached screens. The first byte chooses the end.
 *
 * Whatever comes: no byte outside is read, none outside the frame is written, what is accepted of a client holds words
 * that exist and ended texts, and a frame that passes the check has every count within its array.
 */
#include "service/attach.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void as_server(const uint8_t *bytes, size_t size)
{
    struct attach_said said;
    size_t used;

    while (attach_take_said(bytes, size, &said, &used) == ERR_OK) {
        require(used >= ATTACH_HEAD_SIZE && used <= size && used <= ATTACH_SAID_MAX);
        bytes += used;
        size -= used;
        if (said.kind == ATTACH_HELLO) {
            require(memchr(said.hello.name, '\0', sizeof(said.hello.name)) != NULL);
            require(memchr(said.hello.symbol, '\0', sizeof(said.hello.symbol)) != NULL);
            require(memchr(said.hello.build, '\0', sizeof(said.hello.build)) != NULL);
        } else if (said.kind == ATTACH_COMMAND) {
            require(said.command.kind < COMMAND_KINDS && said.command.intent.side < SIDE_COUNT);
            require(said.command.intent.type < ORDER_TYPES && said.command.view.rows <= VIEW_ROWS_MAX);
            require(memchr(said.command.source, '\0', sizeof(said.command.source)) != NULL);
        } else {
            require(said.kind == ATTACH_WANT);
        }
    }
}

static void as_client(const uint8_t *bytes, size_t size)
{
    static struct view_frame frame;
    struct attach_told told;
    size_t used;

    memset(&frame, 0, sizeof(frame));
    while (attach_take_told(bytes, size, &told, &used) == ERR_OK) {
        require(used >= ATTACH_HEAD_SIZE && used <= size);
        bytes += used;
        size -= used;
        if (told.kind == ATTACH_BYE)
            require(memchr(told.bye.why, '\0', sizeof(told.bye.why)) != NULL);
        if (told.kind != ATTACH_FRAME)
            continue;
        if (frame_unpack(told.frame, told.frame_size, &frame) != ERR_OK || !frame_check(&frame))
            return;
        require(frame.ladder.rows <= VIEW_ROWS_MAX && frame.status.instruments <= INSTRUMENTS_MAX);
        require(frame.lists.orders <= VIEW_ORDERS_MAX && frame.story.lines <= VIEW_STORY_LINES);
        require(strlen(frame.status.state_why) < sizeof(frame.status.state_why));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *bytes; /* as large as it says: the sanitizer sees one byte more */

    if (size == 0)
        return 0;
    bytes = malloc(size > 1 ? size - 1 : 1);
    require(bytes != NULL);
    memcpy(bytes, data + 1, size - 1);
    if (data[0] % 2 == 0)
        as_server(bytes, size - 1);
    else
        as_client(bytes, size - 1);
    free(bytes);
    return 0;
}

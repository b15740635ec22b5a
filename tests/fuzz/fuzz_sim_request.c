/*
 * fuzz_sim_request - what clients send to the built-in exchange: request heads, parameters, frames, stream commands,
 * and the lines of a fault script. Nothing may crash, and what is taken must be inside its bounds.
 */
#include "sim/exchange.h"
#include "sim/faults.h"
#include "sim/http_head.h"
#include "sim/stream_command.h"
#include "sim/ws_frame.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void fuzz_head(const uint8_t *data, size_t size)
{
    char *copy = malloc(size + 1), value[64];
    size_t head_size = http_head_size((const char *)data, size);
    struct http_head head;
    const char *why = "";

    check(copy != NULL && head_size <= size);
    memcpy(copy, data, size);
    copy[head_size] = '\0';
    if (head_size > 0 && http_head_parse(copy, head_size, &head, &why) == 0) {
        struct sim_request request = {.query = head.query, .body = head.origin};

        check(head.path[0] == '/' && head.body_size <= HTTP_BODY_MAX && strchr(head.path, '%') == NULL);
        check(strlen(head.path) + strlen(head.query) <= HTTP_TARGET_MAX);
        if (sim_param(&request, "symbol", value, sizeof(value)))
            check(strlen(value) < sizeof(value));
        http_has_word(head.connection, "upgrade");
    } else if (head_size > 0) {
        check(*why != '\0');
    }
    free(copy);
}

static void fuzz_frames(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    size_t at = 0;

    check(copy != NULL);
    memcpy(copy, data, size);
    while (at < size) {
        struct ws_frame frame;

        if (ws_frame_parse(copy + at, size - at, &frame) != WS_WHOLE)
            break;
        check(frame.taken > 0 && frame.taken <= size - at && frame.size <= WS_PAYLOAD_MAX);
        check(frame.payload + frame.size == copy + at + frame.taken);
        ws_text_valid((const char *)frame.payload, frame.size);
        at += frame.taken;
    }
    free(copy);
}

static void fuzz_command(const uint8_t *data, size_t size)
{
    static struct stream_command command;
    struct sim_text error = {0};

    if (stream_command_parse((const char *)data, size, &command, &error)) {
        check(command.verb < STREAM_VERBS && command.names <= COMMAND_STREAMS_MAX);
        for (size_t i = 0; i < command.names; i++)
            check(strlen(command.name[i]) > 0 && strlen(command.name[i]) < STREAM_NAME_SIZE);
    } else {
        check(error.size > 0 && error.at[0] == '{');
    }
    sim_text_free(&error);
}

static void fuzz_fault(const uint8_t *data, size_t size)
{
    char line[512], why[1024] = "";
    struct fault fault;

    if (size >= sizeof(line))
        return;
    memcpy(line, data, size);
    line[size] = '\0';
    if (fault_parse(line, false, 5, &fault, why, sizeof(why)) == ERR_OK)
        check(fault.verb < FAULT_VERBS && fault.count >= 1 && fault.count <= FAULT_COUNT_MAX &&
              fault.for_ns >= 0);
    else
        check(*why != '\0' && strchr(why, '\n') == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    switch (data[0] % 4) {
    case 0:
        fuzz_head(data + 1, size - 1);
        break;
    case 1:
        fuzz_frames(data + 1, size - 1);
        break;
    case 2:
        fuzz_command(data + 1, size - 1);
        break;
    default:
        fuzz_fault(data + 1, size - 1);
        break;
    }
    return 0;
}

/*
 * attach.h - attached screens: what they say, what they are told, and the bytes of it on their Unix socket.
 *
 * A message is a head (size of what follows, kind) and plain data in the machine's own order: both ends are the same
 * build on the same machine, which the first message proves. Sizes, words and texts are judged all the same, at both
 * ends. See attach_server.h for who may say what when.
 */
#ifndef SERVICE_ATTACH_H
#define SERVICE_ATTACH_H

#include "core/base/err.h"
#include "core/domain/command.h"
#include "core/domain/instrument.h"
#include "view/frame_codec.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ATTACH_SOCKET      "attach.sock"
#define ATTACH_SCREENS_MAX 4 /* at a time, beside the engine's own: each costs the engine its frames */
#define ATTACH_BUILD_SIZE  64
#define ATTACH_WHY_SIZE    192
#define ATTACH_HEAD_SIZE   8
#define ATTACH_SAID_MAX    512 /* bytes of a client's message, its head included */
#define ATTACH_TOLD_MAX    (ATTACH_HEAD_SIZE + FRAME_PACKED_MAX) /* of the server's */
#define ATTACH_NUMBER_MAX  (INT64_C(1) << 56) /* of prices, sizes and places in a command */

enum attach_kind {
    /* a client says */
    ATTACH_HELLO,   /* first: who it is */
    ATTACH_WANT,    /* one frame, when there is a newer one */
    ATTACH_COMMAND, /* struct command */
    /* the server tells */
    ATTACH_WELCOME, /* struct attach_welcome */
    ATTACH_FRAME,   /* frame_codec.h, over the one told before */
    ATTACH_BYE,     /* struct attach_bye: why it closes now */
    ATTACH_KINDS
};

struct attach_head {
    uint32_t size; /* of what follows */
    uint32_t kind; /* enum attach_kind */
};

struct attach_hello {
    char build[ATTACH_BUILD_SIZE];
    char name[VIEW_SCREEN_NAME]; /* of the terminal: "pts/3" */
    char symbol[SYMBOL_SIZE];    /* shown first; "": the engine's first */
    bool readonly;
};

struct attach_welcome {
    int32_t pid; /* of the engine */
};

struct attach_bye {
    char why[ATTACH_WHY_SIZE];
};

struct attach_said { /* one message of a client, judged */
    enum attach_kind kind;
    struct attach_hello hello;
    struct command command;
};

struct attach_told { /* one of the server */
    enum attach_kind kind;
    struct attach_welcome welcome;
    struct attach_bye bye;
    const uint8_t *frame; /* into the bytes read */
    size_t frame_size;
};

/* What a screen's coming, going and commands are to the engine. */
enum attach_note_kind { ATTACH_CAME, ATTACH_WENT, ATTACH_ASKS };

struct attach_note {
    enum attach_note_kind kind;
    uint8_t screen;   /* 1..ATTACH_SCREENS_MAX */
    uint32_t session; /* of whoever has that place now */
    bool readonly;
    char name[VIEW_SCREEN_NAME];
    char symbol[SYMBOL_SIZE];
    char why[64]; /* it went; "": it said so itself */
    struct command command;
};

/* Appends a message to out, which has room for it; returns its size. data NULL: size 0, or it stands there already. */
size_t attach_put(uint8_t *out, enum attach_kind kind, const void *data, size_t size);
/* ERR_OK: one message, *used bytes of it. ERR_NOT_FOUND: it has not all come. ERR_BAD_DATA: it is none. */
enum err attach_take_said(const uint8_t *bytes, size_t size, struct attach_said *out, size_t *used);
enum err attach_take_told(const uint8_t *bytes, size_t size, struct attach_told *out, size_t *used);
/* May a screen ask this? Kinds of screens alone, every word one that exists, no number that could overflow. */
bool attach_command_check(struct command *command);
/* A bye behind the rest of a message that has begun, as much of it as goes in a moment. The descriptor stays open. */
void attach_say_bye(int fd, const uint8_t *rest, size_t rest_size, const char *why);
/* Version and checksum of this program's own file; the same for the same build alone. */
void attach_build(const char *version, char out[ATTACH_BUILD_SIZE]);

#endif

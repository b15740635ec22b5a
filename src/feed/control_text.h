/*
 * control_text.h - what a text of the stream is: data, the answer to a command, or the venue's good-bye. Pure.
 *
 * A text that begins as every combined envelope does is data at once; only what does not is read by jansson,
 * and only if it is short, as answers are.
 */
#ifndef FEED_CONTROL_TEXT_H
#define FEED_CONTROL_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTROL_TEXT_MAX 4096 /* longer is data */
#define CONTROL_WHY_MAX  80

enum control_kind {
    CONTROL_DATA,
    CONTROL_ANSWER,  /* id, well, why */
    CONTROL_SHUTDOWN /* serverShutdown, raw or as stream !serverShutdown */
};

struct control_text {
    enum control_kind kind;
    uint32_t id; /* 0: the answer has none that could be ours */
    bool well;
    char why[CONTROL_WHY_MAX]; /* of an error, one safe line: "2 Invalid request" */
};

void control_text_read(const char *text, size_t size, struct control_text *out);
/* The venue's own word for an error, of a short JSON body {"code":-1121,"msg":"..."}. False: there is none. */
bool control_error_read(const char *text, size_t size, int64_t *code, char why[CONTROL_WHY_MAX]);

#endif

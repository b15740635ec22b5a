/*
 * stream_command.h - SUBSCRIBE and the other commands of a stream connection: text in, what is wanted or the error
 * reply out. No sockets in here.
 */
#ifndef SIM_STREAM_COMMAND_H
#define SIM_STREAM_COMMAND_H

#include "sim/text.h"

#define COMMAND_STREAMS_MAX 1024
#define STREAM_NAME_SIZE    128

enum stream_verb {
    STREAM_SUBSCRIBE,
    STREAM_UNSUBSCRIBE,
    STREAM_LIST,
    STREAM_SET_COMBINED,
    STREAM_GET_COMBINED,
    STREAM_VERBS
};

struct stream_command {
    enum stream_verb verb;
    char id[64];   /* as JSON, to be told back: 17, "abc" or null */
    bool combined; /* SET */
    size_t names;
    char name[COMMAND_STREAMS_MAX][STREAM_NAME_SIZE];
};

/* False: *error is the whole JSON of the error reply. */
bool stream_command_parse(const char *text, size_t size, struct stream_command *out, struct sim_text *error);

#endif

/*
 * topics.h - which connections want which stream; one topic for each stream that somebody is subscribed to.
 */
#ifndef SIM_TOPICS_H
#define SIM_TOPICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TOPICS_MAX 8192 /* power of two; streams of all connections together, 3/4 used at most */

struct sim_stream;
struct connection;
struct message;

struct topic {
    struct sim_stream *stream; /* NULL: free */
    struct connection **subscriber;
    size_t subscribers, room;
    /* faults that reorder: what was held back, to follow the next one; bytes of JSON */
    char *held;
    size_t held_size;
};

struct topics {
    struct topic *slot[TOPICS_MAX];
    size_t count;
};

struct topic *topics_find(const struct topics *topics, const struct sim_stream *stream); /* NULL: none */
/* False: memory, or TOPICS_MAX is reached. */
bool topics_add(struct topics *topics, struct sim_stream *stream, struct connection *connection);
void topics_remove(struct topics *topics, struct sim_stream *stream, struct connection *connection);
void topics_free(struct topics *topics);

#endif

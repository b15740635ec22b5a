#include "sim/topics.h"

#include <stdlib.h>
#include <string.h>

static size_t home(const struct sim_stream *stream)
{
    return (size_t)(((uintptr_t)stream >> 4) * UINT64_C(0x9E3779B97F4A7C15) >> 40) & (TOPICS_MAX - 1);
}

/* Its slot, or the free one where it belongs. The table is never full. */
static size_t find_slot(const struct topics *topics, const struct sim_stream *stream)
{
    size_t at = home(stream);

    while (topics->slot[at] != NULL && topics->slot[at]->stream != stream)
        at = (at + 1) & (TOPICS_MAX - 1);
    return at;
}

struct topic *topics_find(const struct topics *topics, const struct sim_stream *stream)
{
    return topics->slot[find_slot(topics, stream)];
}

static struct topic *add_topic(struct topics *topics, struct sim_stream *stream)
{
    size_t at = find_slot(topics, stream);

    if (topics->slot[at] != NULL)
        return topics->slot[at];
    if (topics->count >= (size_t)TOPICS_MAX / 4 * 3)
        return NULL;
    topics->slot[at] = calloc(1, sizeof(*topics->slot[at]));
    if (topics->slot[at] != NULL) {
        topics->slot[at]->stream = stream;
        topics->count++;
    }
    return topics->slot[at];
}

static void free_topic(struct topic *topic)
{
    free(topic->subscriber);
    free(topic->held);
    free(topic);
}

/* Takes it out and moves those behind it to where a search finds them. */
static void drop_topic(struct topics *topics, struct sim_stream *stream)
{
    size_t at = find_slot(topics, stream), next;

    if (topics->slot[at] == NULL)
        return;
    free_topic(topics->slot[at]);
    topics->slot[at] = NULL;
    topics->count--;
    for (next = (at + 1) & (TOPICS_MAX - 1); topics->slot[next] != NULL;
         next = (next + 1) & (TOPICS_MAX - 1)) {
        struct topic *moved = topics->slot[next];

        topics->slot[next] = NULL;
        topics->slot[find_slot(topics, moved->stream)] = moved;
    }
}

bool topics_add(struct topics *topics, struct sim_stream *stream, struct connection *connection)
{
    struct topic *topic = add_topic(topics, stream);

    if (topic == NULL)
        return false;
    if (topic->subscribers == topic->room) {
        size_t room = topic->room == 0 ? 4 : topic->room * 2;
        struct connection **grown = realloc(topic->subscriber, room * sizeof(struct connection *));

        if (grown == NULL) {
            if (topic->subscribers == 0)
                drop_topic(topics, stream);
            return false;
        }
        topic->subscriber = grown;
        topic->room = room;
    }
    topic->subscriber[topic->subscribers++] = connection;
    return true;
}

void topics_remove(struct topics *topics, struct sim_stream *stream, struct connection *connection)
{
    struct topic *topic = topics_find(topics, stream);

    if (topic == NULL)
        return;
    for (size_t i = 0; i < topic->subscribers; i++)
        if (topic->subscriber[i] == connection) {
            memmove(&topic->subscriber[i], &topic->subscriber[i + 1],
                    (topic->subscribers - i - 1) * sizeof(struct connection *));
            topic->subscribers--;
            break;
        }
    if (topic->subscribers == 0)
        drop_topic(topics, stream);
}

void topics_free(struct topics *topics)
{
    for (size_t i = 0; i < TOPICS_MAX; i++)
        if (topics->slot[i] != NULL)
            free_topic(topics->slot[i]);
    memset(topics, 0, sizeof(*topics));
}

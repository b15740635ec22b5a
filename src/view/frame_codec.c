#include "view/frame_codec.h"

#include <string.h>

#define AT(member) offsetof(struct view_frame, member)

/* Where each topic begins; it ends where the next one does, so that nothing lies between them. */
static const size_t topic_at[FRAME_TOPICS + 1] = {AT(frame_seq),
                                                  AT(desk),
                                                  AT(status),
                                                  AT(ladder),
                                                  AT(second),
                                                  AT(position),
                                                  AT(flow),
                                                  AT(risk),
                                                  AT(strategies),
                                                  AT(lists),
                                                  AT(next),
                                                  AT(answers),
                                                  AT(bell_seq),
                                                  AT(alerts),
                                                  AT(preview_seq),
                                                  AT(controls),
                                                  AT(strategy_detail),
                                                  AT(story),
                                                  AT(market),
                                                  AT(chart),
                                                  AT(results),
                                                  AT(system),
                                                  sizeof(struct view_frame)};

struct topic_head {
    uint16_t topic, runs;
};

struct run_head {
    uint32_t offset, size; /* offset: in its topic */
};

_Static_assert(sizeof(struct topic_head) == FRAME_HEAD_SIZE && sizeof(struct run_head) == FRAME_RUN_SIZE,
               "the sizes that FRAME_PACKED_MAX counts with");
_Static_assert(sizeof(struct view_frame) / FRAME_GRAIN < UINT16_MAX, "a topic's runs fit their count");

/* The grains from `from` on that differ, as one run; false: none does. */
static bool find_run(const uint8_t *now, const uint8_t *sent, size_t size, size_t from, struct run_head *out)
{
    size_t begin = from, end;

    while (begin < size) {
        size_t grain = size - begin < FRAME_GRAIN ? size - begin : FRAME_GRAIN;

        if (memcmp(now + begin, sent + begin, grain) != 0)
            break;
        begin += grain;
    }
    if (begin >= size)
        return false;
    for (end = begin; end < size;) {
        size_t grain = size - end < FRAME_GRAIN ? size - end : FRAME_GRAIN;

        if (memcmp(now + end, sent + end, grain) == 0)
            break;
        end += grain;
    }
    *out = (struct run_head){(uint32_t)begin, (uint32_t)(end - begin)};
    return true;
}

static size_t pack_topic(uint16_t topic, const uint8_t *now, uint8_t *sent, size_t size, uint8_t *out)
{
    struct topic_head head = {topic, 0};
    struct run_head run = {0, 0};
    size_t used = sizeof(head);

    while (find_run(now, sent, size, run.offset + run.size, &run)) {
        memcpy(out + used, &run, sizeof(run));
        memcpy(out + used + sizeof(run), now + run.offset, run.size);
        memcpy(sent + run.offset, now + run.offset, run.size);
        used += sizeof(run) + run.size;
        head.runs++;
    }
    memcpy(out, &head, sizeof(head));
    return head.runs == 0 ? 0 : used;
}

size_t frame_pack(const struct view_frame *now, struct view_frame *sent, uint8_t *out)
{
    size_t used = 0;

    for (uint16_t topic = 0; topic < FRAME_TOPICS; topic++)
        used += pack_topic(topic, (const uint8_t *)now + topic_at[topic], (uint8_t *)sent + topic_at[topic],
                           topic_at[topic + 1] - topic_at[topic], out + used);
    return used;
}

/* --- back ----------------------------------------------------------------------------------------------------- */

static bool take(const uint8_t **at, const uint8_t *end, void *out, size_t size)
{
    if ((size_t)(end - *at) < size)
        return false;
    memcpy(out, *at, size);
    *at += size;
    return true;
}

enum err frame_unpack(const uint8_t *bytes, size_t size, struct view_frame *frame)
{
    const uint8_t *at = bytes, *end = bytes + size;
    struct topic_head head;
    struct run_head run;

    while (at < end) {
        size_t topic_size;

        if (!take(&at, end, &head, sizeof(head)) || head.topic >= FRAME_TOPICS)
            return ERR_BAD_DATA;
        topic_size = topic_at[head.topic + 1] - topic_at[head.topic];
        for (uint16_t i = 0; i < head.runs; i++)
            if (!take(&at, end, &run, sizeof(run)) || run.offset > topic_size ||
                run.size > topic_size - run.offset ||
                !take(&at, end, (uint8_t *)frame + topic_at[head.topic] + run.offset, run.size))
                return ERR_BAD_DATA;
    }
    return ERR_OK;
}

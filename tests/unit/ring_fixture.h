/* ring_fixture.h - a ring of its own for each test, steps that tell what they are, and a reader that checks them. */
#ifndef UNIT_RING_FIXTURE_H
#define UNIT_RING_FIXTURE_H

#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "store/journal_ring.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SMALL     JOURNAL_RING_BYTES_MIN
#define WHY_SIZE  512
#define STEP_MOST 5
#define FRAME_100 160 /* bytes of a frame with a text of 100 */

static const unsigned char ring_id[16] = "journal-of-tests";
static char ring_path[64];

static inline int ring_setup(void **state)
{
    (void)state;
    snprintf(ring_path, sizeof(ring_path), "/dev/shm/flowdeck-test-%ld", (long)getpid());
    unlink(ring_path);
    return 0;
}

static inline int ring_teardown(void **state)
{
    (void)state;
    unlink(ring_path);
    return 0;
}

static inline struct journal_ring *open_ring(size_t bytes)
{
    struct journal_ring *ring = NULL;
    char why[WHY_SIZE] = "";

    if (journal_ring_open(ring_path, ring_id, bytes, &ring, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    return ring;
}

/* A record that tells its step: which one, its place in it, how many there are; of a length of choice. */
static inline struct store_record step_record(uint64_t step, unsigned at, unsigned of, size_t length)
{
    struct store_record record = {.kind = STORE_STORY, .ts_ns = (int64_t)step, .input_seq = at};

    record.story.order_seq = step;
    record.story.line = (int32_t)(at * 100 + of);
    memset(record.story.text, 'a' + (int)(step % 26), length);
    return record;
}

static inline bool append_step(struct journal_ring *ring, uint64_t step, unsigned of, size_t length)
{
    bool kept = true;

    for (unsigned at = 0; at < of; at++) {
        struct store_record record = step_record(step, at, of, length);

        kept &= journal_ring_append(ring, &record, at + 1 < of);
    }
    return kept;
}

/* What a reader checks of frame after frame. */
struct check {
    uint64_t seq, step;
    unsigned at, of;
    bool more;
};

static inline const char *check_frame(struct check *check, const struct frame_head *head,
                                      const unsigned char *body)
{
    struct store_record record;
    static char why[160];
    unsigned at, of;

    if (head->seq != check->seq + 1)
        return "seq";
    if (record_decode(head->kind, body, head->body_size, &record, why, sizeof(why)) != ERR_OK)
        return why;
    at = (unsigned)record.story.line / 100;
    of = (unsigned)record.story.line % 100;
    if (at != (check->more ? check->at + 1 : 0) || (check->more && of != check->of))
        return "place in the step";
    if (check->step != 0 && record.story.order_seq != check->step + !check->more)
        return "step";
    if (((head->flags & FRAME_FLAG_MORE) != 0) != (at + 1 < of))
        return "flag";
    for (const char *c = record.story.text; *c != '\0'; c++)
        if (*c != 'a' + (int)(record.story.order_seq % 26))
            return "text";
    *check = (struct check){head->seq, record.story.order_seq, at, of, at + 1 < of};
    return NULL;
}

/* One piece, at most `most` frames of it, which are freed. */
static inline const char *read_piece(struct journal_ring *ring, struct check *check, size_t most)
{
    size_t size, at = 0;
    const unsigned char *bytes = journal_ring_peek(ring, &size);

    for (size_t frames = 0; at < size && frames < most; frames++) {
        struct frame_head head;
        const unsigned char *body;
        const char *wrong = NULL;

        if (frame_decode(bytes + at, size - at, &head, &body) != ERR_OK)
            return "no whole frame";
        wrong = check_frame(check, &head, body);
        if (wrong != NULL)
            return wrong;
        at += head.size;
    }
    if (at == size && check->more)
        return "a piece ends within a step";
    journal_ring_free_to(ring, at);
    return NULL;
}

static inline void must(const char *wrong)
{
    if (wrong != NULL)
        fail_msg("wrong: %s", wrong);
}

#endif

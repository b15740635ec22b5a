#include "store/store_journal.h"

#include "store/journal_retain.h"
#include "store/store_journal_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_RING_BYTES (4U << 20)

/* --- life ------------------------------------------------------------------------------------------------------ */

void recovered_free(struct recovered *left)
{
    free(left->record);
    left->record = NULL;
    left->count = 0;
}

static struct store_journal *journal_new(const struct store_journal_config *config, char *why,
                                         size_t why_size)
{
    struct store_journal *journal = calloc(1, sizeof(*journal));

    if (journal != NULL && (journal->state = journal_state_new()) != NULL) {
        journal->retain_ns = config->retain_ns;
        journal->snapshot_frames =
            config->snapshot_frames != 0 ? config->snapshot_frames : STORE_JOURNAL_SNAPSHOT_EACH;
        return journal;
    }
    free(journal);
    snprintf(why, why_size, "out of memory");
    return NULL;
}

/* Of a replay: nothing is read and nothing kept. */
static enum err begin_in_memory(struct store_journal *journal, struct recovered *left, char *why,
                                size_t why_size)
{
    static const unsigned char no_id[JOURNAL_ID_SIZE];
    enum err err = journal_ring_open(NULL, no_id, MEMORY_RING_BYTES, &journal->ring, why, why_size);

    left->epoch = left->session = 1;
    if (err == ERR_OK)
        journal_ring_start(journal->ring, 1);
    return err;
}

enum err store_journal_open(const struct store_journal_config *config, struct store_journal **out,
                            struct recovered *left, char *why, size_t why_size)
{
    struct store_journal *journal = journal_new(config, why, why_size);
    enum err err = ERR_MEMORY;

    memset(left, 0, sizeof(*left));
    if (journal != NULL) {
        why[0] = '\0';
        err = config->data_dir == NULL ? begin_in_memory(journal, left, why, why_size)
                                       : store_journal_start(journal, config, false, left, why, why_size);
    }
    if (err != ERR_OK) {
        store_journal_close(journal, false);
        recovered_free(left);
        return err;
    }
    *out = journal;
    return ERR_OK;
}

enum err store_journal_look(const struct store_journal_config *config, struct recovered *left, char *why,
                            size_t why_size)
{
    struct store_journal *journal = journal_new(config, why, why_size);
    enum err err = ERR_MEMORY;

    memset(left, 0, sizeof(*left));
    if (journal != NULL) {
        why[0] = '\0';
        err = store_journal_start(journal, config, true, left, why, why_size);
    }
    store_journal_close(journal, err == ERR_OK); /* nothing is in the ring any more */
    if (err != ERR_OK)
        recovered_free(left);
    return err;
}

void store_journal_close(struct store_journal *journal, bool in_order)
{
    if (journal == NULL)
        return;
    journal_segment_close(journal->segment);
    journal_ring_close(journal->ring, in_order);
    journal_state_free(journal->state);
    free(journal);
}

/* --- the engine's thread --------------------------------------------------------------------------------------- */

bool store_journal_push(struct store_journal *journal, const struct store_record *record)
{
    bool taken = !journal->pending || journal_ring_append(journal->ring, &journal->newest, true);

    journal->newest = *record;
    journal->pending = true;
    journal->refused |= !taken;
    return taken;
}

bool store_journal_commit(struct store_journal *journal)
{
    bool taken = !journal->refused;

    if (!journal->pending)
        return taken;
    journal->pending = journal->refused = false;
    return journal_ring_append(journal->ring, &journal->newest, false) && taken;
}

bool store_journal_is_crowded(const struct store_journal *journal)
{
    return journal_ring_used(journal->ring) > journal_ring_capacity(journal->ring) / 4;
}

/* --- the store thread ------------------------------------------------------------------------------------------ */

static enum err visit_each(struct store_journal *journal, const unsigned char *bytes, size_t size,
                           store_journal_visit *visit, void *arg, size_t *frames, char *why, size_t why_size)
{
    enum err err = ERR_OK;

    for (size_t at = 0; at < size && err == ERR_OK;) {
        struct frame_head head;
        const unsigned char *body;

        if (frame_decode(bytes + at, size - at, &head, &body) != ERR_OK) {
            snprintf(why, why_size, "the ring of the journal is damaged in memory at byte %zu", at);
            return ERR_STORAGE;
        }
        err = visit != NULL ? visit(arg, &head, body, why, why_size)
                            : journal_state_apply(journal->state, &head, body, why, why_size);
        if (err == ERR_OK && head.ts_ns != 0)
            journal->durable_ns = head.ts_ns;
        at += head.size;
        ++*frames;
    }
    return err;
}

enum err store_journal_drain(struct store_journal *journal, store_journal_visit *visit, void *arg,
                             size_t *frames, char *why, size_t why_size)
{
    const unsigned char *bytes;
    enum err err = ERR_OK;
    size_t size, left = journal_ring_used(journal->ring);

    *frames = 0;
    while (err == ERR_OK && left > 0 && (bytes = journal_ring_peek(journal->ring, &size), size > 0)) {
        if (journal->segment != NULL)
            err = journal_segment_write(journal->segment, bytes, size, why, why_size);
        if (err == ERR_OK)
            err = visit_each(journal, bytes, size, journal->segment == NULL ? visit : NULL, arg, frames, why,
                             why_size);
        if (err == ERR_OK)
            journal_ring_free_to(journal->ring, size);
        left -= size < left ? size : left;
    }
    return err;
}

enum err store_journal_snapshot(struct store_journal *journal, bool force, char *why, size_t why_size)
{
    struct journal_point at;
    struct journal_retained removed;
    enum err err;

    if (journal->segment == NULL)
        return ERR_OK;
    at = journal_segment_point(journal->segment);
    if (at.seq == journal->snapshot_seq ||
        (!force && at.seq - journal->snapshot_seq < journal->snapshot_frames))
        return ERR_OK;
    err = journal_state_save(journal->state, journal->dir, &at, journal->id, why, why_size);
    if (err != ERR_OK)
        return err;
    journal->snapshot_seq = at.seq;
    if (journal->retain_ns == 0)
        return ERR_OK;
    return journal_retain(journal->dir, journal->durable_ns, journal->retain_ns, &removed, why, why_size);
}

bool store_journal_free_reserve(struct store_journal *journal)
{
    return journal->segment != NULL && journal_segment_free_reserve(journal->segment);
}

const char *store_journal_dir(const struct store_journal *journal)
{
    return journal->dir;
}

const unsigned char *store_journal_id(const struct store_journal *journal)
{
    return journal->id;
}

struct journal_point store_journal_point(const struct store_journal *journal)
{
    if (journal->segment == NULL)
        return (struct journal_point){0};
    return journal_segment_point(journal->segment);
}

int64_t store_journal_durable_ns(const struct store_journal *journal)
{
    return journal->durable_ns;
}

size_t store_journal_waiting(const struct store_journal *journal)
{
    return journal_ring_used(journal->ring);
}

size_t store_journal_room(const struct store_journal *journal)
{
    return journal_ring_capacity(journal->ring);
}

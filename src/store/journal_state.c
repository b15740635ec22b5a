#include "store/journal_state.h"

#include "store/journal_files.h"
#include "store/journal_snapshot.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CELLS (2 * JOURNAL_STATE_KEYS) /* a power of two; at most half are in use */

struct entry {
    uint32_t older, newer; /* by last write; index + 1, 0: none */
    uint16_t key_size;
    uint16_t frame_size;
    unsigned char key[RECORD_KEY_MAX];
    unsigned char frame[FRAME_MAX];
};

struct journal_state {
    size_t count;
    uint64_t seq;
    uint32_t oldest, newest, free; /* index + 1; free ones go by newer */
    uint32_t used;                 /* entries that were ever taken */
    uint32_t cell[CELLS];          /* index + 1; 0: free */
    struct store_record record;    /* scratch */
    struct entry entry[JOURNAL_STATE_KEYS];
};

struct journal_state *journal_state_new(void)
{
    return calloc(1, sizeof(struct journal_state));
}

void journal_state_free(struct journal_state *state)
{
    free(state);
}

void journal_state_clear(struct journal_state *state)
{
    state->count = 0;
    state->oldest = state->newest = state->free = state->used = 0;
    memset(state->cell, 0, sizeof(state->cell));
}

/* --- keys -------------------------------------------------------------------------------------------------------- */

static uint32_t home_of(const unsigned char *key, size_t size)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a */

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ key[i]) * UINT64_C(0x100000001b3);
    return (uint32_t)(hash ^ hash >> 32) & (CELLS - 1);
}

static bool is_key(const struct entry *entry, const unsigned char *key, size_t size)
{
    return entry->key_size == size && memcmp(entry->key, key, size) == 0;
}

/* The cell of the key, or the free one where it would go. */
static uint32_t find_cell(const struct journal_state *state, const unsigned char *key, size_t size)
{
    uint32_t at = home_of(key, size);

    while (state->cell[at] != 0 && !is_key(&state->entry[state->cell[at] - 1], key, size))
        at = (at + 1) & (CELLS - 1);
    return at;
}

/* Those behind it that would not be found over the hole move up. */
static void empty_cell(struct journal_state *state, uint32_t hole)
{
    uint32_t at = hole;

    state->cell[hole] = 0;
    while (state->cell[at = (at + 1) & (CELLS - 1)] != 0) {
        const struct entry *entry = &state->entry[state->cell[at] - 1];
        uint32_t home = home_of(entry->key, entry->key_size);

        if (((at - home) & (CELLS - 1)) < ((at - hole) & (CELLS - 1)))
            continue;
        state->cell[hole] = state->cell[at];
        state->cell[at] = 0;
        hole = at;
    }
}

/* --- order of writing -------------------------------------------------------------------------------------------- */

static void unlink_entry(struct journal_state *state, uint32_t id)
{
    const struct entry *entry = &state->entry[id - 1];

    *(entry->older == 0 ? &state->oldest : &state->entry[entry->older - 1].newer) = entry->newer;
    *(entry->newer == 0 ? &state->newest : &state->entry[entry->newer - 1].older) = entry->older;
}

static void link_newest(struct journal_state *state, uint32_t id)
{
    struct entry *entry = &state->entry[id - 1];

    entry->older = state->newest;
    entry->newer = 0;
    *(state->newest == 0 ? &state->oldest : &state->entry[state->newest - 1].newer) = id;
    state->newest = id;
}

static uint32_t take_entry(struct journal_state *state)
{
    uint32_t id = state->free;

    if (id != 0)
        state->free = state->entry[id - 1].newer;
    else if (state->used < JOURNAL_STATE_KEYS)
        id = ++state->used;
    return id;
}

static void drop(struct journal_state *state, uint32_t cell)
{
    uint32_t id = state->cell[cell];

    if (id == 0)
        return;
    unlink_entry(state, id);
    empty_cell(state, cell);
    state->entry[id - 1].newer = state->free;
    state->free = id;
    state->count--;
}

/* --- frames ------------------------------------------------------------------------------------------------------ */

static enum err put(struct journal_state *state, const struct frame_head *head, const unsigned char *body,
                    const unsigned char *key, size_t key_size, char *why, size_t why_size)
{
    uint32_t cell = find_cell(state, key, key_size), id = state->cell[cell];
    struct entry *entry;

    if (id != 0) {
        unlink_entry(state, id);
    } else if ((id = take_entry(state)) == 0) {
        snprintf(why, why_size, "frame %" PRIu64 ": more than %d states to keep", head->seq,
                 JOURNAL_STATE_KEYS);
        return ERR_FULL;
    } else {
        state->cell[cell] = id;
        state->count++;
    }
    entry = &state->entry[id - 1];
    entry->key_size = (uint16_t)key_size;
    memcpy(entry->key, key, key_size);
    entry->frame_size = (uint16_t)frame_encode(head, body, entry->frame, sizeof(entry->frame));
    link_newest(state, id);
    return ERR_OK;
}

enum err journal_state_apply(struct journal_state *state, const struct frame_head *head,
                             const unsigned char *body, char *why, size_t why_size)
{
    unsigned char key[RECORD_KEY_MAX];
    const struct record_kind_row *row = record_kind_row(head->kind);
    size_t key_size;
    char fault[128];

    state->seq = head->seq;
    if (row == NULL) {
        snprintf(why, why_size, "frame %" PRIu64 ": a record of unknown kind %u", head->seq, head->kind);
        return ERR_BAD_DATA;
    }
    if (!row->state)
        return ERR_OK;
    if (record_decode(head->kind, body, head->body_size, &state->record, fault, sizeof(fault)) != ERR_OK) {
        snprintf(why, why_size, "frame %" PRIu64 ": %s", head->seq, fault);
        return ERR_BAD_DATA;
    }
    if (head->kind == STORE_SESSION && state->record.session.fresh)
        journal_state_clear(state);
    key_size = record_key(head->kind, body, head->body_size, key);
    if (!record_ends_key(&state->record))
        return put(state, head, body, key, key_size, why, why_size);
    drop(state, find_cell(state, key, key_size));
    return ERR_OK;
}

size_t journal_state_count(const struct journal_state *state)
{
    return state->count;
}

uint64_t journal_state_seq(const struct journal_state *state)
{
    return state->seq;
}

void journal_state_each(const struct journal_state *state, unsigned kind,
                        bool (*visit)(void *arg, const struct store_record *record), void *arg)
{
    struct store_record record;
    struct frame_head head;
    const unsigned char *body;
    char why[128];

    for (uint32_t id = state->oldest; id != 0; id = state->entry[id - 1].newer) {
        const struct entry *entry = &state->entry[id - 1];

        if (frame_decode(entry->frame, entry->frame_size, &head, &body) != ERR_OK ||
            (kind != 0 && head.kind != kind) ||
            record_decode(head.kind, body, head.body_size, &record, why, sizeof(why)) != ERR_OK)
            continue; /* it was checked when it came */
        record.ts_ns = head.ts_ns;
        record.input_seq = head.input_seq;
        if (!visit(arg, &record))
            return;
    }
}

/* --- snapshots --------------------------------------------------------------------------------------------------- */

struct walk {
    const struct journal_state *state;
    uint32_t at;
};

static size_t next_frame(void *arg, unsigned char out[FRAME_MAX])
{
    struct walk *walk = arg;
    const struct entry *entry;

    if (walk->at == 0)
        return 0;
    entry = &walk->state->entry[walk->at - 1];
    walk->at = entry->newer;
    memcpy(out, entry->frame, entry->frame_size);
    return entry->frame_size;
}

/* Only the newest ones stay; what cannot be removed is tried again by the next. */
static void remove_old(const char *dir)
{
    struct journal_list list = {0};
    int dir_fd = journal_open_folder(dir);

    if (dir_fd >= 0 && journal_list_read(&list, dir_fd, JOURNAL_SNAPSHOT_END) == ERR_OK)
        for (size_t i = 0; i + JOURNAL_SNAPSHOTS_KEPT < list.count; i++) {
            char name[JOURNAL_NAME_SIZE];

            journal_file_name(list.seq[i], JOURNAL_SNAPSHOT_END, name);
            unlinkat(dir_fd, name, 0);
        }
    journal_list_free(&list);
    if (dir_fd >= 0)
        close(dir_fd);
}

enum err journal_state_save(const struct journal_state *state, const char *dir,
                            const struct journal_point *at, const unsigned char journal_id[JOURNAL_ID_SIZE],
                            char *why, size_t why_size)
{
    struct walk walk = {state, state->oldest};
    struct journal_snapshot snapshot = {.at = *at};
    enum err err;

    memcpy(snapshot.journal_id, journal_id, JOURNAL_ID_SIZE);
    err = journal_snapshot_write(dir, &snapshot, next_frame, &walk, why, why_size);
    if (err == ERR_OK)
        remove_old(dir);
    return err;
}

static enum err load_frames(struct journal_state *state, const unsigned char *frames, uint64_t size,
                            char *why, size_t why_size)
{
    enum err err = ERR_OK;

    journal_state_clear(state);
    for (uint64_t at = 0; at < size && err == ERR_OK;) {
        struct frame_head head;
        const unsigned char *body;

        err = frame_decode(frames + at, (size_t)(size - at), &head, &body);
        if (err == ERR_OK)
            err = journal_state_apply(state, &head, body, why, why_size);
        at += head.size;
    }
    return err;
}

enum err journal_state_load(struct journal_state *state, const char *dir, struct journal_point *at,
                            unsigned char journal_id[JOURNAL_ID_SIZE], char *why, size_t why_size)
{
    struct journal_list list = {0};
    int dir_fd = journal_open_folder(dir);
    enum err err = ERR_NOT_FOUND;

    why[0] = '\0';
    if (dir_fd >= 0 && journal_list_read(&list, dir_fd, JOURNAL_SNAPSHOT_END) == ERR_OK)
        for (size_t i = list.count; i > 0 && err != ERR_OK; i--) {
            struct journal_snapshot snapshot;
            unsigned char *frames;

            err = journal_snapshot_read(dir, list.seq[i - 1], &snapshot, &frames, why, why_size);
            if (err == ERR_OK)
                err = load_frames(state, frames, snapshot.bytes, why, why_size);
            if (err == ERR_OK) {
                *at = snapshot.at;
                state->seq = snapshot.at.seq;
                memcpy(journal_id, snapshot.journal_id, JOURNAL_ID_SIZE);
            }
            free(frames);
        }
    journal_list_free(&list);
    if (dir_fd >= 0)
        close(dir_fd);
    if (err == ERR_OK)
        return ERR_OK;
    journal_state_clear(state);
    return ERR_NOT_FOUND;
}

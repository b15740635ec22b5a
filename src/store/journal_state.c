#include "store/journal_state.h"

#include "store/file_guard.h"
#include "store/journal_files.h"
#include "store/journal_io.h"
#include "store/journal_snapshot.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PLACES (JOURNAL_STATE_KEYS * 2) /* of the hash table: a power of two, at most half of them taken */
#define NONE   UINT32_MAX

_Static_assert((PLACES & (PLACES - 1)) == 0, "a mask picks the place");

struct entry {
    uint32_t hash;
    uint32_t before, after; /* in the order of writing; after: the next free one, too */
    size_t key_size;
    unsigned char key[RECORD_KEY_MAX];
    struct frame_head head;
    unsigned char body[RECORD_BODY_MAX];
};

struct journal_state {
    uint64_t seq;
    size_t count;
    uint32_t oldest, newest, free, fresh; /* fresh: from there on no entry was ever taken */
    uint32_t place[PLACES];               /* of an entry, or NONE */
    struct entry entry[JOURNAL_STATE_KEYS];
};

struct key {
    size_t size;
    uint32_t hash;
    unsigned char bytes[RECORD_KEY_MAX];
};

struct journal_state *journal_state_new(void)
{
    struct journal_state *state = malloc(sizeof(*state)); /* entries take memory when they are used */

    if (state != NULL)
        journal_state_clear(state);
    return state;
}

void journal_state_free(struct journal_state *state)
{
    free(state);
}

void journal_state_clear(struct journal_state *state)
{
    state->seq = 0;
    state->count = 0;
    state->oldest = state->newest = NONE;
    state->free = NONE;
    state->fresh = 0;
    memset(state->place, 0xFF, sizeof(state->place));
}

/* --- the table -------------------------------------------------------------------------------------------------- */

static uint32_t hash_of(const unsigned char *bytes, size_t size)
{
    uint32_t hash = 2166136261U; /* FNV-1a */

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 16777619U;
    return hash;
}

/* The place where the key is, or where it would go. */
static uint32_t find(const struct journal_state *state, const struct key *key)
{
    uint32_t place = key->hash & (PLACES - 1);

    while (state->place[place] != NONE) {
        const struct entry *entry = &state->entry[state->place[place]];

        if (entry->hash == key->hash && entry->key_size == key->size &&
            memcmp(entry->key, key->bytes, key->size) == 0)
            break;
        place = (place + 1) & (PLACES - 1);
    }
    return place;
}

static void unlink_entry(struct journal_state *state, uint32_t index)
{
    const struct entry *entry = &state->entry[index];

    *(entry->before == NONE ? &state->oldest : &state->entry[entry->before].after) = entry->after;
    *(entry->after == NONE ? &state->newest : &state->entry[entry->after].before) = entry->before;
}

static void link_newest(struct journal_state *state, uint32_t index)
{
    state->entry[index].before = state->newest;
    state->entry[index].after = NONE;
    *(state->newest == NONE ? &state->oldest : &state->entry[state->newest].after) = index;
    state->newest = index;
}

/* Those behind a hole move up, so that none is ever looked for in vain. */
static void close_hole(struct journal_state *state, uint32_t hole)
{
    for (uint32_t next = (hole + 1) & (PLACES - 1); state->place[next] != NONE;
         next = (next + 1) & (PLACES - 1)) {
        uint32_t home = state->entry[state->place[next]].hash & (PLACES - 1);

        if (((next - home) & (PLACES - 1)) < ((next - hole) & (PLACES - 1)))
            continue; /* its home lies behind the hole */
        state->place[hole] = state->place[next];
        hole = next;
    }
    state->place[hole] = NONE;
}

static void remove_key(struct journal_state *state, const struct key *key)
{
    uint32_t place = find(state, key), index = state->place[place];

    if (index == NONE)
        return;
    unlink_entry(state, index);
    close_hole(state, place);
    state->entry[index].after = state->free;
    state->free = index;
    state->count--;
}

/* NONE: all are taken. */
static uint32_t take_entry(struct journal_state *state)
{
    uint32_t index = state->free;

    if (index != NONE)
        state->free = state->entry[index].after;
    else if (state->fresh < JOURNAL_STATE_KEYS)
        index = state->fresh++;
    return index;
}

static bool put_key(struct journal_state *state, const struct key *key, const struct frame_head *head,
                    const unsigned char *body)
{
    uint32_t place = find(state, key), index = state->place[place];
    struct entry *entry;

    if (index == NONE) {
        index = take_entry(state);
        if (index == NONE)
            return false;
        entry = &state->entry[index];
        state->place[place] = index;
        state->count++;
        entry->hash = key->hash;
        entry->key_size = key->size;
        memcpy(entry->key, key->bytes, key->size);
    } else {
        entry = &state->entry[index];
        unlink_entry(state, index);
    }
    link_newest(state, index);
    entry->head = *head;
    memcpy(entry->body, body, head->body_size);
    return true;
}

/* --- records ---------------------------------------------------------------------------------------------------- */

static enum err say(enum err err, const struct frame_head *head, const char *text, char *why, size_t why_size)
{
    snprintf(why, why_size, "record seq %" PRIu64 " (kind %u): %s", head->seq, (unsigned)head->kind, text);
    return err;
}

/* A state record into the table, or its key out of it. */
static enum err put(struct journal_state *state, const struct frame_head *head, const unsigned char *body,
                    char *why, size_t why_size)
{
    struct store_record record;
    struct key key;
    char text[160];
    uint64_t seq = state->seq;

    if (head->body_size > RECORD_BODY_MAX ||
        record_decode(head->kind, body, head->body_size, &record, text, sizeof(text)) != ERR_OK)
        return say(ERR_BAD_DATA, head, head->body_size > RECORD_BODY_MAX ? "is too long" : text, why,
                   why_size);
    if (head->kind == STORE_SESSION && record.session.fresh) {
        journal_state_clear(state);
        state->seq = seq;
    }
    key.size = record_key(head->kind, body, head->body_size, key.bytes);
    if (key.size == 0)
        return say(ERR_BAD_DATA, head, "has no key", why, why_size);
    key.hash = hash_of(key.bytes, key.size);
    if (record_ends_key(&record))
        remove_key(state, &key);
    else if (!put_key(state, &key, head, body))
        return say(ERR_FULL, head, "there is no room for one more state", why, why_size);
    return ERR_OK;
}

enum err journal_state_apply(struct journal_state *state, const struct frame_head *head,
                             const unsigned char *body, char *why, size_t why_size)
{
    const struct record_kind_row *row = record_kind_row(head->kind);
    enum err err = ERR_OK;

    if (row == NULL)
        return say(ERR_UNSUPPORTED, head, "a newer flowdeck wrote this one", why, why_size);
    if (head->seq != state->seq + 1)
        return say(ERR_BAD_DATA, head, "does not follow the last one", why, why_size);
    if (row->state)
        err = put(state, head, body, why, why_size);
    if (err == ERR_OK)
        state->seq = head->seq;
    return err;
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
    char why[160];

    for (uint32_t i = state->oldest; i != NONE; i = state->entry[i].after) {
        const struct entry *entry = &state->entry[i];

        if (kind != 0 && entry->head.kind != kind)
            continue;
        if (record_decode(entry->head.kind, entry->body, entry->head.body_size, &record, why, sizeof(why)) !=
            ERR_OK)
            continue; /* not possible: it was decoded when it came */
        record.kind = (enum store_record_kind)entry->head.kind;
        record.ts_ns = entry->head.ts_ns;
        record.input_seq = entry->head.input_seq;
        if (!visit(arg, &record))
            return;
    }
}

/* --- snapshots --------------------------------------------------------------------------------------------------- */

struct walk {
    const struct journal_state *state;
    uint32_t next;
};

static size_t next_frame(void *arg, unsigned char out[FRAME_MAX])
{
    struct walk *walk = arg;
    const struct entry *entry;

    if (walk->next == NONE)
        return 0;
    entry = &walk->state->entry[walk->next];
    walk->next = entry->after;
    return frame_encode(&entry->head, entry->body, out, FRAME_MAX);
}

/* All but the newest few go; a name that cannot be removed is in nobody's way. */
static void remove_old(const char *dir)
{
    struct journal_list list = {.seq = NULL};
    int dir_fd = journal_open_folder(dir);

    if (dir_fd >= 0 && journal_list_read(&list, dir_fd, JOURNAL_SNAPSHOT_END) == ERR_OK)
        for (size_t i = 0; i + JOURNAL_SNAPSHOTS_KEPT < list.count; i++) {
            char name[JOURNAL_NAME_SIZE];

            journal_file_name(list.seq[i], JOURNAL_SNAPSHOT_END, name);
            journal_io()->unlink(dir_fd, name);
        }
    journal_list_free(&list);
    if (dir_fd >= 0)
        close(dir_fd);
}

enum err journal_state_save(const struct journal_state *state, const char *dir,
                            const struct journal_point *at, const unsigned char id[JOURNAL_ID_SIZE],
                            char *why, size_t why_size)
{
    struct journal_snapshot snapshot = {.at = *at};
    struct walk walk = {state, state->oldest};
    enum err err;

    if (state->seq != at->seq)
        return file_guard_refuse(dir, why, why_size,
                                 "no snapshot: the state is of seq %" PRIu64 ", the point of seq %" PRIu64,
                                 state->seq, at->seq);
    memcpy(snapshot.journal_id, id, JOURNAL_ID_SIZE);
    err = journal_snapshot_write(dir, &snapshot, next_frame, &walk, why, why_size);
    if (err == ERR_OK)
        remove_old(dir);
    return err;
}

static enum err take(struct journal_state *state, const struct journal_snapshot *snapshot,
                     const unsigned char *frames, char *why, size_t why_size)
{
    const unsigned char *body;
    struct frame_head head;
    enum err err = ERR_OK;

    journal_state_clear(state);
    for (uint64_t at = 0; err == ERR_OK && at < snapshot->bytes; at += head.size) {
        const struct record_kind_row *row;

        err = frame_decode(frames + at, (size_t)(snapshot->bytes - at), &head, &body);
        row = err == ERR_OK ? record_kind_row(head.kind) : NULL;
        if (row == NULL || !row->state)
            err = say(ERR_BAD_DATA, &head, "is no state", why, why_size);
        if (err == ERR_OK)
            err = put(state, &head, body, why, why_size);
    }
    if (err == ERR_OK && state->count != snapshot->count)
        err = say(ERR_BAD_DATA, &head, "a key is there twice", why, why_size);
    state->seq = snapshot->at.seq;
    return err;
}

/* Whose journal is in the folder. ERR_NOT_FOUND: no segment tells. */
static enum err id_of_folder(const char *dir, struct journal_list *list, unsigned char id[JOURNAL_ID_SIZE],
                             char *why, size_t why_size)
{
    int dir_fd = journal_open_folder(dir);
    struct journal_header header;
    char name[JOURNAL_NAME_SIZE];
    enum err err = dir_fd >= 0       ? journal_list_read(list, dir_fd, JOURNAL_SEGMENT_END)
                   : errno == ENOENT ? ERR_NOT_FOUND
                                     : ERR_STORAGE;

    if (err == ERR_STORAGE || err == ERR_MEMORY)
        file_guard_refuse(dir, why, why_size, "cannot be listed: %s", strerror(errno));
    if (err == ERR_OK && list->count == 0)
        err = ERR_NOT_FOUND;
    if (err == ERR_OK) {
        journal_file_name(list->seq[list->count - 1], JOURNAL_SEGMENT_END, name);
        err = journal_read_header(dir, dir_fd, name, JOURNAL_MAGIC_SEGMENT, &header, why, why_size);
        if (err == ERR_OK)
            memcpy(id, header.journal_id, JOURNAL_ID_SIZE);
    }
    if (dir_fd >= 0 && (err == ERR_OK || err == ERR_NOT_FOUND)) {
        enum err listed = journal_list_read(list, dir_fd, JOURNAL_SNAPSHOT_END);

        err = listed == ERR_OK ? err : listed;
    }
    if (dir_fd >= 0)
        close(dir_fd);
    return err;
}

enum err journal_state_load(struct journal_state *state, const char *dir, struct journal_point *at,
                            unsigned char id[JOURNAL_ID_SIZE], char *why, size_t why_size)
{
    struct journal_list list = {.seq = NULL};
    bool known;
    enum err err;

    why[0] = '\0';
    journal_state_clear(state);
    *at = (struct journal_point){.seq = 0};
    err = id_of_folder(dir, &list, id, why, why_size);
    known = err == ERR_OK;
    if (err == ERR_OK)
        err = ERR_NOT_FOUND;
    for (size_t i = list.count; err == ERR_NOT_FOUND && i-- > 0;) {
        struct journal_snapshot snapshot;
        unsigned char *frames;
        enum err read = journal_snapshot_read(dir, list.seq[i], &snapshot, &frames, why, why_size);

        if (read == ERR_MEMORY)
            err = read;
        if (read != ERR_OK)
            continue;
        if (known && memcmp(snapshot.journal_id, id, JOURNAL_ID_SIZE) != 0) {
            file_guard_refuse(dir, why, why_size, "the snapshot of seq %" PRIu64 " is of another journal",
                              list.seq[i]);
        } else if (take(state, &snapshot, frames, why, why_size) == ERR_OK) {
            *at = snapshot.at;
            memcpy(id, snapshot.journal_id, JOURNAL_ID_SIZE);
            err = ERR_OK;
        }
        free(frames);
    }
    if (err != ERR_OK)
        journal_state_clear(state);
    journal_list_free(&list);
    return err;
}

enum err journal_state_load_one(struct journal_state *state, const char *dir, uint64_t seq,
                                struct journal_point *at, unsigned char journal_id[JOURNAL_ID_SIZE],
                                char *why, size_t why_size)
{
    struct journal_snapshot snapshot;
    unsigned char *frames;
    enum err err = journal_snapshot_read(dir, seq, &snapshot, &frames, why, why_size);

    if (err != ERR_OK)
        return err;
    *at = snapshot.at;
    memcpy(journal_id, snapshot.journal_id, JOURNAL_ID_SIZE);
    err = take(state, &snapshot, frames, why, why_size);
    free(frames);
    return err;
}

bool journal_state_equals(const struct journal_state *left, const struct journal_state *right, char *what,
                          size_t what_size)
{
    uint32_t l = left->oldest, r = right->oldest;

    for (; l != NONE && r != NONE; l = left->entry[l].after, r = right->entry[r].after) {
        const struct entry *a = &left->entry[l], *b = &right->entry[r];

        if (a->head.seq != b->head.seq || a->head.kind != b->head.kind || a->head.ts_ns != b->head.ts_ns ||
            a->head.body_size != b->head.body_size || memcmp(a->body, b->body, a->head.body_size) != 0) {
            snprintf(what, what_size, "record %" PRIu64 " against record %" PRIu64, a->head.seq, b->head.seq);
            return false;
        }
    }
    snprintf(what, what_size, "%zu states against %zu", left->count, right->count);
    return l == r;
}

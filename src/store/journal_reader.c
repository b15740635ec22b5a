#include "store/journal_reader.h"

#include "store/file_guard.h"
#include "store/journal_hash.h"
#include "store/journal_io.h"
#include "store/journal_reader_parts.h"
#include "store/journal_retain.h"
#include "store/journal_tail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* --- one file -------------------------------------------------------------------------------------------------- */

static enum err look_for_files(struct journal_reader *reader)
{
    enum err err = journal_list_read(&reader->list, reader->dir_fd, JOURNAL_SEGMENT_END);

    return err == ERR_OK ? ERR_OK : reader_fail(reader, err, NULL, "cannot be listed: %s", strerror(errno));
}

static uint64_t newest_file(const struct journal_reader *reader)
{
    return reader->list.count == 0 ? 0 : reader->list.seq[reader->list.count - 1];
}

/* Opens the file that begins with seq; ERR_NOT_FOUND is not latched. */
static enum err open_file(struct journal_reader *reader, uint64_t seq, struct journal_header *header)
{
    char name[JOURNAL_NAME_SIZE];
    enum err err = journal_read_header(reader->dir, reader->dir_fd, reader_file_name(seq, name),
                                       JOURNAL_MAGIC_SEGMENT, header, reader->why, sizeof(reader->why));

    if (err == ERR_NOT_FOUND)
        return err;
    if (err != ERR_OK)
        return reader->failed = err;
    if (header->seq != seq)
        return reader_fail(reader, ERR_BAD_DATA, name, "is the file of seq %" PRIu64 " under another name",
                           header->seq);
    if (reader->fd >= 0)
        journal_io()->close(reader->fd);
    reader->fd = journal_open_file(reader->dir_fd, name, &reader->file_size);
    if (reader->fd < 0)
        return reader_fail(reader, ERR_STORAGE, name, "cannot be opened: %s", strerror(errno));
    reader->file_seq = seq;
    reader->file_sealed = false;
    reader->file_at = JOURNAL_HEADER_SIZE;
    reader->held = reader->group_at = reader->give_at = reader->give_end = 0;
    reader->place = (struct journal_place){seq, JOURNAL_HEADER_SIZE, JOURNAL_HEADER_SIZE};
    reader->counts.files++;
    reader->counts.bytes += JOURNAL_HEADER_SIZE;
    return ERR_OK;
}

/* --- from file to file ----------------------------------------------------------------------------------------- */

/* Goes on to the file that begins where this one ended. ERR_NOT_FOUND: there is none. */
static enum err next_file(struct journal_reader *reader)
{
    uint64_t before = reader->file_seq, next = reader->point.seq + 1;
    struct journal_header header;
    char name[JOURNAL_NAME_SIZE];
    enum err err;

    if (!reader->file_sealed || next == before)
        return ERR_NOT_FOUND;
    err = open_file(reader, next, &header);
    if (err != ERR_OK)
        return err;
    if (memcmp(header.journal_id, reader->journal_id, JOURNAL_ID_SIZE) != 0)
        return reader_fail(reader, ERR_BAD_DATA, reader_file_name(next, name), "is of another journal");
    if (memcmp(header.chain, reader->point.chain, JOURNAL_CHAIN_SIZE) != 0)
        return reader_fail(reader, ERR_BAD_DATA, reader_file_name(next, name),
                           "does not go on from the file before it: one of the two was changed");
    for (size_t i = 0; i < reader->list.count; i++)
        if (reader->list.seq[i] > before && reader->list.seq[i] < next)
            return reader_fail(reader, ERR_BAD_DATA, reader_file_name(reader->list.seq[i], name),
                               "does not belong here: seq %" PRIu64 " is in another file",
                               reader->list.seq[i]);
    return ERR_OK;
}

static enum err damage(struct journal_reader *reader, const struct trouble *trouble)
{
    char name[JOURNAL_NAME_SIZE];

    return reader_fail(reader, ERR_BAD_DATA, reader_file_name(reader->file_seq, name),
                       "frame at offset %" PRIu64 " (seq %" PRIu64 "): %s", trouble->at, trouble->seq,
                       trouble->what);
}

/* What stands behind the last seal is the journal's end, or it is damage. */
static enum err judge_end(struct journal_reader *reader, enum found found, struct trouble *trouble)
{
    struct journal_tail tail = {.fd = reader->fd,
                                .from = trouble->at,
                                .to = reader->file_size,
                                .group_seq = reader->point.seq + 1,
                                .seq = trouble->seq};
    char name[JOURNAL_NAME_SIZE];
    bool followed = false;
    enum err err;

    if (found == FOUND_DAMAGE)
        return damage(reader, trouble);
    if (newest_file(reader) > reader->file_seq) {
        if (found == FOUND_CUT)
            return damage(reader, trouble);
        return reader_fail(reader, ERR_BAD_DATA, reader_file_name(reader->point.seq + 1, name),
                           "is missing: seq %" PRIu64 " is followed by seq %" PRIu64
                           " in the files that are there",
                           reader->point.seq, newest_file(reader));
    }
    if (!reader->file_sealed)
        return reader_fail(reader, ERR_BAD_DATA, reader_file_name(reader->file_seq, name),
                           "has no sealed group: its end is missing");
    reader->counts.cut_bytes = reader->counts.unsealed = 0;
    reader->ended = true;
    if (found == FOUND_NOTHING)
        return ERR_NOT_FOUND;
    err = journal_tail_is_followed(&tail, &followed);
    if (err != ERR_OK)
        return reader_fail(reader, err, reader_file_name(reader->file_seq, name),
                           "its end cannot be read: %s", strerror(errno));
    if (followed)
        return damage(reader, trouble);
    reader->counts.unsealed = trouble->whole_frames;
    reader->counts.cut_bytes = reader->file_size - reader->file_at - reader->group_at - trouble->whole_steps;
    reader->give_at = reader->group_at;
    reader->give_end = reader->group_at + trouble->whole_steps;
    reader->give_sealed = false;
    return trouble->whole_steps > 0 ? ERR_OK : ERR_NOT_FOUND;
}

/* Checked frames to give, from the next group or from behind the last seal. Whatever looks like the end is looked at
 * twice, the folder in between: a writer may have gone on since. */
static enum err next_group(struct journal_reader *reader)
{
    bool again = reader->ended;

    if (reader->ended && (look_for_files(reader) != ERR_OK || reader_read_anew(reader) != ERR_OK))
        return reader->failed;
    reader->ended = false;
    for (;;) {
        struct trouble trouble;
        enum found found = reader_read_group(reader, &trouble);

        if (found == FOUND_GROUP)
            return ERR_OK;
        if (found == FOUND_FAILURE)
            return reader->failed;
        if (found == FOUND_NOTHING) {
            enum err err = next_file(reader);

            if (err == ERR_OK)
                again = false;
            if (err == ERR_OK)
                continue;
            if (err != ERR_NOT_FOUND)
                return err;
        }
        if (again)
            return judge_end(reader, found, &trouble);
        if (look_for_files(reader) != ERR_OK || reader_read_anew(reader) != ERR_OK)
            return reader->failed;
        again = true;
    }
}

enum err journal_reader_next(struct journal_reader *reader, struct journal_frame *out, char *why,
                             size_t why_size)
{
    while (reader->failed == ERR_OK && reader->give_at == reader->give_end) {
        if (reader->ended && !reader->give_sealed && reader->give_end > 0) {
            reader->give_at = reader->give_end = 0; /* all of the cut end was given */
            return ERR_NOT_FOUND;
        }
        if (next_group(reader) == ERR_NOT_FOUND)
            return ERR_NOT_FOUND;
    }
    if (reader->failed != ERR_OK) {
        snprintf(why, why_size, "%s", reader->why);
        return reader->failed;
    }
    out->bytes = reader->buffer + reader->give_at;
    out->body = out->bytes + FRAME_HEADER_SIZE;
    out->head = frame_head_of(out->bytes); /* checked with its group */
    out->sealed = reader->give_sealed;
    reader->give_at += out->head.size;
    return ERR_OK;
}

/* --- the start ------------------------------------------------------------------------------------------------- */

/* The beginning is asked for: is it there? */
static enum err check_beginning(struct journal_reader *reader)
{
    struct journal_point retired;
    char name[JOURNAL_NAME_SIZE];
    enum err err = journal_retired(reader->dir, &retired, reader->why, sizeof(reader->why));

    if (err == ERR_OK)
        return reader_fail(reader, ERR_STATE, NULL,
                           "the records up to seq %" PRIu64
                           " were retired; a whole snapshot is needed to start, and there is none",
                           retired.seq);
    if (err != ERR_NOT_FOUND)
        return reader->failed = err;
    if (reader->list.count == 0)
        return ERR_NOT_FOUND;
    if (reader->list.seq[0] != 1)
        return reader_fail(reader, ERR_BAD_DATA, reader_file_name(1, name),
                           "is missing: the journal begins at seq %" PRIu64 "; put back what was before",
                           reader->list.seq[0]);
    return ERR_OK;
}

static enum err open_first(struct journal_reader *reader, uint64_t seq)
{
    struct journal_header header;
    char name[JOURNAL_NAME_SIZE];
    enum err err = open_file(reader, seq, &header);

    if (err == ERR_NOT_FOUND)
        return reader_fail(reader, ERR_STORAGE, reader_file_name(seq, name), "went away while it was opened");
    if (err != ERR_OK)
        return err;
    memcpy(reader->journal_id, header.journal_id, JOURNAL_ID_SIZE);
    reader->point = (struct journal_point){.seq = seq - 1};
    memcpy(reader->point.chain, header.chain, JOURNAL_CHAIN_SIZE);
    return ERR_OK;
}

static bool is_at(const struct journal_reader *reader, const struct journal_point *point)
{
    return reader->point.seq == point->seq &&
           memcmp(reader->point.chain, point->chain, JOURNAL_CHAIN_SIZE) == 0;
}

/* From the begin of the file in which the point lies to the point, group by group. */
static enum err walk_to(struct journal_reader *reader, const struct journal_point *point)
{
    while (!is_at(reader, point)) {
        enum err err = reader->point.seq > point->seq ? ERR_NOT_FOUND : next_group(reader);

        reader->give_at = reader->give_end; /* passed over */
        if (err == ERR_OK && reader->give_sealed)
            continue;
        if (err != ERR_OK && err != ERR_NOT_FOUND)
            return err;
        if (reader->point.seq < point->seq)
            return reader_fail(reader, ERR_BAD_DATA, NULL,
                               "ends at seq %" PRIu64 ", but goes on to seq %" PRIu64
                               " by a snapshot of it: its end is missing",
                               reader->point.seq, point->seq);
        return reader_fail(reader, ERR_BAD_DATA, NULL,
                           "is not the journal in which seq %" PRIu64 " ends a group of that hash",
                           point->seq);
    }
    return ERR_OK;
}

static enum err find_point(struct journal_reader *reader, const struct journal_point *point)
{
    size_t i = reader->list.count;
    enum err err;

    while (i > 0 && reader->list.seq[i - 1] > point->seq + 1)
        i--;
    if (i == 0)
        return reader_fail(reader, ERR_BAD_DATA, NULL, "holds no file in which seq %" PRIu64 " could be",
                           point->seq);
    err = open_first(reader, reader->list.seq[i - 1]);
    /* The file after the point begins with another chain when a seal of no frames lies between. */
    if (err == ERR_OK && reader->point.seq == point->seq && !is_at(reader, point) && i > 1)
        err = open_first(reader, reader->list.seq[i - 2]);
    if (err == ERR_OK)
        err = walk_to(reader, point);
    reader->counts = (struct journal_reader_counts){.files = 1};
    return err;
}

enum err journal_reader_open(const char *dir, const struct journal_point *from, struct journal_reader **out,
                             char *why, size_t why_size)
{
    struct journal_reader *reader = calloc(1, sizeof(*reader));
    enum err err;

    *out = NULL;
    if (reader == NULL || (reader->hash = journal_hash_new()) == NULL ||
        (reader->buffer = malloc(READER_BUFFER_SIZE)) == NULL) {
        journal_hash_free(reader != NULL ? reader->hash : NULL);
        free(reader);
        return file_guard_refuse(dir, why, why_size, "out of memory"), ERR_MEMORY;
    }
    reader->capacity = READER_BUFFER_SIZE;
    snprintf(reader->dir, sizeof(reader->dir), "%s", dir);
    reader->fd = -1;
    reader->dir_fd = journal_open_folder(reader->dir);
    if (reader->dir_fd < 0)
        err = reader_fail(reader, errno == ENOENT ? ERR_NOT_FOUND : ERR_STORAGE, NULL, "cannot be opened: %s",
                          strerror(errno));
    else
        err = look_for_files(reader);
    if (err == ERR_OK && from->seq == 0)
        err = check_beginning(reader);
    if (err == ERR_OK)
        err = find_point(reader, from);
    if (err == ERR_OK) {
        *out = reader;
        return ERR_OK;
    }
    if (err == ERR_NOT_FOUND)
        reader_fail(reader, err, NULL, "there is no journal");
    snprintf(why, why_size, "%s", reader->why);
    journal_reader_close(reader);
    return err;
}

void journal_reader_close(struct journal_reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->fd >= 0)
        journal_io()->close(reader->fd);
    if (reader->dir_fd >= 0)
        close(reader->dir_fd);
    journal_list_free(&reader->list);
    journal_hash_free(reader->hash);
    free(reader->buffer);
    free(reader);
}

const unsigned char *journal_reader_id(const struct journal_reader *reader)
{
    return reader->journal_id;
}

struct journal_point journal_reader_point(const struct journal_reader *reader)
{
    return reader->point;
}

const struct journal_reader_counts *journal_reader_counts(const struct journal_reader *reader)
{
    return &reader->counts;
}

struct journal_place journal_reader_place(const struct journal_reader *reader)
{
    return reader->place;
}

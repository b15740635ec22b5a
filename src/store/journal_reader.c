#include "store/journal_reader.h"

#include "store/file_guard.h"
#include "store/journal_files.h"
#include "store/journal_hash.h"
#include "store/journal_io.h"
#include "store/journal_retain.h"
#include "store/journal_tail.h"
#include "store/le_bytes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (1U << 20)
#define WHY_SIZE    (JOURNAL_PATH_MAX + 256)

struct journal_reader {
    char dir[JOURNAL_PATH_MAX + 1];
    int dir_fd;
    struct journal_list list; /* first seqs of the files, when last looked */
    unsigned char journal_id[JOURNAL_ID_SIZE];
    struct journal_hash *hash;
    struct journal_point point;
    struct journal_reader_counts counts;

    int fd; /* the file that is read */
    uint64_t file_seq, file_size;
    bool file_sealed; /* it has shown a seal */

    unsigned char *buffer;
    size_t capacity, held;
    uint64_t file_at; /* where in the file the buffer begins */
    size_t group_at;  /* in the buffer: what follows the last seal */
    struct journal_place place;

    size_t give_at, give_end; /* in the buffer: checked frames, not given yet */
    bool give_sealed;
    bool ended;      /* what lies behind the last seal was judged and given */
    enum err failed; /* latched */
    char why[WHY_SIZE];
};

/* What read_group() found behind the last seal. */
enum found {
    FOUND_GROUP,
    FOUND_NOTHING, /* the file ends there */
    FOUND_CUT,     /* as a crash may leave it */
    FOUND_DAMAGE,  /* as no crash leaves it */
    FOUND_FAILURE  /* it could not be read; latched */
};

struct trouble {
    uint64_t at, seq; /* offset in the file */
    const char *what;
    size_t whole_steps; /* bytes from the group's begin to the end of the last whole step */
    uint64_t whole_frames;
};

__attribute__((format(printf, 4, 5))) static enum err fail_with(struct journal_reader *reader, enum err err,
                                                                const char *name, const char *format, ...)
{
    char path[JOURNAL_PATH_MAX + JOURNAL_NAME_SIZE + 2], text[256];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    snprintf(path, sizeof(path), "%s%s%s", reader->dir, name != NULL ? "/" : "", name != NULL ? name : "");
    file_guard_refuse(path, reader->why, sizeof(reader->why), "%s", text);
    reader->failed = err;
    return err;
}

static const char *name_of(uint64_t seq, char out[JOURNAL_NAME_SIZE])
{
    journal_file_name(seq, JOURNAL_SEGMENT_END, out);
    return out;
}

/* --- one file -------------------------------------------------------------------------------------------------- */

static enum err look_for_files(struct journal_reader *reader)
{
    enum err err = journal_list_read(&reader->list, reader->dir_fd, JOURNAL_SEGMENT_END);

    return err == ERR_OK ? ERR_OK : fail_with(reader, err, NULL, "cannot be listed: %s", strerror(errno));
}

static uint64_t newest_file(const struct journal_reader *reader)
{
    return reader->list.count == 0 ? 0 : reader->list.seq[reader->list.count - 1];
}

/* Opens the file that begins with seq; ERR_NOT_FOUND is not latched. */
static enum err open_file(struct journal_reader *reader, uint64_t seq, struct journal_header *header)
{
    char name[JOURNAL_NAME_SIZE];
    enum err err = journal_read_header(reader->dir, reader->dir_fd, name_of(seq, name), JOURNAL_MAGIC_SEGMENT,
                                       header, reader->why, sizeof(reader->why));

    if (err == ERR_NOT_FOUND)
        return err;
    if (err != ERR_OK)
        return reader->failed = err;
    if (header->seq != seq)
        return fail_with(reader, ERR_BAD_DATA, name, "is the file of seq %" PRIu64 " under another name",
                         header->seq);
    if (reader->fd >= 0)
        journal_io()->close(reader->fd);
    reader->fd = journal_open_file(reader->dir_fd, name, &reader->file_size);
    if (reader->fd < 0)
        return fail_with(reader, ERR_STORAGE, name, "cannot be opened: %s", strerror(errno));
    reader->file_seq = seq;
    reader->file_sealed = false;
    reader->file_at = JOURNAL_HEADER_SIZE;
    reader->held = reader->group_at = reader->give_at = reader->give_end = 0;
    reader->place = (struct journal_place){seq, JOURNAL_HEADER_SIZE, JOURNAL_HEADER_SIZE};
    reader->counts.files++;
    reader->counts.bytes += JOURNAL_HEADER_SIZE;
    return ERR_OK;
}

/* Room in the buffer for more of the group that begins at group_at. */
static enum err make_room(struct journal_reader *reader)
{
    size_t capacity = reader->capacity * 2;
    unsigned char *grown;

    if (reader->group_at > 0) {
        memmove(reader->buffer, reader->buffer + reader->group_at, reader->held - reader->group_at);
        reader->file_at += reader->group_at;
        reader->held -= reader->group_at;
        reader->group_at = 0;
    }
    if (reader->held < reader->capacity)
        return ERR_OK;
    grown = capacity > JOURNAL_GROUP_MAX ? NULL : realloc(reader->buffer, capacity);
    if (grown == NULL)
        return fail_with(reader, ERR_MEMORY, NULL, "no memory for a group of more than %zu bytes",
                         reader->capacity);
    reader->buffer = grown;
    reader->capacity = capacity;
    return ERR_OK;
}

/* More of the file behind what is held. ERR_NOT_FOUND: there is no more. */
static enum err fill(struct journal_reader *reader)
{
    uint64_t from = reader->file_at + reader->held;
    char name[JOURNAL_NAME_SIZE];
    size_t want;
    ssize_t got;

    if (from >= reader->file_size)
        return ERR_NOT_FOUND;
    if (reader->held == reader->capacity && make_room(reader) != ERR_OK)
        return reader->failed;
    want = reader->capacity - reader->held;
    if (want > reader->file_size - from)
        want = (size_t)(reader->file_size - from);
    got = journal_io_read(reader->fd, reader->buffer + reader->held, want, from);
    if (got < 0)
        return fail_with(reader, ERR_STORAGE, name_of(reader->file_seq, name), "cannot be read: %s",
                         strerror(errno));
    if ((size_t)got < want)
        reader->file_size = from + (uint64_t)got; /* cut under our eyes */
    reader->held += (size_t)got;
    return got > 0 ? ERR_OK : ERR_NOT_FOUND;
}

/* What is held may be older than the file: it is read again from the last seal on. */
static enum err read_anew(struct journal_reader *reader)
{
    char name[JOURNAL_NAME_SIZE];
    struct stat at;

    if (fstat(reader->fd, &at) != 0)
        return fail_with(reader, ERR_STORAGE, name_of(reader->file_seq, name), "cannot be read: %s",
                         strerror(errno));
    reader->file_size = (uint64_t)at.st_size;
    reader->file_at += reader->group_at;
    reader->held = reader->group_at = 0;
    return ERR_OK;
}

/* --- one group ------------------------------------------------------------------------------------------------- */

/* A seal whose checksum is right, but which does not fit what is before it, was not torn: something was changed. */
static enum found check_seal(struct journal_reader *reader, const struct frame_head *head,
                             const unsigned char *body, size_t at, struct trouble *trouble)
{
    const unsigned char *frames = reader->buffer + reader->group_at;
    size_t size = at - reader->group_at;
    unsigned char chain[JOURNAL_CHAIN_SIZE];

    if (head->body_size != JOURNAL_SEAL_BODY || head->seq != trouble->seq - 1 || head->flags != 0 ||
        get_u64(body) != reader->point.seq + 1 || get_u64(body + 8) != trouble->seq - 1) {
        trouble->what = "is the seal of another group";
        return FOUND_DAMAGE;
    }
    journal_hash_add(reader->hash, reader->point.chain, JOURNAL_CHAIN_SIZE);
    journal_hash_add(reader->hash, frames, size);
    journal_hash_end(reader->hash, chain);
    if (memcmp(chain, body + 16, JOURNAL_CHAIN_SIZE) != 0) {
        trouble->what = "seal: the hash of the group is another (a frame was changed)";
        return FOUND_DAMAGE;
    }
    reader->counts.frames += head->seq - reader->point.seq;
    reader->counts.bytes += size + head->size;
    reader->counts.seals++;
    reader->point.seq = head->seq;
    memcpy(reader->point.chain, chain, sizeof(chain));
    reader->place.group_at = reader->file_at + reader->group_at;
    reader->place.end_at = reader->file_at + at + head->size;
    reader->give_at = reader->group_at;
    reader->give_end = at;
    reader->give_sealed = true;
    reader->group_at = at + head->size;
    reader->file_sealed = true;
    return FOUND_GROUP;
}

/* The frame at *at, of which more may have to be read. */
static enum found read_frame(struct journal_reader *reader, size_t *at, struct frame_head *head,
                             const unsigned char **body, struct trouble *trouble)
{
    for (;;) {
        size_t in_group = *at - reader->group_at, there = reader->held - *at;
        enum err err = frame_decode(reader->buffer + *at, there, head, body);

        if (err == ERR_OK)
            return FOUND_GROUP;
        if (err == ERR_TOO_LONG && there < FRAME_MAX) {
            err = fill(reader);
            *at = reader->group_at + in_group;
            if (err == ERR_OK)
                continue;
            if (err != ERR_NOT_FOUND)
                return FOUND_FAILURE;
            trouble->what = there == 0 ? "no seal follows" : "the file ends within it";
            return there == 0 && in_group == 0 ? FOUND_NOTHING : FOUND_CUT;
        }
        trouble->what = "checksum is wrong";
        return FOUND_CUT;
    }
}

static enum found read_group(struct journal_reader *reader, struct trouble *trouble)
{
    size_t at = reader->group_at;
    const unsigned char *body;
    struct frame_head head;

    *trouble = (struct trouble){.seq = reader->point.seq + 1};
    for (;; trouble->seq++) {
        enum found found = read_frame(reader, &at, &head, &body, trouble);

        trouble->at = reader->file_at + at;
        if (found != FOUND_GROUP)
            return found;
        if (head.kind == FRAME_KIND_SEAL)
            return check_seal(reader, &head, body, at, trouble);
        if (head.seq != trouble->seq) {
            trouble->what = "another frame is in its place";
            return FOUND_DAMAGE;
        }
        at += head.size;
        if ((head.flags & FRAME_FLAG_MORE) == 0) {
            trouble->whole_steps = at - reader->group_at;
            trouble->whole_frames = head.seq - reader->point.seq;
        }
    }
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
        return fail_with(reader, ERR_BAD_DATA, name_of(next, name), "is of another journal");
    if (memcmp(header.chain, reader->point.chain, JOURNAL_CHAIN_SIZE) != 0)
        return fail_with(reader, ERR_BAD_DATA, name_of(next, name),
                         "does not go on from the file before it: one of the two was changed");
    for (size_t i = 0; i < reader->list.count; i++)
        if (reader->list.seq[i] > before && reader->list.seq[i] < next)
            return fail_with(reader, ERR_BAD_DATA, name_of(reader->list.seq[i], name),
                             "does not belong here: seq %" PRIu64 " is in another file", reader->list.seq[i]);
    return ERR_OK;
}

static enum err damage(struct journal_reader *reader, const struct trouble *trouble)
{
    char name[JOURNAL_NAME_SIZE];

    return fail_with(reader, ERR_BAD_DATA, name_of(reader->file_seq, name),
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
        return fail_with(reader, ERR_BAD_DATA, name_of(reader->point.seq + 1, name),
                         "is missing: seq %" PRIu64 " is followed by seq %" PRIu64
                         " in the files that are there",
                         reader->point.seq, newest_file(reader));
    }
    if (!reader->file_sealed)
        return fail_with(reader, ERR_BAD_DATA, name_of(reader->file_seq, name),
                         "has no sealed group: its end is missing");
    reader->counts.cut_bytes = reader->counts.unsealed = 0;
    reader->ended = true;
    if (found == FOUND_NOTHING)
        return ERR_NOT_FOUND;
    err = journal_tail_is_followed(&tail, &followed);
    if (err != ERR_OK)
        return fail_with(reader, err, name_of(reader->file_seq, name), "its end cannot be read: %s",
                         strerror(errno));
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

    if (reader->ended && (look_for_files(reader) != ERR_OK || read_anew(reader) != ERR_OK))
        return reader->failed;
    reader->ended = false;
    for (;;) {
        struct trouble trouble;
        enum found found = read_group(reader, &trouble);

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
        if (look_for_files(reader) != ERR_OK || read_anew(reader) != ERR_OK)
            return reader->failed;
        again = true;
    }
}

/* Of a frame whose checksum was right when its group was read: a second one would cost as much again. */
static void take_head(const unsigned char *bytes, struct journal_frame *out)
{
    out->bytes = bytes;
    out->body = bytes + FRAME_HEADER_SIZE;
    out->head = (struct frame_head){.size = get_u32(bytes),
                                    .seq = get_u64(bytes + 8),
                                    .ts_ns = (int64_t)get_u64(bytes + 16),
                                    .input_seq = get_u64(bytes + 24),
                                    .kind = get_u16(bytes + 32),
                                    .flags = get_u16(bytes + 34),
                                    .body_size = get_u32(bytes + 36)};
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
    take_head(reader->buffer + reader->give_at, out);
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
    enum err err = journal_retired(reader->dir, &retired, NULL, reader->why, sizeof(reader->why));

    if (err == ERR_OK)
        return fail_with(reader, ERR_STATE, NULL,
                         "the records up to seq %" PRIu64
                         " were retired; a whole snapshot is needed to start, and there is none",
                         retired.seq);
    if (err != ERR_NOT_FOUND)
        return reader->failed = err;
    if (reader->list.count == 0)
        return ERR_NOT_FOUND;
    if (reader->list.seq[0] != 1)
        return fail_with(reader, ERR_BAD_DATA, name_of(1, name),
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
        return fail_with(reader, ERR_STORAGE, name_of(seq, name), "went away while it was opened");
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
            return fail_with(reader, ERR_BAD_DATA, NULL,
                             "ends at seq %" PRIu64 ", but goes on to seq %" PRIu64
                             " by a snapshot of it: its end is missing",
                             reader->point.seq, point->seq);
        return fail_with(reader, ERR_BAD_DATA, NULL,
                         "is not the journal in which seq %" PRIu64 " ends a group of that hash", point->seq);
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
        return fail_with(reader, ERR_BAD_DATA, NULL, "holds no file in which seq %" PRIu64 " could be",
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
        (reader->buffer = malloc(BUFFER_SIZE)) == NULL) {
        journal_hash_free(reader != NULL ? reader->hash : NULL);
        free(reader);
        return file_guard_refuse(dir, why, why_size, "out of memory"), ERR_MEMORY;
    }
    reader->capacity = BUFFER_SIZE;
    snprintf(reader->dir, sizeof(reader->dir), "%s", dir);
    reader->fd = -1;
    reader->dir_fd = journal_open_folder(reader->dir);
    if (reader->dir_fd < 0)
        err = fail_with(reader, errno == ENOENT ? ERR_NOT_FOUND : ERR_STORAGE, NULL, "cannot be opened: %s",
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
        fail_with(reader, err, NULL, "there is no journal");
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

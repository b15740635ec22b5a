#include "store/journal_reader_parts.h"

#include "store/file_guard.h"
#include "store/journal_hash.h"
#include "store/journal_io.h"
#include "store/le_bytes.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum err reader_fail(struct journal_reader *reader, enum err err, const char *name, const char *format, ...)
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

const char *reader_file_name(uint64_t seq, char out[JOURNAL_NAME_SIZE])
{
    journal_file_name(seq, JOURNAL_SEGMENT_END, out);
    return out;
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
        return reader_fail(reader, ERR_MEMORY, NULL, "no memory for a group of more than %zu bytes",
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
        return reader_fail(reader, ERR_STORAGE, reader_file_name(reader->file_seq, name),
                           "cannot be read: %s", strerror(errno));
    if ((size_t)got < want)
        reader->file_size = from + (uint64_t)got; /* cut under our eyes */
    reader->held += (size_t)got;
    return got > 0 ? ERR_OK : ERR_NOT_FOUND;
}

enum err reader_read_anew(struct journal_reader *reader)
{
    char name[JOURNAL_NAME_SIZE];
    struct stat at;

    if (fstat(reader->fd, &at) != 0)
        return reader_fail(reader, ERR_STORAGE, reader_file_name(reader->file_seq, name),
                           "cannot be read: %s", strerror(errno));
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

enum found reader_read_group(struct journal_reader *reader, struct trouble *trouble)
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

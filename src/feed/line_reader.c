#include "feed/line_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define INPUT_SIZE  (64 << 10)  /* bytes read from the file at a time */
#define OUTPUT_SIZE (128 << 10) /* bytes unpacked at a time: half of a level-2 cache */

enum file_form { FORM_UNKNOWN, FORM_PLAIN, FORM_GZIP };

struct line_reader {
    int fd;
    enum file_form form;
    bool input_end;   /* the file has no more bytes */
    bool output_end;  /* nothing more will be unpacked */
    bool member_open; /* within a gzip member */
    bool skipping;    /* within a line that is too long */
    bool zlib_ready;
    const char *damage; /* NULL: none */
    bool damage_said;
    z_stream stream;
    size_t line_max;
    size_t start, fill; /* unread text lies in text[start..fill) */
    size_t searched;    /* of it, bytes known to hold no newline */
    size_t room;        /* of text, without the padding */
    unsigned char input[INPUT_SIZE];
    char text[];
};

struct line_reader *line_reader_new(size_t line_max)
{
    size_t room = line_max + OUTPUT_SIZE;
    struct line_reader *reader = malloc(sizeof(*reader) + room + LINE_READER_PADDING);

    if (reader == NULL)
        return NULL;
    memset(reader, 0, offsetof(struct line_reader, input));
    reader->fd = -1;
    reader->line_max = line_max;
    reader->room = room;
    reader->output_end = true;
    if (inflateInit2(&reader->stream, 16 + MAX_WBITS) != Z_OK) {
        free(reader);
        return NULL;
    }
    reader->zlib_ready = true;
    return reader;
}

void line_reader_free(struct line_reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->fd >= 0)
        close(reader->fd);
    if (reader->zlib_ready)
        inflateEnd(&reader->stream);
    free(reader);
}

enum err line_reader_open(struct line_reader *reader, const char *path)
{
    if (reader->fd >= 0)
        close(reader->fd);
    reader->fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    reader->form = FORM_UNKNOWN;
    reader->input_end = reader->output_end = reader->member_open = reader->skipping = false;
    reader->damage = NULL;
    reader->damage_said = false;
    reader->start = reader->fill = reader->searched = 0;
    reader->stream.avail_in = 0;
    if (reader->fd >= 0)
        return ERR_OK;
    reader->output_end = true;
    return errno == ENOENT ? ERR_NOT_FOUND : ERR_IO;
}

static void damaged(struct line_reader *reader, const char *what)
{
    reader->damage = what;
    reader->output_end = true;
}

static ssize_t read_file(struct line_reader *reader, void *out, size_t size)
{
    ssize_t got;

    do
        got = read(reader->fd, out, size);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        damaged(reader, "reading failed");
    reader->input_end |= got <= 0;
    return got;
}

static void more_input(struct line_reader *reader)
{
    ssize_t got = read_file(reader, reader->input, INPUT_SIZE);

    reader->stream.next_in = reader->input;
    reader->stream.avail_in = got > 0 ? (uInt)got : 0;
}

/* Gzip by its two magic bytes. A file of one byte is plain, whatever it is. */
static void find_form(struct line_reader *reader)
{
    more_input(reader);
    if (reader->stream.avail_in >= 2 && reader->input[0] == 0x1F && reader->input[1] == 0x8B)
        reader->form = FORM_GZIP;
    else
        reader->form = FORM_PLAIN;
}

static void fill_plain(struct line_reader *reader)
{
    char *out = reader->text + reader->fill;
    size_t kept = reader->stream.avail_in; /* what find_form() read */
    ssize_t got;

    if (kept > 0) {
        memcpy(out, reader->stream.next_in, kept);
        reader->stream.avail_in = 0;
        reader->fill += kept;
        return;
    }
    got = read_file(reader, out, OUTPUT_SIZE);
    reader->fill += got > 0 ? (size_t)got : 0;
    reader->output_end |= got <= 0;
}

/* Between members: another one, the end, or something that is no gzip. Zeros are padding of tapes. */
static void next_member(struct line_reader *reader)
{
    if (reader->stream.avail_in == 0 && !reader->input_end)
        more_input(reader);
    while (reader->stream.avail_in > 0 && *reader->stream.next_in == 0) {
        reader->stream.next_in++;
        if (--reader->stream.avail_in == 0 && !reader->input_end)
            more_input(reader);
    }
    if (reader->stream.avail_in == 0) {
        reader->output_end = true;
    } else if (*reader->stream.next_in != 0x1F) {
        damaged(reader, "bytes behind the end of the gzip data");
    } else {
        inflateReset(&reader->stream);
        reader->member_open = true;
    }
}

static void fill_gzip(struct line_reader *reader)
{
    int status;

    if (!reader->member_open) {
        next_member(reader);
        return;
    }
    if (reader->stream.avail_in == 0 && !reader->input_end)
        more_input(reader);
    if (reader->stream.avail_in == 0) {
        damaged(reader, "gzip data is cut off");
        return;
    }
    reader->stream.next_out = (unsigned char *)reader->text + reader->fill;
    reader->stream.avail_out = OUTPUT_SIZE;
    status = inflate(&reader->stream, Z_NO_FLUSH);
    reader->fill += OUTPUT_SIZE - reader->stream.avail_out; /* also what came before an error */
    if (status == Z_STREAM_END)
        reader->member_open = false;
    else if (status != Z_OK && status != Z_BUF_ERROR)
        damaged(reader, "gzip data is damaged");
}

/* Adds text behind what is unread, or sets output_end. */
static void more_text(struct line_reader *reader)
{
    if (reader->room - reader->fill < OUTPUT_SIZE) {
        memmove(reader->text, reader->text + reader->start, reader->fill - reader->start);
        reader->fill -= reader->start;
        reader->start = 0;
    }
    if (reader->form == FORM_UNKNOWN)
        find_form(reader);
    if (reader->form == FORM_GZIP)
        fill_gzip(reader);
    else
        fill_plain(reader);
    memset(reader->text + reader->fill, 0, LINE_READER_PADDING);
}

/* Hands out text[start..end) and goes on behind it. */
static enum line_kind take_line(struct line_reader *reader, size_t end, size_t next, const char **text,
                                size_t *size)
{
    bool skipped = reader->skipping || end - reader->start > reader->line_max;

    *text = reader->text + reader->start;
    *size = end - reader->start;
    reader->start = next;
    reader->searched = 0;
    reader->skipping = false;
    if (skipped)
        return LINE_TOO_LONG;
    if (*size > 0 && (*text)[*size - 1] == '\r')
        --*size;
    return LINE_TEXT;
}

enum line_kind line_reader_next(struct line_reader *reader, const char **text, size_t *size)
{
    for (;;) {
        size_t unread = reader->fill - reader->start;
        const char *from = reader->text + reader->start + reader->searched;
        const char *newline = memchr(from, '\n', unread - reader->searched);

        if (newline != NULL) {
            size_t end = (size_t)(newline - reader->text);

            return take_line(reader, end, end + 1, text, size);
        }
        reader->searched = unread;
        if (unread > reader->line_max) { /* keep nothing of it */
            reader->skipping = true;
            reader->start = reader->fill = reader->searched = 0;
            unread = 0;
        }
        if (reader->output_end)
            break;
        if (unread == 0)
            reader->start = reader->fill = 0;
        more_text(reader);
    }
    if (reader->fill > reader->start || reader->skipping)
        return take_line(reader, reader->fill, reader->fill, text, size);
    if (reader->damage == NULL || reader->damage_said)
        return LINE_END;
    reader->damage_said = true;
    return LINE_DAMAGED;
}

const char *line_reader_damage(const struct line_reader *reader)
{
    return reader->damage;
}

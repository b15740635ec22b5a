#include "feed/replay.h"

#include "core/base/safe_text.h"
#include "feed/line_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_BYTES_MAX (DECODER_MESSAGE_MAX + 64) /* the time and the space before the message */
#define DIGITS_US      16
#define DIGITS_NS      19
#define WHY_SIZE       512

_Static_assert(LINE_READER_PADDING >= DECODER_PADDING, "the decoder reads into the padding");

/* A line that has been read and not yet given to the decoder. */
struct next_line {
    enum line_kind kind;
    const char *text; /* the message, behind the time */
    size_t size;
    int64_t recv_ns;
    const char *why; /* static; NULL: usable */
};

struct replay {
    struct decoder *decoder;
    struct line_reader *reader;
    char **path;
    size_t path_count, path_at; /* path_at: the file that is open */
    bool opened;
    bool source_ended; /* decoder_end_source() has been called for it */
    uint64_t line_in_file;
    bool have_next;
    int64_t current_ns; /* of the line whose events the decoder hands out */
    struct next_line next;
    struct replay_progress progress;
    char why[WHY_SIZE];
};

/* "<digits> <json>". Returns NULL, or what is wrong. */
static const char *split_line(const char *line, size_t size, struct next_line *out)
{
    size_t digits = 0;
    int64_t ns = 0;

    while (digits < size && line[digits] >= '0' && line[digits] <= '9' && digits <= DIGITS_NS) {
        if (__builtin_mul_overflow(ns, INT64_C(10), &ns) ||
            __builtin_add_overflow(ns, (int64_t)(line[digits] - '0'), &ns))
            return "receive time does not fit";
        digits++;
    }
    if (digits != DIGITS_NS && digits != DIGITS_US)
        return "no receive time of 19 digits (ns) or 16 digits (us)";
    if (digits == DIGITS_US && __builtin_mul_overflow(ns, INT64_C(1000), &ns))
        return "receive time does not fit";
    if (digits == size || (line[digits] != ' ' && line[digits] != '\t'))
        return "no space behind the receive time";
    while (digits < size && (line[digits] == ' ' || line[digits] == '\t'))
        digits++;
    if (digits == size)
        return "no message behind the receive time";
    if (size - digits > DECODER_MESSAGE_MAX)
        return "message is longer than 16 MiB";
    out->text = line + digits;
    out->size = size - digits;
    out->recv_ns = ns;
    return NULL;
}

/* Time never goes back. */
static void set_time(struct replay *replay, struct next_line *line)
{
    struct replay_progress *progress = &replay->progress;

    if (line->recv_ns < progress->now_ns) {
        progress->out_of_order++;
        line->recv_ns = progress->now_ns;
    }
    progress->now_ns = line->recv_ns;
    if (progress->first_ns == 0)
        progress->first_ns = line->recv_ns;
}

static void count_line(struct replay *replay)
{
    replay->progress.lines++;
    replay->line_in_file++;
}

/* Reads the next line of this file that is not empty; LINE_END at its end. One that cannot be used has the
 * time of the one before it. */
static void read_ahead(struct replay *replay)
{
    struct next_line *line = &replay->next;
    const char *text;
    size_t size;

    do {
        line->kind = line_reader_next(replay->reader, &text, &size);
        if (line->kind == LINE_TEXT || line->kind == LINE_TOO_LONG)
            count_line(replay);
    } while (line->kind == LINE_TEXT && size == 0);

    line->why = NULL;
    if (line->kind == LINE_TEXT)
        line->why = split_line(text, size, line);
    else if (line->kind == LINE_TOO_LONG)
        line->why = "line is longer than 16 MiB";
    else if (line->kind == LINE_DAMAGED)
        line->why = line_reader_damage(replay->reader);
    if (line->kind == LINE_TEXT && line->why == NULL)
        set_time(replay, line);
    else
        line->recv_ns = replay->progress.now_ns;
    replay->have_next = true;
}

/* A file that was there at replay_open() and cannot be opened now is damaged as a whole. */
static void open_file(struct replay *replay)
{
    enum err err = line_reader_open(replay->reader, replay->path[replay->path_at]);

    replay->opened = true;
    replay->line_in_file = 0;
    decoder_new_source(replay->decoder);
    if (err == ERR_OK)
        return;
    replay->next = (struct next_line){LINE_DAMAGED, NULL, 0, replay->progress.now_ns, err_text(err)};
    replay->have_next = true;
}

/* Goes on, over the ends of files, until the decoder has an event or a line stands ready. False: the end. */
static bool advance(struct replay *replay)
{
    for (;;) {
        if (decoder_pending(replay->decoder))
            return true;
        if (replay->source_ended) {
            replay->source_ended = replay->opened = false;
            replay->path_at++;
        }
        if (replay->path_at == replay->path_count)
            return false;
        if (!replay->opened)
            open_file(replay);
        if (!replay->have_next)
            read_ahead(replay);
        if (replay->next.kind != LINE_END)
            return true;
        replay->have_next = false;
        replay->source_ended = true;
        decoder_end_source(replay->decoder);
    }
}

/* why, with file and line before it. */
static void bad_event(struct replay *replay, struct feed_event *out, bool with_line, const char *why)
{
    const char *path = replay->path[replay->path_at];
    char name[256];

    safe_text(path, strlen(path), name, sizeof(name));
    if (with_line)
        snprintf(replay->why, sizeof(replay->why), "%s:%llu: %s", name,
                 (unsigned long long)replay->line_in_file, why);
    else
        snprintf(replay->why, sizeof(replay->why), "%s: %s", name, why);
    out->kind = FEED_BAD;
    out->why = replay->why;
}

bool replay_next(struct replay *replay, struct feed_event *out)
{
    while (advance(replay)) {
        if (decoder_next(replay->decoder, out)) {
            if (out->kind == FEED_BAD)
                bad_event(replay, out, !replay->source_ended, out->why);
            return true;
        }
        replay->have_next = false;
        replay->current_ns = replay->next.recv_ns;
        if (replay->next.why != NULL) {
            decoder_count_bad(replay->decoder);
            memset(out, 0, sizeof(*out));
            out->recv_ns = replay->next.recv_ns;
            bad_event(replay, out, replay->next.kind != LINE_DAMAGED, replay->next.why);
            return true;
        }
        decoder_push(replay->decoder, replay->next.recv_ns, replay->next.text, replay->next.size);
    }
    return false;
}

int64_t replay_peek_ns(struct replay *replay)
{
    if (!advance(replay))
        return 0;
    return replay->have_next ? replay->next.recv_ns : replay->current_ns;
}

/* --- opening and closing --------------------------------------------------------------------------------- */

static enum err check_file(const char *path, char *why, size_t why_size)
{
    char name[256];
    struct stat status = {.st_mode = 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK); /* a fifo must not hold us here */
    int error = fd < 0 || fstat(fd, &status) != 0 ? errno : 0;

    if (fd >= 0)
        close(fd);
    if (error == 0 && !S_ISREG(status.st_mode))
        error = S_ISDIR(status.st_mode) ? EISDIR : EINVAL;
    if (error == 0)
        return ERR_OK;
    safe_text(path, strlen(path), name, sizeof(name));
    snprintf(why, why_size, "%s: %s", name, error == EINVAL ? "not a regular file" : strerror(error));
    return error == ENOENT ? ERR_NOT_FOUND : ERR_IO;
}

static enum err add_files(struct replay *replay, const char *const *paths, size_t path_count, char *why,
                          size_t why_size)
{
    if (path_count == 0) {
        snprintf(why, why_size, "no recording given");
        return ERR_USAGE;
    }
    replay->path = calloc(path_count, sizeof(*replay->path));
    for (size_t i = 0; replay->path != NULL && i < path_count; i++) {
        enum err err = check_file(paths[i], why, why_size);

        if (err != ERR_OK)
            return err;
        replay->path[i] = strdup(paths[i]);
        if (replay->path[i] == NULL)
            break;
        replay->path_count++;
    }
    if (replay->path_count == path_count)
        return ERR_OK;
    snprintf(why, why_size, "%s", err_text(ERR_MEMORY));
    return ERR_MEMORY;
}

enum err replay_open(const char *const *paths, size_t path_count, const struct decoder_config *config,
                     struct replay **out, char *why, size_t why_size)
{
    struct replay *replay = calloc(1, sizeof(*replay));
    enum err err = ERR_MEMORY;

    if (replay != NULL) {
        replay->decoder = decoder_new(config);
        replay->reader = line_reader_new(LINE_BYTES_MAX);
    }
    if (replay == NULL || replay->decoder == NULL || replay->reader == NULL)
        snprintf(why, why_size, "%s", err_text(err));
    else
        err = add_files(replay, paths, path_count, why, why_size);
    if (err == ERR_OK)
        *out = replay;
    else
        replay_close(replay);
    return err;
}

void replay_close(struct replay *replay)
{
    if (replay == NULL)
        return;
    for (size_t i = 0; i < replay->path_count; i++)
        free(replay->path[i]);
    free(replay->path);
    line_reader_free(replay->reader);
    decoder_free(replay->decoder);
    free(replay);
}

const struct replay_progress *replay_progress(const struct replay *replay)
{
    return &replay->progress;
}

const struct decoder_counts *replay_counts(const struct replay *replay)
{
    return decoder_counts(replay->decoder);
}

static bool is_stopped(const atomic_bool *stop)
{
    return stop != NULL && atomic_load_explicit(stop, memory_order_relaxed);
}

/* first_only: no further than to the first line that has a time. */
static struct replay_span scan(const char *const *paths, size_t path_count, bool first_only,
                               const atomic_bool *stop)
{
    struct line_reader *reader = line_reader_new(LINE_BYTES_MAX);
    struct replay_span span = {0, 0};
    struct next_line line;
    const char *text;
    enum line_kind kind;
    size_t size;

    for (size_t i = 0; reader != NULL && i < path_count && !is_stopped(stop); i++) {
        if (line_reader_open(reader, paths[i]) != ERR_OK)
            continue;
        while ((kind = line_reader_next(reader, &text, &size)) != LINE_END && !is_stopped(stop) &&
               !(first_only && span.first_ns != 0)) {
            if (kind != LINE_TEXT || split_line(text, size, &line) != NULL)
                continue;
            if (span.first_ns == 0)
                span.first_ns = line.recv_ns;
            if (line.recv_ns > span.last_ns) /* time never goes back */
                span.last_ns = line.recv_ns;
        }
        if (first_only && span.first_ns != 0)
            break;
    }
    line_reader_free(reader);
    return span;
}

bool replay_scan(const char *const *paths, size_t path_count, const atomic_bool *stop,
                 struct replay_span *out)
{
    struct replay_span span = scan(paths, path_count, false, stop);

    if (span.last_ns == 0 || is_stopped(stop))
        return false;
    *out = span;
    return true;
}

int64_t replay_first_ns(const char *const *paths, size_t path_count)
{
    return scan(paths, path_count, true, NULL).first_ns;
}

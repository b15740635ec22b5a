#include "core/base/log.h"

#include "core/base/log_line.h"
#include "core/base/write_full.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PACKED_MAX 416 /* bytes of names and values of one event */

/* One event in the queue. Strings are copied, because their owner may be gone when the line is written. */
struct slot {
    /* Vyukov's bounded queue: turn + index is the position that may use the slot next; so zeroed memory is an
     * empty queue. */
    atomic_size_t turn;
    int64_t ts_ns;
    uint64_t correlation_id;
    enum log_level level;
    bool cut;
    uint8_t field_count;
    uint16_t packed_size;
    unsigned char packed[PACKED_MAX]; /* event NUL, then key NUL kind (8 bytes | text NUL) for each field */
};

static struct slot queue[LOG_QUEUE_MAX];
static atomic_size_t queue_head; /* next position to write; any thread */
static atomic_uint_fast64_t lost;
static atomic_int level_min = LOG_DEBUG; /* before log_open() everything waits */

/* The rest belongs to whoever holds the mutex: who drains, opens or looks at the tail. Never who logs. */
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static size_t queue_tail;
static int file_fd = -1;
static char *file_path;
static enum log_format file_format;
static bool is_open;
static int64_t last_ts_ns;
static struct log_tail_line tail[LOG_TAIL_MAX];
static uint64_t tail_seq; /* of the newest line */

_Static_assert((LOG_QUEUE_MAX & (LOG_QUEUE_MAX - 1)) == 0, "the queue's index is a mask");

/* --- writing side: any thread --------------------------------------------------------------------- */

static bool pack(struct slot *slot, const void *bytes, size_t size)
{
    if (slot->packed_size + size > PACKED_MAX)
        return false;
    memcpy(slot->packed + slot->packed_size, bytes, size);
    slot->packed_size = (uint16_t)(slot->packed_size + size);
    return true;
}

static bool pack_field(struct slot *slot, const struct log_field *field)
{
    unsigned char kind = field->kind == LOG_FIELD_INT ? LOG_FIELD_INT : LOG_FIELD_TEXT;
    const char *text = field->text != NULL ? field->text : "";
    uint16_t before = slot->packed_size;
    bool fits = pack(slot, field->key, strlen(field->key) + 1) && pack(slot, &kind, 1);

    if (kind == LOG_FIELD_INT)
        fits = fits && pack(slot, &field->number, sizeof field->number);
    else
        fits = fits && pack(slot, text, strlen(text) + 1);
    if (!fits)
        slot->packed_size = before;
    return fits;
}

static void fill_slot(struct slot *slot, const char *event, const struct log_field *fields,
                      size_t field_count)
{
    slot->packed_size = 0;
    slot->field_count = 0;
    slot->cut = false;
    if (!pack(slot, event, strlen(event) + 1))
        pack(slot, "log.event_name_too_long", sizeof "log.event_name_too_long");
    for (size_t i = 0; i < field_count; i++) {
        if (slot->field_count == LOG_FIELDS_MAX || !pack_field(slot, &fields[i])) {
            slot->cut = true;
            return;
        }
        slot->field_count++;
    }
}

/* Takes the next free slot for us alone; NULL: full. */
static struct slot *claim_slot(size_t *position)
{
    size_t at = atomic_load_explicit(&queue_head, memory_order_relaxed);

    for (;;) {
        size_t index = at & (LOG_QUEUE_MAX - 1);
        size_t turn = atomic_load_explicit(&queue[index].turn, memory_order_acquire) + index;

        if (turn == at) {
            if (atomic_compare_exchange_weak_explicit(&queue_head, &at, at + 1, memory_order_relaxed,
                                                      memory_order_relaxed)) {
                *position = at;
                return &queue[index];
            }
        } else if ((ptrdiff_t)(turn - at) < 0) {
            return NULL; /* the reader has not been here since the last round */
        } else {
            at = atomic_load_explicit(&queue_head, memory_order_relaxed);
        }
    }
}

void log_event(enum log_level level, int64_t ts_ns, uint64_t correlation_id, const char *event,
               const struct log_field *fields, size_t field_count)
{
    struct slot *slot;
    size_t position;

    if ((int)level < atomic_load_explicit(&level_min, memory_order_relaxed))
        return;
    slot = claim_slot(&position);
    if (slot == NULL) {
        atomic_fetch_add_explicit(&lost, 1, memory_order_relaxed);
        return;
    }
    slot->ts_ns = ts_ns;
    slot->correlation_id = correlation_id;
    slot->level = level;
    fill_slot(slot, event, fields, field_count);
    atomic_store_explicit(&slot->turn, position + 1 - (position & (LOG_QUEUE_MAX - 1)), memory_order_release);
}

/* --- reading side: under the mutex ---------------------------------------------------------------- */

/* Points field at the strings inside the slot. */
static void unpack(const struct slot *slot, struct log_record *record, struct log_field field[LOG_FIELDS_MAX])
{
    const unsigned char *at = slot->packed;

    *record = (struct log_record){.ts_ns = slot->ts_ns,
                                  .correlation_id = slot->correlation_id,
                                  .level = slot->level,
                                  .event = (const char *)at,
                                  .field = field,
                                  .field_count = slot->field_count,
                                  .cut = slot->cut};
    at += strlen((const char *)at) + 1;
    for (size_t i = 0; i < slot->field_count; i++) {
        field[i] = (struct log_field){.key = (const char *)at};
        at += strlen((const char *)at) + 1;
        if (*at++ == LOG_FIELD_INT) {
            field[i].kind = LOG_FIELD_INT;
            memcpy(&field[i].number, at, sizeof field[i].number);
            at += sizeof field[i].number;
        } else {
            field[i].kind = LOG_FIELD_TEXT;
            field[i].text = (const char *)at;
            at += strlen((const char *)at) + 1;
        }
    }
}

static void remember_line(const struct log_record *record)
{
    struct log_tail_line *line = &tail[tail_seq++ % LOG_TAIL_MAX];
    char text[LOG_LINE_MAX];
    size_t size = log_line_format(record, LOG_FORMAT_TEXT, text) - 1; /* without the newline */

    if (size >= sizeof line->text) { /* cut at a whole character, as continuation bytes are 10xxxxxx */
        size = sizeof line->text - 1;
        while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80)
            size--;
    }
    memcpy(line->text, text, size);
    line->text[size] = '\0';
    line->seq = tail_seq;
    line->level = record->level;
}

static bool write_record(const struct log_record *record)
{
    char text[LOG_LINE_MAX];

    last_ts_ns = record->ts_ns;
    remember_line(record);
    /* a full disk: the line is lost, trading goes on */
    return file_fd < 0 || write_full(file_fd, text, log_line_format(record, file_format, text));
}

static size_t write_losses(void)
{
    uint64_t count = atomic_exchange_explicit(&lost, 0, memory_order_relaxed);
    struct log_field field = LOG_INT("count", count);
    struct log_record record = {
        .ts_ns = last_ts_ns, .level = LOG_WARN, .event = "log.lost", .field = &field, .field_count = 1};

    if (count == 0)
        return 0;
    if (write_record(&record))
        return 1;
    atomic_fetch_add_explicit(&lost, count, memory_order_relaxed); /* still to be told */
    return 0;
}

static size_t drain_locked(void)
{
    size_t lines = 0;

    /* At most one queue full: a thread that logs without end must not keep us here. */
    for (size_t i = 0; i < LOG_QUEUE_MAX; i++) {
        size_t index = queue_tail & (LOG_QUEUE_MAX - 1);
        struct slot *slot = &queue[index];
        struct log_record record;
        struct log_field field[LOG_FIELDS_MAX];

        if (atomic_load_explicit(&slot->turn, memory_order_acquire) + index != queue_tail + 1)
            break;
        unpack(slot, &record, field);
        if ((int)record.level >= atomic_load_explicit(&level_min, memory_order_relaxed)) {
            if (write_record(&record))
                lines++;
            else
                atomic_fetch_add_explicit(&lost, 1, memory_order_relaxed);
        }
        atomic_store_explicit(&slot->turn, queue_tail + LOG_QUEUE_MAX - index, memory_order_release);
        queue_tail++;
    }
    return lines + write_losses();
}

size_t log_drain(void)
{
    size_t lines = 0;

    pthread_mutex_lock(&mutex);
    if (is_open)
        lines = drain_locked();
    pthread_mutex_unlock(&mutex);
    return lines;
}

size_t log_tail(struct log_tail_line *out, size_t count)
{
    uint64_t first;

    pthread_mutex_lock(&mutex);
    if (count > LOG_TAIL_MAX)
        count = LOG_TAIL_MAX;
    if (count > tail_seq)
        count = (size_t)tail_seq;
    first = tail_seq - count;
    for (size_t i = 0; i < count; i++)
        out[i] = tail[(first + i) % LOG_TAIL_MAX];
    pthread_mutex_unlock(&mutex);
    return count;
}

/* --- opening -------------------------------------------------------------------------------------- */

/* A regular file of our own only: a FIFO would block, a link could point anywhere. */
static enum err open_file(const char *path, int *out)
{
    int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, 0600);
    struct stat info;

    if (fd < 0)
        return ERR_IO;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_nlink != 1) {
        close(fd);
        return ERR_IO;
    }
    *out = fd;
    return ERR_OK;
}

static enum err open_locked(const char *path, enum log_format format, enum log_level level)
{
    char *copy = NULL;
    int fd = -1;

    if (is_open)
        return ERR_STATE;
    if (path != NULL) {
        enum err err = open_file(path, &fd);

        if (err != ERR_OK)
            return err;
        copy = strdup(path);
        if (copy == NULL) {
            close(fd);
            return ERR_MEMORY;
        }
    }
    file_fd = fd;
    file_path = copy;
    file_format = format;
    atomic_store_explicit(&level_min, (int)level, memory_order_relaxed);
    is_open = true;
    return ERR_OK;
}

enum err log_open(const char *path, enum log_format format, enum log_level level)
{
    enum err err;

    pthread_mutex_lock(&mutex);
    err = open_locked(path, format, level);
    pthread_mutex_unlock(&mutex);
    return err;
}

enum err log_reopen(void)
{
    enum err err = ERR_STATE;
    int fd = -1;

    pthread_mutex_lock(&mutex);
    if (is_open && file_path == NULL)
        err = ERR_OK;
    else if (is_open)
        err = open_file(file_path, &fd);
    if (err == ERR_OK && fd >= 0) { /* on error the old file goes on */
        close(file_fd);
        file_fd = fd;
    }
    pthread_mutex_unlock(&mutex);
    return err;
}

void log_set_level(enum log_level level)
{
    pthread_mutex_lock(&mutex);
    if (is_open)
        atomic_store_explicit(&level_min, (int)level, memory_order_relaxed);
    pthread_mutex_unlock(&mutex);
}

bool log_level_of(const char *word, enum log_level *level)
{
    static const char *const words[] = {"debug", "info", "warn", "error"};

    for (int i = 0; i <= LOG_ERROR; i++)
        if (strcmp(word, words[i]) == 0) {
            *level = (enum log_level)i;
            return true;
        }
    return false;
}

void log_close(void)
{
    pthread_mutex_lock(&mutex);
    if (is_open) {
        drain_locked();
        if (file_fd >= 0)
            close(file_fd);
        free(file_path);
        file_fd = -1;
        file_path = NULL;
        is_open = false;
        atomic_store_explicit(&level_min, (int)LOG_DEBUG, memory_order_relaxed);
    }
    pthread_mutex_unlock(&mutex);
}

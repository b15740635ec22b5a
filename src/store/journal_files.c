#include "store/journal_files.h"

#include "core/base/crc32c.h"
#include "store/file_guard.h"
#include "store/journal_io.h"
#include "store/le_bytes.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DIGITS   20
#define AT_SEQ   16
#define AT_TIME  24
#define AT_ID    32
#define AT_CHAIN 48
#define AT_ZEROS 80
#define AT_CRC   (JOURNAL_HEADER_SIZE - 4)

void journal_header_encode(const struct journal_header *header, const char *magic,
                           unsigned char out[JOURNAL_HEADER_SIZE])
{
    memset(out, 0, JOURNAL_HEADER_SIZE);
    memcpy(out, magic, 8);
    put_u32(out + 8, JOURNAL_FORMAT);
    put_u32(out + 12, JOURNAL_HEADER_SIZE);
    put_u64(out + AT_SEQ, header->seq);
    put_u64(out + AT_TIME, (uint64_t)header->time_ns);
    memcpy(out + AT_ID, header->journal_id, JOURNAL_ID_SIZE);
    memcpy(out + AT_CHAIN, header->chain, JOURNAL_CHAIN_SIZE);
    put_u32(out + AT_CRC, crc32c_update(0, out, AT_CRC));
}

enum err journal_header_decode(const unsigned char in[JOURNAL_HEADER_SIZE], const char *magic,
                               struct journal_header *header, char *why, size_t why_size)
{
    static const unsigned char zeros[AT_CRC - AT_ZEROS];

    if (memcmp(in, magic, 8) != 0) {
        snprintf(why, why_size, "header: not a file of a flowdeck journal, or damaged");
        return ERR_BAD_DATA;
    }
    if (get_u32(in + AT_CRC) != crc32c_update(0, in, AT_CRC)) {
        snprintf(why, why_size, "header: checksum is wrong");
        return ERR_BAD_DATA;
    }
    if (get_u32(in + 8) != JOURNAL_FORMAT) {
        snprintf(why, why_size, "made by a newer flowdeck (format %" PRIu32 ", this one knows %d)",
                 get_u32(in + 8), JOURNAL_FORMAT);
        return ERR_UNSUPPORTED;
    }
    if (get_u32(in + 12) != JOURNAL_HEADER_SIZE || memcmp(in + AT_ZEROS, zeros, sizeof(zeros)) != 0) {
        snprintf(why, why_size, "header: not of this format");
        return ERR_BAD_DATA;
    }
    header->seq = get_u64(in + AT_SEQ);
    header->time_ns = (int64_t)get_u64(in + AT_TIME);
    memcpy(header->journal_id, in + AT_ID, JOURNAL_ID_SIZE);
    memcpy(header->chain, in + AT_CHAIN, JOURNAL_CHAIN_SIZE);
    return ERR_OK;
}

void journal_file_name(uint64_t seq, const char *ending, char out[JOURNAL_NAME_SIZE])
{
    snprintf(out, JOURNAL_NAME_SIZE, "%020" PRIu64 "%s", seq, ending);
}

int journal_open_folder(const char *dir)
{
    return open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

int journal_open_file(int dir_fd, const char *name, uint64_t *size)
{
    int fd = journal_io()->open(dir_fd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    struct stat at;

    if (fd < 0)
        return -1;
    if (fstat(fd, &at) == 0 && S_ISREG(at.st_mode)) {
        *size = (uint64_t)at.st_size;
        return fd;
    }
    journal_io()->close(fd);
    errno = EINVAL;
    return -1;
}

enum err journal_read_header(const char *dir, int dir_fd, const char *name, const char *magic,
                             struct journal_header *header, char *why, size_t why_size)
{
    unsigned char bytes[JOURNAL_HEADER_SIZE];
    char path[JOURNAL_PATH_MAX + JOURNAL_NAME_SIZE + 2], text[96];
    enum err err = ERR_BAD_DATA;
    uint64_t size;
    ssize_t got;
    int fd = journal_open_file(dir_fd, name, &size);

    if (fd < 0 && errno == ENOENT)
        return ERR_NOT_FOUND;
    snprintf(path, sizeof(path), "%s/%s", dir, name);
    if (fd < 0)
        return file_guard_refuse(path, why, why_size, "cannot be opened: %s", strerror(errno));
    got = journal_io_read(fd, bytes, sizeof(bytes), 0);
    if (got < 0) {
        snprintf(text, sizeof(text), "cannot be read: %s", strerror(errno));
        err = ERR_STORAGE;
    } else if (got < (ssize_t)sizeof(bytes)) {
        snprintf(text, sizeof(text), "header: the file has only %zd bytes", got);
    } else {
        err = journal_header_decode(bytes, magic, header, text, sizeof(text));
    }
    journal_io()->close(fd);
    if (err != ERR_OK)
        file_guard_refuse(path, why, why_size, "%s", text);
    return err;
}

static bool number_of(const char *name, const char *ending, uint64_t *seq)
{
    uint64_t value = 0;

    if (strlen(name) != DIGITS + strlen(ending) || strcmp(name + DIGITS, ending) != 0)
        return false;
    for (int i = 0; i < DIGITS; i++) {
        if (name[i] < '0' || name[i] > '9' || value > (UINT64_MAX - (uint64_t)(name[i] - '0')) / 10)
            return false;
        value = value * 10 + (uint64_t)(name[i] - '0');
    }
    *seq = value;
    return true;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

static bool add(struct journal_list *list, uint64_t seq)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity == 0 ? 64 : list->capacity * 2;
        uint64_t *grown = realloc(list->seq, capacity * sizeof(*grown));

        if (grown == NULL)
            return false;
        list->seq = grown;
        list->capacity = capacity;
    }
    list->seq[list->count++] = seq;
    return true;
}

enum err journal_list_read(struct journal_list *list, int dir_fd, const char *ending)
{
    /* A descriptor of its own: two readings of one folder would share their place in it. */
    int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry;
    enum err err = ERR_OK;
    uint64_t seq;

    list->count = 0;
    if (folder == NULL) {
        if (fd >= 0)
            close(fd);
        return ERR_STORAGE;
    }
    while (err == ERR_OK && (errno = 0, entry = readdir(folder)) != NULL)
        if (number_of(entry->d_name, ending, &seq) && !add(list, seq))
            err = ERR_MEMORY;
    if (err == ERR_OK && errno != 0)
        err = ERR_STORAGE;
    closedir(folder);
    if (list->count > 0)
        qsort(list->seq, list->count, sizeof(*list->seq), by_number);
    return err;
}

void journal_list_free(struct journal_list *list)
{
    free(list->seq);
    *list = (struct journal_list){.seq = NULL};
}

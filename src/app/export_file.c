#include "app/export_file.h"

#include "core/base/safe_text.h"
#include "core/base/thread.h"
#include "core/base/write_full.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NAMES_MAX  100 /* files of one second and list */
#define NAME_BYTES 200

enum { WRITING, OVER, LEFT }; /* LEFT: nobody asks any more, the thread frees it */

struct export_file {
    char folder[EXPORT_PATH_SIZE]; /* "": path is whole */
    char path[EXPORT_PATH_SIZE];   /* of the file; of a name that was not given, without its ending */
    bool chosen;                   /* by name: no other one is tried */
    char *text;
    size_t size;
    atomic_int state;
    enum err err;
    char why[EXPORT_WHY_SIZE];
};

/* --- names ---------------------------------------------------------------------------------------------------- */

static enum err refuse(char *why, size_t why_size, const char *said)
{
    snprintf(why, why_size, "%s", said);
    return ERR_USAGE;
}

/* What the list is called and when, in letters that every file system takes. */
static void choose_name(struct export_file *file, const char *what)
{
    time_t now = time(NULL);
    struct tm parts;
    char stamp[32] = "";

    if (gmtime_r(&now, &parts) != NULL)
        (void)strftime(stamp, sizeof(stamp), "-%Y%m%d-%H%M%S", &parts);
    snprintf(file->path, sizeof(file->path), "%.1000s/%.32s%s", file->folder, what, stamp);
}

static enum err take_name(struct export_file *file, const char *data_dir, const char *name, const char *what,
                          char *why, size_t why_size)
{
    int used;

    if (name[0] != '/' && data_dir[0] == '\0')
        return refuse(why, why_size, "this run has no data directory; :export /path/to/file.csv");
    if (name[0] != '/' && strchr(name, '/') != NULL)
        return refuse(why, why_size,
                      "a name without a slash, in the data directory's export folder, or a whole path");
    if (strlen(name) > NAME_BYTES || strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
        strpbrk(name, "\n\r\t") != NULL)
        return refuse(why, why_size, "that is no name of a file");
    file->chosen = name[0] != '\0';
    used = snprintf(file->folder, sizeof(file->folder), "%s/" EXPORT_DIR, data_dir);
    if (name[0] == '/')
        file->folder[0] = '\0';
    else if (used <= 0 || used > EXPORT_PATH_SIZE - NAME_BYTES - 16)
        return refuse(why, why_size, "the data directory's path is too long");
    if (!file->chosen)
        choose_name(file, what);
    else
        snprintf(file->path, sizeof(file->path), "%.980s%s%s", file->folder,
                 file->folder[0] == '\0' ? "" : "/", name);
    return ERR_OK;
}

/* --- the thread ----------------------------------------------------------------------------------------------- */

static void fail(struct export_file *file, const char *doing)
{
    char safe[160];

    safe_text(file->path, strlen(file->path), safe, sizeof(safe));
    snprintf(file->why, sizeof(file->why), "%s: %s%s", safe, doing,
             errno == EEXIST ? "is there already; nothing is overwritten" : strerror(errno));
    file->err = ERR_IO;
}

/* Under its name at once and whole, or not at all; false with EEXIST: that name is taken. */
static bool place(const char *fresh, const char *path)
{
    if (link(fresh, path) == 0) {
        unlink(fresh);
        return true;
    }
    /* not every file system has links */
    return errno != EEXIST && renameat2(AT_FDCWD, fresh, AT_FDCWD, path, RENAME_NOREPLACE) == 0;
}

static bool put_in_place(struct export_file *file, const char *fresh)
{
    char stem[EXPORT_PATH_SIZE];
    bool done = false;

    if (file->chosen)
        return place(fresh, file->path);
    memcpy(stem, file->path, sizeof(stem));
    errno = EEXIST;
    for (int i = 1; !done && errno == EEXIST && i <= NAMES_MAX; i++) {
        if (i == 1)
            snprintf(file->path, sizeof(file->path), "%.1180s.csv", stem);
        else
            snprintf(file->path, sizeof(file->path), "%.1180s-%d.csv", stem, i);
        done = place(fresh, file->path);
    }
    return done;
}

/* Beside its place first: half a list would look like a whole one, and the program may end at any moment. */
static void write_file(struct export_file *file)
{
    char fresh[EXPORT_PATH_SIZE + 16];
    int fd = -1, number = 0;

    snprintf(fresh, sizeof(fresh), "%s.part-XXXXXX", file->path);
    if (file->folder[0] == '\0' || mkdir(file->folder, 0700) == 0 || errno == EEXIST)
        fd = mkostemp(fresh, O_CLOEXEC);
    if (fd < 0) {
        fail(file, "");
        return;
    }
    if (!write_full(fd, file->text, file->size) || fsync(fd) != 0)
        number = errno;
    if (close(fd) != 0 && number == 0)
        number = errno;
    if (number != 0) {
        errno = number;
        fail(file, "writing failed: ");
    } else if (!put_in_place(file, fresh)) {
        fail(file, "");
    }
    if (file->err != ERR_OK)
        unlink(fresh);
}

static void free_file(struct export_file *file)
{
    free(file->text);
    free(file);
}

static void *run(void *arg)
{
    struct export_file *file = arg;

    thread_name("export");
    write_file(file);
    if (atomic_exchange_explicit(&file->state, OVER, memory_order_acq_rel) == LEFT)
        free_file(file);
    return NULL;
}

/* --- life ----------------------------------------------------------------------------------------------------- */

static enum err start(struct export_file *file, char *why, size_t why_size)
{
    pthread_attr_t attr;
    pthread_t thread;
    int failed;

    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    failed = thread_start(&thread, &attr, run, file);
    pthread_attr_destroy(&attr);
    if (failed == 0)
        return ERR_OK;
    snprintf(why, why_size, "no thread to write it");
    return ERR_MEMORY;
}

enum err export_file_begin(const char *data_dir, const char *name, const char *what, const char *text,
                           size_t size, struct export_file **out, char *why, size_t why_size)
{
    struct export_file *file = calloc(1, sizeof(*file));
    enum err err = file == NULL ? ERR_MEMORY : take_name(file, data_dir, name, what, why, why_size);

    if (err == ERR_OK)
        file->text = malloc(size > 0 ? size : 1);
    if (err == ERR_MEMORY || (err == ERR_OK && file->text == NULL)) {
        snprintf(why, why_size, "out of memory");
        err = ERR_MEMORY;
    }
    if (err == ERR_OK) {
        memcpy(file->text, text, size);
        file->size = size;
        err = start(file, why, why_size);
    }
    if (err == ERR_OK)
        *out = file;
    else if (file != NULL)
        free_file(file);
    return err;
}

bool export_file_over(struct export_file *file, enum err *err, char *text, size_t text_size)
{
    if (atomic_load_explicit(&file->state, memory_order_acquire) != OVER)
        return false;
    *err = file->err;
    if (file->err == ERR_OK)
        safe_text(file->path, strlen(file->path), text, text_size);
    else
        snprintf(text, text_size, "%s", file->why);
    return true;
}

void export_file_end(struct export_file *file)
{
    if (file != NULL && atomic_exchange_explicit(&file->state, LEFT, memory_order_acq_rel) == OVER)
        free_file(file);
}

#include "plugin/plugin_library.h"

#include "core/base/safe_text.h"
#include "plugin/plugin_guard.h"

#include <dlfcn.h>
#include <elf.h>
#include <fcntl.h>
#include <fenv.h>
#include <link.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SYMBOL        "flowdeck_strategy"
#define REASON_MAX    320
#define SHOWN_MAX     256
#define NAME_SIZE     64
#define NAMES_TRIED   64
#define SIZE_AT_LEAST sizeof(struct fd_strategy) /* of ABI 1 as it first was */

struct plugin_library {
    struct plugin_file
        file; /* image_fd stays open: the linker knows libraries by name, and its name is its number */
    void *handle;
    uint16_t owner;
    struct fd_strategy table;
};

/* The linker's words without the name that it knows the library by. */
static void take_linker_words(const char *name, char out[REASON_MAX])
{
    const char *words = dlerror();
    size_t size = strlen(name);

    if (words == NULL)
        words = "cannot be loaded";
    if (strncmp(words, name, size) == 0 && words[size] == ':')
        words += size + 1 + (words[size + 1] == ' ');
    safe_text(words, strlen(words), out, REASON_MAX);
}

/*
 * A library may refuse to leave (C++ templates make it so), and the linker would give the old one out again when its
 * number comes up a second time. Then the image takes the next number.
 */
static bool find_free_name(struct plugin_library *library, char name[NAME_SIZE])
{
    for (int i = 0; i < NAMES_TRIED; i++) {
        int fd = library->file.image_fd;
        void *other;

        snprintf(name, NAME_SIZE, "/proc/self/fd/%d", fd);
        other = dlopen(name, RTLD_NOW | RTLD_NOLOAD);
        if (other == NULL)
            return true;
        dlclose(other);
        library->file.image_fd = fcntl(fd, F_DUPFD_CLOEXEC, fd + 1);
        close(fd);
        if (library->file.image_fd < 0)
            return false;
    }
    return false;
}

static void *load(struct plugin_library *library, char name[NAME_SIZE])
{
    void *handle;
    fenv_t mode;

    if (!find_free_name(library, name))
        return NULL;
    fegetenv(&mode);
    plugin_guard_enter(library->owner, PLUGIN_LOAD);
    handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    plugin_guard_leave();
    fesetenv(&mode);
    return handle;
}

/* Does it point into this library, and not into thin air or somebody else's code? */
static bool is_ours(const void *handle_base, const void *pointer)
{
    Dl_info info;

    return dladdr(pointer, &info) != 0 && info.dli_fbase == handle_base;
}

struct callback {
    const char *name;
    size_t offset;
    bool required;
};

#define CALLBACK(name_, required_)                                                                           \
    {                                                                                                        \
#name_, offsetof(struct fd_strategy, name_), required_                                               \
    }
static const struct callback callbacks[] = {
    CALLBACK(create, true), CALLBACK(destroy, true),  CALLBACK(start, false), CALLBACK(market, true),
    CALLBACK(trade, false), CALLBACK(signal, false),  CALLBACK(fill, false),  CALLBACK(order, false),
    CALLBACK(timer, false), CALLBACK(pause, false),   CALLBACK(stop, false),  CALLBACK(parameter, false),
    CALLBACK(save, false),  CALLBACK(restore, false),
};

static bool check_callbacks(const struct fd_strategy *table, const void *base, char reason[REASON_MAX])
{
    for (size_t i = 0; i < sizeof(callbacks) / sizeof(callbacks[0]); i++) {
        void *pointer;

        memcpy(&pointer, (const char *)table + callbacks[i].offset, sizeof(pointer));
        if (pointer == NULL && callbacks[i].required) {
            snprintf(reason, REASON_MAX, "has no callback %s", callbacks[i].name);
            return false;
        }
        if (pointer != NULL && !is_ours(base, pointer)) {
            snprintf(reason, REASON_MAX, "its callback %s points outside of it", callbacks[i].name);
            return false;
        }
    }
    if ((table->save == NULL) != (table->restore == NULL)) {
        snprintf(reason, REASON_MAX, "has only one of the callbacks save and restore");
        return false;
    }
    return true;
}

/* Copies the table once its symbol is known to be large enough to be one. */
static bool take_table(struct plugin_library *library, char reason[REASON_MAX])
{
    const void *symbol = dlsym(library->handle, SYMBOL);
    const Elf64_Sym *entry;
    void *found = NULL;
    uint32_t head[2];
    Dl_info info;

    if (symbol == NULL || dladdr1(symbol, &info, &found, RTLD_DL_SYMENT) == 0 || found == NULL) {
        snprintf(reason, REASON_MAX, "exports no %s; it must be const, not static", SYMBOL);
        return false;
    }
    entry = found;
    if (ELF64_ST_TYPE(entry->st_info) != STT_OBJECT || entry->st_size < sizeof(head)) {
        snprintf(reason, REASON_MAX, "%s is not a struct fd_strategy", SYMBOL);
        return false;
    }
    memcpy(head, symbol, sizeof(head));
    if (head[0] != FD_ABI) {
        snprintf(reason, REASON_MAX, "needs strategy ABI %u; this flowdeck has ABI %d", head[0], FD_ABI);
        return false;
    }
    if (head[1] < SIZE_AT_LEAST || head[1] > entry->st_size) {
        snprintf(reason, REASON_MAX, "says that struct fd_strategy has %u bytes; this flowdeck's has %zu",
                 head[1], sizeof(struct fd_strategy));
        return false;
    }
    memcpy(&library->table, symbol, sizeof(library->table));
    return check_callbacks(&library->table, info.dli_fbase, reason);
}

enum err plugin_library_open(struct plugin_file *file, uint16_t owner, struct plugin_library **out, char *why,
                             size_t why_size)
{
    char name[NAME_SIZE], shown[SHOWN_MAX], reason[REASON_MAX] = "cannot be loaded: out of memory";
    struct plugin_library *library = calloc(1, sizeof(*library));
    bool fine = library != NULL;

    *out = NULL;
    if (fine) {
        library->file = *file;
        library->owner = owner;
        file->image_fd = -1;
        snprintf(name, sizeof(name), "/proc/self/fd/%d", library->file.image_fd);
        plugin_guard_know(owner, library->file.manifest.name, library->file.path, library->file.sha256);
        library->handle = load(library, name);
        fine = library->handle != NULL;
        if (!fine)
            take_linker_words(name, reason);
    }
    if (fine && take_table(library, reason)) {
        *out = library;
        return ERR_OK;
    }
    safe_text(file->path, strlen(file->path), shown, sizeof(shown));
    snprintf(why, why_size, "%s: %s", shown, reason);
    plugin_file_close(file);
    plugin_library_close(library);
    return ERR_BAD_DATA;
}

void plugin_library_close(struct plugin_library *library)
{
    if (library == NULL)
        return;
    if (library->handle != NULL) {
        plugin_guard_enter(library->owner, PLUGIN_LOAD); /* its destructors run */
        dlclose(library->handle);
        plugin_guard_leave();
    }
    plugin_file_close(&library->file);
    free(library);
}

const struct fd_strategy *plugin_library_table(const struct plugin_library *library)
{
    return &library->table;
}

const struct plugin_file *plugin_library_file(const struct plugin_library *library)
{
    return &library->file;
}

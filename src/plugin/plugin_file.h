/*
 * plugin_file.h - a plug-in's file, judged and copied before a line of it runs.
 *
 * The path is walked folder by folder: absolute, no symbolic link, each folder ours or root's and not writable by
 * everyone. The file is a regular one, ours or root's, not writable by group or others, at most PLUGIN_SIZE_MAX. Its
 * bytes go to sealed memory (memfd), and hash, manifest and code all come from that one copy: what was checked
 * is what runs, whatever becomes of the file, and there is nothing to clean up on disk after a crash.
 */
#ifndef PLUGIN_PLUGIN_FILE_H
#define PLUGIN_PLUGIN_FILE_H

#include "core/base/err.h"
#include "core/strategy/manifest.h"
#include "plugin/plugin_hash.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLUGIN_PATH_MAX 512
#define PLUGIN_SIZE_MAX (16 << 20)
#define PLUGIN_WHY_SIZE 768 /* of a line that holds a path and a reason */

struct plugin_identity { /* of a file as stat sees it; all 0: no file */
    uint64_t device, inode, size;
    int64_t changed_ns, modified_ns;
};

struct plugin_file {
    char path[PLUGIN_PATH_MAX];
    char sha256[PLUGIN_SHA256_SIZE]; /* lower-case hex */
    struct plugin_identity identity;
    struct strategy_manifest manifest;
    int image_fd; /* sealed memory; owned, -1: none */
};

/*
 * pin: the SHA-256 it must have, NULL or "": any. On error *out holds nothing and why is one line with path and
 * reason. ERR_NOT_FOUND, ERR_IO, ERR_STATE (who may write it), ERR_BAD_DATA, ERR_UNSUPPORTED, ERR_TOO_LONG.
 */
enum err plugin_file_open(const char *path, const char *pin, struct plugin_file *out, char *why,
                          size_t why_size);
void plugin_file_close(struct plugin_file *file); /* gives the memory back, unless a library took it */

/* "PATH" or "PATH@SHA256" of the configuration into its parts; a part that is not 64 hex digits belongs to the path.
 * pin "": none. ERR_TOO_LONG. */
enum err plugin_file_spec(const char *spec, char path[PLUGIN_PATH_MAX], char pin[PLUGIN_SHA256_SIZE]);

/* What stands at path now, for the eye of a watcher; no check of anything. */
struct plugin_identity plugin_file_identity(const char *path);
/* A file stands there, and it is not the one that was opened. */
bool plugin_file_changed(const char *path, const struct plugin_identity *opened);

#endif

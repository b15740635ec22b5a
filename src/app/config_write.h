/*
 * config_write.h - settings put into the configuration file for good, and nothing else of it changed.
 *
 * The new text is made by core/base/config_edit.h, read again and compared before it is written beside the file, synced,
 * and renamed over it; mode and link stay. Blocks as long as the disk does: for a thread of its own (settings_desk.h).
 */
#ifndef APP_CONFIG_WRITE_H
#define APP_CONFIG_WRITE_H

#include "app/paths.h"
#include "core/base/config.h"

struct config_change {
    const struct option *option;
    char value[CONFIG_TEXT_MAX]; /* canonical */
};

/* The file as it was read last. */
struct config_text {
    char path[PATH_TEXT_MAX];
    bool there;
    char *text; /* NULL: empty */
    size_t size;
};

/* What is at the path now; one that is not there is empty. ERR_IO, ERR_MEMORY. */
enum err config_text_read(struct config_text *file, const char *path, char why[CONFIG_WHY_SIZE]);
void config_text_free(struct config_text *file);

/*
 * ERR_OK: written, *file is what stands there now. ERR_STATE: it is not what *file says any more: nothing is written,
 * *file becomes what is there, so that asking again puts the changes into that. Else nothing has changed, and why is one
 * line with the path.
 */
enum err config_write(struct config_text *file, const struct config_change *change, size_t count,
                      char why[CONFIG_WHY_SIZE]);

#endif

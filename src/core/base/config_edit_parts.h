/*
 * config_edit_parts.h - where a setting stands in the text of a configuration, or where it would go. Of config_edit.c.
 */
#ifndef CORE_BASE_CONFIG_EDIT_PARTS_H
#define CORE_BASE_CONFIG_EDIT_PARTS_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define CONFIG_ITEMS_MAX 512 /* of a list */

struct config_range { /* of bytes */
    size_t start, end;
};

enum config_section_kind { SECTION_NONE, SECTION_BLOCK, SECTION_EMPTY, SECTION_FLOW };

/* Where a setting that is not there yet would go. */
struct config_section {
    enum config_section_kind kind;
    size_t path_size; /* of its path, a prefix of the option's name; 0: the whole file */
    size_t
        at; /* BLOCK: end of its last value; EMPTY: behind its colon; FLOW: end of its last value or its { */
    size_t column; /* BLOCK: of its keys; EMPTY: of its own key */
    bool has_items;
};

struct config_place {
    bool is, sequence, flow; /* is: the setting stands there */
    struct config_range value;
    size_t items;
    struct config_range item[CONFIG_ITEMS_MAX];
    char quote; /* of the value, or of the first item: ' or " or 0 */
    struct config_section section;
};

/* ERR_BAD_DATA: no YAML of ours. ERR_TOO_LONG, ERR_MEMORY. */
enum err config_find_place(const char *text, size_t size, const char *name, struct config_place *out);

#endif

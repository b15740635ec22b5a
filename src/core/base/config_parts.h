/* config_parts.h - the inside of a configuration: for config.c and config_load.c alone. */
#ifndef CORE_BASE_CONFIG_PARTS_H
#define CORE_BASE_CONFIG_PARTS_H

#include "core/base/config.h"
#include "core/base/option.h"

#include <stdbool.h>
#include <stddef.h>

#define SOURCE_COUNT      (OPTION_FROM_RUN + 1)
#define ENVIRON_PREFIX    "FLOWDECK_"
#define ENVIRON_NAME_SIZE 256
#define FILE_NAME_SIZE    1024
#define DETAIL_SIZE       (CONFIG_WHY_SIZE - 128) /* what is wrong, without place and key */

/* What one source says of one option. */
struct slot {
    bool is_set;
    int line; /* file only */
    struct option_value value;
};

/* All values of one source; a load builds a new layer and swaps it in whole. */
struct layer {
    char file[FILE_NAME_SIZE];
    struct slot slot[]; /* by index in the table */
};

struct config {
    const struct option *table;
    size_t count;
    struct layer *layer[SOURCE_COUNT];
    struct config_faults *faults; /* NULL: a load ends with the first */
};

struct layer *config_layer_new(const struct config *config); /* empty; NULL: memory */

static inline size_t config_index_of(const struct config *config, const struct option *option)
{
    return (size_t)(option - config->table);
}

/* config_load.c: "unknown key 'risk.max_vaule'; did you mean 'risk.max_value'? (allowed: decimal 0.01..1000000 quote)" */
void config_tell_unknown(const char *kind, const char *name, const struct option *near, const char *near_name,
                         char *out, size_t out_size);

#endif

/*
 * yaml_map.h - YAML text as a flat walk over "a.b.c" -> scalar, with line and column.
 *
 * The one place that touches libyaml. Mappings nest, sequences of scalars come as one call per item with
 * the same path; duplicates, anchors, aliases, tags, merge keys and documents after the first are refused.
 * Depth at most 8, path at most 256 bytes.
 */
#ifndef CORE_BASE_YAML_MAP_H
#define CORE_BASE_YAML_MAP_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

struct yaml_scalar {
    const char *path;  /* "risk.max_value" */
    const char *value;
    size_t value_size;
    bool quoted;
    bool in_sequence;
    int line, column;      /* of the value, from 1 */
    int key_line, key_column;
};

/* Return an error to stop; write the reason into why yourself. */
typedef enum err (*yaml_visit)(void *arg, const struct yaml_scalar *scalar, char *why, size_t why_size);

enum err yaml_walk(const char *text, size_t size, const char *file_name, yaml_visit visit, void *arg,
                   char *why, size_t why_size);

#endif

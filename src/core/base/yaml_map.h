/*
 * yaml_map.h - YAML text as a flat walk over "a.b.c" -> scalar, with line and column.
 *
 * The one place that touches libyaml. Mappings nest, sequences of scalars come as one call per item with
 * the same path; an empty {} or [] is one call with empty_collection set. Duplicates, anchors, aliases, tags,
 * merge keys and documents after the first are refused, and so is whatever passes a bound below.
 * Errors are one line, "flowdeck.yaml:12:3: what is wrong"; text from the file in it passes safe_text().
 */
#ifndef CORE_BASE_YAML_MAP_H
#define CORE_BASE_YAML_MAP_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define YAML_DEPTH_MAX 8    /* mappings and sequences inside each other */
#define YAML_PATH_MAX  256  /* bytes of "a.b.c" */
#define YAML_KEYS_MAX  4096 /* keys of one file */

struct yaml_scalar {
    const char *path; /* "risk.max_value" */
    const char *value;
    size_t value_size;
    bool quoted;
    bool in_sequence;
    bool empty_collection; /* {} or [] (then in_sequence is set); value is "" */
    int line, column;      /* of the value, from 1 */
    int key_line, key_column;
};

/* Return an error to stop; write the reason into why yourself. value lives until the visit returns. */
typedef enum err (*yaml_visit)(void *arg, const struct yaml_scalar *scalar, char *why, size_t why_size);

enum err yaml_walk(const char *text, size_t size, const char *file_name, yaml_visit visit, void *arg,
                   char *why, size_t why_size);

#endif

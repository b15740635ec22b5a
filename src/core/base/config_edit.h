/*
 * config_edit.h - one setting changed in the text of a configuration, all else byte for byte as it was. Pure.
 *
 * Comments, order, blank lines, quotes and indentation stay. A value that is there is replaced in its own style; one that
 * is not goes behind the last of its section, into a section that is empty, or to the end with a section of its own.
 */
#ifndef CORE_BASE_CONFIG_EDIT_H
#define CORE_BASE_CONFIG_EDIT_H

#include "core/base/config.h"

/*
 * text: what config_load_text() takes. value: canonical, as config_value_text() has it (a list joined by commas).
 * ERR_OK: *out is a new text, to be freed, of *out_size bytes and a NUL. ERR_BAD_DATA: the text is no YAML of ours;
 * ERR_TOO_LONG: more items than can be looked at; ERR_MEMORY. The caller loads the result and compares.
 */
enum err config_edit(const char *text, size_t size, const struct option *option, const char *value,
                     char **out, size_t *out_size);

#endif

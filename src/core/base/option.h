/*
 * option.h - one value of one option: from text to number, and the words of its messages. Pure.
 *
 * Behind core/base/config.h, which owns struct option and shows the functions for others; here is
 * what config.c alone needs.
 */
#ifndef CORE_BASE_OPTION_H
#define CORE_BASE_OPTION_H

#include "core/base/config.h"

/* Bytes of a value or a key that a message shows. */
#define OPTION_SHOWN_MAX 96

struct option_value {
    int64_t number;             /* BOOL 0 or 1, INT, DECIMAL and RATIO in e8 */
    char text[CONFIG_TEXT_MAX]; /* canonical text of any type */
};

/*
 * Reads text as the option's type. On error *out is untouched and why holds what is wrong with the value and
 * what is allowed, without place and key: "'-5' is out of range; allowed: decimal 0.01..1000000 quote".
 */
enum err option_parse(const struct option *option, const char *text, size_t size, struct option_value *out,
                      char *why, size_t why_size);

/* Appends an item to a LIST; *out starts with text "". Errors as above, *out is untouched. */
enum err option_append_item(const struct option *option, const char *text, size_t size,
                            struct option_value *out, char *why, size_t why_size);

/* Edit distance (insert, delete, replace, swap of neighbours) of two names, each at most 256 bytes. */
size_t option_distance(const char *a, const char *b);

#endif

/* text.h - a growing text buffer with a bound, for replies and stream messages of the built-in exchange. */
#ifndef SIM_TEXT_H
#define SIM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SIM_TEXT_MAX ((size_t)64 << 20)

struct sim_text {
    char *at; /* always NUL-terminated once anything was added */
    size_t size, room;
    bool failed; /* memory or SIM_TEXT_MAX: what is in it is cut */
};

void sim_text_clear(struct sim_text *text); /* keeps its room */
void sim_text_free(struct sim_text *text);
void sim_text_add(struct sim_text *text, const char *piece);
void sim_text_add_size(struct sim_text *text, const char *piece, size_t size);
void sim_text_printf(struct sim_text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void sim_text_int(struct sim_text *text, int64_t value);
void sim_text_e8(struct sim_text *text, int64_t value_e8, unsigned decimals);
void sim_text_json_string(struct sim_text *text, const char *value); /* quoted and escaped */

#endif

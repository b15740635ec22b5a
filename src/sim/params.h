/* params.h - the parameters of one request to the built-in exchange, decoded, and which of them were read. */
#ifndef SIM_PARAMS_H
#define SIM_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#define PARAMS_MAX      48
#define PARAMS_TEXT_MAX 8192 /* names and values of one request, decoded */

enum params_err { PARAMS_OK, PARAMS_TOO_MANY, PARAMS_DUPLICATE };

struct param {
    const char *name, *value;
    bool read;
};

struct params {
    size_t count, used;
    struct param at[PARAMS_MAX];
    char text[PARAMS_TEXT_MAX];
};

void params_init(struct params *params);
/* a=1&b=2, percent-encoded. The query wins over the body; twice in one of them is an error. */
enum params_err params_parse(struct params *params, const char *query, const char *body);
enum params_err params_add(struct params *params, const char *name, const char *value); /* copies both */
/* Value, marked as read; NULL: absent. */
const char *params_take(struct params *params, const char *name);
const char *params_peek(const struct params *params, const char *name);
size_t params_read_count(const struct params *params);
void params_sort(struct params *params); /* by name, bytes ascending */

#endif

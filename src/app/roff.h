/* roff.h - text of a manual page: what would be a request or an escape is neither. */
#ifndef APP_ROFF_H
#define APP_ROFF_H

#include <stdio.h>

/* Backslashes, leading dots and quotes lose their meaning, a dash stays a dash. */
void roff(const char *text, FILE *out);
/* A tagged paragraph; italic may be NULL. */
void roff_item(const char *bold, const char *italic, const char *text, FILE *out);

struct roff_term {
    const char *term, *meaning;
};

/* A section of them below its heading. */
void roff_terms(const char *heading, const struct roff_term *terms, size_t count, FILE *out);

#endif

#include "app/roff.h"

void roff(const char *text, FILE *out)
{
    if (*text == '.' || *text == '\'')
        fputs("\\&", out);
    for (; *text != '\0'; text++) {
        if (*text == '\\')
            fputs("\\(rs", out);
        else if (*text == '-')
            fputs("\\-", out);
        else
            fputc(*text, out);
    }
}

void roff_item(const char *bold, const char *italic, const char *text, FILE *out)
{
    fputs(".TP\n.B ", out);
    roff(bold, out);
    if (italic != NULL && italic[0] != '\0') {
        fputs(" \\fI", out);
        roff(italic, out);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    roff(text, out);
    fputc('\n', out);
}

void roff_terms(const char *heading, const struct roff_term *terms, size_t count, FILE *out)
{
    fprintf(out, ".SH %s\n", heading);
    for (size_t i = 0; i < count; i++)
        roff_item(terms[i].term, NULL, terms[i].meaning, out);
}

#include "tui/csv.h"

#include <stdarg.h>
#include <stdio.h>

void csv_row(struct csv *csv, const char *format, ...)
{
    size_t room =
        (csv->most == 0 || csv->most > sizeof(csv->text) ? sizeof(csv->text) : csv->most) - csv->used;
    va_list args;
    int length;

    va_start(args, format);
    length = vsnprintf(csv->text + csv->used, room, format, args);
    va_end(args);
    if (csv->cut || length < 0 || (size_t)length + 1 >= room) { /* nor a shorter one that comes after it */
        csv->text[csv->used] = '\0';
        csv->cut = true;
        return;
    }
    csv->used += (size_t)length;
    csv->text[csv->used++] = '\n';
    csv->text[csv->used] = '\0';
    csv->rows++;
}

void csv_begin(struct csv *csv, const char *head)
{
    csv->used = 0;
    csv->cut = false;
    csv_row(csv, "%s", head);
    csv->rows = 0;
}

const char *csv_quoted(const char *text, char *out, size_t size)
{
    size_t used = 0;

    if (size < 3) {
        out[0] = '\0';
        return out;
    }
    out[used++] = '"';
    for (; *text != '\0' && used + 4 <= size; text++) {
        if (*text == '"')
            out[used++] = '"';
        out[used++] = *text;
    }
    out[used++] = '"';
    out[used] = '\0';
    return out;
}

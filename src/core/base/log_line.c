#include "core/base/log_line.h"

#include "core/base/clock.h"
#include "core/base/safe_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 48
/* What must still fit behind the last field: ,"cut":true} or " cut=true", newline, NUL. */
#define TAIL_ROOM 16

struct line {
    char *out;
    size_t used;
};

static const char *level_word(enum log_level level)
{
    switch (level) {
    case LOG_DEBUG:
        return "debug";
    case LOG_INFO:
        return "info";
    case LOG_WARN:
        return "warn";
    case LOG_ERROR:
        return "error";
    }
    return "?"; /* not an enum log_level at all */
}

/* Appends all of text or nothing. */
static bool append(struct line *line, const char *text)
{
    size_t size = strlen(text);

    if (line->used + size + TAIL_ROOM > LOG_LINE_MAX)
        return false;
    memcpy(line->out + line->used, text, size + 1);
    line->used += size;
    return true;
}

/* Quoted, with \ before quotes; JSON also doubles the backslashes that safe_text() left. */
static bool append_quoted(struct line *line, const char *safe, bool json)
{
    char quoted[2 * LOG_LINE_MAX + 3];
    size_t size = 0;

    quoted[size++] = '"';
    for (; *safe != '\0' && size + 3 < sizeof quoted; safe++) {
        if (*safe == '"' || (json && *safe == '\\'))
            quoted[size++] = '\\';
        quoted[size++] = *safe;
    }
    quoted[size++] = '"';
    quoted[size] = '\0';
    return append(line, quoted);
}

static bool append_value(struct line *line, const struct log_field *field, bool json)
{
    char safe[LOG_LINE_MAX];

    if (field->kind == LOG_FIELD_INT) {
        snprintf(safe, sizeof safe, "%" PRId64, field->number);
        return append(line, safe);
    }
    safe_text(field->text, strlen(field->text), safe, sizeof safe);
    if (json || safe[0] == '\0' || strpbrk(safe, " =\"") != NULL)
        return append_quoted(line, safe, json);
    return append(line, safe);
}

static bool append_name(struct line *line, const char *name, bool json)
{
    char safe[NAME_MAX_BYTES];

    safe_text(name, strlen(name), safe, sizeof safe);
    if (json)
        return append(line, ",") && append_quoted(line, safe, true) && append(line, ":");
    return append(line, " ") && append(line, safe) && append(line, "=");
}

/* A field is in the line whole or not at all. */
static bool append_field(struct line *line, const struct log_field *field, bool json)
{
    size_t before = line->used;

    if (append_name(line, field->key, json) && append_value(line, field, json))
        return true;
    line->used = before;
    return false;
}

static void append_head(struct line *line, const struct log_record *record, bool json)
{
    char ts[32], event[NAME_MAX_BYTES], cid[40] = "";

    clock_format_iso(record->ts_ns, ts);
    safe_text(record->event, strlen(record->event), event, sizeof event);
    append(line, json ? "{\"ts\":\"" : "");
    append(line, ts);
    append(line, json ? "\",\"level\":\"" : " ");
    append(line, level_word(record->level));
    append(line, json ? "\",\"event\":" : " ");
    if (json)
        append_quoted(line, event, true);
    else
        append(line, event);
    if (record->correlation_id != 0)
        snprintf(cid, sizeof cid, json ? ",\"cid\":%" PRIu64 : " cid=%" PRIu64, record->correlation_id);
    append(line, cid);
}

size_t log_line_format(const struct log_record *record, enum log_format format, char out[LOG_LINE_MAX])
{
    bool json = format == LOG_FORMAT_JSON, fits = true, cut;
    struct line line = {out, 0};
    const char *end;

    append_head(&line, record, json); /* always fits: 48 bytes of names at most */
    for (size_t i = 0; i < record->field_count && fits; i++)
        fits = append_field(&line, &record->field[i], json);
    cut = record->cut || !fits;
    if (json)
        end = cut ? ",\"cut\":true}\n" : "}\n";
    else
        end = cut ? " cut=true\n" : "\n";
    memcpy(out + line.used, end, strlen(end) + 1);
    return line.used + strlen(end);
}

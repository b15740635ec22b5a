#include "core/base/config_edit.h"

#include "core/base/config_edit_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_ROOM ((size_t)CONFIG_TEXT_MAX * 3) /* with quotes and blanks */

/* The text as it grows: pieces of the old one and what is new between them. */
struct edit {
    const char *text;
    size_t at; /* of the old text, how far it has been taken over */
    char *out;
    size_t size, room;
    bool failed;
};

static void put(struct edit *edit, const char *bytes, size_t size)
{
    if (edit->size + size + 1 > edit->room) {
        edit->failed = true;
        return;
    }
    memcpy(edit->out + edit->size, bytes, size);
    edit->size += size;
    edit->out[edit->size] = '\0';
}

static void put_text(struct edit *edit, const char *text)
{
    put(edit, text, strlen(text));
}

static void keep_until(struct edit *edit, size_t end)
{
    if (end > edit->at)
        put(edit, edit->text + edit->at, end - edit->at);
    edit->at = end > edit->at ? end : edit->at;
}

static void replace(struct edit *edit, struct config_range range, const char *bytes, size_t size)
{
    keep_until(edit, range.start);
    put(edit, bytes, size);
    edit->at = range.end;
}

static bool is_plain(const char *value, size_t size)
{
    static const char safe[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./+-=";

    if (size == 0 || (size == 1 && strchr("-=~", value[0]) != NULL) ||
        (size == 4 && memcmp(value, "null", 4) == 0))
        return false;
    for (size_t i = 0; i < size; i++)
        if (strchr(safe, value[i]) == NULL)
            return false;
    return size < 3 || (memcmp(value, "---", 3) != 0 && memcmp(value, "...", 3) != 0);
}

/* In the quotes it had, or in those it needs. Returns the bytes in out. */
static size_t quoted(const char *value, size_t size, char quote, char out[VALUE_ROOM])
{
    size_t used = 0;

    if (quote == 0 && !is_plain(value, size))
        quote = '"';
    if (quote == 0) {
        memcpy(out, value, size);
        return size;
    }
    out[used++] = quote;
    for (size_t i = 0; i < size; i++) {
        if (value[i] == quote || (quote == '"' && value[i] == '\\'))
            out[used++] = quote == '"' ? '\\' : '\'';
        out[used++] = value[i];
    }
    out[used++] = quote;
    return used;
}

static size_t line_end(const struct edit *edit, size_t size, size_t at)
{
    const char *end = at < size ? memchr(edit->text + at, '\n', size - at) : NULL;

    return end == NULL ? size : (size_t)(end - edit->text);
}

static const char *newline_of(const char *text, size_t size)
{
    const char *end = memchr(text, '\n', size);

    return end != NULL && end > text && end[-1] == '\r' ? "\r\n" : "\n";
}

/* --- a list ---------------------------------------------------------------------------------------------------- */

/* Items of "a,b,c" one after another; false past the last. */
static bool next_item(const char **rest, const char **item, size_t *size)
{
    if (**rest == '\0')
        return false;
    *item = *rest;
    *size = strcspn(*rest, ",");
    *rest += *size;
    *rest += **rest == ',';
    return true;
}

/* A new item behind the last one: in its line, or in one of its own. */
static void add_item(struct edit *edit, const struct config_place *found, size_t size, const char *bytes,
                     size_t bytes_size)
{
    const struct config_range *first = &found->item[0];
    size_t line = first->start;

    if (found->flow) {
        keep_until(edit, found->item[found->items - 1].end);
        put_text(edit, ", ");
        put(edit, bytes, bytes_size);
        return;
    }
    while (line > 0 && edit->text[line - 1] != '\n')
        line--;
    keep_until(edit, line_end(edit, size, found->item[found->items - 1].end));
    if (edit->size > 0 && edit->out[edit->size - 1] == '\r')
        edit->size--;
    put_text(edit, newline_of(edit->text, size));
    for (size_t i = line; i < first->start; i++) /* "key: - a" is no YAML: only blanks and the dash */
        put(edit, edit->text + i, 1);
    put(edit, bytes, bytes_size);
    if (edit->at < size && edit->at > 0 && edit->text[edit->at - 1] == '\r')
        put_text(edit, "\r");
}

static bool has_comment(const struct edit *edit, size_t from, size_t to)
{
    return to > from && memchr(edit->text + from, '#', to - from) != NULL;
}

/* Out of [a, b, c]: with what stands before it, but for a comment. */
static void drop_from_flow(struct edit *edit, const struct config_place *found, size_t at)
{
    size_t gap = at == 0 ? found->item[0].start : found->item[at - 1].end;
    size_t start = found->item[at].start;

    keep_until(edit, gap);
    if (has_comment(edit, gap, start)) {
        edit->at += edit->text[gap] == ',';
        keep_until(edit, start);
    }
    edit->at = found->item[at].end;
}

/* A line "- a" goes; where a comment stands behind it, that stays. */
static void drop_line(struct edit *edit, const struct config_place *found, size_t size, size_t at,
                      const char *instead)
{
    size_t dash = found->item[at].start, end = line_end(edit, size, found->item[at].end), line;

    while (edit->text[dash] != '-')
        dash--;
    for (line = dash; line > 0 && edit->text[line - 1] != '\n';)
        line--;
    if (instead[0] != '\0' || has_comment(edit, found->item[at].end, end)) {
        keep_until(edit, dash);
        put_text(edit, instead);
        edit->at = found->item[at].end;
        return;
    }
    keep_until(edit, line);
    edit->at = end < size ? end + 1 : end;
}

static void drop_items(struct edit *edit, const struct config_place *found, size_t size, size_t from)
{
    for (; from < found->items; from++) {
        if (found->flow)
            drop_from_flow(edit, found, from);
        else
            drop_line(edit, found, size, from, from == 0 ? "[]" : "");
    }
}

static void edit_list(struct edit *edit, const struct config_place *found, size_t size, const char *value)
{
    const char *item;
    size_t item_size, at = 0, bytes_size;
    char bytes[VALUE_ROOM];

    if (found->items == 0)
        keep_until(edit, found->value.start + 1);
    for (; next_item(&value, &item, &item_size); at++) {
        bytes_size = quoted(item, item_size, found->quote, bytes);
        if (at < found->items) {
            replace(edit, found->item[at], bytes, bytes_size);
        } else if (found->items == 0) {
            put_text(edit, at == 0 ? "" : ", ");
            put(edit, bytes, bytes_size);
        } else {
            add_item(edit, found, size, bytes, bytes_size);
        }
    }
    drop_items(edit, found, size, at);
}

/* --- a setting that is not there ------------------------------------------------------------------------------- */

static size_t value_text(const struct option *option, const char *value, char out[VALUE_ROOM])
{
    const char *item;
    size_t used = 0, size;

    if (option->type != OPTION_LIST)
        return quoted(value, strlen(value), 0, out);
    out[used++] = '[';
    while (next_item(&value, &item, &size) && used + 2 * size + 8 < VALUE_ROOM) {
        if (used > 1) {
            out[used++] = ',';
            out[used++] = ' ';
        }
        used += quoted(item, size, 0, out + used);
    }
    out[used++] = ']';
    return used;
}

/* Behind the last value of a section, and behind the comments of its own indentation that follow it. */
static size_t section_end(const struct edit *edit, size_t size, const struct config_section *section)
{
    size_t end = line_end(edit, size, section->at);

    while (end < size) {
        size_t start = end + 1, blanks = 0;

        while (start + blanks < size && edit->text[start + blanks] == ' ')
            blanks++;
        if (start + blanks >= size || edit->text[start + blanks] != '#' || blanks != section->column ||
            section->column == 0)
            break;
        end = line_end(edit, size, start);
    }
    return end;
}

static void put_blanks(struct edit *edit, size_t count)
{
    for (; count > 0; count--)
        put_text(edit, " ");
}

/* "max_value: 500", or with sections of its own above it, from this column on. */
static void put_lines(struct edit *edit, const char *name, size_t column, const char *newline,
                      const char *value, size_t value_size)
{
    const char *dot;

    for (; (dot = strchr(name, '.')) != NULL; name = dot + 1, column += 2) {
        put_blanks(edit, column);
        put(edit, name, (size_t)(dot - name));
        put_text(edit, ":");
        put_text(edit, newline);
    }
    put_blanks(edit, column);
    put_text(edit, name);
    put_text(edit, ": ");
    put(edit, value, value_size);
}

static void put_flow(struct edit *edit, const char *name, const char *value, size_t value_size)
{
    int open = 0;
    const char *dot;

    for (; (dot = strchr(name, '.')) != NULL; name = dot + 1, open++) {
        put(edit, name, (size_t)(dot - name));
        put_text(edit, ": {");
    }
    put_text(edit, name);
    put_text(edit, ": ");
    put(edit, value, value_size);
    for (; open > 0; open--)
        put_text(edit, "}");
}

static void add_setting(struct edit *edit, size_t size, const struct config_section *section,
                        const struct option *option, const char *value)
{
    const char *name = option->name + section->path_size + (section->path_size > 0);
    const char *newline = newline_of(edit->text, size);
    size_t column = section->kind == SECTION_EMPTY ? section->column + 2 : section->column;
    char bytes[VALUE_ROOM];
    size_t bytes_size = value_text(option, value, bytes);

    if (section->kind == SECTION_FLOW) {
        keep_until(edit, section->at);
        put_text(edit, section->has_items ? ", " : "");
        put_flow(edit, name, bytes, bytes_size);
        return;
    }
    keep_until(edit, section->kind == SECTION_NONE    ? size
                     : section->kind == SECTION_EMPTY ? line_end(edit, size, section->at)
                                                      : section_end(edit, size, section));
    if (edit->at < size)
        keep_until(edit, edit->at + 1);
    else if (edit->size > 0 && edit->out[edit->size - 1] != '\n')
        put_text(edit, newline);
    put_lines(edit, name, section->kind == SECTION_NONE ? 0 : column, newline, bytes, bytes_size);
    put_text(edit, newline);
}

enum err config_edit(const char *text, size_t size, const struct option *option, const char *value,
                     char **out, size_t *out_size)
{
    struct config_place *place = calloc(1, sizeof(*place));
    struct edit edit = {.text = text, .room = size + VALUE_ROOM * 4};
    char bytes[VALUE_ROOM];
    enum err err = ERR_MEMORY;

    edit.out = calloc(1, edit.room);
    if (place != NULL && edit.out != NULL)
        err = config_find_place(text, size, option->name, place);
    if (err == ERR_OK && !place->is)
        add_setting(&edit, size, &place->section, option, value);
    else if (err == ERR_OK && place->sequence)
        edit_list(&edit, place, size, value);
    else if (err == ERR_OK)
        replace(&edit, place->value, bytes, quoted(value, strlen(value), place->quote, bytes));
    if (err == ERR_OK)
        keep_until(&edit, size);
    free(place);
    if (err == ERR_OK && edit.failed)
        err = ERR_TOO_LONG;
    if (err != ERR_OK) {
        free(edit.out);
        return err;
    }
    *out = edit.out;
    *out_size = edit.size;
    return ERR_OK;
}

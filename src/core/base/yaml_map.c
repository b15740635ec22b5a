#include "core/base/yaml_map.h"

#include "core/base/safe_text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define SHOWN_MAX 80 /* bytes of a key in a message */

struct seen_key {
    char *path;
    int line;
};

/* A mapping or sequence that is open. */
struct level {
    bool sequence;
    bool has_key; /* mapping: the key was read, its value comes next */
    bool has_items;
    size_t path_size; /* of the collection's own path */
    int line, column; /* where it starts */
};

struct walk {
    yaml_parser_t parser;
    const char *text;
    size_t size;
    const char *file_name;
    yaml_visit visit;
    void *arg;
    char *why;
    size_t why_size;

    char path[YAML_PATH_MAX + 1];
    size_t path_size;
    int key_line, key_column;
    struct level level[YAML_DEPTH_MAX];
    size_t depth;
    size_t documents;
    bool done;

    struct seen_key *seen; /* YAML_KEYS_MAX */
    size_t seen_count;
};

__attribute__((format(printf, 4, 5))) static enum err refuse(struct walk *walk, enum err err,
                                                             const yaml_mark_t *mark, const char *format, ...)
{
    char file[SHOWN_MAX], text[256];
    va_list args;

    safe_text(walk->file_name, strlen(walk->file_name), file, sizeof file);
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args); /* NOLINT(clang-analyzer-valist.Uninitialized): it is */
    va_end(args);
    snprintf(walk->why, walk->why_size, "%s:%zu:%zu: %s", file, mark->line + 1, mark->column + 1, text);
    return err;
}

/* Columns count bytes here: what stands before may be no UTF-8 at all. */
static yaml_mark_t mark_of_offset(const struct walk *walk, size_t offset)
{
    yaml_mark_t mark = {0, 0, 0};

    for (size_t i = 0; i < offset && i < walk->size; i++) {
        mark.column++;
        if (walk->text[i] == '\n') {
            mark.line++;
            mark.column = 0;
        }
    }
    return mark;
}

static enum err refuse_yaml(struct walk *walk)
{
    const yaml_parser_t *parser = &walk->parser;
    const char *problem = parser->problem != NULL ? parser->problem : "not YAML";

    if (parser->error == YAML_MEMORY_ERROR)
        return refuse(walk, ERR_MEMORY, &parser->mark, "out of memory");
    if (parser->error == YAML_READER_ERROR) { /* the reader reads ahead and knows a byte offset only */
        yaml_mark_t at = mark_of_offset(walk, parser->problem_offset);

        return refuse(walk, ERR_BAD_DATA, &at, "%s", problem);
    }
    return refuse(walk, ERR_BAD_DATA, &parser->problem_mark, "%s", problem);
}

/* --- keys ----------------------------------------------------------------------------------------- */

static const struct seen_key *find_seen(const struct walk *walk)
{
    for (size_t i = 0; i < walk->seen_count; i++)
        if (strcmp(walk->seen[i].path, walk->path) == 0)
            return &walk->seen[i];
    return NULL;
}

static enum err remember_path(struct walk *walk, const yaml_mark_t *mark)
{
    const struct seen_key *first = find_seen(walk);
    char shown[SHOWN_MAX];

    if (first != NULL) {
        safe_text(walk->path, walk->path_size, shown, sizeof shown);
        return refuse(walk, ERR_DUPLICATE, mark, "duplicate key '%s'; first given in line %d", shown,
                      first->line);
    }
    if (walk->seen_count == YAML_KEYS_MAX)
        return refuse(walk, ERR_FULL, mark, "more than %d keys", YAML_KEYS_MAX);
    walk->seen[walk->seen_count].path = strdup(walk->path);
    if (walk->seen[walk->seen_count].path == NULL)
        return refuse(walk, ERR_MEMORY, mark, "out of memory");
    walk->seen[walk->seen_count++].line = (int)mark->line + 1;
    return ERR_OK;
}

static enum err take_key(struct walk *walk, struct level *level, const yaml_event_t *event)
{
    const char *key = (const char *)event->data.scalar.value;
    size_t size = event->data.scalar.length, dot = walk->path_size > 0;

    if (size == 0)
        return refuse(walk, ERR_BAD_DATA, &event->start_mark, "empty key");
    if (strlen(key) != size)
        return refuse(walk, ERR_BAD_DATA, &event->start_mark, "a key holds a NUL byte");
    if (strcmp(key, "<<") == 0)
        return refuse(walk, ERR_BAD_DATA, &event->start_mark, "merge keys (<<) are not allowed");
    if (walk->path_size + dot + size > YAML_PATH_MAX)
        return refuse(walk, ERR_TOO_LONG, &event->start_mark, "key longer than %d bytes", YAML_PATH_MAX);

    if (dot != 0)
        walk->path[walk->path_size++] = '.';
    memcpy(walk->path + walk->path_size, key, size + 1);
    walk->path_size += size;
    walk->key_line = (int)event->start_mark.line + 1;
    walk->key_column = (int)event->start_mark.column + 1;
    level->has_key = true;
    return remember_path(walk, &event->start_mark);
}

/* The value of a key is complete: back to the mapping's own path. */
static void end_value(struct walk *walk)
{
    struct level *level = &walk->level[walk->depth - 1];

    if (level->sequence)
        return;
    level->has_key = false;
    walk->path_size = level->path_size;
    walk->path[walk->path_size] = '\0';
}

/* --- events --------------------------------------------------------------------------------------- */

static enum err refuse_decoration(struct walk *walk, const yaml_event_t *event, const yaml_char_t *anchor,
                                  const yaml_char_t *tag)
{
    if (anchor != NULL)
        return refuse(walk, ERR_BAD_DATA, &event->start_mark, "anchors (&) are not allowed");
    if (tag != NULL)
        return refuse(walk, ERR_BAD_DATA, &event->start_mark, "tags (!) are not allowed");
    return ERR_OK;
}

static enum err on_scalar(struct walk *walk, const yaml_event_t *event)
{
    struct level *level = walk->depth > 0 ? &walk->level[walk->depth - 1] : NULL;
    struct yaml_scalar scalar = {
        .path = walk->path,
        .value = (const char *)event->data.scalar.value,
        .value_size = event->data.scalar.length,
        .quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE,
        .line = (int)event->start_mark.line + 1,
        .column = (int)event->start_mark.column + 1,
    };
    enum err err = refuse_decoration(walk, event, event->data.scalar.anchor, event->data.scalar.tag);

    if (err != ERR_OK)
        return err;
    if (level == NULL) { /* "---" alone is an empty file */
        if (scalar.value_size == 0 && !scalar.quoted)
            return ERR_OK;
        return refuse(walk, ERR_BAD_DATA, &event->start_mark, "expected 'key: value'");
    }
    level->has_items = true;
    if (!level->sequence && !level->has_key)
        return take_key(walk, level, event);

    scalar.in_sequence = level->sequence;
    scalar.key_line = walk->key_line;
    scalar.key_column = walk->key_column;
    err = walk->visit(walk->arg, &scalar, walk->why, walk->why_size);
    end_value(walk);
    return err;
}

static enum err open_level(struct walk *walk, const yaml_event_t *event, bool sequence)
{
    struct level *outer = walk->depth > 0 ? &walk->level[walk->depth - 1] : NULL;

    if (outer == NULL && sequence)
        return refuse(walk, ERR_BAD_DATA, &event->start_mark, "expected 'key: value', not a list");
    if (outer != NULL && outer->sequence)
        return refuse(walk, ERR_BAD_DATA, &event->start_mark, "a list may hold plain values only");
    if (outer != NULL && !outer->has_key)
        return refuse(walk, ERR_BAD_DATA, &event->start_mark, "a key must be plain text");
    if (walk->depth == YAML_DEPTH_MAX)
        return refuse(walk, ERR_TOO_LONG, &event->start_mark, "nested deeper than %d levels", YAML_DEPTH_MAX);
    if (outer != NULL)
        outer->has_items = true;
    walk->level[walk->depth++] = (struct level){.sequence = sequence,
                                                .path_size = walk->path_size,
                                                .line = (int)event->start_mark.line + 1,
                                                .column = (int)event->start_mark.column + 1};
    return ERR_OK;
}

static enum err close_level(struct walk *walk)
{
    const struct level *closed = &walk->level[--walk->depth];
    struct yaml_scalar scalar = {
        .path = walk->path,
        .value = "",
        .in_sequence = closed->sequence,
        .empty_collection = true,
        .line = closed->line,
        .column = closed->column,
        .key_line = walk->key_line,
        .key_column = walk->key_column,
    };
    enum err err = ERR_OK;

    if (walk->depth == 0)
        return ERR_OK;
    if (!closed->has_items)
        err = walk->visit(walk->arg, &scalar, walk->why, walk->why_size);
    end_value(walk);
    return err;
}

static enum err on_event(struct walk *walk, const yaml_event_t *event)
{
    enum err err;

    switch (event->type) {
    case YAML_NO_EVENT:
    case YAML_STREAM_END_EVENT:
        walk->done = true;
        return ERR_OK;
    case YAML_STREAM_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return ERR_OK;
    case YAML_DOCUMENT_START_EVENT:
        if (walk->documents++ > 0)
            return refuse(walk, ERR_BAD_DATA, &event->start_mark, "only one document (---) is allowed");
        return ERR_OK;
    case YAML_ALIAS_EVENT:
        return refuse(walk, ERR_BAD_DATA, &event->start_mark, "aliases (*) are not allowed");
    case YAML_SCALAR_EVENT:
        return on_scalar(walk, event);
    case YAML_SEQUENCE_START_EVENT:
        err =
            refuse_decoration(walk, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
        return err != ERR_OK ? err : open_level(walk, event, true);
    case YAML_MAPPING_START_EVENT:
        err = refuse_decoration(walk, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
        return err != ERR_OK ? err : open_level(walk, event, false);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return close_level(walk);
    }
    return ERR_BAD_DATA; /* not a yaml_event_type_t at all */
}

static enum err walk_events(struct walk *walk)
{
    while (!walk->done) {
        yaml_event_t event;
        enum err err;

        if (!yaml_parser_parse(&walk->parser, &event))
            return refuse_yaml(walk);
        err = on_event(walk, &event);
        yaml_event_delete(&event);
        if (err != ERR_OK)
            return err;
    }
    return ERR_OK;
}

enum err yaml_walk(const char *text, size_t size, const char *file_name, yaml_visit visit, void *arg,
                   char *why, size_t why_size)
{
    struct walk walk = {.text = text,
                        .size = size,
                        .file_name = file_name,
                        .visit = visit,
                        .arg = arg,
                        .why = why,
                        .why_size = why_size};
    yaml_mark_t start = {0, 0, 0};
    enum err err;

    assert(why_size > 0);
    why[0] = '\0';
    if (size >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        return refuse(&walk, ERR_BAD_DATA, &start, "starts with a byte order mark; save as UTF-8 without it");
    walk.seen = calloc(YAML_KEYS_MAX, sizeof *walk.seen);
    if (walk.seen == NULL || !yaml_parser_initialize(&walk.parser)) {
        free(walk.seen);
        return refuse(&walk, ERR_MEMORY, &start, "out of memory");
    }
    /* Named, or libyaml would take a file that starts with FF FE as UTF-16. */
    yaml_parser_set_encoding(&walk.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&walk.parser, (const unsigned char *)text, size);
    err = walk_events(&walk);
    yaml_parser_delete(&walk.parser);
    for (size_t i = 0; i < walk.seen_count; i++)
        free(walk.seen[i].path);
    free(walk.seen);
    return err;
}

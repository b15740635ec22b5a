#include "core/base/config_edit_parts.h"
#include "core/base/yaml_map.h"

#include <string.h>
#include <yaml.h>

struct level {
    bool sequence, flow, has_key, has_items, ours; /* ours: the sequence that is the setting's value */
    size_t path_size, column, key_column, end;     /* end: of its last value, or of its opening */
};

struct search {
    yaml_parser_t parser;
    const char *text, *name;
    size_t size;
    size_t index, byte; /* libyaml counts characters: how far they have been followed */
    char path[YAML_PATH_MAX + 1];
    size_t path_size;
    struct level level[YAML_DEPTH_MAX];
    size_t depth;
    struct config_place *place;
    enum err err;
};

/* Marks of events hardly ever go back: they are followed from where the last one was. */
static size_t byte_of(struct search *search, const yaml_mark_t *mark)
{
    if (mark->index < search->index)
        search->index = search->byte = 0;
    while (search->index < mark->index && search->byte < search->size) {
        search->byte++;
        while (search->byte < search->size && ((unsigned char)search->text[search->byte] & 0xc0) == 0x80)
            search->byte++;
        search->index++;
    }
    return search->byte;
}

/* Whether the path now is a section that the setting belongs to. */
static bool leads_there(const struct search *search)
{
    return strncmp(search->name, search->path, search->path_size) == 0 &&
           search->name[search->path_size] == '.';
}

static void consider(struct search *search, enum config_section_kind kind, size_t at, size_t column,
                     bool has_items)
{
    bool root = search->path_size == 0;

    if ((root || leads_there(search)) &&
        (search->place->section.kind == SECTION_NONE || search->path_size > search->place->section.path_size))
        search->place->section = (struct config_section){kind, search->path_size, at, column, has_items};
}

static void end_value(struct search *search, size_t end)
{
    struct level *level;

    if (search->depth == 0)
        return;
    level = &search->level[search->depth - 1];
    level->end = end;
    level->has_items = true;
    if (level->sequence)
        return;
    level->has_key = false;
    search->path_size = level->path_size;
    search->path[search->path_size] = '\0';
}

/* A block scalar ends behind its line. */
static struct config_range range_of(struct search *search, const yaml_event_t *event)
{
    struct config_range range = {byte_of(search, &event->start_mark), 0};

    range.end = byte_of(search, &event->end_mark);
    while (range.end > range.start && strchr(" \t\r\n", search->text[range.end - 1]) != NULL)
        range.end--;
    return range;
}

static void take_key(struct search *search, struct level *level, const yaml_event_t *event)
{
    size_t size = event->data.scalar.length, dot = search->path_size > 0;

    if (search->path_size + dot + size > YAML_PATH_MAX) {
        search->err = ERR_TOO_LONG;
        return;
    }
    if (dot != 0)
        search->path[search->path_size++] = '.';
    memcpy(search->path + search->path_size, event->data.scalar.value, size);
    search->path_size += size;
    search->path[search->path_size] = '\0';
    level->has_key = true;
    level->key_column = event->start_mark.column;
}

static char quote_of(const yaml_event_t *event)
{
    return event->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE   ? '\''
           : event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE ? '"'
                                                                         : 0;
}

static void take_item(struct search *search, const yaml_event_t *event, struct config_range range)
{
    struct config_place *found = search->place;

    if (found->items == CONFIG_ITEMS_MAX) {
        search->err = ERR_TOO_LONG;
        return;
    }
    if (found->items == 0)
        found->quote = quote_of(event);
    found->item[found->items++] = range;
    found->value.end = range.end;
}

static void on_scalar(struct search *search, const yaml_event_t *event)
{
    struct level *level = search->depth > 0 ? &search->level[search->depth - 1] : NULL;
    struct config_range range = range_of(search, event);
    bool empty = event->data.scalar.length == 0 && quote_of(event) == 0;

    if (level == NULL)
        return;
    if (!level->sequence && !level->has_key) {
        take_key(search, level, event);
        return;
    }
    if (level->sequence && level->ours) {
        take_item(search, event, range);
    } else if (!level->sequence && strcmp(search->path, search->name) == 0) {
        search->place->is = true;
        search->place->value = range;
        search->place->quote = quote_of(event);
    } else if (!level->sequence && empty && !level->flow) {
        consider(search, SECTION_EMPTY, range.start, level->key_column, false);
    }
    end_value(search, range.end);
}

static void open_level(struct search *search, const yaml_event_t *event, bool sequence, bool flow)
{
    struct level *level;
    size_t start = byte_of(search, &event->start_mark);

    if (search->depth == YAML_DEPTH_MAX) {
        search->err = ERR_TOO_LONG;
        return;
    }
    level = &search->level[search->depth++];
    *level = (struct level){.sequence = sequence,
                            .flow = flow,
                            .path_size = search->path_size,
                            .column = event->start_mark.column,
                            .end = start + flow};
    if (sequence && strcmp(search->path, search->name) == 0) {
        level->ours = true;
        search->place->is = search->place->sequence = true;
        search->place->flow = flow;
        search->place->value = (struct config_range){start, start};
    }
}

static void close_level(struct search *search, const yaml_event_t *event)
{
    struct level closed = search->level[--search->depth];
    size_t end = closed.flow ? byte_of(search, &event->end_mark) : closed.end;

    if (!closed.sequence)
        consider(search, closed.flow ? SECTION_FLOW : SECTION_BLOCK, closed.end, closed.column,
                 closed.has_items);
    else if (closed.ours && closed.flow)
        search->place->value.end = end;
    end_value(search, end);
}

static void on_event(struct search *search, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_SCALAR_EVENT:
        on_scalar(search, event);
        break;
    case YAML_SEQUENCE_START_EVENT:
        open_level(search, event, true, event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE);
        break;
    case YAML_MAPPING_START_EVENT:
        open_level(search, event, false, event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE);
        break;
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        close_level(search, event);
        break;
    case YAML_ALIAS_EVENT:
        search->err = ERR_BAD_DATA;
        break;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_START_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        break;
    }
}

static enum err walk(struct search *search)
{
    bool done = false;

    if (!yaml_parser_initialize(&search->parser))
        return ERR_MEMORY;
    yaml_parser_set_encoding(&search->parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&search->parser, (const unsigned char *)search->text, search->size);
    while (!done && search->err == ERR_OK) {
        yaml_event_t event;

        if (!yaml_parser_parse(&search->parser, &event)) {
            search->err = ERR_BAD_DATA;
            break;
        }
        on_event(search, &event);
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&search->parser);
    return search->err;
}

enum err config_find_place(const char *text, size_t size, const char *name, struct config_place *out)
{
    struct search search = {.text = text, .size = size, .name = name, .place = out};

    memset(out, 0, sizeof(*out));
    return walk(&search);
}

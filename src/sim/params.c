#include "sim/params.h"

#include <stdlib.h>
#include <string.h>

void params_init(struct params *params)
{
    params->count = params->used = 0;
}

static struct param *find(struct params *params, const char *name)
{
    for (size_t i = 0; i < params->count; i++)
        if (strcmp(params->at[i].name, name) == 0)
            return &params->at[i];
    return NULL;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Copies into the text, decoded; NULL: no room or a NUL inside. */
static const char *keep(struct params *params, const char *from, size_t size, bool encoded)
{
    char *start = params->text + params->used;

    for (size_t i = 0; i < size; i++) {
        char c = from[i];

        if (encoded && c == '+') {
            c = ' ';
        } else if (encoded && c == '%' && i + 2 < size && hex_digit(from[i + 1]) >= 0 &&
                   hex_digit(from[i + 2]) >= 0) {
            c = (char)(hex_digit(from[i + 1]) * 16 + hex_digit(from[i + 2]));
            i += 2;
        }
        if (c == '\0' || params->used + 1 >= PARAMS_TEXT_MAX)
            return NULL;
        params->text[params->used++] = c;
    }
    if (params->used >= PARAMS_TEXT_MAX)
        return NULL;
    params->text[params->used++] = '\0';
    return start;
}

static enum params_err parse_list(struct params *params, const char *list)
{
    size_t before = params->count;

    while (*list != '\0') {
        size_t size = strcspn(list, "&");
        size_t name_size = strcspn(list, "=&");
        size_t used = params->used;
        const char *name, *value;
        struct param *old;

        if (size > 0) {
            name = keep(params, list, name_size, true);
            value = name == NULL ? NULL
                                 : keep(params, list + name_size + (name_size < size),
                                        size - name_size - (name_size < size), true);
            if (value == NULL || params->count == PARAMS_MAX)
                return PARAMS_TOO_MANY;
            old = find(params, name);
            if (old != NULL && old >= params->at + before)
                return PARAMS_DUPLICATE;
            if (old != NULL)
                params->used = used;
            else
                params->at[params->count++] = (struct param){.name = name, .value = value};
        }
        list += size + (list[size] == '&');
    }
    return PARAMS_OK;
}

enum params_err params_parse(struct params *params, const char *query, const char *body)
{
    enum params_err err;

    params_init(params);
    err = parse_list(params, query);
    return err != PARAMS_OK ? err : parse_list(params, body);
}

enum params_err params_add(struct params *params, const char *name, const char *value)
{
    const char *own_name, *own_value;

    if (find(params, name) != NULL)
        return PARAMS_DUPLICATE;
    own_name = keep(params, name, strlen(name), false);
    own_value = own_name == NULL ? NULL : keep(params, value, strlen(value), false);
    if (own_value == NULL || params->count == PARAMS_MAX)
        return PARAMS_TOO_MANY;
    params->at[params->count++] = (struct param){.name = own_name, .value = own_value};
    return PARAMS_OK;
}

const char *params_take(struct params *params, const char *name)
{
    struct param *param = find(params, name);

    if (param == NULL)
        return NULL;
    param->read = true;
    return param->value;
}

const char *params_peek(const struct params *params, const char *name)
{
    for (size_t i = 0; i < params->count; i++)
        if (strcmp(params->at[i].name, name) == 0)
            return params->at[i].value;
    return NULL;
}

size_t params_read_count(const struct params *params)
{
    size_t read = 0;

    for (size_t i = 0; i < params->count; i++)
        read += params->at[i].read;
    return read;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct param *)a)->name, ((const struct param *)b)->name);
}

void params_sort(struct params *params)
{
    qsort(params->at, params->count, sizeof(params->at[0]), by_name);
}

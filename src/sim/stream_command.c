#include "sim/stream_command.h"

#include "core/base/safe_text.h"

#include <jansson.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ID_TEXT_MAX 36

static const char *const verbs[] = {"SUBSCRIBE", "UNSUBSCRIBE", "LIST_SUBSCRIPTIONS", "SET_PROPERTY",
                                    "GET_PROPERTY"};

static bool fail(struct sim_text *error, int code, const char *text, const char *id)
{
    sim_text_clear(error);
    sim_text_printf(error, "{\"code\":%d,\"msg\":", code);
    sim_text_json_string(error, text);
    if (id != NULL)
        sim_text_printf(error, ",\"id\":%s", id);
    sim_text_add(error, "}");
    return false;
}

static bool alphanumeric(const char *text)
{
    for (; *text != '\0'; text++)
        if (!((*text >= '0' && *text <= '9') || (*text >= 'a' && *text <= 'z') ||
              (*text >= 'A' && *text <= 'Z') || *text == '-' || *text == '_'))
            return false;
    return true;
}

/* An int64, a short text, or null. */
static bool take_id(const json_t *id, char out[64])
{
    if (id == NULL || json_is_null(id)) {
        snprintf(out, 64, "null");
        return true;
    }
    if (json_is_integer(id)) {
        snprintf(out, 64, "%" JSON_INTEGER_FORMAT, json_integer_value(id));
        return true;
    }
    if (!json_is_string(id) || json_string_length(id) > ID_TEXT_MAX || !alphanumeric(json_string_value(id)))
        return false;
    snprintf(out, 64, "\"%s\"", json_string_value(id));
    return true;
}

static bool take_names(const json_t *params, struct stream_command *out, struct sim_text *error)
{
    size_t i;
    json_t *item;

    if (!json_is_array(params))
        return fail(error, 2, "Invalid request: missing field `params`", out->id);
    if (json_array_size(params) > COMMAND_STREAMS_MAX)
        return fail(error, 2, "Invalid request: too many parameters", out->id);
    json_array_foreach(params, i, item)
    {
        if (!json_is_string(item))
            return fail(error, 2, "Invalid request: stream name must be a string", out->id);
        if (json_string_length(item) == 0 || json_string_length(item) >= STREAM_NAME_SIZE ||
            strlen(json_string_value(item)) != json_string_length(item))
            return fail(error, 2, "Invalid request: stream name is empty or too long", out->id);
        memcpy(out->name[i], json_string_value(item), json_string_length(item) + 1);
    }
    out->names = json_array_size(params);
    return true;
}

/* ["combined", true] or ["combined"]. */
static bool take_property(const json_t *params, struct stream_command *out, struct sim_text *error)
{
    size_t wanted = out->verb == STREAM_SET_COMBINED ? 2 : 1;
    const json_t *name = json_array_get(params, 0), *value = json_array_get(params, 1);

    if (!json_is_array(params))
        return fail(error, 2, "Invalid request: missing field `params`", out->id);
    if (json_array_size(params) > wanted)
        return fail(error, 2, "Invalid request: too many parameters", out->id);
    if (!json_is_string(name))
        return fail(error, 2, "Invalid request: property name must be a string", out->id);
    if (strcmp(json_string_value(name), "combined") != 0)
        return fail(error, 0, "Unknown property", out->id);
    if (wanted == 2 && !json_is_boolean(value))
        return fail(error, 1, "Invalid value type: expected Boolean", out->id);
    out->combined = json_is_true(value);
    return true;
}

static bool take_verb(const json_t *root, struct stream_command *out, struct sim_text *error)
{
    const json_t *method = json_object_get(root, "method");
    char text[256], named[48];

    if (method == NULL)
        return fail(error, 2, "Invalid request: missing field `method` at line 1 column 1", out->id);
    if (!json_is_string(method))
        return fail(error, 2, "Invalid request: method must be a string", out->id);
    for (out->verb = STREAM_SUBSCRIBE; out->verb < STREAM_VERBS; out->verb++)
        if (strcmp(json_string_value(method), verbs[out->verb]) == 0)
            return true;
    safe_text(json_string_value(method), json_string_length(method), named, sizeof(named));
    snprintf(text, sizeof(text),
             "Invalid request: unknown variant `%s`, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, "
             "`LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY` at line 1 column 1",
             named);
    return fail(error, 2, text, out->id);
}

bool stream_command_parse(const char *text, size_t size, struct stream_command *out, struct sim_text *error)
{
    json_error_t at;
    json_t *root = json_loadb(text, size, JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, &at);
    const json_t *params;
    bool ok;

    out->names = 0;
    if (root == NULL) {
        char why[128];

        snprintf(why, sizeof(why), "Invalid JSON: expected value at line %d column %d", at.line, at.column);
        return fail(error, 3, why, NULL);
    }
    if (!json_is_object(root))
        ok = fail(error, 2, "Invalid request: expected an object", NULL);
    else if (!take_id(json_object_get(root, "id"), out->id))
        ok = fail(error, 2, "Invalid request: request ID must be an unsigned integer", NULL);
    else if ((ok = take_verb(root, out, error))) {
        params = json_object_get(root, "params");
        if (out->verb <= STREAM_UNSUBSCRIBE)
            ok = take_names(params, out, error);
        else if (out->verb >= STREAM_SET_COMBINED)
            ok = take_property(params, out, error);
    }
    json_decref(root);
    return ok;
}

#include "feed/control_text.h"

#include "core/base/safe_text.h"

#include <jansson.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ENVELOPE      "{\"stream\":\""
#define ENVELOPE_SIZE (sizeof(ENVELOPE) - 1)

static bool is_text(const json_t *object, const char *key, const char *wanted)
{
    const char *value = json_string_value(json_object_get(object, key));

    return value != NULL && strcmp(value, wanted) == 0;
}

/* {"code":2,"msg":"..."} */
static bool read_error(const json_t *object, int64_t *code, char why[CONTROL_WHY_MAX])
{
    const json_t *number = json_object_get(object, "code");
    const char *text = json_string_value(json_object_get(object, "msg"));
    char safe[CONTROL_WHY_MAX - 24];

    if (!json_is_integer(number))
        return false;
    *code = json_integer_value(number);
    safe_text(text != NULL ? text : "", text != NULL ? strlen(text) : 0, safe, sizeof(safe));
    snprintf(why, CONTROL_WHY_MAX, "%" PRId64 " %s", *code, safe);
    return true;
}

static void read_answer(const json_t *root, struct control_text *out)
{
    const json_t *id = json_object_get(root, "id"), *error = json_object_get(root, "error");
    json_int_t number = json_integer_value(id); /* 0 for what is no integer */
    int64_t code;

    out->kind = CONTROL_ANSWER;
    out->id = number > 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
    out->well = error == NULL && json_object_get(root, "code") == NULL;
    if (!out->well && !read_error(json_is_object(error) ? error : root, &code, out->why))
        snprintf(out->why, sizeof(out->why), "refused without a reason");
}

void control_text_read(const char *text, size_t size, struct control_text *out)
{
    json_t *root;

    out->kind = CONTROL_DATA;
    out->why[0] = '\0';
    if (size > ENVELOPE_SIZE && memcmp(text, ENVELOPE, ENVELOPE_SIZE) == 0 && text[ENVELOPE_SIZE] != '!')
        return;
    if (size > CONTROL_TEXT_MAX)
        return;
    root = json_loadb(text, size, 0, NULL);
    if (is_text(root, "stream", "!serverShutdown") || is_text(root, "e", "serverShutdown") ||
        is_text(json_object_get(root, "data"), "e", "serverShutdown"))
        out->kind = CONTROL_SHUTDOWN;
    else if (json_is_object(root) && json_object_get(root, "stream") == NULL &&
             json_object_get(root, "e") == NULL &&
             (json_object_get(root, "result") != NULL || json_object_get(root, "error") != NULL ||
              json_object_get(root, "code") != NULL))
        read_answer(root, out);
    json_decref(root);
}

bool control_error_read(const char *text, size_t size, int64_t *code, char why[CONTROL_WHY_MAX])
{
    json_t *root = size <= CONTROL_TEXT_MAX ? json_loadb(text, size, 0, NULL) : NULL;
    bool found = read_error(root, code, why);

    json_decref(root);
    return found;
}

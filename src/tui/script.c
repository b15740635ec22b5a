#include "tui/script.h"

#include "core/base/safe_text.h"
#include "tui/ui_state.h"

#include <stdlib.h>
#include <string.h>

static bool refuse(struct script *script, uint32_t number, const char *what, char why[SCRIPT_WHY_SIZE])
{
    if (number == 0)
        text_print(why, SCRIPT_WHY_SIZE, "%s: %s", script->name, what);
    else
        text_print(why, SCRIPT_WHY_SIZE, "%s:%u: %s", script->name, number, what);
    return false;
}

/* Blanks at both ends and a comment go; a `#` inside a word is no comment. */
static char *strip(char *line)
{
    size_t size;

    line += strspn(line, " \t:");
    for (char *at = line; *at != '\0'; at++)
        if (*at == '#' && (at == line || at[-1] == ' ' || at[-1] == '\t'))
            *at-- = '\0';
        else if (*at == '\t')
            *at = ' ';
    size = strlen(line);
    while (size > 0 && strchr(" \r", line[size - 1]) != NULL)
        line[--size] = '\0';
    return line;
}

static bool take_line(struct script *script, uint32_t number, char *line, char why[SCRIPT_WHY_SIZE])
{
    char said[VIEW_TEXT_MAX];

    line = strip(line);
    if (line[0] == '\0')
        return true;
    for (const char *at = line; *at != '\0'; at++)
        if (*at < ' ' || *at > '~')
            return refuse(script, number, "plain letters, figures and signs only", why);
    if (strlen(line) >= UI_COMMAND_MAX)
        return refuse(script, number, "longer than 159 characters", why);
    if (script->lines == SCRIPT_LINES_MAX)
        return refuse(script, number, "more than 1000 commands", why);
    if (!prompt_check(line, true, said, sizeof(said)))
        return refuse(script, number, said, why);
    script->line[script->lines++] = (struct script_line){number, line};
    return true;
}

struct script *script_parse(const char *name, const char *text, size_t size, char why[SCRIPT_WHY_SIZE])
{
    struct script *script = calloc(1, sizeof(*script));
    bool good = script != NULL;
    char *line, *rest;
    uint32_t number = 0;

    if (script == NULL) {
        text_print(why, SCRIPT_WHY_SIZE, "out of memory");
        return NULL;
    }
    safe_text(name, strlen(name), script->name, sizeof(script->name));
    if (size > SCRIPT_BYTES_MAX)
        good = refuse(script, 0, "larger than 64 KiB", why);
    else if (memchr(text, '\0', size) != NULL)
        good = refuse(script, 0, "is no text: it holds a NUL byte", why);
    if (good)
        memcpy(script->text, text, size);
    rest = script->text;
    while (good && (line = strsep(&rest, "\n")) != NULL)
        good = take_line(script, ++number, line, why);
    if (good)
        return script;
    free(script);
    return NULL;
}

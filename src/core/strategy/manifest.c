#include "core/strategy/manifest.h"

#include "core/base/decimal.h"
#include "core/base/option.h"
#include "core/base/safe_text.h"
#include "core/base/yaml_map.h"

#include "flowdeck/strategy.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define SHOWN_MAX  80
#define VALUE_SIZE 64 /* of min, max and default while they wait for the type */

/* A value whose meaning hangs on the type, which may come after it. */
struct raw {
    char text[VALUE_SIZE];
    int line, column; /* line 0: not given */
};

struct draft {
    bool has_type, has_help;
    int line, column; /* of its first key */
    struct raw min, max, preset;
};

struct reading {
    struct strategy_manifest *out;
    const char *file_name;
    unsigned given; /* bits of enum key */
    struct draft draft[MANIFEST_PARAMETERS_MAX];
};

enum key { KEY_NAME, KEY_VERSION, KEY_ABI, KEY_ABOUT, KEY_INSTRUMENTS, KEYS };

static const struct option keys[KEYS] = {
    [KEY_NAME] = {.name = "name", .type = OPTION_TEXT, .max = OWNER_NAME_SIZE - 1},
    [KEY_VERSION] = {.name = "version", .type = OPTION_TEXT, .max = 23},
    [KEY_ABI] = {.name = "abi", .type = OPTION_INT, .min = 1, .max = UINT16_MAX},
    [KEY_ABOUT] = {.name = "about", .type = OPTION_TEXT, .max = 119},
    [KEY_INSTRUMENTS] = {.name = "instruments", .type = OPTION_INT, .min = 0, .max = FD_INSTRUMENTS_MAX},
};

static const char *const type_words[] = {"int", "decimal", "bool", "enum"};

/* --- words ------------------------------------------------------------------------------------------------ */

__attribute__((format(printf, 6, 7))) static enum err
refuse(const char *file_name, int line, int column, char *why, size_t why_size, const char *format, ...)
{
    char file[SHOWN_MAX], text[384];
    va_list args;

    safe_text(file_name, strlen(file_name), file, sizeof(file));
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args); /* NOLINT(clang-analyzer-valist.Uninitialized): it is */
    va_end(args);
    snprintf(why, why_size, "%s:%d:%d: %s", file, line, column, text);
    return ERR_BAD_DATA;
}

/* [a-z][a-z0-9_]*, with a dash too where that is allowed. */
static bool is_name(const char *text, bool dash)
{
    if (text[0] < 'a' || text[0] > 'z')
        return false;
    for (; *text != '\0'; text++) {
        bool fits = (*text >= 'a' && *text <= 'z') || (*text >= '0' && *text <= '9') || *text == '_';

        if (!fits && !(dash && *text == '-'))
            return false;
    }
    return true;
}

/* A word that needs no quotes anywhere: in YAML, in a list, on the command line. */
static bool is_plain_word(const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if (!((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') ||
              strchr("_.+-", *c) != NULL))
            return false;
    return text[0] != '\0';
}

static struct option option_of(const struct strategy_parameter *parameter)
{
    static const enum option_type types[] = {OPTION_INT, OPTION_DECIMAL, OPTION_BOOL, OPTION_ENUM};

    return (struct option){.name = parameter->name,
                           .type = types[parameter->type],
                           .unit = parameter->unit[0] != '\0' ? parameter->unit : NULL,
                           .min = parameter->min,
                           .max = parameter->max,
                           .allowed = parameter->allowed};
}

/* Index of word in "a|b|c"; -1: not in it. */
static int64_t enum_index(const char *allowed, const char *word)
{
    size_t size = strlen(word);

    for (int64_t index = 0;; index++) {
        size_t length = strcspn(allowed, "|");

        if (length == size && memcmp(allowed, word, size) == 0)
            return index;
        if (allowed[length] == '\0')
            return -1;
        allowed += length + 1;
    }
}

const char *strategy_parameter_text(const struct strategy_parameter *parameter, int64_t value, char *out,
                                    size_t out_size)
{
    char number[DECIMAL_TEXT_SIZE];
    const char *word = parameter->allowed;

    out[0] = '\0';
    switch (parameter->type) {
    case PARAMETER_INT:
    case PARAMETER_DECIMAL:
        decimal_format_trim(value, parameter->type == PARAMETER_INT ? 0 : DECIMAL_E8_DIGITS, number);
        snprintf(out, out_size, "%s", number);
        break;
    case PARAMETER_BOOL:
        snprintf(out, out_size, "%s", value != 0 ? "true" : "false");
        break;
    case PARAMETER_ENUM:
        for (; value > 0 && *word != '\0'; value--) {
            word += strcspn(word, "|");
            word += *word == '|';
        }
        snprintf(out, out_size, "%.*s", (int)strcspn(word, "|"), word);
        break;
    }
    return out;
}

enum err strategy_parameter_parse(const struct strategy_parameter *parameter, const char *text, int64_t *out,
                                  char *why, size_t why_size)
{
    struct option option = option_of(parameter);
    struct option_value value;

    if (option_parse(&option, text, strlen(text), &value, why, why_size) != ERR_OK) {
        char ignored[CONFIG_WHY_SIZE];

        option.min = option.max = 0; /* any: is the range all that is wrong with it? */
        return parameter->type != PARAMETER_ENUM &&
                       option_parse(&option, text, strlen(text), &value, ignored, sizeof(ignored)) == ERR_OK
                   ? ERR_RANGE
                   : ERR_BAD_DATA;
    }
    *out = parameter->type == PARAMETER_ENUM ? enum_index(parameter->allowed, text) : value.number;
    return ERR_OK;
}

/* --- one key after the other ------------------------------------------------------------------------------ */

static enum err read_text(const struct reading *reading, const struct yaml_scalar *scalar, const char *what,
                          char *out, size_t out_size, char *why, size_t why_size)
{
    struct option option = {.name = what, .type = OPTION_TEXT, .max = (int64_t)out_size - 1};
    struct option_value value;
    char wrong[320];

    if (option_parse(&option, scalar->value, scalar->value_size, &value, wrong, sizeof(wrong)) != ERR_OK)
        return refuse(reading->file_name, scalar->line, scalar->column, why, why_size, "%s: %s", what, wrong);
    memcpy(out, value.text, scalar->value_size + 1); /* at most out_size: option.max saw to it */
    return ERR_OK;
}

static enum err take_name(const struct reading *reading, const struct yaml_scalar *scalar, char *why,
                          size_t why_size)
{
    const char *name = reading->out->name;

    if (!is_name(name, true))
        return refuse(reading->file_name, scalar->line, scalar->column, why, why_size,
                      "name: '%s' must be a-z, 0-9, _ and -, and begin with a letter", name);
    if (strcmp(name, "manual") == 0)
        return refuse(reading->file_name, scalar->line, scalar->column, why, why_size,
                      "name: 'manual' is the trader's own hand");
    return ERR_OK;
}

static enum err take_number(const struct reading *reading, enum key key, const struct yaml_scalar *scalar,
                            uint32_t *out, char *why, size_t why_size)
{
    struct option_value value;
    char wrong[320];

    if (option_parse(&keys[key], scalar->value, scalar->value_size, &value, wrong, sizeof(wrong)) != ERR_OK)
        return refuse(reading->file_name, scalar->line, scalar->column, why, why_size, "%s: %s",
                      keys[key].name, wrong);
    *out = (uint32_t)value.number;
    return ERR_OK;
}

static enum err take_top(struct reading *reading, const struct yaml_scalar *scalar, enum key key, char *why,
                         size_t why_size)
{
    struct strategy_manifest *out = reading->out;
    enum err err = ERR_OK;

    if (scalar->value_size > 0)
        reading->given |= 1u << key;
    switch (key) {
    case KEY_NAME:
        err = read_text(reading, scalar, "name", out->name, sizeof(out->name), why, why_size);
        return err != ERR_OK ? err : take_name(reading, scalar, why, why_size);
    case KEY_VERSION:
        err = read_text(reading, scalar, "version", out->version, sizeof(out->version), why, why_size);
        if (err == ERR_OK && !is_plain_word(out->version))
            err = refuse(reading->file_name, scalar->line, scalar->column, why, why_size,
                         "version: '%s' is not a word like 1.0.0", out->version);
        return err;
    case KEY_ABI:
        return take_number(reading, key, scalar, &out->abi, why, why_size);
    case KEY_ABOUT:
        return read_text(reading, scalar, "about", out->about, sizeof(out->about), why, why_size);
    case KEY_INSTRUMENTS:
        return take_number(reading, key, scalar, &out->instruments, why, why_size);
    case KEYS:
        break;
    }
    return ERR_BAD_DATA;
}

static enum err take_type(struct reading *reading, const struct yaml_scalar *scalar, size_t index, char *why,
                          size_t why_size)
{
    for (size_t i = 0; i < sizeof(type_words) / sizeof(type_words[0]); i++) {
        if (strcmp(scalar->value, type_words[i]) == 0) {
            reading->out->parameter[index].type = (enum parameter_type)i;
            reading->draft[index].has_type = true;
            return ERR_OK;
        }
    }
    return refuse(reading->file_name, scalar->line, scalar->column, why, why_size,
                  "%s: type must be one of: int, decimal, bool, enum", reading->out->parameter[index].name);
}

static enum err take_allowed(struct reading *reading, const struct yaml_scalar *scalar, size_t index,
                             char *why, size_t why_size)
{
    struct strategy_parameter *parameter = &reading->out->parameter[index];
    size_t used = strlen(parameter->allowed);
    const char *wrong = NULL;

    if (!scalar->in_sequence || scalar->empty_collection)
        wrong = "is a list of words: [a, b]";
    else if (strlen(scalar->value) != scalar->value_size || !is_plain_word(scalar->value))
        wrong = "may hold words of letters, digits and _ . + - only";
    else if (used > 0 && enum_index(parameter->allowed, scalar->value) >= 0)
        wrong = "holds a word twice";
    else if (used + scalar->value_size + 2 > sizeof(parameter->allowed))
        wrong = "is too long; at most 95 bytes with the bars between the words";
    if (wrong != NULL)
        return refuse(reading->file_name, scalar->line, scalar->column, why, why_size, "%s: allowed %s",
                      parameter->name, wrong);
    snprintf(parameter->allowed + used, sizeof(parameter->allowed) - used, "%s%s", used > 0 ? "|" : "",
             scalar->value);
    return ERR_OK;
}

static enum err take_raw(const struct reading *reading, const struct yaml_scalar *scalar, const char *what,
                         struct raw *out, char *why, size_t why_size)
{
    out->line = scalar->line;
    out->column = scalar->column;
    return read_text(reading, scalar, what, out->text, sizeof(out->text), why, why_size);
}

static enum err take_field(struct reading *reading, const struct yaml_scalar *scalar, size_t index,
                           const char *field, char *why, size_t why_size)
{
    struct strategy_parameter *parameter = &reading->out->parameter[index];
    struct draft *draft = &reading->draft[index];
    char shown[SHOWN_MAX];

    if (strcmp(field, "allowed") == 0)
        return take_allowed(reading, scalar, index, why, why_size);
    if (scalar->in_sequence || scalar->empty_collection)
        return refuse(reading->file_name, scalar->line, scalar->column, why, why_size,
                      "%s: expected one value, not a list", parameter->name);
    if (strcmp(field, "type") == 0)
        return take_type(reading, scalar, index, why, why_size);
    if (strcmp(field, "min") == 0)
        return take_raw(reading, scalar, "min", &draft->min, why, why_size);
    if (strcmp(field, "max") == 0)
        return take_raw(reading, scalar, "max", &draft->max, why, why_size);
    if (strcmp(field, "default") == 0)
        return take_raw(reading, scalar, "default", &draft->preset, why, why_size);
    if (strcmp(field, "unit") == 0)
        return read_text(reading, scalar, "unit", parameter->unit, sizeof(parameter->unit), why, why_size);
    if (strcmp(field, "help") == 0) {
        draft->has_help = scalar->value_size > 0;
        return read_text(reading, scalar, "help", parameter->help, sizeof(parameter->help), why, why_size);
    }
    safe_text(field, strlen(field), shown, sizeof(shown));
    return refuse(reading->file_name, scalar->key_line, scalar->key_column, why, why_size,
                  "%s: unknown key '%s'; known: type, min, max, allowed, default, unit, help",
                  parameter->name, shown);
}

/* Finds or adds the parameter that path ("gamma.min") begins with. */
static enum err find_parameter(struct reading *reading, const struct yaml_scalar *scalar, const char *path,
                               size_t *index, char *why, size_t why_size)
{
    struct strategy_manifest *out = reading->out;
    size_t size = strcspn(path, ".");
    char name[sizeof(out->parameter[0].name)], shown[SHOWN_MAX];

    safe_text(path, size, shown, sizeof(shown));
    snprintf(name, sizeof(name), "%.*s", (int)size, path);
    if (size >= sizeof(name) || !is_name(name, false))
        return refuse(reading->file_name, scalar->key_line, scalar->key_column, why, why_size,
                      "parameter '%s': a name is at most %zu of a-z, 0-9 and _, and begins with a letter",
                      shown, sizeof(name) - 1);
    for (*index = 0; *index < out->parameter_count; ++*index)
        if (strcmp(out->parameter[*index].name, name) == 0)
            return ERR_OK;
    if (out->parameter_count == MANIFEST_PARAMETERS_MAX)
        return refuse(reading->file_name, scalar->key_line, scalar->key_column, why, why_size,
                      "more than %d parameters", MANIFEST_PARAMETERS_MAX);
    out->parameter_count++;
    memcpy(out->parameter[*index].name, name, sizeof(name));
    reading->draft[*index].line = scalar->key_line;
    reading->draft[*index].column = scalar->key_column;
    return ERR_OK;
}

static enum err take_parameter(struct reading *reading, const struct yaml_scalar *scalar, const char *path,
                               char *why, size_t why_size)
{
    size_t index = 0;
    enum err err = find_parameter(reading, scalar, path, &index, why, why_size);

    if (err != ERR_OK)
        return err;
    path += strcspn(path, ".");
    if (path[0] == '\0')
        return refuse(reading->file_name, scalar->line, scalar->column, why, why_size,
                      "%s: expected {type: ..., default: ..., help: ...}",
                      reading->out->parameter[index].name);
    return take_field(reading, scalar, index, path + 1, why, why_size);
}

static enum err visit(void *arg, const struct yaml_scalar *scalar, char *why, size_t why_size)
{
    static const char parameters[] = "parameters";
    struct reading *reading = arg;
    char shown[SHOWN_MAX];

    if (strncmp(scalar->path, parameters, sizeof(parameters) - 1) == 0) {
        const char *rest = scalar->path + sizeof(parameters) - 1;

        if (rest[0] == '.')
            return take_parameter(reading, scalar, rest + 1, why, why_size);
        if (rest[0] == '\0' && scalar->empty_collection && !scalar->in_sequence)
            return ERR_OK;
        if (rest[0] == '\0')
            return refuse(reading->file_name, scalar->line, scalar->column, why, why_size,
                          "parameters: expected 'name: {type: ...}'");
    }
    for (enum key key = 0; key < KEYS; key++) {
        if (strcmp(scalar->path, keys[key].name) != 0)
            continue;
        if (scalar->in_sequence || scalar->empty_collection)
            return refuse(reading->file_name, scalar->line, scalar->column, why, why_size,
                          "%s: expected one value, not a list", keys[key].name);
        return take_top(reading, scalar, key, why, why_size);
    }
    safe_text(scalar->path, strlen(scalar->path), shown, sizeof(shown));
    return refuse(reading->file_name, scalar->key_line, scalar->key_column, why, why_size,
                  "unknown key '%s'; known: name, version, abi, about, instruments, parameters", shown);
}

/* --- when all is read ------------------------------------------------------------------------------------- */

static enum err settle_value(const struct reading *reading, const struct strategy_parameter *parameter,
                             const char *what, const struct raw *raw, int64_t *out, char *why,
                             size_t why_size)
{
    char wrong[320];

    if (strategy_parameter_parse(parameter, raw->text, out, wrong, sizeof(wrong)) == ERR_OK)
        return ERR_OK;
    return refuse(reading->file_name, raw->line, raw->column, why, why_size, "%s: %s %s", parameter->name,
                  what, wrong);
}

static enum err settle_range(const struct reading *reading, struct strategy_parameter *parameter,
                             const struct draft *draft, char *why, size_t why_size)
{
    struct strategy_parameter unbounded = *parameter;
    int64_t min = 0, max = 0;
    enum err err;

    err = settle_value(reading, &unbounded, "min", &draft->min, &min, why, why_size);
    if (err == ERR_OK)
        err = settle_value(reading, &unbounded, "max", &draft->max, &max, why, why_size);
    if (err != ERR_OK)
        return err;
    if (min >= max)
        return refuse(reading->file_name, draft->max.line, draft->max.column, why, why_size,
                      "%s: max must be above min", parameter->name);
    parameter->min = min;
    parameter->max = max;
    return ERR_OK;
}

/* What is missing or does not go with the type; NULL: nothing. */
static const char *settle_fault(const struct strategy_parameter *parameter, const struct draft *draft)
{
    bool number = parameter->type == PARAMETER_INT || parameter->type == PARAMETER_DECIMAL;

    if (!draft->has_type)
        return "no type";
    if (draft->preset.line == 0)
        return "no default";
    if (!draft->has_help)
        return "no help";
    if (number && (draft->min.line == 0 || draft->max.line == 0))
        return "a number needs min and max";
    if (!number && (draft->min.line != 0 || draft->max.line != 0))
        return "min and max are for numbers";
    if ((parameter->type == PARAMETER_ENUM) != (parameter->allowed[0] != '\0'))
        return parameter->type == PARAMETER_ENUM ? "an enum needs allowed: [a, b]" : "allowed is for an enum";
    return NULL;
}

static enum err settle(struct reading *reading, size_t index, char *why, size_t why_size)
{
    struct strategy_parameter *parameter = &reading->out->parameter[index];
    const struct draft *draft = &reading->draft[index];
    const char *fault = settle_fault(parameter, draft);
    enum err err = ERR_OK;

    if (fault != NULL)
        return refuse(reading->file_name, draft->line, draft->column, why, why_size, "%s: %s",
                      parameter->name, fault);
    if (parameter->type == PARAMETER_INT || parameter->type == PARAMETER_DECIMAL)
        err = settle_range(reading, parameter, draft, why, why_size);
    else if (parameter->type == PARAMETER_BOOL)
        parameter->max = 1;
    else
        for (const char *bar = parameter->allowed; *bar != '\0'; bar++)
            parameter->max += *bar == '|';
    if (err != ERR_OK)
        return err;
    return settle_value(reading, parameter, "default", &draft->preset, &parameter->preset, why, why_size);
}

/* A manifest for another ABI may use words that this one does not know: the number goes first. */
static enum err visit_abi(void *arg, const struct yaml_scalar *scalar, char *why, size_t why_size)
{
    const struct reading *reading = arg;
    struct option_value value;
    char ignored[320];

    if (strcmp(scalar->path, "abi") != 0 ||
        option_parse(&keys[KEY_ABI], scalar->value, scalar->value_size, &value, ignored, sizeof(ignored)) !=
            ERR_OK ||
        value.number == FD_ABI)
        return ERR_OK;
    refuse(reading->file_name, scalar->line, scalar->column, why, why_size,
           "needs strategy ABI %lld; this flowdeck has ABI %d", (long long)value.number, FD_ABI);
    return ERR_UNSUPPORTED;
}

enum err strategy_manifest_parse(const char *text, size_t size, const char *file_name,
                                 struct strategy_manifest *out, char *why, size_t why_size)
{
    struct strategy_manifest manifest = {.instruments = 1};
    struct reading reading = {.out = &manifest, .file_name = file_name};
    enum err err;

    if (size > MANIFEST_SIZE_MAX) {
        refuse(file_name, 1, 1, why, why_size, "the manifest is longer than %d bytes", MANIFEST_SIZE_MAX);
        return ERR_TOO_LONG;
    }
    err = yaml_walk(text, size, file_name, visit_abi, &reading, why, why_size);
    if (err == ERR_OK)
        err = yaml_walk(text, size, file_name, visit, &reading, why, why_size);
    for (enum key key = 0; err == ERR_OK && key < KEYS; key++)
        if (key != KEY_INSTRUMENTS && (reading.given & 1u << key) == 0)
            err = refuse(file_name, 1, 1, why, why_size, "no %s", keys[key].name);
    for (size_t i = 0; err == ERR_OK && i < manifest.parameter_count; i++)
        err = settle(&reading, i, why, why_size);
    if (err == ERR_OK)
        *out = manifest;
    return err;
}

#include "core/base/option.h"

#include "core/base/decimal.h"
#include "core/base/safe_text.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define NAME_MAX_BYTES 256

/* "<'value'> <what>; allowed: <what is>" */
static enum err refuse_value(const struct option *option, const char *text, size_t size, const char *what,
                             char *why, size_t why_size)
{
    char shown[OPTION_SHOWN_MAX], allowed[256];

    safe_text(text, size, shown, sizeof shown);
    snprintf(why, why_size, "'%s' %s; allowed: %s", shown, what,
             option_allowed_text(option, allowed, sizeof allowed));
    return ERR_CONFIG;
}

static bool is_bounded(const struct option *option)
{
    return option->min != 0 || option->max != 0;
}

/* --- one function for each type ------------------------------------------------------------------- */

static const char *parse_bool(const char *text, size_t size, struct option_value *out)
{
    static const struct {
        const char *word;
        bool value;
    } words[] = {{"true", true}, {"false", false}, {"yes", true},
                 {"no", false},  {"on", true},     {"off", false}};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strlen(words[i].word) == size && memcmp(words[i].word, text, size) == 0) {
            out->number = words[i].value;
            snprintf(out->text, sizeof out->text, "%s", words[i].value ? "true" : "false");
            return NULL;
        }
    }
    return "is not a switch";
}

static const char *parse_number(const struct option *option, const char *text, size_t size,
                                struct option_value *out)
{
    bool whole = option->type == OPTION_INT;
    unsigned scale = whole ? 0 : DECIMAL_E8_DIGITS;
    const char *not_a_number = whole ? "is not an integer" : "is not a decimal number";
    char number[DECIMAL_TEXT_SIZE];
    int64_t value;

    if (whole && memchr(text, '.', size) != NULL)
        return not_a_number;
    switch ((int)decimal_parse(text, size, scale, &value)) {
    case ERR_OK:
        break;
    case ERR_TOO_LONG:
        return "has more than 8 places";
    case ERR_OVERFLOW:
        return "is out of range";
    default:
        return not_a_number;
    }
    if (value == 0 && text[0] == '-') /* a slip of the pen: which way was it meant? */
        return "is minus zero";
    if (is_bounded(option) && (value < option->min || value > option->max))
        return "is out of range";
    out->number = value;
    decimal_format_trim(value, scale, number);
    snprintf(out->text, sizeof out->text, "%s", number);
    return NULL;
}

/* Safe on any screen: the same bytes as what safe_text() makes of it, but for the backslash. */
static bool is_printable(const char *text, size_t size)
{
    for (size_t at = 0; at < size;) {
        unsigned codepoint;

        at += safe_text_decode(text + at, size - at, &codepoint);
        if (safe_text_codepoint_columns(codepoint) < 0)
            return false;
    }
    return true;
}

static const char *parse_text(const struct option *option, const char *text, size_t size,
                              struct option_value *out)
{
    if (size >= CONFIG_TEXT_MAX || (option->max > 0 && size > (uint64_t)option->max))
        return "is too long";
    if (!is_printable(text, size))
        return "holds control or invisible characters";
    memcpy(out->text, text, size);
    out->text[size] = '\0';
    return NULL;
}

/* Is text one of the words of "a|b|c"? */
static bool is_allowed_word(const char *allowed, const char *text, size_t size)
{
    while (allowed != NULL) {
        const char *bar = strchr(allowed, '|');
        size_t length = bar != NULL ? (size_t)(bar - allowed) : strlen(allowed);

        if (length == size && memcmp(allowed, text, size) == 0)
            return true;
        allowed = bar != NULL ? bar + 1 : NULL;
    }
    return false;
}

static const char *parse_enum(const struct option *option, const char *text, size_t size,
                              struct option_value *out)
{
    if (!is_allowed_word(option->allowed, text, size))
        return "is unknown";
    return parse_text(&(struct option){0}, text, size, out);
}

/* --- lists ---------------------------------------------------------------------------------------- */

static int64_t list_count(const char *list)
{
    int64_t count = list[0] != '\0';

    for (; *list != '\0'; list++)
        count += *list == ',';
    return count;
}

static bool list_holds(const char *list, const char *item, size_t size)
{
    while (list[0] != '\0') {
        size_t length = strcspn(list, ",");

        if (length == size && memcmp(list, item, size) == 0)
            return true;
        list += length + (list[length] == ',');
    }
    return false;
}

static const char *append_item(const struct option *option, const char *text, size_t size,
                               struct option_value *out)
{
    size_t used = strlen(out->text);

    if (size == 0)
        return "is an empty item";
    if (memchr(text, ',', size) != NULL)
        return "holds a comma";
    if (!is_printable(text, size))
        return "holds control or invisible characters";
    if (option->allowed != NULL && !is_allowed_word(option->allowed, text, size))
        return "is unknown";
    if (list_holds(out->text, text, size))
        return "is in the list twice";
    if (option->max > 0 && list_count(out->text) >= option->max)
        return "is one item too many";
    if (used + size + 2 > sizeof out->text)
        return "makes the list too long";
    if (used > 0)
        out->text[used++] = ',';
    memcpy(out->text + used, text, size);
    out->text[used + size] = '\0';
    return NULL;
}

enum err option_append_item(const struct option *option, const char *text, size_t size,
                            struct option_value *out, char *why, size_t why_size)
{
    const char *wrong = append_item(option, text, size, out);

    return wrong == NULL ? ERR_OK : refuse_value(option, text, size, wrong, why, why_size);
}

/* "a, b ,c": blanks around the commas do not count; "" is the empty list. */
static enum err parse_list(const struct option *option, const char *text, size_t size,
                           struct option_value *out, char *why, size_t why_size)
{
    size_t at = 0;

    while (size > 0 && at <= size) {
        const char *comma = memchr(text + at, ',', size - at);
        size_t end = comma != NULL ? (size_t)(comma - text) : size, next = end + 1;
        enum err err;

        while (at < end && text[at] == ' ')
            at++;
        while (end > at && text[end - 1] == ' ')
            end--;
        err = option_append_item(option, text + at, end - at, out, why, why_size);
        if (err != ERR_OK)
            return err;
        at = next;
    }
    return ERR_OK;
}

/* --- public --------------------------------------------------------------------------------------- */

enum err option_parse(const struct option *option, const char *text, size_t size, struct option_value *out,
                      char *why, size_t why_size)
{
    struct option_value value = {0};
    const char *wrong = NULL;
    enum err err = ERR_OK;

    switch (option->type) {
    case OPTION_BOOL:
        wrong = parse_bool(text, size, &value);
        break;
    case OPTION_INT:
    case OPTION_DECIMAL:
    case OPTION_RATIO:
        wrong = parse_number(option, text, size, &value);
        break;
    case OPTION_TEXT:
        wrong = parse_text(option, text, size, &value);
        break;
    case OPTION_ENUM:
        wrong = parse_enum(option, text, size, &value);
        break;
    case OPTION_LIST:
        err = parse_list(option, text, size, &value, why, why_size);
        break;
    }
    if (wrong != NULL)
        err = refuse_value(option, text, size, wrong, why, why_size);
    if (err == ERR_OK)
        *out = value;
    return err;
}

const struct option *option_find(const struct option *table, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

static size_t smallest(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t option_distance(const char *a, const char *b)
{
    size_t a_size = strlen(a), b_size = strlen(b);
    size_t rows[3][NAME_MAX_BYTES + 1]; /* distances for prefixes of a two back, one back, now */
    size_t *two_back = rows[0], *back = rows[1], *now = rows[2];

    assert(a_size <= NAME_MAX_BYTES && b_size <= NAME_MAX_BYTES);
    for (size_t j = 0; j <= b_size; j++)
        back[j] = two_back[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        size_t *oldest = two_back;

        now[0] = i;
        for (size_t j = 1; j <= b_size; j++) {
            now[j] = smallest(smallest(back[j], now[j - 1]) + 1, back[j - 1] + (a[i - 1] != b[j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = smallest(now[j], two_back[j - 2] + 1);
        }
        two_back = back;
        back = now;
        now = oldest;
    }
    return back[b_size];
}

/* Up to which byte both begin alike, and how much of that ends with one of these. */
static size_t shared_bytes(const char *a, const char *b, const char *separators, size_t *sections)
{
    size_t at = 0;

    *sections = 0;
    while (a[at] != '\0' && a[at] == b[at]) {
        at++;
        if (strchr(separators, a[at - 1]) != NULL)
            *sections = at;
    }
    return at;
}

/* A third of its letters may differ; of a short name one, and only where it begins alike. */
static bool within(size_t distance, size_t letters, bool alike)
{
    return (letters > 3 && distance <= letters / 3) || (distance == 1 && alike);
}

bool option_is_near(const char *name, const char *candidate, size_t *distance)
{
    size_t section, word, same;
    const char *rest, *last;

    if (strlen(name) > NAME_MAX_BYTES)
        return false;
    /* What both have in front is no likeness: risk.max_loss is not risk.max_gross, nor any strategy any other. */
    same = shared_bytes(name, candidate, ".", &section);
    (void)shared_bytes(name, candidate, "._", &word);
    rest = candidate + section;
    last = candidate + word;
    *distance = option_distance(name + section, rest);
    return within(*distance, strlen(rest), same > section) && within(*distance, strlen(last), true);
}

const char *option_nearest(const struct option *table, size_t count, const char *name)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX, best_same = 0;

    for (size_t i = 0; i < count; i++) {
        size_t distance, sections, same = shared_bytes(name, table[i].name, "", &sections);

        if (!option_is_near(name, table[i].name, &distance))
            continue;
        if (distance < best || (distance == best && same > best_same)) {
            best = distance;
            best_same = same;
            nearest = table[i].name;
        }
    }
    return nearest;
}

static void put_words(const char *lead, const char *allowed, char *out, size_t out_size)
{
    size_t used = (size_t)snprintf(out, out_size, "%s", lead);

    for (; *allowed != '\0' && used + 3 < out_size; allowed++) {
        if (*allowed == '|') {
            out[used++] = ',';
            out[used++] = ' ';
        } else {
            out[used++] = *allowed;
        }
    }
    if (used < out_size)
        out[used] = '\0';
}

static void put_range(const struct option *option, char *out, size_t out_size)
{
    bool whole = option->type == OPTION_INT;
    unsigned scale = whole ? 0 : DECIMAL_E8_DIGITS;
    const char *word = whole ? "integer" : "decimal";
    const char *blank = option->unit != NULL ? " " : "", *unit = option->unit != NULL ? option->unit : "";
    char min[DECIMAL_TEXT_SIZE], max[DECIMAL_TEXT_SIZE];

    if (!is_bounded(option)) {
        snprintf(out, out_size, "%s%s%s", word, blank, unit);
        return;
    }
    decimal_format_trim(option->min, scale, min);
    decimal_format_trim(option->max, scale, max);
    snprintf(out, out_size, "%s %s..%s%s%s", word, min, max, blank, unit);
}

const char *option_allowed_text(const struct option *option, char *out, size_t out_size)
{
    assert(out_size > 0);
    switch (option->type) {
    case OPTION_BOOL:
        snprintf(out, out_size, "true or false");
        break;
    case OPTION_INT:
    case OPTION_DECIMAL:
    case OPTION_RATIO:
        put_range(option, out, out_size);
        break;
    case OPTION_TEXT:
        snprintf(out, out_size, "text of at most %lld bytes",
                 (long long)(option->max > 0 ? option->max : CONFIG_TEXT_MAX - 1));
        break;
    case OPTION_ENUM:
        put_words("one of: ", option->allowed, out, out_size);
        break;
    case OPTION_LIST:
        if (option->allowed != NULL)
            put_words("list of: ", option->allowed, out, out_size);
        else if (option->max > 0)
            snprintf(out, out_size, "list of at most %lld texts", (long long)option->max);
        else
            snprintf(out, out_size, "list of texts");
        break;
    }
    return out;
}

const char *option_environ_name(const struct option *option, char *out, size_t out_size)
{
    size_t used = (size_t)snprintf(out, out_size, "FLOWDECK_");

    for (const char *c = option->name; *c != '\0' && used + 1 < out_size; c++) {
        if (*c >= 'a' && *c <= 'z')
            out[used++] = (char)(*c - 'a' + 'A');
        else
            out[used++] = *c == '.' || *c == '-' ? '_' : *c;
    }
    if (used < out_size)
        out[used] = '\0';
    return out;
}

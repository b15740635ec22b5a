#include "tui/theme.h"

#include "core/base/embedded.h"
#include "core/base/read_full.h"

#include <assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define THEME_FILE_SIZE_MAX 65536
#define THEME_COLUMNS       7
#define PATH_SHOWN          80 /* bytes of a path in a complaint */
#define THEME_BASE_DEPTH    4  /* themes that build on themes that ... */

/* Themes are ASCII; a word is what stands between blanks. */
struct word {
    const char *at;
    size_t size;
};

static const char *const role_names[ROLE_COUNT] = {
#define ROLE_TEXT_OF(name, text, contrast, meaning) text,
    ROLE_LIST(ROLE_TEXT_OF)
#undef ROLE_TEXT_OF
};

static const struct {
    int contrast_x10;
    const char *meaning;
} role_facts[ROLE_COUNT] = {
#define ROLE_FACTS_OF(name, text, contrast, meaning) {contrast, meaning},
    ROLE_LIST(ROLE_FACTS_OF)
#undef ROLE_FACTS_OF
};

static enum err load_text(const char *text, size_t size, const char *file_name, struct theme *out,
                          char why[THEME_WHY_SIZE], int depth);

const char *role_name(enum role role)
{
    return (unsigned)role < ROLE_COUNT ? role_names[role] : (unsigned)role < 256 ? "sample" : "?";
}

const char *role_meaning(enum role role)
{
    return (unsigned)role < ROLE_COUNT ? role_facts[role].meaning : "?";
}

int role_contrast_x10(enum role role)
{
    return (unsigned)role < ROLE_COUNT ? role_facts[role].contrast_x10 : 0;
}

bool role_has_background(enum role role)
{
    switch ((int)role) { /* the list of those that have one; a unit test compares it with the dark theme */
    case ROLE_TAB_ON:
    case ROLE_OWN:
    case ROLE_CURSOR:
    case ROLE_SELECTED:
    case ROLE_INSIDE:
    case ROLE_ROW_MARK:
    case ROLE_BADGE_OBSERVATION:
    case ROLE_BADGE_SIMULATION:
    case ROLE_BADGE_LIVE:
    case ROLE_BADGE_REPLAY:
    case ROLE_BADGE_ARMED:
    case ROLE_BADGE_KILLED:
    case ROLE_NEXT:
    case ROLE_NEXT_DIM:
    case ROLE_KEY_CHIP:
    case ROLE_MAP_FALL_2:
    case ROLE_MAP_FALL_1:
    case ROLE_MAP_FLAT:
    case ROLE_MAP_RISE_1:
    case ROLE_MAP_RISE_2:
        return true;
    default:
        return role >= ROLE_HEAT_0 && role <= ROLE_HEAT_7;
    }
}

static bool word_is(struct word word, const char *text)
{
    return word.size == strlen(text) && memcmp(word.at, text, word.size) == 0;
}

enum role role_find(const char *name, size_t length)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        if (word_is((struct word){name, length}, role_names[role]))
            return (enum role)role;
    return ROLE_COUNT;
}

/* Splits a line without its comment; returns the words, THEME_COLUMNS + 1 if there are more than fit. */
static int line_words(const char *line, size_t size, struct word word[THEME_COLUMNS])
{
    int count = 0;
    size_t i = 0;

    while (i < size) {
        size_t start;

        while (i < size && (line[i] == ' ' || line[i] == '\t' || line[i] == '\r'))
            i++;
        if (i == size || line[i] == '#')
            break;
        start = i;
        while (i < size && line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
            i++;
        if (count == THEME_COLUMNS)
            return THEME_COLUMNS + 1;
        word[count++] = (struct word){line + start, i - start};
    }
    return count;
}

static bool parse_rgb(struct word word, int32_t *rgb)
{
    int32_t value = 0;

    *rgb = -1;
    if (word_is(word, "-"))
        return true;
    if (word.size != 6)
        return false;
    for (size_t i = 0; i < 6; i++) {
        static const char digits[] = "0123456789abcdef";
        const char *digit = word.at[i] == '\0' ? NULL : strchr(digits, word.at[i]);

        if (digit == NULL)
            return false;
        value = value * 16 + (int32_t)(digit - digits);
    }
    *rgb = value;
    return true;
}

static bool parse_index(struct word word, int8_t *index)
{
    int value = 0;

    *index = -1;
    if (word_is(word, "-"))
        return true;
    if (word.size > 2)
        return false;
    for (size_t i = 0; i < word.size; i++) {
        if (word.at[i] < '0' || word.at[i] > '9')
            return false;
        value = value * 10 + (word.at[i] - '0');
    }
    *index = (int8_t)value;
    return value <= 15;
}

/* `bold+underline`; the words are those of the header. */
static bool parse_attr(struct word word, uint8_t *attr)
{
    static const struct {
        const char *name;
        uint8_t bit;
    } names[] = {
        {"bold", ATTR_BOLD}, {"dim", ATTR_DIM}, {"underline", ATTR_UNDERLINE}, {"reverse", ATTR_REVERSE}};
    size_t from = 0;

    *attr = 0;
    if (word_is(word, "-"))
        return true;
    for (size_t i = 0; i <= word.size; i++) {
        uint8_t bit = 0;

        if (i < word.size && word.at[i] != '+')
            continue;
        for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
            if (word_is((struct word){word.at + from, i - from}, names[n].name))
                bit = names[n].bit;
        if (bit == 0)
            return false;
        *attr |= bit;
        from = i + 1;
    }
    return true;
}

/* What is wrong with a role's line, or NULL. */
static const char *parse_entry(const struct word word[THEME_COLUMNS], struct theme_entry *entry)
{
    if (!parse_rgb(word[1], &entry->fg_rgb) || !parse_rgb(word[2], &entry->bg_rgb))
        return "a colour is six lower-case hexadecimal digits or -";
    if (!parse_index(word[3], &entry->fg_16) || !parse_index(word[4], &entry->bg_16))
        return "an index is 0 to 15 or -";
    if (!parse_attr(word[5], &entry->attr) || !parse_attr(word[6], &entry->attr_mono))
        return "attributes are bold, dim, underline, reverse joined by +, or -";
    return NULL;
}

/* Name of the theme: the file's, without folder and ending. */
static void name_from_file(const char *file_name, char name[THEME_NAME_SIZE])
{
    const char *slash = strrchr(file_name, '/');
    const char *start = slash == NULL ? file_name : slash + 1;
    const char *dot = strrchr(start, '.');
    size_t length = dot == NULL ? strlen(start) : (size_t)(dot - start);

    if (length >= THEME_NAME_SIZE)
        length = THEME_NAME_SIZE - 1;
    memcpy(name, start, length);
    name[length] = '\0';
}

static enum err load_embedded(const char *name, struct theme *out, char why[THEME_WHY_SIZE], int depth)
{
    char path[64];
    const struct embedded_file *file;
    int used;

    snprintf(path, sizeof(path), "themes/%.40s.theme", name);
    file = embedded_find(path);
    if (file != NULL)
        return load_text(file->text, file->size, path, out, why, depth);

    used = snprintf(why, THEME_WHY_SIZE, "no theme \"%.32s\"; there are:", name);
    for (size_t i = 0; i < embedded_file_count && used > 0 && used < THEME_WHY_SIZE; i++) {
        char known[THEME_NAME_SIZE];

        if (strncmp(embedded_files[i].name, "themes/", 7) != 0)
            continue;
        name_from_file(embedded_files[i].name, known);
        used += snprintf(why + used, (size_t)(THEME_WHY_SIZE - used), " %s", known);
    }
    return ERR_NOT_FOUND;
}

/* State of one load: which roles the file itself has given. */
struct theme_load {
    struct theme theme;
    bool seen[ROLE_COUNT];
    bool has_base;
    int lines_used;
};

static enum err load_base(struct theme_load *load, struct word name, int depth, char why[THEME_WHY_SIZE])
{
    char base[THEME_NAME_SIZE];

    if (load->lines_used > 0 || depth >= THEME_BASE_DEPTH || name.size >= sizeof(base)) {
        snprintf(why, THEME_WHY_SIZE, "base must be the first line and name another built-in theme");
        return ERR_BAD_DATA;
    }
    memcpy(base, name.at, name.size);
    base[name.size] = '\0';
    load->has_base = true;
    return load_embedded(base, &load->theme, why, depth + 1);
}

static enum err load_line(struct theme_load *load, const char *line, size_t size, int depth,
                          char why[THEME_WHY_SIZE])
{
    struct word word[THEME_COLUMNS];
    int words = line_words(line, size, word);
    enum err err = ERR_OK;

    if (words == 0)
        return ERR_OK;
    if (words == 2 && word_is(word[0], "base")) {
        err = load_base(load, word[1], depth, why);
    } else if (words != THEME_COLUMNS) {
        snprintf(why, THEME_WHY_SIZE, "want %d columns: role fg bg fg16 bg16 attributes mono", THEME_COLUMNS);
        err = ERR_BAD_DATA;
    } else {
        enum role role = role_find(word[0].at, word[0].size);
        struct theme_entry entry = {.is_sample = false};
        const char *wrong = role == ROLE_COUNT ? "no such role" : parse_entry(word, &entry);

        if (wrong == NULL && load->seen[role])
            wrong = "role given twice";
        if (wrong != NULL) {
            snprintf(why, THEME_WHY_SIZE, "%.*s: %s", word[0].size > 32 ? 32 : (int)word[0].size, word[0].at,
                     wrong);
            return ERR_BAD_DATA;
        }
        load->seen[role] = true;
        load->theme.entry[role] = entry;
    }
    load->lines_used++;
    return err;
}

/* The end of a path says more than its beginning. */
static const char *path_tail(const char *path)
{
    size_t size = strlen(path);

    return size > PATH_SHOWN ? path + size - PATH_SHOWN : path;
}

static enum err load_text(const char *text, size_t size, const char *file_name, struct theme *out,
                          char why[THEME_WHY_SIZE], int depth)
{
    struct theme_load load = {.has_base = false};
    char wrong[THEME_WHY_SIZE];
    int line = 0;

    for (size_t at = 0; at < size;) {
        const char *end = memchr(text + at, '\n', size - at);
        size_t length = end == NULL ? size - at : (size_t)(end - (text + at));
        enum err err;

        line++;
        err = load_line(&load, text + at, length, depth, wrong);
        if (err != ERR_OK) {
            snprintf(why, THEME_WHY_SIZE, "%s:%d: %.150s", path_tail(file_name), line, wrong);
            return err;
        }
        at += length + 1;
    }
    for (int role = 0; role < ROLE_COUNT; role++)
        if (!load.has_base && !load.seen[role]) {
            snprintf(why, THEME_WHY_SIZE, "%s: role %s is missing", path_tail(file_name), role_names[role]);
            return ERR_BAD_DATA;
        }
    name_from_file(file_name, load.theme.name);
    *out = load.theme;
    return ERR_OK;
}

enum err theme_load_text(const char *text, size_t size, const char *file_name, struct theme *out,
                         char why[THEME_WHY_SIZE])
{
    return load_text(text, size, file_name, out, why, 0);
}

/* A regular file only: a pipe in its place would hold the screen's thread, and with it the kill key. -1: it cannot be. */
static int open_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    struct stat info;

    if (fd >= 0 && (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode))) {
        close(fd);
        return -1;
    }
    return fd;
}

static enum err load_file(const char *path, struct theme *out, char why[THEME_WHY_SIZE])
{
    int fd = open_file(path);
    char *text = fd < 0 ? NULL : malloc(THEME_FILE_SIZE_MAX);
    ssize_t size = text == NULL ? -1 : read_full(pread, fd, text, THEME_FILE_SIZE_MAX, 0);
    enum err err = ERR_IO;

    if (fd < 0) {
        snprintf(why, THEME_WHY_SIZE, "%.200s: cannot be read", path);
        err = ERR_NOT_FOUND;
    } else if (text == NULL) {
        snprintf(why, THEME_WHY_SIZE, "no memory for a theme");
        err = ERR_MEMORY;
    } else if (size < 0 || size == THEME_FILE_SIZE_MAX) {
        snprintf(why, THEME_WHY_SIZE, "%.200s: cannot be read, or is larger than 64 kB", path);
    } else {
        err = load_text(text, (size_t)size, path, out, why, 0);
    }
    free(text);
    if (fd >= 0)
        close(fd);
    return err;
}

enum err theme_load(const char *name, struct theme *out, char why[THEME_WHY_SIZE])
{
    size_t length = strlen(name);

    if (strchr(name, '/') != NULL || (length > 6 && strcmp(name + length - 6, ".theme") == 0))
        return load_file(name, out, why);
    return load_embedded(name, out, why, 0);
}

void theme_load_default(struct theme *out)
{
    char why[THEME_WHY_SIZE];
    enum err err = load_embedded("dark", out, why, 0);

    /* The build put it in and a unit test loads it: failing here is a broken build. */
    assert(err == ERR_OK);
    (void)err;
}

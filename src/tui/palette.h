/*
 * palette.h - what the prompt offers while a command is typed: likeness of names, and the list of what fits. Private to tui.
 *
 * Commands, keys, screens, instruments, settings, topics of help and lines typed before are searched together; behind a
 * command's word, what may stand there. A line that is a command is run as it was typed, whatever the list says.
 */
#ifndef TUI_PALETTE_H
#define TUI_PALETTE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PALETTE_MAX       64 /* rows of the list; the best ones are kept */
#define PALETTE_TERMS_MAX 4  /* words of what is typed */
#define PALETTE_NAME_MAX  64 /* bytes of a name that are looked at: bits of a mask */

enum palette_kind {
    PALETTE_VALUE, /* what may stand at this place of the command */
    PALETTE_COMMAND,
    PALETTE_SCREEN,
    PALETTE_INSTRUMENT,
    PALETTE_KEY, /* an action that has a key, and no command of its name */
    PALETTE_HELP,
    PALETTE_SETTING,
    PALETTE_PAST, /* a line typed before */
    PALETTE_KINDS
};

struct palette_item {
    enum palette_kind kind;
    uint16_t index; /* in the table of its kind; VALUE: its place in what the argument takes */
    int16_t score;
};

struct ui_palette {
    struct palette_item item[PALETTE_MAX]; /* best first */
    uint8_t items;
    int8_t chosen; /* -1: none, the line itself is run */
    bool by_hand;  /* chosen by an arrow, or offered once already: Enter runs it */
};

struct ui;

/*
 * How well what is typed fits a name: 0 not at all. Letters must come in the name in this order; more for those that
 * begin a word or follow one another, less for gaps. Words of what is typed must all fit. *places (may be NULL): bits of
 * the bytes that fitted.
 */
int palette_likeness(const char *typed, const char *name, uint64_t *places);
/* The same for a sentence: words of it must begin with each of the typed ones. Far less than for a name. */
int palette_likeness_of_words(const char *typed, const char *sentence);
/*
 * What else an entry is called (palette_other_words.c): nearly as good as its name, the first of them more so. Each of the
 * typed words must begin one of them, or one of the meaning, but not all of the meaning.
 */
int palette_likeness_of_other(const char *typed, const char *other, const char *meaning);
const char *palette_other_words(enum palette_kind kind, const char *name); /* "": none */
bool palette_is_other_word(enum palette_kind kind, const char *name, const char *word);
bool palette_other_row(size_t index, enum palette_kind *kind, const char **name); /* false: past the end */

void palette_update(struct ui *ui); /* what is typed has changed */
void palette_move(struct ui *ui, int rows);
void palette_complete(struct ui *ui);  /* Tab */
void palette_find_past(struct ui *ui); /* Ctrl-R: the next older line that has it in it */
bool palette_enter(struct ui *ui);     /* true: Enter was for the list; false: the line is to be run */
const struct palette_item *palette_chosen(const struct ui *ui); /* NULL: none */
/* Its name as it is searched and shown, its meaning, and what stands at the right: a key, a value. */
const char *palette_name(const struct ui *ui, const struct palette_item *item, char *out, size_t size);
const char *palette_meaning(const struct ui *ui, const struct palette_item *item, char *out, size_t size);
const char *palette_chip(const struct ui *ui, const struct palette_item *item, char *out, size_t size);
const char *palette_kind_word(enum palette_kind kind);
bool palette_allowed(const struct ui *ui,
                     const struct palette_item *item); /* a key of another place is not */
/* Enter puts it into the line, to be read and run by another: what trades and was not chosen by hand, what wants more words. */
bool palette_only_types(const struct ui *ui, const struct palette_item *item);
/* NEXT: what Enter does now. */
void palette_next_text(const struct ui *ui, char *out, size_t size);

#endif

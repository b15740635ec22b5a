/*
 * script.h - a file of commands as the prompt takes them: one a line, `#` begins a comment. Pure.
 *
 * Every line is checked before the first is run: a word that there is not, arguments of the wrong form, and what only a
 * keyboard can do are refused with file and line. What a line names (a strategy, a limit) shows when it is run.
 */
#ifndef TUI_SCRIPT_H
#define TUI_SCRIPT_H

#include <stddef.h>
#include <stdint.h>

#define SCRIPT_LINES_MAX 1000
#define SCRIPT_BYTES_MAX 65536
#define SCRIPT_WHY_SIZE  320

struct script_line {
    uint32_t number; /* in the file, from 1 */
    const char *text;
};

struct script {
    char name[128]; /* of the file, safe to print */
    size_t lines;
    struct script_line line[SCRIPT_LINES_MAX];
    char text[SCRIPT_BYTES_MAX + 1];
};

/* NULL: why is one line, "FILE:3: no command `x`; ...". Freed by free(). */
struct script *script_parse(const char *name, const char *text, size_t size, char why[SCRIPT_WHY_SIZE]);

#endif

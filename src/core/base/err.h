/*
 * err.h - the one list of errors, with a text and an exit code for each.
 *
 * Functions return enum err; only ERR_OK is 0. The sentence for the user is made by
 * whoever knows what, where and what is allowed; err_text() is the short general word.
 */
#ifndef CORE_BASE_ERR_H
#define CORE_BASE_ERR_H

enum err {
    ERR_OK = 0,
    ERR_USAGE,       /* wrong command line */
    ERR_CONFIG,      /* wrong configuration */
    ERR_BAD_DATA,    /* malformed or impossible input */
    ERR_TOO_LONG,    /* more digits, bytes or items than allowed */
    ERR_OVERFLOW,    /* does not fit the integer */
    ERR_RANGE,       /* outside the allowed range */
    ERR_NOT_FOUND,   /* no such file, key, symbol, order */
    ERR_DUPLICATE,   /* given twice */
    ERR_FULL,        /* a named bound is reached */
    ERR_SEQ_GAP,     /* updates were lost */
    ERR_STALE,       /* data is too old or not verified */
    ERR_STATE,       /* not possible in this state */
    ERR_MEMORY,      /* allocation failed */
    ERR_IO,          /* reading or writing failed; errno tells */
    ERR_STORAGE,     /* database or journal failed */
    ERR_UNSUPPORTED, /* known, but not built */
    ERR_COUNT
};

/* Exit codes of the program; their words are in app/manual.c. */
enum exit_code {
    EXIT_CODE_OK = 0,
    EXIT_CODE_FAILED = 1,
    EXIT_CODE_USAGE = 2,
    EXIT_CODE_DATA = 3,
    EXIT_CODE_STORAGE = 4,
    EXIT_CODE_VENUE = 5,
    EXIT_CODE_CANCELS = 6,
    EXIT_CODE_INTERRUPTED = 130
};

/* Short lower-case text, never NULL: "sequence gap". Static memory. */
const char *err_text(enum err err);

#endif

/*
 * trail.h - what screen 7 shows of the journal: a page of its rows, and the life of one order. Plain structs for eyes.
 *
 * Not a part of a frame: a screen reads the journal of its data directory itself (app/trail.h), the engine has no part in
 * it. Text is safe. Times are event time.
 */
#ifndef VIEW_TRAIL_H
#define VIEW_TRAIL_H

#include "view/view.h"

#define TRAIL_PAGE_MAX   256
#define TRAIL_STEPS_MAX  64
#define TRAIL_STEPS_HEAD 16 /* of a longer life so many first steps are kept, then the newest */
#define TRAIL_FILTER_MAX 64 /* bytes, NUL included */

enum trail_kind { /* what a row is about */
                  TRAIL_RUN,
                  TRAIL_COMMAND,
                  TRAIL_ORDER, /* what we ask of the gateway */
                  TRAIL_ANSWER,
                  TRAIL_FILL,
                  TRAIL_DENIED,
                  TRAIL_STATE, /* trading state, mode, kill, schedule */
                  TRAIL_STRATEGY,
                  TRAIL_LIMIT,
                  TRAIL_BOOK,
                  TRAIL_SYSTEM,
                  TRAIL_SIGNALS, /* of an order: as they stood before it */
                  TRAIL_GATE,    /* of an order: approved */
                  TRAIL_STORY,   /* of an order: why it filled or did not */
                  TRAIL_KINDS
};

/* Shown as steps of an order alone. */
static inline bool trail_kind_is_hidden(uint8_t kind)
{
    return kind >= TRAIL_SIGNALS;
}

struct view_trail_row {
    uint64_t seq; /* of its record; rows of one record have the same */
    int64_t ts_ns;
    uint64_t order_seq; /* 0: of no order */
    uint64_t input_seq;
    uint8_t kind, level;                               /* enum trail_kind; as of view_log_line */
    char what[20], owner[16];                          /* "fill"; "ofi", "key" */
    char symbol[SYMBOL_SIZE], text[VIEW_TEXT_MAX + 8]; /* symbol "": of none */
};

enum trail_state {
    TRAIL_ASKED,   /* nothing has been read yet */
    TRAIL_READING, /* `percent` of what is read; what is shown may be incomplete */
    TRAIL_FOLLOWS, /* all is read, and what comes is added */
    TRAIL_FAILED   /* why */
};

struct view_trail_request {
    uint32_t number;               /* of the asker; the page carries it */
    uint32_t kinds;                /* bits of enum trail_kind; 0: all */
    char filter[TRAIL_FILTER_MAX]; /* words, all of which a row must have; "#218": of that order */
    uint64_t anchor;               /* a row in the middle of the page; 0: the newest at its end */
    uint64_t order_seq;            /* whose steps are wanted too; 0: nobody's */
    bool whole;                    /* of them all, though that means to read more */
};

struct view_trail {
    uint32_t number; /* of the request that it answers */
    uint8_t state;   /* enum trail_state */
    uint8_t percent;
    bool narrowed;         /* older rows than are kept may be left out: only what the filter wants was read */
    char why[256];         /* TRAIL_FAILED */
    char source[64];       /* "journal demo", "this replay" */
    uint64_t records;      /* read */
    uint64_t lost;         /* of a replay: came faster than they were read */
    uint64_t earlier_seq;  /* records up to here were not read; 0: all were */
    uint32_t above, below; /* rows before and after the page that the filter wants */
    uint16_t rows;         /* oldest first */
    struct view_trail_row row[TRAIL_PAGE_MAX];
    uint64_t order_seq; /* whose steps these are */
    bool whole;         /* its beginning is there */
    uint16_t steps;
    struct view_trail_row step[TRAIL_STEPS_MAX]; /* where some are left out a row between says how many */
};

#endif

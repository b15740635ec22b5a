/*
 * key_decoder.h - bytes of a terminal to key events, over a line that splits and delays them.
 *
 * Way of a key: terminal -> KEY DECODER -> key map -> command. Pure: time is a parameter, no allocation, state of
 * fixed size. Whatever the bytes are, sequences are swallowed to their final byte and never typed.
 *
 * Esc acts at once: an ESC that ends a read is reported as KEY_ESC without waiting, and for 500 ms after it a `[` or
 * `O` still starts a sequence (which is then decoded; nothing of it is typed). ESC and x in one read is KEY_ALT | x.
 * Within a sequence 500 ms of silence end it: what came is dropped.
 *
 * While a status report is awaited (key_decoder_expect_status()), an ESC that ends a read may be the beginning of the reply:
 * it is Esc when what follows says so, or after 500 ms of silence, so that a reply that comes in pieces is never a key.
 *
 * Known: xterm, VT, rxvt, Linux console and CSI-u (kitty, modifyOtherKeys) forms with modifiers, keypads, SGR mouse,
 * focus, bracketed paste, replies; and what terminfo says, by key_decoder_add(). Unknown ones are swallowed.
 *
 * A paste is dropped and reported once, as KEY_PASTE: between brackets; or, without them, more than KEY_PASTE_MIN
 * printable bytes at once, together with what follows within 100 ms. A paste whose end never comes is over after a
 * second of silence, so that a lost bracket cannot make the keyboard (and the kill key) dead. For two seconds after
 * either, several different keys at once are still of the paste, which may have stalled; one key is a key.
 *
 * "At once" is told by key_decoder_read(): different characters in one read, or within 8 ms of each other, which no fingers
 * type, wait 50 ms for more and are then decoded as if they had come in one read.
 */
#ifndef TUI_KEY_DECODER_H
#define TUI_KEY_DECODER_H

#include "tui/key.h"
#include "tui/key_table.h"

#define KEY_SEQUENCE_MAX  32   /* bytes of a sequence kept; longer ones are swallowed */
#define KEY_PASTE_MIN     16   /* a read of more printable bytes than this is a paste */
#define KEY_GATHER_MAX    64   /* bytes that wait for more; more than KEY_PASTE_MIN of text do not wait */
#define KEY_STRING_MAX    4096 /* an OSC or DCS reply longer than this is over */
#define KEY_ESC_OPEN_NS   (500 * 1000000LL)
#define KEY_REPLY_OPEN_NS (3000 * 1000000LL) /* a reply that is awaited may stop so long within itself */
#define KEY_PASTE_TAIL_NS (100 * 1000000LL)
#define KEY_PASTE_LOST_NS (1000 * 1000000LL)
#define KEY_PASTE_MORE_NS (2000 * 1000000LL) /* so long several keys at once may be the rest of a paste */
#define KEY_TOGETHER_NS   (8 * 1000000LL)    /* nobody types two different keys within */
#define KEY_GATHER_NS     (50 * 1000000LL)   /* what came together waits so long for more */

/* Called for each event, in order, from within key_decoder_feed() and _tick(). Must not call back into them. */
typedef void (*key_emit)(void *arg, const struct key_event *event);

enum key_decoder_state {
    KEYS_GROUND,
    KEYS_UTF8,   /* inside a UTF-8 character */
    KEYS_ESC,    /* after ESC; reported already or not: esc_reported */
    KEYS_HELD,   /* after ESC ] or ESC P at the end of a read: Alt and that letter, or a string begins */
    KEYS_CSI,    /* ESC [ ... to a byte 0x40..0x7e */
    KEYS_SS3,    /* ESC O ... digits, then one byte */
    KEYS_STRING, /* ESC ] or ESC P ... to BEL or ESC \ */
    KEYS_X10,    /* the three bytes after CSI M */
    KEYS_PASTE   /* to CSI 201 ~ */
};

/* Fields are the decoder's own; the struct is public so that it can live inside its owner. */
struct key_decoder {
    key_emit emit;
    void *arg;
    enum key_decoder_state state;
    int64_t last_ns; /* of the last byte */
    int64_t esc_ns;  /* of the last lone Esc reported; INT64_MIN: none */
    bool esc_reported;
    bool esc_held;                  /* a lone Esc, or the beginning of a reply that is awaited */
    bool late;                      /* this read goes on with a sequence that a key would not wait for */
    bool alt;                       /* the UTF-8 character being read came after ESC */
    bool emit_off;                  /* dry run: count only */
    bool drop_keys;                 /* this read is a paste: characters are dropped */
    uint32_t printable;             /* bytes of this read, counted by the dry run */
    uint32_t controls;              /* Enter, Tab, Ctrl-x of this read */
    uint32_t first_code, same_code; /* for paste_repeat */

    char seq[KEY_SEQUENCE_MAX]; /* since ESC, without it */
    uint32_t seq_size;          /* may exceed KEY_SEQUENCE_MAX: too long to be known */

    uint32_t utf8_code;
    uint8_t utf8_left, utf8_size;

    uint64_t paste_bytes;
    uint8_t paste_match;   /* bytes of the end bracket seen */
    int64_t raw_paste_ns;  /* last byte of a paste without brackets; INT64_MIN: none */
    uint32_t raw_code;     /* the one character it is made of, 0: it is text */
    int64_t pasted_ns;     /* last byte of a paste without brackets, or end of a lost one; INT64_MIN: none */
    uint32_t cursor_asked; /* cursor replies still to come, see key_decoder_expect_cursor() */
    uint32_t status_asked; /* status replies likewise */

    char gathered[KEY_GATHER_MAX]; /* text that waits for more */
    size_t gathered_size;
    int64_t gathered_ns;     /* of its last byte */
    int64_t text_ns;         /* of the last read of text; INT64_MIN: something else came since */
    unsigned char text_last; /* its last character, by the first byte */

    struct key_table table; /* what terminfo says */
};

void key_decoder_init(struct key_decoder *decoder, key_emit emit, void *arg);

/* Forget what is half decoded (after a hang-up or attach). Keeps the table. */
void key_decoder_reset(struct key_decoder *decoder);

/*
 * Another sequence for key, from terminfo ("\033OA"). It must begin with ESC; others, too long ones and those past
 * KEY_TABLE_MAX are ignored. The table goes before the built-in knowledge.
 */
void key_decoder_add(struct key_decoder *decoder, const char *bytes, uint32_t key);

/*
 * We asked for the cursor (CSI 6n). `CSI 1 ; 2 R` is Shift-F3 as well as a cursor in the first row: it is taken as a reply
 * only while one is awaited.
 */
void key_decoder_expect_cursor(struct key_decoder *decoder);

/* We asked for the status (CSI 5n). The reply is KEY_REPLY_STATUS; what never comes is forgotten by the second function. */
void key_decoder_expect_status(struct key_decoder *decoder);
void key_decoder_expect_no_status(struct key_decoder *decoder);

/* What one read() gave, in one piece: whether bytes came together decides Alt and paste. */
void key_decoder_read(struct key_decoder *decoder, const char *bytes, size_t size, int64_t now_ns);

/* The same without waiting for more: what comes in several reads is not seen as one paste. */
void key_decoder_feed(struct key_decoder *decoder, const char *bytes, size_t size, int64_t now_ns);

/* Ends what silence ends. Call when key_decoder_due_ns() has come, or at any time. */
void key_decoder_tick(struct key_decoder *decoder, int64_t now_ns);

/* When key_decoder_tick() has something to do; INT64_MAX: nothing open. */
int64_t key_decoder_due_ns(const struct key_decoder *decoder);

#endif

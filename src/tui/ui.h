/*
 * ui.h - the screen as a state machine: keys and frames in, commands and a canvas out.
 *
 * No socket, no terminal, no clock in here: time is a parameter, commands leave through a callback, drawing
 * goes to a canvas. So tests drive it directly and the app's loop only carries bytes.
 */
#ifndef TUI_UI_H
#define TUI_UI_H

#include "core/domain/command.h"
#include "tui/canvas.h"
#include "tui/key_decoder.h"
#include "view/trail.h"

#include <stdbool.h>
#include <stdint.h>

struct ui;
struct config;
struct script;

#define UI_CHOICES_MAX 12 /* rows of a chooser */
#define UI_CHOICE_SIZE 65 /* bytes of a name there, NUL included */
struct keymap;

#define UI_BOOKMARKS_MAX 32

struct ui_bookmarks { /* of a replay */
    uint16_t count;
    int64_t at_ns[UI_BOOKMARKS_MAX]; /* in the order they were set */
};

struct ui_config {
    int64_t size_presets_e8[5]; /* order sizes of - and +, base units */
    bool bell;
    bool mouse;
    bool readonly;
    bool attached;             /* to an engine that runs elsewhere: leaving leaves that alone */
    enum screen_id screen;     /* shown first; 0: Trade */
    bool first_start;          /* rule 22: NEXT is the tutor */
    const char *theme;         /* its name; NULL: dark */
    const char *layouts;       /* saved ones, comma-joined (tui/saved_layout.h); NULL: none */
    const char *layout;        /* name of the one to begin with; NULL or "": none */
    const struct keymap *keys; /* copied; NULL: as the list has them */
    const char *version;
    const struct ui_bookmarks *bookmarks; /* of an earlier playing, copied; NULL: none */
};

/* What the ui wants of its host. */
struct ui_host {
    void *arg;
    /* Sends a command; false when the ring is full (the ui says so). command->seq is set by the ui. */
    bool (*send)(void *arg, const struct command *command);
    void (*quit)(void *arg);   /* leave the program: after COMMAND_QUIT where orders are at stake */
    void (*redraw)(void *arg); /* Ctrl-L: forget what the terminal shows */
    void (*bell)(void *arg);
    void (*copy)(void *arg, const char *text, size_t size); /* OSC 52; NULL: this terminal cannot */
    /* Another theme; on error why says what is wrong. NULL: themes cannot be changed while it runs. */
    bool (*theme)(void *arg, const char *name, char *why, size_t why_size);
    void (*detach)(void *arg); /* leave the engine running without a screen; NULL: not in this version */
    /* The settings that count now, borrowed until the next call; NULL: they are another program's. */
    const struct config *(*settings)(void *arg);
    /* Sets one of them, to be kept by write; false: why says what is wrong. NULL: as settings. */
    bool (*set)(void *arg, const char *name, const char *value, char *why, size_t why_size);
    /* As it was before any set: by option, environment, file or default. NULL: as settings. */
    bool (*unset)(void *arg, const char *name, char *why, size_t why_size);
    /* Begins to write what was set into their file; ui_settings_written() tells the end. False: why not. */
    bool (*write)(void *arg, char *why, size_t why_size);
    void (*mouse)(void *arg, bool on); /* whether the terminal tells of it at all; NULL: as it was opened */
    void (*executed)(void *arg, bool good,
                     const char *text);            /* a line of ui_execute(); NULL: nobody listens */
    void (*remember)(void *arg, const char *line); /* a line of the prompt, to be kept; NULL: nowhere */
    /* The names of all themes; style_sample(i, ..) shows the colours of the i-th from now on. Returns how many. NULL: none. */
    int (*themes)(void *arg, char name[UI_CHOICES_MAX][UI_CHOICE_SIZE]);
    /* Writes text to a new file, called name ("": by what it is); what became of it comes with ui_saved(). False: it cannot
     * even begin, or another one is being written, why says it. NULL: this screen can write none. */
    bool (*save)(void *arg, const char *name, const char *what, const char *text, size_t size, char *why,
                 size_t why_size);
    /* Rows of the journal: pages come by ui_trail(). False: not yet; NULL: none can be read. */
    bool (*trail)(void *arg, const struct view_trail_request *request);
    /* Leaves, to play the recording anew, unpaced until at_ns; the bookmarks are copied. NULL: not a replay of its own. */
    void (*again)(void *arg, int64_t at_ns, enum screen_id screen, const struct ui_bookmarks *bookmarks);
};

struct ui *ui_new(const struct ui_config *config, const struct ui_host *host); /* NULL: memory */
void ui_free(struct ui *ui);
void ui_typed_before(struct ui *ui, const char *line); /* in an earlier run; the oldest first */
void ui_key(struct ui *ui, const struct key_event *key, int64_t now_ns); /* now_ns: monotonic */
enum ui_script_state { UI_SCRIPT_RUNS, UI_SCRIPT_DONE, UI_SCRIPT_FAILED, UI_SCRIPT_NONE };
/* Runs a file of commands (script.h) from the first frame with an instrument on; borrowed. False: one runs already. */
bool ui_execute(struct ui *ui, const struct script *script);
enum ui_script_state ui_script_state(const struct ui *ui);
/* What a file that is still being run leaves undone when it ends here, as one line. False: nothing. */
bool ui_script_left(const struct ui *ui, char *out, size_t size);
void ui_settings_written(struct ui *ui, bool done, const char *said);
void ui_frame(struct ui *ui, const struct view_frame *frame, int64_t now_ns); /* borrowed until the next */
void ui_trail(struct ui *ui, const struct view_trail *trail, int64_t now_ns); /* copied */
void ui_resize(struct ui *ui, int cols, int rows, int64_t now_ns);
/* Whether terminal and theme show two steps of the heat map in one cell; may change with the theme. */
void ui_halves(struct ui *ui, bool halves);
/* Time passes: questions expire, arming ends, answers fade. True if the picture changed. */
bool ui_tick(struct ui *ui, int64_t now_ns);
/* The frame drawn last has left the terminal's buffer (questions count from here). */
void ui_frame_left(struct ui *ui, int64_t now_ns);
void ui_draw(struct ui *ui, struct canvas *canvas, int64_t now_ns);
/* Something that no key asked for: in the row of answers and in the log. level: 0 done, 1 refused, 2 warning. */
void ui_tell(struct ui *ui, uint8_t level, const char *head, const char *text, int64_t now_ns);
/* What was given to host.save() is written; text: the file's path, or what failed. */
void ui_saved(struct ui *ui, bool written, const char *text, int64_t now_ns);

#define UI_FIRST_MAX 16
#define UI_HELD_MAX  6

/* What of the picture drawn last matters most, for lines that cannot take all at once (SCREENS.md, rule 17). */
struct ui_first {
    struct canvas_rect rect[UI_FIRST_MAX];
    size_t count;
    size_t
        asked; /* the first so many hold the answer to a key or the question: it is seen when they are painted */
};
struct ui_first ui_first(const struct ui *ui);

/* Parts of it that need not be looked at more often than this; all else changes at once. */
struct ui_held {
    struct canvas_rect rect;
    int64_t period_ns;
    uint64_t
        facts; /* changes with what the part has in common with parts that do not wait: then it does not either */
};
size_t ui_held(const struct ui *ui, struct ui_held out[UI_HELD_MAX]);
/* Reports of the mouse: `:mouse off` gives it back to the terminal, which then selects text with it. */
bool ui_wants_mouse(const struct ui *ui);
/* A number that changes when the picture becomes another one: then nothing of it is held. */
uint64_t ui_scene(const struct ui *ui);

/* "SIM BTCUSDT LONG +7.98", for the terminal's title. Returns out. */
const char *ui_title(const struct ui *ui, char *out, size_t out_size);

#endif

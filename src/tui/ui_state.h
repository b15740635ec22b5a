/*
 * ui_state.h - what the screen knows besides the frame: cursor, questions, text fields, lists. Private to tui.
 *
 * One struct, owned by ui.c. The ui_*.c files change it (one noun each), the *_panel.c files only read it. All
 * times named *_ns here are the host's monotonic clock; ages shown come from the frame (event time).
 */
#ifndef TUI_UI_STATE_H
#define TUI_UI_STATE_H

#include "core/base/config.h"
#include "tui/keymap.h"
#include "tui/layout.h"
#include "tui/number_text.h"
#include "tui/palette.h"
#include "tui/prompt.h"
#include "tui/saved_layout.h"
#include "tui/ui.h"
#include "tui/ui_help.h"
#include "tui/ui_say.h"
#include "tui/ui_ticket.h"

#define UI_SECOND_NS INT64_C(1000000000)
#define UI_MILLI_NS  INT64_C(1000000)

#define UI_NOTES_MAX     24  /* lines of the local log */
#define UI_COMMAND_MAX   160 /* of a line of the prompt */
#define CONFIG_NAME_ROOM 96
#define UI_HISTORY_MAX   200
#define UI_LINE_MAX      200 /* bytes of a line of a question, NUL included */
#define UI_LINES_MAX     6
#define UI_DETAIL_MAX    36 /* lines of a detail: every alert, and how they are removed */
#define UI_ARM_NS        (60 * UI_SECOND_NS)
#define UI_QUESTION_NS   (10 * UI_SECOND_NS)
#define UI_YES_AFTER_NS  (250 * UI_MILLI_NS)
#define UI_FLASH_NS      (400 * UI_MILLI_NS)
#define UI_SAY_NS        (3 * UI_SECOND_NS)
#define UI_READ_NS       (50 * UI_MILLI_NS) /* for each column of what takes longer to read */
#define UI_SILENT_NS     (2 * UI_SECOND_NS) /* an engine elsewhere that tells nothing for so long */

#include "tui/ui_list.h"
#include "tui/ui_pages.h"

enum ui_focus { FOCUS_LADDER, FOCUS_LIST, FOCUS_PANEL }; /* PANEL: the enlarged one */
#define LADDER_FEW_ROWS 6 /* fewer show the inside alone, beside what is enlarged */
enum ladder_show { SHOW_TRADED, SHOW_NET, SHOW_CUM, SHOW_LEVELS, LADDER_SHOWS };
enum ui_overlay {
    OVERLAY_NONE,
    OVERLAY_QUESTION,
    OVERLAY_TEXT,
    OVERLAY_TICKET,
    OVERLAY_HELP,
    OVERLAY_DETAIL,
    OVERLAY_STORY,
    OVERLAY_SETTINGS,
    OVERLAY_CHOOSE
};
/* The help; what it does and how keys are shown: ui_help.h. */
struct ui_help {
    enum help_part part;
    enum ui_overlay under; /* what it lies over, and gives back */
    uint16_t page;
    uint8_t topic; /* enum key_context + 1: its keys; 0: those of the place where it was opened */
    bool named;    /* opened with the filter, by a command: Esc closes it at once */
    char filter[UI_FIELD_MAX];
};

enum text_kind {
    TEXT_COMMAND,
    TEXT_SIZE,
    TEXT_FILTER,
    TEXT_FIND,
    TEXT_CLEAR_KILL,
    TEXT_LOOSEN,    /* a typed word lets a limit be loosened */
    TEXT_PARAMETER, /* of a strategy, in its own row */
    TEXT_HELP,      /* filter of the help, which lies under it */
    TEXT_SETTINGS   /* filter of the settings, which narrow as it is typed */
};

enum question_kind {
    ASK_ORDER, /* limit, market, stop, from the cursor or the ticket */
    ASK_MOVE,
    ASK_FLATTEN,
    ASK_REVERSE,
    ASK_CANCEL, /* an order of a strategy */
    ASK_MODE,
    ASK_ARM,
    ASK_RESUME,
    ASK_STRATEGY, /* one is turned on in live */
    ASK_KILL,     /* with --readonly */
    ASK_QUIT,
    ASK_AGAIN /* a replay from its beginning, up to a time behind */
};

struct ui_ladder {
    int64_t row_ticks;    /* chosen by [ ] or kept; 0: the engine chooses */
    int64_t top_ticks;    /* of the rows asked for; 0: centred by the engine */
    int64_t cursor_ticks; /* tied to the price, not to the row */
    bool cursor_set;
    bool aimed;        /* by a key or click; before the first the cursor waits at the inside */
    bool cursor_exact; /* moved by single ticks: not on the grid of rows */
    enum side side;
    int64_t bar_lots;      /* a full bar; held still */
    int64_t bar_row_ticks; /* row step bar_lots was found for */
    int64_t tick_e8;       /* scale the ticks above were meant in */
    int64_t scrolled_ns;   /* of the last scroll by hand; 0: none. Recentring waits a while after it */
    int64_t centring_ns;   /* since the title says `centring`; 0: not */
};

/* What a row showed last, so that only great changes are lit up. */
struct ui_flash {
    int64_t price_ticks, lots[SIDE_COUNT], until_ns[SIDE_COUNT];
};

struct ui_question {
    enum question_kind kind;
    struct command yes;
    int64_t opened_ns, left_ns; /* left_ns 0: its frame has not left the terminal's buffer yet */
    bool drawn;
    uint8_t focus;     /* 0: no, 1: yes */
    uint8_t yes_count; /* answers wanted still, 2 when the book left LIVE or the order would take */
    bool would_rest;   /* as asked; if it turns, a second y is wanted */
    bool turned;       /* it did: the note says what it would do now */
    bool not_live;
    bool again; /* the first of two answers has been given */
    char title[64], note[80];
    uint8_t lines;
    char line[UI_LINES_MAX][UI_LINE_MAX];
    char no_word[12], yes_words[32];
    char expiry[24]; /* "nothing sent" */
};

struct ui_text {
    enum text_kind kind;
    char value[UI_COMMAND_MAX]; /* of a command; the others are at most UI_FIELD_MAX long */
    uint8_t size;
    bool
        fresh; /* value is the one before it was opened: the first letter takes its place, erasing edits it */
    int64_t opened_ns;
    char history[UI_HISTORY_MAX][UI_COMMAND_MAX]; /* newest first */
    uint16_t histories;
    bool past_only;        /* the list shows lines typed before alone */
    enum ui_overlay under; /* what it was opened from, and gives back: the help, the settings, or nothing */
};

/* A replay's speed that was asked for, until a frame tells of it. */
struct ui_speed {
    int64_t asked_x1000, asked_ns; /* asked_ns 0: none waits */
};

/* One of a list of names, over the blotter. */
enum choose_kind { CHOOSE_THEME, CHOOSE_LAYOUT };

struct ui_choose {
    enum choose_kind kind;
    uint8_t count, at;
    char name[UI_CHOICES_MAX][UI_CHOICE_SIZE];
    char before[UI_CHOICE_SIZE]; /* the theme that Esc returns to */
};

struct ui {
    struct ui_config config;
    struct keymap keys;
    struct ui_host host;
    const struct view_frame *frame;  /* the newest; NULL before the first */
    struct view_frame *frozen_frame; /* room for Z */
    bool frozen;
    int64_t frozen_ns, now_ns;
    int cols, rows, price_cols;
    struct layout layout;
    enum layout_zoom zoom;
    uint8_t zoom_line; /* chosen line of the enlarged panel */
    uint8_t hidden;    /* a bit for each enum side_panel */
    bool one_instrument;
    enum screen_id screen;
    enum ui_focus focus;
    enum ui_overlay overlay;

    struct ui_ladder ladder;
    int64_t row_ticks_of[INSTRUMENTS_MAX]; /* kept while another instrument is shown */
    struct ui_flash flash[VIEW_ROWS_MAX];
    uint16_t flashes;
    enum ladder_show show;
    uint16_t instrument_id, second_id;
    bool instrument_known;
    int64_t second_bar_lots;

    int64_t size_e8;
    uint8_t size_preset;

    bool flatten_waits;              /* for the first picture of the instrument it is of */
    char flatten_args[UI_FIELD_MAX]; /* "--worst 61800", or nothing */

    bool armed;
    int64_t armed_ns;    /* of the last order key, or of arming */
    int64_t not_live_ns; /* since when the book is not LIVE; 0: it is */
    int64_t last_sent_ns;
    struct order_intent last_sent;

    struct ui_question question;
    struct ui_text text;
    struct ui_palette palette;
    struct ui_ticket ticket;
    struct ui_list list;
    struct ui_controls controls;
    struct ui_limit limit;
    struct ui_setting setting;
    struct ui_settings settings;
    struct ui_script script;
    struct ui_strategies strategies;
    struct ui_market market;
    struct ui_chart chart;
    struct ui_choose choose;
    char theme[UI_CHOICE_SIZE]; /* the one in use */
    struct saved_layout layouts[SAVED_LAYOUTS_MAX];
    uint8_t layouts_count;
    char layout_name[SAVED_LAYOUT_NAME]; /* asked for, and waits for the first frame; "": none */
    struct ui_results results;
    struct ui_system system;
    struct ui_journal journal;
    struct view_trail *trail; /* the newest page; never NULL */
    uint64_t story_seq;       /* the order whose story lies open */
    int64_t story_asked_ns;
    uint16_t story_top;
    struct ui_help help;
    uint16_t detail_lines, detail_top; /* top: the first row that is shown */
    char detail_title[64];
    char detail[UI_DETAIL_MAX][UI_LINE_MAX];

    bool moving; /* an order is picked up */
    struct order move_order;
    int64_t move_lots; /* what is to be left of it; 0: as it is */

    struct ui_say say;
    struct ui_message message;
    uint32_t command_seq, answer_seen_seq, group_seq; /* group_seq: of the newest OCO by hand */
    struct order_intent preview;
    int64_t preview_ns; /* of the last one sent */
    struct view_request view_sent;
    bool view_was_sent;

    bool alerts_known;                       /* a frame has come: what rang before it is no news */
    uint64_t alerts_rung;                    /* of the engine's count, told */
    struct view_log_line note[UI_NOTES_MAX]; /* newest first */
    uint8_t notes;
    uint64_t note_seq;

    int export_rows;       /* of the file that is being written */
    int64_t frame_came_ns; /* the last one */
    bool watching;         /* as of the last frame: another screen is in control, or none */
    enum trading_state state_seen;
    int64_t state_changed_ns;
    int64_t paused_ns;                         /* by Space, or seen: resume is dead for 1.5 s after it */
    bool kill_report, kill_list, tutor_hidden; /* kill_list: Tab has gone on to the lists */
    int64_t kill_seen_ns;
    uint64_t bell_seen_seq;
    int64_t bell_ns, quit_asked_ns;
    bool bell_is_seen; /* the NEXT row flashes instead of a sound */
    bool locked;
    char lock_typed[UI_FIELD_MAX];
    int64_t locked_since_ns; /* event time */
    struct ui_bookmarks bookmarks;
    struct ui_speed speed;
    int64_t jump_left_ns; /* a time behind the end of the recording, given up */
    bool changed;         /* the picture must be drawn anew */
};

/* --- small questions everyone asks (ui_facts.c) --------------------------------------------------------- */
const struct view_frame *ui_view(const struct ui *ui); /* the frozen or the newest frame; NULL: none */
const struct view_instrument *ui_instrument(const struct ui *ui); /* of the picture; NULL: none */
/* The picture is of the instrument that was chosen: until then prices and sizes in it are another one's. */
bool ui_picture_came(const struct ui *ui);
/* How many instruments but this one a position is held in; *first: the symbol of one of them. */
int ui_other_position(const struct view_frame *frame, uint16_t instrument_id, const char **first);
const struct view_scale *ui_scale(const struct ui *ui); /* never NULL */
bool ui_book_live(const struct ui *ui);
bool ui_killed(const struct ui *ui); /* KILLED, or cancels on their way */
const char *ui_owner_name(const struct view_frame *frame, uint16_t owner);
const struct view_order *ui_order_find(const struct view_frame *frame, uint64_t seq);
uint32_t ui_open_orders(const struct ui *ui); /* of all instruments */
bool ui_at_stake(const struct ui *ui);        /* orders, a position or a strategy ON */
/* How many strategies are ON, and them for a sentence: "ofi", "ofi and mm", "3 strategies"; "" none. */
#define STRATEGIES_ON_SIZE (2 * OWNER_NAME_SIZE + 8)
int ui_strategies_on(const struct ui *ui, char *out, size_t size);
/* The price that the row of an order says: of what has filled as a market order the one that it got. */
int64_t ui_order_ticks(const struct order *order);
/* What an order that is not sent yet says of its price: a trailing stop has none, but a distance. */
struct number_text ui_order_price(const struct ui *ui, const struct order_intent *intent);
int64_t ui_size_lots(const struct ui *ui);
bool ui_tutor_shown(const struct ui *ui); /* FIRST TIME? stands in NEXT */
/* The one whose name begins with it, else the first that has it; NULL: none, or nothing is typed. The view's. */
const struct view_instrument *ui_find_instrument(const struct ui *ui, const char *part);
/* Of this name, or of this base where that tells it, in whichever case; -1: none, or no frame yet. */
int ui_instrument_named(const struct ui *ui, const char *symbol);

/* --- commands and answers (ui_send.c) -------------------------------------------------------------------- */
struct command ui_command(const struct ui *ui, enum command_kind kind);
bool ui_send(struct ui *ui, struct command *command); /* numbers it; false: said so */
/* Why this screen may change nothing; NULL: it may. out has room for the words. */
const char *ui_barred(const struct ui *ui, char *out, size_t size);
const char *ui_halted_words(const struct view_status *status); /* what HALTED lets through, and the way out */
bool ui_silent(const struct ui *ui); /* an engine elsewhere does not tell anything: what is shown is old */
bool ui_may_change(struct ui *ui);   /* false: said why not */
void ui_answers(struct ui *ui);      /* of the newest frame */
void ui_view_request(struct ui *ui); /* asks for rows if what is wanted has changed */
/* Of one instrument, side, kind, prices and size. */
bool ui_same_order(const struct order_intent *a, const struct order_intent *b);
bool ui_order_denied(const struct ui *ui); /* the gate would deny what is asked about, or under the cursor */
struct order_intent ui_judged_intent(const struct ui *ui); /* the order that NEXT and the gate are about */
void ui_preview(struct ui *ui, bool frame_only);           /* asks for the gate's verdict if due */
void ui_ring(struct ui *ui);

/* --- the ladder (ui_ladder.c) ------------------------------------------------------------------------------ */
void ladder_new_instrument(struct ui *ui);
void ladder_on_frame(struct ui *ui);
bool ladder_tick(struct ui *ui);
void ladder_move_cursor(struct ui *ui, int rows);
void ladder_move_tick(struct ui *ui, int ticks);
/* True, and said: it would move the cursor, and while KILLED the ladder has none. */
bool ladder_without_cursor(struct ui *ui, enum key_action action);
void ladder_to_inside(struct ui *ui);
void ladder_centre(struct ui *ui);
void ladder_scrolled(struct ui *ui); /* by hand: recentring waits */
void ladder_step(struct ui *ui, int direction);
void ladder_set_side(struct ui *ui, enum side side);
void ladder_show_next(struct ui *ui);
int ladder_row_of(const struct view_ladder *ladder, int64_t price_ticks, enum side side); /* -1: not shown */
int ladder_cursor_row(const struct ui *ui);                                               /* -1: not shown */
int ladder_cursor_away(
    const struct ui *ui); /* 1: above the rows shown and asked for, -1: below, 0: in them */
enum ladder_show ladder_shown(const struct ui *ui); /* the view, traded where it has columns of its own */
int64_t ladder_order_ticks(const struct ui *ui);    /* price an order at the cursor gets; 0: none */
void ladder_find_bars(struct ui *ui, bool force);
bool ladder_flashes(const struct ui *ui, int64_t price_ticks, enum side side);
int64_t ladder_bars_of(const struct view_ladder *ladder); /* 90th percentile of the visible rows */

/* What stands beside the price of a row. False: nothing. (ladder_mark.c) */
struct ladder_mark {
    char letter; /* '!': an alert */
    const char *words;
    int64_t price_ticks;
};
bool ladder_mark_at(const struct ui *ui, const struct view_ladder *ladder, const struct view_scale *scale,
                    int row, struct ladder_mark *out);

/* --- orders (ui_order.c) ------------------------------------------------------------------------------------ */
struct order_intent order_at_cursor(const struct ui *ui, enum order_type type);
/* Whatever the book is: mode, state and picture let an order out. False: said why not. */
bool order_may_leave(struct ui *ui);
bool flatten_may_leave(struct ui *ui);                   /* likewise of a flatten */
bool order_keys_work(struct ui *ui);                     /* the same, and the book is LIVE */
void order_send(struct ui *ui, struct command *command); /* at once if armed, else asks */
void order_key(struct ui *ui, enum order_type type);
void order_stop_at(struct ui *ui, int64_t stop_ticks); /* of the whole position; says why not */
/* Our open order that u and x mean at the cursor; NULL: none. */
const struct view_order *order_here(const struct ui *ui);
void order_cancel_here(struct ui *ui);
void order_cancel_seq(struct ui *ui, uint64_t seq);
void order_cancel_all(struct ui *ui);
void order_cancel_side(struct ui *ui, enum side side);
void order_flatten(struct ui *ui, int64_t worst_ticks);
bool ui_is_flat(const struct ui *ui); /* here, and no order that could change it: nothing to flatten */
void flatten_on_frame(struct ui *ui);
void flatten_forget(struct ui *ui);                  /* a key came first: said so */
void flatten_later(struct ui *ui, const char *args); /* with the first picture of the instrument chosen */
void order_reverse(struct ui *ui);
void order_pick(struct ui *ui);
void order_put(struct ui *ui);
void order_size_step(struct ui *ui, int direction);
void order_size_typed(struct ui *ui, const char *value); /* the same as text; says what is wrong with it */
int64_t move_left_lots(const struct ui *ui);             /* what is to be left of the one that is picked up */

/* --- arming, modes, states (ui_mode.c) ------------------------------------------------------------------- */
void arm_toggle(struct ui *ui);
void arm_off(struct ui *ui, const char *why); /* why NULL: silently */
void arm_used(struct ui *ui);
void mode_set(struct ui *ui, enum trading_mode mode);
void pause_key(struct ui *ui); /* pauses; paused, or with a replay's clock held: goes on */
void pause_now(struct ui *ui); /* never goes on */
bool ui_is_paused(const struct ui *ui);
/* What the key of pause would do now: pause, hold, resume, play. There is a frame. */
const char *ui_pause_word(const struct ui *ui);
void kill_key(struct ui *ui);
void state_set(struct ui *ui, enum trading_state state);
void quit_key(struct ui *ui, bool at_once);
void mode_on_first_frame(struct ui *ui);
void mode_on_frame(struct ui *ui);
bool mode_tick(struct ui *ui);

/* --- questions (ui_question.c) --------------------------------------------------------------------------- */
void question_open(struct ui *ui, enum question_kind kind, const struct command *yes);
void question_refresh(struct ui *ui); /* its lines say what is true now (question_text.c) */
/* What leaving would leave behind. */
void question_quit_note(const struct ui *ui, char *out, size_t size);
void question_key(struct ui *ui, enum key_action action);
void question_close(struct ui *ui, const char *why);
bool question_tick(struct ui *ui);

/* --- text fields, prompt (ui_text.c, prompt_table.c) ------------------------------------------------------------ */
void text_open(struct ui *ui, enum text_kind kind);
void text_set(struct ui *ui, const char *value); /* as if it had been typed */
void text_key(struct ui *ui, const struct key_event *key, enum key_action action);
void prompt_run(struct ui *ui, const char *line);
/* The keys that do the same, as bound, of the first place that has one; "": none. Returns out. */
const char *ui_word_keys(const struct ui *ui, const struct prompt_word *word, char *out, size_t size);
const struct config *ui_settings(const struct ui *ui); /* NULL: they are another program's */

/* --- lists as CSV (ui_copy.c); what makes them: ui_screens.h ------------------------------------------------------ */
struct csv;
void ui_copy(struct ui *ui);                     /* this screen's, by OSC 52 */
void ui_export(struct ui *ui, const char *name); /* into a file; "": named by what it is */
const char *list_csv(const struct ui *ui, struct csv *csv);
const char *market_csv(const struct ui *ui, struct csv *csv);
const char *controls_csv(const struct ui *ui, struct csv *csv);
const char *results_csv(const struct ui *ui, struct csv *csv);
const char *journal_csv(const struct ui *ui, struct csv *csv);
const char *system_csv(const struct ui *ui, struct csv *csv);

/* --- screens ------------------------------------------------------------------------------------------------- */
void ui_screen_show(struct ui *ui, enum screen_id screen);
char *ui_filter(struct ui *ui); /* of this screen's list, UI_FIELD_MAX bytes; NULL: it has none */

/* --- the story of an order (ui_story.c, story_panel.c) -------------------------------------------------------- */
void story_open(struct ui *ui, uint64_t seq);
void story_on_frame(struct ui *ui);
void story_run(struct ui *ui, const char *args);
bool story_scroll(struct ui *ui, int direction);        /* half a page; false: nothing further there */
int story_scroll_max(const struct ui *ui);              /* story_panel.c */
const struct view_story *story_of(const struct ui *ui); /* NULL: has not come, or is forgotten */

/* --- choosing a theme (ui_choose.c, choose_panel.c) ------------------------------------------------------------ */
void theme_run(struct ui *ui, const char *args); /* NAME, or nothing: the chooser */
bool theme_use(struct ui *ui, const char *name); /* false: said why not */
bool theme_show(struct ui *ui, const char *name, char *why, size_t why_size); /* likewise, but says nothing */
void choose_move(struct ui *ui, int rows);
void choose_take(struct ui *ui);
void choose_leave(struct ui *ui); /* as it was */

/* --- arrangements under a name, panels, the second ladder (ui_layouts.c) ---------------------------------------- */
void layouts_init(struct ui *ui, const char *list, const char *start);
void layouts_run(struct ui *ui, const char *args); /* NAME, save NAME, drop NAME, or nothing: the chooser */
void layout_apply(struct ui *ui, const struct saved_layout *saved);
void layouts_on_frame(struct ui *ui);
void panel_run(struct ui *ui, const char *args);  /* PANEL on|off */
void zoom_run(struct ui *ui, const char *args);   /* ladder|list|chart|position|flow|risk|off */
void second_run(struct ui *ui, const char *args); /* SYMBOL */
void zoom_set(struct ui *ui, enum layout_zoom zoom);

/* --- details (ui_detail.c) ----------------------------------------------------------------------------------- */
void detail_open(struct ui *ui, const char *title);
int detail_cols(const struct ui *ui); /* its rows' columns, and how many rows its lines take, wrapped */
int detail_rows(const struct ui *ui);
bool detail_scroll(struct ui *ui, int direction); /* a line; false: nothing further there */
void detail_add(struct ui *ui, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- alerts (ui_alert.c) ---------------------------------------------------------------------------------- */
void alert_toggle(struct ui *ui, int64_t price_ticks); /* of the shown instrument; 0: nothing is aimed at */
void alert_on_frame(struct ui *ui);
void alert_run(struct ui *ui, const char *args); /* [SYMBOL] KIND >|< FIGURE, drop N, clear, or nothing */
void alerts_run(struct ui *ui, const char *args);
void alert_list_open(struct ui *ui);
void alert_prompt(struct ui *ui, uint16_t instrument_id); /* the prompt with its beginning typed */

/* --- a replay's clock (ui_replay.c) ------------------------------------------------------------------------------ */
void replay_speed(struct ui *ui, int direction); /* twice or half of what it is */
void replay_step(struct ui *ui);
void replay_bookmark(struct ui *ui);
void replay_on_frame(struct ui *ui);
void replay_again(struct ui *ui, int64_t at_ns); /* leaves; the host plays anew up to at_ns */
/* 14:07:32, of a recording longer than a day 11-21 14:07:32. */
struct number_text replay_clock(const struct view_status *status, int64_t ts_ns);
/* Is it being read up to a time that was asked for? */
bool replay_seeks(const struct view_status *status);

/* --- keys and mouse (ui_key.c, ui_mouse.c) ------------------------------------------------------------------ */
void ui_act(struct ui *ui, enum key_action action);
enum key_context ui_context(const struct ui *ui); /* the innermost */
void ui_mouse(struct ui *ui, const struct key_event *key);
void mouse_set(struct ui *ui, bool on);
void kill_report_copy(struct ui *ui);
void ui_instrument_show(struct ui *ui, uint16_t id);
void ui_instrument_step(struct ui *ui, int direction);
void ui_relayout(struct ui *ui);

#endif

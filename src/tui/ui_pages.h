/*
 * ui_pages.h - screens 2 to 8, settings and files of commands: what each knows, and what its ui_*.c does. Private to tui; part of
 * ui_state.h.
 */
#ifndef TUI_UI_PAGES_H
#define TUI_UI_PAGES_H

#include "tui/layout.h"
#include "tui/number_text.h"
#include "tui/palette.h"
#include "tui/ui.h"

/* Screen 2. Where the panels stand follows from the layout: chart_places(). */
struct ui_chart {
    enum chart_kind kind;
    uint8_t span[CHART_KINDS]; /* index in a list of spans, ui_chart.c */
    bool halves;               /* the terminal and the theme tell two steps of the heat map in one cell */
    bool span_set;             /* else the first ones */
    bool fitted;               /* the first candles have been seen */
    uint8_t finer;             /* first ones: so many steps shorter, since there was little to show */
    uint16_t back;             /* columns that end so many before now */
    int64_t row_ticks;         /* of the heat map; 0: the engine chooses */
    bool cross;
    int64_t cross_ms, cross_ticks;
};

struct chart_places {
    struct span plot, axis, side; /* side.cols 0: none */
    int plot_row, plot_rows;
    int volume_row, volume_rows; /* bought above, sold below; rows even */
    int cvd_row, cvd_rows;       /* 0 rows: none */
    int time_row, legend_row;    /* -1: none */
    int each;                    /* columns of a candle */
};

/* Screen 3: the chosen instrument stays the same while rows are sorted anew. */
enum market_column {
    MARKET_SYMBOL,
    MARKET_LAST,
    MARKET_CHANGE,
    MARKET_TREND,
    MARKET_VALUE,
    MARKET_SPREAD,
    MARKET_IMBALANCE,
    MARKET_VOLATILITY,
    MARKET_PRINTS,
    MARKET_RANGE,
    MARKET_BID,
    MARKET_ASK,
    MARKET_BOOK,
    MARKET_POSITION,
    MARKET_COLUMNS
};

struct ui_market {
    uint16_t chosen;         /* index in view_status.instrument[] */
    bool chosen_set;         /* else the one that is shown */
    enum market_column sort; /* MARKET_SYMBOL at first */
    bool turned;             /* the least stands first */
    bool map;                /* a tree map instead of the list */
    uint8_t span;            /* of the trends: index in a list of candle frames, ui_market.c */
    char filter[UI_FIELD_MAX];
};

/* Screen 6: a table of figures, a column an owner. The column stays the same while others come in. */
enum results_figure {
    FIGURE_NET,
    FIGURE_TRADES,
    FIGURE_WIN_RATE,
    FIGURE_MEAN_WIN,
    FIGURE_MEAN_LOSS,
    FIGURE_FACTOR,
    FIGURE_EXPECTED,
    FIGURE_BEST,
    FIGURE_WORST,
    FIGURE_HELD,
    FIGURE_MARKET,
    FIGURE_FILLS,
    FIGURE_TURNOVER,
    FIGURE_MAKER,
    FIGURE_FEES,
    FIGURE_SLIPPAGE,
    FIGURE_DRAWDOWN,
    FIGURE_DRAWDOWN_SHARE,
    RESULTS_FIGURES
};

struct ui_results {
    enum results_period period;
    enum results_figure figure;  /* chosen */
    char owner[OWNER_NAME_SIZE]; /* likewise; "": all */
    bool spread;                 /* narrow: histogram and hours are the page */
};

/* Screen 5: chosen is the row's place in view_controls, so that it stays the same while rows are sorted anew. */
struct ui_controls {
    uint16_t chosen;
    bool gates; /* the gates have the focus; narrow: they are the page */
    char filter[UI_FIELD_MAX];
};

/* A limit on its way: the engine says whether it loosens, then a word is asked for. */
struct ui_limit {
    struct command command;
    uint32_t seq; /* of the command without the word; 0: none waits */
    char name[48], value[32];
    char waiting[UI_COMMAND_MAX]; /* "max_value 500" until the limits have come */
};

/* A setting that the engine was asked for: it counts when that has said yes. */
struct ui_setting {
    char name[CONFIG_NAME_ROOM], value[UI_COMMAND_MAX];
    uint32_t seq; /* of the command; 0: none */
    bool asked;   /* the next command for it is the one */
    bool unset;   /* back to what it was before the run */
};

struct ui_script {
    const struct script *script; /* NULL: none */
    enum ui_script_state state;
    size_t at;
    bool waits;          /* its line has been run: for the engine's answer */
    struct command sent; /* seq 0: it has sent nothing */
    int64_t since_ns;
};

struct ui_settings {
    uint16_t chosen; /* of the rows that the filter lets through */
    char filter[UI_COMMAND_MAX];
};

enum strategies_focus {
    STRATEGIES_LIST,
    STRATEGIES_PARAMETERS, /* narrow: they and the detail are the page */
    STRATEGIES_SIGNALS,    /* they are where the detail was, each with what it is and where it comes from */
    STRATEGIES_FOCUSES
};

/* Screen 4. */
struct ui_strategies {
    uint16_t owner; /* the chosen one; OWNER_MANUAL: none yet */
    enum strategies_focus focus;
    uint16_t parameter, signal; /* chosen; the first one shown */
    char waiting[UI_FIELD_MAX]; /* "gamma 0.2" of a :set whose strategy has not come yet */
};

/* Screen 7. The chosen row stays the same while others come. */
enum journal_tab {
    JOURNAL_ALL,
    JOURNAL_ORDERS,
    JOURNAL_FILLS,
    JOURNAL_DENIED,
    JOURNAL_COMMANDS,
    JOURNAL_STATES,
    JOURNAL_SYSTEM,
    JOURNAL_TABS
};

struct ui_journal {
    enum journal_tab tab;
    uint64_t chosen;   /* record; 0: the newest, and what comes is followed */
    uint64_t open_seq; /* the order that is followed over the whole screen; 0: the list */
    uint16_t top;      /* its first step shown */
    char filter[UI_FIELD_MAX];
    struct view_trail_request sent;
    bool was_sent;
};

/* Screen 8, in the order in which the cursor passes them. */
enum system_section {
    SYSTEM_LATENCY,
    SYSTEM_FEED,
    SYSTEM_QUEUES,
    SYSTEM_MEMORY,
    SYSTEM_THREADS,
    SYSTEM_STORE,
    SYSTEM_INSTANCE,
    SYSTEM_START,
    SYSTEM_VERSIONS,
    SYSTEM_SECTIONS
};

struct ui_system {
    enum system_section section;
    uint16_t row; /* chosen one of it */
};

/* --- screen 5 (ui_controls.c, ui_limit.c) ----------------------------------------------------------------- */
struct controls_line {
    int16_t control; /* its place in view_controls; -1: a heading */
    uint8_t group;
};
#define CONTROLS_LINES_MAX (VIEW_CONTROLS_MAX + CONTROLS_PROCESS + 1)
/* Limits by group (framed) or the most used first; or the gates as they come. After the filter; returns how many. */
int controls_lines(const struct ui *ui, bool gates, struct controls_line *line, int max);
const struct view_control *controls_chosen(const struct ui *ui); /* NULL: none */
bool controls_act(struct ui *ui, enum key_action action);        /* false: not a key of this screen */
/* Several limits are of one control, which counts what they denied together. */
bool control_is_shared(const struct ui *ui, const struct view_control *control);
/* Its code, and where others have the same one what tells it from them: "COLLAR limit". */
struct number_text control_label(const struct ui *ui, const struct view_control *control);
bool control_is_gate(const struct view_control *control);
/* Its figure is of an order that is over: however large, it brings nothing nearer. */
bool control_is_over(const struct view_control *control);
int64_t control_worst(const struct view_control *control);     /* the greater of now and worst */
int64_t control_use_x1000(const struct view_control *control); /* share of the limit, 0 and more */
int64_t control_left(const struct view_control *control);      /* VIEW_NONE: nothing is used up */
struct number_text control_number(const struct ui *ui, const struct view_control *control, int64_t value);
struct number_text control_limit_text(const struct ui *ui, const struct view_control *control);
void control_explain(struct ui *ui, const struct view_control *control); /* opens its detail */
void controls_next_text(const struct ui *ui, char *out, size_t size); /* what NEXT says of the chosen one */
void limit_run(struct ui *ui, const char *args);                      /* NAME VALUE */
bool limit_answered(struct ui *ui, const struct view_answer *answer); /* true: the word is asked for */
const char *limit_word(const struct ui *ui);                          /* what is to be typed */
void limit_word_done(struct ui *ui, const char *word);

void limit_on_frame(struct ui *ui);

/* --- a locked screen (ui_lock.c) ------------------------------------------------------------------------------ */
void lock_key(struct ui *ui, const struct key_event *key);
bool lock_hides(const struct ui *ui); /* locked, and the picture is not to be seen */
void lock_next_text(const struct ui *ui, char *out, size_t size);

/* --- files of commands (ui_script.c) -------------------------------------------------------------------------- */
void script_on_frame(struct ui *ui);
bool script_runs(const struct ui *ui); /* what is done now, a file does */
void script_sent(struct ui *ui, const struct command *command);

/* --- settings (ui_settings.c) -------------------------------------------------------------------------------- */
void setting_sent(struct ui *ui, const struct command *command);
void setting_forget(struct ui *ui); /* what was asked for will not be sent */
void setting_answered(struct ui *ui, const struct view_answer *answer);
bool setting_is_engines(const struct ui *ui,
                        const char *name); /* of an engine elsewhere: its value is not known here */
const char *setting_effect(const struct ui *ui, const char *name); /* "takes a restart" */
const char *setting_source(const struct ui *ui, const char *name, char *out, size_t size); /* "file:12" */
int settings_rows(const struct ui *ui, uint16_t row[CONFIG_OPTIONS_MAX]); /* what the filter lets through */
const struct option *settings_chosen(const struct ui *ui); /* NULL: the filter lets nothing through */
int settings_list_rows(const struct ui *ui); /* of the page; what the chosen one means has the rest */
void settings_key(struct ui *ui, uint32_t key);
void settings_filter(struct ui *ui, const char *text); /* names and meanings that have it; "": all */
void settings_leave(struct ui *ui);                    /* the filter first, then the page */
void settings_next_text(const struct ui *ui, char *out, size_t size);

/* --- screen 2 (ui_chart.c) ---------------------------------------------------------------------------------- */
struct chart_places chart_places(const struct ui *ui);
/* Nothing to draw, and why; a picture that was held on another screen may not have it. */
void chart_empty(struct canvas *canvas, const struct ui *ui, const char *why);
uint32_t chart_span_s(const struct ui *ui);       /* of a candle, of a column */
const char *chart_span_word(const struct ui *ui); /* "15 s" */
void chart_request(const struct ui *ui, struct view_request *out);
/* Prices of the rows of the candles: of the upper edge and the lower; false: there is nothing to draw. */
bool chart_candle_range(const struct ui *ui, int64_t *high_ticks, int64_t *low_ticks);
int chart_col_of(const struct ui *ui, int64_t ms);          /* column of the plot, from 0; < 0: not shown */
int chart_row_of(const struct ui *ui, int64_t price_ticks); /* row of the plot, from 0; < 0: not shown */
/* Rows of the heat map in one of the plot: 1 or 2, as the picture that has come has them. */
int chart_rows_each(const struct ui *ui);
/* The map's own row, from 0 to its rows - 1; < 0: not shown. */
int chart_map_row_of(const struct ui *ui, int64_t price_ticks);
bool chart_act(struct ui *ui, enum key_action action);
void chart_on_frame(struct ui *ui); /* the first candles choose how long one is */
void chart_next_text(const struct ui *ui, char *out, size_t size);

/* --- screen 3 (ui_market.c) --------------------------------------------------------------------------------- */
#define MARKET_SPANS 4
/* Instruments that the filter lets through, in the order shown; returns how many. */
int market_rows(const struct ui *ui, uint16_t index[INSTRUMENTS_MAX]);
uint16_t market_chosen(const struct ui *ui); /* index in view_status.instrument[] */
const char *market_column_name(enum market_column column);
uint32_t market_point_s(const struct ui *ui);      /* between two points of the trends */
const char *market_span_word(const struct ui *ui); /* "10 min" */
bool market_act(struct ui *ui, enum key_action action);
void market_next_text(const struct ui *ui, char *out, size_t size);

/* --- screen 6 (ui_results.c, results_text.c) ------------------------------------------------------------------ */
#define RESULTS_FEW 20                                       /* a figure over fewer trades says so */
const char *results_period_word(enum results_period period); /* "7 days" */
const char *results_figure_word(enum results_figure figure);
int results_owner(const struct ui *ui); /* the chosen one, index in view_results.owner[] */
/* Of how many trades, wins or losses a figure is a mean; 0: it is none. */
uint64_t results_figure_of(const struct view_results_owner *owner, enum results_figure figure);
/* As the table says it; "-": there is none. */
struct number_text results_figure_text(const struct view_results *results, int owner,
                                       enum results_figure figure);
int64_t results_figure_sign(const struct view_results *results, int owner,
                            enum results_figure figure); /* of money */
/* What it is, out of which numbers. */
void results_figure_explain(const struct view_results *results, int owner, enum results_figure figure,
                            char *out, size_t size);
bool results_act(struct ui *ui, enum key_action action);
void results_next_text(const struct ui *ui, char *out, size_t size);

/* --- screen 4 (ui_strategies.c, ui_parameter.c) ------------------------------------------------------------ */
const struct view_strategy *strategies_chosen(const struct ui *ui); /* NULL: there is none */
uint16_t strategies_owner(const struct ui *ui); /* of the chosen one; OWNER_MANUAL: none */
/* Of the chosen one; NULL: has not come yet. */
const struct view_strategy_detail *strategies_detail(const struct ui *ui);
const char *strategy_state_word(const struct view_strategy *strategy);
void strategies_net_text(const struct ui *ui, char *out, size_t size); /* "net +0.015 = ofi +0.010, ..." */
bool strategies_act(struct ui *ui, enum key_action action);
void strategies_next_text(const struct ui *ui, char *out, size_t size);
void strategy_turn(struct ui *ui, const struct view_strategy *strategy, bool on); /* in live it asks */
void strategy_turn_named(struct ui *ui, const char *name, bool on);
void strategy_reload(struct ui *ui, const struct view_strategy *strategy);
void strategy_reload_named(struct ui *ui, const char *name);
const struct view_strategy *strategy_named(const struct view_frame *frame, const char *name, size_t size);
void strategies_on_frame(struct ui *ui);
/* "0.5" as the command wants it; false: *why says what is wrong. */
bool parameter_parse(const struct view_parameter *parameter, const char *text, int64_t *out, char *why,
                     size_t why_size);
void parameter_range_text(const struct view_parameter *parameter, char *out, size_t size);
void parameter_edit(struct ui *ui);
void parameter_done(struct ui *ui, const char *text);
void parameter_step(struct ui *ui);                  /* the next allowed word, of what is no number */
void parameter_run(struct ui *ui, const char *args); /* NAME.PARAMETER VALUE */

/* --- screen 7 (ui_journal.c) --------------------------------------------------------------------------------- */
const char *journal_tab_name(enum journal_tab tab);
const struct view_trail_row *journal_chosen(const struct ui *ui); /* NULL: there is none */
uint64_t journal_life_of(const struct ui *ui);                    /* whose steps are shown; 0: nobody's */
int journal_steps(const struct ui *ui);                           /* of it, that have come */
int journal_steps_hidden(const struct ui *ui);                  /* chain_panel.c: so far it can be scrolled */
struct number_text journal_time_text(int64_t ts_ns, bool date); /* "2026-11-21 14:07:32.000" */
int64_t journal_between(int64_t later_ns, int64_t earlier_ns);  /* VIEW_NONE: no clock has that */
void journal_ask(struct ui *ui);                                /* what is wanted, if it has changed */
void journal_follow(struct ui *ui, uint64_t order_seq);
void journal_follow_run(struct ui *ui, const char *args);
bool journal_act(struct ui *ui, enum key_action action);
void journal_next_text(const struct ui *ui, char *out, size_t size);

/* --- screen 8 (ui_system.c) --------------------------------------------------------------------------------- */
struct system_place {
    enum system_section section;
    int rows; /* with the heads of its columns */
};
const char *system_section_name(enum system_section section);
int system_pages(const struct ui *ui, int *page); /* narrow: how many, and which one is shown; else 1 */
/* The sections of a column (narrow: of the page) for so many rows, one for a rule between two; returns how many. */
int system_places(const struct ui *ui, int column, int rows, struct system_place place[SYSTEM_SECTIONS]);
int system_rows(const struct ui *ui, enum system_section section); /* that it has */
bool system_has_head(enum system_section section);                 /* a row of heads above them */
const struct view_fact *system_fact(const struct ui *ui, enum system_section section,
                                    int row); /* NULL: none */
bool system_is_chosen(const struct ui *ui, enum system_section section, int row);
bool system_act(struct ui *ui, enum key_action action);
void system_next_text(const struct ui *ui, char *out, size_t size);

/* --- what the frame tells of positions (ui_facts.c) --- */

/* "stop covers 0.01 of 0.02": a position was added to, and its stop was not. False: it covers all, or there is none. */
bool ui_stop_is_short(const struct ui *ui, char *out, size_t size);
/* "covers 0.01 of 0.02": what a stop would protect, with those that stand. False: it is none. */
bool ui_stop_would_cover(const struct ui *ui, const struct order_intent *intent, char *out, size_t size);
/* The first strategy that left a position to nobody; NULL: none. */
const struct view_strategy *ui_unmanaged(const struct ui *ui);
/* "ofi DISABLED left SHORT 0.1861 ETH"; "f closes", or what goes before it in this state and on this screen. */
const char *ui_left_text(const struct ui *ui, const struct view_strategy *left, bool brief, char *out,
                         size_t size);
const char *ui_way_out(const struct ui *ui, uint16_t instrument, char *out, size_t size);
/* Of a limit that rests: "1.2 bp under the bid", "at the ask", "<0.1 bp inside the spread"; "": there is no touch. */
const char *ui_away_text(const struct ui *ui, const struct view_next *next, char *out, size_t size);

#endif

/*
 * view_screens.h - the topics of single screens: filled only when somebody looks at one (view_request.screen). Part of view.h,
 * under its rules.
 */
#ifndef VIEW_VIEW_SCREENS_H
#define VIEW_VIEW_SCREENS_H

/* --- screen 5 Risk: filled when asked for (view_request.screen) ------------------------------------------- */

enum view_control_group { /* in the order of the screen */
                          CONTROLS_EXPOSURE,
                          CONTROLS_ONE_ORDER,
                          CONTROLS_LOSS,
                          CONTROLS_RATE,
                          CONTROLS_DATA,
                          CONTROLS_GATES, /* no bar: a word */
                          CONTROLS_PROCESS
};
enum view_unit {
    VIEW_UNIT_MONEY,
    VIEW_UNIT_COUNT,
    VIEW_UNIT_BP,
    VIEW_UNIT_MS,
    VIEW_UNIT_S,
    VIEW_UNIT_PERCENT,
    VIEW_UNIT_QTY,
    VIEW_UNIT_RATIO_X10,
    VIEW_UNIT_NONE
};

#define VIEW_LIMIT_NONE UINT16_MAX

struct view_control { /* one control */
    char code[20];    /* "MAX_POS" */
    enum view_control_group group;
    enum view_unit unit;
    int64_t now, worst,
        limit;       /* worst: if every open order filled; VIEW_NONE: none. VIEW_UNIT_QTY: e8 of the base */
    int64_t room_e8; /* of a loss told as a share of equity: the money that is left; VIEW_NONE: none */
    char word[40];   /* what numbers do not say: "ready", "ofi 1 of 20 in 60 s" */
    uint64_t denied,
        trips; /* today: orders that it denied; times it stopped a strategy, a symbol or everything */
    int64_t denied_ns, tripped_ns; /* last time, VIEW_NONE: never */
    char option[40];               /* "risk.max_position"; "": not a setting */
    char source[24];               /* "default", "risk.yaml:12", "you 14:02" */
    char help[120];                /* one line: what it limits */
    uint16_t limit_id;             /* COMMAND_SET_LIMIT's index; VIEW_LIMIT_NONE: not one that can be set */
    bool limit_decimal;            /* its number is e8 of the asset; else whole, in the option's own unit */
    uint8_t self_test;             /* at the start: 0 not run, 1 ok, 2 failed */
    int64_t tested_ns;             /* VIEW_NONE: never */
};

struct view_denial { /* newest first */
    uint64_t seq;    /* from 1, of this run */
    int64_t ts_ns;
    char code[20];
    uint16_t owner, instrument_id;
    enum side side;
    enum order_type type;
    int64_t qty_lots, price_ticks;
    char text[VIEW_TEXT_MAX]; /* "value=1236.84 limit=1000.00" */
    char by[24];              /* "by you", "by socket"; "": its owner wanted it */
    char help[120];           /* what the control limits */
};

struct view_controls {
    uint16_t controls;
    struct view_control control[VIEW_CONTROLS_MAX];
    uint16_t denials;
    struct view_denial denial[VIEW_DENIALS_MAX];
    uint16_t tests, tests_passed; /* the self-test at the start */
    int64_t tested_ns;
    int64_t gate_p50_ns, gate_p99_ns; /* VIEW_NONE: not measured (a replay) */
    uint64_t approved, sent;          /* out = in */
    int64_t counted_since_ns; /* what is said to be of today is counted from then on; 0: all of the day */
    bool kept;                /* in a journal: the last kill may be of an earlier run */
    int64_t last_kill_ns;     /* VIEW_NONE: none, or nobody knows when */
    char last_kill[VIEW_TEXT_MAX]; /* "by key K, everything: 4 of 4 cancelled; quiet after 0.2 s"; "": none */
    char schedule[VIEW_TEXT_MAX];  /* "open until Fri 15:58", "closed: Shabbat, opens Sat 18:40" */
};

/* --- screen 2 Chart: of the shown instrument, filled when asked for ------------------------------------------- */

#define VIEW_CHART_COLS   192
#define VIEW_CHART_ROWS   96
#define VIEW_HEAT_STEPS   8
#define VIEW_HEAT_UNKNOWN 8 /* no step: too far from the mid of then to have been kept */

struct view_candle {
    int64_t open_ms;
    int64_t open_ticks, high_ticks, low_ticks, close_ticks;
    int64_t lots, bought_lots;                       /* bought: by takers */
    int64_t vwap_ticks, mean_ticks, deviation_ticks; /* since 00:00 UTC; of 20 closes; VIEW_NONE: too early */
};

struct view_heat_column {
    int64_t begin_ms;
    int64_t touch_ticks[SIDE_COUNT]; /* at its end; 0: not known */
    int64_t bought_lots, sold_lots;
    int64_t cvd_lots; /* bought less sold since the first column shown */
    int64_t largest_ticks[SIDE_COUNT],
        largest_lots[SIDE_COUNT]; /* trade of that taker's side; lots 0: none */
    bool known;                   /* the book was LIVE */
};

struct view_cross { /* what stood at a price, and what became of it */
    bool valid;
    int64_t begin_ms, row_ticks;
    enum side side; /* of the touch it lies on */
    int64_t resting_lots;
    int64_t stood_ms;    /* at least half of it, without a break */
    int64_t ended_ms;    /* 0: it stands */
    int64_t traded_lots; /* in that row while it stood */
    int64_t touch_ticks; /* of its side, when it ended or now */
};

struct view_chart {
    uint8_t kind; /* enum chart_kind */
    uint32_t span_s;
    uint16_t candles; /* oldest first; a span without trades has none */
    struct view_candle candle[VIEW_CHART_COLS];
    uint16_t columns, rows;             /* heat map: oldest first; from the highest price down */
    int64_t row_ticks, top_ticks;       /* label of row 0: its lowest price */
    int64_t step_lots[VIEW_HEAT_STEPS]; /* least size of each step; [0]: 0 */
    struct view_heat_column column[VIEW_CHART_COLS];
    uint8_t step[VIEW_CHART_COLS]
                [VIEW_CHART_ROWS]; /* 0..7, with bit 3: not known; whatever else is there, & 15 */
    uint16_t bins;                 /* of now_lots: the map's rows, or of the depth from the lowest price up */
    int64_t bin_ticks, low_ticks;  /* depth: of a bin; lowest price of the first */
    int64_t now_lots[VIEW_CHART_COLS];
    struct view_cross cross;
};

/* --- screen 3 Market: filled when asked for ------------------------------------------------------------------ */

struct
    view_market_row { /* of view_status.instrument[] with the same index; of 24 h, or what is known of them */
    int64_t low_ticks, high_ticks; /* VIEW_NONE: no trade */
    int64_t volume_lots;
    int64_t value_e8;          /* of it in the quote asset, each quarter of an hour at its close */
    int64_t volatility_bp_x10; /* 1 min; VIEW_NONE */
    int64_t prints_x10;        /* trades a second, last 10 s */
    uint16_t points;           /* oldest first; the newest is the last price */
    int64_t point_ticks[VIEW_SPARK_MAX];
};

struct view_market {
    uint16_t rows;
    int64_t point_ms; /* between two points */
    int64_t since_ns; /* begin of the oldest of these days where it is not 24 h ago; VIEW_NONE: it is */
    struct view_market_row row[INSTRUMENTS_MAX];
};

/* --- screen 4 Strategy: the chosen one (view_request.owner) ------------------------------------------------ */

struct view_parameter {
    char name[32], unit[12], help[120];
    char value[40], preset[40], low[40], high[40]; /* low, high "": not a number; then allowed */
    char allowed[96];
    bool whole;   /* a number without places: COMMAND_STRATEGY_SET takes it plain, others in e8 */
    bool changed; /* not the default */
};

struct view_feature {
    char name[20];
    int32_t value_x1000, weight_x1000;
    bool met;
};

#define VIEW_SIGNALS_MAX 20

struct view_signal { /* of the shown instrument, whatever strategy is chosen; safe text */
    char name[20], value[24], what[88], source[44];
};

struct view_strategy_detail {
    uint16_t owner; /* OWNER_MANUAL: nothing is chosen */
    char version[24], about[120];
    bool plugin;
    char path[VIEW_TEXT_MAX]; /* of a plug-in, safe text */
    char symbols[128];
    uint64_t faults, strikes;
    int64_t call_p50_ns, call_p99_ns, call_max_ns, budget_ns; /* VIEW_NONE: not measured */
    uint16_t parameters;
    struct view_parameter parameter[VIEW_PARAMETERS_MAX];
    uint16_t features;
    struct view_feature feature[VIEW_FEATURES_MAX];
    uint16_t signals;
    struct view_signal signal[VIEW_SIGNALS_MAX];
    char goal[256]; /* "hold +0.010, passive, worst 61830.00"; "nothing" */
    /* what getting there cost */
    uint64_t orders, cancels, replaces, fills, maker_fills;
    int64_t wanted_lots, filled_lots, slippage_e8, fees_e8, queue_mean_ms; /* VIEW_NONE: none yet */
};

/* --- why an order filled or did not (view_request.story_seq) ----------------------------------------------- */

struct view_story_point {                  /* the queue over time */
    int64_t ts_ns, shown_lots, ahead_lots; /* by the deciding model; < 0: served */
};

struct view_story {
    uint64_t order_seq;  /* 0: none, or forgotten */
    uint64_t newest_seq; /* the last number that an order was given, of any run; 0: none yet */
    uint16_t instrument_id;
    uint16_t lines;
    char line[VIEW_STORY_LINES][VIEW_TEXT_MAX];
    uint16_t points;
    struct view_story_point point[VIEW_STORY_POINTS];
    int64_t qty_lots, filled_lots, price_ticks;
};

/* --- screen 6 Results: filled when asked for (view_request.period); all net of fees ------------------------- */

#define VIEW_RESULTS_POINTS 384
#define VIEW_RESULTS_BINS   40
#define VIEW_RESULTS_DAYS   7
#define VIEW_RESULTS_STARTS 64
#define VIEW_RESULTS_OWNERS (1 + OWNERS_MAX + 1) /* all; each; those that had no room */

enum view_results_state {
    RESULTS_READING, /* nothing is known yet */
    RESULTS_READY,
    RESULTS_FAILED, /* why says it; what was known before stays */
    RESULTS_NONE    /* this run stores nothing */
};

struct view_results_point {
    int64_t equity_e8;   /* at its end; VIEW_NONE: nothing ran */
    int64_t drawdown_e8; /* the deepest in it, below the peak of the period; >= 0 */
};

/* Of round trips from flat to flat that closed in the period, and of its fills. */
struct view_results_owner {
    char name[OWNER_NAME_SIZE];    /* "all", "manual", "ofi" */
    uint64_t trades, wins, losses; /* the rest earned exactly nothing */
    int64_t won_e8, lost_e8;       /* sums of the wins, of the losses; lost <= 0 */
    int64_t best_e8, worst_e8;     /* VIEW_NONE: no trade */
    int64_t held_ns;               /* sum over the trades */
    int64_t market_ns;             /* with a position, while a session ran */
    int64_t fees_e8;               /* of the fills; below 0: rebates */
    int64_t slippage_e8; /* against the mid at arrival, above 0: worse; of those fills where it is known */
    int64_t value_e8, maker_value_e8;
    uint64_t fills, slippage_fills;
    uint64_t carried;        /* of the trades, those that began before the period: they count whole, */
    int64_t carried_fees_e8; /* with these fees, which were paid before it and are not in fees_e8 */
};

struct view_results_hour {
    int64_t net_e8;
    uint32_t trades; /* closed in it */
};

struct view_results_day {
    char label[8]; /* "Mon", "21 Nov" */
    struct view_results_hour hour[24];
};

struct view_results {
    uint8_t period; /* enum results_period */
    uint8_t state;  /* enum view_results_state */
    char why[VIEW_TEXT_MAX];
    char quote[ASSET_SIZE];
    int64_t from_ns, to_ns; /* event time */
    int64_t watched_ns;     /* of these, sessions ran */
    uint16_t points;        /* evenly from from_ns to to_ns */
    struct view_results_point point[VIEW_RESULTS_POINTS];
    int64_t first_e8, last_e8, high_e8, low_e8; /* equity; VIEW_NONE: no sample */
    int64_t drawdown_e8, drawdown_peak_e8;      /* the deepest, and the peak before it */
    int64_t drawdown_ns;                        /* when it was deepest */
    uint16_t starts_all;                        /* sessions that began behind another one in the period */
    uint16_t starts;                            /* of these the newest that have room */
    int64_t start_ns[VIEW_RESULTS_STARTS];
    int64_t
        between_e8; /* of the change what came between sessions, from end to start; VIEW_NONE: not known */
    uint16_t owners;
    struct view_results_owner owner[VIEW_RESULTS_OWNERS]; /* [0]: all of them */
    uint16_t bins;              /* of the results of the trades, from the lowest up */
    bool bins_under, bins_over; /* the first, the last one holds what lies beyond it, too */
    int64_t bin_low_e8, bin_e8; /* zero is the edge of a bin */
    uint32_t bin[VIEW_RESULTS_BINS];
    bool by_weekday; /* else by day */
    uint16_t days;
    struct view_results_day day[VIEW_RESULTS_DAYS];
    uint64_t left_out; /* fills of more instruments than are kept apart */
};

/* --- screen 8 System: filled when asked for ------------------------------------------------------------------- */

#define VIEW_STAGES_MAX  10
#define VIEW_BINS        28 /* of a stage: [i] counts what took 2^(i+7) ns and more, [0] all that is shorter too */
#define VIEW_BIN_FIRST   7
#define VIEW_QUEUES_MAX  10
#define VIEW_THREADS_MAX 20
#define VIEW_FACTS_MAX   56
#define VIEW_HELP_MAX    120

struct view_stage { /* how long a stage of the way takes, since the start */
    char name[16], help[VIEW_HELP_MAX];
    uint64_t count;
    int64_t p50_ns, p90_ns, p99_ns, p999_ns, max_ns; /* VIEW_NONE: never measured */
    uint32_t bin[VIEW_BINS];
};

struct view_queue {
    char name[16], help[VIEW_HELP_MAX];
    bool bytes;              /* else things */
    int64_t now, most, high; /* most: since the start; high: its bound. VIEW_NONE: not known, none */
};

struct view_thread {
    char name[16], state[12]; /* "sleeps" */
    int32_t id;
    int32_t cpu_x10; /* of one processor, per mille, since the look before; -1: not known yet */
    int64_t used_ms; /* of processor time, since it began */
};

enum view_facts {
    FACTS_FEED,
    FACTS_MEMORY,
    FACTS_STORE,
    FACTS_INSTANCE,
    FACTS_VERSIONS,
    FACTS_START,
    FACTS_GROUPS
};

struct view_fact {        /* one line that says itself; "?": is not known */
    uint8_t group, level; /* enum view_facts; level as of view_log_line */
    char name[16], text[VIEW_TEXT_MAX];
};

struct view_system {
    uint16_t stages, queues, threads, facts;
    struct view_stage stage[VIEW_STAGES_MAX]; /* in the order of the way */
    struct view_queue queue[VIEW_QUEUES_MAX];
    struct view_thread thread[VIEW_THREADS_MAX]; /* the busiest first */
    struct view_fact fact[VIEW_FACTS_MAX];       /* by groups */
};

#endif

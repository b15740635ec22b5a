/*
 * view.h - plain structs for eyes: what the engine publishes, at most 30 times a second, when somebody
 * looks. No pointers, fixed sizes, so a frame can be copied, sent over a socket and compared in tests.
 *
 * Built by app/view_build.c on the engine thread, read by tui. Money is e8 of the quote asset; prices in
 * ticks, quantities in lots of the instrument the topic belongs to (scale: struct view_scale). Absent numbers
 * are VIEW_NONE. Text in it is safe to print. Times are event time.
 */
#ifndef VIEW_VIEW_H
#define VIEW_VIEW_H

#include "core/domain/command.h"
#include "core/domain/instrument.h"
#include "core/domain/market_event.h"
#include "core/domain/order.h"
#include "core/domain/trading_state.h"
#include "view/alert.h"

#include <stdbool.h>
#include <stdint.h>

#define VIEW_NONE           INT64_MIN
#define VIEW_ROWS_MAX       96 /* ladder rows */
#define VIEW_ORDERS_MAX     48
#define VIEW_FILLS_MAX      64
#define VIEW_TAPE_MAX       64
#define VIEW_EVENTS_MAX     24
#define VIEW_LOG_MAX        32
#define VIEW_LIMITS_MAX     16
#define VIEW_STRATEGIES_MAX 16
#define VIEW_OWN_MAX        4 /* own orders shown in one ladder row */
#define VIEW_SPARK_MAX      60
#define VIEW_FLOW_GAUGES    4
#define VIEW_FLOW_POINTS    180
#define VIEW_FLOW_GAP       INT32_MIN /* a point: the book was not LIVE then */
#define VIEW_MARKS_MAX      16
#define VIEW_TEXT_MAX       160
#define VIEW_BELL_TEXT      128 /* the longest names and what to do about it */
#define VIEW_CONTROLS_MAX   96
#define VIEW_DENIALS_MAX    16
#define VIEW_PARAMETERS_MAX 32
#define VIEW_FEATURES_MAX   8
#define VIEW_STORY_LINES    40
#define VIEW_STORY_POINTS   64

/* How to print ticks and lots of an instrument. */
struct view_scale {
    int64_t tick_e8, lot_e8;
    uint8_t price_decimals, qty_decimals;
};

struct view_instrument {
    char symbol[SYMBOL_SIZE];
    char base[ASSET_SIZE], quote[ASSET_SIZE];
    enum venue venue;
    struct view_scale scale;
    enum book_state book_state;
    bool crossed;
    bool closed;         /* the venue says that it does not trade: halted, in a break */
    int64_t book_age_ns; /* worst of the last second */
    int64_t last_ticks;  /* VIEW_NONE: no trade yet */
    int32_t last_direction;
    int64_t best_ticks[SIDE_COUNT]; /* VIEW_NONE: that side is empty or there is no book */
    int64_t position_lots;
    int64_t change_bp_x10;   /* last against 24 h ago, or the first trade known; VIEW_NONE: no trade */
    int32_t imbalance_x1000; /* of the sizes within 10 bp, mean of 3 s */
    bool imbalance_known;
};

#define VIEW_KILLED_MAX 256 /* as many as may be open */

struct view_kill_order { /* one row of the kill report */
    uint64_t seq;
    uint16_t owner, instrument; /* instrument: index in view_status.instrument[] */
    enum side side;
    int64_t left_lots, qty_lots, price_ticks;
    int64_t sent_ns, answered_ns; /* VIEW_NONE: not yet */
    enum order_state state;
};

/* Rows 0 and 1, on every screen. */
struct view_status {
    int64_t now_ns;
    enum trading_mode mode;
    enum trading_state state;
    int64_t state_since_ns;
    char crash_told
        [VIEW_TEXT_MAX]; /* how the last run ended and what is left of it, while that is news; "": in order */
    char state_why[VIEW_TEXT_MAX]; /* "by you", "DAILY_LOSS value=.. limit=..", "by key K" */
    bool schedule_holds; /* a window of the schedule: nobody's orders but a flatten; state_why says which */
    int32_t state_cancelled;        /* strategies' orders cancelled by that change */
    bool killing;                   /* cancels not all confirmed yet */
    int64_t kill_ns, kill_quiet_ns; /* VIEW_NONE */
    uint32_t kill_total, kill_confirmed;
    uint32_t kill_orders;
    struct view_kill_order kill_order[VIEW_KILLED_MAX];
    bool kill_before;              /* it began in a run before this one: its orders are not listed */
    char kill_told[VIEW_TEXT_MAX]; /* then: what is known of it; "by key K, everything: 4 of 4 cancelled" */
    bool kill_flattens;            /* positions are closed once all is cancelled */
    bool kill_not_kept;            /* the file KILLED could not be written: a restart would not know of it */
    uint16_t shown;                /* index in instrument[] */
    uint16_t instruments;
    struct view_instrument instrument[INSTRUMENTS_MAX];
    /* book truth of the shown instrument */
    char book_why[VIEW_TEXT_MAX]; /* STALE or SYNCING: "gap after 50093239202, came 50093239211" */
    int64_t lag_ms;               /* receive minus venue time, worst of the last second; VIEW_NONE */
    int64_t clock_offset_ms;      /* VIEW_NONE in replays */
    uint64_t gaps, resyncs;
    int64_t durable_ns; /* event time up to which the store has synced; VIEW_NONE */
    bool storage_failed;
    char storage_why[VIEW_TEXT_MAX];
    char attention
        [VIEW_TEXT_MAX]; /* trading goes on, but somebody should look: "no snapshot, ..."; "": nothing */
    /* live */
    bool live, demo;              /* a venue's own feed; the built-in market, which is not real */
    uint8_t feed_sick;            /* 0 well, 1 warns (rotating, resyncing), 2 broken */
    char feed_why[VIEW_TEXT_MAX]; /* what is sick: "stream WAITING, try 3 in 4 s: reset: ..." */
    char feed_brief[128];         /* the same for narrow rows */
    bool feed_unreached;          /* nothing has come from the venue since the start; then: */
    char feed_cause[96];          /* the reason alone: "name not found: ..."; "": the first try runs */
    char feed_next[48];           /* "try 3 in 4 s" */
    char venue_host[64];
    int64_t weight_used, weight_limit; /* of REST, this minute; VIEW_NONE */
    /* replay */
    bool replay, replay_held, replay_ended;
    int64_t replay_speed_x1000;  /* 0: max */
    int64_t replay_seek_ns;      /* of a jump: read as fast as it goes up to here, or to the end; 0: none */
    int64_t replay_seek_from_ns; /* and from here */
    int64_t replay_first_ns, replay_last_ns; /* of the recording; last 0: not known, yet or at all */
    char replay_name[48];
    uint64_t bad_lines;
    int64_t volatility_1m_bp_x10; /* of the shown instrument; VIEW_NONE */
    int64_t range_low_ticks, range_high_ticks;
    char account_quote[ASSET_SIZE];
    int64_t account_start_e8;
};

struct view_own_order {
    uint64_t seq;
    char owner_letter; /* first letter of its owner: o, m */
    enum side side;
    enum order_type type;
    int64_t left_lots;
    int64_t queue_expected_lots, queue_worst_lots; /* VIEW_NONE: unknown */
    bool unknown_state;
};

struct view_row { /* one fixed price step; label = price of an order placed there */
    int64_t price_ticks;
    int64_t bid_lots, ask_lots;     /* 0: nothing known there */
    int64_t sold_lots, bought_lots; /* traded here on this visit */
    int64_t volume_lots;            /* this session */
    int64_t net_10s_lots;           /* pulled/stacked: change in 10 s not explained by trades */
    uint8_t own_count;
    struct view_own_order own[VIEW_OWN_MAX];
    bool beyond_horizon; /* outside what the snapshot knew: unknown, not empty */
};

enum view_mark_kind { MARK_HIGH, MARK_LOW, MARK_OPEN, MARK_VWAP, MARK_ENTRY, MARK_EVEN, MARK_STOP };

struct view_mark {
    enum view_mark_kind kind;
    int64_t price_ticks;
};

/* Rows from the highest price down. Bids fall into the row below, asks into the row above. */
struct view_ladder {
    uint16_t instrument_id;
    bool chosen;      /* row_ticks was chosen by the engine */
    bool provisional; /* before a median 60 s range is known: 1 bp */
    bool levels_only; /* a row is a price that has orders, not a step; row_ticks 1 */
    int64_t row_ticks;
    int64_t suggested_row_ticks; /* what it would choose now */
    uint16_t rows;
    struct view_row row[VIEW_ROWS_MAX];
    struct level best[SIDE_COUNT]; /* price 0: empty side */
    int64_t last_ticks, last_lots; /* VIEW_NONE */
    enum side last_taker;
    int32_t last_direction;
    uint8_t marks;
    struct view_mark mark[VIEW_MARKS_MAX];
    uint32_t levels[SIDE_COUNT];
    int64_t known_low_ticks, known_high_ticks; /* horizon; 0: all */
};

struct view_position { /* the shown instrument and its account */
    int64_t lots;
    int64_t value_e8;              /* at mark */
    int64_t value_of_equity_x1000; /* 93 = 9.3 % */
    int64_t entry_e8;              /* average price, e8; VIEW_NONE when flat */
    int64_t even_e8, even_distance_e8;
    int64_t mark_ticks;
    int64_t open_e8; /* unrealised */
    int64_t open_bp_x10;
    int64_t if_flat_e8, if_flat_fee_e8,
        if_flat_slip_e8;        /* walking the book now; VIEW_NONE: cannot be known */
    int64_t closed_e8, fees_e8; /* realised, fees paid */
    uint64_t fills, trips, wins;
    int64_t day_net_e8, peak_e8, off_peak_e8; /* off_peak <= 0 */
    int64_t equity_e8, cash_free_e8, cash_locked_e8, base_free_lots, base_locked_lots;
    uint16_t spark_count; /* equity, oldest first */
    int64_t spark_equity_e8[VIEW_SPARK_MAX];
    int64_t fee_maker_ppm, fee_taker_ppm;
};

struct view_gauge {
    int32_t value_x1000; /* imbalance, share: -1000..1000; OFI: in own deviations x1000 */
    int32_t scale_x1000; /* value that fills half the bar: 1000, or 3000 for OFI */
    int32_t p90_x1000;   /* 0: too early */
    uint8_t word;        /* enum flow_word of core/signal: 0 even, 1 bid/buyers, 2 ask/sellers */
    bool valid;
};

struct view_flow {
    struct view_gauge near_1bp, far_10bp, ofi_10s, tape_10s;
    uint16_t cvd_count;
    int64_t cvd_lots[VIEW_SPARK_MAX];        /* oldest first */
    int64_t cvd_5m_lots;                     /* newest less oldest */
    int64_t tape_per_s_x10, tape_usual_x100; /* 21 = 2.1x usual is 210; 0: too early */
    int64_t volatility_bp_x10;
    int64_t spread_ticks;
    int64_t range_low_ticks, range_high_ticks;
    uint16_t points[VIEW_FLOW_GAUGES]; /* near, far, OFI, tape: means of 5 s, oldest first */
    int32_t point_x1000[VIEW_FLOW_GAUGES][VIEW_FLOW_POINTS];
};

struct view_book_event {
    uint8_t kind; /* enum book_event_kind */
    enum side side;
    int64_t ts_ns, price_ticks, lots;
    int32_t ratio_x100, ratio_to_x100;
    int64_t span_ms;
    int32_t prices;
    uint8_t confidence_x100;
};

struct view_limit { /* one control with use and limit */
    char code[20];
    uint8_t unit;              /* 0 money e8, 1 count, 2 bp, 3 ms */
    int64_t now, worst, limit; /* worst: if every open order filled */
    uint64_t denials;
    char help[120]; /* what it limits */
};

struct view_risk {
    uint8_t limits;
    struct view_limit limit[VIEW_LIMITS_MAX];
    int64_t rate_1s, rate_1s_limit, rate_60s, rate_60s_limit;
    int64_t open_orders, open_orders_limit;
    int64_t loss_room_e8; /* money left before DAILY_LOSS */
    uint64_t denied;
    uint8_t controls; /* how many the gate judges */
};

struct view_strategy {
    char name[OWNER_NAME_SIZE];
    uint16_t owner;
    bool on, paused, disabled;
    char why_off[96]; /* off, paused or disabled: why */
    bool unmanaged;   /* it holds something and does not trade any more: */
    uint16_t left_in; /* index in view_status.instrument[]; the shown one goes before others */
    int64_t left_lots;
    int32_t score_x1000, threshold_x1000, confidence_x1000;
    int64_t position_lots, day_net_e8;
    uint64_t fills, trips, wins;
    bool has_signal; /* manual has none */
};

struct view_order {
    struct order order;
    uint16_t instrument_id;
    int64_t away_bp_x10; /* from the touch it waits for; VIEW_NONE */
};

struct view_fill {
    struct fill fill;
    int64_t slippage_e8; /* money against the mid at arrival; > 0 is worse */
};

struct view_taker {
    int64_t ts_ns;
    enum side taker;
    int64_t price_ticks, lots;
    uint32_t prints, prices;
};

struct view_log_line {
    uint64_t seq;
    uint8_t level; /* 0 info, 1 good, 2 warning, 3 bad */
    int64_t ts_ns;
    char text[96];
};

struct view_lists {
    uint16_t orders_open; /* of all instruments, how many in all */
    uint16_t orders;      /* working first, then newest */
    struct view_order order[VIEW_ORDERS_MAX];
    uint64_t fills_ever;
    uint16_t fills;
    struct view_fill fill[VIEW_FILLS_MAX]; /* newest first; `closed` tab: those with realised != 0 */
    uint64_t closed_ever;
    uint16_t takers;
    struct view_taker taker[VIEW_TAPE_MAX]; /* newest first */
    uint16_t events;
    struct view_book_event event[VIEW_EVENTS_MAX];
    uint16_t log_lines;
    struct view_log_line log[VIEW_LOG_MAX]; /* newest first */
};

/* The gate's own verdict on the order the cursor points at (COMMAND_PREVIEW). */
struct view_next {
    bool valid;
    struct order_intent intent;  /* what was asked about */
    char verdict[VIEW_TEXT_MAX]; /* "pass" or "MAX_VALUE value=1236.84 limit=1000.00" */
    bool passes;
    bool refused_state;   /* mode, state or book: no order key works */
    int64_t takes_lots;   /* would fill now */
    int64_t behind_lots;  /* resting there already */
    int64_t between_lots; /* better resting sizes up to the touch */
    int64_t away_bp_x10;  /* under the bid / over the ask; < 0: through */
    int64_t value_e8, fee_e8;
    bool maker;         /* the fee is of an order that only rests; false: it takes, now or when it goes off */
    int64_t after_lots; /* position if it all fills */
    int64_t after_entry_e8;
    int64_t worst_value_e8, worst_limit_e8; /* MAX_POS */
    int64_t of_max_value_x1000;
};

struct view_alerts { /* of all instruments and screens */
    bool kept;       /* they outlive the process */
    uint16_t count;
    uint64_t rung; /* in this run */
    struct alert alert[ALERTS_MAX];
};

struct view_answer { /* to a command: shown in NEXT for 3 s */
    uint32_t seq;    /* of the command; 0: none yet */
    uint8_t level;   /* 0 done, 1 refused, 2 warning */
    char text[VIEW_TEXT_MAX];
};

#define VIEW_ANSWERS_MAX 8

#define VIEW_SCREEN_NAME 16 /* of a terminal: "pts/3" */

/* Who looks at this engine, and who of them may change anything. Of the screen that the frame is for. */
struct view_desk {
    uint32_t
        session; /* of an attached screen; tells a frame for it from one for whoever had its place before */
    uint8_t you; /* 0: the engine's own screen, else an attached one */
    uint8_t screens; /* that look now, this one too; 0: nobody counted */
    bool readonly;   /* may only look and kill */
    bool watching;   /* this screen is not the one in control */
    char name[VIEW_SCREEN_NAME], controller[VIEW_SCREEN_NAME]; /* controller "": nobody */
};

#include "view/view_screens.h"

struct view_frame {
    uint64_t frame_seq;
    struct view_desk desk;
    struct view_status status;
    struct view_ladder ladder;
    struct view_ladder second; /* rows 0: none */
    struct view_position position;
    struct view_flow flow;
    struct view_risk risk;
    uint16_t strategies;
    struct view_strategy strategy[VIEW_STRATEGIES_MAX]; /* manual last */
    struct view_lists lists;
    struct view_next next;
    uint16_t answers;
    struct view_answer answer[VIEW_ANSWERS_MAX]; /* newest first */
    uint64_t bell_seq;                           /* counts what rings */
    char bell_why[VIEW_BELL_TEXT];
    uint16_t bell_owner; /* a strategy whose orders it is about; OWNER_MANUAL: the trader's, or everybody's */
    uint64_t bell_ours_seq; /* the newest of the trader's; up to bell_seq */
    char bell_ours_why[VIEW_BELL_TEXT];
    struct view_alerts alerts;
    uint32_t preview_seq;                        /* the COMMAND_PREVIEW that next answers */
    struct view_controls controls;               /* when screen 5 was asked for, or its denials alone */
    struct view_strategy_detail strategy_detail; /* when screen 4 was asked for */
    struct view_story story;                     /* when a story was asked for */
    struct view_market market;                   /* when screen 3 was asked for */
    struct view_chart chart;                     /* when screen 2 was asked for */
    struct view_results results;                 /* when screen 6 was asked for */
    struct view_system system;                   /* when screen 8 was asked for */
};

#endif

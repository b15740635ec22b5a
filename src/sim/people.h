/*
 * people.h - who trades on the built-in exchange, and what they know. Inside of market.h; nobody else includes it.
 *
 *   habits.c  what makes one symbol differ from another
 *   fair.c    what the world thinks the price should be: common and own shocks, quiet and busy hours, news; what ties
 *             symbols together; what everybody with a stake does about it (cancel in time, or be taken); mark price
 *   takers.c  who crosses the spread unprovoked: a self-exciting crowd, large orders in slices, sweeps, rushes
 *   traders.c who crosses it for a reason: informed, trend, reversion, arbitrage; and hidden size (icebergs)
 *   makers.c  fast makers at the touch, and who closes an open spread
 *   crowd.c   everybody else who rests orders, near and far
 *   walls.c   large orders at round prices
 *   flood.c   quote stuffing
 *   market.c  the ways into a book, what listeners hear, the agenda
 */
#ifndef SIM_PEOPLE_H
#define SIM_PEOPLE_H

#include "sim/agenda.h"
#include "sim/market.h"
#include "sim/numbers.h"

#define MAKERS_MAX   8
#define WALLS_MAX    24
#define FLOOD_ORDERS 256
#define AGENDA_BASE  65536 /* room of the agenda: this and AGENDA_EACH for each symbol */
#define AGENDA_EACH  32768
#define AGENDA_RESERVE                                                                                       \
    8192 /* of it, for what plans itself anew; orders that end by themselves may not take it */
#define SECOND        INT64_C(1000000000)
#define WORLD_STEP_NS INT64_C(20000000)
#define WARM_UP_NS    (30 * SECOND)
#define NOBODY        UINT32_MAX

enum plan {
    PLAN_WORLD,   /* opinions move; their followers react */
    PLAN_TAKER,   /* a candidate of the self-exciting flow of takers */
    PLAN_RUSH,    /* one of many who react to a move at once */
    PLAN_PASSIVE, /* someone rests an order */
    PLAN_REQUOTE, /* the same, because the price moved */
    PLAN_CANCEL,  /* someone takes order `arg` away */
    PLAN_CLOSE,   /* the fastest maker sees an open spread */
    PLAN_MAKER,   /* touch maker `arg` looks at the book */
    PLAN_PARENT,  /* the next slice of a large order worked over time */
    PLAN_SWEEP,   /* somebody must get out at any price */
    PLAN_WALL,    /* holders of large orders at round prices look */
    PLAN_TREND,
    PLAN_REVERT,
    PLAN_ARBITRAGE,
    PLAN_ICEBERG,
    PLAN_STUFFING, /* somebody starts to stuff quotes */
    PLAN_FLOOD     /* its next message */
};

enum account { /* all below SIM_AGENT_ACCOUNTS */
               ACCOUNT_CROWD = 1,
               ACCOUNT_CLOSER,
               ACCOUNT_WALL,
               ACCOUNT_TAKER,
               ACCOUNT_PARENT,
               ACCOUNT_SWEEP,
               ACCOUNT_INFORMED,
               ACCOUNT_RUSH,
               ACCOUNT_TREND,
               ACCOUNT_REVERT,
               ACCOUNT_ARBITRAGE,
               ACCOUNT_ICEBERG,
               ACCOUNT_FLOOD,
               ACCOUNT_MAKER = 32 /* and up */
};

/* What is typical for a symbol. Distances are in ticks, sizes in USD at the start price, rates per second. */
struct habits {
    double weight;       /* liveliness beside BTCUSDT */
    double gap;          /* distance of neighbouring levels near the touch, >= 1 */
    double span;         /* of the book around the touch */
    double volatility;   /* of the fair price in a second of medium activity, relative */
    double common_share; /* of its variance that all symbols have in common */
    double lots_per_usd;
    double lots_min;             /* smallest order that the filters allow */
    double taking;               /* what takers want, times what they want of BTCUSDT on spot */
    double level_usd, touch_usd; /* median size of a level and of a touch maker's order */
    double near_rate, touch_rate, deep_rate;
    double taker_rate; /* takers that nobody provoked, of one side */
    double close_s;    /* until someone closes an open spread */
    double requotes;   /* orders that a large move brings */
    double rush;       /* takers that a large move brings */
    double wall_usd;
    int64_t wall_step; /* walls stand at multiples of it */
    size_t makers, walls;
    uint32_t fair_every; /* world steps between looks at the fair price */
};

struct maker {
    uint64_t order[SIDE_COUNT];
    double lean; /* its own opinion, ticks beside the fair price */
    double size_lots;
    double latency_s;
    bool called; /* it will look because the touch moved */
};

struct wall {
    int64_t price_ticks;
    uint64_t order;
    enum side side;
    bool shy; /* is pulled when the touch comes near */
};

struct parent { /* a large order worked in slices */
    enum side side;
    int slices_left;
    double slice_lots, mean_wait_s;
};

struct iceberg {
    uint64_t order;
    enum side side;
    double left_lots;
    int64_t end_ns;
};

struct flood {
    int64_t step_ns, end_ns;
    bool planned;
    size_t next;
    uint64_t order[FLOOD_ORDERS];
};

struct taking { /* the taker order whose prints are coming in */
    uint64_t order;
    enum side side;
    bool knew; /* of the move before: neither the price nor the crowd follows */
    double usd;
};

/* Where one symbol is traded. */
struct pit {
    struct market *market;
    const struct sim_symbol *symbol;
    struct match_book *book;
    uint32_t index;
    struct habits habits;
    struct numbers numbers; /* of the people */
    struct numbers
        world; /* of what happens to them: apart, so that a change of habits leaves the day as it was */

    /* fair.c */
    double fair;     /* ticks */
    double activity; /* 1: medium */
    double activity_log;
    double stress; /* 0 calm .. 1: makers know that something is coming */
    double drift;  /* of news that is sinking in, ticks a second */
    int64_t drift_end_ns;
    double common_seen;             /* how far the common walk was at the last step */
    uint32_t anchor;                /* symbol whose price this one follows; NOBODY */
    uint32_t under;                 /* divided by that one's; NOBODY */
    double ratio_log;               /* of its price to the anchor's, in ticks: basis or exchange rate */
    double ratio_start;             /* USD-M: the basis comes back to where funding pulls it */
    double mid, mid_fast, mid_slow; /* the last one seen, and its averages */
    double premium;                 /* USD-M: average of mark over index */

    double intensity[SIDE_COUNT][2]; /* of takers: [side][fast, slow] above the base rate */
    int64_t intensity_ns;
    double candidate_bound;  /* rate for which the next candidate was planned */
    uint64_t candidate_plan; /* the planned one that counts; others are old */

    struct maker maker[MAKERS_MAX];
    struct wall wall[WALLS_MAX];
    struct parent parent;
    struct iceberg iceberg;
    struct flood flood;

    int64_t best[SIDE_COUNT], best_qty[SIDE_COUNT]; /* last looked at; 0: empty */
    bool close_planned;
    bool touched; /* the book told of something since it was looked at */
    int64_t touched_ns;
    struct taking taking;
    int64_t taken_lots; /* by ours, ever */
};

struct news {
    int64_t at_ns;
    double move;   /* relative */
    uint32_t only; /* symbol that it is about; NOBODY: all */
};

struct market {
    size_t count;
    struct pit *pit;
    struct agenda agenda;
    struct numbers world;
    int64_t now_ns, epoch_ns;
    uint64_t step;
    double slow_log, fast_log; /* quiet < 0 < busy: hours, and half minutes */
    double activity;
    double common; /* walk of what moves all prices, in root seconds */
    struct news news;
};

/* market.c: the ways into a book */
uint64_t people_rest(struct pit *pit, uint32_t account, enum side side, int64_t price_ticks, double lots,
                     double life_s); /* post-only; life 0: until its owner takes it away; 0: refused */
void people_cancel(struct pit *pit, uint64_t order);
/* Immediate or cancel; limit 0: any price within reason. Returns what was filled. */
int64_t people_take(struct pit *pit, uint32_t account, enum side side, double lots, int64_t limit_ticks);
double people_size(struct pit *pit, double median_lots, double sigma); /* with a taste for round sizes */
void people_plan(struct pit *pit, double in_s, enum plan plan, uint64_t arg);
/* Best price of a side, or where it should be if nobody stands there. */
int64_t people_touch(const struct pit *pit, enum side side);
double people_lots(const struct pit *pit, double usd);
double people_taker_lots(const struct pit *pit, double usd); /* of one who crosses the spread */

void habits_of(const struct sim_symbol *symbol, struct habits *out);

void fair_init(struct market *market);
void fair_step(struct market *market);
void fair_taken(struct pit *pit, enum side side,
                double usd); /* part of what a taker knew stays in the price */

void takers_init(struct pit *pit);
void takers_candidate(struct pit *pit, uint64_t plan);
void takers_rush(struct pit *pit, enum side side);
void takers_parent(struct pit *pit);
void takers_sweep(struct pit *pit);
void takers_excite(struct pit *pit, enum side side, double times);

void traders_init(struct pit *pit);
void traders_informed(struct pit *pit);
void traders_trend(struct pit *pit);
void traders_revert(struct pit *pit);
void traders_arbitrage(struct pit *pit);
void traders_iceberg(struct pit *pit);

void makers_init(struct pit *pit);
void makers_look(struct pit *pit, uint64_t arg); /* its index, with a mark if it was called */
void makers_touch_moved(struct pit *pit);
void makers_close(struct pit *pit);

void crowd_init(struct pit *pit);
void crowd_fill_book(struct pit *pit);
void crowd_passive(struct pit *pit);
void crowd_requote(struct pit *pit);

void walls_init(struct pit *pit);
void walls_look(struct pit *pit);

void flood_init(struct pit *pit);
void flood_burst(struct pit *pit);
void flood_next(struct pit *pit);
void flood_start(struct pit *pit, double per_s, int64_t for_ns);

#endif

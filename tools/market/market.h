/*
 * market.h - two order books and the people who trade in them.
 *
 *   fair.c    what the world thinks the price should be: common and own shocks, quiet and busy times, news;
 *             what everybody with a stake does about it (cancel in time, or be taken)
 *   takers.c  who crosses the spread: a self-exciting crowd, large orders worked in slices, sweeps
 *   makers.c  who rests orders: fast makers at the touch, the crowd near and far, walls at round prices
 *   market.c  the common ways into a book, and what the venue publishes about it
 *
 * Everyone acts through the order-level book (lob.h): nothing on the wire is painted, all of it is what the
 * book went through.
 */
#ifndef MARKET_MARKET_H
#define MARKET_MARKET_H

#include "market/agenda.h"
#include "market/lob.h"
#include "market/numbers.h"
#include "market/stats.h"
#include "market/wire.h"

#include <stdbool.h>
#include <stdint.h>

#define MARKETS         2
#define MAKERS_MAX      6
#define WALLS_MAX       24
#define SNAPSHOT_LEVELS 1000
#define MS              INT64_C(1000000)
#define SECOND          INT64_C(1000000000)
#define FAIR_STEP_NS    (20 * MS)
#define WARM_UP_NS      (30 * SECOND)

/* What makes BTCUSDT differ from ETHUSDT. Distances are in ticks, sizes in lots, rates per second. */
struct market_params {
    struct wire_symbol symbol;
    int64_t price; /* at the start */
    size_t span;   /* of prices the book can hold */
    uint64_t first_update_id, first_trade_id;
    double gap;          /* typical distance of neighbouring levels near the touch */
    double volatility;   /* of the fair price in a second of medium activity, relative */
    double common_share; /* of its variance that both instruments have in common */
    double lots_per_usd;
    double level_usd, touch_usd; /* median size of a level and of a touch maker's order */
    double passive_rate;         /* orders rested a second */
    double taker_rate;           /* takers that nobody provoked, a second and side */
    int64_t wall_step;           /* walls stand at multiples of it */
    double wall_usd;
};

struct maker {
    uint64_t order[2];
    double lean; /* its own opinion, ticks beside the fair price */
    double size_lots;
    int64_t latency_ns;
    bool awake; /* a look is planned */
};

struct wall {
    int64_t price;
    uint64_t order;
    enum lob_side side;
    bool shy; /* is pulled when the touch comes near */
};

struct parent { /* a large order worked in slices */
    enum lob_side side;
    int slices_left;
    double slice_lots;
    double mean_wait_s;
};

struct market {
    const struct market_params *params;
    int index;
    struct lob *lob;
    double fair;  /* ticks */
    double drift; /* of news that is sinking in, ticks a second */
    int64_t drift_end_ns;
    double intensity[2][2]; /* of takers: [side][fast, slow] above the base rate */
    int64_t intensity_ns;
    struct maker maker[MAKERS_MAX];
    struct wall wall[WALLS_MAX];
    struct parent parent;
    struct lob_level shown[2]; /* best quote last published */
    bool close_planned;
    uint64_t trade_id;
    int64_t fast_receive_ns; /* of the last quote or trade: those keep their order */
};

struct sim {
    struct numbers numbers; /* of the people */
    struct numbers
        world; /* of what happens to them: apart, so that a change of habits leaves the day as it was */
    struct agenda agenda;
    int64_t now_ns, start_ns, end_ns; /* venue time; nothing is published before start */
    double activity_log;              /* quiet < 0 < busy */
    double stress;                    /* 0 calm .. 1: makers know that something is coming */
    int64_t news_ns;                  /* when the next piece of news breaks */
    double news_move;                 /* relative */
    struct market market[MARKETS];
    struct wire *wire;
    struct stats *stats; /* NULL: not asked for */
};

/* market.c */
bool market_init(struct sim *sim, int index, const struct market_params *params);
uint64_t market_rest(struct sim *sim, struct market *market, enum lob_side side, int64_t price, double lots,
                     unsigned owner, double life_s); /* life 0: until its owner takes it away */
void market_cancel(struct sim *sim, struct market *market, uint64_t order);
int64_t market_take(struct sim *sim, struct market *market, enum lob_side side, double lots, int64_t limit);
void market_publish_depth(struct sim *sim, struct market *market);
void market_publish_snapshot(struct sim *sim, struct market *market);
double market_size(struct sim *sim, double median_lots,
                   double sigma); /* with people's taste for round sizes */
double sim_activity(const struct sim *sim);
void sim_plan(struct sim *sim, double in_s, enum agenda_kind kind, const struct market *market, uint64_t arg);

/* fair.c */
void fair_init(struct sim *sim);
void fair_step(struct sim *sim);

/* takers.c */
void takers_init(struct sim *sim, struct market *market);
void takers_candidate(struct sim *sim, struct market *market);
void takers_parent(struct sim *sim, struct market *market);
void takers_sweep(struct sim *sim, struct market *market);
void takers_informed(struct sim *sim, struct market *market);

/* makers.c */
void makers_init(struct sim *sim, struct market *market);
void makers_fill_book(struct sim *sim, struct market *market);
void makers_passive(struct sim *sim, struct market *market);
void makers_look(struct sim *sim, struct market *market, size_t maker);
void makers_touch_moved(struct sim *sim, struct market *market);
void makers_close(struct sim *sim, struct market *market);
void makers_walls(struct sim *sim, struct market *market);

#endif

/* mix.c - what a seed is made of (swarm): each draws its own faults, so that some worlds are quiet and some are hell. */
#include "dst/dst.h"

#include "app/options.h"
#include "unit/core_eager.h"

#include <stdio.h>
#include <stdlib.h>

const char *const dst_fault_word[DST_FAULTS] = {
    [FAULT_GAP] = "depth message lost",
    [FAULT_DUPLICATE_DEPTH] = "depth message twice",
    [FAULT_REORDER_DEPTH] = "depth messages swapped",
    [FAULT_DELAY_DEPTH] = "feed stalls, then its backlog",
    [FAULT_FEED_DOWN] = "feed disconnected",
    [FAULT_FEED_SILENT] = "feed silent",
    [FAULT_STALE_SNAPSHOT] = "snapshot of before",
    [FAULT_LOST_REQUEST] = "request lost",
    [FAULT_SLOW_REQUEST] = "request late",
    [FAULT_LOST_ANSWER] = "answer lost",
    [FAULT_LATE_ANSWER] = "answer late, up to 12 s",
    [FAULT_DUPLICATE_ANSWER] = "answer twice",
    [FAULT_REORDER_STREAM] = "private stream out of order",
    [FAULT_REJECT] = "order refused",
    [FAULT_RATE_LIMIT] = "rate limit",
    [FAULT_NOT_FOUND_EARLY] = "\"no such order\" right after it was taken",
    [FAULT_STREAM_DOWN] = "private stream down",
    [FAULT_FOREIGN] = "order of somebody else on the account",
    [FAULT_SYMBOL_HALT] = "symbol halted",
    [FAULT_STOPPED] = "process stands still",
    [FAULT_CLOCK] = "venue's clock jumps",
    [FAULT_LEASE] = "lease not renewed",
    [FAULT_CRASH] = "crash",
};

/* How often at most, where it may happen: of 100,000. */
static const int32_t most[DST_FAULTS] = {
    [FAULT_GAP] = 2000,
    [FAULT_DUPLICATE_DEPTH] = 20000,
    [FAULT_REORDER_DEPTH] = 2000,
    [FAULT_DELAY_DEPTH] = 300,
    [FAULT_FEED_DOWN] = 300,
    [FAULT_FEED_SILENT] = 300,
    [FAULT_STALE_SNAPSHOT] = 50000,
    [FAULT_LOST_REQUEST] = 20000,
    [FAULT_SLOW_REQUEST] = 20000,
    [FAULT_LOST_ANSWER] = 20000,
    [FAULT_LATE_ANSWER] = 20000,
    [FAULT_DUPLICATE_ANSWER] = 50000,
    [FAULT_REORDER_STREAM] = 20000,
    [FAULT_REJECT] = 10000,
    [FAULT_RATE_LIMIT] = 10000,
    [FAULT_NOT_FOUND_EARLY] = 50000,
    [FAULT_STREAM_DOWN] = 200,
    [FAULT_FOREIGN] = 300,
    [FAULT_SYMBOL_HALT] = 200,
    [FAULT_STOPPED] = 200,
    [FAULT_CLOCK] = 200,
    [FAULT_LEASE] = 200,
    [FAULT_CRASH] = 300,
};

bool mix_lossy;

void mix_draw(struct world *world)
{
    struct dst_mix *mix = &world->mix;

    *mix = (struct dst_mix){.paper = one_in(world, 4),
                            .tight = one_in(world, 2),
                            .loses = one_in(world, 3),
                            .late = one_in(world, 2),
                            .strategies = !one_in(world, 4),
                            .windows = one_in(world, 4),
                            .rogue = one_in(world, 3),
                            .hands_ms = one_in(world, 3) ? 50 : pick(world, 100, 3000),
                            .run_ns = pick(world, 40, 120) * DST_SECOND};
    for (int fault = 0; fault < DST_FAULTS; fault++)
        if (one_in(world, 3))
            mix->per_100k[fault] = (int32_t)pick(world, most[fault] / 20, most[fault]);
    if (!mix_lossy)
        return;
    mix->paper = false;
    mix->per_100k[FAULT_LOST_ANSWER] = most[FAULT_LOST_ANSWER];
}

bool dst_fault(struct world *world, enum dst_fault fault)
{
    if (world->calm_ns != 0 || world->steady || pick(world, 0, 99999) >= world->mix.per_100k[fault])
        return false;
    world->totals->fault[fault]++;
    return true;
}

static void choose_limits(struct world *world, struct risk_limits *limits)
{
    bool tight = world->mix.tight;

    limits->max_qty_e8 = INT64_C(100000000000000);
    limits->max_value_e8 = INT64_C(200000000000);
    limits->max_open_orders = tight ? 6 : 40;
    limits->max_open_orders_total = tight ? 9 : 100;
    limits->max_position_value_e8 = tight ? INT64_C(400000000000) : INT64_C(2000000000000);
    limits->max_position_owner_e8 = limits->max_position_value_e8;
    limits->max_open_value_e8 = limits->max_position_value_e8;
    limits->max_gross_value_e8 = 2 * limits->max_position_value_e8;
    limits->msg_per_s = tight ? 6 : 500;
    limits->msg_per_min = tight ? 150 : 20000;
    limits->collar_window_bp = 2000;
    limits->volatility_bp = tight ? 150 : 1000;
    if (world->mix.loses)
        return; /* what loses is out */
    limits->daily_loss_bp = limits->drawdown_bp = 10000;
    limits->daily_loss_owner_e8 = limits->daily_loss_symbol_e8 = INT64_C(100000000000000);
    limits->trade_loss_e8 = limits->trade_loss_symbol_e8 = limits->trade_loss_total_e8 =
        INT64_C(100000000000000);
    limits->loss_streak = limits->loss_streak_symbol = limits->loss_streak_total = 1000;
    limits->order_to_trade = 100000;
    limits->reject_n = 1000;
}

static void choose_paper(struct world *world, struct paper_broker_params *paper)
{
    paper->account = !one_in(world, 4);
    paper->leverage = pick(world, 1, 5);
    paper->model = (enum queue_model)pick(world, 0, QUEUE_MODELS - 1);
    paper->through_by_size = one_in(world, 2);
    paper->seed = world->seed;
    for (int leg = 0; leg < PAPER_LEGS && world->mix.late; leg++)
        paper->latency[leg] = (struct paper_latency_params){
            .kind = one_in(world, 2) ? PAPER_LATENCY_CONSTANT : PAPER_LATENCY_LOG_NORMAL,
            .median_ns = pick(world, 1, 80) * DST_MS,
            .sigma_x1000 = 700,
            .least_ns = DST_MS};
    for (int leg = 0; leg < PAPER_LEGS && !world->mix.late; leg++)
        paper->latency[leg] = (struct paper_latency_params){0};
}

static struct schedule *pauses(void)
{
    struct schedule *schedule = malloc(sizeof(*schedule));
    char why[SCHEDULE_WHY_SIZE];

    if (schedule == NULL)
        abort();
    schedule_init(schedule);
    if (schedule_add_window(schedule, "daily 10:01-10:02 UTC", why) != ERR_OK)
        abort();
    return schedule;
}

void mix_config(struct world *world, struct pipeline_config *config)
{
    struct config *settings = options_config_new();
    char why[CONFIG_WHY_SIZE];

    if (settings == NULL || options_pipeline(settings, config, why) != ERR_OK)
        abort();
    config_free(settings);
    config->mode = world->mix.paper ? MODE_SIMULATION : MODE_LIVE;
    config->live = true;
    config->account_start_e8 = INT64_C(10000000000000);
    choose_paper(world, &config->paper);
    choose_limits(world, &config->limits);
    config->kill_flattens = one_in(world, 3);
    config->pause_keeps_orders = one_in(world, 3);
    world->schedule = world->mix.windows ? pauses() : NULL;
    config->schedule = world->schedule;
    if (world->mix.strategies)
        core_eager(config);
    if (world->mix.rogue)
        rogue_add(world, config);
}

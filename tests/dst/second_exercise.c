/* second_exercise.c - V4 with faults off: a leader is stopped or killed, the other one leads in time, by the same policy. */
#include "dst/second_parts.h"

#include <stdio.h>

static bool is_at_rest(const struct world *world)
{
    for (int i = 0; i < DST_MARKETS; i++)
        if (world->pipeline->markets < DST_MARKETS ||
            book_sync_state(world->pipeline->market[i]->sync) != BOOK_LIVE)
            return false;
    return !world->pipeline->recovering;
}

static bool rest(struct world *world, int seconds)
{
    for (int i = 0; i < seconds && !is_at_rest(world); i++)
        world_until(world, world->now_ns + DST_SECOND);
    return is_at_rest(world);
}

/* What is asked for now is judged as any order of a leader: not for being none, not for what was not put back. */
static void ask_order(struct world *world)
{
    struct pipeline *pipeline = world->pipeline;
    uint64_t denials = pipeline->denial_count, sent = world->sent;
    struct command command = {.kind = COMMAND_ORDER, .instrument_id = 0};
    const struct denial *denial = &pipeline->denial[denials % PIPELINE_DENIALS_MAX];

    command.intent = (struct order_intent){
        .side = SIDE_BID, .type = ORDER_LIMIT, .price_ticks = world->market[0].fair - 20, .qty_lots = 20000};
    engine_command(world, &command);
    if (pipeline->denial_count > denials)
        must(world, "V4 trading does not resume",
             denial->code != RISK_NOT_LEADER && denial->code != RISK_POST_TRADE);
    if (pipeline->risk.state != STATE_ACTIVE && pipeline->risk.state != STATE_REDUCING &&
        pipeline->risk.state != STATE_PAUSED)
        must(world, "V4 trading resumes though it was stopped", world->sent == sent);
    world->totals->second.resumed += world->sent > sent;
}

static void exercise(struct world *world)
{
    struct second *second = world->second;
    uint64_t epoch;
    int before;

    second->config.cooldown_ms = second->config.takeovers_max = 0;
    for (int i = 0; i < 2; i++)
        second->process[i].config.cooldown_ms = second->process[i].config.takeovers_max = 0;
    for (int i = 0; i < 20 && second->process[!second->leader].is != WAITS; i++)
        world_until(world, world->now_ns + DST_SECOND);
    if (!rest(world, 60) || second->process[!second->leader].is != WAITS)
        return;
    world_until(world, world->now_ns + 2 * DST_SECOND);
    before = second->leader;
    epoch = world->epoch;
    second->stop_is_hang = false;
    if (second_draw(second, 1, 2) == 1 || second->leaders_file != second->file) {
        second_death(world); /* one that the lock does not name is nobody's to end but its operator's */
    } else {
        world->stopped_until_ns = world->now_ns + 60 * DST_SECOND;
        second->stop_seen_ns = world->stopped_until_ns;
    }
    world_until(world, world->now_ns + SECOND_LEADS_NS + DST_SECOND);
    must(world, "V4 the standby does not lead in time",
         second->leader != before && second_leader_is(second, LEADS) && world->epoch > epoch);
    must(world, "V4 not put back in time", rest(world, 40));
    world->totals->second.exercised++;
    ask_order(world);
}

void second_exercise(struct world *world)
{
    if (world->second == NULL)
        return;
    world->steady = true;
    second_calm(world);
    world->crash_in = 0;
    world->stopped_until_ns = 0;
    world->next_hand_ns = INT64_MAX;
    if (!journal_calm(world))
        world_recover(world, 0);
    world->stopped_until_ns = 0;
    world->stream_down_until_ns = world->now_ns;
    world->lease_lost_until_ns = 0;
    for (int i = 0; i < DST_MARKETS; i++)
        world->market[i].down_until_ns = world->market[i].silent_until_ns = world->now_ns;
    exercise(world);
    world->steady = false;
}

/*
 * day.c - a trading day: 24 hours from midnight to midnight UTC, of which the busy spells are lived and the rest is short.
 *
 * Spells of 6 to 20 s: after midnight, across the pause of 10:01, at times that the seed draws, and across the next
 * midnight. Between two of them hours pass: the machine sleeps, or the program ends in order, dies, loses its power, and
 * starts again before the next spell. At the exchange a few hundred things happen meanwhile, to our orders too.
 */
#include "dst/dst.h"

#define SPELLS    5
#define HOUR      (DST_DAY / 24)
#define BUSY_MOST 64 /* of an hour, what people do is so many times their usual pause apart: 64 s */

enum { SLEEPS, ENDS_IN_ORDER, IS_KILLED, LOSES_POWER };

struct spell {
    int64_t from_ns, to_ns;
};

static void draw_spells(struct world *world, struct spell spell[SPELLS])
{
    int64_t midnight = world->start_ns / DST_DAY * DST_DAY;

    for (int i = 0; i < SPELLS; i++) {
        int64_t at_ns = midnight + pick(world, 0, 59) * DST_MINUTE;

        if (i == 0)
            at_ns = world->start_ns;
        else if (i == 1)
            at_ns = midnight + 10 * HOUR + DST_MINUTE - pick(world, 2, 8) * DST_SECOND;
        else if (i == SPELLS - 1)
            at_ns = midnight + DST_DAY - pick(world, 2, 8) * DST_SECOND;
        else
            at_ns += (i == 2 ? pick(world, 11, 14) : pick(world, 15, 22)) * HOUR;
        spell[i] = (struct spell){at_ns, at_ns + pick(world, 6, 20) * DST_SECOND};
    }
}

/* What is late by the pace of the hours before comes soon. */
static void hurry(struct world *world)
{
    world->pace = 1;
    for (int i = 0; i < DST_MARKETS; i++) {
        struct dst_market *market = &world->market[i];

        market->next_people_ns = market->next_depth_ns = world->now_ns + 50 * DST_MS;
        market->next_mark_ns = world->now_ns + DST_SECOND;
    }
}

static void pass_hours(struct world *world, int64_t until_ns)
{
    int64_t what = pick(world, SLEEPS, LOSES_POWER);

    world->crash_in = 0;
    world->pace = 1 + (until_ns - world->now_ns) / (BUSY_MOST * 4 * DST_SECOND) * 64;
    if (what == SLEEPS) {
        world->stopped_until_ns = until_ns;
        world_until(world, until_ns);
    } else {
        journal_end_by(world, what == ENDS_IN_ORDER, what == LOSES_POWER);
        world_recover(world, until_ns);
    }
    hurry(world);
    world->next_hand_ns = world->now_ns + pick(world, 1, 2 * world->mix.hands_ms) * DST_MS;
}

void day_live(struct world *world)
{
    struct spell spell[SPELLS];

    draw_spells(world, spell);
    for (int i = 0; i < SPELLS; i++) {
        world_until(world, spell[i].to_ns);
        if (i + 1 < SPELLS)
            pass_hours(world, spell[i + 1].from_ns);
    }
}

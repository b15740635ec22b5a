/*
 * operator_close.c - cancel all, flatten, reverse: everything of one instrument, whoever owns it. See pipeline.h.
 */
#include "app/holdings.h"
#include "app/pipeline.h"

#include "core/base/decimal.h"

#include <stdlib.h>
#include <string.h>

#define BP_PER_ONE    10000
#define CLOSE_WAIT_NS PIPELINE_ANSWER_NS

/* "LONG 0.015" or "FLAT" */
static void position_text(const struct market_state *market, int64_t lots, char *out, size_t out_size)
{
    char qty[DECIMAL_TEXT_SIZE];

    decimal_format_trim(instrument_qty_e8(market->instrument, llabs(lots)), DECIMAL_E8_DIGITS, qty);
    snprintf(out, out_size, lots == 0 ? "FLAT" : "%s %s", lots > 0 ? "LONG" : "SHORT", qty);
}

/* Pauses the strategies that own orders or position there; their names go to names. */
static void pause_owners(struct pipeline *pipeline, struct market_state *market, char *names,
                         size_t names_size)
{
    names[0] = '\0';
    for (uint16_t i = 1; i < (uint16_t)pipeline->owners; i++) {
        struct owner *owner = &pipeline->owner[i];
        struct order *open[1];
        size_t used = strlen(names);
        char why[64];

        if (market->owned[i].lots == 0 &&
            order_manager_open(pipeline->orders, market->instrument->id, i, open, 1) == 0)
            continue;
        snprintf(why, sizeof(why), "%s, with its orders", pipeline->by);
        strategies_pause(pipeline, i, true, why);
        snprintf(names + used, names_size - used, "%s%s", used == 0 ? "; paused: " : ", ", owner->name);
    }
}

void operator_cancel_all(struct pipeline *pipeline, const struct command *command,
                         struct market_state *market)
{
    char names[96];
    size_t cancelled;

    market->close.other_lots = 0;
    pause_owners(pipeline, market, names, sizeof(names));
    cancelled = trading_cancel_all(pipeline, market->instrument->id, ORDERS_ANY, false);
    operator_answer(pipeline, command, NOTE_GOOD, "%zu order%s of %s cancelled%s", cancelled,
                    cancelled == 1 ? "" : "s", market->instrument->symbol, names);
}

/* Worst price of a flatten: the COLLAR for market orders away from the touch, or what the operator named. */
static int64_t worst_price(struct pipeline *pipeline, struct market_state *market, enum side side,
                           int64_t named_ticks)
{
    int64_t touch = market->mark_ticks[side_other(side)];
    /* Rounded down: one tick more would be beyond the collar, and the flatten denied. */
    int64_t room = (int64_t)((__int128)touch * pipeline->config.limits.collar_market_bp / BP_PER_ONE);

    return named_ticks > 0 ? named_ticks : touch + side_sign(side) * room;
}

/* What closes an owner's share, in that owner's name, so that shares stay true. */
static struct order_intent share_of(struct pipeline *pipeline, struct market_state *market, uint16_t owner,
                                    int64_t named_ticks)
{
    int64_t lots = market->owned[owner].lots;
    enum side side = lots > 0 ? SIDE_ASK : SIDE_BID;

    /* A typed worst price is a limit: it needs no book to be measured by. */
    return (struct order_intent){.instrument_id = market->instrument->id,
                                 .owner = owner,
                                 .side = side,
                                 .type = named_ticks > 0 ? ORDER_LIMIT : ORDER_MARKET,
                                 .tif = TIF_IOC,
                                 .reduce_only = true,
                                 .flatten = true,
                                 .price_ticks = worst_price(pipeline, market, side, named_ticks),
                                 .qty_lots = llabs(lots)};
}

/* *denied: the first part that was. */
static bool close_shares(struct pipeline *pipeline, struct market_state *market, int64_t named_ticks,
                         struct risk_verdict *denied, struct order_intent *denied_part)
{
    bool all = true;

    for (uint16_t i = 0; i < (uint16_t)pipeline->owners; i++) {
        struct order_intent part = share_of(pipeline, market, i, named_ticks);
        struct risk_verdict verdict;
        uint64_t seq;

        if (part.qty_lots == 0)
            continue;
        verdict = trading_intent(pipeline, market, &part, &seq);
        if (verdict.answer == RISK_ANSWER_DENIED && all) {
            all = false;
            *denied = verdict;
            *denied_part = part;
        }
    }
    return all;
}

/* False: not all of it left. */
static bool close_now(struct pipeline *pipeline, const struct command *command, struct market_state *market,
                      int64_t worst_ticks, const char *what_else)
{
    struct risk_verdict denied;
    struct order_intent part;
    char left[DECIMAL_TEXT_SIZE + 8];

    if (!close_shares(pipeline, market, worst_ticks, &denied, &part)) {
        operator_tell_verdict(pipeline, command, market, &denied, &part, 0);
        return false;
    }
    position_text(market, market->total.lots, left, sizeof(left));
    operator_answer(pipeline, command, market->total.lots == 0 ? NOTE_GOOD : NOTE_WARNING, "%s now%s", left,
                    what_else);
    return true;
}

/*
 * What rests may fill until the venue has said that it is gone. A close beside it could turn the position over, or
 * meet it: the gate denies that, and it would not if the cancels were confirmed.
 */
static bool is_held_up(struct pipeline *pipeline, struct market_state *market, int64_t named_ticks)
{
    struct order *open[ORDERS_OPEN_MAX];

    if (order_manager_open(pipeline->orders, market->instrument->id, ORDERS_ANY, open, ORDERS_OPEN_MAX) == 0)
        return false;
    for (uint16_t i = 0; i < (uint16_t)pipeline->owners; i++) {
        const struct order_intent part = share_of(pipeline, market, i, named_ticks);
        enum risk_code code = part.qty_lots == 0 ? RISK_PASS : trading_judge(pipeline, market, &part).code;

        if (code == RISK_REDUCE_ONLY || code == RISK_SELF_TRADE || code == RISK_BALANCE)
            return true;
    }
    return false;
}

static void wait_for(struct pipeline *pipeline, const struct command *command, struct market_state *market,
                     bool sent)
{
    market->close = (struct close_wanted){.seq = command->seq,
                                          .screen = command->screen,
                                          .sent = sent,
                                          .worst_ticks = command->intent.price_ticks,
                                          .until_ns = pipeline->now_ns + CLOSE_WAIT_NS};
    snprintf(market->close.by, sizeof(market->close.by), "%s", pipeline->by);
    pipeline->closing |= UINT64_C(1) << market->instrument->id;
}

/* A later word goes ahead of one that waits: after a flatten or a cancel of all no other side is opened. */
static void forget(struct pipeline *pipeline, const struct market_state *market)
{
    pipeline->closing &= ~(UINT64_C(1) << market->instrument->id);
}

static bool is_waited_for(const struct pipeline *pipeline, const struct market_state *market)
{
    return (pipeline->closing >> market->instrument->id & 1) != 0;
}

static void close_later(struct pipeline *pipeline, const struct command *command, struct market_state *market,
                        size_t cancelled, const char *names)
{
    wait_for(pipeline, command, market, false);
    operator_answer(pipeline, command, NOTE_WARNING, "CLOSING  once %zu cancels are confirmed%s", cancelled,
                    names);
}

/* The second half of a reverse, in the trader's name. */
static void open_other_side(struct pipeline *pipeline, const struct command *command,
                            struct market_state *market, int64_t other_lots)
{
    struct order_intent intent = {.instrument_id = market->instrument->id,
                                  .type = ORDER_MARKET,
                                  .tif = TIF_IOC,
                                  .owner = OWNER_MANUAL,
                                  .side = other_lots > 0 ? SIDE_BID : SIDE_ASK,
                                  .qty_lots = llabs(other_lots)};
    struct risk_verdict verdict;
    uint64_t seq;

    intent.price_ticks = worst_price(pipeline, market, intent.side, 0);
    verdict = trading_intent(pipeline, market, &intent, &seq);
    if (verdict.answer == RISK_ANSWER_DENIED) { /* half of it was done: spot cannot be sold short, say */
        char text[96];

        risk_verdict_text(&verdict, market->instrument, text, sizeof(text));
        operator_answer(pipeline, command, NOTE_WARNING, "FLAT now, the other side was NOT SENT: %s", text);
        return;
    }
    operator_tell_verdict(pipeline, command, market, &verdict, &intent, seq);
}

/* False: what it waits for has not come yet. */
static bool settle(struct pipeline *pipeline, struct market_state *market, const struct command *command)
{
    struct close_wanted *close = &market->close;
    bool late = pipeline->now_ns >= close->until_ns;
    char left[DECIMAL_TEXT_SIZE + 8];

    if (!close->sent) {
        if (!late && is_held_up(pipeline, market, close->worst_ticks))
            return false;
        holdings_net(pipeline, market);
        close->sent = true;
        close->until_ns = pipeline->now_ns + CLOSE_WAIT_NS;
        if (!close_now(pipeline, command, market, close->worst_ticks, ""))
            return true;
    }
    if (close->other_lots == 0)
        return true;
    if (market->total.lots == 0) {
        open_other_side(pipeline, command, market, close->other_lots);
        return true;
    }
    if (late) {
        position_text(market, market->total.lots, left, sizeof(left));
        operator_answer(pipeline, command, NOTE_WARNING, "%s still: the other side was NOT SENT", left);
    }
    return late;
}

void operator_settle_closes(struct pipeline *pipeline)
{
    for (uint64_t left = pipeline->closing; left != 0; left &= left - 1) {
        struct market_state *market = pipeline->market[__builtin_ctzll(left)];
        const struct command command = {
            .kind = COMMAND_FLATTEN, .seq = market->close.seq, .screen = market->close.screen};

        snprintf(pipeline->by, sizeof(pipeline->by), "%s", market->close.by);
        if (settle(pipeline, market, &command))
            forget(pipeline, market);
        pipeline->by[0] = '\0';
    }
}

/* False: nothing was there to close, or it was refused; said so. */
static bool flatten(struct pipeline *pipeline, const struct command *command, struct market_state *market)
{
    char names[96], more[140];
    size_t cancelled;

    if (pipeline->risk.mode == MODE_OBSERVATION) {
        operator_answer(pipeline, command, NOTE_WARNING,
                        "observation sends nothing; :simulation trades on paper");
        return false;
    }
    forget(pipeline, market);
    pause_owners(pipeline, market, names, sizeof(names));
    cancelled = trading_cancel_all(pipeline, market->instrument->id, ORDERS_ANY, false);
    holdings_net(pipeline, market); /* or a share that stands against the position would add to it */
    if (market->total.lots == 0) {
        operator_answer(pipeline, command, NOTE_GOOD, "FLAT already, %zu order%s cancelled%s", cancelled,
                        cancelled == 1 ? "" : "s", names);
        return false;
    }
    order_groups_release(pipeline->groups, market->instrument->id,
                         ORDERS_ANY); /* nothing is left to protect */
    if (is_held_up(pipeline, market, command->intent.price_ticks)) {
        close_later(pipeline, command, market, cancelled, names);
        return true;
    }
    snprintf(more, sizeof(more), ", %zu order%s cancelled%s", cancelled, cancelled == 1 ? "" : "s", names);
    return close_now(pipeline, command, market, command->intent.price_ticks, more);
}

void operator_flatten(struct pipeline *pipeline, const struct command *command, struct market_state *market)
{
    (void)flatten(pipeline, command, market); /* it has said what came of it */
}

void operator_reverse(struct pipeline *pipeline, const struct command *command, struct market_state *market)
{
    int64_t lots = market->total.lots;

    if (!flatten(pipeline, command, market) || market->instrument->venue == VENUE_BINANCE_SPOT)
        return; /* spot sells what is held and no more: the question said so */
    if (market->total.lots == 0) {
        open_other_side(pipeline, command, market, -lots);
        return;
    }
    if (!is_waited_for(pipeline, market)) /* sent, and its fills are on their way */
        wait_for(pipeline, command, market, true);
    market->close.other_lots = -lots;
}

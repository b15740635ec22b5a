/* hands.c - the trader and what he asks for, and what happens to the machine. */
#include "dst/dst.h"

#include <stdio.h>
#include <string.h>

#define WINDOW_MINUTE 601 /* 10:01 UTC, as mix.c has it */
#define DAY_MINUTES   1440

bool hands_window(int64_t now_ns)
{
    return now_ns / DST_MINUTE % DAY_MINUTES == WINDOW_MINUTE;
}

/* --- orders ------------------------------------------------------------------------------------------------------------- */

static void give_trigger(struct world *world, struct order_intent *intent, int64_t mid)
{
    bool stop =
        intent->type == ORDER_STOP || intent->type == ORDER_STOP_LIMIT || intent->type == ORDER_TRAILING_STOP;

    intent->stop_ticks = mid + side_sign(intent->side) * (stop ? 1 : -1) * pick(world, -3, 40);
    intent->price_ticks = intent->stop_ticks + side_sign(intent->side) * pick(world, 0, 30);
    intent->trail_ticks = intent->type == ORDER_TRAILING_STOP ? pick(world, 1, 40) : 0;
}

static struct order_intent random_intent(struct world *world, const struct dst_market *market)
{
    static const enum order_type types[] = {ORDER_LIMIT,        ORDER_LIMIT,       ORDER_LIMIT,
                                            ORDER_LIMIT,        ORDER_MARKET,      ORDER_STOP,
                                            ORDER_STOP_LIMIT,   ORDER_TAKE_PROFIT, ORDER_TAKE_PROFIT_LIMIT,
                                            ORDER_TRAILING_STOP};
    int64_t value_e8 = pick(world, 6, one_in(world, 6) ? 2600 : 500) * INT64_C(100000000);
    struct order_intent intent = {.side = one_in(world, 2) ? SIDE_BID : SIDE_ASK,
                                  .type = types[pick(world, 0, 9)],
                                  .tif = one_in(world, 2) ? TIF_GTC
                                                          : (enum time_in_force)pick(world, TIF_GTC, TIF_GTD),
                                  .reduce_only = one_in(world, 8),
                                  .may_cut = one_in(world, 4)};
    int64_t mid = market->fair;

    intent.expire_ns = world->pipeline->now_ns + pick(world, 1, 20) * DST_SECOND;
    intent.qty_lots = value_e8 / instrument_value_e8(&market->instrument, mid, 1);
    intent.price_ticks = mid - side_sign(intent.side) * pick(world, -8, 30);
    if (intent.type == ORDER_MARKET) {
        intent.tif = TIF_IOC;
        intent.price_ticks = mid + side_sign(intent.side) * pick(world, 1, 12);
    } else if (order_type_is_triggered(intent.type)) {
        intent.tif = TIF_GTC;
        give_trigger(world, &intent, mid);
    } else {
        intent.post_only = intent.tif == TIF_GTC && one_in(world, 5);
        if (one_in(world, 8) && intent.qty_lots > 4 && intent.tif == TIF_GTC)
            intent.display_lots = intent.qty_lots / 4;
    }
    if (one_in(world, 5) && !intent.reduce_only && !order_type_is_triggered(intent.type)) {
        intent.bracket_take_ticks = intent.price_ticks + side_sign(intent.side) * pick(world, 5, 40);
        intent.bracket_stop_ticks =
            one_in(world, 3) ? 0 : intent.price_ticks - side_sign(intent.side) * pick(world, 5, 40);
    }
    return intent;
}

static void place(struct world *world, uint16_t id)
{
    struct command command = {
        .kind = COMMAND_ORDER, .instrument_id = id, .intent = random_intent(world, &world->market[id])};

    if (one_in(world, 6)) { /* one cancels the other */
        command.intent.group = world->steps + 1;
        command.intent.bracket_take_ticks = command.intent.bracket_stop_ticks = 0;
        engine_command(world, &command);
        command.intent = random_intent(world, &world->market[id]);
        command.intent.group = world->steps + 1;
        command.intent.bracket_take_ticks = command.intent.bracket_stop_ticks = 0;
    }
    engine_command(world, &command);
}

/* Orders that stand at the touch meet trades while their cancel is on its way. */
static void place_near(struct world *world, uint16_t id)
{
    struct dst_market *market = &world->market[id];
    struct command command = {.kind = COMMAND_ORDER, .instrument_id = id};
    enum side side = one_in(world, 2) ? SIDE_BID : SIDE_ASK;

    command.intent = (struct order_intent){.side = side,
                                           .type = ORDER_LIMIT,
                                           .price_ticks = market->fair - side_sign(side) * pick(world, 0, 2),
                                           .qty_lots = pick(world, 5000, 40000)};
    engine_command(world, &command);
}

static void touch_order(struct world *world)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    const struct order *order = count == 0 ? NULL : open[pick(world, 0, (int64_t)count - 1)];
    struct command command = {.kind = one_in(world, 2) ? COMMAND_CANCEL : COMMAND_MOVE};

    if (order == NULL)
        return;
    command.order_seq = order->seq;
    command.instrument_id = order->intent.instrument_id;
    command.intent.price_ticks = order_terms_ticks(&order->intent) + pick(world, -20, 20);
    engine_command(world, &command);
}

/* --- settings, states ---------------------------------------------------------------------------------------------------- */

static void set_something(struct world *world, uint16_t id)
{
    struct command command = {.instrument_id = id, .flag = one_in(world, 2)};
    enum risk_limit_id limit = (enum risk_limit_id)pick(world, 0, RISK_LIMITS - 1);

    command.intent.owner = (uint16_t)pick(world, 0, (int64_t)world->pipeline->owners);
    switch (pick(world, 0, 5)) {
    case 0:
        command.kind = COMMAND_STRATEGY_OFF;
        break;
    case 1:
        command.kind = COMMAND_SET_LIMIT;
        command.index = limit;
        command.number =
            risk_limit_value(&world->pipeline->config.limits, limit) * pick(world, 50, 150) / 100;
        break;
    case 2:
        command.kind = COMMAND_CLEAR_HALT;
        break;
    case 3:
        command.kind = COMMAND_STRATEGY_STRIKE; /* a plug-in that is slow */
        command.number = pick(world, 1, 50) * DST_MS;
        break;
    default:
        command.kind = COMMAND_STRATEGY_ON;
    }
    engine_command(world, &command);
}

static void change_state(struct world *world)
{
    static const enum trading_state states[] = {STATE_ACTIVE, STATE_ACTIVE, STATE_REDUCING, STATE_HALTED};
    struct command command = {.kind = COMMAND_SET_STATE, .state = states[pick(world, 0, 3)]};
    int64_t what = pick(world, 0, 9);

    if (what == 0)
        command.kind = COMMAND_PAUSE;
    else if (what < 4)
        command.kind = COMMAND_RESUME;
    else if (what == 4) {
        command.kind = COMMAND_SET_MODE;
        command.mode = one_in(world, 3) ? MODE_OBSERVATION : world->mix.paper ? MODE_SIMULATION : MODE_LIVE;
    }
    engine_command(world, &command);
}

/* I15: what can be cancelled is asked to be by the command itself. */
static void check_cancels(struct world *world)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(world->pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);

    for (size_t i = 0; i < count; i++)
        must(world, "I15 no cancel with the kill",
             open[i]->state == ORDER_STATE_PENDING_CANCEL || open[i]->state == ORDER_STATE_UNKNOWN ||
                 world->mix.paper || open[i]->intent.flatten);
}

static void kill_all(struct world *world)
{
    struct command command = {.kind = COMMAND_KILL, .flag = one_in(world, 3)};
    bool again = world->killed;

    memset(world->kill_flattens, 0, sizeof(world->kill_flattens));
    if (!world->killed)
        world->killed_ns = world->now_ns;
    world->totals->kills++;
    engine_command(world, &command);
    world->killed = true;
    world->killed_at = truth_count(world);
    if (!again)
        check_cancels(world);
}

static void clear_kill(struct world *world)
{
    struct command command = {.kind = COMMAND_CLEAR_KILL};

    world->killed = false;
    engine_command(world, &command);
    world->killed = world->pipeline->risk.state == STATE_KILLED;
    if (!world->killed)
        memset(world->kill_flattens, 0, sizeof(world->kill_flattens));
}

/* Somebody looks after it: what stopped goes on, or the history would prove little. */
static void bring_back(struct world *world)
{
    struct command command = {.kind = COMMAND_SET_MODE,
                              .mode = world->mix.paper ? MODE_SIMULATION : MODE_LIVE};

    if (world->killed)
        clear_kill(world);
    engine_command(world, &command);
    command = (struct command){.kind = COMMAND_SET_STATE, .state = STATE_ACTIVE};
    engine_command(world, &command);
    command.kind = COMMAND_RESUME;
    engine_command(world, &command);
    command.kind = COMMAND_STRATEGY_ON;
    for (uint16_t id = 1; id < world->pipeline->owners; id++) {
        command.intent.owner = id;
        if (!world->pipeline->owner[id].on || world->pipeline->owner[id].disabled)
            engine_command(world, &command);
    }
    command.kind = COMMAND_CLEAR_HALT;
    for (command.instrument_id = 0; command.instrument_id < DST_MARKETS; command.instrument_id++)
        engine_command(world, &command);
}

void hands_act(struct world *world)
{
    uint16_t id = (uint16_t)pick(world, 0, DST_MARKETS - 1);
    struct command command = {.instrument_id = id};
    int64_t what = pick(world, 0, 999);

    if (what < 200)
        place_near(world, id);
    else if (what < 600)
        place(world, id);
    else if (what < 750)
        touch_order(world);
    else if (what < 800)
        set_something(world, id);
    else if (what < 830)
        change_state(world);
    else if (what < 836)
        kill_all(world);
    else if (what < 920)
        bring_back(world);
    else {
        command.kind = what < 940   ? COMMAND_CANCEL_ALL
                       : what < 965 ? COMMAND_FLATTEN
                       : what < 980 ? COMMAND_REVERSE
                                    : COMMAND_RESUME;
        engine_command(world, &command);
    }
}

/* --- the machine ------------------------------------------------------------------------------------------------------------ */

static void halt_symbol(struct world *world, struct dst_market *market)
{
    market->halted = !market->halted;
    market->instrument.trading = !market->halted;
    match_set_status(market->book, market->halted ? MATCH_CANCEL_ONLY : MATCH_TRADING);
    feed_instrument(world, market);
}

void hands_machine(struct world *world)
{
    struct dst_market *market = &world->market[pick(world, 0, DST_MARKETS - 1)];

    if (dst_fault(world, FAULT_STOPPED))
        world->stopped_until_ns = world->now_ns + pick(world, 300, one_in(world, 4) ? 90000 : 8000) * DST_MS;
    if (world->crash_in == 0 && dst_fault(world, FAULT_CRASH))
        world->crash_in = pick(world, 1, 40);
    if (dst_fault(world, FAULT_LEASE))
        world->lease_lost_until_ns = world->now_ns + pick(world, 500, 6000) * DST_MS;
    if (market->halted ? one_in(world, 100) || world->calm_ns != 0 : dst_fault(world, FAULT_SYMBOL_HALT))
        halt_symbol(world, market);
    if (!world->mix.paper && dst_fault(world, FAULT_FOREIGN))
        exchange_foreign(world, market);
}

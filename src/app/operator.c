/*
 * operator.c - what a key, a signal or a file asks of the engine; kill.c has the kill.
 */
#include "app/holdings.h"
#include "app/journal_states.h"

#include "core/base/decimal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define ENDED_LOOKED_AT 8 /* newest first: what a key just sent is the first of them, but for strategies' */

void operator_answer(struct pipeline *pipeline, const struct command *command, enum note_level level,
                     const char *format, ...)
{
    struct answer *slot = &pipeline->answer[pipeline->answer_count++ % PIPELINE_ANSWERS_MAX];
    va_list args;

    slot->seq = command->seq;
    slot->screen = command->screen;
    slot->level = level;
    va_start(args, format);
    vsnprintf(slot->text, sizeof(slot->text), format, args);
    va_end(args);
}

static void price_text(const struct market_state *market, int64_t ticks, char out[DECIMAL_TEXT_SIZE])
{
    decimal_format_fixed(instrument_price_e8(market->instrument, ticks), DECIMAL_E8_DIGITS,
                         instrument_price_decimals(market->instrument), false, out);
}

static void qty_text(const struct market_state *market, int64_t lots, char out[DECIMAL_TEXT_SIZE])
{
    decimal_format_trim(instrument_qty_e8(market->instrument, lots), DECIMAL_E8_DIGITS, out);
}

/* --- pause, state, mode ------------------------------------------------------------------------------------- */

static void pause_trading(struct pipeline *pipeline, const struct command *command)
{
    size_t cancelled = 0;

    if (pipeline->calendar_holds) { /* the schedule's becomes the operator's, too */
        pipeline->calendar_holds = false;
        journal_trading(pipeline);
        operator_answer(pipeline, command, NOTE_WARNING,
                        "PAUSED: when the schedule's window ends, too, until :resume");
        return;
    }
    if (pipeline->risk.state != STATE_ACTIVE && pipeline->risk.state != STATE_REDUCING) {
        operator_answer(pipeline, command, NOTE_INFO, "%s already", trading_state_word(pipeline->risk.state));
        return;
    }
    trading_set_state(pipeline, STATE_PAUSED, pipeline->by);
    if (!pipeline->config.pause_keeps_orders)
        cancelled = trading_cancel_all(pipeline, ORDERS_ANY, ORDERS_ANY, true);
    pipeline->state_cancelled = (int32_t)cancelled;
    operator_answer(pipeline, command, NOTE_WARNING, "PAUSED: %zu order%s of strategies cancelled; %s",
                    cancelled, cancelled == 1 ? "" : "s",
                    risk_state_only_reduces(&pipeline->risk) ? "yours reduce only" : "yours work on");
}

/* Those that a cancel or a flatten has paused one by one; returns how many. */
static size_t wake_owners(struct pipeline *pipeline)
{
    size_t woken = 0;

    for (uint16_t i = 1; i < (uint16_t)pipeline->owners; i++) {
        woken += pipeline->owner[i].paused;
        strategies_pause(pipeline, i, false, "");
    }
    return woken;
}

static const char *not_resumed(const struct pipeline *pipeline)
{
    if (pipeline->risk.state == STATE_KILLED)
        return "killed: :clear-kill first";
    if (pipeline->risk.state != STATE_HALTED)
        return "not paused";
    return trading_is_paused(pipeline) ? "halted: :go ends that and leaves it PAUSED, :resume then goes on"
                                       : "halted: :go makes it ACTIVE";
}

static void resume_trading(struct pipeline *pipeline, const struct command *command)
{
    bool reduces = risk_state_only_reduces(&pipeline->risk);
    char text[140];

    if (pipeline->sink_full && pipeline->risk.state != STATE_KILLED &&
        !(pipeline->risk.state == STATE_PAUSED && reduces && pipeline->closes_unwritten)) {
        operator_answer(pipeline, command, NOTE_WARNING, "storage failed: :reduce lets positions be closed");
        return;
    }
    if (pipeline->risk.calendar_paused) {
        operator_answer(pipeline, command, NOTE_WARNING, "not in a window of the schedule: %s",
                        calendar_text(pipeline, text, sizeof(text)));
        return;
    }
    if ((pipeline->risk.state == STATE_ACTIVE || pipeline->risk.state == STATE_REDUCING) &&
        wake_owners(pipeline) > 0) {
        operator_answer(pipeline, command, NOTE_GOOD, "strategies go on");
        return;
    }
    if (pipeline->risk.state != STATE_PAUSED) {
        if (command->flag)
            return;
        operator_answer(pipeline, command, NOTE_WARNING, "%s", not_resumed(pipeline));
        return;
    }
    wake_owners(pipeline);
    trading_set_state(pipeline, pipeline->risk.beneath, pipeline->by);
    operator_answer(pipeline, command, NOTE_GOOD,
                    reduces ? "REDUCING again: :go makes it ACTIVE" : "ACTIVE again");
}

static void go(struct pipeline *pipeline, const struct command *command)
{
    bool paused = trading_is_paused(pipeline), by_schedule = !paused && pipeline->risk.calendar_paused;
    char text[140];

    if (pipeline->risk.state == STATE_PAUSED) { /* in live that asks, and the schedule may hold it */
        operator_answer(pipeline, command, NOTE_WARNING,
                        risk_state_only_reduces(&pipeline->risk)
                            ? "paused: :resume leads back to REDUCING, then :go"
                            : "paused: :resume lets the strategies go on");
        return;
    }
    if (pipeline->sink_full) {
        operator_answer(pipeline, command, NOTE_WARNING, "storage failed: :reduce lets positions be closed");
        return;
    }
    pipeline->calendar_holds = by_schedule;
    trading_set_state(pipeline, paused || by_schedule ? STATE_PAUSED : STATE_ACTIVE, pipeline->by);
    recovery_leave_out(pipeline);
    risk_monitor_go(&pipeline->monitor, &pipeline->risk);
    if (by_schedule) {
        operator_answer(pipeline, command, NOTE_WARNING, "PAUSED by the schedule still: %s",
                        calendar_text(pipeline, text, sizeof(text)));
    } else if (paused) {
        operator_answer(pipeline, command, NOTE_WARNING,
                        "PAUSED, as before it was halted: :resume lets the strategies go on");
    } else {
        operator_answer(pipeline, command, NOTE_GOOD, "ACTIVE again");
    }
}

static void set_state(struct pipeline *pipeline, const struct command *command)
{
    size_t cancelled;

    if (pipeline->risk.state == STATE_KILLED) {
        operator_answer(pipeline, command, NOTE_WARNING, "killed: :clear-kill first");
        return;
    }
    if (command->state != STATE_ACTIVE && command->state != STATE_REDUCING &&
        command->state != STATE_HALTED) {
        operator_answer(pipeline, command, NOTE_WARNING, "%s is not a state to set",
                        trading_state_word(command->state));
        return;
    }
    if (command->state == STATE_ACTIVE) {
        go(pipeline, command);
        return;
    }
    if (command->state == STATE_REDUCING)
        trading_reduce(pipeline, pipeline->by);
    else
        trading_set_state(pipeline, command->state, pipeline->by);
    pipeline->closes_unwritten = pipeline->sink_full && command->state == STATE_REDUCING;
    cancelled = trading_end_what_adds(pipeline);
    operator_answer(pipeline, command, NOTE_WARNING, "%s%s: %zu order%s of strategies cancelled",
                    trading_state_word(command->state),
                    trading_is_paused(pipeline) ? ", and still PAUSED" : "", cancelled,
                    cancelled == 1 ? "" : "s");
}

static void set_mode(struct pipeline *pipeline, const struct command *command)
{
    size_t cancelled = 0;

    if (command->mode != MODE_OBSERVATION &&
        (command->mode == MODE_LIVE) != (pipeline->config.gateway != NULL)) {
        operator_answer(pipeline, command, NOTE_WARNING,
                        command->mode == MODE_LIVE ? "live needs a live venue: not in this start"
                                                   : "simulation needs the paper broker: not in this start");
        return;
    }
    if (pipeline->risk.mode == command->mode) {
        operator_answer(pipeline, command, NOTE_INFO, "%s already", trading_mode_word(command->mode));
        return;
    }
    if (command->mode == MODE_OBSERVATION)
        cancelled = trading_cancel_all(pipeline, ORDERS_ANY, ORDERS_ANY, false);
    pipeline->risk.mode = command->mode;
    journal_trading(pipeline);
    journal_decision(pipeline, "mode", NULL, NULL, 0, 0, trading_mode_word(command->mode));
    journal_audit(pipeline, NULL, "mode", "-", "%s %s", trading_mode_word(command->mode), pipeline->by);
    journal_note(pipeline, NOTE_INFO, "%s %s", trading_mode_word(command->mode), pipeline->by);
    operator_answer(pipeline, command, NOTE_GOOD,
                    command->mode == MODE_OBSERVATION ? "OBSERVATION: no order leaves; %zu cancelled"
                    : command->mode == MODE_LIVE      ? "LIVE: orders go to the venue"
                                                      : "SIMULATION: orders go to the paper broker",
                    cancelled);
}

/* --- orders ------------------------------------------------------------------------------------------------- */

/* What an order came to that ended at once, as one at market does. */
static void tell_ended(struct pipeline *pipeline, const struct command *command,
                       const struct market_state *market, const struct order_intent *intent, uint64_t seq)
{
    char price[DECIMAL_TEXT_SIZE], qty[DECIMAL_TEXT_SIZE];
    struct order last[ENDED_LOOKED_AT];
    size_t count = order_manager_finished(pipeline->orders, last, ENDED_LOOKED_AT), i = 0;
    int64_t filled_e8;

    while (i < count && last[i].seq != seq)
        i++;
    filled_e8 = i < count ? instrument_qty_e8(market->instrument, last[i].filled_lots) : 0;
    qty_text(market, filled_e8 > 0 ? last[i].filled_lots : intent->qty_lots, qty);
    if (filled_e8 <= 0) {
        operator_answer(pipeline, command, NOTE_WARNING, "%s %s %s: nothing filled, %s",
                        side_word(intent->side), qty, order_type_word(intent->type),
                        i < count ? order_state_word(last[i].state) : "see the list");
        return;
    }
    decimal_format_fixed(decimal_mul_div(last[i].filled_value_e8, DECIMAL_E8, filled_e8), DECIMAL_E8_DIGITS,
                         instrument_price_decimals(market->instrument), false, price);
    operator_answer(pipeline, command, NOTE_GOOD, "FILLED  %s %s @ %s%s", side_word(intent->side), qty, price,
                    last[i].state == ORDER_STATE_FILLED ? "" : ", the rest did not");
}

void operator_tell_verdict(struct pipeline *pipeline, const struct command *command,
                           struct market_state *market, const struct risk_verdict *verdict,
                           const struct order_intent *intent, uint64_t seq)
{
    char text[128], price[DECIMAL_TEXT_SIZE], qty[DECIMAL_TEXT_SIZE];
    bool trails;

    if (verdict->answer == RISK_ANSWER_DENIED) {
        risk_verdict_text(verdict, market->instrument, text, sizeof(text));
        operator_answer(pipeline, command, NOTE_WARNING, "NOT SENT  %s \u00b7 %s", text,
                        risk_code_help(verdict->code));
        return;
    }
    trails = intent->type == ORDER_TRAILING_STOP && intent->stop_ticks == 0;
    price_text(market, trails ? intent->trail_ticks : order_intent_ticks(intent), price);
    qty_text(market, verdict->qty_lots, qty);
    if (order_manager_find(pipeline->orders, seq) != NULL)
        operator_answer(pipeline, command, NOTE_GOOD, "WORKING  %s %s %s %s %s", side_word(intent->side), qty,
                        order_type_word(intent->type), trails ? "by" : "@", price);
    else
        tell_ended(pipeline, command, market, intent, seq);
}

/* What an order of its type cannot do without; NULL: nothing. */
static const char *lacking(const struct order_intent *intent)
{
    bool triggered = order_type_is_triggered(intent->type), trails = intent->type == ORDER_TRAILING_STOP;

    if (intent->qty_lots <= 0)
        return "the size must be above 0";
    if (trails && intent->trail_ticks <= 0)
        return "a trailing stop needs its distance (trail) above 0";
    if (triggered && !trails && intent->stop_ticks <= 0)
        return "the price that sets it off (stop) must be above 0";
    if (intent->type == ORDER_MARKET && intent->price_ticks <= 0)
        return "a market order needs its worst price (price) above 0";
    /* a triggered market order may do without a bound: it has the price it goes off at */
    return order_type_is_market(intent->type) || intent->price_ticks > 0 ? NULL : "the price must be above 0";
}

static void place(struct pipeline *pipeline, const struct command *command, struct market_state *market)
{
    struct order_intent intent = command->intent;
    struct risk_verdict verdict;
    const char *lacks;
    uint64_t seq = 0;

    intent.owner = OWNER_MANUAL;
    intent.instrument_id = market->instrument->id;
    intent.flatten = false;
    lacks = lacking(&intent);
    if (lacks != NULL) {
        operator_answer(pipeline, command, NOTE_WARNING, "NOT SENT  %s", lacks);
        return;
    }
    verdict = trading_intent(pipeline, market, &intent, &seq);
    pipeline->placed_seq = seq;
    operator_tell_verdict(pipeline, command, market, &verdict, &intent, seq);
}

static void cancel_one(struct pipeline *pipeline, const struct command *command)
{
    struct order *order = order_manager_find(pipeline->orders, command->order_seq);
    char why[64], price[DECIMAL_TEXT_SIZE], qty[DECIMAL_TEXT_SIZE];
    struct market_state *market;
    struct order_intent intent;
    uint16_t owner;

    market = order != NULL ? market_at(pipeline, order->intent.instrument_id) : NULL;
    if (market == NULL) {
        operator_answer(pipeline, command, NOTE_WARNING, "no such open order");
        return;
    }
    intent = order->intent;
    owner = intent.owner;
    qty_text(market, order_left_lots(order), qty);
    price_text(market, order_shown_ticks(order), price);
    trading_cancel(pipeline, command->order_seq);
    if (owner != OWNER_MANUAL) { /* the question said so: its owner pauses, or it would be back at once */
        snprintf(why, sizeof(why), "its order was cancelled %s", pipeline->by);
        strategies_pause(pipeline, owner, true, why);
        operator_answer(pipeline, command, NOTE_WARNING, "cancelled; %s is paused, :resume lets it go on",
                        pipeline->owner[owner].name);
        return;
    }
    operator_answer(pipeline, command, NOTE_GOOD, "cancelled: %s %s %s @ %s", side_word(intent.side), qty,
                    order_type_word(intent.type), price);
}

/* New terms for an order, which keeps its number, its group and what it has filled; the place in the queue is lost. */
static void move_order(struct pipeline *pipeline, const struct command *command)
{
    const struct order *order = order_manager_find(pipeline->orders, command->order_seq);
    struct market_state *market;
    struct order_intent intent;
    struct risk_verdict verdict;
    int64_t lots;

    if (order == NULL) {
        operator_answer(pipeline, command, NOTE_WARNING, "the order is gone");
        return;
    }
    lots = command->number > 0 ? command->number : order->intent.qty_lots;
    market = market_at(pipeline, order->intent.instrument_id);
    if (order->intent.owner != OWNER_MANUAL || market == NULL || command->intent.price_ticks <= 0) {
        operator_answer(pipeline, command, NOTE_WARNING,
                        "NOT MOVED  only your own orders, to a price above 0");
        return;
    }
    if (order->intent.type == ORDER_TRAILING_STOP) {
        operator_answer(pipeline, command, NOTE_WARNING,
                        "NOT MOVED  a trailing stop follows the market: cancel it and place another");
        return;
    }
    if (order->state != ORDER_STATE_WORKING) { /* what becomes of it is not known yet: twice it must not be */
        operator_answer(pipeline, command, NOTE_WARNING, "NOT MOVED  the venue has not answered yet");
        return;
    }
    if (lots <= order->filled_lots) {
        operator_answer(pipeline, command, NOTE_WARNING, "NOT MOVED  so much of it has filled already");
        return;
    }
    intent = order->intent;
    order_intent_move(&intent, command->intent.price_ticks);
    verdict = trading_replace(pipeline, command->order_seq, command->intent.price_ticks, lots);
    operator_tell_verdict(pipeline, command, market, &verdict, &intent, command->order_seq);
}

static void set_strategy(struct pipeline *pipeline, const struct command *command, bool on)
{
    uint16_t id = command->intent.owner;
    struct owner *owner;

    if (id == OWNER_MANUAL || id >= pipeline->owners) {
        operator_answer(pipeline, command, NOTE_WARNING, "no such strategy");
        return;
    }
    owner = &pipeline->owner[id];
    strategies_turn(pipeline, id, on);
    operator_answer(pipeline, command, NOTE_GOOD, "%s is %s", owner->name, on ? "ON" : "off");
}

static void preview(struct pipeline *pipeline, const struct command *command)
{
    pipeline->preview = command->intent;
    pipeline->preview.owner = OWNER_MANUAL;
    pipeline->preview.instrument_id = command->instrument_id;
    pipeline->preview_seq = command->seq;
    pipeline->preview_moves = command->order_seq;
    pipeline->preview_set = command->instrument_id < pipeline->markets;
}

static void on_instrument_command(struct pipeline *pipeline, const struct command *command)
{
    struct market_state *market = market_at(pipeline, command->instrument_id);

    if (market == NULL) {
        operator_answer(pipeline, command, NOTE_WARNING, "no such instrument");
        return;
    }
    if (command->kind == COMMAND_ORDER)
        place(pipeline, command, market);
    else if (command->kind == COMMAND_CANCEL_ALL)
        operator_cancel_all(pipeline, command, market);
    else if (command->kind == COMMAND_FLATTEN)
        operator_flatten(pipeline, command, market);
    else
        operator_reverse(pipeline, command, market);
}

static void turn_strategy(struct pipeline *pipeline, const struct command *command)
{
    set_strategy(pipeline, command, command->kind == COMMAND_STRATEGY_ON);
}

static void quit(struct pipeline *pipeline, const struct command *command)
{
    if (command->flag)
        trading_cancel_all(pipeline, ORDERS_ANY, ORDERS_ANY, false);
}

/* Those that are not here are of the host, not of the engine's state. */
static void (*const commands[])(struct pipeline *pipeline, const struct command *command) = {
    [COMMAND_KILL] = kill_order,
    [COMMAND_CLEAR_KILL] = kill_clear,
    [COMMAND_PAUSE] = pause_trading,
    [COMMAND_RESUME] = resume_trading,
    [COMMAND_SET_STATE] = set_state,
    [COMMAND_SET_MODE] = set_mode,
    [COMMAND_PREVIEW] = preview,
    [COMMAND_CANCEL] = cancel_one,
    [COMMAND_MOVE] = move_order,
    [COMMAND_ORDER] = on_instrument_command,
    [COMMAND_CANCEL_ALL] = on_instrument_command,
    [COMMAND_FLATTEN] = on_instrument_command,
    [COMMAND_REVERSE] = on_instrument_command,
    [COMMAND_STRATEGY_ON] = turn_strategy,
    [COMMAND_STRATEGY_OFF] = turn_strategy,
    [COMMAND_STRATEGY_SET] = operator_set_parameter,
    [COMMAND_STRATEGY_STRIKE] = operator_strike,
    [COMMAND_SET_LIMIT] = operator_set_limit,
    [COMMAND_CLEAR_HALT] = operator_clear_halt,
    [COMMAND_LATENCY] = operator_latency,
    [COMMAND_QUIT] = quit,
};

static void on_command(struct pipeline *pipeline, const struct command *command)
{
    pipeline->input_seq++;
    if (command->kind != COMMAND_PREVIEW)
        pipeline->counts.events++;
    if ((size_t)command->kind < sizeof(commands) / sizeof(commands[0]) && commands[command->kind] != NULL)
        commands[command->kind](pipeline, command);
}

void pipeline_on_command(struct pipeline *pipeline, const struct command *command)
{
    if (command_has(command->kind, COMMAND_TRAIT_INPUT))
        journal_command(pipeline, command);
    if (command->source[0] == '\0' || strcmp(command->source, "key") == 0)
        snprintf(pipeline->by, sizeof(pipeline->by), "by you");
    else
        snprintf(pipeline->by, sizeof(pipeline->by), "by %s", command->source);
    on_command(pipeline, command);
    pipeline->by[0] = '\0'; /* what follows from it, others decide */
    groups_settle(pipeline);
    strategies_settle(pipeline);
    journal_memory_of_fills(pipeline);
    journal_commit(pipeline);
}

#include "app/control_desk.h"

#include "core/base/decimal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)

static bool refuse(struct control_answer *answer, const char *what, const char *text)
{
    answer->ok = false;
    answer->level = CONTROL_WARNING;
    snprintf(answer->text, sizeof(answer->text), "NOT DONE  %s%s", what, text);
    return false;
}

/* --- requests ----------------------------------------------------------------------------------------------- */

/* In whole steps; 0 stays 0. False: between two of them. */
static bool to_steps(int64_t value_e8, int64_t step_e8, int64_t *out)
{
    if (step_e8 <= 0 || value_e8 % step_e8 != 0)
        return false;
    *out = value_e8 / step_e8;
    return true;
}

static bool read_order(const struct control_request *request, const struct instrument *instrument,
                       struct order_intent *out, struct control_answer *answer)
{
    const int64_t tick = instrument->tick_e8, lot = instrument->lot_e8;

    *out = (struct order_intent){.instrument_id = instrument->id,
                                 .owner = OWNER_MANUAL,
                                 .side = request->side,
                                 .type = request->type,
                                 .tif = request->tif,
                                 .post_only = request->post_only,
                                 .reduce_only = request->reduce_only,
                                 .may_cut = request->may_cut,
                                 .unasked = !request->again};
    if (request->expire_ms > INT64_MAX / NS_PER_MS)
        return refuse(answer, "expire_ms", " is out of range");
    out->expire_ns = request->expire_ms * NS_PER_MS;
    if (request->group > UINT32_MAX)
        return refuse(answer, "group", " is out of range");
    if (request->group != 0)
        out->group = GROUP_OF_SOCKET | request->group;
    if (!to_steps(request->qty_e8, lot, &out->qty_lots) ||
        !to_steps(request->display_e8, lot, &out->display_lots))
        return refuse(answer, "FILTER  qty is no whole number of lots of ", instrument->symbol);
    if (!to_steps(request->price_e8, tick, &out->price_ticks) ||
        !to_steps(request->stop_e8, tick, &out->stop_ticks) ||
        !to_steps(request->trail_e8, tick, &out->trail_ticks) ||
        !to_steps(request->take_e8, tick, &out->bracket_take_ticks) ||
        !to_steps(request->bracket_stop_e8, tick, &out->bracket_stop_ticks))
        return refuse(answer, "FILTER  a price is no whole number of ticks of ", instrument->symbol);
    return true;
}

/* The request names no instrument: the order knows its own. */
static bool read_move(struct pipeline *pipeline, const struct control_request *request, struct command *out,
                      struct control_answer *answer)
{
    const struct order *order = order_manager_find(pipeline->orders, request->order_seq);
    const struct instrument *instrument;

    if (order == NULL)
        return refuse(answer, "no such open order", "");
    instrument = pipeline->market[order->intent.instrument_id]->instrument;
    if (!to_steps(request->price_e8, instrument->tick_e8, &out->intent.price_ticks))
        return refuse(answer, "FILTER  price is no whole number of ticks of ", instrument->symbol);
    if (!to_steps(request->qty_e8, instrument->lot_e8, &out->number))
        return refuse(answer, "FILTER  qty is no whole number of lots of ", instrument->symbol);
    if (request->price_e8 == 0)
        out->intent.price_ticks = order_terms_ticks(&order->intent);
    return true;
}

static bool read_limit(const struct control_request *request, struct command *out,
                       struct control_answer *answer)
{
    enum risk_limit_id id = risk_limit_find(request->name);

    if (id == RISK_LIMITS)
        return refuse(answer, "no such limit: ", request->name);
    if (risk_limit_parse(id, request->value, &out->number) != ERR_OK)
        return refuse(answer, "not a value of this limit: ", request->value);
    if (request->word[0] != '\0' && strcmp(request->word, request->name) != 0)
        return refuse(answer, "`confirm' is the limit's name, not ", request->word);
    out->index = (uint32_t)id;
    out->flag = request->word[0] != '\0';
    return true;
}

static bool read_parameter(struct pipeline *pipeline, uint16_t owner, const struct control_request *request,
                           struct command *out, struct control_answer *answer)
{
    const struct strategy_manifest *manifest = strategy_instance_manifest(pipeline->owner[owner].strategy);
    char why[128];

    for (size_t i = 0; i < manifest->parameter_count; i++) {
        if (strcmp(manifest->parameter[i].name, request->name) != 0)
            continue;
        out->kind = COMMAND_STRATEGY_SET;
        out->index = (uint32_t)i;
        if (strategy_parameter_parse(&manifest->parameter[i], request->value, &out->number, why,
                                     sizeof(why)) != ERR_OK)
            return refuse(answer, why, "");
        return true;
    }
    return refuse(answer, "no such parameter: ", request->name);
}

static bool read_strategy(struct pipeline *pipeline, const struct control_request *request,
                          struct command *out, struct control_answer *answer)
{
    static const enum command_kind turns[] = {
        [CONTROL_TURN_NONE] = COMMAND_STRATEGY_SET,
        [CONTROL_TURN_ON] = COMMAND_STRATEGY_ON,
        [CONTROL_TURN_OFF] = COMMAND_STRATEGY_OFF,
        [CONTROL_TURN_RELOAD] = COMMAND_STRATEGY_RELOAD,
    };
    uint16_t owner = pipeline_owner_by_name(pipeline, request->strategy);

    if (owner == OWNER_MANUAL || owner == UINT16_MAX)
        return refuse(answer, "no such strategy: ", request->strategy);
    out->kind = turns[request->turn];
    out->intent.owner = owner;
    return request->turn != CONTROL_TURN_NONE || read_parameter(pipeline, owner, request, out, answer);
}

static bool read_symbol(struct pipeline *pipeline, const struct control_request *request, struct command *out,
                        struct market_state **market, struct control_answer *answer)
{
    *market = NULL;
    out->instrument_id = INSTRUMENT_NONE;
    if (request->symbol[0] == '\0')
        return true;
    *market = pipeline_find(pipeline, request->symbol);
    if (*market == NULL)
        return refuse(answer, "no such instrument: ", request->symbol);
    out->instrument_id = (*market)->instrument->id;
    return true;
}

bool control_desk_read(struct pipeline *pipeline, const struct control_request *request, struct command *out,
                       struct control_answer *answer)
{
    static const enum command_kind kinds[CONTROL_KINDS] = {
        [CONTROL_KILL] = COMMAND_KILL,
        [CONTROL_CLEAR_KILL] = COMMAND_CLEAR_KILL,
        [CONTROL_PAUSE] = COMMAND_PAUSE,
        [CONTROL_RESUME] = COMMAND_RESUME,
        [CONTROL_STATE] = COMMAND_SET_STATE,
        [CONTROL_MODE] = COMMAND_SET_MODE,
        [CONTROL_ORDER] = COMMAND_ORDER,
        [CONTROL_CANCEL] = COMMAND_CANCEL,
        [CONTROL_MOVE] = COMMAND_MOVE,
        [CONTROL_CANCEL_ALL] = COMMAND_CANCEL_ALL,
        [CONTROL_FLATTEN] = COMMAND_FLATTEN,
        [CONTROL_SET_LIMIT] = COMMAND_SET_LIMIT,
        [CONTROL_CLEAR_HALT] = COMMAND_CLEAR_HALT,
    };
    struct market_state *market;

    *answer = (struct control_answer){.seq = request->seq};
    *out = (struct command){.kind = kinds[request->kind],
                            .seq = request->seq,
                            .order_seq = request->order_seq,
                            .state = request->state,
                            .mode = request->mode,
                            .flag = request->kind == CONTROL_KILL && request->flatten,
                            .source = "socket"};
    if (!read_symbol(pipeline, request, out, &market, answer))
        return false;
    if (request->kind == CONTROL_CLEAR_KILL && strcmp(request->word, CONTROL_CLEAR_WORD) != 0)
        return refuse(answer, "STILL KILLED: this is not the word: ", request->word);
    if (request->kind == CONTROL_MOVE)
        return read_move(pipeline, request, out, answer);
    if (request->kind == CONTROL_SET_LIMIT)
        return read_limit(request, out, answer);
    if (request->kind == CONTROL_STRATEGY)
        return read_strategy(pipeline, request, out, answer);
    if (market == NULL)
        return true;
    if (request->kind == CONTROL_ORDER)
        return read_order(request, market->instrument, &out->intent, answer);
    if (request->kind == CONTROL_FLATTEN &&
        !to_steps(request->price_e8, market->instrument->tick_e8, &out->intent.price_ticks))
        return refuse(answer, "FILTER  worst is no whole number of ticks of ", market->instrument->symbol);
    return true;
}

/* --- answers ------------------------------------------------------------------------------------------------ */

struct control_before control_desk_before(const struct pipeline *pipeline)
{
    return (struct control_before){.answers = pipeline->answer_count,
                                   .sent = pipeline->approvals.granted,
                                   .open = order_manager_open_count(pipeline->orders)};
}

/* The newest answer to that command; NULL: it had none. */
static const struct answer *answer_to(const struct pipeline *pipeline, uint32_t seq, uint64_t since)
{
    for (uint64_t i = pipeline->answer_count; i > since && i + PIPELINE_ANSWERS_MAX > pipeline->answer_count;
         i--)
        if (pipeline->answer[(i - 1) % PIPELINE_ANSWERS_MAX].seq == seq)
            return &pipeline->answer[(i - 1) % PIPELINE_ANSWERS_MAX];
    return NULL;
}

static bool is_so(const struct pipeline *pipeline, const struct control_request *request,
                  const struct control_before *before, const struct answer *said)
{
    enum trading_state state = pipeline->risk.state;

    switch (request->kind) {
    case CONTROL_KILL:
        return state == STATE_KILLED;
    case CONTROL_CLEAR_KILL:
        return state != STATE_KILLED;
    case CONTROL_PAUSE:
        return state == STATE_PAUSED;
    case CONTROL_RESUME:
        return state == STATE_ACTIVE || state == STATE_REDUCING;
    case CONTROL_STATE:
        return state == request->state ||
               (request->state == STATE_REDUCING && risk_state_only_reduces(&pipeline->risk));
    case CONTROL_MODE:
        return pipeline->risk.mode == request->mode;
    case CONTROL_ORDER:
        return pipeline->approvals.granted > before->sent;
    case CONTROL_CANCEL:
        return said != NULL && strncmp(said->text, "cancelled", 9) == 0;
    case CONTROL_CANCEL_ALL:
        return true;
    case CONTROL_MOVE:
    case CONTROL_FLATTEN:
    case CONTROL_SET_LIMIT:
    case CONTROL_CLEAR_HALT:
    case CONTROL_STRATEGY:
    case CONTROL_STATUS:
    case CONTROL_CONTROLS:
    case CONTROL_KINDS:
        break;
    }
    return said == NULL || said->level == NOTE_GOOD || said->level == NOTE_INFO;
}

void control_desk_answer(struct pipeline *pipeline, const struct control_request *request,
                         const struct control_before *before, struct control_answer *out)
{
    const struct answer *said = answer_to(pipeline, request->seq, before->answers);
    size_t open = order_manager_open_count(pipeline->orders);

    *out = (struct control_answer){.seq = request->seq,
                                   .level = said == NULL ? CONTROL_INFO : (enum control_level)said->level};
    out->ok = is_so(pipeline, request, before, said);
    snprintf(out->text, sizeof(out->text), "%s", said == NULL ? "done" : said->text);
    if (request->kind == CONTROL_CANCEL_ALL && request->symbol[0] == '\0')
        snprintf(out->text, sizeof(out->text), "cancel all: %zu open orders, %zu still are", before->open,
                 open);
    if (request->kind == CONTROL_ORDER && out->ok)
        out->order_seq = pipeline->placed_seq;
}

/* --- status ------------------------------------------------------------------------------------------------- */

static void fill_instrument(struct pipeline *pipeline, const struct market_state *market,
                            struct control_instrument *out)
{
    const struct instrument *instrument = market->instrument;
    int64_t mark = market_state_mark(market, market->total.lots);

    memcpy(out->symbol, instrument->symbol, sizeof(out->symbol));
    memcpy(out->quote, instrument->quote, sizeof(out->quote));
    out->book = book_state_word(market->book_state);
    out->halted = pipeline->risk.symbol_halted[instrument->id] != RISK_PASS;
    out->book_age_ms = market->book_ns == 0 ? 0 : (pipeline->now_ns - market->book_ns) / NS_PER_MS;
    out->bid_e8 = instrument_price_e8(instrument, market->mark_ticks[SIDE_BID]);
    out->ask_e8 = instrument_price_e8(instrument, market->mark_ticks[SIDE_ASK]);
    out->position_e8 = market->total.lots < 0 ? -instrument_qty_e8(instrument, -market->total.lots)
                                              : instrument_qty_e8(instrument, market->total.lots);
    out->average_e8 = market->total.lots == 0 ? 0
                                              : decimal_mul_div(llabs(market->total.cost_e8), DECIMAL_E8,
                                                                llabs(out->position_e8));
    out->realised_e8 = market->total.realised_e8;
    out->unrealised_e8 = position_unrealised_e8(&market->total, instrument, mark);
    out->fees_e8 = market->total.fees_e8;
}

static void fill_order(struct pipeline *pipeline, const struct order *order, struct control_order *out)
{
    const struct instrument *instrument = pipeline->market[order->intent.instrument_id]->instrument;

    out->seq = order->seq;
    memcpy(out->symbol, instrument->symbol, sizeof(out->symbol));
    memcpy(out->owner, pipeline->owner[order->intent.owner].name, sizeof(out->owner));
    out->side = side_word(order->intent.side);
    out->type = order_type_word(order->intent.type);
    out->state = order_state_word(order->state);
    out->price_e8 = instrument_price_e8(instrument, order->intent.price_ticks);
    out->stop_e8 = instrument_price_e8(instrument, paper_broker_stop_ticks(pipeline->broker, order));
    out->qty_e8 = instrument_qty_e8(instrument, order->intent.qty_lots);
    out->filled_e8 = instrument_qty_e8(instrument, order->filled_lots);
}

static void fill_lists(struct pipeline *pipeline, struct control_status *out)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t count = order_manager_open(pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);

    for (size_t i = 0; i < pipeline->markets; i++)
        fill_instrument(pipeline, pipeline->market[i], &out->instrument[out->instruments++]);
    for (size_t i = OWNER_MANUAL + 1; i < pipeline->owners; i++) {
        const struct owner *owner = &pipeline->owner[i];
        struct control_strategy *at = &out->strategy[out->strategies++];

        memcpy(at->name, owner->name, sizeof(at->name));
        memcpy(at->why, owner->why_off, sizeof(at->why));
        at->on = owner->on;
        at->paused = owner->paused;
        at->disabled = owner->disabled;
        at->fills = owner->fills;
        at->faults = owner->faults;
    }
    for (size_t i = 0; i < count && i < CONTROL_ORDERS_MAX; i++)
        fill_order(pipeline, open[i], &out->order[out->orders++]);
}

static void fill_killed(struct pipeline *pipeline, struct control_status *out)
{
    const struct kill_report *kill = &pipeline->kill;

    for (uint32_t i = 0; i < kill->orders && i < CONTROL_ORDERS_MAX; i++) {
        struct control_killed *at = &out->killed_order[out->killed_orders++];
        int64_t answered_ns = kill->order[i].answered_ns;

        fill_order(pipeline, kill_order_now(pipeline, i), &at->order);
        at->answered_us = answered_ns == 0 ? -1 : (answered_ns - kill->start_ns) / 1000;
    }
}

static void fill_recovery(const struct pipeline *pipeline, struct control_recovery *out)
{
    const struct recovered *left = pipeline->config.recovered;
    const struct recovery_report *report = &pipeline->recovery;

    if (left == NULL)
        return;
    *out = (struct control_recovery){.known = true,
                                     .crashed = left->crashed,
                                     .safe_mode = left->safe_mode,
                                     .done = !pipeline->recovering,
                                     .epoch = left->epoch,
                                     .frames = left->frames,
                                     .from_ring = left->from_ring,
                                     .positions = report->positions,
                                     .orders = report->orders,
                                     .orders_ended = report->orders_ended,
                                     .missing = report->missing,
                                     .took_us = left->took_ns / 1000};
    memcpy(out->state, report->state, sizeof(out->state));
    memcpy(out->why, report->why, sizeof(out->why));
    memcpy(out->missing_symbol, report->missing_symbol, sizeof(out->missing_symbol));
    snprintf(out->note, sizeof(out->note), "%.159s", left->note);
}

void control_desk_status(struct pipeline *pipeline, struct control_status *out)
{
    const struct pipeline_counts *counts = &pipeline->counts;
    const struct kill_report *kill = &pipeline->kill;

    memset(out, 0, sizeof(*out));
    out->now_ns = pipeline->now_ns;
    out->mode = trading_mode_word(pipeline->risk.mode);
    out->state = trading_state_word(pipeline->risk.state);
    memcpy(out->state_why, pipeline->state_why, sizeof(out->state_why));
    out->state_since_ns = pipeline->state_since_ns;
    out->killed = pipeline->risk.state == STATE_KILLED;
    out->kill_flattens = kill_flattens(pipeline);
    out->kill_total = kill->total;
    out->kill_confirmed = kill->confirmed;
    out->kill_ns = kill->start_ns;
    out->kill_quiet_ns = kill->quiet_ns;
    if (pipeline->accounts > 0) {
        out->equity_e8 = pipeline->account[0].equity_e8;
        out->cash_e8 = pipeline->account[0].cash_e8;
        memcpy(out->quote, pipeline->account[0].quote, sizeof(out->quote));
    }
    out->events = counts->events;
    out->intents = counts->intents;
    out->denied = counts->denied;
    out->approved = pipeline->approvals.granted;
    out->sent = counts->sent;
    out->filled = counts->filled;
    out->cancelled = counts->cancelled;
    out->rejected = counts->rejected;
    out->fills = counts->fills;
    fill_recovery(pipeline, &out->recovery);
    fill_lists(pipeline, out);
    fill_killed(pipeline, out);
}

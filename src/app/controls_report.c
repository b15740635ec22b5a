#include "app/controls_report.h"

#include "app/view_panels.h"
#include "core/base/decimal.h"
#include "store/crash_count.h"
#include "store/recovered.h"
#include "tui/number_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define NS_PER_S     INT64_C(1000000000)
#define WORDS_SIZE   64
#define MIN_WORTH_E8 1000 /* of a lot: less would be rounded too much to divide by */

struct words { /* of process controls: kept while the rows are made */
    char compare[WORDS_SIZE], deadman[WORDS_SIZE], selftest[WORDS_SIZE], post_trade[WORDS_SIZE],
        crash_loop[WORDS_SIZE];
};

static enum view_unit unit_of(enum risk_unit unit)
{
    switch (unit) {
    case RISK_UNIT_MONEY:
        return VIEW_UNIT_MONEY;
    case RISK_UNIT_BASE:
        return VIEW_UNIT_QTY;
    case RISK_UNIT_MS:
        return VIEW_UNIT_MS;
    case RISK_UNIT_S:
        return VIEW_UNIT_S;
    case RISK_UNIT_BP:
        return VIEW_UNIT_BP;
    case RISK_UNIT_PERCENT:
        return VIEW_UNIT_PERCENT;
    case RISK_UNIT_COUNT:
    case RISK_UNIT_LOTS:
    case RISK_UNIT_TICKS:
        return VIEW_UNIT_COUNT;
    case RISK_UNIT_NONE:
        break;
    }
    return VIEW_UNIT_NONE;
}

static int64_t or_none(int64_t value)
{
    return value == RISK_ATTEST_NONE ? VIEW_NONE : value;
}

static enum view_control_group group_of(enum risk_code code)
{
    switch ((int)code) {
    case RISK_MAX_POS:
    case RISK_MAX_GROSS:
    case RISK_MAX_OPEN_VALUE:
    case RISK_MAX_OPEN_N:
        return CONTROLS_EXPOSURE;
    case RISK_MAX_QTY:
    case RISK_MAX_VALUE:
    case RISK_COLLAR:
    case RISK_DUPLICATE:
        return CONTROLS_ONE_ORDER;
    case RISK_DAILY_LOSS:
    case RISK_DRAWDOWN:
    case RISK_TRADE_LOSS:
    case RISK_LOSS_STREAK:
        return CONTROLS_LOSS;
    case RISK_MSG_RATE:
    case RISK_REQ_WEIGHT:
    case RISK_REPEAT:
    case RISK_REJECT_STORM:
    case RISK_ORDER_TO_TRADE:
        return CONTROLS_RATE;
    case RISK_STALE_BOOK:
    case RISK_CLOCK:
    case RISK_LATENCY:
    case RISK_COLLAR_WINDOW:
    case RISK_VOLATILITY:
        return CONTROLS_DATA;
    default:
        return risk_code_place(code) == RISK_PLACE_PROCESS ? CONTROLS_PROCESS : CONTROLS_GATES;
    }
}

/* What a control without numbers says of itself. */
static const char *word_of(const struct pipeline *pipeline, const struct risk_attest_row *row)
{
    if (row->text != NULL)
        return row->text;
    switch ((int)row->code) {
    case RISK_KILL:
        return row->standing ? "KILLED" : "ready";
    case RISK_MODE:
        return trading_mode_word(pipeline->risk.mode);
    case RISK_HALTED:
    case RISK_REDUCING:
    case RISK_PAUSED:
        return row->standing ? trading_state_word(pipeline->risk.state) : "not now";
    case RISK_CLOCK:
        return pipeline->risk.mode == MODE_LIVE ? "" : "not applicable";
    case RISK_NOT_LEADER:
        if (pipeline->risk.leader_term_ns > 0)
            return "leads";
        return pipeline->risk.mode == MODE_LIVE ? "not known" : "not applicable";
    case RISK_FILTER:
    case RISK_BALANCE:
    case RISK_SYMBOL_STATE:
        return "on";
    case RISK_SELF_TRADE:
        return "deny";
    case RISK_REDUCE_ONLY:
        return "by order";
    case RISK_DUPLICATE: /* a time that another one keeps away from: nothing of it is ever used */
        return "not again within";
    default:
        return row->standing ? "TRIPPED" : "";
    }
}

/* "you 14:02", or where the start took it from. */
static void source_text(const struct pipeline *pipeline, const struct risk_attest_row *row, char *out,
                        size_t size)
{
    int64_t changed_ns = row->id < RISK_LIMITS ? pipeline->limit_changed_ns[row->id] : 0;
    time_t seconds = (time_t)(changed_ns / NS_PER_S);
    struct tm utc;

    if (changed_ns != 0 && gmtime_r(&seconds, &utc) != NULL)
        snprintf(out, size, "you %02d:%02d", utc.tm_hour, utc.tm_min);
    else
        snprintf(out, size, "%s", row->source == NULL ? "" : row->source);
}

/* "2 of 5  in 10 min". Safe mode trips at the start; an operator's go ends it. */
static struct risk_process_fact crash_loop_fact(const struct pipeline *pipeline, struct words *words)
{
    const struct recovered *left = pipeline->config.recovered;
    unsigned recent;

    if (left == NULL) /* a replay, or nothing runs */
        return (struct risk_process_fact){.known = true, .ok = true, .text = "no journal"};
    recent = crash_count_recent(left->crash_ns, pipeline->now_ns);
    snprintf(words->crash_loop, WORDS_SIZE, "%s%u of %d  in %" PRId64 " min",
             left->safe_mode ? "safe mode  " : "", recent, STORE_CRASHES, CRASH_COUNT_NS / NS_PER_S / 60);
    return (struct risk_process_fact){.known = true,
                                      .ok = !left->safe_mode || pipeline->risk.state != STATE_HALTED,
                                      .text = words->crash_loop,
                                      .unit = RISK_UNIT_COUNT,
                                      .now = recent,
                                      .limit = STORE_CRASHES,
                                      .trips = left->safe_mode,
                                      .tripped_ns = left->safe_mode ? pipeline->selftest.ran_ns : 0};
}

static void fill_process(const struct pipeline *pipeline, struct words *words,
                         struct risk_process_fact process[RISK_CODES])
{
    const struct risk_approvals *approvals = &pipeline->approvals;

    snprintf(words->compare, WORDS_SIZE, "%s  %" PRIu64 " approved, %" PRIu64 " sent",
             risk_approvals_agree(approvals) ? "equal" : "differs", approvals->granted, approvals->sent);
    process[RISK_COMPARE] = (struct risk_process_fact){
        .known = true, .ok = risk_approvals_agree(approvals), .text = words->compare};
    snprintf(words->deadman, WORDS_SIZE, pipeline->config.deadman_ms > 0 ? "watches  %d ms" : "not running",
             (int)pipeline->config.deadman_ms);
    process[RISK_DEADMAN] = (struct risk_process_fact){
        .known = true, .ok = pipeline->config.deadman_ms > 0, .text = words->deadman};
    snprintf(words->selftest, WORDS_SIZE, "%" PRIu32 " ok, %" PRIu32 " failed", pipeline->selftest.ok,
             pipeline->selftest.failed);
    process[RISK_SELFTEST] = (struct risk_process_fact){
        .known = true, .ok = pipeline->selftest.failed == 0, .text = words->selftest};
    snprintf(words->post_trade, WORDS_SIZE, "%s  %" PRId64 " s ago", pipeline->differed ? "differs" : "equal",
             (pipeline->now_ns - pipeline->compared_ns) / NS_PER_S);
    process[RISK_POST_TRADE] = (struct risk_process_fact){
        .known = pipeline->compared_ns != 0, .ok = !pipeline->differed, .text = words->post_trade};
    process[RISK_CRASH_LOOP] = crash_loop_fact(pipeline, words);
    process[RISK_CANCEL_ON_EXIT] =
        (struct risk_process_fact){.known = true,
                                   .ok = !pipeline->config.exit_keeps_orders,
                                   .text = pipeline->config.exit_keeps_orders ? "keep" : "cancel own orders"};
    process[RISK_LIMIT_CHANGE] =
        (struct risk_process_fact){.known = true, .ok = true, .text = "looser by a typed word"};
    process[RISK_ATTEST] = (struct risk_process_fact){.known = true, .ok = true, .text = "this list"};
}

/* "MAX_VALUE: value of one order" without its control's code, which stands beside it. */
static const char *help_of(const struct risk_attest_row *row)
{
    size_t size = strlen(row->word);

    if (row->help == NULL)
        return "";
    return strncmp(row->help, row->word, size) == 0 && strncmp(row->help + size, ": ", 2) == 0
               ? row->help + size + 2
               : row->help;
}

/* Money that may be lost still: a share of the equity tells a trader little. Of the account of what is shown. */
static int64_t room_of(const struct pipeline *pipeline, const struct risk_attest_row *row)
{
    const struct risk_state *risk = &pipeline->risk;
    int64_t base_e8 = row->id == RISK_LIMIT_daily_loss_bp ? risk->equity_start_day_e8
                      : row->id == RISK_LIMIT_drawdown_bp ? risk->equity_peak_e8
                                                          : 0;

    if (base_e8 <= 0 || row->limit <= 0)
        return VIEW_NONE;
    return decimal_mul_div(base_e8, row->limit, 10000) - (base_e8 - risk->equity_e8);
}

static void fill_row(const struct pipeline *pipeline, const struct risk_attest_row *row,
                     struct view_control *out)
{
    snprintf(out->code, sizeof(out->code), "%s", row->word);
    out->group = group_of(row->code);
    out->unit = unit_of(row->unit);
    out->limit = or_none(row->limit);
    out->now = or_none(row->now);
    out->worst = VIEW_NONE;
    out->room_e8 = room_of(pipeline, row);
    if (row->id < RISK_LIMITS &&
        day_figures_has_largest(row->id)) /* an order is over at once: the day's largest */
        out->now = or_none(row->worst);
    snprintf(out->word, sizeof(out->word), "%s", word_of(pipeline, row));
    if (row->id == RISK_LIMIT_max_qty_e8 && row->limit == 0) { /* not set: simulation alone starts so */
        out->limit = VIEW_NONE;
        snprintf(out->word, sizeof(out->word), "max_value over the mid");
    }
    out->denied = row->denials;
    out->trips = row->trips;
    out->tripped_ns = row->tripped_ns == 0 ? VIEW_NONE : row->tripped_ns;
    out->denied_ns = row->denied_ns == 0 ? VIEW_NONE : row->denied_ns;
    out->self_test = (uint8_t)row->selftest;
    out->tested_ns = row->selftest_ns == 0 ? VIEW_NONE : row->selftest_ns;
    snprintf(out->option, sizeof(out->option), "%s", row->option == NULL ? "" : row->option);
    source_text(pipeline, row, out->source, sizeof(out->source));
    snprintf(out->help, sizeof(out->help), "%s", help_of(row));
    out->limit_id = row->id < RISK_LIMITS ? (uint16_t)row->id : VIEW_LIMIT_NONE;
    out->limit_decimal = row->id < RISK_LIMITS && risk_limit_row(row->id)->decimal;
}

/*
 * What is held now, and what would be if every open order filled: the panel of the trade screen knows both. The gate
 * keeps the second alone.
 */
static void fill_worst(struct pipeline *pipeline, struct market_state *market, struct view_controls *out)
{
    struct view_risk risk = {.limits = 0};

    view_fill_risk(pipeline, market, &risk);
    for (uint16_t i = 0; i < risk.limits; i++) {
        const struct view_limit *from = &risk.limit[i];
        struct view_control *to = out->control;

        while (to < out->control + out->controls && strcmp(to->code, from->code) != 0)
            to++;
        if (to == out->control + out->controls || to->group != CONTROLS_EXPOSURE || from->unit != to->unit)
            continue;
        to->now = from->now;
        to->worst = from->worst;
    }
}

/* --- gates: what stands beside their word, of the instrument that is shown ---------------------------------------- */

static unsigned trading_markets(const struct pipeline *pipeline)
{
    unsigned count = 0;

    for (size_t i = 0; i < pipeline->markets; i++)
        count += pipeline->market[i]->trading;
    return count;
}

static unsigned reduce_only_orders(const struct pipeline *pipeline)
{
    struct order *open[ORDERS_OPEN_MAX];
    size_t orders = order_manager_open(pipeline->orders, ORDERS_ANY, ORDERS_ANY, open, ORDERS_OPEN_MAX);
    unsigned count = 0;

    for (size_t i = 0; i < orders; i++)
        count += open[i]->intent.reduce_only;
    return count;
}

static void add_fact(const struct pipeline *pipeline, const struct market_state *market, enum risk_code code,
                     struct view_control *out)
{
    const struct instrument *instrument = market->instrument;
    size_t used = strlen(out->word), size = sizeof(out->word) - used;
    char *end = out->word + used, tick[DECIMAL_TEXT_SIZE], lot[DECIMAL_TEXT_SIZE];

    switch ((int)code) {
    case RISK_SYMBOL_STATE:
        snprintf(end, size, "  %u of %zu TRADING", trading_markets(pipeline), pipeline->markets);
        break;
    case RISK_FILTER:
        decimal_format_trim(instrument->tick_e8, DECIMAL_E8_DIGITS, tick);
        decimal_format_trim(instrument->lot_e8, DECIMAL_E8_DIGITS, lot);
        snprintf(end, size, "  tick %.10s, lot %.10s", tick, lot);
        break;
    case RISK_BALANCE:
        if (pipeline->market_account[instrument->id] < pipeline->accounts)
            snprintf(end, size, "  %.16s %.8s free",
                     number_fixed(pipeline->risk.free_quote_e8, 8, 2, false).text, instrument->quote);
        break;
    case RISK_REDUCE_ONLY:
        snprintf(end, size, "  %u open", reduce_only_orders(pipeline));
        break;
    default:
        break;
    }
}

static void fill_facts(const struct pipeline *pipeline, const struct market_state *market,
                       struct view_controls *out)
{
    static const enum risk_code codes[] = {RISK_SYMBOL_STATE, RISK_FILTER, RISK_BALANCE, RISK_REDUCE_ONLY};

    for (uint16_t i = 0; i < out->controls; i++)
        for (size_t k = 0; k < sizeof(codes) / sizeof(codes[0]); k++)
            if (strcmp(out->control[i].code, risk_code_word(codes[k])) == 0)
                add_fact(pipeline, market, codes[k], &out->control[i]);
}

/* MAX_QTY where it is not set: what the gate makes of MAX_VALUE, for the instrument that is shown. */
static void fill_max_qty(const struct pipeline *pipeline, const struct market_state *market,
                         const struct market_ref *ref, struct view_controls *out)
{
    const struct instrument *instrument = market->instrument;
    int64_t mid2 = market_ref_mid2_ticks(ref), worth_e8, lots;

    if (pipeline->config.limits.max_qty_e8 != 0 || pipeline->risk.mode != MODE_SIMULATION || mid2 <= 0)
        return;
    worth_e8 = instrument_value_e8(instrument, mid2, 1); /* twice a lot's */
    if (worth_e8 < MIN_WORTH_E8)
        return;
    lots = (int64_t)((__int128)pipeline->config.limits.max_value_e8 * 2 / worth_e8);
    for (uint16_t i = 0; i < out->controls; i++)
        if (strcmp(out->control[i].code, risk_code_word(RISK_MAX_QTY)) == 0) {
            out->control[i].limit = lots * instrument->lot_e8;
            if (pipeline->markets > 1) /* sizes of several instruments are no one number */
                out->control[i].now = VIEW_NONE;
        }
}

static int by_size(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;

    return (left > right) - (left < right);
}

static void fill_gate(const struct pipeline *pipeline, struct view_controls *out)
{
    const struct gate_times *gate = &pipeline->gate;
    size_t count = gate->samples < GATE_SAMPLES_MAX ? (size_t)gate->samples : GATE_SAMPLES_MAX;
    int64_t sorted[GATE_SAMPLES_MAX];

    out->gate_p50_ns = out->gate_p99_ns = VIEW_NONE;
    if (count == 0)
        return;
    memcpy(sorted, gate->ns, count * sizeof(sorted[0]));
    qsort(sorted, count, sizeof(sorted[0]), by_size);
    out->gate_p50_ns = sorted[count / 2];
    out->gate_p99_ns = sorted[count * 99 / 100];
}

static void fill_kill(const struct pipeline *pipeline, struct view_controls *out)
{
    const struct store_kill *last = kill_last(pipeline);

    out->last_kill_ns = last == NULL ? VIEW_NONE : last->start_ns;
    kill_last_text(pipeline, out->last_kill, sizeof(out->last_kill));
}

void controls_report_denials(const struct pipeline *pipeline, struct view_controls *out)
{
    uint64_t count = pipeline->denial_count;

    for (uint64_t i = 0; i < count && i < PIPELINE_DENIALS_MAX && out->denials < VIEW_DENIALS_MAX; i++) {
        const struct denial *from = &pipeline->denial[(count - 1 - i) % PIPELINE_DENIALS_MAX];
        struct view_denial *to = &out->denial[out->denials++];

        to->seq = from->seq;
        to->ts_ns = from->ts_ns;
        to->type = from->intent.type;
        snprintf(to->code, sizeof(to->code), "%s", risk_code_word(from->code));
        to->owner = from->intent.owner;
        to->instrument_id = from->intent.instrument_id;
        to->side = from->intent.side;
        to->qty_lots = from->intent.qty_lots;
        to->price_ticks = order_intent_ticks(&from->intent);
        snprintf(to->text, sizeof(to->text), "%s", from->text);
        snprintf(to->by, sizeof(to->by), "%s", from->by);
        snprintf(to->help, sizeof(to->help), "%s", risk_code_help(from->code));
    }
}

/* The gate loads it with each order: what was loaded last may be of another moment, and of one strategy alone. */
static void load_money(struct pipeline *pipeline, uint16_t account)
{
    trading_load_account(pipeline, account, 0);
    for (uint16_t i = 0; i < pipeline->owners; i++)
        trading_load_owner(pipeline, account, i, 0);
}

static void fill_rest(const struct pipeline *pipeline, struct view_controls *out)
{
    out->tests = (uint16_t)(pipeline->selftest.ok + pipeline->selftest.failed);
    out->tests_passed = (uint16_t)pipeline->selftest.ok;
    out->tested_ns = pipeline->selftest.ran_ns == 0 ? VIEW_NONE : pipeline->selftest.ran_ns;
    fill_gate(pipeline, out);
    out->approved = pipeline->approvals.granted;
    out->sent = pipeline->approvals.sent;
    fill_kill(pipeline, out);
    out->kept = pipeline->config.recovered != NULL;
    out->counted_since_ns = pipeline->day.since_ns;
    controls_report_denials(pipeline, out);
    if (pipeline->config.schedule != NULL && !schedule_is_empty(pipeline->config.schedule))
        calendar_text(pipeline, out->schedule, sizeof(out->schedule));
}

void controls_report_fill(struct pipeline *pipeline, struct market_state *market, struct view_controls *out)
{
    struct risk_process_fact process[RISK_CODES] = {{.known = false}};
    struct risk_attest_row rows[RISK_ATTEST_ROWS_MAX];
    struct risk_instrument at = {.volatility_bp = -1};
    struct market_ref ref = {.now_ns = pipeline->now_ns};
    struct words words;
    struct risk_attest_facts facts = {.limits = &pipeline->config.limits,
                                      .state = &pipeline->risk,
                                      .at = &at,
                                      .ref = &ref,
                                      .monitor = &pipeline->monitor,
                                      .selftest = &pipeline->selftest,
                                      .process = process,
                                      .worst = &pipeline->worst,
                                      .source = pipeline->config.limit_source,
                                      .owner = OWNERS_MAX};
    struct risk_owner judged[OWNERS_MAX]; /* nobody's look may change what the monitor sees */
    size_t count;

    memcpy(judged, pipeline->risk.owner, sizeof(judged));
    memset(out, 0, sizeof(*out));
    if (market != NULL) {
        uint16_t account = pipeline->market_account[market->instrument->id];

        facts.instrument_id = market->instrument->id;
        at = trading_exposure(pipeline, market, OWNER_MANUAL, 0);
        ref = market_state_ref(market, pipeline->now_ns);
        if (account < pipeline->accounts)
            load_money(pipeline, account);
    }
    fill_process(pipeline, &words, process);
    risk_worst_update(&pipeline->worst, &facts);
    count = risk_attest(&facts, rows);
    memcpy(pipeline->risk.owner, judged, sizeof(judged));
    for (size_t i = 0; i < count && i < VIEW_CONTROLS_MAX; i++)
        fill_row(pipeline, &rows[i], &out->control[out->controls++]);
    if (market != NULL) {
        fill_worst(pipeline, market, out);
        fill_facts(pipeline, market, out);
        fill_max_qty(pipeline, market, &ref, out);
    }
    fill_rest(pipeline, out);
}

#include "app/trail_row.h"

#include "core/base/decimal.h"
#include "core/base/safe_text.h"
#include "store/record_words.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *trail_kind_word(uint8_t kind)
{
    static const char *const words[TRAIL_KINDS] = {"run",    "command", "order",    "answer", "fill",
                                                   "denied", "state",   "strategy", "limit",  "book",
                                                   "system", "signals", "gate",     "story"};

    return kind < TRAIL_KINDS ? words[kind] : "?";
}

/* --- pieces ------------------------------------------------------------------------------------------------------ */

struct number { /* a value that printf takes */
    char text[DECIMAL_TEXT_SIZE];
};

static struct number e8(int64_t value)
{
    struct number out;

    decimal_format_trim(value, DECIMAL_E8_DIGITS, out.text);
    return out;
}

static void set_text(struct view_trail_row *row, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void set_text(struct view_trail_row *row, const char *format, ...)
{
    char text[2 * sizeof(row->text)];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    safe_text(text, strlen(text), row->text, sizeof(row->text));
}

static void set_owner(struct view_trail_row *row, const char *owner)
{
    safe_text(owner, strnlen(owner, OWNER_NAME_SIZE), row->owner, sizeof(row->owner));
}

static struct view_trail_row row_of(const struct store_record *record, uint64_t seq, enum trail_kind kind,
                                    const char *what)
{
    struct view_trail_row row;

    memset(&row, 0, sizeof(row));
    row.seq = seq;
    row.ts_ns = record->ts_ns;
    row.input_seq = record->input_seq;
    row.kind = (uint8_t)kind;
    safe_text(what, strnlen(what, sizeof(record->audit.event)), row.what, sizeof(row.what));
    safe_text(record->symbol, strnlen(record->symbol, sizeof(record->symbol)), row.symbol,
              sizeof(row.symbol));
    set_owner(&row, record->owner);
    return row;
}

/* --- what was heard before ---------------------------------------------------------------------------------------- */

static int place_of(struct trail_words *words, const char *symbol)
{
    size_t i = 0;

    while (i < words->scales && strcmp(words->known[i].symbol, symbol) != 0)
        i++;
    if (i == words->scales) {
        if (symbol[0] == '\0' || i == INSTRUMENTS_MAX)
            return -1;
        snprintf(words->known[i].symbol, SYMBOL_SIZE, "%s", symbol);
        words->scales++;
    }
    return (int)i;
}

static void learn_scale(struct trail_words *words, const char *symbol, struct store_scale scale)
{
    int at = scale.tick_e8 > 0 ? place_of(words, symbol) : -1;

    if (at >= 0)
        words->known[at].scale = scale;
}

static void learn_signals(struct trail_words *words, const struct store_record *record)
{
    int at = place_of(words, record->symbol);

    if (at < 0)
        return;
    words->known[at].signals_ns = record->ts_ns;
    snprintf(words->known[at].signals, sizeof(words->known[at].signals),
             "mid %s, near %+.2f, far %+.2f, ofi %+.1f sigma, takers %+.2f, 60 s %+.1f bp",
             e8(record->signals.mid_e8).text, (double)record->signals.imbalance_1bp_ppm / 1e6,
             (double)record->signals.imbalance_10bp_ppm / 1e6, (double)record->signals.ofi_sigma_ppm / 1e6,
             (double)record->signals.trade_imbalance_ppm / 1e6,
             (double)record->signals.momentum_60s_ubp / 1e6);
}

/* "61845.00": with the decimals of the symbol's tick; as it is where none was heard, or it is finer than the tick. */
static struct number price(struct trail_words *words, const char *symbol, int64_t price_e8)
{
    struct number out;
    int at = place_of(words, symbol);
    int64_t tick_e8 = at >= 0 ? words->known[at].scale.tick_e8 : 0;
    unsigned places = DECIMAL_E8_DIGITS;

    if (tick_e8 <= 0 || price_e8 % tick_e8 != 0)
        return e8(price_e8);
    for (; places > 0 && tick_e8 % 10 == 0; tick_e8 /= 10)
        places--;
    decimal_format_fixed(price_e8, DECIMAL_E8_DIGITS, places, false, out.text);
    return out;
}

/* "@ 61842.18", in ticks of what is known of the symbol; "" if nothing is, or there is no price. */
static struct number at_price(struct trail_words *words, const char *symbol, int64_t ticks)
{
    struct number out = {""};
    int at = place_of(words, symbol);

    if (at >= 0 && words->known[at].scale.tick_e8 > 0 && ticks > 0)
        snprintf(out.text, sizeof(out.text), " @ %.30s",
                 price(words, symbol, decimal_mul_div(ticks, words->known[at].scale.tick_e8, 1)).text);
    return out;
}

static struct number lots(struct trail_words *words, const char *symbol, int64_t count)
{
    struct number out = {""};
    int at = place_of(words, symbol);

    if (at >= 0 && words->known[at].scale.lot_e8 > 0 && count > 0)
        snprintf(out.text, sizeof(out.text), " %.30s",
                 e8(decimal_mul_div(count, words->known[at].scale.lot_e8, 1)).text);
    return out;
}

/* --- commands, orders, answers, fills ----------------------------------------------------------------------------- */

static void command_text(struct trail_words *words, const struct store_record *record,
                         struct view_trail_row *row)
{
    const struct command *command = &record->command;
    const struct order_intent *intent = &command->intent;

    switch ((int)command->kind) {
    case COMMAND_ORDER:
        set_text(row, "%s%s %s%s", side_word(intent->side),
                 lots(words, record->symbol, intent->qty_lots).text, order_type_word(intent->type),
                 at_price(words, record->symbol,
                          intent->price_ticks > 0 ? intent->price_ticks : intent->stop_ticks)
                     .text);
        return;
    case COMMAND_MOVE:
        set_text(row, "#%" PRIu64 " to%s", command->order_seq,
                 at_price(words, record->symbol, intent->price_ticks).text);
        return;
    case COMMAND_CANCEL:
        set_text(row, "#%" PRIu64, command->order_seq);
        return;
    case COMMAND_SET_MODE:
        set_text(row, "%s", trading_mode_word(command->mode));
        return;
    case COMMAND_SET_STATE:
        set_text(row, "%s", trading_state_word(command->state));
        return;
    case COMMAND_STRATEGY_ON:
    case COMMAND_STRATEGY_OFF:
    case COMMAND_STRATEGY_RELOAD:
        set_text(row, "%.15s", record->owner);
        return;
    case COMMAND_QUIT:
        set_text(row, "%s", command->flag ? "cancel all first" : "");
        return;
    case COMMAND_CANCEL_ALL:
    case COMMAND_FLATTEN:
    case COMMAND_REVERSE:
    case COMMAND_CLEAR_HALT:
        set_text(row, "%.23s", record->symbol);
        return;
    default: /* what it changed is told by the row that follows */
        row->symbol[0] = '\0';
    }
}

/* Samples of a clock are no command of anybody's; a strike has its audit line. */
static size_t of_command(struct trail_words *words, const struct store_record *record, uint64_t seq,
                         struct view_trail_row *out)
{
    const struct command *command = &record->command;

    if (command->kind == COMMAND_LATENCY || command->kind == COMMAND_STRATEGY_STRIKE)
        return 0;
    out[0] = row_of(record, seq, TRAIL_COMMAND, word_of_command((int)command->kind));
    set_owner(&out[0], command->source);
    out[0].order_seq = command->order_seq;
    out[0].level = command->kind == COMMAND_KILL ? 3 : 0;
    command_text(words, record, &out[0]);
    return 1;
}

static void order_text(struct trail_words *words, const struct store_record *record,
                       struct view_trail_row *row)
{
    const struct order_intent *intent = &record->order.order.intent;
    int64_t price_e8 = record->order.price_e8 > 0 ? record->order.price_e8 : record->order.stop_e8;

    set_text(row, "#%" PRIu64 " %s %s %s%s%s %s%s%s%s", record->order.order.seq, side_word(intent->side),
             e8(record->order.qty_e8).text, order_type_word(intent->type), price_e8 > 0 ? " @ " : "",
             price_e8 > 0 ? price(words, record->symbol, price_e8).text : "", time_in_force_word(intent->tif),
             intent->post_only ? ", post only" : "", intent->reduce_only ? ", reduce only" : "",
             intent->flatten ? ", to flatten" : "");
}

/* What was asked before it: signals, the gate's word, then that it left. */
static size_t of_sent(struct trail_words *words, const struct store_record *record, uint64_t seq,
                      struct view_trail_row *out)
{
    int at = place_of(words, record->symbol);
    size_t count = 0;

    if (at >= 0 && words->known[at].signals_ns != 0 && words->known[at].signals_ns <= record->ts_ns) {
        out[count] = row_of(record, seq, TRAIL_SIGNALS, "signals");
        out[count].ts_ns = words->known[at].signals_ns;
        out[count].owner[0] = '\0'; /* the market's, not its */
        set_text(&out[count++], "%s", words->known[at].signals);
    }
    out[count] = row_of(record, seq, TRAIL_GATE, "gate");
    out[count].owner[0] = '\0';
    set_text(&out[count++], "all controls passed");
    out[count] = row_of(record, seq, TRAIL_ORDER, "sent");
    order_text(words, record, &out[count++]);
    return count;
}

/* An order is told anew with each change: rows are of what we ask; what came of it, answers and fills tell. */
static size_t of_order(struct trail_words *words, const struct store_record *record, uint64_t seq,
                       struct view_trail_row *out, uint64_t *cause)
{
    const struct order *order = &record->order.order;
    size_t count = 0;

    learn_scale(words, record->symbol, record->order.scale);
    if (order->state == ORDER_STATE_SENT && order->sent_ns == order->updated_ns && order->filled_lots == 0) {
        count = of_sent(words, record, seq, out);
        *cause = order->seq;
    } else if (order->state == ORDER_STATE_PENDING_CANCEL && order->asked_ns == order->updated_ns) {
        out[count] = row_of(record, seq, TRAIL_ORDER, "cancelling");
        order_text(words, record, &out[count++]);
    } else if (order->state == ORDER_STATE_PENDING_REPLACE && order->replace_asked_ns == order->updated_ns) {
        out[count] = row_of(record, seq, TRAIL_ORDER, "moving");
        set_text(&out[count++], "#%" PRIu64 " to%s%s", order->seq,
                 lots(words, record->symbol, order->replace_qty_lots).text,
                 at_price(words, record->symbol, order->replace_price_ticks).text);
    } else if (order->state == ORDER_STATE_UNKNOWN) {
        out[count] = row_of(record, seq, TRAIL_ORDER, "UNKNOWN");
        out[count].level = 2;
        set_text(&out[count++], "#%" PRIu64 " no answer came: the gateway is asked what became of it",
                 order->seq);
    }
    for (size_t i = 0; i < count; i++)
        out[i].order_seq = order->seq;
    return count;
}

static uint8_t answer_level(enum order_event_kind kind)
{
    return kind == ORDER_EVENT_REJECTED                                                  ? 3
           : kind == ORDER_EVENT_CANCEL_REJECTED || kind == ORDER_EVENT_REPLACE_REJECTED ? 2
                                                                                         : 0;
}

static size_t of_answer(struct trail_words *words, const struct store_record *record, uint64_t seq,
                        struct view_trail_row *out)
{
    const struct order_event *event = &record->answer.event;
    bool has_price = event->kind == ORDER_EVENT_REPLACED || event->kind == ORDER_EVENT_TRIGGERED;

    learn_scale(words, record->symbol, record->answer.scale);
    if (event->kind == ORDER_EVENT_FILL)
        return 0; /* the fill's own record follows */
    out[0] = row_of(record, seq, TRAIL_ANSWER,
                    event->kind == ORDER_EVENT_ACK ? "at work" : word_of_order_event((int)event->kind));
    out[0].order_seq = event->order_seq;
    out[0].level = answer_level(event->kind);
    set_text(&out[0], "#%" PRIu64 "%s%s%s%s%.150s%s%s", event->order_seq,
             event->kind == ORDER_EVENT_REPLACED ? " to" : "",
             event->kind == ORDER_EVENT_REPLACED ? lots(words, record->symbol, event->qty_lots).text : "",
             has_price ? at_price(words, record->symbol, event->price_ticks).text : "",
             record->answer.text[0] != '\0' ? " " : "", record->answer.text,
             event->error != ORDER_ERROR_NONE ? ": " : "",
             event->error != ORDER_ERROR_NONE ? word_of_order_error((int)event->error) : "");
    return 1;
}

static size_t of_fill(struct trail_words *words, const struct store_record *record, uint64_t seq,
                      struct view_trail_row *out)
{
    const struct fill *fill = &record->fill.fill;

    learn_scale(words, record->symbol, record->fill.scale);
    out[0] = row_of(record, seq, TRAIL_FILL, "fill");
    out[0].order_seq = fill->order_seq;
    out[0].level = 1;
    set_text(&out[0], "#%" PRIu64 " %s %s @ %s fee %s %s%s%s", fill->order_seq, side_word(fill->side),
             e8(record->fill.qty_e8).text, price(words, record->symbol, record->fill.price_e8).text,
             e8(fill->fee_e8).text, fill->maker ? "maker" : "taker",
             fill->realised_e8 != 0 ? ", closed " : "",
             fill->realised_e8 != 0 ? e8(fill->realised_e8).text : "");
    return 1;
}

/* --- the rest ----------------------------------------------------------------------------------------------------- */

static const struct {
    const char *begin; /* of the event's name */
    enum trail_kind kind;
    uint8_t level;
} audits[] = {
    {"order.denied", TRAIL_DENIED, 2},
    {"order.mismatch", TRAIL_SYSTEM, 3},
    {"order.", TRAIL_ORDER, 0},
    {"fill.", TRAIL_FILL, 2},
    {"group", TRAIL_ORDER, 0},
    {"kill", TRAIL_STATE, 3},
    {"state", TRAIL_STATE, 0},
    {"mode", TRAIL_STATE, 0},
    {"pause.", TRAIL_STATE, 0},
    {"exit", TRAIL_STATE, 0},
    {"strategy.fault", TRAIL_STRATEGY, 3},
    {"strategy.disabled", TRAIL_STRATEGY, 3},
    {"strategy.strike", TRAIL_STRATEGY, 2},
    {"strategy.", TRAIL_STRATEGY, 0},
    {"limit", TRAIL_LIMIT, 0},
    {"symbol.halted", TRAIL_LIMIT, 3},
    {"symbol.", TRAIL_LIMIT, 0},
    {"book.stale", TRAIL_BOOK, 2},
    {"book.", TRAIL_BOOK, 0},
    {"alert.rang", TRAIL_SYSTEM, 2},
    {"attention", TRAIL_SYSTEM, 2},
    {"deadman.", TRAIL_SYSTEM, 3},
    {"post-trade", TRAIL_SYSTEM, 3},
    {"", TRAIL_SYSTEM, 0},
};

/* "strategy.strike": whose is told beside it. */
static const char *short_event(const char *event)
{
    return strncmp(event, "strategy.", 9) == 0 ? event + 9 : event;
}

/*
 * "#12 BUY 0.02 MARKET: MAX_VALUE value=1236.84 limit=1000.00" with what denied it first: a list cuts the end, and the
 * number is of a denial, not of an order as all others here.
 */
static void set_denied(struct view_trail_row *row, const char *text)
{
    const char *code = strstr(text, ": "), *asked = text + 1 + strspn(text + 1, "0123456789"), *numbers;

    if (text[0] != '#' || code == NULL || asked >= code || *asked != ' ') {
        set_text(row, "%s", text);
        return;
    }
    numbers = code + 2 + strcspn(code + 2, " ");
    set_text(row, "%.*s%.*s:%s, denial %.*s", (int)(numbers - code - 2), code + 2, (int)(code - asked), asked,
             numbers, (int)(asked - text - 1), text + 1);
}

static size_t of_audit(const struct store_record *record, uint64_t seq, struct view_trail_row *out)
{
    size_t at = 0;

    while (strncmp(record->audit.event, audits[at].begin, strlen(audits[at].begin)) != 0)
        at++;
    out[0] = row_of(record, seq, audits[at].kind,
                    audits[at].kind == TRAIL_DENIED ? "DENIED" : short_event(record->audit.event));
    out[0].level = audits[at].level;
    set_owner(&out[0], strcmp(record->audit.owner, "-") == 0 ? "" : record->audit.owner);
    if (audits[at].kind == TRAIL_DENIED)
        set_denied(&out[0], record->audit.text);
    else
        set_text(&out[0], "%s", record->audit.text);
    return 1;
}

static size_t of_session(const struct store_record *record, uint64_t seq, struct view_trail_row *out)
{
    out[0] = row_of(record, seq, TRAIL_RUN, "run begins");
    out[0].level = 1;
    set_text(&out[0], "run %" PRIu64 ", epoch %" PRIu64 ", %s, %s, %s, flowdeck %s", record->session.session,
             record->session.epoch, record->session.kind, record->session.mode, record->session.source,
             record->session.version);
    return 1;
}

static size_t of_session_end(const struct store_record *record, uint64_t seq, struct view_trail_row *out)
{
    out[0] = row_of(record, seq, TRAIL_RUN, "run ends");
    set_text(&out[0], "run %" PRIu64 ", %s, %" PRIu64 " records", record->session_end.session,
             record->session_end.why, record->session_end.records);
    return 1;
}

static size_t of_story(const struct store_record *record, uint64_t seq, struct view_trail_row *out)
{
    out[0] = row_of(record, seq, TRAIL_STORY, "");
    out[0].order_seq = record->story.order_seq;
    set_text(&out[0], "%s", record->story.text);
    return 1;
}

size_t trail_rows_of(struct trail_words *words, const struct store_record *record, uint64_t seq,
                     struct view_trail_row out[TRAIL_ROWS_OF_RECORD], uint64_t *cause)
{
    *cause = 0;
    switch (record->kind) {
    case STORE_INSTRUMENT:
        learn_scale(words, record->instrument.symbol,
                    (struct store_scale){record->instrument.tick_e8, record->instrument.lot_e8});
        return 0;
    case STORE_SIGNALS:
        learn_signals(words, record);
        return 0;
    case STORE_SESSION: /* another market, maybe, and another hour: what was seen then is not what an order went by */
        for (size_t i = 0; i < words->scales; i++)
            words->known[i].signals_ns = 0;
        return of_session(record, seq, out);
    case STORE_ORDER:
        return of_order(words, record, seq, out, cause);
    case STORE_FILL:
        return of_fill(words, record, seq, out);
    case STORE_ANSWER:
        return of_answer(words, record, seq, out);
    case STORE_COMMAND:
        return of_command(words, record, seq, out);
    case STORE_AUDIT:
        return of_audit(record, seq, out);
    case STORE_STORY:
        return of_story(record, seq, out);
    case STORE_SESSION_END:
        return of_session_end(record, seq, out);
    case STORE_EQUITY: /* samples and sums, and states whose change has an audit line */
    case STORE_POSITION:
    case STORE_ACCOUNT:
    case STORE_TRADING:
    case STORE_OWNER:
    case STORE_SYMBOL:
    case STORE_PARAMETER:
    case STORE_LIMIT:
    case STORE_TIME:
    case STORE_MEMORY:
    case STORE_CONTROL:
    case STORE_KILL:
    case STORE_CANDLE:
        break;
    }
    return 0;
}

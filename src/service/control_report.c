/* control_report.c - answers and reports of the control socket as JSON lines. See control_text.h. */
#include "service/control_text.h"

#include "core/base/decimal.h"
#include "core/base/safe_text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define WORDS_SIZE 1024

static const char *const level_words[] = {"info", "good", "warning", "bad"};

static json_t *number(int64_t value_e8)
{
    char text[DECIMAL_TEXT_SIZE];

    decimal_format_trim(value_e8, DECIMAL_E8_DIGITS, text);
    return json_string(text);
}

/* Text of ours is safe, but may have been cut inside a character; what is not is made so here, whoever prints it. */
static json_t *words(const char *text)
{
    size_t size = strlen(text);
    char safe[WORDS_SIZE];

    for (size_t cut = 0; cut < 4 && cut <= size && (cut == 0 || (text[size - cut] & 0x80) != 0); cut++)
        if (safe_text_is_safe(text, size - cut))
            return json_stringn(text, size - cut);
    safe_text(text, size, safe, sizeof(safe));
    return json_string(safe);
}

static json_t *word_or_null(const char *text)
{
    return text == NULL || text[0] == '\0' ? json_null() : words(text);
}

/* Takes root over. */
static char *line_of(json_t *root, const char *id)
{
    json_t *back = id[0] == '\0' ? NULL : json_loads(id, JSON_DECODE_ANY, NULL);
    char *text, *line = NULL;

    if (back != NULL)
        json_object_set_new(root, "id", back);
    text = root == NULL ? NULL : json_dumps(root, JSON_COMPACT);
    json_decref(root);
    if (text != NULL) {
        size_t size = strlen(text);

        line = realloc(text, size + 2);
        if (line == NULL)
            free(text);
        else
            memcpy(line + size, "\n", 2);
    }
    return line;
}

char *control_text_answer(const struct control_answer *answer, const char *id)
{
    json_t *root = json_pack("{s:b,s:s,s:o}", "ok", answer->ok, "level", level_words[answer->level], "text",
                             words(answer->text));

    if (answer->order_seq != 0)
        json_object_set_new(root, "order", json_integer((json_int_t)answer->order_seq));
    return line_of(root, id);
}

char *control_text_refusal(const char *why, const char *id)
{
    return line_of(json_pack("{s:b,s:s,s:o}", "ok", 0, "level", "bad", "text", words(why)), id);
}

/* --- status ------------------------------------------------------------------------------------------------- */

static json_t *instruments(const struct control_status *status)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < status->instruments; i++) {
        const struct control_instrument *at = &status->instrument[i];

        json_array_append_new(
            list, json_pack("{s:o,s:o,s:s,s:b,s:I,s:o,s:o,s:o,s:o,s:o,s:o,s:o}", "symbol", words(at->symbol),
                            "quote", words(at->quote), "book", at->book, "halted", at->halted, "book_age_ms",
                            (json_int_t)at->book_age_ms, "bid", number(at->bid_e8), "ask", number(at->ask_e8),
                            "position", number(at->position_e8), "average_price", number(at->average_e8),
                            "realised", number(at->realised_e8), "unrealised", number(at->unrealised_e8),
                            "fees", number(at->fees_e8)));
    }
    return list;
}

static json_t *strategies(const struct control_status *status)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < status->strategies; i++) {
        const struct control_strategy *at = &status->strategy[i];

        json_array_append_new(list, json_pack("{s:o,s:b,s:b,s:b,s:o,s:I,s:I}", "name", words(at->name), "on",
                                              at->on, "paused", at->paused, "disabled", at->disabled, "why",
                                              word_or_null(at->why), "fills", (json_int_t)at->fills, "faults",
                                              (json_int_t)at->faults));
    }
    return list;
}

static json_t *order_of(const struct control_order *at)
{
    return json_pack("{s:I,s:o,s:o,s:s,s:s,s:s,s:o,s:o,s:o,s:o}", "order", (json_int_t)at->seq, "symbol",
                     words(at->symbol), "owner", words(at->owner), "side", at->side, "type", at->type,
                     "state", at->state, "price", number(at->price_e8), "stop", number(at->stop_e8), "qty",
                     number(at->qty_e8), "filled", number(at->filled_e8));
}

static json_t *orders(const struct control_status *status)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < status->orders; i++)
        json_array_append_new(list, order_of(&status->order[i]));
    return list;
}

/* What became of each order of the kill. */
static json_t *results(const struct control_status *status)
{
    json_t *list = json_array();

    for (uint32_t i = 0; i < status->killed_orders; i++) {
        const struct control_killed *at = &status->killed_order[i];
        json_t *order = order_of(&at->order);

        json_object_set_new(order, "answered_us",
                            at->answered_us < 0 ? json_null() : json_integer(at->answered_us));
        json_array_append_new(list, order);
    }
    return list;
}

static json_t *kill_of(const struct control_status *status)
{
    static const char *const latched[] = {"no", "yes", "on its way", "FAILED"};

    return json_pack("{s:b,s:I,s:I,s:I,s:I,s:I,s:b,s:s,s:o,s:o}", "killed", status->killed, "orders",
                     (json_int_t)status->kill_total, "confirmed", (json_int_t)status->kill_confirmed, "at_ns",
                     (json_int_t)status->kill_ns, "quiet_ns", (json_int_t)status->kill_quiet_ns, "took_us",
                     (json_int_t)status->kill_took_us, "flattens", status->kill_flattens, "latched",
                     latched[status->latched], "latch_why", word_or_null(status->latch_why), "results",
                     results(status));
}

static json_t *recovery_of(const struct control_recovery *recovery)
{
    if (!recovery->known)
        return json_null();
    return json_pack("{s:b,s:b,s:b,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:I,s:o,s:o,s:o}", "done", recovery->done,
                     "after_crash", recovery->crashed, "safe_mode", recovery->safe_mode, "epoch",
                     (json_int_t)recovery->epoch, "frames", (json_int_t)recovery->frames, "from_ring",
                     (json_int_t)recovery->from_ring, "positions", (json_int_t)recovery->positions, "orders",
                     (json_int_t)recovery->orders, "orders_ended", (json_int_t)recovery->orders_ended,
                     "missing", (json_int_t)recovery->missing, "missing_symbol",
                     word_or_null(recovery->missing_symbol), "took_us", (json_int_t)recovery->took_us,
                     "state", word_or_null(recovery->state), "why", word_or_null(recovery->why), "note",
                     word_or_null(recovery->note));
}

static json_t *latency_of(const struct control_latency *latency)
{
    return json_pack("{s:I,s:I,s:I,s:I}", "count", (json_int_t)latency->count, "p50_us",
                     (json_int_t)latency->p50_us, "p99_us", (json_int_t)latency->p99_us, "max_us",
                     (json_int_t)latency->max_us);
}

char *control_text_status(const struct control_status *status, const char *id)
{
    json_t *counts =
        json_pack("{s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I,s:I}", "events", (json_int_t)status->events, "intents",
                  (json_int_t)status->intents, "denied", (json_int_t)status->denied, "approved",
                  (json_int_t)status->approved, "sent", (json_int_t)status->sent, "filled",
                  (json_int_t)status->filled, "cancelled", (json_int_t)status->cancelled, "rejected",
                  (json_int_t)status->rejected, "fills", (json_int_t)status->fills);
    json_t *root = json_pack(
        "{s:b,s:I,s:s,s:s,s:o,s:I,s:o,s:o,s:o,s:o,s:o,s:{s:I,s:I},s:b,s:I,s:o,s:o,s:o}", "ok", 1, "now_ns",
        (json_int_t)status->now_ns, "mode", status->mode, "state", status->state, "state_why",
        word_or_null(status->state_why), "state_since_ns", (json_int_t)status->state_since_ns, "kill",
        kill_of(status), "equity", number(status->equity_e8), "cash", number(status->cash_e8), "quote",
        words(status->quote), "counts", counts, "queues", "commands", (json_int_t)status->commands_queued,
        "records", (json_int_t)status->records_queued, "storage_failed", status->storage_failed,
        "feed_age_ms", (json_int_t)status->engine_age_ms, "instruments", instruments(status), "strategies",
        strategies(status), "orders", orders(status));

    json_object_set_new(root, "attention", word_or_null(status->attention));
    json_object_set_new(root, "latency",
                        json_pack("{s:o,s:o,s:o,s:I}", "packet_to_decided", latency_of(&status->packet),
                                  "packet_to_order", latency_of(&status->order_sent), "key_to_command",
                                  latency_of(&status->key), "key_taken_ns",
                                  (json_int_t)status->key_taken_ns));
    json_object_set_new(root, "recovery", recovery_of(&status->recovery));
    return line_of(root, id);
}

/* --- controls ----------------------------------------------------------------------------------------------- */

static json_t *value_of(enum view_unit unit, int64_t value)
{
    if (value == VIEW_NONE)
        return json_null();
    if (unit == VIEW_UNIT_MONEY || unit == VIEW_UNIT_QTY)
        return number(value);
    return json_integer((json_int_t)value);
}

static json_t *control_of(const struct view_control *control)
{
    static const char *const units[] = {"quote", "count", "bp", "ms", "s", "percent", "base", "tenths", ""};
    static const char *const tests[] = {"not run", "ok", "FAILED"};

    return json_pack(
        "{s:s,s:s,s:o,s:o,s:o,s:o,s:o,s:o,s:o,s:I,s:o,s:I,s:o,s:s,s:o,s:o}", "code", control->code, "unit",
        units[control->unit], "limit", value_of(control->unit, control->limit), "now",
        value_of(control->unit, control->now), "worst", value_of(control->unit, control->worst), "room",
        value_of(VIEW_UNIT_MONEY, control->room_e8), "word", word_or_null(control->word), "option",
        word_or_null(control->option), "source", word_or_null(control->source), "denied",
        (json_int_t)control->denied, "denied_ns", value_of(VIEW_UNIT_COUNT, control->denied_ns), "tripped",
        (json_int_t)control->trips, "tripped_ns", value_of(VIEW_UNIT_COUNT, control->tripped_ns), "self_test",
        tests[control->self_test], "self_test_ns", value_of(VIEW_UNIT_COUNT, control->tested_ns), "help",
        words(control->help));
}

char *control_text_controls(const struct view_controls *controls, const char *id)
{
    json_t *list = json_array();

    for (uint16_t i = 0; i < controls->controls; i++)
        json_array_append_new(list, control_of(&controls->control[i]));
    return line_of(
        json_pack("{s:b,s:I,s:I,s:o,s:I,s:I,s:o}", "ok", 1, "self_tests", (json_int_t)controls->tests,
                  "self_tests_passed", (json_int_t)controls->tests_passed, "self_tested_ns",
                  value_of(VIEW_UNIT_COUNT, controls->tested_ns), "approved", (json_int_t)controls->approved,
                  "sent", (json_int_t)controls->sent, "controls", list),
        id);
}

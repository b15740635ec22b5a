/*
 * frame_check.c - may this frame be shown? Counts, texts, truth values and words of one that came from elsewhere, by a table.
 *
 * Prices, quantities and times are only numbers: whatever they are, they are printed, and index nothing.
 */
#include "view/frame_codec.h"

#include <string.h>

enum rule_kind {
    RULE_COUNT, /* 2 bytes, at most `most` */
    RULE_BYTE,  /* 1 byte, at most `most` */
    RULE_WORD,  /* an enum, 0..most */
    RULE_TEXT   /* ends within its size */
};

struct rule {
    enum rule_kind kind;
    uint32_t most;
    size_t at, size;
    size_t stride, count;   /* of the array it stands in; count 1: in none */
    size_t stride2, count2; /* of the array within that one */
};

#define FRAME     ((struct view_frame *)0)
#define ONE(f)    offsetof(struct view_frame, f), sizeof(FRAME->f), 0, 1, 0, 1
#define LENGTH(a) (sizeof(FRAME->a) / sizeof(FRAME->a[0]))
#define EACH(a, f)                                                                                           \
    offsetof(struct view_frame, a[0].f), sizeof(FRAME->a[0].f), sizeof(FRAME->a[0]), LENGTH(a), 0, 1
#define EACH2(a, b, f)                                                                                       \
    offsetof(struct view_frame, a[0].b[0].f), sizeof(FRAME->a[0].b[0].f), sizeof(FRAME->a[0]), LENGTH(a),    \
        sizeof(FRAME->a[0].b[0]), LENGTH(a[0].b)
#define LINES(a) offsetof(struct view_frame, a[0]), sizeof(FRAME->a[0]), sizeof(FRAME->a[0]), LENGTH(a), 0, 1

#define RULE(kind, most, ...)                                                                                \
    {                                                                                                        \
        RULE_##kind, most, __VA_ARGS__                                                                       \
    }
#define COUNT(f, n)     RULE(COUNT, n, ONE(f))
#define BYTE(f, n)      RULE(BYTE, n, ONE(f))
#define BOOL(f)         RULE(BYTE, 1, ONE(f))
#define WORD(f, n)      RULE(WORD, n, ONE(f))
#define TEXT(f)         RULE(TEXT, 0, ONE(f))
#define BYTES(a, f, n)  RULE(BYTE, n, EACH(a, f))
#define COUNTS(a, f, n) RULE(COUNT, n, EACH(a, f))
#define BOOLS(a, f)     RULE(BYTE, 1, EACH(a, f))
#define WORDS(a, f, n)  RULE(WORD, n, EACH(a, f))
#define TEXTS(a, f)     RULE(TEXT, 0, EACH(a, f))

#define INTENT(f)                                                                                            \
    WORD(f.side, SIDE_COUNT - 1), WORD(f.type, ORDER_TYPES - 1), WORD(f.tif, TIF_GTD), BOOL(f.post_only),    \
        BOOL(f.reduce_only), BOOL(f.may_cut), BOOL(f.unasked), BOOL(f.flatten)
#define INTENTS(a, f)                                                                                        \
    WORDS(a, f.side, SIDE_COUNT - 1), WORDS(a, f.type, ORDER_TYPES - 1), WORDS(a, f.tif, TIF_GTD),           \
        BOOLS(a, f.post_only), BOOLS(a, f.reduce_only), BOOLS(a, f.may_cut), BOOLS(a, f.unasked),            \
        BOOLS(a, f.flatten)
#define LADDER(f)                                                                                            \
    BOOL(f.chosen), BOOL(f.provisional), BOOL(f.levels_only), COUNT(f.rows, VIEW_ROWS_MAX),                  \
        WORD(f.last_taker, SIDE_COUNT - 1), BYTE(f.marks, VIEW_MARKS_MAX), WORDS(f.mark, kind, MARK_STOP),   \
        BOOLS(f.row, beyond_horizon), BYTES(f.row, own_count, VIEW_OWN_MAX),                                 \
        RULE(WORD, SIDE_COUNT - 1, EACH2(f.row, own, side)),                                                 \
        RULE(WORD, ORDER_TYPES - 1, EACH2(f.row, own, type)),                                                \
        RULE(BYTE, 1, EACH2(f.row, own, unknown_state))
#define GAUGE(f) BYTE(f.word, 2), BOOL(f.valid)

static const struct rule rules[] = {
    /* clang-format off */
    BOOL(desk.readonly), BOOL(desk.watching), TEXT(desk.name), TEXT(desk.controller),
    /* status */
    WORD(status.mode, MODE_LIVE), WORD(status.state, STATE_KILLED), TEXT(status.state_why), TEXT(status.crash_told), BOOL(status.schedule_holds),
    BOOL(status.killing), BOOL(status.kill_before), TEXT(status.kill_told), BOOL(status.kill_flattens), BOOL(status.kill_not_kept),
    WORD(status.kill_orders, VIEW_KILLED_MAX), WORDS(status.kill_order, side, SIDE_COUNT - 1),
    WORDS(status.kill_order, state, ORDER_STATE_UNKNOWN),
    COUNT(status.shown, INSTRUMENTS_MAX - 1), COUNT(status.instruments, INSTRUMENTS_MAX),
    TEXTS(status.instrument, symbol), TEXTS(status.instrument, base), TEXTS(status.instrument, quote),
    WORDS(status.instrument, venue, VENUE_BINANCE_COINM), WORDS(status.instrument, book_state, BOOK_STALE),
    BYTES(status.instrument, scale.price_decimals, 8), BYTES(status.instrument, scale.qty_decimals, 8),
    BOOLS(status.instrument, crossed), BOOLS(status.instrument, closed),
    TEXT(status.book_why), BOOL(status.storage_failed), TEXT(status.storage_why), TEXT(status.attention), BOOL(status.live), BOOL(status.demo),
    BYTE(status.feed_sick, 2), TEXT(status.feed_why), TEXT(status.feed_brief), BOOL(status.feed_unreached),
    TEXT(status.feed_cause), TEXT(status.feed_next), TEXT(status.venue_host),
    BOOL(status.replay), BOOL(status.replay_held), BOOL(status.replay_ended),
    TEXT(status.replay_name), TEXT(status.account_quote),
    LADDER(ladder), LADDER(second),
    COUNT(position.spark_count, VIEW_SPARK_MAX),
    GAUGE(flow.near_1bp), GAUGE(flow.far_10bp), GAUGE(flow.ofi_10s), GAUGE(flow.tape_10s),
    COUNT(flow.cvd_count, VIEW_SPARK_MAX), RULE(COUNT, VIEW_FLOW_POINTS, LINES(flow.points)),
    BYTE(risk.limits, VIEW_LIMITS_MAX), TEXTS(risk.limit, code), BYTES(risk.limit, unit, 3),
    TEXTS(risk.limit, help),
    COUNT(strategies, VIEW_STRATEGIES_MAX), TEXTS(strategy, name), BOOLS(strategy, on), BOOLS(strategy, paused),
    BOOLS(strategy, disabled), TEXTS(strategy, why_off), BOOLS(strategy, unmanaged), BOOLS(strategy, has_signal),
    /* lists */
    COUNT(lists.orders, VIEW_ORDERS_MAX), INTENTS(lists.order, order.intent),
    WORDS(lists.order, order.state, ORDER_STATE_UNKNOWN), BOOLS(lists.order, order.triggered),
    WORDS(lists.order, order.error, ORDER_ERROR_OTHER),
    COUNT(lists.fills, VIEW_FILLS_MAX), WORDS(lists.fill, fill.side, SIDE_COUNT - 1), BOOLS(lists.fill, fill.maker),
    COUNT(lists.takers, VIEW_TAPE_MAX), WORDS(lists.taker, taker, SIDE_COUNT - 1),
    COUNT(lists.events, VIEW_EVENTS_MAX), BYTES(lists.event, kind, 5), WORDS(lists.event, side, SIDE_COUNT - 1),
    COUNT(lists.log_lines, VIEW_LOG_MAX), BYTES(lists.log, level, 3), TEXTS(lists.log, text),
    /* next, answers, bell */
    BOOL(next.valid), INTENT(next.intent), TEXT(next.verdict), BOOL(next.passes), BOOL(next.maker), BOOL(next.refused_state),
    COUNT(answers, VIEW_ANSWERS_MAX), BYTES(answer, level, 2), TEXTS(answer, text), TEXT(bell_why), TEXT(bell_ours_why),
    BOOL(alerts.kept), COUNT(alerts.count, ALERTS_MAX), BYTES(alerts.alert, of, ALERT_KINDS - 1),
    BYTES(alerts.alert, decimals, 8), BOOLS(alerts.alert, above), BOOLS(alerts.alert, away), TEXTS(alerts.alert, symbol),
    /* screens 5 and 4, a story */
    COUNT(controls.controls, VIEW_CONTROLS_MAX), TEXTS(controls.control, code),
    WORDS(controls.control, group, CONTROLS_PROCESS), WORDS(controls.control, unit, VIEW_UNIT_NONE),
    TEXTS(controls.control, word), TEXTS(controls.control, option), TEXTS(controls.control, source),
    TEXTS(controls.control, help), BOOLS(controls.control, limit_decimal), BYTES(controls.control, self_test, 2),
    COUNT(controls.denials, VIEW_DENIALS_MAX), TEXTS(controls.denial, code), WORDS(controls.denial, side, SIDE_COUNT - 1),
    WORDS(controls.denial, type, ORDER_TYPES - 1), TEXTS(controls.denial, text), TEXTS(controls.denial, by),
    TEXTS(controls.denial, help), BOOL(controls.kept), TEXT(controls.last_kill), TEXT(controls.schedule),
    TEXT(strategy_detail.version), TEXT(strategy_detail.about), BOOL(strategy_detail.plugin), TEXT(strategy_detail.path),
    TEXT(strategy_detail.symbols), COUNT(strategy_detail.parameters, VIEW_PARAMETERS_MAX),
    TEXTS(strategy_detail.parameter, name), TEXTS(strategy_detail.parameter, unit), TEXTS(strategy_detail.parameter, help),
    TEXTS(strategy_detail.parameter, value), TEXTS(strategy_detail.parameter, preset),
    TEXTS(strategy_detail.parameter, low), TEXTS(strategy_detail.parameter, high),
    TEXTS(strategy_detail.parameter, allowed), BOOLS(strategy_detail.parameter, whole),
    BOOLS(strategy_detail.parameter, changed),
    COUNT(strategy_detail.features, VIEW_FEATURES_MAX), TEXTS(strategy_detail.feature, name),
    BOOLS(strategy_detail.feature, met), TEXT(strategy_detail.goal),
    BOOLS(status.instrument, imbalance_known), COUNT(market.rows, INSTRUMENTS_MAX),
    COUNTS(market.row, points, VIEW_SPARK_MAX),
    BYTE(chart.kind, CHART_KINDS - 1), COUNT(chart.candles, VIEW_CHART_COLS), COUNT(chart.columns, VIEW_CHART_COLS),
    COUNT(chart.rows, VIEW_CHART_ROWS), BOOLS(chart.column, known), COUNT(chart.bins, VIEW_CHART_COLS), BOOL(chart.cross.valid),
    WORD(chart.cross.side, SIDE_COUNT - 1),
    BYTE(results.period, RESULTS_PERIODS - 1), BYTE(results.state, RESULTS_NONE), TEXT(results.why), TEXT(results.quote),
    COUNT(results.points, VIEW_RESULTS_POINTS), COUNT(results.starts, VIEW_RESULTS_STARTS),
    COUNT(results.owners, VIEW_RESULTS_OWNERS), TEXTS(results.owner, name),
    COUNT(results.bins, VIEW_RESULTS_BINS), BOOL(results.bins_under), BOOL(results.bins_over), BOOL(results.by_weekday),
    COUNT(results.days, VIEW_RESULTS_DAYS), TEXTS(results.day, label),
    COUNT(story.lines, VIEW_STORY_LINES), RULE(TEXT, 0, LINES(story.line)), COUNT(story.points, VIEW_STORY_POINTS),
    COUNT(strategy_detail.signals, VIEW_SIGNALS_MAX),
    TEXTS(strategy_detail.signal, name), TEXTS(strategy_detail.signal, value), TEXTS(strategy_detail.signal, what),
    TEXTS(strategy_detail.signal, source),
    COUNT(system.stages, VIEW_STAGES_MAX), TEXTS(system.stage, name), TEXTS(system.stage, help),
    COUNT(system.queues, VIEW_QUEUES_MAX), TEXTS(system.queue, name), TEXTS(system.queue, help), BOOLS(system.queue, bytes),
    COUNT(system.threads, VIEW_THREADS_MAX), TEXTS(system.thread, name), TEXTS(system.thread, state),
    COUNT(system.facts, VIEW_FACTS_MAX), BYTES(system.fact, group, FACTS_GROUPS - 1), BYTES(system.fact, level, 3),
    TEXTS(system.fact, name), TEXTS(system.fact, text),
    /* clang-format on */
};

static bool holds(const struct rule *rule, const uint8_t *at)
{
    uint16_t count;
    uint32_t word;

    switch (rule->kind) {
    case RULE_COUNT:
        memcpy(&count, at, sizeof(count));
        return count <= rule->most;
    case RULE_BYTE:
        return *at <= rule->most;
    case RULE_WORD:
        memcpy(&word, at, sizeof(word));
        return word <= rule->most;
    case RULE_TEXT:
        return memchr(at, '\0', rule->size) != NULL;
    }
    return false;
}

bool frame_check(const struct view_frame *frame)
{
    const uint8_t *bytes = (const uint8_t *)frame;

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++)
        for (size_t k = 0; k < rules[i].count; k++)
            for (size_t m = 0; m < rules[i].count2; m++)
                if (!holds(&rules[i], bytes + rules[i].at + k * rules[i].stride + m * rules[i].stride2))
                    return false;
    return true;
}

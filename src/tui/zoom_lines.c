/* What stands in an enlarged panel: a line for each figure, from the view alone. */
#include "tui/zoom.h"

#include "core/base/decimal.h"
#include "tui/glyphs.h"
#include "tui/limit_use.h"
#include "tui/panels.h"

#include <string.h>

/* A word may mean something else elsewhere: closed is a state of an instrument, too. */
static const struct glossary_entry *meaning_of(const char *term)
{
    static const enum glossary_group here[] = {GLOSSARY_MONEY, GLOSSARY_SIGNALS, GLOSSARY_RISK};
    const struct glossary_entry *entry;

    for (size_t i = 0; (entry = glossary_at(i)) != NULL; i++)
        for (size_t k = 0; k < sizeof(here) / sizeof(here[0]); k++)
            if (entry->group == here[k] && strcmp(entry->term, term) == 0)
                return entry;
    return glossary_find(term);
}

static struct zoom_line *add(struct zoom_page *page, const char *label, const char *term)
{
    const struct glossary_entry *entry = meaning_of(term);
    struct zoom_line *line = &page->line[page->count < ZOOM_LINES_MAX - 1 ? page->count++ : page->count];

    memset(line, 0, sizeof(*line));
    text_print(line->label, sizeof(line->label), "%s", label);
    line->style = STYLE_TEXT;
    line->what = entry != NULL ? entry->what : "";
    line->from = entry != NULL ? entry->from : "";
    line->where = entry != NULL ? entry->where : "";
    return line;
}

static struct zoom_line *add_money(struct zoom_page *page, const char *label, int64_t value_e8)
{
    struct zoom_line *line = add(page, label, label);

    line->style = style_money(value_e8);
    text_print(line->figure, sizeof(line->figure), "%s", number_money(value_e8, true).text);
    return line;
}

#define FIGURE(line, ...) text_print((line)->figure, sizeof((line)->figure), __VA_ARGS__)
#define NOTE(line, ...)   text_print((line)->note, sizeof((line)->note), __VA_ARGS__)

/* --- position ------------------------------------------------------------------------------------------------------ */

static void held_lines(struct zoom_page *page, const struct view_instrument *at,
                       const struct view_position *position)
{
    struct zoom_line *line = add(page, "position", "position");
    int64_t lots = position->lots;

    if (lots == 0) {
        FIGURE(line, "FLAT");
        NOTE(line, "nothing held");
    } else {
        line->style = style_bold(style_side(lots < 0 ? SIDE_ASK : SIDE_BID));
        FIGURE(line, "%s %s", lots < 0 ? GLYPH_DOWN_TRIANGLE " SHORT" : GLYPH_UP_TRIANGLE " LONG",
               number_qty_full(&at->scale, lots < 0 ? -lots : lots).text);
        NOTE(line, "%s, worth %s %s, %s %% eq", at->base, number_money(position->value_e8, false).text,
             at->quote, number_fixed(position->value_of_equity_x1000, 1, 1, false).text);
    }
    line = add(page, "entry", "entry");
    FIGURE(line, "%s",
           lots == 0 ? "-" : number_fixed(position->entry_e8, 8, at->scale.price_decimals, false).text);
    line = add(page, "even at", "even at");
    FIGURE(line, "%s",
           lots == 0 ? "-" : number_fixed(position->even_e8, 8, at->scale.price_decimals, false).text);
    if (lots != 0 && position->even_distance_e8 != VIEW_NONE)
        NOTE(line, "%s away",
             number_fixed(position->even_distance_e8, 8, at->scale.price_decimals, true).text);
}

static void result_lines(struct zoom_page *page, const struct view_instrument *at,
                         const struct view_position *position)
{
    struct zoom_line *line = add_money(page, "open", position->open_e8);

    if (position->lots != 0 && position->mark_ticks != VIEW_NONE)
        NOTE(line, "at %s %s, %s bp", position->lots > 0 ? "bid" : "ask",
             number_price(&at->scale, position->mark_ticks).text,
             number_fixed(position->open_bp_x10, 1, 1, true).text);
    line = add_money(page, "if flat", position->if_flat_e8);
    if (position->if_flat_e8 == VIEW_NONE)
        NOTE(line, "the book cannot tell now");
    else if (position->lots == 0)
        NOTE(line, "nothing to close");
    else
        NOTE(line, "taker fee %s, slip %s", number_money(position->if_flat_fee_e8, false).text,
             number_money(position->if_flat_slip_e8, false).text);
    line = add_money(page, "closed", position->closed_e8);
    NOTE(line, "%llu fill%s", (unsigned long long)position->fills, position->fills == 1 ? "" : "s");
    line = add_money(page, "fees", position->fees_e8 == VIEW_NONE ? VIEW_NONE : -position->fees_e8);
    NOTE(line, "maker %s %%, taker %s %%", number_fixed(position->fee_maker_ppm, 4, 3, false).text,
         number_fixed(position->fee_taker_ppm, 4, 3, false).text);
    line = add(page, "trips", "trips");
    FIGURE(line, "%llu", (unsigned long long)position->trips);
    NOTE(line, "won %llu", (unsigned long long)position->wins);
}

static void day_lines(struct zoom_page *page, const struct view_instrument *at,
                      const struct view_position *position)
{
    struct zoom_line *line = add_money(page, "DAY NET", position->day_net_e8);

    line->style = style_bold(line->style);
    add_money(page, "peak", position->peak_e8);
    add_money(page, "off peak", position->off_peak_e8);
    line = add(page, "equity", "equity");
    FIGURE(line, "%s", number_money(position->equity_e8, false).text);
    NOTE(line, "%s", at->quote);
    line = add(page, at->quote, "free");
    FIGURE(line, "%s", number_money(position->cash_free_e8, false).text);
    NOTE(line, "free, locked %s", number_money(position->cash_locked_e8, false).text);
    line = add(page, at->base, "free");
    FIGURE(line, "%s", number_qty_full(&at->scale, position->base_free_lots).text);
    NOTE(line, "free, locked %s", number_qty_full(&at->scale, position->base_locked_lots).text);
}

/* Whose it is: strategies that are ON or have traded, and the hand. */
static void owner_lines(struct zoom_page *page, const struct view_frame *frame,
                        const struct view_instrument *at)
{
    for (int i = 0; i < frame->strategies && i < VIEW_STRATEGIES_MAX; i++) {
        const struct view_strategy *owner = &frame->strategy[i];
        struct zoom_line *line;

        if (!owner->on && owner->fills == 0 && owner->position_lots == 0)
            continue;
        line = add(page, owner->name, "DAY NET");
        line->style = style_money(owner->day_net_e8);
        line->what = "what of the position is this owner's, and what it has earned today, net of fees";
        FIGURE(line, "%s", number_money(owner->day_net_e8, true).text);
        NOTE(line, "holds %s, %llu fill%s, won %llu of %llu",
             number_qty_full(&at->scale, owner->position_lots).text, (unsigned long long)owner->fills,
             owner->fills == 1 ? "" : "s", (unsigned long long)owner->wins, (unsigned long long)owner->trips);
    }
}

/* --- order flow ---------------------------------------------------------------------------------------------------- */

static void gauge_line(struct zoom_page *page, const struct view_flow *flow, int which, const char *label,
                       const struct view_gauge *gauge)
{
    struct zoom_line *line = add(page, label, label);
    bool ofi = gauge->scale_x1000 > 1000;
    struct number_text p90 = number_fixed(gauge->p90_x1000, 3, ofi ? 1 : 2, false);

    line->gauge = gauge;
    line->scale = gauge->scale_x1000;
    line->points = flow->points[which] < VIEW_FLOW_POINTS ? flow->points[which] : VIEW_FLOW_POINTS;
    for (int i = 0; i < line->points; i++)
        line->point[i] =
            flow->point_x1000[which][i] == VIEW_FLOW_GAP ? VIEW_NONE : flow->point_x1000[which][i];
    if (!gauge->valid) {
        FIGURE(line, "-");
        NOTE(line, "not known");
        return;
    }
    line->style = gauge->value_x1000 > 0 ? STYLE_BID : gauge->value_x1000 < 0 ? STYLE_ASK : STYLE_TEXT;
    FIGURE(line, "%s%s %s", number_fixed(gauge->value_x1000, 3, ofi ? 1 : 2, true).text,
           ofi ? GLYPH_SIGMA : "", flow_word(gauge, which == VIEW_FLOW_GAUGES - 1));
    if (gauge->p90_x1000 > 0)
        NOTE(line, ": at %s", p90.text);
}

static void cvd_line(struct zoom_page *page, const struct ui *ui, const struct view_flow *flow)
{
    struct zoom_line *line = add(page, "CVD 5m", "CVD");
    const struct view_scale *scale = ui_scale(ui);
    unsigned places = scale->qty_decimals < 2 ? scale->qty_decimals : 2;
    int64_t lots = flow->cvd_5m_lots;

    if (flow->cvd_count == 0) {
        FIGURE(line, "-");
        return;
    }
    line->style = lots > 0 ? STYLE_BID : lots < 0 ? STYLE_ASK : STYLE_TEXT;
    FIGURE(line, "%s%s", lots > 0 ? "+" : "", number_qty(scale, lots, places).text);
    NOTE(line, "%s", ui_instrument(ui)->base);
    line->points = flow->cvd_count < VIEW_SPARK_MAX ? flow->cvd_count : VIEW_SPARK_MAX;
    memcpy(line->point, flow->cvd_lots, (size_t)line->points * sizeof(line->point[0]));
}

/* Ticks over the last price; empty where that is not known. */
static void note_bp(struct zoom_line *line, const struct view_ladder *ladder, int64_t ticks,
                    const char *before)
{
    if (ladder->last_ticks > 0 && ticks >= 0)
        NOTE(line, "%s%s bp", before,
             number_fixed(decimal_mul_div(ticks, 100000, ladder->last_ticks), 1, 1, false).text);
}

static void flow_lines(struct zoom_page *page, const struct ui *ui)
{
    const struct view_flow *flow = &ui_view(ui)->flow;
    const struct view_ladder *ladder = &ui_view(ui)->ladder;
    const struct view_scale *scale = ui_scale(ui);
    struct zoom_line *line;
    char before[48];

    gauge_line(page, flow, 0, "near 1bp", &flow->near_1bp);
    gauge_line(page, flow, 1, "far 10bp", &flow->far_10bp);
    gauge_line(page, flow, 2, "OFI\u03c3 10s", &flow->ofi_10s);
    gauge_line(page, flow, 3, "tape 10s", &flow->tape_10s);
    cvd_line(page, ui, flow);
    line = add(page, "speed", "prints");
    FIGURE(line, "%s/s", number_fixed(flow->tape_per_s_x10, 1, flow->tape_per_s_x10 < 100, false).text);
    if (flow->tape_usual_x100 > 0)
        NOTE(line, "%sx usual", number_fixed(flow->tape_usual_x100, 2, 1, false).text);
    line = add(page, "spread", "spread");
    FIGURE(line, "%s", flow->spread_ticks == VIEW_NONE ? "-" : number_price(scale, flow->spread_ticks).text);
    if (flow->spread_ticks != VIEW_NONE) {
        text_print(before, sizeof(before), "%lld tick%s, ", (long long)flow->spread_ticks,
                   flow->spread_ticks == 1 ? "" : "s");
        note_bp(line, ladder, flow->spread_ticks, before);
    }
    line = add(page, "vol 1m", "volatility 1 min");
    FIGURE(line, flow->volatility_bp_x10 == VIEW_NONE ? "-" : "%s bp",
           number_fixed(flow->volatility_bp_x10, 1, 1, false).text);
    line = add(page, "60s range", "60s");
    if (flow->range_low_ticks == VIEW_NONE || flow->range_low_ticks == 0) {
        FIGURE(line, "-");
        return;
    }
    FIGURE(line, "%s", number_price(scale, flow->range_low_ticks).text);
    text_print(before, sizeof(before), "to %s, ", number_price(scale, flow->range_high_ticks).text);
    note_bp(line, ladder, flow->range_high_ticks - flow->range_low_ticks, before);
}

/* --- risk ---------------------------------------------------------------------------------------------------------- */

static void limit_line(struct zoom_page *page, const struct view_limit *limit)
{
    const char *label = risk_limit_label(limit->code);
    struct zoom_line *line = add(page, label, strcmp(limit->code, "REQ_WEIGHT") == 0 ? "weight used" : label);
    int64_t now = limit->now != VIEW_NONE && limit->now < 0 ? 0 : limit->now;

    line->limit = limit;
    line->style = limit_text_style(limit_use_x1000(limit));
    FIGURE(line, "%3s %%", number_percent(limit_most(limit), limit->limit).text);
    NOTE(line, "%s of %s", limit_number(limit, now, false).text,
         limit_number(limit, limit->limit, false).text);
    if (limit->worst != VIEW_NONE && limit->worst > now)
        text_print(line->note + strlen(line->note), sizeof(line->note) - strlen(line->note), ", worst %s",
                   limit_number(limit, limit->worst, false).text);
    if (limit->denials > 0)
        text_print(line->note + strlen(line->note), sizeof(line->note) - strlen(line->note), ", denied %llu",
                   (unsigned long long)limit->denials);
    if (limit->help[0] != '\0')
        line->what = limit->help;
    line->from = limit->code;
    line->where = "Risk";
}

/* The most used first; equal ones keep their order. */
static void risk_lines(struct zoom_page *page, const struct view_risk *risk)
{
    int order[VIEW_LIMITS_MAX], count = limits_by_use(risk, order);
    struct zoom_line *line;

    for (int i = 0; i < count; i++)
        limit_line(page, &risk->limit[order[i]]);
    line = add(page, "loss room", "left");
    line->style = risk->loss_room_e8 < 0 ? STYLE_LOSS : STYLE_TEXT;
    line->what = "money that may still be lost today before DAILY_LOSS stops new risk";
    FIGURE(line, "%s", number_money(risk->loss_room_e8, false).text);
    line = add(page, "rate", "rate");
    FIGURE(line, "%lld/%lld s", (long long)risk->rate_1s, (long long)risk->rate_1s_limit);
    NOTE(line, "%lld of %lld in a minute", (long long)risk->rate_60s, (long long)risk->rate_60s_limit);
    line = add(page, "denied", "denied");
    line->style = risk->denied > 0 ? style_bold(STYLE_WARNING) : STYLE_TEXT;
    FIGURE(line, "%llu", (unsigned long long)risk->denied);
    NOTE(line, "of %u controls", risk->controls);
}

void zoom_lines(const struct ui *ui, struct zoom_page *page)
{
    const struct view_frame *frame = ui_view(ui);
    const struct view_instrument *at = ui_instrument(ui);

    page->count = 0;
    if (frame == NULL || at == NULL)
        return;
    if (ui->zoom == ZOOM_POSITION) {
        held_lines(page, at, &frame->position);
        result_lines(page, at, &frame->position);
        day_lines(page, at, &frame->position);
        owner_lines(page, frame, at);
    } else if (ui->zoom == ZOOM_FLOW) {
        flow_lines(page, ui);
    } else {
        risk_lines(page, &frame->risk);
    }
}

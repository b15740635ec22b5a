#include "exec/fill_story.h"

#include "core/base/decimal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_S 1e9

const char *queue_model_word(enum queue_model model)
{
    static const char *const words[QUEUE_MODELS] = {
        [QUEUE_RISK_AVERSE] = "risk-averse",
        [QUEUE_PROPORTIONAL] = "proportional",
        [QUEUE_POWER] = "power",
        [QUEUE_LOG] = "log",
    };

    return (unsigned)model < QUEUE_MODELS ? words[model] : "?";
}

bool queue_model_named(const char *word, enum queue_model *out)
{
    for (int m = 0; m < QUEUE_MODELS; m++)
        if (strcmp(word, queue_model_word((enum queue_model)m)) == 0) {
            *out = (enum queue_model)m;
            return true;
        }
    return false;
}

const char *story_cause_text(enum story_cause cause)
{
    static const char *const texts[] = {
        [STORY_ARRIVED] = "arrived",
        [STORY_TOOK] = "took from the book",
        [STORY_BEYOND_BOOK] = "took beyond the visible book",
        [STORY_TRADE_AT] = "a trade at our price",
        [STORY_TRADE_THROUGH] = "a trade through our price",
        [STORY_OTHER_SIDE] = "the other side came to our price",
        [STORY_LEVEL_CHANGED] = "the level changed without a trade",
        [STORY_TRIGGERED] = "the stop was set off",
        [STORY_REPLACED] = "replaced",
        [STORY_ENDED] = "ended",
    };

    return (unsigned)cause < sizeof texts / sizeof texts[0] ? texts[cause] : "?";
}

/* --- numbers as text --------------------------------------------------------------------------------- */

struct number {
    char text[DECIMAL_TEXT_SIZE];
};

static struct number scaled(int64_t value, int64_t step_e8, bool trim)
{
    struct number out;
    int64_t value_e8;

    if (step_e8 <= 0 || __builtin_mul_overflow(value, step_e8, &value_e8))
        snprintf(out.text, sizeof out.text, "?");
    else if (trim)
        decimal_format_trim(value_e8, DECIMAL_E8_DIGITS, out.text);
    else
        decimal_format_fixed(value_e8, DECIMAL_E8_DIGITS, decimal_places(step_e8, DECIMAL_E8_DIGITS), false,
                             out.text);
    return out;
}

static struct number price(const struct story_scale *scale, int64_t ticks)
{
    return scaled(ticks, scale->tick_e8, false);
}

static struct number lots(const struct story_scale *scale, int64_t qty_lots)
{
    return scaled(qty_lots, scale->lot_e8, true);
}

/* "4.2 s", "350 ms", "0 s"; see also after() */
static struct number span(int64_t ns)
{
    struct number out;
    double s = (double)(ns < 0 ? -ns : ns) / NS_PER_S;

    if (ns == 0)
        snprintf(out.text, sizeof out.text, "0 s");
    else if (s < 1)
        snprintf(out.text, sizeof out.text, "%.3g ms", s * 1000);
    else if (s < 600)
        snprintf(out.text, sizeof out.text, "%.*f s", s < 60 ? 1 : 0, s);
    else
        snprintf(out.text, sizeof out.text, "%.0f min", s / 60);
    return out;
}

/* "after 4.2 s", "at once" */
static struct number after(int64_t ns)
{
    struct number out, text = span(ns);

    if (ns == 0)
        snprintf(out.text, sizeof out.text, "at once");
    else
        snprintf(out.text, sizeof out.text, "after %.20s", text.text);
    return out;
}

/* --- lines for people -------------------------------------------------------------------------------- */

struct page {
    char (*line)[STORY_LINE_SIZE];
    size_t count, max;
};

__attribute__((format(printf, 2, 3))) static void add_line(struct page *page, const char *format, ...)
{
    va_list args;

    if (page->count == page->max)
        return;
    va_start(args, format);
    vsnprintf(page->line[page->count++], STORY_LINE_SIZE, format, args);
    va_end(args);
}

static int64_t end_of(const struct fill_story *story, const struct story_scale *scale)
{
    return story->ended_ns != 0 ? story->ended_ns : scale->now_ns;
}

static bool stood_in_queue(const struct fill_story *story)
{
    for (uint16_t i = 0; i < story->samples; i++)
        if (story->sample[i].cause == STORY_ARRIVED || story->sample[i].cause == STORY_REPLACED)
            return true;
    return false;
}

static void tell_fate(const struct fill_story *story, const struct story_scale *scale, struct page *page)
{
    const char *side = side_word(story->side);
    struct number qty = lots(scale, story->qty_lots), filled = lots(scale, story->filled_lots);
    int64_t lived_ns = end_of(story, scale) - story->arrived_ns;
    char at[DECIMAL_TEXT_SIZE + 24] = " at any price";

    if (story->price_ticks > 0)
        snprintf(at, sizeof at, story->market ? " at market, at worst %s" : " @ %s",
                 price(scale, story->price_ticks).text);
    if (story->ended_ns == 0)
        add_line(page, "%s %s%s: open for %s, %s filled", side, qty.text, at, span(lived_ns).text,
                 story->filled_lots > 0 ? filled.text : "nothing");
    else if (story->why_ended == NULL && lived_ns == 0)
        add_line(page, "%s %s%s: filled at once", side, qty.text, at);
    else if (story->why_ended == NULL)
        add_line(page, "%s %s%s: filled %s after it arrived", side, qty.text, at, span(lived_ns).text);
    else
        add_line(page, "%s %s%s: ended %s with %s filled: %s", side, qty.text, at, after(lived_ns).text,
                 story->filled_lots > 0 ? filled.text : "nothing", story->why_ended);
    if (story->arrived_ns > story->sent_ns && story->sent_ns > 0)
        add_line(page, "arrived %s after it was sent", span(story->arrived_ns - story->sent_ns).text);
}

/* What sets a stop off, and what came of it. */
static void tell_stop(const struct fill_story *story, const struct story_scale *scale, struct page *page)
{
    struct number stop = price(scale, story->stop_ticks);
    const char *beyond = story->rises ? "higher" : "lower",
               *stands = story->trails ? "had followed to" : "was";

    if (!story->waits)
        return;
    if (story->set_off_ns != 0)
        add_line(page, "set off %s after it arrived by a trade at %s: its stop %s %s",
                 span(story->set_off_ns - story->arrived_ns).text, price(scale, story->set_off_ticks).text,
                 stands, stop.text);
    else if (story->stop_ticks == 0)
        add_line(page, "%s a trade to follow", story->ended_ns == 0 ? "waits for" : "there never was");
    else if (story->nearest_ticks == 0)
        add_line(page, "%s a trade at %s or %s",
                 story->ended_ns == 0 ? "waits for" : "never set off: it waited for", stop.text, beyond);
    else
        add_line(page, "%s a trade at %s or %s; the nearest was at %s",
                 story->ended_ns == 0 ? "waits for" : "never set off: it waited for", stop.text, beyond,
                 price(scale, story->nearest_ticks).text);
}

/* Where the market stood when it ended: what it would have had to meet. */
static void tell_market(const struct fill_story *story, const struct story_scale *scale, struct page *page)
{
    if (story->why_ended == NULL || story->end_ticks[SIDE_BID] == 0 || story->end_ticks[SIDE_ASK] == 0)
        return;
    add_line(page, "the market stood at %s / %s then", price(scale, story->end_ticks[SIDE_BID]).text,
             price(scale, story->end_ticks[SIDE_ASK]).text);
}

static void tell_queue(const struct fill_story *story, const struct story_scale *scale, struct page *page)
{
    const struct story_sample *last = story->samples > 0 ? &story->sample[story->samples - 1] : NULL;
    int64_t ahead = last == NULL ? -1 : last->ahead_lots[story->model];

    if (!stood_in_queue(story))
        return;
    add_line(page, "queue: %s ahead on arrival; %s traded at the price, %s cancelled ahead by the %s model",
             lots(scale, story->ahead_at_arrival_lots).text, lots(scale, story->traded_at_lots).text,
             lots(scale, story->cancelled_ahead_lots).text, queue_model_word(story->model));
    if (story->traded_through_lots > 0)
        add_line(page, "%s traded through the price", lots(scale, story->traded_through_lots).text);
    if (story->filled_lots > 0 || ahead < 0)
        return;
    if (ahead > 0)
        add_line(page, "%s: %s still ahead of it%s", story->ended_ns == 0 ? "not filled yet" : "not filled",
                 lots(scale, ahead).text,
                 story->traded_at_lots == 0 ? ", and no trade came to its price" : "");
    else
        add_line(page, "%s: first in the queue, and no trade came to its price since",
                 story->ended_ns == 0 ? "not filled yet" : "not filled");
}

static void tell_fill(const struct fill_story *story, const struct story_fill *fill,
                      const struct story_scale *scale, struct page *page)
{
    struct number qty = lots(scale, fill->qty_lots), got = price(scale, fill->price_ticks);
    struct number when = after(fill->ts_ns - story->arrived_ns), event_lots = lots(scale, fill->event_lots);
    struct number event_price = price(scale, fill->event_price_ticks);

    if (fill->event_trade_id != 0)
        add_line(page, "filled %s @ %s %s by trade %" PRIu64 " of %s at %s: %s", qty.text, got.text,
                 when.text, fill->event_trade_id, event_lots.text, event_price.text,
                 story_cause_text(fill->cause));
    else if (fill->cause == STORY_BEYOND_BOOK)
        add_line(page, "filled %s @ %s %s: %s, by the slippage model", qty.text, got.text, when.text,
                 story_cause_text(fill->cause));
    else
        add_line(page, "filled %s @ %s %s by the level of %s at %s: %s", qty.text, got.text, when.text,
                 event_lots.text, event_price.text, story_cause_text(fill->cause));
}

/* "power would have filled it 1.1 s earlier" */
static void tell_other(const struct fill_story *story, enum queue_model model, struct page *page)
{
    int64_t mine = story->would_done_ns[story->model], theirs = story->would_done_ns[model];
    const char *word = queue_model_word(model);

    if (theirs == 0 && mine == 0)
        add_line(page, "%s: not filled either%s", word,
                 story->would_fill_ns[model] != 0 ? ", but in part" : "");
    else if (theirs == 0)
        add_line(page, "%s: would not have filled it yet", word);
    else if (mine == 0)
        add_line(page, "%s: would have filled it %s after it arrived", word,
                 span(theirs - story->arrived_ns).text);
    else if (theirs == mine)
        add_line(page, "%s: the same", word);
    else
        add_line(page, "%s: would have filled it %s %s", word, span(theirs - mine).text,
                 theirs > mine ? "later" : "earlier");
}

static void tell_sample(const struct fill_story *story, const struct story_sample *sample,
                        const struct story_scale *scale, struct page *page)
{
    int64_t ahead = sample->ahead_lots[story->model];
    struct number shown = lots(scale, sample->shown_lots), traded = lots(scale, sample->traded_lots);

    if (ahead < 0)
        add_line(page, "  +%s: served, %s shown, %s traded: %s", span(sample->ts_ns - story->arrived_ns).text,
                 shown.text, traded.text, story_cause_text(sample->cause));
    else
        add_line(page, "  +%s: %s ahead, %s shown, %s traded: %s",
                 span(sample->ts_ns - story->arrived_ns).text, lots(scale, ahead).text, shown.text,
                 traded.text, story_cause_text(sample->cause));
}

/* The samples that fit, evenly over the life; the first and the last always. */
static void tell_samples(const struct fill_story *story, const struct story_scale *scale, struct page *page)
{
    size_t room = page->max - page->count, show = story->samples < room ? story->samples : room;

    for (size_t i = 0; i < show; i++)
        tell_sample(story, &story->sample[show == 1 ? 0 : i * (story->samples - 1u) / (show - 1)], scale,
                    page);
}

size_t fill_story_lines(const struct fill_story *story, const struct story_scale *scale,
                        char (*line)[STORY_LINE_SIZE], size_t max)
{
    struct page page = {line, 0, max};

    tell_fate(story, scale, &page);
    tell_market(story, scale, &page);
    tell_stop(story, scale, &page);
    tell_queue(story, scale, &page);
    if (story->fills_cut)
        add_line(&page, "more fills than are kept: the last %u", (unsigned)story->fills);
    for (uint16_t i = 0; i < story->fills; i++)
        tell_fill(story, &story->fill[i], scale, &page);
    if (stood_in_queue(story)) {
        for (int m = 0; m < QUEUE_MODELS; m++)
            if (m != (int)story->model)
                tell_other(story, (enum queue_model)m, &page);
        tell_samples(story, scale, &page);
    }
    return page.count;
}

/* --- JSON -------------------------------------------------------------------------------------------- */

struct json {
    char *out;
    size_t used, size;
};

__attribute__((format(printf, 2, 3))) static void put(struct json *json, const char *format, ...)
{
    size_t room = json->used < json->size ? json->size - json->used : 0;
    va_list args;

    va_start(args, format);
    json->used += (size_t)vsnprintf(room > 0 ? json->out + json->used : NULL, room, format, args);
    va_end(args);
}

static void put_times(struct json *json, const char *name, const int64_t ns[QUEUE_MODELS])
{
    put(json, ",\"%s\":{", name);
    for (int m = 0; m < QUEUE_MODELS; m++)
        put(json, "%s\"%s\":%" PRId64, m == 0 ? "" : ",", queue_model_word((enum queue_model)m), ns[m]);
    put(json, "}");
}

static void put_sample(struct json *json, const struct story_sample *sample, const struct story_scale *scale)
{
    put(json, "{\"ns\":%" PRId64 ",\"cause\":\"%s\",\"shown\":\"%s\",\"traded\":\"%s\",\"ahead\":[",
        sample->ts_ns, story_cause_text(sample->cause), lots(scale, sample->shown_lots).text,
        lots(scale, sample->traded_lots).text);
    for (int m = 0; m < QUEUE_MODELS; m++)
        if (sample->ahead_lots[m] < 0)
            put(json, "%snull", m == 0 ? "" : ",");
        else
            put(json, "%s\"%s\"", m == 0 ? "" : ",", lots(scale, sample->ahead_lots[m]).text);
    put(json, "]}");
}

static void put_fill(struct json *json, const struct story_fill *fill, const struct story_scale *scale)
{
    put(json, "{\"ns\":%" PRId64 ",\"cause\":\"%s\",\"price\":\"%s\",\"qty\":\"%s\"", fill->ts_ns,
        story_cause_text(fill->cause), price(scale, fill->price_ticks).text,
        lots(scale, fill->qty_lots).text);
    put(json, ",\"event_price\":\"%s\",\"event_qty\":\"%s\",\"trade\":%" PRIu64 "}",
        price(scale, fill->event_price_ticks).text, lots(scale, fill->event_lots).text, fill->event_trade_id);
}

size_t fill_story_json(const struct fill_story *story, const struct story_scale *scale, char *out,
                       size_t size)
{
    struct json json = {out, 0, size};

    put(&json, "{\"order\":%" PRIu64 ",\"instrument\":%u,\"side\":\"%s\",\"model\":\"%s\"", story->order_seq,
        (unsigned)story->instrument_id, side_word(story->side), queue_model_word(story->model));
    put(&json, ",\"sent_ns\":%" PRId64 ",\"arrived_ns\":%" PRId64 ",\"ended_ns\":%" PRId64, story->sent_ns,
        story->arrived_ns, story->ended_ns);
    put(&json, ",\"price\":\"%s\",\"stop\":\"%s\",\"qty\":\"%s\",\"filled\":\"%s\"",
        price(scale, story->price_ticks).text, price(scale, story->stop_ticks).text,
        lots(scale, story->qty_lots).text, lots(scale, story->filled_lots).text);
    put(&json, ",\"ahead_at_arrival\":\"%s\",\"traded_at\":\"%s\",\"traded_through\":\"%s\"",
        lots(scale, story->ahead_at_arrival_lots).text, lots(scale, story->traded_at_lots).text,
        lots(scale, story->traded_through_lots).text);
    put(&json, ",\"nearest\":\"%s\",\"set_off_ns\":%" PRId64 ",\"set_off\":\"%s\",\"end_bid\":\"%s\"",
        price(scale, story->nearest_ticks).text, story->set_off_ns, price(scale, story->set_off_ticks).text,
        price(scale, story->end_ticks[SIDE_BID]).text);
    put(&json, ",\"end_ask\":\"%s\"", price(scale, story->end_ticks[SIDE_ASK]).text);
    put(&json, ",\"cancelled_ahead\":\"%s\",\"why_ended\":", lots(scale, story->cancelled_ahead_lots).text);
    if (story->why_ended == NULL)
        put(&json, "null");
    else
        put(&json, "\"%s\"", story->why_ended); /* our own static texts: nothing to escape */
    put_times(&json, "would_fill_ns", story->would_fill_ns);
    put_times(&json, "would_done_ns", story->would_done_ns);
    put(&json, ",\"fills_cut\":%s,\"fills\":[", story->fills_cut ? "true" : "false");
    for (uint16_t i = 0; i < story->fills; i++) {
        put(&json, i == 0 ? "" : ",");
        put_fill(&json, &story->fill[i], scale);
    }
    put(&json, "],\"sample_stride\":%u,\"moves\":%u,\"samples\":[", (unsigned)story->sample_stride,
        (unsigned)story->moves);
    for (uint16_t i = 0; i < story->samples; i++) {
        put(&json, i == 0 ? "" : ",");
        put_sample(&json, &story->sample[i], scale);
    }
    put(&json, "]}");
    return json.used;
}

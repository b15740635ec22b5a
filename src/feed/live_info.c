#include "feed/live_feed_parts.h"

#include "core/base/log.h"

#include <stdio.h>
#include <string.h>

/* exchangeInfo: steps, filters and status of the symbols. Read when a symbol comes, and again from time to time and
 * when something points to a halt: that a market is closed, its streams do not tell. */

#define INFO_RETRY_FIRST_MS 2000
#define INFO_RETRY_MAX_MS   30000
#define INFO_RETRY_LEAST_MS 500
#define INFO_AGAIN_NS       (60 * NS_PER_S) /* between readings that are not due, whatever asks for them */

/* --- the answer ----------------------------------------------------------------------------------------------- */

static void info_failed(struct live_feed *feed, enum rest_verdict verdict, int64_t now_ns, const char *why)
{
    int64_t wait_ms = backoff_next_ms(&feed->rest.info_backoff);

    live_settle(feed, REST_INFO, verdict, now_ns, why);
    snprintf(feed->status.info_why, LIVE_TEXT_MAX, "%s: %.60s",
             feed->status.info_had ? "not read again" : "steps of the configuration", why);
    if (wait_ms < INFO_RETRY_LEAST_MS)
        wait_ms = INFO_RETRY_LEAST_MS;
    feed->rest.next_ns[REST_INFO] = now_ns + wait_ms * NS_PER_MS;
}

/* One bad symbol spoils the whole answer: ask for fewer at once until it stands alone. */
static void info_bad_symbol(struct live_feed *feed, int64_t now_ns, const char *why)
{
    struct live_rest *rest = &feed->rest;

    live_settle(feed, REST_INFO, REPLY_BAD_SYMBOL, now_ns, why);
    if (rest->info_asked_count > 1) {
        rest->info_batch = (rest->info_asked_count + 1) / 2;
        return;
    }
    live_unlisted(feed, rest->info_asked[0], now_ns);
    rest->info_batch = INSTRUMENTS_MAX;
}

void live_on_info(struct live_feed *feed, const struct http_reply *reply, int64_t now_ns)
{
    char why[LIVE_TEXT_MAX] = "";
    enum rest_verdict verdict = live_judge(feed, reply, now_ns, why);
    enum err err;

    if (verdict == REPLY_BAD_SYMBOL) {
        info_bad_symbol(feed, now_ns, why);
        return;
    }
    if (verdict == REPLY_WELL) {
        err = info_fetch_parse(feed->info, reply->body, reply->size);
        if (err == ERR_OK)
            return; /* live_take_info() goes on */
        snprintf(why, sizeof(why), "helper thread: %s", err_text(err));
        verdict = REPLY_FAILED;
    }
    info_failed(feed, verdict, now_ns, why);
}

/* Which of those asked for are listed; true: one of them is new here. */
static bool look_up(const struct live_feed *feed, const struct exchange_info *info, bool listed[])
{
    bool any_new = false;

    for (size_t i = 0; i < feed->rest.info_asked_count; i++) {
        const struct live_symbol *symbol = &feed->symbol[feed->rest.info_asked[i]];

        listed[i] = exchange_info_find(info, symbol->symbol, feed->venue.venue) != NULL;
        any_new |= symbol->state == SYMBOL_NEW;
    }
    return any_new;
}

static void sort_out(struct live_feed *feed, const bool listed[], int64_t now_ns)
{
    for (size_t i = 0; i < feed->rest.info_asked_count; i++) {
        uint16_t slot = feed->rest.info_asked[i];
        struct live_symbol *symbol = &feed->symbol[slot];

        if (symbol->state != SYMBOL_NEW && symbol->state != SYMBOL_READY)
            continue; /* left meanwhile */
        if (!listed[i]) {
            live_unlisted(feed, slot, now_ns);
            continue;
        }
        symbol->info_had = true;
        if (symbol->state == SYMBOL_NEW)
            live_make_ready(feed, slot, now_ns);
    }
}

/* What changes nothing is no news: neither for the engine nor for a recording. */
static void use_info(struct live_feed *feed, struct info_taken *taken, int64_t now_ns)
{
    bool listed[INSTRUMENTS_MAX] = {false};
    bool news = look_up(feed, &taken->info, listed) || !feed->status.info_had;
    size_t changed;

    weight_budget_set_limit(&feed->weight, taken->info.weight_limit);
    live_settle(feed, REST_INFO, REPLY_WELL, now_ns, "");
    feed->rest.info_backoff.attempt = 0;
    feed->rest.info_ns = now_ns;
    feed->status.info_had = true;
    feed->status.info_why[0] = '\0';
    changed = decoder_take_info(feed->decoder, now_ns, &taken->info);
    if (news || changed > 0)
        live_raw(feed, now_ns, "!exchangeInfo", taken->text, taken->size);
    if (changed > 0)
        log_ev(LOG_INFO, now_ns, 0, "feed.info", LOG_INT("changed", (int64_t)changed));
    live_drain(feed);
    sort_out(feed, listed, now_ns);
    feed->rest.info_asked_count = 0;
}

void live_take_info(struct live_feed *feed)
{
    struct info_taken taken;
    int64_t now_ns;

    if (!info_fetch_take(feed->info, &taken))
        return;
    now_ns = live_stamp(feed, clock_now_ns(feed->config.clock));
    if (taken.err == ERR_OK) {
        use_info(feed, &taken, now_ns);
    } else {
        char why[LIVE_TEXT_MAX];

        snprintf(why, sizeof(why), "exchangeInfo: %s", err_text(taken.err));
        info_failed(feed, REPLY_FAILED, now_ns, why);
    }
    info_taken_release(&taken);
}

/* --- the question --------------------------------------------------------------------------------------------- */

/* A symbol that falls silent beside others, or speaks again, may have been halted or opened. */
static void mind_silent_symbols(struct live_feed *feed, int64_t now_ns)
{
    const struct stream_plan *plan = &live_link(feed, live_depth_path(feed))->plan;

    for (size_t i = 0; i < feed->symbols; i++) {
        struct live_symbol *symbol = &feed->symbol[i];
        int64_t heard_ns = plan->symbol_heard_ns[i];
        bool silent;

        if (symbol->state != SYMBOL_READY || symbol->link != FEED_LINK_UP || heard_ns == 0)
            continue;
        silent = now_ns - heard_ns >= feed->config.silent_ms * NS_PER_MS;
        if (silent != symbol->silent)
            feed->rest.info_wanted = true;
        symbol->silent = silent;
    }
}

/* All that is known is to be asked for again. */
static void forget_info(struct live_feed *feed, int64_t now_ns)
{
    feed->rest.info_wanted = false;
    feed->rest.info_ns = now_ns;
    for (size_t i = 0; i < feed->symbols; i++)
        if (feed->symbol[i].state == SYMBOL_READY)
            feed->symbol[i].info_had = false;
}

static bool is_due(const struct live_feed *feed, int64_t now_ns)
{
    int64_t age_ns = now_ns - feed->rest.info_ns;

    return feed->rest.info_ns != 0 && (age_ns >= feed->config.info_every_s * NS_PER_S ||
                                       (feed->rest.info_wanted && age_ns >= INFO_AGAIN_NS));
}

static size_t unknown_symbols(struct live_feed *feed, const char *names[])
{
    struct live_rest *rest = &feed->rest;
    size_t count = 0;

    for (uint16_t i = 0; i < feed->symbols && count < rest->info_batch; i++) {
        const struct live_symbol *symbol = &feed->symbol[i];

        if (symbol->info_had || (symbol->state != SYMBOL_NEW && symbol->state != SYMBOL_READY))
            continue;
        rest->info_asked[count] = i;
        names[count++] = symbol->symbol;
    }
    return count;
}

void live_ask_info(struct live_feed *feed, int64_t now_ns)
{
    struct live_rest *rest = &feed->rest;
    const char *names[INSTRUMENTS_MAX];
    int64_t weight = venue_info_weight(feed->venue.venue);
    char url[INFO_URL_MAX];
    size_t count;

    mind_silent_symbols(feed, now_ns);
    if (now_ns < rest->next_ns[REST_INFO] || rest->call[REST_INFO].call != NULL ||
        info_fetch_busy(feed->info))
        return;
    if (is_due(feed, now_ns) && weight_budget_ample(&feed->weight, now_ns, weight, AMPLE_PERCENT))
        forget_info(feed, now_ns);
    count = unknown_symbols(feed, names);
    if (count == 0 || !live_may_ask(feed, REST_INFO, now_ns, weight))
        return;
    rest->info_asked_count = info_url(&feed->venue, names, count, url);
    live_ask(feed, REST_INFO, url, INFO_BODY_MAX, now_ns, weight);
}

void live_feed_refresh_info(struct live_feed *feed)
{
    feed->rest.info_wanted = true;
}

void live_info_init(struct live_feed *feed)
{
    feed->rest.info_batch = INSTRUMENTS_MAX;
    backoff_init(&feed->rest.info_backoff, INFO_RETRY_FIRST_MS, INFO_RETRY_MAX_MS, 0,
                 backoff_random(&feed->seed));
}

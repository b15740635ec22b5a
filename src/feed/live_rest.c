#include "feed/live_feed_parts.h"

#include "core/base/log.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#define URL_MAX         512
#define TIME_BODY_MAX   4096
#define TIME_WEIGHT     1
#define CODE_BAD_SYMBOL (-1121)

const char *rest_class_word(enum rest_class rest_class)
{
    switch (rest_class) {
    case REST_TIME:
        return "time";
    case REST_HISTORY:
        return "aggTrades";
    case REST_INFO:
        return "exchangeInfo";
    case REST_DEPTH:
    case REST_CLASS_COUNT:
        break;
    }
    return "depth";
}

/* --- sending ------------------------------------------------------------------------------------------------ */

static void on_done(void *arg, const struct http_reply *reply);

bool live_may_ask(struct live_feed *feed, enum rest_class rest_class, int64_t now_ns, int64_t weight)
{
    return feed->rest.call[rest_class].call == NULL && weight_budget_allows(&feed->weight, now_ns, weight) &&
           breaker_allows(&feed->rest.breaker[rest_class], now_ns);
}

bool live_ask(struct live_feed *feed, enum rest_class rest_class, const char *url, size_t body_max,
              int64_t now_ns, int64_t weight)
{
    struct rest_call *call = &feed->rest.call[rest_class];
    struct http_request request = {
        .method = "GET", .url = url, .body_max = body_max, .on_done = on_done, .arg = call};

    call->call = http_start(feed->config.net, &request);
    if (call->call == NULL)
        return false; /* our own bound: the next tick tries again */
    weight_budget_spend(&feed->weight, now_ns, weight);
    breaker_sent(&feed->rest.breaker[rest_class]);
    return true;
}

/* --- what came back ----------------------------------------------------------------------------------------- */

static bool is_json(const struct http_reply *reply)
{
    for (size_t i = 0; i < reply->size; i++)
        if (strchr(" \t\r\n", reply->body[i]) == NULL)
            return reply->body[i] == '{' || reply->body[i] == '[';
    return false;
}

enum rest_verdict live_judge(struct live_feed *feed, const struct http_reply *reply, int64_t now_ns,
                             char why[LIVE_TEXT_MAX])
{
    char told[CONTROL_WHY_MAX];
    int64_t code = 0;

    if (reply->failure.kind != NET_OK) {
        snprintf(why, LIVE_TEXT_MAX, "%s: %.70s", net_failure_word(reply->failure.kind), reply->failure.text);
        return REPLY_FAILED;
    }
    weight_budget_report(&feed->weight, now_ns, reply->used_weight_1m);
    if (reply->status == 200 && is_json(reply))
        return REPLY_WELL;
    if (reply->status != 200 && control_error_read(reply->body, reply->size, &code, told))
        snprintf(why, LIVE_TEXT_MAX, "HTTP %d: %.70s", reply->status, told);
    else if (reply->status != 200)
        snprintf(why, LIVE_TEXT_MAX, "HTTP %d", reply->status);
    else
        snprintf(why, LIVE_TEXT_MAX, "not JSON, content-type %.60s",
                 reply->content_type[0] != '\0' ? reply->content_type : "not said");
    if (host_ban_take(&feed->weight.ban, now_ns, reply->status, reply->retry_after_s)) {
        if (feed->one_host)
            host_ban_take(&feed->stream_ban, now_ns, reply->status, reply->retry_after_s);
        return REPLY_BANNED;
    }
    return code == CODE_BAD_SYMBOL ? REPLY_BAD_SYMBOL : REPLY_FAILED;
}

void live_settle(struct live_feed *feed, enum rest_class rest_class, enum rest_verdict verdict,
                 int64_t now_ns, const char *why)
{
    struct circuit_breaker *breaker = &feed->rest.breaker[rest_class];
    enum breaker_state before = breaker->state;

    switch (verdict) {
    case REPLY_WELL:
    case REPLY_BAD_SYMBOL:
        breaker_well(breaker);
        break;
    case REPLY_FAILED:
        breaker_failed(breaker, now_ns);
        break;
    case REPLY_BANNED:
        breaker_neither(breaker);
        log_ev(LOG_ERROR, now_ns, 0, "feed.ban", LOG_TEXT("host", "rest"), LOG_TEXT("why", why),
               LOG_INT("seconds", (feed->weight.ban.until_ns - now_ns) / NS_PER_S));
        break;
    }
    if (why[0] != '\0' || verdict == REPLY_WELL) /* an old failure is no reason any more */
        snprintf(feed->rest.why[rest_class], LIVE_TEXT_MAX, "%s", why);
    if (verdict != REPLY_WELL || breaker->state != before)
        log_ev(verdict == REPLY_WELL ? LOG_INFO : LOG_WARN, now_ns, 0, "feed.rest",
               LOG_TEXT("class", rest_class_word(rest_class)), LOG_TEXT("why", why),
               LOG_TEXT("breaker", breaker_state_word(breaker->state)),
               LOG_INT("in_a_row", breaker->in_a_row));
}

/* --- time --------------------------------------------------------------------------------------------------- */

static void pick_offset(struct live_feed *feed)
{
    const struct live_rest *rest = &feed->rest;
    size_t best = 0;

    for (size_t i = 1; i < rest->samples; i++)
        if (rest->sample[i].round_trip_ns < rest->sample[best].round_trip_ns)
            best = i;
    feed->status.clock_offset_ms = rest->sample[best].offset_ms;
    feed->status.round_trip_ns = rest->sample[best].round_trip_ns;
}

static enum rest_verdict take_time(struct live_feed *feed, const struct http_reply *reply,
                                   char why[LIVE_TEXT_MAX])
{
    struct live_rest *rest = &feed->rest;
    json_t *root = reply->size <= TIME_BODY_MAX ? json_loadb(reply->body, reply->size, 0, NULL) : NULL;
    int64_t venue_ms = json_integer_value(json_object_get(root, "serverTime"));
    int64_t round_trip_ns = reply->received_boot_ns - reply->sent_boot_ns, middle_ns;

    json_decref(root);
    if (venue_ms <= 0 || venue_ms > INT64_MAX / NS_PER_MS || round_trip_ns < 0) {
        snprintf(why, LIVE_TEXT_MAX, "no usable serverTime");
        return REPLY_FAILED;
    }
    middle_ns = clock_of_boot_ns(feed->config.clock, reply->received_boot_ns) - round_trip_ns / 2;
    rest->sample[rest->sample_next].offset_ms = venue_ms - middle_ns / NS_PER_MS;
    rest->sample[rest->sample_next].round_trip_ns = round_trip_ns;
    rest->sample_next = (rest->sample_next + 1) % TIME_SAMPLES;
    if (rest->samples < TIME_SAMPLES)
        rest->samples++;
    feed->status.answer_ns = round_trip_ns;
    feed->status.answers++;
    pick_offset(feed);
    return REPLY_WELL;
}

static void on_time(struct live_feed *feed, const struct http_reply *reply, int64_t now_ns)
{
    char why[LIVE_TEXT_MAX] = "";
    enum rest_verdict verdict = live_judge(feed, reply, now_ns, why);

    if (verdict == REPLY_WELL)
        verdict = take_time(feed, reply, why);
    live_settle(feed, REST_TIME, verdict, now_ns, why);
    feed->rest.next_ns[REST_TIME] =
        now_ns + (verdict != REPLY_WELL               ? TIME_RETRY_NS
                  : feed->rest.samples < TIME_SAMPLES ? TIME_FIRST_NS
                                                      : feed->config.time_every_s * NS_PER_S);
}

static void ask_time(struct live_feed *feed, int64_t now_ns)
{
    char url[URL_MAX];

    if (now_ns < feed->rest.next_ns[REST_TIME] || !live_may_ask(feed, REST_TIME, now_ns, TIME_WEIGHT))
        return;
    snprintf(url, sizeof(url), "%s%s/time", feed->venue.rest_url, feed->venue.rest_path);
    live_ask(feed, REST_TIME, url, TIME_BODY_MAX, now_ns, TIME_WEIGHT);
}

/* --- snapshots ---------------------------------------------------------------------------------------------- */

/* What was asked for before the connection broke fits no update that comes after. */
static bool is_current(const struct live_feed *feed, uint16_t slot)
{
    const struct live_symbol *symbol = &feed->symbol[slot];

    return symbol->state == SYMBOL_READY && symbol->link == FEED_LINK_UP &&
           symbol->up_ns <= feed->rest.depth_sent_ns;
}

static void on_depth(struct live_feed *feed, const struct http_reply *reply, int64_t now_ns)
{
    struct live_rest *rest = &feed->rest;
    uint16_t slot = rest->depth_symbol;
    bool audit = rest->depth_audit, taken = false;
    char why[LIVE_TEXT_MAX] = "";
    enum rest_verdict verdict = live_judge(feed, reply, now_ns, why);

    if (verdict == REPLY_WELL && is_current(feed, slot)) {
        taken = live_on_snapshot(feed, slot, audit, reply->received_boot_ns, reply->body, reply->size);
        if (!taken) {
            snprintf(why, sizeof(why), "%s: no usable depth snapshot", feed->symbol[slot].symbol);
            verdict = REPLY_FAILED;
        }
    }
    live_settle(feed, REST_DEPTH, verdict, now_ns, why);
    if (audit) {
        feed->status.audits += taken;
        feed->status.audit_failures += !taken;
        return;
    }
    if (verdict == REPLY_WELL)
        feed->status.snapshots_taken += taken;
    else
        feed->status.snapshots_failed++;
    snapshot_queue_done(&feed->queue, taken || feed->symbol[slot].state != SYMBOL_READY);
}

static uint32_t depth_limit(const struct live_feed *feed, uint16_t slot)
{
    return snapshot_queue_is_deep(&feed->queue, slot) ? feed->venue.depth_limit_deep
                                                      : feed->venue.depth_limit_plain;
}

static bool ask_depth(struct live_feed *feed, uint16_t slot, uint32_t limit, bool audit, int64_t now_ns)
{
    char url[URL_MAX];
    int64_t weight = venue_depth_weight(feed->venue.venue, limit);

    if (!live_may_ask(feed, REST_DEPTH, now_ns, weight))
        return false;
    snprintf(url, sizeof(url), "%s%s/depth?symbol=%s&limit=%u", feed->venue.rest_url, feed->venue.rest_path,
             feed->symbol[slot].symbol, limit);
    feed->rest.depth_symbol = slot;
    feed->rest.depth_audit = audit;
    feed->rest.depth_sent_ns = now_ns;
    return live_ask(feed, REST_DEPTH, url, 0, now_ns, weight);
}

/* A snapshot from before the first update could not be joined to it: wait for one, unless the market is quiet. */
static bool is_ready(void *arg, uint16_t slot)
{
    struct live_feed *feed = arg;
    const struct live_symbol *symbol = &feed->symbol[slot];
    const struct plan_stream *depth =
        plan_find(&live_link(feed, live_depth_path(feed))->plan, slot, STREAM_DEPTH);

    if (symbol->state != SYMBOL_READY || !symbol->told || symbol->link != FEED_LINK_UP || depth == NULL)
        return false;
    return depth->heard_ns != 0 || feed->last_tick_ns - symbol->up_ns >= SNAPSHOT_WAIT_NS;
}

static uint16_t next_audit(struct live_feed *feed, int64_t now_ns)
{
    uint16_t best = SNAPSHOT_NONE;

    for (uint16_t i = 0; i < feed->symbols; i++) {
        struct live_symbol *symbol = &feed->symbol[i];

        if (!is_ready(feed, i) || feed->queue.item[i].wanted)
            continue;
        if (symbol->audit_ns == 0) /* spread over the time, in turn */
            symbol->audit_ns =
                now_ns + feed->config.audit_every_s * NS_PER_S * (i + 1) / (int64_t)feed->symbols;
        if (now_ns >= symbol->audit_ns &&
            (best == SNAPSHOT_NONE || symbol->audit_ns < feed->symbol[best].audit_ns))
            best = i;
    }
    return best;
}

static void ask_audit(struct live_feed *feed, int64_t now_ns)
{
    uint32_t limit = feed->venue.depth_limit_plain;
    uint16_t slot;

    if (feed->config.audit_every_s == 0 || feed->rest.call[REST_DEPTH].call != NULL ||
        !weight_budget_ample(&feed->weight, now_ns, venue_depth_weight(feed->venue.venue, limit),
                             AMPLE_PERCENT))
        return;
    slot = next_audit(feed, now_ns);
    if (slot != SNAPSHOT_NONE && ask_depth(feed, slot, limit, true, now_ns))
        feed->symbol[slot].audit_ns = now_ns + feed->config.audit_every_s * NS_PER_S;
}

static void ask_snapshots(struct live_feed *feed, int64_t now_ns)
{
    uint16_t slot;

    if (feed->rest.call[REST_DEPTH].call != NULL)
        return;
    slot = snapshot_queue_next(&feed->queue, now_ns, is_ready, feed);
    if (slot == SNAPSHOT_NONE)
        ask_audit(feed, now_ns);
    else if (ask_depth(feed, slot, depth_limit(feed, slot), false, now_ns))
        snapshot_queue_sent(&feed->queue, slot, now_ns);
}

/* --- trades of the time before ------------------------------------------------------------------------------ */

static void on_history(struct live_feed *feed, const struct http_reply *reply, int64_t now_ns)
{
    struct live_symbol *symbol = &feed->symbol[feed->rest.history_symbol];
    struct trade_history page;
    char why[LIVE_TEXT_MAX] = "";
    enum rest_verdict verdict = live_judge(feed, reply, now_ns, why);

    if (verdict == REPLY_WELL && symbol->state == SYMBOL_READY) {
        if (live_on_history(feed, feed->rest.history_symbol, reply->received_boot_ns, reply->body,
                            reply->size, &page)) {
            symbol->history.pages++;
            symbol->history.done = page.complete || symbol->history.pages == HISTORY_PAGES_MAX;
            symbol->history.next_id = page.next_id;
        } else {
            snprintf(why, sizeof(why), "%s: no usable past trades", symbol->symbol);
            verdict = REPLY_FAILED;
            symbol->history.done = true; /* what cannot be read today cannot be read in a second either */
        }
    }
    live_settle(feed, REST_HISTORY, verdict, now_ns, why);
}

/* Once its stream flows: what REST then knows reaches at least to the first trade that the stream told. */
static uint16_t next_history(struct live_feed *feed)
{
    for (uint16_t i = 0; i < feed->symbols; i++)
        if (is_ready(feed, i) && !feed->symbol[i].history.done)
            return i;
    return SNAPSHOT_NONE;
}

static void ask_history(struct live_feed *feed, int64_t now_ns)
{
    struct live_rest *rest = &feed->rest;
    int64_t weight = venue_history_weight(feed->venue.venue);
    char url[URL_MAX], from[48];
    uint16_t slot;

    if (feed->config.history_s <= 0 || rest->call[REST_HISTORY].call != NULL)
        return;
    slot = next_history(feed);
    if (slot == SNAPSHOT_NONE || !live_may_ask(feed, REST_HISTORY, now_ns, weight) ||
        !weight_budget_ample(&feed->weight, now_ns, weight, AMPLE_PERCENT))
        return;
    if (rest->history_from_ms == 0)
        rest->history_from_ms = now_ns / NS_PER_MS - feed->config.history_s * 1000;
    if (feed->symbol[slot].history.next_id != 0)
        snprintf(from, sizeof(from), "fromId=%" PRIu64, feed->symbol[slot].history.next_id);
    else
        snprintf(from, sizeof(from), "startTime=%" PRId64, rest->history_from_ms);
    snprintf(url, sizeof(url), "%s%s/aggTrades?symbol=%s&%s&limit=%d", feed->venue.rest_url,
             feed->venue.rest_path, feed->symbol[slot].symbol, from, DECODER_HISTORY_MAX);
    rest->history_symbol = slot;
    live_ask(feed, REST_HISTORY, url, 0, now_ns, weight);
}

/* --- together ----------------------------------------------------------------------------------------------- */

static void on_done(void *arg, const struct http_reply *reply)
{
    struct rest_call *call = arg;
    struct live_feed *feed = call->feed;
    int64_t now_ns = clock_now_ns(feed->config.clock);

    call->call = NULL;
    switch (call->rest_class) {
    case REST_TIME:
        on_time(feed, reply, now_ns);
        break;
    case REST_INFO:
        live_on_info(feed, reply, now_ns);
        break;
    case REST_HISTORY:
        on_history(feed, reply, now_ns);
        break;
    case REST_DEPTH:
    case REST_CLASS_COUNT:
        on_depth(feed, reply, now_ns);
        break;
    }
}

void live_rest_init(struct live_feed *feed)
{
    struct live_rest *rest = &feed->rest;

    for (unsigned i = 0; i < REST_CLASS_COUNT; i++) {
        breaker_init(&rest->breaker[i]);
        rest->call[i] = (struct rest_call){feed, (enum rest_class)i, NULL};
    }
    live_info_init(feed);
}

void live_rest_tick(struct live_feed *feed, int64_t now_ns)
{
    live_take_info(feed);
    ask_time(feed, now_ns);
    live_ask_info(feed, now_ns);
    ask_snapshots(feed, now_ns);
    ask_history(feed, now_ns);
}

void live_rest_stop(struct live_feed *feed)
{
    for (unsigned i = 0; i < REST_CLASS_COUNT; i++) {
        http_cancel(feed->rest.call[i].call);
        feed->rest.call[i].call = NULL;
    }
}

void live_fill_rest_status(struct live_feed *feed, int64_t now_ns)
{
    struct live_status *status = &feed->status;
    int64_t until_ns = feed->weight.ban.until_ns > feed->stream_ban.until_ns ? feed->weight.ban.until_ns
                                                                             : feed->stream_ban.until_ns;

    for (unsigned i = 0; i < REST_CLASS_COUNT; i++) {
        status->rest[i].state = feed->rest.breaker[i].state;
        status->rest[i].retry_ns = feed->rest.breaker[i].retry_ns;
        status->rest[i].failures = feed->rest.breaker[i].failures;
        memcpy(status->rest[i].why, feed->rest.why[i], LIVE_TEXT_MAX);
    }
    status->weight_used = weight_budget_used(&feed->weight, now_ns);
    status->weight_limit = feed->weight.limit;
    status->banned_until_ns = until_ns > now_ns ? until_ns : 0;
    status->snapshots_waiting = snapshot_queue_waiting(&feed->queue);
}

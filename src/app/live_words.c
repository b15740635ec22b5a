#include "app/live_words.h"

#include "core/base/clock.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_S INT64_C(1000000000)

#define TELL(out, ...) ((void)snprintf((out), sizeof(out), __VA_ARGS__))

/* Seconds until then, upward: "in 1 s" until it is due. */
static int64_t seconds_left(int64_t then_ns, int64_t now_ns)
{
    return then_ns <= now_ns ? 0 : (then_ns - now_ns + NS_PER_S - 1) / NS_PER_S;
}

void live_words_cause(const char *why, const char *host, char *out, size_t size)
{
    static const char unfound[] = "name: cannot find the address of ";
    const char *named = host[0] == '\0' ? NULL : strstr(why, host);
    const char *after = named == NULL ? NULL : strstr(named + strlen(host), ": ");

    if (after == NULL)
        snprintf(out, size, "%s", why);
    else if (strncmp(why, unfound, sizeof(unfound) - 1) == 0)
        snprintf(out, size, "name not found%s", after);
    else { /* "connect: cannot connect to 127.0.0.1:443: refused": the first word and the last */
        while (named > why && !(named - why >= 2 && named[-1] == ' ' && named[-2] == ':'))
            named--;
        snprintf(out, size, "%.*s%s", (int)(named - why), why, after + 2);
    }
}

/* --- connections ---------------------------------------------------------------------------------------------- */

static int badness(enum link_state state)
{
    switch (state) {
    case LINK_WAITING:
        return 6;
    case LINK_CONNECTING:
        return 5;
    case LINK_SILENT:
        return 4;
    case LINK_SUBSCRIBING:
        return 3;
    case LINK_ROTATING:
        return 1;
    case LINK_DOWN:
    case LINK_LIVE:
        break;
    }
    return 0;
}

/* The link in the worst state; links come in the order of the venue's paths. */
static const struct link_status *worst_link(const struct live_status *status)
{
    const struct link_status *worst = NULL;

    for (size_t i = 0; i < status->links; i++)
        if (badness(status->link[i].state) > (worst == NULL ? 0 : badness(worst->state)))
            worst = &status->link[i];
    return worst;
}

/* "stream"; of two paths the one that is sick and what it carries, or both. */
static void link_label(const struct live_status *status, const struct link_status *link, char *out,
                       size_t size)
{
    for (size_t i = 0; i < status->links; i++) {
        const struct link_status *other = &status->link[i];

        if (other != link && strcmp(other->name, link->name) != 0 && badness(other->state) > 1) {
            snprintf(out, size, "%s and %s", link->name, other->name);
            return;
        }
    }
    snprintf(out, size, "%s%s", link->name, strcmp(link->name, "market") == 0 ? " (trades, mark price)" : "");
}

/* "WAITING, try 3 in 4 s" */
static void link_state_text(const struct link_status *link, int64_t now_ns, char *out, size_t size)
{
    const char *word = link_state_word(link->state);

    switch (link->state) {
    case LINK_WAITING:
        snprintf(out, size, "%s, try %" PRIu32 " in %" PRId64 " s", word, link->attempt + 1,
                 seconds_left(link->next_try_ns, now_ns));
        return;
    case LINK_SILENT:
        snprintf(out, size, "%s, new connection in %" PRId64 " s", word,
                 seconds_left(link->next_try_ns, now_ns));
        return;
    case LINK_CONNECTING:
        snprintf(out, size, "%s, try %" PRIu32, word, link->attempt + 1);
        return;
    case LINK_SUBSCRIBING:
        snprintf(out, size, "%s, %" PRIu32 " of %" PRIu32 " streams", word, link->streams_confirmed,
                 link->streams);
        return;
    case LINK_DOWN:
    case LINK_LIVE:
    case LINK_ROTATING:
        break;
    }
    snprintf(out, size, "%s", word);
}

/* Nothing has come since the start: host and next try, and for a person without a network another way. */
static void tell_unreached(const struct live_status *status, const struct link_status *link, int64_t now_ns,
                           struct view_status *out)
{
    char next[48];

    if (link->state == LINK_WAITING)
        TELL(next, "try %" PRIu32 " in %" PRId64 " s", link->attempt + 1,
             seconds_left(link->next_try_ns, now_ns));
    else
        TELL(next, "try %" PRIu32 " now", link->attempt + 1);
    TELL(out->feed_next, "%s", next);
    TELL(out->feed_brief, "not reached, %.28s: %.80s", next, out->feed_cause);
    TELL(out->feed_why, "%.40s not reached, %.28s: %.72s", status->host, next, out->feed_cause);
}

/* Before the first try, or in it. */
static bool has_failed(const struct link_status *link)
{
    return link != NULL && link->why[0] != '\0' && strcmp(link->why, "start") != 0;
}

/* It listens before it has a market, and answers as soon as there is one. */
static void tell_opening(struct view_status *out)
{
    out->feed_sick = 1;
    out->feed_unreached = true;
    TELL(out->feed_why, "the built-in exchange makes its market");
    TELL(out->feed_brief, "the built-in exchange makes its market");
}

static void tell_link(const struct live_status *status, const struct link_status *link, int64_t now_ns,
                      struct view_status *out)
{
    bool failed = has_failed(link);
    char label[40], state[48];

    out->feed_sick = link->state == LINK_ROTATING || link->state == LINK_SUBSCRIBING ? 1 : 2;
    if (failed)
        live_words_cause(link->why, status->host, out->feed_cause, sizeof(out->feed_cause));
    out->feed_unreached =
        !status->ever_connected && (link->state == LINK_WAITING || link->state == LINK_CONNECTING);
    if (out->feed_unreached && failed) {
        tell_unreached(status, link, now_ns, out);
        return;
    }
    link_label(status, link, label, sizeof(label));
    link_state_text(link, now_ns, state, sizeof(state));
    TELL(out->feed_next, "%s", link->state == LINK_CONNECTING ? "connecting" : "");
    TELL(out->feed_why, "%.38s %.40s%s%.72s", label, state,
         !failed || link->state == LINK_SUBSCRIBING ? "" : ": ",
         !failed || link->state == LINK_SUBSCRIBING ? "" : out->feed_cause);
    TELL(out->feed_brief, "%.*s", (int)sizeof(out->feed_brief) - 1, out->feed_why);
}

/* --- REST ------------------------------------------------------------------------------------------------------- */

/* A ban or a class that is open: snapshots wait for it. "" if REST is well. */
static void rest_text(const struct live_status *status, int64_t now_ns, char *out, size_t size)
{
    out[0] = '\0';
    if (status->banned_until_ns > now_ns) {
        char until[16];

        clock_format_hms(status->banned_until_ns, until);
        snprintf(out, size, "rate limited until %s (%" PRId64 " s)", until,
                 seconds_left(status->banned_until_ns, now_ns));
        return;
    }
    for (int i = REST_CLASS_COUNT - 1; i >= 0; i--) { /* depth matters most */
        int64_t left_s = seconds_left(status->rest[i].retry_ns, now_ns);
        char next[32] = "";

        if (status->rest[i].state == BREAKER_CLOSED)
            continue;
        if (status->rest[i].state == BREAKER_OPEN)
            TELL(next, ", try in %" PRId64 " s", left_s);
        snprintf(out, size, "REST %s %s%s: %s", rest_class_word((enum rest_class)i),
                 breaker_state_word(status->rest[i].state), next, status->rest[i].why);
        return;
    }
}

static void tell_rest(const struct live_status *status, int64_t now_ns, struct view_status *out)
{
    char text[VIEW_TEXT_MAX];

    rest_text(status, now_ns, text, sizeof(text));
    if (text[0] == '\0' || out->feed_sick == 2)
        return; /* without streams a snapshot is of no use: they are told */
    out->feed_sick = status->banned_until_ns > now_ns ? 2 : 1;
    TELL(out->feed_why, "%s", text);
    TELL(out->feed_brief, "%.*s", (int)sizeof(out->feed_brief) - 1, text);
}

/* A book that waits for a snapshot: what the snapshot waits for. */
static void tell_snapshot(const struct live_status *status, int64_t now_ns, struct view_status *out)
{
    static const char asked[] = ", snapshot asked";
    size_t size = strlen(out->book_why), cut = sizeof(asked) - 1;
    int64_t until_ns = status->banned_until_ns;

    if (status->rest[REST_DEPTH].state == BREAKER_OPEN && status->rest[REST_DEPTH].retry_ns > until_ns)
        until_ns = status->rest[REST_DEPTH].retry_ns;
    if (size < cut || strcmp(out->book_why + size - cut, asked) != 0)
        return;
    if (until_ns <= now_ns) {
        if (status->rest[REST_DEPTH].why[0] != '\0') /* the last one failed */
            snprintf(out->book_why + size - cut, sizeof(out->book_why) - size + cut, ", snapshot: %s",
                     status->rest[REST_DEPTH].why);
        return;
    }
    snprintf(out->book_why + size - cut, sizeof(out->book_why) - size + cut, ", snapshot in %" PRId64 " s",
             seconds_left(until_ns, now_ns));
}

/* Why the book's link was lost, without the host. */
static void tell_lost(const struct live_status *status, struct view_status *out)
{
    static const char *const head[] = {"link lost: ", "no connection: ", "connecting: "};
    char cause[VIEW_TEXT_MAX - 16]; /* behind the longest head */

    for (size_t i = 0; i < sizeof(head) / sizeof(head[0]); i++) {
        size_t size = strlen(head[i]);

        if (strncmp(out->book_why, head[i], size) != 0)
            continue;
        live_words_cause(out->book_why + size, status->host, cause, sizeof(cause));
        snprintf(out->book_why + size, sizeof(out->book_why) - size, "%s", cause);
        return;
    }
}

/* --- the rest ---------------------------------------------------------------------------------------------------- */

static void tell_symbols(const struct live_status *status, struct view_status *out)
{
    if (status->symbols == 0 &&
        status->symbols_unlisted > 0) { /* nothing to subscribe: the link is not to blame */
        out->feed_sick = 2;
        TELL(out->feed_why, "%s lists none of the symbols asked for (--symbol, `symbols`)", status->venue);
        TELL(out->feed_brief, "the venue lists none of the symbols asked for");
        return;
    }
    if (out->feed_sick != 0)
        return;
    if (status->symbols_unlisted > 0) {
        out->feed_sick = 1;
        TELL(out->feed_why, "%" PRIu32 " of %" PRIu32 " symbols: the venue does not list them; see the log",
             status->symbols_unlisted, status->symbols + status->symbols_unlisted);
    } else if (!status->info_had && status->info_why[0] != '\0') {
        out->feed_sick = 1;
        TELL(out->feed_why, "no exchangeInfo: %s", status->info_why);
    }
    TELL(out->feed_brief, "%.*s", (int)sizeof(out->feed_brief) - 1, out->feed_why);
}

void live_words_fill(const struct live_status *status, int64_t now_ns, struct view_status *out)
{
    const struct link_status *link = worst_link(status);

    out->live = true;
    out->clock_offset_ms = status->clock_offset_ms == INT64_MIN ? VIEW_NONE : status->clock_offset_ms;
    out->weight_used = status->weight_used;
    out->weight_limit = status->weight_limit;
    snprintf(out->venue_host, sizeof(out->venue_host), "%s", status->host);
    if (out->demo && !status->ever_connected && !has_failed(link))
        tell_opening(out);
    else if (link != NULL)
        tell_link(status, link, now_ns, out);
    tell_rest(status, now_ns, out);
    tell_snapshot(status, now_ns, out);
    tell_lost(status, out);
    tell_symbols(status, out);
}

void live_words_weight(const struct view_status *status, struct view_risk *out)
{
    struct view_limit *row;

    if (status->weight_used == VIEW_NONE || status->weight_limit <= 0 || out->limits >= VIEW_LIMITS_MAX)
        return;
    row = &out->limit[out->limits];
    *row = (struct view_limit){.unit = 1, .now = status->weight_used, .worst = VIEW_NONE};
    row->limit = status->weight_limit;
    snprintf(row->code, sizeof(row->code), "REQ_WEIGHT");
    out->limits++;
}

/* It does not come back by itself, so a next try would be a promise that nobody keeps. */
void live_words_demo_ended(struct view_status *out)
{
    out->feed_sick = 2;
    TELL(out->feed_cause, "it has ended");
    TELL(out->feed_next, "q leaves; then start flowdeck --demo again");
    TELL(out->feed_why, "the built-in exchange has ended: quit (q) and start flowdeck --demo again");
    TELL(out->feed_brief, "the exchange has ended: q, then start again");
}

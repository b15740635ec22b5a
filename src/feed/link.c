#include "feed/link.h"

#include "core/base/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NS_PER_S  INT64_C(1000000000)
#define NS_PER_MS INT64_C(1000000)
#define AGE_NS    NS_PER_S /* the worst age is of the last whole second */

const char *link_state_word(enum link_state state)
{
    switch (state) {
    case LINK_DOWN:
        return "DOWN";
    case LINK_WAITING:
        return "WAITING";
    case LINK_CONNECTING:
        return "CONNECTING";
    case LINK_SUBSCRIBING:
        return "SUBSCRIBING";
    case LINK_LIVE:
        return "LIVE";
    case LINK_SILENT:
        return "SILENT";
    case LINK_ROTATING:
        break;
    }
    return "ROTATING";
}

static const char *path_name(const struct link *link)
{
    return link->config.venue->path[link->config.path].name;
}

static void set_state(struct link *link, enum link_state state, int64_t now_ns, const char *why)
{
    enum log_level level = state == LINK_SILENT || state == LINK_WAITING ? LOG_WARN : LOG_INFO;
    int64_t wait_ms = state == LINK_WAITING || state == LINK_SILENT
                          ? (link->next_try_ns - now_ns + NS_PER_MS - 1) / NS_PER_MS
                          : 0;

    link->state = state;
    link->since_ns = now_ns;
    if (why != link->why)
        snprintf(link->why, sizeof(link->why), "%s", why);
    log_ev(level, now_ns, 0, "feed.link", LOG_TEXT("venue", venue_name(link->config.venue->venue)),
           LOG_TEXT("link", path_name(link)), LOG_TEXT("state", link_state_word(state)),
           LOG_TEXT("why", link->why), LOG_INT("attempt", link->backoff.attempt),
           LOG_INT("wait_ms", wait_ms > 0 ? wait_ms : 0));
}

void link_init(struct link *link, const struct link_config *config)
{
    memset(link, 0, sizeof(*link));
    link->config = *config;
    link->silent_scale = 1;
    link->age_ms = link->age_worst_ms = link->age_worst_now_ms = INT64_MIN;
    plan_init(&link->plan, config->venue->commands_per_s);
    backoff_init(&link->backoff, config->backoff_first_ms, config->backoff_max_ms, config->stable_ms,
                 config->seed);
}

void link_start(struct link *link, int64_t now_ns, const char *why)
{
    link->next_try_ns = now_ns;
    link->state = LINK_WAITING;
    link->since_ns = now_ns;
    snprintf(link->why, sizeof(link->why), "%s", why);
}

static void drop_client(struct link *link)
{
    if (link->client != NULL) {
        const struct ws_stats *stats = ws_client_stats(link->client);

        if (stats->pong_delay_max_ns > link->pong_delay_max_ns)
            link->pong_delay_max_ns = stats->pong_delay_max_ns;
    }
    ws_client_free(link->client);
    link->client = NULL;
    link->up_ns = 0;
    link->heard = false;
}

void link_stop(struct link *link, int64_t now_ns, const char *why)
{
    drop_client(link);
    if (link->state != LINK_DOWN)
        set_state(link, LINK_DOWN, now_ns, why);
}

bool link_is_up(const struct link *link)
{
    return link->client != NULL && link->up_ns != 0;
}

/* The one place where a connection ends that is to come again. */
static void lose(struct link *link, enum link_state state, int64_t now_ns, const char *why,
                 const struct net_failure *failure)
{
    drop_client(link);
    link->next_try_ns = now_ns + backoff_next_ms(&link->backoff) * NS_PER_MS;
    set_state(link, state, now_ns, why);
    link->config.host.on_lost(link->config.host.arg, link, failure);
}

/* --- callbacks of the socket -------------------------------------------------------------------------------- */

static void on_open(void *arg)
{
    struct link *link = arg;
    int64_t now_ns = clock_now_ns(link->config.clock);

    link->up_ns = link->quiet_from_ns = now_ns;
    link->heard = false;
    link->refused_told = 0;
    plan_restart(&link->plan, now_ns);
    backoff_up(&link->backoff, now_ns);
    set_state(link, LINK_SUBSCRIBING, now_ns, "connected");
    link->config.host.on_up(link->config.host.arg, link);
}

static void on_answer(struct link *link, const struct control_text *answer, int64_t now_ns)
{
    size_t confirmed = plan_confirmed(&link->plan), refused = plan_refused(&link->plan);
    bool ours = plan_answer(&link->plan, answer->id, answer->well, now_ns);

    if (plan_confirmed(&link->plan) > confirmed && !link->heard)
        link->quiet_from_ns = now_ns;
    if (answer->well && ours)
        return;
    if (link->refused_told++ >= LINK_REFUSED_TOLD_MAX)
        return;
    log_ev(LOG_WARN, now_ns, 0, "feed.refused", LOG_TEXT("link", path_name(link)), LOG_INT("id", answer->id),
           LOG_TEXT("why", ours ? answer->why : "an answer to no command of ours"),
           LOG_INT("streams", plan_refused(&link->plan) - refused));
    for (size_t i = 0; i < link->plan.count; i++)
        if (link->plan.stream[i].state == PLAN_REFUSED && link->plan.stream[i].command_id == answer->id) {
            snprintf(link->why, sizeof(link->why), "%s refused: %.40s", link->plan.stream[i].name,
                     answer->why);
            log_ev(LOG_ERROR, now_ns, 0, "feed.stream", LOG_TEXT("link", path_name(link)),
                   LOG_TEXT("stream", link->plan.stream[i].name), LOG_TEXT("why", answer->why));
        }
}

static void on_message(void *arg, int64_t recv_boot_ns, const char *text, size_t size)
{
    struct link *link = arg;
    struct control_text control;
    int64_t now_ns = clock_of_boot_ns(link->config.clock, recv_boot_ns);

    control_text_read(text, size, &control);
    switch (control.kind) {
    case CONTROL_ANSWER:
        on_answer(link, &control, now_ns);
        return;
    case CONTROL_SHUTDOWN:
        link->config.host.on_shutdown(link->config.host.arg, link);
        return;
    case CONTROL_DATA:
        break;
    }
    link->messages++;
    link->bytes += size;
    link->heard = true;
    link->last_data_ns = link->quiet_from_ns = now_ns;
    backoff_data(&link->backoff, now_ns);
    link->config.host.on_data(link->config.host.arg, link, recv_boot_ns, text, size);
}

static void on_closed(void *arg, const struct net_failure *failure)
{
    struct link *link = arg;
    char why[LIVE_TEXT_MAX];
    const char *word = net_failure_word(failure->kind);

    if (failure->http_status != 0)
        snprintf(why, sizeof(why), "%s: HTTP %d %.60s", word, failure->http_status, failure->text);
    else if (failure->close_code != 0)
        snprintf(why, sizeof(why), "%s: %d %.60s", word, failure->close_code, failure->text);
    else
        snprintf(why, sizeof(why), "%s: %.80s", word, failure->text);
    lose(link, LINK_WAITING, clock_now_ns(link->config.clock), why, failure);
}

/* --- what time brings --------------------------------------------------------------------------------------- */

static void connect_now(struct link *link, int64_t now_ns)
{
    char url[VENUE_URL_MAX + 32];
    struct ws_client_config config = {
        .url = url, .on_open = on_open, .on_message = on_message, .on_closed = on_closed, .arg = link};

    snprintf(url, sizeof(url), "%s%s", link->config.venue->stream_url,
             link->config.venue->path[link->config.path].path);
    link->connects++;
    link->next_try_ns = 0;
    set_state(link, LINK_CONNECTING, now_ns, link->why);
    link->config.host.on_connecting(link->config.host.arg, link);
    link->client = ws_client_open(link->config.net, &config);
    if (link->client == NULL)
        lose(link, LINK_WAITING, now_ns, "no memory, or too many connections of ours", NULL);
}

static void tick_waiting(struct link *link, int64_t now_ns)
{
    const char *why = NULL;
    int64_t free_ns;

    if (now_ns < link->next_try_ns)
        return;
    free_ns = link->config.host.connect_free_ns(link->config.host.arg, &why);
    if (now_ns >= free_ns) {
        connect_now(link, now_ns);
        return;
    }
    link->next_try_ns = free_ns;
    set_state(link, LINK_WAITING, now_ns, why);
}

static void pump_commands(struct link *link, int64_t now_ns)
{
    char command[PLAN_COMMAND_MAX];
    size_t size;

    plan_count_pongs(&link->plan, ws_client_stats(link->client)->pongs_sent, now_ns);
    while ((size = plan_next_command(&link->plan, now_ns, command)) > 0) {
        if (!ws_client_send(link->client, command, size))
            return;
        plan_command_sent(&link->plan, now_ns);
    }
}

static bool is_silent(const struct link *link, int64_t now_ns)
{
    return (plan_confirmed(&link->plan) > 0 || (link->heard && plan_streams(&link->plan) > 0)) &&
           now_ns - link->quiet_from_ns >= link->config.silent_ms * (int64_t)link->silent_scale * NS_PER_MS;
}

static void fall_silent(struct link *link, int64_t now_ns)
{
    char why[LIVE_TEXT_MAX];
    int64_t tenths = (now_ns - link->quiet_from_ns) / (NS_PER_S / 10);

    snprintf(why, sizeof(why), "no data for %" PRId64 ".%" PRId64 " s", tenths / 10, tenths % 10);
    link->silences++;
    if (link->silent_ns != 0 && link->silent_scale < LINK_SILENT_SCALE_MAX)
        link->silent_scale *= 2;
    link->silent_ns = now_ns;
    lose(link, LINK_SILENT, now_ns, why, NULL);
}

static void tick_up(struct link *link, int64_t now_ns)
{
    pump_commands(link, now_ns);
    if (link->silent_ns != 0 && now_ns - link->silent_ns >= LINK_CALM_NS) {
        link->silent_ns = 0;
        link->silent_scale = 1;
    }
    if (plan_unanswered(&link->plan, now_ns)) {
        lose(link, LINK_WAITING, now_ns, "no answer to SUBSCRIBE", NULL);
        return;
    }
    if (is_silent(link, now_ns)) {
        fall_silent(link, now_ns);
        return;
    }
    if (link->state == LINK_SUBSCRIBING && link->heard && plan_settled(&link->plan) &&
        plan_confirmed(&link->plan) > 0) {
        size_t refused = plan_refused(&link->plan);
        char why[LIVE_TEXT_MAX];

        if (refused > 0)
            snprintf(why, sizeof(why), "%zu of %zu streams refused", refused, plan_streams(&link->plan));
        else
            snprintf(why, sizeof(why), "%zu streams", plan_streams(&link->plan));
        set_state(link, LINK_LIVE, now_ns, why);
    }
}

void link_tick(struct link *link, int64_t now_ns)
{
    if (link->state == LINK_WAITING || link->state == LINK_SILENT)
        tick_waiting(link, now_ns);
    else if (link_is_up(link))
        tick_up(link, now_ns);
}

/* --- figures ------------------------------------------------------------------------------------------------ */

void link_note_age(struct link *link, int64_t recv_ns, int64_t venue_ms, int64_t offset_ms)
{
    int64_t age_ms;

    if (venue_ms <= 0 || offset_ms == INT64_MIN)
        return;
    age_ms = recv_ns / NS_PER_MS + offset_ms - venue_ms;
    link->age_ms = age_ms;
    if (recv_ns - link->age_from_ns >= AGE_NS) {
        link->age_worst_ms = link->age_worst_now_ms;
        link->age_worst_now_ms = INT64_MIN;
        link->age_from_ns = recv_ns;
    }
    if (age_ms > link->age_worst_now_ms)
        link->age_worst_now_ms = age_ms;
}

void link_fill_status(const struct link *link, struct link_status *out)
{
    int64_t pong_ns = link->client != NULL ? ws_client_stats(link->client)->pong_delay_max_ns : 0;

    snprintf(out->name, sizeof(out->name), "%s", path_name(link));
    snprintf(out->why, sizeof(out->why), "%s", link->why);
    out->state = link->state;
    out->since_ns = link->since_ns;
    out->next_try_ns = link->next_try_ns;
    out->attempt = link->backoff.attempt;
    out->last_data_ns = link->last_data_ns;
    out->connects = link->connects;
    out->messages = link->messages;
    out->bytes = link->bytes;
    out->pong_delay_max_ns = pong_ns > link->pong_delay_max_ns ? pong_ns : link->pong_delay_max_ns;
    out->age_ms = link->age_ms;
    out->age_worst_ms = link->age_worst_ms;
    out->streams = (uint32_t)plan_streams(&link->plan);
    out->streams_confirmed = (uint32_t)plan_confirmed(&link->plan);
}

#include "net/link_parts.h"

#include "core/base/clock.h"
#include "core/base/safe_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

static void stop_timers(struct link *link)
{
    ev_timer_stop(link->net->loop, &link->deadline);
    ev_timer_stop(link->net->loop, &link->attempt);
    ev_timer_stop(link->net->loop, &link->later);
}

static void unlist(struct link *link)
{
    if (link->prev != NULL)
        link->prev->next = link->next;
    else if (link->net->links == link)
        link->net->links = link->next;
    if (link->next != NULL)
        link->next->prev = link->prev;
    link->prev = link->next = NULL;
}

/* From now on the library's callbacks for this socket find nobody. */
struct lws *net_link_detach(struct link *link)
{
    struct lws *wsi = link->wsi;

    link->wsi = NULL;
    if (wsi != NULL)
        lws_set_opaque_user_data(wsi, NULL);
    return wsi;
}

/* Not from inside a callback of this very socket. Bytes that wait for a socket that takes none would keep it
 * alive; with the socket shut down they cannot. */
static void kill_socket(struct link *link)
{
    struct lws *wsi = net_link_detach(link);

    if (wsi == NULL)
        return;
    if (lws_partial_buffered(wsi))
        shutdown(lws_get_socket_fd(wsi), SHUT_RDWR);
    lws_set_timeout(wsi, PENDING_TIMEOUT_USER_REASON_BASE, LWS_TO_KILL_SYNC);
}

static void stop_all(struct link *link)
{
    stop_timers(link);
    if (link->job != NULL)
        resolver_cancel(link->net->resolver, link->job);
    link->job = NULL;
}

/* Tells the owner what is due, once nothing but the caller is on the stack. The socket must be detached. */
static void tell(struct link *link)
{
    if (!link->dropped && !link->told) {
        link->told = true;
        link->depth++;
        if (link->quiet_end)
            link->ops->ended(link, link->body_whole);
        else
            link->ops->failed(link, &link->failure);
        link->depth--;
    }
    if (link->dropped && link->depth == 0) {
        unlist(link);
        link->ops->release(link);
    }
}

void net_link_enter(struct link *link)
{
    link->depth++;
}

/* After our code when the library called: true if it must close the socket. The link may be gone then. */
bool net_link_leave(struct link *link)
{
    if (--link->depth > 0 || link->stage != LINK_OVER)
        return false;
    net_link_detach(link);
    tell(link);
    return true;
}

static void leave_loop(struct link *link)
{
    if (--link->depth > 0 || link->stage != LINK_OVER)
        return;
    kill_socket(link);
    tell(link);
}

static void over(struct link *link)
{
    link->stage = LINK_OVER;
    stop_all(link);
    if (link->depth == 0)
        ev_timer_start(link->net->loop, &link->later);
}

struct net_failure *net_link_failure(struct link *link)
{
    return &link->failure;
}

void net_link_fail(struct link *link, enum net_failure_kind kind, const char *format, ...)
{
    char text[512];
    va_list list;

    if (link->stage == LINK_OVER)
        return;
    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    link->failure.kind = kind;
    safe_text(text, strlen(text), link->failure.text, sizeof(link->failure.text));
    over(link);
}

void net_link_end(struct link *link, bool whole)
{
    if (link->stage == LINK_OVER)
        return;
    link->quiet_end = true;
    link->body_whole = whole;
    over(link);
}

void net_link_drop(struct link *link)
{
    link->dropped = true;
    link->stage = LINK_OVER;
    stop_all(link);
    if (link->depth > 0)
        return; /* leave_*() does the rest */
    kill_socket(link);
    unlist(link);
    link->ops->release(link);
}

void net_link_timer(struct link *link, ev_timer *timer, int64_t after_ms)
{
    ev_timer_stop(link->net->loop, timer);
    ev_timer_set(timer, (double)after_ms / 1000.0, 0);
    ev_timer_start(link->net->loop, timer);
}

static int64_t left_ms(const struct link *link)
{
    int64_t left = (link->deadline_ns - clock_monotonic_ns()) / 1000000;

    return left > 0 ? left : 0;
}

static struct lws *connect_lws(struct link *link)
{
    static const lws_retry_bo_t no_keepalive = {.secs_since_valid_ping = 0};
    struct lws_client_connect_info info;

    memset(&info, 0, sizeof(info));
    info.context = link->net->lws;
    info.address = link->addresses.address[link->address];
    info.port = link->url.port;
    info.path = link->url.path;
    info.host = link->url.host_header;
    info.method = link->method;
    info.alpn = "http/1.1";
    info.local_protocol_name = "net";
    info.opaque_user_data = link;
    info.retry_and_idle_policy = &no_keepalive;
    info.ssl_connection = LCCSCF_USE_SSL | LCCSCF_HTTP_NO_FOLLOW_REDIRECT;
    return lws_client_connect_via_info(&info);
}

/* The address in turn, or the next ones; without one left the link has failed. */
static void try_addresses(struct link *link)
{
    while (link->stage != LINK_OVER && link->address < link->addresses.count) {
        size_t left = link->addresses.count - link->address;
        int64_t share_ms = left_ms(link) / (int64_t)left;

        link->stage = LINK_TCP;
        link->wsi = connect_lws(link);
        if (link->wsi != NULL) {
            if (left > 1)
                net_link_timer(link, &link->attempt, share_ms < LINK_TRY_MS ? share_ms : LINK_TRY_MS);
            return;
        }
        link->address++;
    }
    if (link->stage == LINK_OVER)
        return;
    resolver_forget(link->net->resolver, link->url.host);
    net_link_fail(link, NET_FAIL_CONNECT, "cannot connect to %s: %zu address%s refused or unreachable",
                  link->url.host_header, link->addresses.count, link->addresses.count == 1 ? "" : "es");
}

static void on_resolved(void *arg, const struct resolver_answer *answer)
{
    struct link *link = arg;

    net_link_enter(link);
    link->job = NULL;
    link->addresses = *answer;
    if (answer->count == 0)
        net_link_fail(link, NET_FAIL_RESOLVE, "cannot find the address of %s: %s", link->url.host,
                      answer->error);
    else
        try_addresses(link);
    leave_loop(link);
}

static void resolve(struct link *link)
{
    struct net *net = link->net;

    if (resolver_known(net->resolver, link->url.host, &link->addresses)) {
        try_addresses(link);
        return;
    }
    link->stage = LINK_RESOLVE;
    link->job = resolver_start(net->resolver, link->url.host, on_resolved, link);
    if (link->job == NULL)
        net_link_fail(link, NET_FAIL_FULL, "cannot look up %s: too many look-ups under way", link->url.host);
}

/* From the loop: starts, goes on with the next address, or tells of an end that came from outside. */
static void on_later(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct link *link = timer->data;

    (void)loop;
    (void)revents;
    net_link_enter(link);
    if (link->stage == LINK_WAITING)
        resolve(link);
    else if (link->stage == LINK_TCP && link->wsi == NULL)
        try_addresses(link);
    else if (link->stage == LINK_UP && link->body_whole)
        net_link_end(link, true);
    leave_loop(link);
}

static void on_attempt(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct link *link = timer->data;

    (void)loop;
    (void)revents;
    if (link->stage != LINK_TCP)
        return;
    net_link_enter(link);
    kill_socket(link);
    link->address++;
    try_addresses(link);
    leave_loop(link);
}

static void on_deadline(struct ev_loop *loop, ev_timer *timer, int revents)
{
    static const char *const at[] = {
        [LINK_WAITING] = "start",     [LINK_RESOLVE] = "name look-up",       [LINK_TCP] = "TCP connect",
        [LINK_TLS] = "TLS handshake", [LINK_SENT] = "waiting for the reply", [LINK_UP] = "reading the reply",
        [LINK_OVER] = "end"};
    struct link *link = timer->data;

    (void)loop;
    (void)revents;
    net_link_enter(link);
    if (link->stage == LINK_RESOLVE)
        net_link_fail(link, NET_FAIL_RESOLVE, "name look-up of %s took longer than %lld ms", link->url.host,
                      (long long)link->timeout_ms);
    else
        net_link_fail(link, NET_FAIL_TIMEOUT, "%s: no answer within %lld ms (%s)", link->url.host_header,
                      (long long)link->timeout_ms, at[link->stage]);
    leave_loop(link);
}

static void init_timer(struct link *link, ev_timer *timer,
                       void (*call)(struct ev_loop *loop, ev_timer *timer, int revents))
{
    ev_timer_init(timer, call, 0., 0.);
    timer->data = link;
}

void net_link_start(struct link *link, struct net *net, const struct net_link_ops *ops, int64_t timeout_ms,
                    const char *url_error)
{
    link->net = net;
    link->ops = ops;
    link->stage = LINK_WAITING;
    link->timeout_ms = timeout_ms;
    link->deadline_ns = clock_monotonic_ns() + timeout_ms * 1000000;
    link->failure.retry_after_s = -1;
    init_timer(link, &link->later, on_later);
    init_timer(link, &link->attempt, on_attempt);
    init_timer(link, &link->deadline, on_deadline);
    link->next = net->links;
    if (net->links != NULL)
        net->links->prev = link;
    net->links = link;
    ev_now_update(net->loop); /* else a caller that just came out of long work gets its time-out early */
    if (url_error != NULL) {
        net_link_fail(link, NET_FAIL_URL, "bad URL: %s", url_error);
        return;
    }
    net_link_timer(link, &link->deadline, timeout_ms);
    net_link_timer(link, &link->later, 0);
}

void net_link_up(struct link *link)
{
    ev_timer_stop(link->net->loop, &link->deadline);
}

void net_link_deadline(struct link *link, int64_t after_ms)
{
    ev_now_update(link->net->loop);
    link->timeout_ms = after_ms;
    net_link_timer(link, &link->deadline, after_ms);
}

#include "net/link.h"

#include "core/base/clock.h"
#include "core/base/safe_text.h"
#include "net/tls_text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define CLOSE_HEADER "connection: close\r\n" /* what the library writes by itself */

int64_t net_boot_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* --- the end of a link ----------------------------------------------------------------------------------- */

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
static struct lws *detach(struct link *link)
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
    struct lws *wsi = detach(link);

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

static void enter(struct link *link)
{
    link->depth++;
}

/* After our code when the library called: true if it must close the socket. The link may be gone then. */
static bool leave_lws(struct link *link)
{
    if (--link->depth > 0 || link->stage != LINK_OVER)
        return false;
    detach(link);
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

static void end_quietly(struct link *link, bool whole)
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

/* --- the way up ------------------------------------------------------------------------------------------ */

static void start_timer(struct link *link, ev_timer *timer, int64_t after_ms)
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
                start_timer(link, &link->attempt, share_ms < LINK_TRY_MS ? share_ms : LINK_TRY_MS);
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

    enter(link);
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
    enter(link);
    if (link->stage == LINK_WAITING)
        resolve(link);
    else if (link->stage == LINK_TCP && link->wsi == NULL)
        try_addresses(link);
    else if (link->stage == LINK_UP && link->body_whole)
        end_quietly(link, true);
    leave_loop(link);
}

static void on_attempt(struct ev_loop *loop, ev_timer *timer, int revents)
{
    struct link *link = timer->data;

    (void)loop;
    (void)revents;
    if (link->stage != LINK_TCP)
        return;
    enter(link);
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
    enter(link);
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
    start_timer(link, &link->deadline, timeout_ms);
    start_timer(link, &link->later, 0);
}

void net_link_up(struct link *link)
{
    ev_timer_stop(link->net->loop, &link->deadline);
}

void net_link_deadline(struct link *link, int64_t after_ms)
{
    ev_now_update(link->net->loop);
    link->timeout_ms = after_ms;
    start_timer(link, &link->deadline, after_ms);
}

/* --- headers --------------------------------------------------------------------------------------------- */

void net_link_header(struct net_link_headers *headers, const char *name, const char *format, ...)
{
    size_t room = (size_t)(headers->end - headers->at);
    int head = snprintf(headers->at, room, "%s: ", name), size;
    va_list list;

    if (headers->full || head < 0 || (size_t)head >= room) {
        headers->full = true;
        return;
    }
    va_start(list, format);
    size = vsnprintf(headers->at + head, room - (size_t)head, format, list);
    va_end(list);
    if (size < 0 || (size_t)head + (size_t)size + 2 >= room) {
        headers->full = true;
        return;
    }
    headers->at += head + size;
    memcpy(headers->at, "\r\n", 2);
    headers->at += 2;
}

void net_link_header_text(struct link *link, enum lws_token_indexes token, char *out, size_t size)
{
    out[0] = '\0';
    if (link->wsi == NULL || lws_hdr_copy(link->wsi, out, (int)size, token) < 0)
        out[0] = '\0';
}

void net_link_custom_header_text(struct link *link, const char *name_colon, char *out, size_t size)
{
    int length = (int)strlen(name_colon);

    out[0] = '\0';
    if (link->wsi == NULL || lws_hdr_custom_copy(link->wsi, out, (int)size, name_colon, length) < 0)
        out[0] = '\0';
}

/* "Wed, 21 Oct 2015 07:28:00 GMT" to seconds from now. */
static int64_t parse_http_date(const char *text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    struct tm when = {.tm_isdst = 0};
    char month[4] = "";
    const char *found;

    if (sscanf(text, "%*3s, %2d %3s %4d %2d:%2d:%2d", &when.tm_mday, month, &when.tm_year, &when.tm_hour,
               &when.tm_min, &when.tm_sec) != 6)
        return -1;
    found = strlen(month) == 3 ? strstr(months, month) : NULL;
    if (found == NULL || (found - months) % 3 != 0)
        return -1;
    when.tm_mon = (int)(found - months) / 3;
    when.tm_year -= 1900;

    int64_t left = (int64_t)timegm(&when) - (int64_t)time(NULL);

    return left > 0 ? left : 0;
}

int64_t net_link_retry_after_s(struct link *link)
{
    char text[64];
    int64_t seconds = 0;

    net_link_header_text(link, WSI_TOKEN_HTTP_RETRY_AFTER, text, sizeof(text));
    if (text[0] == '\0')
        return -1;
    if (!isdigit((unsigned char)text[0]))
        return parse_http_date(text);
    for (const char *c = text; *c != '\0'; c++) {
        if (!isdigit((unsigned char)*c) || c - text > 9)
            return -1;
        seconds = seconds * 10 + (*c - '0');
    }
    return seconds;
}

/* The library has written request line, Host and "connection: close"; the last is not for an upgrade. */
static bool write_headers(struct link *link, char **at, size_t room)
{
    struct net_link_headers headers = {.at = *at, .end = *at + room};
    size_t close_size = strlen(CLOSE_HEADER);

    if (link->keep_open) {
        if (memcmp(*at - close_size, CLOSE_HEADER, close_size) != 0) {
            net_link_fail(link, NET_FAIL_LOCAL, "unexpected request from the WebSocket library");
            return false;
        }
        headers.at -= close_size;
    }
    if (link->net->user_agent[0] != '\0')
        net_link_header(&headers, "User-Agent", "%s", link->net->user_agent);
    link->ops->headers(link, &headers);
    if (link->stage == LINK_OVER)
        return false;
    if (headers.full) {
        net_link_fail(link, NET_FAIL_LOCAL, "request headers are longer than %zu bytes", room);
        return false;
    }
    *at = headers.at;
    link->stage = LINK_SENT;
    if (link->has_body) {
        lws_client_http_body_pending(link->wsi, 1);
        lws_callback_on_writable(link->wsi);
    }
    return true;
}

/* --- bytes ----------------------------------------------------------------------------------------------- */

bool net_link_write(struct link *link, unsigned char *bytes, size_t size)
{
    return link->wsi != NULL && lws_write(link->wsi, bytes, size, LWS_WRITE_HTTP) >= 0;
}

bool net_link_choked(struct link *link)
{
    return link->wsi == NULL || lws_partial_buffered(link->wsi);
}

void net_link_want_write(struct link *link)
{
    if (link->wsi != NULL)
        lws_callback_on_writable(link->wsi);
}

void net_link_body_sent(struct link *link)
{
    lws_client_http_body_pending(link->wsi, 0);
    lws_callback_on_writable(link->wsi);
}

/* The end of the bytes: clean only with a TLS close from the other side, else anybody could cut a reply short. */
static void read_ended(struct link *link)
{
    SSL *tls = lws_get_ssl(link->wsi);
    bool clean = tls != NULL && (SSL_get_shutdown(tls) & SSL_RECEIVED_SHUTDOWN) != 0;

    end_quietly(link, clean && link->body_whole && !link->chunked);
}

/* LWS_CALLBACK_RECEIVE_CLIENT_HTTP: the data itself comes by LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ. */
static void read_all(struct link *link)
{
    for (int reads = 0; reads < LINK_READS_MAX && link->stage != LINK_OVER; reads++) {
        char *at = (char *)link->net->read;
        int size = (int)sizeof(link->net->read);
        bool more = lws_http_client_read(link->wsi, &at, &size) >= 0;

        if (link->stage == LINK_OVER)
            return;
        if (!more) {
            read_ended(link);
            return;
        }
        if (link->body_whole) { /* the counted or chunked body is complete */
            end_quietly(link, true);
            return;
        }
        if (size == 0 && at == (char *)link->net->read)
            return;
    }
}

/* --- the library's callback ------------------------------------------------------------------------------ */

static void connection_error(struct link *link, const char *text, size_t size)
{
    char reason[NET_TEXT_MAX];

    if (link->stage == LINK_TCP) {
        detach(link);
        ev_timer_stop(link->net->loop, &link->attempt);
        link->address++;
        start_timer(link, &link->later, 0);
        return;
    }
    if (link->stage == LINK_TLS) {
        if (tls_text_failure(link->verify_error, tls_take_error(), reason, sizeof(reason)))
            net_link_fail(link, NET_FAIL_TLS, "%s: %s", link->url.host_header, reason);
        else
            net_link_fail(link, NET_FAIL_CONNECT, "%s: connection lost during the TLS handshake",
                          link->url.host_header);
        return;
    }
    size = text != NULL ? strnlen(text, size) : 0;
    snprintf(reason, sizeof(reason), "%.*s", (int)size, text != NULL ? text : "");
    if (strstr(reason, "header") != NULL || strncmp(reason, "HS", 2) == 0)
        net_link_fail(link, NET_FAIL_PROTOCOL, "%s: reply is not HTTP/1.1", link->url.host_header);
    else
        net_link_fail(link, NET_FAIL_RESET, "%s: connection lost before the reply", link->url.host_header);
}

static void note_verify_error(struct link *link, X509_STORE_CTX *store)
{
    if (link->verify_error == X509_V_OK)
        link->verify_error = X509_STORE_CTX_get_error(store);
}

static void data_came(struct link *link, const unsigned char *bytes, size_t size)
{
    /* A chunk size that overflows the library's counter comes out as a huge one. */
    if (size > (1U << 30))
        net_link_fail(link, NET_FAIL_PROTOCOL, "%s: bad chunk size", link->url.host_header);
    else if (link->stage == LINK_UP)
        link->ops->data(link, bytes, size);
}

static void reply_came(struct link *link)
{
    char coding[32];

    net_link_header_text(link, WSI_TOKEN_HTTP_TRANSFER_ENCODING, coding, sizeof(coding));
    link->chunked = coding[0] != '\0';
    link->stage = LINK_UP;
    link->ops->reply(link, (int)lws_http_client_http_response(link->wsi));
}

static void closed(struct link *link)
{
    if (link->stage == LINK_UP)
        end_quietly(link, link->body_whole);
    else
        net_link_fail(link, NET_FAIL_RESET, "%s: connection lost before the reply", link->url.host_header);
}

static void dispatch(struct link *link, enum lws_callback_reasons reason, void *in, size_t len)
{
    switch ((int)reason) {
    case LWS_CALLBACK_WSI_CREATE:
        ev_timer_stop(link->net->loop, &link->attempt);
        if (link->stage == LINK_TCP)
            link->stage = LINK_TLS;
        break;
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
        write_headers(link, in, len);
        break;
    case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
        reply_came(link);
        break;
    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
        read_all(link);
        break;
    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
        data_came(link, in, len);
        break;
    case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
        link->body_whole = true;
        if (link->depth == 1) /* no body at all: nobody reads, and the socket must not be closed from here */
            start_timer(link, &link->later, 0);
        break;
    case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
        link->ops->writable(link);
        break;
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
        connection_error(link, in, len);
        break;
    default:
        closed(link);
        break;
    }
}

int net_link_lws_callback(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t len)
{
    struct link *link;

    switch ((int)reason) {
    case LWS_CALLBACK_WSI_CREATE:
    case LWS_CALLBACK_CLIENT_APPEND_HANDSHAKE_HEADER:
    case LWS_CALLBACK_ESTABLISHED_CLIENT_HTTP:
    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP:
    case LWS_CALLBACK_RECEIVE_CLIENT_HTTP_READ:
    case LWS_CALLBACK_COMPLETED_CLIENT_HTTP:
    case LWS_CALLBACK_CLIENT_HTTP_WRITEABLE:
    case LWS_CALLBACK_CLIENT_CONNECTION_ERROR:
    case LWS_CALLBACK_CLOSED_CLIENT_HTTP:
    case LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION:
        break;
    default:
        return 0;
    }
    link = lws_get_opaque_user_data(wsi);
    if (reason == LWS_CALLBACK_OPENSSL_PERFORM_SERVER_CERT_VERIFICATION) {
        if (link == NULL)
            return -1;
        if (!len) /* refused by OpenSSL, and it stays refused */
            note_verify_error(link, user);
        return 0;
    }
    if (link == NULL)
        return reason == LWS_CALLBACK_CLOSED_CLIENT_HTTP || reason == LWS_CALLBACK_CLIENT_CONNECTION_ERROR
                   ? 0
                   : -1;
    if (link->wsi == NULL) /* first callbacks come before lws_client_connect_via_info() returns */
        link->wsi = wsi;
    enter(link);
    dispatch(link, reason, in, len);
    return leave_lws(link) || link->stage == LINK_OVER ? -1 : 0;
}

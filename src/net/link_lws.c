#include "net/link_parts.h"
#include "net/tls_text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define CLOSE_HEADER "connection: close\r\n" /* what the library writes by itself */

int64_t net_boot_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
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

    net_link_end(link, clean && link->body_whole && !link->chunked);
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
            net_link_end(link, true);
            return;
        }
        if (size == 0 && at == (char *)link->net->read)
            return;
    }
}

/* --- the library's callback --- */

static void connection_error(struct link *link, const char *text, size_t size)
{
    char reason[NET_TEXT_MAX];

    if (link->stage == LINK_TCP) {
        net_link_detach(link);
        ev_timer_stop(link->net->loop, &link->attempt);
        link->address++;
        net_link_timer(link, &link->later, 0);
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
        net_link_end(link, link->body_whole);
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
            net_link_timer(link, &link->later, 0);
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
    net_link_enter(link);
    dispatch(link, reason, in, len);
    return net_link_leave(link) || link->stage == LINK_OVER ? -1 : 0;
}

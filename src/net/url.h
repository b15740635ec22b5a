/*
 * url.h - the parts of an https:// or wss:// address. Pure.
 *
 * Names and IPv4 numbers only; no user, password or fragment. The bounds are those of libwebsockets 4.1,
 * which cuts a longer host or request line silently.
 */
#ifndef NET_URL_H
#define NET_URL_H

#include <stdint.h>

#define NET_HOST_MAX 100
#define NET_PATH_MAX 2000 /* path and query */

struct url {
    char host[NET_HOST_MAX + 1];        /* lower case */
    char host_header[NET_HOST_MAX + 8]; /* host, and the port if it is not 443 */
    char path[NET_PATH_MAX + 1];        /* begins with '/', holds the query: never for a log */
    uint16_t port;
};

/* scheme: "https" or "wss". NULL: fine; else the reason, static text without any part of the URL. */
const char *url_parse(const char *text, const char *scheme, struct url *out);

#endif

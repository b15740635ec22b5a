#include "net/url.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool host_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

static const char *parse_host(const char *text, size_t size, char *host)
{
    if (size == 0)
        return "no host name";
    if (size > NET_HOST_MAX)
        return "host name longer than 100 bytes";
    if (text[0] == '[')
        return "IPv6 number as host: give a name";
    for (size_t i = 0; i < size; i++) {
        char c = text[i];

        host[i] = c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
        if (!host_byte(host[i]))
            return "host name may hold letters, digits, '.', '-' and '_' only";
    }
    host[size] = '\0';
    return NULL;
}

static const char *parse_port(const char *text, size_t size, uint16_t *port)
{
    unsigned value = 0;

    if (size == 0 || size > 5)
        return "port must be 1 to 65535";
    for (size_t i = 0; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return "port must be 1 to 65535";
        value = value * 10 + (unsigned)(text[i] - '0');
    }
    if (value == 0 || value > 65535)
        return "port must be 1 to 65535";
    *port = (uint16_t)value;
    return NULL;
}

static const char *parse_path(const char *text, char *path)
{
    size_t size = strlen(text), slash = text[0] != '/';

    if (size + slash > NET_PATH_MAX)
        return "path and query longer than 2000 bytes";
    path[0] = '/';
    memcpy(path + slash, text, size + 1);
    for (size_t i = 0; i < size; i++) {
        if (text[i] <= ' ' || text[i] > '~')
            return "space, control or non-ASCII byte: percent-encode it";
        if (text[i] == '#')
            return "fragment (#) is not sent to a server";
    }
    return NULL;
}

const char *url_parse(const char *text, const char *scheme, struct url *out)
{
    size_t scheme_size = strlen(scheme);
    const char *why;

    memset(out, 0, sizeof(*out));
    if (text == NULL || strncmp(text, scheme, scheme_size) != 0 || strncmp(text + scheme_size, "://", 3) != 0)
        return strcmp(scheme, "wss") == 0 ? "must begin with wss://" : "must begin with https://";

    const char *host = text + scheme_size + 3;
    size_t size = strcspn(host, "/?#");
    const char *colon = host[0] == '[' ? NULL : memchr(host, ':', size);

    if (memchr(host, '@', size) != NULL)
        return "user or password in a URL";
    out->port = 443;
    why = parse_host(host, colon != NULL ? (size_t)(colon - host) : size, out->host);
    if (why == NULL && colon != NULL)
        why = parse_port(colon + 1, (size_t)(host + size - colon - 1), &out->port);
    if (why == NULL)
        why = parse_path(host + size, out->path);
    if (why != NULL)
        return why;
    if (out->port == 443)
        snprintf(out->host_header, sizeof(out->host_header), "%s", out->host);
    else
        snprintf(out->host_header, sizeof(out->host_header), "%s:%u", out->host, (unsigned)out->port);
    return NULL;
}

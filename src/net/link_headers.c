#include "net/link.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

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

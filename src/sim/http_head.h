/*
 * http_head.h - the head of one HTTP/1.1 request, taken apart. No sockets in here.
 */
#ifndef SIM_HTTP_HEAD_H
#define SIM_HTTP_HEAD_H

#include <stdbool.h>
#include <stddef.h>

#define HTTP_HEAD_MAX   16384 /* request line and headers, empty line included */
#define HTTP_TARGET_MAX 8192  /* path and query */
#define HTTP_BODY_MAX   65536
#define HTTP_FIELDS_MAX 64

/* Texts point into the bytes that were parsed; an absent header is "". */
struct http_head {
    const char *method, *path, *query;
    const char *host, *origin, *api_key;
    const char *upgrade, *connection, *ws_key, *ws_version;
    size_t body_size; /* Content-Length */
    bool keep_alive;
};

/* Bytes of the head with its empty line; 0: not whole yet. */
size_t http_head_size(const char *bytes, size_t size);
/*
 * Takes a whole head apart in place (bytes[size] is writable, too). 0, or the HTTP status that answers it, with one
 * line in *why: 400, 411, 413, 414, 431, 501, 505.
 */
int http_head_parse(char *bytes, size_t size, struct http_head *out, const char **why);
/* Is `word` one of the comma-separated words of a header, whatever its case? */
bool http_has_word(const char *list, const char *word);

#endif

#include "sim/http_head.h"

#include <string.h>
#include <strings.h>

size_t http_head_size(const char *bytes, size_t size)
{
    const char *end = memmem(bytes, size, "\r\n\r\n", 4);

    return end == NULL ? 0 : (size_t)(end - bytes) + 4;
}

static bool token_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

static bool is_token(const char *text)
{
    if (*text == '\0')
        return false;
    for (; *text != '\0'; text++)
        if (!token_char(*text))
            return false;
    return true;
}

static int fail(int status, const char *text, const char **why)
{
    *why = text;
    return status;
}

/* "GET /path?query HTTP/1.1" */
static int parse_request_line(char *line, struct http_head *out, const char **why)
{
    char *target = strchr(line, ' ');
    char *version = target == NULL ? NULL : strchr(target + 1, ' ');
    char *query;

    if (version == NULL)
        return fail(400, "Malformed request line.", why);
    *target++ = '\0';
    *version++ = '\0';
    if (!is_token(line))
        return fail(400, "Malformed method.", why);
    if (strcmp(version, "HTTP/1.1") != 0 && strcmp(version, "HTTP/1.0") != 0)
        return fail(505, "HTTP/1.1 is spoken here.", why);
    if (strlen(target) > HTTP_TARGET_MAX)
        return fail(414, "URI too long.", why);
    for (const char *c = target; *c != '\0'; c++)
        if ((unsigned char)*c < 0x21 || (unsigned char)*c > 0x7e)
            return fail(400, "Characters outside ASCII must be percent-encoded.", why);
    query = strchr(target, '?');
    if (query != NULL)
        *query++ = '\0';
    if (target[0] != '/' || strpbrk(target, "%\\#") != NULL || strstr(target, "/../") != NULL)
        return fail(400, "Malformed path.", why);
    out->method = line;
    out->path = target;
    out->query = query == NULL ? "" : query;
    out->keep_alive = version[7] == '1';
    return 0;
}

static int take_length(const char *value, struct http_head *out, const char **why)
{
    size_t length = 0;

    if (*value == '\0')
        return fail(400, "Malformed Content-Length.", why);
    for (; *value != '\0'; value++) {
        if (*value < '0' || *value > '9')
            return fail(400, "Malformed Content-Length.", why);
        length = length * 10 + (size_t)(*value - '0');
        if (length > HTTP_BODY_MAX)
            return fail(413, "Body too large.", why);
    }
    out->body_size = length;
    return 0;
}

static int take_field(const char *name, const char *value, struct http_head *out, bool *has_length,
                      const char **why)
{
    const struct {
        const char *name;
        const char **at;
    } known[] = {{"Host", &out->host},
                 {"Origin", &out->origin},
                 {"X-MBX-APIKEY", &out->api_key},
                 {"Upgrade", &out->upgrade},
                 {"Connection", &out->connection},
                 {"Sec-WebSocket-Key", &out->ws_key},
                 {"Sec-WebSocket-Version", &out->ws_version}};

    if (strcasecmp(name, "Transfer-Encoding") == 0)
        return fail(501, "Transfer-Encoding is not supported; send Content-Length.", why);
    if (strcasecmp(name, "Content-Length") == 0) {
        if (*has_length)
            return fail(400, "Content-Length given twice.", why);
        *has_length = true;
        return take_length(value, out, why);
    }
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
        if (strcasecmp(name, known[i].name) == 0) {
            if (**known[i].at != '\0')
                return fail(400, "A header is given twice.", why);
            *known[i].at = value;
        }
    return 0;
}

/* "Name: value" with blanks around the value. */
static int parse_field(char *line, struct http_head *out, bool *has_length, const char **why)
{
    char *value = strchr(line, ':');
    size_t size;

    if (value == NULL)
        return fail(400, "Malformed header.", why);
    *value++ = '\0';
    if (!is_token(line))
        return fail(400, "Malformed header name.", why);
    value += strspn(value, " \t");
    size = strlen(value);
    while (size > 0 && (value[size - 1] == ' ' || value[size - 1] == '\t'))
        value[--size] = '\0';
    for (const char *c = value; *c != '\0'; c++)
        if (((unsigned char)*c < 0x20 && *c != '\t') || *c == 0x7f)
            return fail(400, "Control character in a header.", why);
    return take_field(line, value, out, has_length, why);
}

int http_head_parse(char *bytes, size_t size, struct http_head *out, const char **why)
{
    char *line = bytes, *end = bytes + size - 2; /* before the empty line's CRLF */
    bool has_length = false;
    int status = 0;

    memset(out, 0, sizeof(*out));
    out->method = out->path = out->query = out->host = out->origin = out->api_key = "";
    out->upgrade = out->connection = out->ws_key = out->ws_version = "";
    if (size > HTTP_HEAD_MAX)
        return fail(431, "Request header too large.", why);
    if (memchr(bytes, '\0', size) != NULL)
        return fail(400, "NUL in the request.", why);
    for (size_t count = 0; line < end && status == 0; count++) {
        char *next = strstr(line, "\r\n"); /* there is one: end is the second last */

        if (next == NULL)
            return fail(400, "Malformed request.", why);
        *next = '\0';
        if (count > HTTP_FIELDS_MAX)
            return fail(431, "Too many headers.", why);
        status = count == 0 ? parse_request_line(line, out, why) : parse_field(line, out, &has_length, why);
        line = next + 2;
    }
    if (status == 0 && *out->method == '\0')
        return fail(400, "Malformed request line.", why);
    if (http_has_word(out->connection, "close"))
        out->keep_alive = false;
    else if (http_has_word(out->connection, "keep-alive"))
        out->keep_alive = true;
    return status;
}

bool http_has_word(const char *list, const char *word)
{
    size_t word_size = strlen(word);

    while (*list != '\0') {
        size_t size;

        list += strspn(list, " \t,");
        size = strcspn(list, " \t,");
        if (size == word_size && strncasecmp(list, word, size) == 0)
            return true;
        list += size;
    }
    return false;
}

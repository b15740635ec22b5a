#include "sim/exchange.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* False: too long for out, or %00. */
static bool decode(const char *from, size_t size, char *out, size_t out_size)
{
    size_t used = 0;

    for (size_t i = 0; i < size; i++) {
        char c = from[i];

        if (c == '+') {
            c = ' ';
        } else if (c == '%' && i + 2 < size && hex(from[i + 1]) >= 0 && hex(from[i + 2]) >= 0) {
            c = (char)(hex(from[i + 1]) * 16 + hex(from[i + 2]));
            i += 2;
        }
        if (c == '\0' || used + 1 >= out_size)
            return false;
        out[used++] = c;
    }
    out[used] = '\0';
    return true;
}

static bool find_param(const char *list, const char *name, char *out, size_t out_size)
{
    size_t name_size = strlen(name);

    while (*list != '\0') {
        size_t size = strcspn(list, "&");

        if (size > name_size && list[name_size] == '=' && memcmp(list, name, name_size) == 0)
            return decode(list + name_size + 1, size - name_size - 1, out, out_size);
        list += size + (list[size] == '&');
    }
    return false;
}

bool sim_param(const struct sim_request *request, const char *name, char *out, size_t out_size)
{
    return find_param(request->query, name, out, out_size) || find_param(request->body, name, out, out_size);
}

void sim_error(struct sim_reply *reply, int status, int code, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    reply->status = status;
    sim_text_clear(&reply->body);
    sim_text_printf(&reply->body, "{\"code\":%d,\"msg\":", code);
    sim_text_json_string(&reply->body, text);
    sim_text_add(&reply->body, "}");
}

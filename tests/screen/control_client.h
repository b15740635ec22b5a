/* control_client.h - the control socket of a program under test: lines out, JSON in, state waited for. */
#ifndef SCREEN_CONTROL_CLIENT_H
#define SCREEN_CONTROL_CLIENT_H

#include "screen/vt_harness.h"

#include "service/control.h"
#include "service/control_socket.h"

#include <jansson.h>
#include <stdarg.h>

#define CLIENT_MS 8000

/* Waits for the socket of a program that is starting; vt NULL: it has no screen. */
static inline int client_open(const char *folder, struct vt *vt, int limit_ms)
{
    int64_t by_ms = vt_now_ms() + limit_ms;
    char why[256] = "";
    int fd;

    while (control_socket_connect(folder, CONTROL_SOCKET, &fd, why, sizeof(why)) != ERR_OK) {
        if (vt_now_ms() >= by_ms)
            fail_msg("no control socket: %s", why);
        if (vt != NULL)
            vt_pump(vt, 20);
        else
            usleep(20000);
    }
    return fd;
}

/* NULL: no answer. For threads that must not fail a test by themselves. */
static inline json_t *client_try(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
static inline json_t *client_try(int fd, const char *format, ...)
{
    char line[1024], why[256], *answer = NULL;
    json_t *root;
    va_list list;
    int used;

    va_start(list, format);
    used = vsnprintf(line, sizeof(line) - 1, format, list);
    va_end(list);
    snprintf(line + used, sizeof(line) - (size_t)used, "\n");
    if (control_socket_ask(fd, line, CLIENT_MS, &answer, why, sizeof(why)) != ERR_OK)
        return NULL;
    root = json_loads(answer, JSON_REJECT_DUPLICATES, NULL);
    free(answer);
    return root;
}

static inline const char *client_text(const json_t *root, const char *name)
{
    const char *text = json_string_value(json_object_get(root, name));

    return text == NULL ? "" : text;
}

static inline bool client_ok(const json_t *root)
{
    return json_is_true(json_object_get(root, "ok"));
}

/* Asks, and fails the test unless ok is as said and the text has that part. */
static inline void client_expect(int fd, bool ok, const char *part, const char *line)
{
    json_t *root = client_try(fd, "%s", line);

    if (root == NULL || client_ok(root) != ok || strstr(client_text(root, "text"), part) == NULL)
        fail_msg("%s: %s, not %s", line, root == NULL ? "no answer" : client_text(root, "text"), part);
    json_decref(root);
}

static inline json_t *client_status(int fd)
{
    json_t *root = client_try(fd, "{\"do\":\"status\"}");

    if (root == NULL || !client_ok(root))
        fail_msg("no status");
    return root;
}

static inline int64_t client_number(const json_t *root, const char *group, const char *name)
{
    return json_integer_value(json_object_get(json_object_get(root, group), name));
}

static inline size_t client_open_orders(const json_t *status)
{
    return json_array_size(json_object_get(status, "orders"));
}

/* e8 of the first instrument's "bid" or "ask"; 0: none yet. */
static inline int64_t client_price_e8(const json_t *status, const char *name)
{
    const char *text = client_text(json_array_get(json_object_get(status, "instruments"), 0), name);

    return (int64_t)(strtod(text, NULL) * 100.0 + 0.5) * 1000000; /* ticks of 0.01 */
}

/* Until the first book is LIVE and its prices are known. */
static inline void client_wait_live(int fd, struct vt *vt, int limit_ms)
{
    int64_t by_ms = vt_now_ms() + limit_ms;

    for (;;) {
        json_t *status = client_status(fd);
        const json_t *first = json_array_get(json_object_get(status, "instruments"), 0);
        bool live = strcmp(client_text(first, "book"), "LIVE") == 0 && client_price_e8(status, "bid") > 0;

        json_decref(status);
        if (live)
            return;
        if (vt_now_ms() >= by_ms)
            fail_msg("no book is LIVE");
        if (vt != NULL)
            vt_pump(vt, 20);
        else
            usleep(20000);
    }
}

#endif

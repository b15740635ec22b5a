/*
 * theme_watch.h - has a file become another one? It is looked at four times a second on a thread of its own: a disk that
 * hangs holds nobody who asks. One thread calls.
 */
#ifndef APP_THEME_WATCH_H
#define APP_THEME_WATCH_H

#include <stdbool.h>
#include <sys/stat.h>

#define THEME_WATCH_MS 250

struct theme_watch;

/* look: stat(). NULL: memory is short, or there is no thread for it. */
struct theme_watch *theme_watch_start(int (*look)(const char *path, struct stat *out));
/* From now on this one (copied; "": none), as it was seen; missing: it was not there. */
void theme_watch_set(struct theme_watch *watch, const char *path, const struct stat *seen, bool missing);
/* True: it is not what was seen, until it is set anew. Never waits. */
bool theme_watch_differs(struct theme_watch *watch);
/* A disk that hangs is waited for two seconds at most. NULL is allowed. */
void theme_watch_stop(struct theme_watch *watch);

/* The same file with the same content, as far as its times and size tell. */
bool theme_watch_same(const struct stat *a, const struct stat *b);

#endif

/*
 * theme_watch.h - looks at a theme's file four times a second, on a thread of its own: a disk that does not answer (a home
 * on NFS) would else hold the screen's thread, and with it every key, the kill among them.
 */
#ifndef APP_THEME_WATCH_H
#define APP_THEME_WATCH_H

#include "app/ui_theme.h"

struct theme_watch;

/* Of the file this theme was read from. NULL when there is no memory or no thread: ask again later. */
struct theme_watch *theme_watch_start(const struct ui_theme *theme);
const char *theme_watch_path(const struct theme_watch *watch);
/* What happened since it was asked last; never waits. NEW: out is the theme; BROKEN: why says what is wrong. */
enum ui_theme_change theme_watch_take(struct theme_watch *watch, struct theme *out, char why[THEME_WHY_SIZE]);
/* At once, also when the disk has not answered: the thread frees what it holds. NULL is allowed. */
void theme_watch_end(struct theme_watch *watch);

#endif

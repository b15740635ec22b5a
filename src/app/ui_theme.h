/*
 * ui_theme.h - the theme of a screen: by name, from the program or from a file, which is read again when it changes.
 */
#ifndef APP_UI_THEME_H
#define APP_UI_THEME_H

#include "app/paths.h"
#include "tui/screen.h"
#include "tui/theme.h"
#include "tui/ui.h"

#include <sys/stat.h>

struct theme_watch;

struct ui_theme {
    struct theme theme;       /* in use; with the samples of the last list */
    char path[PATH_TEXT_MAX]; /* of its file; "": it is part of the program */
    struct stat seen;         /* of the file, when it was read or found broken */
    bool missing;
    struct theme_watch *watch; /* NULL: no file is in use yet */
    bool unwatched;            /* there is no thread for it: its file is not read again */
};

/* By its setting. On error why has one line with file, line and what is allowed, and all is as it was. */
enum err ui_theme_use(struct ui_theme *self, const char *name, char why[THEME_WHY_SIZE]);

/* The program's, then those of the user's folder; the theme has samples of them. Returns how many. */
int ui_theme_list(struct ui_theme *self, char name[UI_CHOICES_MAX][UI_CHOICE_SIZE]);

enum ui_theme_change { UI_THEME_SAME, UI_THEME_NEW, UI_THEME_BROKEN };
/* Looks whether the file is another one than before: a stat(). BROKEN, once: why says what is wrong, the colours stay. */
enum ui_theme_change ui_theme_poll(struct ui_theme *self, char why[THEME_WHY_SIZE]);

/* Every cell anew in its colours. */
void ui_theme_show(const struct ui_theme *self, struct screen *screen);
/* Never waits for the disk unless the file was changed. A file that was changed is shown at once; a broken one is said on the screen and in the log. True: the picture changed. */
bool ui_theme_look(struct ui_theme *self, struct screen *screen, struct ui *ui, int64_t now_ns);
void ui_theme_end(struct ui_theme *self);

#endif

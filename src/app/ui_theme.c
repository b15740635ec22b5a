#include "app/ui_theme.h"

#include "app/theme_watch.h"
#include "core/base/clock.h"
#include "core/base/embedded.h"
#include "core/base/log.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_file(const char *path)
{
    size_t size = strlen(path);

    return strchr(path, '/') != NULL || (size > 6 && strcmp(path + size - 6, ".theme") == 0);
}

/* The samples of a list that stands on the screen outlive a change of theme. */
static void take(struct ui_theme *self, struct theme *fresh)
{
    memcpy(fresh->sample, self->theme.sample, sizeof(fresh->sample));
    self->theme = *fresh;
}

enum err ui_theme_use(struct ui_theme *self, const char *name, char why[THEME_WHY_SIZE])
{
    char path[PATH_TEXT_MAX];
    struct stat seen = {.st_size = 0};
    struct theme fresh;
    enum err err;

    paths_theme(name, path);
    if (is_file(path)) /* before it is read: what is written meanwhile is a change */
        self->missing = stat(path, &seen) != 0;
    err = theme_load(path, &fresh, why);
    if (err != ERR_OK)
        return err;
    take(self, &fresh);
    snprintf(self->path, sizeof(self->path), "%s", is_file(path) ? path : "");
    self->seen = seen;
    if (self->watch != NULL)
        theme_watch_set(self->watch, self->path, &self->seen, self->missing);
    return ERR_OK;
}

/* --- the list ------------------------------------------------------------------------------------------------ */

static int add(struct ui_theme *self, char name[UI_CHOICES_MAX][UI_CHOICE_SIZE], int count, const char *file,
               size_t size)
{
    char path[PATH_TEXT_MAX], why[THEME_WHY_SIZE];
    struct theme shown;

    if (count == UI_CHOICES_MAX || size <= 6 || size - 6 >= UI_CHOICE_SIZE ||
        strncmp(file + size - 6, ".theme", 6) != 0)
        return count;
    snprintf(name[count], UI_CHOICE_SIZE, "%.*s", (int)size - 6, file);
    for (int i = 0; i < count; i++)
        if (strcmp(name[i], name[count]) == 0)
            return count; /* the program's own goes first, as when it is named */
    if (theme_load(paths_theme(name[count], path), &shown, why) != ERR_OK)
        theme_load_default(&shown); /* choosing it says what is wrong */
    theme_set_sample(&self->theme, count, &shown);
    return count + 1;
}

static int is_theme(const struct dirent *entry)
{
    size_t size = strlen(entry->d_name);

    return entry->d_name[0] != '.' && size > 6 && strcmp(entry->d_name + size - 6, ".theme") == 0;
}

int ui_theme_list(struct ui_theme *self, char name[UI_CHOICES_MAX][UI_CHOICE_SIZE])
{
    static const char *const first[] = {"dark.theme", "light.theme"};
    char folder[PATH_TEXT_MAX];
    struct dirent **entry = NULL;
    int count = 0, entries;

    for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
        count = add(self, name, count, first[i], strlen(first[i]));
    for (size_t i = 0; i < embedded_file_count; i++) {
        const char *file = embedded_files[i].name;

        if (strncmp(file, "themes/", 7) == 0)
            count = add(self, name, count, file + 7, strlen(file + 7));
    }
    paths_themes(folder);
    entries = folder[0] == '\0' ? 0 : scandir(folder, &entry, is_theme, alphasort);
    for (int i = 0; i < entries; i++) {
        count = add(self, name, count, entry[i]->d_name, strlen(entry[i]->d_name));
        free(entry[i]);
    }
    free(entry);
    return count;
}

/* --- the file changes --------------------------------------------------------------------------------------------- */

enum ui_theme_change ui_theme_poll(struct ui_theme *self, char why[THEME_WHY_SIZE])
{
    bool was_missing = self->missing;
    struct theme fresh;
    struct stat now;

    if (self->path[0] == '\0')
        return UI_THEME_SAME;
    self->missing = stat(self->path, &now) != 0;
    if (self->missing) {
        snprintf(why, THEME_WHY_SIZE, "%.200s: is gone", self->path);
        return was_missing ? UI_THEME_SAME : UI_THEME_BROKEN;
    }
    if (!was_missing && theme_watch_same(&now, &self->seen))
        return UI_THEME_SAME;
    self->seen = now;
    if (theme_load(self->path, &fresh, why) != ERR_OK)
        return UI_THEME_BROKEN;
    take(self, &fresh);
    return UI_THEME_NEW;
}

void ui_theme_show(const struct ui_theme *self, struct screen *screen)
{
    screen_set_theme(screen, &self->theme);
    screen_redraw(screen);
}

/* The row of answers has no room for the folder; the log file has it. */
static void say_broken(const struct ui_theme *self, struct ui *ui, const char *why, int64_t now_ns)
{
    const char *slash = strrchr(self->path, '/');
    size_t folder = slash == NULL ? 0 : (size_t)(slash - self->path) + 1;
    char text[THEME_WHY_SIZE + 32];
    struct clock clock;

    snprintf(text, sizeof(text), "%s; the colours stay",
             strncmp(why, self->path, folder) == 0 ? why + folder : why);
    ui_tell(ui, 2, "THEME", text, now_ns);
    clock_init_real(&clock);
    log_ev(LOG_WARN, clock_now_ns(&clock), 0, "theme.broken", LOG_TEXT("why", why));
}

static bool has_changed(struct ui_theme *self)
{
    if (self->watch != NULL)
        return theme_watch_differs(self->watch);
    self->watch = self->path[0] == '\0' || self->unwatched ? NULL : theme_watch_start(stat);
    self->unwatched = self->watch == NULL && self->path[0] != '\0';
    if (self->watch != NULL)
        theme_watch_set(self->watch, self->path, &self->seen, self->missing);
    return false;
}

bool ui_theme_look(struct ui_theme *self, struct screen *screen, struct ui *ui, int64_t now_ns)
{
    char why[THEME_WHY_SIZE], text[THEME_NAME_SIZE + 16];
    enum ui_theme_change change;

    if (!has_changed(self))
        return false;
    change = ui_theme_poll(self, why);
    theme_watch_set(self->watch, self->path, &self->seen, self->missing);
    switch (change) {
    case UI_THEME_SAME:
        break;
    case UI_THEME_NEW:
        snprintf(text, sizeof(text), "%s read anew", self->theme.name);
        ui_tell(ui, 0, "THEME", text, now_ns);
        ui_theme_show(self, screen);
        return true;
    case UI_THEME_BROKEN:
        say_broken(self, ui, why, now_ns);
        return true;
    }
    return false;
}

void ui_theme_end(struct ui_theme *self)
{
    theme_watch_stop(self->watch);
    self->watch = NULL;
}

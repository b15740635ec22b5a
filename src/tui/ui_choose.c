/* One of a list of names: a theme is tried as soon as it is aimed at, so that the whole screen shows what it is like. */
#include "tui/ui_state.h"

#include <string.h>

bool theme_show(struct ui *ui, const char *name, char *why, size_t why_size)
{
    if (!ui->host.theme(ui->host.arg, name, why, why_size))
        return false;
    text_print(ui->theme, sizeof(ui->theme), "%s", name);
    return true;
}

bool theme_use(struct ui *ui, const char *name)
{
    char why[VIEW_TEXT_MAX] = "";

    if (theme_show(ui, name, why, sizeof(why)))
        return true;
    ui_say(ui, 1, "NO THEME", "%s", why);
    return false;
}

/* The choice is the setting `theme` from now on. */
static void theme_keep(struct ui *ui, const char *name)
{
    char why[VIEW_TEXT_MAX] = "";

    if (ui->host.set != NULL && !ui->host.set(ui->host.arg, "theme", name, why, sizeof(why)))
        ui_say(ui, 2, "THEME", "%s, but not in the settings: %s", name, why);
    else
        ui_say(ui, 0, "THEME", "%s", name);
}

static void themes_open(struct ui *ui)
{
    struct ui_choose *choose = &ui->choose;

    memset(choose, 0, sizeof(*choose));
    choose->kind = CHOOSE_THEME;
    if (ui->host.themes != NULL)
        choose->count = (uint8_t)ui->host.themes(ui->host.arg, choose->name);
    if (choose->count == 0) {
        ui_say(ui, 1, "", ":theme NAME: dark, light, high-contrast, colour-blind, mono, red-up");
        return;
    }
    while (choose->at < choose->count && strcmp(choose->name[choose->at], ui->theme) != 0)
        choose->at++;
    text_print(choose->before, sizeof(choose->before), "%s", ui->theme);
    choose->at = choose->at < choose->count ? choose->at : 0;
    ui->overlay = OVERLAY_CHOOSE;
}

void theme_run(struct ui *ui, const char *args)
{
    if (ui->host.theme == NULL)
        ui_say(ui, 1, "", "this terminal's theme cannot be changed while it runs");
    else if (args[0] == '\0' && script_runs(ui))
        ui_say(ui, 1, "THEME", "alone it opens a list; in a file: :theme NAME");
    else if (args[0] == '\0')
        themes_open(ui);
    else if (theme_use(ui, args))
        theme_keep(ui, args);
}

void choose_move(struct ui *ui, int rows)
{
    struct ui_choose *choose = &ui->choose;
    int to = choose->at + rows;

    if (to < 0 || to >= choose->count)
        ui_say(ui, 0, "", to < 0 ? "the first one" : "the last one");
    to = to < 0 ? 0 : to >= choose->count ? choose->count - 1 : to;
    if (to == choose->at)
        return;
    choose->at = (uint8_t)to;
    if (choose->kind == CHOOSE_THEME)
        theme_use(ui, choose->name[to]); /* a broken file says so and the colours stay */
}

void choose_take(struct ui *ui)
{
    struct ui_choose *choose = &ui->choose;

    ui->overlay = OVERLAY_NONE;
    if (choose->kind == CHOOSE_LAYOUT && choose->at < ui->layouts_count)
        layout_apply(ui, &ui->layouts[choose->at]);
    else if (choose->kind == CHOOSE_THEME && theme_use(ui, choose->name[choose->at]))
        theme_keep(ui, choose->name[choose->at]);
}

void choose_leave(struct ui *ui)
{
    struct ui_choose *choose = &ui->choose;

    ui->overlay = OVERLAY_NONE;
    if (choose->kind == CHOOSE_LAYOUT)
        ui_say(ui, 0, "", "as it was");
    else if (theme_use(ui, choose->before))
        ui_say(ui, 0, "", "as it was: %s", ui->theme);
}

/* Words of the prompt that lead to a place: a screen, a list, an instrument. */
#include "tui/prompt_words.h"
#include "tui/screen_names.h"

#include <string.h>

void word_screen(struct ui *ui, const char *args)
{
    bool figure = args[0] >= '1' && args[0] <= '8' && args[1] == '\0';
    enum screen_id id = figure ? (enum screen_id)(SCREEN_TRADE + args[0] - '1') : ui_screen_named(args);

    if (id == 0)
        ui_say(ui, 1, "", "no screen is called `%.24s`: a number, or %s", args,
               "trade chart market strategy risk results journal system");
    else
        ui_act(ui, (enum key_action)(ACT_SCREEN_1 + (id - SCREEN_TRADE)));
}

void word_list(struct ui *ui, const char *args)
{
    for (int tab = 0; tab < LIST_TABS; tab++) {
        if (strcmp(list_tab_name((enum list_tab)tab), args) != 0)
            continue;
        if (ui->screen != SCREEN_TRADE)
            ui_screen_show(ui, SCREEN_TRADE);
        if (ui->zoom != ZOOM_NONE && ui->zoom != ZOOM_LIST)
            zoom_set(ui, ZOOM_NONE);
        list_show(ui, (enum list_tab)tab);
        ui->focus = FOCUS_LIST;
        return;
    }
    ui_say(ui, 1, "", "no list is called `%.24s`", args);
}

void word_instrument(struct ui *ui, const char *args)
{
    int named = ui_instrument_named(ui, args);

    if (named < 0)
        ui_say(ui, 1, "", "no instrument of this session is called `%.24s`; " KEY("3") " lists them", args);
    else
        ui_instrument_show(ui, (uint16_t)named);
}

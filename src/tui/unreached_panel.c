/*
 * In the empty rows of a ladder that never had a book: what cannot be reached, why, when it is tried again, and what
 * works without a network. Of a demo that has just been started: what it is doing.
 */
#include "core/base/safe_text.h"
#include "tui/panels.h"

#include <string.h>

struct words {
    struct canvas *canvas;
    struct span span;
    int row, end;
};

/* Folds at blanks; a line that is left empty parts what belongs together. */
static void say(struct words *words, struct style style, const char *text)
{
    int room = words->span.cols - 4;

    while (*text != '\0' && words->row < words->end && room > 0) {
        size_t take = strlen(text);
        char line[VIEW_TEXT_MAX];

        if ((int)safe_text_columns(text) > room) {
            for (take = 0, room = words->span.cols - 4; take < (size_t)room && text[take] != '\0';)
                take++;
            while (take > 0 && text[take] != ' ')
                take--;
            if (take == 0)
                take = (size_t)room;
        }
        text_print(line, sizeof(line), "%.*s", (int)take, text);
        canvas_text_cut(words->canvas, words->row++, words->span.at + 2, room, style, line);
        text += take;
        text += strspn(text, " ");
    }
}

static void say_opening(struct words *words, int gap)
{
    say(words, style_bold(STYLE_BRIGHT), "the built-in exchange makes its market");
    words->row += gap;
    say(words, STYLE_DIM, "trades of the minutes before now, for candles and signals; it opens in a moment");
}

void unreached_panel_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct view_status *status = &ui->frame->status;
    const struct layout *l = &ui->layout;
    struct words words = {canvas, l->main, l->ladder_row + (l->ladder_rows > 12 ? 2 : 0),
                          l->ladder_row + l->ladder_rows};
    int gap = l->ladder_rows > 8; /* a low screen needs each row */
    char text[VIEW_TEXT_MAX];

    if (!status->live || !status->feed_unreached || ui->frame->ladder.best[SIDE_BID].price_ticks > 0)
        return;
    if (status->demo && status->feed_cause[0] == '\0') {
        say_opening(&words, gap);
        return;
    }
    text_print(text, sizeof(text), "%s %.64s",
               status->feed_cause[0] == '\0' ? "connecting to" : "cannot reach", status->venue_host);
    say(&words, style_bold(STYLE_WARNING), text);
    if (status->feed_cause[0] == '\0')
        return;
    say(&words, STYLE_TEXT, status->feed_cause);
    words.row += gap;
    text_print(text, sizeof(text), "%.48s%s", status->feed_next, gap > 0 ? "; it goes on trying" : "");
    say(&words, STYLE_TEXT, text);
    if (status->demo)
        return;
    words.row += gap;
    say(&words, style_bold(STYLE_BRIGHT), "flowdeck --demo");
    say(&words, STYLE_DIM,
        ui_with_keys(ui, "shows a market that needs no network (" KEY("q") " quits)", text, sizeof(text)));
}

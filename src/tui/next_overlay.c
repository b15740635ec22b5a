/* What NEXT says while something lies over the screen and takes the keys: what they do there, not what they would do under it. */
#include "tui/next_overlay.h"

#include "tui/panels.h"
#include "tui/ui_help.h"
#include "tui/ui_pages.h"

#include <string.h>

static void of_question(const struct ui *ui, char *out, size_t size)
{
    const struct ui_question *q = &ui->question;

    if (q->kind == ASK_QUIT)
        text_print(out, size, "LEAVE?  %s" KEY("x") " ends \u00b7 Enter and Esc stay",
                   ui->host.detach != NULL ? KEY("d") " detaches \u00b7 " : "");
    else if (!ui->layout.framed) /* what comes of no stands in the question */
        text_print(out, size, "%s  " KEY("y") " %s \u00b7 " KEY("Esc") ", " KEY("n") "%s: no", q->title,
                   q->yes_words, q->focus == 0 ? ", Enter" : "");
    else
        text_print(out, size,
                   "%s  " KEY("y") " %s \u00b7 " KEY("Esc") ", " KEY("n") "%s: no%s%s \u00b7 order keys wait",
                   q->title, q->yes_words, q->focus == 0 ? ", Enter" : "", q->expiry[0] != '\0' ? ", " : "",
                   q->expiry);
}

static void of_text(const struct ui *ui, char *out, size_t size)
{
    const struct view_instrument *found = NULL;

    switch (ui->text.kind) {
    case TEXT_SIZE:
        text_print(out, size, "SIZE  Enter takes it for the orders to come, Esc leaves it as it was");
        return;
    case TEXT_FILTER:
        text_print(out, size,
                   "FILTER  Enter keeps the rows that have these words, an empty one all; Esc leaves");
        return;
    case TEXT_FIND:
        found = ui_find_instrument(ui, ui->text.value);
        if (found != NULL)
            text_print(out, size, "FIND  Enter shows %s; Esc stays here", found->symbol);
        else
            text_print(out, size,
                       ui->text.size == 0 ? "FIND  a part of its name; Esc stays here"
                                          : "FIND  nothing of this session has that name");
        return;
    case TEXT_HELP:
    case TEXT_SETTINGS:
        text_print(out, size, "FIND  Enter keeps what has these words; Esc shows all again");
        return;
    case TEXT_CLEAR_KILL:
    case TEXT_LOOSEN:
        if (ui->screen == SCREEN_TRADE) /* elsewhere NEXT explains what is being changed */
            text_print(out, size, "WORD  letter for letter, then Enter; Esc leaves all as it is");
        return;
    case TEXT_COMMAND:
    case TEXT_PARAMETER:
        return; /* said by their own */
    }
}

bool next_overlay_text(const struct ui *ui, char *out, size_t size)
{
    out[0] = '\0';
    if (ui->overlay == OVERLAY_QUESTION && ui->question.kind != ASK_ORDER && ui->question.kind != ASK_MOVE)
        of_question(ui, out, size);
    else if (ui->overlay == OVERLAY_HELP)
        text_print(out, size,
                   "HELP  " KEY("Esc") " closes it; until then no order key acts, " KEY("K") " and " KEY(
                       "Space") " do");
    else if (ui->screen == SCREEN_TRADE && (ui->overlay == OVERLAY_STORY || ui->overlay == OVERLAY_DETAIL))
        text_print(out, size, "%s  any other key closes it; %s then",
                   ui->overlay == OVERLAY_STORY ? "WHY" : ui->detail_title,
                   ui->focus == FOCUS_LADDER ? "order keys act again"
                   : ui->focus == FOCUS_LIST ? "the list has the keys again"
                                             : "the panel has the keys again");
    else if (ui->overlay == OVERLAY_CHOOSE)
        text_print(out, size, "CHOOSE  Enter takes it, Esc leaves all as it was");
    else if (ui->overlay == OVERLAY_TEXT)
        of_text(ui, out, size);
    return out[0] != '\0';
}

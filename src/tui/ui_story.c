/*
 * The story of one order: asked for when it is opened, shown when it has come, and followed while it lies open. Until
 * then, and where none is kept, what the lists know of the order.
 */
#include "tui/ui_state.h"

#include <stdlib.h>
#include <string.h>

const struct view_story *story_of(const struct ui *ui)
{
    const struct view_frame *frame = ui_view(ui);

    return frame != NULL && ui->story_seq != 0 && frame->story.order_seq == ui->story_seq ? &frame->story
                                                                                          : NULL;
}

void story_open(struct ui *ui, uint64_t seq)
{
    ui->story_seq = seq;
    ui->story_top = 0;
    ui->story_asked_ns = ui->now_ns;
    text_print(ui->detail_title, sizeof(ui->detail_title), "ORDER %s", number_order_id(seq).text);
    order_detail_fill(ui, seq);
    ui->overlay = OVERLAY_STORY;
    ui->say.until_ns = 0;
}

void story_on_frame(struct ui *ui)
{
    if (ui->overlay == OVERLAY_STORY)
        order_detail_fill(ui, ui->story_seq);
}

bool story_scroll(struct ui *ui, int direction)
{
    int max = story_scroll_max(ui), to = ui->story_top + direction * 4;

    if (to < 0)
        to = 0;
    if (to > max)
        to = max;
    if (to == ui->story_top)
        return false;
    ui->story_top = (uint16_t)to;
    return true;
}

/* "218" or "fd-1-218": the number is ours whatever the session. */
void story_run(struct ui *ui, const char *args)
{
    const char *digits = strrchr(args, '-') != NULL ? strrchr(args, '-') + 1 : args;
    char *end;
    unsigned long long seq = strtoull(digits, &end, 10);

    if (digits[0] < '0' || digits[0] > '9' || *end != '\0' || seq == 0) {
        ui_say(ui, 1, "", ":explain ORDER, its number or id, like :explain 218");
        return;
    }
    if (ui->frame == NULL)
        ui_say(ui, 1, "", "there is no order yet");
    else
        story_open(ui, seq);
}

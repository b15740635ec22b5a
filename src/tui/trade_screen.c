/* The Trade screen put together: rules and frame, then the panels. */
#include "tui/panels.h"
#include "tui/zoom.h"

/* Rules first: they join where they meet, and titles are written over them. */
static void draw_rules(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    int bottom = l->framed ? l->frame_row : l->tabs_row;
    int down = bottom - l->title_row + 1;

    if (l->framed)
        canvas_frame(canvas, l->title_row, 0, down, l->cols, STYLE_RULE);
    else
        canvas_rule_across(canvas, l->title_row, 0, l->cols, STYLE_RULE);
    canvas_rule_across(canvas, l->tabs_row, 0, l->cols, STYLE_RULE);
    if (l->side_rule >= 0)
        canvas_rule_down(canvas, l->title_row, l->side_rule, down, STYLE_RULE);
    if (l->middle_rule >= 0)
        canvas_rule_down(canvas, l->title_row, l->middle_rule, down, STYLE_RULE);
    for (int i = 0; i < SIDE_PANELS && l->side_rule >= 0; i++) {
        if (l->panel[i].title_row > l->title_row && !(ui_killed(ui) && ui->kill_report))
            canvas_rule_across(canvas, l->panel[i].title_row, l->side_rule, l->cols - l->side_rule,
                               STYLE_RULE);
    }
    if (l->middle_rule >= 0 && l->second_rows > 0)
        canvas_rule_across(canvas, l->tape_row, l->middle_rule, l->side_rule - l->middle_rule + 1,
                           STYLE_RULE);
}

static void draw_side(struct canvas *canvas, const struct ui *ui)
{
    static void (*const draw[SIDE_PANELS])(struct canvas *, const struct ui *, int,
                                           int) = {position_panel_draw, flow_panel_draw,  event_panel_draw,
                                                   risk_panel_draw,     alert_panel_draw, account_panel_draw};
    const struct layout *l = &ui->layout;

    for (int i = 0; i < SIDE_PANELS; i++) {
        if (l->panel[i].title_row >= 0)
            draw[i](canvas, ui, l->panel[i].title_row, l->panel[i].rows);
    }
}

void trade_screen_draw(struct canvas *canvas, const struct ui *ui)
{
    const struct layout *l = &ui->layout;
    bool report = ui_killed(ui) && ui->kill_report;

    status_panel_draw(canvas, ui);
    draw_rules(canvas, ui);
    ladder_panel_draw(canvas, ui);
    unreached_panel_draw(canvas, ui);
    if (l->middle_rule >= 0) {
        if (l->second_rows > 0)
            second_ladder_draw(canvas, ui);
        tape_panel_draw(canvas, ui);
    }
    if (report) {
        kill_panel_draw(canvas, ui);
    } else {
        if (l->side.cols > 0)
            draw_side(canvas, ui);
        if (layout_zooms_panel(ui->zoom))
            zoom_panel_draw(canvas, ui);
        else
            list_panel_draw(canvas, ui);
        if (l->wide) {
            strategy_panel_draw(canvas, ui, l->middle);
            log_panel_draw(canvas, ui, l->side);
        } else if (l->framed && l->side.cols > 0) {
            strategy_panel_draw(canvas, ui, l->side);
        }
    }
}

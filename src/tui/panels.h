/*
 * panels.h - what draws the parts of the screens, each in its own file.
 *
 * A panel draws from the view and the ui's state alone, into the rows and columns that the layout gave it; it
 * changes nothing. Each screen (trade_screen.c, risk_screen.c ...) calls them in the order of painting.
 */
#ifndef TUI_PANELS_H
#define TUI_PANELS_H

#include "tui/brush.h"
#include "tui/canvas.h"
#include "tui/ui_screens.h"
#include "tui/ui_state.h"

void status_panel_draw(struct canvas *canvas, const struct ui *ui);
bool status_is_demo(const struct view_status *status); /* the built-in market, live or recorded: not real */
void ladder_panel_draw(struct canvas *canvas, const struct ui *ui);
/* Title, column heads and touch line; sizes with this many places. */
void ladder_head_draw(struct canvas *canvas, const struct ui *ui, const struct view_ladder *ladder,
                      unsigned places);
void second_ladder_draw(struct canvas *canvas, const struct ui *ui);
void position_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows);
/* "bid", "ask", "even"; of the tape "buyers", "sellers": what a gauge says in a word. */
const char *flow_word(const struct view_gauge *gauge, bool tape);
void flow_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows);
void event_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows);
void risk_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows);
const char *risk_limit_label(const char *code); /* "position" for MAX_POS */
void alert_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows);
void account_panel_draw(struct canvas *canvas, const struct ui *ui, int row, int rows);
void strategy_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span);
void list_panel_draw(struct canvas *canvas, const struct ui *ui);
void tape_panel_draw(struct canvas *canvas, const struct ui *ui);
void log_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span);
void next_panel_draw(struct canvas *canvas, const struct ui *ui);
void hint_panel_draw(struct canvas *canvas, const struct ui *ui);
void question_panel_draw(struct canvas *canvas, const struct ui *ui);
void ticket_panel_draw(struct canvas *canvas, const struct ui *ui);
void text_panel_draw(struct canvas *canvas, const struct ui *ui);
/* The prompt in row end - 1, what it offers from row first on. */
void palette_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int first, int end);
void truth_row_draw(struct canvas *canvas, const struct ui *ui, const struct view_instrument *at);
void unreached_panel_draw(struct canvas *canvas, const struct ui *ui);
void detail_panel_draw(struct canvas *canvas, const struct ui *ui);
void story_panel_draw(struct canvas *canvas, const struct ui *ui);
void lock_panel_draw(struct canvas *canvas, const struct ui *ui); /* nothing of the account */
void settings_panel_draw(struct canvas *canvas, const struct ui *ui);
void help_panel_draw(struct canvas *canvas, const struct ui *ui);
void choose_panel_draw(struct canvas *canvas, const struct ui *ui);

void kill_panel_draw(struct canvas *canvas, const struct ui *ui);
void kill_orders_draw(struct canvas *canvas, const struct ui *ui); /* kill_orders.c */
void small_panel_draw(struct canvas *canvas, const struct ui *ui);

/* Rows of lists, shared by the list panel and the fills under the orders. */
void order_row_draw(struct canvas *canvas, const struct ui *ui, int row, struct span span,
                    const struct view_order *order);
void fill_row_draw(struct canvas *canvas, const struct ui *ui, int row, struct span span,
                   const struct view_fill *fill);
void watch_head_draw(struct canvas *canvas, const struct ui *ui, int row);
void watch_row_draw(struct canvas *canvas, const struct ui *ui, int row, struct span span, uint16_t index);
/* Some row of orders or fills is of another instrument than the shown one. */
bool list_names_instruments(const struct ui *ui);
struct style strategy_state_style(const struct view_strategy *strategy);
const char *strategy_state_glyph(const struct view_strategy *strategy);
bool list_is_wide(struct span span);
/* Which of the shown instruments' scale an order or fill is meant in. */
const char *symbol_of(const struct view_frame *frame, uint16_t instrument_id); /* "?": it is none */
const struct view_scale *scale_of(const struct view_frame *frame, uint16_t instrument_id);

/* How many leading characters of a price's text the rows of a screen leave alone: they are drawn dim. */
int ladder_dim_digits(const struct view_scale *scale, int64_t row_ticks, const char *text);

/* Key chips: "K KILL", from col; returns the column after it. */
int hint_draw(struct canvas *canvas, int row, int col, const char *key, const char *label);

/* Screen 5. Rows row..row + rows - 1 of the span. */
void controls_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);
/* Limits that so many rows do not show. */
int controls_panel_hidden(const struct ui *ui, int rows);
void gates_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);
int gates_panel_hidden(const struct ui *ui, int rows); /* gates that so many rows have no room for */
void stops_panel_draw(struct canvas *canvas, struct span span, int row);
void last_kill_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);
void denial_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);

/* Screen 4. */
void strategies_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);
void strategy_detail_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row,
                                int rows);

/* Screen 2, into the places of chart_places(). */
void chart_price_axis_draw(struct canvas *canvas, const struct ui *ui);
/* Between two round prices of the candles' axis, and the lowest of them; 0: nothing is drawn. */
int64_t chart_round_prices(const struct ui *ui, int64_t *first_ticks);
void depth_side_draw(struct canvas *canvas, const struct ui *ui);  /* how much within, what taking costs */
void candle_side_draw(struct canvas *canvas, const struct ui *ui); /* volume at price, figures */
void candle_panel_draw(struct canvas *canvas, const struct ui *ui);
void heat_panel_draw(struct canvas *canvas, const struct ui *ui);
void heat_legend_draw(struct canvas *canvas, const struct ui *ui);
void chart_own_draw(struct canvas *canvas, const struct ui *ui); /* our working orders and fills */
void depth_panel_draw(struct canvas *canvas, const struct ui *ui);

/* Screen 3. */
void market_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);
const char *market_empty_text(const struct ui *ui); /* why there is no row; names keys by KEY() */
void treemap_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);

/* Screen 6: into rows row..row + rows - 1 of the span. */
void results_curve_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);
void results_table_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);
int results_table_cols(const struct ui *ui, int most); /* of a table with at most so many owners */
void results_bins_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);
void results_hours_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);
int results_hours_cols(bool wide);
/* Screen 7: the list; what is known of the chosen row; an order's life over the whole screen. */
void journal_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);
void journal_detail_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);
void chain_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);
void chain_line_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row); /* in one row */
struct style trail_style(const struct view_trail_row *row);                                  /* of its word */

/* Screen 8: a section in rows row..row + rows - 1 of the span, and the times of the chosen stage as bars. */
void system_panel_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows,
                       enum system_section section);
void system_bars_draw(struct canvas *canvas, const struct ui *ui, struct span span, int row, int rows);

/* Whole screens and their hints: the table of ui_screens.c. */
void trade_screen_draw(struct canvas *canvas, const struct ui *ui);
void risk_screen_draw(struct canvas *canvas, const struct ui *ui);
void strategy_screen_draw(struct canvas *canvas, const struct ui *ui);
void market_screen_draw(struct canvas *canvas, const struct ui *ui);
const struct hint *risk_hints(const struct ui *ui);
const struct hint *strategy_hints(const struct ui *ui);
void chart_screen_draw(struct canvas *canvas, const struct ui *ui);
const struct hint *chart_hints(const struct ui *ui);
const struct hint *market_hints(const struct ui *ui);
void results_screen_draw(struct canvas *canvas, const struct ui *ui);
const struct hint *results_hints(const struct ui *ui);
void system_screen_draw(struct canvas *canvas, const struct ui *ui);
const struct hint *system_hints(const struct ui *ui);
void journal_screen_draw(struct canvas *canvas, const struct ui *ui);
const struct hint *journal_hints(const struct ui *ui);

#endif

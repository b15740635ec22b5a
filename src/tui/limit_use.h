/*
 * limit_use.h - how much of a limit is used, in words, colours and a bar: once for all panels that show limits.
 *
 * From 80 % on it warns, at 100 % it is as loud as a kill.
 */
#ifndef TUI_LIMIT_USE_H
#define TUI_LIMIT_USE_H

#include "tui/brush.h"
#include "tui/number_text.h"
#include "tui/theme.h"
#include "view/view.h"

#define LIMIT_WARNS_X1000 800
#define LIMIT_FULL_X1000  1000

/* Now, or what it would be if every open order filled, whichever is more; not below 0. */
int64_t limit_most(const struct view_limit *limit);
/* Of that, in thousandths of the limit; may be beyond it. */
int64_t limit_use_x1000(const struct view_limit *limit);
/* The indices of the limits, the most used first; equal ones keep their order. Returns how many there are. */
int limits_by_use(const struct view_risk *risk, int order[VIEW_LIMITS_MAX]);
enum role limit_bar_role(int64_t use_x1000);
/* What is used now in full cells, in its colour; what would be, if every open order filled, shaded. */
void limit_bar_draw(struct brush *pen, int cols, const struct view_limit *limit);
struct style limit_text_style(int64_t use_x1000);
/* whole: without the places behind the point, as limits are told where there is little room. */
struct number_text limit_number(const struct view_limit *limit, int64_t value, bool whole);

#endif

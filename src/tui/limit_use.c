/* limit_use.c - see limit_use.h. */
#include "tui/limit_use.h"

#include "core/base/decimal.h"

static int64_t share_x1000(int64_t part, int64_t whole)
{
    return part == VIEW_NONE || whole <= 0 || part <= 0 ? 0 : decimal_mul_div(part, 1000, whole);
}

int64_t limit_most(const struct view_limit *limit)
{
    int64_t most = limit->worst != VIEW_NONE && limit->worst > limit->now ? limit->worst : limit->now;

    return most > 0 ? most : 0;
}

int64_t limit_use_x1000(const struct view_limit *limit)
{
    return share_x1000(limit_most(limit), limit->limit);
}

/* Whole: rows whose use moves by a trifle do not change places. */
static int64_t percent(const struct view_limit *limit)
{
    return limit_use_x1000(limit) / 10;
}

int limits_by_use(const struct view_risk *risk, int order[VIEW_LIMITS_MAX])
{
    int count = risk->limits < VIEW_LIMITS_MAX ? risk->limits : VIEW_LIMITS_MAX;

    for (int i = 0; i < count; i++) {
        int at = i;

        for (; at > 0 && percent(&risk->limit[order[at - 1]]) < percent(&risk->limit[i]); at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return count;
}

enum role limit_bar_role(int64_t use_x1000)
{
    return use_x1000 >= LIMIT_FULL_X1000    ? ROLE_BAD
           : use_x1000 >= LIMIT_WARNS_X1000 ? ROLE_WARNING
                                            : ROLE_USE_BAR;
}

void limit_bar_draw(struct brush *pen, int cols, const struct view_limit *limit)
{
    brush_use_bar(pen, cols, brush_eighths(limit->now, limit->limit, cols),
                  brush_eighths(limit->worst, limit->limit, cols),
                  limit_bar_role(share_x1000(limit->now, limit->limit)));
}

struct style limit_text_style(int64_t use_x1000)
{
    return use_x1000 >= LIMIT_FULL_X1000    ? style_bold(style_role(ROLE_BAD))
           : use_x1000 >= LIMIT_WARNS_X1000 ? style_bold(STYLE_WARNING)
                                            : STYLE_TEXT;
}

struct number_text limit_number(const struct view_limit *limit, int64_t value, bool whole)
{
    unsigned places = whole ? 0 : 2;
    struct number_text out;

    if (value == VIEW_NONE || limit->unit == VIEW_UNIT_MONEY)
        return value == VIEW_NONE ? number_money(VIEW_NONE, false) : number_fixed(value, 8, places, false);
    if (limit->unit != VIEW_UNIT_BP)
        return number_fixed(value, 0, 0, false);
    text_print(out.text, sizeof(out.text), "%s %%", number_fixed(value, 2, places, false).text);
    return out;
}

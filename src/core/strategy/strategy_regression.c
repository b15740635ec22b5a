#include "core/strategy/strategy_regression.h"

#include "core/base/fmath.h"

#include <math.h>

#define POINTS_MIN 3.0

void regression_add(struct regression *points, double x, double y, int64_t now_ns, double window_s)
{
    double left;

    if (points->last_ns == 0)
        *points = (struct regression){.origin_x = x, .origin_y = y, .first_ns = now_ns, .last_ns = now_ns};
    left = fmath_exp(-(double)(now_ns - points->last_ns) / 1e9 / window_s);
    x -= points->origin_x;
    y -= points->origin_y;
    points->weight = points->weight * left + 1.0;
    points->x = points->x * left + x;
    points->y = points->y * left + y;
    points->xx = points->xx * left + x * x;
    points->xy = points->xy * left + x * y;
    points->yy = points->yy * left + y * y;
    points->last_ns = now_ns;
}

struct regression_line regression_line(const struct regression *points)
{
    struct regression_line line = {.b = 1.0};
    double mean_x, mean_y, var_x, var_y, cov, rest;

    if (points->weight < POINTS_MIN)
        return line;
    mean_x = points->x / points->weight;
    mean_y = points->y / points->weight;
    var_x = points->xx / points->weight - mean_x * mean_x;
    var_y = points->yy / points->weight - mean_y * mean_y;
    cov = points->xy / points->weight - mean_x * mean_y;
    if (!(var_x > 0.0) || !(var_y > 0.0))
        return line;
    line.b = cov / var_x;
    line.a = mean_y - line.b * mean_x;
    rest = var_y - line.b * cov;
    if (!(rest > 0.0))
        return line;
    line.deviation = sqrt(rest);
    line.fit = rest < var_y ? 1.0 - rest / var_y : 0.0;
    return line;
}

double regression_apart(const struct regression *points, const struct regression_line *line, double x,
                        double y)
{
    return y - points->origin_y - line->a - line->b * (x - points->origin_x);
}

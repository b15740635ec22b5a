/*
 * strategy_regression.h - a line through points whose weight falls with time: y = a + b x. Pure.
 *
 * Sums are measured from the first point, so that logarithms of prices, which hardly differ, keep their digits.
 */
#ifndef CORE_STRATEGY_STRATEGY_REGRESSION_H
#define CORE_STRATEGY_STRATEGY_REGRESSION_H

#include <stdint.h>

struct regression {
    double origin_x, origin_y; /* the first point */
    double weight, x, y, xx, xy, yy;
    int64_t first_ns, last_ns; /* 0: empty */
};

struct regression_line {
    double a, b;      /* of the points less the first one */
    double deviation; /* of what the line leaves, in units of y; 0: no line yet */
    double fit;       /* share of the variance of y that it explains, 0..1 */
};

/* The past falls by e^-1 in window_s. */
void regression_add(struct regression *points, double x, double y, int64_t now_ns, double window_s);
struct regression_line regression_line(const struct regression *points);
/* How far the point lies above the line. */
double regression_apart(const struct regression *points, const struct regression_line *line, double x,
                        double y);

#endif

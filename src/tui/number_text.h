/*
 * number_text.h - ticks, lots, money and ages as the screen prints them. Pure.
 *
 * All functions return out (or a small value that printf takes by "%s"), so that a line of a panel is one printf.
 * VIEW_NONE prints as "-". No thousands blank: a price can be copied. No locale, no double.
 */
#ifndef TUI_NUMBER_TEXT_H
#define TUI_NUMBER_TEXT_H

#include "view/view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NUMBER_TEXT_SIZE 32

struct number_text {
    char text[NUMBER_TEXT_SIZE];
};

/* snprintf for eyes: what does not fit is meant to be cut. Returns out. */
char *text_print(char *out, size_t size, const char *format, ...) __attribute__((format(printf, 3, 4)));

/* value x 10^-scale with a fixed number of places, rounded half away from zero; plus: '+' above zero. INT64_MAX is
 * what a sum without room ends at: ">92233720368.55". */
struct number_text number_fixed(int64_t value, unsigned scale, unsigned places, bool plus);
/* The same without trailing zeros. */
struct number_text number_trim(int64_t value, unsigned scale);

struct number_text number_price(const struct view_scale *scale, int64_t ticks);       /* 61842.18 */
struct number_text number_price_short(const struct view_scale *scale, int64_t ticks); /* 61830 */
struct number_text number_price_whole(const struct view_scale *scale, int64_t ticks); /* 61812: above 1000 */
struct number_text number_qty(const struct view_scale *scale, int64_t lots, unsigned places);
struct number_text number_qty_full(const struct view_scale *scale, int64_t lots);  /* all places of a lot */
struct number_text number_qty_short(const struct view_scale *scale, int64_t lots); /* no trailing zeros */
struct number_text number_money(int64_t value_e8, bool plus);                      /* two places */
/* Three digits and k, M, G or T, fewer where cols are: "6.07M", "246k". "#" when it does not fit. */
struct number_text number_compact(int64_t value_e8, int cols);
/* Lots in at most cols columns: fewer places first, then compact. */
struct number_text number_qty_fit(const struct view_scale *scale, int64_t lots, unsigned places, int cols);
/*
 * A column of sizes whose points align: places after it and a unit (0: none, 1: k, 2: M ...) by what a great one is there, in
 * cols columns. From 100,000 on a unit is taken.
 */
struct size_form {
    unsigned places;
    uint8_t unit;
};
struct size_form number_size_form(const struct view_scale *scale, int64_t great_lots, int cols);
struct number_text number_size(const struct view_scale *scale, int64_t lots, struct size_form form, int cols);
/* A size that may not read as nothing: "0.010", "m.00002" by places, "1e-7" where only that fits. */
struct number_text number_size_some(const struct view_scale *scale, int64_t lots, unsigned places, int cols);
/*
 * A place in the queue in at most cols columns (NUMBER_QUEUE_COLS_LEAST of them at least): "0.8..2.1" ahead, expected to worst;
 * one figure where both read the same, "<.1" for some but not so much, "0" alone is first; where two have no room the worst.
 */
#define NUMBER_QUEUE_COLS_LEAST 3
struct number_text number_queue(const struct view_scale *scale, int64_t expected_lots, int64_t worst_lots,
                                int cols);
/* ".8" for "0.8", "-.5" for "-0.5". */
struct number_text number_bare(struct number_text number);

/* "0.00": something, but less than the places show. */
bool number_is_zero(const struct number_text *number);

struct number_text number_age(int64_t age_ns);                   /* 4s 42s 1m12 4m 3h */
struct number_text number_age_short(int64_t age_ns);             /* 4s 42s 1m 4m 3h, at most 4 columns */
struct number_text number_age_tenths(int64_t age_ns);            /* 0.1 4.2 31 */
struct number_text number_clock(int64_t ts_ns);                  /* 14:07:32 UTC, without the word */
struct number_text number_moment(int64_t ts_ns, int64_t now_ns); /* its clock; of another day "11-21 14:07" */
struct number_text number_clock_ms(int64_t ts_ns);               /* 14:06:50.870 */
struct number_text number_day_clock(int64_t ts_ns);              /* 11-21 14:07:32 */
struct number_text number_duration(int64_t ns);                  /* 812ns 12.4us 1.24ms 3.40s, then as ages */
struct number_text number_bytes(uint64_t bytes);                 /* 12.3 MB, powers of 1024 */
struct number_text number_percent(int64_t part, int64_t whole);  /* whole percents, "31"; "-" for whole 0 */

struct number_text number_order_id(uint64_t seq); /* fd-<epoch>-<seq>, as the venue is told */

int64_t number_price_e8(const struct view_scale *scale, int64_t ticks); /* saturates */
int64_t number_qty_e8(const struct view_scale *scale, int64_t lots);    /* saturates */
/* Places after the point that a size of this many lots needs, at least three where a lot has them. */
unsigned number_size_places(const struct view_scale *scale, int64_t lots);

#endif

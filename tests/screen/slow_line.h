/*
 * slow_line.h - how long a key's echo takes over a line of so many bytes a second, by what the terminal shows.
 *
 * NEXT says which side the next order is on: `h` and `l` turn it, and the time from the key to the word is the echo.
 */
#ifndef SCREEN_SLOW_LINE_H
#define SCREEN_SLOW_LINE_H

#include "screen/workstation.h"

#include <inttypes.h>

#define SLOW_BYTES_PER_S 2400
#define SLOW_KEYS        20

struct slow_figures {
    int64_t first_ms;           /* until the whole first picture stood */
    int64_t echo_ms[SLOW_KEYS]; /* sorted */
    int64_t kill_ms;            /* until the status row said it */
    double bytes_per_s;         /* carried while keys were typed */
};

static inline int slow_by_size(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* Until the row shows the text; the time it took, or -1. */
static inline int64_t slow_until(struct vt *vt, int row, const char *text, int limit_ms)
{
    int64_t from_us = vt_now_us();

    while (strstr(vt_row(vt, row), text) == NULL) {
        if (vt_now_us() - from_us > (int64_t)limit_ms * 1000)
            return -1;
        vt_pump(vt, 1);
    }
    return (vt_now_us() - from_us) / 1000;
}

static inline struct vt *slow_start(int rows, int cols, int bytes_per_s, bool mute, const char *const *env)
{
    return start_in(
        (struct vt_options){.rows = rows, .cols = cols, .env = env, .bytes_per_s = bytes_per_s, .mute = mute},
        trading);
}

/* Leaves a killed program behind. */
static inline struct slow_figures slow_measure(struct vt *vt)
{
    struct slow_figures figures = {.first_ms = 0};
    int64_t from_ms = vt_now_ms(), began_ms;
    uint64_t bytes;

    vt_expect(vt, "SIMULATION", 60000);
    if (slow_until(vt, vt->rows - 2, "BUY 0.0", 20000) < 0) {
        fprintf(stderr, "%s", vt_text(vt));
        fail_msg("NEXT did not come");
    }
    vt_expect(vt, "KILL", 60000); /* the row below it: the last that is painted */
    figures.first_ms = vt_now_ms() - from_ms;
    play(vt, 3000);
    bytes = vt->bytes;
    began_ms = vt_now_ms();
    for (int i = 0; i < SLOW_KEYS; i++) {
        play(vt, 150 + i * 37 % 200); /* at any moment between frames */
        vt_send(vt, i % 2 == 0 ? "l" : "h");
        figures.echo_ms[i] = slow_until(vt, vt->rows - 2, i % 2 == 0 ? "SELL 0.0" : "BUY 0.0", 20000);
        if (figures.echo_ms[i] < 0)
            fail_msg("no echo within 20 s; the screen is:\n%s", vt_text(vt));
    }
    figures.bytes_per_s = (double)(vt->bytes - bytes) * 1000. / (double)(vt_now_ms() - began_ms);
    qsort(figures.echo_ms, SLOW_KEYS, sizeof(figures.echo_ms[0]), slow_by_size);
    vt_send(vt, "K");
    figures.kill_ms = slow_until(vt, 0, "KILL", 20000);
    assert_true(figures.kill_ms >= 0);
    return figures;
}

static inline void slow_print(const char *what, const struct slow_figures *figures)
{
    print_message("%-34s echo p50 %3" PRId64 " ms, worst of %d %3" PRId64 " ms; kill shown after %3" PRId64
                  " ms; first picture %4" PRId64 " ms; %.0f bytes/s\n",
                  what, figures->echo_ms[SLOW_KEYS / 2], SLOW_KEYS, figures->echo_ms[SLOW_KEYS - 1],
                  figures->kill_ms, figures->first_ms, figures->bytes_per_s);
}

#endif

/*
 * clock.h - where time comes from, outside the pure layers.
 *
 * Event time is int64_t nanoseconds UTC. clock_event_ns() reads the wall clock once at
 * start and adds CLOCK_BOOTTIME since, so a stepped wall clock moves nothing. A fake
 * clock stands still until told: tests and replays use it. Not for pure layers.
 */
#ifndef CORE_BASE_CLOCK_H
#define CORE_BASE_CLOCK_H

#include <stdint.h>

struct clock {
    int64_t (*now_ns)(struct clock *clock);
    int64_t origin_ns; /* real: wall clock at start minus boot time; fake: the time itself */
};

void clock_init_real(struct clock *clock);
void clock_init_fake(struct clock *clock, int64_t start_ns);
void clock_fake_advance(struct clock *clock, int64_t step_ns);
int64_t clock_now_ns(struct clock *clock);
/* Event time of a CLOCK_BOOTTIME stamp that was taken a moment ago; a fake clock stands still: now. */
int64_t clock_of_boot_ns(struct clock *clock, int64_t boot_ns);

/* CLOCK_MONOTONIC in nanoseconds: for durations of our own work and for pacing. */
int64_t clock_monotonic_ns(void);

/* "2024-08-09T00:00:01.234Z" (out has room for 25 bytes) and "14:07:32" (9 bytes). */
void clock_format_iso(int64_t event_ns, char out[32]);
void clock_format_hms(int64_t event_ns, char out[16]);

#endif

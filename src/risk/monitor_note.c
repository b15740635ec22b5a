/* monitor_note.c - what the monitors remember: rings of times, seconds of the mid, streaks. See monitor.h. */
#include "risk/controls.h"
#include "risk/monitor.h"

#include <math.h>
#include <string.h>

#define NS_PER_S   INT64_C(1000000000)
#define NS_PER_MIN (60 * NS_PER_S)
#define PPM        1000000

void risk_monitor_init(struct risk_monitor *monitor)
{
    memset(monitor, 0, sizeof *monitor);
}

static void note_owner(struct risk_monitor *monitor, uint16_t owner)
{
    monitor->owners_noted |= UINT32_C(1) << owner;
}

static void note_symbol(struct risk_monitor *monitor, uint16_t instrument_id)
{
    monitor->symbols_noted |= UINT64_C(1) << instrument_id;
}

static void times_add(struct risk_times *times, int64_t now_ns)
{
    times->ns[times->noted % RISK_TIMES_MAX] = now_ns;
    times->noted++;
    if (times->noted == 2 * RISK_TIMES_MAX) /* the same place, and never back to "few" */
        times->noted = RISK_TIMES_MAX;
}

int64_t risk_times_within(const struct risk_times *times, int64_t window_ns, int64_t now_ns)
{
    uint32_t known = times->noted < RISK_TIMES_MAX ? times->noted : RISK_TIMES_MAX;
    uint32_t low = 0, high = known; /* the low newest ones are within */

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t at = (times->noted + 2 * RISK_TIMES_MAX - 1 - middle) % RISK_TIMES_MAX;

        if (risk_subtract(now_ns, times->ns[at]) < window_ns)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* --- messages and fills ------------------------------------------------------------------------------------- */

static void otr_advance(struct risk_owner_watch *watch, int64_t now_ns)
{
    int64_t minute = now_ns / NS_PER_MIN;

    if (minute - watch->otr_minute >= RISK_OTR_SLOTS) {
        memset(watch->messages, 0, sizeof watch->messages);
        memset(watch->filled, 0, sizeof watch->filled);
        watch->messages_1h = watch->fills_1h = 0;
        watch->otr_minute = minute;
    }
    while (watch->otr_minute < minute) {
        size_t oldest = (size_t)(++watch->otr_minute % RISK_OTR_SLOTS);

        watch->messages_1h -= watch->messages[oldest];
        watch->fills_1h -= watch->filled[oldest];
        watch->messages[oldest] = watch->filled[oldest] = 0;
    }
}

void risk_monitor_sent(struct risk_monitor *monitor, uint16_t owner, bool entry, int64_t now_ns)
{
    struct risk_owner_watch *watch;

    if (owner >= OWNERS_MAX)
        return;
    watch = &monitor->owner[owner];
    otr_advance(watch, now_ns);
    watch->messages[watch->otr_minute % RISK_OTR_SLOTS]++;
    watch->messages_1h++;
    if (entry)
        times_add(&watch->entries, now_ns);
    note_owner(monitor, owner);
}

void risk_monitor_fill(struct risk_monitor *monitor, uint16_t owner, bool first, int64_t now_ns)
{
    struct risk_owner_watch *watch;

    if (owner >= OWNERS_MAX)
        return;
    watch = &monitor->owner[owner];
    otr_advance(watch, now_ns);
    watch->filled[watch->otr_minute % RISK_OTR_SLOTS]++;
    watch->fills_1h++;
    if (first)
        times_add(&watch->fills, now_ns);
    note_owner(monitor, owner);
}

void risk_monitor_reject(struct risk_monitor *monitor, uint16_t owner, int64_t now_ns)
{
    if (owner >= OWNERS_MAX)
        return;
    times_add(&monitor->owner[owner].rejects, now_ns);
    note_owner(monitor, owner);
}

/* --- round trips -------------------------------------------------------------------------------------------- */

static void trip(int64_t *streak, int64_t *worst, int64_t net_e8)
{
    int64_t loss = risk_subtract(0, net_e8);

    *streak = net_e8 < 0 ? *streak + 1 : 0;
    if (loss > *worst)
        *worst = loss;
}

void risk_monitor_trip(struct risk_monitor *monitor, uint16_t owner, uint16_t instrument_id, int64_t net_e8)
{
    if (owner >= OWNERS_MAX || instrument_id >= INSTRUMENTS_MAX)
        return;
    trip(&monitor->owner[owner].streak, &monitor->owner[owner].trip_worst, net_e8);
    trip(&monitor->symbol[instrument_id].streak, &monitor->symbol[instrument_id].trip_worst, net_e8);
    trip(&monitor->streak, &monitor->trip_worst, net_e8);
    note_owner(monitor, owner);
    note_symbol(monitor, instrument_id);
}

void risk_monitor_symbol_net(struct risk_monitor *monitor, uint16_t instrument_id, int64_t day_net_e8)
{
    if (instrument_id >= INSTRUMENTS_MAX)
        return;
    monitor->symbol[instrument_id].day_net_e8 = day_net_e8;
    note_symbol(monitor, instrument_id);
}

/* --- the mid, second by second ------------------------------------------------------------------------------ */

/* Squared move in ppm, at most that of a doubling. */
static int64_t squared_ppm(int64_t from2, int64_t to2)
{
    __int128 move = ((__int128)to2 - from2) * PPM / from2;

    if (move > PPM || move < -PPM)
        move = PPM;
    return (int64_t)(move * move);
}

static size_t place(int64_t second)
{
    return (size_t)(second % RISK_REF_SECONDS);
}

/* The current second is whole: its move counts from now on. */
static void second_ends(struct risk_symbol_watch *watch)
{
    size_t at = place(watch->second), next = place(watch->second + 1);

    if (watch->known > 1) {
        int64_t before2 = watch->ref2[place(watch->second + RISK_REF_SECONDS - 1)];

        watch->move2_ppm2[at] = squared_ppm(before2, watch->ref2[at]);
        watch->sum_ppm2 += watch->move2_ppm2[at];
    }
    watch->sum_ppm2 -= watch->move2_ppm2[next];
    watch->move2_ppm2[next] = 0;
    watch->ref2[next] = watch->ref2[at];
    watch->second++;
    if (watch->known < RISK_REF_SECONDS)
        watch->known++;
}

static void ref_restart(struct risk_symbol_watch *watch, int64_t second)
{
    memset(watch->ref2, 0, sizeof watch->ref2);
    memset(watch->move2_ppm2, 0, sizeof watch->move2_ppm2);
    watch->sum_ppm2 = 0;
    watch->known = 1;
    watch->second = second;
}

void risk_monitor_ref(struct risk_monitor *monitor, uint16_t instrument_id, int64_t mid2_ticks,
                      int64_t now_ns)
{
    int64_t second = now_ns / NS_PER_S;
    struct risk_symbol_watch *watch;

    if (instrument_id >= INSTRUMENTS_MAX || mid2_ticks <= 0 || now_ns < 0)
        return;
    watch = &monitor->symbol[instrument_id];
    if (watch->known == 0 || second - watch->second >= RISK_REF_SECONDS)
        ref_restart(watch, second);
    while (watch->second < second)
        second_ends(watch);
    watch->ref2[place(watch->second)] = mid2_ticks;
    note_symbol(monitor, instrument_id);
}

void risk_monitor_rescale(struct risk_monitor *monitor, uint16_t instrument_id, struct step_change change)
{
    struct risk_symbol_watch *watch;

    if (instrument_id >= INSTRUMENTS_MAX)
        return;
    watch = &monitor->symbol[instrument_id];
    for (size_t i = 0; i < RISK_REF_SECONDS; i++)
        if (__builtin_mul_overflow(watch->ref2[i], change.price_factor, &watch->ref2[i])) {
            ref_restart(watch, watch->second);
            watch->known = 0;
            return;
        }
}

int64_t risk_monitor_volatility_bp(const struct risk_monitor *monitor, uint16_t instrument_id)
{
    int64_t sum, root;

    if (instrument_id >= INSTRUMENTS_MAX)
        return -1;
    sum = monitor->symbol[instrument_id].sum_ppm2;
    if (sum <= 0)
        return sum;
    root = (int64_t)sqrt((double)sum);
    while (root * root < sum) /* rounded up, whatever the double did */
        root++;
    return (root + 99) / 100;
}

int64_t risk_monitor_window_bp(const struct risk_monitor *monitor, uint16_t instrument_id)
{
    const struct risk_symbol_watch *watch;
    int64_t now2, then2;
    __int128 move, bp;

    if (instrument_id >= INSTRUMENTS_MAX || monitor->symbol[instrument_id].known < 2)
        return 0;
    watch = &monitor->symbol[instrument_id];
    now2 = watch->ref2[place(watch->second)];
    then2 = watch->ref2[place(watch->second + RISK_REF_SECONDS - (int64_t)watch->known + 1)];
    move = (__int128)now2 - then2;
    if (then2 <= 0)
        return INT64_MAX;
    bp = ((move < 0 ? -move : move) * 10000 + then2 - 1) / then2;
    return bp > INT64_MAX ? INT64_MAX : (int64_t)bp;
}

/* --- latency ------------------------------------------------------------------------------------------------ */

void risk_monitor_latency(struct risk_monitor *monitor, const struct risk_limits *limits,
                          enum risk_latency kind, int64_t latency_ns, int64_t now_ns)
{
    const int64_t limit_ms[RISK_LATENCIES] = {[RISK_LATENCY_ENGINE] = limits->latency_engine_ms,
                                              [RISK_LATENCY_FEED] = limits->latency_feed_ms,
                                              [RISK_LATENCY_ANSWER] = limits->latency_answer_ms};
    struct risk_latency_watch *watch;

    if ((unsigned)kind >= RISK_LATENCIES)
        return;
    watch = &monitor->latency[kind];
    watch->last_ns = latency_ns;
    if (latency_ns / 1000000 < limit_ms[kind] ||
        (latency_ns / 1000000 == limit_ms[kind] && latency_ns % 1000000 == 0))
        watch->over_since_ns = 0;
    else if (watch->over_since_ns == 0)
        watch->over_since_ns = now_ns > 0 ? now_ns : 1;
}

/*
 * kill_load.h - clients of the control socket that ask for orders as fast as answers come, and the settings under which
 * nothing but a kill stops them or the strategies.
 */
#ifndef SCREEN_KILL_LOAD_H
#define SCREEN_KILL_LOAD_H

#include "screen/kill_stage.h"

#include <pthread.h>
#include <stdatomic.h>

#define LOADERS 3
#define OWN_MAX 12 /* orders that a loader lets rest */
#define TURN_US 20000
#define IDLE_US 1000 /* between two that are denied: each is stored, and a store that falls behind halts */

static struct { /* of the loaders */
    pthread_t thread[LOADERS];
    atomic_bool stop;
    _Atomic int64_t price_e8;
    _Atomic int64_t asked_us; /* when the newest order that was taken had been asked for */
    atomic_uint asked, taken, refused, refused_killed;
    char last[256]; /* refusal */
} load;

static inline int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* --- clients ---------------------------------------------------------------------------------------------------- */

/* Orders that rest; now and then one that trades, in turn a buy and a sale. idle: one that the gate will not let out, so
 * that what the clients ask for is not all that the gate's message rate has room for. */
static inline json_t *ask_order(int fd, unsigned number, bool idle)
{
    int64_t price_e8 = atomic_load(&load.price_e8);
    bool trades = !idle && number % 10 == 9, sells = trades && number % 20 == 19;
    int64_t at_e8 = price_e8 / 1000 * (trades ? sells ? 999 : 1001 : idle ? 900 : 995);

    at_e8 -= at_e8 % 1000000;
    return client_try(fd,
                      "{\"do\":\"order\",\"symbol\":\"BTCUSDT\",\"side\":\"%s\",\"qty\":\"0.0001\",\"type\":"
                      "\"LIMIT\",\"again\":true,\"tif\":\"%s\",\"price\":\"%" PRId64 ".%02d\"}",
                      sells ? "SELL" : "BUY", trades ? "IOC" : "GTC", at_e8 / 100000000,
                      (int)(at_e8 / 1000000 % 100));
}

/* Of a loader: what rests. */
struct own {
    int64_t seq[OWN_MAX];
    int count;
    int64_t turn_us; /* when the oldest was last taken away */
};

static inline void take_answer(struct own *own, const json_t *answer, int64_t asked_us)
{
    int64_t seq = json_integer_value(json_object_get(answer, "order"));

    atomic_fetch_add(&load.asked, 1U);
    atomic_fetch_add(client_ok(answer) ? &load.taken : &load.refused, 1U);
    if (client_ok(answer) && atomic_load(&load.asked_us) < asked_us)
        atomic_store(&load.asked_us, asked_us);
    if (client_ok(answer) && own->count < OWN_MAX)
        own->seq[own->count++] = seq;
    if (client_ok(answer))
        return;
    if (strstr(client_text(answer, "text"), "KILL") != NULL) {
        atomic_fetch_add(&load.refused_killed, 1U);
        own->count = 0; /* the kill has cancelled them */
    }
    snprintf(load.last, sizeof(load.last), "%s", client_text(answer, "text"));
}

/* Orders as fast as answers come; once enough rest, the oldest makes room for a new one now and then. */
static inline void *keep_ordering(void *arg)
{
    int fd = *(int *)arg;
    struct own own = {.count = 0};

    for (unsigned i = 0; !atomic_load(&load.stop); i++) {
        int64_t asked_us = now_us();
        json_t *answer;

        if (own.count == OWN_MAX && asked_us - own.turn_us > TURN_US) {
            json_decref(client_try(fd, "{\"do\":\"cancel\",\"order\":%" PRId64 "}", own.seq[0]));
            memmove(own.seq, own.seq + 1, sizeof(own.seq) - sizeof(own.seq[0]));
            own.count--;
            own.turn_us = asked_us;
        } else if (own.count == OWN_MAX) {
            usleep(IDLE_US);
            asked_us = now_us();
        }
        answer = ask_order(fd, i, own.count == OWN_MAX);
        if (answer == NULL)
            break;
        take_answer(&own, answer, asked_us);
        json_decref(answer);
    }
    close(fd);
    return NULL;
}

static inline void start_load(struct vt *vt)
{
    static int fd[LOADERS];

    memset(&load, 0, sizeof(load));
    for (int i = 0; i < LOADERS; i++)
        fd[i] = client_open(folder, vt, ANSWER_MS);
    for (int i = 0; i < LOADERS; i++)
        assert_int_equal(pthread_create(&load.thread[i], NULL, keep_ordering, &fd[i]), 0);
}

static inline void stop_load(void)
{
    atomic_store(&load.stop, true);
    for (int i = 0; i < LOADERS; i++)
        pthread_join(load.thread[i], NULL);
}

/* --- settings --- */

/* Limits that a flood and thousands of orders do not reach, and strategies that enter on little: only the kill is to
 * stop them. */
static const char load_settings[] =
    "risk:\n"
    "  messages_per_second: 1000\n"
    "  messages_per_minute: 60000\n"
    "  max_open_orders: 200\n"
    "  max_open_orders_total: 256\n"
    "  max_open_value: 100000\n"
    "  max_position: 100000\n"
    "  max_position_strategy: 100000\n"
    "  max_gross: 200000\n"
    "  trade_loss: 1000000\n"
    "  trade_loss_symbol: 1000000\n"
    "  trade_loss_total: 1000000\n"
    "  daily_loss_bp: 10000\n"
    "  daily_loss_strategy: 1000000\n"
    "  daily_loss_symbol: 1000000\n"
    "  drawdown_bp: 10000\n"
    "  loss_streak: 1000\n"
    "  loss_streak_symbol: 1000\n"
    "  loss_streak_total: 1000\n"
    "  order_to_trade: 100000\n"
    "  order_to_trade_warn: 100000\n"
    "  repeat: 1000\n"
    "  repeat_window_s: 1\n"
    "  rejects: 1000\n"
    "  rejects_window_s: 1\n"
    "  collar_window_bp: 5000\n"
    "  volatility_bp: 5000\n"
    "  latency_engine_ms: 60000\n"
    "  latency_feed_ms: 60000\n"
    "  stale_ms: 10000\n"
    "execution: {flicker_ms: 0, reprice_min_ms: 0, retry_ms: 10}\n"
    "strategy:\n"
    "  budget_us: 1000000\n"
    "  mm: {on: true, volatility_max_bp: 10000, spike_max: 100, flow_max: 100,\n"
    "    calm_ms: 0, stop_loss_bp: 0, stale_ms: 60000, k: 1}\n"
    "  ofi: {on: true, threshold: 0.05, exit: 0, passive: true, cooldown_ms: 50,\n"
    "    hold_max_ms: 1000, spread_ticks_max: 1000000, volatility_max_bp: 10000}\n"
    "  momentum: {on: true, threshold: 0.02, exit: 0, passive: true, cooldown_ms: 50,\n"
    "    hold_max_ms: 1000, fast_s: 1, slow_s: 2, volatility_min_bp: 0,\n"
    "    spread_ticks_max: 1000000}\n"
    "  reversion: {on: true, entry_z: 0.5, exit_z: 0.1, window_s: 5, edge_min_bp: 0,\n"
    "    flow_max: 20, cooldown_ms: 50, hold_max_ms: 1000,\n"
    "    spread_ticks_max: 1000000}\n"
    "  absorption: {on: true, threshold: 0.02, passive: true, distance_max_bp: 100,\n"
    "    left_min: 0, memory_ms: 600000, cooldown_ms: 50, hold_max_ms: 1000,\n"
    "    spread_ticks_max: 1000000}\n"
    "  pairs: {on: true, entry_z: 0.5, exit_z: 0.1, window_s: 30, warm_s: 10,\n"
    "    sample_ms: 100, fit_min: 0, edge_min_bp: 0, cooldown_ms: 50,\n"
    "    hold_max_ms: 1000}\n";

static inline void write_settings(const char *path)
{
    FILE *out = fopen(path, "we");

    assert_non_null(out);
    assert_int_equal(fwrite(load_settings, 1, sizeof(load_settings) - 1, out), sizeof(load_settings) - 1);
    assert_int_equal(fclose(out), 0);
}

#endif

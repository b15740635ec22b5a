/*
 * mock_system.h - screen 8 at the second of the target pictures: a day of one instrument, all well but a full queue.
 */
#ifndef MOCK_SYSTEM_H
#define MOCK_SYSTEM_H

#include "mock_frame.h"

#include "core/base/durations.h"

/* So many that took around `ns`, with a tail up to 32 times of it. */
static inline void mock_stage(struct view_system *view, const char *name, int64_t ns, int count,
                              const char *help)
{
    struct view_stage *stage = &view->stage[view->stages++];
    static struct durations all;

    memset(&all, 0, sizeof(all));
    memset(stage, 0, sizeof(*stage));
    snprintf(stage->name, sizeof(stage->name), "%s", name);
    snprintf(stage->help, sizeof(stage->help), "%s", help);
    stage->p50_ns = stage->p90_ns = stage->p99_ns = stage->p999_ns = stage->max_ns = VIEW_NONE;
    for (int i = 0; i < count; i++)
        durations_add(&all,
                      ns / 2 + (int64_t)(i * 7919 % 1000) * ns / 1000 + (i % 211 == 0 ? ns * (i % 32) : 0));
    if (count == 0)
        return;
    stage->count = all.count;
    stage->p50_ns = durations_at(&all, 500);
    stage->p90_ns = durations_at(&all, 900);
    stage->p99_ns = durations_at(&all, 990);
    stage->p999_ns = durations_at(&all, 999);
    stage->max_ns = all.max_ns;
    durations_octaves(&all, VIEW_BIN_FIRST, stage->bin, VIEW_BINS);
}

static inline void mock_queue(struct view_system *view, const char *name, bool bytes, int64_t now,
                              int64_t most, int64_t high, const char *help)
{
    struct view_queue *queue = &view->queue[view->queues++];

    memset(queue, 0, sizeof(*queue));
    snprintf(queue->name, sizeof(queue->name), "%s", name);
    snprintf(queue->help, sizeof(queue->help), "%s", help);
    queue->bytes = bytes;
    queue->now = now;
    queue->most = most;
    queue->high = high;
}

static inline void mock_thread(struct view_system *view, const char *name, int cpu_x10, int64_t used_ms)
{
    struct view_thread *thread = &view->thread[view->threads];

    memset(thread, 0, sizeof(*thread));
    snprintf(thread->name, sizeof(thread->name), "%s", name);
    snprintf(thread->state, sizeof(thread->state), "sleeps");
    thread->id = 4100 + view->threads++;
    thread->cpu_x10 = cpu_x10;
    thread->used_ms = used_ms;
}

static inline void mock_fact(struct view_system *view, enum view_facts group, int level, const char *name,
                             const char *text)
{
    struct view_fact *fact = &view->fact[view->facts++];

    memset(fact, 0, sizeof(*fact));
    fact->group = (uint8_t)group;
    fact->level = (uint8_t)level;
    snprintf(fact->name, sizeof(fact->name), "%s", name);
    snprintf(fact->text, sizeof(fact->text), "%s", text);
}

static inline void mock_system_tables(struct view_system *view)
{
    mock_stage(view, "venue to us", 12000000, 4000, "the venue's time of a depth update to its receipt");
    mock_stage(view, "message", 11000, 20000, "receipt of a message to all decisions that it leads to");
    mock_stage(view, "strategy", 1800, 9000, "a callback of any strategy, to the next power of two");
    mock_stage(view, "risk gate", 420, 128, "all controls on an order");
    mock_stage(view, "order out", 52000, 41, "receipt of a message to an order that left because of it");
    mock_stage(view, "order answer", 23000000, 41, "an order sent to the gateway's answer");
    mock_stage(view, "REST answer", 0, 0, "round trip of a request to the venue");
    mock_stage(view, "journal sync", 900000, 3000, "a group of records synced: durable");
    mock_stage(view, "picture", 61000, 12000, "the state copied for a screen");
    mock_queue(view, "journal ring", true, 1150, 48230, 16777216,
               "records on their way to the disk; full: trading halts");
    mock_queue(view, "keys", false, 0, 2, 256, "commands of this screen");
    mock_queue(view, "socket", false, 0, 60, 64, "requests of the control socket");
    mock_queue(view, "attached", false, 0, 0, 256, "what screens elsewhere ask");
    mock_queue(view, "timers", false, 3, 3, 1024, "of the engine, by event time");
    mock_queue(view, "open orders", false, 3, 7, 256, "at the gateway");
    mock_thread(view, "engine", 562, 412000);
    mock_thread(view, "main", 31, 62100);
    mock_thread(view, "store", 12, 21800);
    mock_thread(view, "control.sock", 0, 120);
    mock_thread(view, "look", -1, 40);
}

static inline void mock_system(struct view_frame *frame)
{
    struct view_system *view = &frame->system;

    memset(view, 0, sizeof(*view));
    mock_system_tables(view);
    mock_fact(view, FACTS_FEED, 1, "stream", "LIVE 412/s 96.4 kB/s, 6/6 streams, age 12 ms, 2 connects");
    mock_fact(view, FACTS_FEED, 1, "books", "2 of 2 LIVE, 28123 levels, gaps 0, resyncs 0");
    mock_fact(view, FACTS_FEED, 0, "messages", "depth 36120, trades 51877, quotes 402110, other 61, bad 0");
    mock_fact(view, FACTS_FEED, 0, "REST", "weight 182 of 6000, 88.1ms");
    mock_fact(view, FACTS_FEED, 0, "clock", "the venue's is +3 ms of ours");
    mock_fact(view, FACTS_FEED, 0, "snapshots", "2 taken, 0 wait, 0 failed; audits 6, 0 differed");
    mock_fact(view, FACTS_MEMORY, 0, "resident", "24.1 MB, most 24.6 MB");
    mock_fact(view, FACTS_MEMORY, 0, "heap", "5.1 MB in use of 6.1 MB");
    mock_fact(view, FACTS_MEMORY, 0, "descriptors", "34 open of 1024");
    mock_fact(view, FACTS_STORE, 1, "durable", "1.02ms ago is synced");
    mock_fact(view, FACTS_STORE, 0, "record", "120331, 4127 of this run");
    mock_fact(view, FACTS_STORE, 0, "rows behind", "0");
    mock_fact(view, FACTS_STORE, 0, "journal", "binance-spot: 21.8 MB in 2 files");
    mock_fact(view, FACTS_STORE, 0, "snapshots", "2 beside it");
    mock_fact(view, FACTS_STORE, 0, "database", "9.4 MB, its log 1.1 MB");
    mock_fact(view, FACTS_STORE, 2, "disk", "740.2 MB free of 251.9 GB");
    mock_fact(view, FACTS_INSTANCE, 0, "process", "pid 4098, 2 screens");
    mock_fact(view, FACTS_INSTANCE, 0, "in control", "pts/3");
    mock_fact(view, FACTS_INSTANCE, 1, "lease", "ours, term 5000 ms, epoch 7");
    mock_fact(view, FACTS_INSTANCE, 3, "dead man", "dead man (pid 4099) was killed: another one is started");
    mock_fact(view, FACTS_INSTANCE, 0, "standby", "none waits");
    mock_fact(view, FACTS_START, 0, "up", "1h 5m");
    mock_fact(view, FACTS_START, 1, "self-test", "36 of 36 controls hold");
    mock_fact(view, FACTS_START, 1, "run before", "ended in order");
    mock_fact(view, FACTS_VERSIONS, 0, "flowdeck", "0.1.0 of 2026-11-21");
    mock_fact(view, FACTS_VERSIONS, 0, "formats", "ABI 1, journal 1, schema 3");
    mock_fact(view, FACTS_VERSIONS, 0, "SQLite", "3.40.1");
}

#endif

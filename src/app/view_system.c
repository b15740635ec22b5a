/*
 * view_system.c - screen 8 of the engine's own figures, and of what the kernel tells of its process (system_look.h).
 *
 * What is not measured in this run has no number here: the screen says `?`.
 */
#include "app/deadman_keeper.h"
#include "app/engine_state.h"
#include "app/lease.h"
#include "app/system_look.h"
#include "app/versions.h"
#include "service/control.h"
#include "store/journal_segment.h"
#include "store/schema.h"
#include "tui/number_text.h"

#include <flowdeck/strategy.h>
#include <flowdeck/version.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_MS INT64_C(1000000)
#define NS_PER_S  INT64_C(1000000000)
#define MADE_NS   (500 * NS_PER_MS)
#define SPAN_MAX  (10 * NS_PER_S) /* longer ago there is no rate of now */

/* --- stages ------------------------------------------------------------------------------------------------------ */

static struct view_stage *add_stage(struct view_system *out, const char *name, const char *help)
{
    struct view_stage *stage = &out->stage[out->stages];

    if (out->stages < VIEW_STAGES_MAX)
        out->stages++;
    *stage = (struct view_stage){.p50_ns = VIEW_NONE,
                                 .p90_ns = VIEW_NONE,
                                 .p99_ns = VIEW_NONE,
                                 .p999_ns = VIEW_NONE,
                                 .max_ns = VIEW_NONE};
    snprintf(stage->name, sizeof(stage->name), "%s", name);
    snprintf(stage->help, sizeof(stage->help), "%s", help);
    return stage;
}

static void add_durations(struct view_system *out, const struct durations *of, const char *name,
                          const char *help)
{
    struct view_stage *stage = add_stage(out, name, help);

    if (of == NULL || of->count == 0)
        return;
    stage->count = of->count;
    stage->p50_ns = durations_at(of, 500);
    stage->p90_ns = durations_at(of, 900);
    stage->p99_ns = durations_at(of, 990);
    stage->p999_ns = durations_at(of, 999);
    stage->max_ns = of->max_ns;
    durations_octaves(of, VIEW_BIN_FIRST, stage->bin, VIEW_BINS);
}

/* Few samples: they are counted anew each time. */
static void add_gate(struct view_system *out, const struct gate_times *gate)
{
    size_t count = gate->samples < GATE_SAMPLES_MAX ? (size_t)gate->samples : GATE_SAMPLES_MAX;
    struct durations of = {0};

    for (size_t i = 0; i < count; i++)
        durations_add(&of, gate->ns[i]);
    add_durations(out, &of, "risk gate", "all controls on an order; the newest 128 of each 16th");
    if (count > 0)
        out->stage[out->stages - 1].count = gate->checks;
}

/* All strategies together; a percentile is the upper end of its power of two. */
static void add_calls(struct view_system *out, const struct pipeline *pipeline)
{
    static const uint32_t share[] = {500, 900, 990, 999};
    struct view_stage *stage =
        add_stage(out, "strategy", "a callback of any strategy, to the next power of two");
    int64_t *at[] = {&stage->p50_ns, &stage->p90_ns, &stage->p99_ns, &stage->p999_ns}, most = 0;
    uint64_t bin[CALL_BINS] = {0}, below = 0;

    for (size_t i = 0; i < pipeline->owners; i++) {
        for (int k = 0; k < CALL_BINS; k++) {
            bin[k] += pipeline->owner[i].call_bin[k];
            stage->count += pipeline->owner[i].call_bin[k];
        }
        most = pipeline->owner[i].call_max_ns > most ? pipeline->owner[i].call_max_ns : most;
    }
    if (stage->count == 0)
        return;
    stage->max_ns = most;
    for (int k = 0; k < CALL_BINS; k++) {
        int to = k < VIEW_BIN_FIRST ? 0 : k - VIEW_BIN_FIRST;

        below += bin[k];
        stage->bin[to < VIEW_BINS ? to : VIEW_BINS - 1] += (uint32_t)bin[k];
        for (int i = 0; i < 4; i++)
            if (*at[i] == VIEW_NONE && below * 1000 >= stage->count * share[i])
                *at[i] = (INT64_C(2) << k) < most ? INT64_C(2) << k : most;
    }
}

static void fill_stages(struct engine *engine, struct view_system *out)
{
    const struct engine_figures *figures = &engine->figures;
    struct engine_stage live = engine_live_stages(engine);

    add_durations(out, &figures->lag, "venue to us",
                  "the venue's time of a depth update to its receipt, clocks compared");
    add_durations(out, live.packet, "message", "receipt of a message to all decisions that it leads to");
    add_calls(out, engine->pipeline);
    add_gate(out, &engine->pipeline->gate);
    add_durations(out, live.order, "order out", "receipt of a message to an order that left because of it");
    add_durations(out, &figures->answer, "order answer",
                  "an order sent to the gateway's answer; on paper as paper.latency says");
    add_durations(out, &figures->rest, "REST answer", "round trip of a request to the venue");
    add_durations(out, engine->config.store == NULL ? NULL : &store_figures(engine->config.store)->write,
                  "journal sync", "a group of records in the journal's file and synced: durable");
    add_durations(out, &figures->frame, "picture", "the state copied for a screen, on the engine's thread");
}

/* --- queues ------------------------------------------------------------------------------------------------------ */

static void add_queue(struct view_system *out, const char *name, bool bytes, size_t now, size_t most,
                      size_t high, const char *help)
{
    struct view_queue *queue = &out->queue[out->queues];

    if (out->queues == VIEW_QUEUES_MAX)
        return;
    out->queues++;
    *queue = (struct view_queue){.bytes = bytes, .now = (int64_t)now, .most = (int64_t)most};
    queue->high = high == 0 ? VIEW_NONE : (int64_t)high;
    snprintf(queue->name, sizeof(queue->name), "%s", name);
    snprintf(queue->help, sizeof(queue->help), "%s", help);
}

static void fill_queues(struct engine *engine, struct view_system *out)
{
    const struct engine_figures *figures = &engine->figures;

    if (engine->config.store != NULL)
        add_queue(out, "journal ring", true, store_queued(engine->config.store), figures->ring_most,
                  store_ring_bytes(engine->config.store),
                  "records on their way to the disk; full: trading halts");
    add_queue(out, "keys", false, spsc_ring_used(engine->commands), figures->commands_most,
              ENGINE_COMMANDS_MAX, "commands of this screen; full: the screen says so, a kill gets through");
    if (engine->requests != NULL)
        add_queue(out, "socket", false, spsc_ring_used(engine->requests), figures->requests_most,
                  CONTROL_WAITING_MAX, "requests of the control socket; full: the caller is told");
    if (engine->notes != NULL)
        add_queue(out, "attached", false, spsc_ring_used(engine->notes), figures->notes_most,
                  spsc_ring_capacity(engine->notes), "what screens elsewhere ask");
    add_queue(out, "timers", false, engine->pipeline->timers.count, engine->pipeline->timers.count,
              TIMER_HEAP_MAX, "of the engine, by event time");
    add_queue(out, "open orders", false, order_manager_open_count(engine->pipeline->orders),
              figures->orders_most, ORDERS_OPEN_MAX, "at the gateway, of all owners and instruments");
}

/* --- facts ------------------------------------------------------------------------------------------------------- */

static void add_link(struct engine_figures *figures, size_t i, const struct link_status *link,
                     int64_t span_ns, struct fact_list *list)
{
    uint64_t messages = link->messages - figures->link[i].messages,
             bytes = link->bytes - figures->link[i].bytes;
    bool rated = span_ns > 0 && link->messages >= figures->link[i].messages;
    char rate[64] = "?", age[32] = "?";

    figures->link[i].messages = link->messages;
    figures->link[i].bytes = link->bytes;
    if (rated)
        snprintf(rate, sizeof(rate), "%" PRIu64 "/s %s/s", messages * NS_PER_S / (uint64_t)span_ns,
                 number_bytes(bytes * NS_PER_S / (uint64_t)span_ns).text);
    if (link->age_ms != INT64_MIN)
        snprintf(age, sizeof(age), "%" PRId64 " ms",
                 link->age_ms > 0 ? link->age_ms : 0); /* another thread's clock */
    fact_add(list, FACTS_FEED, link->state == LINK_LIVE ? FACT_GOOD : FACT_WARNING, link->name,
             "%s %s, %" PRIu32 "/%" PRIu32 " streams, age %s, %" PRIu64 " connect%s%s%s",
             link_state_word(link->state), rate, link->streams_confirmed, link->streams, age, link->connects,
             link->connects == 1 ? "" : "s", link->state == LINK_LIVE || link->why[0] == '\0' ? "" : ": ",
             link->state == LINK_LIVE ? "" : link->why);
}

static void add_rest(const struct live_status *status, struct fact_list *list)
{
    char open[LIVE_TEXT_MAX] = "";

    for (int i = 0; i < REST_CLASS_COUNT; i++)
        if (status->rest[i].state != BREAKER_CLOSED)
            snprintf(open, sizeof(open), ", %s %s", rest_class_word((enum rest_class)i),
                     breaker_state_word(status->rest[i].state));
    fact_add(list, FACTS_FEED, open[0] == '\0' ? FACT_PLAIN : FACT_WARNING, "REST",
             "weight %" PRId64 " of %" PRId64 ", %s%s", status->weight_used, status->weight_limit,
             status->round_trip_ns == 0 ? "no answer yet" : number_duration(status->round_trip_ns).text,
             open);
    if (status->clock_offset_ms == INT64_MIN)
        fact_add(list, FACTS_FEED, FACT_WARNING, "clock", "? not compared with the venue's yet");
    else
        fact_add(list, FACTS_FEED, FACT_PLAIN, "clock", "the venue's is %+" PRId64 " ms of ours",
                 status->clock_offset_ms);
    fact_add(list, FACTS_FEED, status->snapshots_failed == 0 ? FACT_PLAIN : FACT_WARNING, "snapshots",
             "%" PRIu32 " taken, %" PRIu32 " wait, %" PRIu32 " failed; audits %" PRIu64 ", %" PRIu64
             " differed",
             status->snapshots_taken, status->snapshots_waiting, status->snapshots_failed, status->audits,
             status->audit_failures);
    fact_add(list, FACTS_FEED, FACT_PLAIN, "rotations",
             "%" PRIu64 ", stale links %" PRIu64 ", repeats %" PRIu64 ", silent streams %" PRIu64,
             status->rotations, status->stale_links, status->duplicates, status->silent_streams);
}

static void add_books(const struct engine *engine, struct fact_list *list)
{
    const struct decoder_counts *counts = engine_decoder_counts(engine);
    uint64_t gaps = 0, resyncs = 0;
    size_t live = 0, levels = 0;

    for (size_t i = 0; i < engine->pipeline->markets; i++) {
        const struct market_state *market = engine->pipeline->market[i];

        gaps += book_sync_counts(market->sync)->gaps;
        resyncs += book_sync_counts(market->sync)->resyncs;
        live += market->book_state == BOOK_LIVE;
        levels += order_book_count(market->book, SIDE_BID) + order_book_count(market->book, SIDE_ASK);
    }
    fact_add(list, FACTS_FEED, live == engine->pipeline->markets ? FACT_GOOD : FACT_WARNING, "books",
             "%zu of %zu LIVE, %zu levels, gaps %" PRIu64 ", resyncs %" PRIu64, live,
             engine->pipeline->markets, levels, gaps, resyncs);
    fact_add(list, FACTS_FEED, counts->bad == 0 ? FACT_PLAIN : FACT_WARNING, "messages",
             "depth %" PRIu64 ", trades %" PRIu64 ", quotes %" PRIu64 ", other %" PRIu64 ", bad %" PRIu64,
             counts->depth, counts->trade + counts->agg_trade, counts->book_ticker,
             counts->other + counts->snapshot, counts->bad);
}

static void fill_feed(struct engine *engine, int64_t span_ns, struct fact_list *list)
{
    const struct live_status *status = engine_live_status(engine);

    for (size_t i = 0; status != NULL && i < status->links && i < LIVE_LINKS_MAX; i++)
        add_link(&engine->figures, i, &status->link[i], span_ns, list);
    add_books(engine, list);
    if (status != NULL)
        add_rest(status, list);
    else
        fact_add(list, FACTS_FEED, FACT_PLAIN, "recording", "%.60s, %" PRIu64 " bad lines",
                 engine->config.path_count > 0 ? engine->config.paths[0] : "?",
                 replay_counts(engine->replay)->bad);
}

static void fill_store(struct engine *engine, struct fact_list *list)
{
    struct store *store = engine->config.store;
    const struct store_figures *figures;
    char why[STORE_WHY_SIZE];
    int64_t durable_ns, behind_ns;

    if (store == NULL) {
        fact_add(list, FACTS_STORE, FACT_WARNING, "store", "nothing is kept (store.on: false)");
        return;
    }
    figures = store_figures(store);
    durable_ns = store_durable_ns(store);
    behind_ns = engine->pipeline->now_ns - durable_ns;
    if (store_failed(store, why, sizeof(why)))
        fact_add(list, FACTS_STORE, FACT_BAD, "FAILED", "%.150s", why);
    fact_add(list, FACTS_STORE, durable_ns == 0 ? FACT_WARNING : FACT_GOOD, "durable", "%s%s",
             durable_ns == 0 ? "nothing yet" : number_duration(behind_ns < 0 ? 0 : behind_ns).text,
             durable_ns == 0 ? "" : " ago is synced");
    if (figures->journal_dir[0] == '\0') {
        fact_add(list, FACTS_STORE, FACT_PLAIN, "journal", "none: a recording can be played again");
        return;
    }
    fact_add(list, FACTS_STORE, FACT_PLAIN, "record", "%" PRIu64 ", %" PRIu64 " of this run",
             figures->journal_seq, figures->records);
    fact_add(list, FACTS_STORE, figures->busy == 0 ? FACT_PLAIN : FACT_WARNING, "rows behind",
             "%" PRIu64 "%s", figures->journal_seq - figures->row_seq,
             figures->busy == 0 ? "" : "; another program held the database");
    if (store_snapshot_failed(store, why, sizeof(why)))
        fact_add(list, FACTS_STORE, FACT_WARNING, "snapshot", "%.150s", why);
}

static void fill_instance(const struct engine *engine, struct fact_list *list)
{
    const struct recovered *left = engine->config.pipeline.recovered;
    const struct life_page *life = engine->config.life;
    unsigned screens = 0;
    char why[160];

    for (size_t i = 0; i < ENGINE_SCREENS; i++)
        screens += engine->screen[i].open;
    fact_add(list, FACTS_INSTANCE, FACT_PLAIN, "process", "pid %d, %u screen%s", (int)getpid(), screens,
             screens == 1 ? "" : "s");
    fact_add(list, FACTS_INSTANCE, FACT_PLAIN, "in control", "%s",
             engine->control == SCREEN_NONE ? "nobody" : engine->screen[engine->control].name);
    if (engine->config.lease == NULL)
        fact_add(list, FACTS_INSTANCE, FACT_PLAIN, "lease", "none: nobody else could lead");
    else if (lease_is_lost(engine->config.lease, why, sizeof(why)))
        fact_add(list, FACTS_INSTANCE, FACT_BAD, "lease", "LOST: %.140s", why);
    else
        fact_add(list, FACTS_INSTANCE, FACT_GOOD, "lease", "ours, term %" PRId64 " ms, epoch %" PRIu64,
                 lease_term_ns(engine->config.lease) / NS_PER_MS, left == NULL ? 0 : left->epoch);
    if (engine->config.watcher == NULL)
        fact_add(list, FACTS_INSTANCE, FACT_PLAIN, "dead man", "off");
    else if (!deadman_keeper_is_well(engine->config.watcher, why, sizeof(why)))
        fact_add(list, FACTS_INSTANCE, FACT_BAD, "dead man", "%s", why);
    else
        fact_add(list, FACTS_INSTANCE, FACT_GOOD, "dead man", "pid %d looks, %" PRId64 " ms ago",
                 (int)deadman_keeper_pid(engine->config.watcher),
                 life == NULL ? 0
                              : (clock_monotonic_ns() -
                                 atomic_load_explicit(&life->watcher_ns, memory_order_relaxed)) /
                                    NS_PER_MS);
    if (engine->kill_took_ns != 0) {
        fact_add(list, FACTS_INSTANCE, FACT_PLAIN, "kill",
                 "the newest took %s from the key to the last cancel",
                 number_duration(engine->kill_took_ns).text);
    }
}

static void fill_versions(struct fact_list *list)
{
    struct version_row row[VERSIONS_MAX];
    size_t count = versions_list(row);

    fact_add(list, FACTS_VERSIONS, FACT_PLAIN, "flowdeck", FLOWDECK_VERSION " of " FLOWDECK_DATE);
    fact_add(list, FACTS_VERSIONS, FACT_PLAIN, "formats", "ABI %d, journal %d, schema %d", FD_ABI,
             JOURNAL_FORMAT, schema_version);
    fact_add(list, FACTS_VERSIONS, FACT_PLAIN, "compiler", "%s", __VERSION__);
    for (size_t i = 0; i < count; i++)
        fact_add(list, FACTS_VERSIONS, FACT_PLAIN, row[i].name, "%s", row[i].text);
}

static void fill_start(const struct engine *engine, struct fact_list *list)
{
    const struct pipeline *pipeline = engine->pipeline;
    const struct recovered *left = pipeline->config.recovered;
    char why[160];

    fact_add(list, FACTS_START, FACT_PLAIN, "up", "%s",
             number_duration(clock_monotonic_ns() - engine->start_wall_ns).text);
    fact_add(list, FACTS_START, pipeline->selftest.failed == 0 ? FACT_GOOD : FACT_BAD, "self-test",
             "%" PRIu32 " controls hold, %" PRIu32 " do not", pipeline->selftest.ok,
             pipeline->selftest.failed);
    if (left == NULL) {
        fact_add(list, FACTS_START, FACT_PLAIN, "taken over", "nothing: no journal is kept");
    } else {
        fact_add(list, FACTS_START, left->crashed ? FACT_WARNING : FACT_GOOD, "run before", "%s",
                 left->session <= 1 ? "none"
                 : left->crashed    ? "did not end in order"
                                    : "ended in order");
        fact_add(list, FACTS_START, pipeline->recovering ? FACT_WARNING : FACT_PLAIN, "taken over",
                 "%" PRIu64 " orders, %" PRIu64 " positions of %" PRIu64 " records in %s%s",
                 pipeline->recovery.orders, pipeline->recovery.positions, left->frames,
                 number_duration(left->took_ns).text, pipeline->recovering ? "; not all is back" : "");
        if (left->safe_mode)
            fact_add(list, FACTS_START, FACT_BAD, "safe mode", "many crashes in a row: HALTED until :go");
        if (left->note[0] != '\0')
            fact_add(list, FACTS_START, FACT_WARNING, "note", "%.150s", left->note);
    }
    if (engine_attention(engine, why, sizeof(why)))
        fact_add(list, FACTS_START, FACT_WARNING, "attention", "%s", why);
}

/* --- all of it --------------------------------------------------------------------------------------------------- */

static void take_seen(const struct system_seen *seen, enum view_facts group, struct fact_list *list)
{
    for (uint16_t i = 0; seen != NULL && i < seen->list.facts; i++)
        if (seen->list.fact[i].group == group && list->facts < VIEW_FACTS_MAX)
            list->fact[list->facts++] = seen->list.fact[i];
}

static void fill_facts(struct engine *engine, int64_t span_ns, const struct system_seen *seen,
                       struct view_system *out)
{
    struct fact_list list = {.facts = 0};

    fill_feed(engine, span_ns, &list);
    if (seen == NULL || seen->looks == 0)
        fact_add(&list, FACTS_MEMORY, FACT_PLAIN, "resident", "?");
    take_seen(seen, FACTS_MEMORY, &list);
    fill_store(engine, &list);
    take_seen(seen, FACTS_STORE, &list);
    fill_instance(engine, &list);
    take_seen(seen, FACTS_INSTANCE, &list);
    fill_versions(&list);
    fill_start(engine, &list);
    out->facts = list.facts;
    memcpy(out->fact, list.fact, sizeof(out->fact));
}

void view_fill_system(struct engine *engine, int64_t wall_ns, struct view_system *out)
{
    struct engine_figures *figures = &engine->figures;
    const struct system_seen *seen = NULL;
    int64_t span_ns = wall_ns - figures->made_ns;

    if (figures->made_ns != 0 && span_ns < MADE_NS) {
        *out = figures->made;
        return;
    }
    if (engine->config.look != NULL) {
        system_look_ask(engine->config.look);
        seen = system_look_newest(engine->config.look);
    }
    memset(out, 0, sizeof(*out));
    fill_stages(engine, out);
    fill_queues(engine, out);
    fill_facts(engine, figures->made_ns != 0 && span_ns < SPAN_MAX ? span_ns : 0, seen, out);
    if (seen != NULL) {
        out->threads = seen->threads;
        memcpy(out->thread, seen->thread, sizeof(out->thread));
    }
    figures->made_ns = wall_ns;
    figures->made = *out;
}

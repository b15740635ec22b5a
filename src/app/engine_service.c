/*
 * engine_service.c - requests of the control socket on the engine's loop: a ring of their own in, answers and reports out.
 */
#include "app/engine_state.h"

#include "app/control_desk.h"
#include "app/controls_report.h"
#include "service/control_server.h"

#include <stdio.h>
#include <string.h>

enum err engine_serve(struct engine *engine, struct control_server *server)
{
    if (engine->requests == NULL)
        engine->requests = spsc_ring_new(CONTROL_WAITING_MAX, sizeof(struct control_request));
    if (engine->requests == NULL)
        return ERR_MEMORY;
    engine->service = server;
    return ERR_OK;
}

bool engine_send_request(struct engine *engine, const struct control_request *request)
{
    bool fits;

    if (request->kind == CONTROL_KILL) /* blocks sending at once, and is not lost when the ring is full */
        engine_raise_kill(engine, KILL_BY_SOCKET);
    fits = spsc_ring_push(engine->requests, request);
    if (!fits && request->kind == CONTROL_KILL)
        atomic_store_explicit(&engine->kill_lost, true, memory_order_relaxed);
    engine_wake(engine);
    return fits;
}

/* --- reports ------------------------------------------------------------------------------------------------ */

static void fill_latch(const struct engine *engine, struct control_status *out)
{
    enum kill_kept kept;

    if (engine->config.keeper == NULL)
        return;
    kept = kill_keeper_state(engine->config.keeper, out->latch_why, sizeof(out->latch_why));
    if (kept == KILL_NOT_KEPT)
        out->latched = CONTROL_LATCH_FAILED;
    else if (kept == KILL_KEEPING || out->killed != engine->kill_kept)
        out->latched = CONTROL_LATCH_WAITS;
    else
        out->latched = engine->kill_kept ? CONTROL_LATCH_KEPT : CONTROL_LATCH_NONE;
}

static struct market_state *shown(struct engine *engine)
{
    struct pipeline *pipeline = engine->pipeline;
    const struct engine_screen *screen =
        &engine->screen[engine->control == SCREEN_NONE ? 0 : engine->control];
    uint16_t id = screen->builder == NULL ? 0 : view_builder_shown(screen->builder);

    if (pipeline->markets == 0)
        return NULL;
    return pipeline->market[id < pipeline->markets ? id : 0];
}

static void report(struct engine *engine, uint32_t seq)
{
    struct control_report *out = control_server_report(engine->service);
    const struct pipeline *pipeline = engine->pipeline;
    char why[8];
    int64_t newest_ns = 0;

    out->seq = seq;
    control_desk_status(engine->pipeline, &out->status);
    fill_latch(engine, &out->status);
    out->status.kill_took_us = engine->kill_took_ns / 1000;
    out->status.commands_queued =
        (uint32_t)(spsc_ring_used(engine->commands) + spsc_ring_used(engine->requests));
    if (engine->config.store != NULL) {
        out->status.records_queued = (uint32_t)store_queued(engine->config.store);
        out->status.storage_failed = store_failed(engine->config.store, why, sizeof(why));
    }
    engine_attention(engine, out->status.attention, sizeof(out->status.attention));
    for (size_t i = 0; i < pipeline->markets; i++)
        if (pipeline->market[i]->book_ns > newest_ns)
            newest_ns = pipeline->market[i]->book_ns;
    engine_live_latencies(engine, &out->status);
    out->status.engine_age_ms = newest_ns == 0 ? 0 : (pipeline->now_ns - newest_ns) / 1000000;
    controls_report_fill(engine->pipeline, shown(engine), &out->controls);
    control_server_publish(engine->service);
}

/* --- requests ----------------------------------------------------------------------------------------------- */

/* One that names no instrument is done for each. */
static void do_for_each(struct engine *engine, struct command *command, int64_t wall_ns)
{
    for (size_t i = 0; i < engine->pipeline->markets; i++) {
        command->instrument_id = (uint16_t)i;
        engine_do_command(engine, command, wall_ns);
    }
}

static void do_request(struct engine *engine, const struct control_request *request, int64_t wall_ns)
{
    struct control_before before = control_desk_before(engine->pipeline);
    struct control_answer answer;
    struct command command;

    if (control_desk_read(engine->pipeline, request, &command, &answer)) {
        if (request->kind == CONTROL_CANCEL_ALL && command.instrument_id == INSTRUMENT_NONE)
            do_for_each(engine, &command, wall_ns);
        else
            engine_do_command(engine, &command, wall_ns);
        control_desk_answer(engine->pipeline, request, &before, &answer);
    }
    control_server_answer(engine->service,
                          &answer); /* one that does not fit was waited for in vain, and is told so */
}

void engine_take_requests(struct engine *engine, int64_t wall_ns)
{
    struct control_request request;
    uint32_t wanted = 0;

    if (engine->service == NULL)
        return;
    for (int count = 0; count < CONTROL_WAITING_MAX && spsc_ring_pop(engine->requests, &request); count++) {
        if (request.kind == CONTROL_STATUS || request.kind == CONTROL_CONTROLS)
            wanted = request.seq;
        else
            do_request(engine, &request, wall_ns);
    }
    if (wanted != 0)
        report(engine, wanted);
}

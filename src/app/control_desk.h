/*
 * control_desk.h - the engine's side of the control socket: what a request means here, and what stands here.
 *
 * On the engine's thread: symbols become instruments, exact decimals ticks and lots. Nothing is decided: the command
 * that comes out goes the way of every other command.
 */
#ifndef APP_CONTROL_DESK_H
#define APP_CONTROL_DESK_H

#include "app/pipeline.h"
#include "service/control.h"

#include <stdbool.h>

/* The command of a request, its source "socket". instrument_id INSTRUMENT_NONE: to be done for each. False: refused, *answer
 * says why. Not for reports. */
bool control_desk_read(struct pipeline *pipeline, const struct control_request *request, struct command *out,
                       struct control_answer *answer);

struct control_before { /* of the pipeline, before its command */
    uint64_t answers, sent;
    size_t open;
};

struct control_before control_desk_before(const struct pipeline *pipeline);
/* What the pipeline answered since, and whether what was asked for is so now. */
void control_desk_answer(struct pipeline *pipeline, const struct control_request *request,
                         const struct control_before *before, struct control_answer *out);

/* All but what only the host knows: queues, storage, the latch. Overwrites *out. */
void control_desk_status(struct pipeline *pipeline, struct control_status *out);

#endif

/* ws_public.h - public calls of the WebSocket API: REST's own handlers, reached by a method's name. */
#ifndef SIM_WS_PUBLIC_H
#define SIM_WS_PUBLIC_H

#include "sim/call.h"

/* NULL: no such method. */
const struct sim_route *ws_public_route(const char *method);
/* Result or error, and its status, go into the call. */
void ws_public_run(struct call *call, const struct sim_route *route, uint32_t *weight);

#endif

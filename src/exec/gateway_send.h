/*
 * gateway_send.h - the one door to a venue: orders leave by gateway_submit() and by nothing else. Pure.
 *
 * `make layers` proves it: one object of the program refers to this symbol, app/trading.o, and no other source line
 * calls a gateway's submit.
 */
#ifndef EXEC_GATEWAY_SEND_H
#define EXEC_GATEWAY_SEND_H

#include "exec/gateway.h"

void gateway_submit(const struct gateway *gateway, const struct order *order, int64_t now_ns,
                    struct gateway_answers *out);

#endif

/*
 * controls_report.h - every control with its limit, use, source, denials and self-test, for screen 5, `flowdeck controls` and
 * the control socket. The rows are risk/attest.h's; what the process knows of itself is added here.
 */
#ifndef APP_CONTROLS_REPORT_H
#define APP_CONTROLS_REPORT_H

#include "app/pipeline.h"
#include "view/view.h"

/* The denials alone. */
void controls_report_denials(const struct pipeline *pipeline, struct view_controls *out);
/* market: whose numbers; NULL: none is known yet. Overwrites *out. */
void controls_report_fill(struct pipeline *pipeline, struct market_state *market, struct view_controls *out);

#endif

/*
 * alert_list.h - the alerts of an engine: set and removed by any screen that may type, judged with the market, kept.
 *
 * They are of the process, not of a screen: all screens see the same list, and it goes on where nobody looks. Prices are
 * judged with each trade, the other figures ten times a second; always behind the pass that an event makes, never within
 * it. Nothing is decided by an alert. Engine thread; nothing here blocks or allocates.
 */
#ifndef APP_ALERT_LIST_H
#define APP_ALERT_LIST_H

#include "app/pipeline.h"
#include "view/view.h"

struct alert_list {
    struct alert alert[ALERTS_MAX];
    uint16_t count, waiting; /* waiting: that have not rung */
    uint32_t last_id;
    uint64_t rung;    /* in this run */
    uint64_t changes; /* whoever keeps them compares it */
    bool kept;        /* they outlive the process */
    size_t markets;   /* that symbols were looked for among */
    int64_t looked_ns;
};

/* What an earlier run left. */
void alert_list_take(struct alert_list *list, const struct alert *alert, uint16_t count);
/* COMMAND_ALERT, COMMAND_ALERT_DROP, COMMAND_ALERTS_SEEN; the first two are answered. */
void alert_list_command(struct alert_list *list, struct pipeline *pipeline, const struct command *command);
/* After the pipeline's pass. watched: a screen is open; what rings else is told to the first one that comes. */
void alert_list_on_event(struct alert_list *list, struct pipeline *pipeline, const struct feed_event *event,
                         bool watched);
void alert_list_fill(const struct alert_list *list, struct view_alerts *out);

#endif

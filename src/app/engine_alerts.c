/* engine_alerts.c - the engine's list of alerts between the market, its screens and its file. */
#include "app/engine_state.h"

void engine_take_alerts(struct engine *engine)
{
    struct alert found[ALERTS_MAX];
    const char *why;
    uint16_t count;

    engine->alerts.kept = engine->config.alerts != NULL;
    if (engine->config.alerts == NULL)
        return;
    count = alert_keeper_found(engine->config.alerts, found, &why);
    alert_list_take(&engine->alerts, found, count);
    engine->alerts_kept = engine->alerts.changes;
    if (why[0] != '\0')
        journal_note(engine->pipeline, NOTE_WARNING, "%.90s", why);
}

void engine_alerts_on_event(struct engine *engine, const struct feed_event *event)
{
    alert_list_on_event(&engine->alerts, engine->pipeline, event, engine_is_watched(engine));
}

void engine_watch_alerts(struct engine *engine)
{
    const char *why;

    if (engine->config.alerts == NULL)
        return;
    if (engine->alerts_kept != engine->alerts.changes) {
        engine->alerts_kept = engine->alerts.changes;
        alert_keeper_keep(engine->config.alerts, engine->alerts.alert, engine->alerts.count);
    }
    alert_keeper_turn(engine->config.alerts, &why);
    if (why[0] != '\0')
        journal_note(engine->pipeline, NOTE_BAD, "alerts are NOT kept: %.70s", why);
}

/* engine_attention.c - what does not stop trading and still wants somebody: told once, and shown while it lasts. */
#include "app/engine_state.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>

/* Of "path: doing failed: reason" the reason; the log has all of it. */
static const char *reason_of(const char *why)
{
    const char *last = strrchr(why, ':');

    return last == NULL ? why : last + 2;
}

bool engine_attention(const struct engine *engine, char *out, size_t size)
{
    char why[STORE_WHY_SIZE];

    out[0] = '\0';
    if (engine->config.store != NULL && store_snapshot_failed(engine->config.store, why, sizeof(why)))
        snprintf(out, size, "snapshot not written (%.60s), tried again; a start takes longer",
                 reason_of(why));
    return out[0] != '\0';
}

void engine_watch_attention(struct engine *engine)
{
    char text[192];
    bool wanted = engine_attention(engine, text, sizeof(text));

    if (wanted && !engine->attention_told) {
        journal_note(engine->pipeline, NOTE_WARNING, "%s", text);
        journal_audit(engine->pipeline, NULL, "attention", "-", "%s", text);
        journal_bell(engine->pipeline, "wants attention");
    } else if (!wanted && engine->attention_told) {
        journal_note(engine->pipeline, NOTE_GOOD, "all is well again: what wanted attention is over");
    }
    engine->attention_told = wanted;
}

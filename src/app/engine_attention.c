/* engine_attention.c - what does not stop trading and still wants somebody: told once, and shown while it lasts. */
#include "app/deadman_keeper.h"
#include "app/engine_state.h"
#include "app/recovery.h"
#include "app/unmanaged.h"
#include "store/store.h"

#include <stdio.h>
#include <string.h>

/* Of "path: doing failed: reason" the reason; the log has all of it. */
static const char *reason_of(const char *why)
{
    const char *last = strrchr(why, ':');

    return last == NULL ? why : last + 2;
}

static bool sick_part(const struct engine *engine, char *out, size_t size)
{
    char why[STORE_WHY_SIZE];

    out[0] = '\0';
    if (engine->config.watcher != NULL && !deadman_keeper_is_well(engine->config.watcher, out, size))
        return true;
    if (recovery_tell_left_out(engine->pipeline, out, size))
        return true;
    if (engine->config.store != NULL && store_snapshot_failed(engine->config.store, why, sizeof(why)))
        snprintf(out, size, "snapshot not written (%.30s), tried again; a start takes longer",
                 reason_of(why));
    return out[0] != '\0';
}

bool engine_attention(const struct engine *engine, char *out, size_t size)
{
    if (sick_part(engine, out, size))
        return true;
    for (uint16_t i = OWNER_MANUAL + 1; i < engine->pipeline->owners; i++)
        if (unmanaged_text(engine->pipeline, i, out, size))
            return true;
    return false;
}

/* One that was lost is told though another one watches: somebody has done that, or something is wrong. */
static void watch_deadman(struct engine *engine)
{
    char text[96];
    uint64_t losses;

    if (engine->config.watcher == NULL)
        return;
    losses = deadman_keeper_losses(engine->config.watcher, text, sizeof(text));
    if (losses == engine->deadman_losses)
        return;
    engine->deadman_losses = losses;
    journal_note(engine->pipeline, NOTE_BAD, "the %s: another one is started", text);
    journal_audit(engine->pipeline, NULL, "deadman.lost", "-", "%s", text);
    journal_bell(engine->pipeline, "the dead man is gone");
}

/* Each once, whatever else wants attention: in the log, the journal and by the bell. A kill tells of all positions itself. */
static void watch_unmanaged(struct engine *engine)
{
    struct pipeline *pipeline = engine->pipeline;
    char text[PIPELINE_BELL_TEXT];

    for (uint16_t i = OWNER_MANUAL + 1; i < pipeline->owners; i++) {
        uint32_t bit = UINT32_C(1) << i;

        if (!unmanaged_text(pipeline, i, text, sizeof(text))) {
            engine->unmanaged_told &= ~bit;
            continue;
        }
        if ((engine->unmanaged_told & bit) != 0)
            continue;
        engine->unmanaged_told |= bit;
        journal_note(pipeline, NOTE_BAD, "%s", text);
        journal_audit(pipeline, NULL, "attention", pipeline->owner[i].name, "%s", text);
        journal_bell(pipeline, text);
    }
}

void engine_watch_attention(struct engine *engine)
{
    char text[192];
    bool wanted = sick_part(engine, text, sizeof(text));

    watch_unmanaged(engine);
    watch_deadman(engine);
    if (wanted && !engine->attention_told) {
        journal_note(engine->pipeline, NOTE_WARNING, "%s", text);
        journal_audit(engine->pipeline, NULL, "attention", "-", "%s", text);
        journal_bell(engine->pipeline, "wants attention");
    } else if (!wanted && engine->attention_told) {
        journal_note(engine->pipeline, NOTE_GOOD, "all is well again: what wanted attention is over");
    }
    engine->attention_told = wanted;
}

#include "core/domain/command.h"

#include <stddef.h>

#define IN  COMMAND_TRAIT_INPUT
#define CH  COMMAND_TRAIT_CHANGES
#define FAR COMMAND_TRAIT_FAR

static const struct {
    const char *word;
    unsigned traits;
} commands[COMMAND_KINDS] = {
    [COMMAND_KILL] = {"kill", IN | FAR},
    [COMMAND_CLEAR_KILL] = {"clear-kill", IN | CH | FAR},
    [COMMAND_PAUSE] = {"pause", IN | CH | FAR},
    [COMMAND_RESUME] = {"resume", IN | CH | FAR},
    [COMMAND_SET_STATE] = {"set-state", IN | CH | FAR},
    [COMMAND_SET_MODE] = {"set-mode", IN | CH | FAR},
    [COMMAND_ORDER] = {"order", IN | CH | FAR},
    [COMMAND_PREVIEW] = {"preview", FAR},
    [COMMAND_CANCEL] = {"cancel", IN | CH | FAR},
    [COMMAND_CANCEL_ALL] = {"cancel-all", IN | CH | FAR},
    [COMMAND_MOVE] = {"move", IN | CH | FAR},
    [COMMAND_FLATTEN] = {"flatten", IN | CH | FAR},
    [COMMAND_REVERSE] = {"reverse", IN | CH | FAR},
    [COMMAND_STRATEGY_ON] = {"strategy-on", IN | CH | FAR},
    [COMMAND_STRATEGY_OFF] = {"strategy-off", IN | CH | FAR},
    [COMMAND_STRATEGY_SET] = {"strategy-set", IN | CH | FAR},
    [COMMAND_STRATEGY_STRIKE] = {"strategy-strike", IN | CH},
    [COMMAND_STRATEGY_RELOAD] = {"strategy-reload", IN | CH | FAR},
    [COMMAND_SET_LIMIT] = {"set-limit", IN | CH | FAR},
    [COMMAND_CLEAR_HALT] = {"clear-halt", IN | CH | FAR},
    [COMMAND_LATENCY] = {"latency", IN | CH},
    [COMMAND_VIEW] = {"view", FAR},
    [COMMAND_CLEAR_VISIT] = {"clear-visit", FAR},
    [COMMAND_REPLAY_HOLD] = {"replay-hold", 0},
    [COMMAND_REPLAY_STEP] = {"replay-step", 0},
    [COMMAND_REPLAY_SPEED] = {"replay-speed", 0},
    [COMMAND_REPLAY_JUMP] = {"replay-jump", 0},
    [COMMAND_QUIT] = {"quit", IN},
    [COMMAND_CONTROL] = {"control", FAR},
    [COMMAND_NOTE] = {"note", FAR},
    [COMMAND_ALERT] = {"alert", FAR},
    [COMMAND_ALERT_DROP] = {"alert-drop", FAR},
    [COMMAND_ALERTS_SEEN] = {"alerts-seen", FAR},
};

bool command_has(enum command_kind kind, enum command_trait trait)
{
    return (unsigned)kind < COMMAND_KINDS && (commands[kind].traits & (unsigned)trait) != 0;
}

const char *command_word(enum command_kind kind)
{
    return (unsigned)kind < COMMAND_KINDS ? commands[kind].word : NULL;
}

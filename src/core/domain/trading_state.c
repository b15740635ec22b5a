#include "core/domain/trading_state.h"

const char *trading_mode_word(enum trading_mode mode)
{
    switch (mode) {
    case MODE_OBSERVATION:
        return "OBSERVATION";
    case MODE_SIMULATION:
        return "SIMULATION";
    case MODE_LIVE:
        return "LIVE";
    }
    return "?"; /* not an enum trading_mode at all */
}

const char *trading_state_word(enum trading_state state)
{
    switch (state) {
    case STATE_ACTIVE:
        return "ACTIVE";
    case STATE_PAUSED:
        return "PAUSED";
    case STATE_REDUCING:
        return "REDUCING";
    case STATE_HALTED:
        return "HALTED";
    case STATE_KILLED:
        return "KILLED";
    }
    return "?"; /* not an enum trading_state at all */
}

#include "core/domain/market_event.h"

const char *book_state_word(enum book_state state)
{
    switch (state) {
    case BOOK_DOWN:
        return "DOWN";
    case BOOK_CONNECTING:
        return "CONNECTING";
    case BOOK_SYNCING:
        return "SYNCING";
    case BOOK_LIVE:
        return "LIVE";
    case BOOK_STALE:
        return "STALE";
    }
    return "?"; /* not an enum book_state at all */
}

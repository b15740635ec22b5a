/* book_event.c - the words. */
#include "core/signal/book_event.h"

#include <stddef.h>

const char *book_event_word(enum book_event_kind kind)
{
    static const char *const words[BOOK_EVENT_KINDS] = {
        [BOOK_EVENT_ABSORBED] = "ABSORBED", [BOOK_EVENT_PULLED] = "PULLED", [BOOK_EVENT_WALL] = "WALL",
        [BOOK_EVENT_STACKED] = "STACKED",   [BOOK_EVENT_SHIFT] = "SHIFT",   [BOOK_EVENT_SWEEP] = "SWEEP",
    };

    return (size_t)kind < BOOK_EVENT_KINDS ? words[kind] : "?";
}

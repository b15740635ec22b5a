#include "sim/match_book.h"

/* Events are made in the book and not on the stack, where the compiler would clear each of them twice. */
static struct match_event *begin(struct match_book *book, enum match_event_kind kind, enum side side)
{
    struct match_event *event = &book->event;

    event->kind = kind;
    event->book = book;
    event->time_ns = book->now_ns;
    event->order = event->maker = NULL;
    event->trade_id = event->update_id = 0;
    event->price_ticks = event->qty_lots = event->qty_before_lots = 0;
    event->side = side;
    event->by_stp = false;
    return event;
}

static void tell(struct match_book *book)
{
    for (size_t i = 0; i < book->listeners; i++)
        book->listener[i].on_event(book->listener[i].arg, &book->event);
}

void match_tell_order(struct match_book *book, enum match_event_kind kind, uint32_t index, bool by_stp)
{
    const struct match_order *order = &match_slot(book, index)->order;
    struct match_event *event = begin(book, kind, order->request.side);

    event->order = order;
    event->by_stp = by_stp;
    tell(book);
}

void match_tell_level(struct match_book *book, enum side side, int64_t price_ticks, int64_t before_lots,
                      int64_t after_lots)
{
    struct match_event *event;

    if (after_lots == before_lots)
        return;
    event = begin(book, MATCH_EVENT_LEVEL, side);
    event->price_ticks = price_ticks;
    event->qty_lots = after_lots;
    event->qty_before_lots = before_lots;
    event->update_id = ++book->update_id;
    tell(book);
}

void match_tell_pair(struct match_book *book, enum match_event_kind kind, uint32_t taker, uint32_t maker,
                     int64_t price_ticks, int64_t qty_lots)
{
    const struct match_order *order = &match_slot(book, taker)->order;
    struct match_event *event = begin(book, kind, order->request.side);

    event->order = order;
    event->maker = &match_slot(book, maker)->order;
    event->price_ticks = price_ticks;
    event->qty_lots = qty_lots;
    if (kind == MATCH_EVENT_TRADE)
        event->trade_id = ++book->trade_id;
    tell(book);
}

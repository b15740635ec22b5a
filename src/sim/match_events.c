#include "sim/match_book.h"

static void tell(struct match_book *book, const struct match_event *event)
{
    for (size_t i = 0; i < book->listeners; i++)
        book->listener[i].on_event(book->listener[i].arg, event);
}

void match_tell_order(struct match_book *book, enum match_event_kind kind, uint32_t index, bool by_stp)
{
    const struct match_order *order = &match_slot(book, index)->order;

    if (book->listeners != 0)
        tell(book, &(struct match_event){.kind = kind,
                                         .book = book,
                                         .time_ns = book->now_ns,
                                         .order = order,
                                         .side = order->request.side,
                                         .by_stp = by_stp});
}

void match_tell_level(struct match_book *book, enum side side, int64_t price_ticks, int64_t before_lots)
{
    uint32_t level = match_levels_find(&book->levels, (enum match_ladder)side, price_ticks);
    int64_t after_lots = level == MATCH_LEVEL_NONE ? 0 : match_level(book, level)->visible_lots;

    if (after_lots == before_lots)
        return;
    book->update_id++;
    if (book->listeners != 0)
        tell(book, &(struct match_event){.kind = MATCH_EVENT_LEVEL,
                                         .book = book,
                                         .time_ns = book->now_ns,
                                         .price_ticks = price_ticks,
                                         .qty_lots = after_lots,
                                         .qty_before_lots = before_lots,
                                         .side = side,
                                         .update_id = book->update_id});
}

void match_tell_pair(struct match_book *book, enum match_event_kind kind, uint32_t taker, uint32_t maker,
                     int64_t price_ticks, int64_t qty_lots)
{
    const struct match_order *order = &match_slot(book, taker)->order;

    if (kind == MATCH_EVENT_TRADE)
        book->trade_id++;
    if (book->listeners != 0)
        tell(book, &(struct match_event){.kind = kind,
                                         .book = book,
                                         .time_ns = book->now_ns,
                                         .order = order,
                                         .maker = &match_slot(book, maker)->order,
                                         .trade_id = kind == MATCH_EVENT_TRADE ? book->trade_id : 0,
                                         .price_ticks = price_ticks,
                                         .qty_lots = qty_lots,
                                         .side = order->request.side});
}

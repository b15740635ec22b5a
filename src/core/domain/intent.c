#include "core/domain/intent.h"

#include <stddef.h>

bool order_type_is_triggered(enum order_type type)
{
    return type >= ORDER_STOP && type <= ORDER_TRAILING_STOP;
}

bool order_type_is_market(enum order_type type)
{
    return type == ORDER_MARKET || type == ORDER_STOP || type == ORDER_TAKE_PROFIT ||
           type == ORDER_TRAILING_STOP;
}

/* NULL: no price of it moves. */
static const int64_t *terms_of(const struct order_intent *intent)
{
    if (intent->type == ORDER_TRAILING_STOP)
        return NULL;
    return intent->type == ORDER_STOP || intent->type == ORDER_TAKE_PROFIT ? &intent->stop_ticks
                                                                           : &intent->price_ticks;
}

int64_t order_terms_ticks(const struct order_intent *intent)
{
    const int64_t *terms = terms_of(intent);

    return terms == NULL ? 0 : *terms;
}

/* In proportion, cut: one tick more would be beyond the collar that the bound was within. */
static int64_t move_bound(int64_t bound_ticks, int64_t from_ticks, int64_t to_ticks)
{
    __int128 away = (__int128)bound_ticks - from_ticks, moved;

    if (bound_ticks <= 0 || from_ticks <= 0 || to_ticks <= 0 || away > INT64_MAX)
        return bound_ticks;
    moved = to_ticks + away * to_ticks / from_ticks;
    return moved > INT64_MAX ? INT64_MAX : (int64_t)moved;
}

void order_intent_move(struct order_intent *intent, int64_t price_ticks)
{
    if (terms_of(intent) == &intent->stop_ticks) {
        intent->price_ticks = move_bound(intent->price_ticks, intent->stop_ticks, price_ticks);
        intent->stop_ticks = price_ticks;
    } else if (terms_of(intent) == &intent->price_ticks)
        intent->price_ticks = price_ticks;
}

int64_t order_intent_ticks(const struct order_intent *intent)
{
    return order_type_is_triggered(intent->type) && intent->stop_ticks > 0 ? intent->stop_ticks
                                                                           : intent->price_ticks;
}

const char *order_type_word(enum order_type type)
{
    static const char *const words[ORDER_TYPES] = {
        [ORDER_LIMIT] = "LIMIT",
        [ORDER_MARKET] = "MARKET",
        [ORDER_STOP] = "STOP",
        [ORDER_STOP_LIMIT] = "STOP-LIMIT",
        [ORDER_TAKE_PROFIT] = "TAKE-PROFIT",
        [ORDER_TAKE_PROFIT_LIMIT] = "TAKE-LIMIT",
        [ORDER_TRAILING_STOP] = "TRAILING",
    };

    return (unsigned)type < ORDER_TYPES ? words[type] : "?";
}

const char *time_in_force_word(enum time_in_force tif)
{
    static const char *const words[] = {
        [TIF_GTC] = "GTC", [TIF_IOC] = "IOC", [TIF_FOK] = "FOK", [TIF_GTD] = "GTD"};

    return (unsigned)tif < sizeof(words) / sizeof(words[0]) ? words[tif] : "?";
}

#include "core/domain/intent.h"

bool order_type_is_triggered(enum order_type type)
{
    return type >= ORDER_STOP && type <= ORDER_TRAILING_STOP;
}

bool order_type_is_market(enum order_type type)
{
    return type == ORDER_MARKET || type == ORDER_STOP || type == ORDER_TAKE_PROFIT ||
           type == ORDER_TRAILING_STOP;
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

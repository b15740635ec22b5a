#include "core/domain/intent.h"

const char *order_type_word(enum order_type type)
{
    switch (type) {
    case ORDER_LIMIT:
        return "LIMIT";
    case ORDER_MARKET:
        return "MARKET";
    case ORDER_STOP:
        return "STOP";
    }
    return "?"; /* not an enum order_type at all */
}

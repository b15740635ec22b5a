#include "store/record_words.h"

#include "store/record.h"

#include <stddef.h>

static const char *word_in(const char *const *words, int count, int value)
{
    return value < 0 || value >= count || words[value] == NULL ? "?" : words[value];
}

const char *word_of_venue(int value)
{
    return venue_name((enum venue)value);
}

const char *word_of_step_source(int value)
{
    static const char *const words[WORDS_STEP_SOURCE] = {
        [STEP_UNKNOWN] = "unknown",
        [STEP_DERIVED] = "derived",
        [STEP_CONFIG] = "config",
        [STEP_EXCHANGE_INFO] = "exchange-info",
    };

    return word_in(words, WORDS_STEP_SOURCE, value);
}

const char *word_of_side(int value)
{
    return side_word((enum side)value);
}

const char *word_of_order_type(int value)
{
    return order_type_word((enum order_type)value);
}

const char *word_of_tif(int value)
{
    return time_in_force_word((enum time_in_force)value);
}

const char *word_of_order_state(int value)
{
    return order_state_word((enum order_state)value);
}

const char *word_of_order_error(int value)
{
    return order_error_word((enum order_error)value);
}

const char *word_of_order_event(int value)
{
    static const char *const words[ORDER_EVENT_KINDS] = {
        [ORDER_EVENT_ACK] = "ack",
        [ORDER_EVENT_FILL] = "fill",
        [ORDER_EVENT_CANCELLED] = "cancelled",
        [ORDER_EVENT_REJECTED] = "rejected",
        [ORDER_EVENT_EXPIRED] = "expired",
        [ORDER_EVENT_TRIGGERED] = "triggered",
        [ORDER_EVENT_REPLACED] = "replaced",
        [ORDER_EVENT_CANCEL_REJECTED] = "cancel-rejected",
        [ORDER_EVENT_REPLACE_REJECTED] = "replace-rejected",
    };

    return word_in(words, ORDER_EVENT_KINDS, value);
}

const char *word_of_command(int value)
{
    return command_word((enum command_kind)value);
}

const char *word_of_mode(int value)
{
    return trading_mode_word((enum trading_mode)value);
}

const char *word_of_state(int value)
{
    return trading_state_word((enum trading_state)value);
}

const char *word_of_time(int value)
{
    static const char *const words[WORDS_TIME] = {
        [STORE_TIME_MESSAGE] = "message", [STORE_TIME_ENTRY] = "entry", [STORE_TIME_FILL] = "fill",
        [STORE_TIME_REJECT] = "reject",   [STORE_TIME_ANEW] = "anew",
    };

    return word_in(words, WORDS_TIME, value);
}

/* signed_time.c - is a request of now? Apart from signing.c, whose library has an ERR_STATE of its own. */
#include "sim/signing.h"

#include "core/base/decimal.h"

#include <string.h>

enum timestamp_verdict signing_check_time(const char *timestamp, const char *recv_window, int64_t now_us)
{
    int64_t window_us = RECV_WINDOW_DEFAULT_US, sent_us;

    if (decimal_parse(timestamp, strlen(timestamp), 0, &sent_us) != ERR_OK || sent_us <= 0)
        return TIMESTAMP_MALFORMED;
    if (strchr(timestamp, '.') != NULL)
        return TIMESTAMP_MALFORMED;
    if (recv_window != NULL) {
        if (decimal_parse(recv_window, strlen(recv_window), 3, &window_us) != ERR_OK || window_us < 0)
            return RECV_WINDOW_MALFORMED;
        if (window_us > RECV_WINDOW_MAX_US)
            return RECV_WINDOW_TOO_BIG;
    }
    if (sent_us < SIGNED_TIMESTAMP_US_MIN && __builtin_mul_overflow(sent_us, 1000, &sent_us))
        return TIMESTAMP_MALFORMED;
    if (sent_us >= now_us + TIMESTAMP_AHEAD_US)
        return TIMESTAMP_AHEAD;
    return now_us - sent_us <= window_us ? TIMESTAMP_OK : TIMESTAMP_OUTSIDE;
}

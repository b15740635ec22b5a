#include "sim/tickers.h"

#include "core/base/decimal.h"

#include <string.h>

#define MINUTE_MS         INT64_C(60000)
#define AVERAGE_WINDOW_MS (5 * MINUTE_MS)

static void take_kline(struct ticker *ticker, const struct kline *kline)
{
    if (kline->trades == 0)
        return;
    if (ticker->trades == 0) {
        ticker->first_id = kline->first_id;
        ticker->open_ticks = kline->open_ticks;
        ticker->high_ticks = kline->high_ticks;
        ticker->low_ticks = kline->low_ticks;
    }
    if (kline->high_ticks > ticker->high_ticks)
        ticker->high_ticks = kline->high_ticks;
    if (kline->low_ticks < ticker->low_ticks)
        ticker->low_ticks = kline->low_ticks;
    ticker->last_ticks = kline->close_ticks;
    ticker->last_id = kline->last_id;
    ticker->lots += kline->lots;
    ticker->value += kline->value;
    ticker->trades += kline->trades;
}

void ticker_since(const struct klines *klines, int64_t open_ms, int64_t now_ms, struct ticker *ticker)
{
    size_t count = klines_count(klines, KLINE_1M), i = count;

    memset(ticker, 0, sizeof(*ticker));
    ticker->open_ms = open_ms;
    ticker->close_ms = now_ms;
    while (i > 0 && klines_at(klines, KLINE_1M, i - 1)->open_ms >= open_ms)
        i--;
    if (i > 0) {
        ticker->before_ticks = klines_at(klines, KLINE_1M, i - 1)->close_ticks;
        ticker->open_ticks = ticker->high_ticks = ticker->low_ticks = ticker->last_ticks =
            ticker->before_ticks;
    }
    for (; i < count; i++)
        take_kline(ticker, klines_at(klines, KLINE_1M, i));
}

void ticker_window(const struct klines *klines, unsigned minutes, int64_t now_ms, struct ticker *ticker)
{
    ticker_since(klines, now_ms / MINUTE_MS * MINUTE_MS - (int64_t)minutes * MINUTE_MS, now_ms, ticker);
}

int64_t ticker_change_percent_e8(const struct ticker *ticker)
{
    if (ticker->open_ticks == 0)
        return 0;
    return decimal_mul_div(ticker->last_ticks - ticker->open_ticks, 100000, ticker->open_ticks) * 100000;
}

int64_t average_price_e8(const struct klines *klines, int64_t tick_e8, int64_t now_ms)
{
    int64_t lots = 0, value = 0;
    size_t count = klines_count(klines, KLINE_1S);

    if (count == 0)
        return 0;
    for (size_t i = count; i > 0; i--) {
        const struct kline *kline = klines_at(klines, KLINE_1S, i - 1);

        if (kline->open_ms <= now_ms - AVERAGE_WINDOW_MS)
            break;
        lots += kline->lots;
        value += kline->value;
    }
    if (lots == 0)
        return klines_at(klines, KLINE_1S, count - 1)->close_ticks * tick_e8;
    return decimal_mul_div(value, tick_e8, lots);
}

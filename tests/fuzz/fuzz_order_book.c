/*
 * fuzz_order_book.c - bytes as updates of one side, against an unordered list of levels.
 *
 * Eight bytes are an update: the price is built from a few scales, so that inputs reach near levels,
 * far ones and jumps of many windows. After each, the best level and the level behind a price must be the
 * list's; at the end every level, the sums and a rescale.
 */
#include "core/market/order_book.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LEVELS_MAX 512

static struct level list[LEVELS_MAX];
static size_t list_count;

static void require(bool condition)
{
    if (!condition)
        abort();
}

static bool list_set(int64_t price, int64_t lots)
{
    size_t i = 0;

    while (i < list_count && list[i].price_ticks != price)
        i++;
    if (lots == 0) {
        if (i < list_count)
            list[i] = list[--list_count];
        return true;
    }
    if (i == LEVELS_MAX)
        return false;
    list[i] = (struct level){price, lots};
    if (i == list_count)
        list_count++;
    return true;
}

/* The nearest level behind a price, away from the touch. */
static bool list_next(enum side side, int64_t price, struct level *out)
{
    bool found = false;

    for (size_t i = 0; i < list_count; i++) {
        int64_t at = list[i].price_ticks;

        if (side == SIDE_BID ? at >= price || (found && at < out->price_ticks)
                             : at <= price || (found && at > out->price_ticks))
            continue;
        *out = list[i];
        found = true;
    }
    return found;
}

static void compare(const struct order_book *book, enum side side, int64_t price)
{
    struct level got, expected;
    int64_t first = side == SIDE_BID ? INT64_MAX : 0;
    bool any = list_next(side, first, &expected);

    require(order_book_count(book, side) == list_count);
    require(order_book_best(book, side, &got) == any);
    require(!any || (got.price_ticks == expected.price_ticks && got.qty_lots == expected.qty_lots));
    any = list_next(side, price, &expected);
    require(order_book_next(book, side, price, &got) == any);
    require(!any || (got.price_ticks == expected.price_ticks && got.qty_lots == expected.qty_lots));
}

static void compare_all(const struct order_book *book, enum side side, int64_t price_factor,
                        int64_t qty_factor)
{
    static struct level top[LEVELS_MAX + 1];
    int64_t price = side == SIDE_BID ? INT64_MAX : 0, sum = 0;
    struct level expected;

    require(order_book_top(book, side, top, LEVELS_MAX + 1) == list_count);
    for (size_t i = 0; i < list_count; i++) {
        require(list_next(side, price, &expected));
        price = expected.price_ticks;
        require(top[i].price_ticks == expected.price_ticks * price_factor);
        require(top[i].qty_lots == expected.qty_lots * qty_factor);
        sum += top[i].qty_lots;
        require(order_book_sum_to(book, side, top[i].price_ticks) == sum);
        require(order_book_sum_top(book, side, i + 1) == sum);
    }
}

static int64_t price_of(const uint8_t *byte, int64_t *center)
{
    static const unsigned shifts[8] = {0, 0, 0, 4, 8, 14, 20, 34};
    uint16_t offset;
    int64_t price;

    memcpy(&offset, byte + 2, sizeof(offset));
    price = *center + ((int64_t)offset - 32768) * ((int64_t)1 << shifts[byte[1] & 7]);
    if ((byte[1] & 0xf8) == 0) /* now and then the market goes there */
        *center = price < 1 ? 1 : price;
    return price;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct order_book *book;
    enum side side = size > 0 && (data[0] & 1) != 0 ? SIDE_ASK : SIDE_BID;
    int64_t center = 1000000;

    if (book == NULL)
        book = order_book_new();
    require(book != NULL);
    order_book_clear(book);
    list_count = 0;
    for (size_t at = 1; at + 8 <= size; at += 8) {
        int64_t price = price_of(data + at, &center);
        int64_t lots = (data[at] & 3) == 0 ? 0 : 1 + data[at + 4];

        if (price < 1) {
            require(order_book_set(book, side, price, lots) == ERR_BAD_DATA);
            continue;
        }
        if (list_set(price, lots))
            require(order_book_set(book, side, price, lots) == ERR_OK);
        compare(book, side, price + data[at + 5] - 128);
    }
    compare_all(book, side, 1, 1);
    order_book_rescale(book, 10, 100);
    compare_all(book, side, 10, 100);
    return 0;
}

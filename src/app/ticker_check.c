#include "app/ticker_check.h"

#include <stddef.h>

/* The remembered quote with the largest id <= update_id; NULL if there is none any more. */
static const struct ticker_best *quote_at(const struct ticker_check *check, uint64_t update_id)
{
    uint64_t kept =
        check->quote_count < TICKER_CHECK_QUOTES_MAX ? check->quote_count : TICKER_CHECK_QUOTES_MAX;

    for (uint64_t back = 1; back <= kept; back++) {
        const struct ticker_best *quote =
            &check->quote[(check->quote_count - back) % TICKER_CHECK_QUOTES_MAX];

        if (quote->update_id <= update_id)
            return quote;
    }
    return NULL;
}

bool ticker_best_same(const struct ticker_best *a, const struct ticker_best *b)
{
    for (int side = 0; side < SIDE_COUNT; side++)
        if (a->price_e8[side] != b->price_e8[side] || a->qty_e8[side] != b->qty_e8[side])
            return false;
    return true;
}

static void decide(struct ticker_check *check, const struct ticker_best *book)
{
    const struct ticker_best *quote = quote_at(check, book->update_id);

    if (quote == NULL)
        return;
    check->compared++;
    if (!ticker_best_same(quote, book)) {
        check->differed++;
        check->last_differed_id = book->update_id;
    }
}

void ticker_check_quote(struct ticker_check *check, const struct ticker_best *quote)
{
    if (check->quote_count > 0 &&
        quote->update_id < check->quote[(check->quote_count - 1) % TICKER_CHECK_QUOTES_MAX].update_id)
        return; /* overtaken on the wire: a newer one is known */
    while (check->depth_head < check->depth_tail &&
           check->depth[check->depth_head % TICKER_CHECK_DEPTHS_MAX].update_id < quote->update_id)
        decide(check, &check->depth[check->depth_head++ % TICKER_CHECK_DEPTHS_MAX]);
    check->quote[check->quote_count++ % TICKER_CHECK_QUOTES_MAX] = *quote;
}

void ticker_check_depth(struct ticker_check *check, const struct ticker_best *book)
{
    if (check->quote_count > 0 &&
        check->quote[(check->quote_count - 1) % TICKER_CHECK_QUOTES_MAX].update_id > book->update_id) {
        decide(check, book);
        return;
    }
    if (check->depth_tail - check->depth_head == TICKER_CHECK_DEPTHS_MAX) {
        check->depth_head++; /* no quotes for thousands of events: the oldest is given up */
        check->dropped++;
    }
    check->depth[check->depth_tail++ % TICKER_CHECK_DEPTHS_MAX] = *book;
}

void ticker_check_end(struct ticker_check *check)
{
    while (check->depth_head < check->depth_tail)
        decide(check, &check->depth[check->depth_head++ % TICKER_CHECK_DEPTHS_MAX]);
}

const struct ticker_best *ticker_check_at(const struct ticker_check *check, uint64_t update_id)
{
    const struct ticker_best *quote = quote_at(check, update_id);

    return quote != NULL && quote->update_id == update_id ? quote : NULL;
}

void ticker_check_restart(struct ticker_check *check)
{
    ticker_check_end(check);
    check->quote_count = check->depth_head = check->depth_tail = 0;
}

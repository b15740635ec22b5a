#include "app/life_page.h"

#include <stdio.h>
#include <sys/mman.h>

struct life_page *life_page_new(void)
{
    void *memory =
        mmap(NULL, sizeof(struct life_page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return memory == MAP_FAILED ? NULL : memory; /* zeroed by the kernel */
}

void life_page_free(struct life_page *page)
{
    if (page != NULL)
        munmap(page, sizeof(*page));
}

static struct life_order *find(struct life_page *page, uint64_t seq)
{
    for (size_t i = 0; i < LIFE_ORDERS_MAX; i++)
        if (atomic_load_explicit(&page->order[i].seq, memory_order_relaxed) == seq)
            return &page->order[i];
    return NULL;
}

bool life_page_note_order(struct life_page *page, const struct order *order, const char *symbol,
                          int64_t price_e8, int64_t left_e8)
{
    struct life_order *slot = find(page, order->seq);

    if (!order_is_open(order)) {
        if (slot != NULL)
            atomic_store_explicit(&slot->seq, 0, memory_order_release);
        return true;
    }
    if (slot == NULL)
        slot = find(page, 0);
    if (slot == NULL)
        return false;
    atomic_store_explicit(&slot->seq, 0, memory_order_release); /* a reader never sees half of it */
    snprintf(slot->symbol, sizeof(slot->symbol), "%s", symbol);
    slot->owner = order->intent.owner;
    slot->side = order->intent.side;
    slot->price_e8 = price_e8;
    slot->left_e8 = left_e8;
    atomic_store_explicit(&slot->seq, order->seq, memory_order_release);
    return true;
}

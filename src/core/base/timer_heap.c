#include "core/base/timer_heap.h"

#include <assert.h>

/* due_ns then order: a total order, so the layout of the heap never shows in what fires when. */
static bool fires_before(const struct timer_entry *a, const struct timer_entry *b)
{
    return a->due_ns != b->due_ns ? a->due_ns < b->due_ns : a->order < b->order;
}

static void swap_entries(struct timer_entry *a, struct timer_entry *b)
{
    struct timer_entry held = *a;

    *a = *b;
    *b = held;
}

static void sift_up(struct timer_heap *heap, size_t at)
{
    while (at > 0) {
        size_t parent = (at - 1) / 2;

        /* cppcheck-suppress arrayIndexOutOfBoundsCond ; at < count <= TIMER_HEAP_MAX: arm refuses more */
        if (!fires_before(&heap->entry[at], &heap->entry[parent]))
            return;
        swap_entries(&heap->entry[at], &heap->entry[parent]);
        at = parent;
    }
}

static void sift_down(struct timer_heap *heap, size_t at)
{
    for (;;) {
        size_t first = at, left = 2 * at + 1, right = left + 1;

        if (left < heap->count && fires_before(&heap->entry[left], &heap->entry[first]))
            first = left;
        if (right < heap->count && fires_before(&heap->entry[right], &heap->entry[first]))
            first = right;
        if (first == at)
            return;
        swap_entries(&heap->entry[at], &heap->entry[first]);
        at = first;
    }
}

void timer_heap_init(struct timer_heap *heap)
{
    assert(heap != NULL);
    heap->count = 0;
    heap->next_order = 0;
}

bool timer_heap_arm(struct timer_heap *heap, int64_t due_ns, uint32_t kind, uint32_t arg)
{
    if (heap->count >= TIMER_HEAP_MAX)
        return false;
    heap->entry[heap->count] =
        (struct timer_entry){.due_ns = due_ns, .order = heap->next_order++, .kind = kind, .arg = arg};
    sift_up(heap, heap->count++);
    return true;
}

bool timer_heap_pop_due(struct timer_heap *heap, int64_t now_ns, struct timer_entry *out)
{
    if (heap->count == 0 || heap->entry[0].due_ns > now_ns)
        return false;
    *out = heap->entry[0];
    heap->entry[0] = heap->entry[--heap->count];
    sift_down(heap, 0);
    return true;
}

size_t timer_heap_cancel(struct timer_heap *heap, uint32_t kind, uint32_t arg)
{
    size_t kept = 0, removed;

    for (size_t i = 0; i < heap->count; i++)
        if (heap->entry[i].kind != kind || heap->entry[i].arg != arg)
            heap->entry[kept++] = heap->entry[i];
    removed = heap->count - kept;
    heap->count = kept;
    if (removed > 0)
        for (size_t i = kept / 2; i-- > 0;) /* a heap again, from the last parent up */
            sift_down(heap, i);
    return removed;
}

/* test_timer_heap.c - timers fire by time, then by order of arming. */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/base/timer_heap.h"

static void test_ties_fire_in_the_order_of_arming(void **state)
{
    static struct timer_heap heap;
    struct timer_entry entry;

    (void)state;
    timer_heap_init(&heap);
    for (uint32_t i = 0; i < 100; i++)
        assert_true(timer_heap_arm(&heap, 50, 1, i));
    for (uint32_t i = 0; i < 100; i++) {
        assert_true(timer_heap_pop_due(&heap, 50, &entry));
        assert_int_equal(entry.arg, i);
    }
    assert_false(timer_heap_pop_due(&heap, INT64_MAX, &entry));
}

/* Due at an event's time fires before it; one nanosecond later does not. */
static void test_due_now_fires_and_later_does_not(void **state)
{
    static struct timer_heap heap;
    struct timer_entry entry;

    (void)state;
    timer_heap_init(&heap);
    timer_heap_arm(&heap, 100, 1, 0);
    assert_false(timer_heap_pop_due(&heap, 99, &entry));
    assert_true(timer_heap_pop_due(&heap, 100, &entry));
    assert_int_equal(entry.due_ns, 100);
}

static void test_full_is_said(void **state)
{
    static struct timer_heap heap;

    (void)state;
    timer_heap_init(&heap);
    for (uint32_t i = 0; i < TIMER_HEAP_MAX; i++)
        assert_true(timer_heap_arm(&heap, -(int64_t)i, 1, i));
    assert_false(timer_heap_arm(&heap, 0, 1, 0));
    assert_int_equal(timer_heap_cancel(&heap, 1, 7), 1);
    assert_true(timer_heap_arm(&heap, 0, 1, 0));
}

static void test_cancel_takes_all_of_kind_and_arg_only(void **state)
{
    static struct timer_heap heap;
    struct timer_entry entry;

    (void)state;
    timer_heap_init(&heap);
    timer_heap_arm(&heap, 3, 1, 1);
    timer_heap_arm(&heap, 1, 1, 1);
    timer_heap_arm(&heap, 2, 1, 2);
    timer_heap_arm(&heap, 0, 2, 1);
    assert_int_equal(timer_heap_cancel(&heap, 1, 1), 2);
    assert_int_equal(timer_heap_cancel(&heap, 9, 9), 0);
    assert_true(timer_heap_pop_due(&heap, 10, &entry));
    assert_int_equal(entry.kind, 2);
    assert_true(timer_heap_pop_due(&heap, 10, &entry));
    assert_int_equal(entry.arg, 2);
    assert_false(timer_heap_pop_due(&heap, 10, &entry));
}

/* The same by an unsorted list: arm, pop and cancel at random, always the same timer fires. */
static void test_a_long_history_agrees_with_a_list(void **state)
{
    static struct timer_heap heap;
    static struct timer_entry list[TIMER_HEAP_MAX];
    size_t count = 0;
    uint64_t random = 4, order = 0;

    (void)state;
    timer_heap_init(&heap);
    for (int step = 0; step < 100000; step++) {
        int64_t choice = random_between(&random, 0, 9);
        int64_t due = random_between(&random, 0, 20), now = random_between(&random, 0, 20);
        uint32_t kind = (uint32_t)random_between(&random, 0, 3),
                 arg = (uint32_t)random_between(&random, 0, 3);

        if (choice < 5) {
            bool armed = timer_heap_arm(&heap, due, kind, arg);

            assert_int_equal(armed, count < TIMER_HEAP_MAX);
            if (armed)
                list[count++] = (struct timer_entry){due, order++, kind, arg};
        } else if (choice < 9) {
            struct timer_entry entry;
            size_t first = count;

            for (size_t i = 0; i < count; i++)
                if (list[i].due_ns <= now &&
                    (first == count || list[i].due_ns < list[first].due_ns ||
                     (list[i].due_ns == list[first].due_ns && list[i].order < list[first].order)))
                    first = i;
            assert_int_equal(timer_heap_pop_due(&heap, now, &entry), first < count);
            if (first < count) {
                assert_int_equal(entry.order, list[first].order);
                list[first] = list[--count];
            }
        } else {
            size_t kept = 0;

            for (size_t i = 0; i < count; i++)
                if (list[i].kind != kind || list[i].arg != arg)
                    list[kept++] = list[i];
            assert_int_equal(timer_heap_cancel(&heap, kind, arg), count - kept);
            count = kept;
        }
        assert_int_equal(heap.count, count);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ties_fire_in_the_order_of_arming),
        cmocka_unit_test(test_due_now_fires_and_later_does_not),
        cmocka_unit_test(test_full_is_said),
        cmocka_unit_test(test_cancel_takes_all_of_kind_and_arg_only),
        cmocka_unit_test(test_a_long_history_agrees_with_a_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

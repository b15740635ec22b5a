/* The agenda against the plain rule: the earliest first, of two at the same time the first planned. */
#include "sim/agenda.h"
#include "sim/numbers.h"
#include "unit/cmocka_all.h"

#include <string.h>

#define ROOM    3000
#define SECOND  INT64_C(1000000000)
#define ACTIONS 60000

static struct agenda_item plain[ROOM];
static size_t plain_count;

static size_t plain_first(void)
{
    size_t first = 0;

    for (size_t i = 1; i < plain_count; i++)
        if (plain[i].at_ns < plain[first].at_ns ||
            (plain[i].at_ns == plain[first].at_ns && plain[i].order < plain[first].order))
            first = i;
    return first;
}

static void push(struct agenda *agenda, int64_t at_ns, uint64_t arg)
{
    bool room = plain_count < ROOM;

    assert_int_equal(agenda_push(agenda, at_ns, (uint32_t)arg % 7, (uint32_t)arg % 3, arg), room);
    if (room)
        plain[plain_count++] =
            (struct agenda_item){at_ns, agenda->next_order - 1, arg, (uint32_t)arg % 7, (uint32_t)arg % 3};
    assert_int_equal(agenda->count, plain_count);
}

static int64_t pop(struct agenda *agenda)
{
    struct agenda_item item;
    size_t first = plain_first();

    if (plain_count == 0) {
        assert_int_equal(agenda_next_ns(agenda), INT64_MAX);
        assert_false(agenda_pop(agenda, &item));
        return 0;
    }
    assert_int_equal(agenda_next_ns(agenda), plain[first].at_ns);
    assert_true(agenda_pop(agenda, &item));
    assert_int_equal(item.at_ns, plain[first].at_ns);
    assert_int_equal(item.order, plain[first].order);
    assert_int_equal(item.arg, plain[first].arg);
    assert_int_equal(item.kind, plain[first].kind);
    assert_int_equal(item.symbol, plain[first].symbol);
    plain[first] = plain[--plain_count];
    return item.at_ns;
}

/* Times near and far, equal ones, before what is due already, days ahead, and below zero as in the warm-up. */
static int64_t some_time(struct numbers *numbers, int64_t now_ns)
{
    uint64_t bits = numbers_bits(numbers);

    switch (bits % 8) {
    case 0:
        return now_ns;
    case 1:
        return now_ns - (int64_t)(bits >> 8) % SECOND;
    case 2:
        return now_ns + (int64_t)(bits >> 8) % (2000 * SECOND); /* beyond a round of the lists */
    case 3:
        return now_ns + (int64_t)(bits >> 8) % (200000 * SECOND);
    default:
        return now_ns + (int64_t)(bits >> 8) % (3 * SECOND) / 1000000 * 1000000;
    }
}

static void test_order_is_that_of_a_plain_list(void **state)
{
    struct agenda agenda;
    struct numbers numbers;
    int64_t now_ns = -30 * SECOND;

    (void)state;
    plain_count = 0;
    numbers_init(&numbers, 5);
    assert_true(agenda_init(&agenda, ROOM));
    for (int i = 0; i < ACTIONS; i++) {
        bool fills = i / 6000 % 2 == 0; /* it runs full, and empty */

        if (numbers_chance(&numbers, fills ? 0.7 : 0.3))
            push(&agenda, some_time(&numbers, now_ns), numbers_bits(&numbers));
        else if (plain_count > 0)
            now_ns = pop(&agenda);
        else
            pop(&agenda);
    }
    while (plain_count > 0)
        pop(&agenda);
    pop(&agenda);
    push(&agenda, INT64_MAX, 1);
    push(&agenda, INT64_MIN, 2);
    push(&agenda, 0, 3);
    while (plain_count > 0)
        pop(&agenda);
    agenda_close(&agenda);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_is_that_of_a_plain_list),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

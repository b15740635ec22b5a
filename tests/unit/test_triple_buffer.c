/* test_triple_buffer.c - the newest whole value, never torn, never older than the last. */
#include "unit/cmocka_all.h"

#include "core/base/triple_buffer.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

#define WORDS  64
#define VALUES 200000

struct value {
    uint64_t word[WORDS]; /* all equal */
};

static void publish(struct triple_buffer *buffer, uint64_t number)
{
    struct value *value = triple_buffer_back(buffer);

    for (int i = 0; i < WORDS; i++)
        value->word[i] = number;
    triple_buffer_publish(buffer);
}

static uint64_t front(struct triple_buffer *buffer)
{
    const struct value *value = triple_buffer_front(buffer);

    for (int i = 1; i < WORDS; i++)
        assert_int_equal(value->word[i], value->word[0]);
    return value->word[0];
}

static void test_the_reader_gets_the_newest_and_keeps_it(void **state)
{
    struct triple_buffer *buffer = triple_buffer_new(sizeof(struct value));

    (void)state;
    assert_int_equal(front(buffer), 0);
    assert_false(triple_buffer_update(buffer));
    publish(buffer, 1);
    assert_int_equal(front(buffer), 0); /* not before update */
    assert_true(triple_buffer_update(buffer));
    assert_false(triple_buffer_update(buffer));
    assert_int_equal(front(buffer), 1);
    for (uint64_t i = 2; i < 10; i++)
        publish(buffer, i);
    assert_int_equal(front(buffer), 1);
    assert_true(triple_buffer_update(buffer));
    assert_int_equal(front(buffer), 9);
    triple_buffer_free(buffer);
    triple_buffer_free(NULL);
}

static void *write_values(void *arg)
{
    for (uint64_t i = 1; i <= VALUES; i++) {
        publish(arg, i);
        if (i % 64 == 0)
            sched_yield();
    }
    return NULL;
}

static void test_two_threads_tear_nothing_and_never_go_back(void **state)
{
    struct triple_buffer *buffer = triple_buffer_new(sizeof(struct value));
    uint64_t seen = 0;
    pthread_t writer;

    (void)state;
    assert_int_equal(pthread_create(&writer, NULL, write_values, buffer), 0);
    while (seen < VALUES) { /* the last value always arrives */
        if (triple_buffer_update(buffer)) {
            uint64_t now = front(buffer);

            assert_true(now > seen);
            seen = now;
        } else {
            sched_yield();
        }
    }
    pthread_join(writer, NULL);
    triple_buffer_free(buffer);
}

static void test_too_much_memory_is_refused(void **state)
{
    (void)state;
    assert_null(triple_buffer_new(SIZE_MAX / 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_reader_gets_the_newest_and_keeps_it),
        cmocka_unit_test(test_two_threads_tear_nothing_and_never_go_back),
        cmocka_unit_test(test_too_much_memory_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

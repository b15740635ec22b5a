/* test_system_look.c - the thread that looks at this process: it sleeps until asked, finds its threads and its files. */
#include "unit/cmocka_all.h"

#include "app/system_look.h"
#include "core/base/clock.h"
#include "core/base/thread.h"

#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define WAIT_NS INT64_C(30000000000)

static const struct system_seen *wait_for(struct system_look *look, uint64_t looks)
{
    int64_t until_ns = clock_monotonic_ns() + WAIT_NS;

    while (system_look_newest(look)->looks < looks) {
        assert_true(clock_monotonic_ns() < until_ns);
        system_look_ask(look);
        nanosleep(&(struct timespec){.tv_nsec = 2000000}, NULL);
    }
    return system_look_newest(look);
}

static const struct view_fact *fact_of(const struct system_seen *seen, enum view_facts group,
                                       const char *name)
{
    for (uint16_t i = 0; i < seen->list.facts; i++)
        if (seen->list.fact[i].group == group && strcmp(seen->list.fact[i].name, name) == 0)
            return &seen->list.fact[i];
    return NULL;
}

static void *named(void *arg)
{
    thread_name("a test's own");
    sem_wait(arg);
    return NULL;
}

static const struct view_thread *thread_of(const struct system_seen *seen, const char *name)
{
    for (uint16_t i = 0; i < seen->threads; i++)
        if (strcmp(seen->thread[i].name, name) == 0)
            return &seen->thread[i];
    return NULL;
}

static void test_threads_are_found_by_name(void **state)
{
    struct system_look *look = system_look_start("", "");
    const struct system_seen *seen;
    pthread_t thread;
    sem_t end;

    (void)state;
    assert_non_null(look);
    assert_int_equal(system_look_newest(look)->looks, 0);
    sem_init(&end, 0, 0);
    assert_int_equal(thread_start(&thread, NULL, named, &end), 0);
    wait_for(look, 1);
    seen = wait_for(look, 3);
    assert_non_null(thread_of(seen, "main"));
    assert_non_null(thread_of(seen, "look"));
    assert_non_null(thread_of(seen, "a test's own"));
    assert_string_equal(thread_of(seen, "a test's own")->state, "sleeps");
    assert_true(thread_of(seen, "a test's own")->cpu_x10 >= 0); /* it was there at the look before */
    sem_post(&end);
    pthread_join(thread, NULL);
    sem_destroy(&end);
    system_look_stop(look);
}

static void test_memory_and_files(void **state)
{
    char folder[] = "/tmp/flowdeck-look-XXXXXX", path[64];
    struct system_look *look;
    const struct system_seen *seen;
    FILE *file;

    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof(path), "%s/00000000000000000001.fdj", folder);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(folder, 1, 20, file), 20);
    fclose(file);
    look = system_look_start(folder, folder);
    seen = wait_for(look, 1);
    assert_non_null(fact_of(seen, FACTS_MEMORY, "resident"));
    assert_non_null(strstr(fact_of(seen, FACTS_MEMORY, "resident")->text, " MB, most "));
    assert_non_null(strstr(fact_of(seen, FACTS_STORE, "journal")->text, ": 20 B in 1 file"));
    assert_string_equal(fact_of(seen, FACTS_STORE, "snapshots")->text, "0 beside it");
    assert_non_null(strstr(fact_of(seen, FACTS_STORE, "disk")->text, " free of "));
    assert_string_equal(fact_of(seen, FACTS_STORE, "folder")->text, folder);
    assert_string_equal(fact_of(seen, FACTS_INSTANCE, "standby")->text, "none waits");
    unlink(path);
    rmdir(folder);
    seen = wait_for(look, seen->looks + 2); /* it has gone meanwhile: told, no end */
    assert_int_equal(fact_of(seen, FACTS_STORE, "journal")->level, FACT_BAD);
    system_look_stop(look);
}

static void test_a_full_list_takes_no_more(void **state)
{
    struct fact_list list = {.facts = 0};

    (void)state;
    for (int i = 0; i < VIEW_FACTS_MAX + 5; i++)
        fact_add(&list, FACTS_START, FACT_PLAIN, "name", "%d \x1b[31m", i);
    assert_int_equal(list.facts, VIEW_FACTS_MAX);
    assert_string_equal(list.fact[3].text, "3 \\x1b[31m"); /* nothing of it reaches a terminal */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_threads_are_found_by_name),
        cmocka_unit_test(test_memory_and_files),
        cmocka_unit_test(test_a_full_list_takes_no_more),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

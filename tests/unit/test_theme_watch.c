/* A file that is looked at: what is a change, and who waits for a disk that hangs (nobody but the thread that looks). */
#include "app/theme_watch.h"

#include "unit/cmocka_all.h"

#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WAITS 3000 /* of 10 ms */

static char dir[64], path[96];

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof(dir), "/tmp/flowdeck-watch-XXXXXX");
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof(path), "%s/x.theme", dir);
    return 0;
}

static int remove_dir(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(dir);
}

static void put(const char *text)
{
    FILE *file = fopen(path, "we");

    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
}

static bool comes_to_differ(struct theme_watch *watch)
{
    for (int i = 0; i < WAITS && !theme_watch_differs(watch); i++)
        usleep(10000);
    return theme_watch_differs(watch);
}

static void set(struct theme_watch *watch)
{
    struct stat seen = {0};
    bool missing = stat(path, &seen) != 0;

    theme_watch_set(watch, path, &seen, missing);
}

static void test_a_change_is_seen_until_it_is_taken(void **state)
{
    struct theme_watch *watch = theme_watch_start(stat);
    const struct stat none = {0};

    (void)state;
    assert_non_null(watch);
    put("one");
    set(watch);
    assert_false(theme_watch_differs(watch));
    put("other");
    assert_true(comes_to_differ(watch));
    set(watch);
    assert_false(theme_watch_differs(watch));
    assert_int_equal(unlink(path), 0);
    assert_true(comes_to_differ(watch));
    set(watch);
    put("back");
    assert_true(comes_to_differ(watch));
    theme_watch_set(watch, "", &none, false); /* of none there is no change */
    assert_false(theme_watch_differs(watch));
    theme_watch_stop(watch);
    theme_watch_stop(NULL);
}

/* --- a disk that hangs -------------------------------------------------------------------------------------------- */

static sem_t asked, answers;

static int look_slowly(const char *at, struct stat *out)
{
    sem_post(&asked);
    while (sem_wait(&answers) != 0)
        ;
    return stat(at, out);
}

/* Whoever asks and sets goes on; what it saw of the file before is not told of the one that was set since. */
static void test_nobody_waits_for_the_disk(void **state)
{
    struct theme_watch *watch;
    const struct stat other = {.st_size = 77};

    (void)state;
    sem_init(&asked, 0, 0);
    sem_init(&answers, 0, 0);
    put("one");
    watch = theme_watch_start(look_slowly);
    assert_non_null(watch);
    theme_watch_set(watch, path, &other, false); /* it is not what was seen */
    while (sem_wait(&asked) != 0)
        ;
    assert_false(theme_watch_differs(watch));
    set(watch); /* now it is */
    sem_post(&answers);
    while (sem_wait(&asked) != 0)
        ; /* the look before is over */
    assert_false(theme_watch_differs(watch));
    for (int i = 0; i < 100; i++)
        sem_post(&answers);
    theme_watch_stop(watch);
    sem_destroy(&asked);
    sem_destroy(&answers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_change_is_seen_until_it_is_taken, make_dir, remove_dir),
        cmocka_unit_test_setup_teardown(test_nobody_waits_for_the_disk, make_dir, remove_dir),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

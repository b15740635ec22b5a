#include "app/theme_watch.h"

#include "core/base/thread.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LOOK_NS 250000000L

struct theme_watch {
    pthread_mutex_t lock; /* held for a copy, never over a look at the disk */
    struct ui_theme file; /* the thread's own: path, and what was seen of it */
    enum ui_theme_change change;
    struct theme fresh;
    char why[THEME_WHY_SIZE];
    bool left; /* nobody asks any more */
};

static void free_watch(struct theme_watch *watch)
{
    pthread_mutex_destroy(&watch->lock);
    free(watch);
}

static void *run(void *arg)
{
    struct theme_watch *watch = arg;
    const struct timespec pause = {0, LOOK_NS};
    bool left = false;

    thread_name("theme");
    while (!left) {
        char why[THEME_WHY_SIZE] = "";
        enum ui_theme_change change;

        nanosleep(&pause, NULL);
        change = ui_theme_poll(&watch->file, why);
        pthread_mutex_lock(&watch->lock);
        if (change != UI_THEME_SAME) {
            watch->change = change;
            watch->fresh = watch->file.theme;
            memcpy(watch->why, why, sizeof(watch->why));
        }
        left = watch->left;
        pthread_mutex_unlock(&watch->lock);
    }
    free_watch(watch);
    return NULL;
}

struct theme_watch *theme_watch_start(const struct ui_theme *theme)
{
    struct theme_watch *watch = calloc(1, sizeof(*watch));
    pthread_attr_t attr;
    pthread_t thread;
    int failed;

    if (watch == NULL)
        return NULL;
    watch->file = *theme;
    pthread_mutex_init(&watch->lock, NULL);
    pthread_attr_init(&attr);
    pthread_attr_setdetachstate(&attr, PTHREAD_CREATE_DETACHED);
    failed = thread_start(&thread, &attr, run, watch);
    pthread_attr_destroy(&attr);
    if (failed == 0)
        return watch;
    free_watch(watch);
    return NULL;
}

const char *theme_watch_path(const struct theme_watch *watch)
{
    return watch->file.path; /* never changes */
}

enum ui_theme_change theme_watch_take(struct theme_watch *watch, struct theme *out, char why[THEME_WHY_SIZE])
{
    enum ui_theme_change change;

    if (pthread_mutex_trylock(&watch->lock) != 0)
        return UI_THEME_SAME;
    change = watch->change;
    watch->change = UI_THEME_SAME;
    if (change == UI_THEME_NEW)
        *out = watch->fresh;
    memcpy(why, watch->why, sizeof(watch->why));
    pthread_mutex_unlock(&watch->lock);
    return change;
}

void theme_watch_end(struct theme_watch *watch)
{
    if (watch == NULL)
        return;
    pthread_mutex_lock(&watch->lock);
    watch->left = true;
    pthread_mutex_unlock(&watch->lock);
}

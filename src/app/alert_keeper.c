#include "app/alert_keeper.h"

#include "app/alert_file.h"
#include "core/base/clock.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATH_SIZE   1200
#define AGAIN_NS    INT64_C(10000000000) /* after a failure */
#define CLOSE_TRIES 100
#define NAP_NS      10000000
#define WHY_SIZE    256

struct alert_keeper {
    char data_dir[PATH_SIZE], account[ALERT_ACCOUNT_MAX];
    struct store *store;
    struct alert found[ALERTS_MAX];
    uint16_t found_count;
    char found_why[WHY_SIZE];
    /* the engine's */
    struct alert wanted[ALERTS_MAX];
    uint16_t wanted_count;
    bool dirty, asked, failed;
    int64_t again_ns; /* monotonic; of the next try */
    char why[WHY_SIZE];
    /* The job's, while busy is set; else the engine's. */
    atomic_bool busy;
    struct alert job[ALERTS_MAX];
    uint16_t job_count;
    bool job_ok;
    char job_why[WHY_SIZE];
};

struct alert_keeper *alert_keeper_new(const char *data_dir, const char *account, struct store *store)
{
    struct alert_keeper *keeper = calloc(1, sizeof(*keeper));

    if (keeper == NULL)
        return NULL;
    atomic_init(&keeper->busy, false);
    snprintf(keeper->data_dir, sizeof(keeper->data_dir), "%s", data_dir);
    snprintf(keeper->account, sizeof(keeper->account), "%s", account);
    keeper->store = store;
    keeper->found_count = alert_file_read(data_dir, account, keeper->found, keeper->found_why, WHY_SIZE);
    return keeper;
}

uint16_t alert_keeper_found(const struct alert_keeper *keeper, struct alert out[ALERTS_MAX], const char **why)
{
    memcpy(out, keeper->found, sizeof(keeper->found));
    *why = keeper->found_why;
    return keeper->found_count;
}

void alert_keeper_free(struct alert_keeper *keeper)
{
    if (keeper == NULL)
        return;
    for (int i = 0; i < CLOSE_TRIES && atomic_load_explicit(&keeper->busy, memory_order_acquire); i++)
        nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
    if (atomic_load_explicit(&keeper->busy, memory_order_acquire))
        return; /* whoever works on it still must find it; the process ends soon */
    if (keeper->dirty || (keeper->asked && !keeper->job_ok))
        (void)alert_file_write(keeper->data_dir, keeper->account, keeper->wanted, keeper->wanted_count,
                               keeper->job_why, WHY_SIZE);
    free(keeper);
}

static void work(void *arg)
{
    struct alert_keeper *keeper = arg;

    keeper->job_ok = alert_file_write(keeper->data_dir, keeper->account, keeper->job, keeper->job_count,
                                      keeper->job_why, WHY_SIZE) == ERR_OK;
    atomic_store_explicit(&keeper->busy, false, memory_order_release);
}

void alert_keeper_keep(struct alert_keeper *keeper, const struct alert *alert, uint16_t count)
{
    memcpy(keeper->wanted, alert, count * sizeof(*alert));
    keeper->wanted_count = count;
    keeper->dirty = true;
    keeper->again_ns = 0;
}

/* What became of the job before: one that failed is asked for again. */
static const char *settle(struct alert_keeper *keeper)
{
    bool told = keeper->failed;

    keeper->asked = false;
    keeper->failed = !keeper->job_ok;
    if (keeper->job_ok)
        return "";
    keeper->again_ns = keeper->dirty ? 0 : clock_monotonic_ns() + AGAIN_NS;
    keeper->dirty = true;
    memcpy(keeper->why, keeper->job_why, sizeof(keeper->why));
    return told ? "" : keeper->why;
}

void alert_keeper_turn(struct alert_keeper *keeper, const char **why)
{
    *why = "";
    if ((!keeper->asked && !keeper->dirty) || atomic_load_explicit(&keeper->busy, memory_order_acquire))
        return;
    if (keeper->asked)
        *why = settle(keeper);
    if (!keeper->dirty || (keeper->again_ns != 0 && clock_monotonic_ns() < keeper->again_ns))
        return;
    memcpy(keeper->job, keeper->wanted, sizeof(keeper->job));
    keeper->job_count = keeper->wanted_count;
    atomic_store_explicit(&keeper->busy, true, memory_order_release);
    if (store_ask(keeper->store, work, keeper)) {
        keeper->asked = true;
        keeper->dirty = false;
    } else { /* another job waits there: asked again by the next turn */
        atomic_store_explicit(&keeper->busy, false, memory_order_relaxed);
    }
}

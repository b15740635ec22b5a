/* run_instances.c - a run and the others on its data directory: the lock, waiting as a standby, the lease. See run.h. */
#include "app/lease.h"
#include "app/options.h"
#include "app/run.h"
#include "app/sha256.h"
#include "app/standby.h"
#include "core/base/log.h"

#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#define LOCK_WAIT_MS 5000 /* for a dead man who clears up */

/* What two that stand for each other must have in common: all but what only eyes and the log see. */
static bool decides(const char *option)
{
    static const char *const others[] = {"theme", "screen.", "log.", "hangup", "process.", "data_dir"};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (strncmp(option, others[i], strlen(others[i])) == 0)
            return false;
    return true;
}

static enum err hash_settings(struct run *run, const char *account)
{
    struct sha256 *sha = sha256_new();
    const struct option *table;
    size_t count;

    if (sha == NULL)
        return ERR_MEMORY;
    table = config_table(run->config, &count);
    sha256_add(sha, account, strlen(account) + 1);
    for (size_t i = 0; i < count; i++) {
        const char *value;

        if (!decides(table[i].name))
            continue;
        value = config_value_text(run->config, table[i].name);
        sha256_add(sha, table[i].name, strlen(table[i].name) + 1);
        sha256_add(sha, value, strlen(value) + 1);
    }
    sha256_hex(sha, run->self.config);
    sha256_free(sha);
    return ERR_OK;
}

void run_name_life(struct run *run)
{
    snprintf(run->self.life, sizeof(run->self.life), LIFE_SHARED "%u-%d-%" PRIu64, (unsigned)geteuid(),
             (int)run->self.pid, run->self.start_ticks);
    life_page_remove(run->self.life);
}

/* --- standby ------------------------------------------------------------------------------------------------------ */

static const int ending[] = {SIGINT, SIGTERM, SIGQUIT, SIGHUP};

static void on_end(int number)
{
    (void)number;
    atomic_store_explicit(&run_interrupted, true, memory_order_relaxed);
}

static void set_endings(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(ending) / sizeof(ending[0]); i++)
        sigaction(ending[i], &action, NULL);
}

static enum err stand_by(struct run *run, const char *account, char *why)
{
    struct standby_config config = {.data_dir = run->data_dir,
                                    .account = account,
                                    .self = &run->self,
                                    .term_ms = config_int(run->config, "lease.term_ms"),
                                    .cooldown_ms = config_int(run->config, "lease.cooldown_ms"),
                                    .takeovers_max = config_int(run->config, "lease.takeovers"),
                                    .stop = &run_interrupted};
    enum err err;

    if (!config_bool(run->config, "store.on")) {
        snprintf(why, RUN_WHY_SIZE, "--standby: needs the journal (store.on)");
        return ERR_USAGE;
    }
    err = run_open_log(run, why);
    if (err != ERR_OK)
        return err;
    set_endings(on_end);
    err = standby_wait(&config, &run->lock_fd, why, RUN_WHY_SIZE);
    run->stood_down = err == ERR_NOT_FOUND;
    if (!run->stood_down)
        set_endings(SIG_DFL);
    log_close();
    return err;
}

/* --- leading ------------------------------------------------------------------------------------------------------ */

enum err run_lock_data_dir(struct run *run, const char *account, char *why)
{
    enum err err;

    if (run->data_dir[0] == '\0')
        return ERR_OK;
    instance_holder_self(&run->self);
    err = hash_settings(run, account);
    if (err != ERR_OK)
        snprintf(why, RUN_WHY_SIZE, "out of memory");
    else if (run->cli->standby)
        err = stand_by(run, account, why);
    else
        err = instance_lock_take(run->data_dir, &run->self, LOCK_WAIT_MS, &run->lock_fd, why, RUN_WHY_SIZE);
    if (err != ERR_OK)
        run->lock_fd = 0;
    return err;
}

enum err run_open_lease(struct run *run, char *why)
{
    struct lease_config config = {.data_dir = run->data_dir,
                                  .lock_fd = run->lock_fd,
                                  .self = &run->self,
                                  .term_ms = config_int(run->config, "lease.term_ms")};
    enum err err;

    if (run->lock_fd <= 0)
        return ERR_OK;
    run->self.epoch = run->left.epoch;
    err = instance_lock_write(run->lock_fd, &run->self, why, RUN_WHY_SIZE);
    if (err != ERR_OK)
        return err;
    run->lease = lease_start(&config, why, RUN_WHY_SIZE);
    return run->lease == NULL ? ERR_MEMORY : ERR_OK;
}

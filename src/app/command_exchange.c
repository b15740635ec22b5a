#include "app/command_exchange.h"

#include "app/run.h"
#include "sim/server.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_bool stop;

static void on_end(int number)
{
    (void)number;
    atomic_store_explicit(&stop, true, memory_order_relaxed);
}

static void catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_end};

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGQUIT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
}

/* The folder that was given, or its own within the usual one. */
static enum err find_folder(const struct config *config, char out[PATH_TEXT_MAX], char *why)
{
    char base[PATH_TEXT_MAX];
    enum err err = paths_data_dir(config_text(config, "data_dir"), base, why, RUN_WHY_SIZE);

    if (err != ERR_OK)
        return err;
    if (config_is_set(config, "data_dir")) {
        memcpy(out, base, sizeof(base));
        return ERR_OK;
    }
    if ((size_t)snprintf(out, PATH_TEXT_MAX, "%s/exchange", base) >= PATH_TEXT_MAX ||
        (mkdir(out, 0700) != 0 && errno != EEXIST)) {
        snprintf(why, RUN_WHY_SIZE, "cannot make %.200s/exchange: %s", base, strerror(errno));
        return ERR_STORAGE;
    }
    return ERR_OK;
}

int command_exchange(const struct cli *cli, struct config *config)
{
    struct run run = {.cli = cli, .config = config};
    char folder[PATH_TEXT_MAX], why[RUN_WHY_SIZE];
    struct sim_server_config server = {.listen = cli->listen == NULL ? "127.0.0.1:0" : cli->listen,
                                       .data_dir = folder,
                                       .seed = cli->seed_given ? cli->seed : 1,
                                       .symbols = run.symbols,
                                       .speed_x1000 = cli->speed_given ? cli->speed_x1000 : 1000,
                                       .faults = cli->fault,
                                       .fault_count = cli->fault_count,
                                       .fault_file = cli->fault_path,
                                       .ready_fd = STDOUT_FILENO,
                                       .stop = &stop};
    enum err err = run_prepare(&run, why);

    if (err == ERR_OK)
        err = find_folder(config, folder, why);
    if (err != ERR_OK)
        return run_fail(run_exit_code(err), why);
    server.symbol_count = run.symbol_count;
    catch_signals();
    err = sim_server_run(&server, why, sizeof(why));
    return err == ERR_OK ? EXIT_CODE_OK : run_fail(run_exit_code(err), why);
}

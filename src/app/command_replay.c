#include "app/command_replay.h"

#include "app/run.h"
#include "app/summary.h"
#include "feed/replay.h"

#include <stdlib.h>
#include <sys/stat.h>

/* Writing the decisions over a recording would destroy it before it is read. */
static bool is_a_recording(const struct cli *cli, const char *path)
{
    struct stat given, other;

    if (stat(path, &given) != 0)
        return false;
    for (size_t i = 0; i < cli->file_count; i++)
        if (stat(cli->file[i], &other) == 0 && given.st_dev == other.st_dev && given.st_ino == other.st_ino)
            return true;
    return false;
}

/* Of its first line; 0: none, or not to be opened (check_files() has told). */
static int64_t first_ns(const struct run *run, const char *path)
{
    struct replay *replay = NULL;
    char why[RUN_WHY_SIZE];
    int64_t ns = 0;

    if (replay_open(&path, 1, &run->decoder, &replay, why, sizeof(why)) == ERR_OK)
        ns = replay_peek_ns(replay);
    replay_close(replay);
    return ns;
}

/* A shell names out.0001.gz before out.gz, the first of a rotated recording: time has the last word. What has no time
 * stays behind the file before it. */
static void order_files(const struct run *run, struct cli *cli)
{
    int64_t ns[CLI_FILES_MAX];

    for (size_t i = 0; i < cli->file_count && cli->file_count > 1; i++) {
        const char *path = cli->file[i];
        int64_t own_ns = first_ns(run, path);
        size_t at = i;

        if (own_ns == 0 && i > 0)
            own_ns = ns[i - 1];
        for (; at > 0 && ns[at - 1] > own_ns; at--) {
            ns[at] = ns[at - 1];
            cli->file[at] = cli->file[at - 1];
        }
        ns[at] = own_ns;
        cli->file[at] = path;
    }
}

/* Wrong files are told before anything is written. */
static enum err check_files(const struct run *run, char *why, size_t why_size)
{
    struct replay *replay = NULL;
    enum err err;

    if (run->cli->decisions_path != NULL && is_a_recording(run->cli, run->cli->decisions_path)) {
        snprintf(why, why_size, "--decisions: %s is a recording", run->cli->decisions_path);
        return ERR_USAGE;
    }
    err = replay_open(run->cli->file, run->cli->file_count, &run->decoder, &replay, why, why_size);
    replay_close(replay);
    return err == ERR_OK || err == ERR_MEMORY ? err : ERR_USAGE;
}

static enum err open_engine(struct run *run, char *why, size_t why_size)
{
    struct engine_config config = {.paths = run->cli->file,
                                   .path_count = run->cli->file_count,
                                   .decoder = &run->decoder,
                                   .store = run->store,
                                   .speed_x1000 = run->cli->speed_given ? run->cli->speed_x1000
                                                  : run->cli->headless  ? 0
                                                                        : 1000,
                                   .at_given = run->cli->at_given,
                                   .at_ns = run->cli->at_ns,
                                   .first_symbol = run->symbol_count > 0 ? run->symbols[0] : NULL,
                                   .reopen_log = &run_reopen_log,
                                   .quiet = !run->cli->headless,
                                   .pipeline = run->pipeline};

    return engine_new(&config, &run->engine, why, why_size);
}

/* --- running --------------------------------------------------------------------------------------------------- */

static int run_headless(struct run *run)
{
    char why[RUN_WHY_SIZE];
    enum exit_code code;

    run_catch_signals(run->engine);
    if (!engine_run_headless(run->engine, &run_interrupted))
        return run_fail(EXIT_CODE_INTERRUPTED, "interrupted");
    if (!(run->cli->json ? summary_print_json(run->engine, run->cli, stdout)
                         : summary_print_text(run->engine, stdout)))
        return run_fail(EXIT_CODE_FAILED, "cannot write the summary to standard output");
    code = summary_exit_code(run->engine, why, sizeof(why));
    if (code != EXIT_CODE_OK)
        return run_fail(code, why);
    return EXIT_CODE_OK;
}

int command_replay(const struct cli *cli, const struct config *config)
{
    struct run *run = calloc(1, sizeof(*run));
    struct cli ordered = *cli;
    char why[RUN_WHY_SIZE];
    enum err err;
    int code;

    if (run == NULL)
        return run_fail(EXIT_CODE_FAILED, "out of memory");
    run->cli = cli = &ordered;
    run->config = config;
    err = run_prepare(run, why);
    if (err == ERR_OK)
        err = check_files(run, why, sizeof(why));
    if (err == ERR_OK)
        order_files(run, &ordered);
    if (err == ERR_OK)
        err = run_open_log_and_store(run, "replay", cli->file[0], why);
    if (err == ERR_OK)
        err = run_open_decisions(run, why);
    if (err == ERR_OK)
        err = open_engine(run, why, sizeof(why));
    if (err != ERR_OK)
        code = run_fail(run_exit_code(err), why);
    else
        code = cli->headless ? run_headless(run) : run_screen(run);
    code = run_close(run, code);
    free(run);
    return code;
}

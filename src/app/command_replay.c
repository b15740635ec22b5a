#include "app/command_replay.h"

#include "app/run.h"
#include "app/summary.h"
#include "app/trail.h"
#include "app/ui_loop.h"
#include "core/base/clock.h"
#include "core/base/time_parse.h"
#include "feed/replay.h"

#include <stdio.h>
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

static int fail_outside(const struct replay_span *span)
{
    char first[32], last[32], why[RUN_WHY_SIZE];

    clock_format_iso(span->first_ns, first);
    clock_format_iso(span->last_ns, last);
    snprintf(why, sizeof(why), "--at: not in the recording, which goes from %.19s to %.19s", first, last);
    return run_fail(EXIT_CODE_USAGE, why);
}

/*
 * "--at 00:02" of a recording from 23:54 on is after midnight: the first time that it says so. Where the recording ends is known
 * once it has been read through: the screen does not wait for that, and is left when the time turns out to be behind it.
 */
static enum err find_start(struct run *run, char *why, size_t why_size)
{
    int64_t first_ns;
    char first[32];

    if (run->again != NULL && run->again->at_ns != 0) {
        run->at_ns = run->again->at_ns;
        return ERR_OK;
    }
    if (!run->cli->at_given)
        return ERR_OK;
    first_ns = replay_first_ns(run->cli->file, run->cli->file_count);
    if (first_ns == 0) {
        snprintf(why, why_size, "--at: no line of the recording has a time");
        return ERR_USAGE;
    }
    run->at_ns = run->cli->at_ns;
    if (run->at_ns < TIME_PARSE_DAY_NS)
        run->at_ns += first_ns / TIME_PARSE_DAY_NS * TIME_PARSE_DAY_NS;
    if (run->cli->at_ns < TIME_PARSE_DAY_NS && run->at_ns < first_ns)
        run->at_ns += TIME_PARSE_DAY_NS;
    run->again->wanted_ns = run->at_ns;
    if (run->at_ns >= first_ns)
        return ERR_OK;
    clock_format_iso(first_ns, first);
    snprintf(why, why_size, "--at: not in the recording, which begins at %.19s", first);
    return ERR_USAGE;
}

/* --- a file of commands, without a screen ----------------------------------------------------------------------- */

static bool take_command(void *arg, const struct command *command)
{
    engine_take_now(((struct run *)arg)->engine, command);
    return true;
}

/* Event time would be none here: the clock of the host, as on a screen. */
static bool play_script(void *arg, const struct view_frame *frame)
{
    struct run *run = arg;

    run->script_state = script_run_frame(run->script, frame, clock_monotonic_ns());
    if (run->script_state == UI_SCRIPT_FAILED) /* what was begun only half is not played */
        atomic_store_explicit(&run_interrupted, true, memory_order_relaxed);
    return run->script_state == UI_SCRIPT_RUNS;
}

static enum err open_script(struct run *run, struct engine_config *config, char *why, size_t why_size)
{
    if (run->cli->script == NULL || !run->cli->headless)
        return ERR_OK;
    run->script = script_run_new(run->cli, run->config, take_command, run);
    if (run->script == NULL) {
        snprintf(why, why_size, "out of memory");
        return ERR_MEMORY;
    }
    config->opening = play_script;
    config->opening_arg = run;
    return ERR_OK;
}

static enum err open_engine(struct run *run, char *why, size_t why_size)
{
    struct engine_config config = {.paths = run->cli->file,
                                   .path_count = run->cli->file_count,
                                   .decoder = &run->decoder,
                                   .store = run->store,
                                   .results = run->results,
                                   .plugins = run->plugins,
                                   .look = run->look,
                                   .tap = run->tap,
                                   .speed_x1000 = run->cli->speed_given ? run->cli->speed_x1000
                                                  : run->cli->headless  ? 0
                                                                        : 1000,
                                   .at_ns = run->at_ns,
                                   .last_ns = run->again->last_ns,
                                   .first_symbol = run->symbol_count > 0 ? run->symbols[0] : NULL,
                                   .reopen_log = &run_reopen_log,
                                   .quiet = !run->cli->headless,
                                   .pipeline = run->pipeline};

    enum err err = open_script(run, &config, why, why_size);

    return err == ERR_OK ? engine_new(&config, &run->engine, why, why_size) : err;
}

/* --- running --------------------------------------------------------------------------------------------------- */

static int run_headless(struct run *run)
{
    char why[RUN_WHY_SIZE];
    enum exit_code code;

    run_catch_signals(run->engine);
    bool whole = engine_run_headless(run->engine, &run_interrupted);

    if (run->script != NULL && run->script_state == UI_SCRIPT_FAILED)
        return EXIT_CODE_FAILED; /* told already */
    if (!whole)
        return run_fail(EXIT_CODE_INTERRUPTED, "interrupted");
    if (!(run->cli->json ? summary_print_json(run->engine, run->cli, stdout)
                         : summary_print_text(run->engine, stdout)))
        return run_fail(EXIT_CODE_FAILED, "cannot write the summary to standard output");
    code = summary_exit_code(run->engine, why, sizeof(why));
    if (code != EXIT_CODE_OK)
        return run_fail(code, why);
    return EXIT_CODE_OK;
}

/* Once, from its beginning. */
static int play(const struct cli *cli, struct config *config, struct ui_again *again)
{
    struct run *run = calloc(1, sizeof(*run));
    char why[RUN_WHY_SIZE];
    enum err err;
    int code;

    if (run == NULL)
        return run_fail(EXIT_CODE_FAILED, "out of memory");
    run->cli = cli;
    run->config = config;
    run->again = again;
    err = run_prepare(run, why);
    if (err == ERR_OK)
        err = check_files(run, why, sizeof(why));
    if (err == ERR_OK)
        err = find_start(run, why, sizeof(why));
    if (err == ERR_OK)
        err = run_open_log_and_store(run, "replay", NULL, cli->file[0], why);
    if (err == ERR_OK && !cli->headless)
        err = run_open_results(run, NULL, why);
    if (err == ERR_OK)
        err = run_open_decisions(run, why);
    if (err == ERR_OK)
        err = run_open_plugins(run, why);
    if (err == ERR_OK && !cli->headless) {
        run_open_look(run);
        run->tap = trail_tap_new();
    }
    if (err == ERR_OK)
        err = open_engine(run, why, sizeof(why));
    if (err != ERR_OK)
        code = run_fail(run_exit_code(err), why);
    else
        code = cli->headless ? run_headless(run) : run_screen(run);
    code = run_close(run, code);
    if (again->outside.last_ns != 0)
        code = fail_outside(&again->outside);
    free(run);
    return code;
}

int command_replay(const struct cli *cli, struct config *config)
{
    struct ui_again again = {.at_ns = 0};
    struct cli next = *cli;
    int code = play(cli, config, &again);

    while (code == EXIT_CODE_OK && again.asked) { /* a jump back */
        again.asked = false;
        next.speed_given = true;
        next.speed_x1000 = again.speed_x1000;
        next.script = NULL; /* its commands were given */
        code = play(&next, config, &again);
    }
    return code;
}

#include "app/command_replay.h"

#include "app/engine.h"
#include "app/options.h"
#include "app/paths.h"
#include "app/summary.h"
#include "app/ui_loop.h"
#include "core/base/clock.h"
#include "core/base/embedded.h"
#include "core/base/log.h"
#include "core/base/safe_text.h"
#include "feed/instruments_file.h"
#include "feed/replay.h"
#include "store/store.h"

#include <errno.h>
#include <flowdeck/version.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WHY_SIZE     512
#define FIRST_STARTS 3 /* as often NEXT is the tutor (SCREENS.md rule 22) */

struct run { /* what is open, in the order of opening */
    const struct cli *cli;
    const struct config *config;
    char data_dir[PATH_TEXT_MAX];
    struct instrument known[INSTRUMENTS_FILE_MAX];
    size_t known_count;
    char symbols_text[CONFIG_TEXT_MAX];
    const char *symbols[INSTRUMENTS_MAX];
    size_t symbol_count;
    struct decoder_config decoder;
    struct pipeline_config pipeline;
    FILE *decisions;
    struct store *store;
    struct engine *engine;
};

static atomic_bool interrupted, reopen_log;
static struct engine *signalled_engine; /* set before the handlers are installed */

static int fail(enum exit_code code, const char *why)
{
    fprintf(stderr, "flowdeck: %s\n", why);
    return (int)code;
}

static enum exit_code exit_code_of(enum err err)
{
    switch (err) {
    case ERR_OK:
        return EXIT_CODE_OK;
    case ERR_USAGE:
    case ERR_CONFIG:
    case ERR_NOT_FOUND:
        return EXIT_CODE_USAGE;
    case ERR_BAD_DATA:
        return EXIT_CODE_DATA;
    case ERR_STORAGE:
        return EXIT_CODE_STORAGE;
    case ERR_TOO_LONG:
    case ERR_OVERFLOW:
    case ERR_RANGE:
    case ERR_DUPLICATE:
    case ERR_FULL:
    case ERR_SEQ_GAP:
    case ERR_STALE:
    case ERR_STATE:
    case ERR_MEMORY:
    case ERR_IO:
    case ERR_UNSUPPORTED:
    case ERR_COUNT:
        break;
    }
    return EXIT_CODE_FAILED;
}

/* --- opening ------------------------------------------------------------------------------------------------- */

static enum err read_instruments(struct run *run, char *why, size_t why_size)
{
    const struct embedded_file *file = embedded_find("config/instruments.yaml");

    if (file == NULL)
        return ERR_OK;
    return instruments_file_parse(file->text, file->size, file->name, run->known, INSTRUMENTS_FILE_MAX,
                                  &run->known_count, why, why_size);
}

/* "btcusdt,ethusdt" -> upper-case symbols; their characters have been checked. */
static enum err split_symbols(struct run *run, char *why, size_t why_size)
{
    char *rest = run->symbols_text, *word;

    snprintf(run->symbols_text, sizeof(run->symbols_text), "%s", config_text(run->config, "symbols"));
    while ((word = strsep(&rest, ",")) != NULL) {
        size_t size = strlen(word);

        if (size == 0)
            continue;
        if (run->symbol_count == INSTRUMENTS_MAX) {
            snprintf(why, why_size, "symbols: more than %d", INSTRUMENTS_MAX);
            return ERR_CONFIG;
        }
        for (size_t i = 0; i < size; i++)
            if (word[i] >= 'a' && word[i] <= 'z')
                word[i] = (char)(word[i] - 'a' + 'A');
        run->symbols[run->symbol_count++] = word;
    }
    return ERR_OK;
}

static enum err prepare(struct run *run, char *why)
{
    enum err err = options_pipeline(run->config, &run->pipeline, why);

    if (err == ERR_OK)
        err = read_instruments(run, why, WHY_SIZE);
    if (err == ERR_OK)
        err = split_symbols(run, why, WHY_SIZE);
    if (err != ERR_OK)
        return err;
    if (!config_is_set(run->config, "mode") || config_text(run->config, "mode")[0] == '\0')
        run->pipeline.mode = run->cli->headless ? MODE_SIMULATION : MODE_OBSERVATION;
    run->decoder.known = run->known;
    run->decoder.known_count = run->known_count;
    run->decoder.symbols = run->symbol_count > 0 ? run->symbols : NULL;
    run->decoder.symbol_count = run->symbol_count;
    return ERR_OK;
}

static enum err open_log_and_store(struct run *run, char *why, size_t why_size)
{
    static const char *const levels[] = {"debug", "info", "warn", "error"};
    char path[PATH_TEXT_MAX + 32], source[128];
    const char *level_word = config_text(run->config, "log.level");
    enum log_level level = LOG_INFO;
    enum err err;
    struct store_session session = {.kind = "replay", .version = FLOWDECK_VERSION, .source = source};

    if (!config_bool(run->config, "store.on"))
        return ERR_OK;
    err = paths_data_dir(config_text(run->config, "data_dir"), run->data_dir, why, why_size);
    if (err != ERR_OK)
        return err;
    for (int i = 0; i < 4; i++)
        if (strcmp(level_word, levels[i]) == 0)
            level = (enum log_level)i;
    snprintf(path, sizeof(path), "%s/flowdeck.log", run->data_dir);
    err = log_open(
        path, strcmp(config_text(run->config, "log.format"), "json") == 0 ? LOG_FORMAT_JSON : LOG_FORMAT_TEXT,
        level);
    if (err != ERR_OK) {
        snprintf(why, why_size, "cannot write flowdeck.log in the data directory: %s", strerror(errno));
        return ERR_STORAGE;
    }
    safe_text(run->cli->file[0], strlen(run->cli->file[0]), source, sizeof(source));
    session.mode = run->pipeline.mode == MODE_SIMULATION ? "simulation" : "observation";
    snprintf(path, sizeof(path), "%s/flowdeck.db", run->data_dir);
    return store_open(path, &session, &run->store, why, why_size);
}

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
                                   .reopen_log = &reopen_log,
                                   .quiet = !run->cli->headless};

    if (run->cli->decisions_path != NULL) {
        run->decisions = fopen(run->cli->decisions_path, "we");
        if (run->decisions == NULL) {
            snprintf(why, why_size, "--decisions: cannot write %s: %s", run->cli->decisions_path,
                     strerror(errno));
            return ERR_USAGE;
        }
    }
    config.pipeline = run->pipeline;
    config.pipeline.decisions_copy = run->decisions;
    return engine_new(&config, &run->engine, why, why_size);
}

/* --- signals --------------------------------------------------------------------------------------------------- */

static void on_signal(int number)
{
    if (number == SIGUSR1)
        engine_kill_from_signal(signalled_engine);
    else if (number == SIGUSR2)
        atomic_store_explicit(&reopen_log, true, memory_order_relaxed);
    else
        atomic_store_explicit(&interrupted, true, memory_order_relaxed);
}

static void catch_signals(struct engine *engine)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    static const int caught[] = {SIGINT, SIGTERM, SIGUSR1, SIGUSR2};

    signalled_engine = engine;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
        sigaction(caught[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTSTP, SIG_IGN); /* a stopped process is an unmanaged book */
    signal(SIGHUP, SIG_IGN);  /* a replay keeps the settings of its start: its decisions depend on them */
}

/* --- running --------------------------------------------------------------------------------------------------- */

static int run_headless(struct run *run)
{
    char why[WHY_SIZE];
    enum exit_code code;

    catch_signals(run->engine);
    if (!engine_run_headless(run->engine, &interrupted))
        return fail(EXIT_CODE_INTERRUPTED, "interrupted");
    if (!(run->cli->json ? summary_print_json(run->engine, run->cli, stdout)
                         : summary_print_text(run->engine, stdout)))
        return fail(EXIT_CODE_FAILED, "cannot write the summary to standard output");
    code = summary_exit_code(run->engine, why, sizeof(why));
    if (code != EXIT_CODE_OK)
        return fail(code, why);
    return EXIT_CODE_OK;
}

static int run_screen(struct run *run)
{
    struct ui_loop_config config = {.engine = run->engine, .config = run->config, .cli = run->cli};

    if (run->data_dir[0] != '\0') {
        int starts = paths_count_start(run->data_dir);

        config.first_start = starts > 0 && starts <= FIRST_STARTS;
    }
    return ui_loop_run(&config);
}

/* Everything is closed on every way out; a failed store turns success into exit code 4. */
static int close_all(struct run *run, int code)
{
    char why[WHY_SIZE];
    int64_t end_ns = run->engine == NULL ? 0 : engine_pipeline(run->engine)->now_ns;

    if (run->store != NULL && store_close(run->store, end_ns, why, sizeof(why)) != ERR_OK)
        code = fail(EXIT_CODE_STORAGE, why);
    engine_free(run->engine);
    log_close();
    if (run->decisions != NULL && fclose(run->decisions) != 0)
        code = fail(EXIT_CODE_FAILED, "cannot write the decisions");
    return code;
}

int command_replay(const struct cli *cli, const struct config *config)
{
    struct run *run = calloc(1, sizeof(*run));
    char why[WHY_SIZE];
    enum err err;
    int code;

    if (run == NULL)
        return fail(EXIT_CODE_FAILED, "out of memory");
    run->cli = cli;
    run->config = config;
    err = prepare(run, why);
    if (err == ERR_OK)
        err = check_files(run, why, sizeof(why));
    if (err == ERR_OK)
        err = open_log_and_store(run, why, sizeof(why));
    if (err == ERR_OK)
        err = open_engine(run, why, sizeof(why));
    if (err != ERR_OK)
        code = fail(exit_code_of(err), why);
    else
        code = cli->headless ? run_headless(run) : run_screen(run);
    code = close_all(run, code);
    free(run);
    return code;
}

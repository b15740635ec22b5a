#include "app/run.h"

#include "app/crash.h"
#include "app/headless.h"
#include "app/lease.h"
#include "app/options.h"
#include "app/past_reader.h"
#include "app/plugins.h"
#include "app/process.h"
#include "app/results_reader.h"
#include "app/schedule_options.h"
#include "app/settings.h"
#include "app/system_look.h"
#include "app/trail.h"
#include "app/ui_loop.h"
#include "core/base/clock.h"
#include "core/base/embedded.h"
#include "core/base/log.h"
#include "core/base/safe_text.h"
#include "service/attach_server.h"
#include "service/control_server.h"
#include "store/db_file.h"
#include "tui/terminal.h"

#include <errno.h>
#include <flowdeck/version.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define NS_PER_DAY   INT64_C(86400000000000)
#define FIRST_STARTS 3 /* as often NEXT is the tutor */

atomic_bool run_interrupted, run_reopen_log;
static struct engine *signalled_engine; /* set before the handlers are installed */

int run_fail(enum exit_code code, const char *why)
{
    fprintf(stderr, "flowdeck: %s\n", why);
    return (int)code;
}

enum exit_code run_exit_code(enum err err)
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

/* What is asked of a command that reads what is stored, and is not there, is no wrong usage. */
enum exit_code run_store_exit_code(enum err err)
{
    if (err != ERR_OK && run_interrupted)
        return EXIT_CODE_INTERRUPTED;
    return err == ERR_NOT_FOUND     ? EXIT_CODE_FAILED
           : err == ERR_UNSUPPORTED ? EXIT_CODE_DATA
                                    : run_exit_code(err);
}

enum err run_tell_interrupted(char *why)
{
    snprintf(why, RUN_WHY_SIZE, "interrupted");
    return ERR_STATE;
}

int run_print_json(json_t *root)
{
    char *text = root == NULL ? NULL : json_dumps(root, JSON_COMPACT);

    json_decref(root);
    if (text == NULL)
        return run_fail(EXIT_CODE_FAILED, "out of memory");
    printf("%s\n", text);
    free(text);
    return EXIT_CODE_OK;
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

/* Before any thread: zones come from the C library. */
static enum err read_schedule(struct run *run, char *why)
{
    run->schedule = calloc(1, sizeof(*run->schedule));
    if (run->schedule == NULL) {
        snprintf(why, RUN_WHY_SIZE, "out of memory");
        return ERR_MEMORY;
    }
    run->pipeline.schedule = run->schedule;
    return schedule_of_settings(run->schedule, run->config, why);
}

enum err run_prepare(struct run *run, char *why)
{
    enum err err = process_has_files(
        run->cli->command == CLI_REPLAY ? PROCESS_FILES_REPLAY : PROCESS_FILES_TRADING, why, RUN_WHY_SIZE);

    if (err == ERR_OK)
        err = options_pipeline(run->config, &run->pipeline, why);
    if (err == ERR_OK)
        err = read_schedule(run, why);
    if (err == ERR_OK)
        err = read_instruments(run, why, RUN_WHY_SIZE);
    if (err == ERR_OK)
        err = split_symbols(run, why, RUN_WHY_SIZE);
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

enum err run_choose_data_dir(struct run *run, char *why)
{
    char path[PATH_TEXT_MAX + 32];
    enum err err = paths_data_dir(config_text(run->config, "data_dir"), run->data_dir, why, RUN_WHY_SIZE);

    if (err == ERR_OK)
        crash_place(run->data_dir);
    if (err != ERR_OK || !config_bool(run->config, "store.on"))
        return err;
    snprintf(path, sizeof(path), "%s/" DB_FILE_NAME, run->data_dir);
    return db_file_look(path, why, RUN_WHY_SIZE);
}

enum err run_open_log(struct run *run, char *why)
{
    char path[PATH_TEXT_MAX + 32];
    enum log_level level = LOG_INFO;
    bool json = strcmp(config_text(run->config, "log.format"), "json") == 0;

    log_level_of(config_text(run->config, "log.level"), &level);
    snprintf(path, sizeof(path), "%s/flowdeck.log", run->data_dir);
    if (log_open(path, json ? LOG_FORMAT_JSON : LOG_FORMAT_TEXT, level) == ERR_OK)
        return ERR_OK;
    snprintf(why, RUN_WHY_SIZE, "cannot write flowdeck.log in the data directory: %s", strerror(errno));
    return ERR_STORAGE;
}

enum err run_open_log_and_store(struct run *run, const char *kind, const char *account, const char *source,
                                char *why)
{
    char safe_source[128];
    enum err err;
    struct clock clock;
    struct store_config store = {.data_dir = run->data_dir,
                                 .account = account == NULL ? kind : account,
                                 .journal = account != NULL,
                                 .kind = kind,
                                 .version = FLOWDECK_VERSION,
                                 .config_sha256 = run->self.config,
                                 .source = safe_source};

    if (!config_bool(run->config, "store.on"))
        return ERR_OK;
    err = run_choose_data_dir(run, why);
    if (err != ERR_OK)
        return err;
    err = run_open_log(run, why);
    if (err != ERR_OK)
        return err;
    safe_text(source, strlen(source), safe_source, sizeof(safe_source));
    store.mode = run->pipeline.mode == MODE_SIMULATION ? "simulation" : "observation";
    store.keep_days[RETENTION_EQUITY] = config_int(run->config, "store.keep_equity_days");
    store.keep_days[RETENTION_CANDLES] = config_int(run->config, "store.keep_candles_days");
    store.keep_days[RETENTION_SIGNALS] = config_int(run->config, "store.keep_signals_days");
    store.ring_dir = config_text(run->config, "journal.ring_dir");
    store.retain_ns = config_int(run->config, "journal.retain_days") * NS_PER_DAY;
    store.segment_bytes = (uint64_t)config_int(run->config, "journal.segment_kib") << 10;
    store.snapshot_frames = (uint64_t)config_int(run->config, "journal.snapshot_frames");
    if (account != NULL) {
        clock_init_real(&clock);
        store.start_ns = clock_now_ns(&clock);
    }
    err = store_open(&store, &run->store, &run->left, why, RUN_WHY_SIZE);
    if (err != ERR_OK || account == NULL)
        return err;
    run->pipeline.recovered = &run->left;
    run->left.from_ring += run->left_in_ring; /* the first reading has put them on disk */
    run->left.took_ns += run->left_took_ns;
    if (run->left.note[0] == '\0')
        snprintf(run->left.note, sizeof(run->left.note), "%s", run->left_note);
    return err;
}

/* Of today: what came before 00:00 UTC has its place on screens 6 and 7. */
static struct past_reader *start_past(const struct run *run, const char *account)
{
    struct past_reader_config config = {
        .data_dir = run->data_dir, .account = account, .epoch = run->left.epoch};
    struct clock clock;

    clock_init_real(&clock);
    config.since_ns = clock_now_ns(&clock) / NS_PER_DAY * NS_PER_DAY;
    return past_reader_start(&config);
}

enum err run_open_results(struct run *run, const char *account, char *why)
{
    struct results_reader_config config = {.data_dir = run->data_dir,
                                           .account = account == NULL ? "replay" : account,
                                           .last_session = account == NULL};

    if (run->store == NULL)
        return ERR_OK;
    run->results = results_reader_start(&config);
    if (account != NULL)
        run->past = start_past(run, account);
    if (run->results != NULL && (account == NULL || run->past != NULL))
        return ERR_OK;
    snprintf(why, RUN_WHY_SIZE, "no memory or no thread to read what is stored");
    return ERR_MEMORY;
}

enum err run_start_deadman(struct run *run, const char *account, char *why)
{
    struct deadman_config *deadman = &run->deadman_config;
    enum err err;

    *deadman = (struct deadman_config){.data_dir = run->data_dir,
                                       .reserve = run->reserve,
                                       .keep_fd = run->lock_fd,
                                       .heartbeat_ms = (int)config_int(run->config, "deadman.heartbeat_ms")};
    snprintf(run->reserve, sizeof(run->reserve), "%s/journal/%s/reserve", run->data_dir, account);
    run_name_life(run);
    run->life = life_page_share(run->self.life);
    if (run->life == NULL) { /* nobody else can see it then: a standby says so */
        run->self.life[0] = '\0';
        run->life = life_page_new();
    }
    if (run->life == NULL) {
        snprintf(why, RUN_WHY_SIZE, "out of memory");
        return ERR_MEMORY;
    }
    crash_tell(run->life);
    deadman->page = run->life;
    deadman->page_path = run->self.life;
    run->pipeline.deadman_ms = deadman->heartbeat_ms;
    err = run->lock_fd > 0 ? instance_lock_write(run->lock_fd, &run->self, why, RUN_WHY_SIZE) : ERR_OK;
    return err == ERR_OK ? deadman_start(deadman, &run->deadman, why, RUN_WHY_SIZE) : err;
}

enum err run_keep_deadman(struct run *run, char *why)
{
    run->watcher = deadman_keeper_start(&run->deadman_config, run->deadman);
    if (run->watcher != NULL)
        return ERR_OK;
    snprintf(why, RUN_WHY_SIZE, "no memory or no thread to watch the dead man");
    return ERR_MEMORY;
}

enum err run_open_plugins(struct run *run, char *why)
{
    struct plugins_config plugins = {.config = run->config,
                                     .data_dir = run->data_dir,
                                     .life = run->life,
                                     .last_act = terminal_restore_signal_safe};

    return plugins_open(&plugins, &run->pipeline, &run->plugins, why, RUN_WHY_SIZE);
}

void run_open_look(struct run *run)
{
    if (run->store != NULL)
        snprintf(run->journal_dir, sizeof(run->journal_dir), "%s", store_figures(run->store)->journal_dir);
    run->look = system_look_start(run->data_dir, run->journal_dir);
}

enum err run_open_keeper(struct run *run, char *why)
{
    run->keeper = kill_keeper_new(run->data_dir, run->store);
    if (run->keeper != NULL)
        return ERR_OK;
    snprintf(why, RUN_WHY_SIZE, "out of memory");
    return ERR_MEMORY;
}

enum err run_open_alerts(struct run *run, const char *account, char *why)
{
    if (run->store == NULL)
        return ERR_OK;
    run->alerts = alert_keeper_new(run->data_dir, account, run->store);
    if (run->alerts != NULL)
        return ERR_OK;
    snprintf(why, RUN_WHY_SIZE, "out of memory");
    return ERR_MEMORY;
}

enum err run_open_decisions(struct run *run, char *why)
{
    if (run->cli->decisions_path == NULL)
        return ERR_OK;
    run->decisions = fopen(run->cli->decisions_path, "we");
    if (run->decisions == NULL) {
        snprintf(why, RUN_WHY_SIZE, "--decisions: cannot write %s: %s", run->cli->decisions_path,
                 strerror(errno));
        return ERR_USAGE;
    }
    run->pipeline.decisions_copy = run->decisions;
    return ERR_OK;
}

/* --- signals --------------------------------------------------------------------------------------------------- */

static void on_signal(int number)
{
    if (number == SIGUSR1)
        engine_kill_from_signal(signalled_engine);
    else if (number == SIGUSR2)
        atomic_store_explicit(&run_reopen_log, true, memory_order_relaxed);
    else
        atomic_store_explicit(&run_interrupted, true, memory_order_relaxed);
}

void run_catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    static const int caught[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT};

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
        sigaction(caught[i], &action, NULL);
}

void run_catch_signals(struct engine *engine)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    static const int caught[] = {SIGINT, SIGTERM, SIGQUIT, SIGALRM, SIGUSR1, SIGUSR2};

    signalled_engine = engine;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(caught) / sizeof(caught[0]); i++)
        sigaction(caught[i], &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTSTP, SIG_IGN); /* a stopped process is an unmanaged book */
    signal(SIGHUP, SIG_IGN);  /* a replay keeps the settings of its start: its decisions depend on them */
}

static bool send_command(void *arg, const struct command *command)
{
    return engine_send(arg, command);
}

int run_without_screen(struct run *run, bool detached)
{
    struct settings_live settings;
    struct headless_config config = {
        .engine = run->engine, .settings = &settings, .seconds = run->cli->seconds, .detached = detached};
    int code;

    settings_init(&settings, run->cli, run->config);
    settings.send = send_command;
    settings.arg = run->engine;
    config.script = detached ? NULL : run->script;
    code = headless_run(&config);
    settings_free(&settings);
    return code;
}

int run_screen(struct run *run)
{
    struct ui_loop_config config = {.port = {.engine = run->engine},
                                    .config = run->config,
                                    .cli = run->cli,
                                    .can_detach = run->service != NULL,
                                    .hangup_leaves = strcmp(config_text(run->config, "hangup"), "leave") == 0,
                                    .journal_dir = run->journal_dir,
                                    .tap = run->tap,
                                    .again = run->again,
                                    .screen = run->again != NULL ? run->again->screen : 0,
                                    .data_dir = run->data_dir};
    bool detached;
    int code;

    if (run->data_dir[0] != '\0') {
        int starts = paths_count_start(run->data_dir);

        config.first_start = starts > 0 && starts <= FIRST_STARTS;
    }
    if (run->life != NULL)
        atomic_store(&run->life->has_screen, true);
    code = ui_loop_run(&config, &detached);
    if (run->life != NULL)
        atomic_store(&run->life->has_screen, false);
    return detached ? run_without_screen(run, true) : code;
}

/* Everything is closed on every way out; a failed store turns success into exit code 4. */
int run_close(struct run *run, int code)
{
    char why[RUN_WHY_SIZE];
    int64_t end_ns = run->engine == NULL ? 0 : engine_pipeline(run->engine)->now_ns;

    attach_server_close(run->attached);
    control_server_close(run->service);
    kill_keeper_free(run->keeper);
    alert_keeper_free(run->alerts);
    past_reader_stop(run->past);
    results_reader_stop(run->results); /* or the store could not empty the database's log */
    if (run->store != NULL && store_close(run->store, end_ns, why, sizeof(why)) != ERR_OK)
        code = run_fail(EXIT_CODE_STORAGE, why);
    script_run_free(run->script);
    engine_free(run->engine);
    trail_tap_free(run->tap);
    system_look_stop(run->look);
    lease_stop(run->lease);
    plugins_close(run->plugins);
    recovered_free(&run->left);
    log_close();
    if (run->watcher != NULL)
        deadman_keeper_stop(run->watcher);
    else
        deadman_stop(run->life, run->deadman);
    crash_tell(NULL);
    life_page_free(run->life);
    life_page_remove(run->self.life);
    free(run->schedule);
    instance_lock_drop(run->lock_fd > 0 ? run->lock_fd : -1);
    if (run->decisions != NULL && fclose(run->decisions) != 0)
        code = run_fail(EXIT_CODE_FAILED, "cannot write the decisions");
    return code;
}

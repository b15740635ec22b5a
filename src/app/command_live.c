#include "app/command_live.h"

#include "app/demo.h"
#include "app/headless.h"
#include "app/live_words.h"
#include "app/options.h"
#include "app/recovery.h"
#include "app/run.h"
#include "app/summary.h"
#include "app/ui_port.h"
#include "core/base/clock.h"
#include "core/base/safe_text.h"
#include "feed/live_feed.h"
#include "feed/recorder.h"
#include "store/store_journal.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define MEGABYTE UINT64_C(1000000)

struct live_run {
    struct run run;
    struct demo demo;
    struct venue_profile venue;
    struct engine_live_config live;
    struct recorder *recorder;
};

/* What is shown when nothing else is asked for. */
static void choose_symbols(struct run *run, bool demo, enum venue venue)
{
    static const char *const made[] = {"BTCUSDT", "ETHUSDT", "SOLUSDT"};

    if (run->symbol_count > 0)
        return;
    if (venue == VENUE_BINANCE_COINM) {
        run->symbols[run->symbol_count++] = "BTCUSD_PERP";
        return;
    }
    for (size_t i = 0; i < (demo ? sizeof(made) / sizeof(made[0]) : 1); i++)
        run->symbols[run->symbol_count++] = made[i];
}

static uint64_t seed_by_chance(void)
{
    uint64_t seed = 0;

    if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
        seed = (uint64_t)clock_monotonic_ns();
    return seed & INT64_MAX;
}

/* One seed, one market: a restart goes on with that of the run before. */
static void choose_seed(struct run *run, const struct recovered *left)
{
    run->pipeline.demo = true;
    if (run->cli->seed_given)
        run->pipeline.demo_seed = run->cli->seed;
    else if (!recovery_demo_seed(left, &run->pipeline.demo_seed))
        run->pipeline.demo_seed = seed_by_chance();
}

static const char *text_or_null(struct config *config, const char *name)
{
    const char *text = config_text(config, name);

    return text[0] == '\0' ? NULL : text;
}

/* A screen says what it waits for; without one --seconds count from an open market. */
static enum err open_demo(struct live_run *self, bool trades, char *why)
{
    struct run *run = &self->run;
    struct demo_config demo = {.data_dir = run->data_dir,
                               .seed = run->pipeline.demo_seed,
                               .symbols = run->symbols,
                               .symbol_count = run->symbol_count,
                               .at_once = trades && !run->cli->headless,
                               .no_past = config_int(run->config, "feed.history_s") == 0};
    enum err err;

    if (!run->cli->demo)
        return ERR_OK;
    if (options_venue(run->config) == VENUE_BINANCE_COINM) {
        snprintf(why, RUN_WHY_SIZE, "--demo: the built-in exchange is binance-spot and binance-usdm, not %s",
                 venue_name(VENUE_BINANCE_COINM));
        return ERR_USAGE;
    }
    err = run_choose_data_dir(run, why);
    if (err != ERR_OK)
        return err;
    return demo_start(&demo, &self->demo, why, RUN_WHY_SIZE);
}

/* One of the two URLs; what is wrong is told with the setting's name. */
static enum err take_url(struct live_run *self, const char *setting, char *why)
{
    const char *url = text_or_null(self->run.config, setting);
    bool rest = strcmp(setting, "feed.rest_url") == 0;
    char fault[RUN_WHY_SIZE / 2];
    enum err err =
        venue_profile_set_urls(&self->venue, rest ? url : NULL, rest ? NULL : url, fault, sizeof(fault));

    if (err != ERR_OK)
        snprintf(why, RUN_WHY_SIZE, "%s: %s", setting, fault);
    return err;
}

static enum err check_ca_file(struct config *config, char *why)
{
    const char *path = text_or_null(config, "feed.ca_file");
    char safe[256];

    if (path == NULL || access(path, R_OK) == 0)
        return ERR_OK;
    safe_text(path, strlen(path), safe, sizeof(safe));
    snprintf(why, RUN_WHY_SIZE, "feed.ca_file: cannot read %s: %s", safe, strerror(errno));
    return ERR_CONFIG;
}

static enum err open_venue(struct live_run *self, char *why)
{
    const struct run *run = &self->run;
    const char *environment = config_text(run->config, "feed.environment");
    enum venue venue = options_venue(run->config);
    enum err err = venue_profile_init(&self->venue, venue, environment);

    if (err != ERR_OK) {
        snprintf(why, RUN_WHY_SIZE, "feed.environment: %s has no '%s'", venue_name(venue), environment);
        return ERR_CONFIG;
    }
    if (run->cli->demo)
        return venue_profile_set_urls(&self->venue, self->demo.rest_url, self->demo.stream_url, why,
                                      RUN_WHY_SIZE);
    err = take_url(self, "feed.rest_url", why);
    if (err == ERR_OK)
        err = take_url(self, "feed.stream_url", why);
    return err == ERR_OK ? check_ca_file(run->config, why) : err;
}

static void fill_live(struct live_run *self)
{
    const struct run *run = &self->run;
    struct config *config = run->config;

    self->live = (struct engine_live_config){
        .venue = &self->venue,
        .symbols = run->symbols,
        .symbol_count = run->symbol_count,
        .known = run->known,
        .known_count = run->known_count,
        .ca_file = run->cli->demo ? self->demo.ca_file : text_or_null(config, "feed.ca_file"),
        .seed = seed_by_chance(),
        .silent_ms = config_int(config, "feed.silent_ms"),
        .rotate_after_s = config_int(config, "feed.rotate_after_s"),
        .audit_every_s = config_int(config, "feed.audit_every_s"),
        .info_every_s = config_int(config, "feed.info_every_s"),
        .history_s = config_int(config, "feed.history_s"),
        .futures_trades = config_bool(config, "feed.futures_trades"),
        .recorder = self->recorder,
        .demo = run->cli->demo,
        .demo_fd = run->cli->demo ? self->demo.alive_fd : -1,
    };
}

static enum err open_engine(struct live_run *self, char *why)
{
    struct run *run = &self->run;
    struct engine_config config = {.live = &self->live,
                                   .decoder = &run->decoder,
                                   .store = run->store,
                                   .keeper = run->keeper,
                                   .alerts = run->alerts,
                                   .life = run->life,
                                   .lease = run->lease,
                                   .watcher = run->watcher,
                                   .results = run->results,
                                   .past = run->past,
                                   .plugins = run->plugins,
                                   .look = run->look,
                                   .first_symbol = run->symbols[0],
                                   .screen_name = ui_port_name(run->screen_name),
                                   .reopen_log = &run_reopen_log,
                                   .quiet = !run->cli->headless,
                                   .pipeline = run->pipeline};

    config.pipeline.live = true;
    fill_live(self);
    return engine_new(&config, &run->engine, why, RUN_WHY_SIZE);
}

/* Whose journal goes on. */
static const char *account_of(const struct run *run)
{
    return run->cli->demo ? "demo" : venue_name(options_venue(run->config));
}

static void watch_too(struct run *run, const char *symbol)
{
    char *own = run->open_symbol[run->symbol_count < INSTRUMENTS_MAX ? run->symbol_count : 0];

    for (size_t i = 0; i < run->symbol_count; i++)
        if (strcmp(run->symbols[i], symbol) == 0)
            return;
    if (run->symbol_count == INSTRUMENTS_MAX)
        return; /* it is told as missing, and nothing new leaves */
    snprintf(own, SYMBOL_SIZE, "%s", symbol);
    run->symbols[run->symbol_count++] = own;
}

/*
 * What an earlier run left open is watched, whatever symbols were asked for. The journal is read for that alone:
 * processes are forked before the store opens it to write.
 */
static enum err watch_what_is_open(struct run *run, char *why)
{
    struct store_journal_config config = {.data_dir = run->data_dir, .account = account_of(run)};
    const char *open[INSTRUMENTS_MAX];
    struct recovered left;
    struct clock clock;
    size_t count;
    enum err err;

    if (!config_bool(run->config, "store.on"))
        return ERR_OK;
    clock_init_real(&clock);
    config.now_ns = clock_now_ns(&clock);
    config.ring_dir = config_text(run->config, "journal.ring_dir");
    err = store_journal_look(&config, &left, why, RUN_WHY_SIZE);
    if (err != ERR_OK)
        return err;
    count = recovery_symbols(&left, open, INSTRUMENTS_MAX);
    for (size_t i = 0; i < count; i++)
        watch_too(run, open[i]);
    if (run->cli->demo)
        choose_seed(run, &left);
    run->left_in_ring = left.from_ring;
    run->left_took_ns = left.took_ns;
    snprintf(run->left_note, sizeof(run->left_note), "%s", left.note);
    recovered_free(&left);
    return ERR_OK;
}

/* Settings, then the demo's child (before any thread), then what threads and files need. */
static enum err open_all(struct live_run *self, const char *kind, bool trades, char *why)
{
    struct run *run = &self->run;
    char source[RECOVERY_SOURCE_MAX];
    enum err err = run_prepare(run, why);

    if (err != ERR_OK)
        return err;
    choose_symbols(run, run->cli->demo, options_venue(run->config));
    if (run->cli->demo && !config_is_set(run->config, "mode"))
        run->pipeline.mode = MODE_SIMULATION;
    else if (!config_is_set(run->config, "mode"))
        run->pipeline.mode = MODE_OBSERVATION;
    if (run->cli->demo)
        choose_seed(run, &(struct recovered){.count = 0});
    if (trades) {
        err = run_choose_data_dir(run, why);
        if (err == ERR_OK)
            err = run_lock_data_dir(run, account_of(run), why);
        if (err == ERR_OK)
            err = watch_what_is_open(run, why);
        if (err == ERR_OK)
            err = run_start_deadman(run, account_of(run), why);
    }
    if (err == ERR_OK)
        err = open_demo(self, trades, why);
    if (err == ERR_OK)
        err = open_venue(self, why);
    if (err == ERR_OK)
        err = run_open_log_and_store(run, kind, trades ? account_of(run) : NULL,
                                     run->cli->demo ? recovery_demo_source(run->pipeline.demo_seed, source)
                                                    : self->venue.stream_url,
                                     why);
    if (err == ERR_OK)
        err = run_open_decisions(run, why);
    if (err == ERR_OK && trades)
        err = run_open_lease(run, why);
    if (err == ERR_OK && trades)
        err = run_keep_deadman(run, why);
    if (err == ERR_OK && trades)
        err = run_open_results(run, account_of(run), why);
    if (err == ERR_OK && trades)
        err = run_open_keeper(run, why);
    if (err == ERR_OK && trades)
        err = run_open_alerts(run, account_of(run), why);
    if (err == ERR_OK && trades)
        err = run_open_plugins(run, why);
    return err;
}

static int close_all(struct live_run *self, int code)
{
    code = run_close(&self->run, code);
    demo_stop(&self->demo);
    free(self);
    return code;
}

static struct live_run *live_run_new(const struct cli *cli, struct config *config)
{
    struct live_run *self = calloc(1, sizeof(*self));

    if (self == NULL)
        return NULL;
    self->run.cli = cli;
    self->run.config = config;
    return self;
}

/* --- the workstation ------------------------------------------------------------------------------------------- */

/* "stream.binance.com not reached in 6 tries: name not found: ..."; what: "nothing was received: ", or "". */
static void tell_unreached(const struct live_status *status, const char *what, char *why, size_t size)
{
    char cause[LIVE_TEXT_MAX];

    live_words_cause(status->link[0].why, status->host, cause, sizeof(cause));
    snprintf(why, size, "%.280s%s not reached in %" PRIu64 " tries: %s; --demo needs no network", what,
             status->host, status->link[0].connects, cause);
}

static bool send_command(void *arg, const struct command *command)
{
    return engine_send(arg, command);
}

static int run_headless(struct live_run *self)
{
    struct run *run = &self->run;
    const struct live_status *status;
    char why[RUN_WHY_SIZE];

    headless_catch_kill(run->engine);
    if (run->cli->script != NULL) {
        run->script = script_run_new(run->cli, run->config, send_command, run->engine);
        if (run->script == NULL)
            return run_fail(EXIT_CODE_FAILED, "out of memory");
    }
    if (engine_start(run->engine, run->script != NULL, why, sizeof(why)) != ERR_OK)
        return run_fail(EXIT_CODE_FAILED, why);
    if (run_without_screen(run, false) != EXIT_CODE_OK)
        return EXIT_CODE_FAILED; /* told already */
    status = engine_live_status(run->engine);
    if (status == NULL)
        return EXIT_CODE_FAILED; /* told already */
    if (!(run->cli->json ? summary_print_json(run->engine, run->cli, stdout)
                         : summary_print_text(run->engine, stdout)))
        return run_fail(EXIT_CODE_FAILED, "cannot write the summary to standard output");
    if (!status->ever_connected) {
        tell_unreached(status, "", why, sizeof(why));
        return run_fail(EXIT_CODE_VENUE, why);
    }
    return EXIT_CODE_OK;
}

int command_workstation(const struct cli *cli, struct config *config)
{
    struct live_run *self = live_run_new(cli, config);
    char why[RUN_WHY_SIZE];
    enum err err;
    int code;

    if (self == NULL)
        return run_fail(EXIT_CODE_FAILED, "out of memory");
    err = open_all(self, cli->demo ? "demo" : "live", true, why);
    if (err == ERR_OK)
        run_open_look(&self->run);
    if (err == ERR_OK)
        err = open_engine(self, why);
    headless_hold_signals(); /* until they are watched: whoever can reach us ends us in order */
    if (err == ERR_OK)
        err = run_open_service(&self->run, why);
    if (err != ERR_OK)
        code = self->run.stood_down ? (int)EXIT_CODE_OK : run_fail(run_exit_code(err), why);
    else
        code = cli->headless ? run_headless(self) : run_screen(&self->run);
    return close_all(self, code);
}

/* --- record ---------------------------------------------------------------------------------------------------- */

/* No file is left that looks like a recording of a quiet market. */
static int tell_nothing_recorded(struct live_run *self, const char *path)
{
    const struct live_status *status = engine_live_status(self->run.engine);
    char why[RUN_WHY_SIZE], what[280];
    bool gone = unlink(path) == 0;

    if (status == NULL)
        return EXIT_CODE_FAILED; /* told already */
    snprintf(what, sizeof(what), "nothing was received, %.200s %s: ", path,
             gone ? "is not kept" : "is empty");
    if (!status->ever_connected)
        tell_unreached(status, what, why, sizeof(why));
    else
        snprintf(why, sizeof(why), "%.280sno message in the time given", what);
    return run_fail(EXIT_CODE_VENUE, why);
}

/* A recording that stopped early is told with its reason: what is missing must not look like a quiet market. */
static int tell_recording(struct live_run *self)
{
    struct recorder_status status;
    char why[RUN_WHY_SIZE];
    enum err err = recorder_close(self->recorder, &status);

    self->recorder = NULL;
    if (err == ERR_OK && status.messages == 0)
        return tell_nothing_recorded(self, status.path);
    fprintf(stderr, "flowdeck: %" PRIu64 " messages in %" PRIu32 " files, the last is %s\n", status.messages,
            status.files, status.path);
    if (err != ERR_OK) {
        snprintf(why, sizeof(why), "the recording stopped: %s (%" PRIu64 " messages lost)", status.why,
                 status.lost);
        return run_fail(EXIT_CODE_STORAGE, why);
    }
    return EXIT_CODE_OK;
}

int command_record(const struct cli *cli, struct config *config)
{
    struct live_run *self = live_run_new(cli, config);
    struct recorder_config recorder = {.path = cli->out_path,
                                       .rotate_bytes = (uint64_t)cli->rotate_mb * MEGABYTE};
    char why[RUN_WHY_SIZE];
    enum err err;
    int code;

    if (self == NULL)
        return run_fail(EXIT_CODE_FAILED, "out of memory");
    err = open_all(self, "record", false, why);
    self->run.pipeline.mode = MODE_OBSERVATION; /* it keeps books only to know when a snapshot is needed */
    if (err == ERR_OK) {
        err = recorder_open(&recorder, &self->recorder, why, sizeof(why));
        if (err == ERR_IO || err == ERR_TOO_LONG)
            err = ERR_USAGE; /* the file that was asked for cannot be */
    }
    if (err == ERR_OK)
        err = open_engine(self, why);
    if (err != ERR_OK) {
        code = run_fail(run_exit_code(err), why);
    } else {
        run_catch_signals(self->run.engine);
        if (cli->seconds > 0)
            alarm((unsigned)cli->seconds);
        engine_run_headless(self->run.engine, &run_interrupted);
        code = tell_recording(self);
    }
    return close_all(self, code);
}

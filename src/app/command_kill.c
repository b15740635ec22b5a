#include "app/command_kill.h"

#include "app/controls_report.h"
#include "app/instance_lock.h"
#include "app/instance_report.h"
#include "app/kill_keeper.h"
#include "app/options.h"
#include "app/paths.h"
#include "app/run.h"
#include "app/start_test.h"
#include "core/base/clock.h"
#include "service/control_socket.h"
#include "service/control_text.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define ASK_MS     6000                 /* a little more than the socket gives the engine */
#define CONFIRM_NS INT64_C(10000000000) /* for the last cancel */
#define FLATTEN_NS INT64_C(10000000000) /* more, for positions */
#define LOOK_NS    20000000             /* between two looks */

struct desk { /* a connection to the engine of a data directory */
    char folder[PATH_TEXT_MAX];
    int fd;
};

/* --- asking --------------------------------------------------------------------------------------------------- */

/* ERR_NOT_FOUND: no engine runs there; *why says so. */
static enum err open_desk(const struct config *config, struct desk *desk, char *why)
{
    enum err err = paths_name_data_dir(config_text(config, "data_dir"), desk->folder, why, RUN_WHY_SIZE);
    pid_t pid;

    desk->fd = -1;
    if (err != ERR_OK) {
        desk->folder[0] = '\0';
        return err;
    }
    err = control_socket_connect(desk->folder, CONTROL_SOCKET, &desk->fd, why, RUN_WHY_SIZE);
    if (err == ERR_NOT_FOUND && !instance_lock_held(desk->folder, &pid))
        snprintf(why, RUN_WHY_SIZE, "no flowdeck trades with the data directory %.400s", desk->folder);
    else if (err == ERR_NOT_FOUND)
        err = ERR_IO; /* it starts, ends, or is sick: there, but it does not listen */
    return err;
}

static void close_desk(struct desk *desk)
{
    if (desk->fd >= 0)
        close(desk->fd);
}

/* The JSON object of one answer; NULL: why says what was wrong. *text is its line, free(), NULL allowed. */
static json_t *ask(struct desk *desk, const char *line, char **text, char *why)
{
    char *answer = NULL;
    json_t *root;

    if (control_socket_ask(desk->fd, line, ASK_MS, &answer, why, RUN_WHY_SIZE) != ERR_OK)
        return NULL;
    root = json_loads(answer, JSON_REJECT_DUPLICATES, NULL);
    if (!json_is_object(root) || !json_is_boolean(json_object_get(root, "ok"))) {
        snprintf(why, RUN_WHY_SIZE, "the running engine's answer cannot be read");
        json_decref(root);
        root = NULL;
    }
    if (root != NULL && text != NULL)
        *text = answer;
    else
        free(answer);
    return root;
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text == NULL ? "" : text;
}

static int64_t number_of(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static bool is_true(const json_t *object, const char *name)
{
    return json_is_true(json_object_get(object, name));
}

static int finish_output(int code)
{
    return fflush(stdout) == 0 && ferror(stdout) == 0 ? code : (int)EXIT_CODE_FAILED;
}

/* --- kill ----------------------------------------------------------------------------------------------------- */

static bool any_position(const json_t *status)
{
    const json_t *at;
    size_t i;

    json_array_foreach(json_object_get(status, "instruments"), i, at)
    {
        if (strcmp(text_of(at, "position"), "0") != 0)
            return true;
    }
    return false;
}

static bool is_quiet(const json_t *status)
{
    const json_t *kill = json_object_get(status, "kill");

    return is_true(kill, "killed") && number_of(kill, "confirmed") >= number_of(kill, "orders") &&
           json_array_size(json_object_get(status, "orders")) == 0;
}

static bool is_latch_settled(const json_t *status)
{
    return strcmp(text_of(json_object_get(status, "kill"), "latched"), "on its way") != 0;
}

/* Looks until all is done or the time is over: the newest status, NULL: no answer any more. */
static json_t *watch(struct desk *desk, bool flatten, char *why)
{
    int64_t by_ns = clock_monotonic_ns() + CONFIRM_NS + (flatten ? FLATTEN_NS : 0);

    for (;;) {
        json_t *status = ask(desk, "{\"do\":\"status\"}\n", NULL, why);

        if (status == NULL ||
            (is_quiet(status) && is_latch_settled(status) && !(flatten && any_position(status))) ||
            clock_monotonic_ns() >= by_ns)
            return status;
        json_decref(status);
        nanosleep(&(struct timespec){.tv_nsec = LOOK_NS}, NULL);
    }
}

/* Each order of the kill with what became of it. */
static void print_results(const json_t *status, FILE *out)
{
    const json_t *at;
    size_t i;

    json_array_foreach(json_object_get(json_object_get(status, "kill"), "results"), i, at)
    {
        bool over = json_is_integer(json_object_get(at, "answered_us"));

        fprintf(out, "%sorder %" PRId64 " %s %s %s %s @ %s: %s",
                over ? "" : "NOT cancelled: ", number_of(at, "order"), text_of(at, "owner"),
                text_of(at, "side"), text_of(at, "qty"), text_of(at, "symbol"), text_of(at, "price"),
                text_of(at, "state"));
        if (strcmp(text_of(at, "filled"), "0") != 0)
            fprintf(out, ", %s filled", text_of(at, "filled"));
        if (over)
            fprintf(out, ", after %.1f ms", (double)number_of(at, "answered_us") / 1000.0);
        fputc('\n', out);
    }
}

static void print_positions(const json_t *status, FILE *out)
{
    const json_t *at;
    size_t i;

    json_array_foreach(json_object_get(status, "instruments"), i, at)
    {
        if (strcmp(text_of(at, "position"), "0") != 0)
            fprintf(out, "position stays open: %s %s\n", text_of(at, "symbol"), text_of(at, "position"));
    }
}

static int print_kill(const json_t *status, bool as_json, bool flatten)
{
    const json_t *kill = json_object_get(status, "kill");
    bool failed = strcmp(text_of(kill, "latched"), "FAILED") == 0;
    bool done = is_quiet(status) && !(flatten && any_position(status));

    if (as_json) {
        json_t *line = json_pack("{s:b,s:O,s:O,s:O}", "done", done, "kill", kill, "orders",
                                 json_object_get(status, "orders"), "instruments",
                                 json_object_get(status, "instruments"));

        if (run_print_json(line) != EXIT_CODE_OK)
            return EXIT_CODE_FAILED;
    } else {
        printf("KILLED %s: %" PRId64 " of %" PRId64 " orders cancelled\n", text_of(status, "state_why"),
               number_of(kill, "confirmed"), number_of(kill, "orders"));
        print_results(status, stdout);
        print_positions(status, stdout);
    }
    if (failed)
        return run_fail(EXIT_CODE_STORAGE, text_of(kill, "latch_why"));
    return finish_output(done ? EXIT_CODE_OK : EXIT_CODE_CANCELS);
}

/* There, but it does not answer: the file does what the socket could not. */
static int leave_file(const struct desk *desk, const char *why)
{
    char path[PATH_TEXT_MAX + sizeof(KILL_FILE) + 1], said[RUN_WHY_SIZE * 2];
    bool left = kill_file_leave(desk->folder, path, sizeof(path));

    snprintf(said, sizeof(said), "%.400s; %s %.400s", why,
             left ? "no cancel is confirmed; it was left the file" : "and it cannot be left the file", path);
    return run_fail(EXIT_CODE_CANCELS, said);
}

int command_kill(const struct cli *cli, const struct config *config)
{
    struct desk desk;
    char why[RUN_WHY_SIZE];
    enum err err = open_desk(config, &desk, why);
    json_t *answer, *status;
    int code;

    if (err == ERR_IO)
        return leave_file(&desk, why);
    if (err != ERR_OK)
        return run_fail(EXIT_CODE_FAILED, why);
    answer =
        ask(&desk, cli->flatten ? "{\"do\":\"kill\",\"flatten\":true}\n" : "{\"do\":\"kill\"}\n", NULL, why);
    json_decref(answer);
    status = answer == NULL ? NULL : watch(&desk, cli->flatten, why);
    if (status == NULL)
        code = leave_file(&desk, why);
    else
        code = print_kill(status, cli->json, cli->flatten);
    json_decref(status);
    close_desk(&desk);
    return code;
}

/* --- status --------------------------------------------------------------------------------------------------- */

/* What this start took over; nothing of the first one. */
static void print_recovery(const json_t *recovery)
{
    if (number_of(recovery, "frames") == 0)
        return;
    printf("%s: epoch %" PRId64 ", %" PRId64 " records (%" PRId64 " from memory), %" PRId64
           " position%s, %" PRId64 " order%s ended, was %s, %.1f ms%s%s\n",
           is_true(recovery, "after_crash") ? "recovered after a crash" : "went on",
           number_of(recovery, "epoch"), number_of(recovery, "frames"), number_of(recovery, "from_ring"),
           number_of(recovery, "positions"), number_of(recovery, "positions") == 1 ? "" : "s",
           number_of(recovery, "orders_ended"), number_of(recovery, "orders_ended") == 1 ? "" : "s",
           text_of(recovery, "state")[0] == '\0' ? "ACTIVE" : text_of(recovery, "state"),
           (double)number_of(recovery, "took_us") / 1000.0,
           is_true(recovery, "done") ? "" : ", not done: waits for ",
           is_true(recovery, "done") ? "" : text_of(recovery, "missing_symbol"));
}

/* What it does now, as the screens say it: where trading is not ACTIVE each of them is PAUSED, and the state says why. */
static void print_strategy(const json_t *at, const char *state)
{
    bool all_are = strcmp(state, "ACTIVE") != 0, on = is_true(at, "on"), disabled = is_true(at, "disabled");
    const char *why = text_of(at, "why");

    printf("%-12s %s", text_of(at, "name"),
           disabled                                   ? "DISABLED"
           : on && (all_are || is_true(at, "paused")) ? "PAUSED"
           : on                                       ? "ON"
                                                      : "off");
    if (why[0] != '\0')
        printf(": %s", why);
    else if (on && !disabled && all_are)
        printf(": all are, %s", state);
    printf("\n");
}

static void print_status(const json_t *status)
{
    const json_t *at, *kill = json_object_get(status, "kill"), *counts = json_object_get(status, "counts");
    size_t i;

    if (strcmp(text_of(status, "state_why"), "start") == 0) /* as screen 5 says it */
        printf("%s %s since the start\n", text_of(status, "mode"), text_of(status, "state"));
    else
        printf("%s %s%s%s\n", text_of(status, "mode"), text_of(status, "state"),
               text_of(status, "state_why")[0] == '\0' ? "" : ": ", text_of(status, "state_why"));
    print_recovery(json_object_get(status, "recovery"));
    if (is_true(kill, "killed"))
        printf("kill: %" PRId64 " of %" PRId64 " orders cancelled, latched: %s\n",
               number_of(kill, "confirmed"), number_of(kill, "orders"), text_of(kill, "latched"));
    if (text_of(status, "attention")[0] != '\0')
        printf("wants attention: %s\n", text_of(status, "attention"));
    printf("equity %s %s; %" PRId64 " intents, %" PRId64 " denied, %" PRId64 " sent, %" PRId64 " fills\n",
           text_of(status, "equity"), text_of(status, "quote"), number_of(counts, "intents"),
           number_of(counts, "denied"), number_of(counts, "sent"), number_of(counts, "fills"));
    json_array_foreach(json_object_get(status, "instruments"), i, at)
    {
        printf("%-12s book %s %" PRId64 " ms, %s / %s, position %s, realised %s, open %s%s\n",
               text_of(at, "symbol"), text_of(at, "book"), number_of(at, "book_age_ms"), text_of(at, "bid"),
               text_of(at, "ask"), text_of(at, "position"), text_of(at, "realised"),
               text_of(at, "unrealised"), is_true(at, "halted") ? ", HALTED" : "");
    }
    json_array_foreach(json_object_get(status, "strategies"), i, at)
    {
        print_strategy(at, text_of(status, "state"));
    }
    json_array_foreach(json_object_get(status, "orders"), i, at)
    {
        printf("order %" PRId64 " %s %s %s %s @ %s, %s\n", number_of(at, "order"), text_of(at, "owner"),
               text_of(at, "side"), text_of(at, "qty"), text_of(at, "symbol"), text_of(at, "price"),
               text_of(at, "state"));
    }
}

/* Asks one line and prints what comes: as it is, or for people. */
static int ask_and_print(struct desk *desk, const char *line, bool as_json, void (*print)(const json_t *))
{
    char why[RUN_WHY_SIZE], *text = NULL;
    json_t *root = ask(desk, line, &text, why);

    if (root == NULL)
        return run_fail(EXIT_CODE_FAILED, why);
    if (!is_true(root, "ok")) {
        snprintf(why, sizeof(why), "%s", text_of(root, "text"));
        json_decref(root);
        free(text);
        return run_fail(EXIT_CODE_FAILED, why);
    }
    if (as_json)
        printf("%s\n", text);
    else
        print(root);
    json_decref(root);
    free(text);
    return finish_output(EXIT_CODE_OK);
}

/* The engine's own words, and who leads and who waits. */
static int print_status_line(json_t *status, const struct desk *desk, bool as_json)
{
    if (!as_json) {
        print_status(status);
        instance_report_print(desk->folder, stdout);
        return finish_output(EXIT_CODE_OK);
    }
    json_object_set_new(status, "instances", instance_report_json(desk->folder));
    if (run_print_json(json_incref(status)) != EXIT_CODE_OK)
        return EXIT_CODE_FAILED;
    return finish_output(EXIT_CODE_OK);
}

int command_status(const struct cli *cli, const struct config *config)
{
    struct desk desk;
    char why[RUN_WHY_SIZE];
    enum err err = open_desk(config, &desk, why);
    json_t *status = err == ERR_OK ? ask(&desk, "{\"do\":\"status\"}\n", NULL, why) : NULL;
    int code;

    if (status != NULL && !is_true(status, "ok"))
        snprintf(why, sizeof(why), "%s", text_of(status, "text"));
    if (status != NULL && is_true(status, "ok")) {
        code = print_status_line(status, &desk, cli->json);
    } else { /* it does not answer: its standby, if there is one, knows more */
        if (!cli->json && desk.folder[0] != '\0')
            instance_report_print(desk.folder, stdout);
        code = run_fail(EXIT_CODE_FAILED, why);
    }
    json_decref(status);
    close_desk(&desk);
    return code;
}

/* --- controls ------------------------------------------------------------------------------------------------- */

#define CONTROL_ROW "%-16s%14s %15s %15s%8s  %-20s%8s  %-9s%-29s%-18s%s\n"
#define MOMENT_SIZE 24

static const char *value_text(const json_t *value, const char *unit, char *out, size_t size)
{
    if (json_is_null(value) || value == NULL)
        snprintf(out, size, "-");
    else if (json_is_string(value))
        snprintf(out, size, "%.24s", json_string_value(value));
    else
        snprintf(out, size, "%" JSON_INTEGER_FORMAT "%s%s", json_integer_value(value),
                 strcmp(unit, "count") == 0 ? "" : " ", strcmp(unit, "count") == 0 ? "" : unit);
    return out;
}

/* "2026-11-18 14:02:09", "-" where there was none. UTC. */
static const char *moment_text(const json_t *value, char out[MOMENT_SIZE])
{
    time_t seconds = (time_t)(json_integer_value(value) / 1000000000);
    struct tm utc;

    if (!json_is_integer(value) || gmtime_r(&seconds, &utc) == NULL ||
        strftime(out, MOMENT_SIZE, "%Y-%m-%d %H:%M:%S", &utc) == 0)
        snprintf(out, MOMENT_SIZE, "-");
    return out;
}

static void print_controls(const json_t *root)
{
    char limit[40], now[40], worst[40], denied[24], tripped[24], when[MOMENT_SIZE];
    const char *above = "";
    const json_t *at;
    size_t i;

    printf(CONTROL_ROW, "control", "limit", "now", "worst", "denied", "last denial", "tripped", "tested",
           "setting", "source", "says");
    json_array_foreach(json_object_get(root, "controls"), i, at)
    {
        const char *unit = text_of(at, "unit");

        snprintf(denied, sizeof(denied), "%" PRId64, number_of(at, "denied"));
        snprintf(tripped, sizeof(tripped), "%" PRId64, number_of(at, "tripped"));
        if (strcmp(above, text_of(at, "code")) == 0) { /* counted for the control, not for each limit */
            snprintf(denied, sizeof(denied), "\"");
            snprintf(tripped, sizeof(tripped), "\"");
        }
        above = text_of(at, "code");
        printf(CONTROL_ROW, text_of(at, "code"),
               value_text(json_object_get(at, "limit"), unit, limit, sizeof(limit)),
               value_text(json_object_get(at, "now"), unit, now, sizeof(now)),
               value_text(json_object_get(at, "worst"), unit, worst, sizeof(worst)), denied,
               moment_text(json_object_get(at, "denied_ns"), when), tripped, text_of(at, "self_test"),
               text_of(at, "option"), text_of(at, "source"), text_of(at, "word"));
    }
    printf("%" PRId64 " of %" PRId64 " self-tests passed at %s UTC\n", number_of(root, "self_tests_passed"),
           number_of(root, "self_tests"), moment_text(json_object_get(root, "self_tested_ns"), when));
}

/* A pipeline that nothing is fed to: its limits are the configured ones, its self-test is run now. */
static char *configured_line(const struct config *config, bool *passed, char *why)
{
    struct view_controls *controls = calloc(1, sizeof(*controls));
    struct pipeline_config made;
    struct pipeline *pipeline = NULL;
    char *line = NULL;
    struct clock clock;

    snprintf(why, RUN_WHY_SIZE, "out of memory");
    if (controls != NULL && options_pipeline(config, &made, why) == ERR_OK)
        pipeline = pipeline_new(&made, NULL);
    if (pipeline != NULL) {
        clock_init_real(&clock);
        *passed = start_test_run(pipeline, NULL, clock_now_ns(&clock), why, RUN_WHY_SIZE) == ERR_OK;
        controls_report_fill(pipeline, NULL, controls);
        line = control_text_controls(controls, "");
    }
    pipeline_free(pipeline);
    free(controls);
    return line;
}

static int print_configured(const struct cli *cli, const struct config *config)
{
    char why[RUN_WHY_SIZE];
    bool passed = false;
    char *line = configured_line(config, &passed, why);
    json_t *root = line == NULL ? NULL : json_loads(line, JSON_REJECT_DUPLICATES, NULL);

    if (root == NULL) {
        free(line);
        return run_fail(EXIT_CODE_FAILED, why);
    }
    if (cli->json)
        fputs(line, stdout);
    else
        print_controls(root);
    json_decref(root);
    free(line);
    return passed ? finish_output(EXIT_CODE_OK) : run_fail(EXIT_CODE_FAILED, why);
}

int command_controls(const struct cli *cli, const struct config *config)
{
    struct desk desk;
    char why[RUN_WHY_SIZE];
    enum err err = open_desk(config, &desk, why);
    int code;

    if (err == ERR_NOT_FOUND) {
        fprintf(stderr,
                "flowdeck: controls: %s: shown are the configured limits, tested now; no use, no denials\n",
                desk.folder[0] == '\0' ? "there is no data directory" : why);
        return print_configured(cli, config);
    }
    if (err != ERR_OK)
        return run_fail(EXIT_CODE_FAILED, why);
    code = ask_and_print(&desk, "{\"do\":\"controls\"}\n", cli->json, print_controls);
    close_desk(&desk);
    return code;
}

/*
 * test_terminal_gone.c - figures of the real program whose terminal stops reading, or is closed: how long from a packet to
 * the order that leaves, beside one whose terminal reads; and how much processor is left in use. Figures are printed,
 * not judged: other work on the machine is in them. FLOWDECK_SOAK=1: for 60 s each.
 */
#include "screen/kill_load.h"
#include "wire/wire_world.h"

#include <dirent.h>
#include <limits.h>

#define SHORT_S     5
#define SOAK_S      60
#define FLOOD_PER_S 500 /* in each of two books */
#define QUIET_S     3   /* after a market was halted */
#define QUIET_SOAK  12  /* until its silence has been dealt with, too */

struct stage { /* one program */
    char folder[64];
    struct vt *vt;
    struct wire_world world; /* a way to ask its exchange */
    int fd;
};

struct figures {
    int64_t orders, p50_us, p99_us, packets, packet_p99_us;
};

static int run_s(void)
{
    return wire_soak() ? SOAK_S : SHORT_S;
}

/* --- a program -------------------------------------------------------------------------------------------------------- */

static void find_exchange(struct stage *stage)
{
    char path[128];
    json_t *told;

    snprintf(path, sizeof(path), "%s/exchange/exchange.json", stage->folder);
    told = json_load_file(path, 0, NULL);
    assert_non_null(told);
    snprintf(stage->world.exchange.rest_url, sizeof(stage->world.exchange.rest_url), "%s",
             client_text(told, "rest"));
    snprintf(stage->world.exchange.ca_file, sizeof(stage->world.exchange.ca_file), "%s",
             client_text(told, "ca"));
    json_decref(told);
    wire_open_net(&stage->world, stage->world.exchange.ca_file);
}

/* A strategy that sends ten times a second, beside all of ours. */
static const char *plugin(void)
{
    static char entry[PATH_MAX + 64];
    const char *build = getenv("FLOWDECK_BUILD");
    char path[512], real[PATH_MAX];

    snprintf(path, sizeof(path), "%s/tests/plugins/restless.so", build == NULL ? "build" : build);
    if (realpath(path, real) == NULL)
        fail_msg("%s is not there", path);
    snprintf(entry, sizeof(entry), "FLOWDECK_STRATEGY_PLUGINS=%s", real);
    return entry;
}

static struct stage *start_stage(const char *symbols, bool eager)
{
    struct stage *stage = calloc(1, sizeof(*stage));
    const char *env[2] = {NULL};
    char config[128];
    const char *argv[] = {program,      "--demo", "--seed", "7",  "--symbol", symbols,
                          "--data-dir", NULL,     NULL,     NULL, NULL};

    assert_non_null(stage);
    strcpy(stage->folder,
           access("/dev/shm", W_OK) == 0 ? "/dev/shm/flowdeck-gone-XXXXXX" : "/tmp/flowdeck-gone-XXXXXX");
    assert_non_null(mkdtemp(stage->folder));
    argv[7] = stage->folder;
    snprintf(config, sizeof(config), "%s/load.yaml", stage->folder);
    if (eager) {
        write_settings(config);
        argv[8] = "--config";
        argv[9] = config;
    }
    env[0] = eager ? plugin() : NULL;
    stage->vt = vt_start(&(struct vt_options){.rows = 55, .cols = 200, .argv = argv, .env = env});
    stage->fd = client_open(stage->folder, stage->vt, START_MS);
    client_wait_live(stage->fd, stage->vt, START_MS);
    vt_expect(stage->vt, "LIVE", ANSWER_MS);
    find_exchange(stage);
    return stage;
}

static void end_stage(struct stage *stage)
{
    char command[128];

    close(stage->fd);
    kill(stage->vt->pid, SIGTERM);
    assert_true(vt_wait_exit(stage->vt, START_MS));
    assert_int_equal(vt_exit_code(stage->vt), 0);
    vt_free(stage->vt);
    ev_timer_stop(stage->world.loop, &stage->world.tick);
    net_free(stage->world.net);
    ev_loop_destroy(stage->world.loop);
    free(stage->world.body);
    snprintf(command, sizeof(command), "rm -rf '%s'", stage->folder);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a fixed command of our own */
    free(stage);
}

/* --- a terminal that stops reading ------------------------------------------------------------------------------------ */

static struct figures figures_of(const struct stage *stage)
{
    json_t *status = client_status(stage->fd);
    const json_t *latency = json_object_get(status, "latency");
    struct figures figures = {.orders = client_number(latency, "packet_to_order", "count"),
                              .p50_us = client_number(latency, "packet_to_order", "p50_us"),
                              .p99_us = client_number(latency, "packet_to_order", "p99_us"),
                              .packets = client_number(latency, "packet_to_decided", "count"),
                              .packet_p99_us = client_number(latency, "packet_to_decided", "p99_us")};

    json_decref(status);
    return figures;
}

static void tell_stage(const char *what, const struct figures *figures, const struct stage *stage)
{
    print_message("  %-22s packet to order p50 %" PRId64 " us, p99 %" PRId64 " us (%" PRId64
                  " orders); packet to decided p99 %" PRId64 " us (%" PRId64
                  " packets); %.1f MB read from it\n",
                  what, figures->p50_us, figures->p99_us, figures->orders, figures->packet_p99_us,
                  figures->packets, (double)stage->vt->bytes / 1e6);
}

/* Two programs beside each other, each with a market of its own from the same seed. */
static void run_pair(bool stops)
{
    static const char *const floods[] = {"BTCUSDT", "ETHUSDT"};
    struct stage *stage[2];
    struct figures figures[2];
    int64_t end_ms;
    char fault[64];

    for (int i = 0; i < 2; i++)
        stage[i] = start_stage("BTCUSDT,ETHUSDT", true);
    for (int i = 0; i < 4; i++) {
        snprintf(fault, sizeof(fault), "flood %d 3600 %s", FLOOD_PER_S, floods[i / 2]);
        wire_fault(&stage[i % 2]->world, fault);
    }
    for (end_ms = vt_now_ms() + run_s() * 1000; vt_now_ms() < end_ms;) {
        vt_pump(stage[0]->vt, 5);
        if (!stops)
            vt_pump(stage[1]->vt, 5);
    }
    for (int i = 0; i < 2; i++)
        figures[i] = figures_of(stage[i]);
    print_message("%d s under a flood of %d events/s, %s:\n", run_s(), 2 * FLOOD_PER_S,
                  stops ? "the second terminal not read" : "both terminals read (the noise)");
    tell_stage("terminal that reads", &figures[0], stage[0]);
    tell_stage(stops ? "terminal that does not" : "terminal that reads", &figures[1], stage[1]);
    for (int i = 0; i < 2; i++) {
        assert_true(figures[i].packets > 0);
        end_stage(stage[i]);
    }
}

static void test_a_terminal_that_stops_reading_delays_no_order(void **state)
{
    (void)state;
    run_pair(false);
    run_pair(true);
}

/* --- a terminal that is closed ------------------------------------------------------------------------------------------ */

/* Nanoseconds on a processor: of the main thread, or of all. */
static int64_t used_ns(pid_t pid, bool all)
{
    char path[64];
    struct dirent *entry;
    int64_t sum = 0;
    DIR *tasks;

    snprintf(path, sizeof(path), "/proc/%d/task", (int)pid);
    tasks = opendir(path);
    assert_non_null(tasks);
    while ((entry = readdir(tasks)) != NULL) {
        int64_t ns = 0;
        FILE *in;

        if (entry->d_name[0] == '.' || (!all && atoi(entry->d_name) != (int)pid))
            continue;
        snprintf(path, sizeof(path), "/proc/%d/task/%.16s/schedstat", (int)pid, entry->d_name);
        in = fopen(path, "re");
        if (in != NULL && fscanf(in, "%" SCNd64, &ns) == 1)
            sum += ns;
        if (in != NULL)
            fclose(in);
    }
    closedir(tasks);
    return sum;
}

/* Each of what costs: the screen is the main thread, the rest is feed, strategies, store. */
static void measure(struct stage *stage, const char *what, int seconds, double *all, double *main_thread)
{
    pid_t pid = stage->vt->pid;
    int64_t all_ns = used_ns(pid, true), main_ns = used_ns(pid, false), from_ms = vt_now_ms(), packets = 0;

    packets = figures_of(stage).packets;
    while (vt_now_ms() < from_ms + seconds * 1000)
        vt_pump(stage->vt, 20);
    packets = figures_of(stage).packets - packets;
    *all = (double)(used_ns(pid, true) - all_ns) / (double)(vt_now_ms() - from_ms) / 1e4;
    *main_thread = (double)(used_ns(pid, false) - main_ns) / (double)(vt_now_ms() - from_ms) / 1e4;
    print_message("  %-38s %6.2f %% of a processor, of it the screen's thread %.3f %%; %.0f packets/s\n",
                  what, *all, *main_thread, (double)packets / seconds);
}

static void test_a_closed_terminal_costs_nothing(void **state)
{
    struct stage *stage = start_stage("BTCUSDT", false);
    double all, screen;

    (void)state;
    print_message("the program on the demo's market, for %d s each:\n", wire_soak() ? SOAK_S : SHORT_S);
    measure(stage, "with its screen", run_s(), &all, &screen);
    vt_hang_up(stage->vt);
    usleep(500000);
    measure(stage, "terminal closed", run_s(), &all, &screen);
    assert_true(screen < 1.0);
    wire_fault(&stage->world, "halt BTCUSDT");
    measure(stage, "terminal closed, the market going quiet", wire_soak() ? QUIET_SOAK : QUIET_S, &all,
            &screen);
    measure(stage, "terminal closed, quiet market", run_s(), &all, &screen);
    assert_true(screen < 1.0);
    end_stage(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_terminal_that_stops_reading_delays_no_order),
        cmocka_unit_test(test_a_closed_terminal_costs_nothing),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

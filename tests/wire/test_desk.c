/*
 * The engine with a screen's end, on its own thread, against the exchange: how long a turn of its loop takes and how
 * long a frame that was asked for takes to come, in quiet times and under a flood. The loop is watched from outside, by
 * watchers of this test around its sleep. And the same of the whole program in a terminal: how long it writes nothing.
 */
#include "app/engine_state.h"
#include "core/base/clock.h"
#include "wire/own_use.h"
#include "wire/wire_world.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <pty.h>
#include <sys/wait.h>

#define LIVE_MS        20000
#define FLOOD_PER_S    130000
#define TURN_MAX_NS    (2000 * MS_NS) /* generous: the machine may have other things to do */
#define FRAME_MAX_NS   (2000 * MS_NS)
#define FRAME_EVERY_NS (33 * MS_NS) /* as the screen does */
#define LONG_TURN_NS   (50 * MS_NS)
#define MS_NS          INT64_C(1000000)
#define NAP_NS         500000
#define GROWTH_MAX     (INT64_C(8) << 20)

static const char *const made[] = {"BTCUSDT", "ETHUSDT", "SOLUSDT"};

struct turns { /* of the engine's loop, from waking to sleeping again; read after a phase was left */
    uint64_t count, longer;
    int64_t worst_ns, worst_cpu_ns;
};

struct desk {
    struct wire_world world; /* its exchange and its way of asking it: no feed, no pipeline */
    struct venue_profile venue;
    struct engine_live_config live;
    struct engine *engine;
    pthread_t thread;
    ev_prepare before_sleep;
    ev_check after_sleep;
    int64_t woke_ns, woke_cpu_ns; /* 0: not yet */
    atomic_int phase;
    struct turns turns[2];
};

struct frames { /* from asking to having it */
    uint64_t count, late;
    int64_t worst_ns, sum_ns;
};

/* --- the loop, watched ------------------------------------------------------------------------------------------ */

static void on_woken(struct ev_loop *loop, ev_check *check, int events)
{
    struct desk *desk = check->data;

    (void)loop;
    (void)events;
    desk->woke_ns = clock_monotonic_ns();
    desk->woke_cpu_ns = thread_cpu_ns();
}

static void on_sleep(struct ev_loop *loop, ev_prepare *prepare, int events)
{
    struct desk *desk = prepare->data;
    struct turns *turns = &desk->turns[atomic_load(&desk->phase)];
    int64_t took_ns = clock_monotonic_ns() - desk->woke_ns, cpu_ns = thread_cpu_ns() - desk->woke_cpu_ns;

    (void)loop;
    (void)events;
    if (desk->woke_ns == 0)
        return;
    turns->count++;
    turns->longer += took_ns > LONG_TURN_NS;
    if (took_ns > turns->worst_ns)
        turns->worst_ns = took_ns;
    if (cpu_ns > turns->worst_cpu_ns)
        turns->worst_cpu_ns = cpu_ns;
}

static void *run(void *arg)
{
    engine_run_loop(arg);
    return NULL;
}

/* --- life ------------------------------------------------------------------------------------------------------- */

static void make_engine(struct desk *desk, size_t symbol_count)
{
    static const struct decoder_config decoder = {.known = NULL};
    struct config *settings = options_config_new();
    struct engine_config config = {
        .live = &desk->live, .decoder = &decoder, .first_symbol = made[0], .quiet = true};
    char why[512];

    assert_int_equal(options_pipeline(settings, &config.pipeline, why), ERR_OK);
    config_free(settings);
    config.pipeline.mode = MODE_SIMULATION;
    strategy_setup_find(&config.pipeline, "ofi")->on = true;
    config.pipeline.live = true;
    assert_int_equal(venue_profile_init(&desk->venue, VENUE_BINANCE_SPOT, NULL), ERR_OK);
    assert_int_equal(venue_profile_set_urls(&desk->venue, desk->world.exchange.rest_url,
                                            desk->world.exchange.stream_url, why, sizeof(why)),
                     ERR_OK);
    desk->live = (struct engine_live_config){.venue = &desk->venue,
                                             .symbols = made,
                                             .symbol_count = symbol_count,
                                             .ca_file = desk->world.exchange.ca_file,
                                             .seed = 1,
                                             .silent_ms = 10000,
                                             .rotate_after_s = 82800,
                                             .audit_every_s = 600,
                                             .demo = true};
    if (engine_new(&config, &desk->engine, why, sizeof(why)) != ERR_OK ||
        engine_open_loop(desk->engine, true, why, sizeof(why)) != ERR_OK)
        fail_msg("the engine did not start: %s", why);
}

static void open_desk(struct desk *desk)
{
    size_t symbol_count = sizeof(made) / sizeof(made[0]);

    memset(desk, 0, sizeof(*desk));
    wire_start_exchange(&desk->world, 12, made, symbol_count);
    make_engine(desk, symbol_count);
    wire_open_net(&desk->world, desk->world.exchange.ca_file);
    ev_prepare_init(&desk->before_sleep, on_sleep);
    ev_check_init(&desk->after_sleep, on_woken);
    desk->before_sleep.data = desk->after_sleep.data = desk;
    ev_set_priority(&desk->after_sleep, EV_MAXPRI); /* the first after the sleep, the last before it */
    ev_set_priority(&desk->before_sleep, EV_MINPRI);
    ev_prepare_start(desk->engine->loop, &desk->before_sleep);
    ev_check_start(desk->engine->loop, &desk->after_sleep);
    assert_int_equal(pthread_create(&desk->thread, NULL, run, desk->engine), 0);
    desk->engine->started = true;
}

static void close_desk(struct desk *desk)
{
    atomic_store(&desk->engine->stopping, true);
    ev_async_send(desk->engine->loop, &desk->engine->wake);
    pthread_join(desk->thread, NULL);
    desk->engine->started = false;
    ev_prepare_stop(desk->engine->loop, &desk->before_sleep);
    ev_check_stop(desk->engine->loop, &desk->after_sleep);
    engine_free(desk->engine);
    wire_close(&desk->world);
}

/* --- frames ----------------------------------------------------------------------------------------------------- */

static bool frame_has_all_live(const struct view_frame *frame)
{
    for (size_t i = 0; i < frame->status.instruments; i++)
        if (frame->status.instrument[i].book_state != BOOK_LIVE)
            return false;
    return frame->status.instruments == sizeof(made) / sizeof(made[0]);
}

/* Asks, and waits for what comes without asking again. */
static int64_t frame_takes_ns(struct desk *desk)
{
    int64_t asked_ns = clock_monotonic_ns(), took_ns;

    engine_poll_frame(desk->engine);
    do {
        nanosleep(&(struct timespec){.tv_nsec = NAP_NS}, NULL);
        took_ns = clock_monotonic_ns() - asked_ns;
        if (took_ns > FRAME_MAX_NS)
            fail_msg("no frame in %lld ms", (long long)(took_ns / MS_NS));
    } while (!triple_buffer_update(desk->engine->screen[0].frames));
    return took_ns;
}

static void look(struct desk *desk, int64_t seconds, struct frames *frames)
{
    int64_t end_ns = clock_monotonic_ns() + seconds * 1000 * MS_NS;

    memset(frames, 0, sizeof(*frames));
    while (clock_monotonic_ns() < end_ns) {
        int64_t took_ns = frame_takes_ns(desk);

        frames->count++;
        frames->sum_ns += took_ns;
        frames->late += took_ns > 250 * MS_NS;
        if (took_ns > frames->worst_ns)
            frames->worst_ns = took_ns;
        if (took_ns < FRAME_EVERY_NS)
            nanosleep(&(struct timespec){.tv_nsec = FRAME_EVERY_NS - took_ns}, NULL);
    }
}

static void tell(const struct desk *desk, int phase, const char *when, const struct frames *frames)
{
    const struct turns *turns = &desk->turns[phase];

    print_message(
        "%s: %llu turns, %llu longer than 50 ms, the worst %.2f ms (%.2f ms of processor); %llu frames in "
        "%.1f ms, the worst %.1f ms, %llu later than 250 ms\n",
        when, (unsigned long long)turns->count, (unsigned long long)turns->longer,
        (double)turns->worst_ns * 1e-6, (double)turns->worst_cpu_ns * 1e-6, (unsigned long long)frames->count,
        (double)frames->sum_ns * 1e-6 / (double)frames->count, (double)frames->worst_ns * 1e-6,
        (unsigned long long)frames->late);
}

static void test_turns_and_frames_quiet_and_flooded(void **state)
{
    static struct desk desk;
    int quiet_s = wire_soak() ? 30 : 1, flood_s = wire_soak() ? 60 : 1;
    int64_t end_ns = clock_monotonic_ns() + LIVE_MS * MS_NS, memory;
    struct frames quiet, flooded;
    bool live = false;

    (void)state;
    open_desk(&desk);
    while (!live && clock_monotonic_ns() < end_ns) {
        frame_takes_ns(&desk);
        live = frame_has_all_live(engine_frame(desk.engine));
    }
    assert_true(live);
    look(&desk, quiet_s, &quiet);
    atomic_store(&desk.phase, 1);
    memory = memory_anonymous_bytes(0);
    for (size_t i = 0; i < 2; i++) {
        char fault[64];

        snprintf(fault, sizeof(fault), "flood %d %d %s", FLOOD_PER_S, flood_s, made[i]);
        wire_fault(&desk.world, fault);
    }
    look(&desk, flood_s, &flooded);
    memory = memory_anonymous_bytes(0) - memory;
    assert_true(frame_has_all_live(engine_frame(desk.engine)));
    close_desk(&desk);
    tell(&desk, 0, "quiet", &quiet);
    tell(&desk, 1, "flooded", &flooded);
    print_message("memory grew by %lld kB under the flood\n", (long long)memory / 1000);
    assert_true(desk.turns[0].worst_ns < TURN_MAX_NS && desk.turns[1].worst_ns < TURN_MAX_NS);
    assert_true(memory_within(memory, GROWTH_MAX));
}

/* --- the program in a terminal ---------------------------------------------------------------------------------- */

struct terminal {
    struct wire_world world; /* its folder, and a way of asking the program's exchange */
    int master;
    pid_t pid;
    uint64_t bytes, writes;
    int64_t heard_ns, longest_ns;
};

static void start_program(struct terminal *terminal)
{
    const char *build = getenv("FLOWDECK_BUILD");
    struct winsize size = {50, 160, 0, 0};
    char program[256];

    snprintf(program, sizeof(program), "%s/flowdeck", build == NULL ? "build" : build);
    snprintf(terminal->world.folder, sizeof(terminal->world.folder), "/tmp/flowdeck-wire-XXXXXX");
    assert_non_null(mkdtemp(terminal->world.folder));
    fflush(NULL);
    terminal->pid = forkpty(&terminal->master, NULL, NULL, &size);
    assert_true(terminal->pid >= 0);
    if (terminal->pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        setenv("LANG", "C.UTF-8", 1);
        execl(program, program, "--demo", "--seed", "14", "--data-dir", terminal->world.folder, "--symbol",
              "BTCUSDT,ETHUSDT", (char *)NULL);
        _exit(127);
    }
    fcntl(terminal->master, F_SETFL, O_NONBLOCK);
    terminal->heard_ns = clock_monotonic_ns();
}

/* Reads what the program writes for so long, as a terminal that is quick. */
static void listen_ms(struct terminal *terminal, int64_t ms)
{
    int64_t end_ns = clock_monotonic_ns() + ms * MS_NS, now_ns;
    struct pollfd ready = {.fd = terminal->master, .events = POLLIN};
    char bytes[16384];

    while ((now_ns = clock_monotonic_ns()) < end_ns) {
        ssize_t got = poll(&ready, 1, 5) > 0 ? read(terminal->master, bytes, sizeof(bytes)) : 0;

        if (now_ns - terminal->heard_ns > terminal->longest_ns)
            terminal->longest_ns = now_ns - terminal->heard_ns;
        if (got <= 0)
            continue;
        terminal->heard_ns = now_ns;
        terminal->bytes += (uint64_t)got;
        terminal->writes++;
    }
}

/* Its exchange, once it has told where it is. */
static void find_exchange(struct terminal *terminal)
{
    struct demo *exchange = &terminal->world.exchange;
    char path[128];
    json_error_t error;
    json_t *told = NULL;

    snprintf(path, sizeof(path), "%s/exchange/exchange.json", terminal->world.folder);
    for (int i = 0; i < LIVE_MS / 100 && told == NULL; i++) {
        listen_ms(terminal, 100);
        told = json_load_file(path, 0, &error);
    }
    assert_non_null(told);
    snprintf(exchange->rest_url, sizeof(exchange->rest_url), "%s",
             json_string_value(json_object_get(told, "rest")));
    snprintf(exchange->ca_file, sizeof(exchange->ca_file), "%s",
             json_string_value(json_object_get(told, "ca")));
    json_decref(told);
    wire_open_net(&terminal->world, exchange->ca_file);
}

static void stop_program(struct terminal *terminal)
{
    int status = 0;
    pid_t gone = 0;

    kill(terminal->pid, SIGTERM);
    for (int i = 0; i < LIVE_MS / 20 && gone == 0; i++) {
        listen_ms(terminal, 20);
        gone = waitpid(terminal->pid, &status, WNOHANG);
    }
    assert_int_equal(gone, terminal->pid);
    assert_true(WIFEXITED(status));
    close(terminal->master);
    wire_close(&terminal->world);
}

static void begin_figures(struct terminal *terminal)
{
    terminal->bytes = terminal->writes = 0;
    terminal->longest_ns = 0;
    terminal->heard_ns = clock_monotonic_ns();
}

static void test_the_program_draws_under_a_flood(void **state)
{
    static struct terminal terminal;
    int64_t flood_s = wire_soak() ? 60 : 1, memory, grown;
    char fault[64];

    (void)state;
    start_program(&terminal);
    find_exchange(&terminal);
    listen_ms(&terminal, wire_soak() ? 10000 : 1000);
    for (size_t i = 0; i < 2; i++) {
        snprintf(fault, sizeof(fault), "flood %d %d %s", FLOOD_PER_S, (int)flood_s, made[i]);
        wire_fault(&terminal.world, fault);
    }
    listen_ms(&terminal, 100); /* what was written meanwhile */
    memory = memory_anonymous_bytes(terminal.pid);
    begin_figures(&terminal);
    listen_ms(&terminal, flood_s * 1000);
    grown = memory_anonymous_bytes(terminal.pid) - memory;
    print_message(
        "in a terminal: %llu writes and %.0f kB in %lld s, at most %.0f ms without one; memory %.1f MB, grew "
        "by %lld kB\n",
        (unsigned long long)terminal.writes, (double)terminal.bytes * 1e-3, (long long)flood_s,
        (double)terminal.longest_ns * 1e-6, (double)memory * 1e-6, (long long)grown / 1000);
    assert_true(terminal.writes > 0);
    assert_true(terminal.longest_ns < FRAME_MAX_NS);
    assert_true(memory_within(grown, GROWTH_MAX));
    stop_program(&terminal);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_turns_and_frames_quiet_and_flooded),
        cmocka_unit_test(test_the_program_draws_under_a_flood),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

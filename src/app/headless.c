#include "app/headless.h"

#include "core/base/clock.h"
#include "core/base/log.h"

#include <ev.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define SAME_HANGUP_NS                                                                                       \
    INT64_C(10000000000) /* one lost terminal sends HUP several times: kernel, shell, session */

#define SCRIPT_S 0.03 /* between two looks at an answer */

static const int watched[] = {SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR2, SIGTSTP};
#define WATCHED (sizeof(watched) / sizeof(watched[0]))

struct headless {
    const struct headless_config *config;
    struct ev_loop *loop;
    ev_signal signal[WATCHED];
    ev_timer end, script;
    int64_t start_ns;
    int exit_code;
};

static void mask_signals(int how)
{
    sigset_t set;

    sigemptyset(&set);
    for (size_t i = 0; i < WATCHED; i++)
        sigaddset(&set, watched[i]);
    sigprocmask(how, &set, NULL);
}

void headless_hold_signals(void)
{
    mask_signals(SIG_BLOCK);
}

void headless_release_signals(void)
{
    mask_signals(SIG_UNBLOCK);
}

static void reload(struct headless *self)
{
    char line[SETTINGS_LINE_SIZE];
    struct clock clock;
    enum err err;

    if (self->config->detached && clock_monotonic_ns() - self->start_ns < SAME_HANGUP_NS)
        return;
    err = settings_reload(self->config->settings, line);
    clock_init_real(&clock);
    log_ev(err == ERR_OK ? LOG_INFO : LOG_ERROR, clock_now_ns(&clock), 0, "config.reload",
           LOG_TEXT("what", line));
    fprintf(stderr, "flowdeck: %s\n", line);
}

static void on_signal(struct ev_loop *loop, ev_signal *signal, int events)
{
    struct headless *self = signal->data;

    (void)events;
    switch (signal->signum) {
    case SIGUSR2:
        log_reopen();
        return;
    case SIGHUP:
        reload(self);
        return;
    case SIGTSTP:
        fprintf(stderr, "flowdeck: not stopped: a stopped process is an unmanaged book\n");
        return;
    default:
        self->exit_code =
            signal->signum == SIGINT && self->config->detached ? EXIT_CODE_INTERRUPTED : EXIT_CODE_OK;
        ev_break(loop, EVBREAK_ALL);
    }
}

static void on_end(struct ev_loop *loop, ev_timer *end, int events)
{
    (void)end;
    (void)events;
    ev_break(loop, EVBREAK_ALL);
}

/* Nobody watches what was begun only half: a file that fails ends the run in order. */
static void on_script(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct headless *self = timer->data;
    struct engine *engine = self->config->engine;
    const struct view_frame *frame = engine_poll_frame(engine) ? engine_frame(engine) : NULL;
    enum ui_script_state state = script_run_frame(self->config->script, frame, clock_monotonic_ns());

    (void)events;
    if (state == UI_SCRIPT_RUNS)
        return;
    ev_timer_stop(loop, timer);
    engine_leave_screen(engine);
    if (state != UI_SCRIPT_FAILED)
        return;
    self->exit_code = EXIT_CODE_FAILED;
    ev_break(loop, EVBREAK_ALL);
}

static struct engine *killed_engine;

static void on_kill_signal(int number)
{
    (void)number;
    engine_kill_from_signal(killed_engine);
}

void headless_catch_kill(struct engine *engine)
{
    struct sigaction action = {.sa_handler = on_kill_signal, .sa_flags = SA_RESTART};

    killed_engine = engine;
    sigemptyset(&action.sa_mask);
    sigaction(SIGUSR1, &action, NULL); /* the handler itself sets the flag */
}

static void watch_signals(struct headless *self)
{
    signal(SIGPIPE, SIG_IGN);
    for (size_t i = 0; i < WATCHED; i++) {
        ev_signal_init(&self->signal[i], on_signal, watched[i]);
        self->signal[i].data = self;
        ev_signal_start(self->loop, &self->signal[i]);
    }
    headless_release_signals(); /* what waited comes now */
}

static void stop_watching(struct headless *self)
{
    headless_hold_signals(); /* a second one must not end what ends in order */
    for (size_t i = 0; i < WATCHED; i++)
        ev_signal_stop(self->loop, &self->signal[i]);
    ev_timer_stop(self->loop, &self->end);
    ev_timer_stop(self->loop, &self->script);
}

int headless_run(const struct headless_config *config)
{
    struct headless self = {.config = config, .start_ns = clock_monotonic_ns()};

    self.loop = ev_default_loop(0);
    if (self.loop == NULL) {
        fprintf(stderr, "flowdeck: cannot make an event loop\n");
        engine_stop(config->engine);
        return EXIT_CODE_FAILED;
    }
    ev_timer_init(&self.end, on_end, (double)config->seconds, 0.);
    if (config->seconds > 0)
        ev_timer_start(self.loop, &self.end);
    ev_timer_init(&self.script, on_script, 0., SCRIPT_S);
    self.script.data = &self;
    if (config->script != NULL)
        ev_timer_start(self.loop, &self.script);
    watch_signals(&self);
    ev_run(self.loop, 0);
    stop_watching(&self);
    engine_stop(config->engine);
    return self.exit_code;
}

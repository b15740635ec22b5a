#include "app/headless.h"
#include "app/history_file.h"
#include "app/key_options.h"
#include "app/ui_leave.h"
#include "app/ui_loop_state.h"
#include "core/base/clock.h"
#include "core/base/decimal.h"
#include "core/base/log.h"
#include "tui/terminal.h"

#include <errno.h>
#include <flowdeck/version.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define FRAME_S   0.033
#define LOOK_EACH 8 /* frames: four times a second it is asked whether a theme's file was changed */
#define READ_MAX  4096

#define FIRST_LOOKS   100 /* then it is drawn without */
#define FIRST_LOOK_NS 1000000

/* --- drawing ----------------------------------------------------------------------------------------------------- */

static void watch_writing(struct ui_loop *self)
{
    if (screen_wants_write(self->screen))
        ev_io_start(self->loop, &self->writable);
    else
        ev_io_stop(self->loop, &self->writable);
}

static void lose_terminal(struct ui_loop *self)
{
    self->gone = true;
    if (self->config->can_detach && !self->config->hangup_leaves)
        self->detaching = "the terminal is closed";
    ev_break(self->loop, EVBREAK_ALL);
}

static void draw(struct ui_loop *self)
{
    int64_t now_ns = clock_monotonic_ns(), rest_ns = pace_rests(&self->paint.pace, now_ns);

    if (rest_ns > 0) { /* the engine's thread may wait for this very processor */
        self->rest.repeat = (double)rest_ns / 1e9;
        ev_timer_again(self->loop, &self->rest);
        return;
    }
    if (ui_paint_draw(&self->paint, now_ns) == SCREEN_GONE)
        lose_terminal(self);
    else
        watch_writing(self);
}

static void on_rested(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    ev_timer_stop(loop, timer);
    draw(timer->data);
}

/* Two steps of the heat map in a cell: where they are colours and the terminal has half blocks. */
static bool shows_halves(const struct ui_loop *self)
{
    enum colour_depth depth = screen_depth(self->screen);
    struct paint wall;

    if (depth < DEPTH_256 || screen_tier(self->screen) == TIER_ASCII)
        return false;
    wall = theme_paint(&self->theme.theme, style_role(ROLE_HEAT_7), depth);
    return wall.bg >= 0 && wall.fg == wall.bg; /* a theme without colours draws glyphs */
}

/* The end of a recording is found while it plays: only then is it known that --at lies behind it. True: the screen ends. */
static bool starts_outside(struct ui_loop *self)
{
    const struct view_frame *frame = ui_port_frame(self->port);
    struct ui_again *again = self->config->again;

    if (again == NULL || frame == NULL || again->wanted_ns == 0 || frame->status.replay_last_ns == 0)
        return false;
    if (again->wanted_ns <= frame->status.replay_last_ns ||
        frame->status.replay_seek_ns !=
            again->wanted_ns) { /* it is there, or somebody wanted to be elsewhere */
        again->wanted_ns = 0;
        return false;
    }
    again->outside = (struct replay_span){frame->status.replay_first_ns, frame->status.replay_last_ns};
    return true;
}

static void on_frame(struct ev_loop *loop, ev_timer *timer, int events)
{
    struct ui_loop *self = timer->data;
    int64_t now_ns = clock_monotonic_ns();

    (void)events;
    key_decoder_tick(screen_keys(self->screen), now_ns);
    ui_halves(self->ui, shows_halves(self));
    if (ui_port_poll(self->port)) {
        if (starts_outside(self)) {
            ev_break(loop, EVBREAK_ALL);
            return;
        }
        ui_frame(self->ui, ui_port_frame(self->port), now_ns);
        ui_paint_changed(&self->paint);
    }
    ui_loop_host_look(self, now_ns);
    if (ui_port_ended(self->port) != NULL) {
        ev_break(loop, EVBREAK_ALL);
        return;
    }
    if (self->frames++ % LOOK_EACH == 0 && ui_theme_look(&self->theme, self->screen, self->ui, now_ns))
        ui_paint_key(&self->paint);
    if (ui_tick(self->ui, now_ns))
        ui_paint_changed(&self->paint);
    draw(self);
}

static void on_writable(struct ev_loop *loop, ev_io *io, int events)
{
    struct ui_loop *self = io->data;
    enum screen_result result = screen_flush(self->screen);

    (void)loop;
    (void)events;
    if (result == SCREEN_GONE) {
        lose_terminal(self);
        return;
    }
    if (result == SCREEN_DONE)
        ui_paint_left(&self->paint, clock_monotonic_ns());
    watch_writing(self);
}

/* --- keys --------------------------------------------------------------------------------------------------------- */

static void on_key(void *arg, const struct key_event *key)
{
    struct ui_loop *self = arg;
    uint32_t base = key_base(key->key);

    if (base == KEY_REPLY_STATUS) {
        self->more |= ui_paint_reply(&self->paint, clock_monotonic_ns());
    } else if (base == KEY_REPLY_CURSOR || base == KEY_REPLY_MODE) {
        if (screen_reply(self->screen, key))
            ui_paint_changed(&self->paint);
    } else {
        ui_key(self->ui, key, clock_monotonic_ns());
        ui_loop_tell_left(self);
        ui_paint_key(&self->paint);
        self->more = true;
    }
}

static void on_readable(struct ev_loop *loop, ev_io *io, int events)
{
    struct ui_loop *self = io->data;
    char bytes[READ_MAX];
    ssize_t size = read(screen_fd(self->screen), bytes, sizeof(bytes));

    (void)loop;
    (void)events;
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
        lose_terminal(self);
        return;
    }
    self->more = false;
    self->read_ns = clock_monotonic_ns();
    if (size > 0)
        key_decoder_read(screen_keys(self->screen), bytes, (size_t)size, self->read_ns);
    self->read_ns = 0;
    if (self->more) /* the echo of a key, the rest of a picture: they do not wait for the frame timer */
        draw(self);
}

/* --- signals ------------------------------------------------------------------------------------------------------ */

static void on_resize(struct ev_loop *loop, ev_signal *signal, int events)
{
    struct ui_loop *self = signal->data;

    (void)loop;
    (void)events;
    if (!screen_resized(self->screen))
        return;
    ui_resize(self->ui, screen_cols(self->screen), screen_rows(self->screen), clock_monotonic_ns());
    ui_paint_key(&self->paint);
    draw(self);
}

/* TERM, INT and QUIT end in order; HUP, too, where nobody could reach the engine any more. */
static void on_end(struct ev_loop *loop, ev_signal *signal, int events)
{
    struct ui_loop *self = signal->data;

    (void)events;
    if (signal->signum == SIGHUP && self->config->can_detach && !self->config->hangup_leaves)
        self->detaching = "signal HUP";
    self->exit_code = signal->signum == SIGINT ? EXIT_CODE_INTERRUPTED : EXIT_CODE_OK;
    ev_break(loop, EVBREAK_ALL);
}

static void on_reopen(struct ev_loop *loop, ev_signal *signal, int events)
{
    (void)loop;
    (void)signal;
    (void)events;
    log_reopen();
}

/* A stopped process is an unmanaged book: the same words as for the key. */
static void on_refused(struct ev_loop *loop, ev_signal *signal, int events)
{
    struct ui_loop *self = signal->data;
    const struct key_event key = {.key = KEY_CTRL | 'z'};

    (void)loop;
    (void)events;
    ui_key(self->ui, &key, clock_monotonic_ns());
    ui_paint_key(&self->paint);
}

/* STOP cannot be refused; a shell may have used the terminal meanwhile. */
static void on_resumed(struct ev_loop *loop, ev_signal *signal, int events)
{
    struct ui_loop *self = signal->data;

    (void)loop;
    (void)events;
    if (!screen_resume(self->screen))
        return;
    ui_paint_key(&self->paint);
    watch_writing(self);
}

/* The engine's own process has a handler that raises the flag itself; from here it goes over the socket. */
static void on_kill(struct ev_loop *loop, ev_signal *signal, int events)
{
    struct ui_loop *self = signal->data;
    const struct command kill = {.kind = COMMAND_KILL};

    (void)loop;
    (void)events;
    (void)ui_loop_send(self, &kill);
    ui_loop_tell_left(self);
    ui_paint_key(&self->paint);
}

static void start_signal(struct ui_loop *self, ev_signal *watcher,
                         void (*callback)(struct ev_loop *, ev_signal *, int), int number)
{
    ev_signal_init(watcher, callback, number);
    watcher->data = self;
    ev_signal_start(self->loop, watcher);
}

static void watch_signals(struct ui_loop *self)
{
    static const int endings[UI_LOOP_ENDINGS] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};

    if (self->port->client != NULL)
        start_signal(self, &self->kill, on_kill, SIGUSR1);
    else
        headless_catch_kill(self->port->engine);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTTIN, SIG_IGN); /* in the background it would be stopped for reading: the read fails instead */
    signal(SIGTTOU, SIG_IGN);
    start_signal(self, &self->resized, on_resize, SIGWINCH);
    for (int i = 0; i < UI_LOOP_ENDINGS; i++)
        start_signal(self, &self->ended[i], on_end, endings[i]);
    start_signal(self, &self->reopen, on_reopen, SIGUSR2);
    start_signal(self, &self->refused, on_refused, SIGTSTP);
    start_signal(self, &self->resumed, on_resumed, SIGCONT);
    headless_release_signals();
}

/* --- life --------------------------------------------------------------------------------------------------------- */

static void read_sizes(const struct config *config, struct ui_config *out)
{
    char text[CONFIG_TEXT_MAX];
    char *rest = text, *word;
    int count = 0;

    snprintf(text, sizeof(text), "%s", config_text(config, "order.sizes"));
    while (count < 5 && (word = strsep(&rest, ",")) != NULL) {
        int64_t size_e8;

        if (decimal_parse(word, strlen(word), DECIMAL_E8_DIGITS, &size_e8) == ERR_OK && size_e8 > 0)
            out->size_presets_e8[count++] = size_e8;
    }
    for (; count < 5; count++) /* fewer than five: the last stands for the rest */
        out->size_presets_e8[count] = count == 0 ? DECIMAL_E8 / 100 : out->size_presets_e8[count - 1];
}

static bool open_screen(struct ui_loop *self, char why[SCREEN_WHY_SIZE])
{
    const struct cli *cli = self->config->cli;
    struct screen_options options = {.backend = cli->terminal_curses ? SCREEN_CURSES : SCREEN_OWN,
                                     .mouse = config_bool(self->config->config, "screen.mouse"),
                                     .focus = true};

    if (cli->no_color)
        options.depth_plus_1 = (int)DEPTH_MONO + 1;
    if (cli->ascii)
        options.tier_plus_1 = (int)TIER_ASCII + 1;
    if (ui_theme_use(&self->theme, config_text(self->config->config, "theme"), why) != ERR_OK)
        return false;
    self->screen = screen_open(&options, &self->theme.theme, why);
    return self->screen != NULL;
}

static void take_past(void *arg, const char *line)
{
    ui_typed_before(arg, line);
}

static bool make_ui(struct ui_loop *self)
{
    struct ui_config config = {.bell = config_bool(self->config->config, "screen.bell"),
                               .mouse = config_bool(self->config->config, "screen.mouse"),
                               .readonly = self->config->cli->readonly,
                               .first_start = self->config->first_start,
                               .attached = self->port->client != NULL,
                               .screen = self->config->screen,
                               .theme = config_text(self->config->config, "theme"),
                               .layouts = config_text(self->config->config, "layout.saved"),
                               .layout = self->port->client != NULL
                                             ? "" /* a second terminal shows what it was asked for */
                                             : config_text(self->config->config, "layout.start"),
                               .version = FLOWDECK_VERSION};
    char why[CONFIG_WHY_SIZE];
    struct keymap keys;
    struct ui_host host;

    if (!ui_loop_host(self, &host))
        return false;
    read_sizes(self->config->config, &config);
    (void)key_options_read(self->config->config, &keys,
                           why); /* a start has refused what it refuses; attach goes on */
    keys.latin = screen_tier(self->screen) != TIER_UTF8;
    config.keys = &keys;
    if (self->config->again != NULL)
        config.bookmarks = &self->config->again->bookmarks;
    self->ui = ui_new(&config, &host);
    if (self->ui == NULL ||
        !ui_paint_open(&self->paint, self->screen, self->ui,
                       config_int(self->config->config, "screen.bytes_per_s"), clock_monotonic_ns()))
        return false;
    ui_resize(self->ui, screen_cols(self->screen), screen_rows(self->screen), clock_monotonic_ns());
    screen_keys_to(self->screen, on_key, self);
    if (self->config->cli->script != NULL)
        ui_execute(self->ui, self->config->cli->script);
    history_file_load(self->config->data_dir, take_past, self->ui);
    return true;
}

static void start_watchers(struct ui_loop *self)
{
    ev_io_init(&self->readable, on_readable, screen_fd(self->screen), EV_READ);
    ev_set_priority(&self->readable,
                    EV_MAXPRI); /* before the tick that takes what was not read yet for silence */
    ev_io_init(&self->writable, on_writable, screen_fd(self->screen), EV_WRITE);
    ev_timer_init(&self->frame, on_frame, 0., FRAME_S);
    ev_timer_init(&self->rest, on_rested, 0., 0.);
    self->readable.data = self->writable.data = self->frame.data = self->rest.data = self;
    ui_paint_start(&self->paint, clock_monotonic_ns());
    ev_io_start(self->loop, &self->readable);
    ev_timer_start(self->loop, &self->frame);
    watch_signals(self);
}

static void stop_watchers(struct ui_loop *self)
{
    ev_io_stop(self->loop, &self->readable);
    ev_io_stop(self->loop, &self->writable);
    ev_timer_stop(self->loop, &self->frame);
    ev_timer_stop(self->loop, &self->rest);
    headless_hold_signals(); /* a hang-up comes several times, and the default of each is the end */
    ev_signal_stop(self->loop, &self->resized);
    for (int i = 0; i < UI_LOOP_ENDINGS; i++)
        ev_signal_stop(self->loop, &self->ended[i]);
    ev_signal_stop(self->loop, &self->reopen);
    ev_signal_stop(self->loop, &self->refused);
    ev_signal_stop(self->loop, &self->resumed);
    ev_signal_stop(self->loop, &self->kill);
}

static int tell(const char *why)
{
    fprintf(stderr, "flowdeck: %s\n", why);
    return EXIT_CODE_FAILED;
}

/* A recording tells its instruments at once, a venue when it has been reached: what it takes until then is shown. */
static bool is_whole(const struct view_frame *frame)
{
    return !frame->status.replay || frame->status.instruments > 0 || frame->status.replay_ended;
}

/* The engine's thread makes its first frame in a few ms: what is drawn first is a whole picture. */
static void await_frame(struct ui_loop *self)
{
    const struct timespec pause = {.tv_nsec = FIRST_LOOK_NS};

    for (int i = 0; i < FIRST_LOOKS; i++) {
        if (ui_port_poll(self->port) && is_whole(ui_port_frame(self->port)))
            break;
        nanosleep(&pause, NULL);
    }
    if (ui_port_frame(self->port) != NULL)
        ui_frame(self->ui, ui_port_frame(self->port), clock_monotonic_ns());
}

/* Until its end; "" or why it never began. */
static void run_screen_loop(struct ui_loop *self, char why[SCREEN_WHY_SIZE])
{
    self->exit_code = EXIT_CODE_FAILED;
    if (!make_ui(self)) {
        snprintf(why, SCREEN_WHY_SIZE, "out of memory");
        return;
    }
    if (self->port->engine != NULL && engine_start(self->port->engine, true, why, SCREEN_WHY_SIZE) != ERR_OK)
        return;
    self->exit_code = EXIT_CODE_OK;
    why[0] = '\0';
    await_frame(self);
    start_watchers(self);
    ev_run(self->loop, 0);
    stop_watchers(self);
    if (self->port->engine != NULL && self->detaching == NULL)
        engine_stop(self->port->engine);
}

int ui_loop_run(const struct ui_loop_config *config, bool *detached)
{
    struct ui_loop self = {.config = config, .port = &config->port};
    char why[SCREEN_WHY_SIZE];

    *detached = false;
    ev_init(&self.kill, on_kill);
    self.loop = ev_default_loop(0);
    if (self.loop == NULL)
        return tell("cannot make an event loop");
    if (!open_screen(&self, why)) {
        tell(why);
        return EXIT_CODE_USAGE;
    }
    run_screen_loop(&self, why);
    *detached = self.detaching != NULL && config->port.engine != NULL;
    if (config->port.client != NULL)
        ui_leave_attached(self.screen, config->port.client, config->data_dir, &self.exit_code);
    else if (*detached)
        ui_leave_detached(self.screen, config->port.engine, config->data_dir,
                          &(struct ui_detach){.why = self.detaching, .to_shell = self.by_user});
    else
        screen_close(self.screen);
    ui_loop_host_end(&self);
    ui_theme_end(&self.theme);
    if (self.ui != NULL)
        ui_leave_script(self.ui);
    ui_free(self.ui);
    ui_paint_close(&self.paint);
    if (why[0] != '\0')
        tell(why);
    return self.gone && config->port.engine != NULL ? EXIT_CODE_FAILED : self.exit_code;
}

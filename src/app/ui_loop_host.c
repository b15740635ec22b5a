/* What the ui asks of its loop: orders to the engine, the terminal, files, settings, the journal's rows. */
#include "app/export_file.h"
#include "app/history_file.h"
#include "app/history_writer.h"
#include "app/kill_keeper.h"
#include "app/paths.h"
#include "app/trail.h"
#include "app/ui_loop_state.h"
#include "core/base/clock.h"
#include "store/journal_accounts.h"

#include <stdio.h>
#include <time.h>

#define LEAVE_MS 2000
#define LOOK_MS  10

bool ui_loop_send(struct ui_loop *self, const struct command *command)
{
    char path[PATH_TEXT_MAX + sizeof(KILL_FILE) + 1];

    pace_rest(&self->paint.pace, clock_monotonic_ns());
    if (ui_port_send(self->port, command))
        return true;
    if (command->kind == COMMAND_KILL && self->port->client != NULL &&
        kill_file_leave(self->config->data_dir, path, sizeof(path)))
        self->kill_left = true; /* until it is told: what else the key asks for does not get through either */
    return false;
}

void ui_loop_tell_left(struct ui_loop *self)
{
    if (self->kill_left)
        ui_tell(self->ui, 2, "KILL",
                "the engine does not answer: it was left the file " KILL_FILE ", which kills",
                clock_monotonic_ns());
    self->kill_left = false;
}

static bool host_send(void *arg, const struct command *command)
{
    struct ui_loop *self = arg;
    struct command typed = *command;

    typed.typed_ns = self->read_ns;
    return ui_loop_send(self, &typed);
}

static void host_quit(void *arg)
{
    struct ui_loop *self = arg;

    ev_break(self->loop, EVBREAK_ALL);
}

static void host_redraw(void *arg)
{
    struct ui_loop *self = arg;

    screen_redraw(self->screen);
    ui_paint_key(&self->paint);
}

static void host_bell(void *arg)
{
    struct ui_loop *self = arg;

    screen_bell(self->screen);
}

static bool host_theme(void *arg, const char *name, char *why, size_t why_size)
{
    struct ui_loop *self = arg;
    char said[THEME_WHY_SIZE];

    if (ui_theme_use(&self->theme, name, said) != ERR_OK) {
        snprintf(why, why_size, "%s", said);
        return false;
    }
    ui_theme_show(&self->theme, self->screen);
    ui_paint_key(&self->paint);
    return true;
}

static int host_themes(void *arg, char name[UI_CHOICES_MAX][UI_CHOICE_SIZE])
{
    struct ui_loop *self = arg;
    int count = ui_theme_list(&self->theme, name);

    ui_theme_show(&self->theme, self->screen);
    ui_paint_key(&self->paint);
    return count;
}

static void host_copy(void *arg, const char *text, size_t size)
{
    struct ui_loop *self = arg;

    screen_copy(self->screen, text, size);
}

static bool host_save(void *arg, const char *name, const char *what, const char *text, size_t size, char *why,
                      size_t why_size)
{
    struct ui_loop *self = arg;

    if (self->saving != NULL) {
        snprintf(why, why_size, "the one before is still being written");
        return false;
    }
    return export_file_begin(self->config->data_dir == NULL ? "" : self->config->data_dir, name, what, text,
                             size, &self->saving, why, why_size) == ERR_OK;
}

static void watch_saving(struct ui_loop *self)
{
    char text[EXPORT_PATH_SIZE];
    enum err err;

    if (self->saving == NULL || !export_file_over(self->saving, &err, text, sizeof(text)))
        return;
    export_file_end(self->saving);
    self->saving = NULL;
    ui_saved(self->ui, err == ERR_OK, text, clock_monotonic_ns());
    ui_paint_changed(&self->paint);
}

static void host_detach(void *arg)
{
    struct ui_loop *self = arg;

    self->detaching = "by its user";
    self->by_user = true;
    ev_break(self->loop, EVBREAK_ALL);
}

static void host_again(void *arg, int64_t at_ns, enum screen_id screen, const struct ui_bookmarks *bookmarks)
{
    struct ui_loop *self = arg;

    *self->config->again = (struct ui_again){
        .asked = true,
        .at_ns = at_ns,
        .speed_x1000 = ui_port_frame(self->port)->status.replay_speed_x1000, /* who asks has seen one */
        .last_ns = ui_port_frame(self->port)->status.replay_last_ns,
        .screen = screen,
        .bookmarks = *bookmarks};
    ev_break(self->loop, EVBREAK_ALL);
}

static const struct config *host_settings(void *arg)
{
    return settings_desk_config(((struct ui_loop *)arg)->desk);
}

static bool host_set(void *arg, const char *name, const char *value, char *why, size_t why_size)
{
    return settings_desk_set(((struct ui_loop *)arg)->desk, name, value, why, why_size);
}

static bool host_unset(void *arg, const char *name, char *why, size_t why_size)
{
    return settings_desk_unset(((struct ui_loop *)arg)->desk, name, why, why_size);
}

static bool host_write(void *arg, char *why, size_t why_size)
{
    return settings_desk_write(((struct ui_loop *)arg)->desk, why, why_size);
}

static void host_mouse(void *arg, bool on)
{
    screen_set_mouse(((struct ui_loop *)arg)->screen, on);
}

static void host_remember(void *arg, const char *line)
{
    struct ui_loop *self = arg;

    if (self->history == NULL)
        self->history = history_writer_new(history_file_append, self->config->data_dir);
    if (self->history != NULL)
        (void)history_writer_put(self->history, line); /* a hanging disk: this line is not kept */
}

/* Of the account that is traded; false: the engine has not told which one that is. */
static bool name_journal(const struct ui_loop *self, char out[JOURNAL_PATH_MAX])
{
    const struct view_frame *frame = ui_port_frame(self->port);

    if (self->config->journal_dir != NULL) {
        snprintf(out, JOURNAL_PATH_MAX, "%s", self->config->journal_dir);
        return true;
    }
    if (frame == NULL || (!frame->status.demo && frame->status.instruments == 0))
        return false;
    return journal_account_dir(self->config->data_dir,
                               frame->status.demo ? "demo" : venue_name(frame->status.instrument[0].venue),
                               out);
}

static bool host_trail(void *arg, const struct view_trail_request *request)
{
    struct ui_loop *self = arg;
    char dir[JOURNAL_PATH_MAX];

    if (self->trail == NULL && name_journal(self, dir))
        self->trail = trail_start(dir, self->config->tap);
    if (self->trail == NULL)
        return false;
    trail_ask(self->trail, request);
    return true;
}

static void take_trail(struct ui_loop *self, int64_t now_ns)
{
    const struct view_trail *trail = self->trail == NULL ? NULL : trail_poll(self->trail);

    if (trail != NULL)
        ui_trail(self->ui, trail, now_ns);
}

static void tell_written(struct ui_loop *self)
{
    char said[CONFIG_WHY_SIZE];
    bool done;

    if (self->desk == NULL || !settings_desk_written(self->desk, &done, said))
        return;
    ui_settings_written(self->ui, done, said);
    ui_paint_changed(&self->paint);
}

void ui_loop_host_look(struct ui_loop *self, int64_t now_ns)
{
    take_trail(self, now_ns);
    tell_written(self);
    watch_saving(self);
}

bool ui_loop_host(struct ui_loop *self, struct ui_host *out)
{
    *out = (struct ui_host){.arg = self,
                            .send = host_send,
                            .quit = host_quit,
                            .redraw = host_redraw,
                            .bell = host_bell,
                            .copy = host_copy,
                            .theme = host_theme,
                            .detach = self->config->can_detach ? host_detach : NULL,
                            .mouse = host_mouse,
                            .remember = host_remember,
                            .themes = host_themes,
                            .save = host_save,
                            .trail = host_trail,
                            .again = self->config->again != NULL ? host_again : NULL};
    if (self->config->tap != NULL) /* its records wait for nobody */
        self->trail = trail_start("", self->config->tap);
    self->desk = settings_desk_new(self->config->cli, self->config->config);
    out->settings = host_settings;
    out->set = host_set;
    out->unset = host_unset;
    out->write = host_write;
    return self->desk != NULL;
}

/* A disk that hangs does not hold up the end. */
static void await_saving(struct export_file *file)
{
    char text[EXPORT_PATH_SIZE];
    enum err err;

    for (int i = 0; i < LEAVE_MS && file != NULL && !export_file_over(file, &err, text, sizeof(text));
         i += LOOK_MS)
        nanosleep(&(struct timespec){.tv_nsec = LOOK_MS * 1000000L}, NULL);
}

void ui_loop_host_end(struct ui_loop *self)
{
    await_saving(self->saving);
    export_file_end(self->saving);
    history_writer_free(self->history);
    trail_stop(self->trail);
    settings_desk_free(self->desk);
}

/*
 * ui_fixture.h - a screen with a host that only remembers, at the second of the target pictures.
 *
 * Time is the fixture's own and moves when a test says so. fixture_fit() publishes the mock frame with as many rows
 * as the screen asked for, as the engine would.
 */
#ifndef UI_FIXTURE_H
#define UI_FIXTURE_H

#include "mock_frame.h"

#include "tui/canvas.h"
#include "tui/glyphs.h"
#include "tui/ui.h"
#include "tui/ui_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h> /* after the headers it needs */

#define FIXTURE_COMMANDS 256
#define MS               INT64_C(1000000)

struct fixture {
    int64_t again_ns; /* host.again() */
    struct ui *ui;
    struct view_frame frame;
    struct canvas *canvas;
    int64_t now_ns;
    struct command command[FIXTURE_COMMANDS];
    int commands, quits, bells, redraws, detaches, copies;
    char copied[32768], theme[32], kept[1100], saved_as[128];
    bool full;     /* the ring takes nothing */
    int full_from; /* nor from so many orders on; 0: it takes them */
    char *text;
    double top;
    bool no_trail; /* the journal cannot be read yet */
    struct view_trail_request trail_asked;
    int trail_asks;
};

static bool fixture_send(void *arg, const struct command *command)
{
    struct fixture *f = arg;

    if (f->full || (command->kind == COMMAND_ORDER && f->full_from > 0 && --f->full_from == 0))
        return false;
    f->command[f->commands++ % FIXTURE_COMMANDS] = *command;
    return true;
}

static void fixture_quit(void *arg)
{
    ((struct fixture *)arg)->quits++;
}

static void fixture_redraw(void *arg)
{
    ((struct fixture *)arg)->redraws++;
}

static void fixture_bell(void *arg)
{
    ((struct fixture *)arg)->bells++;
}

static void fixture_detach(void *arg)
{
    ((struct fixture *)arg)->detaches++;
}

static void fixture_copy(void *arg, const char *text, size_t size)
{
    struct fixture *f = arg;

    f->copies++;
    snprintf(f->copied, sizeof(f->copied), "%.*s", (int)size, text);
}

static bool fixture_save(void *arg, const char *name, const char *what, const char *text, size_t size,
                         char *why, size_t why_size)
{
    struct fixture *f = arg;

    if (f->full) {
        snprintf(why, why_size, "that is no name of a file");
        return false;
    }
    snprintf(f->saved_as, sizeof(f->saved_as), "%s|%s", name, what);
    fixture_copy(arg, text, size);
    return true;
}
static const char *const fixture_theme_names[] = {"dark",          "light", "colour-blind",
                                                  "high-contrast", "mono",  "red-up"};

static bool fixture_theme(void *arg, const char *name, char *why, size_t why_size)
{
    struct fixture *f = arg;

    for (size_t i = 0; i < sizeof(fixture_theme_names) / sizeof(fixture_theme_names[0]); i++) {
        if (strcmp(name, fixture_theme_names[i]) == 0) {
            snprintf(f->theme, sizeof(f->theme), "%s", name);
            return true;
        }
    }
    snprintf(why, why_size, "no theme `%s`", name);
    return false;
}

static int fixture_themes(void *arg, char name[UI_CHOICES_MAX][UI_CHOICE_SIZE])
{
    int count = 0;

    (void)arg;
    for (; count < (int)(sizeof(fixture_theme_names) / sizeof(fixture_theme_names[0])); count++)
        snprintf(name[count], UI_CHOICE_SIZE, "%s", fixture_theme_names[count]);
    return count;
}

static bool fixture_set(void *arg, const char *setting, const char *value, char *why, size_t why_size)
{
    struct fixture *f = arg;

    (void)why;
    (void)why_size;
    snprintf(f->kept, sizeof(f->kept), "%s: %s", setting, value);
    return true;
}

static void fixture_again(void *arg, int64_t at_ns, enum screen_id screen,
                          const struct ui_bookmarks *bookmarks)
{
    struct fixture *f = arg;

    (void)screen;
    (void)bookmarks;
    f->again_ns = at_ns;
}

static bool fixture_trail(void *arg, const struct view_trail_request *request)
{
    struct fixture *f = arg;

    if (f->no_trail)
        return false;
    f->trail_asked = *request;
    f->trail_asks++;
    return true;
}

static inline void fixture_publish(struct fixture *f)
{
    f->frame.frame_seq++;
    ui_frame(f->ui, &f->frame, f->now_ns);
}

/* It rings; told by the next frame. */
static inline void fixture_ring(struct fixture *f, uint16_t owner, const char *why)
{
    f->frame.bell_seq++;
    f->frame.bell_owner = owner;
    snprintf(f->frame.bell_why, sizeof(f->frame.bell_why), "%s", why);
    if (owner != OWNER_MANUAL)
        return;
    f->frame.bell_ours_seq = f->frame.bell_seq;
    snprintf(f->frame.bell_ours_why, sizeof(f->frame.bell_ours_why), "%s", why);
}

/* The mock's market with the rows this screen has room for. */
static inline void fixture_fit(struct fixture *f, double top)
{
    f->top = top;
    mock_ladder(&f->frame.ladder, f->ui->layout.ladder_rows > 0 ? f->ui->layout.ladder_rows : 21, top);
    fixture_publish(f);
}

static inline struct fixture *fixture_new_as(int cols, int rows, const struct ui_config *changed)
{
    struct fixture *f = calloc(1, sizeof(*f));
    struct ui_config config = {.size_presets_e8 = {E8(0.002), E8(0.005), E8(0.01), E8(0.02), E8(0.05)},
                               .bell = true,
                               .mouse = true,
                               .version = "0.1.0"};
    struct ui_host host = {.arg = f,
                           .send = fixture_send,
                           .quit = fixture_quit,
                           .redraw = fixture_redraw,
                           .bell = fixture_bell,
                           .copy = fixture_copy,
                           .theme = fixture_theme,
                           .detach = fixture_detach,
                           .themes = fixture_themes,
                           .set = fixture_set,
                           .save = fixture_save,
                           .trail = fixture_trail,
                           .again = fixture_again};

    assert_non_null(f);
    f->ui = ui_new(changed != NULL ? changed : &config, &host);
    assert_non_null(f->ui);
    f->now_ns = 1000 * MS;
    ui_resize(f->ui, 120, 36,
              f->now_ns); /* bars keep the scale of this size, as when a terminal is resized */
    mock_frame(&f->frame, 21, 61885);
    fixture_publish(f);
    f->ui->ladder.cursor_ticks = TICKS(61835);
    f->ui->ladder.aimed = true;
    f->canvas = canvas_new(rows, cols);
    assert_non_null(f->canvas);
    f->text = malloc(canvas_text_size(f->canvas) * 4 + 64);
    assert_non_null(f->text);
    if (cols != 120 || rows != 36) {
        f->now_ns += 100 * MS;
        ui_resize(f->ui, cols, rows, f->now_ns);
    }
    fixture_fit(f, cols == 80 ? 61870 : cols == 200 ? 61930 : 61885);
    return f;
}

static inline struct fixture *fixture_new(int cols, int rows)
{
    return fixture_new_as(cols, rows, NULL);
}

static inline void fixture_free(struct fixture *f)
{
    ui_free(f->ui);
    canvas_free(f->canvas);
    free(f->text);
    free(f);
}

static inline const char *fixture_draw(struct fixture *f)
{
    ui_draw(f->ui, f->canvas, f->now_ns);
    canvas_to_text(f->canvas, f->text, canvas_text_size(f->canvas) + 1);
    return f->text;
}

/* Text and styles: what the eye can see. */
static inline const char *fixture_look(struct fixture *f)
{
    size_t size = canvas_text_size(f->canvas) + 1;

    fixture_draw(f);
    canvas_to_styles(f->canvas, f->text + strlen(f->text), size);
    return f->text;
}

static inline void fixture_key(struct fixture *f, uint32_t key)
{
    struct key_event event = {.key = key};

    ui_key(f->ui, &event, f->now_ns);
}

static inline void fixture_type(struct fixture *f, const char *text)
{
    for (; *text != '\0'; text++)
        fixture_key(f, (uint32_t)(unsigned char)*text);
}

/* A command of the prompt. */
static inline void fixture_prompt(struct fixture *f, const char *text)
{
    fixture_key(f, ':');
    fixture_type(f, text);
    fixture_key(f, KEY_ENTER);
}

static inline void fixture_wait(struct fixture *f, int64_t ms)
{
    f->now_ns += ms * MS;
    ui_tick(f->ui, f->now_ns);
}

/* Drawn, gone out, looked at. */
static inline void fixture_seen(struct fixture *f)
{
    fixture_draw(f);
    ui_frame_left(f->ui, f->now_ns);
    fixture_wait(f, 300);
}

static inline int fixture_count(const struct fixture *f, enum command_kind kind)
{
    int count = 0;

    for (int i = 0; i < f->commands && i < FIXTURE_COMMANDS; i++)
        count += f->command[i].kind == kind;
    return count;
}

/* The newest of a kind; none was sent: one of seq 0. */
static inline const struct command *fixture_last(const struct fixture *f, enum command_kind kind)
{
    static const struct command none;

    for (int i = f->commands - 1; i >= 0; i--) {
        if (f->command[i % FIXTURE_COMMANDS].kind == kind)
            return &f->command[i % FIXTURE_COMMANDS];
    }
    return &none;
}

/* Row `row` of the picture drawn now; valid until the next. */
/* What the engine makes of the newest alert that was asked for, or removed. */
static inline void fixture_take_alert(struct fixture *f)
{
    const struct command *command = NULL;
    struct view_alerts *alerts = &f->frame.alerts;
    struct alert *alert = &alerts->alert[alerts->count];
    const struct view_instrument *at;

    for (int i = f->commands - 1; i >= 0 && command == NULL; i--)
        if (f->command[i % FIXTURE_COMMANDS].kind == COMMAND_ALERT ||
            f->command[i % FIXTURE_COMMANDS].kind == COMMAND_ALERT_DROP)
            command = &f->command[i % FIXTURE_COMMANDS];
    assert_non_null(command);
    at = &f->frame.status.instrument[command->instrument_id];
    if (command->kind == COMMAND_ALERT_DROP) {
        assert_true(alerts->count > 0 && (command->number == 0 || command->number == alerts->count));
        alerts->count = (uint16_t)(command->number == 0 ? 0 : alerts->count - 1);
        return;
    }
    assert_int_equal(command->kind, COMMAND_ALERT);
    *alert = (struct alert){.id = ++alerts->count,
                            .instrument_id = command->instrument_id,
                            .of = (uint8_t)command->index,
                            .above = command->flag,
                            .decimals = at->scale.price_decimals,
                            .level = command->number};
    memcpy(alert->symbol, at->symbol, sizeof(alert->symbol));
}

static inline void fixture_ring_alert(struct fixture *f, int at, int64_t value)
{
    f->frame.alerts.alert[at].rang_ns = f->frame.status.now_ns;
    f->frame.alerts.alert[at].rang_at = value;
    f->frame.alerts.alert[at].rang_seq = ++f->frame.alerts.rung;
}

static inline const char *fixture_row(struct fixture *f, int row)
{
    char *line, *end;

    fixture_draw(f);
    line = f->text;
    while (row-- > 0 && (end = strchr(line, '\n')) != NULL)
        line = end + 1;
    end = strchr(line, '\n');
    if (end != NULL)
        *end = '\0';
    return line;
}

static inline const char *fixture_next_row(struct fixture *f)
{
    return fixture_row(f, f->ui->layout.next_row);
}

#define assert_has(text, part)                                                                               \
    do {                                                                                                     \
        const char *has_text = (text);                                                                       \
        if (strstr(has_text, part) == NULL)                                                                  \
            fail_msg("`%s` is not in: %s", part, has_text);                                                  \
    } while (0)

#define assert_has_not(text, part)                                                                           \
    do {                                                                                                     \
        const char *has_text = (text);                                                                       \
        if (strstr(has_text, part) != NULL)                                                                  \
            fail_msg("`%s` is in: %s", part, has_text);                                                      \
    } while (0)

#endif

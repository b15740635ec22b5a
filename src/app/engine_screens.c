/*
 * engine_screens.c - who looks at this engine: its own screen and those of other terminals, each with a view of its own.
 *
 * One of them is in control: what changes anything is taken from it alone, the others are told who it is. A kill is
 * taken from each. Control is asked for (COMMAND_CONTROL), and goes to who asks; when its holder leaves it is free until
 * somebody asks. A screen that came first, or while it was free, has it. Frames are built when asked for, for each screen
 * at most 33 a second, one in a turn: however many look, nothing waits for more than one (about 50 us, measured).
 */
#include "app/engine_state.h"

#include "app/plugins.h"
#include "app/recording_span.h"
#include "app/results_reader.h"
#include "core/base/clock.h"

#include <inttypes.h>
#include <string.h>

#define FRAME_MIN_NS  INT64_C(30000000) /* at most 33 frames a second are built for each */
#define STILL_FRAMES  4
#define NOTES_MAX     256
#define CRASH_NEWS_NS INT64_C(300000000000) /* an engine may wait for its first eyes */

/* --- life ---------------------------------------------------------------------------------------------------- */

static enum err make_screen(struct engine *engine, struct engine_screen *screen)
{
    struct view_builder_config view = {.history = &engine->history,
                                       .results = engine->config.results,
                                       .past = engine->config.past,
                                       .first_symbol = engine->config.first_symbol,
                                       .name = engine->replay == NULL ? "" : engine->config.paths[0]};

    screen->builder = view_builder_new(&view);
    screen->frames = triple_buffer_new(sizeof(struct view_frame));
    return screen->builder == NULL || screen->frames == NULL ? ERR_MEMORY : ERR_OK;
}

enum err engine_make_screens(struct engine *engine, bool with_own)
{
    struct engine_screen *own = &engine->screen[0];

    for (size_t i = 0; i < ENGINE_SCREENS; i++) {
        atomic_init(&engine->screen[i].wanted, false);
        if ((i == 0 ? with_own : engine->notes != NULL) && make_screen(engine, &engine->screen[i]) != ERR_OK)
            return ERR_MEMORY;
    }
    if (!with_own)
        return ERR_OK;
    own->open = true;
    engine->control = 0;
    atomic_store_explicit(&own->wanted, true, memory_order_relaxed);
    snprintf(own->name, sizeof(own->name), "%s",
             engine->config.screen_name == NULL ? "its own" : engine->config.screen_name);
    return ERR_OK;
}

void engine_free_screens(struct engine *engine)
{
    for (size_t i = 0; i < ENGINE_SCREENS; i++) {
        view_builder_free(engine->screen[i].builder);
        triple_buffer_free(engine->screen[i].frames);
    }
    view_history_free(&engine->history);
    spsc_ring_free(engine->notes);
}

enum err engine_serve_screens(struct engine *engine, struct attach_server *server)
{
    if (engine->notes == NULL)
        engine->notes = spsc_ring_new(NOTES_MAX, sizeof(struct attach_note));
    if (engine->notes == NULL)
        return ERR_MEMORY;
    engine->attached = server;
    return ERR_OK;
}

void engine_screens_on_event(struct engine *engine, const struct feed_event *event)
{
    if (engine->screen[0].builder != NULL || engine->notes != NULL) /* somebody may look one day */
        view_history_on_event(&engine->history, engine->pipeline, event);
    for (size_t i = 0; i < ENGINE_SCREENS; i++)
        if (engine->screen[i].open)
            view_builder_on_event(engine->screen[i].builder, engine->pipeline, event);
}

bool engine_is_watched(const struct engine *engine)
{
    for (size_t i = 0; i < ENGINE_SCREENS; i++)
        if (engine->screen[i].open)
            return true;
    return false;
}

/* --- who is in control ----------------------------------------------------------------------------------------- */

static const char *controller(const struct engine *engine)
{
    return engine->control == SCREEN_NONE ? "" : engine->screen[engine->control].name;
}

static void take_control(struct engine *engine, uint8_t number)
{
    const struct engine_screen *screen = &engine->screen[number];

    journal_audit(engine->pipeline, NULL, "control", "-", "%s, before: %s", screen->name,
                  engine->control == SCREEN_NONE ? "nobody" : controller(engine));
    journal_note(engine->pipeline, NOTE_WARNING, "%s is in control%s%s", screen->name,
                 engine->control == SCREEN_NONE ? "" : ", no longer ", controller(engine));
    engine->control = number;
}

static void ask_control(struct engine *engine, const struct command *command)
{
    struct engine_screen *screen = &engine->screen[command->screen];

    if (screen->readonly) {
        operator_answer(engine->pipeline, command, NOTE_WARNING, "a read-only screen cannot be in control");
    } else if (engine->control == command->screen) {
        operator_answer(engine->pipeline, command, NOTE_INFO, "you are in control already");
    } else {
        take_control(engine, command->screen);
        operator_answer(engine->pipeline, command, NOTE_GOOD,
                        "CONTROL  your keys count now, nobody else's but K");
    }
}

static void screen_left(struct engine *engine, uint8_t number, const char *why)
{
    struct engine_screen *screen = &engine->screen[number];
    bool held = engine->control == number;

    if (!screen->open)
        return;
    screen->open = false;
    journal_audit(engine->pipeline, NULL, "detach", "-", "%s%s%s%s", screen->name, why[0] == '\0' ? "" : ": ",
                  why, held ? ", was in control" : "");
    journal_note(engine->pipeline, held || why[0] != '\0' ? NOTE_WARNING : NOTE_INFO,
                 "%s looks no longer%s%s%s", screen->name, why[0] == '\0' ? "" : ": ", why,
                 held ? "; nobody is in control" : "");
    if (held)
        engine->control = SCREEN_NONE;
}

static void screen_came(struct engine *engine, const struct attach_note *note)
{
    struct engine_screen *screen = &engine->screen[note->screen];

    screen->open = true;
    screen->readonly = note->readonly;
    screen->session = note->session;
    screen->still_frames = 0;
    memset(&screen->shown, 0, sizeof(screen->shown));
    snprintf(screen->name, sizeof(screen->name), "%s", note->name);
    view_builder_begin(screen->builder, engine->pipeline, note->symbol);
    journal_audit(engine->pipeline, NULL, "attach", "-", "%s%s", note->name,
                  note->readonly ? ", read only" : "");
    journal_note(engine->pipeline, NOTE_INFO, "%s looks too%s", note->name,
                 note->readonly ? ", read only" : "");
    if (!note->readonly && engine->control == SCREEN_NONE)
        take_control(engine, note->screen);
}

/* --- what they ask ---------------------------------------------------------------------------------------------- */

static bool only_looks(const struct command *command)
{
    return command->kind == COMMAND_VIEW || command->kind == COMMAND_PREVIEW ||
           command->kind == COMMAND_CLEAR_VISIT;
}

/* What looks changes nothing, a kill is everybody's, and the engine's own terminal ends its own program. */
static bool is_free(const struct command *command)
{
    return only_looks(command) || command->kind == COMMAND_KILL || command->kind == COMMAND_NOTE ||
           command->kind == COMMAND_ALERT || command->kind == COMMAND_ALERT_DROP ||
           command->kind == COMMAND_ALERTS_SEEN || (command->kind == COMMAND_QUIT && command->screen == 0);
}

/* Without a screen of its own the engine takes what its own process sends: settings that were read again. */
void engine_take_from(struct engine *engine, struct command *command, int64_t wall_ns)
{
    const struct engine_screen *screen = &engine->screen[command->screen];

    if (command->typed_ns > 0 && command->screen == 0 && !only_looks(command)) {
        engine->key_taken_ns = clock_monotonic_ns();
        durations_add(&engine->key, engine->key_taken_ns - command->typed_ns);
    }
    if (!screen->open) {
        if (command->screen == 0 && !only_looks(command))
            engine_do_command(engine, command, wall_ns);
        return;
    }
    if (command->kind == COMMAND_CONTROL) {
        engine->commands_taken++;
        ask_control(engine, command);
    } else if (is_free(command) || engine->control == command->screen) {
        engine_do_command(engine, command, wall_ns);
    } else {
        engine->commands_taken++;
        operator_answer(engine->pipeline, command, NOTE_WARNING,
                        "NOT DONE  %s is in control; :control takes it",
                        engine->control == SCREEN_NONE ? "nobody" : controller(engine));
    }
}

static void take_note(struct engine *engine, struct attach_note *note, int64_t wall_ns)
{
    struct engine_screen *screen;

    if (note->screen == 0 || note->screen >= ENGINE_SCREENS)
        return;
    screen = &engine->screen[note->screen];
    if (note->kind == ATTACH_CAME) {
        engine->commands_taken++;
        screen_came(engine, note);
    } else if (screen->session == note->session && note->kind == ATTACH_WENT) {
        engine->commands_taken++;
        screen_left(engine, note->screen, note->why);
    } else if (screen->session == note->session) {
        note->command.screen = note->screen;
        snprintf(note->command.source, sizeof(note->command.source), "%.11s", screen->name);
        engine_take_from(engine, &note->command, wall_ns);
    }
}

void engine_take_notes(struct engine *engine, int64_t wall_ns)
{
    struct attach_note note;

    if (atomic_exchange_explicit(&engine->own_left, false, memory_order_acquire))
        screen_left(engine, 0, "");
    for (int count = 0; engine->notes != NULL && count < NOTES_MAX && spsc_ring_pop(engine->notes, &note);
         count++)
        take_note(engine, &note, wall_ns);
}

/* --- frames ----------------------------------------------------------------------------------------------------- */

/* Whoever looks first after a crash is told so; one who comes later finds it in the log and on screen 8. */
static void fill_crash(const struct engine *engine, int64_t wall_ns, struct view_status *status)
{
    status->crash_told[0] = '\0';
    if (wall_ns - engine->start_wall_ns < CRASH_NEWS_NS)
        recovery_tell_crash(engine->pipeline, status->crash_told, sizeof(status->crash_told));
}

static void fill_storage_status(const struct engine *engine, struct view_status *status)
{
    int64_t durable_ns;
    char why[256];

    status->durable_ns = VIEW_NONE;
    status->kill_not_kept = engine->kill_kept && engine->config.keeper != NULL &&
                            kill_keeper_state(engine->config.keeper, why, sizeof(why)) == KILL_NOT_KEPT;
    if (engine->config.store == NULL)
        return;
    durable_ns = store_durable_ns(engine->config.store);
    status->durable_ns = durable_ns == 0 ? VIEW_NONE : durable_ns;
    status->storage_failed =
        store_failed(engine->config.store, status->storage_why, sizeof(status->storage_why));
    engine_attention(engine, status->attention, sizeof(status->attention));
}

/* Of the recording; 0: not known yet. */
static int64_t last_ns_of(const struct engine *engine)
{
    return engine->config.last_ns != 0 ? engine->config.last_ns : recording_span_last_ns(engine->span);
}

static void fill_replay_status(const struct engine *engine, struct view_status *status)
{
    const struct replay_progress *progress = replay_progress(engine->replay);

    status->replay = true;
    status->replay_held = engine->held;
    status->replay_ended = engine->ended;
    status->replay_speed_x1000 = engine->speed_x1000;
    status->replay_seek_ns = engine->seek_ns;
    status->replay_seek_from_ns = engine->seek_from_ns != 0 ? engine->seek_from_ns : progress->first_ns;
    status->replay_first_ns = progress->first_ns;
    status->replay_last_ns = last_ns_of(engine);
    status->bad_lines = replay_counts(engine->replay)->bad;
}

/* A held or ended replay stands still: after a few frames (rows come with each third) there is nothing to tell. */
static bool has_news(struct engine *engine, struct engine_screen *screen)
{
    const struct pipeline *pipeline = engine->pipeline;
    struct store *store = engine->config.store;
    int64_t durable_ns = store == NULL ? 0 : store_durable_ns(store);
    char why[8];
    bool failed = store != NULL && store_failed(store, why, sizeof(why));
    uint64_t results = engine->config.results == NULL ? 0 : results_reader_count(engine->config.results);

    if (screen->shown.results == results && screen->shown.input_seq == pipeline->input_seq &&
        screen->shown.now_ns == pipeline->now_ns && screen->shown.commands_taken == engine->commands_taken &&
        screen->shown.ended == engine->ended && screen->shown.durable_ns == durable_ns &&
        screen->shown.store_failed == failed && screen->shown.replay_last_ns == last_ns_of(engine))
        return ++screen->still_frames <= STILL_FRAMES;
    screen->shown.input_seq = pipeline->input_seq;
    screen->shown.now_ns = pipeline->now_ns;
    screen->shown.commands_taken = engine->commands_taken;
    screen->shown.ended = engine->ended;
    screen->shown.durable_ns = durable_ns;
    screen->shown.store_failed = failed;
    screen->shown.results = results;
    screen->shown.replay_last_ns = last_ns_of(engine);
    screen->still_frames = 0;
    return true;
}

/* The others' coming and going is news for each. */
static void fill_desk(struct engine *engine, uint8_t number, struct view_builder *builder)
{
    const struct engine_screen *screen = &engine->screen[number];
    struct view_desk desk = {.session = screen->session, .you = number, .readonly = screen->readonly};

    for (size_t i = 0; i < ENGINE_SCREENS; i++)
        desk.screens = (uint8_t)(desk.screens + engine->screen[i].open);
    desk.watching = engine->control != number;
    snprintf(desk.name, sizeof(desk.name), "%s", screen->name);
    snprintf(desk.controller, sizeof(desk.controller), "%s", controller(engine));
    view_builder_desk(builder, &desk);
}

static bool publish_to(struct engine *engine, uint8_t number, int64_t wall_ns)
{
    struct engine_screen *screen = &engine->screen[number];
    struct view_frame *frame;
    int64_t begin_ns;

    if (!screen->open || wall_ns - screen->frame_wall_ns < FRAME_MIN_NS ||
        !atomic_exchange_explicit(&screen->wanted, false, memory_order_acq_rel) || !has_news(engine, screen))
        return false;
    screen->frame_wall_ns = wall_ns;
    begin_ns = clock_monotonic_ns();
    frame = triple_buffer_back(screen->frames);
    fill_desk(engine, number, screen->builder);
    view_builder_fill(screen->builder, engine->pipeline, frame);
    if (engine->replay != NULL)
        fill_replay_status(engine, &frame->status);
    else
        engine_live_fill(engine, frame);
    fill_storage_status(engine, &frame->status);
    fill_crash(engine, wall_ns, &frame->status);
    alert_list_fill(&engine->alerts, &frame->alerts);
    if (view_builder_screen(screen->builder) == SCREEN_SYSTEM)
        view_fill_system(engine, wall_ns, &frame->system);
    durations_add(&engine->figures.frame, clock_monotonic_ns() - begin_ns);
    frame->frame_seq = ++screen->frame_seq;
    triple_buffer_publish(screen->frames);
    return true;
}

void engine_publish(struct engine *engine, int64_t wall_ns)
{
    for (uint8_t i = 0; i < ENGINE_SCREENS; i++) {
        uint8_t number = (uint8_t)((engine->next_screen + i) % ENGINE_SCREENS);

        if (!publish_to(engine, number, wall_ns))
            continue;
        engine->next_screen = (uint8_t)(number + 1);
        if (number > 0)
            attach_server_wake(engine->attached);
        return;
    }
}

bool engine_frame_wanted(const struct engine *engine)
{
    for (size_t i = 0; i < ENGINE_SCREENS; i++)
        if (engine->screen[i].open && atomic_load_explicit(&engine->screen[i].wanted, memory_order_relaxed))
            return true;
    return false;
}

/* --- from their threads ------------------------------------------------------------------------------------------ */

bool engine_note(struct engine *engine, const struct attach_note *note)
{
    bool fits, kills = note->kind == ATTACH_ASKS && note->command.kind == COMMAND_KILL;

    if (kills) /* as engine_send() */
        engine_raise_kill(engine, KILL_BY_ATTACHED);
    fits = spsc_ring_push(engine->notes, note);
    if (!fits && kills)
        atomic_store_explicit(&engine->kill_lost, true, memory_order_relaxed);
    engine_wake(engine);
    return fits;
}

void engine_want_frame(struct engine *engine, unsigned screen)
{
    atomic_store_explicit(&engine->screen[screen].wanted, true, memory_order_release);
    engine_wake(engine);
}

const struct view_frame *engine_newest_frame(struct engine *engine, unsigned screen)
{
    struct triple_buffer *frames = engine->screen[screen].frames;

    return frames != NULL && triple_buffer_update(frames) ? triple_buffer_front(frames) : NULL;
}

/* As often as a frame could come: a file of a thousand lines, each of which waits for one. */
#define OPENING_FRAMES 20000

/* One event at a time until there is an instrument: which one is the first does not depend on the machine. */
bool engine_play_opening(struct engine *engine)
{
    struct engine_screen *own = &engine->screen[0];

    if (engine_make_screens(engine, true) != ERR_OK)
        return false;
    while (engine->pipeline->markets == 0 && !engine->ended)
        (void)engine_feed_one(engine);
    for (int i = 0; i < OPENING_FRAMES && !engine->ended; i++) {
        atomic_store_explicit(&own->wanted, true, memory_order_relaxed);
        own->still_frames = 0;
        (void)publish_to(engine, 0, own->frame_wall_ns + FRAME_MIN_NS);
        triple_buffer_update(own->frames);
        if (!engine->config.opening(engine->config.opening_arg, triple_buffer_front(own->frames)))
            break;
    }
    own->open = false;
    engine->control = SCREEN_NONE;
    return true;
}

void engine_take_now(struct engine *engine, const struct command *command)
{
    struct command copy = *command;

    engine_take_from(engine, &copy, clock_monotonic_ns());
}

void engine_leave_screen(struct engine *engine)
{
    atomic_store_explicit(&engine->own_left, true, memory_order_release);
    engine_wake(engine);
}

bool engine_poll_frame(struct engine *engine)
{
    bool newer = triple_buffer_update(engine->screen[0].frames);

    engine_want_frame(engine, 0);
    return newer;
}

const struct view_frame *engine_frame(const struct engine *engine)
{
    return triple_buffer_front(engine->screen[0].frames);
}

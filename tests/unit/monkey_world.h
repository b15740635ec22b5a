/*
 * monkey_world.h - a real screen on a real engine with a market of three instruments, for keys struck at random.
 *
 * What leaves the screen goes into the engine, what the engine publishes comes back as frames: at once, late, never, or of
 * another instrument. One number makes all of it: the same seed is the same run on every machine.
 */
#ifndef UNIT_MONKEY_WORLD_H
#define UNIT_MONKEY_WORLD_H

#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "app/options.h"
#include "app/pipeline.h"
#include "app/view_build.h"
#include "core/base/decimal.h"
#include "tui/panels.h"
#include "tui/ui_state.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARKETS    3
#define LEVELS     30
#define COLS_MAX   250
#define ROWS_MAX   70
#define MS         INT64_C(1000000)
#define SECOND     INT64_C(1000000000)
#define EVENTS_AT  INT64_C(1700000000000000000)
#define DEEDS_TOLD 40 /* of those before a failure */
#define DEED_SIZE  96

enum doing { DOES_NOTHING, DOES_KEY, DOES_FRAME, DOES_TICK, DOES_RESIZE, DOES_DRAW };

enum counted {
    BY_ARM,
    BY_QUESTION,
    BY_TICKET,
    BY_PROMPT,
    MOVES,
    FLATTENS,
    REVERSES,
    KILLS,
    ARMED,
    DENIALS,
    FILLS,
    HELD_FRAMES,
    OTHER_PICTURES,
    GAPS,
    NEXT_READ,
    LOCKS,
    FREEZES,
    COUNTED
};

struct monkey {
    uint64_t seed, random;
    int step;
    /* what this world is */
    bool readonly, attached, replay, live_looks;
    /* the engine and its market */
    struct config *config;
    struct pipeline *pipeline;
    struct view_builder *builder;
    struct instrument instrument[MARKETS];
    int64_t bid[MARKETS], event_ns;
    uint64_t update_id[MARKETS], trade_id;
    bool held, ended, watching, schedule_holds;
    struct view_request request;
    /* the screen */
    struct ui *ui;
    struct view_frame *frame[2]; /* the one that is shown, and the next */
    bool waits;                  /* the next is filled and has not been delivered */
    int64_t now_ns, dark_until_ns;
    int cols, rows, quits, detaches, themes;
    bool full; /* the ring takes nothing */
    struct canvas *whole, picture;
    char *text; /* of the picture drawn last */
    size_t text_size;
    bool drawn, fresh; /* fresh: nothing has happened since */
    /* the deed that runs, and the screen before it */
    enum doing doing;
    struct key_event key;
    struct ui before;
    /* of the question or form that stands: since when a picture of it has left */
    int64_t asked_ns;
    /* what ends the arming */
    int64_t order_key_ns, lost_ns;
    int64_t paused_ns;
    int count[COUNTED];
    char deed[DEEDS_TOLD][DEED_SIZE];
    int deeds;
};

static void monkey_sent(struct monkey *m, const struct command *command); /* monkey_rules.h */

__attribute__((format(printf, 2, 3))) static inline void deed_note(struct monkey *m, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(m->deed[m->deeds++ % DEEDS_TOLD], DEED_SIZE, format, args);
    va_end(args);
}

/* The seed repeats it; the last deeds tell the way there. */
__attribute__((format(printf, 2, 3))) static inline void monkey_fail(const struct monkey *m,
                                                                     const char *format, ...)
{
    char why[512];
    va_list args;

    va_start(args, format);
    vsnprintf(why, sizeof(why), format, args);
    va_end(args);
    for (int i = m->deeds > DEEDS_TOLD ? m->deeds - DEEDS_TOLD : 0; i < m->deeds; i++)
        fprintf(stderr, "  %s\n", m->deed[i % DEEDS_TOLD]);
    if (m->text != NULL && m->drawn)
        fprintf(stderr, "%s", m->text);
    fail_msg("seed %" PRIu64 " step %d: %s", m->seed, m->step, why);
}

static inline int64_t among(struct monkey *m, int64_t count)
{
    return random_between(&m->random, 0, count - 1);
}

static inline bool one_in(struct monkey *m, int64_t count)
{
    return among(m, count) == 0;
}

/* --- the host of the screen ----------------------------------------------------------------------------------------- */

static inline bool monkey_send(void *arg, const struct command *command)
{
    struct monkey *m = arg;

    monkey_sent(m, command);
    if (m->full && command->kind != COMMAND_VIEW)
        return false;
    if (command->kind == COMMAND_VIEW) {
        m->request = command->view;
        view_builder_request(m->builder, &command->view);
    } else if (command->kind == COMMAND_CLEAR_VISIT) {
        view_builder_clear_visit(m->builder);
    } else if (command->kind == COMMAND_REPLAY_HOLD) {
        m->held = command->flag;
    } else if (command->kind == COMMAND_CONTROL) {
        m->watching = false;
    } else if (command->kind != COMMAND_QUIT) {
        pipeline_on_command(m->pipeline, command);
    }
    if (command->kind == COMMAND_PREVIEW)
        view_builder_preview(m->builder, m->pipeline);
    return true;
}

static inline void monkey_quit(void *arg)
{
    ((struct monkey *)arg)->quits++;
}

static inline void monkey_detach(void *arg)
{
    ((struct monkey *)arg)->detaches++;
}

static inline void monkey_nothing(void *arg)
{
    (void)arg;
}

static inline void monkey_copy(void *arg, const char *text, size_t size)
{
    if (strnlen(text, size) < size)
        monkey_fail(arg, "a NUL is copied");
}

static inline bool monkey_theme(void *arg, const char *name, char *why, size_t why_size)
{
    struct monkey *m = arg;

    snprintf(why, why_size, "no theme `%s`", name);
    return m->themes++ % 3 != 2;
}

static inline int monkey_themes(void *arg, char name[UI_CHOICES_MAX][UI_CHOICE_SIZE])
{
    (void)arg;
    snprintf(name[0], UI_CHOICE_SIZE, "dark");
    snprintf(name[1], UI_CHOICE_SIZE, "light");
    return 2;
}

static inline const struct config *monkey_settings(void *arg)
{
    return ((struct monkey *)arg)->config;
}

static inline bool monkey_set(void *arg, const char *name, const char *value, char *why, size_t why_size)
{
    char said[CONFIG_WHY_SIZE];

    if (config_set_run(((struct monkey *)arg)->config, name, value, said) == ERR_OK)
        return true;
    snprintf(why, why_size, "%s", said);
    return false;
}

static inline bool monkey_unset(void *arg, const char *name, char *why, size_t why_size)
{
    snprintf(why, why_size, "not set");
    return config_unset_run(((struct monkey *)arg)->config, name);
}

static inline bool monkey_write(void *arg, char *why, size_t why_size)
{
    (void)arg;
    snprintf(why, why_size, "no file");
    return false;
}

static inline bool monkey_save(void *arg, const char *name, const char *what, const char *text, size_t size,
                               char *why, size_t why_size)
{
    (void)name;
    (void)what;
    monkey_copy(arg, text, size);
    snprintf(why, why_size, "the disk is full");
    return one_in(arg, 2);
}

static inline bool monkey_trail(void *arg, const struct view_trail_request *request)
{
    (void)request;
    return one_in(arg, 2);
}

static inline void monkey_again(void *arg, int64_t at_ns, enum screen_id screen,
                                const struct ui_bookmarks *bookmarks)
{
    (void)at_ns;
    (void)screen;
    (void)bookmarks;
    monkey_quit(arg);
}

static inline struct ui_host monkey_host(struct monkey *m)
{
    return (struct ui_host){.arg = m,
                            .send = monkey_send,
                            .quit = monkey_quit,
                            .redraw = monkey_nothing,
                            .bell = monkey_nothing,
                            .copy = monkey_copy,
                            .theme = monkey_theme,
                            .detach = monkey_detach,
                            .settings = m->attached ? NULL : monkey_settings,
                            .set = monkey_set,
                            .unset = monkey_unset,
                            .write = monkey_write,
                            .themes = monkey_themes,
                            .save = monkey_save,
                            .trail = monkey_trail,
                            .again = m->replay ? monkey_again : NULL};
}

/* --- the market ------------------------------------------------------------------------------------------------------ */

static inline void market_feed(struct monkey *m, int at, struct feed_event *event)
{
    event->recv_ns = m->event_ns;
    event->instrument = &m->instrument[at];
    pipeline_on_feed(m->pipeline, event);
    view_builder_on_event(m->builder, m->pipeline, event);
}

static inline void market_side(struct monkey *m, int at, enum side side, struct level *out)
{
    for (int i = 0; i < LEVELS; i++) {
        int64_t touch = side == SIDE_BID ? m->bid[at] : m->bid[at] + 1;

        out[i].price_ticks = touch - side_sign(side) * (i * i * 2 + i * 17);
        out[i].qty_lots = random_between(&m->random, 100, 200000);
    }
}

static inline void market_snapshot(struct monkey *m, int at)
{
    struct level bids[LEVELS], asks[LEVELS];
    struct feed_event event = {.kind = FEED_SNAPSHOT};

    market_side(m, at, SIDE_BID, bids);
    market_side(m, at, SIDE_ASK, asks);
    event.snapshot = (struct depth_snapshot){.recv_ns = m->event_ns,
                                             .last_id = m->update_id[at],
                                             .levels = {bids, asks},
                                             .level_count = {LEVELS, LEVELS}};
    market_feed(m, at, &event);
}

/* What stood goes, the same shape with new sizes comes; lose: an update before this one got lost. */
static inline void market_depth(struct monkey *m, int at, bool lose)
{
    struct level levels[SIDE_COUNT][2 * LEVELS];
    struct feed_event event = {.kind = FEED_DEPTH};

    for (int side = 0; side < SIDE_COUNT; side++) {
        market_side(m, at, (enum side)side, levels[side]);
        for (int i = 0; i < LEVELS; i++)
            levels[side][i].qty_lots = 0;
    }
    m->bid[at] += random_between(&m->random, -40, 40);
    if (m->bid[at] < 100000)
        m->bid[at] = 100000;
    for (int side = 0; side < SIDE_COUNT; side++)
        market_side(m, at, (enum side)side, levels[side] + LEVELS);
    m->update_id[at] += lose ? 5 : 0;
    event.depth = (struct depth_update){.recv_ns = m->event_ns,
                                        .venue_ms = m->event_ns / MS - 12,
                                        .first_id = m->update_id[at] + 1,
                                        .last_id = m->update_id[at] + 2,
                                        .prev_id = m->update_id[at],
                                        .has_prev_id = true,
                                        .levels = {levels[SIDE_BID], levels[SIDE_ASK]},
                                        .level_count = {2 * LEVELS, 2 * LEVELS}};
    m->update_id[at] += 2;
    market_feed(m, at, &event);
    m->count[GAPS] += lose;
}

static inline void market_trade(struct monkey *m, int at)
{
    enum side taker = one_in(m, 2) ? SIDE_BID : SIDE_ASK;
    struct feed_event event = {.kind = FEED_TRADE};

    event.trade = (struct trade){.recv_ns = m->event_ns,
                                 .venue_ms = m->event_ns / MS - 12,
                                 .id = ++m->trade_id,
                                 .price_ticks = m->bid[at] + (taker == SIDE_BID ? 1 : 0),
                                 .qty_lots = random_between(&m->random, 10, 30000),
                                 .taker = taker};
    market_feed(m, at, &event);
}

/* Event time goes on unless a replay is held; a gap is mended by a snapshot a while later. */
static inline void market_run(struct monkey *m, int64_t span_ns)
{
    int steps = (int)(span_ns / (200 * MS)) + 1;

    if (m->replay && m->held)
        return;
    steps = steps > 4 ? 4 : steps;
    for (int i = 0; i < steps; i++) {
        m->event_ns += span_ns / steps;
        for (int at = 0; at < MARKETS; at++) {
            if (one_in(m, 3))
                continue;
            market_depth(m, at, one_in(m, 400));
            if (one_in(m, 3))
                market_trade(m, at);
            if (book_sync_state(m->pipeline->market[at]->sync) != BOOK_LIVE && one_in(m, 25))
                market_snapshot(m, at);
        }
    }
}

/* --- frames -------------------------------------------------------------------------------------------------------------- */

/* The engine fills the frame that is not shown; what a live venue, a replay or other screens say of themselves is put in. */
static inline void frame_fill(struct monkey *m, bool of_another)
{
    struct view_frame *frame = m->frame[1];
    struct view_request other = m->request;

    other.instrument_id = (uint16_t)((m->request.instrument_id + 1) % MARKETS);
    if (of_another)
        view_builder_request(m->builder, &other);
    view_builder_fill(m->builder, m->pipeline, frame);
    if (of_another)
        view_builder_request(m->builder, &m->request);
    m->count[OTHER_PICTURES] += of_another;
    frame->frame_seq = m->frame[0]->frame_seq + 1;
    frame->desk.watching = m->watching;
    frame->desk.readonly = m->readonly;
    frame->desk.screens = m->watching ? 2 : 1;
    snprintf(frame->desk.controller, sizeof(frame->desk.controller), "%s", m->watching ? "pts/3" : "pts/1");
    frame->status.replay = m->replay;
    if (m->live_looks && frame->status.mode == MODE_SIMULATION)
        frame->status.mode = MODE_LIVE;
    if (m->replay) {
        frame->status.replay_held = m->held;
        frame->status.replay_ended = m->ended;
        frame->status.replay_speed_x1000 = 1000;
        frame->status.replay_first_ns = EVENTS_AT;
        frame->status.replay_last_ns = EVENTS_AT + 3600 * SECOND;
    } else if (m->schedule_holds && frame->status.state == STATE_PAUSED) {
        frame->status.schedule_holds = true;
        snprintf(frame->status.state_why, sizeof(frame->status.state_why), "news until 20:00");
    }
    m->waits = true;
}

static inline void frame_deliver(struct monkey *m)
{
    struct view_frame *next = m->frame[1];

    if (!m->waits)
        return;
    m->frame[1] = m->frame[0];
    m->frame[0] = next;
    m->waits = false;
    ui_frame(m->ui, next, m->now_ns);
}

/* --- beginning and end --------------------------------------------------------------------------------------------------- */

static inline void engine_open(struct monkey *m)
{
    static const struct {
        const char *symbol;
        int64_t tick_e8, lot_e8, bid;
    } made[MARKETS] = {{"BTCUSDT", 1000000, 1000, 6184217},
                       {"ETHUSDT", 1000000, 10000, 268417},
                       {"1000000LONGNAMEDUSDC", 100, 100000, 1234567}};
    struct pipeline_config config;
    struct view_builder_config view = {.name = "monkey.jsonl"};
    char why[CONFIG_WHY_SIZE];

    m->config = options_config_new();
    assert_int_equal(options_pipeline(m->config, &config, why), ERR_OK);
    config.mode = one_in(m, 5) ? MODE_OBSERVATION : MODE_SIMULATION;
    for (size_t i = 0; i < config.strategies; i++)
        config.strategy[i].on = strcmp(config.strategy[i].manifest->name, "mm") == 0;
    config.limits.max_value_e8 = one_in(m, 2) ? config.limits.max_value_e8 : INT64_C(5000000000000);
    m->pipeline = pipeline_new(&config, NULL);
    m->builder = view_builder_new(&view);
    assert_non_null(m->pipeline);
    assert_non_null(m->builder);
    m->event_ns = EVENTS_AT;
    for (int at = 0; at < MARKETS; at++) {
        struct feed_event event = {.kind = FEED_INSTRUMENT};

        instrument_init(&m->instrument[at], made[at].symbol, VENUE_BINANCE_USDM, (uint16_t)at);
        m->instrument[at].tick_e8 = made[at].tick_e8;
        m->instrument[at].lot_e8 = made[at].lot_e8;
        m->bid[at] = made[at].bid;
        m->update_id[at] = 10;
        market_feed(m, at, &event);
        market_snapshot(m, at);
        market_depth(m, at, false);
        assert_int_equal(book_sync_state(m->pipeline->market[at]->sync), BOOK_LIVE);
    }
    market_run(m, 5 * SECOND);
}

static inline struct monkey *monkey_new(uint64_t seed)
{
    static const struct ui_config screen = {.size_presets_e8 = {200000, 500000, 1000000, 2000000, 5000000},
                                            .bell = true,
                                            .mouse = true,
                                            .version = "0.1.0"};
    struct monkey *m = calloc(1, sizeof(*m));
    struct ui_config config = screen;
    struct ui_host host;

    assert_non_null(m);
    m->seed = m->random = seed;
    m->readonly = one_in(m, 10);
    m->attached = one_in(m, 5);
    m->replay = !m->attached && one_in(m, 4);
    m->live_looks = one_in(m, 5);
    m->now_ns = 1000 * SECOND;
    config.readonly = m->readonly;
    config.attached = m->attached;
    config.first_start = one_in(m, 6);
    host = monkey_host(m);
    engine_open(m);
    m->frame[0] = calloc(1, sizeof(*m->frame[0]));
    m->frame[1] = calloc(1, sizeof(*m->frame[1]));
    m->ui = ui_new(&config, &host);
    m->whole = canvas_new(ROWS_MAX + 2, COLS_MAX + 2);
    m->text_size = canvas_text_size(m->whole) + 1;
    m->text = malloc(m->text_size);
    assert_true(m->frame[0] != NULL && m->frame[1] != NULL && m->ui != NULL && m->text != NULL);
    m->cols = one_in(m, 3) ? 80 : one_in(m, 2) ? 200 : 120;
    m->rows = m->cols == 80 ? 24 : m->cols == 200 ? 55 : 36;
    ui_resize(m->ui, m->cols, m->rows, m->now_ns);
    return m;
}

static inline void monkey_free(struct monkey *m)
{
    ui_free(m->ui);
    view_builder_free(m->builder);
    pipeline_free(m->pipeline);
    config_free(m->config);
    canvas_free(m->whole);
    free(m->frame[0]);
    free(m->frame[1]);
    free(m->text);
    free(m);
}

#endif

/*
 * monkey_deeds.h - what the monkey does: keys of the tables, lines of the prompt, the mouse, sizes, time, frames, pictures.
 *
 * Each deed runs between deed_begins() and deed_ends(), which judge it. See monkey_world.h and monkey_rules.h.
 */
#ifndef UNIT_MONKEY_DEEDS_H
#define UNIT_MONKEY_DEEDS_H

#include "unit/monkey_rules.h"

#define GUARD_CODE 0xe000 /* around the picture; of no glyph of ours */

static inline void deed_begins(struct monkey *m, enum doing doing)
{
    m->doing = doing;
    m->before = *m->ui;
}

static inline void deed_ends(struct monkey *m)
{
    watch_asked(m);
    check_arming(m);
    if (m->doing != DOES_DRAW)
        m->fresh = false;
    m->doing = DOES_NOTHING;
}

/* --- keys -------------------------------------------------------------------------------------------------------------- */

static inline void strike_event(struct monkey *m, struct key_event key)
{
    char name[32];

    key_to_name(key.key, name);
    deed_note(m, "%" PRId64 " ms key %s in %s%s", m->now_ns / MS, name, key_context_name(ui_context(m->ui)),
              m->ui->armed ? " armed" : "");
    deed_begins(m, DOES_KEY);
    m->key = key;
    ui_key(m->ui, &key, m->now_ns);
    deed_ends(m);
}

static inline void strike(struct monkey *m, uint32_t key)
{
    strike_event(m, (struct key_event){.key = key, .after_esc = key != KEY_ESC && one_in(m, 8)});
}

static inline void type(struct monkey *m, const char *text)
{
    for (; *text != '\0'; text++) {
        deed_begins(m, DOES_KEY);
        m->key = (struct key_event){.key = (uint32_t)(unsigned char)*text};
        ui_key(m->ui, &m->key, m->now_ns);
        deed_ends(m);
    }
}

static inline void type_line(struct monkey *m, const char *line)
{
    deed_note(m, "line `%s`", line);
    strike(m, ':');
    type(m, line);
    if (one_in(m, 12))
        strike(m, one_in(m, 2) ? KEY_TAB : KEY_UP);
    strike(m, KEY_ENTER);
}

/* A binding of the place where we are, or of anywhere; those that end everything are rare. */
static inline uint32_t some_key(struct monkey *m)
{
    static const uint32_t others[] = {'~',
                                      0x41b,
                                      0x444,
                                      0x4e2d,
                                      KEY_F12,
                                      KEY_ALT | 'K',
                                      KEY_F5,
                                      KEY_INSERT,
                                      'I',
                                      KEY_CTRL | 'd',
                                      'H',
                                      '0',
                                      '9',
                                      '.',
                                      ',',
                                      KEY_ALT | 'i',
                                      '%',
                                      'e',
                                      KEY_REPLY_STATUS,
                                      KEY_FOCUS_IN,
                                      0x301,
                                      0x7f,
                                      1,
                                      0x10ffff};
    enum key_context here = ui_context(m->ui);

    if (one_in(m, 12))
        return others[among(m, (int64_t)(sizeof(others) / sizeof(others[0])))];
    for (;;) {
        const struct key_binding *binding = keymap_at((size_t)among(m, (int64_t)keymap_count()));
        bool near =
            binding->context == here || binding->context == CONTEXT_ALL || binding->context == CONTEXT_TRADE;

        if ((binding->action == ACT_KILL && !one_in(m, 12)) || (!near && !one_in(m, 6)))
            continue;
        return binding->key;
    }
}

/* What is often struck: else orders would be rare. */
static inline uint32_t trader_key(struct monkey *m)
{
    static const char keys[] = "aaiiiMMttffRxpppyyyyysn0hl+-uUZ";

    return one_in(m, 6) ? KEY_ENTER : (uint32_t)keys[among(m, (int64_t)sizeof(keys) - 1)];
}

/* --- lines of the prompt ------------------------------------------------------------------------------------------------- */

static inline const char *some_figure(struct monkey *m, char out[64])
{
    static const char *const hostile[] = {"0",           "-1",        "1e9",  "99999999999999999999",
                                          "0.000000001", "61,842",    "50%",  "all",
                                          "1k",          "NaN",       "0x10", "100usdt",
                                          "1.",          ".5",        "1 2",  "92233720368.54775807",
                                          "--worst",     "61842.17.1"};
    int at = m->ui->instrument_id < MARKETS ? m->ui->instrument_id : 0;

    switch (among(m, 4)) {
    case 0:
        return hostile[among(m, (int64_t)(sizeof(hostile) / sizeof(hostile[0])))];
    case 1:
        price_of(m, (uint16_t)at, m->bid[at] + random_between(&m->random, -4000, 4000), out);
        return out;
    case 2:
        snprintf(out, 64, "%d", (int)among(m, 60));
        return out;
    default:
        snprintf(out, 64, "0.0%d", (int)among(m, 99));
        return out;
    }
}

/* An argument of the table's form, or something else in its place. */
static inline void some_argument(struct monkey *m, const char *form, size_t size, char *out, size_t room)
{
    static const char *const words[] = {"BTCUSDT",
                                        "eth",
                                        "mm",
                                        "ofi",
                                        "max_value",
                                        "risk.max_value",
                                        "trade",
                                        "hide",
                                        "on",
                                        "14:07",
                                        "drop",
                                        "save",
                                        "dark",
                                        "price > 1",
                                        "218",
                                        "",
                                        "\x01\x7f",
                                        "%s%n",
                                        "screen.lock_picture hide"};
    char text[64], figure[64];
    int choices = 1, chosen;

    snprintf(text, sizeof(text), "%.*s", (int)(size < 63 ? size : 63), form);
    for (const char *at = text; (at = strchr(at, '|')) != NULL; at++)
        choices++;
    chosen = (int)among(m, choices);
    form = text;
    while (chosen-- > 0)
        form = strchr(form, '|') + 1;
    size = strcspn(form, "|");
    if (form[0] >= 'a' && form[0] <= 'z' && !one_in(m, 8))
        snprintf(out, room, " %.*s", (int)size, form);
    else if (strncmp(form, "PRICE", 5) == 0 || strncmp(form, "SIZE", 4) == 0 || form[0] == 'N' ||
             one_in(m, 4))
        snprintf(out, room, " %s", some_figure(m, figure));
    else
        snprintf(out, room, " %s", words[among(m, (int64_t)(sizeof(words) / sizeof(words[0])))]);
}

static inline void some_line(struct monkey *m)
{
    static const char *const often[] = {"stop", "sell", "size", "halt"};
    const struct prompt_word *word = prompt_at((size_t)among(m, (int64_t)prompt_count()));
    size_t length = strlen(word->name), used;
    const char *form = word->arguments;
    char line[256];

    if (one_in(m, 4))
        word = prompt_find(often[among(m, 4)], 4);
    if (strcmp(word->name, "kill") == 0 && !one_in(m, 6))
        word = prompt_find("size", 4);
    form = word->arguments;
    length = strlen(word->name);
    snprintf(line, sizeof(line), "%.*s", (int)(one_in(m, 10) ? length - 1 : length), word->name);
    while (*form != '\0') {
        size_t size;

        form += strspn(form, "[ ]");
        size = strcspn(form, "[ ]");
        used = strlen(line);
        if (size > 0 && used + 96 < sizeof(line) && !one_in(m, 5))
            some_argument(m, form, size, line + used, 96);
        form += size;
        form += strspn(form, "[ ]");
    }
    type_line(m, line);
}

/* --- other events ----------------------------------------------------------------------------------------------------------- */

static inline void some_mouse(struct monkey *m)
{
    struct key_event key = {.key = KEY_MOUSE,
                            .row = (int)among(m, m->rows + 2),
                            .col = (int)among(m, m->cols + 2),
                            .button = (enum mouse_button)among(m, MOUSE_OTHER + 1),
                            .action = one_in(m, 4) ? MOUSE_RELEASE : MOUSE_PRESS};

    if (one_in(m, 2)) { /* on the ladder, where a click may send */
        key.row = m->ui->layout.ladder_row + (int)among(m, 20);
        key.button = MOUSE_LEFT;
    }
    strike_event(m, key);
}

static inline void some_event(struct monkey *m)
{
    struct key_event key = {.key = one_in(m, 2) ? KEY_PASTE : KEY_FOCUS_OUT, .paste_bytes = 17};

    strike_event(m, key);
}

static inline void resize(struct monkey *m)
{
    static const int sizes[][2] = {{80, 24}, {120, 36}, {200, 55}, {60, 15},
                                   {59, 14}, {250, 70}, {1, 1},    {161, 30}};
    const int *size = sizes[among(m, 8)];

    m->cols = one_in(m, 2) ? size[0] : (int)random_between(&m->random, 1, COLS_MAX);
    m->rows = one_in(m, 2) ? size[1] : (int)random_between(&m->random, 1, ROWS_MAX);
    deed_note(m, "resize %dx%d", m->cols, m->rows);
    deed_begins(m, DOES_RESIZE);
    ui_resize(m->ui, m->cols, m->rows, m->now_ns);
    deed_ends(m);
}

static inline void pass_time(struct monkey *m, int64_t span_ns)
{
    deed_note(m, "%" PRId64 " ms pass", span_ns / MS);
    m->now_ns += span_ns;
    market_run(m, span_ns);
    deed_begins(m, DOES_TICK);
    ui_tick(m->ui, m->now_ns);
    deed_ends(m);
}

/* A frame at once; or the one that waited; or one that is kept back, which is then old. */
static inline void frame(struct monkey *m)
{
    if (m->now_ns < m->dark_until_ns)
        return;
    if (one_in(m, 200))
        m->dark_until_ns = m->now_ns + random_between(&m->random, 100, 8000) * MS;
    if (!m->waits)
        frame_fill(m, m->ui->frame != NULL && one_in(m, 40));
    if (one_in(m, 10)) {
        m->count[HELD_FRAMES]++;
        return;
    }
    deed_note(m, "frame of %s, %s%s", m->instrument[m->frame[1]->status.shown % MARKETS].symbol,
              trading_state_word(m->frame[1]->status.state), m->frame[1]->desk.watching ? ", watching" : "");
    deed_begins(m, DOES_FRAME);
    frame_deliver(m);
    deed_ends(m);
}

/* --- pictures ------------------------------------------------------------------------------------------------------------------ */

static inline struct cell *whole_cell(const struct monkey *m, int row, int col)
{
    return &m->whole->cells[row * m->whole->cols_all + col];
}

/* The frame of cells around the picture: set, or looked at. */
static inline void guard(struct monkey *m, bool set)
{
    for (int row = 0; row < m->rows + 2; row++)
        for (int col = 0; col < m->cols + 2; col += row == 0 || row == m->rows + 1 ? 1 : m->cols + 1) {
            struct cell *cell = whole_cell(m, row, col);

            if (set)
                *cell = (struct cell){.code = GUARD_CODE, .width = 1};
            else if (cell->code != GUARD_CODE)
                monkey_fail(m, "drawn outside of the picture, at row %d column %d", row - 1, col - 1);
        }
}

static inline bool is_shown_code(uint32_t code)
{
    return code >= ' ' && !(code >= 0x7f && code < 0xa0) && !(code >= 0xd800 && code < 0xe000) &&
           code <= 0x10ffff && code != GUARD_CODE;
}

static inline void check_cells(struct monkey *m, const struct canvas *picture)
{
    for (int row = 0; row < picture->rows; row++)
        for (int col = 0; col < picture->cols; col++) {
            const struct cell *cell = canvas_cell(picture, row, col),
                              *next = canvas_cell(picture, row, col + 1);
            bool half = cell->width == 2;

            if (half != (next != NULL && next->width == 0) || (col == 0 && cell->width == 0))
                monkey_fail(m, "half of a wide character at row %d column %d", row, col);
            if (cell->width != 0 && !is_shown_code(cell->code))
                monkey_fail(m, "U+%04X at row %d column %d", cell->code, row, col);
            for (int i = 0; i < CANVAS_MARKS; i++)
                if (cell->mark[i] != 0 && !is_shown_code(cell->mark[i]))
                    monkey_fail(m, "mark U+%04X at row %d column %d", cell->mark[i], row, col);
        }
}

static inline bool has_one_of(const char *row, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strstr(row, *words) != NULL)
            return true;
    return false;
}

/* Mode and state stand in the first row at every width there is room for them. */
static inline void check_badges(struct monkey *m)
{
    static const char *const mode[][3] = {[MODE_OBSERVATION] = {" OBS", NULL},
                                          [MODE_SIMULATION] = {" SIM", NULL},
                                          [MODE_LIVE] = {" LIVE", NULL}};
    const struct view_status *status;
    char row[COLS_MAX * 8];
    const char *state[] = {"", "held", "ended", "\u25ba", NULL};

    if (m->ui->frame == NULL || m->rows < 2 || m->cols < 24 || (!m->ui->layout.small && lock_hides(m->ui)) ||
        ui_instrument(m->ui) == NULL)
        return;
    status = &m->ui->frame->status;
    snprintf(row, sizeof(row), "%.*s", (int)strcspn(m->text, "\n"), m->text);
    if (!has_one_of(row, mode[status->mode]))
        monkey_fail(m, "no badge of %s in `%s`", trading_mode_word(status->mode), row);
    state[0] = status->killing ? "KILLING" : trading_state_word(status->state);
    if (!status->replay || status->state != STATE_ACTIVE || ui_killed(m->ui))
        state[1] = NULL;
    if (m->cols >= LAYOUT_COLS_MIN && !has_one_of(row, state))
        monkey_fail(m, "no badge of %s in `%s`", state[0], row);
    if (m->ui->armed && !m->ui->layout.small && !ui_killed(m->ui) && strstr(row, "ARMED") == NULL)
        monkey_fail(m, "armed, and the first row does not say so: `%s`", row);
}

static inline void look(struct monkey *m)
{
    m->picture = canvas_region(m->whole, 1, 1, m->rows, m->cols);
    guard(m, true);
    deed_begins(m, DOES_DRAW);
    ui_draw(m->ui, &m->picture, m->now_ns);
    deed_ends(m);
    guard(m, false);
    canvas_to_text(&m->picture, m->text, m->text_size);
    m->drawn = m->fresh = true;
    check_cells(m, &m->picture);
    check_badges(m);
    if (one_in(m, 8)) /* a terminal that does not keep up */
        return;
    ui_frame_left(m->ui, m->now_ns);
    if (m->asked_ns == 0 && (m->ui->overlay == OVERLAY_QUESTION || m->ui->overlay == OVERLAY_TICKET))
        m->asked_ns = m->now_ns;
}

#endif

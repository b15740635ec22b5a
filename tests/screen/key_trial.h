/*
 * key_trial.h - every key of the table in every place it works, in a terminal, at three sizes on different kinds of terminal:
 * typed as that terminal sends it, judged by cells alone. The recording's clock is held, so that what changes was changed by the
 * key. A binding without a row fails. FLOWDECK_SOAK=1: every kill key in every place, not two of them.
 */
#ifndef SCREEN_KEY_TRIAL_H
#define SCREEN_KEY_TRIAL_H

#include "screen/key_effects.h"
#include "screen/three_sizes.h"

#define QUIET_MS 60
#define TRIES    3

static char folder[64];

static inline int make_folder(void **state)
{
    find_program(state);
    snprintf(folder, sizeof(folder), "/tmp/flowdeck-key-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static inline int remove_folder(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf %s", folder);
    return system(command); /* NOLINT(cert-env33-c): a fixed command of our own */
}

/* --- the rows ------------------------------------------------------------------------------------------------------------ */

static const struct effect *row_of(enum key_context context, enum key_action action)
{
    for (size_t i = 0; i < sizeof(effects) / sizeof(effects[0]); i++)
        if (effects[i].context == context && effects[i].action == action)
            return &effects[i];
    return NULL;
}

static inline bool of_everywhere(const struct key_binding *binding)
{
    return binding->context == CONTEXT_ALL || binding->context == CONTEXT_REPLAY;
}

/* These mean in a field, a question and a page what they mean elsewhere. */
static inline bool always(enum key_action action)
{
    return action == ACT_KILL || action == ACT_PAUSE || action == ACT_REDRAW || action == ACT_STOP_REFUSED;
}

static const struct effect *effect_of(const struct place *place, const struct key_binding *binding)
{
    const struct effect *own = row_of(place->context, binding->action), *other = NULL;

    if (own != NULL)
        return own;
    if (of_everywhere(binding) && place->title != NULL && !always(binding->action) &&
        binding->action != ACT_HELP)
        return row_of(place->context, ACT_NONE);
    other = row_of(binding->context, binding->action);
    return other != NULL ? other : row_of(KEY_CONTEXTS, binding->action);
}

static inline bool works(const struct place *place, const struct key_binding *binding)
{
    bool trade = place->context == CONTEXT_LADDER || place->context == CONTEXT_LIST;

    /* the place's own meaning of the key goes before that of around it */
    if (binding->context != place->context && keymap_find(place->context, binding->key) != NULL)
        return false;
    if (binding->context == CONTEXT_ALL && trade && keymap_find(CONTEXT_TRADE, binding->key) != NULL)
        return false;
    return binding->context == place->context || of_everywhere(binding) ||
           (binding->context == CONTEXT_TRADE && trade);
}

/* --- pictures ------------------------------------------------------------------------------------------------------------ */

struct pictures {
    char *text[SIZES];
    bool answers; /* the answers' row belongs to them */
};

/* Characters and how they are painted, without the rows of the state and the clock, and that of the answers if they do not count. */
static inline char *panels_of(struct vt *vt, bool answers)
{
    size_t cell_size = 4 * VTERM_MAX_CHARS_PER_CELL + 2, used = 0;
    char *text = malloc((size_t)vt->rows * (size_t)vt->cols * cell_size + 1);

    assert_non_null(text);
    for (int row = 2; row < vt->rows - (answers ? 1 : 2); row++) {
        used += vt_row_into(vt, row, text + used);
        for (int col = 0; col < vt->cols; col++) {
            VTermScreenCell cell = vt_cell(vt, row, col);
            bool blank = cell.chars[0] == 0 || cell.chars[0] == ' '; /* a bold one looks like any */

            text[used++] = (char)('a' + (cell.attrs.reverse | (!blank && cell.attrs.bold ? 2 : 0)));
            text[used++] = (char)('a' + vt_rgb(vt, cell.bg) % 26);
        }
    }
    text[used] = '\0';
    return text;
}

static inline void until_quiet(struct three *all)
{
    int64_t end_ms = vt_now_ms() + 1000, heard_ms = vt_now_ms();

    while (vt_now_ms() < end_ms && vt_now_ms() - heard_ms < QUIET_MS)
        for (int i = 0; i < SIZES; i++)
            if (vt_pump(all->vt[i], 3))
                heard_ms = vt_now_ms();
}

static inline struct pictures take(struct three *all, bool answers)
{
    struct pictures taken = {.answers = answers};

    until_quiet(all);
    for (int i = 0; i < SIZES; i++)
        taken.text[i] = panels_of(all->vt[i], answers);
    return taken;
}

static inline void drop(struct pictures *taken)
{
    for (int i = 0; i < SIZES; i++)
        free(taken->text[i]);
}

/* True as soon as each picture is that one, or is not; false after the time, with the first that will not. */
static inline bool until_like(struct three *all, const struct pictures *taken, bool like, int limit_ms,
                              int *at)
{
    int64_t end_ms = vt_now_ms() + limit_ms;

    for (*at = 0; *at < SIZES;) {
        char *now = panels_of(all->vt[*at], taken->answers);
        bool same = strcmp(now, taken->text[*at]) == 0;

        free(now);
        if (same == like) {
            (*at)++;
            continue;
        }
        if (vt_now_ms() >= end_ms)
            return false;
        for (int i = 0; i < SIZES; i++)
            vt_pump(all->vt[i], 5);
    }
    return true;
}

/* --- one key ------------------------------------------------------------------------------------------------------------- */

struct trial {
    struct three all;
    const struct place *place;
    const struct key_binding *binding;
    const struct effect *effect;
    char what[96];
};

static inline void type(struct trial *trial)
{
    char bytes[16];

    for (int i = 0; i < SIZES; i++)
        vt_send(trial->all.vt[i], key_bytes(trial->all.kind[i], trial->binding->key, bytes));
}

/* The cursor on the order of ours: the keys before may have led it away. */
static inline void to_own_order(struct three *all)
{
    for (int i = 0; i < SIZES; i++)
        if (!vt_shows(all->vt[i], "x moves"))
            vt_send(all->vt[i], "0");
    for (int row = 0; row < 12; row++) {
        bool there = true;

        until_quiet(all);
        for (int i = 0; i < SIZES; i++)
            if (!vt_shows(all->vt[i], "x moves")) {
                there = false;
                vt_send(all->vt[i], "j");
            }
        if (there)
            return;
    }
}

static inline void own_order(struct trial *trial);

static inline bool all_have(struct three *all, const char *text)
{
    bool have = true;

    for (int i = 0; i < SIZES; i++)
        have = have && vt_shows(all->vt[i], text);
    return have;
}

static inline void enter(struct trial *trial)
{
    if (trial->place->context == CONTEXT_MOVE) {
        to_own_order(&trial->all);
        if (!all_have(&trial->all, "x moves")) /* one has filled while the clock ran */
            own_order(trial);
    }
    for (int i = 0; i < STEPS && trial->place->enter[i][0] != NULL; i++) {
        all_send(&trial->all, trial->place->enter[i][0]);
        all_show(&trial->all, trial->place->enter[i][1]);
    }
    if (trial->effect->before != NULL) {
        until_quiet(&trial->all);
        all_send(&trial->all, trial->effect->before);
    }
    until_quiet(&trial->all);
}

static inline void leave_place(struct trial *trial)
{
    struct three *all = &trial->all;

    if (trial->effect->back != NULL && trial->effect->outcome != TURNS) {
        until_quiet(all);
        all_send(all, trial->effect->back);
    }
    until_quiet(all);
    if (trial->place->title == NULL)
        all_send(all, trial->place->leave);
    for (int i = 0; trial->place->title != NULL && i < SIZES; i++)
        if (vt_shows(all->vt[i], trial->place->title))
            vt_send(all->vt[i], trial->place->leave);
    all_show(all, "order flow");
    until_quiet(all);
}

static inline void fail_picture(struct trial *trial, int at, const char *what)
{
    fprintf(stderr, "%s", vt_text(trial->all.vt[at]));
    fail_msg("%s at %dx%d (%s): %s", trial->what, sizes[at][1], sizes[at][0], kind_name(&trial->all, at),
             what);
}

/* Another picture, and the very one again: an event of the market between may spoil it, three do not. */
static inline void try_turn(struct trial *trial)
{
    bool again = false;
    int at = 0;

    for (int i = 0; i < TRIES && !again; i++) {
        struct pictures before = take(&trial->all, false);

        type(trial);
        if (!until_like(&trial->all, &before, false, ANSWER_MS, &at))
            fail_picture(trial, at, "nothing has changed");
        until_quiet(&trial->all);
        all_send(&trial->all, trial->effect->back);
        again = until_like(&trial->all, &before, true, 1500, &at);
        drop(&before);
    }
    if (!again)
        fail_picture(trial, at, "the keys back do not bring the picture again");
}

static inline void try_same(struct trial *trial)
{
    bool same = false;
    int at = 0;

    for (int i = 0; i < TRIES && !same; i++) {
        struct pictures before = take(&trial->all, false);

        type(trial);
        until_quiet(&trial->all);
        same = until_like(&trial->all, &before, true, 1, &at);
        drop(&before);
    }
    if (!same)
        fail_picture(trial, at, "something has changed");
}

static inline void try_change(struct trial *trial)
{
    struct pictures before = take(&trial->all, trial->effect->outcome == ANSWERS);
    int at;

    type(trial);
    if (!until_like(&trial->all, &before, false, ANSWER_MS, &at))
        fail_picture(trial, at, "nothing has changed");
    drop(&before);
}

static inline void try_letter(struct trial *trial)
{
    char want[24], letter[16];

    if (trial->binding->key > 0x7f) /* by its place on the keyboard, or another key */
        return;
    snprintf(want, sizeof(want), "ha%s_", key_bytes(&kinds[0], trial->binding->key, letter));
    type(trial);
    all_show(&trial->all, want);
}

/* The recording's clock stands, and all is as in a market that runs. */
static inline void hold(struct trial *trial)
{
    all_send(&trial->all, " ");
    all_show(&trial->all, "\u2551 held");
    all_run(&trial->all, "go");
    all_state(&trial->all, "ACTIVE");
}

static inline void let_go(struct trial *trial)
{
    all_play(&trial->all, 1600); /* until then it could be the second half of a nervous double tap */
    all_send(&trial->all, " ");
    all_lose(&trial->all, "\u2551 held");
}

static inline void until_yes(struct trial *trial)
{
    bool there = false;

    for (int i = 0; i < 20 && !there; i++) {
        all_play(&trial->all, 350); /* y counts when the question has been seen for 250 ms */
        there = true;
        for (int at = 0; at < SIZES; at++)
            if (!vt_shows(trial->all.vt[at], "orders 1")) {
                there = false;
                vt_send(trial->all.vt[at], "y");
            }
    }
    all_show(&trial->all, "orders 1");
}

/* One that can be picked up. */
static inline void own_order(struct trial *trial)
{
    all_send(&trial->all, "U");
    all_show(&trial->all, "order flow");
    let_go(trial);
    all_show(&trial->all, "orders 0");
    all_send(&trial->all, "0jjjjji");
    all_show(&trial->all, "SEND THIS ORDER?");
    until_yes(trial);
    hold(trial);
}

static inline void revive(struct trial *trial)
{
    all_run(&trial->all, "clear-kill");
    all_show(&trial->all, "CLEAR THE KILL?");
    all_enter(&trial->all, "resume");
    all_state(&trial->all, "PAUSED");
    all_run(&trial->all, "go");
    all_state(&trial->all, "ACTIVE");
    if (trial->place->context == CONTEXT_MOVE)
        own_order(trial);
}

/* The clock goes on, and with the next it is held and strategies pause. */
static inline void try_pause(struct trial *trial)
{
    all_play(&trial->all, 1600);
    type(trial);
    all_lose(&trial->all, "\u2551 held");
    type(trial);
    all_state(&trial->all, "PAUSED");
    leave_place(trial);
    all_run(&trial->all, "go");
    all_state(&trial->all, "ACTIVE");
}

/* An order is taken only while the clock runs. */
static inline void try_yes(struct trial *trial)
{
    leave_place(trial);
    let_go(trial);
    all_send(&trial->all, "0jjjjj"); /* where it rests */
    enter(trial);
    until_yes(trial);
    all_send(&trial->all, "U");
    all_show(&trial->all, "orders 0");
    hold(trial);
}

static inline void try_state(struct trial *trial)
{
    type(trial);
    all_state(&trial->all, trial->effect->want);
    if (trial->binding->action == ACT_KILL)
        revive(trial);
}

/* What everywhere else is one key may not be in a field: K is a letter, its Alt and F12 are not. */
static inline bool is_letter_there(const struct trial *trial)
{
    return trial->place->context == CONTEXT_TEXT && trial->binding->key < KEY_FIRST;
}

static inline void try_key(struct trial *trial)
{
    enum outcome outcome = is_letter_there(trial) ? TYPED : trial->effect->outcome;

    trial->all.what = trial->what;
    enter(trial);
    if (trial->binding->action == ACT_YES)
        try_yes(trial);
    else if (trial->binding->action == ACT_PAUSE && outcome == STATES)
        try_pause(trial);
    else if (outcome == TURNS)
        try_turn(trial);
    else if (outcome == SAME)
        try_same(trial);
    else if (outcome == CHANGES || outcome == ANSWERS)
        try_change(trial);
    else if (outcome == TYPED)
        try_letter(trial);
    else if (outcome == STATES)
        try_state(trial);
    else {
        type(trial);
        if (outcome == SHOWS)
            all_show(&trial->all, trial->effect->want);
        else
            all_say(&trial->all, trial->effect->want);
    }
    leave_place(trial);
}

/* --- each of them -------------------------------------------------------------------------------------------------------- */

static inline bool is_for_a_soak(const struct key_binding *binding)
{
    return getenv("FLOWDECK_SOAK") == NULL && binding->action == ACT_KILL && binding->key != 'K' &&
           binding->key != KEY_F12;
}

static inline void start_trial(struct trial *trial, size_t turn)
{
    static const char *const more[] = {"--mode", "simulation", "--at", "14:05", "--speed", "0.5", NULL};

    for (int i = 0; i < SIZES; i++) {
        char data[96];
        const char *const env[] = {data, NULL};

        snprintf(data, sizeof(data), "FLOWDECK_DATA_DIR=%s/%zu-%d", folder, turn, i);
        trial->all.kind[i] = kind_at(turn + (size_t)i);
        trial->all.vt[i] =
            start_kind(trial->all.kind[i],
                       (struct vt_options){.rows = sizes[i][0], .cols = sizes[i][1], .env = env}, more);
    }
    for (int i = 0; i < SIZES; i++) {
        await_trading(trial->all.vt[i]);
        vt_expect(trial->all.vt[i], "NEXT", START_MS);
    }
}

static inline void try_place(const struct place *place, size_t turn)
{
    struct trial trial = {.place = place};

    start_trial(&trial, turn);
    trial.all.what = place->name;
    hold(&trial);
    if (place->context == CONTEXT_MOVE)
        own_order(&trial);
    for (size_t i = 0; i < keymap_count(); i++) {
        const struct key_binding *binding = keymap_at(i);
        char name[32];

        if (!works(place, binding) || is_for_a_soak(binding))
            continue;
        snprintf(trial.what, sizeof(trial.what), "%s (%s) in %s", key_to_name(binding->key, name),
                 binding->name, place->name);
        trial.binding = binding;
        trial.effect = effect_of(place, binding);
        if (trial.effect == NULL)
            fail_msg("%s has no row", trial.what);
        try_key(&trial);
    }
    all_leave(&trial.all);
}

/* The places of these names, one after another. */
static inline void try_places(const char *const *names)
{
    const char *only = getenv("FLOWDECK_PLACE");

    for (; *names != NULL; names++)
        for (size_t i = 0; i < PLACES; i++)
            if (strcmp(places[i].name, *names) == 0 && (only == NULL || strstr(*names, only) != NULL))
                try_place(&places[i], i);
}

#endif

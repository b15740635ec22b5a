/*
 * Every question and every field in a terminal, at three sizes: asked, read whole, left by Esc, answered wrongly, killed from,
 * answered; the market behind it goes on. Each kind there is has a row: a new one without a row does not compile.
 * FLOWDECK_SOAK=1: killed from each field, not from two of them.
 */
#include "screen/three_orders.h"
#include "tui/ui_state.h"

#define STEPS 3

struct row {
    const char *name;
    void (*ready)(struct three *all);
    const char *ask[STEPS][2]; /* keys, and what comes of them; a line of the prompt begins with : */
    const char *title;
    const char *parts[STEPS];
    const char *wrong, *told; /* a key that is no answer, or a word and Enter; told NULL: it stands on */
    const char *left;         /* after Esc */
    const char *yes, *done;   /* done ^: in the first row */
    bool word;                /* yes and wrong are words, Esc K kills */
    const char *back, *home;  /* keys after it was answered, and what they bring */
    const char *out_of_reach; /* why it cannot be asked here: the answer to :live */
};

/* --- what they need --------------------------------------------------------------------------------------------------- */

static void position(struct three *all)
{
    if (strstr(vt_row(all->vt[0], 0), "LONG") != NULL)
        return;
    all_send(all, "0M");
    all_show(all, "SEND THIS ORDER?");
    all_yes(all, "SEND THIS ORDER?");
    all_state(all, "LONG");
}

/*
 * Of a strategy that rests orders, chosen in the list. It replaces them as the market moves, and the one that was lit may
 * have ended before the key came: pressed again where nothing is asked.
 */
static void cancel_of_a_strategy(struct three *all)
{
    all_show(all, " mm     BUY");
    if (!vt_shows(all->vt[0], "Enter why"))
        all_send(all, "v");
    all_show(all, "Enter why");
    for (int i = 0; i < SIZES; i++) {
        int tries = 0;

        do {
            if (++tries > 40)
                fail_msg("%s: no order of it can be cancelled", all->what);
            vt_send(all->vt[i], "g");
            all_play(all, 100);
            vt_send(all->vt[i], "u");
        } while (!vt_wait_text(all->vt[i], "CANCEL A STRATEGY'S ORDER?", 500));
    }
}

static void killed(struct three *all)
{
    all_send(all, "\033K");
    all_state(all, "KILLED");
}

/* Chosen, and known: what it is has come from the engine. */
static void parameters(struct three *all)
{
    static bool there;

    all_send(all, "1");
    all_show(all, "order flow");
    all_send(all, "4");
    if (!there) { /* from then on the screen stays where it was */
        all_show(all, "Tab");
        all_show(all, "follows order flow");
        all_send(all, "\t");
        there = true;
    }
    all_show(all, "order_value  money");
}

static void no_help(struct three *all)
{
    for (int i = 0; i < SIZES; i++)
        if (vt_shows(all->vt[i], "[keys]"))
            vt_send(all->vt[i], "q");
    all_lose(all, "[keys]");
    all_show(all, "order flow");
}

/* Its filter goes first, then the page. */
static void no_settings(struct three *all)
{
    for (int step = 0; step < 2; step++) {
        for (int i = 0; i < SIZES; i++)
            if (vt_shows(all->vt[i], "set by you"))
                vt_send(all->vt[i], "\033");
        all_play(all, 300);
    }
    all_lose(all, "set by you");
    all_show(all, "order flow");
}

/* --- the rows --------------------------------------------------------------------------------------------------------- */

#define LIVE_ALONE .out_of_reach = "that is not in this version"

/* NULL: there is none of that number. A kind that the switch has not does not compile. */
static const struct row *question_row(enum question_kind kind)
{
    static const struct row rows[] = {
        [ASK_ORDER] = {.name = "an order",
                       .ready = all_cancelled,
                       .ask = {{"0jjjjjji", NULL}},
                       .title = "SEND THIS ORDER?",
                       .parts = {"BUY", "send it", "cancel"},
                       .wrong = "M",
                       .left = "nothing sent",
                       .yes = "y",
                       .done = "orders 1"},
        [ASK_MOVE] = {.name = "a move",
                      .ready = all_rest,
                      .ask = {{"x", "MOVING BUY"}, {"jp", NULL}},
                      .title = "MOVE THIS ORDER?",
                      .parts = {"BUY", "move it", "cancel"},
                      .wrong = "i",
                      .left = "nothing moved",
                      .yes = "y",
                      .done = "cancels"},
        [ASK_FLATTEN] = {.name = "flatten",
                         .ready = position,
                         .ask = {{"f", NULL}},
                         .title = "FLATTEN?",
                         .parts = {"at market, reduce-only", "flatten", "cancel"},
                         .wrong = "R",
                         .left = "nothing sent",
                         .yes = "y",
                         .done = "^FLAT"},
        [ASK_REVERSE] = {.name = "reverse",
                         .ready = position,
                         .ask = {{"R", NULL}},
                         .title = "REVERSE THE POSITION?",
                         .parts = {"is closed at market", "NO SHORT", "cancel"},
                         .wrong = "f",
                         .left = "nothing sent",
                         .yes = "y",
                         .done = "^FLAT"},
        [ASK_CANCEL] = {.name = "the cancel of a strategy's order",
                        .ready = cancel_of_a_strategy,
                        .title = "CANCEL A STRATEGY'S ORDER?",
                        .parts = {"belongs to mm", "cancel it", "leave it"},
                        .wrong = "i",
                        .left = "nothing cancelled",
                        .yes = "y",
                        .done = "cancelled"},
        [ASK_MODE] = {.name = "a mode",
                      .ask = {{"o", NULL}},
                      .title = "LEAVE SIMULATION FOR OBSERVATION?",
                      .parts = {"will be cancelled", "go to observation", "stay"},
                      .wrong = "s",
                      .left = "nothing changed: you stay",
                      .yes = "y",
                      .done = "^OBSERVATION",
                      .back = "s",
                      .home = "^SIMULATION"},
        [ASK_ARM] = {LIVE_ALONE},
        [ASK_RESUME] = {LIVE_ALONE},
        [ASK_STRATEGY] = {LIVE_ALONE},
        [ASK_KILL] = {.name = "the kill of a read-only screen",
                      .ask = {{"K", NULL}},
                      .title = "KILL THE ENGINE'S TRADING?",
                      .parts = {"this screen is read only", "kill", "cancel"},
                      .wrong = "i",
                      .left = "not killed",
                      .yes = "y",
                      .done = "^KILLED"},
        [ASK_QUIT] = {.name = "the way out",
                      .ask = {{"q", NULL}},
                      .title = "LEAVE?",
                      .parts = {"x stop", "Stay"},
                      .wrong = "i",
                      .left = "you stay",
                      .yes = "x"},
        [ASK_AGAIN] = {.name = "a jump back",
                       .ready = all_rest,
                       .ask = {{":jump 14:00", NULL}},
                       .title = "PLAY THE RECORDING ANEW?",
                       .parts = {"14:00:00 is behind", "play it anew", "Stay"},
                       .wrong = "i",
                       .left = "you stay",
                       .yes = "y",
                       .done = "orders 0"},
    };

    switch (kind) {
    case ASK_ORDER:
    case ASK_MOVE:
    case ASK_FLATTEN:
    case ASK_REVERSE:
    case ASK_CANCEL:
    case ASK_MODE:
    case ASK_ARM:
    case ASK_RESUME:
    case ASK_STRATEGY:
    case ASK_KILL:
    case ASK_QUIT:
    case ASK_AGAIN:
        return &rows[kind];
    }
    return NULL;
}

static const struct row *field_row(enum text_kind kind)
{
    static const struct row rows[] = {
        [TEXT_COMMAND] = {.name = "the prompt",
                          .ask = {{":", NULL}},
                          .title = "COMMAND",
                          .wrong = "nosuch",
                          .told = "no command `nosuch`",
                          .yes = "size 0.007",
                          .done = "0.007 BTC"},
        [TEXT_SIZE] = {.name = "a size",
                       .ask = {{"=", NULL}},
                       .title = "ORDER SIZE",
                       .wrong = "x1",
                       .told = "`x1` is no number",
                       .yes = "0.008",
                       .done = "0.008 BTC"},
        [TEXT_FILTER] = {.name = "a filter",
                         .ask = {{"3", "spread bp"}, {"/", NULL}},
                         .title = "FILTER",
                         .wrong = "zzz",
                         .told = "filtered;",
                         .yes = "eth",
                         .done = "filtered;",
                         .back = "1",
                         .home = "order flow"},
        [TEXT_FIND] = {.name = "an instrument",
                       .ask = {{"/", NULL}},
                       .title = "FIND AN INSTRUMENT",
                       .wrong = "zzz",
                       .told = "no instrument of this session matches",
                       .yes = "eth",
                       .done = "^ETHUSDT",
                       .back = "N",
                       .home = "^BTCUSDT"},
        [TEXT_CLEAR_KILL] = {.name = "the word after a kill",
                             .ready = killed,
                             .ask = {{":clear-kill", NULL}},
                             .title = "CLEAR THE KILL?",
                             .parts = {"Type resume and Enter"},
                             .wrong = "yes",
                             .told = "`yes` is not the word",
                             .yes = "resume",
                             .done = "^PAUSED"},
        [TEXT_LOOSEN] = {.name = "the word that loosens a limit",
                         .ask = {{":limit max_value 4000", NULL}},
                         .title = "LOOSEN A LIMIT?",
                         .parts = {"Type risk.max_value and Enter"},
                         .wrong = "yes",
                         .told = "`yes` is not the word",
                         .yes = "risk.max_value",
                         .done = "4000"},
        [TEXT_PARAMETER] = {.name = "a parameter",
                            .ready = parameters,
                            .ask = {{"\r", NULL}},
                            .title = "type its new value",
                            .wrong = "zz",
                            .told = "NOT CHANGED",
                            .yes = "600",
                            .done = " 600 ",
                            .back = "1",
                            .home = "order flow"},
        [TEXT_HELP] = {.name = "the filter of the help",
                       .ready = no_help,
                       .ask = {{"?", "[keys]"}, {"/", NULL}},
                       .title = "FIND IN THE HELP",
                       .wrong = "zzzz",
                       .told = "nothing there has `zzzz`",
                       .yes = "flatten",
                       .done = "close the position",
                       .back = "q",
                       .home = "order flow"},
        [TEXT_SETTINGS] = {.name = "the filter of the settings",
                           .ready = no_settings,
                           .ask = {{":settings", "set by you"}, {"/", NULL}},
                           .title = "FIND A SETTING",
                           .wrong = "zzzz",
                           .told = "0 of 0 with zzzz",
                           .yes = "risk.max_value",
                           .done = "with risk.max_value"},
    };

    switch (kind) {
    case TEXT_COMMAND:
    case TEXT_SIZE:
    case TEXT_FILTER:
    case TEXT_FIND:
    case TEXT_CLEAR_KILL:
    case TEXT_LOOSEN:
    case TEXT_PARAMETER:
    case TEXT_HELP:
    case TEXT_SETTINGS:
        return &rows[kind];
    }
    return NULL;
}

/* --- each of them ----------------------------------------------------------------------------------------------------- */

static void ask(struct three *all, const struct row *row)
{
    if (row->ready != NULL)
        row->ready(all);
    for (int i = 0; i < STEPS && row->ask[i][0] != NULL; i++) {
        all_give(all, row->ask[i][0]);
        if (row->ask[i][1] != NULL)
            all_show(all, row->ask[i][1]);
    }
    all_show(all, row->title);
    for (int i = 0; i < STEPS && row->parts[i] != NULL; i++)
        all_show(all, row->parts[i]);
}

/* The row from that of its title on where something is cut; -1: none. */
static int cut_row(struct vt *vt, const struct row *row)
{
    int at = 0;

    while (at < vt->rows - 2 && strstr(vt_row(vt, at), row->title) == NULL)
        at++;
    for (; at < vt->rows - 2; at++)
        if (strstr(vt_row(vt, at), "\u2026") != NULL)
            return at;
    return -1;
}

#define WHOLE_MS 7000 /* it stands for ten seconds */

/* Once the whole of it has been painted. */
static void check_whole(struct three *all, const struct row *row)
{
    int64_t end_ms = vt_now_ms() + WHOLE_MS;

    for (int i = 0; i < SIZES; i++) {
        int at;

        while ((at = cut_row(all->vt[i], row)) >= 0) {
            if (vt_now_ms() > end_ms)
                fail_msg("%s at %dx%d is cut: %s", row->name, sizes[i][1], sizes[i][0],
                         vt_row(all->vt[i], at));
            all_play(all, 10);
        }
    }
}

/* Above the questions there is the market. */
static void market_text(struct vt *vt, char *out)
{
    for (int row = 0; row < 9; row++)
        out += vt_row_into(vt, row, out);
}

static void check_market_goes_on(struct three *all)
{
    static char before[SIZES][9 * 1024 * VTERM_MAX_CHARS_PER_CELL], now[9 * 1024 * VTERM_MAX_CHARS_PER_CELL];
    int64_t end_ms = vt_now_ms() + ANSWER_MS;

    for (int i = 0; i < SIZES; i++)
        market_text(all->vt[i], before[i]);
    for (int i = 0; i < SIZES;) {
        all_play(all, 10);
        market_text(all->vt[i], now);
        if (strcmp(now, before[i]) != 0)
            i++;
        else if (vt_now_ms() > end_ms)
            fail_msg("%s at %dx%d holds the market up", all->what, sizes[i][1], sizes[i][0]);
    }
}

static void leave_it(struct three *all, const struct row *row)
{
    ask(all, row);
    if (row->parts[0] != NULL)
        check_whole(all, row);
    check_market_goes_on(all);
    if (row->told == NULL) {
        all_send(all, row->wrong);
        all_play(all, 150);
    } else {
        all_enter(all, row->wrong);
        all_show(all, row->told);
        ask(all, row);
    }
    all_show(all, row->title);
    all_send(all, "\033");
    all_lose(all, row->title);
    if (row->left != NULL)
        all_show(all, row->left);
}

static void kill_from_it(struct three *all, const struct row *row)
{
    ask(all, row);
    all_send(all, row->word ? "\033K" : "K");
    all_state(all, "KILLED");
    all_lose(all, row->title);
    all_revive(all);
}

static void take_it(struct three *all, const struct row *row)
{
    ask(all, row);
    if (row->word)
        all_enter(all, row->yes);
    else
        all_yes(all, row->title);
    all_want(all, row->done);
    if (row->back != NULL) {
        all_send(all, row->back);
        all_want(all, row->home);
    }
}

static void start_all(struct three *all, const char *option, const char *setting)
{
    static size_t turn;
    const char *const env[] = {"FLOWDECK_STORE_ON=false", setting, NULL};
    const char *const more[] = {"--mode", "simulation", "--at", "14:05", option, NULL};

    all_start(all, turn, more, env);
    turn += SIZES;
}

static void test_questions(void **state)
{
    const struct row *row;
    struct three all;

    (void)state;
    start_all(&all, NULL, NULL);
    for (int kind = 0; (row = question_row((enum question_kind)kind)) != NULL; kind++) {
        all.what = row->name;
        if (row->out_of_reach != NULL) { /* as soon as it can be asked, it wants a row of its own */
            all_run(&all, "live");
            all_show(&all, row->out_of_reach);
            continue;
        }
        if (kind == ASK_KILL || kind == ASK_CANCEL || kind == ASK_AGAIN) /* below, in programs of their own */
            continue;
        leave_it(&all, row);
        kill_from_it(&all, row);
        if (kind != ASK_QUIT) /* its answer comes last */
            take_it(&all, row);
    }
    ask(&all, question_row(ASK_QUIT));
    all_play(&all, 350);
    all_send(&all, "y");
    all_show(&all, "x ends it; Esc stays");
    all_send(&all, "x");
    for (int i = 0; i < SIZES; i++) {
        assert_true(vt_wait_exit(all.vt[i], ANSWER_MS));
        assert_int_equal(vt_exit_code(all.vt[i]), 0);
        assert_true(vt_is_sane(all.vt[i]));
        vt_free(all.vt[i]);
    }
}

/* From its beginning on, with nothing of what was. */
static void test_a_jump_back_asks(void **state)
{
    const struct row *row = question_row(ASK_AGAIN);
    struct three all = {.what = row->name};

    (void)state;
    start_all(&all, NULL, NULL);
    all_show(&all, " pass"); /* the cursor and its order are there */
    leave_it(&all, row);
    kill_from_it(&all, row);
    take_it(&all, row);
    all_show(&all, "of 14:00");
    all_leave(&all);
}

/* Nothing of them is cut, however much there is to say: a stop with all its terms, a denial with what is allowed. */
static void test_long_questions_are_whole(void **state)
{
    static const struct row rows[] = {
        {.name = "a sale of what is not held",
         .ask = {{"0li", NULL}},
         .title = "SEND THIS ORDER?",
         .parts = {"nothing to sell, this is spot", "denied as it stands"},
         .wrong = "M",
         .left = "nothing sent"},
        {.name = "a stop",
         .ready = position,
         .ask = {{":stop 60000", NULL}},
         .title = "SEND THIS ORDER?",
         .parts = {"STOP 60000.00", "reduce-only", "covers 0.01"},
         .wrong = "M",
         .left = "nothing sent"},
    };
    struct three all;

    (void)state;
    start_all(&all, NULL, NULL);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        all.what = rows[i].name;
        leave_it(&all, &rows[i]);
        all_send(&all, "h");
    }
    all_leave(&all);
}

static void test_a_read_only_screen_asks_before_it_kills(void **state)
{
    const struct row *row = question_row(ASK_KILL);
    struct three all = {.what = row->name};

    (void)state;
    start_all(&all, "--readonly", NULL);
    leave_it(&all, row);
    take_it(&all, row);
    all_leave(&all);
}

/* A minute of prices lets this strategy quote: it is ON from the beginning. */
static void test_the_order_of_a_strategy_asks(void **state)
{
    const struct row *row = question_row(ASK_CANCEL);
    struct three all = {.what = row->name};

    (void)state;
    start_all(&all, NULL, "FLOWDECK_STRATEGY_MM_ON=true");
    leave_it(&all, row);
    kill_from_it(&all, row);
    take_it(&all, row);
    all_leave(&all);
}

static void test_fields(void **state)
{
    const struct row *found;
    struct three all;

    (void)state;
    start_all(&all, NULL, NULL);
    for (int kind = 0; (found = field_row((enum text_kind)kind)) != NULL; kind++) {
        struct row row = *found;

        row.word = true;
        all.what = row.name;
        leave_it(&all, &row);
        if (row.back != NULL) {
            all_send(&all, row.back);
            all_want(&all, row.home);
        }
        if (kind == TEXT_COMMAND || kind == TEXT_CLEAR_KILL || getenv("FLOWDECK_SOAK") != NULL)
            kill_from_it(&all, &row);
        take_it(&all, &row);
        if (kind == TEXT_CLEAR_KILL) {
            all_run(&all, "resume");
            all_state(&all, "ACTIVE");
        }
    }
    no_settings(&all);
    all_leave(&all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_questions),
        cmocka_unit_test(test_a_jump_back_asks),
        cmocka_unit_test(test_long_questions_are_whole),
        cmocka_unit_test(test_a_read_only_screen_asks_before_it_kills),
        cmocka_unit_test(test_the_order_of_a_strategy_asks),
        cmocka_unit_test(test_fields),
    };

    if (getenv("FLOWDECK_TEST") != NULL)
        cmocka_set_test_filter(getenv("FLOWDECK_TEST"));
    return cmocka_run_group_tests(tests, find_program, NULL);
}

/*
 * Every command of the prompt in a terminal, at three sizes: used rightly it does what can be seen, used wrongly it gives one
 * line in words. The table is held against the program's own: a command without a row fails, and so does a row too many.
 */
#include "screen/three_orders.h"
#include "tui/prompt.h"
#include "unit/own_folder.h"

#include <limits.h>

#define LINES 3

struct row {
    const char *before, *begun; /* keys that bring about what it is for, and how that looks */
    const char *line;           /* the command, used rightly */
    const char *want;           /* comes on the screen; ^: in its first row */
    const char *gone;           /* goes from it */
    const char *after;          /* keys, and what comes of them, that lead back */
    const char *back;
    const char *wrong[LINES][2]; /* lines of the right form that name what is not, and what is said */
};

static const struct row rows[] = {
    {.line = "size 0.005",
     .want = "0.005 BTC",
     .wrong = {{"size 0", "`0` is not above 0"}, {"size 0.0000001", "no multiple of the lot"}}},
    {.line = "sell 0.005", .want = "then take", .after = "\033"},
    {.line = "buy 0.005 1000",
     .want = "then take",
     .after = "\033",
     .wrong = {{"buy 0000000000000000000000000001", "at most 23 figures"}}},
    {.line = "pause", .want = "^PAUSED"},
    {.line = "resume", .want = " % x1 ", .gone = " % held "}, /* the clock was held by the pause */
    {.line = "halt", .want = "^HALTED"},
    {.line = "reduce", .want = "^REDUCING"},
    {.line = "go", .want = "^ACTIVE"},
    {.before = "0jjjjjjai", .begun = "orders 1", .line = "cancel buys", .want = "orders 0"},
    {.before = "M",
     .begun = "LONG",
     .line = "stop 60000",
     .want = "orders 1",
     .wrong = {{"stop 0", "`0` is not above 0, in steps of"},
               {"stop 1.234567", "a price in steps of"},
               {"stop all", "stop what? :stop PRICE"}}},
    {.before = "M",
     .begun = "LONG",
     .line = "flatten",
     .want = "^FLAT",
     .after = "a",
     .back = "DISARMED",
     .wrong = {{"flatten --worst 0", "`0` is not above 0, in steps of"},
               {"flatten --worst 1.234567", "a price in steps of"},
               {"flatten 61800", "a worst price is given so"}}},
    {.line = "on mm", .want = "mm is ON", .wrong = {{"on nosuch", "no strategy is called `nosuch`"}}},
    {.line = "off ofi", .want = "ofi is off", .wrong = {{"off nosuch", "no strategy is called `nosuch`"}}},
    {.line = "explain 1",
     .want = "ORDER fd-",
     .after = "\033",
     .wrong = {{"explain none", "not `none`; allowed: :explain ORDER"},
               {"explain 0", ":explain ORDER, its"}}},
    {.line = "follow 1",
     .want = "from signal to fill",
     .after = "1",
     .back = "order flow",
     .wrong = {{"follow none", "not `none`; allowed: :follow ORDER"}, {"follow 0", ":follow ORDER, its"}}},
    {.line = "set order.sizes 0.5",
     .want = "SET  order.sizes 0.5; at once",
     .wrong = {{"set no.such 1", "NO SETTING  `no.such`"},
               {"set theme nosuch", "NOT SET"},
               {"set log.level loud", "NOT SET"}}},
    {.line = "unset theme",
     .want = "theme was not set since the start",
     .wrong = {{"unset nosuch", "NO SETTING"}}},
    {.line = "settings risk",
     .want = "risk.max_value",
     .after = "\033",
     .wrong = {{"settings zzzz", "no setting has `zzzz`"}}},
    {.line = "write", .want = "WRITTEN"},
    {.line = "reload broken",
     .want = "the log says when it runs",
     .wrong = {{"reload nosuch", "no strategy is called `nosuch`"}, {"reload ofi", "built in"}}},
    {.line = "observation", .want = "LEAVE SIMULATION FOR OBSERVATION?", .after = "\033"},
    {.line = "simulation", .want = "already trading on paper"},
    {.line = "live", .want = "that is not in this version"},
    {.line = "screen market",
     .want = "spread bp",
     .after = "1",
     .back = "order flow",
     .wrong = {{"screen nosuch", "no screen is called `nosuch`"}}},
    {.line = "list fills", .want = "[fills", .after = "\033", .back = "order flow"},
    {.line = "instrument ETH",
     .want = "^ETHUSDT",
     .after = "N",
     .back = "^BTCUSDT",
     .wrong = {{"instrument NOSUCH", "no instrument of this session"}}},
    {.line = "limit max_value 100",
     .want = "risk.max_value 100",
     .wrong = {{"limit nosuch 1", "no single limit is called"},
               {"limit max_value 0", "`0` is not above 0"},
               {"limit max_value x", "`x` is no number"}}},
    {.line = "clear-halt ETHUSDT",
     .want = "is not halted",
     .wrong = {{"clear-halt NOSUCH", "no instrument of this session"}}},
    {.line = "alert price > 99999",
     .want = "rings once: BTCUSDT >= 99999",
     .wrong = {{"alert price", ":alert [SYMBOL]"}, {"alert x > 5", ":alert [SYMBOL]"}}},
    {.line = "alerts", .want = "waits, ", .after = "\033"},
    {.line = "speed 2",
     .want = "SPEED  2",
     .wrong = {{"speed 0", ":speed N (times"}, {"speed 99999999", ":speed N (times"}}},
    {.line = "jump 14:07",
     .want = "JUMP  to 14:07",
     .wrong = {{"jump 13:01", "NO JUMP"}, {"jump 25:00", ":jump HH:MM"}, {"jump 14:08x", ":jump HH:MM"}}},
    {.line = "bookmarks", .want = "there is no bookmark yet"},
    {.line = "note fed at eight", .want = "NOTE  fed at eight"},
    {.line = "lock", .want = "LOCKED  since", .after = "unlock\r", .back = "UNLOCKED"},
    {.line = "export all.csv", .want = "all.csv", .wrong = {{"export ../x", "NO FILE"}}},
    {.line = "theme light", .want = "THEME  light", .wrong = {{"theme nosuch", "NO THEME"}}},
    {.line = "layout save big",
     .want = "saved big",
     .wrong = {{"layout nosuch", "no layout `nosuch`"},
               {"layout drop", "which? :layout drop NAME"},
               {"layout save a/b", "at most"}}},
    {.line = "panel events off", .want = "PANEL  events off"},
    {.line = "zoom flow", .want = "[order flow]", .after = "z"},
    {.line = "second ETHUSDT",
     .want = "SECOND  ETHUSDT",
     .wrong = {{"second NOSUCH", "no instrument of this session"}, {"second BTCUSDT", "first ladder"}}},
    {.line = "bell off", .want = "BELL  off"},
    {.line = "mouse off", .want = "MOUSE  left to the terminal"},
    {.line = "control", .want = "you have it already"},
    {.line = "detach", .want = "nothing would run on"},
    {.line = "help flatten",
     .want = "works  anywhere",
     .after = "\033",
     .wrong = {{"help nosuch", "no help on `nosuch`"}}},
    {.line = "glossary OFI", .want = "order-flow imbalance", .after = "q"},
    {.line = "quit", .want = "LEAVE?", .after = "\033"},
    {.line = "kill now", .want = "^KILLED"},
    {.line = "clear-kill", .want = "CLEAR THE KILL?", .after = "resume\r", .back = "^PAUSED"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static int make_folder(void **state)
{
    find_program(state);
    return own_folder_make("every");
}

/* Each with a folder and a configuration of its own: three of them write. */
static void start_all(struct three *all)
{
    static const char *const more[] = {"--mode", "simulation", "--at", "14:05", NULL};
    char plugin[PATH_MAX + 32], relative[600];

    snprintf(relative, sizeof(relative), "%.*s/tests/plugins/good.so", (int)(strrchr(program, '/') - program),
             program);
    strcpy(plugin, "FLOWDECK_STRATEGY_PLUGINS=");
    assert_non_null(realpath(relative, plugin + strlen(plugin)));
    for (int i = 0; i < SIZES; i++) {
        char config[128], path[96], data[128];
        const char *const env[] = {config, data, plugin, NULL};
        FILE *file;

        snprintf(path, sizeof(path), "%s/%d.yaml", folder, i);
        snprintf(config, sizeof(config), "FLOWDECK_CONFIG=%s", path);
        snprintf(data, sizeof(data), "FLOWDECK_DATA_DIR=%s/%d", folder, i);
        file = fopen(path, "w");
        assert_non_null(file);
        assert_int_equal(fclose(file), 0);
        all->kind[i] = kind_at((size_t)i + 1);
        all->vt[i] = start_kind(
            all->kind[i], (struct vt_options){.rows = sizes[i][0], .cols = sizes[i][1], .env = env}, more);
    }
    for (int i = 0; i < SIZES; i++) {
        await_trading(all->vt[i]);
        vt_expect(all->vt[i], "NEXT", START_MS);
    }
}

static void expect_whole(struct three *all)
{
    for (int i = 0; i < SIZES; i++)
        if (strstr(vt_row(all->vt[i], all->vt[i]->rows - 2), "\u2026") != NULL)
            fail_msg("%s at %dx%d is cut: %s", all->what, all->vt[i]->cols, all->vt[i]->rows,
                     vt_row(all->vt[i], all->vt[i]->rows - 2));
}

static void try_wrong(struct three *all, const char *line, const char *want)
{
    static const char *last = "";
    char typed[20];

    all->what = line;
    if (strlen(line) < 16 && strcmp(want, last) != 0) { /* at once, where what it brings is new */
        snprintf(typed, sizeof(typed), ":%s\r", line);
        all_send(all, typed);
    } else {
        all_run(all, line);
    }
    last = want;
    all_show(all, want);
    expect_whole(all);
}

/* From the form alone: a word too few, a word too many. */
static void try_form(struct three *all, const struct prompt_word *word)
{
    char line[160], want[160], syntax[96];
    bool rest = strstr(word->arguments, "TEXT") != NULL || strstr(word->arguments, "TOPIC") != NULL;

    prompt_syntax(word, syntax, sizeof(syntax));
    if (word->arguments[0] != '\0' && word->arguments[0] != '[') {
        snprintf(want, sizeof(want), "allowed: %s", syntax);
        try_wrong(all, word->name, want);
    }
    if (!rest && strcmp(word->name, "kill") != 0) {
        snprintf(line, sizeof(line), "%s zzz", word->arguments[0] == '\0' ? word->name : word->example);
        snprintf(want, sizeof(want), "not `zzz`; allowed: %s", syntax);
        try_wrong(all, line, want);
    }
}

static void try_row(struct three *all, const struct row *row)
{
    const struct prompt_word *word = prompt_find(row->line, strcspn(row->line, " "));

    if (word == NULL)
        fail_msg("the program has no command `%s`", row->line);
    try_form(all, word);
    for (int i = 0; i < LINES && row->wrong[i][0] != NULL; i++)
        try_wrong(all, row->wrong[i][0], row->wrong[i][1]);
    all->what = row->line;
    if (row->before != NULL) {
        all_send(all, row->before);
        all_show(all, row->begun);
    }
    all_run(all, row->line);
    all_want(all, row->want);
    if (row->gone != NULL)
        all_lose(all, row->gone);
    if (row->after == NULL) {
        expect_whole(all);
        return;
    }
    all_send(all, row->after);
    if (row->back != NULL)
        all_want(all, row->back);
    else
        all_lose(all, row->want);
}

static void test_every_command(void **state)
{
    struct three all;

    (void)state;
    start_all(&all);
    for (size_t i = 0; i < ROWS; i++)
        try_row(&all, &rows[i]);
    all_leave(&all);
}

/* In other words: to the place, or to what there is. */
static void test_lines_of_newcomers(void **state)
{
    static const char *const rows_of[][2] = {
        {"trades", "[fills"},
        {"orders", "[orders"},
        {"balance", "[position]"},
        {"limit max_value", "set by risk.max_value"},
        {"alert BTC price 99999", "rings once: BTCUSDT >= 99999"},
        {"flatten SOL", "no instrument of this session is called"},
        {"buy 0.005 market", "ORDER TICKET"},
        {"sell all", "no BTC is free to sell"},
        {"cancel 987", "no open order has the number or price 987"},
        {"undo", "nothing is undone here"},
        {"quitt", "LEAVE?"},
    };
    struct three all;

    (void)state;
    start_all(&all);
    for (size_t i = 0; i < sizeof(rows_of) / sizeof(rows_of[0]); i++) {
        all.what = rows_of[i][0];
        all_run(&all, rows_of[i][0]);
        all_show(&all, rows_of[i][1]);
        expect_whole(&all);
        all_play(&all, 100);
        all_send(&all, "\033");
        all_play(&all, 600);
    }
    all_leave(&all);
}

static bool is_of(const struct row *row, const struct prompt_word *word)
{
    return prompt_find(row->line, strcspn(row->line, " ")) == word;
}

static void test_no_command_is_left_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < prompt_count(); i++) {
        size_t at = 0;

        while (at < ROWS && !is_of(&rows[at], prompt_at(i)))
            at++;
        if (at == ROWS)
            fail_msg(":%s has no row here", prompt_at(i)->name);
    }
    assert_int_equal(ROWS, prompt_count());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_command_is_left_out),
        cmocka_unit_test(test_every_command),
        cmocka_unit_test(test_lines_of_newcomers),
    };

    return cmocka_run_group_tests(tests, make_folder, own_folder_drop);
}

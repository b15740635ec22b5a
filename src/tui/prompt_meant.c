/* Other words for our commands. Nothing is guessed: a line has one meaning here, or none. See prompt_meant.h. */
#include "tui/prompt_meant.h"

#include "tui/figure.h"
#include "tui/screen_names.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define WORDS_MAX 8
#define WORD_SIZE 40

struct words {
    int count;
    char word[WORDS_MAX][WORD_SIZE]; /* lower-case */
};

/* False: more words, or longer ones, than any line here has. */
static bool split(const char *line, struct words *out)
{
    out->count = 0;
    for (line += strspn(line, " :"); *line != '\0'; line += strspn(line, " ")) {
        size_t size = strcspn(line, " ");
        char *word = out->word[out->count];

        if (size >= WORD_SIZE || out->count == WORDS_MAX)
            return false;
        for (size_t i = 0; i < size; i++)
            word[i] = (char)tolower((unsigned char)line[i]);
        word[size] = '\0';
        out->count++;
        line += size;
    }
    return out->count > 0;
}

/* Whether the word is one of a list that has blanks around each: " buy long ". */
static bool is_one_of(const char *word, const char *list)
{
    size_t size = strlen(word);

    for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word))
        if (at > list && at[-1] == ' ' && at[size] == ' ')
            return size > 0;
    return false;
}

/* --- whole lines ---------------------------------------------------------------------------------------------- */

static const struct {
    const char *typed, *line; /* typed: several with '|' between and around */
} plain[] = {
    {"|orders|open orders|working|working orders|orderlist|", "list orders"},
    {"|fills|trades|executions|my trades|", "list fills"},
    {"|closed|trips|round trips|", "list closed"},
    {"|tape|prints|time and sales|", "list tape"},
    {"|events|", "list events"},
    {"|log|messages|", "list log"},
    {"|watchlist|", "list watch"},
    {"|balance|balances|wallet|account|equity|cash|funds|position|positions|pos|holdings|fees|",
     "zoom position"},
    {"|flow|order flow|", "zoom flow"},
    {"|ladder|dom|", "zoom ladder"},
    {"|limits|", "screen risk"},
    {"|q|q!|qa|qa!|quit!|wq|wq!|x|exit|bye|logout|kill-session|kill-server|", "quit"},
    {"|detach-client|", "detach"},
    {"|w|w!|save|", "write"},
    {"|h|?|", "help"},
    {"|options|config|", "settings"},
    {"|mute|", "bell off"},
    {"|unmute|", "bell on"},
    {"|close|close position|flat|square|flatten position|", "flatten"},
    {"|cancelall|cancel-all|cancel orders|cancel all orders|", "cancel all"},
    {"|off all|disable all|pause all|stop strategies|pause strategies|stop bots|", "pause"},
    {"|stop all|stop everything|stop trading|", "stop"},
};

static const struct {
    const char *typed, *why; /* typed: first words */
} instead[] = {
    {" undo redo ", "nothing is undone here: :cancel takes an order back, :unset a setting"},
    {" leverage margin ", "no leverage is set here: that is the venue's"},
    {" split sp vsplit vs split-window ",
     ":second SYMBOL shows a second ladder where the screen is wide; :zoom "
     "enlarges a part"},
    {" tp take-profit takeprofit ",
     "a take-profit is a type of the order form: :sell SIZE, then its type; or "
     "`then take` of a buy"},
};

static bool whole_line(const struct words *words, struct prompt_meaning *out)
{
    char line[UI_COMMAND_MAX] = "|";

    for (int i = 0; i < words->count; i++)
        text_print(line + strlen(line), sizeof(line) - strlen(line), "%s%s", i > 0 ? " " : "",
                   words->word[i]);
    text_print(line + strlen(line), sizeof(line) - strlen(line), "|");
    for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++)
        if (strstr(plain[i].typed, line) != NULL) {
            text_print(out->line, sizeof(out->line), "%s", plain[i].line);
            return true;
        }
    for (size_t i = 0; i < sizeof(instead) / sizeof(instead[0]); i++)
        if (is_one_of(words->word[0], instead[i].typed)) {
            text_print(out->why, sizeof(out->why), "%s", instead[i].why);
            return true;
        }
    return false;
}

/* --- places ----------------------------------------------------------------------------------------------------- */

static bool is_screen(const char *word)
{
    return (word[0] >= '1' && word[0] <= '8' && word[1] == '\0') || ui_screen_named(word) != 0;
}

static bool place(const struct ui *ui, const struct words *words, struct prompt_meaning *out)
{
    const char *last = words->word[words->count - 1];
    bool to = words->count == 3 && strcmp(words->word[1], "to") == 0;

    if (words->count == 1) {
        if (is_screen(last) && last[1] == '\0')
            text_print(out->line, sizeof(out->line), "screen %s", last);
    } else if (words->count == 2 || to) {
        if (is_one_of(words->word[0],
                      " go goto show open switch symbol pair coin ticker use chart trade market ") &&
            ui_instrument_named(ui, last) >= 0)
            text_print(out->line, sizeof(out->line), "instrument %s", last);
        else if (is_one_of(words->word[0], " go goto show open switch window tab page view select-window ") &&
                 is_screen(last))
            text_print(out->line, sizeof(out->line), "screen %s", last);
    }
    return out->line[0] != '\0';
}

/* --- strategies --------------------------------------------------------------------------------------------------- */

#define TURNS_ON  " on start run enable resume activate "
#define TURNS_OFF " off stop pause disable halt deactivate "

static bool strategy(const struct ui *ui, const struct words *words, struct prompt_meaning *out)
{
    bool said = is_one_of(words->word[0], " strategy strat algo bot ");
    const char *a = words->word[said ? 1 : 0], *b = words->word[said ? 2 : 1];

    if (words->count != (said ? 3 : 2))
        return false;
    for (int turn = 0; turn < 2; turn++) { /* "off mm", "mm off" */
        const char *verb = turn == 0 ? a : b, *name = turn == 0 ? b : a;
        bool on = is_one_of(verb, TURNS_ON);

        if ((on || is_one_of(verb, TURNS_OFF)) && strategy_named(ui->frame, name, strlen(name)) != NULL) {
            text_print(out->line, sizeof(out->line), "%s %s", on ? "on" : "off", name);
            return true;
        }
    }
    return false;
}

/* --- orders --------------------------------------------------------------------------------------------------- */

#define BUYS  " buy long bid "
#define SELLS " sell short ask "

/* What has been read of an order so far. */
struct order_words {
    const char *side, *type, *other; /* other: an instrument that is not the shown one */
    bool to_price;                   /* the next figure is one: "at" was said */
    bool behind_stop;                /* the size was read behind the word of a stop */
    char size[WORD_SIZE], price[WORD_SIZE];
};

static bool is_stop(const struct order_words *order)
{
    return order->type != NULL && order->type[0] == 's';
}

/* The first is the size, the second the price, but for what stands behind an "at". */
static bool read_figure(struct order_words *order, const char *word, bool at)
{
    char *to = at || order->to_price || order->size[0] != '\0' ? order->price : order->size;

    if (to[0] != '\0')
        return false;
    memcpy(to, word, strlen(word) + 1);
    order->to_price = false;
    if (to == order->size)
        order->behind_stop = is_stop(order);
    return true;
}

/* Of the size before it, "100 usdt", or of none, "buy btc 0.01". */
static void read_asset(struct order_words *order, const char *word)
{
    char *size = order->size;

    if (order->price[0] == '\0' && figure_is_number(size, strlen(size)) &&
        strlen(size) + strlen(word) < sizeof(order->size))
        memcpy(size + strlen(size), word, strlen(word) + 1);
}

static bool read_word(const struct ui *ui, struct order_words *order, const char *word)
{
    bool at = word[0] == '@' && word[1] != '\0';
    int named;

    word += at;
    named = ui_instrument_named(ui, word);
    if (is_one_of(word, BUYS) || is_one_of(word, SELLS)) {
        if (order->side != NULL)
            return false;
        order->side = is_one_of(word, BUYS) ? "buy" : "sell";
    } else if (is_one_of(word, " market mkt now stop stop-loss sl ")) {
        if (order->type != NULL)
            return false;
        order->type = word[0] == 's' ? "stop" : "market";
    } else if (is_one_of(word, " at @ ")) {
        order->to_price = true;
    } else if (strcasecmp(word, ui_instrument(ui)->quote) == 0) {
        read_asset(order, word);
    } else if (named >= 0) {
        order->other = named == ui->instrument_id ? NULL : ui->frame->status.instrument[named].symbol;
    } else if (prompt_is_size(word, strlen(word))) {
        return read_figure(order, word, at);
    } else {
        return is_one_of(word, " limit lmt order for of ");
    }
    return true;
}

/* The command that has been read; what it leaves out where more follows is the ladder's size. */
static void order_line(const struct ui *ui, const struct order_words *read, char *out, size_t size)
{
    bool stop_alone = is_stop(read) && read->behind_stop && read->price[0] == '\0';
    const char *price = stop_alone ? read->size : read->price, *lots = stop_alone ? "" : read->size;
    struct number_text ladder;

    if (lots[0] == '\0' && (read->type != NULL || price[0] != '\0')) {
        ladder = number_qty_full(ui_scale(ui), ui_size_lots(ui));
        lots = ladder.text;
    }
    text_print(out, size, "%s%s%s%s%s%s%s", read->side, lots[0] != '\0' ? " " : "", lots,
               read->type != NULL ? " " : "", read->type != NULL ? read->type : "",
               price[0] != '\0' ? " " : "", price);
}

static bool order(const struct ui *ui, const struct words *words, struct prompt_meaning *out)
{
    struct order_words read = {0};
    bool begins = is_one_of(words->word[0], BUYS SELLS) ||
                  (words->count > 1 && is_one_of(words->word[0], " market mkt limit lmt stop ") &&
                   is_one_of(words->word[1], BUYS SELLS));

    if (!begins || ui_instrument(ui) == NULL)
        return false;
    for (int i = 0; i < words->count; i++)
        if (!read_word(ui, &read, words->word[i]))
            return false; /* the command itself says what it does not know */
    if (read.other != NULL)
        text_print(out->why, sizeof(out->why),
                   "orders are of the instrument shown, %s; :instrument %s shows the other one",
                   ui_instrument(ui)->symbol, read.other);
    else
        order_line(ui, &read, out->line, sizeof(out->line));
    return true;
}

static bool protect(const struct words *words, struct prompt_meaning *out)
{
    const char *last = words->word[words->count - 1];
    bool stop = is_one_of(words->word[0], " stop sl stop-loss stoploss stop-at ");

    if (!stop || words->count < 2 || words->count > 3 || !figure_is_number(last, strlen(last)) ||
        (words->count == 3 && !is_one_of(words->word[1], " at @ loss ")))
        return false;
    text_print(out->line, sizeof(out->line), "stop %s", last);
    return true;
}

/* Of cancel and flatten, which take one word: an instrument, a side, a number. */
static bool take_out(const struct ui *ui, const struct words *words, struct prompt_meaning *out)
{
    const char *last = words->word[words->count - 1];
    bool cancel = is_one_of(words->word[0], " cancel delete del rm remove pull cxl ");
    bool close = is_one_of(words->word[0], " close exit liquidate flatten flat ");
    int named = ui_instrument_named(ui, last);
    const char *what = is_one_of(last, " buy bid bids long longs ")             ? "buys"
                       : is_one_of(last, " sell ask asks offers short shorts ") ? "sells"
                       : is_one_of(last, " all buys sells everything ")         ? last
                                                                                : NULL;

    if ((!cancel && !close) || words->count < 2 || words->count > 3 ||
        (words->count == 3 && !is_one_of(words->word[1], " all order orders position my the at in of on ")))
        return false; /* "close 0.5 btc", "cancel eth all": a word that says more than the command would do */
    if (close && is_one_of(last, " all everything positions "))
        text_print(out->why, sizeof(out->why),
                   "one instrument at a time: :flatten SYMBOL closes; :cancel everything cancels all orders");
    else if (close && words->count == 2 && figure_is_number(last, strlen(last)))
        text_print(out->why, sizeof(out->why), "a worst price is given so: :flatten --worst %s", last);
    else if (close && named >= 0)
        text_print(out->line, sizeof(out->line), "flatten %s", last);
    else if (cancel && what != NULL)
        text_print(out->line, sizeof(out->line), "cancel %s", what);
    else if (cancel && named >= 0 && named == ui->instrument_id)
        text_print(out->line, sizeof(out->line), "cancel all");
    else if (cancel && named >= 0)
        text_print(out->why, sizeof(out->why), ":instrument %s shows it, then " KEY("U") " cancels all there",
                   last);
    else if (cancel && isdigit((unsigned char)last[0]) != 0)
        text_print(out->line, sizeof(out->line), "cancel %s", last);
    return out->line[0] != '\0' || out->why[0] != '\0';
}

/* --- the rest of a line under another word ------------------------------------------------------------------------ */

static const struct {
    const char *typed, *word;
} renamed[] = {
    {" qty quantity amount lots ", "size"},
    {" alarm notify ", "alert"},
    {" colorscheme color colors ", "theme"},
    {" man ", "help"},
    {" define ", "glossary"},
    {" seek ", "jump"},
};

static bool other_word(const struct words *words, struct prompt_meaning *out)
{
    int from = 1;
    const char *word = NULL;

    for (size_t i = 0; i < sizeof(renamed) / sizeof(renamed[0]) && words->count > 1; i++)
        if (is_one_of(words->word[0], renamed[i].typed))
            word = renamed[i].word;
    if (words->count == 3 && strcmp(words->word[0], "set") == 0 &&
        is_one_of(words->word[1], " size qty quantity ")) {
        word = "size";
        from = 2;
    }
    if (word == NULL)
        return false;
    text_print(out->line, sizeof(out->line), "%s", word);
    for (int i = from; i < words->count; i++)
        text_print(out->line + strlen(out->line), sizeof(out->line) - strlen(out->line), " %s",
                   words->word[i]);
    return true;
}

/* "QUIT", "Buy 0.01": the same word, only its letters are larger. */
static bool in_capitals(const char *typed, const struct words *words, struct prompt_meaning *out)
{
    size_t size;

    typed += strspn(typed, " :");
    size = strcspn(typed, " ");
    if (prompt_find(typed, size) != NULL || prompt_find(words->word[0], size) == NULL)
        return false;
    text_print(out->line, sizeof(out->line), "%s%s", words->word[0], typed + size);
    return true;
}

bool prompt_meant(const struct ui *ui, const char *typed, struct prompt_meaning *out)
{
    struct words words;
    size_t size;

    memset(out, 0, sizeof(*out));
    if (!split(typed, &words))
        return false;
    if (!whole_line(&words, out) && !place(ui, &words, out) && !strategy(ui, &words, out) &&
        !order(ui, &words, out) && !protect(&words, out) && !take_out(ui, &words, out) &&
        !other_word(&words, out) && !in_capitals(typed, &words, out))
        return false;
    typed += strspn(typed, " :");
    size = strlen(typed);
    while (size > 0 && typed[size - 1] == ' ')
        size--;
    return out->line[0] == '\0' || strlen(out->line) != size || memcmp(out->line, typed, size) != 0;
}

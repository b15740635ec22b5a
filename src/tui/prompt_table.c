/* The table of the prompt's words, and what follows from it alone: syntax, context, the check of a line's form. */
#include "tui/figure.h"
#include "tui/prompt_meant.h"
#include "tui/prompt_words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static const struct prompt_word words[] = {
    {"pause", "", "strategies send nothing; your own orders and keys work on", "pause", PROMPT_TRADES,
     ACT_PAUSE, word_pause},
    {"resume", "", "strategies go on after a pause", "resume", PROMPT_TRADES, ACT_NONE, word_resume},
    {"go", "", "HALTED or REDUCING to ACTIVE", "go", PROMPT_TRADES, ACT_NONE, word_go},
    {"halt", "", "only cancels pass until :go", "halt", PROMPT_TRADES, ACT_NONE, word_halt},
    {"reduce", "", "only orders that make a position smaller pass", "reduce", PROMPT_TRADES, ACT_NONE,
     word_reduce},
    {"kill", "", "block orders, cancel all of ours, confirm each; never asks", "kill", PROMPT_TRADES,
     ACT_KILL, word_kill},
    {"clear-kill", "", "after a kill: asks for a word, leads to PAUSED", "clear-kill",
     PROMPT_TRADES | PROMPT_TYPED, ACT_NONE, word_clear_kill},
    {"cancel", "[all|buys|sells|everything|ORDER]",
     "all here, one side, a number, a price, everything; never asks", "cancel buys", PROMPT_TRADES,
     ACT_CANCEL_ALL, word_cancel},
    {"flatten", "[SYMBOL] [--worst PRICE]", "cancel its orders, close the position at a bounded price",
     "flatten --worst 61800", PROMPT_TRADES, ACT_FLATTEN, word_flatten},
    {"stop", "[PRICE]", "a stop at a price for the whole position, reduce-only", "stop 61800", PROMPT_TRADES,
     ACT_STOP, word_stop},
    {"buy", "[SIZE] [PRICE|market|stop] [PRICE]",
     "order form, buying; size: 0.01, 50%, all, 100usdt; any type", "buy 0.01 61800", PROMPT_TYPED,
     ACT_TICKET, word_buy},
    {"sell", "[SIZE] [PRICE|market|stop] [PRICE]",
     "order form, selling; size: 0.01, 50%, all, 100usdt; any type", "sell 0.01", PROMPT_TYPED, ACT_TICKET,
     word_sell},
    {"size", "SIZE", "of the next order: in base units, 50% of what is free, 100usdt", "size 0.025", 0,
     ACT_SIZE_TYPE, word_size},
    {"on", "STRATEGY", "a strategy trades; in live it asks", "on ofi", PROMPT_TRADES, ACT_NONE, word_on},
    {"off", "STRATEGY", "a strategy stops, its orders are cancelled", "off ofi", PROMPT_TRADES, ACT_NONE,
     word_off},
    {"explain", "ORDER", "why an order filled, or did not", "explain 188", PROMPT_TYPED, ACT_NONE, story_run},
    {"follow", "ORDER", "an order's life in the journal, from signal to fill", "follow 218", PROMPT_TYPED,
     ACT_FOLLOW, journal_follow_run},
    {"set", "SETTING [TEXT]", "one setting: its value, source, range; or a new value",
     "set risk.max_value 500", PROMPT_TRADES, ACT_NONE, word_set},
    {"unset", "SETTING", "a setting as it was before :set", "unset risk.max_value", PROMPT_TRADES, ACT_NONE,
     word_unset},
    {"settings", "[TEXT]", "every setting: value, source, default, range", "settings risk", PROMPT_TYPED,
     ACT_NONE, word_settings},
    {"write", "", "keep what :set changed in the configuration file", "write", PROMPT_TYPED, ACT_NONE,
     word_write},
    {"reload", "STRATEGY", "load the new version of a plug-in", "reload mine", PROMPT_TRADES, ACT_NONE,
     strategy_reload_named},
    {"observation", "", "watch only: no order leaves", "observation", PROMPT_TRADES, ACT_OBSERVATION,
     word_observation},
    {"simulation", "", "trade on paper", "simulation", PROMPT_TRADES, ACT_SIMULATION, word_simulation},
    {"live", "", "not in this version: it has no gateway to a venue", "live",
     PROMPT_TRADES | PROMPT_TYPED | PROMPT_UNKEPT, ACT_NONE, word_missing},
    {"limit", "LIMIT [VALUE]",
     "a limit of the risk gate, or its new value; a looser one wants its name typed", "limit max_value 500",
     PROMPT_TRADES, ACT_NONE, limit_run},
    {"clear-halt", "[SYMBOL]", "an instrument that a control halted trades again", "clear-halt ETHUSDT",
     PROMPT_TRADES, ACT_NONE, word_clear_halt},
    {"alert", "[TEXT]", "bell at a price, change, spread, imbalance; drop N, clear: removes",
     "alert ETHUSDT price > 4000", 0, ACT_NONE, alert_run},
    {"alerts", "", "every alert: how far it is, or when it rang", "alerts", PROMPT_TYPED, ACT_NONE,
     alerts_run},
    {"speed", "N|max", "of a replay, times real time", "speed 50", PROMPT_REPLAY, ACT_NONE, word_speed},
    {"jump", "TEXT", "in a replay: [YYYY-MM-DD] HH:MM[:SS] UTC, bookmark N; what is behind is played anew",
     "jump 14:07", PROMPT_REPLAY, ACT_NONE, word_jump},
    {"bookmarks", "", "the times of a replay that were marked", "bookmarks", PROMPT_REPLAY | PROMPT_TYPED,
     ACT_NONE, word_bookmarks},
    {"note", "TEXT", "a line of yours in the journal's audit trail", "note fed speaks at 20:00", 0, ACT_NONE,
     word_note},
    {"lock", "", "only K, Space and the unlock word work until that is typed", "lock", PROMPT_TYPED, ACT_NONE,
     word_lock},
    {"export", "[TEXT]", "this list as CSV into a new file; alone: a name by what it is", "export fills.csv",
     PROMPT_TYPED, ACT_EXPORT, ui_export},
    {"screen", "SCREEN", "one of the eight, by its name or number", "screen chart", PROMPT_TYPED, ACT_NONE,
     word_screen},
    {"list", "orders|fills|closed|tape|events|log|watch", "one of the lists of Trade", "list fills",
     PROMPT_TYPED, ACT_NONE, word_list},
    {"instrument", "SYMBOL", "another instrument, by its name or its base", "instrument ETH", PROMPT_TYPED,
     ACT_NONE, word_instrument},
    {"theme", "[THEME]", "other colours; a file of your own, too; alone: tries them", "theme light", 0,
     ACT_NONE, theme_run},
    {"layout", "[TEXT]", "how the screen is arranged: NAME, save NAME, drop NAME; alone: lists them",
     "layout save morning", 0, ACT_NONE, layouts_run},
    {"panel", "flow|events|alerts|account on|off", "panels at the side of Trade", "panel events off", 0,
     ACT_NONE, panel_run},
    {"zoom", "ladder|list|chart|position|flow|risk|off", "one part on the whole screen, as z", "zoom flow", 0,
     ACT_NONE, zoom_run},
    {"second", "SYMBOL", "the instrument of the ladder in the middle of a wide screen", "second ETHUSDT", 0,
     ACT_NONE, second_run},
    {"bell", "on|off|visual", "rings for fills, denials, kill, alerts; visual: flashes", "bell off", 0,
     ACT_NONE, word_bell},
    {"mouse", "on|off", "clicks and wheel; off leaves the mouse to the terminal", "mouse off", 0, ACT_NONE,
     word_mouse},
    {"control", "", "take control from another screen on this engine", "control", PROMPT_TRADES, ACT_NONE,
     word_control},
    {"detach", "", "leave the screen, the engine runs on", "detach", PROMPT_TYPED, ACT_NONE, word_detach},
    {"help", "[TOPIC]", "the commands; or one command, setting, key or place", "help flatten", PROMPT_TYPED,
     ACT_HELP, word_help},
    {"glossary", "[TEXT]", "what the signals and numbers of the screens mean, and from where", "glossary OFI",
     PROMPT_TYPED, ACT_NONE, word_glossary},
    {"quit", "", "leave; asks when something is at stake", "quit", PROMPT_TYPED, ACT_QUIT, word_quit},
};

size_t prompt_count(void)
{
    return sizeof(words) / sizeof(words[0]);
}

const struct prompt_word *prompt_at(size_t index)
{
    return index < prompt_count() ? &words[index] : NULL;
}

const struct prompt_word *prompt_find(const char *name, size_t size)
{
    for (size_t i = 0; i < prompt_count(); i++)
        if (strlen(words[i].name) == size && memcmp(words[i].name, name, size) == 0)
            return &words[i];
    return NULL;
}

const char *prompt_syntax(const struct prompt_word *word, char *out, size_t size)
{
    return text_print(out, size, ":%s%s%s", word->name, word->arguments[0] == '\0' ? "" : " ",
                      word->arguments);
}

const char *prompt_context(const struct prompt_word *word)
{
    return (word->traits & PROMPT_REPLAY) != 0  ? "in a replay"
           : (word->traits & PROMPT_TYPED) != 0 ? "on a screen, not in a file of commands"
                                                : "anywhere";
}

/* --- the form of a line ------------------------------------------------------------------------------------ */

/* One argument of the table: "[--worst", "PRICE]", "on|off". */
struct form {
    char text[48];
    bool optional, first; /* may be left out; begins what may be left out together */
};

static int forms_of(const struct prompt_word *word, struct form form[PROMPT_WORDS_MAX])
{
    const char *at = word->arguments;
    bool optional = false;
    int count = 0;

    while (*at != '\0' && count < PROMPT_WORDS_MAX) {
        bool first = *at == '[';
        size_t size;

        at += first;
        optional |= first;
        size = strcspn(at, "] ");
        form[count].optional = optional;
        form[count].first = first;
        text_print(form[count++].text, sizeof(form[0].text), "%.*s", (int)size, at);
        at += size;
        if (*at == ']') {
            optional = false;
            at++;
        }
        at += strspn(at, " ");
    }
    return count;
}

/* "0.01", "50%", "all", "max", "100usdt"; of which asset, the command itself finds out. */
bool prompt_is_size(const char *word, size_t size)
{
    return (size == 3 && (memcmp(word, "all", 3) == 0 || memcmp(word, "max", 3) == 0)) ||
           figure_is_number(word, size) ||
           (size > 1 && word[size - 1] == '%' && figure_is_number(word, size - 1)) ||
           (isdigit((unsigned char)word[0]) != 0 && isalpha((unsigned char)word[size - 1]) != 0);
}

/* Whether a word may stand for one choice of the form. */
static bool choice_takes(const char *choice, size_t choice_size, const char *word, size_t size)
{
    bool capital = isupper((unsigned char)choice[0]) != 0;

    if (!capital)
        return choice_size == size && memcmp(choice, word, size) == 0;
    if ((choice_size == 6 && memcmp(choice, "FIGURE", 6) == 0) ||
        (choice_size == 5 && memcmp(choice, "PRICE", 5) == 0) || (choice_size == 1 && choice[0] == 'N'))
        return figure_is_number(word, size); /* too big a one: the command itself says what is allowed */
    if (choice_size == 5 &&
        memcmp(choice, "ORDER", 5) == 0) /* its number, the id that ends in it, or a price */
        return isdigit((unsigned char)word[size - 1]) != 0;
    if (choice_size == 4 && memcmp(choice, "SIZE", 4) == 0)
        return prompt_is_size(word, size);
    if (choice_size == 6 && memcmp(choice, "SYMBOL", 6) == 0 && figure_is_number(word, size))
        return false;
    return size < 2 || memcmp(word, "--", 2) != 0 || (choice_size == 4 && memcmp(choice, "TEXT", 4) == 0);
}

static bool form_takes(const struct form *form, const char *word, size_t size)
{
    const char *at = form->text;

    for (;;) {
        size_t choice = strcspn(at, "|");

        if (choice_takes(at, choice, word, size))
            return true;
        if (at[choice] == '\0')
            return false;
        at += choice + 1;
    }
}

static bool refuse(const struct prompt_word *word, const char *arg, size_t size, char *why, size_t why_size)
{
    char syntax[96];

    prompt_syntax(word, syntax, sizeof(syntax));
    if (arg == NULL)
        text_print(why, why_size, "allowed: %s, like :%s", syntax, word->example);
    else
        text_print(why, why_size, "not `%.*s`; allowed: %s", (int)(size < 40 ? size : 40), arg, syntax);
    return false;
}

/* The form from `at` on that the word may stand for; what may be left out together is, where its first does not fit. */
static int form_for(const struct form *form, int forms, int at, const char *word, size_t size)
{
    while (at < forms && !form_takes(&form[at], word, size)) {
        if (!form[at].optional || !form[at].first)
            return forms;
        for (at++; at < forms && form[at].optional && !form[at].first; at++)
            ;
    }
    return at;
}

static bool check_arguments(const struct prompt_word *word, const char *args, char *why, size_t why_size)
{
    struct form form[PROMPT_WORDS_MAX];
    int forms = forms_of(word, form), at = 0;

    while (*args != '\0') {
        size_t size = strcspn(args, " ");

        at = form_for(form, forms, at, args, size);
        if (at == forms)
            return refuse(word, args, size, why, why_size);
        if (strcmp(form[at].text, "TEXT") == 0 || strcmp(form[at].text, "TOPIC") == 0)
            return true; /* blanks and all */
        at++;
        args += size;
        args += strspn(args, " ");
    }
    if (at < forms && !(form[at].optional && form[at].first))
        return refuse(word, NULL, 0, why, why_size);
    return true;
}

#define WORD_LEAST 3 /* letters: fewer begin too many */

/* It begins the name, or has a little more behind it. */
static bool is_begun(const char *name, const char *typed, size_t size)
{
    size_t length = strlen(name), common = length < size ? length : size;

    return common >= WORD_LEAST && memcmp(name, typed, common) == 0 && size <= length + length / 2;
}

/* The command that was meant: the only one that it begins, else a slip of the keys, else another program's word for it. */
static const struct prompt_word *nearest(const char *typed, size_t size)
{
    const struct prompt_word *begun = NULL, *near = NULL, *other = NULL;
    size_t best = SIZE_MAX;
    char name[PALETTE_NAME_MAX];
    int begins = 0;

    if (size >= sizeof(name))
        return NULL;
    text_print(name, sizeof(name), "%.*s", (int)size, typed);
    for (size_t i = 0; i < prompt_count(); i++) {
        size_t distance;

        if (is_begun(words[i].name, name, size)) {
            begun = &words[i];
            begins++;
        }
        if (option_is_near(name, words[i].name, &distance) && distance < best) {
            best = distance;
            near = &words[i];
        }
        if (other == NULL && palette_is_other_word(PALETTE_COMMAND, words[i].name, name))
            other = &words[i];
    }
    return begins == 1 ? begun : near != NULL ? near : other;
}

static const struct prompt_word *word_of(const char *line, char *why, size_t why_size)
{
    size_t size = strcspn(line, " ");
    const struct prompt_word *word = prompt_find(line, size), *near;

    if (word != NULL)
        return word;
    near = nearest(line, size);
    text_print(why, why_size,
               near != NULL ? "no command `%.*s`; did you mean :%s?"
                            : "no command `%.*s`; :help lists them%s",
               (int)(size < 40 ? size : 40), line, near != NULL ? near->name : "");
    return NULL;
}

bool prompt_check(const char *line, bool in_file, char *why, size_t why_size)
{
    const struct prompt_word *word;
    size_t size;

    line += strspn(line, " :");
    size = strcspn(line, " ");
    word = word_of(line, why, why_size);
    if (word == NULL)
        return false;
    if (in_file && (word->traits & PROMPT_TYPED) != 0) {
        text_print(why, why_size, ":%s is for a keyboard: it asks, or opens a page", word->name);
        return false;
    }
    return check_arguments(word, line + size + strspn(line + size, " "), why, why_size);
}

/* The line as it is kept and run: what it means, without blanks around it. */
static const char *line_of(struct ui *ui, const char *typed, char line[UI_COMMAND_MAX])
{
    struct prompt_meaning meaning;
    size_t size;

    typed += strspn(typed, " :");
    size = strlen(typed);
    while (size > 0 && typed[size - 1] == ' ')
        size--;
    text_print(line, UI_COMMAND_MAX, "%.*s", (int)size, typed);
    if (!prompt_meant(ui, line, &meaning))
        return line;
    if (meaning.line[0] == '\0') {
        ui_say(ui, 1, "", "%s", meaning.why);
        return NULL;
    }
    memcpy(line, meaning.line, sizeof(meaning.line));
    return line;
}

/* The form is wrong here as in a file of commands; what its arguments name, each word says itself. */
void prompt_run(struct ui *ui, const char *typed)
{
    const struct prompt_word *word;
    char why[VIEW_TEXT_MAX], line[UI_COMMAND_MAX];
    const char *args;
    size_t size;

    if (line_of(ui, typed, line) == NULL)
        return;
    if (line[0] == '\0') {
        ui_say(ui, 0, "", "nothing typed; :help lists the commands");
        return;
    }
    word = word_of(line, why, sizeof(why));
    if (word == NULL) {
        ui_say(ui, 1, "", "%s", why);
        return;
    }
    size = strcspn(line, " ");
    args = line + size + strspn(line + size, " ");
    if (strncmp(typed + strspn(typed, " :"), line, strlen(line)) != 0 && (word->traits & PROMPT_TRADES) != 0)
        arm_off(ui, NULL); /* in other words: from here an order asks */
    if (word->key != ACT_KILL && !check_arguments(word, args, why, sizeof(why))) /* a kill is never refused */
        ui_say(ui, 1, "", "%s", why);
    else
        word->run(ui, args);
}

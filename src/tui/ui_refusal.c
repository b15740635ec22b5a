/* Why a key does nothing in the present state: for NEXT, which says it whole, and the help, which says it in a word. */
#include "tui/ui_screens.h"

#include <string.h>

struct lock {
    const char *word; /* NULL: no lock */
    char why[VIEW_TEXT_MAX];
};

static struct lock locked(const char *word, const char *why)
{
    struct lock lock = {.word = word};

    text_print(lock.why, sizeof(lock.why), "%s", why);
    return lock;
}

static struct lock book_lock(const struct view_instrument *at)
{
    struct lock lock = {.word = book_state_word(at->book_state)};

    text_print(lock.why, sizeof(lock.why), "book %s%s%s%s: no order can be priced", lock.word,
               at->book_age_ns == VIEW_NONE ? "" : " ",
               at->book_age_ns == VIEW_NONE ? "" : number_age_tenths(at->book_age_ns).text,
               at->book_age_ns == VIEW_NONE ? "" : " s");
    return lock;
}

/* As the engine answers to :go. */
const char *ui_halted_words(const struct view_status *status)
{
    return status->storage_failed ? "HALTED: only cancels; storage failed, :reduce lets positions be closed"
                                  : "HALTED: only cancels; :go makes it ACTIVE";
}

/* What no order leaves under, the strongest first. */
static struct lock order_lock(const struct ui *ui)
{
    const struct view_status *status = ui->frame != NULL ? &ui->frame->status : NULL;
    const struct view_instrument *at = ui_instrument(ui);
    char text[VIEW_TEXT_MAX];
    const char *barred;

    if (status == NULL)
        return locked("no market", "there is no market yet");
    if (status->replay_ended) /* before all that a key could end */
        return locked("ended", "the recording has ended: no order can be filled; :jump plays it anew, " KEY(
                                   "q") " quits");
    if (status->mode == MODE_OBSERVATION)
        return locked("observation", "observation sends nothing; " KEY("s") " trades on paper");
    if (at == NULL)
        return locked("no market", "there is no market yet");
    if (ui->config.readonly)
        return locked("read only", "read only: this screen sends no order");
    barred = ui_barred(ui, text, sizeof(text));
    if (barred != NULL)
        return locked("watching", barred);
    if (ui_killed(ui))
        return locked("KILLED", "KILLED: only cancels; :clear-kill and its word lead to PAUSED");
    if (status->schedule_holds) {
        text_print(text, sizeof(text),
                   "the schedule pauses everybody: %.80s; cancels, " KEY("f") " and " KEY("K") " work",
                   status->state_why);
        return locked("schedule", text);
    }
    if (status->state == STATE_HALTED) {
        text_print(text, sizeof(text), "%s \u00b7 %.100s", ui_halted_words(status), status->state_why);
        return locked("HALTED", text);
    }
    if (ui->frozen)
        return locked("FROZEN", "the picture is FROZEN: order keys refuse; " KEY("Z") " thaws");
    if (at != NULL && at->book_state != BOOK_LIVE)
        return book_lock(at);
    return (struct lock){.word = NULL};
}

bool ui_only_looks(const struct ui *ui)
{
    char text[VIEW_TEXT_MAX];

    return ui->frame != NULL && (ui->frame->status.mode == MODE_OBSERVATION ||
                                 ui->frame->status.replay_ended || ui_barred(ui, text, sizeof(text)) != NULL);
}

bool ui_waits_for_book(const struct ui *ui, const char *word)
{
    const struct view_instrument *at = ui_instrument(ui);

    return at != NULL && at->book_state != BOOK_LIVE && strcmp(word, book_state_word(at->book_state)) == 0;
}

const char *ui_locked(const struct ui *ui, char *out, size_t size)
{
    struct lock lock = order_lock(ui);

    return lock.word == NULL ? NULL : ui_with_keys(ui, lock.why, out, size);
}

const char *ui_denial_words(const struct ui *ui, const struct view_next *next, char *out, size_t size)
{
    bool spot = ui_instrument(ui) != NULL && ui_instrument(ui)->venue == VENUE_BINANCE_SPOT;
    bool sells = next->intent.side == SIDE_ASK && strncmp(next->verdict, "BALANCE sell", 12) == 0;

    return text_print(out, size, "%s%s", next->verdict,
                      !spot || !sells                        ? ""
                      : ui_instrument(ui)->position_lots > 0 ? "; spot sells only what is held and free"
                                                             : "; nothing to sell, this is spot");
}

/* Orders and positions are touched by whoever has them and the right to. */
static const char *touch_refused(const struct ui *ui)
{
    char text[VIEW_TEXT_MAX];

    if (ui->frame == NULL)
        return "no market";
    if (ui->frame->status.mode == MODE_OBSERVATION)
        return "observation";
    if (ui_barred(ui, text, sizeof(text)) != NULL)
        return ui->config.readonly ? "read only" : "watching";
    return NULL;
}

/* Cancels need no book and no state. */
static const char *cancel_refused(const struct ui *ui)
{
    const char *word = touch_refused(ui);

    return word != NULL ? word : ui_killed(ui) ? "runs already" : NULL;
}

static const char *flatten_refused(const struct ui *ui)
{
    const char *word = touch_refused(ui);

    if (word != NULL)
        return word;
    return ui_killed(ui) && ui_is_flat(ui)           ? "flat"
           : ui->frame->status.state == STATE_HALTED ? "HALTED, :reduce"
                                                     : NULL;
}

static const char *needs_position(const struct ui *ui)
{
    struct lock lock = order_lock(ui);

    if (lock.word != NULL)
        return lock.word;
    return ui_instrument(ui) != NULL && ui_instrument(ui)->position_lots == 0 ? "no position" : NULL;
}

static const char *change_refused(const struct ui *ui)
{
    char text[VIEW_TEXT_MAX];

    if (ui->frame == NULL)
        return "no market";
    return ui_barred(ui, text, sizeof(text)) == NULL ? NULL : ui->config.readonly ? "read only" : "watching";
}

static const char *pause_refused(const struct ui *ui)
{
    const char *word = change_refused(ui);

    if (word != NULL && (ui->frame == NULL || !ui->frame->status.replay)) /* its clock is everybody's */
        return word;
    if (ui_killed(ui))
        return "KILLED";
    if (ui->frame->status.replay) /* HALTED, too, it holds the clock */
        return ui->frame->status.replay_ended ? "ended" : NULL;
    return ui->frame->status.state == STATE_HALTED ? "HALTED" : NULL;
}

static const char *mode_refused(const struct ui *ui, enum trading_mode mode)
{
    const char *word = change_refused(ui);

    if (word != NULL)
        return word;
    if (ui_killed(ui))
        return "KILLED";
    return ui->frame->status.mode == mode ? "already" : NULL;
}

static const char *look_refused(const struct ui *ui, enum key_action action)
{
    bool replay = ui->frame != NULL && ui->frame->status.replay;

    switch ((int)action) {
    case ACT_INSTRUMENT_NEXT:
    case ACT_INSTRUMENT_PREV:
        return ui->frame == NULL || ui->frame->status.instruments < 2 ? "one instrument" : NULL;
    case ACT_ZOOM:
        return ui->screen != SCREEN_TRADE ? "Trade only" : NULL;
    case ACT_VIEW_NEXT:
        return ui->screen != SCREEN_TRADE && ui->screen != SCREEN_CHART && ui->screen != SCREEN_MARKET
                   ? "one view"
                   : NULL;
    case ACT_STEP:
        return replay && !ui->frame->status.replay_held ? "hold it first" : NULL;
    case ACT_COPY:
        return ui->host.copy == NULL ? "no clipboard" : NULL;
    default:
        return NULL;
    }
}

const char *ui_refused_word(const struct ui *ui, enum key_action action)
{
    switch ((int)action) {
    case ACT_LIMIT:
    case ACT_MARKET:
    case ACT_TICKET:
    case ACT_PICK:
    case ACT_PUT:
    case ACT_ARM:
        return order_lock(ui).word;
    case ACT_STOP:
    case ACT_REVERSE:
        return needs_position(ui);
    case ACT_CANCEL:
    case ACT_CANCEL_ALL:
        return cancel_refused(ui);
    case ACT_FLATTEN:
        return flatten_refused(ui);
    case ACT_PAUSE:
        return pause_refused(ui);
    case ACT_TOGGLE:
    case ACT_RELOAD:
        return change_refused(ui);
    case ACT_SIMULATION:
        return mode_refused(ui, MODE_SIMULATION);
    case ACT_OBSERVATION:
        return mode_refused(ui, MODE_OBSERVATION);
    default:
        return look_refused(ui, action);
    }
}

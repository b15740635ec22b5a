/*
 * monkey_rules.h - what must hold whatever is typed: what may leave the screen and when, and what ends the arming.
 *
 * Judged from outside: by the keys that were struck, the pictures that were drawn and the frames that came. See monkey_world.h.
 */
#ifndef UNIT_MONKEY_RULES_H
#define UNIT_MONKEY_RULES_H

#include "unit/monkey_world.h"

#define YES_AFTER_NS    (250 * MS)
#define ARM_NS          (60 * SECOND)
#define LOST_NS         (2 * SECOND)
#define RESUME_AFTER_NS (1500 * MS)

static inline enum key_action action_in(const struct ui *ui, enum key_context context, uint32_t key)
{
    const struct key_binding *binding = keymap_lookup(&ui->keys, context, key);

    return binding != NULL ? binding->action : ACT_NONE;
}

/* What the key means on Trade; no key: nothing. Alt and a letter without a meaning is Esc and that letter (key.h). */
static inline enum key_action struck(const struct monkey *m)
{
    static const enum key_context places[] = {CONTEXT_MOVE, CONTEXT_LADDER, CONTEXT_TRADE, CONTEXT_ALL};
    enum key_action action = ACT_NONE;
    size_t first = m->before.moving ? 0 : 1;

    for (size_t i = first; i < sizeof(places) / sizeof(places[0]) && action == ACT_NONE; i++)
        action = m->doing == DOES_KEY ? action_in(&m->before, places[i], m->key.key) : ACT_NONE;
    for (size_t i = first; i < sizeof(places) / sizeof(places[0]) && action == ACT_NONE; i++)
        action = m->doing == DOES_KEY && (m->key.key & KEY_ALT) != 0
                     ? action_in(&m->before, places[i], m->key.key & ~(uint32_t)KEY_ALT)
                     : ACT_NONE;
    return action;
}

static inline bool answers_yes(const struct monkey *m)
{
    enum key_action action = action_in(&m->before, CONTEXT_ASK, m->key.key);

    return m->doing == DOES_KEY &&
           (action == ACT_YES || (action == ACT_CHOOSE && m->before.question.focus == 1));
}

static inline bool is_trade(enum command_kind kind)
{
    return kind == COMMAND_ORDER || kind == COMMAND_MOVE || kind == COMMAND_FLATTEN ||
           kind == COMMAND_REVERSE;
}

/* --- told and sent ---------------------------------------------------------------------------------------------------- */

static inline const char *price_of(const struct monkey *m, uint16_t at, int64_t ticks,
                                   char out[DECIMAL_TEXT_SIZE])
{
    decimal_format_fixed(instrument_price_e8(&m->instrument[at], ticks), DECIMAL_E8_DIGITS,
                         instrument_price_decimals(&m->instrument[at]), false, out);
    return out;
}

static inline const char *qty_of(const struct monkey *m, uint16_t at, int64_t lots,
                                 char out[DECIMAL_TEXT_SIZE])
{
    decimal_format_fixed(instrument_qty_e8(&m->instrument[at], lots), DECIMAL_E8_DIGITS,
                         m->ui->frame->status.instrument[at].scale.qty_decimals, false, out);
    return out;
}

/* A row of the picture has both. */
static inline bool row_tells(const char *text, const char *one, const char *other)
{
    for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1) {
        size_t size = (size_t)(end - text);

        if (memmem(text, size, one, strlen(one)) != NULL && memmem(text, size, other, strlen(other)) != NULL)
            return true;
    }
    return false;
}

static inline void must_tell(const struct monkey *m, const char *one, const char *other)
{
    if (!m->drawn || !row_tells(m->text, one, other))
        monkey_fail(m, "sent, but no row of the picture tells `%s` and `%s`", one, other);
}

static inline void by_question(struct monkey *m, const struct command *sent)
{
    const struct ui_question *q = &m->before.question;
    const struct order_intent *intent = &sent->intent;
    char price[DECIMAL_TEXT_SIZE], qty[DECIMAL_TEXT_SIZE], head[96];
    uint16_t at = sent->instrument_id;

    if (!answers_yes(m))
        monkey_fail(m, "a question stands and %s leaves without a yes", command_word(sent->kind));
    if (m->asked_ns == 0 || m->now_ns - m->asked_ns < YES_AFTER_NS)
        monkey_fail(m, "a yes counts %" PRId64 " ms after the question has left",
                    m->asked_ns == 0 ? -1 : (m->now_ns - m->asked_ns) / MS);
    if (q->yes.kind != sent->kind || q->yes.order_seq != sent->order_seq || q->yes.number != sent->number ||
        q->yes.instrument_id != at || memcmp(&q->yes.intent, intent, sizeof(*intent)) != 0)
        monkey_fail(m, "what was asked is not what is sent");
    m->count[BY_QUESTION]++;
    if (sent->kind == COMMAND_FLATTEN) {
        must_tell(m, "FLATTEN?", "");
        must_tell(m, m->instrument[at].symbol, "");
        if (m->fresh && intent->price_ticks > 0 && m->ui->frame->status.instrument[at].position_lots != 0)
            must_tell(m, "worst price", price_of(m, at, intent->price_ticks, price));
    } else if (sent->kind == COMMAND_REVERSE) {
        must_tell(m, "REVERSE THE POSITION?", "");
    } else {
        /* a long name is known by its beginning where there is no room for it */
        snprintf(head, sizeof(head), "%s %s %.7s", side_word(intent->side),
                 qty_of(m, at, intent->qty_lots, qty), m->instrument[at].symbol);
        must_tell(m, head, price_of(m, at, order_intent_ticks(intent), price));
        must_tell(m, head, order_type_word(intent->type));
    }
}

static inline void field_tells(const struct monkey *m, enum ticket_field field, int64_t step_e8, int64_t sent)
{
    const char *text = m->before.ticket.text[field];
    char shown[64];
    int64_t value_e8 = 0;

    if (decimal_parse(text, strlen(text), DECIMAL_E8_DIGITS, &value_e8) != ERR_OK ||
        value_e8 != sent * step_e8)
        monkey_fail(m, "the form has `%s` as %s, sent are %" PRId64 " steps", text, ticket_label(field),
                    sent);
    snprintf(shown, sizeof(shown), "%s  %s", ticket_label(field), text);
    if (m->fresh)
        must_tell(m, shown, "");
}

static inline void by_ticket(struct monkey *m, const struct command *sent)
{
    const struct ui_ticket *t = &m->before.ticket;
    const struct instrument *instrument = &m->instrument[sent->instrument_id];
    bool stop_of_oco = t->oco && sent->intent.type == ORDER_STOP;
    char shown[64];

    if (m->doing != DOES_KEY || action_in(&m->before, CONTEXT_TICKET, m->key.key) != ACT_YES)
        monkey_fail(m, "the form stands and an order leaves without a yes");
    if (m->asked_ns == 0 || m->now_ns - m->asked_ns < YES_AFTER_NS)
        monkey_fail(m, "a yes counts before the form has been seen for 250 ms");
    if (sent->intent.side != t->intent.side || (!t->oco && sent->intent.type != t->intent.type) ||
        sent->intent.instrument_id != sent->instrument_id || sent->kind != COMMAND_ORDER)
        monkey_fail(m, "the form's order is another one");
    field_tells(m, TICKET_SIZE, instrument->lot_e8, sent->intent.qty_lots);
    if (ticket_has(t, TICKET_PRICE) && !stop_of_oco)
        field_tells(m, TICKET_PRICE, instrument->tick_e8, sent->intent.price_ticks);
    if (ticket_has(t, TICKET_STOP) && (!t->oco || stop_of_oco))
        field_tells(m, TICKET_STOP, instrument->tick_e8, sent->intent.stop_ticks);
    if (ticket_has(t, TICKET_TRAIL))
        field_tells(m, TICKET_TRAIL, instrument->tick_e8, sent->intent.trail_ticks);
    snprintf(shown, sizeof(shown), "side  %s", side_word(sent->intent.side));
    if (m->fresh) {
        must_tell(m, shown, "");
        must_tell(m, "ORDER TICKET", instrument->symbol);
    }
    m->count[BY_TICKET]++;
}

/* :stop and :flatten are the words that send at once, and armed alone. */
static inline void by_prompt(struct monkey *m, const struct command *sent)
{
    const char *line = m->before.text.value;
    char word[16];

    line += strspn(line, " :");
    snprintf(word, sizeof(word), "%.*s", (int)strcspn(line, " "), line);
    if (m->before.text.kind != TEXT_COMMAND || m->doing != DOES_KEY)
        monkey_fail(m, "%s leaves while text is typed", command_word(sent->kind));
    if ((strcmp(word, "stop") != 0 || sent->kind != COMMAND_ORDER || sent->intent.type != ORDER_STOP ||
         !sent->intent.reduce_only) &&
        (strcmp(word, "flatten") != 0 || sent->kind != COMMAND_FLATTEN))
        monkey_fail(m, "`%s` sends %s at once", line, command_word(sent->kind));
    if (!m->before.armed)
        monkey_fail(m, "`%s` sends at once and nothing is armed", line);
    m->count[BY_PROMPT]++;
}

/* NEXT tells of the order that a key would send, where it is the newest picture and no answer stands there. */
static inline void next_tells(struct monkey *m, const struct command *sent)
{
    char price[DECIMAL_TEXT_SIZE];
    const char *row = m->text, *end, *next;

    for (int i = m->before.layout.next_row; i > 0 && row != NULL; i--) {
        row = strchr(row, '\n');
        row = row == NULL ? NULL : row + 1;
    }
    if (!m->fresh || row == NULL || (end = strchr(row, '\n')) == NULL)
        return;
    next = memmem(row, (size_t)(end - row), "NEXT  ", 6);
    if (next == NULL || memmem(row, (size_t)(end - row), "LIMIT ", 6) == NULL)
        return;
    price_of(m, sent->instrument_id, sent->intent.price_ticks, price);
    if (memmem(row, (size_t)(end - row), side_word(sent->intent.side),
               strlen(side_word(sent->intent.side))) == NULL ||
        memmem(row, (size_t)(end - row), price, strlen(price)) == NULL)
        monkey_fail(m, "NEXT told of another order than %s @ %s", side_word(sent->intent.side), price);
    m->count[NEXT_READ]++;
}

static inline void by_arm(struct monkey *m, const struct command *sent)
{
    const struct ui *b = &m->before;
    enum key_action action = struck(m);
    bool clicked = m->doing == DOES_KEY && key_base(m->key.key) == KEY_MOUSE && b->config.mouse &&
                   m->key.button == MOUSE_LEFT && m->key.action == MOUSE_PRESS;
    bool waited = sent->kind == COMMAND_FLATTEN && m->doing == DOES_FRAME && b->flatten_waits;

    if (!b->armed)
        monkey_fail(m, "%s leaves at once and one-key is off", command_word(sent->kind));
    if (!(sent->kind == COMMAND_FLATTEN && (action == ACT_FLATTEN || waited)) &&
        !(sent->kind == COMMAND_MOVE && action == ACT_PUT && b->moving) &&
        !(sent->kind == COMMAND_ORDER &&
          (clicked || action == ACT_LIMIT || action == ACT_MARKET || action == ACT_STOP)))
        monkey_fail(m, "%s leaves by a key that is none of orders", command_word(sent->kind));
    if (sent->kind == COMMAND_ORDER && !clicked &&
        sent->intent.type != (action == ACT_LIMIT    ? ORDER_LIMIT
                              : action == ACT_MARKET ? ORDER_MARKET
                                                     : ORDER_STOP))
        monkey_fail(m, "the key sends %s", order_type_word(sent->intent.type));
    if (sent->kind == COMMAND_ORDER && action == ACT_LIMIT &&
        (sent->intent.side != b->ladder.side || sent->intent.qty_lots != ui_size_lots(b)))
        monkey_fail(m, "another side or size than aimed at");
    if (sent->kind == COMMAND_ORDER && action == ACT_LIMIT)
        next_tells(m, sent);
    m->count[BY_ARM]++;
}

/* --- where nothing may leave ------------------------------------------------------------------------------------------ */

static inline const char *why_not(const struct monkey *m, const struct command *sent)
{
    const struct ui *ui = m->ui;
    const struct view_status *status = &ui->frame->status;

    if (status->mode == MODE_OBSERVATION)
        return "in observation";
    if (ui->locked)
        return "while locked";
    if (status->shown != sent->instrument_id)
        return "on a picture of another instrument";
    if (status->state == STATE_HALTED)
        return "while HALTED";
    if (sent->kind == COMMAND_FLATTEN)
        return NULL;
    if (status->state == STATE_KILLED || status->killing)
        return "while KILLED";
    if (ui->frozen)
        return "from a picture that is FROZEN";
    if (ui->layout.small)
        return "from under 60x15";
    if (status->replay_ended)
        return "after the end of the recording";
    return status->schedule_holds ? "while the schedule holds" : NULL;
}

static inline void check_trade(struct monkey *m, const struct command *sent)
{
    const char *why = m->ui->frame == NULL ? "before the first picture" : why_not(m, sent);

    if (why != NULL)
        monkey_fail(m, "%s leaves %s", command_word(sent->kind), why);
    m->count[MOVES] += sent->kind == COMMAND_MOVE;
    m->count[FLATTENS] += sent->kind == COMMAND_FLATTEN;
    m->count[REVERSES] += sent->kind == COMMAND_REVERSE;
    if (m->before.armed && (m->before.overlay == OVERLAY_NONE || m->before.overlay == OVERLAY_TEXT))
        m->order_key_ns = m->now_ns;
    if (m->before.overlay == OVERLAY_QUESTION)
        by_question(m, sent);
    else if (sent->kind == COMMAND_REVERSE)
        monkey_fail(m, "a reverse leaves without a question");
    else if (m->before.overlay == OVERLAY_TICKET)
        by_ticket(m, sent);
    else if (m->before.overlay == OVERLAY_TEXT)
        by_prompt(m, sent);
    else
        by_arm(m, sent);
}

static void monkey_sent(struct monkey *m, const struct command *sent)
{
    enum command_kind kind = sent->kind;
    bool changes = command_has(kind, COMMAND_TRAIT_CHANGES), late = kind == COMMAND_SET_LIMIT;

    if (kind == COMMAND_VIEW || kind == COMMAND_PREVIEW)
        return;
    deed_note(m, "    -> %s", command_word(kind));
    m->count[KILLS] += kind == COMMAND_KILL;
    if (changes && m->readonly)
        monkey_fail(m, "%s leaves a screen that is read only", command_word(kind));
    if (changes && m->ui->frame != NULL && m->ui->frame->desk.watching)
        monkey_fail(m, "%s leaves a screen that only watches", command_word(kind));
    if (changes && m->before.locked && kind != COMMAND_PAUSE)
        monkey_fail(m, "%s leaves a locked screen", command_word(kind));
    if (is_trade(kind)) {
        check_trade(m, sent);
        return;
    }
    if (changes && m->doing != DOES_KEY && !late)
        monkey_fail(m, "%s leaves without a key", command_word(kind));
    if (changes && m->before.overlay == OVERLAY_QUESTION && kind != COMMAND_PAUSE && kind != COMMAND_RESUME &&
        !answers_yes(m))
        monkey_fail(m, "%s leaves past a question", command_word(kind));
    if (kind == COMMAND_RESUME && m->before.overlay != OVERLAY_TEXT && m->paused_ns != 0 &&
        m->now_ns - m->paused_ns < RESUME_AFTER_NS)
        monkey_fail(m, "resumed %" PRId64 " ms after the pause", (m->now_ns - m->paused_ns) / MS);
    if (kind == COMMAND_PAUSE)
        m->paused_ns = m->now_ns;
    if (kind == COMMAND_CLEAR_KILL &&
        (m->before.overlay != OVERLAY_TEXT || m->before.text.kind != TEXT_CLEAR_KILL ||
         strcmp(m->before.text.value, "resume") != 0))
        monkey_fail(m, "a kill is cleared without its word");
}

/* --- after each deed --------------------------------------------------------------------------------------------------- */

/* What KEYS.md and SCREENS.md say ends it; NULL: nothing has. */
static inline const char *what_disarms(const struct monkey *m)
{
    const struct ui *b = &m->before, *ui = m->ui;
    uint32_t base = m->doing == DOES_KEY ? key_base(m->key.key) : 0;
    const struct view_status *status = ui->frame != NULL ? &ui->frame->status : NULL;

    if (status == NULL || status->mode == MODE_OBSERVATION)
        return "observation";
    if (status->state == STATE_KILLED || status->killing || status->state == STATE_HALTED)
        return "no order can leave";
    if (m->readonly || ui->frame->desk.watching)
        return "this screen may change nothing";
    if (ui->screen != b->screen)
        return "another screen";
    if (ui->instrument_id != b->instrument_id)
        return "another instrument";
    if (ui->cols != b->cols || ui->rows != b->rows)
        return "another size";
    if (base == KEY_PASTE || base == KEY_FOCUS_OUT)
        return "a paste, or the focus is lost";
    if (ui->frozen || ui->locked)
        return "frozen or locked";
    if (m->now_ns - m->order_key_ns >= ARM_NS && m->doing == DOES_TICK)
        return "60 s without an order key";
    if (m->lost_ns != 0 && m->now_ns - m->lost_ns >= LOST_NS &&
        (m->doing == DOES_TICK || m->doing == DOES_FRAME))
        return "the book is not LIVE for 2 s";
    if (b->armed && b->overlay == OVERLAY_NONE && m->doing == DOES_KEY && !b->layout.small &&
        (struck(m) == ACT_CAPS || struck(m) == ACT_SIMULATION || struck(m) == ACT_OBSERVATION) &&
        b->screen == SCREEN_TRADE && b->focus == FOCUS_LADDER && !b->moving)
        return struck(m) == ACT_CAPS ? "Caps Lock" : NULL;
    return NULL;
}

static inline void check_arming(struct monkey *m)
{
    const struct ui *b = &m->before;
    bool live = m->ui->frame != NULL && ui_book_live(m->ui);
    const char *ends;

    if (m->doing == DOES_FRAME || m->doing == DOES_TICK)
        m->lost_ns = live ? 0 : m->lost_ns != 0 ? m->lost_ns : m->now_ns;
    if (m->ui->armed && !b->armed) {
        if (!(m->doing == DOES_KEY && b->overlay == OVERLAY_NONE && struck(m) == ACT_ARM) &&
            !(b->overlay == OVERLAY_QUESTION && b->question.kind == ASK_ARM && answers_yes(m)))
            monkey_fail(m, "armed, and nobody asked for it");
        m->order_key_ns = m->now_ns;
        m->count[ARMED]++;
    }
    ends = m->ui->armed ? what_disarms(m) : NULL;
    if (ends != NULL)
        monkey_fail(m, "still armed: %s", ends);
    m->count[LOCKS] += m->ui->locked && !b->locked;
    m->count[FREEZES] += m->ui->frozen && !b->frozen;
}

/* Which question or form stands since when, and whether a picture of it has left. */
static inline void watch_asked(struct monkey *m)
{
    const struct ui *b = &m->before, *ui = m->ui;
    bool same = ui->overlay == b->overlay &&
                ((ui->overlay == OVERLAY_QUESTION && ui->question.opened_ns == b->question.opened_ns &&
                  ui->question.kind == b->question.kind) ||
                 ui->overlay == OVERLAY_TICKET);

    if (!same)
        m->asked_ns = 0;
}

#endif

#include "service/control_text.h"

#include "core/base/decimal.h"
#include "core/base/safe_text.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const control_kind_words[CONTROL_KINDS] = {
    [CONTROL_KILL] = "kill",
    [CONTROL_CLEAR_KILL] = "clear_kill",
    [CONTROL_PAUSE] = "pause",
    [CONTROL_RESUME] = "resume",
    [CONTROL_STATE] = "state",
    [CONTROL_MODE] = "mode",
    [CONTROL_ORDER] = "order",
    [CONTROL_CANCEL] = "cancel",
    [CONTROL_MOVE] = "move",
    [CONTROL_CANCEL_ALL] = "cancel_all",
    [CONTROL_FLATTEN] = "flatten",
    [CONTROL_SET_LIMIT] = "set_limit",
    [CONTROL_CLEAR_HALT] = "clear_halt",
    [CONTROL_STRATEGY] = "strategy",
    [CONTROL_STATUS] = "status",
    [CONTROL_CONTROLS] = "controls",
};

/* The word of an enum's value, NULL behind the last that is offered; an empty one is not. */
static const char *side_of(int side)
{
    return side < SIDE_COUNT ? side_word((enum side)side) : NULL;
}

static const char *type_of(int type)
{
    return type < ORDER_TYPES ? order_type_word((enum order_type)type) : NULL;
}

static const char *tif_of(int tif)
{
    return tif <= TIF_GTD ? time_in_force_word((enum time_in_force)tif) : NULL;
}

static const char *state_of(int state)
{
    if (state == STATE_PAUSED) /* by a request of its own */
        return "";
    return state <= STATE_HALTED ? trading_state_word((enum trading_state)state) : NULL;
}

static const char *mode_of(int mode)
{
    static const char *const words[] = {"observation", "simulation", "live", NULL};

    return words[mode];
}

static const char *turn_of(int turn)
{
    static const char *const words[] = {"", "on", "off", "reload", NULL};

    return words[turn];
}

enum member_kind { SYMBOL, NAME, TEXT, FLAG, DECIMAL, WHOLE, WORD };

struct member {
    const char *name;
    enum member_kind kind;
    size_t offset, size;      /* of the field */
    const char *(*word)(int); /* WORD */
};

#define FIELD(field) offsetof(struct control_request, field), sizeof(((struct control_request *)NULL)->field)
#define BIT(member)  (UINT32_C(1) << (unsigned)(member))

enum { /* index in members */
       SYM,
       STRATEGY,
       LIMIT,
       PARAMETER,
       VALUE,
       TYPED,
       CONFIRM,
       CLOSES,
       TURN,
       STATE,
       MODE,
       ORDER,
       SIDE,
       TYPE,
       TIF,
       POST_ONLY,
       REDUCE_ONLY,
       MAY_CUT,
       AGAIN,
       PRICE,
       WORST,
       STOP,
       TRAIL,
       QTY,
       DISPLAY,
       TAKE,
       BRACKET_STOP,
       EXPIRE,
       GROUP,
       MEMBERS
};

static const struct member members[MEMBERS] = {
    [SYM] = {"symbol", SYMBOL, FIELD(symbol), NULL},
    [STRATEGY] = {"strategy", NAME, FIELD(strategy), NULL},
    [LIMIT] = {"limit", NAME, FIELD(name), NULL},
    [PARAMETER] = {"parameter", NAME, FIELD(name), NULL},
    [VALUE] = {"value", TEXT, FIELD(value), NULL},
    [TYPED] = {"word", TEXT, FIELD(word), NULL},
    [CONFIRM] = {"confirm", TEXT, FIELD(word), NULL},
    [CLOSES] = {"flatten", FLAG, FIELD(flatten), NULL},
    [TURN] = {"turn", WORD, FIELD(turn), turn_of},
    [STATE] = {"state", WORD, FIELD(state), state_of},
    [MODE] = {"mode", WORD, FIELD(mode), mode_of},
    [ORDER] = {"order", WHOLE, FIELD(order_seq), NULL},
    [SIDE] = {"side", WORD, FIELD(side), side_of},
    [TYPE] = {"type", WORD, FIELD(type), type_of},
    [TIF] = {"tif", WORD, FIELD(tif), tif_of},
    [POST_ONLY] = {"post_only", FLAG, FIELD(post_only), NULL},
    [REDUCE_ONLY] = {"reduce_only", FLAG, FIELD(reduce_only), NULL},
    [MAY_CUT] = {"may_cut", FLAG, FIELD(may_cut), NULL},
    [AGAIN] = {"again", FLAG, FIELD(again), NULL},
    [PRICE] = {"price", DECIMAL, FIELD(price_e8), NULL},
    [WORST] = {"worst", DECIMAL, FIELD(price_e8), NULL},
    [STOP] = {"stop", DECIMAL, FIELD(stop_e8), NULL},
    [TRAIL] = {"trail", DECIMAL, FIELD(trail_e8), NULL},
    [QTY] = {"qty", DECIMAL, FIELD(qty_e8), NULL},
    [DISPLAY] = {"display", DECIMAL, FIELD(display_e8), NULL},
    [TAKE] = {"take_profit", DECIMAL, FIELD(take_e8), NULL},
    [BRACKET_STOP] = {"stop_loss", DECIMAL, FIELD(bracket_stop_e8), NULL},
    [EXPIRE] = {"expire_ms", WHOLE, FIELD(expire_ms), NULL},
    [GROUP] = {"group", WHOLE, FIELD(group), NULL},
};

static const struct {
    uint32_t needed, allowed; /* bits of members; allowed: beside the needed ones */
} shapes[CONTROL_KINDS] = {
    [CONTROL_KILL] = {0, BIT(CLOSES)},
    [CONTROL_CLEAR_KILL] = {BIT(TYPED), 0},
    [CONTROL_STATE] = {BIT(STATE), 0},
    [CONTROL_MODE] = {BIT(MODE), 0},
    [CONTROL_ORDER] = {BIT(SYM) | BIT(SIDE) | BIT(QTY),
                       BIT(TYPE) | BIT(TIF) | BIT(POST_ONLY) | BIT(REDUCE_ONLY) | BIT(MAY_CUT) | BIT(PRICE) |
                           BIT(STOP) | BIT(TRAIL) | BIT(DISPLAY) | BIT(TAKE) | BIT(BRACKET_STOP) |
                           BIT(EXPIRE) | BIT(GROUP) | BIT(AGAIN)},
    [CONTROL_CANCEL] = {BIT(ORDER), 0},
    [CONTROL_MOVE] = {BIT(ORDER), BIT(PRICE) | BIT(QTY)},
    [CONTROL_CANCEL_ALL] = {0, BIT(SYM)},
    [CONTROL_FLATTEN] = {BIT(SYM), BIT(WORST)},
    [CONTROL_SET_LIMIT] = {BIT(LIMIT) | BIT(VALUE), BIT(CONFIRM)},
    [CONTROL_CLEAR_HALT] = {BIT(SYM), 0},
    [CONTROL_STRATEGY] = {BIT(STRATEGY), BIT(TURN) | BIT(PARAMETER) | BIT(VALUE)},
};

static enum err refuse(char why[CONTROL_WHY_SIZE], const char *what, const char *text, const char *rest)
{
    char safe[48];

    safe_text(text, strlen(text), safe, sizeof(safe));
    snprintf(why, CONTROL_WHY_SIZE, "%s'%s'%s", what, safe, rest);
    return ERR_BAD_DATA;
}

static bool is_made_of(const char *text, const char *letters, size_t size)
{
    size_t length = strlen(text);

    return length > 0 && length < size && strspn(text, letters) == length;
}

static bool take_text(const struct member *member, const json_t *value, char *out)
{
    static const char symbol[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    static const char name[] = "abcdefghijklmnopqrstuvwxyz0123456789_.-";
    const char *text = json_string_value(value);
    char number[DECIMAL_TEXT_SIZE];

    if (member->kind == TEXT && json_is_integer(value)) {
        snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        text = number;
    }
    if (text == NULL || strlen(text) >= member->size)
        return false;
    if (member->kind != TEXT && !is_made_of(text, member->kind == SYMBOL ? symbol : name, member->size))
        return false;
    for (const char *at = text; *at != '\0'; at++)
        if (*at < ' ' || *at > '~')
            return false;
    memcpy(out, text, strlen(text) + 1);
    return true;
}

static bool take_word(const struct member *member, const json_t *value, void *out)
{
    const char *text = json_string_value(value);

    for (int i = 0; text != NULL && member->word(i) != NULL; i++)
        if (text[0] != '\0' && strcmp(text, member->word(i)) == 0) {
            memcpy(out, &i, sizeof(i)); /* an enum of ours is an int, or as wide */
            return true;
        }
    return false;
}

/* What a member of words may say: " has a value that is not allowed; allowed: BUY, SELL". */
static enum err refuse_value(char why[CONTROL_WHY_SIZE], const struct member *member)
{
    char rest[CONTROL_WHY_SIZE] = " has a value that is not allowed";
    const char *between = "; allowed: ";

    for (int i = 0; member->kind == WORD && member->word(i) != NULL; i++) {
        size_t used = strlen(rest);

        if (member->word(i)[0] == '\0')
            continue;
        snprintf(rest + used, sizeof(rest) - used, "%s%s", between, member->word(i));
        between = ", ";
    }
    return refuse(why, "", member->name, rest);
}

/* Above 0. */
static bool take_number(const struct member *member, const json_t *value, void *out)
{
    unsigned scale = member->kind == DECIMAL ? DECIMAL_E8_DIGITS : 0;
    char number[DECIMAL_TEXT_SIZE] = "";
    const char *text = json_string_value(value);
    int64_t taken;

    if (json_is_integer(value)) {
        snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(value));
        text = number;
    }
    if (text == NULL || decimal_parse(text, strlen(text), scale, &taken) != ERR_OK || taken <= 0)
        return false;
    memcpy(out, &taken, sizeof(taken));
    return true;
}

static bool take(const struct member *member, const json_t *value, struct control_request *request)
{
    char *field = (char *)request + member->offset;

    switch (member->kind) {
    case SYMBOL:
    case NAME:
    case TEXT:
        return take_text(member, value, field);
    case FLAG:
        if (!json_is_boolean(value))
            return false;
        *(bool *)field = json_is_true(value);
        return true;
    case DECIMAL:
    case WHOLE:
        return take_number(member, value, field);
    case WORD:
        return take_word(member, value, field);
    }
    return false;
}

static int find_member(const char *name, uint32_t among)
{
    for (int i = 0; i < MEMBERS; i++)
        if ((among & BIT(i)) != 0 && strcmp(members[i].name, name) == 0)
            return i;
    return MEMBERS;
}

static bool take_id(const json_t *id, char out[CONTROL_ID_SIZE])
{
    char *text;
    bool fits;

    out[0] = '\0';
    if (id == NULL)
        return true;
    if (!json_is_string(id) && !json_is_integer(id))
        return false;
    text = json_dumps(id, JSON_ENCODE_ANY | JSON_ENSURE_ASCII);
    fits = text != NULL && strlen(text) < CONTROL_ID_SIZE;
    if (fits)
        memcpy(out, text, strlen(text) + 1);
    free(text);
    return fits;
}

static enum err take_kind(const json_t *root, struct control_request *out, char why[CONTROL_WHY_SIZE])
{
    const char *word = json_string_value(json_object_get(root, "do"));

    if (word == NULL) {
        snprintf(why, CONTROL_WHY_SIZE, "'do' is missing: it says what is to be done");
        return ERR_BAD_DATA;
    }
    for (int kind = 0; kind < CONTROL_KINDS; kind++)
        if (strcmp(word, control_kind_words[kind]) == 0) {
            out->kind = (enum control_kind)kind;
            return ERR_OK;
        }
    return refuse(why, "unknown request ", word, "");
}

/* What the members say together. */
static enum err check(const struct control_request *request, uint32_t given, char why[CONTROL_WHY_SIZE])
{
    uint32_t missing = shapes[request->kind].needed & ~given;

    for (int i = 0; i < MEMBERS; i++)
        if ((missing & BIT(i)) != 0)
            return refuse(why, "", members[i].name, " is missing");
    if (request->kind == CONTROL_STRATEGY &&
        (((given & BIT(PARAMETER)) != 0) != ((given & BIT(VALUE)) != 0) ||
         ((given & BIT(PARAMETER)) != 0) == ((given & BIT(TURN)) != 0))) {
        snprintf(why, CONTROL_WHY_SIZE, "strategy: either 'turn', or 'parameter' and 'value'");
        return ERR_BAD_DATA;
    }
    if (request->kind == CONTROL_ORDER && request->tif == TIF_GTD && request->expire_ms == 0)
        return refuse(why, "", "expire_ms", " is missing: GTD has an end");
    if (request->kind == CONTROL_MOVE && request->price_e8 == 0 && request->qty_e8 == 0) {
        snprintf(why, CONTROL_WHY_SIZE, "move: 'price', 'qty' or both");
        return ERR_BAD_DATA;
    }
    if (request->group != 0 && (request->take_e8 != 0 || request->bracket_stop_e8 != 0))
        return refuse(why, "", "group", " does not go with take_profit or stop_loss: these make one");
    return ERR_OK;
}

static enum err take_members(const json_t *root, struct control_request *out, char why[CONTROL_WHY_SIZE])
{
    uint32_t among = shapes[out->kind].needed | shapes[out->kind].allowed, given = 0;
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)root, name, value)
    {
        int i = find_member(name, among);

        if (strcmp(name, "do") == 0 || strcmp(name, "id") == 0)
            continue;
        if (i == MEMBERS)
            return refuse(why, "unknown member ", name, "");
        if (!take(&members[i], value, out))
            return refuse_value(why, &members[i]);
        given |= BIT(i);
    }
    return check(out, given, why);
}

enum err control_text_parse(const char *line, size_t size, struct control_request *out,
                            char id[CONTROL_ID_SIZE], char why[CONTROL_WHY_SIZE])
{
    json_error_t error;
    json_t *root = json_loadb(line, size, JSON_REJECT_DUPLICATES, &error);
    enum err err;

    memset(out, 0, sizeof(*out));
    id[0] = '\0';
    if (!json_is_object(root)) {
        snprintf(why, CONTROL_WHY_SIZE, "a line must be one JSON object");
        json_decref(root);
        return ERR_BAD_DATA;
    }
    if (!take_id(json_object_get(root, "id"), id)) {
        snprintf(why, CONTROL_WHY_SIZE, "'id' must be a short text or a whole number");
        err = ERR_BAD_DATA;
    } else {
        err = take_kind(root, out, why);
    }
    if (err == ERR_OK)
        err = take_members(root, out, why);
    json_decref(root);
    return err;
}

/*
 * Screen 5: which control is chosen, in which order they stand, what is said of one. Numbers of a control are
 * written here alone.
 */
#include "core/base/decimal.h"
#include "tui/csv.h"
#include "tui/ui_state.h"

#include <stdio.h>
#include <string.h>

bool control_is_gate(const struct view_control *control)
{
    return control->group == CONTROLS_GATES || control->group == CONTROLS_PROCESS;
}

bool control_is_over(const struct view_control *control)
{
    return control->group == CONTROLS_ONE_ORDER;
}

int64_t control_worst(const struct view_control *control)
{
    return control->worst != VIEW_NONE && control->worst > control->now ? control->worst : control->now;
}

int64_t control_use_x1000(const struct view_control *control)
{
    int64_t worst = control_worst(control);

    if (worst == VIEW_NONE || control->limit == VIEW_NONE || control->limit <= 0 || worst <= 0)
        return 0;
    return decimal_mul_div(worst, 1000, control->limit);
}

/* Of figures that no account has there is no difference. */
static int64_t less(int64_t a, int64_t b)
{
    int64_t out;

    return __builtin_sub_overflow(a, b, &out) ? VIEW_NONE : out;
}

/* One order and the age of a book use nothing up. */
int64_t control_left(const struct view_control *control)
{
    bool uses = control->group != CONTROLS_ONE_ORDER && control->group != CONTROLS_DATA &&
                control->unit != VIEW_UNIT_RATIO_X10 && control->unit != VIEW_UNIT_NONE;

    if (!uses || control->limit == VIEW_NONE || control_worst(control) == VIEW_NONE)
        return VIEW_NONE;
    return less(control->limit, control_worst(control));
}

struct number_text control_number(const struct ui *ui, const struct view_control *control, int64_t value)
{
    struct number_text out = {"-"};

    if (value == VIEW_NONE)
        return out;
    switch (control->unit) {
    case VIEW_UNIT_MONEY:
        return number_fixed(value, 8, 2, false);
    case VIEW_UNIT_COUNT:
        return number_fixed(value, 0, 0, false);
    case VIEW_UNIT_BP:
        text_print(out.text, sizeof(out.text), "%s %%", number_fixed(value, 2, 2, false).text);
        return out;
    case VIEW_UNIT_MS:
        text_print(out.text, sizeof(out.text), "%lld ms", (long long)value);
        return out;
    case VIEW_UNIT_S:
        text_print(out.text, sizeof(out.text), "%lld s", (long long)value);
        return out;
    case VIEW_UNIT_PERCENT:
        text_print(out.text, sizeof(out.text), "%lld %%", (long long)value);
        return out;
    case VIEW_UNIT_QTY:
        return number_fixed(value, 8, ui_scale(ui)->qty_decimals, false);
    case VIEW_UNIT_RATIO_X10:
        return number_fixed(value, 1, 1, false);
    case VIEW_UNIT_NONE:
        break;
    }
    return out;
}

/* Whole units of money where they are whole; with the asset; what a control says besides its numbers follows. */
struct number_text control_limit_text(const struct ui *ui, const struct view_control *control)
{
    const struct view_instrument *at = ui_instrument(ui);
    struct number_text out = control_number(ui, control, control->limit);

    if (control->limit == VIEW_NONE)
        return out;
    if (control->unit == VIEW_UNIT_MONEY)
        text_print(out.text, sizeof(out.text), "%s %s", number_trim(control->limit, 8).text,
                   at != NULL ? at->quote : "");
    else if (control->unit == VIEW_UNIT_QTY)
        text_print(out.text, sizeof(out.text), "%s %s", control_number(ui, control, control->limit).text,
                   at != NULL ? at->base : "");
    else if (control->unit == VIEW_UNIT_RATIO_X10)
        out = number_trim(control->limit, 1);
    else if (control->word[0] != '\0' && strlen(out.text) + strlen(control->word) < 13)
        text_print(out.text, sizeof(out.text), "%s %s", number_fixed(control->limit, 0, 0, false).text,
                   control->word);
    return out;
}

/* "risk.collar_limit_bp": "limit". Nothing where the code says it: "risk.daily_loss_bp" of DAILY_LOSS. */
static void option_tail(const struct view_control *control, char *out, size_t size)
{
    static const char *const unit[] = {"_bp", "_ms", "_s", "_percent"};
    const char *last = strrchr(control->code, '_'), *blank;
    char option[40];

    text_print(option, sizeof(option), "%s", control->option);
    for (size_t i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
        size_t have = strlen(option), cut = strlen(unit[i]);

        if (have > cut && strcmp(option + have - cut, unit[i]) == 0)
            option[have - cut] = '\0';
    }
    blank = strrchr(option, '_') != NULL ? strrchr(option, '_') : strrchr(option, '.');
    text_print(out, size, "%s", blank != NULL ? blank + 1 : "");
    if (strcasestr(control->code, out) != NULL ||
        (out[0] != '\0' && strncasecmp(control->code, out, strlen(out) - 1) == 0) || /* "rejects" */
        (last != NULL && strncasecmp(out, last + 1, strlen(last + 1)) == 0 && strlen(last + 1) > 1))
        out[0] = '\0';
}

bool control_is_shared(const struct ui *ui, const struct view_control *control)
{
    const struct view_controls *view = &ui_view(ui)->controls;
    int same = 0;

    for (int i = 0; i < view->controls && i < VIEW_CONTROLS_MAX; i++)
        same += strcmp(view->control[i].code, control->code) == 0;
    return same > 1;
}

struct number_text control_label(const struct ui *ui, const struct view_control *control)
{
    struct number_text out;
    char tail[40] = "";

    if (control_is_shared(ui, control))
        option_tail(control, tail, sizeof(tail));
    text_print(out.text, sizeof(out.text), "%s%s%s", control->code, tail[0] != '\0' ? " " : "", tail);
    return out;
}

/* --- order and choice ------------------------------------------------------------------------------------- */

static bool matches(const struct ui *ui, const struct view_control *control)
{
    const char *filter = ui->controls.filter;

    return filter[0] == '\0' || strcasestr(control->code, filter) != NULL ||
           strcasestr(control->option, filter) != NULL || strcasestr(control->help, filter) != NULL ||
           strcasestr(control->word, filter) != NULL;
}

/* Ages and delays come and go with each frame: in tenths, or their rows would change places all the time. The largest
 * order of the day is over and brings nothing nearer: it stands behind all that does, and by itself where groups are. */
static int64_t sort_key(const struct view_control *control, bool groups)
{
    int64_t use = control_use_x1000(control);

    if (control_is_over(control) && !groups)
        return -1;
    return control->group == CONTROLS_DATA ? use / 100 * 100 : use;
}

static bool is_before(const struct view_control *a, const struct view_control *b, bool groups)
{
    if (groups && a->group != b->group)
        return a->group < b->group;
    return sort_key(a, groups) > sort_key(b, groups);
}

static int sorted(const struct ui *ui, bool gates, uint16_t *index)
{
    const struct view_controls *view = &ui_view(ui)->controls;
    int count = 0;

    for (uint16_t i = 0; i < view->controls && i < VIEW_CONTROLS_MAX; i++) {
        int at = count;

        if (control_is_gate(&view->control[i]) != gates || !matches(ui, &view->control[i]))
            continue;
        while (!gates && at > 0 &&
               is_before(&view->control[i], &view->control[index[at - 1]], ui->layout.framed)) {
            index[at] = index[at - 1];
            at--;
        }
        index[at] = i;
        count++;
    }
    return count;
}

int controls_lines(const struct ui *ui, bool gates, struct controls_line *line, int max)
{
    uint16_t index[VIEW_CONTROLS_MAX];
    int count, lines = 0, group = -1;

    if (ui_view(ui) == NULL)
        return 0;
    count = sorted(ui, gates, index);
    for (int i = 0; i < count && lines < max; i++) {
        uint8_t now = (uint8_t)ui_view(ui)->controls.control[index[i]].group;

        if (!gates && ui->layout.framed && now != group && lines < max - 1)
            line[lines++] = (struct controls_line){-1, now};
        group = now;
        line[lines++] = (struct controls_line){(int16_t)index[i], now};
    }
    return lines;
}

/* Its place among the rows; 0 when what was chosen is not shown. */
static int chosen_at(const struct ui *ui, const uint16_t *index, int count)
{
    for (int i = 0; i < count; i++)
        if (index[i] == ui->controls.chosen)
            return i;
    return 0;
}

const struct view_control *controls_chosen(const struct ui *ui)
{
    uint16_t index[VIEW_CONTROLS_MAX];
    int count = ui_view(ui) != NULL ? sorted(ui, ui->controls.gates, index) : 0;

    return count > 0 ? &ui_view(ui)->controls.control[index[chosen_at(ui, index, count)]] : NULL;
}

static void choose(struct ui *ui, int rows)
{
    uint16_t index[VIEW_CONTROLS_MAX];
    int count = ui_view(ui) != NULL ? sorted(ui, ui->controls.gates, index) : 0, to;

    if (count == 0) {
        ui_say(ui, 1, "",
               ui->controls.filter[0] != '\0' ? "nothing matches; " KEY("Esc") " clears the filter"
                                              : "the engine has told of no control yet");
        return;
    }
    to = chosen_at(ui, index, count) + rows;
    if ((to < 0 || to >= count) && rows != VIEW_CONTROLS_MAX && rows != -VIEW_CONTROLS_MAX)
        ui_say(ui, 0, "", to < 0 ? "the first one" : "the last one");
    ui->controls.chosen = index[to < 0 ? 0 : to >= count ? count - 1 : to];
}

/* --- words ------------------------------------------------------------------------------------------------- */

/* Without the asset: it stands in the list. */
static struct number_text bare_limit(const struct ui *ui, const struct view_control *control)
{
    return control->unit == VIEW_UNIT_MONEY ? number_trim(control->limit, 8)
                                            : control_number(ui, control, control->limit);
}

static void use_text(const struct ui *ui, const struct view_control *control, char *out, size_t size)
{
    struct number_text now = control_number(ui, control, control->now);

    if (control->unit == VIEW_UNIT_NONE || control->limit == VIEW_NONE)
        text_print(out, size, "%s", control->word);
    else if (control->worst != VIEW_NONE && control->worst > control->now)
        text_print(out, size, "worst case %s of %s: %s now + %s if open orders fill",
                   control_number(ui, control, control->worst).text, bare_limit(ui, control).text, now.text,
                   control_number(ui, control, less(control->worst, control->now)).text);
    else if (control->group == CONTROLS_LOSS && control->unit == VIEW_UNIT_MONEY && control->now <= 0)
        text_print(out, size, "up %s; it stops at a loss of %s",
                   control_number(ui, control, -control->now).text, bare_limit(ui, control).text);
    else
        text_print(out, size, "%s of %s", now.text, bare_limit(ui, control).text);
}

/* What it limits, where the row has room for it: the list cuts it. */
static void add_help(const struct ui *ui, const struct view_control *control, char *out, size_t size)
{
    size_t used = strlen(out);

    if (used + strlen(control->help) + 6 < (size_t)ui->layout.cols)
        text_print(out + used, size - used, ".  %s", control->help);
}

void controls_next_text(const struct ui *ui, char *out, size_t size)
{
    const struct view_control *control = controls_chosen(ui);
    char use[VIEW_TEXT_MAX];

    if (control == NULL) {
        text_print(out, size, "%s",
                   ui_view(ui)->controls.controls == 0
                       ? "asking the engine for its controls"
                       : "nothing matches the filter; " KEY("Esc") " clears it");
        return;
    }
    use_text(ui, control, use, sizeof(use));
    if (control->option[0] != '\0') {
        text_print(out, size, "%s  %s. From %s, :limit changes it", control_label(ui, control).text, use,
                   control->source[0] != '\0' ? control->source : "default");
        add_help(ui, control, out, size);
    } else {
        text_print(out, size, "%s  %s%s%s", control->code, use,
                   use[0] != '\0' && control->help[0] != '\0' ? " \u00b7 " : "", control->help);
    }
}

static void set_lines(struct ui *ui, const struct view_control *control)
{
    const struct config *config = ui_settings(ui);
    const struct option *option = NULL, *table;
    char allowed[160];
    size_t count;

    detail_add(ui, "set by %s, from %s", control->option,
               control->source[0] != '\0' ? control->source : "default");
    if (config != NULL) {
        table = config_table(config, &count);
        option = option_find(table, count, control->option);
    }
    if (option != NULL)
        detail_add(ui, "allowed %s", option_allowed_text(option, allowed, sizeof(allowed)));
    if (control->limit_id != VIEW_LIMIT_NONE)
        detail_add(ui, ":limit %s VALUE changes it; a looser one asks for its name", control->option);
}

static void denied_lines(struct ui *ui, const struct view_control *control)
{
    const struct view_controls *view = &ui_view(ui)->controls;

    if (control->denied > 0)
        detail_add(ui, "%s denied %llu%s, the last at %s", control->code, (unsigned long long)control->denied,
                   control_is_shared(ui, control) ? " by all its limits together" : "",
                   control->denied_ns != VIEW_NONE ? number_clock(control->denied_ns).text : "-");
    else
        detail_add(ui, "denied no order");
    if (control->trips > 0)
        detail_add(ui, "%s tripped %llu%s, the last at %s: it stopped what trades, which is no denied order",
                   control->code, (unsigned long long)control->trips,
                   control_is_shared(ui, control) ? " by all its limits together" : "",
                   control->tripped_ns != VIEW_NONE ? number_clock(control->tripped_ns).text : "-");
    for (int i = 0; i < view->denials && i < VIEW_DENIALS_MAX; i++)
        if (strcmp(view->denial[i].code, control->code) == 0) {
            denial_lines(ui, &view->denial[i]); /* the newest; the rest: flowdeck explain --denials */
            break;
        }
}

void control_explain(struct ui *ui, const struct view_control *control)
{
    char text[VIEW_TEXT_MAX];

    detail_open(ui, control_label(ui, control).text);
    if (control->help[0] != '\0')
        detail_add(ui, "%s", control->help);
    use_text(ui, control, text, sizeof(text));
    if (text[0] != '\0')
        detail_add(ui, "%s", text);
    if (control_left(control) != VIEW_NONE)
        detail_add(ui, "left %s, %s %% used", control_number(ui, control, control_left(control)).text,
                   number_fixed(control_use_x1000(control), 1, 1, false).text);
    if (control->room_e8 != VIEW_NONE)
        detail_add(ui, "room: %s more may be lost", number_money(control->room_e8, false).text);
    if (control->option[0] != '\0')
        set_lines(ui, control);
    denied_lines(ui, control);
}

static void explain(struct ui *ui)
{
    const struct view_control *control = ui_view(ui) != NULL ? controls_chosen(ui) : NULL;

    if (control == NULL)
        ui_say(ui, 1, "", "no control is chosen");
    else
        control_explain(ui, control);
}

/* --- keys --------------------------------------------------------------------------------------------------- */

static void csv_control(const struct ui *ui, struct csv *csv, const struct view_control *control)
{
    char label[80], source[64], help[2 * sizeof(control->help)];

    csv_row(csv, "%s,%s,%s,%s,%llu,%llu,%s,%s,%s",
            csv_quoted(control_label(ui, control).text, label, sizeof(label)),
            control_number(ui, control, control->now).text, control_number(ui, control, control->worst).text,
            control_number(ui, control, control->limit).text, (unsigned long long)control->denied,
            (unsigned long long)control->trips, control->option,
            csv_quoted(control->source, source, sizeof(source)),
            csv_quoted(control->help, help, sizeof(help)));
}

/* Limits, then gates, as they stand on the screen. */
const char *controls_csv(const struct ui *ui, struct csv *csv)
{
    struct controls_line line[CONTROLS_LINES_MAX];

    csv_begin(csv, "control,now,worst,limit,control_denied,control_tripped,option,source,help");
    for (int gates = 0; gates < 2; gates++) {
        int count = controls_lines(ui, gates != 0, line, CONTROLS_LINES_MAX);

        for (int i = 0; i < count; i++)
            if (line[i].control >= 0)
                csv_control(ui, csv, &ui_view(ui)->controls.control[line[i].control]);
    }
    return "controls";
}

bool controls_act(struct ui *ui, enum key_action action)
{
    int rows = keymap_rows(action, VIEW_CONTROLS_MAX);

    if (rows != 0) {
        choose(ui, rows);
        return true;
    }
    switch ((int)action) {
    case ACT_TAB_NEXT:
        ui->controls.gates = !ui->controls.gates;
        return true;
    case ACT_WHY:
        explain(ui);
        return true;
    default:
        return false;
    }
}

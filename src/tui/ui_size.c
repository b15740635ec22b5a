/*
 * How much: of the next order, or of the one that is picked up. By presets, as a figure, or in the words of an exchange: a part
 * of what is free, money of the quote asset.
 */
#include "tui/ui_size.h"
#include "core/base/decimal.h"
#include "tui/figure.h"

#include <string.h>
#include <strings.h>

#define MILLION INT64_C(1000000)
#define PARTS   INT64_C(10000) /* of a whole: 50.25 % are 5025 */

/* Of the next order, or of the one that is picked up. */
static void order_size_set(struct ui *ui, int64_t size_e8)
{
    const struct view_scale *scale = ui_scale(ui);

    if (ui->moving && scale->lot_e8 > 0)
        ui->move_lots = size_e8 / scale->lot_e8;
    else
        ui->size_e8 = size_e8;
    ui->preview_ns = 0;
    ui_say(ui, 0, ui->moving ? "ITS SIZE" : "SIZE", "%s %s", number_trim(size_e8, 8).text,
           ui_instrument(ui) != NULL ? ui_instrument(ui)->base : "");
}

/* Money to lots at a price, what the taker's fee takes kept back where it is all there is. */
static int64_t lots_for(const struct ui *ui, int64_t money_e8, int64_t price_ticks, bool with_fee)
{
    const struct view_scale *scale = ui_scale(ui);
    int64_t price_e8 = number_price_e8(scale, price_ticks);

    if (with_fee)
        money_e8 = decimal_mul_div(money_e8, MILLION, MILLION + ui_view(ui)->position.fee_taker_ppm);
    return price_e8 <= 0 || scale->lot_e8 <= 0
               ? 0
               : decimal_mul_div(money_e8, DECIMAL_E8, price_e8) / scale->lot_e8;
}

/* Money is a size at a price alone; false: there is none, why says so. */
static bool has_price(const struct view_instrument *at, int64_t price_ticks, char *why, size_t why_size)
{
    if (price_ticks <= 0)
        text_print(why, why_size, "there is no price that %s would be a size at; type it in %s", at->quote,
                   at->base);
    return price_ticks > 0;
}

/* "all", "max", "50%" in ten thousandths; 0: not one of them. */
static int64_t part_of(const char *text)
{
    size_t size = strlen(text);
    char why[VIEW_TEXT_MAX];
    int64_t part;

    if (strcasecmp(text, "all") == 0 || strcasecmp(text, "max") == 0)
        return PARTS;
    if (size < 2 || text[size - 1] != '%' || !figure_parse(text, size - 1, 2, true, &part, why, sizeof(why)))
        return 0;
    return part;
}

static bool read_part(const struct ui *ui, enum side side, int64_t price_ticks, int64_t part, int64_t *lots,
                      char *why, size_t why_size)
{
    const struct view_instrument *at = ui_instrument(ui);
    const struct view_position *held = &ui_view(ui)->position;

    if (part > PARTS || at->venue != VENUE_BINANCE_SPOT) {
        text_print(why, why_size,
                   part > PARTS ? "at most 100%%"
                                : "a part of what is free is known on spot alone; type a size");
        return false;
    }
    if (side == SIDE_BID && !has_price(at, price_ticks, why, why_size))
        return false;
    if (side == SIDE_ASK)
        *lots = decimal_mul_div(held->base_free_lots, part, PARTS);
    else
        *lots = lots_for(ui, decimal_mul_div(held->cash_free_e8, part, PARTS), price_ticks, true);
    if (*lots <= 0)
        text_print(why, why_size, "no %s is free to %s", side == SIDE_ASK ? at->base : at->quote,
                   side == SIDE_ASK ? "sell" : "buy with");
    return *lots > 0;
}

/* The figure before the name of an asset; 0: it does not end in that. */
static size_t before_asset(const char *text, const char *asset)
{
    size_t size = strlen(text), name = strlen(asset);

    return name > 0 && size > name && strcasecmp(text + size - name, asset) == 0 ? size - name : 0;
}

bool size_read(const struct ui *ui, enum side side, int64_t price_ticks, const char *text, int64_t *lots,
               char *why, size_t why_size)
{
    const struct view_scale *scale = ui_scale(ui);
    const struct view_instrument *at = ui_instrument(ui);
    int64_t part = part_of(text), value_e8;
    size_t money = at == NULL ? 0 : before_asset(text, at->quote), figure;

    if (at == NULL || scale->lot_e8 <= 0) {
        text_print(why, why_size, "there is no market yet");
        return false;
    }
    if (part > 0)
        return read_part(ui, side, price_ticks, part, lots, why, why_size);
    figure = money > 0                          ? money
             : before_asset(text, at->base) > 0 ? before_asset(text, at->base)
                                                : strlen(text);
    if (!figure_parse(text, figure, 8, true, &value_e8, why, why_size))
        return false;
    if (money > 0 && !has_price(at, price_ticks, why, why_size))
        return false;
    *lots = money > 0 ? lots_for(ui, value_e8, price_ticks, false) : value_e8 / scale->lot_e8;
    if (money == 0 && value_e8 % scale->lot_e8 != 0)
        text_print(why, why_size, "%s is no multiple of the lot %s", text,
                   number_trim(scale->lot_e8, 8).text);
    else if (*lots == 0)
        text_print(why, why_size, "%s buys less than the lot %s", text, number_trim(scale->lot_e8, 8).text);
    else
        return true;
    return false;
}

void order_size_typed(struct ui *ui, const char *value)
{
    int64_t price = ladder_order_ticks(ui), lots, size_e8;
    char why[VIEW_TEXT_MAX];

    if (ui_instrument(ui) == NULL) { /* before the first instrument a figure is all there can be */
        if (figure_parse(value, strlen(value), 8, true, &size_e8, why, sizeof(why)))
            order_size_set(ui, size_e8);
        else
            ui_say(ui, 1, "NO SIZE", "%s", why);
        return;
    }
    if (price <= 0)
        price = ui_view(ui)->ladder.best[side_other(ui->ladder.side)].price_ticks;
    if (size_read(ui, ui->ladder.side, price, value, &lots, why, sizeof(why)))
        order_size_set(ui, lots * ui_scale(ui)->lot_e8);
    else
        ui_say(ui, 1, "NO SIZE", "%s", why);
}

void order_size_step(struct ui *ui, int direction)
{
    int64_t from = ui->moving ? move_left_lots(ui) * ui_scale(ui)->lot_e8 : ui->size_e8;
    int at = -1;

    /* from a typed size to the next preset in that direction */
    for (int i = 0; i < 5; i++) {
        int preset = direction > 0 ? i : 4 - i;
        int64_t size = ui->config.size_presets_e8[preset];

        if ((direction > 0 && size > from) || (direction < 0 && size < from && size > 0)) {
            at = preset;
            break;
        }
    }
    if (at < 0) {
        ui_say(ui, 1, "", "that is the %s preset; " KEY("=") " types a size",
               direction > 0 ? "greatest" : "smallest");
        return;
    }
    if (!ui->moving)
        ui->size_preset = (uint8_t)at;
    order_size_set(ui, ui->config.size_presets_e8[at]);
}

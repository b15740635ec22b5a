#include "app/paper_base.h"

#include "app/journal_states.h"
#include "core/base/decimal.h"
#include "store/recovered.h"

#include <string.h>

static bool parse_one(const char *word, struct paper_base *out)
{
    const char *equals = strchr(word, '=');
    size_t size = equals == NULL ? 0 : (size_t)(equals - word);

    if (size == 0 || size >= sizeof(out->asset) ||
        strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != size ||
        decimal_parse(equals + 1, strlen(equals + 1), DECIMAL_E8_DIGITS, &out->qty_e8) != ERR_OK ||
        out->qty_e8 <= 0)
        return false;
    memset(out->asset, 0, sizeof(out->asset));
    memcpy(out->asset, word, size);
    return true;
}

enum err paper_base_parse(const char *text, struct paper_base out[PAPER_BASES_MAX], size_t *count)
{
    char copy[512];
    char *rest = copy, *word;

    *count = 0;
    if (strlen(text) >= sizeof(copy))
        return ERR_USAGE;
    memcpy(copy, text, strlen(text) + 1);
    while (copy[0] != '\0' && (word = strsep(&rest, ",")) != NULL) {
        word += strspn(word, " ");
        if (*count == PAPER_BASES_MAX || !parse_one(word, &out[*count]))
            return ERR_USAGE;
        for (size_t i = 0; i < *count; i++)
            if (strcmp(out[i].asset, out[*count].asset) == 0)
                return ERR_USAGE;
        ++*count;
    }
    return ERR_OK;
}

/* In this run or in one before. */
static bool was_bought(const struct pipeline *pipeline, const char *asset)
{
    const struct recovered *left = pipeline->config.recovered;

    for (size_t i = 0; i < pipeline->markets; i++)
        if (pipeline->market[i]->total.bought_lots != 0 &&
            strcmp(pipeline->market[i]->instrument->base, asset) == 0)
            return true;
    for (size_t i = 0; left != NULL && i < left->count; i++) {
        const struct instrument *of = recovery_instrument_of(left, left->record[i].symbol);

        if (left->record[i].kind == STORE_POSITION && left->record[i].position.position.bought_lots != 0 &&
            of != NULL && strcmp(of->base, asset) == 0)
            return true;
    }
    return false;
}

/* A deposit of what it is worth, and a purchase for that. */
static bool buy(struct pipeline *pipeline, struct market_state *market, int64_t lots)
{
    struct account *account = pipeline_account(pipeline, market->instrument->id);
    struct fill fill = {.instrument_id = market->instrument->id,
                        .side = SIDE_BID,
                        .price_ticks = market->mark_ticks[SIDE_BID],
                        .qty_lots = lots,
                        .value_e8 =
                            instrument_value_e8(market->instrument, market->mark_ticks[SIDE_BID], lots)};
    struct position total = market->total, owned = market->owned[OWNER_MANUAL];
    int64_t worth_e8;

    if (account == NULL || position_apply(&total, market->instrument, &fill) != ERR_OK ||
        position_apply(&owned, market->instrument, &fill) != ERR_OK)
        return false;
    worth_e8 = total.cost_e8 - market->total.cost_e8;
    total.fills--; /* no fill of an order */
    owned.fills--;
    if (paper_broker_grant(pipeline->broker, market->instrument->id, &fill, worth_e8) != ERR_OK)
        return false;
    market->total = total;
    market->owned[OWNER_MANUAL] = owned;
    account->start_e8 += worth_e8;
    account->equity_e8 += worth_e8;
    account->peak_e8 += worth_e8;
    account->day_start_e8 += worth_e8;
    return true;
}

static void give(struct pipeline *pipeline, struct market_state *market, const struct paper_base *base)
{
    char qty[DECIMAL_TEXT_SIZE];
    int64_t lots = base->qty_e8 / market->instrument->lot_e8;

    decimal_format_trim(instrument_qty_e8(market->instrument, lots), DECIMAL_E8_DIGITS, qty);
    if (lots <= 0 || !buy(pipeline, market, lots)) {
        pipeline->counts.errors++;
        journal_note(pipeline, NOTE_WARNING, "paper.base: %s %s cannot be given", qty, base->asset);
        return;
    }
    journal_audit(pipeline, market, "paper.base", "manual", "%s %s at the best bid", qty, base->asset);
    journal_note(pipeline, NOTE_INFO, "%s: %s %s to start with", market->instrument->symbol, qty,
                 base->asset);
    journal_money(pipeline, market);
}

void paper_base_give(struct pipeline *pipeline)
{
    for (size_t b = 0; b < pipeline->config.paper_bases && !pipeline->recovering; b++) {
        const struct paper_base *base = &pipeline->config.paper_base[b];

        for (size_t i = 0; i < pipeline->markets && !pipeline->base_given[b]; i++) {
            struct market_state *market = pipeline->market[i];

            if (strcmp(market->instrument->base, base->asset) != 0 ||
                market->instrument->venue != VENUE_BINANCE_SPOT || market->book_state != BOOK_LIVE ||
                market->mark_ticks[SIDE_BID] <= 0)
                continue;
            pipeline->base_given[b] = true;
            if (!was_bought(pipeline, base->asset))
                give(pipeline, market, base);
        }
    }
}

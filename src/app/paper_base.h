/*
 * paper_base.h - the base assets that a paper account starts with: "BTC=0.5,ETH=2". Spot alone.
 *
 * What is given is worth its price of that moment: it comes as a deposit of quote money and a purchase at the best bid
 * without a fee. So nothing is won or lost by it, the account's start is what all of it was worth, every ledger stays
 * exact, and a later start finds it in its position like anything that was bought.
 */
#ifndef APP_PAPER_BASE_H
#define APP_PAPER_BASE_H

#include "core/base/err.h"
#include "core/domain/instrument.h"

#include <stddef.h>
#include <stdint.h>

#define PAPER_BASES_MAX 8

struct pipeline;

struct paper_base {
    char asset[ASSET_SIZE];
    int64_t qty_e8;
};

/* ERR_USAGE: not of that form, an asset twice, or too many. "": none. */
enum err paper_base_parse(const char *text, struct paper_base out[PAPER_BASES_MAX], size_t *count);
/*
 * Those that nobody has been given yet, to the trader, for the first instrument whose book is LIVE; not to an account
 * that has ever bought of that asset. Call it once a second.
 */
void paper_base_give(struct pipeline *pipeline);

#endif

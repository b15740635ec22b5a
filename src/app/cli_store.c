#include "app/cli_store.h"

#include "core/base/clock.h"
#include "store/journal_accounts.h"
#include "store/record_codec.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum err set_kinds(struct cli_store *store, const char *value, char why[CONFIG_WHY_SIZE])
{
    char list[CONFIG_WHY_SIZE / 2] = "allowed:", name[32];
    size_t used = strlen(list);

    for (const char *word = value; word != NULL;
         word = strchr(word, ',') == NULL ? NULL : strchr(word, ',') + 1) {
        unsigned kind;

        snprintf(name, sizeof(name), "%.*s", (int)strcspn(word, ","), word);
        kind = record_kind_find(name);
        store->kinds |= kind == 0 ? 0 : UINT32_C(1) << kind;
        if (kind != 0)
            continue;
        for (kind = 0; kind < STORE_RECORD_KINDS && used < sizeof(list); kind++)
            if (record_kind_row(kind) != NULL)
                used +=
                    (size_t)snprintf(list + used, sizeof(list) - used, " %s", record_kind_row(kind)->name);
        return cli_refuse(why, "--kind:", name, list);
    }
    return ERR_OK;
}

static enum err set_moment(const char *name, const char *value, int64_t *ns, char why[CONFIG_WHY_SIZE])
{
    struct clock clock;
    char what[16];

    clock_init_real(&clock);
    if (cli_parse_moment(value, clock_now_ns(&clock), ns))
        return ERR_OK;
    snprintf(what, sizeof(what), "--%s:", name);
    return cli_refuse(why, what, value,
                      "allowed: HH:MM[:SS] of today, YYYY-MM-DD[THH:MM:SS[.FRACTION]][Z], UTC");
}

enum err cli_store_option(struct cli_store *store, const char *name, const char *value, bool *taken,
                          char why[CONFIG_WHY_SIZE])
{
    *taken = true;
    if (strcmp(name, "account") == 0) {
        store->account = value;
        if (!journal_account_is_name(value))
            return cli_refuse(why, "--account:", value,
                              "allowed: small letters, digits and '-': demo, binance-spot");
    } else if (strcmp(name, "owner") == 0) {
        store->owner = value;
    } else if (strcmp(name, "kind") == 0) {
        return set_kinds(store, value, why);
    } else if (strcmp(name, "order") == 0) {
        if (!cli_parse_order(value, &store->order_seq))
            return cli_refuse(why, "--order:", value,
                              "allowed: an order's number, or its id fd-EPOCH-NUMBER");
    } else if (strcmp(name, "since") == 0) {
        return set_moment(name, value, &store->since_ns, why);
    } else if (strcmp(name, "until") == 0) {
        return set_moment(name, value, &store->until_ns, why);
    } else if (strcmp(name, "follow") == 0) {
        store->follow = true;
    } else if (strcmp(name, "csv") == 0) {
        store->csv = true;
    } else if (strcmp(name, "force") == 0) {
        store->force = true;
    } else {
        *taken = false;
    }
    return ERR_OK;
}

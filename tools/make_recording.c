/*
 * make_recording.c - makes a living market in the recording format: BTCUSDT and ETHUSDT, Binance spot.
 *
 *   make-recording --seed N --out FILE [--seconds N] [--stats]
 *
 * A simulation of two order-level books (tools/market/), not a drawing of one. The same seed gives the same
 * bytes. --stats prints what the market looks like; without --out nothing is written.
 */
#include "market/market.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START_NS    INT64_C(1775052000000000000) /* 2026-04-01T14:00:00Z, venue time */
#define SECONDS     600
#define SECONDS_MAX 86400
#define SNAPSHOT_AT 0.27 /* seconds after the start, between two depth messages */

static const struct market_params market_params[MARKETS] = {
    {.symbol = {"BTCUSDT", "btcusdt", "BTC", 1000, 900000000, 8000000},
     .price = 6183764,
     .span = 1 << 20,
     .first_update_id = 50093239188,
     .first_trade_id = 3735683259,
     .gap = 22.0,
     .volatility = 0.00004,
     .common_share = 0.97,
     .lots_per_usd = 100000.0 / 61837.0,
     .level_usd = 4000.0,
     .touch_usd = 26000.0,
     .passive_rate = 42.0,
     .taker_rate = 0.34,
     .wall_step = 5000,
     .wall_usd = 150e3},
    {.symbol = {"ETHUSDT", "ethusdt", "ETH", 10000, 90000000, 3000000},
     .price = 268417,
     .span = 1 << 18,
     .first_update_id = 38712004411,
     .first_trade_id = 1571220347,
     .gap = 4.0,
     .volatility = 0.000045,
     .common_share = 0.75,
     .lots_per_usd = 10000.0 / 2684.0,
     .level_usd = 3000.0,
     .touch_usd = 14000.0,
     .passive_rate = 30.0,
     .taker_rate = 0.30,
     .wall_step = 500,
     .wall_usd = 150e3},
};

struct arguments {
    uint64_t seed;
    int64_t seconds;
    const char *out;
    bool stats;
};

static void run_item(struct sim *sim, const struct agenda_item *item)
{
    struct market *market = &sim->market[item->market];

    switch (item->kind) {
    case AGENDA_FAIR:
        fair_step(sim);
        break;
    case AGENDA_TAKER:
        takers_candidate(sim, market);
        break;
    case AGENDA_PASSIVE:
        makers_passive(sim, market);
        break;
    case AGENDA_CANCEL:
        market_cancel(sim, market, item->arg);
        break;
    case AGENDA_CLOSE:
        makers_close(sim, market);
        break;
    case AGENDA_MAKER:
        makers_look(sim, market, (size_t)item->arg);
        break;
    case AGENDA_PARENT:
        takers_parent(sim, market);
        break;
    case AGENDA_SWEEP:
        takers_sweep(sim, market);
        break;
    case AGENDA_WALL:
        makers_walls(sim, market);
        break;
    case AGENDA_DEPTH:
        market_publish_depth(sim, market);
        sim_plan(sim, 0.1, AGENDA_DEPTH, market, 0);
        wire_flush(sim->wire, sim->now_ns);
        break;
    case AGENDA_SNAPSHOT:
        market_publish_snapshot(sim, market);
        break;
    }
}

static bool sim_init(struct sim *sim, const struct arguments *arguments)
{
    const struct wire_symbol *symbols[MARKETS];

    numbers_init(&sim->numbers, arguments->seed);
    numbers_init(&sim->world, ~arguments->seed);
    sim->start_ns = START_NS;
    sim->end_ns = START_NS + arguments->seconds * SECOND;
    sim->now_ns = START_NS - WARM_UP_NS;
    fair_init(sim);
    for (int i = 0; i < MARKETS; i++) {
        struct market *market = &sim->market[i];

        if (!market_init(sim, i, &market_params[i]))
            return false;
        symbols[i] = &market->params->symbol;
        makers_fill_book(sim, market);
        makers_init(sim, market);
        takers_init(sim, market);
        sim_plan(sim, 0.1 + 0.037 * i, AGENDA_DEPTH, market, 0);
        sim_plan(sim, (double)WARM_UP_NS / 1e9 + SNAPSHOT_AT + 0.04 * i, AGENDA_SNAPSHOT, market, 0);
    }
    agenda_push(&sim->agenda, sim->now_ns, AGENDA_FAIR, 0, 0);
    wire_exchange_info(sim->wire, START_NS, START_NS, symbols, MARKETS);
    return true;
}

static struct stats *new_stats(void)
{
    struct stats_symbol symbols[MARKETS];

    for (int i = 0; i < MARKETS; i++)
        symbols[i] = (struct stats_symbol){market_params[i].symbol.upper,
                                           (double)market_params[i].symbol.lot_e8 / 1e8, i == 0 ? 500 : 50};
    return stats_new(symbols, START_NS);
}

static int make(const struct arguments *arguments)
{
    struct sim *sim = calloc(1, sizeof(*sim));
    struct agenda_item item;
    uint64_t lines, bytes;
    bool written;

    if (sim == NULL || (sim->wire = wire_new(arguments->out)) == NULL) {
        fprintf(stderr, "make-recording: %s: %s\n", arguments->out == NULL ? "memory" : arguments->out,
                strerror(errno));
        free(sim);
        return 1;
    }
    if (arguments->stats)
        sim->stats = new_stats();
    if (!sim_init(sim, arguments)) {
        fprintf(stderr, "make-recording: out of memory\n");
        return 1;
    }
    while (agenda_pop(&sim->agenda, &item) && item.at_ns <= sim->end_ns) {
        sim->now_ns = item.at_ns;
        run_item(sim, &item);
    }
    written = wire_close(sim->wire, &lines, &bytes);
    if (!written)
        fprintf(stderr, "make-recording: %s: writing failed\n", arguments->out);
    if (arguments->stats) {
        printf("seed %" PRIu64 ": %" PRIu64 " lines, %.1f MB of text\n", arguments->seed, lines,
               (double)bytes / 1e6);
        stats_print(sim->stats, sim->end_ns, stdout);
    }
    stats_free(sim->stats);
    for (int i = 0; i < MARKETS; i++)
        lob_free(sim->market[i].lob);
    free(sim);
    return written ? 0 : 1;
}

static bool read_number(const char *text, int64_t max, int64_t *out)
{
    char *rest;

    errno = 0;
    *out = strtoll(text, &rest, 10);
    return errno == 0 && rest != text && *rest == '\0' && *out >= 0 && *out <= max;
}

static bool read_arguments(int argc, char **argv, struct arguments *out)
{
    for (int i = 1; i < argc; i++) {
        int64_t number;

        if (strcmp(argv[i], "--stats") == 0) {
            out->stats = true;
        } else if (i + 1 < argc && strcmp(argv[i], "--out") == 0) {
            out->out = argv[++i];
        } else if (i + 1 < argc && strcmp(argv[i], "--seed") == 0 &&
                   read_number(argv[i + 1], INT64_MAX, &number)) {
            out->seed = (uint64_t)number;
            i++;
        } else if (i + 1 < argc && strcmp(argv[i], "--seconds") == 0 &&
                   read_number(argv[i + 1], SECONDS_MAX, &number) && number > 0) {
            out->seconds = number;
            i++;
        } else {
            return false;
        }
    }
    return out->out != NULL || out->stats;
}

int main(int argc, char **argv)
{
    struct arguments arguments = {.seed = 1, .seconds = SECONDS, .out = NULL, .stats = false};

    if (!read_arguments(argc, argv, &arguments)) {
        fprintf(stderr, "usage: make-recording --out FILE [--seed N] [--seconds 1..%d] [--stats]\n",
                SECONDS_MAX);
        return 2;
    }
    return make(&arguments);
}

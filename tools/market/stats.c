#include "market/stats.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define NEAR_LEVELS 10
#define PAGE_LEVELS 1000
#define SECOND_NS   INT64_C(1000000000)
#define TENTH_NS    (SECOND_NS / 10)
#define TICK_USD    0.01

/* A growing list of figures. */
struct sample {
    size_t count, room;
    double *value;
};

struct symbol_stats {
    struct stats_symbol symbol;
    struct lob_level bid, ask;
    int64_t quote_ns;
    double one_tick_ns, all_ns;
    int imbalance_sign;
    uint64_t flips;
    struct sample spread, touch, gap, level, row, depth_levels;
    struct sample prints, value_usd, trades_in_second, mid_by_second, mid_by_tenth;
    struct sample imbalance[4]; /* at 1, 5, 10, 20 levels, each 100 ms */
    uint64_t orders, orders_prices, prints_now, same_side, sides_seen;
    int64_t price_now;
    bool prices_now;
    enum lob_side side_now, side_last;
    double cancelled, traded;
};

struct stats {
    int64_t start_ns;
    struct sample messages; /* of both symbols in 100 ms */
    struct symbol_stats of[2];
};

static void sample_add(struct sample *sample, double value)
{
    if (sample->count == sample->room) {
        size_t room = sample->room == 0 ? 1024 : 2 * sample->room;
        double *grown = realloc(sample->value, room * sizeof(*grown));

        if (grown == NULL)
            return;
        sample->value = grown;
        sample->room = room;
    }
    sample->value[sample->count++] = value;
}

/* Adds to the figure of this slot of time; slots in between are 0. */
static void sample_count(struct sample *sample, int64_t slot, double value)
{
    while (slot >= 0 && sample->count <= (size_t)slot) {
        size_t before = sample->count;

        sample_add(sample, 0.0);
        if (sample->count == before)
            return;
    }
    if (slot >= 0)
        sample->value[slot] += value;
}

static int ascending(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;

    return left < right ? -1 : left > right;
}

/* Sorts a copy. */
static double quantile(const struct sample *sample, double share)
{
    double *copy, result;

    if (sample->count == 0)
        return 0.0;
    copy = malloc(sample->count * sizeof(*copy));
    if (copy == NULL)
        return 0.0;
    memcpy(copy, sample->value, sample->count * sizeof(*copy));
    qsort(copy, sample->count, sizeof(*copy), ascending);
    result = copy[(size_t)(share * (double)(sample->count - 1) + 0.5)];
    free(copy);
    return result;
}

static void moments(const struct sample *sample, double *mean, double *variance)
{
    double sum = 0.0, squares = 0.0;
    double count = sample->count > 0 ? (double)sample->count : 1.0;

    for (size_t i = 0; i < sample->count; i++) {
        sum += sample->value[i];
        squares += sample->value[i] * sample->value[i];
    }
    *mean = sum / count;
    *variance = squares / count - *mean * *mean;
}

static double correlation(const struct sample *a, const struct sample *b, bool of_changes)
{
    double sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0, n = 0;
    size_t count = a->count < b->count ? a->count : b->count;

    for (size_t i = of_changes ? 1 : 0; i < count; i++) {
        double x = a->value[i] - (of_changes ? a->value[i - 1] : 0.0);
        double y = b->value[i] - (of_changes ? b->value[i - 1] : 0.0);

        sa += x;
        sb += y;
        saa += x * x;
        sbb += y * y;
        sab += x * y;
        n += 1.0;
    }
    if (n < 2.0)
        return 0.0;
    return (sab - sa * sb / n) / sqrt((saa - sa * sa / n) * (sbb - sb * sb / n) + 1e-300);
}

struct stats *stats_new(const struct stats_symbol symbols[2], int64_t start_ns)
{
    struct stats *stats = calloc(1, sizeof(*stats));

    if (stats == NULL)
        return NULL;
    stats->start_ns = start_ns;
    for (int i = 0; i < 2; i++)
        stats->of[i].symbol = symbols[i];
    return stats;
}

void stats_free(struct stats *stats)
{
    if (stats == NULL)
        return;
    free(stats->messages.value);
    for (int i = 0; i < 2; i++) {
        struct symbol_stats *of = &stats->of[i];
        struct sample *all[] = {&of->spread,        &of->touch,        &of->gap,
                                &of->level,         &of->row,          &of->depth_levels,
                                &of->prints,        &of->value_usd,    &of->trades_in_second,
                                &of->mid_by_second, &of->mid_by_tenth, &of->imbalance[0],
                                &of->imbalance[1],  &of->imbalance[2], &of->imbalance[3]};

        for (size_t k = 0; k < sizeof(all) / sizeof(all[0]); k++)
            free(all[k]->value);
    }
    free(stats);
}

static void message(struct stats *stats, int64_t at_ns)
{
    sample_count(&stats->messages, (at_ns - stats->start_ns) / TENTH_NS, 1.0);
}

void stats_quote(struct stats *stats, int symbol, int64_t at_ns, struct lob_level bid, struct lob_level ask)
{
    struct symbol_stats *of;
    int sign;

    if (stats == NULL)
        return;
    of = &stats->of[symbol];
    message(stats, at_ns);
    if (of->quote_ns != 0) {
        of->all_ns += (double)(at_ns - of->quote_ns);
        if (of->ask.price - of->bid.price == 1)
            of->one_tick_ns += (double)(at_ns - of->quote_ns);
    }
    of->quote_ns = at_ns;
    of->bid = bid;
    of->ask = ask;
    sample_add(&of->spread, (double)(ask.price - bid.price));
    sign = bid.qty > ask.qty ? 1 : -1;
    if (of->imbalance_sign != 0 && sign != of->imbalance_sign)
        of->flips++;
    of->imbalance_sign = sign;
}

void stats_trade(struct stats *stats, int symbol, int64_t at_ns, int64_t price, int64_t qty,
                 enum lob_side taker)
{
    struct symbol_stats *of;

    if (stats == NULL)
        return;
    of = &stats->of[symbol];
    message(stats, at_ns);
    sample_count(&of->trades_in_second, (at_ns - stats->start_ns) / SECOND_NS, 1.0);
    sample_add(&of->value_usd, (double)price * TICK_USD * (double)qty * of->symbol.lot);
    if (of->prints_now++ > 0 && price != of->price_now)
        of->prices_now = true;
    of->price_now = price;
    of->side_now = taker;
}

void stats_taker_done(struct stats *stats, int symbol)
{
    struct symbol_stats *of;

    if (stats == NULL || stats->of[symbol].prints_now == 0)
        return;
    of = &stats->of[symbol];
    if (of->orders++ > 0 && of->side_now == of->side_last)
        of->same_side++;
    of->side_last = of->side_now;
    sample_add(&of->prints, (double)of->prints_now);
    of->orders_prices += of->prices_now;
    of->prints_now = 0;
    of->prices_now = false;
}

void stats_vanished(struct stats *stats, int symbol, int64_t qty, bool cancelled)
{
    if (stats == NULL)
        return;
    *(cancelled ? &stats->of[symbol].cancelled : &stats->of[symbol].traded) += (double)qty;
}

static void sample_imbalance(struct symbol_stats *of, struct lob_level side[2][PAGE_LEVELS],
                             const size_t counts[2])
{
    static const size_t depth[4] = {1, 5, 10, 20};

    for (size_t k = 0; k < 4; k++) {
        double sum[2] = {0.0, 0.0};

        for (size_t s = 0; s < 2; s++) {
            for (size_t i = 0; i < depth[k] && i < counts[s]; i++)
                sum[s] += (double)side[s][i].qty;
        }
        sample_add(&of->imbalance[k], (sum[0] - sum[1]) / (sum[0] + sum[1]));
    }
}

static void sample_page(struct symbol_stats *of, const struct lob_level level[PAGE_LEVELS], size_t count)
{
    double row = 0.0;

    for (size_t i = 0; i < count; i++) {
        double qty = (double)level[i].qty * of->symbol.lot;

        sample_add(&of->level, qty);
        if (i > 0 && level[i].price / of->symbol.row_ticks != level[i - 1].price / of->symbol.row_ticks) {
            sample_add(&of->row, row);
            row = 0.0;
        }
        row += qty;
    }
}

void stats_depth(struct stats *stats, int symbol, int64_t at_ns, size_t levels, const struct lob *lob)
{
    static struct lob_level side[2][PAGE_LEVELS];
    struct symbol_stats *of;
    int64_t tenth = (at_ns - (stats == NULL ? 0 : stats->start_ns)) / TENTH_NS;
    bool page = tenth % 50 == 0;
    size_t counts[2];

    if (stats == NULL)
        return;
    of = &stats->of[symbol];
    message(stats, at_ns);
    sample_add(&of->depth_levels, (double)levels);
    for (int s = 0; s < 2; s++) {
        counts[s] = lob_top(lob, (enum lob_side)s, side[s], page ? PAGE_LEVELS : 20);
        if (counts[s] == 0)
            return;
        sample_add(&of->touch, (double)side[s][0].qty * of->symbol.lot);
        for (size_t i = 1; i < counts[s] && i <= NEAR_LEVELS; i++)
            sample_add(&of->gap, fabs((double)(side[s][i].price - side[s][i - 1].price)));
        if (page)
            sample_page(of, side[s], counts[s]);
    }
    sample_imbalance(of, side, counts);
    sample_add(&of->mid_by_tenth, 0.5 * (double)(side[0][0].price + side[1][0].price));
    if (tenth % 10 == 0)
        sample_add(&of->mid_by_second, log(0.5 * (double)(side[0][0].price + side[1][0].price)));
}

static void ranges(const struct symbol_stats *of, struct sample *out)
{
    for (size_t from = 0; from + 600 <= of->mid_by_tenth.count; from += 50) {
        double low = of->mid_by_tenth.value[from], high = low;

        for (size_t i = from; i < from + 600; i++) {
            low = fmin(low, of->mid_by_tenth.value[i]);
            high = fmax(high, of->mid_by_tenth.value[i]);
        }
        sample_add(out, (high - low) / low * 1e4);
    }
}

static void print_trades(const struct symbol_stats *of, double seconds, FILE *out)
{
    double mean, variance, prints, ignored, orders = (double)of->orders;
    size_t silent = 0;

    moments(&of->trades_in_second, &mean, &variance);
    moments(&of->prints, &prints, &ignored);
    for (size_t i = 0; i < of->trades_in_second.count; i++)
        silent += of->trades_in_second.value[i] == 0.0;
    fprintf(out, "  trades a second, median / mean / p99; variance to mean   %.0f / %.1f / %.0f; %.0f\n",
            quantile(&of->trades_in_second, 0.5), mean, quantile(&of->trades_in_second, 0.99),
            variance / mean);
    fprintf(out, "  seconds without a trade                                  %zu of %.0f\n", silent, seconds);
    fprintf(out, "  trade value, median / p99, USDT                          %.0f / %.0f\n",
            quantile(&of->value_usd, 0.5), quantile(&of->value_usd, 0.99));
    fprintf(out, "  prints to one taker; takers at more than one price       %.1f; %.0f %%\n", prints,
            100.0 * (double)of->orders_prices / orders);
    fprintf(out, "  next aggressor on the same side                          %.2f\n",
            (double)of->same_side / orders);
}

static void print_symbol(const struct symbol_stats *of, double seconds, FILE *out)
{
    struct sample range = {0, 0, NULL};

    ranges(of, &range);
    fprintf(out, "%s\n", of->symbol.name);
    fprintf(out, "  spread of one tick, share of time; p99 of quotes         %.1f %%; %.0f\n",
            100.0 * of->one_tick_ns / of->all_ns, quantile(&of->spread, 0.99));
    fprintf(out, "  gap near the touch, median / p90, ticks                  %.0f / %.0f\n",
            quantile(&of->gap, 0.5), quantile(&of->gap, 0.9));
    fprintf(out, "  level size p10 / median / p99                            %.4f / %.4f / %.2f\n",
            quantile(&of->level, 0.1), quantile(&of->level, 0.5), quantile(&of->level, 0.99));
    fprintf(out, "  touch size p10 / median / p90                            %.4f / %.3f / %.2f\n",
            quantile(&of->touch, 0.1), quantile(&of->touch, 0.5), quantile(&of->touch, 0.9));
    fprintf(out, "  row size at %.2f, median / p90 / p99 / max               %.2f / %.2f / %.2f / %.2f\n",
            (double)of->symbol.row_ticks * TICK_USD, quantile(&of->row, 0.5), quantile(&of->row, 0.9),
            quantile(&of->row, 0.99), quantile(&of->row, 1.0));
    print_trades(of, seconds, out);
    fprintf(out, "  depth messages a second; levels in each, median / p99    %.1f; %.0f / %.0f\n",
            (double)of->depth_levels.count / seconds, quantile(&of->depth_levels, 0.5),
            quantile(&of->depth_levels, 0.99));
    fprintf(out, "  quotes a second                                          %.1f\n",
            (double)of->spread.count / seconds);
    fprintf(out, "  vanishing size near the touch that was cancelled         %.0f %%\n",
            100.0 * of->cancelled / (of->cancelled + of->traded));
    fprintf(out, "  range of the mid in 60 s, median / p90, bp               %.1f / %.1f\n",
            quantile(&range, 0.5), quantile(&range, 0.9));
    fprintf(out, "  sign flips of the imbalance at the touch, a second       %.1f\n",
            (double)of->flips / seconds);
    fprintf(out, "  correlation of imbalance at 5 levels with 1 / 10 / 20    %.2f / %.2f / %.2f\n",
            correlation(&of->imbalance[1], &of->imbalance[0], false),
            correlation(&of->imbalance[1], &of->imbalance[2], false),
            correlation(&of->imbalance[1], &of->imbalance[3], false));
    free(range.value);
}

void stats_print(struct stats *stats, int64_t end_ns, FILE *out)
{
    double seconds;

    if (stats == NULL)
        return;
    seconds = (double)(end_ns - stats->start_ns) / 1e9;
    for (int i = 0; i < 2; i++)
        print_symbol(&stats->of[i], seconds, out);
    fprintf(out, "both\n  correlation of changes of the mid in 1 s                 %.2f\n",
            correlation(&stats->of[0].mid_by_second, &stats->of[1].mid_by_second, true));
    fprintf(out, "  messages in 100 ms, median / p99 / max                   %.0f / %.0f / %.0f\n",
            quantile(&stats->messages, 0.5), quantile(&stats->messages, 0.99),
            quantile(&stats->messages, 1.0));
}

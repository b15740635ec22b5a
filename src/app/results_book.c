#include "app/results_book.h"

#include "app/results_spread.h"
#include "core/base/smaller.h"
#include "core/market/saturate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HAND  1 /* its row, under that of all */
#define REST  (VIEW_RESULTS_OWNERS - 1)
#define FIRST 2

/* Prices and quantities are in e8 here: a step of each is one of them. */
static const struct instrument unit = {.tick_e8 = 1, .lot_e8 = 1};

struct holding { /* of an owner in an instrument */
    struct position position;
    int64_t since_ns;       /* of the round trip that is open */
    int64_t fees_before_e8; /* of it, paid before the period */
};

struct results_book {
    int64_t from_ns, to_ns;
    uint16_t symbols, owners; /* owners: rows that are used, but for the last */
    char symbol[RESULTS_SYMBOLS_MAX][SYMBOL_SIZE];
    struct holding holding[RESULTS_SYMBOLS_MAX][VIEW_RESULTS_OWNERS];
    struct view_results_owner row[VIEW_RESULTS_OWNERS];
    uint16_t held[VIEW_RESULTS_OWNERS]; /* instruments that it is not flat in; [0]: with all owners */
    int64_t held_since_ns[VIEW_RESULTS_OWNERS];
    size_t sessions;
    struct results_session session[RESULTS_SESSIONS_MAX];
    size_t trips;
    struct results_trip trip[RESULTS_TRIPS_MAX];
    uint64_t left_out;
};

struct results_book *results_book_new(void)
{
    return calloc(1, sizeof(struct results_book));
}

void results_book_free(struct results_book *book)
{
    free(book);
}

static void begin_row(struct view_results_owner *row, const char *name)
{
    *row = (struct view_results_owner){.best_e8 = VIEW_NONE, .worst_e8 = VIEW_NONE};
    snprintf(row->name, sizeof(row->name), "%s", name);
}

void results_book_begin(struct results_book *book, int64_t from_ns, int64_t to_ns)
{
    memset(book, 0, offsetof(struct results_book, trip));
    book->left_out = 0;
    book->from_ns = from_ns;
    book->to_ns = to_ns;
    begin_row(&book->row[0], "all");
    begin_row(&book->row[HAND], "manual");
    begin_row(&book->row[REST], "others");
    book->owners = FIRST;
}

/* --- time ----------------------------------------------------------------------------------------------------- */

void results_book_session(struct results_book *book, const struct results_session *session)
{
    if (session->end_ns <= session->start_ns || session->end_ns < book->from_ns ||
        session->start_ns > book->to_ns)
        return;
    if (book->sessions == RESULTS_SESSIONS_MAX)
        memmove(book->session, book->session + 1, --book->sessions * sizeof(book->session[0]));
    book->session[book->sessions++] = *session;
}

/* How much of [begin, end] lies within the period while a session ran. */
static int64_t watched_ns(const struct results_book *book, int64_t begin_ns, int64_t end_ns)
{
    int64_t sum = 0;

    begin_ns = larger(begin_ns, book->from_ns);
    end_ns = smaller(end_ns, book->to_ns);
    for (size_t i = 0; i < book->sessions; i++) {
        int64_t from_ns = larger(book->session[i].start_ns, begin_ns);
        int64_t to_ns = smaller(book->session[i].end_ns, end_ns);

        sum += to_ns > from_ns ? to_ns - from_ns : 0;
    }
    return sum;
}

/* It holds one instrument more or fewer; time with a position is of all its instruments together. */
static void count_held(struct results_book *book, uint16_t row, int change, int64_t ts_ns)
{
    if (change > 0 && book->held[row]++ == 0)
        book->held_since_ns[row] = ts_ns;
    else if (change < 0 && book->held[row] > 0 && --book->held[row] == 0)
        book->row[row].market_ns += watched_ns(book, book->held_since_ns[row], ts_ns);
}

/* --- round trips ---------------------------------------------------------------------------------------------- */

static bool is_in(const struct results_book *book, int64_t ts_ns)
{
    return ts_ns >= book->from_ns && ts_ns <= book->to_ns;
}

static int64_t sum_of(int64_t sum, int64_t more) /* any sign */
{
    int64_t out;

    if (!__builtin_add_overflow(sum, more, &out))
        return out;
    return more < 0 ? -INT64_MAX : INT64_MAX;
}

static void count_carried(struct view_results_owner *row, int64_t fees_e8)
{
    row->carried++;
    row->carried_fees_e8 = sum_of(row->carried_fees_e8, fees_e8);
}

static void count_trip(struct view_results_owner *row, int64_t net_e8, int64_t held_ns)
{
    row->trades++;
    row->wins += net_e8 > 0;
    row->losses += net_e8 < 0;
    row->won_e8 = sum_of(row->won_e8, net_e8 > 0 ? net_e8 : 0);
    row->lost_e8 = sum_of(row->lost_e8, net_e8 < 0 ? net_e8 : 0);
    row->best_e8 = row->best_e8 == VIEW_NONE || net_e8 > row->best_e8 ? net_e8 : row->best_e8;
    row->worst_e8 = row->worst_e8 == VIEW_NONE || net_e8 < row->worst_e8 ? net_e8 : row->worst_e8;
    row->held_ns = sum_of(row->held_ns, held_ns);
}

static void end_trip(struct results_book *book, uint16_t owner, int64_t net_e8, const struct holding *of,
                     int64_t ts_ns)
{
    if (!is_in(book, ts_ns))
        return;
    count_trip(&book->row[0], net_e8, ts_ns - of->since_ns);
    count_trip(&book->row[owner], net_e8, ts_ns - of->since_ns);
    if (of->since_ns < book->from_ns) {
        count_carried(&book->row[0], of->fees_before_e8);
        count_carried(&book->row[owner], of->fees_before_e8);
    }
    if (book->trips < RESULTS_TRIPS_MAX)
        book->trip[book->trips++] = (struct results_trip){.net_e8 = net_e8, .closed_ns = ts_ns};
}

/* False: the sums do not fit; it is left out as a whole. */
static bool book_one(struct results_book *book, uint16_t symbol, uint16_t owner, struct fill fill)
{
    struct holding *holding = &book->holding[symbol][owner];
    struct position before = holding->position, *now = &holding->position;

    if (position_apply(now, &unit, &fill) != ERR_OK)
        return false;
    if (now->closed_trips !=
        before.closed_trips) /* what a turn pays for its second half is of the next trip */
        end_trip(book, owner, before.trip_net_e8 + fill.realised_e8 - fill.fee_e8 - now->trip_net_e8, holding,
                 fill.ts_ns);
    if (!is_in(book, fill.ts_ns))
        holding->fees_before_e8 = sum_of(holding->fees_before_e8, fill.fee_e8);
    if (before.lots == 0 || now->closed_trips != before.closed_trips) {
        holding->since_ns = fill.ts_ns;
        holding->fees_before_e8 = is_in(book, fill.ts_ns) ? 0 : -now->trip_net_e8; /* so far it only paid */
    }
    if ((before.lots == 0) != (now->lots == 0)) {
        count_held(book, owner, now->lots != 0 ? 1 : -1, fill.ts_ns);
        count_held(book, 0, now->lots != 0 ? 1 : -1, fill.ts_ns);
    }
    return true;
}

/* As holdings_take_over(): who closes by hand more than is his takes the strategies' shares over, at that price. Where several
 * hold one, who came first gives first: the engine's own order is not stored. */
static void take_over(struct results_book *book, uint16_t symbol, const struct fill *by)
{
    int64_t mine = book->holding[symbol][HAND].position.lots, added = smaller(llabs(mine), by->qty_lots);

    if (mine * side_sign(by->side) <= 0)
        return;
    for (uint16_t i = FIRST; i < VIEW_RESULTS_OWNERS && added > 0; i++) {
        int64_t theirs = book->holding[symbol][i].position.lots, lots = smaller(added, llabs(theirs));
        struct fill out = {.side = theirs > 0 ? SIDE_ASK : SIDE_BID,
                           .ts_ns = by->ts_ns,
                           .price_ticks = by->price_ticks,
                           .qty_lots = lots,
                           .value_e8 = instrument_value_e8(&unit, by->price_ticks, lots)};

        if (lots == 0 || (theirs > 0) == (mine > 0))
            continue;
        if (!book_one(book, symbol, i, out))
            return;
        out.side = side_other(out.side);
        (void)book_one(book, symbol, HAND, out);
        added -= lots;
    }
}

/* --- fills ---------------------------------------------------------------------------------------------------- */

static uint16_t symbol_of(struct results_book *book, const char *symbol)
{
    uint16_t i = 0;

    while (i < book->symbols && strcmp(book->symbol[i], symbol) != 0)
        i++;
    if (i == book->symbols && i < RESULTS_SYMBOLS_MAX)
        memcpy(book->symbol[book->symbols++], symbol, SYMBOL_SIZE);
    return i;
}

/* By name; rows of a database from before names were stored have a number alone. */
static uint16_t owner_of(struct results_book *book, const struct results_fill *fill)
{
    char name[OWNER_NAME_SIZE];

    if (fill->owner_id == OWNER_MANUAL)
        return HAND;
    if (fill->owner[0] != '\0')
        snprintf(name, sizeof(name), "%s", fill->owner);
    else
        snprintf(name, sizeof(name), "strategy %u", fill->owner_id % 100U);
    for (uint16_t i = FIRST; i < book->owners; i++)
        if (strcmp(book->row[i].name, name) == 0)
            return i;
    if (book->owners == REST)
        return REST;
    begin_row(&book->row[book->owners], name);
    return book->owners++;
}

static void count_fill(struct view_results_owner *row, const struct results_fill *fill)
{
    row->fills++;
    row->fees_e8 = sum_of(row->fees_e8, fill->fee_e8);
    row->value_e8 = sum_of(row->value_e8, fill->value_e8);
    row->maker_value_e8 = sum_of(row->maker_value_e8, fill->maker ? fill->value_e8 : 0);
    if (fill->slippage_e8 == RESULTS_UNKNOWN)
        return;
    row->slippage_fills++;
    row->slippage_e8 = sum_of(row->slippage_e8, fill->slippage_e8);
}

void results_book_fill(struct results_book *book, const struct results_fill *from)
{
    struct fill fill = {.side = from->side,
                        .ts_ns = from->ts_ns,
                        .price_ticks = from->price_e8,
                        .qty_lots = from->qty_e8,
                        .value_e8 = from->value_e8,
                        .fee_e8 = from->fee_e8};
    uint16_t symbol = symbol_of(book, from->symbol), owner;

    if (from->ts_ns > book->to_ns)
        return;
    if (symbol == RESULTS_SYMBOLS_MAX) {
        book->left_out++;
        return;
    }
    owner = owner_of(book, from);
    if (!book_one(book, symbol, owner, fill)) {
        book->left_out++;
        return;
    }
    if (owner == HAND)
        take_over(book, symbol, &fill);
    if (!is_in(book, from->ts_ns))
        return;
    count_fill(&book->row[0], from);
    count_fill(&book->row[owner], from);
}

/* --- out ------------------------------------------------------------------------------------------------------ */

static bool has_done_something(const struct results_book *book, size_t row)
{
    return row == 0 || book->row[row].fills > 0 || book->row[row].trades > 0 || book->held[row] > 0;
}

void results_book_end(struct results_book *book, enum results_period period, int64_t known_ns,
                      struct view_results *out)
{
    for (size_t i = 0; i < VIEW_RESULTS_OWNERS; i++)
        if (book->held[i] > 0) /* it is held still */
            book->row[i].market_ns += watched_ns(book, book->held_since_ns[i], book->to_ns);
    out->owners = 0;
    for (size_t i = 0; i < VIEW_RESULTS_OWNERS; i++)
        if (has_done_something(book, i))
            out->owner[out->owners++] = book->row[i];
    out->watched_ns = watched_ns(book, book->from_ns, book->to_ns);
    out->left_out = book->left_out;
    results_spread_bins(book->trip, book->trips, out);
    results_spread_hours(book->trip, book->trips, period, larger(book->from_ns, known_ns), book->to_ns, out);
}

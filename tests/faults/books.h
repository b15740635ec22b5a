/*
 * books.h - what a journal comes to, added up by a test with an arithmetic of its own: money, positions, ids, states. The
 * frames are read by the library, what they mean is reckoned here.
 */
#ifndef FAULTS_BOOKS_H
#define FAULTS_BOOKS_H

#include "store/journal_reader.h"
#include "store/record_codec.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BOOKS_ORDERS   65536
#define BOOKS_FILLS    65536
#define BOOKS_SESSIONS 256
#define BOOKS_NAMES    64

struct books_money { /* after so many fills of a session, of one instrument */
    int64_t lots, cash_e8, fees_e8, realised_e8;
};

struct books_states {
    bool has_trading, has_account;
    struct store_record trading, account, owner[BOOKS_NAMES], limit[BOOKS_NAMES], symbol[BOOKS_NAMES];
    size_t owners, limits, symbols;
};

struct books_session {
    uint64_t epoch, number;
    uint64_t commands, orders, fills;
    size_t first_fill; /* in money[]: before the first one of it */
    bool has_account;  /* told by this session */
    struct store_record first_account;
    bool ended;
};

struct books {
    size_t sessions;
    struct books_session session[BOOKS_SESSIONS];
    struct books_states now, before;      /* before: the newest session */
    uint32_t order_session[BOOKS_ORDERS]; /* of its first record; 0: none */
    bool order_open[BOOKS_ORDERS];
    uint64_t top_order;
    size_t fills;
    struct books_money money[BOOKS_FILLS + 1]; /* after each fill */
    int64_t open_lots;                         /* own reckoning of the realised money: average cost */
    long double open_cost, realised;
    uint64_t trade_id[BOOKS_FILLS];
    int64_t lot_e8;
    uint64_t frames;
    char forgets
        [OWNER_NAME_SIZE]; /* a strategy with a fill, whose memory of it has not come yet; of that input: */
    uint64_t fill_input;
    uint64_t strategy_fills, memories;
};

static inline void books_keep(struct store_record *list, size_t *count, const struct store_record *record,
                              bool by_owner)
{
    for (size_t i = 0; i < *count; i++) {
        bool same = record->kind == STORE_LIMIT ? strcmp(list[i].limit.option, record->limit.option) == 0
                    : by_owner                  ? strcmp(list[i].owner, record->owner) == 0
                                                : strcmp(list[i].symbol, record->symbol) == 0;

        if (same) {
            list[i] = *record;
            return;
        }
    }
    assert_true(*count < BOOKS_NAMES);
    list[(*count)++] = *record;
}

static inline void books_session(struct books *books, const struct store_record *record)
{
    struct books_session *session = &books->session[books->sessions];

    assert_true(books->sessions < BOOKS_SESSIONS);
    if (books->sessions > 0) { /* I3: an epoch is above all earlier ones */
        assert_true(record->session.epoch > session[-1].epoch);
        assert_true(record->session.session > session[-1].number);
    }
    *session = (struct books_session){
        .epoch = record->session.epoch, .number = record->session.session, .first_fill = books->fills};
    books->before = books->now;
    books->sessions++;
}

/* An id is given once, in one session, and above all earlier ones; later ones may only end what was left. */
static inline void books_order(struct books *books, const struct store_record *record)
{
    uint64_t seq = record->order.order.seq;
    bool open = order_is_open(&record->order.order);

    assert_true(seq > 0 && seq < BOOKS_ORDERS);
    if (books->order_session[seq] == 0) {
        if (seq <= books->top_order)
            fail_msg("order %" PRIu64 " comes after %" PRIu64, seq, books->top_order);
        books->top_order = seq;
        books->order_session[seq] = (uint32_t)books->sessions;
        books->session[books->sessions - 1].orders++;
    } else if (books->order_session[seq] != books->sessions && open) {
        fail_msg("order %" PRIu64 " of session %u is open again in session %zu", seq,
                 books->order_session[seq], books->sessions);
    }
    books->order_open[seq] = open;
}

/* Average cost, as everybody reckons it. */
static inline void books_reckon(struct books *books, int sign, const struct fill *fill)
{
    long double value = (long double)fill->value_e8, price = value / (long double)fill->qty_lots;
    int64_t left = fill->qty_lots;

    if (books->open_lots * sign < 0) {
        int64_t held = llabs(books->open_lots), closed = left < held ? left : held;
        long double cost = books->open_cost / (long double)held * (long double)closed;

        books->realised += -sign * (price * (long double)closed) - cost;
        books->open_cost -= cost;
        books->open_lots += sign * closed;
        left -= closed;
    }
    books->open_lots += sign * left;
    books->open_cost += sign * price * (long double)left;
}

static inline void books_fill(struct books *books, const struct store_record *record)
{
    const struct fill *fill = &record->fill.fill;
    struct books_money *money = &books->money[books->fills + 1];
    int sign = fill->side == SIDE_BID ? 1 : -1;

    assert_true(books->fills < BOOKS_FILLS);
    assert_true(books->order_session[fill->order_seq] == books->sessions); /* no fill without its order */
    *money = books->money[books->fills];
    money->lots += sign * fill->qty_lots;
    money->cash_e8 -= sign * fill->value_e8 + fill->fee_e8;
    money->fees_e8 += fill->fee_e8;
    money->realised_e8 += fill->realised_e8;
    books_reckon(books, sign, fill);
    books->trade_id[books->fills++] = fill->trade_id;
    books->session[books->sessions - 1].fills++;
    books->lot_e8 = record->fill.scale.lot_e8;
    if (llabs(money->realised_e8 - (int64_t)books->realised) > (int64_t)books->fills + 1)
        fail_msg("realised %" PRId64 ", by own reckoning %.0Lf", money->realised_e8, books->realised);
}

/* Item by item: what a strategy did and what it remembers of it are told by the same input. */
static inline void books_memory(struct books *books, const struct store_record *record)
{
    if (record->kind == STORE_SESSION)
        books->forgets[0] = '\0'; /* killed in between: its answer to the fill had not come to pass */
    if (books->forgets[0] != '\0' && record->input_seq != books->fill_input)
        fail_msg("%s had a fill, and nothing of what it remembers was told", books->forgets);
    books->memories += record->kind == STORE_MEMORY;
    if (record->kind == STORE_MEMORY && strcmp(record->owner, books->forgets) == 0)
        books->forgets[0] = '\0';
    if (record->kind != STORE_FILL || strcmp(record->owner, "manual") == 0)
        return;
    books->strategy_fills++;
    books->fill_input = record->input_seq;
    snprintf(books->forgets, sizeof(books->forgets), "%s", record->owner);
}

static inline void books_take(struct books *books, const struct store_record *record)
{
    struct books_session *session = books->sessions == 0 ? NULL : &books->session[books->sessions - 1];

    if (session == NULL && record->kind != STORE_SESSION)
        fail_msg("a record before the first session");
    books_memory(books, record);
    if (record->kind == STORE_SESSION) {
        books_session(books, record);
    } else if (record->kind == STORE_SESSION_END) {
        session->ended = true;
    } else if (record->kind == STORE_ORDER) {
        books_order(books, record);
    } else if (record->kind == STORE_FILL) {
        books_fill(books, record);
    } else if (record->kind == STORE_COMMAND) {
        session->commands += strcmp(record->command.source, "socket") == 0;
    } else if (record->kind == STORE_TRADING) {
        books->now.trading = *record;
        books->now.has_trading = true;
    } else if (record->kind == STORE_ACCOUNT) {
        if (!session->has_account)
            session->first_account = *record;
        session->has_account = books->now.has_account = true;
        books->now.account = *record;
    } else if (record->kind == STORE_OWNER) {
        books_keep(books->now.owner, &books->now.owners, record, true);
    } else if (record->kind == STORE_LIMIT) {
        books_keep(books->now.limit, &books->now.limits, record, false);
    } else if (record->kind == STORE_SYMBOL) {
        books_keep(books->now.symbol, &books->now.symbols, record, false);
    }
}

/* All that is durable in the journal of that account: from the first frame on. */
static inline void books_read(struct books *books, const char *data_dir, const char *account)
{
    char dir[256], why[512] = "";
    struct journal_reader *reader;
    struct journal_frame frame;
    enum err err;

    memset(books, 0, sizeof(*books));
    snprintf(dir, sizeof(dir), "%s/journal/%s", data_dir, account);
    err = journal_reader_open(dir, &(struct journal_point){0}, &reader, why, sizeof(why));
    if (err == ERR_NOT_FOUND || access(dir, F_OK) != 0)
        return; /* killed before it had one */
    if (err != ERR_OK)
        fail_msg("%s", why);
    while ((err = journal_reader_next(reader, &frame, why, sizeof(why))) == ERR_OK) {
        struct store_record record;

        if (!frame.sealed)
            break;
        if (record_decode(frame.head.kind, frame.body, frame.head.body_size, &record, why, sizeof(why)) !=
            ERR_OK)
            fail_msg("seq %" PRIu64 ": %s", frame.head.seq, why);
        record.ts_ns = frame.head.ts_ns;
        record.input_seq = frame.head.input_seq;
        books_take(books, &record);
        books->frames++;
    }
    if (err != ERR_OK && err != ERR_NOT_FOUND)
        fail_msg("%s", why);
    journal_reader_close(reader);
}

static inline int books_compare_ids(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;

    return (*left > *right) - (*left < *right);
}

static inline void books_check_trade_ids(struct books *books)
{
    qsort(books->trade_id, books->fills, sizeof(books->trade_id[0]), books_compare_ids);
    for (size_t i = 1; i < books->fills; i++)
        assert_true(books->trade_id[i] != books->trade_id[i - 1]);
}

#endif

/*
 * after.h - what must hold after a start that follows a crash: everything that was acknowledged is in the journal, money is
 * what its fills come to, no state has become laxer, nothing is open that nobody answers for; the database says the same.
 */
#ifndef FAULTS_AFTER_H
#define FAULTS_AFTER_H

#include "faults/desk.h"

#include "store/projection.h"
#include "store/store_journal.h"

struct after_sums {
    uint64_t kills, safe, in_start, orders, fills, commands, statuses, states, limits, owners, halts, ended,
        memories, strategy_fills, frames;
};

static struct books books; /* large */
static struct after_sums sums;

static inline int severity(const char *state)
{
    static const char *const words[] = {"ACTIVE", "PAUSED", "REDUCING", "HALTED", "KILLED"};

    for (int i = 0; i < 5; i++)
        if (strcmp(words[i], state) == 0)
            return i;
    fail_msg("no such state: %s", state);
    return -1;
}

/* --- what was said before ------------------------------------------------------------------------------------------------ */

static inline const struct books_session *session_of(uint64_t back)
{
    assert_true(books.sessions > back);
    return &books.session[books.sessions - 1 - back];
}

static inline void check_money(const struct books_session *session, int64_t fills, int64_t lots_e8,
                               int64_t cash_e8, int64_t realised_e8, const char *when)
{
    const struct books_money *money;

    if ((uint64_t)fills > session->fills)
        fail_msg("%s: %" PRId64 " fills were told, %" PRIu64 " are in the journal", when, fills,
                 session->fills);
    money = &books.money[session->first_fill + (size_t)fills];
    if (money->lots * books.lot_e8 != lots_e8 || INT64_C(10000) * 100000000 + money->cash_e8 != cash_e8 ||
        money->realised_e8 != realised_e8)
        fail_msg("%s: after %" PRId64 " fills position %" PRId64 " cash %" PRId64 " realised %" PRId64
                 " were told, its fills come to %" PRId64 " %" PRId64 " %" PRId64,
                 when, fills, lots_e8, cash_e8, realised_e8, money->lots * books.lot_e8,
                 INT64_C(10000) * 100000000 + money->cash_e8, money->realised_e8);
}

/* before: of the run that is gone, session `back` from the end. */
static inline void check_acknowledged(const struct desk *before, uint64_t back)
{
    const struct books_session *session = session_of(back);

    if (before->has_status)
        check_money(session, before->fills, before->lots, before->cash_e8, before->realised_e8, "before");
    if (before->orders > session->orders || before->top_order > books.top_order ||
        before->commands > session->commands)
        fail_msg("acknowledged: %" PRIu64 " orders, %" PRIu64 " commands; in the journal %" PRIu64
                 " and %" PRIu64,
                 before->orders, before->commands, session->orders, session->commands);
    for (size_t i = 0; i < before->order_count && i < 512; i++)
        assert_true(books.order_session[before->order[i]] == books.sessions - back);
    sums.orders += before->orders;
    sums.commands += before->commands;
    sums.fills += session->fills;
    sums.statuses += before->has_status;
}

static inline size_t sessions_in(const char *data_dir)
{
    books_read(&books, data_dir, DESK_ACCOUNT);
    return books.sessions;
}

/* --- what holds now ---------------------------------------------------------------------------------------------------------- */

static inline bool is_safe_mode(const json_t *status)
{
    return strstr(client_text(status, "state_why"), "SAFE MODE") != NULL ||
           strstr(client_text(status, "state_why"), "CRASH_LOOP") != NULL;
}

/* The very state it was in; a trip of the first prices may have made it stricter, a crash loop too. */
static inline void check_state(const json_t *status)
{
    const struct store_record *was = &books.before.trading;
    const char *now = client_text(status, "state"), *then;

    if (!books.before.has_trading)
        return;
    then = trading_state_word(was->trading.calendar_holds ? was->trading.beneath : was->trading.state);
    if (is_safe_mode(status))
        sums.safe++;
    if (severity(now) < severity(then))
        fail_msg("state %s (%s) was %s (%s)", now, client_text(status, "state_why"), then, was->trading.why);
    if (strcmp(client_text(status, "mode"), trading_mode_word(was->trading.mode)) != 0)
        fail_msg("mode %s was %s", client_text(status, "mode"), trading_mode_word(was->trading.mode));
    sums.states++;
}

static inline const json_t *named(const json_t *list, const char *key, const char *name)
{
    const json_t *at;
    size_t i;

    json_array_foreach(list, i, at)
    {
        if (strcmp(client_text(at, key), name) == 0)
            return at;
    }
    return NULL;
}

static inline void check_owners(const json_t *status)
{
    for (size_t i = 0; i < books.before.owners; i++) {
        const struct store_record *was = &books.before.owner[i];
        const json_t *now = named(json_object_get(status, "strategies"), "name", was->owner);

        if (now == NULL)
            continue; /* the trader's own hand */
        if ((was->owner_state.disabled && !json_is_true(json_object_get(now, "disabled"))) ||
            (was->owner_state.paused && !json_is_true(json_object_get(now, "paused"))) ||
            (!was->owner_state.on && json_is_true(json_object_get(now, "on"))))
            fail_msg("%s was on %d, paused %d, disabled %d", was->owner, was->owner_state.on,
                     was->owner_state.paused, was->owner_state.disabled);
        sums.owners++;
    }
}

static inline void check_symbols(const json_t *status)
{
    for (size_t i = 0; i < books.before.symbols; i++) {
        const struct store_record *was = &books.before.symbol[i];
        const json_t *now = named(json_object_get(status, "instruments"), "symbol", was->symbol);

        assert_non_null(now);
        if (was->symbol_state.halted_by != 0 && !json_is_true(json_object_get(now, "halted")))
            fail_msg("%s was halted", was->symbol);
        sums.halts += was->symbol_state.halted_by != 0;
    }
}

static inline double value_of_control(const json_t *controls, const char *option)
{
    const json_t *limit =
        json_object_get(named(json_object_get(controls, "controls"), "option", option), "limit");

    return json_is_string(limit) ? strtod(json_string_value(limit), NULL) : (double)json_integer_value(limit);
}

/* As it was last answered, or as it was last asked if the answer did not come; was nothing answered before, the first
 * one cannot be known. What it is now is what the next start must have. */
static inline void check_limits(const struct desk *before, struct desk *now)
{
    json_t *controls = client_try(now->fd, "{\"do\":\"controls\"}");

    assert_non_null(controls);
    for (size_t i = 0; i < DESK_LIMITS; i++) {
        double value = value_of_control(controls, desk_limit[i]);

        snprintf(now->limit[i], sizeof(now->limit[i]), "%.8f", value);
        if (before->limit[i][0] == '\0')
            continue;
        if (value != strtod(before->limit[i], NULL) &&
            (before->limit_asked[i][0] == '\0' || value != strtod(before->limit_asked[i], NULL)))
            fail_msg("%s is %f, was '%s', asked '%s'", desk_limit[i], value, before->limit[i],
                     before->limit_asked[i]);
        sums.limits++;
    }
    json_decref(controls);
}

/* R10: the day's baseline is the journal's; what is lost since, and the peak it fell from, are not forgotten. */
static inline void check_account(void)
{
    const struct store_record *was = &books.before.account, *now = &session_of(0)->first_account;

    if (!books.before.has_account || !session_of(0)->has_account)
        return;
    if (now->account.peak_e8 < was->account.peak_e8 ||
        now->account.max_drawdown_e8 < was->account.max_drawdown_e8 ||
        (now->account.day == was->account.day && now->account.day_start_e8 != was->account.day_start_e8) ||
        now->account.start_e8 != was->account.start_e8 || now->account.cash_e8 != was->account.cash_e8)
        fail_msg("account: peak %" PRId64 " was %" PRId64 ", drawdown %" PRId64 " was %" PRId64
                 ", day began with %" PRId64 " was %" PRId64,
                 now->account.peak_e8, was->account.peak_e8, now->account.max_drawdown_e8,
                 was->account.max_drawdown_e8, now->account.day_start_e8, was->account.day_start_e8);
}

/* What rested with the venue of a run that is gone has ended. */
static inline void check_orders_ended(const json_t *status, uint64_t top_before)
{
    const json_t *at;
    size_t i;

    for (uint64_t seq = 1; seq <= books.top_order; seq++) {
        if (books.order_session[seq] != 0 && books.order_session[seq] < books.sessions &&
            books.order_open[seq])
            fail_msg("order %" PRIu64 " of session %u is open for ever", seq, books.order_session[seq]);
        sums.ended += books.order_session[seq] + 1 == books.sessions;
    }
    json_array_foreach(json_object_get(status, "orders"), i, at)
    {
        if ((uint64_t)json_integer_value(json_object_get(at, "order")) <= top_before)
            fail_msg("an order of the run before is open");
    }
}

/* Until all that this status tells is durable. */
static inline void read_books_with(int64_t fills, size_t sessions)
{
    for (int i = 0; i < 400; i++) {
        books_read(&books, folder, DESK_ACCOUNT);
        if (books.sessions >= sessions && session_of(0)->has_account &&
            session_of(0)->fills >= (uint64_t)fills)
            return;
        usleep(10000);
    }
    fail_msg("the journal has %zu sessions, %" PRIu64 " fills in the last one; %" PRId64 " were told",
             books.sessions, session_of(0)->fills, fills);
}

/* The program runs again and is LIVE; before: what the run that is gone told, back: how many sessions ago it was. */
static inline void check_after(const struct desk *before, struct desk *now, size_t sessions, uint64_t back)
{
    json_t *status = client_status(now->fd);

    desk_take_status(now, status);
    read_books_with(now->fills, sessions);
    check_acknowledged(before, back);
    check_money(session_of(0), now->fills, now->lots, now->cash_e8, now->realised_e8, "after");
    check_orders_ended(status, before->top_order);
    check_state(status);
    check_owners(status);
    check_symbols(status);
    check_account();
    check_limits(before, now);
    json_decref(status);
}

/* --- the database -------------------------------------------------------------------------------------------------------- */

static inline int64_t count_of(sqlite3 *handle, const char *sql)
{
    sqlite3_stmt *statement;
    int64_t value;

    if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static inline void make_anew(const char *anew)
{
    struct store_journal_config config = {.data_dir = folder, .account = DESK_ACCOUNT};
    struct store_journal *journal;
    struct projection *projection;
    struct recovered left;
    struct db *db;
    char why[1300] = "";
    size_t rows = 1;

    if (store_journal_open(&config, &journal, &left, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    recovered_free(&left);
    if (db_open(anew, &db, why, sizeof(why)) != ERR_OK ||
        projection_new(db, DESK_ACCOUNT, journal, &projection, why, sizeof(why)) != ERR_OK)
        fail_msg("%s", why);
    while (rows > 0)
        if (projection_catch_up(projection, &rows, why, sizeof(why)) != ERR_OK)
            fail_msg("%s", why);
    projection_free(projection);
    db_close(db);
    store_journal_close(journal, true);
}

/* The program has ended in order. Returns the rows that were compared. */
static inline int64_t check_database(void)
{
    static const char *const tables[] = {"sessions",  "instruments", "orders", "fills",
                                         "positions", "equity",      "audit",  "stories"};
    char anew[128], sql[512];
    sqlite3 *handle;
    int64_t rows = 0;

    snprintf(anew, sizeof(anew), "%s", path_of("anew.db"));
    make_anew(anew);
    assert_int_equal(sqlite3_open_v2(path_of("flowdeck.db"), &handle, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    snprintf(sql, sizeof(sql), "ATTACH '%s' AS anew", anew);
    assert_int_equal(sqlite3_exec(handle, sql, NULL, NULL, NULL), SQLITE_OK);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        int64_t differ;

        snprintf(sql, sizeof(sql),
                 "SELECT (SELECT count(*) FROM (SELECT * FROM main.%s EXCEPT SELECT * FROM anew.%s)) +"
                 " (SELECT count(*) FROM (SELECT * FROM anew.%s EXCEPT SELECT * FROM main.%s))",
                 tables[i], tables[i], tables[i], tables[i]);
        differ = count_of(handle, sql);
        if (differ != 0)
            fail_msg("%s: %" PRId64 " rows differ from a projection made anew", tables[i], differ);
        snprintf(sql, sizeof(sql), "SELECT count(*) FROM main.%s", tables[i]);
        rows += count_of(handle, sql);
    }
    sqlite3_close(handle);
    unlink(anew);
    unlink(path_of("anew.db-lock"));
    return rows;
}

#endif

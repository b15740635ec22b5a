/*
 * test_matching_random.c - the matching engine against naive_book.h over long random histories: every field of
 * every event, every answer. And what must hold whatever the two agree on.
 */
#include "unit/cmocka_all.h"
#include "unit/naive_book.h"
#include "unit/test_random.h"

#include <stdio.h>

#define OPS         40000
#define EVENTS_MAX  20000 /* of one call */
#define FIELDS      64
#define PRICE_MAX   300000
#define CHECK_EVERY 97

struct told {
    size_t count;
    int64_t field[EVENTS_MAX][FIELDS];
};

static struct told told_real, told_naive;
static int64_t shadow[SIDE_COUNT][PRICE_MAX + 1]; /* the book as its LEVEL events tell it */
static uint64_t shadow_id;
static uint64_t seen_kind[MATCH_EVENT_LEVEL + 1], seen_reject[MATCH_AMEND_NOT_SMALLER + 1];

static size_t put_order(int64_t *out, const struct match_order *order)
{
    const struct match_request *r = &order->request;
    const int64_t all[] = {(int64_t)order->id,
                           r->account,
                           (int64_t)r->tag,
                           (int64_t)r->list_id,
                           r->side,
                           r->type,
                           r->tif,
                           r->stp,
                           r->price_ticks,
                           r->qty_lots,
                           r->quote_value,
                           r->stop_ticks,
                           r->trailing_bips,
                           r->iceberg_lots,
                           order->left_lots,
                           order->visible_lots,
                           order->filled_lots,
                           order->filled_value,
                           order->prevented_lots,
                           order->time_ns,
                           order->working_ns,
                           order->triggered};

    memcpy(out, all, sizeof(all));
    return sizeof(all) / sizeof(all[0]);
}

static void record(void *arg, const struct match_event *event)
{
    struct told *told = arg;
    int64_t *out = told->field[told->count];
    const int64_t all[] = {event->kind,
                           event->time_ns,
                           (int64_t)event->trade_id,
                           event->price_ticks,
                           event->qty_lots,
                           event->qty_before_lots,
                           event->side,
                           (int64_t)event->update_id,
                           event->by_stp,
                           event->order != NULL,
                           event->maker != NULL};
    size_t used = sizeof(all) / sizeof(all[0]);

    assert_true(told->count < EVENTS_MAX);
    memset(out, 0, sizeof(told->field[0]));
    memcpy(out, all, sizeof(all));
    if (event->order != NULL)
        used += put_order(&out[used], event->order);
    if (event->maker != NULL)
        used += put_order(&out[used], event->maker);
    assert_true(used <= FIELDS);
    told->count++;
}

/* Lots are neither made nor lost, and the levels told fit each other without a gap. */
static void assert_event_is_sound(void *arg, const struct match_event *event)
{
    (void)arg;
    seen_kind[event->kind]++;
    if (event->kind == MATCH_EVENT_LEVEL) {
        assert_true(event->update_id == ++shadow_id);
        assert_true(event->qty_before_lots == shadow[event->side][event->price_ticks]);
        assert_true(event->qty_lots != event->qty_before_lots && event->qty_lots >= 0);
        shadow[event->side][event->price_ticks] = event->qty_lots;
        return;
    }
    for (int i = 0; i < 2; i++) {
        const struct match_order *order = i == 0 ? event->order : event->maker;

        if (order == NULL || order->request.quote_value != 0)
            continue;
        assert_true(order->request.qty_lots == order->left_lots + order->filled_lots + order->prevented_lots);
        assert_true(order->visible_lots >= 0 && order->visible_lots <= order->left_lots);
        assert_true(order->request.iceberg_lots == 0 || order->visible_lots <= order->request.iceberg_lots);
    }
    if (event->kind == MATCH_EVENT_TRADE && event->order->request.quote_value != 0)
        assert_true(event->order->filled_value <= event->order->request.quote_value);
}

static void assert_told_the_same(uint64_t seed, int op)
{
    size_t count = told_real.count < told_naive.count ? told_real.count : told_naive.count;

    for (size_t i = 0; i < count; i++)
        for (size_t f = 0; f < FIELDS; f++)
            if (told_real.field[i][f] != told_naive.field[i][f])
                fail_msg("seed %llu, op %d, event %zu, field %zu: %lld, should be %lld (kinds %lld, %lld)",
                         (unsigned long long)seed, op, i, f, (long long)told_real.field[i][f],
                         (long long)told_naive.field[i][f], (long long)told_real.field[i][0],
                         (long long)told_naive.field[i][0]);
    if (told_real.count != told_naive.count)
        fail_msg("seed %llu, op %d: %zu events, should be %zu", (unsigned long long)seed, op, told_real.count,
                 told_naive.count);
    told_real.count = told_naive.count = 0;
}

/* --- everything that can be asked --------------------------------------------------------------------------- */

static bool naive_best(struct naive_book *naive, enum side side, int64_t *price, int64_t *qty)
{
    const struct naive_order *best = naive_maker(naive, side_other(side), side == SIDE_ASK ? INT64_MAX : 0);

    if (best == NULL)
        return false;
    *price = best->o.request.price_ticks;
    *qty = naive_visible(naive, side, *price);
    return true;
}

static void assert_same_touch(struct match_book *book, struct naive_book *naive)
{
    int64_t price[SIDE_COUNT] = {0}, qty[SIDE_COUNT] = {0};
    bool there[SIDE_COUNT];

    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        int64_t naive_price = 0, naive_qty = 0;

        there[side] = match_best(book, side, &price[side], &qty[side]);
        assert_true(there[side] == naive_best(naive, side, &naive_price, &naive_qty));
        assert_true(price[side] == naive_price && qty[side] == naive_qty);
        assert_true(!there[side] || qty[side] > 0);
    }
    assert_true(!there[0] || !there[1] || price[SIDE_BID] < price[SIDE_ASK]);
    assert_true(match_last_ticks(book) == naive->last);
    assert_true(match_update_id(book) == naive->update_id);
    assert_int_equal(match_order_count(book), naive->live);
}

/* Orders at one price in the order of their turn: ids, sums, what stands before each. */
static void assert_same_queue(struct match_book *book, struct naive_book *naive, enum side side,
                              int64_t price)
{
    uint64_t ids[NAIVE_MAX], first[1] = {0}, done = 0;
    size_t count = match_orders_at(book, side, price, ids, NAIVE_MAX), seen = 0;
    int64_t ahead = 0, visible = 0;

    assert_int_equal(match_orders_at(book, side, price, first, 1), count);
    for (; seen < NAIVE_MAX; seen++) {
        const struct naive_order *next = NULL;

        for (size_t i = 0; i < NAIVE_MAX; i++) {
            const struct naive_order *o = &naive->order[i];

            if (o->live && o->place == NAIVE_RESTS && o->o.request.side == side &&
                o->o.request.price_ticks == price && o->rank > done && (next == NULL || o->rank < next->rank))
                next = o;
        }
        if (next == NULL)
            break;
        done = next->rank;
        assert_true(seen < count && ids[seen] == next->o.id && (seen != 0 || first[0] == ids[0]));
        assert_true(match_queue_ahead(book, ids[seen]) == ahead);
        ahead += next->o.left_lots;
        visible += next->o.visible_lots;
    }
    assert_int_equal(seen, count);
    assert_true(match_qty_at(book, side, price) == visible && shadow[side][price] == visible);
}

/* The levels of a side from best to worst, with a walk through them; returns how many there are. */
static size_t assert_same_side(struct match_book *book, struct naive_book *naive, enum side side)
{
    int64_t price = 0, qty = 0, behind = side == SIDE_BID ? PRICE_MAX + 1 : -1, value = 0, lots = 0, got = 0;
    size_t levels = 0;

    while (match_next(book, side, behind, &price, &qty)) {
        assert_true(levels == 0 || (side == SIDE_BID ? price < behind : price > behind));
        assert_true(qty > 0);
        assert_same_queue(book, naive, side, price);
        behind = price;
        levels++;
        for (size_t i = 0; i < NAIVE_MAX; i++) {
            const struct naive_order *o = &naive->order[i];

            if (o->live && o->place == NAIVE_RESTS && o->o.request.side == side &&
                o->o.request.price_ticks == price) {
                value += o->o.left_lots * price;
                lots += o->o.left_lots;
            }
        }
        assert_true(match_walk_value(book, side_other(side), lots, &got) == value && got == lots);
    }
    if (levels != 0) {
        assert_true(match_walk_value(book, side_other(side), lots + 1, &got) == value && got == lots);
        assert_true(match_walk_value(book, side_other(side), lots - 1, &got) == value - price &&
                    got == lots - 1);
    }
    return levels;
}

static void assert_same_book(struct match_book *book, struct naive_book *naive)
{
    size_t levels[SIDE_COUNT] = {0}, should[SIDE_COUNT] = {0};

    for (enum side side = SIDE_BID; side <= SIDE_ASK; side++) {
        levels[side] = assert_same_side(book, naive, side);
        for (int64_t price = 0; price <= PRICE_MAX; price++)
            should[side] += shadow[side][price] != 0;
        assert_int_equal(levels[side], should[side]);
    }
    for (size_t i = 0; i < NAIVE_MAX; i++) {
        const struct naive_order *o = &naive->order[i];
        struct match_order found;
        int64_t a[FIELDS] = {0}, b[FIELDS] = {0};

        if (o->o.id == 0)
            continue;
        assert_true(match_find(book, o->o.id, &found) == o->live);
        if (o->live) {
            (void)put_order(a, &o->o);
            (void)put_order(b, &found);
            assert_memory_equal(a, b, sizeof(a));
        }
        if (!o->live || o->place != NAIVE_RESTS)
            assert_true(match_queue_ahead(book, o->o.id) == -1);
    }
}

/* --- random people ------------------------------------------------------------------------------------------ */

struct people {
    uint64_t random;
    int64_t center;
    bool patient;    /* most limit orders wait behind the touch: the book fills up */
    uint64_t newest; /* order id */
};

static bool chance(struct people *people, int percent)
{
    return random_between(&people->random, 1, 100) <= percent;
}

static int64_t any_price(struct people *people)
{
    int64_t far = chance(people, 4) ? random_between(&people->random, 1, PRICE_MAX) - people->center
                                    : random_between(&people->random, -9, 9);
    int64_t price = people->center + far;

    return price < 1 ? 1 : price > PRICE_MAX ? PRICE_MAX : price;
}

static struct match_request any_request(struct people *people)
{
    static const enum match_type types[] = {MATCH_LIMIT,
                                            MATCH_LIMIT,
                                            MATCH_LIMIT,
                                            MATCH_LIMIT,
                                            MATCH_LIMIT,
                                            MATCH_MARKET,
                                            MATCH_LIMIT_MAKER,
                                            MATCH_STOP_LOSS,
                                            MATCH_STOP_LOSS_LIMIT,
                                            MATCH_TAKE_PROFIT,
                                            MATCH_TAKE_PROFIT_LIMIT};
    uint64_t *random = &people->random;
    struct match_request r = {.account = (uint32_t)random_between(random, 1, 4), .tag = random_next(random)};

    r.type = types[random_between(random, 0, sizeof(types) / sizeof(types[0]) - 1)];
    r.side = (enum side)random_between(random, 0, 1);
    r.tif = chance(people, 70) ? MATCH_GTC : (enum match_tif)random_between(random, 0, 2);
    r.stp = chance(people, 30) ? MATCH_STP_NONE : (enum match_stp)random_between(random, 0, 4);
    r.qty_lots = chance(people, 90) ? random_between(random, 1, 20) : random_between(random, 1, 200);
    if (naive_limit_kind(r.type))
        r.price_ticks = any_price(people);
    if (r.type == MATCH_LIMIT && people->patient && chance(people, 80))
        r.price_ticks = people->center - side_sign(r.side) * random_between(random, 1, 40);
    if (naive_limit_kind(r.type) && chance(people, 25)) {
        r.iceberg_lots = random_between(random, 1, r.qty_lots);
        r.tif = MATCH_GTC;
    }
    if (r.type == MATCH_MARKET && chance(people, 50)) {
        r.quote_value = random_between(random, 1, 60 * people->center);
        r.qty_lots = 0;
    }
    if (naive_stop_kind(r.type)) {
        if (chance(people, 70))
            r.stop_ticks = any_price(people);
        if (r.stop_ticks == 0 || chance(people, 30))
            r.trailing_bips = random_between(random, 1, 60);
    }
    if (chance(people, 15))
        r.list_id = 1 + people->newest / 8 + (uint64_t)random_between(random, 0, 3);
    if (r.list_id != 0 && chance(people, 80)) { /* so that lists fit together */
        r.side = (enum side)(r.list_id & 1);
        r.account = 1 + (uint32_t)(r.list_id % 4);
    }
    if (chance(people, 1)) /* nonsense */
        (chance(people, 50) ? (void)(r.qty_lots = -r.qty_lots) : (void)(r.price_ticks ^= PRICE_MAX * 2));
    return r;
}

static void assert_same_answer(enum match_reject real, enum match_reject naive)
{
    assert_int_equal(real, naive);
    seen_reject[real]++;
}

/* Now and then everybody leaves, so that a full pool does not stay full. */
static void one_call(struct match_book *book, struct naive_book *naive, struct people *people, int64_t now)
{
    uint64_t id = people->newest - (uint64_t)random_between(&people->random, 0, 600), a = 0, b = 0;
    int64_t qty = random_between(&people->random, 0, 18), dice = random_between(&people->random, 1, 1000);

    if (chance(people, 60)) { /* most calls name an order that lives */
        size_t i = (size_t)random_between(&people->random, 0, NAIVE_MAX - 1);

        id = naive->order[i].live ? naive->order[i].o.id : id;
    }
    if (dice <= (people->patient ? 850 : 700)) {
        struct match_request request = any_request(people);

        assert_same_answer(match_submit(book, now, &request, &a), naive_submit(naive, now, &request, &b));
        assert_true(a == b);
        people->newest = a != 0 ? a : people->newest;
    } else if (dice <= 900) {
        assert_same_answer(match_cancel(book, now, id), naive_kill(naive, now, id, MATCH_EVENT_CANCELED));
    } else if (dice <= 970) {
        assert_same_answer(match_amend(book, now, id, qty), naive_amend(naive, now, id, qty));
    } else if (dice <= 995) {
        assert_same_answer(match_expire(book, now, id), naive_kill(naive, now, id, MATCH_EVENT_EXPIRED));
    } else {
        naive->status = naive->status != MATCH_TRADING ? MATCH_TRADING : (enum match_status)(dice % 3);
        match_set_status(book, naive->status);
        assert_int_equal(match_get_status(book), naive->status);
    }
    if (naive->status != MATCH_TRADING && chance(people, 10)) {
        naive->status = MATCH_TRADING;
        match_set_status(book, MATCH_TRADING);
    }
    if (naive->live > NAIVE_MAX - 2 && chance(people, 10)) {
        for (size_t i = 0; i < NAIVE_MAX; i++) {
            if (!naive->order[i].live || chance(people, 20))
                continue;
            id = naive->order[i].o.id;
            assert_same_answer(match_cancel(book, now, id), naive_kill(naive, now, id, MATCH_EVENT_CANCELED));
        }
    }
}

static void compare_history(uint64_t seed)
{
    static const struct match_book_config config = {.price_ticks_max = PRICE_MAX,
                                                    .first_update_id = 1000,
                                                    .first_order_id = 5000,
                                                    .orders_max = NAIVE_MAX};
    struct match_book *book = match_book_new(&config);
    struct naive_book *naive = calloc(1, sizeof(*naive));
    struct people people = {.random = seed, .center = 20000, .newest = 5000};

    assert_non_null(book);
    assert_non_null(naive);
    memset(shadow, 0, sizeof(shadow));
    shadow_id = 999;
    naive->price_max = PRICE_MAX;
    naive->order_id = 4999;
    naive->update_id = 999;
    naive->on_event = record;
    naive->arg = &told_naive;
    told_real.count = told_naive.count = 0;
    assert_true(match_listen(book, record, &told_real) && match_listen(book, assert_event_is_sound, NULL));
    for (int op = 0; op < OPS; op++) {
        people.patient = op / 4000 % 2 == 1;
        if (op % 50 == 0)
            people.center += random_between(&people.random, -40, 40);
        one_call(book, naive, &people, 1000 + op);
        assert_told_the_same(seed, op);
        assert_same_touch(book, naive);
        if (op % CHECK_EVERY == 0)
            assert_same_book(book, naive);
    }
    assert_same_book(book, naive);
    free(naive);
    match_book_free(book);
}

static void test_random_histories(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++)
        compare_history(seed);
    /* A history in which something never happens proves nothing of it. */
    for (size_t i = 0; i < sizeof(seen_kind) / sizeof(seen_kind[0]); i++)
        assert_true(seen_kind[i] > 1000);
    for (size_t i = 0; i < sizeof(seen_reject) / sizeof(seen_reject[0]); i++)
        assert_true(seen_reject[i] > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random_histories)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}

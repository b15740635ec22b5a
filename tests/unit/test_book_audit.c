/* A fresh snapshot against the book: what may be compared, and what may not. */
#include "unit/cmocka_all.h"

#include "app/book_audit.h"
#include "unit/test_random.h"

#include <stdlib.h>
#include <string.h>

struct rig {
    struct book_audit *audit;
    struct order_book *book;
    uint64_t id;
    struct audit_difference differs;
};

static const struct level bids[] = {{100, 5}, {99, 4}, {97, 3}, {90, 1}};
static const struct level asks[] = {{101, 6}, {103, 7}, {110, 2}};

static struct depth_snapshot snapshot_of(uint64_t id, const struct level *bid, size_t bid_count)
{
    return (struct depth_snapshot){.last_id = id, .levels = {bid, asks}, .level_count = {bid_count, 3}};
}

/* The book at id 10, horizon 90 to 110. */
static struct rig rig_of(void)
{
    struct depth_snapshot snapshot = snapshot_of(10, bids, 4);
    struct rig rig = {.audit = book_audit_new(), .book = order_book_new(), .id = 10};

    assert_non_null(rig.audit);
    assert_int_equal(order_book_load(rig.book, &snapshot), ERR_OK);
    book_audit_loaded(rig.audit, 10);
    return rig;
}

static void end(struct rig *rig)
{
    book_audit_free(rig->audit);
    order_book_free(rig->book);
}

/* One bid level changes, in an update of `span` ids. */
static void update(struct rig *rig, uint64_t span, int64_t price, int64_t lots)
{
    struct level level = {price, lots};
    struct depth_update made = {.first_id = rig->id + 1,
                                .last_id = rig->id + span,
                                .levels = {&level, &level},
                                .level_count = {1, 0}};

    rig->id += span;
    assert_int_equal(order_book_apply(rig->book, &made), ERR_OK);
    book_audit_applied(rig->audit, &made);
}

static enum audit_result decide(struct rig *rig)
{
    return book_audit_decide(rig->audit, rig->book, rig->id, 90, 110, &rig->differs);
}

static enum audit_result audit(struct rig *rig, const struct depth_snapshot *snapshot)
{
    assert_int_equal(book_audit_take(rig->audit, snapshot), AUDIT_WAITS);
    return decide(rig);
}

static void test_equal_ids(void **state)
{
    static const struct level wrong[] = {{100, 5}, {99, 4}, {97, 2}, {90, 1}};
    static const struct level missing[] = {{100, 5}, {97, 3}, {90, 1}};
    static const struct level more[] = {{100, 5}, {99, 4}, {98, 9}, {97, 3}, {90, 1}};
    struct depth_snapshot same = snapshot_of(10, bids, 4), a = snapshot_of(10, wrong, 4),
                          b = snapshot_of(10, missing, 3), c = snapshot_of(10, more, 5);
    struct rig rig = rig_of();

    (void)state;
    assert_int_equal(audit(&rig, &same), AUDIT_AGREES);
    assert_int_equal(decide(&rig), AUDIT_WAITS); /* once */
    assert_int_equal(audit(&rig, &a), AUDIT_DIFFERS);
    assert_int_equal(rig.differs.side, SIDE_BID);
    assert_int_equal(rig.differs.price_ticks, 97);
    assert_int_equal(rig.differs.book_lots, 3);
    assert_int_equal(rig.differs.venue_lots, 2);
    assert_int_equal(audit(&rig, &b), AUDIT_DIFFERS); /* a ghost in the book */
    assert_int_equal(rig.differs.price_ticks, 99);
    assert_int_equal(rig.differs.venue_lots, 0);
    assert_int_equal(audit(&rig, &c), AUDIT_DIFFERS); /* a level that the book lost */
    assert_int_equal(rig.differs.price_ticks, 98);
    assert_int_equal(rig.differs.book_lots, 0);
    assert_int_equal(rig.differs.venue_lots, 9);
    end(&rig);
}

/* The snapshot is of id 12 and the book stands at 14: what changed since says nothing. */
static void test_book_has_gone_on(void **state)
{
    static const struct level then[] = {{100, 5}, {99, 8}, {97, 3}, {90, 1}};
    static const struct level wrong[] = {{100, 5}, {99, 7}, {97, 3}, {90, 1}};
    struct depth_snapshot right = snapshot_of(12, then, 4), bad = snapshot_of(12, wrong, 4);
    struct rig rig = rig_of();

    (void)state;
    update(&rig, 2, 99, 8);
    update(&rig, 1, 97, 33);
    update(&rig, 1, 90, 0);
    assert_int_equal(audit(&rig, &right), AUDIT_AGREES);
    assert_int_equal(audit(&rig, &bad), AUDIT_DIFFERS);
    assert_int_equal(rig.differs.price_ticks, 99);
    end(&rig);
}

/* A snapshot ahead waits; the update that straddles its id may be in it or not. */
static void test_book_comes_after(void **state)
{
    static const struct level with[] = {{100, 5}, {99, 8}, {97, 3}, {90, 1}};
    struct depth_snapshot before = snapshot_of(12, bids, 4), in_it = snapshot_of(12, with, 4);

    (void)state;
    for (int contained = 0; contained < 2; contained++) {
        struct rig rig = rig_of();

        assert_int_equal(audit(&rig, contained ? &in_it : &before), AUDIT_WAITS);
        update(&rig, 3, 99, 8); /* 11 to 13 */
        assert_int_equal(decide(&rig), AUDIT_AGREES);
        end(&rig);
    }
}

/* A price ran away: what either does not know is not compared. */
static void test_nothing_beyond_a_horizon_is_compared(void **state)
{
    static const struct level deep[] = {{100, 5}, {99, 4}, {97, 3}, {90, 1}, {89, 70}};
    static const struct level shallow[] = {{100, 5}, {99, 4}};
    struct depth_snapshot further = snapshot_of(10, deep, 5), nearer = snapshot_of(10, shallow, 2);
    struct rig rig = rig_of();

    (void)state;
    assert_int_equal(audit(&rig, &further), AUDIT_AGREES);
    assert_int_equal(audit(&rig, &nearer), AUDIT_AGREES);
    end(&rig);
}

static void test_what_cannot_be_known_is_undecided(void **state)
{
    struct depth_snapshot old = snapshot_of(9, bids, 4), at_10 = snapshot_of(10, bids, 4),
                          ahead = snapshot_of(500, bids, 4);
    static struct level many[BOOK_AUDIT_LEVELS_MAX + 1];
    struct depth_update large = {.levels = {many, many}, .level_count = {BOOK_AUDIT_LEVELS_MAX + 1, 0}};
    struct rig rig = rig_of();

    (void)state;
    assert_int_equal(audit(&rig, &old), AUDIT_UNDECIDED); /* before the book began */
    for (int i = 0; i < BOOK_AUDIT_UPDATES_MAX + 1; i++)
        update(&rig, 1, 99, 4);
    assert_int_equal(audit(&rig, &at_10), AUDIT_UNDECIDED); /* the first update behind it fell out */
    at_10.last_id = 11;
    assert_int_equal(audit(&rig, &at_10), AUDIT_UNDECIDED);
    at_10.last_id = 12;
    assert_int_equal(audit(&rig, &at_10), AUDIT_AGREES);
    large.first_id = large.last_id = ++rig.id; /* too large to keep */
    for (size_t i = 0; i < BOOK_AUDIT_LEVELS_MAX + 1; i++)
        many[i] = (struct level){50, 0};
    book_audit_applied(rig.audit, &large);
    at_10.last_id = rig.id - 1;
    assert_int_equal(audit(&rig, &at_10), AUDIT_UNDECIDED);
    at_10.last_id = rig.id;
    assert_int_equal(audit(&rig, &at_10), AUDIT_AGREES);
    assert_int_equal(audit(&rig, &ahead), AUDIT_WAITS);
    assert_int_equal(book_audit_take(rig.audit, &ahead), AUDIT_UNDECIDED); /* the first was given up */
    assert_int_equal(book_audit_lost(rig.audit), AUDIT_UNDECIDED);
    assert_int_equal(book_audit_lost(rig.audit), AUDIT_WAITS);
    end(&rig);
}

/* Random updates: a snapshot of any moment agrees, and one with a single untouched level changed never does. */
static void test_random_books_agree_and_one_wrong_level_is_found(void **state)
{
    enum { PRICES = 40, UPDATES = 30 };
    uint64_t random = 20261121;

    (void)state;
    for (int round = 0; round < 300; round++) {
        struct rig rig = rig_of();
        int64_t lots[PRICES] = {0}, then[PRICES];
        struct level level[PRICES];
        struct depth_snapshot snapshot;
        bool touched[PRICES] = {false};
        uint64_t at = 0;
        int64_t wrong;

        for (size_t i = 0; i < 4; i++)
            lots[bids[i].price_ticks - 80] = bids[i].qty_lots;
        memcpy(then, lots, sizeof(then));
        at = rig.id;
        for (int i = 0; i < UPDATES; i++) {
            int64_t price = random_between(&random, 90, 100);
            int64_t quantity = random_between(&random, 0, 3);

            update(&rig, (uint64_t)random_between(&random, 1, 3), price, quantity);
            lots[price - 80] = quantity;
            touched[price - 80] = true;
            if (random_between(&random, 0, 5) == 0) {
                memcpy(then, lots, sizeof(then));
                memset(touched, 0, sizeof(touched));
                at = rig.id;
            }
        }
        for (int make = 0; make < 2; make++) {
            size_t count = 0;

            wrong = random_between(&random, 90, 100);
            if (make == 1)
                then[wrong - 80] += 1;
            for (int i = 0; i < PRICES; i++)
                if (then[i] > 0)
                    level[count++] = (struct level){80 + i, then[i]};
            if (count == 0 || level[0].price_ticks > 90)
                level[count++] = (struct level){85, 1}; /* the horizon of the snapshot is no nearer */
            snapshot = snapshot_of(at, level, count);
            assert_int_equal(audit(&rig, &snapshot),
                             make == 0 || touched[wrong - 80] ? AUDIT_AGREES : AUDIT_DIFFERS);
        }
        assert_true(rig.differs.price_ticks == 0 || rig.differs.price_ticks == wrong);
        end(&rig);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal_ids),
        cmocka_unit_test(test_book_has_gone_on),
        cmocka_unit_test(test_book_comes_after),
        cmocka_unit_test(test_nothing_beyond_a_horizon_is_compared),
        cmocka_unit_test(test_what_cannot_be_known_is_undecided),
        cmocka_unit_test(test_random_books_agree_and_one_wrong_level_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

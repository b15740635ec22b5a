/*
 * test_paper_queue.c - places in the queue by each model, against hftbacktest's formulas and rules.
 *
 * Its documentation shows curves and rules, no tables. Figures marked "queue.rs" were worked out by hand from the
 * formulas of its ProbQueueModel; the worked example is of its page "Queue Position".
 */
#include "cmocka_all.h"
#include "exec/paper_queue.h"

#include <math.h>

#define Q32 ((__int128)1 << 32)

static const struct paper_queue_params cube = {0};
static const struct paper_queue_params square = {.power_x1000 = 2000};

static double behind(enum queue_model model, const struct paper_queue_params *params, int64_t lot_e8,
                     int64_t front, int64_t back)
{
    return (double)paper_queue_behind_q32(model, params, lot_e8, front * Q32, back * Q32) / 0x1p32;
}

static double ahead(const struct paper_queue *queue, enum queue_model model)
{
    return (double)(int64_t)queue->place[model].ahead_q32 / 0x1p32;
}

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-8)

/* f(back) / (f(back) + f(front)) with 30 ahead and 10 behind. */
static void test_probabilities_are_those_of_queue_rs(void **state)
{
    (void)state;
    assert_near(behind(QUEUE_PROPORTIONAL, &cube, 1, 30, 10), 0.25);
    assert_near(behind(QUEUE_POWER, &square, 1, 30, 10), 0.1);             /* 100 / (100 + 900) */
    assert_near(behind(QUEUE_POWER, &cube, 1, 30, 10), 1.0 / 28);          /* 1000 / 28000 */
    assert_near(behind(QUEUE_LOG, &cube, 100000000, 30, 10), 0.411170027); /* ln 11 / (ln 11 + ln 31) */
    assert_near(behind(QUEUE_LOG, &cube, 10000000, 30, 10), 0.333333333);  /* ln 2 / (ln 2 + ln 4): units */
    assert_near(behind(QUEUE_RISK_AVERSE, &cube, 1, 30, 10), 1);
}

/* "The probability at 0 should be 0 ... at 1 should be 1" of a decrease before us. */
static void test_ends_of_the_queue(void **state)
{
    (void)state;
    for (int m = QUEUE_PROPORTIONAL; m < QUEUE_MODELS; m++) {
        assert_near(behind((enum queue_model)m, &cube, 100000, 0, 10), 1);
        assert_near(behind((enum queue_model)m, &cube, 100000, 10, 0), 0);
        assert_near(behind((enum queue_model)m, &cube, 100000, 7, 7), 0.5);
        assert_near(behind((enum queue_model)m, &cube, 100000, 0, 0), 1);
        for (int64_t back = 1; back < 60; back++) /* the more behind, the likelier behind */
            assert_true(behind((enum queue_model)m, &cube, 100000, 30, back) <
                        behind((enum queue_model)m, &cube, 100000, 30, back + 1));
    }
    /* A power makes the ends surer than proportion does; the logarithm of large sizes less sure. */
    assert_true(behind(QUEUE_POWER, &cube, 1, 30, 10) < behind(QUEUE_PROPORTIONAL, &cube, 1, 30, 10));
    assert_true(behind(QUEUE_LOG, &cube, 100000000, 30, 10) > behind(QUEUE_PROPORTIONAL, &cube, 1, 30, 10));
}

/* front - (1 - p) chg + min(back - p chg, 0), then at most what the level shows; queue.rs. */
static void test_a_cancel_moves_each_place(void **state)
{
    struct paper_queue queue = {0};

    (void)state;
    paper_queue_join(&queue, 30, 5, 0);
    assert_int_equal(paper_queue_level(&queue, &square, 100000000, 1, 40), 0); /* 10 join behind */
    assert_int_equal(paper_queue_level(&queue, &square, 100000000, 1, 32), 8);
    assert_near(ahead(&queue, QUEUE_RISK_AVERSE), 30);
    assert_near(ahead(&queue, QUEUE_PROPORTIONAL), 24);  /* 30 - 0.75 x 8 */
    assert_near(ahead(&queue, QUEUE_POWER), 22.8);       /* 30 - 0.9 x 8 */
    assert_near(ahead(&queue, QUEUE_LOG), 25.289360212); /* 30 - 0.588829973 x 8 */
    paper_queue_level(&queue, &square, 100000000, 1, 2); /* nobody else can be ahead */
    assert_near(ahead(&queue, QUEUE_RISK_AVERSE), 2);
    for (int m = 0; m < QUEUE_MODELS; m++)
        assert_true(ahead(&queue, (enum queue_model)m) >= 0 && ahead(&queue, (enum queue_model)m) <= 2);
}

/* More falls than p leaves behind: p chg of 20 x 0.5 is more than the 2 that stand there. */
static void test_cancels_behind_are_at_most_what_stands_there(void **state)
{
    struct paper_queue queue = {0};

    (void)state;
    paper_queue_join(&queue, 30, 5, 0);
    paper_queue_level(&queue, &cube, 100000000, 1, 32);
    paper_queue_level(&queue, &cube, 100000000, 1, 12);
    /* ln: p = ln 3 / (ln 3 + ln 31) = 0.242394; p chg = 4.84788 > 2: ahead = 30 - 15.15212 - 2.84788 = 12 */
    assert_near(ahead(&queue, QUEUE_LOG), 12);
}

/* hftbacktest, "Queue Position": 25 contracts ahead and an order of 5; a trade of 30 fills it whole. */
static void test_worked_example_of_the_documentation(void **state)
{
    struct paper_queue queue = {0};

    (void)state;
    paper_queue_join(&queue, 25, 5, 0);
    paper_queue_level(&queue, &cube, 100000000, 1, 75);
    for (int m = 0; m < QUEUE_MODELS; m++) {
        assert_int_equal(paper_queue_reached(&queue, (enum queue_model)m, 25), 0);
        assert_int_equal(paper_queue_reached(&queue, (enum queue_model)m, 27), 2);
        assert_int_equal(paper_queue_reached(&queue, (enum queue_model)m, 30), 5);
        assert_int_equal(paper_queue_reached(&queue, (enum queue_model)m, 70), 5);
    }
}

/* "To avoid double counting ... trade quantities ... will be subtracted from the book quantity changes." */
static void test_trades_are_no_cancels(void **state)
{
    struct paper_queue queue = {0};

    (void)state;
    paper_queue_join(&queue, 30, 5, 0);
    paper_queue_level(&queue, &cube, 100000000, 1, 60);
    paper_queue_traded(&queue, 12, 0);
    assert_int_equal(paper_queue_level(&queue, &cube, 100000000, 1, 48), 0);
    for (int m = 0; m < QUEUE_MODELS; m++)
        assert_near(ahead(&queue, (enum queue_model)m), 18);
    paper_queue_traded(&queue, 6, 0);
    assert_int_equal(paper_queue_level(&queue, &cube, 100000000, 1, 32), 10); /* 6 traded, 10 cancelled */
    assert_near(ahead(&queue, QUEUE_RISK_AVERSE), 12);
    assert_near(ahead(&queue, QUEUE_PROPORTIONAL), 12.0 * 32 / 42);
}

/* The level shows a trade before the tape does: the places end up as if the trade had come first. */
static void test_a_late_trade_was_no_cancel(void **state)
{
    static const struct paper_queue_params late = {.late_trade_ns = 100};
    struct paper_queue first = {0}, queue = {0};

    (void)state;
    paper_queue_join(&first, 10, 5, 0);
    paper_queue_join(&queue, 10, 5, 0);
    paper_queue_level(&first, &late, 1, 1000, 30);
    paper_queue_level(&queue, &late, 1, 1000, 30);
    paper_queue_traded(&first, 8, paper_queue_recall(&first, &late, 1010, 8));
    assert_int_equal(paper_queue_level(&first, &late, 1, 1010, 22), 0);
    assert_int_equal(paper_queue_level(&queue, &late, 1, 1010, 22), 8);
    assert_true(ahead(&queue, QUEUE_PROPORTIONAL) > 7);
    assert_int_equal(paper_queue_recall(&queue, &late, 1080, 8), 8);
    paper_queue_traded(&queue, 8, 8);
    for (int m = 0; m < QUEUE_MODELS; m++)
        assert_near(ahead(&queue, (enum queue_model)m), ahead(&first, (enum queue_model)m));
    assert_int_equal(queue.unseen_lots, 0);
    assert_int_equal(paper_queue_level(&queue, &late, 1, 1090, 20), 2); /* a cancel */
    assert_int_equal(paper_queue_recall(&queue, &late, 1400, 2), 0); /* a trade much later is another thing */
}

/* A fraction of a lot ahead of us must trade before we do; no fill comes of a cancel. */
static void test_fractions_wait(void **state)
{
    struct paper_queue queue = {0};

    (void)state;
    paper_queue_join(&queue, 3, 5, 0);
    paper_queue_level(&queue, &cube, 100000000, 1, 8);
    paper_queue_level(&queue, &cube, 100000000, 1, 4); /* 1.5 ahead by proportion */
    assert_int_equal(paper_queue_ahead(&queue, QUEUE_PROPORTIONAL), 2);
    assert_int_equal(paper_queue_reached(&queue, QUEUE_PROPORTIONAL, 2), 0);
    assert_int_equal(paper_queue_reached(&queue, QUEUE_PROPORTIONAL, 3), 1);
    paper_queue_level(&queue, &cube, 100000000, 1, 0);
    assert_int_equal(paper_queue_reached(&queue, QUEUE_PROPORTIONAL, 0), 0);
    assert_int_equal(paper_queue_reached(&queue, QUEUE_PROPORTIONAL, 1), 1);
}

/* Sizes at the edge of the integers neither overflow nor turn. */
static void test_huge_sizes(void **state)
{
    struct paper_queue queue = {0};
    struct step_change finer = {.price_factor = 1, .qty_factor = 1000};
    int64_t huge = INT64_MAX / 2;

    (void)state;
    paper_queue_join(&queue, huge, huge, 0);
    paper_queue_level(&queue, &cube, 1, 1, INT64_MAX);
    paper_queue_level(&queue, &cube, 1, 1, huge);
    for (int m = 0; m < QUEUE_MODELS; m++)
        assert_true(queue.place[m].ahead_q32 >= 0 && queue.place[m].ahead_q32 <= huge * Q32);
    paper_queue_traded(&queue, INT64_MAX, 0);
    paper_queue_traded(&queue, INT64_MAX, 0);
    for (int m = 0; m < QUEUE_MODELS; m++)
        assert_int_equal(paper_queue_ahead(&queue, (enum queue_model)m), 0);
    paper_queue_join(&queue, huge, huge, 0);
    paper_queue_rescale(&queue, finer);
    assert_int_equal(paper_queue_ahead(&queue, QUEUE_LOG), INT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_probabilities_are_those_of_queue_rs),
        cmocka_unit_test(test_ends_of_the_queue),
        cmocka_unit_test(test_a_cancel_moves_each_place),
        cmocka_unit_test(test_cancels_behind_are_at_most_what_stands_there),
        cmocka_unit_test(test_worked_example_of_the_documentation),
        cmocka_unit_test(test_trades_are_no_cancels),
        cmocka_unit_test(test_a_late_trade_was_no_cancel),
        cmocka_unit_test(test_fractions_wait),
        cmocka_unit_test(test_huge_sizes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

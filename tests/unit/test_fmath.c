/* test_fmath.c - our elementary functions against the C library's, and against themselves. */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/base/fmath.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RELATIVE_MAX 1e-14L

static double uniform(uint64_t *random, double min, double max)
{
    return min + (max - min) * (double)(random_next(random) >> 11) * 0x1.0p-53;
}

static void assert_near(const char *what, double x, double y, double got, long double expected)
{
    long double error = fabsl((long double)got - expected);

    if (!(error <= RELATIVE_MAX * fabsl(expected)))
        fail_msg("%s(%.17g, %.17g) = %.17g, expected %.17Lg, relative error %.3Lg", what, x, y, got, expected,
                 error / fabsl(expected));
}

static void test_exp_agrees_with_the_library(void **state)
{
    uint64_t random = 1;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        double x = uniform(&random, -708.0, 709.7), small = uniform(&random, -1.0, 1.0);

        assert_near("exp", x, 0, fmath_exp(x), expl((long double)x));
        assert_near("exp", small, 0, fmath_exp(small), expl((long double)small));
    }
    assert_true(fmath_exp(0.0) == 1.0);
    assert_true(fmath_exp(-0.0) == 1.0);
}

static void test_exp_at_its_ends(void **state)
{
    (void)state;
    assert_true(isnan(fmath_exp((double)NAN)));
    assert_true(fmath_exp((double)INFINITY) == (double)INFINITY);
    assert_true(fmath_exp(-(double)INFINITY) == 0.0);
    assert_true(fmath_exp(709.79) == (double)INFINITY);
    assert_true(fmath_exp(-746.0) == 0.0);
    assert_true(isfinite(fmath_exp(709.78)));
    /* subnormal results have fewer digits: to the last of them */
    for (double x = -745.0; x < -708.0; x += 0.01)
        assert_true(fabs(fmath_exp(x) - exp(x)) <= 0x1.0p-1074);
}

static void test_log_agrees_with_the_library(void **state)
{
    uint64_t random = 2;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        double x = uniform(&random, 0.0, 4.0) + 1e-9;
        double near_one = 1.0 + uniform(&random, -1.0, 1.0) * pow(2.0, uniform(&random, -52.0, -1.0));
        double wide = uniform(&random, 1.0, 2.0) * pow(2.0, uniform(&random, -1022.0, 1022.0));

        assert_near("log", x, 0, fmath_log(x), logl((long double)x));
        assert_near("log", near_one, 0, fmath_log(near_one), logl((long double)near_one));
        assert_near("log", wide, 0, fmath_log(wide), logl((long double)wide));
    }
    for (double x = 0x1.0p-1074; x < 0x1.0p-1020; x *= 1.5)
        assert_near("log", x, 0, fmath_log(x), logl((long double)x));
}

static void test_log_at_its_ends(void **state)
{
    (void)state;
    assert_true(fmath_log(1.0) == 0.0);
    assert_true(fmath_log(0.0) == -(double)INFINITY);
    assert_true(isnan(fmath_log(-1.0)));
    assert_true(isnan(fmath_log((double)NAN)));
    assert_true(fmath_log((double)INFINITY) == (double)INFINITY);
}

static void test_exp2_agrees_with_the_library(void **state)
{
    uint64_t random = 3;

    (void)state;
    for (int i = 0; i < 200000; i++) {
        double x = uniform(&random, -1022.0, 1024.0);

        assert_near("exp2", x, 0, fmath_exp2(x), exp2l((long double)x));
    }
    for (int k = -1074; k < 1024; k++) /* powers of two are exact */
        assert_true(fmath_exp2(k) == ldexp(1.0, k));
    assert_true(fmath_exp2(1024.0) == (double)INFINITY);
    assert_true(fmath_exp2(-1080.0) == 0.0);
    assert_true(isnan(fmath_exp2((double)NAN)));
}

static void test_pow_agrees_with_the_library(void **state)
{
    uint64_t random = 4;
    int compared = 0;

    (void)state;
    for (int i = 0; i < 300000; i++) {
        double x = uniform(&random, 1.0, 2.0) * pow(2.0, uniform(&random, -60.0, 60.0));
        double y = uniform(&random, -1.0, 1.0) * pow(2.0, uniform(&random, -20.0, 12.0));
        long double expected = powl((long double)x, (long double)y);

        if (expected < 1e-307L || expected > 1e308L)
            continue;
        compared++;
        assert_near("pow", x, y, fmath_pow(x, y), expected);
    }
    assert_true(compared > 200000);
}

static void test_pow_at_its_ends(void **state)
{
    double inf = (double)INFINITY;

    (void)state;
    assert_true(fmath_pow(2.0, 0.0) == 1.0);
    assert_true(fmath_pow(1.0, 1e300) == 1.0);
    assert_true(fmath_pow(0.0, 2.0) == 0.0);
    assert_true(fmath_pow(0.0, -2.0) == inf);
    assert_true(fmath_pow(2.0, 1e300) == inf);
    assert_true(fmath_pow(2.0, -1e300) == 0.0);
    assert_true(fmath_pow(0.5, 1e300) == 0.0);
    assert_true(fmath_pow(0.5, -inf) == inf);
    assert_true(fmath_pow(inf, 1.0) == inf);
    assert_true(fmath_pow(inf, -1.0) == 0.0);
    assert_true(isnan(fmath_pow(-1.0, 0.5)));
    assert_true(isnan(fmath_pow((double)NAN, 1.0)));
    assert_true(isnan(fmath_pow(1.5, (double)NAN)));
    assert_true(fmath_pow(2.0, 10.0) == 1024.0);
    assert_true(fmath_pow(2.0, 1100.0) == inf);
}

static void test_normal_cdf_agrees_with_the_library(void **state)
{
    (void)state;
    for (double x = -40.0; x <= 40.0; x += 0.0007) {
        double got = fmath_normal_cdf(x);
        long double expected = 0.5L * erfcl((long double)-x / sqrtl(2.0L));

        assert_true(got >= 0.0 && got <= 1.0);
        if (!(fabsl((long double)got - expected) < 1e-14L))
            fail_msg("normal_cdf(%.17g) = %.17g, expected %.17Lg", x, got, expected);
    }
    assert_true(fmath_normal_cdf(0.0) == 0.5);
    assert_true(fmath_normal_cdf(-(double)INFINITY) == 0.0);
    assert_true(fmath_normal_cdf((double)INFINITY) == 1.0);
    assert_true(isnan(fmath_normal_cdf((double)NAN)));
}

/* A model that compares probabilities must not see them fall while x rises. */
static void test_normal_cdf_never_falls(void **state)
{
    double before = 0.0;

    (void)state;
    for (double x = -10.0; x <= 10.0; x += 0.001) {
        double now = fmath_normal_cdf(x);

        assert_true(now >= before);
        before = now;
    }
}

static uint64_t mix(uint64_t hash, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return (hash ^ bits) * UINT64_C(0x100000001b3);
}

/*
 * The bits themselves: this figure holds for gcc and clang, -O0 to -O3, with and without -march=native,
 * under the sanitizers. A build in which it differs would decide differently in a replay.
 */
static void test_the_bits_are_the_same_everywhere(void **state)
{
    uint64_t random = 6, hash = UINT64_C(0xcbf29ce484222325);

    (void)state;
    for (int i = 0; i < 100000; i++) {
        double x = uniform(&random, -700.0, 700.0), y = uniform(&random, -3.0, 3.0);

        hash = mix(hash, fmath_exp(x));
        hash = mix(hash, fmath_log(fabs(x)));
        hash = mix(hash, fmath_exp2(x));
        hash = mix(hash, fmath_pow(fabs(x), y));
        hash = mix(hash, fmath_normal_cdf(y * 2));
    }
    assert_int_equal(hash, UINT64_C(0xb4746c2e3597a51d));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exp_agrees_with_the_library),
        cmocka_unit_test(test_exp_at_its_ends),
        cmocka_unit_test(test_log_agrees_with_the_library),
        cmocka_unit_test(test_log_at_its_ends),
        cmocka_unit_test(test_exp2_agrees_with_the_library),
        cmocka_unit_test(test_pow_agrees_with_the_library),
        cmocka_unit_test(test_pow_at_its_ends),
        cmocka_unit_test(test_normal_cdf_agrees_with_the_library),
        cmocka_unit_test(test_normal_cdf_never_falls),
        cmocka_unit_test(test_the_bits_are_the_same_everywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

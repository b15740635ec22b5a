#include "core/base/fmath.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* ln 2 in two parts: the first has 32 trailing zero bits, so that k x LN2_HIGH is exact for |k| < 2^11. */
#define LN2_HIGH 0x1.62e42feep-1
#define LN2_LOW  0x1.a39ef35793c76p-33
#define LOG2_E   0x1.71547652b82fep+0
#define SQRT_2   0x1.6a09e667f3bcdp+0

#define EXPONENT_BIAS 1023
#define MANTISSA_BITS 52
#define EXP_MAX       709.782712893384 /* larger gives +inf */
#define EXP_MIN       (-745.1332191019412)

/* A sum kept as high + low, |low| <= half a unit in the last place of high. */
struct pair {
    double high, low;
};

static double double_of_bits(uint64_t bits)
{
    double value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t bits_of_double(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* 2^exponent for -1022..1023. */
static double power_of_two(int exponent)
{
    return double_of_bits((uint64_t)(exponent + EXPONENT_BIAS) << MANTISSA_BITS);
}

/* value x 2^exponent, in two steps where one factor would leave the range of normal numbers. */
static double scale_by_power(double value, int exponent)
{
    if (exponent > 1023)
        return value * power_of_two(1023) * power_of_two(exponent - 1023);
    if (exponent < -1022)
        return value * power_of_two(exponent + 64) * power_of_two(-64);
    return value * power_of_two(exponent);
}

/* Dekker: exact sum, for any two numbers. */
static struct pair two_sum(double a, double b)
{
    double sum = a + b, b_part = sum - a;

    return (struct pair){sum, (a - (sum - b_part)) + (b - b_part)};
}

/* Exact sum when |a| >= |b|. */
static struct pair fast_two_sum(double a, double b)
{
    double sum = a + b;

    return (struct pair){sum, b - (sum - a)};
}

/* Veltkamp: the upper 26 bits of a, |a| < 2^996. */
static double upper_half(double a)
{
    double scaled = 0x1.0p27 * a + a;

    return scaled - (scaled - a);
}

/* Dekker: exact product, without fused multiply-add. */
static struct pair two_product(double a, double b)
{
    double product = a * b;
    double a_high = upper_half(a), a_low = a - a_high;
    double b_high = upper_half(b), b_low = b - b_high;

    return (struct pair){product,
                         ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low};
}

static int nearest_int(double x)
{
    return (int)(x < 0 ? x - 0.5 : x + 0.5);
}

/* e^(r + low) for |r| <= ln2/2: Taylor to r^14, whose rest is below 2^-56; Horner from the small end. */
static double exp_reduced(double r, double low)
{
    static const double inverse_factorial[] = {
        1.0 / 87178291200.0, 1.0 / 6227020800.0, 1.0 / 479001600.0, 1.0 / 39916800.0, 1.0 / 3628800.0,
        1.0 / 362880.0,      1.0 / 40320.0,      1.0 / 5040.0,      1.0 / 720.0,      1.0 / 120.0,
        1.0 / 24.0,          1.0 / 6.0,          1.0 / 2.0,
    };
    double sum = 0.0;

    for (unsigned i = 0; i < sizeof inverse_factorial / sizeof inverse_factorial[0]; i++)
        sum = sum * r + inverse_factorial[i];
    sum = sum * r * r; /* e^r - 1 - r */
    return 1.0 + (r + (sum + low * (1.0 + r)));
}

/* e^(x.high + x.low): x = k ln 2 + r */
static double exp_pair(struct pair x)
{
    int k;
    struct pair reduced;

    if (x.high > EXP_MAX)
        return (double)INFINITY;
    if (x.high < EXP_MIN)
        return 0.0;
    k = nearest_int(x.high * LOG2_E);
    reduced = two_sum(x.high - k * LN2_HIGH, -k * LN2_LOW);
    return scale_by_power(exp_reduced(reduced.high, reduced.low + x.low), k);
}

double fmath_exp(double x)
{
    if (x != x)
        return x;
    return exp_pair((struct pair){x, 0.0});
}

double fmath_exp2(double x)
{
    int k;
    struct pair r;

    if (x != x)
        return x;
    if (x >= 1024.0)
        return (double)INFINITY;
    if (x < -1075.0)
        return 0.0;
    k = nearest_int(x);
    r = two_product(x - k, LN2_HIGH + LN2_LOW); /* x - k is exact */
    return scale_by_power(exp_reduced(r.high, r.low), k);
}

/*
 * ln x as a pair good to about 2^-66 of its size: x = m 2^k with m in [sqrt(1/2), sqrt(2)), s = (m - 1) /
 * (m + 1), ln m = 2 s + 2 s^3/3 + 2 s^5/5 + ... with s and the leading term in two parts.
 */
static struct pair log_pair(double x)
{
    double m, s_high, s_low, rest, square, sum = 0.0;
    int k = 0;
    struct pair denominator, product, series, whole;

    if (x < 0x1.0p-1022) { /* subnormal */
        x *= 0x1.0p54;
        k = -54;
    }
    k += (int)(bits_of_double(x) >> MANTISSA_BITS) - EXPONENT_BIAS;
    m = double_of_bits((bits_of_double(x) & ((UINT64_C(1) << MANTISSA_BITS) - 1)) |
                       ((uint64_t)EXPONENT_BIAS << MANTISSA_BITS));
    if (m > SQRT_2) {
        m *= 0.5;
        k++;
    }
    denominator = two_sum(m, 1.0);
    s_high = (m - 1.0) / denominator.high; /* m - 1 is exact */
    product = two_product(s_high, denominator.high);
    rest = ((m - 1.0) - product.high) - product.low - s_high * denominator.low;
    s_low = rest / denominator.high;

    square = s_high * s_high;
    for (int power = 25; power >= 3; power -= 2) /* |s| <= 0.1716: the next term is below 2^-67 */
        sum = sum * square + 2.0 / power;
    sum = sum * square * s_high;

    series = fast_two_sum(2.0 * s_high, 2.0 * s_low + sum);
    whole = two_sum(k * LN2_HIGH, series.high);
    return fast_two_sum(whole.high, whole.low + series.low + k * LN2_LOW);
}

double fmath_log(double x)
{
    if (x != x || x == (double)INFINITY)
        return x;
    if (x < 0.0)
        return (double)NAN;
    if (x == 0.0)
        return -(double)INFINITY;
    return log_pair(x).high;
}

/* y ln x to about 2^-62, so that e^ of it loses nothing even at 700. */
double fmath_pow(double x, double y)
{
    struct pair log, product;

    if (x != x || y != y)
        return x + y;
    if (x < 0.0)
        return (double)NAN;
    if (y == 0.0 || x == 1.0)
        return 1.0;
    if (x == 0.0)
        return y > 0.0 ? 0.0 : (double)INFINITY;
    if (x == (double)INFINITY)
        return y > 0.0 ? (double)INFINITY : 0.0;

    log = log_pair(x);
    if (fabs(y) > 0x1.0p70) /* far outside; two_product would overflow */
        return (y > 0.0) == (log.high > 0.0) ? (double)INFINITY : 0.0;
    product = two_product(log.high, y);
    product.low += log.low * y;
    return exp_pair(product);
}

/* erf x = 2 x e^(-x^2) / sqrt(pi) x sum of (2x^2)^n / (1 3 5 ... (2n+1)): terms of one sign, no loss. */
static double erf_by_series(double x)
{
    double square = x * x, term = 1.0, sum = 1.0;

    for (int n = 1; term > sum * 0x1.0p-60; n++) {
        term *= 2.0 * square / (2 * n + 1);
        sum += term;
    }
    return 0x1.20dd750429b6dp+0 * x * fmath_exp(-square) * sum; /* 2 / sqrt(pi) */
}

/* erfc x for x >= 2.5 by its continued fraction, from the tail up: depth 60 leaves less than 2^-55. */
static double erfc_by_fraction(double x)
{
    double fraction = x;

    for (int n = 60; n > 0; n--)
        fraction = x + 0.5 * n / fraction;
    return 0x1.20dd750429b6dp-1 * fmath_exp(-x * x) / fraction; /* 1 / sqrt(pi) */
}

double fmath_normal_cdf(double x)
{
    double scaled = fabs(x) * 0x1.6a09e667f3bcdp-1, tail; /* |x| / sqrt(2) */

    if (x != x)
        return x;
    if (scaled < 2.5)
        return 0.5 + (x < 0.0 ? -0.5 : 0.5) * erf_by_series(scaled);
    tail = scaled > 27.3 ? 0.0 : 0.5 * erfc_by_fraction(scaled);
    return x < 0.0 ? tail : 1.0 - tail;
}

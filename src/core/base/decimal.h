/*
 * decimal.h - exact decimal text <-> scaled int64_t.
 *
 * Wire prices, quantities and money are scaled by 10^8 ("e8"): 61842.18 is 6184218000000.
 * Nothing is ever rounded: text that does not fit exactly is refused. No locale.
 */
#ifndef CORE_BASE_DECIMAL_H
#define CORE_BASE_DECIMAL_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DECIMAL_E8        INT64_C(100000000)
#define DECIMAL_E8_DIGITS 8
#define DECIMAL_TEXT_SIZE 48 /* any value of any function below, sign and NUL included */

/*
 * Text of text_size bytes: [-]digits[.digits], whole text, at least one digit before and after a
 * point. *out is the value times 10^scale (0..18). On error *out is untouched.
 *   ERR_BAD_DATA  empty, sign '+', blank, exponent, anything else
 *   ERR_TOO_LONG  a non-zero digit beyond scale (trailing zeros beyond it are fine)
 *   ERR_OVERFLOW  does not fit
 */
enum err decimal_parse(const char *text, size_t text_size, unsigned scale, int64_t *out);

/* Shortest exact text, no trailing zeros: "61842.18", "-0.5", "0". Returns the length. */
size_t decimal_format_trim(int64_t value, unsigned scale, char out[DECIMAL_TEXT_SIZE]);
size_t decimal_format_trim_i128(__int128 value, unsigned scale, char out[DECIMAL_TEXT_SIZE]);

/*
 * Text with exactly `decimals` places for eyes, rounded half away from zero when the value has
 * more. sign_always puts '+' before values above zero. Returns the length.
 */
size_t decimal_format_fixed(int64_t value, unsigned scale, unsigned decimals, bool sign_always,
                            char out[DECIMAL_TEXT_SIZE]);

/* Places after the point that value needs: 0 for 5.00, 2 for 0.01. */
unsigned decimal_places(int64_t value, unsigned scale);

/* Greatest common divisor of two non-negative values; gcd(0, x) = x. */
int64_t decimal_gcd(int64_t a, int64_t b);

/* a * b / c without overflow in between, rounded half away from zero; c > 0. Saturates. */
int64_t decimal_mul_div(int64_t a, int64_t b, int64_t c);

#endif

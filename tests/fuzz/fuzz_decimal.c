/*
 * fuzz_decimal.c - decimal text of any bytes: what is accepted is exactly what it says.
 *
 * First byte: scale. The rest is parsed; a second, digit-by-digit reading in 128 bits must agree, and the
 * shortest text of the value must parse back to it.
 */
#include "core/base/decimal.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

/* Value of accepted text, times 10^scale; digits beyond the scale are zeros. */
static __int128 read_slowly(const char *text, size_t size, unsigned scale)
{
    bool negative = text[0] == '-', in_fraction = false;
    unsigned places = 0;
    __int128 value = 0;

    for (size_t i = negative; i < size; i++) {
        if (text[i] == '.') {
            require(!in_fraction);
            in_fraction = true;
            continue;
        }
        require(text[i] >= '0' && text[i] <= '9');
        if (in_fraction && places == scale) {
            require(text[i] == '0');
            continue;
        }
        value = value * 10 + (text[i] - '0');
        require(value <= (__int128)INT64_MAX + 1);
        places += in_fraction;
    }
    for (; places < scale; places++)
        value *= 10;
    return negative ? -value : value;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char shortest[DECIMAL_TEXT_SIZE], fixed[DECIMAL_TEXT_SIZE];
    const char *text = (const char *)data + 1;
    int64_t value = -77, again = -77;
    unsigned scale;
    size_t length;

    if (size < 1)
        return 0;
    scale = data[0] % 19;
    if (decimal_parse(text, size - 1, scale, &value) != ERR_OK) {
        require(value == -77);
        return 0;
    }
    require(read_slowly(text, size - 1, scale) == value);

    length = decimal_format_trim(value, scale, shortest);
    require(length == strlen(shortest) && length < DECIMAL_TEXT_SIZE);
    require(decimal_parse(shortest, length, scale, &again) == ERR_OK && again == value);
    require(decimal_places(value, scale) <= scale);

    length = decimal_format_fixed(value, scale, 18, false, fixed);
    require(decimal_parse(fixed, length, scale, &again) == ERR_OK && again == value);
    return 0;
}

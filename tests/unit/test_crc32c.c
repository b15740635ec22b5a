/* test_crc32c.c - the check value, the vectors of RFC 3720 B.4, and a bit-by-bit model. */
#include "unit/cmocka_all.h"
#include "unit/test_random.h"

#include "core/base/crc32c.h"

#include <string.h>

static void test_vectors_of_the_rfc(void **state)
{
    static const unsigned char read_command[48] = {
        0x01, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
        0x14, 0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00, 0x00, 0x00, 0x14, 0x00, 0x00, 0x00, 0x18,
        0x28, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    };
    unsigned char bytes[32];

    (void)state;
    assert_int_equal(crc32c_update(0, "123456789", 9), 0xE3069283);
    assert_int_equal(crc32c_update(0, "", 0), 0);
    memset(bytes, 0, sizeof bytes);
    assert_int_equal(crc32c_update(0, bytes, 32), 0x8a9136aa);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(crc32c_update(0, bytes, 32), 0x62a8ab43);
    for (unsigned i = 0; i < 32; i++)
        bytes[i] = (unsigned char)i;
    assert_int_equal(crc32c_update(0, bytes, 32), 0x46dd794e);
    for (unsigned i = 0; i < 32; i++)
        bytes[i] = (unsigned char)(31 - i);
    assert_int_equal(crc32c_update(0, bytes, 32), 0x113fdb5c);
    assert_int_equal(crc32c_update(0, read_command, 48), 0xd9963a56);
}

static uint32_t by_bits(uint32_t crc, const unsigned char *bytes, size_t size)
{
    crc = ~crc;
    for (size_t i = 0; i < size; i++) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; bit++)
            crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0x82F63B78 : 0);
    }
    return ~crc;
}

/* Any length, any alignment, in one piece or two: the processor's instruction and the model agree. */
static void test_any_split_gives_the_same(void **state)
{
    unsigned char bytes[300];
    uint64_t random = 12;

    (void)state;
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)random_next(&random);
    for (int i = 0; i < 20000; i++) {
        size_t start = (size_t)random_between(&random, 0, 40);
        size_t size = (size_t)random_between(&random, 0, 256), cut = size == 0 ? 0 : size / 3;
        uint32_t whole = crc32c_update(0, bytes + start, size);

        assert_int_equal(whole, by_bits(0, bytes + start, size));
        assert_int_equal(whole, crc32c_update_plain(0, bytes + start, size));
        assert_int_equal(
            whole, crc32c_update(crc32c_update(0, bytes + start, cut), bytes + start + cut, size - cut));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_vectors_of_the_rfc),
        cmocka_unit_test(test_any_split_gives_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

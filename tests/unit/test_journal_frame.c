/* test_journal_frame.c - a frame is taken as an encoder made it, or not at all. */
#include "unit/record_fill.h"

#include "core/base/crc32c.h"
#include "store/journal_frame.h"

static void test_no_frame_with_a_changed_bit_is_taken(void **state)
{
    struct store_record record = filled_record(STORE_TRADING, 2);
    unsigned char frame[FRAME_MAX], body[RECORD_BODY_MAX];
    struct frame_head head = {.seq = 5,
                              .ts_ns = -9,
                              .input_seq = 8,
                              .kind = STORE_TRADING,
                              .flags = FRAME_FLAG_MORE},
                      back;
    const unsigned char *at;
    size_t size;

    (void)state;
    head.body_size = (uint32_t)record_encode(&record, body, sizeof(body));
    size = frame_encode(&head, body, frame, sizeof(frame));
    assert_true(size % 8 == 0 && size >= FRAME_HEADER_SIZE + head.body_size);
    assert_int_equal(frame_encode(&head, body, frame, size - 1), 0);
    assert_int_equal(frame_encode(&head, body, frame, size), size);
    assert_int_equal(frame_decode(frame, size, &back, &at), ERR_OK);
    assert_true(back.size == size && back.seq == 5 && back.ts_ns == -9 && back.input_seq == 8);
    assert_true(back.kind == STORE_TRADING && back.flags == FRAME_FLAG_MORE &&
                back.body_size == head.body_size);
    assert_ptr_equal(at, frame + FRAME_HEADER_SIZE);
    for (size_t cut = 0; cut < size; cut++)
        assert_int_equal(frame_decode(frame, cut, &back, &at), ERR_TOO_LONG);
    for (size_t bit = 0; bit < 8 * size; bit++) {
        frame[bit / 8] ^= (unsigned char)(1U << bit % 8);
        assert_int_not_equal(frame_decode(frame, size, &back, &at), ERR_OK);
        frame[bit / 8] ^= (unsigned char)(1U << bit % 8);
    }
    assert_int_equal(frame_decode(frame, size, &back, &at), ERR_OK);
}

/* With a right checksum, too: sizes that do not fit together and padding that is not zero. */
static void test_a_frame_is_what_an_encoder_makes(void **state)
{
    static const unsigned char body[9] = "12345678";
    unsigned char frame[FRAME_MAX];
    struct frame_head head = {.seq = 1, .kind = STORE_AUDIT, .body_size = 9};
    size_t size = frame_encode(&head, body, frame, sizeof(frame));
    const unsigned char *at;

    (void)state;
    assert_int_equal(size, 56);
    for (int change = 0; change < 3; change++) {
        unsigned char copy[FRAME_MAX];
        uint32_t crc;

        memcpy(copy, frame, size);
        copy[change == 0 ? 55 : 36] = change == 0 ? 1 : change == 1 ? 8 : 17; /* padding; body_size */
        crc = crc32c_update(0, copy + 8, size - 8);
        for (int i = 0; i < 4; i++)
            copy[4 + i] = (unsigned char)(crc >> 8 * i);
        assert_int_equal(frame_decode(copy, size, &head, &at), ERR_BAD_DATA);
    }
    for (uint32_t wrong = 0; wrong < 2 * FRAME_MAX; wrong++) {
        enum err err;

        frame[0] = (unsigned char)wrong;
        frame[1] = (unsigned char)(wrong >> 8);
        err = frame_decode(frame, size, &head, &at);
        if (wrong % 8 != 0 || wrong < FRAME_HEADER_SIZE || wrong > FRAME_MAX)
            assert_int_equal(err, ERR_BAD_DATA);
        else
            assert_int_equal(err, wrong == size ? ERR_OK : wrong > size ? ERR_TOO_LONG : ERR_BAD_DATA);
    }
    head = (struct frame_head){.body_size = FRAME_MAX - FRAME_HEADER_SIZE + 1};
    assert_int_equal(frame_encode(&head, frame, frame, SIZE_MAX), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_frame_with_a_changed_bit_is_taken),
        cmocka_unit_test(test_a_frame_is_what_an_encoder_makes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Every key where what is seen is of no use for orders: KILLED, FROZEN, a book that is not LIVE, a terminal that is too small. */
#include "screen/key_places.h"

#include <zlib.h>

#define GAP_BEGIN_S 1775052304 /* 14:05:04 */
#define GAP_END_S   1775052306

/* The demo recording without two seconds of its books' changes. */
static void cut_gap(const char *from, const char *to)
{
    static char line[1 << 20];
    gzFile in = gzopen(from, "rb"), out = gzopen(to, "wb1");

    assert_non_null(in);
    assert_non_null(out);
    while (gzgets(in, line, (int)sizeof(line)) != NULL) {
        long long time_s = atoll(line) / 1000000000;

        if (time_s < GAP_BEGIN_S || time_s >= GAP_END_S || strstr(line, "@depth") == NULL)
            assert_true(gzputs(out, line) > 0);
    }
    assert_int_equal(gzclose(in), Z_OK);
    assert_int_equal(gzclose(out), Z_OK);
}

static void test_killed_and_frozen(void **unused)
{
    (void)unused;
    try_states(STATE_KILLED_ROW, STATE_GAP_ROW);
}

static void test_a_book_that_is_not_live(void **unused)
{
    char whole[sizeof(demo)];

    (void)unused;
    if (!chosen("FLOWDECK_STATE", states[STATE_GAP_ROW].name))
        return;
    strcpy(whole, demo);
    snprintf(demo, sizeof(demo), "%s/demo-gap.jsonl.gz", folder);
    cut_gap(whole, demo);
    try_states(STATE_GAP_ROW, STATE_GAP_ROW + 1);
    strcpy(demo, whole);
}

static void test_a_small_terminal(void **unused)
{
    (void)unused;
    try_states(STATE_GAP_ROW + 1, COUNT(states));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_killed_and_frozen),
        cmocka_unit_test(test_a_book_that_is_not_live),
        cmocka_unit_test(test_a_small_terminal),
    };

    return cmocka_run_group_tests(tests, make_folder, own_folder_drop);
}

/*
 * Every key in every place in each state of the keys' table; out of a soak what differs there, on the ladder and in a question.
 * FLOWDECK_STATE, FLOWDECK_PLACE: a part of a name, that alone.
 */
#include "screen/key_trial.h"

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

static void test_every_key_in_every_state(void **unused)
{
    static const char *const few[] = {"the ladder", "a question", NULL};
    static char whole[sizeof(demo)];
    bool soak = getenv("FLOWDECK_SOAK") != NULL;

    (void)unused;
    for (size_t i = 0; i < COUNT(states); i++) {
        if (!chosen("FLOWDECK_STATE", states[i].name))
            continue;
        strcpy(whole, demo);
        if (states[i].gap) {
            snprintf(demo, sizeof(demo), "%s/demo-gap.jsonl.gz", folder);
            cut_gap(whole, demo);
        }
        try_places(&states[i], soak ? NULL : few);
        strcpy(demo, whole);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_key_in_every_state),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}

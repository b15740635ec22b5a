/* Certificates and protocols that must not be taken, met by the real client at the built-in exchange. */
#include "wire/fault_world.h"

static bool any_link_says(struct wire_world *world, const char *word)
{
    const struct live_status *status = live_feed_status(world->feed);

    for (size_t i = 0; i < status->links; i++)
        if (strstr(status->link[i].why, word) != NULL)
            return true;
    return false;
}

/* Certificates and protocols that must not be taken: the reason is named, no request gets through (that no
 * byte of one is sent is tested with the clients themselves), and what was connected before goes on. */
static void test_bad_certificates_are_refused(void **state)
{
    static const char *const kinds[] = {"expired",     "not_yet",   "wrong_host", "wrong_ip", "unknown_ca",
                                        "self_signed", "no_ca_bit", "tls10",      "tls11"};
    struct wire_world world;
    struct watch watch;

    (void)state;
    open_world(&world, &watch, VENUE_BINANCE_SPOT, 10000);
    wire_fault(&world, "limits off");
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        int64_t refused = stat_of(&world, "connections", "handshakes_failed");
        uint64_t rotations = live_feed_status(world.feed)->rotations;
        bool told = false;
        char fault[64];

        snprintf(fault, sizeof(fault), "bad_tls %s", kinds[i]);
        wire_fault(&world, "+1.2 bad_tls off");
        wire_fault(&world, fault);
        live_feed_rotate(world.feed); /* the successor meets it; the old connection goes on */
        for (int turn = 0; turn < 55 && !told; turn++) {
            wire_run_ms(&world, 20);
            told = any_link_says(&world, "TLS");
            assert_true(wire_all_live(&world));
        }
        if (!told)
            fail_msg("%s: its reason is not told", kinds[i]);
        assert_int_equal(live_feed_status(world.feed)->rotations, rotations);
        assert_int_equal(wire_ask(&world, "GET", "/api/v3/ping", NULL), -1);
        for (int turn = 0; turn < 100 && wire_ask(&world, "GET", "/api/v3/ping", NULL) != 200; turn++)
            wire_run_ms(&world, 50);
        assert_true(stat_of(&world, "connections", "handshakes_failed") > refused);
        for (int turn = 0; turn < 200 && live_feed_status(world.feed)->rotations == rotations; turn++)
            wire_run_ms(&world, 20);
        assert_true(live_feed_status(world.feed)->rotations > rotations);
    }
    wire_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bad_certificates_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

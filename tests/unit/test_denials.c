/* What the gate denied can be found later: its line in the audit trail, and what `explain --denials` makes of it. */
#include "unit/pipeline_world.h"
#include "unit/store_fixture.h"

#include "app/pipeline.h"
#include "store/denial_query.h"

static const struct level bids[] = {{6182000, 100000}};
static const struct level asks[] = {{6182100, 100000}};

static struct store *told;

static bool to_store(void *arg, const struct store_record *record)
{
    (void)arg;
    return (record->kind != STORE_AUDIT && record->kind != STORE_INSTRUMENT) || store_push(told, record);
}

static void ask(struct world *world, const char *source, int64_t lots)
{
    struct command command = {.kind = COMMAND_ORDER,
                              .intent = {.side = SIDE_BID,
                                         .type = ORDER_LIMIT,
                                         .post_only = true,
                                         .price_ticks = 6181000,
                                         .qty_lots = lots}};

    snprintf(command.source, sizeof(command.source), "%s", source);
    pipeline_on_command(world->pipeline, &command);
}

static void test_denials_are_found_later(void **state)
{
    struct folder *folder = *state;
    struct denial_row row[8];
    char why[WHY_SIZE];
    struct world world;
    size_t count;

    world_init(&world, bids, 1, asks, 1);
    assert_int_equal(try_store(folder->db, &told, why, sizeof(why)), ERR_OK);
    world.pipeline->sink.push = to_store;
    journal_audit(world.pipeline, NULL, "order.denied", "-", "%u more within a second", 7U);
    ask(&world, "key", 100000);    /* 1 BTC is far beyond MAX_VALUE */
    ask(&world, "socket", 200000); /* 2 BTC */
    pipeline_free(world.pipeline);
    assert_int_equal(store_close(told, 2000, why, sizeof(why)), ERR_OK);
    assert_int_equal(denial_query(folder->db, row, 8, &count, why, sizeof(why)), ERR_OK);
    assert_int_equal(count, 3);
    assert_int_equal(row[0].number, 2);
    assert_string_equal(row[0].owner, "manual");
    assert_string_equal(row[0].asked, "BUY 2 LIMIT GTC @ 61810.00 post-only, by socket");
    assert_string_equal(row[0].code, "MAX_QTY");
    assert_non_null(strstr(row[0].numbers, "value="));
    assert_int_equal(row[1].number, 1);
    assert_string_equal(row[1].asked, "BUY 1 LIMIT GTC @ 61810.00 post-only, by you");
    assert_int_equal(row[2].number, 0); /* a sum is told as it is */
    assert_string_equal(row[2].asked, "7 more within a second");
    assert_int_equal(denial_query(folder->db, row, 1, &count, why, sizeof(why)), ERR_OK);
    assert_int_equal(count, 1);
    assert_int_equal(row[0].number, 2);
    assert_int_equal(denial_query("/nowhere/at.db", row, 1, &count, why, sizeof(why)), ERR_STORAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_denials_are_found_later, folder_setup, folder_teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

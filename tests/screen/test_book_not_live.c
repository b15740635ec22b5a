/*
 * The state "book not LIVE" of the keys' table in a terminal, at three sizes: the demo's own exchange falls silent, and what
 * each class of keys does is read from the cells.
 */
#include "screen/three_sizes.h"
#include "wire/wire_world.h"

struct stage {
    char folder[SIZES][64];
    struct three all;
    struct wire_world world[SIZES]; /* a way to ask each one's exchange */
};

static struct stage *running; /* of a test that failed: its engines would go on without their screens */

static int end_engines(void **state)
{
    (void)state;
    for (int i = 0; running != NULL && i < SIZES; i++)
        kill(running->all.vt[i]->pid, SIGKILL);
    return 0;
}

static void text_of(const json_t *told, const char *key, char *out, size_t size)
{
    snprintf(out, size, "%s", json_string_value(json_object_get(told, key)));
}

static void find_exchange(const char *folder, struct wire_world *world)
{
    char path[128];
    json_t *told;

    snprintf(path, sizeof(path), "%s/exchange/exchange.json", folder);
    told = json_load_file(path, 0, NULL);
    assert_non_null(told);
    text_of(told, "rest", world->exchange.rest_url, sizeof(world->exchange.rest_url));
    text_of(told, "ca", world->exchange.ca_file, sizeof(world->exchange.ca_file));
    json_decref(told);
    wire_open_net(world, world->exchange.ca_file);
}

static struct stage *start_stage(void)
{
    struct stage *stage = calloc(1, sizeof(*stage));

    assert_non_null(stage);
    for (int i = 0; i < SIZES; i++) {
        const char *argv[] = {program,   "--demo",     "--seed",         "7", "--symbol",
                              "BTCUSDT", "--data-dir", stage->folder[i], NULL};

        strcpy(stage->folder[i], "/tmp/flowdeck-book-XXXXXX");
        assert_non_null(mkdtemp(stage->folder[i]));
        stage->all.vt[i] =
            vt_start(&(struct vt_options){.rows = sizes[i][0], .cols = sizes[i][1], .argv = argv});
    }
    running = stage;
    for (int i = 0; i < SIZES; i++) {
        vt_expect(stage->all.vt[i], "LIVE", START_MS);
        find_exchange(stage->folder[i], &stage->world[i]);
    }
    return stage;
}

static void end_stage(struct stage *stage)
{
    char command[128];

    running = NULL;
    for (int i = 0; i < SIZES; i++) {
        leave(stage->all.vt[i]);
        ev_timer_stop(stage->world[i].loop, &stage->world[i].tick);
        net_free(stage->world[i].net);
        ev_loop_destroy(stage->world[i].loop);
        free(stage->world[i].body);
        snprintf(command, sizeof(command), "rm -rf '%s'", stage->folder[i]);
        assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a fixed command of our own */
    }
    free(stage);
}

/* A position and an order that rests, one-key armed: what a trader may have when the book goes. */
static void trade(struct three *all)
{
    all_send(all, "a");
    all_state(all, "ARMED");
    all_say(all, " pass"); /* the gate knows its prices */
    all_send(all, "M");
    all_state(all, "LONG");
    all_send(all, "0jjjjjj");
    all_send(all, "i");
    all_show(all, "orders 1");
}

static void fall_silent(struct stage *stage)
{
    for (int i = 0; i < SIZES; i++) {
        wire_fault(&stage->world[i], "stall 120");
        wire_fault(&stage->world[i], "rst streams"); /* or the silence would have to be noticed first */
    }
}

static void test_the_keys_when_the_book_is_not_live(void **state)
{
    static const char *const orders[] = {"i", "M", "t", "R"};
    struct stage *stage = start_stage();
    struct three *all = &stage->all;

    (void)state;
    all->what = "a book that is LIVE";
    trade(all);
    fall_silent(stage);
    all->what = "a book that is not LIVE";
    all_expect(all, &(struct wanted){.text = " ARMED", .place = STATUS, .gone = true}); /* after 2 s of it */
    all_show(all, "book SYNCING");
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        all->what = orders[i];
        all_send(all, orders[i]);
        all_show(all, "NOT SENT  book SYNCING"); /* with its state and its age */
        all_lose(all, "THIS ORDER?");
        all_send(all, "\014"); /* any key takes the answer away */
        all_lose(all, "NOT SENT  book ");
    }
    all->what = "f";
    all_send(all, "f");
    all_show(all, "FLATTEN?");
    all_show(all, "closing needs :flatten --worst PRICE");
    all_send(all, "\033");
    all_lose(all, "FLATTEN?");
    all->what = "u and U";
    all_send(all, "U");
    all_show(all, "orders 0");
    all->what = "the screens";
    all_send(all, "5");
    all_show(all, "MAX_");
    all_send(all, "1");
    all_show(all, "order flow");
    all->what = "Space";
    all_send(all, " ");
    all_state(all, "PAUSED");
    all->what = "K";
    all_send(all, "K");
    all_state(all, "KILLED");
    end_stage(stage);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_the_keys_when_the_book_is_not_live, end_engines),
    };

    return cmocka_run_group_tests(tests, find_program, NULL);
}

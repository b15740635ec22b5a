/* Somebody who has never read anything types the words he knows: they lead to what is meant, or say what does. */
#include "tui/palette.h"
#include "tui/palette_values.h"
#include "tui/prompt.h"
#include "tui/screen_names.h"

#include "ui_fixture.h"

/* The first `rows` of the list, by kind and name. */
static const char *offered(const struct fixture *f, int rows)
{
    static char text[512];
    size_t used = 0;

    text[0] = '\0';
    for (int i = 0; i < rows && i < f->ui->palette.items; i++) {
        const struct palette_item *item = &f->ui->palette.item[i];
        char name[UI_COMMAND_MAX];

        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %s;", palette_kind_word(item->kind),
                                 palette_name(f->ui, item, name, sizeof(name)));
    }
    return text;
}

static void test_words_of_others_lead_here(void **state)
{
    static const char *const want[][2] = {
        {"order", "key ticket;"},
        {"bracket", "key ticket;"},
        {"oco", "key ticket;"},
        {"stop", "key stop;"},
        {"stop", "key ticket;"},
        {"stop-loss", "key stop;"},
        {"long", "command buy;"},
        {"short", "command sell;"},
        {"purchase", "command buy;"},
        {"exit", "command quit;"},
        {"logout", "command quit;"},
        {"close", "command flatten;"},
        {"close", "command quit;"},
        {"liquidate", "command flatten;"},
        {"position", "command flatten;"},
        {"positions", "screen Trade;"},
        {"close position", "command flatten;"},
        {"pnl", "screen Results;"},
        {"profit", "screen Results;"},
        {"chart", "screen Chart;"},
        {"candles", "screen Chart;"},
        {"orderbook", "screen Trade;"},
        {"balance", "screen Trade;"},
        {"watchlist", "screen Market;"},
        {"bots", "screen Strategy;"},
        {"history", "screen Journal;"},
        {"latency", "screen System;"},
        {"panic", "command kill;"},
        {"quantity", "command size;"},
        {"paper", "command simulation;"},
        {"config", "command settings;"},
        {"colors", "command theme;"},
        {"alarm", "command alert;"},
        {"amend", "key pick;"},
        {"one-click", "key arm;"},
        {"hotkeys", "command help;"},
        {"delete", "command cancel;"},
        {"mute", "command bell;"},
    };
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        fixture_key(f, ':');
        fixture_type(f, want[i][0]);
        if (strstr(offered(f, 8), want[i][1]) == NULL)
            fail_msg("`%s`: no %s among %s", want[i][0], want[i][1], offered(f, 8));
        fixture_key(f, KEY_ESC);
    }
    fixture_free(f);
}

/* What a name says stays ahead of what it could be called, and abbreviations of names go on working. */
static void test_names_come_first(void **state)
{
    static const char *const want[][2] = {
        {"risk", "screen Risk;"},         {"log", "screen Journal;"},     {"flat", "command flatten;"},
        {"cle-h", "command clear-halt;"}, {"mark", "screen Market;"},     {"kil", "command kill;"},
        {"freez", "key freeze;"},         {"setti", "command settings;"}, {"order", "key ticket;"},
        {"exit", "command quit;"},        {"pnl", "screen Results;"},     {"stop", "command stop;"},
    };
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        fixture_key(f, ':');
        fixture_type(f, want[i][0]);
        assert_string_equal(offered(f, 1), want[i][1]);
        fixture_key(f, KEY_ESC);
    }
    fixture_free(f);
}

/* A row for what is not there any more, or a word that its own name has already, is no help. */
static void test_the_table_names_what_there_is(void **state)
{
    enum palette_kind kind;
    const char *name;

    (void)state;
    for (size_t i = 0; palette_other_row(i, &kind, &name); i++) {
        bool found = kind == PALETTE_COMMAND && prompt_find(name, strlen(name)) != NULL;

        for (size_t k = 0; kind == PALETTE_KEY && k < keymap_count(); k++)
            found |= strcmp(keymap_at(k)->name, name) == 0 && keymap_at(k)->help[0] != '\0';
        for (int s = SCREEN_TRADE; kind == PALETTE_SCREEN && s <= SCREEN_SYSTEM; s++)
            found |= strcmp(ui_screen_name((enum screen_id)s), name) == 0;
        if (!found)
            fail_msg("%s %s is not there", palette_kind_word(kind), name);
    }
}

static void test_buy_and_sell_open_the_form(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "sell");
    assert_int_equal(f->ui->overlay, OVERLAY_TICKET);
    assert_int_equal(f->ui->ticket.intent.side, SIDE_ASK);
    assert_int_equal(f->ui->ticket.intent.price_ticks, f->frame.ladder.best[SIDE_ASK].price_ticks);
    fixture_key(f, KEY_ESC);
    fixture_key(f, '2'); /* from any screen */
    fixture_prompt(f, "buy 0.02 61800");
    assert_int_equal(f->ui->screen, SCREEN_TRADE);
    assert_int_equal(f->ui->overlay, OVERLAY_TICKET);
    assert_int_equal(f->ui->ticket.intent.side, SIDE_BID);
    assert_int_equal(f->ui->ticket.intent.price_ticks, TICKS(61800));
    assert_string_equal(f->ui->ticket.text[TICKET_SIZE], "0.02");
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 0);
    fixture_seen(f);
    fixture_key(f, 'y');
    assert_int_equal(fixture_count(f, COMMAND_ORDER), 1);
    assert_int_equal(fixture_last(f, COMMAND_ORDER)->intent.price_ticks, TICKS(61800));
    fixture_free(f);
}

static void test_buy_says_why_not(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "buy much");
    assert_has(fixture_next_row(f), "not `much`; allowed: :buy [SIZE] [PRICE|market|stop] [PRICE]");
    fixture_prompt(f, "buy 000000000000000000000000001");
    assert_has(fixture_next_row(f), "at most 23 figures");
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    f->frame.status.mode = MODE_OBSERVATION;
    fixture_publish(f);
    fixture_prompt(f, "buy");
    assert_has(fixture_next_row(f), "observation sends nothing");
    assert_int_equal(f->ui->overlay, OVERLAY_NONE);
    fixture_free(f);
}

/* `order` and Enter on another screen: the key is of the ladder, the command is not. */
static void test_order_leads_to_the_form_from_any_screen(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, '5');
    fixture_prompt(f, "order");
    assert_int_equal(f->ui->overlay, OVERLAY_TICKET);
    fixture_key(f, KEY_ESC);
    fixture_prompt(f, "help buy"); /* with the key that does it, as bound */
    assert_has(fixture_draw(f), "key    Enter");
    fixture_free(f);
}

/* Each says what is wrong with it, and what is allowed. */
static void test_a_figure_that_does_not_fit(void **state)
{
    static const char *const line[][2] = {
        {"size 99999999999999999999", "`99999999999999999999` is too big: at most 92233720368"},
        {"size 0.0000000001", "has too many decimals: at most 8"},
        {"size -1", "`-1` is not above 0"},
        {"size -99999999999999999999", "is not above 0"},
        {"flatten --worst 999999999999", "is too big: at most 92233720368, in steps of 0.01"},
        {"flatten --worst 0", "`0` is not above 0, in steps of 0.01"},
        {"flatten --worst 61800.001", "a price in steps of 0.01"},
        {"alert price > 99999999999999999999", "is too big: at most "},
        {"alert price > 1000000000", "`1000000000` is too big: at most "},
        {"alert price > abc", "`abc` is no number"},
    };
    struct fixture *f = fixture_new(200, 55);

    (void)state;
    for (size_t i = 0; i < sizeof(line) / sizeof(line[0]); i++) {
        fixture_prompt(f, line[i][0]);
        assert_has(fixture_next_row(f), line[i][1]);
    }
    assert_int_equal(fixture_count(f, COMMAND_FLATTEN) + fixture_count(f, COMMAND_ALERT), 0);
    fixture_prompt(f, "buy 99999999999999999999");
    assert_has(f->ui->ticket.why, "the size: `99999999999999999999` is too big: at most 92233720368");
    fixture_free(f);
}

static void test_a_layout_that_is_not_there(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "layout drop nope");
    assert_has(fixture_next_row(f), "no layout `nope`: none is saved; :layout save NAME keeps what is shown");
    fixture_prompt(f, "layout save morning");
    fixture_prompt(f, "layout save big");
    fixture_prompt(f, "layout drop nope");
    assert_has(fixture_next_row(f), "no layout `nope`; there are morning, big");
    fixture_prompt(f, "layout nope");
    assert_has(fixture_next_row(f), "no layout `nope`; there are morning, big");
    fixture_prompt(f, "layout drop");
    assert_has(fixture_next_row(f), "which? :layout drop NAME");
    fixture_free(f);
}

/* Whoever has no order is not sent to the key that cancels all of them. */
static void test_nothing_to_cancel(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    f->frame.lists.orders = f->frame.lists.orders_open = 0;
    for (int i = 0; i < VIEW_ROWS_MAX; i++)
        f->frame.ladder.row[i].own_count = 0;
    fixture_publish(f);
    fixture_key(f, 'u');
    assert_has(fixture_next_row(f),
               "no order is open, neither ours nor a strategy's; i sends one from the cursor");
    fixture_key(f, 'v');
    fixture_key(f, 'u');
    assert_has(fixture_next_row(f), "no order is open, neither ours nor a strategy's");
    f->frame.status.state = STATE_HALTED; /* no order leaves: nothing to propose */
    fixture_publish(f);
    fixture_key(f, KEY_ESC);
    fixture_key(f, 'u');
    assert_has(fixture_next_row(f), "no order is open, neither ours nor a strategy's ");
    fixture_free(f);
}

static void test_a_paste_says_what_became_of_it(void **state)
{
    const struct key_event paste = {.key = KEY_PASTE, .paste_bytes = 40};
    struct fixture *f = fixture_new(80, 24);

    (void)state;
    ui_key(f->ui, &paste, f->now_ns);
    assert_has(fixture_next_row(f), "PASTE  40 bytes dropped, nothing done: no pasting here; type it ");
    fixture_key(f, 'a');
    assert_true(f->ui->armed);
    ui_key(f->ui, &paste, f->now_ns);
    assert_false(f->ui->armed);
    assert_has(fixture_next_row(f), "40 bytes dropped, nothing done, one-key off: no pasting here; type it ");
    fixture_key(f, ':');
    ui_key(f->ui, &paste, f->now_ns);
    assert_has(fixture_draw(f), "no pasting here; type it, or --execute");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_of_others_lead_here),
        cmocka_unit_test(test_names_come_first),
        cmocka_unit_test(test_the_table_names_what_there_is),
        cmocka_unit_test(test_buy_and_sell_open_the_form),
        cmocka_unit_test(test_buy_says_why_not),
        cmocka_unit_test(test_order_leads_to_the_form_from_any_screen),
        cmocka_unit_test(test_a_figure_that_does_not_fit),
        cmocka_unit_test(test_a_layout_that_is_not_there),
        cmocka_unit_test(test_nothing_to_cancel),
        cmocka_unit_test(test_a_paste_says_what_became_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

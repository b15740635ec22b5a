/* Screen 8: its pictures, its lines and keys, and that what is not known has no number. */
#include "golden_screen.h"
#include "mock_system.h"

static struct fixture *system_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    mock_system(&f->frame);
    fixture_key(f, '8');
    fixture_publish(f);
    return f;
}

/* The first moment: the engine has not told anything yet. */
static struct fixture *empty_new(int cols, int rows)
{
    struct fixture *f = fixture_new(cols, rows);

    fixture_key(f, '8');
    return f;
}

static struct fixture *page_new(int cols, int rows)
{
    struct fixture *f = system_new(cols, rows);

    fixture_key(f, KEY_TAB);
    fixture_key(f, KEY_TAB);
    return f;
}

static void test_pictures(void **state)
{
    (void)state;
    golden_sizes(system_new, "mock-system");
    golden_sizes(empty_new, "mock-system-empty");
    golden_sizes(page_new, "mock-system-page");
}

static void test_the_screen_is_asked_for(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_key(f, '8');
    assert_int_equal(fixture_last(f, COMMAND_VIEW)->view.screen, SCREEN_SYSTEM);
    assert_has(fixture_next_row(f), "the engine is asked");
    fixture_key(f, KEY_DOWN);
    fixture_key(f, KEY_TAB);
    assert_whole_picture(f);
    fixture_free(f);
}

/* One line after the other, through all sections, and NEXT tells of each. */
static void test_the_cursor_passes_every_line(void **state)
{
    static const int size[][2] = {{80, 24}, {120, 36}, {200, 55}};

    (void)state;
    for (int s = 0; s < 3; s++) {
        struct fixture *f = system_new(size[s][0], size[s][1]);
        int lines = 0, last = f->frame.system.stages + f->frame.system.queues + f->frame.system.threads +
                              f->frame.system.facts;

        for (int section = 0; section < SYSTEM_SECTIONS; section++)
            lines += system_rows(f->ui, (enum system_section)section);
        assert_int_equal(lines, last);
        for (int i = 0; i < last; i++) {
            const struct view_fact *fact = system_fact(f->ui, f->ui->system.section, f->ui->system.row);
            const char *picture = fixture_draw(f);

            f->ui->say.until_ns = 0;
            if (fact != NULL)
                assert_has(picture, fact->name); /* the chosen one is on the screen */
            fixture_key(f, KEY_DOWN);
        }
        assert_has(fixture_next_row(f), "the last one");
        fixture_key(f, 'g');
        assert_int_equal(f->ui->system.section, SYSTEM_LATENCY);
        fixture_key(f, KEY_UP);
        assert_has(fixture_next_row(f), "the first one");
        fixture_key(f, 'G');
        assert_int_equal(f->ui->system.section, SYSTEM_VERSIONS);
        fixture_free(f);
    }
}

static void test_what_was_not_measured_has_no_number(void **state)
{
    struct fixture *f = system_new(80, 24);

    (void)state;
    for (int i = 0; i < 6; i++)
        fixture_key(f, KEY_DOWN);
    assert_has(fixture_next_row(f), "REST answer  round trip of a request to the venue: not measured");
    assert_has(fixture_draw(f), "REST answer         ?");
    fixture_free(f);
}

static void test_pages_of_a_narrow_screen(void **state)
{
    static const char *const page[] = {"queues  page 2 of 4", "storage  page 3 of 4", "start  page 4 of 4",
                                       "page 1 of 4"};
    struct fixture *f = system_new(80, 24);

    (void)state;
    for (int i = 0; i < 4; i++) {
        fixture_key(f, KEY_TAB);
        assert_has(fixture_draw(f), page[i]);
    }
    fixture_key(f, KEY_SHIFT | KEY_TAB);
    assert_has(fixture_draw(f), "page 4 of 4");
    fixture_free(f);
}

static void test_copied(void **state)
{
    struct fixture *f = system_new(120, 36);

    (void)state;
    fixture_key(f, 'y');
    assert_has(f->copied, "section,name,value\nlatency,venue to us,count=4000 p50=");
    assert_has(f->copied, "latency,REST answer,count=0 p50=- ");
    assert_has(f->copied, "queues,journal ring,now=1150 most=48230 bound=16777216\n");
    assert_has(f->copied, "threads,look,cpu_percent=? used_ms=40 sleeps\n");
    assert_has(f->copied, "instance,lease,\"ours, term 5000 ms, epoch 7\"\n");
    assert_has(f->copied, "versions,SQLite,\"3.40.1\"\n");
    fixture_free(f);
}

static void test_durations_and_bytes_in_words(void **state)
{
    static const struct {
        int64_t ns;
        const char *text;
    } time[] = {{VIEW_NONE, "-"},
                {0, "0"},
                {812, "812ns"},
                {1000, "1.00us"},
                {12449, "12.4us"},
                {999999, "999us"},
                {1240000, "1.24ms"},
                {99999999, "99.9ms"},
                {3400000000, "3.40s"},
                {INT64_C(99000000000), "99.0s"},
                {INT64_C(7200000000000), "2h"}};
    static const struct {
        uint64_t bytes;
        const char *text;
    } size[] = {{0, "0 B"},
                {1023, "1023 B"},
                {1024, "1.0 kB"},
                {1048575, "1023.9 kB"},
                {16777216, "16.0 MB"},
                {UINT64_C(270582939648), "252.0 GB"},
                {UINT64_MAX, "16777215.9 TB"}};

    (void)state;
    for (size_t i = 0; i < sizeof(time) / sizeof(time[0]); i++)
        assert_string_equal(number_duration(time[i].ns).text, time[i].text);
    for (size_t i = 0; i < sizeof(size) / sizeof(size[0]); i++)
        assert_string_equal(number_bytes(size[i].bytes).text, size[i].text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pictures),
        cmocka_unit_test(test_the_screen_is_asked_for),
        cmocka_unit_test(test_the_cursor_passes_every_line),
        cmocka_unit_test(test_what_was_not_measured_has_no_number),
        cmocka_unit_test(test_pages_of_a_narrow_screen),
        cmocka_unit_test(test_copied),
        cmocka_unit_test(test_durations_and_bytes_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

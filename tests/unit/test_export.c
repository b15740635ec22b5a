/* A list goes into a new file: where, with which rights, what is refused, and what the screen says of it. */
#include "golden_screen.h"
#include "mock_market.h"

#include "app/export_file.h"
#include "tui/csv.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[64];

static int setup(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/flowdeck-export-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    char command[192];

    (void)state;
    snprintf(command, sizeof(command), "chmod -R u+rwx '%s' && rm -rf '%s'", folder, folder);
    return system(command) == 0 ? 0 : -1; /* NOLINT(cert-env33-c): a fixed command of our own */
}

/* Waits for the thread, however loaded the machine is. */
static enum err write_it(const char *name, char text[EXPORT_PATH_SIZE])
{
    struct export_file *file = NULL;
    enum err err = export_file_begin(folder, name, "fills", "a,b\n1,2\n", 8, &file, text, EXPORT_PATH_SIZE);

    for (int i = 0; i < 6000 && err == ERR_OK && !export_file_over(file, &err, text, EXPORT_PATH_SIZE); i++)
        usleep(5000);
    export_file_end(file);
    return err;
}

static void assert_holds(const char *path, const char *expected)
{
    char text[64] = "";
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    assert_true(fd >= 0);
    assert_true(read(fd, text, sizeof(text) - 1) >= 0);
    assert_int_equal(fstat(fd, &status), 0);
    close(fd);
    assert_string_equal(text, expected);
    assert_int_equal(status.st_mode & 07777, 0600);
}

static void test_named_by_what_it_is(void **state)
{
    char first[EXPORT_PATH_SIZE], second[EXPORT_PATH_SIZE], dir[128];
    struct stat status;

    (void)state;
    assert_int_equal(write_it("", first), ERR_OK);
    assert_int_equal(write_it("", second), ERR_OK);
    assert_string_not_equal(first, second); /* in the same second, too */
    snprintf(dir, sizeof(dir), "%s/export", folder);
    assert_int_equal(strncmp(first, dir, strlen(dir)), 0);
    assert_has(first, "/export/fills-20");
    assert_has(first, ".csv");
    assert_int_equal(stat(dir, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0700);
    assert_holds(first, "a,b\n1,2\n");
    assert_holds(second, "a,b\n1,2\n");
}

static void test_nothing_is_overwritten(void **state)
{
    char text[EXPORT_PATH_SIZE], path[128], other[128];
    FILE *file;

    (void)state;
    assert_int_equal(write_it("mine.csv", text), ERR_OK);
    assert_has(text, "/export/mine.csv");
    assert_int_equal(write_it("mine.csv", text), ERR_IO);
    assert_has(text, "mine.csv: is there already; nothing is overwritten");
    snprintf(path, sizeof(path), "%s/whole.csv", folder);
    assert_int_equal(write_it(path, text), ERR_OK);
    assert_string_equal(text, path);
    file = fopen(path, "we");
    assert_non_null(file);
    fputs("precious", file);
    fclose(file);
    assert_int_equal(write_it(path, text), ERR_IO);
    assert_holds(path, "precious");
    snprintf(other, sizeof(other), "%s/link.csv", folder); /* nor what a link points to */
    assert_int_equal(symlink("nowhere.csv", other), 0);
    assert_int_equal(write_it(other, text), ERR_IO);
    snprintf(other, sizeof(other), "%s/nowhere.csv", folder);
    assert_int_equal(access(other, F_OK), -1);
}

static void test_errors_are_one_line(void **state)
{
    static const char *const name[] = {"a/b.csv", "..", "./x", "a\nb"};
    char text[EXPORT_PATH_SIZE], path[256];
    struct export_file *file = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
        assert_int_equal(write_it(name[i], text), ERR_USAGE);
        assert_null(strchr(text, '\n'));
    }
    memset(path, 'a', 250);
    path[250] = '\0';
    assert_int_equal(write_it(path, text), ERR_USAGE);
    assert_int_equal(export_file_begin("", "", "fills", "", 0, &file, text, sizeof(text)), ERR_USAGE);
    assert_has(text, "no data directory");
    snprintf(path, sizeof(path), "%s/no/such/folder.csv", folder);
    assert_int_equal(write_it(path, text), ERR_IO);
    assert_has(text, strerror(ENOENT));
    snprintf(path, sizeof(path), "%s/export", folder);
    (void)rmdir(path);
    if (geteuid() != 0) { /* who may do everything is stopped by nothing */
        assert_int_equal(chmod(folder, 0500), 0);
        assert_int_equal(write_it("x.csv", text), ERR_IO);
        assert_int_equal(chmod(folder, 0700), 0);
    }
    assert_int_equal(write_it("/dev/full", text), ERR_IO); /* it is there: never opened */
}

/* --- an end in the middle -------------------------------------------------------------------------------------- */

#define LARGE ((size_t)64 << 20)

static bool has_begun(const char *path)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    bool found = false;

    while (dir != NULL && !found && (entry = readdir(dir)) != NULL)
        found = strstr(entry->d_name, "large") != NULL;
    if (dir != NULL)
        closedir(dir);
    return found;
}

/* The program ends while the disk is at it: whatever has the file's name is all of it. */
static void test_half_a_list_never_has_its_name(void **state)
{
    char path[128], file_path[192], why[EXPORT_WHY_SIZE];
    struct export_file *file;
    struct stat status;
    int ended;
    pid_t child;

    (void)state;
    snprintf(path, sizeof(path), "%s/export", folder);
    snprintf(file_path, sizeof(file_path), "%s/large.csv", path);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char *text = calloc(1, LARGE);

        if (text == NULL ||
            export_file_begin(folder, "large.csv", "fills", text, LARGE, &file, why, sizeof(why)) != ERR_OK)
            _exit(1);
        while (!has_begun(path))
            ;
        _exit(0);
    }
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
    assert_true(stat(file_path, &status) != 0 || (size_t)status.st_size == LARGE);
}

/* Nothing but lists is left, whatever was refused. */
static void test_no_other_file_is_left(void **state)
{
    char text[EXPORT_PATH_SIZE], path[128];
    struct dirent **entry = NULL;
    int count;

    (void)state;
    assert_int_equal(write_it("mine.csv", text), ERR_OK);
    assert_int_equal(write_it("mine.csv", text), ERR_IO);
    snprintf(path, sizeof(path), "%s/export", folder);
    count = scandir(path, &entry, NULL, alphasort);
    assert_int_equal(count, 3);
    assert_string_equal(entry[2]->d_name, "mine.csv");
    while (count > 0)
        free(entry[--count]);
    free(entry);
}

/* --- the screen ----------------------------------------------------------------------------------------------- */

static void test_the_list_that_is_shown(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    mock_market(&f->frame);
    fixture_key(f, '3');
    fixture_publish(f);
    fixture_key(f, '/');
    fixture_type(f, "eth");
    fixture_key(f, KEY_ENTER);
    fixture_key(f, 'Y');
    assert_string_equal(f->saved_as, "|instruments");
    assert_has(f->copied, "ETHUSDT,");
    assert_null(strstr(f->copied, "BTCUSDT"));
    assert_has(fixture_next_row(f), "writing 1 row of instruments");
    ui_saved(f->ui, true, "/data/export/instruments-1.csv", f->now_ns);
    assert_has(fixture_next_row(f), "EXPORT  1 row: /data/export/instruments-1.csv");
    fixture_prompt(f, "export mine.csv");
    assert_string_equal(f->saved_as, "mine.csv|instruments");
    ui_saved(f->ui, false, "mine.csv: is there already; nothing is overwritten", f->now_ns);
    assert_has(fixture_next_row(f), "NO FILE  mine.csv: is there already");
    f->full = true;
    fixture_prompt(f, "export ..");
    assert_has(fixture_next_row(f), "NO FILE  that is no name of a file");
    fixture_free(f);
}

/* Of the chosen tab, in its order; what became of it stands in the log, too. */
static void test_tabs(void **state)
{
    struct fixture *f = fixture_new(120, 36);

    (void)state;
    fixture_prompt(f, "export");
    assert_string_equal(f->saved_as, "|orders");
    fixture_key(f, KEY_TAB);
    fixture_prompt(f, "export");
    assert_string_equal(f->saved_as, "|fills");
    assert_has(f->copied, "time_ns,id,symbol,owner,side,liquidity");
    ui_saved(f->ui, true, "/x/fills.csv", f->now_ns);
    assert_has(f->ui->note[0].text, "exported to /x/fills.csv");
    fixture_key(f, '5');
    fixture_prompt(f, "export");
    assert_string_equal(f->saved_as, "|controls");
    fixture_key(f, '2');
    fixture_prompt(f, "export");
    assert_has(fixture_next_row(f), "screen 2 Chart lists nothing");
    fixture_free(f);
}

/* The clipboard has room for some of a page of long rows, and says where the rest goes; a file has room for all. */
static void test_a_file_takes_what_the_clipboard_cannot(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_trail *trail = f->ui->trail;
    static struct csv csv;

    (void)state;
    trail->rows = TRAIL_PAGE_MAX;
    for (int i = 0; i < TRAIL_PAGE_MAX; i++) {
        struct view_trail_row *row = &trail->row[i];

        *row = (struct view_trail_row){.seq = UINT64_MAX, .order_seq = UINT64_MAX, .ts_ns = INT64_MAX};
        memset(row->what, 'w', sizeof(row->what) - 1);
        memset(row->owner, 'o', sizeof(row->owner) - 1);
        memset(row->symbol, 'S', sizeof(row->symbol) - 1);
        memset(row->text, '"', sizeof(row->text) - 1);
    }
    assert_string_equal(journal_csv(f->ui, &csv), "records");
    assert_int_equal(csv.rows, TRAIL_PAGE_MAX);
    assert_false(csv.cut);
    assert_true(csv.used > CSV_COPY_MAX);
    csv.most = CSV_COPY_MAX;
    journal_csv(f->ui, &csv);
    assert_true(csv.cut && csv.used < CSV_COPY_MAX && csv.rows < TRAIL_PAGE_MAX && csv.rows > 100);
    assert_int_equal(csv.text[csv.used - 1], '\n');
    fixture_free(f);
}

/* Each row in the steps of its own instrument, whichever is shown. */
static void test_rows_of_other_instruments(void **state)
{
    struct fixture *f = fixture_new(120, 36);
    struct view_fill *row = &f->frame.lists.fill[0];

    (void)state;
    mock_market(&f->frame);
    row->fill.instrument_id = 3;
    row->fill.price_ticks = 921;
    row->slippage_e8 = 150000;
    fixture_publish(f);
    fixture_key(f, KEY_TAB);
    fixture_prompt(f, "export");
    assert_has(f->copied, ",PEPEUSDT,");
    assert_has(f->copied, ",0.00000921,");
    assert_has(f->copied, ",0.0015\n");
    fixture_free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_named_by_what_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_is_overwritten, setup, teardown),
        cmocka_unit_test_setup_teardown(test_errors_are_one_line, setup, teardown),
        cmocka_unit_test_setup_teardown(test_half_a_list_never_has_its_name, setup, teardown),
        cmocka_unit_test_setup_teardown(test_no_other_file_is_left, setup, teardown),
        cmocka_unit_test(test_the_list_that_is_shown),
        cmocka_unit_test(test_tabs),
        cmocka_unit_test(test_a_file_takes_what_the_clipboard_cannot),
        cmocka_unit_test(test_rows_of_other_instruments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

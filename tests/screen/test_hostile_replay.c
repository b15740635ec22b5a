/*
 * test_hostile_replay.c - the real program on a recording of a venue that wants to do harm: no control of it is in what it
 * prints, in its log, or in the bytes for the terminal. FLOWDECK_SOAK=1: 100,000 messages instead of 3,000.
 */
#include "screen/kill_stage.h"
#include "unit/hostile_text.h"

#include <limits.h>

#define MESSAGES      3000
#define MESSAGES_SOAK 100000
#define WATCH_MS      4000
#define FIRST_NS      INT64_C(1723161601000000000)
#define OUT_MAX       (64 << 20)

static int messages(void)
{
    const char *soak = getenv("FLOWDECK_SOAK");

    return soak != NULL && strcmp(soak, "1") == 0 ? MESSAGES_SOAK : MESSAGES;
}

static char recording[128];

/* A thousand a second; one in ten a trade as it should be. */
static void write_recording(void)
{
    uint64_t random = 17;
    FILE *out;

    snprintf(recording, sizeof(recording), "%s", path_of("hostile.jsonl"));
    out = fopen(recording, "we");
    assert_non_null(out);
    for (int i = 0; i < messages(); i++) {
        const char *const *place = hostile_place[random_next(&random) % HOSTILE_PLACES];
        char text[HOSTILE_MAX], quoted[8 * HOSTILE_MAX];
        size_t size = hostile_draw(&random, text);

        fprintf(out, "%" PRId64 " ", FIRST_NS + i * INT64_C(1000000));
        if (i % 10 == 0)
            fprintf(out,
                    "{\"stream\":\"btcusdt@trade\",\"data\":{\"e\":\"trade\",\"E\":%" PRId64
                    ",\"s\":\"BTCUSDT\",\"t\":%d,\"p\":\"61842.18\",\"q\":\"0.10000\",\"T\":%" PRId64
                    ",\"m\":true}}\n",
                    FIRST_NS / 1000000 + i, i, FIRST_NS / 1000000 + i);
        else if (i % 2 == 0)
            fprintf(out, "%s%s%s\n", place[0], text, place[1]);
        else if (hostile_json(text, size, quoted, sizeof(quoted)) > 0)
            fprintf(out, "%s%s%s\n", place[0], quoted, place[1]);
    }
    assert_int_equal(fclose(out), 0);
}

static size_t check_file(const char *path, const char *what)
{
    static char line[1 << 20];
    size_t lines = 0;
    FILE *in = fopen(path, "re");

    if (in == NULL)
        fail_msg("%s is not there", path);
    while (fgets(line, sizeof(line), in) != NULL) {
        hostile_check(line, strlen(line), true, what);
        lines++;
    }
    fclose(in);
    return lines;
}

static size_t run_headless(const char *json)
{
    const char *const words[] = {"replay", recording, "--headless", json, NULL};
    char path[128];
    int fd, status;

    snprintf(path, sizeof(path), "%s", path_of("out"));
    fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    status = wait_for_end(running = spawn_to(words, fd), NULL);
    close(fd);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 3); /* bad lines */
    return check_file(path, json == NULL ? "printed for people" : "printed as JSON");
}

static void test_no_control_leaves_the_program(void **state)
{
    const char *const argv[] = {program,      "replay",     recording, "--mode",
                                "simulation", "--data-dir", folder,    NULL};
    size_t printed, logged, drawn;
    struct vt *vt;

    (void)state;
    write_recording();
    printed = run_headless(NULL) + run_headless("--json");
    vt = vt_start(&(struct vt_options){.rows = 55, .cols = 200, .argv = argv, .keep_raw = true});
    vt_expect(vt, "SIMULATION", START_MS);
    for (int64_t end_ms = vt_now_ms() + WATCH_MS; vt_now_ms() < end_ms;) {
        vt_pump(vt, 20);
        if (vt_now_ms() % 500 < 20)
            vt_send(vt, "\t"); /* the next list */
    }
    kill(vt->pid, SIGTERM);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_true(vt_is_sane(vt));
    hostile_check_terminal(vt->raw, vt->raw_size);
    drawn = vt->raw_size;
    vt_free(vt);
    logged = check_file(path_of("flowdeck.log"), "log");
    print_message("%d hostile messages replayed: %zu lines printed, %zu logged, %zu bytes drawn: 0 control "
                  "bytes of theirs\n",
                  messages(), printed, logged, drawn);
}

/* --- its files -------------------------------------------------------------------------------------------------------- */

/* Lines typed before, as somebody else may have left them: each piece behind a word of ours, one of 100 kB. */
static void write_history(void)
{
    FILE *out = fopen(path_of("history"), "we");

    assert_non_null(out);
    for (size_t i = 0; i < sizeof(hostile_piece) / sizeof(hostile_piece[0]); i++)
        fprintf(out, "note a%sb\n", hostile_piece[i]);
    fputs("note ", out);
    for (int i = 0; i < 100000; i += 3)
        fputs("\xe2\x80\xae", out);
    fputs("\nnote an e\xcc\x81 and a \xe6\x9c\xac\n", out);
    assert_int_equal(fclose(out), 0);
}

/* A recording whose name is a command to a terminal, lines typed before that are, a theme and an instrument that are none. */
static void test_names_of_files_and_lines_typed_before(void **state)
{
    char demo[PATH_MAX], built[600], name[128];
    const char *const argv[] = {program, "replay", name,         "--mode", "simulation",
                                "--at",  "14:05",  "--data-dir", folder,   NULL};
    const char *const env[] = {"FLOWDECK_STORE_ON=true", NULL};
    struct vt *vt;

    (void)state;
    snprintf(built, sizeof(built), "%.*s/demo.jsonl.gz", (int)(strrchr(program, '/') - program), program);
    assert_non_null(realpath(built, demo));
    snprintf(name, sizeof(name), "%s",
             path_of("a\033]0;31337\a\033[31337m\xc2\x9b\x9b\xe2\x80\xae\xe2\x80\x8b\ne\xcc\x81\xe6\x9c\xac."
                     "jsonl.gz"));
    assert_int_equal(symlink(demo, name), 0);
    write_history();
    vt = vt_start(&(struct vt_options){.rows = 55, .cols = 200, .argv = argv, .env = env, .keep_raw = true});
    vt_expect(vt, "SIMULATION", START_MS);
    vt_expect(vt, "NEXT", START_MS);
    for (int i = 0; i < 2; i++) {
        vt_send(vt, ":");
        vt_expect(vt, "COMMAND", ANSWER_MS);
        for (int up = 0; up < 60; up++) { /* past every line that there is */
            vt_send(vt, "\033[A");
            vt_settle(vt, 10, 40);
        }
        vt_send(vt, i == 0 ? "\033" : "\r\r"); /* the oldest is run again */
        for (int wait = 0; wait < ANSWER_MS / 20 && vt_shows(vt, "COMMAND"); wait++)
            vt_pump(vt, 20);
        vt_settle(vt, 100, 300);
    }
    assert_false(vt_reap(vt));
    kill(vt->pid, SIGTERM);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_true(vt_is_sane(vt));
    hostile_check_terminal(vt->raw, vt->raw_size);
    vt_free(vt);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KILL_TEST(test_no_control_leaves_the_program),
        KILL_TEST(test_names_of_files_and_lines_typed_before),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

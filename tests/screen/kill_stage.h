/*
 * kill_stage.h - the real program in a data directory of its own, for tests of the kill: started, waited for, ended;
 * its files and what it has stored.
 */
#ifndef SCREEN_KILL_STAGE_H
#define SCREEN_KILL_STAGE_H

#include "screen/control_client.h"
#include "unit/full_disk.h"
#include "unit/own_folder.h"

#include <inttypes.h>
#include <sqlite3.h>

#define START_MS  20000
#define ANSWER_MS 8000

static char program[512];
static pid_t running; /* of a test that failed: ended with it */

/* First of all: where the program is. */
static inline void stage_find_program(void)
{
    const char *build = getenv("FLOWDECK_BUILD");

    snprintf(program, sizeof(program), "%s/flowdeck", build == NULL ? "build" : build);
}

static inline int make_folder(void **state)
{
    (void)state;
    return own_folder_make("kill");
}

static inline int drop_folder(void **state)
{
    if (running > 0) {
        kill(running, SIGKILL);
        waitpid(running, NULL, 0);
        usleep(300000); /* for its dead man */
    }
    running = 0;
    while (umount2(folder, MNT_DETACH) == 0) /* what a test that failed has mounted there */
        continue;
    return own_folder_drop(state);
}

static inline const char *path_of(const char *name)
{
    static char path[128];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

static inline bool is_there(const char *name)
{
    return access(path_of(name), F_OK) == 0;
}

static inline bool comes(const char *name, bool there)
{
    for (int i = 0; i < ANSWER_MS && is_there(name) != there; i++)
        usleep(1000);
    return is_there(name) == there;
}

/* --- its file system ------------------------------------------------------------------------------------------- */

static inline void empty_disk(void)
{
    assert_int_equal(unlink(path_of("filling")), 0);
}

/* --- the program ------------------------------------------------------------------------------------------------ */

/* out_fd: where its standard output and errors go; -1: nowhere. */
static inline pid_t spawn_to(const char *const *words, int out_fd)
{
    const char *argv[24] = {program};
    int count = 1;
    pid_t pid;

    for (; words[count - 1] != NULL && count < 20; count++)
        argv[count] = words[count - 1];
    argv[count++] = "--data-dir";
    argv[count++] = folder;
    pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);

        dup2(null, STDIN_FILENO);
        dup2(out_fd < 0 ? null : out_fd, STDOUT_FILENO);
        dup2(out_fd < 0 ? null : out_fd, STDERR_FILENO);
        execv(program, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    assert_true(pid > 0);
    return pid;
}

static inline pid_t spawn(const char *const *words)
{
    return spawn_to(words, -1);
}

static inline int wait_for_end(pid_t pid, struct vt *vt)
{
    int64_t by_ms = vt_now_ms() + 20000;
    int status = 0;

    while (waitpid(pid, &status, WNOHANG) != pid) {
        if (vt_now_ms() >= by_ms)
            fail_msg("the program does not end");
        if (vt != NULL)
            vt_pump(vt, 2);
        else
            usleep(2000);
    }
    if (pid == running)
        running = 0;
    return status;
}

static inline pid_t start_headless(int *fd)
{
    static const char *const words[] = {"--demo", "--headless", "--seed", "5", "--symbol", "BTCUSDT", NULL};
    pid_t pid = running = spawn(words);

    *fd = client_open(folder, NULL, START_MS);
    client_wait_live(*fd, NULL, START_MS);
    return pid;
}

static inline void end_in_order(pid_t pid, int fd)
{
    int status;

    close(fd);
    kill(pid, SIGTERM);
    status = wait_for_end(pid, NULL);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

/* --- what is known of it ---------------------------------------------------------------------------------------- */

static inline bool is_killed(const json_t *status)
{
    return strcmp(client_text(status, "state"), "KILLED") == 0;
}

static inline const char *latched(const json_t *status)
{
    return client_text(json_object_get(status, "kill"), "latched");
}

/* Of its database: one number. */
static inline int64_t query(const char *sql)
{
    sqlite3 *handle;
    sqlite3_stmt *statement;
    int64_t value;

    assert_int_equal(sqlite3_open_v2(path_of("flowdeck.db"), &handle, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    sqlite3_busy_timeout(handle, 5000);
    if (sqlite3_prepare_v2(handle, sql, -1, &statement, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return value;
}

/* Orders as lines "sent_ns symbol side manual or strategy", to be compared as sets. */
struct sent_lines {
    char (*line)[80];
    size_t count, room;
};

static inline char *sent_line_add(struct sent_lines *lines)
{
    if (lines->count == lines->room) {
        lines->room = lines->room == 0 ? 4096 : lines->room * 2;
        lines->line = realloc(lines->line, lines->room * sizeof(*lines->line));
        assert_non_null(lines->line);
    }
    return lines->line[lines->count++];
}

/* Between KILLED and PAUSED no line says "order". A replace is asked for and may be denied: it is no order of its own. */
static inline struct sent_lines check_decisions(int kills)
{
    struct sent_lines sent = {NULL, 0, 0};
    char line[512], kind[16], when[24], symbol[24], owner[24], side[8];
    FILE *in = fopen(path_of("decisions"), "re");
    int killed = 0, replaces = 0;
    bool off = false;

    assert_non_null(in);
    while (fgets(line, sizeof(line), in) != NULL) {
        assert_int_equal(sscanf(line, "%23s %15s %23s %23s %7s", when, kind, symbol, owner, side), 5);
        if (strcmp(kind, "state") == 0) {
            off = strstr(line, " KILLED") != NULL;
            killed += off;
        } else if (strcmp(kind, "order") == 0) {
            if (off)
                fail_msg("an order after a kill: %s", line);
            snprintf(sent_line_add(&sent), sizeof(sent.line[0]), "%s %s %s %s", when, symbol, side,
                     strcmp(owner, "manual") == 0 ? "manual" : "strategy");
        }
        replaces += strcmp(kind, "replace") == 0;
    }
    fclose(in);
    assert_int_equal(killed, kills);
    print_message(
        "the decisions: %d kills, %zu orders, none of them between a kill and its clear; %d times new "
        "terms for one\n",
        killed, sent.count, replaces);
    return sent;
}

static inline int compare_sent(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* What was decided is what is stored: each order that was sent once, and no other. Frees the lines. */
static inline void check_all_stored(struct sent_lines *decided)
{
    static const char sql[] = "SELECT orders.sent_ns || ' ' || symbol || ' ' || side || ' ' || "
                              "iif(owner = 0, 'manual', 'strategy') FROM orders JOIN instruments ON "
                              "instruments.session = orders.session AND instruments.id = orders.instrument";
    struct sent_lines stored = {NULL, 0, 0};
    sqlite3 *handle;
    sqlite3_stmt *statement;

    assert_int_equal(sqlite3_open_v2(path_of("flowdeck.db"), &handle, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
    while (sqlite3_step(statement) == SQLITE_ROW)
        snprintf(sent_line_add(&stored), sizeof(stored.line[0]), "%s", sqlite3_column_text(statement, 0));
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    assert_true(decided->count > 0 && stored.count > 0);
    qsort(decided->line, decided->count, sizeof(*decided->line), compare_sent);
    qsort(stored.line, stored.count, sizeof(*stored.line), compare_sent);
    for (size_t i = 0; i < decided->count && i < stored.count; i++)
        if (strcmp(decided->line[i], stored.line[i]) != 0)
            fail_msg("decided: %s; stored: %s", decided->line[i], stored.line[i]);
    assert_int_equal(decided->count, stored.count);
    free(decided->line);
    free(stored.line);
}

/*
 * What was stored, by the engine's own clock: orders sent and fills from a kill to its clear. What bears the same time
 * as the kill came before it, what bears that of the clear after it: no event of the feed lies between.
 */
static inline void count_while_killed(int64_t *sent, int64_t *filled)
{
    static const char sql[] =
        "SELECT ts_ns, 0 AS kind FROM audit WHERE event = 'state' AND text LIKE 'PAUSED kill cleared%' "
        "UNION ALL SELECT sent_ns, 1 FROM orders UNION ALL SELECT ts_ns, 2 FROM fills "
        "UNION ALL SELECT ts_ns, 3 FROM audit WHERE event = 'kill' ORDER BY 1, 2";
    sqlite3 *handle;
    sqlite3_stmt *statement;
    bool killed = false;

    assert_int_equal(sqlite3_open_v2(path_of("flowdeck.db"), &handle, SQLITE_OPEN_READWRITE, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &statement, NULL), SQLITE_OK);
    *sent = *filled = 0;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        int kind = sqlite3_column_int(statement, 1);

        *sent += killed && kind == 1;
        *filled += killed && kind == 2;
        if (kind == 0 || kind == 3)
            killed = kind == 3;
    }
    sqlite3_finalize(statement);
    sqlite3_close(handle);
}

#define KILL_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)

#endif

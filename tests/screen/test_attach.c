/*
 * test_attach.c - screens of other terminals on the real program: two that look at different things, control that changes
 * hands, the kill from each, terminals and engines that go, what is no engine or no screen at the socket.
 */
#include "screen/kill_stage.h"

#include "service/attach_client.h"

#include <sys/socket.h>
#include <sys/un.h>

#define CPU_MAX_PERCENT                                                                                      \
    60 /* of a processor, all threads and the market: far above what it takes, far below a spin */

static struct vt *attach_with(int rows, int cols, const char *const *more)
{
    const char *argv[16] = {program, "attach", "--data-dir", folder};
    int count = 4;

    for (int i = 0; more != NULL && more[i] != NULL; i++)
        argv[count++] = more[i];
    return vt_start(&(struct vt_options){.rows = rows, .cols = cols, .argv = argv});
}

static struct vt *attach(void)
{
    return attach_with(36, 120, NULL);
}

static pid_t start_engine(int *fd)
{
    static const char *const words[] = {"--demo",   "--headless",      "--seed", "5",
                                        "--symbol", "BTCUSDT,ETHUSDT", NULL};
    pid_t pid = running = spawn(words);

    *fd = client_open(folder, NULL, START_MS);
    client_wait_live(*fd, NULL, START_MS);
    return pid;
}

/* "pts/3": as the others call it. */
static const char *name_of(const struct vt *vt)
{
    static char name[64];

    assert_int_equal(ptsname_r(vt->master, name, sizeof(name)), 0);
    memmove(name, name + 5, strlen(name + 5) + 1);
    return name;
}

static void expect_controller(struct vt *vt, const struct vt *who)
{
    char words[96];

    snprintf(words, sizeof(words), "ATTACHED, %s controls", name_of(who));
    vt_expect(vt, words, ANSWER_MS);
}

static bool mode_is(int fd, const char *mode)
{
    json_t *root = client_status(fd);
    bool same = strcmp(client_text(root, "mode"), mode) == 0;

    json_decref(root);
    return same;
}

static bool state_comes(int fd, const char *state)
{
    for (int64_t by_ms = vt_now_ms() + ANSWER_MS; vt_now_ms() < by_ms; usleep(20000)) {
        json_t *root = client_status(fd);
        bool same = strcmp(client_text(root, "state"), state) == 0;

        json_decref(root);
        if (same)
            return true;
    }
    return false;
}

static void detach(struct vt *vt, const char *keys)
{
    vt_send(vt, keys);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_int_equal(vt_exit_code(vt), 0);
    assert_true(vt_is_sane(vt));
    assert_true(vt_shows(vt, "detached; pid"));
    vt_free(vt);
}

/* A second passes on its clock. */
static bool is_live(struct vt *vt)
{
    char before[512];

    vt_settle(vt, 100, 300);
    snprintf(before, sizeof(before), "%s", vt_text(vt));
    for (int waited_ms = 0; waited_ms < ANSWER_MS; waited_ms += 250) {
        vt_settle(vt, 250, 250);
        if (strncmp(before, vt_text(vt), sizeof(before) - 1) != 0)
            return true;
    }
    return false;
}

/* --- looking ---------------------------------------------------------------------------------------------------- */

/* T11: both live, each with its own instrument and screen. */
static void test_two_screens_look_at_different_things(void **state)
{
    static const char *const other[] = {"--symbol", "ethusdt", "--screen", "risk", NULL};
    struct vt *one, *two;
    int fd;
    pid_t pid = start_engine(&fd);

    (void)state;
    one = attach();
    vt_expect(one, "ATTACHED, you control", START_MS);
    vt_expect(one, "BTCUSDT", ANSWER_MS);
    two = attach_with(36, 120, other);
    vt_expect(two, "limits", START_MS);
    expect_controller(two, one);
    vt_expect(two, "ETHUSDT", ANSWER_MS);
    vt_send(two, "4");
    vt_expect(two, "parameters", ANSWER_MS);
    vt_send(two, "1");
    vt_expect(two, "order flow", ANSWER_MS);
    assert_true(strstr(vt_row(two, 0), "ETHUSDT") != NULL);
    vt_settle(one, 100, 300);
    assert_true(strstr(vt_row(one, 0), "BTCUSDT") != NULL);
    assert_true(is_live(one) && is_live(two));
    vt_send(one, "n");
    vt_expect(one, "ETHUSDT", ANSWER_MS);
    vt_send(two, "n");
    vt_expect(two, "BTCUSDT", ANSWER_MS);
    detach(two, ":detach\r");
    detach(one, "q");
    end_in_order(pid, fd);
}

static void test_an_unknown_instrument_is_refused_in_words(void **state)
{
    static const char *const other[] = {"--symbol", "XRPUSDT", NULL};
    struct vt *vt;
    int fd;
    pid_t pid = start_engine(&fd);

    (void)state;
    vt = attach_with(24, 80, other);
    vt_expect(vt, "the engine has no XRPUSDT; it has BTCUSDT ETHUSDT", ANSWER_MS);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_int_equal(vt_exit_code(vt), 2);
    vt_free(vt);
    end_in_order(pid, fd);
}

/* --- control ---------------------------------------------------------------------------------------------------- */

static void test_control_is_asked_for_and_changes_hands(void **state)
{
    struct vt *one, *two;
    char words[96];
    int fd;
    pid_t pid = start_engine(&fd);

    (void)state;
    one = attach();
    vt_expect(one, "ATTACHED, you control", START_MS);
    two = attach();
    expect_controller(two, one);
    snprintf(words, sizeof(words), "%s is in control; :control takes it", name_of(one));
    vt_send(two, "o");
    vt_expect(two, words, ANSWER_MS);
    vt_send(two, " ");
    vt_send(two, "i");
    vt_settle(two, 200, 600);
    assert_true(mode_is(fd, "SIMULATION"));
    assert_true(state_comes(fd, "ACTIVE"));
    vt_send(one, "a");
    vt_expect(one, "ARMED", ANSWER_MS);
    vt_send(two, ":control\r");
    vt_expect(two, "ATTACHED, you control", ANSWER_MS);
    vt_expect(one, "WATCHING", ANSWER_MS);
    expect_controller(one, two);
    assert_false(vt_shows(one, "ARMED"));
    vt_send(one, " ");
    vt_settle(one, 200, 600);
    assert_true(state_comes(fd, "ACTIVE"));
    vt_send(two, " ");
    assert_true(state_comes(fd, "PAUSED"));
    detach(two, "q");
    vt_expect(one, "ATTACHED, nobody in control", ANSWER_MS);
    vt_send(one, ":go\r");
    vt_expect(one, "nobody is in control", ANSWER_MS);
    vt_send(one, ":control\r");
    vt_expect(one, "ATTACHED, you control", ANSWER_MS);
    detach(one, "q");
    end_in_order(pid, fd);
}

static void test_the_kill_works_from_each(void **state)
{
    static const char *const look[] = {"--readonly", NULL};
    struct vt *one, *two, *three;
    int fd;
    pid_t pid = start_engine(&fd);

    (void)state;
    one = attach();
    vt_expect(one, "ATTACHED, you control", START_MS);
    two = attach_with(36, 120, look);
    vt_expect(two, "read only", START_MS);
    vt_send(two, " ");
    vt_send(two, ":control\r");
    vt_expect(two, "a read-only screen cannot be in control", ANSWER_MS);
    assert_true(state_comes(fd, "ACTIVE"));
    vt_send(two, "K");
    vt_expect(two, "KILL THE ENGINE'S TRADING?", ANSWER_MS);
    vt_settle(two, 600, 600);
    vt_send(two, "y");
    assert_true(state_comes(fd, "KILLED"));
    vt_expect(one, "KILLED", ANSWER_MS);
    vt_send(two, ":clear-kill\r");
    vt_expect(two, "this screen is read only", ANSWER_MS);
    vt_send(one, ":clear-kill\r");
    vt_settle(one, 100, 300);
    vt_send(one, "resume\r");
    assert_true(state_comes(fd, "PAUSED"));
    three = attach();
    expect_controller(three, one);
    vt_send(three, "K");
    assert_true(state_comes(fd, "KILLED"));
    detach(three, "q");
    vt_hang_up(two);
    detach(one, "q");
    vt_free(two);
    end_in_order(pid, fd);
}

/* What the other end's process does, and what its journal has: a pause from here is a row a moment later. */
static void test_system_and_journal_over_there(void **state)
{
    static const char *const system[] = {"--screen", "system", NULL};
    struct vt *vt;
    int fd;
    pid_t pid = start_engine(&fd);

    (void)state;
    vt = attach_with(55, 200, system);
    vt_expect(vt, "journal sync", START_MS);
    vt_expect(vt, "attach.sock", ANSWER_MS); /* its threads, not ours */
    vt_expect(vt, "pid ", ANSWER_MS);
    vt_send(vt, "7");
    vt_expect(vt, "run begins", ANSWER_MS);
    vt_expect(vt, "follows", ANSWER_MS);
    vt_send(vt, " ");
    vt_expect(vt, "PAUSED by ", ANSWER_MS);
    vt_send(vt, "/recovery\r");
    vt_expect(vt, "/recovery  1 row", ANSWER_MS);
    vt_send(vt, "\033");
    vt_expect(vt, "run begins", ANSWER_MS);
    detach(vt, ":detach\r");
    end_in_order(pid, fd);
}

/* --- coming back -------------------------------------------------------------------------------------------------- */

/* As it is typed: what comes faster than fingers is a paste. */
static void type(struct vt *vt, const char *line)
{
    for (char key[2] = ""; *line != '\0'; line++) {
        key[0] = *line;
        vt_send(vt, key);
        for (int64_t next_ms = vt_now_ms() + 60; vt_now_ms() < next_ms;)
            vt_pump(vt, 3);
    }
}

/* T01: a closed terminal, then another one on the same engine: same state. */
static void test_a_closed_terminal_is_attached_again(void **state)
{
    const char *argv[] = {program,   "--demo",     "--seed", "5", "--symbol",
                          "BTCUSDT", "--data-dir", folder,   NULL};
    struct vt *vt = vt_start(&(struct vt_options){.rows = 36, .cols = 120, .argv = argv}), *later;
    pid_t pid = vt->pid;
    int fd = client_open(folder, vt, START_MS);

    (void)state;
    client_wait_live(fd, vt, START_MS);
    vt_expect(vt, "FIRST TIME?", START_MS);
    type(vt, "jjjjjjjjjjjjjjjjjjjjjjjjjjjjjj"); /* the market of this seed falls by 50 in its first seconds */
    vt_expect(vt, "rests", ANSWER_MS);
    vt_send(vt, "i");
    vt_expect(vt, "SEND THIS ORDER?", ANSWER_MS);
    vt_settle(vt, 600, 600);
    vt_send(vt, "y");
    vt_expect(vt, "orders 1", ANSWER_MS);
    vt_send(vt, " ");
    vt_expect(vt, "PAUSED", ANSWER_MS);
    vt_hang_up(vt);
    later = attach();
    vt_expect(later, "ATTACHED", START_MS);
    vt_expect(later, "PAUSED", ANSWER_MS);
    vt_expect(later, "orders 1", ANSWER_MS);
    vt_expect(later, "you control", ANSWER_MS);
    vt_hang_up(later); /* nor does this one's end harm it */
    assert_true(vt_wait_exit(later, ANSWER_MS));
    vt_free(later);
    assert_true(state_comes(fd, "PAUSED"));
    later = attach();
    vt_expect(later, "orders 1", START_MS);
    detach(later, "q");
    close(fd);
    kill(pid, SIGTERM);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_int_equal(vt_exit_code(vt), 0);
    vt_free(vt);
}

static bool file_says(const char *name, const char *words)
{
    char text[4096] = "";
    FILE *in = fopen(path_of(name), "re");

    if (in == NULL)
        return false;
    text[fread(text, 1, sizeof(text) - 1, in)] = '\0';
    fclose(in);
    return strstr(text, words) != NULL;
}

static void await_file(const char *name, const char *words)
{
    for (int64_t by_ms = vt_now_ms() + START_MS; !file_says(name, words); usleep(20000))
        if (vt_now_ms() >= by_ms)
            fail_msg("%s never says %s", name, words);
}

/* Set on a screen, there after a restart of the engine; what comes true while no screen is open is told to the next. */
static void test_alerts_outlive_screen_and_engine(void **state)
{
    int fd;
    pid_t pid = start_engine(&fd);
    struct vt *vt = attach();
    FILE *file;

    (void)state;
    vt_expect(vt, "you control", START_MS);
    type(vt, ":alert BTCUSDT price > 9000000\r");
    vt_expect(vt, "rings once: BTCUSDT >= 9000000.00", ANSWER_MS);
    detach(vt, "q");
    await_file("alerts.demo", "BTCUSDT price > 9000000\n");
    end_in_order(pid, fd);
    file = fopen(path_of("alerts.demo"), "ae");
    assert_non_null(file);
    fputs("BTCUSDT price > 1\n", file); /* true with the first trade */
    fclose(file);
    pid = start_engine(&fd);
    await_file("alerts.demo", " away\n");
    assert_true(file_says("flowdeck.log", "no screen"));
    vt = attach();
    vt_expect(vt, "RANG WHILE AWAY", START_MS);
    type(vt, ":alerts\r");
    vt_expect(vt, "1  BTCUSDT >= 9000000.00  waits, ", ANSWER_MS);
    vt_expect(vt, "2  BTCUSDT >= 1.00  rang ", ANSWER_MS);
    type(vt, ":alert drop 1\r");
    vt_expect(vt, "removed: BTCUSDT >= 9000000.00", ANSWER_MS);
    detach(vt, "q");
    vt = attach();
    vt_expect(vt, "you control", START_MS);
    assert_false(vt_shows(vt, "RANG WHILE AWAY")); /* once is enough */
    detach(vt, "q");
    end_in_order(pid, fd);
    assert_false(file_says("alerts.demo", " away\n") || file_says("alerts.demo", "9000000"));
}

/* Colours and keys of a screen are its own, and kept; what the engine reads at its start is refused in words. */
static void test_settings_of_an_attached_screen(void **state)
{
    const char *const config[] = {"--config", path_of("screen.yaml"), NULL};
    FILE *file = fopen(path_of("screen.yaml"), "we");
    struct vt *vt;
    pid_t pid;
    int fd;

    (void)state;
    assert_non_null(file);
    fputs("theme: dark # mine\n", file);
    fclose(file);
    assert_int_equal(chmod(path_of("screen.yaml"), 0600), 0);
    pid = start_engine(&fd);
    vt = attach_with(36, 120, config);
    vt_expect(vt, "you control", START_MS);
    type(vt, ":set theme light\r");
    vt_expect(vt, "theme light; at once; :write keeps it", ANSWER_MS);
    type(vt, ":write\r");
    vt_expect(vt, "WRITTEN", ANSWER_MS);
    assert_true(file_says("screen.yaml", "theme: light # mine"));
    type(vt, ":unset theme\r");
    vt_expect(vt, "theme dark; as before :set", ANSWER_MS);
    type(vt, ":set feed.silent_ms 900\r");
    vt_expect(vt, "feed.silent_ms is read by the engine when it starts", ANSWER_MS);
    detach(vt, "q");
    end_in_order(pid, fd);
}

/* The engine has a screen of its own: it is told who took control, and takes it back. */
static void test_an_engine_with_its_own_screen(void **state)
{
    const char *argv[] = {program,   "--demo",     "--seed", "5", "--symbol",
                          "BTCUSDT", "--data-dir", folder,   NULL};
    struct vt *own = vt_start(&(struct vt_options){.rows = 36, .cols = 120, .argv = argv}), *other;
    char words[96];
    int fd = client_open(folder, own, START_MS);

    (void)state;
    client_wait_live(fd, own, START_MS);
    other = attach();
    expect_controller(other, own);
    vt_expect(own, "2 SCREENS, you control", ANSWER_MS);
    vt_send(other, ":control\r");
    vt_expect(other, "you control", ANSWER_MS);
    snprintf(words, sizeof(words), "2 SCREENS, %s controls", name_of(other));
    vt_expect(own, words, ANSWER_MS);
    vt_send(own, " ");
    vt_expect(own, "is in control; :control takes it", ANSWER_MS);
    assert_true(state_comes(fd, "ACTIVE"));
    vt_send(own, ":control\r");
    vt_expect(own, "2 SCREENS, you control", ANSWER_MS);
    vt_expect(other, "WATCHING", ANSWER_MS);
    close(fd);
    kill(own->pid, SIGTERM);
    assert_true(vt_wait_exit(own, ANSWER_MS));
    assert_true(vt_wait_exit(other, ANSWER_MS));
    assert_int_equal(vt_exit_code(other), 1);
    assert_true(vt_is_sane(other));
    assert_true(vt_shows(other, "the engine has ended"));
    vt_free(own);
    vt_free(other);
    assert_false(is_there(ATTACH_SOCKET));
}

/* --- ends ----------------------------------------------------------------------------------------------------------- */

static void test_an_engine_that_dies_leaves_a_sane_terminal(void **state)
{
    struct vt *vt;
    int fd;
    pid_t pid = start_engine(&fd);

    (void)state;
    vt = attach();
    vt_expect(vt, "ATTACHED, you control", START_MS);
    kill(pid, SIGKILL);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_int_equal(vt_exit_code(vt), 1);
    assert_true(vt_is_sane(vt));
    assert_true(vt_shows(vt, "the engine is gone") || vt_shows(vt, "the engine died"));
    vt_free(vt);
    wait_for_end(pid, NULL);
    close(fd);
    usleep(300000); /* for its dead man */
    vt = attach();  /* a socket that is left over is no engine */
    vt_expect(vt, "no flowdeck trades with the data directory", ANSWER_MS);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_int_equal(vt_exit_code(vt), 1);
    vt_free(vt);
}

static long cpu_ticks(pid_t pid)
{
    char path[64], text[1024];
    long user = 0, system_ = 0;
    ssize_t size;
    int fd;

    snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    fd = open(path, O_RDONLY | O_CLOEXEC);
    size = read(fd, text, sizeof(text) - 1);
    close(fd);
    text[size > 0 ? size : 0] = '\0';
    assert_int_equal(sscanf(strrchr(text, ')') + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld",
                            &user, &system_),
                     2);
    return user + system_;
}

static int64_t events_of(int fd)
{
    json_t *root = client_status(fd);
    int64_t events = json_integer_value(json_object_get(json_object_get(root, "counts"), "events"));

    json_decref(root);
    return events;
}

/* Stopped for seconds: the engine builds nothing for it; awake again it shows the present. */
static void test_a_stopped_screen_costs_nothing_and_catches_up(void **state)
{
    struct vt *vt;
    int64_t events;
    long ticks, looked;
    int fd;
    pid_t pid = start_engine(&fd);

    (void)state;
    vt = attach();
    vt_expect(vt, "ATTACHED, you control", START_MS);
    ticks = cpu_ticks(pid);
    vt_settle(vt, 3000, 3000);
    looked = cpu_ticks(pid) - ticks;
    kill(vt->pid, SIGSTOP);
    events = events_of(fd);
    ticks = cpu_ticks(pid);
    usleep(3000000);
    ticks = cpu_ticks(pid) - ticks;
    print_message("processor time of the engine: %ld ticks in 3 s looked at, %ld with its screen stopped\n",
                  looked, ticks);
    assert_true(ticks * 100 <= 3 * sysconf(_SC_CLK_TCK) * CPU_MAX_PERCENT);
    assert_true(events_of(fd) > events);
    client_expect(fd, true, "", "{\"do\":\"pause\"}");
    kill(vt->pid, SIGCONT);
    vt_expect(vt, "PAUSED", 2000);
    assert_true(is_live(vt));
    detach(vt, "q");
    end_in_order(pid, fd);
}

/* A screen of an engine that has stopped, and that says so. */
static struct vt *attach_and_stop(pid_t pid)
{
    struct vt *vt = attach();

    vt_expect(vt, "ATTACHED, you control", START_MS);
    kill(pid, SIGSTOP);
    vt_expect(vt, "ATTACHED, SILENT", ANSWER_MS);
    return vt;
}

/* Stopped is not ended: the picture says that it is old. */
static void test_a_silent_engine_is_called_so(void **state)
{
    struct vt *vt;
    int fd;
    pid_t pid = start_engine(&fd);

    (void)state;
    vt = attach_and_stop(pid);
    kill(pid, SIGCONT);
    vt_expect(vt, "ATTACHED, you control", ANSWER_MS);
    detach(vt, "q");
    end_in_order(pid, fd);
}

/* --- who may come --------------------------------------------------------------------------------------------------- */

/* Nothing more goes into the line to an engine that hangs: the kill takes the way that `flowdeck kill` takes then. */
static void test_a_kill_that_does_not_get_through_goes_by_the_file(void **state)
{
    struct vt *vt;
    char path[96];
    int fd;
    pid_t pid = start_engine(&fd);

    (void)state;
    snprintf(path, sizeof(path), "%s/KILL", folder);
    vt = attach_and_stop(pid);
    for (int i = 0; i < 2000 && access(path, F_OK) != 0; i++) {
        bool slow = i % 50 >= 48; /* K by itself: not as a part of what looks like a paste */

        vt_send(vt, i % 50 == 49 ? "K" : "n"); /* each n asks for another picture */
        vt_settle(vt, slow ? 120 : 2, slow ? 120 : 2);
    }
    vt_expect(vt, "it was left the file KILL", ANSWER_MS);
    kill(pid, SIGCONT);
    assert_true(state_comes(fd, "KILLED"));
    vt_expect(vt, "by file KILL", ANSWER_MS);
    detach(vt, "q");
    end_in_order(pid, fd);
}

static enum err open_as(const char *build, struct attach_client **out, char why[256])
{
    struct attach_hello hello = {.readonly = true, .name = "test"};

    snprintf(hello.build, sizeof(hello.build), "%s", build);
    return attach_client_open(folder, &hello, out, why, 256);
}

static void test_another_build_is_refused(void **state)
{
    struct attach_client *client;
    char why[256];
    int fd;
    pid_t pid = start_engine(&fd);

    (void)state;
    assert_int_equal(open_as("0.0.0 other", &client, why), ERR_IO);
    assert_non_null(strstr(why, "is another build than this program"));
    end_in_order(pid, fd);
}

static void test_garbage_is_dropped_and_harms_nobody(void **state)
{
    static const char garbage[] = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
    uint8_t answer[512];
    struct attach_told told;
    size_t used;
    char why[256];
    struct vt *vt;
    int fd, raw;
    pid_t pid = start_engine(&fd);

    (void)state;
    assert_int_equal(control_socket_connect(folder, ATTACH_SOCKET, &raw, why, sizeof(why)), ERR_OK);
    assert_int_equal(send(raw, garbage, sizeof(garbage), 0), sizeof(garbage));
    assert_int_equal(attach_take_told(answer, (size_t)recv(raw, answer, sizeof(answer), 0), &told, &used),
                     ERR_OK);
    assert_int_equal(told.kind, ATTACH_BYE);
    assert_string_equal(told.bye.why, "what it said was not understood");
    assert_int_equal(recv(raw, answer, sizeof(answer), 0), 0);
    close(raw);
    vt = attach();
    vt_expect(vt, "ATTACHED, you control", START_MS);
    detach(vt, "q");
    end_in_order(pid, fd);
}

static void test_four_at_a_time(void **state)
{
    struct attach_client *client;
    struct vt *vt[ATTACH_SCREENS_MAX + 1];
    int fd;
    pid_t pid = start_engine(&fd);

    (void)state;
    (void)client;
    for (int i = 0; i < ATTACH_SCREENS_MAX; i++) {
        vt[i] = attach_with(24, 80, NULL);
        vt_expect(vt[i], "ATTACHED", START_MS);
    }
    vt[4] = attach();
    vt_expect(vt[4], "four screens are attached already", ANSWER_MS);
    assert_true(vt_wait_exit(vt[4], ANSWER_MS));
    assert_int_equal(vt_exit_code(vt[4]), 1);
    vt_free(vt[4]);
    detach(vt[3], "q");
    vt[3] = attach();
    vt_expect(vt[3], "ATTACHED", ANSWER_MS);
    for (int i = 0; i < ATTACH_SCREENS_MAX; i++)
        detach(vt[i], "q");
    end_in_order(pid, fd);
}

/* Somebody else's socket lies there, and talks. */
static void test_a_foreign_socket_is_no_engine(void **state)
{
    static const char garbage[] = "220 mail.example ESMTP ready, and what else it has to say\r\n";
    char why[256];
    int fd, peer;
    struct vt *vt;

    (void)state;
    assert_int_equal(control_socket_listen(folder, ATTACH_SOCKET, &fd, why, sizeof(why)), ERR_OK);
    vt = attach();
    for (peer = -1; peer < 0; usleep(5000))
        peer = accept(fd, NULL, NULL);
    assert_int_equal(send(peer, garbage, sizeof(garbage), 0), sizeof(garbage));
    vt_expect(vt, "is no engine of flowdeck", ANSWER_MS);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_int_equal(vt_exit_code(vt), 1);
    vt_free(vt);
    close(peer);
    close(fd);
    fd = open(path_of("attach.sock"), O_RDONLY | O_CLOEXEC); /* a socket cannot be opened: it is one */
    assert_int_equal(fd, -1);
    assert_int_equal(unlink(path_of("attach.sock")), 0);
    fd = open(path_of("attach.sock"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    close(fd);
    vt = attach();
    vt_expect(vt, "no flowdeck trades with the data directory", ANSWER_MS);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    vt_free(vt);
}

static void test_the_socket_is_its_users_alone(void **state)
{
    struct stat info;
    int fd;
    pid_t pid = start_engine(&fd);

    (void)state;
    assert_int_equal(stat(path_of(ATTACH_SOCKET), &info), 0);
    assert_true(S_ISSOCK(info.st_mode));
    assert_int_equal(info.st_mode & 0777, 0600);
    assert_int_equal(info.st_uid, geteuid());
    end_in_order(pid, fd);
    assert_false(is_there(ATTACH_SOCKET));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_two_screens_look_at_different_things),
        TEST(test_an_unknown_instrument_is_refused_in_words),
        TEST(test_control_is_asked_for_and_changes_hands),
        TEST(test_the_kill_works_from_each),
        TEST(test_system_and_journal_over_there),
        TEST(test_a_closed_terminal_is_attached_again),
        TEST(test_settings_of_an_attached_screen),
        TEST(test_alerts_outlive_screen_and_engine),
        TEST(test_an_engine_with_its_own_screen),
        TEST(test_an_engine_that_dies_leaves_a_sane_terminal),
        TEST(test_a_stopped_screen_costs_nothing_and_catches_up),
        TEST(test_a_silent_engine_is_called_so),
        TEST(test_a_kill_that_does_not_get_through_goes_by_the_file),
        TEST(test_another_build_is_refused),
        TEST(test_garbage_is_dropped_and_harms_nobody),
        TEST(test_four_at_a_time),
        TEST(test_a_foreign_socket_is_no_engine),
        TEST(test_the_socket_is_its_users_alone),
    };

    stage_find_program();
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/*
 * test_process.c - the real program and what happens to processes: a terminal that closes, every way out, signals that are
 * refused, descriptors, plain terminals and none. FLOWDECK_SOAK=1: each way out and each hang-up a hundred times.
 */
#include "screen/control_client.h"
#include "screen/workstation.h"
#include "unit/own_folder.h"

#include <dirent.h>
#include <sys/resource.h>

#define LIVE_MS 20000
#define SOAK    100

static pid_t headless; /* of a test that failed: ended with it */

static int rounds(void)
{
    return getenv("FLOWDECK_SOAK") != NULL ? SOAK : 1;
}

static int make_folder(void **state)
{
    (void)state;
    return own_folder_make("process");
}

static int drop_folder(void **state)
{
    if (headless > 0) {
        kill(headless, SIGKILL);
        waitpid(headless, NULL, 0);
        usleep(300000); /* for its dead man */
    }
    headless = 0;
    return own_folder_drop(state);
}

static const char *path_of(const char *name)
{
    static char path[128];

    snprintf(path, sizeof(path), "%s/%s", folder, name);
    return path;
}

/* "" when it is not there. */
static const char *text_of(const char *path)
{
    static char text[1 << 16];
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);

    text[size > 0 ? size : 0] = '\0';
    if (fd >= 0)
        close(fd);
    return text;
}

static bool wait_text(const char *path, const char *text)
{
    for (int64_t by_ms = vt_now_ms() + ANSWER_MS; vt_now_ms() < by_ms; usleep(20000))
        if (strstr(text_of(path), text) != NULL)
            return true;
    print_error("%s lacks '%s':\n%s\n", path, text, text_of(path));
    return false;
}

/* Processor time of the main thread (or of all of them) and its state letter. */
static long ticks_of(pid_t pid, bool all, char *letter)
{
    char path[64];
    const char *at;
    long user = 0, system_ = 0;

    snprintf(path, sizeof(path), all ? "/proc/%d/stat" : "/proc/%d/task/%d/stat", (int)pid, (int)pid);
    at = strrchr(text_of(path), ')');
    assert_non_null(at);
    if (letter != NULL)
        *letter = at[2];
    assert_int_equal(sscanf(at + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %ld %ld", &user, &system_),
                     2);
    return user + system_;
}

/* --- starting -------------------------------------------------------------------------------------------------- */

static struct vt *start_demo(const char *const *env)
{
    const char *argv[] = {program,   "--demo",     "--seed", "5", "--symbol",
                          "BTCUSDT", "--data-dir", folder,   NULL};
    struct vt *vt =
        vt_start(&(struct vt_options){.rows = 36, .cols = 120, .argv = argv, .env = env, .keep_raw = true});

    vt_expect(vt, "SIMULATION", LIVE_MS);
    vt_expect(vt, "LIVE", LIVE_MS);
    return vt;
}

/* With its standard error in the file "err", and its standard output in "out". */
static pid_t start_headless(const char *const *words, void (*before)(void))
{
    const char *argv[24] = {program};
    int count = 1;

    for (; words[count - 1] != NULL; count++)
        argv[count] = words[count - 1];
    headless = fork();
    if (headless == 0) {
        int out = open(path_of("out"), O_WRONLY | O_CREAT | O_TRUNC, 0600);
        int err = open(path_of("err"), O_WRONLY | O_CREAT | O_TRUNC, 0600);

        dup2(out, STDOUT_FILENO);
        dup2(err, STDERR_FILENO);
        close_range(3, ~0U, 0);
        if (before != NULL)
            before();
        execv(program, (char *const *)(uintptr_t)argv);
        _exit(127);
    }
    assert_true(headless > 0);
    return headless;
}

static int end_of(pid_t pid)
{
    int status = 0;

    for (int64_t by_ms = vt_now_ms() + 20000; waitpid(pid, &status, WNOHANG) != pid; usleep(5000))
        if (vt_now_ms() >= by_ms)
            fail_msg("the program does not end");
    if (pid == headless)
        headless = 0;
    return status;
}

static int run(const char *const *words, void (*before)(void))
{
    int status = end_of(start_headless(words, before));

    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

/* --- a terminal that closes ------------------------------------------------------------------------------------- */

/* Events that the engine has taken; by the socket. */
static json_int_t decided(int fd)
{
    json_t *root = client_try(fd, "{\"do\":\"status\"}");
    json_int_t taken = json_integer_value(json_object_get(json_object_get(root, "counts"), "events"));

    assert_true(client_ok(root));
    json_decref(root);
    return taken;
}

/* T01: the engine goes on, the main thread sleeps, and an orderly end is one. */
static void test_a_closed_terminal_leaves_trading_alone(void **state)
{
    (void)state;
    for (int round = 0; round < rounds(); round++) {
        struct vt *vt = start_demo(NULL);
        json_int_t before;
        long main_ticks;
        int fd;

        vt_hang_up(vt);
        usleep(300000);
        fd = client_open(folder, NULL, ANSWER_MS);
        before = decided(fd);
        main_ticks = ticks_of(vt->pid, false, NULL);
        for (int i = 0; i < 5; i++) {
            kill(vt->pid, SIGHUP); /* the same hang-up once more: nothing is read anew */
            usleep(400000);
        }
        assert_true(ticks_of(vt->pid, false, NULL) - main_ticks <= sysconf(_SC_CLK_TCK) * 2 / 100);
        assert_true(decided(fd) > before);
        close(fd);
        assert_true(wait_text(path_of("flowdeck.log"), "screen.detached"));
        assert_null(strstr(text_of(path_of("flowdeck.log")), "config.reload"));
        kill(vt->pid, SIGTERM);
        assert_true(vt_wait_exit(vt, ANSWER_MS));
        assert_int_equal(vt_exit_code(vt), 0);
        assert_int_equal(access(path_of("deadman.log"), F_OK), -1);
        vt_free(vt);
    }
}

/* A terminal that lives gets its last words, and the kill still reaches the engine. */
static void test_hup_detaches_and_the_kill_reaches_it(void **state)
{
    const char *const kill_words[] = {"kill", "--data-dir", folder, NULL};
    struct vt *vt = start_demo(NULL);

    (void)state;
    kill(vt->pid, SIGHUP);
    vt_expect(vt, "no screen any more (signal HUP), trading goes on", ANSWER_MS);
    assert_true(vt_is_sane(vt));
    assert_int_equal(run(kill_words, NULL), 0);
    assert_true(access(path_of("KILLED"), F_OK) == 0);
    kill(vt->pid, SIGINT);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_int_equal(vt_exit_code(vt), 130);
    vt_free(vt);
}

static void test_hangup_leave_ends_in_order(void **state)
{
    static const char *const env[] = {"FLOWDECK_HANGUP=leave", NULL};
    struct vt *vt = start_demo(env);

    (void)state;
    vt_hang_up(vt);
    assert_true(vt_wait_exit(vt, ANSWER_MS));
    assert_true(WIFEXITED(vt->status));
    assert_int_equal(access(path_of("deadman.log"), F_OK), -1);
    vt_free(vt);
}

/* --- without a screen ------------------------------------------------------------------------------------------- */

static void write_config(const char *text)
{
    int fd = open(path_of("conf.yaml"), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static void test_hup_without_a_screen_reads_the_configuration(void **state)
{
    char config[128], data[128];
    const char *const words[] = {"--demo",   "--headless", "--seed",     "5",  "--symbol", "BTCUSDT",
                                 "--config", config,       "--data-dir", data, NULL};
    char letter;
    pid_t pid;
    int fd;

    (void)state;
    snprintf(config, sizeof(config), "%s", path_of("conf.yaml"));
    snprintf(data, sizeof(data), "%s", path_of("data"));
    write_config("log:\n  level: info\nrisk:\n  max_value: 900\n");
    pid = start_headless(words, NULL);
    fd = client_open(data, NULL, LIVE_MS);
    client_wait_live(fd, NULL, LIVE_MS);
    write_config("log:\n  level: debug\nrisk:\n  max_value: 800\nexit:\n  orders: keep\n");
    kill(pid, SIGHUP);
    assert_true(wait_text(path_of("err"), "configuration read: changed "));
    assert_true(wait_text(path_of("err"), "log.level"));
    assert_true(wait_text(path_of("err"), "takes a restart: exit.orders"));
    assert_true(wait_text(path_of("data/flowdeck.log"), "risk.max_value 900 -> 800"));
    write_config("log:\n  level: debug\nrisk:\n  max_value: 5000\nexit:\n  orders: keep\n");
    kill(pid, SIGHUP);
    assert_true(wait_text(path_of("err"), "looser, takes its typed word: risk.max_value"));
    write_config("log:\n  levle: debug\n");
    kill(pid, SIGHUP);
    assert_true(wait_text(path_of("err"), "configuration NOT read, all is as it was: "));
    kill(pid, SIGTSTP);
    assert_true(wait_text(path_of("err"), "not stopped: a stopped process is an unmanaged book"));
    ticks_of(pid, true, &letter);
    assert_true(letter != 'T');
    close(fd);
    kill(pid, SIGTERM);
    assert_int_equal(end_of(pid), 0);
}

static void test_usr2_opens_the_log_anew(void **state)
{
    struct vt *vt = start_demo(NULL);
    char moved[128];

    (void)state;
    snprintf(moved, sizeof(moved), "%s", path_of("flowdeck.log.1"));
    assert_int_equal(rename(path_of("flowdeck.log"), moved), 0);
    kill(vt->pid, SIGUSR2);
    for (int i = 0; i < 200 && access(path_of("flowdeck.log"), F_OK) != 0; i++)
        vt_pump(vt, 20);
    assert_int_equal(access(path_of("flowdeck.log"), F_OK), 0);
    leave(vt);
}

/* --- signals of a screen ---------------------------------------------------------------------------------------- */

static void test_tstp_is_refused_in_words(void **state)
{
    struct vt *vt = start_trading(36, 120);
    char letter;

    (void)state;
    kill(vt->pid, SIGTSTP);
    vt_expect(vt, "REFUSED", ANSWER_MS);
    ticks_of(vt->pid, true, &letter);
    assert_true(letter != 'T');
    kill(vt->pid, SIGPIPE);
    play(vt, 200);
    assert_false(vt->exited);
    leave(vt);
}

/* STOP cannot be refused. A shell has used the terminal meanwhile: its modes come back, and the picture. */
static void test_a_stop_that_ends_finds_its_terminal(void **state)
{
    struct vt *vt = start_trading(36, 120);
    struct termios raw, now;

    (void)state;
    assert_int_equal(tcgetattr(vt->slave, &raw), 0);
    kill(vt->pid, SIGSTOP);
    play(vt, 300);
    assert_int_equal(tcsetattr(vt->slave, TCSANOW, &vt->before), 0);
    vterm_screen_reset(vt->screen, 1);
    kill(vt->pid, SIGCONT);
    vt_expect(vt, "order flow", ANSWER_MS);
    assert_int_equal(tcgetattr(vt->slave, &now), 0);
    assert_int_equal(now.c_lflag, raw.c_lflag);
    assert_int_equal(now.c_oflag, raw.c_oflag);
    leave(vt);
}

/* T04: a thousand sizes a second for three seconds; then the kill key works. */
static void test_a_storm_of_sizes_leaves_the_kill_key(void **state)
{
    struct vt *vt = start_trading(36, 120);

    (void)state;
    for (int i = 0; i < 3000; i++) {
        vt_resize(vt, 10 + i % 50, 40 + i % 160);
        kill(vt->pid, SIGWINCH);
        vt_pump(vt, 1);
    }
    vt_resize(vt, 36, 120);
    vt_expect(vt, "order flow", ANSWER_MS);
    vt_send(vt, "K");
    vt_expect(vt, "KILL", ANSWER_MS);
    vt_send(vt, "K");
    vt_expect(vt, "KILLED", ANSWER_MS);
    leave(vt);
}

/* --- every way out ----------------------------------------------------------------------------------------------- */

static void leave_by_key(struct vt *vt)
{
    vt_send(vt, "q");
    if (vt_wait_exit(vt, 1000))
        return;
    vt_expect(vt, "LEAVE?", ANSWER_MS); /* a strategy is ON: it asks */
    play(vt, 400);
    vt_send(vt, "x");
}

/* Twice, and an xterm's cursor goes back to where the first line of the shell stands. */
static bool is_left_once(const struct vt *vt)
{
    static const char leave_screen[] = "\033[?1049l";
    size_t size = sizeof(leave_screen) - 1;
    const char *at = memmem(vt->raw, vt->raw_size, leave_screen, size);

    if (at == NULL)
        return false;
    at += size;
    return memmem(at, vt->raw_size - (size_t)(at - vt->raw), leave_screen, size) == NULL;
}

/* T07 */
static void test_every_way_out_leaves_the_terminal_sane(void **state)
{
    static const struct {
        int signal; /* 0: by key */
        bool demo;  /* a dead man watches */
        bool dies;  /* by the signal */
        const char *line;
    } ways[] = {
        {0, false, false, NULL},
        {SIGTERM, false, false, NULL},
        {SIGINT, false, false, NULL},
        {SIGQUIT, false, false, NULL},
        {SIGHUP, false, false, NULL},
        {SIGSEGV, false, true, "crashed: SIGSEGV"},
        {SIGBUS, false, true, "crashed: SIGBUS"},
        {SIGFPE, false, true, "crashed: SIGFPE"},
        {SIGILL, false, true, "crashed: SIGILL"},
        {SIGABRT, false, true, "crashed: SIGABRT"},
        {SIGSEGV, true, true, "open orders cancelled"},
        {SIGKILL, true, true, "ended without a goodbye"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]) * (size_t)rounds(); i++) {
        size_t way = i % (sizeof(ways) / sizeof(ways[0]));
        struct vt *vt = ways[way].demo ? start_demo(NULL) : start_trading(24, 80);

        if (ways[way].signal == 0)
            leave_by_key(vt);
        else
            kill(vt->pid, ways[way].signal);
        assert_true(vt_wait_exit(vt, ANSWER_MS));
        if (ways[way].line != NULL)
            vt_expect(vt, ways[way].line, ANSWER_MS);
        assert_int_equal(WIFSIGNALED(vt->status), ways[way].dies);
        if (ways[way].dies)
            assert_int_equal(WTERMSIG(vt->status), ways[way].signal);
        if (!vt_is_sane(vt))
            fail_msg("left insane by signal %d%s", ways[way].signal, ways[way].demo ? " in a demo" : "");
        assert_true(!ways[way].demo || is_left_once(vt));
        vt_free(vt);
    }
}

/* --- descriptors and limits --------------------------------------------------------------------------------------- */

static unsigned long flags_of(pid_t pid, int fd)
{
    char path[64];
    const char *at;

    snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", (int)pid, fd);
    at = strstr(text_of(path), "flags:");
    return at == NULL ? (unsigned long)O_CLOEXEC : strtoul(at + 6, NULL, 8);
}

/* P11: what a child could inherit are the three standard ones. Other processes of the user see it only if they may. */
static void test_every_descriptor_is_closed_by_exec(void **state)
{
    static const char *const env[] = {"FLOWDECK_PROCESS_CORE_DUMPS=true", NULL};
    struct vt *vt = start_demo(env);
    char path[64];
    struct dirent *entry;
    int count = 0;
    DIR *folder_;

    (void)state;
    snprintf(path, sizeof(path), "/proc/%d/fd", (int)vt->pid);
    folder_ = opendir(path);
    assert_non_null(folder_);
    while ((entry = readdir(folder_)) != NULL) {
        int fd = atoi(entry->d_name);

        if (entry->d_name[0] == '.' || fd <= STDERR_FILENO)
            continue;
        count++;
        if ((flags_of(vt->pid, fd) & (unsigned long)O_CLOEXEC) == 0)
            fail_msg("descriptor %d would be inherited", fd);
    }
    closedir(folder_);
    assert_true(count > 10);
    leave(vt);
}

static void test_core_dumps_are_off(void **state)
{
    struct vt *vt = start_trading(24, 80);
    char path[64], soft[32] = "";
    const char *at;

    (void)state;
    snprintf(path, sizeof(path), "/proc/%d/limits", (int)vt->pid);
    at = strstr(text_of(path), "Max core file size");
    assert_non_null(at);
    assert_int_equal(sscanf(at + strlen("Max core file size"), "%31s", soft), 1);
    assert_string_equal(soft, "0");
    leave(vt);
}

static void close_standard(void)
{
    close(STDIN_FILENO);
    close(STDOUT_FILENO);
    close(STDERR_FILENO);
}

/* P10: no database or socket comes to stand where somebody prints. */
static void test_closed_standard_descriptors(void **state)
{
    const char *const words[] = {"--demo",  "--headless", "--seed", "5", "--symbol",
                                 "BTCUSDT", "--data-dir", folder,   NULL};
    char link[64], target[256];
    pid_t pid = start_headless(words, close_standard);
    int fd = client_open(folder, NULL, LIVE_MS);

    (void)state;
    client_wait_live(fd, NULL, LIVE_MS);
    for (int i = 0; i <= STDERR_FILENO; i++) {
        ssize_t size;

        snprintf(link, sizeof(link), "/proc/%d/fd/%d", (int)pid, i);
        size = readlink(link, target, sizeof(target) - 1);
        if (size < 0 && errno == EACCES)
            continue; /* not root: nobody may look */
        assert_true(size > 0);
        target[size] = '\0';
        assert_string_equal(target, "/dev/null");
    }
    close(fd);
    kill(pid, SIGTERM);
    assert_int_equal(end_of(pid), 0);
}

static void few_files(void)
{
    const struct rlimit few = {16, 16};

    setrlimit(RLIMIT_NOFILE, &few);
}

static void soft_files(void)
{
    const struct rlimit soft = {16, 256};

    setrlimit(RLIMIT_NOFILE, &soft);
}

/* P08: too few are told at the start, a low soft limit is raised. */
static void test_too_few_descriptors(void **state)
{
    const char *const words[] = {"--demo", "--headless", "--seconds", "1", "--data-dir", folder, NULL};

    (void)state;
    assert_int_equal(run(words, few_files), 2);
    assert_string_equal(text_of(path_of("err")),
                        "flowdeck: only 16 files may be open at once, 64 are needed: raise the "
                        "limit (ulimit -n 64)\n");
    assert_int_equal(run(words, soft_files), 0);
}

/* --- terminals that can little, and none ----------------------------------------------------------------------------- */

static bool has_colours(struct vt *vt)
{
    for (int row = 0; row < vt->rows; row++)
        for (int col = 0; col < vt->cols; col++) {
            VTermScreenCell cell = vt_cell(vt, row, col);

            if (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
                return true;
        }
    return false;
}

/* T05: eight terminals (the last three are taken for a vt100), three environments: the words stand. */
static void test_terminals_and_environments(void **state)
{
    static const char *const terms[] = {"TERM=xterm-256color", "TERM=vt100", "TERM=linux",   "TERM=screen",
                                        "TERM=tmux",           "TERM=dumb",  "TERM=no-such", "TERM"};
    static const char *const others[] = {"LANG=C.UTF-8", "LANG=C", "NO_COLOR=1"};

    (void)state;
    for (size_t term = 0; term < 8; term++)
        for (size_t other = 0; other < 3; other++) {
            const char *const env[] = {"FLOWDECK_STORE_ON=false", terms[term], others[other], NULL};
            struct vt *vt = start(24, 80, trading, env);

            vt_expect(vt, "LIVE", START_MS);
            for (const char *at = vt_text(vt); other == 1 && *at != '\0'; at++)
                assert_true((unsigned char)*at < 0x80);
            assert_true(other != 2 || !has_colours(vt));
            leave(vt);
        }
}

/* T10 */
static void test_without_a_terminal_no_escape_code(void **state)
{
    const char *const screen[] = {"replay", demo, "--data-dir", folder, NULL};
    const char *const plain[] = {"replay", demo, "--headless", "--data-dir", folder, NULL};

    (void)state;
    assert_int_equal(run(screen, NULL), 2);
    assert_string_equal(text_of(path_of("err")), "flowdeck: stdin and stdout must be a terminal; without "
                                                 "one: --headless, with --execute FILE to give commands\n");
    assert_string_equal(text_of(path_of("out")), "");
    assert_int_equal(run(plain, NULL), 0);
    assert_null(strchr(text_of(path_of("out")), '\033'));
    assert_null(strchr(text_of(path_of("err")), '\033'));
}

#define FOLDER_TEST(name) cmocka_unit_test_setup_teardown(name, make_folder, drop_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(test_a_closed_terminal_leaves_trading_alone),
        FOLDER_TEST(test_hup_detaches_and_the_kill_reaches_it),
        FOLDER_TEST(test_hangup_leave_ends_in_order),
        FOLDER_TEST(test_hup_without_a_screen_reads_the_configuration),
        FOLDER_TEST(test_usr2_opens_the_log_anew),
        FOLDER_TEST(test_tstp_is_refused_in_words),
        FOLDER_TEST(test_a_stop_that_ends_finds_its_terminal),
        FOLDER_TEST(test_a_storm_of_sizes_leaves_the_kill_key),
        FOLDER_TEST(test_every_way_out_leaves_the_terminal_sane),
        FOLDER_TEST(test_every_descriptor_is_closed_by_exec),
        FOLDER_TEST(test_core_dumps_are_off),
        FOLDER_TEST(test_closed_standard_descriptors),
        FOLDER_TEST(test_too_few_descriptors),
        FOLDER_TEST(test_terminals_and_environments),
        FOLDER_TEST(test_without_a_terminal_no_escape_code),
    };

    return cmocka_run_group_tests(tests, find_program, NULL);
}

/*
 * bench_screen.c - what the screen costs, each figure beside others of the same run in the same kind of terminal.
 *
 *   screens   every screen on the busiest recording at hand, played at its own rate: bytes a second, bytes per cell that
 *             changed on the terminal and what they are for, processor time of the screen's thread; by our differ and by plain
 *             curses, each on its own seconds, and both on the very pictures that ours showed
 *   depths    the first screen in truecolour, 256 and 16 colours
 *   others    htop and btop in the same terminal for as long, and our differ on the very pictures they showed; skipped with a
 *             line where they are not installed
 *   slow line echo of a key over 2,400 bytes a second
 *   start     from exec to the first whole picture
 *   keys      from a key's byte in the terminal, and from the read that brought it, to the engine's hands; in turns with them a
 *             byte to a process that does nothing else: where that is late, too, the machine was
 *
 * A cell has changed if it looks different at the end of a burst of output than at the end of the burst before. Recordings of
 * a real venue are looked for in FLOWDECK_SHARED (default ../shared); the demo's recording is always there. FLOWDECK_SOAK=1: longer.
 *
 * How many bytes a cell takes depends on the pictures: a table that scrolls is all text, figures that tick are all moves. So it
 * is the same pictures that tell one program from another; each program's own work stands beside it. On the same pictures
 * ours must take fewer bytes than each of the three: else the exit status is 1.
 */
#include "bench/bare_byte.h"
#include "bench/byte_kinds.h"
#include "bench/film_draw.h"
#include "core/base/clock.h"
#include "core/base/durations.h"
#include "screen/control_client.h"
#include "screen/slow_line.h"

#include <inttypes.h>

#define ROWS       36
#define COLS       120
#define BURST_MS   4 /* silence that ends a burst */
#define PICTURE_MS 33
#define SCREENS    8

struct cost {
    double seconds, bytes, cells, cpu_ms;
    struct byte_kinds kinds;
};

static char recording[512];
static bool busiest_is_real;
static bool too_many; /* bytes on some pictures */

static bool soak(void)
{
    return getenv("FLOWDECK_SOAK") != NULL;
}

static int seconds(void)
{
    return soak() ? 30 : 4;
}

/* --- cells that changed ------------------------------------------------------------------------------------------------ */

static VTermScreenCell *picture_new(const struct vt *vt)
{
    VTermScreenCell *cells = calloc((size_t)vt->rows * (size_t)vt->cols, sizeof(*cells));

    assert_non_null(cells);
    return cells;
}

static bool cell_looks(const VTermScreenCell *a, const VTermScreenCell *b)
{
    return memcmp(a->chars, b->chars, sizeof(a->chars)) == 0 && a->attrs.bold == b->attrs.bold &&
           a->attrs.underline == b->attrs.underline && a->attrs.reverse == b->attrs.reverse &&
           vterm_color_is_equal(&a->fg, &b->fg) && vterm_color_is_equal(&a->bg, &b->bg);
}

static double picture_changes(const struct vt *vt, VTermScreenCell *before)
{
    double count = 0;

    for (int row = 0; row < vt->rows; row++)
        for (int col = 0; col < vt->cols; col++) {
            VTermScreenCell now = vt_cell(vt, row, col);
            VTermScreenCell *was = &before[row * vt->cols + col];

            if (cell_looks(&now, was))
                continue;
            *was = now;
            count++;
        }
    return count;
}

/* Of the main thread, which draws; of all of a program that is not ours. */
static double cpu_ms(pid_t pid)
{
    char path[64];
    double ns = 0;
    FILE *in;

    snprintf(path, sizeof(path), "/proc/%d/task/%d/schedstat", (int)pid, (int)pid);
    in = fopen(path, "re");
    if (in == NULL)
        return 0;
    if (fscanf(in, "%lf", &ns) != 1)
        ns = 0;
    fclose(in);
    return ns / 1e6;
}

static struct cost measure(struct vt *vt, int for_s, struct film *film)
{
    VTermScreenCell *before = picture_new(vt);
    struct cost cost = {.cpu_ms = -cpu_ms(vt->pid), .bytes = -(double)vt->bytes};
    int64_t from_ms = vt_now_ms(), looked_ms = from_ms;
    bool open = false;

    picture_changes(vt, before);
    vt->raw_size = 0;
    if (film != NULL)
        film_take(film, vt);
    while (vt_now_ms() - from_ms < for_s * 1000) {
        bool heard = vt_pump(vt, BURST_MS);

        open |= heard;
        if (open && (!heard || vt_now_ms() - looked_ms >= PICTURE_MS)) {
            cost.cells += picture_changes(vt, before);
            if (film != NULL)
                film_take(film, vt);
            looked_ms = vt_now_ms();
            open = false;
        }
    }
    cost.seconds = (double)(vt_now_ms() - from_ms) / 1000;
    cost.cpu_ms += cpu_ms(vt->pid);
    cost.bytes += (double)vt->bytes;
    if (vt->raw != NULL)
        cost.kinds = byte_kinds_of(vt->raw, vt->raw_size);
    free(before);
    return cost;
}

static double bytes_per_cell(const struct cost *cost)
{
    return cost->cells > 0 ? cost->bytes / cost->cells : 0;
}

static void tell(const char *what, const struct cost *cost)
{
    double cells = cost->cells > 0 ? cost->cells : 1;

    printf("  %-26s %7.0f bytes/s  %6.0f cells/s  %6.2f bytes/cell (move %.2f colour %.2f text %.2f frame "
           "%.2f)  "
           "%5.2f %% of a processor\n",
           what, cost->bytes / cost->seconds, cost->cells / cost->seconds, bytes_per_cell(cost),
           cost->kinds.move / cells, cost->kinds.ink / cells, cost->kinds.text / cells,
           cost->kinds.frame / cells, cost->cpu_ms / cost->seconds / 10);
}

/* The claim: fewer bytes than another on the same pictures. */
static void claim(const char *what, double ours, double others)
{
    bool holds = ours < others;

    printf("  %-26s %.2f of its bytes on the same pictures%s\n", what, others > 0 ? ours / others : 0,
           holds ? "" : ": TOO MANY");
    too_many |= !holds;
}

/* --- each screen ------------------------------------------------------------------------------------------------------- */

static const char *const quiet[] = {"FLOWDECK_STORE_ON=false", NULL};

/* env: what it is told of the terminal beside what is usual; NULL: nothing. */
static struct vt *play_recording(bool curses, const char *at, const char *const *env)
{
    const char *argv[16] = {
        program, "replay", recording, "--speed", "1", "--terminal", curses ? "curses" : "auto"};

    if (at != NULL) {
        argv[7] = "--at";
        argv[8] = at;
    }
    return vt_start(&(struct vt_options){
        .rows = ROWS, .cols = COLS, .argv = argv, .env = env == NULL ? quiet : env, .keep_raw = true});
}

static void end(struct vt *vt)
{
    kill(vt->pid, SIGTERM);
    vt_wait_exit(vt, ANSWER_MS);
    vt_free(vt);
}

/* False: this version does not have it. */
static bool go_to_screen(struct vt *vt, int screen)
{
    char key[2] = {(char)('0' + screen), '\0'};

    if (screen == 1)
        return true;
    vt_send(vt, key);
    return !vt_wait_text(vt, "is not in this version", 600);
}

/* Each screen in turn; cost[screen].seconds is 0 where this version does not have it. */
static void measure_screens(bool curses, const char *at, struct cost cost[SCREENS + 1],
                            struct film_bytes again[SCREENS + 1])
{
    struct vt *vt = play_recording(curses, at, NULL);

    vt_expect(vt, "OBSERVATION", START_MS);
    vt_expect(vt, "LIVE", 30000);
    for (int screen = 1; screen <= SCREENS; screen++) {
        struct film film;

        cost[screen] = (struct cost){.seconds = 0};
        if (!go_to_screen(vt, screen))
            continue;
        vt_settle(vt, 1000, 1000);
        if (curses) {
            cost[screen] = measure(vt, seconds(), NULL);
            continue;
        }
        film_open(&film, vt);
        cost[screen] = measure(vt, seconds(), &film);
        again[screen] = film_redraw(&film, vt);
        film_close(&film);
    }
    end(vt);
}

/* One after the other on the same minutes of the recording. Returns our bytes per cell over all screens. */
static double compare_screens(const char *at)
{
    static const char *const names[SCREENS + 1] = {"",     "Trade",   "Chart",   "Market", "Strategy",
                                                   "Risk", "Results", "Journal", "System"};
    struct cost ours[SCREENS + 1], curses[SCREENS + 1];
    struct film_bytes again[SCREENS + 1] = {0}, all = {0, 0};
    double bytes = 0, cells = 0;

    measure_screens(false, at, ours, again);
    measure_screens(true, at, curses, again);
    printf("%s at its own rate, %dx%d, 256 colours, %d s each:\n", recording, COLS, ROWS, seconds());
    for (int screen = 1; screen <= SCREENS; screen++) {
        if (ours[screen].seconds <= 0)
            continue;
        tell(names[screen], &ours[screen]);
        tell("  by plain curses", &curses[screen]);
        printf("  %-26s %.2f of its bytes per cell, %.2f of its processor time; on the same pictures %.2f of "
               "its bytes\n",
               "  ours beside it", bytes_per_cell(&ours[screen]) / bytes_per_cell(&curses[screen]),
               ours[screen].cpu_ms / ours[screen].seconds / (curses[screen].cpu_ms / curses[screen].seconds),
               again[screen].own / again[screen].curses);
        bytes += ours[screen].bytes;
        cells += ours[screen].cells;
        all.own += again[screen].own;
        all.curses += again[screen].curses;
    }
    claim("all screens, plain curses", all.own, all.curses);
    return cells > 0 ? bytes / cells : 0;
}

static void compare_depths(const char *at)
{
    static const char *const names[] = {"truecolour", "256 colours", "16 colours"};
    static const char *const env[][4] = {{"FLOWDECK_STORE_ON=false", "COLORTERM=truecolor", NULL},
                                         {"FLOWDECK_STORE_ON=false", NULL},
                                         {"FLOWDECK_STORE_ON=false", "TERM=xterm", NULL}};

    printf("Trade, %dx%d:\n", COLS, ROWS);
    for (size_t i = 0; i < 3; i++) {
        struct vt *vt = play_recording(false, at, env[i]);
        struct cost cost;

        vt_expect(vt, "LIVE", 30000);
        vt_settle(vt, 1000, 1000);
        cost = measure(vt, seconds(), NULL);
        tell(names[i], &cost);
        end(vt);
    }
}

/* The greatest rate of bytes of compressed recording a second is the busiest: by what the README of the data says. */
static void find_recording(void)
{
    const char *shared = getenv("FLOWDECK_SHARED");

    snprintf(recording, sizeof(recording), "%s/data/recordings/hft_usdm_btcusdt_20240808.jsonl.gz",
             shared == NULL ? "../shared" : shared);
    busiest_is_real = access(recording, R_OK) == 0;
    if (!busiest_is_real)
        printf("%s is not there: the made recording alone\n", recording);
}

/* --- others ------------------------------------------------------------------------------------------------------------ */

static const char *work_folder(void)
{
    static char folder[64];

    strcpy(folder,
           access("/dev/shm", W_OK) == 0 ? "/dev/shm/flowdeck-bench-XXXXXX" : "/tmp/flowdeck-bench-XXXXXX");
    assert_non_null(mkdtemp(folder));
    return folder;
}

static void remove_folder(const char *folder)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a fixed command of our own */
}

static void compare_other(const char *name, double ours, struct vt *vt)
{
    struct film film;
    struct film_bytes again;
    struct cost cost;

    film_open(&film, vt);
    cost = measure(vt, seconds() * 2, &film);
    again = film_redraw(&film, vt);
    tell(name, &cost);
    if (ours > 0)
        printf("  %-26s %.2f of its bytes per cell, each on its own market or machine\n",
               "  ours over all screens", ours / bytes_per_cell(&cost));
    claim("  ours on its own pictures", again.own, film.bytes);
    if (film.too_many)
        printf("  %-26s more colours than can be drawn again: some were left out\n", "");
    film_close(&film);
}

static void compare_others(double ours)
{
    static const char *const names[] = {"htop", "btop"};

    printf("others in the same terminal:\n");
    for (size_t i = 0; i < 2; i++) {
        const char *argv[] = {names[i], NULL};
        const char *folder = work_folder();
        char config[96];
        const char *env[] = {config, NULL};
        struct vt *vt;

        snprintf(config, sizeof(config), "XDG_CONFIG_HOME=%s",
                 folder); /* as it comes, and nothing of it is left */
        vt = vt_start(
            &(struct vt_options){.rows = ROWS, .cols = COLS, .argv = argv, .env = env, .keep_raw = true});
        vt_settle(vt, 1500, 2500);
        if (vt_reap(vt))
            printf("  %-26s skipped: it is not installed\n", names[i]);
        else
            compare_other(names[i], ours, vt);
        vt_free(vt);
        remove_folder(folder);
    }
}

/* --- start, and keys --------------------------------------------------------------------------------------------------- */

/* The whole picture of Trade is there when its last row is. */
static void time_start(void)
{
    for (int round = 0; round < 3; round++) {
        const char *folder = work_folder();
        const char *argv[] = {program, "--demo", "--seed", "5", "--data-dir", folder, NULL};
        char ready[128];
        int64_t from_us = vt_now_us(), whole_us, made_us;
        struct vt *vt = vt_start(&(struct vt_options){.rows = ROWS, .cols = COLS, .argv = argv});

        vt_expect(vt, "KILL", START_MS);
        whole_us = vt_now_us();
        snprintf(ready, sizeof(ready), "%s/exchange/exchange.json", folder);
        while (access(ready, F_OK) != 0 && vt_now_us() - from_us < 20000000)
            vt_pump(vt, 1);
        made_us = vt_now_us();
        vt_expect(vt, "spread 0", START_MS);
        printf("start of the demo: %4" PRId64
               " ms to the first whole picture; its exchange has made ten minutes "
               "of market after %4" PRId64 " ms, and it is on the screen after %4" PRId64 " ms\n",
               (whole_us - from_us) / 1000, (made_us - from_us) / 1000, (vt_now_us() - from_us) / 1000);
        end(vt);
        remove_folder(folder);
    }
}

/* Spreads keys over the program's frames. */
static int rest_ms(int number)
{
    return 10 + number * 37 % 30;
}

/* From before the byte is written to the terminal, as a finger would see it. */
static void time_key(struct vt *vt, int fd, int number, struct durations *typed)
{
    int64_t from_ns = clock_monotonic_ns();
    json_t *status;

    vt_send(vt, number % 2 == 0 ? "o" : "s");
    if (slow_until(vt, 0, number % 2 == 0 ? "OBSERVATION" : "SIMULATION", ANSWER_MS) < 0)
        fail_msg("key %d did nothing; the screen is:\n%s", number,
                 vt_text(vt)); /* the next would be refused */
    status = client_status(fd);
    durations_add(typed, client_number(status, "latency", "key_taken_ns") - from_ns);
    json_decref(status);
}

static void print_times(const char *what, const struct durations *times)
{
    printf("  %-40s p50 %4" PRId64 " us, p99 %5" PRId64 " us, worst %5" PRId64 " us\n", what,
           durations_at(times, 500) / 1000, durations_at(times, 990) / 1000, times->max_ns / 1000);
}

static void print_keys(const struct durations *typed, const struct durations *bare, const json_t *latency)
{
    print_times("from the byte in the terminal", typed);
    printf("  %-40s p50 %4" PRId64 " us, p99 %5" PRId64 " us, worst %5" PRId64 " us\n", "from its read",
           client_number(latency, "key_to_command", "p50_us"),
           client_number(latency, "key_to_command", "p99_us"),
           client_number(latency, "key_to_command", "max_us"));
    print_times("in turns a byte to a process of no work", bare);
    printf("  %-40s p50 %.2f, p99 %.2f of the bare byte's\n", "key beside byte",
           (double)durations_at(typed, 500) / (double)durations_at(bare, 500),
           (double)durations_at(typed, 990) / (double)durations_at(bare, 990));
}

/* An engine with a market. Each key and each bare byte comes after as long a rest. */
static void time_keys(int rows, int cols)
{
    const char *folder = work_folder();
    const char *argv[] = {program, "--demo", "--seed", "5", "--data-dir", folder, NULL};
    const char *env[] = {"FLOWDECK_STRATEGY_OFI_ON=false", NULL};
    struct bare_byte bare = bare_byte_open();
    struct vt *vt = vt_start(&(struct vt_options){.rows = rows, .cols = cols, .argv = argv, .env = env});
    int fd = client_open(folder, vt, START_MS), keys = soak() ? 1000 : 200;
    struct durations typed = {.count = 0}, bytes = {.count = 0};
    json_t *status;

    client_wait_live(fd, vt, START_MS);
    play(vt, 1500);
    for (int i = 0; i < keys; i++) {
        time_key(vt, fd, i, &typed);
        play(vt, rest_ms(i));
        durations_add(&bytes, bare_byte_time(&bare));
        play(vt, rest_ms(i));
    }
    status = client_status(fd);
    printf("key to command at the engine (%d keys, demo running, %dx%d):\n", keys, cols, rows);
    print_keys(&typed, &bytes, json_object_get(status, "latency"));
    json_decref(status);
    close(fd);
    end(vt);
    bare_byte_close(&bare);
    remove_folder(folder);
}

static void time_slow_line(void)
{
    struct vt *vt = slow_start(24, 80, SLOW_BYTES_PER_S, false, quiet);
    struct slow_figures figures = slow_measure(vt);

    slow_print("line of 2,400 bytes/s, 80x24:", &figures);
    vt->bytes_per_s = 0;
    end(vt);
}

/* One part alone: `bench_screen keys`. */
static bool wants(int argc, char **argv, const char *part)
{
    return argc < 2 || strcmp(argv[1], part) == 0;
}

int main(int argc, char **argv)
{
    double made = 0, real = 0;

    setvbuf(stdout, NULL, _IOLBF, 0);
    find_program(NULL);
    find_recording();
    if (wants(argc, argv, "screens") && busiest_is_real)
        real = compare_screens(NULL);
    snprintf(recording, sizeof(recording), "%s", demo);
    if (wants(argc, argv, "screens")) {
        made = compare_screens("14:05");
    }
    if (wants(argc, argv, "depths"))
        compare_depths("14:05");
    if (wants(argc, argv, "others"))
        compare_others(real > made ? real : made);
    if (wants(argc, argv, "slow"))
        time_slow_line();
    if (wants(argc, argv, "start"))
        time_start();
    if (wants(argc, argv, "keys")) {
        time_keys(ROWS, COLS);
        time_keys(55, 200);
    }
    return too_many ? 1 : 0;
}

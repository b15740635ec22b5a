/*
 * bench_differ.c - our differ beside curses, in one run, on the same pictures: bytes and CPU time a frame.
 *
 * A screen of numbers in fields of nine columns, coloured as a panel would, of which 5, 10 or 30 % get new last digits
 * each frame. Both back ends write into a pty that a thread empties; only the drawing thread's CPU time counts. The
 * two take turns, five rounds each; printed are the medians.
 */
#include "tui/screen.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define ROUNDS 5
#define FRAMES 200
#define FIELD  9

struct drain {
    int fd;
    atomic_ullong bytes;
};

struct figure {
    double bytes, cpu_us;
};

static void *drain_main(void *arg)
{
    struct drain *drain = arg;
    char bytes[65536];

    for (;;) {
        ssize_t size = read(drain->fd, bytes, sizeof(bytes));

        if (size <= 0)
            return NULL;
        atomic_fetch_add(&drain->bytes, (unsigned long long)size);
    }
}

static uint32_t random_next(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void draw_field(struct canvas *canvas, int row, int field, uint32_t value)
{
    static const enum role roles[] = {ROLE_TEXT,   ROLE_BID,  ROLE_ASK,  ROLE_DIM,
                                      ROLE_PROFIT, ROLE_LOSS, ROLE_PRICE};
    struct style style = style_role(roles[(row + field * 3) % 7]);

    if (row % 5 == 0)
        style = style_on(style, ROLE_ROW_MARK);
    canvas_printf(canvas, row, field * FIELD, style, "%5u.%02u", 61000 + row * 10, value % 100);
}

static double cpu_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* The frame has left us; the drain may still hold the last of it. */
static void settle(struct screen *screen, struct drain *drain)
{
    unsigned long long before = 0;

    while (screen_flush(screen) == SCREEN_BUSY)
        poll(&(struct pollfd){screen_fd(screen), POLLOUT, 0}, 1, 100);
    while (before != atomic_load(&drain->bytes)) {
        before = atomic_load(&drain->bytes);
        poll(NULL, 0, 5);
    }
}

static struct figure run(enum screen_backend backend, const char *tty, struct drain *drain, int rows,
                         int cols, unsigned percent)
{
    struct screen_options options = {.backend = backend,
                                     .tty_path = tty,
                                     .term = "xterm-256color",
                                     .depth_plus_1 = DEPTH_256 + 1,
                                     .tier_plus_1 = TIER_UTF8 + 1};
    struct theme theme;
    char why[SCREEN_WHY_SIZE];
    struct screen *screen;
    struct canvas *canvas = canvas_new(rows, cols);
    uint32_t random = 1;
    double cpu = 0;
    unsigned long long bytes;

    theme_load_default(&theme);
    screen = screen_open(&options, &theme, why);
    if (screen == NULL || canvas == NULL) {
        fprintf(stderr, "%s\n", why);
        exit(1);
    }
    for (int row = 0; row < rows; row++)
        for (int field = 0; field < cols / FIELD; field++)
            draw_field(canvas, row, field, random_next(&random));
    screen_put(screen, canvas, NULL);
    settle(screen, drain);
    bytes = atomic_load(&drain->bytes);
    for (int frame = 0; frame < FRAMES; frame++) {
        double start;

        for (int row = 0; row < rows; row++)
            for (int field = 0; field < cols / FIELD; field++)
                if (random_next(&random) % 100 < percent)
                    draw_field(canvas, row, field, random_next(&random));
        start = cpu_us();
        screen_put(screen, canvas, NULL);
        while (screen_wants_write(screen)) {
            poll(&(struct pollfd){screen_fd(screen), POLLOUT, 0}, 1, 100);
            screen_flush(screen);
        }
        cpu += cpu_us() - start;
    }
    settle(screen, drain);
    bytes = atomic_load(&drain->bytes) - bytes;
    screen_close(screen);
    canvas_free(canvas);
    return (struct figure){(double)bytes / FRAMES, cpu / FRAMES};
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

static double median(double value[ROUNDS])
{
    qsort(value, ROUNDS, sizeof(value[0]), by_size);
    return value[ROUNDS / 2];
}

static void compare(const char *tty, struct drain *drain, int rows, int cols, unsigned percent)
{
    double bytes[2][ROUNDS], cpu[2][ROUNDS];

    for (int round = 0; round < ROUNDS; round++)
        for (int backend = 0; backend < 2; backend++) {
            struct figure figure = run((enum screen_backend)backend, tty, drain, rows, cols, percent);

            bytes[backend][round] = figure.bytes;
            cpu[backend][round] = figure.cpu_us;
        }
    printf("%3dx%-3d %2u %%  bytes/frame own %7.0f curses %7.0f (%.2f)   cpu us/frame own %7.1f curses %7.1f "
           "(%.2f)\n",
           cols, rows, percent, median(bytes[0]), median(bytes[1]), median(bytes[0]) / median(bytes[1]),
           median(cpu[0]), median(cpu[1]), median(cpu[0]) / median(cpu[1]));
}

int main(void)
{
    static const int sizes[2][2] = {{24, 80}, {50, 200}};
    static const unsigned percents[3] = {5, 10, 30};
    struct drain drain = {.fd = posix_openpt(O_RDWR | O_NOCTTY)};
    char tty[64];
    pthread_t thread;
    int slave;

    if (drain.fd < 0 || grantpt(drain.fd) != 0 || unlockpt(drain.fd) != 0 ||
        ptsname_r(drain.fd, tty, sizeof(tty)) != 0)
        return 1;
    slave = open(tty, O_RDWR | O_NOCTTY); /* kept open, so that the drain never sees the end */
    if (slave < 0 || pthread_create(&thread, NULL, drain_main, &drain) != 0)
        return 1;
    for (size_t s = 0; s < 2; s++) {
        struct winsize size = {(unsigned short)sizes[s][0], (unsigned short)sizes[s][1], 0, 0};

        ioctl(slave, TIOCSWINSZ, &size);
        for (size_t p = 0; p < 3; p++)
            compare(tty, &drain, sizes[s][0], sizes[s][1], percents[p]);
    }
    return 0;
}

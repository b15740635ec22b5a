#include "service/attach.h"

#include "core/base/clock.h"
#include "core/base/crc32c.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE 65536
#define LAST_MS   200 /* for the last words, however slowly they are read */

_Static_assert(sizeof(struct attach_head) == ATTACH_HEAD_SIZE, "the head has no holes");
_Static_assert(ATTACH_HEAD_SIZE + sizeof(struct command) <= ATTACH_SAID_MAX &&
                   ATTACH_HEAD_SIZE + sizeof(struct attach_hello) <= ATTACH_SAID_MAX,
               "what a client says fits");

size_t attach_put(uint8_t *out, enum attach_kind kind, const void *data, size_t size)
{
    struct attach_head head = {(uint32_t)size, (uint32_t)kind};

    memcpy(out, &head, sizeof(head));
    if (data != NULL && size > 0)
        memcpy(out + sizeof(head), data, size);
    return sizeof(head) + size;
}

static enum err take_head(const uint8_t *bytes, size_t size, size_t most, struct attach_head *out)
{
    if (size < sizeof(*out))
        return ERR_NOT_FOUND;
    memcpy(out, bytes, sizeof(*out));
    if (out->kind >= ATTACH_KINDS || out->size > most - sizeof(*out))
        return ERR_BAD_DATA;
    return size - sizeof(*out) < out->size ? ERR_NOT_FOUND : ERR_OK;
}

/* A truth value that came as a byte may be neither. */
static bool is_truth(const void *at)
{
    uint8_t byte;

    memcpy(&byte, at, sizeof(byte));
    return byte <= 1;
}

static bool is_word(const void *at, uint32_t most)
{
    uint32_t word;

    memcpy(&word, at, sizeof(word));
    return word <= most;
}

/* A name goes to other screens and into the log: letters of paths alone. */
static void tame(char *text, size_t size)
{
    text[size - 1] = '\0';
    for (; *text != '\0'; text++)
        if (!((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
              (*text >= '0' && *text <= '9') || *text == ' ' || *text == '/' || *text == '_' || *text == '-'))
            *text = '?';
}

/* --- a command ------------------------------------------------------------------------------------------------ */

static bool is_number(int64_t number)
{
    return number >= 0 && number <= ATTACH_NUMBER_MAX;
}

static bool check_intent(const struct order_intent *intent)
{
    return is_word(&intent->side, SIDE_COUNT - 1) && is_word(&intent->type, ORDER_TYPES - 1) &&
           is_word(&intent->tif, TIF_GTD) && is_truth(&intent->post_only) && is_truth(&intent->reduce_only) &&
           is_truth(&intent->may_cut) && is_truth(&intent->unasked) && is_truth(&intent->flatten) &&
           is_number(intent->price_ticks) && is_number(intent->stop_ticks) &&
           is_number(intent->trail_ticks) && is_number(intent->qty_lots) && is_number(intent->display_lots) &&
           is_number(intent->bracket_take_ticks) && is_number(intent->bracket_stop_ticks);
}

bool attach_command_check(struct command *command)
{
    const struct view_request *view = &command->view;

    command->source[sizeof(command->source) - 1] = '\0';
    command->text[sizeof(command->text) - 1] = '\0';
    for (char *at = command->text; *at != '\0'; at++)
        if (*at < ' ' || *at > '~')
            *at = '?';
    return is_word(&command->kind, COMMAND_KINDS - 1) && command_has(command->kind, COMMAND_TRAIT_FAR) &&
           is_truth(&command->flag) && is_word(&command->mode, MODE_LIVE) &&
           is_word(&command->state, STATE_KILLED) && check_intent(&command->intent) &&
           command->number >= -ATTACH_NUMBER_MAX && command->number <= ATTACH_NUMBER_MAX &&
           view->rows <= VIEW_ROWS_MAX && view->second_rows <= VIEW_ROWS_MAX && is_number(view->row_ticks) &&
           is_number(view->top_ticks) && view->screen <= SCREEN_SYSTEM && is_truth(&view->denials) &&
           is_truth(&view->controls) && is_truth(&view->levels) && view->period < RESULTS_PERIODS &&
           view->chart.kind < CHART_KINDS && view->chart.halves <= 1 && view->chart.cols <= VIEW_CHART_COLS &&
           view->chart.rows <= VIEW_CHART_ROWS && is_number(view->chart.row_ticks) &&
           is_number(view->chart.top_ticks) && is_number(view->chart.cross_ticks);
}

/* --- both ends ------------------------------------------------------------------------------------------------ */

static enum err take_hello(const uint8_t *data, size_t size, struct attach_hello *out)
{
    if (size != sizeof(*out))
        return ERR_BAD_DATA;
    memcpy(out, data, sizeof(*out));
    if (!is_truth(&out->readonly))
        return ERR_BAD_DATA;
    out->build[sizeof(out->build) - 1] = '\0';
    tame(out->name, sizeof(out->name));
    tame(out->symbol, sizeof(out->symbol));
    return ERR_OK;
}

enum err attach_take_said(const uint8_t *bytes, size_t size, struct attach_said *out, size_t *used)
{
    struct attach_head head;
    enum err err = take_head(bytes, size, ATTACH_SAID_MAX, &head);
    const uint8_t *data = bytes + sizeof(head);

    if (err != ERR_OK)
        return err;
    out->kind = (enum attach_kind)head.kind;
    *used = sizeof(head) + head.size;
    if (out->kind == ATTACH_HELLO)
        return take_hello(data, head.size, &out->hello);
    if (out->kind == ATTACH_WANT)
        return head.size == 0 ? ERR_OK : ERR_BAD_DATA;
    if (out->kind != ATTACH_COMMAND || head.size != sizeof(out->command))
        return ERR_BAD_DATA;
    memcpy(&out->command, data, sizeof(out->command));
    return attach_command_check(&out->command) ? ERR_OK : ERR_BAD_DATA;
}

enum err attach_take_told(const uint8_t *bytes, size_t size, struct attach_told *out, size_t *used)
{
    struct attach_head head;
    enum err err = take_head(bytes, size, ATTACH_TOLD_MAX, &head);
    const uint8_t *data = bytes + sizeof(head);

    if (err != ERR_OK)
        return err;
    out->kind = (enum attach_kind)head.kind;
    *used = sizeof(head) + head.size;
    if (out->kind == ATTACH_FRAME) {
        out->frame = data;
        out->frame_size = head.size;
        return ERR_OK;
    }
    if (out->kind == ATTACH_WELCOME && head.size == sizeof(out->welcome)) {
        memcpy(&out->welcome, data, sizeof(out->welcome));
        return ERR_OK;
    }
    if (out->kind != ATTACH_BYE || head.size != sizeof(out->bye))
        return ERR_BAD_DATA;
    memcpy(&out->bye, data, sizeof(out->bye));
    out->bye.why[sizeof(out->bye.why) - 1] = '\0';
    return ERR_OK;
}

/* --- the last word, and who it is --------------------------------------------------------------------------- */

/* As much as goes within LAST_MS; a frame that has begun goes first, or nothing behind it could be read. */
void attach_say_bye(int fd, const uint8_t *rest, size_t rest_size, const char *why)
{
    uint8_t message[ATTACH_HEAD_SIZE + sizeof(struct attach_bye)];
    int64_t by_ns = clock_monotonic_ns() + LAST_MS * INT64_C(1000000);
    struct attach_bye bye = {{0}};
    ssize_t sent;

    snprintf(bye.why, sizeof(bye.why), "%s", why);
    attach_put(message, ATTACH_BYE, &bye, sizeof(bye));
    while (rest_size > 0) {
        struct pollfd room = {.fd = fd, .events = POLLOUT};

        sent = send(fd, rest, rest_size, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno == EAGAIN && clock_monotonic_ns() < by_ns && poll(&room, 1, LAST_MS) > 0)
            continue;
        if (sent <= 0)
            return;
        rest += sent;
        rest_size -= (size_t)sent;
    }
    sent = send(fd, message, sizeof(message), MSG_NOSIGNAL | MSG_DONTWAIT);
    (void)sent; /* it need not hear it */
}

/* /proc/self/exe is the file that runs, also when another one lies at its path by now. */
void attach_build(const char *version, char out[ATTACH_BUILD_SIZE])
{
    static uint8_t bytes[READ_SIZE]; /* of one thread: a program is a server or a client */
    int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    uint32_t crc = 0;
    int64_t total = 0;
    ssize_t size;

    while (fd >= 0 && (size = read(fd, bytes, sizeof(bytes))) > 0) {
        crc = crc32c_update(crc, bytes, (size_t)size);
        total += size;
    }
    if (fd >= 0)
        close(fd);
    snprintf(out, ATTACH_BUILD_SIZE, "%.30s %08x-%llx-%zx", version, crc, (unsigned long long)total,
             sizeof(struct view_frame));
}

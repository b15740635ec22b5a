#include "app/instance_holder.h"

#include <fcntl.h>
#include <flowdeck/version.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- this process ------------------------------------------------------------------------------------------------ */

/* What would end a line goes. */
static void keep_line(char *text)
{
    for (; *text != '\0'; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7F)
            *text = '?';
}

static void read_line_of(const char *path, char *out, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got = fd < 0 ? 0 : read(fd, out, size - 1);

    if (fd >= 0)
        close(fd);
    out[got > 0 ? got : 0] = '\0';
    out[strcspn(out, "\n")] = '\0';
}

static uint64_t own_namespace(void)
{
    struct stat status;

    return stat("/proc/self/ns/pid", &status) == 0 ? (uint64_t)status.st_ino : 0;
}

void instance_holder_build(const struct stat *file, char out[INSTANCE_BUILD_SIZE])
{
    snprintf(out, INSTANCE_BUILD_SIZE, "%" PRIx64 "-%" PRIu64 "-%" PRId64 ".%09ld", (uint64_t)file->st_dev,
             (uint64_t)file->st_ino, (int64_t)file->st_mtim.tv_sec, file->st_mtim.tv_nsec);
}

void instance_holder_self(struct instance_holder *out)
{
    struct proc_look look = {.state = '?'};
    struct stat status;
    ssize_t size;

    memset(out, 0, sizeof(*out));
    out->pid = getpid();
    proc_look(out->pid, &look);
    out->start_ticks = look.start_ticks;
    memcpy(out->name, look.name, sizeof(out->name));
    out->pid_namespace = own_namespace();
    size = readlink("/proc/self/exe", out->exe, sizeof(out->exe) - 1);
    out->exe[size > 0 ? size : 0] = '\0';
    if (stat("/proc/self/exe", &status) == 0)
        instance_holder_build(&status, out->build);
    if (gethostname(out->host, sizeof(out->host) - 1) != 0)
        out->host[0] = '\0';
    read_line_of("/proc/sys/kernel/random/boot_id", out->boot, sizeof(out->boot));
    snprintf(out->version, sizeof(out->version), "%s", FLOWDECK_VERSION);
    keep_line(out->exe);
    keep_line(out->host);
    keep_line(out->name);
}

/* --- its text ---------------------------------------------------------------------------------------------------- */

size_t instance_holder_write(const struct instance_holder *holder, char *out, size_t size)
{
    int used = snprintf(out, size,
                        "%d\nstart %" PRIu64 "\nnamespace %" PRIu64 "\nname %s\nexe %s\nbuild %s\nhost %s\n"
                        "boot %s\nversion %s\nconfig %s\nepoch %" PRIu64 "\nlife %s\ntakeovers",
                        (int)holder->pid, holder->start_ticks, holder->pid_namespace, holder->name,
                        holder->exe, holder->build, holder->host, holder->boot, holder->version,
                        holder->config, holder->epoch, holder->life);

    for (size_t i = 0; i < holder->takeovers && (size_t)used < size; i++)
        used += snprintf(out + used, size - (size_t)used, " %" PRId64, holder->takeover_ns[i]);
    if ((size_t)used < size)
        used += snprintf(out + used, size - (size_t)used, "\nend\n");
    return (size_t)used < size ? (size_t)used : 0;
}

static bool number_of(const char *value, uint64_t *out)
{
    char *end;

    *out = strtoull(value, &end, 10);
    return end != value && *end == '\0';
}

static void read_takeovers(char *value, struct instance_holder *out)
{
    char *word;

    while ((word = strsep(&value, " ")) != NULL && out->takeovers < INSTANCE_TAKEOVERS_KEPT)
        if (*word != '\0')
            out->takeover_ns[out->takeovers++] = strtoll(word, NULL, 10);
}

static bool take_text(const char *key, const char *value, struct instance_holder *out)
{
    const struct {
        const char *key;
        char *text;
        size_t size;
    } texts[] = {
        {"name", out->name, sizeof(out->name)},          {"exe", out->exe, sizeof(out->exe)},
        {"build", out->build, sizeof(out->build)},       {"host", out->host, sizeof(out->host)},
        {"boot", out->boot, sizeof(out->boot)},          {"life", out->life, sizeof(out->life)},
        {"version", out->version, sizeof(out->version)}, {"config", out->config, sizeof(out->config)},
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (strcmp(key, texts[i].key) == 0) {
            snprintf(texts[i].text, texts[i].size, "%s", value);
            return true;
        }
    return false;
}

bool instance_holder_read(const char *text, struct instance_holder *out)
{
    char copy[INSTANCE_TEXT_MAX], *rest = copy, *line;
    uint64_t pid;

    memset(out, 0, sizeof(*out));
    if (snprintf(copy, sizeof(copy), "%s", text) >= (int)sizeof(copy))
        return false;
    line = strsep(&rest, "\n");
    if (!number_of(line, &pid) || pid == 0 || pid > INT32_MAX)
        return false;
    out->pid = (pid_t)pid;
    while ((line = strsep(&rest, "\n")) != NULL && strcmp(line, "end") != 0) {
        const char *key = strsep(&line, " ");

        if (line == NULL || take_text(key, line, out))
            continue;
        if (strcmp(key, "start") == 0)
            number_of(line, &out->start_ticks);
        else if (strcmp(key, "namespace") == 0)
            number_of(line, &out->pid_namespace);
        else if (strcmp(key, "epoch") == 0)
            number_of(line, &out->epoch);
        else if (strcmp(key, "takeovers") == 0)
            read_takeovers(line, out);
    }
    return line != NULL;
}

/* --- comparing --------------------------------------------------------------------------------------------------- */

bool instance_holder_same(const struct instance_holder *a, const struct instance_holder *b)
{
    return a->pid == b->pid && a->start_ticks == b->start_ticks && a->pid_namespace == b->pid_namespace &&
           strcmp(a->boot, b->boot) == 0 && strcmp(a->host, b->host) == 0;
}

bool instance_holder_lives(const struct instance_holder *holder, struct proc_look *look, bool *gone,
                           char *why, size_t why_size)
{
    struct instance_holder self;

    instance_holder_self(&self);
    *gone = false;
    if (strcmp(holder->host, self.host) != 0) {
        snprintf(why, why_size, "it runs on another host, %s", holder->host);
        return false;
    }
    if (strcmp(holder->boot, self.boot) !=
        0) { /* a file that outlived a boot, or another machine of that name */
        snprintf(why, why_size, "it was started before this boot, or on another machine");
        return false;
    }
    if (holder->pid_namespace != self.pid_namespace) {
        snprintf(why, why_size, "it runs in another pid namespace");
        return false;
    }
    if (!proc_look(holder->pid, look)) {
        *gone = !proc_is_hidden(holder->pid);
        snprintf(
            why, why_size, "%s",
            *gone
                ? "its process is gone"
                : "/proc hides it (hidepid?): whether it is that process, and whether it is stopped, is not "
                  "known");
        return false;
    }
    if (look->start_ticks != holder->start_ticks || look->state == 'Z' || look->state == 'X') {
        *gone = true;
        snprintf(why, why_size, "its process is gone");
        return false;
    }
    return true;
}

/* Those of this boot. */
void instance_holder_keep_takeovers(struct instance_holder *holder, const struct instance_holder *before)
{
    holder->takeovers = strcmp(before->boot, holder->boot) == 0 ? before->takeovers : 0;
    memcpy(holder->takeover_ns, before->takeover_ns, sizeof(holder->takeover_ns));
}

void instance_holder_note_takeover(struct instance_holder *holder, const struct instance_holder *before,
                                   int64_t now_ns)
{
    instance_holder_keep_takeovers(holder, before);
    if (holder->takeovers == INSTANCE_TAKEOVERS_KEPT)
        memmove(holder->takeover_ns, holder->takeover_ns + 1,
                --holder->takeovers * sizeof(holder->takeover_ns[0]));
    holder->takeover_ns[holder->takeovers++] = now_ns;
}

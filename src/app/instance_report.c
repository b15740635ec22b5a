#include "app/instance_report.h"

#include "app/instance_lock.h"
#include "app/life_page.h"
#include "app/standby_tell.h"
#include "core/base/clock.h"

#include <inttypes.h>

#define STANDBYS_MAX 8
#define NS_PER_MS    INT64_C(1000000)

/* -1: none, or it cannot be seen. */
static int64_t heartbeat_ms(const struct instance_holder *leader)
{
    struct life_page *page = life_page_watch(leader->life);
    int64_t beat_ns = page == NULL ? 0 : atomic_load(&page->heartbeat_ns);

    life_page_free(page);
    return beat_ns == 0 ? -1 : (clock_monotonic_ns() - beat_ns) / NS_PER_MS;
}

static bool leads(const char *data_dir, struct instance_holder *leader)
{
    pid_t pid;

    return instance_lock_held(data_dir, &pid) && instance_lock_holder(data_dir, leader);
}

void instance_report_print(const char *data_dir, FILE *out)
{
    struct standby_told told[STANDBYS_MAX];
    struct instance_holder leader;
    size_t count = standby_told_list(data_dir, told, STANDBYS_MAX);

    if (leads(data_dir, &leader)) {
        int64_t beat_ms = heartbeat_ms(&leader);

        fprintf(out, "leader: pid %d on %s, epoch %" PRIu64, (int)leader.pid, leader.host, leader.epoch);
        if (beat_ms >= 0)
            fprintf(out, ", heartbeat %" PRId64 " ms old", beat_ms);
        fputc('\n', out);
    }
    for (size_t i = 0; i < count; i++)
        fprintf(out, "pid %d: %s%s%s\n", (int)told[i].pid, told[i].line,
                told[i].alert[0] == '\0' ? "" : "; ALERT: ", told[i].alert);
}

json_t *instance_report_json(const char *data_dir)
{
    struct standby_told told[STANDBYS_MAX];
    struct instance_holder leader;
    size_t count = standby_told_list(data_dir, told, STANDBYS_MAX);
    json_t *list = json_array(), *holder = json_null();

    if (leads(data_dir, &leader))
        holder = json_pack("{s:i,s:s,s:I,s:I}", "pid", (int)leader.pid, "host", leader.host, "epoch",
                           (json_int_t)leader.epoch, "heartbeat_ms", (json_int_t)heartbeat_ms(&leader));
    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_pack("{s:i,s:s,s:s}", "pid", (int)told[i].pid, "text", told[i].line,
                                              "alert", told[i].alert));
    return json_pack("{s:o,s:o}", "leader", holder, "standbys", list);
}

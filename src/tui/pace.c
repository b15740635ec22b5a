#include "tui/pace.h"

#include <string.h>

#define NS INT64_C(1000000000)

/* What the first frame may have: by how soon the terminal answered the questions of the start. */
#define START_UNKNOWN 4096
#define START_FAR     1024
#define START_NEAR_NS INT64_C(20000000)

void pace_init(struct pace *pace, int64_t bytes_per_s, int64_t now_ns)
{
    *pace = (struct pace){.bytes_per_s = bytes_per_s < PACE_BYTES_LEAST ? PACE_BYTES_LEAST : bytes_per_s,
                          .frame_max = START_UNKNOWN,
                          .filled_ns = now_ns,
                          .near_since_ns = now_ns,
                          .probed_ns = now_ns};
    pace->tokens = pace->bytes_per_s / 8;
}

/* --- bytes a second -------------------------------------------------------------------------------------------- */

static void fill(struct pace *pace, int64_t now_ns)
{
    int64_t depth = pace->bytes_per_s / 8, since_ns = now_ns - pace->filled_ns, more;

    if (since_ns >= NS)
        since_ns = NS;
    more = since_ns > 0 ? (int64_t)((__int128)pace->bytes_per_s * since_ns / NS) : 0;
    pace->tokens = pace->tokens + more > depth ? depth : pace->tokens + more;
    pace->filled_ns = now_ns - since_ns + more * NS / pace->bytes_per_s; /* no part of a byte is lost */
}

/* --- asks and replies ------------------------------------------------------------------------------------------ */

static size_t bounded(int64_t bytes)
{
    return bytes < PACE_LEAST ? PACE_LEAST : bytes > (int64_t)PACE_MOST ? PACE_MOST : (size_t)bytes;
}

static void forget_oldest(struct pace *pace)
{
    memmove(&pace->asked_ns[0], &pace->asked_ns[1], sizeof(pace->asked_ns) - sizeof(pace->asked_ns[0]));
    pace->asks--;
}

static void note_ask(struct pace *pace, int64_t now_ns)
{
    pace->asked_ns[pace->asks++] = now_ns;
}

bool pace_asks(const struct pace *pace)
{
    return pace->asks < PACE_ASKS && (pace->answers || pace->silent < PACE_SILENT_MAX);
}

bool pace_slow(const struct pace *pace)
{
    return pace->answers && pace->frame_max < PACE_PLENTY;
}

void pace_asked(struct pace *pace, int64_t now_ns)
{
    note_ask(pace, now_ns);
    pace->blocks = false;
}

void pace_frame(struct pace *pace, size_t bytes, bool asked, bool cut, int64_t now_ns)
{
    fill(pace, now_ns);
    pace->tokens -= (int64_t)bytes;
    pace->asked_bytes = bytes;
    pace->cut = cut;
    pace->blocks = asked;
    if (asked)
        note_ask(pace, now_ns);
}

/* The wait for a reply is over without one. */
static void give_up(struct pace *pace, int64_t now_ns)
{
    pace->blocks = false;
    if (pace->answers) /* more than a second for one frame */
        pace->frame_max = bounded((int64_t)pace->asked_bytes / 8);
    else if (pace->silent < PACE_SILENT_MAX && ++pace->silent == PACE_SILENT_MAX) {
        pace->asks = 0;
        pace->frame_max = PACE_MOST; /* the bytes a second alone */
    }
    while (pace->asks > 0 && now_ns - pace->asked_ns[0] >= PACE_FORGET_NS)
        forget_oldest(pace);
}

bool pace_ready(struct pace *pace, int64_t now_ns)
{
    fill(pace, now_ns);
    if (pace->blocks && pace->asks > 0 && now_ns - pace->asked_ns[pace->asks - 1] >= PACE_WAIT_NS)
        give_up(pace, now_ns);
    return pace->tokens >= PACE_LEAST && !(pace->blocks && pace->asks > 0);
}

static bool probe_is_due(const struct pace *pace, int64_t now_ns)
{
    return pace_slow(pace) && now_ns - pace->probed_ns >= PACE_PROBE_NS;
}

size_t pace_bytes(struct pace *pace, int64_t now_ns)
{
    size_t most = pace->frame_max;

    fill(pace, now_ns);
    if (probe_is_due(pace, now_ns)) {
        pace->probed_ns = now_ns;
        return PACE_LEAST;
    }
    if (pace->tokens < (int64_t)most)
        most = pace->tokens < PACE_LEAST ? PACE_LEAST : (size_t)pace->tokens;
    return most;
}

/* --- how slow the line is -------------------------------------------------------------------------------------- */

static int64_t note_near(struct pace *pace, int64_t took_ns, int64_t now_ns)
{
    if (now_ns - pace->near_since_ns >= PACE_NEAR_NS) {
        pace->near_ns[1] = pace->near_ns[0];
        pace->near_ns[0] = 0;
        pace->near_since_ns = now_ns;
    }
    if (pace->near_ns[0] == 0 || took_ns < pace->near_ns[0])
        pace->near_ns[0] = took_ns;
    return pace->near_ns[1] != 0 && pace->near_ns[1] < pace->near_ns[0] ? pace->near_ns[1] : pace->near_ns[0];
}

/* Greater while replies come soon and there was more to send; smaller at once when they do not. */
static void fit(struct pace *pace, int64_t took_ns, int64_t now_ns)
{
    int64_t over_ns = took_ns - note_near(pace, took_ns, now_ns);
    int64_t bytes = (int64_t)(pace->asked_bytes > PACE_LEAST ? pace->asked_bytes : PACE_LEAST);

    if (over_ns > PACE_FRAME_NS)
        pace->frame_max = bounded(bytes * PACE_FRAME_NS / over_ns);
    else if (pace->cut && pace->asked_bytes >= pace->frame_max && over_ns < PACE_FRAME_NS / 2)
        pace->frame_max = bounded((int64_t)pace->frame_max * (over_ns < PACE_FRAME_NS / 8 ? 4 : 2));
}

static void first_reply(struct pace *pace, int64_t took_ns)
{
    pace->answers = true;
    pace->frame_max = took_ns < START_NEAR_NS ? PACE_MOST : START_FAR;
}

bool pace_reply(struct pace *pace, int64_t now_ns)
{
    int64_t took_ns;
    bool of_frame;

    if (pace->asks == 0)
        return false; /* not ours, or forgotten */
    took_ns = now_ns - pace->asked_ns[0];
    forget_oldest(pace);
    of_frame = pace->asks == 0 && pace->asked_bytes > 0;
    if (!pace->answers)
        first_reply(pace, took_ns);
    if (of_frame)
        fit(pace, took_ns, now_ns);
    else
        note_near(pace, took_ns, now_ns);
    if (pace->asks == 0)
        pace->blocks = false;
    pace->reply_ns = now_ns;
    return pace->asks == 0;
}

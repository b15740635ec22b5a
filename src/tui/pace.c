#include "tui/pace.h"

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

bool pace_asks(const struct pace *pace)
{
    return pace->answers || pace->silent < PACE_SILENT_MAX;
}

bool pace_slow(const struct pace *pace)
{
    return pace->answers && pace->frame_max < PACE_PLENTY;
}

bool pace_waits(const struct pace *pace, int64_t now_ns)
{
    return pace->open || pace->late > 0 || pace->first_ns != 0 ||
           (pace->asked_ns != 0 && now_ns - pace->asked_ns < PACE_UNSURE_NS);
}

void pace_asked(struct pace *pace, int64_t now_ns)
{
    pace->first_ns = now_ns;
}

void pace_frame(struct pace *pace, size_t bytes, bool asked, bool cut, int64_t now_ns)
{
    fill(pace, now_ns);
    pace->tokens -= (int64_t)bytes;
    if (!asked)
        return;
    pace->asked_bytes = bytes;
    pace->cut = cut;
    pace->open = pace->blocks = true;
    pace->asked_ns = now_ns;
}

/* The wait for a reply is over without one. */
static void give_up(struct pace *pace, int64_t now_ns)
{
    pace->open = pace->blocks = false;
    pace->late += pace->late < PACE_LATE_MAX ? 1 : 0;
    pace->late_ns = now_ns;
    pace->late_came = false;
    if (pace->answers) { /* more than a second for one frame */
        pace->frame_max = bounded((int64_t)pace->asked_bytes / 8);
    } else if (pace->silent < PACE_SILENT_MAX && ++pace->silent == PACE_SILENT_MAX) {
        pace->frame_max = PACE_MOST; /* the bytes a second alone, unless an answer comes after all */
    }
}

void pace_rest(struct pace *pace, int64_t now_ns)
{
    if (pace->rest_ns == 0 || now_ns >= pace->rest_ns)
        pace->rest_ns = now_ns + PACE_REST_NS;
}

int64_t pace_rests(const struct pace *pace, int64_t now_ns)
{
    return pace->rest_ns > now_ns ? pace->rest_ns - now_ns : 0;
}

bool pace_ready(struct pace *pace, int64_t now_ns)
{
    fill(pace, now_ns);
    if (pace->open && now_ns - pace->asked_ns >= PACE_WAIT_NS)
        give_up(pace, now_ns);
    if (pace->late_ns != 0 && pace->open && pace->late_came && now_ns - pace->late_ns >= PACE_LATE_NS) {
        pace->open = pace->blocks = pace->late_came =
            false; /* so it was this frame's, and the one before was lost */
        pace->late = 0;
        pace->late_ns = now_ns;
    }
    if (pace->late > 0 && now_ns - pace->late_ns >= PACE_FORGET_NS)
        pace->late = 0;
    if (pace->first_ns != 0 && now_ns - pace->first_ns >= PACE_FORGET_NS)
        pace->first_ns = 0;
    return pace->tokens >= PACE_LEAST && !pace->blocks && pace_rests(pace, now_ns) == 0;
}

static bool probe_is_due(const struct pace *pace, int64_t now_ns)
{
    return pace_slow(pace) && now_ns - pace->probed_ns >= PACE_PROBE_NS;
}

size_t pace_bytes(struct pace *pace, int64_t now_ns)
{
    size_t most = pace->frame_max;

    fill(pace, now_ns);
    if (pace->late > 0 && pace->answers)
        return PACE_LEAST; /* its reply follows that of the one before at once, if that one comes */
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
    int64_t took_ns = now_ns - pace->asked_ns;

    if (pace->first_ns != 0) { /* the first one that ever comes */
        took_ns = now_ns - pace->first_ns;
        pace->first_ns = 0;
        first_reply(pace, took_ns);
        note_near(pace, took_ns, now_ns);
        return false;
    }
    if (!pace->open) { /* a late one, or not ours */
        pace->late -= pace->late > 0 ? 1 : 0;
        return false;
    }
    if (pace->late > 0) { /* of a frame before, or of this one: a second reply tells, or its absence */
        pace->late--;
        pace->late_came = true;
        pace->late_ns = now_ns;
        return false;
    }
    pace->open = pace->blocks = pace->late_came = false;
    if (!pace->answers)
        first_reply(pace, took_ns);
    fit(pace, took_ns, now_ns);
    return true;
}

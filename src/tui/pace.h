/*
 * pace.h - when the next frame may go to a terminal, and how many bytes it may have. Pure: time is a parameter.
 *
 * Two limits:
 *   replies  After each frame the terminal is asked for its status (CSI 5n). What it answers it has read, so the next frame
 *            waits for the reply, or for a second. One frame at most is under way then, and its size follows the time that
 *            replies take: on a slow line small frames go often, and the echo of a key waits behind one of them instead of
 *            behind a second of old pictures in the line's buffers. A terminal that never replied to PACE_SILENT_MAX asks
 *            is asked no more.
 *   bytes    a second, as a token bucket that holds an eighth of a second, whatever the terminal says.
 *
 * And a moment's rest behind a command, whether it is an order or only asks for other rows: a thread that hands something to
 * another and goes on to draw keeps the processor that the other one was woken on, for as long as the picture takes.
 *
 * How far away the terminal is (as against how slow) is the shortest reply of the last seconds; while frames are small one
 * of the least size is sent from time to time, so that it is known. What a reply takes longer than that is the line's own
 * time for the bytes.
 */
#ifndef TUI_PACE_H
#define TUI_PACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PACE_LEAST    96                  /* bytes: no frame is cut smaller */
#define PACE_PLENTY   4096                /* bytes: a line that takes such frames is not slow */
#define PACE_MOST     ((size_t)1 << 20)   /* bytes: as good as no limit */
#define PACE_WAIT_NS  INT64_C(1000000000) /* so long a frame waits for a reply */
#define PACE_FRAME_NS INT64_C(60000000)   /* the line's own time that a frame may take */
#define PACE_PROBE_NS INT64_C(2000000000) /* between frames of the least size */
#define PACE_NEAR_NS  INT64_C(5000000000) /* half of the time that the shortest reply counts */
#define PACE_LATE_NS  INT64_C(300000000)  /* a reply that follows a late one comes within */
#define PACE_UNSURE_NS                                                                                       \
    INT64_C(2000000000) /* after an ask its reply may still come, though another was taken for it */
#define PACE_FORGET_NS   INT64_C(10000000000) /* asks that nobody will answer any more */
#define PACE_REST_NS     INT64_C(1000000)     /* so long nothing is drawn behind a command */
#define PACE_LATE_MAX    10
#define PACE_SILENT_MAX  3
#define PACE_BYTES_LEAST 1200 /* bytes a second that may be configured */

struct pace {
    int64_t bytes_per_s, tokens, filled_ns;
    int64_t asked_ns;   /* of the newest ask */
    bool open;          /* ... whose reply is awaited */
    bool blocks;        /* ... and holds the next frame back: not the one of the start */
    int64_t first_ns;   /* of the ask of the start; 0: it was answered, or never asked */
    int late;           /* asks whose second went by without a reply: lost, or still to come */
    int64_t late_ns;    /* when the last of them was given up, or came */
    bool late_came;     /* a reply that may be of the one before, or of the newest */
    size_t asked_bytes; /* of the last frame */
    bool cut;           /* ... which was cut by its size */
    size_t frame_max;   /* bytes the next frame may have */
    int64_t near_ns[2]; /* shortest reply of this half and the one before; 0: none */
    int64_t near_since_ns, probed_ns;
    int64_t rest_ns; /* no frame before; 0: there is no rest */
    uint8_t silent;  /* seconds waited in vain before any reply */
    bool answers;    /* it has replied once */
};

/* bytes_per_s: PACE_BYTES_LEAST and more. */
void pace_init(struct pace *pace, int64_t bytes_per_s, int64_t now_ns);

/* May a frame go now? */
bool pace_ready(struct pace *pace, int64_t now_ns);
/*
 * A command was handed over: whoever does it comes first, and is done before this rest is over. Others within it do not make
 * it longer, so that many commands do not stop the picture.
 */
void pace_rest(struct pace *pace, int64_t now_ns);
/* How long the rest still is: then try again. 0: there is none. */
int64_t pace_rests(const struct pace *pace, int64_t now_ns);
/* Bytes it may have, at least PACE_LEAST. */
size_t pace_bytes(struct pace *pace, int64_t now_ns);
/* Should CSI 5n follow the next frame? */
bool pace_asks(const struct pace *pace);
/* Is the line slow, as far as is known? What is seldom looked at may be sent less often then. */
bool pace_slow(const struct pace *pace);

/* A frame of so many bytes went out, with its ask or without; cut: it would have had more. */
void pace_frame(struct pace *pace, size_t bytes, bool asked, bool cut, int64_t now_ns);
/* An ask without a frame, at the start: nothing waits for its reply. */
void pace_asked(struct pace *pace, int64_t now_ns);
/* May any reply still come, be it a late one? */
bool pace_waits(const struct pace *pace, int64_t now_ns);
/*
 * CSI 0n came. True: the last frame has been read. Replies have no number: after a second without one, the next may be of
 * the frame before or of the newest; if it was of the one before, another follows within PACE_LATE_NS.
 */
bool pace_reply(struct pace *pace, int64_t now_ns);

#endif

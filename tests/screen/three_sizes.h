/*
 * three_sizes.h - the workstation at its three sizes at once, by the same keys: what is typed goes to each, what is wanted must
 * come on each. Together, because an answer stands for three seconds only, and to wait once instead of three times.
 */
#ifndef SCREEN_THREE_SIZES_H
#define SCREEN_THREE_SIZES_H

#include "screen/kinds.h"

#define SIZES 3

static const int sizes[SIZES][2] = {{24, 80}, {36, 120}, {55, 200}};

struct three {
    struct vt *vt[SIZES];
    const struct kind *kind[SIZES]; /* NULL: 256 colours in UTF-8 */
    const char *what;               /* for the words of a failure: what is being tried */
};

/* FLOWDECK_KEEP=1: a soak tells each failure and goes on; it fails at its end. */
static int missed;

static inline bool goes_on(void)
{
    return getenv("FLOWDECK_KEEP") != NULL;
}

enum where { ANYWHERE, STATUS, NEXT }; /* STATUS: row 0; NEXT: the answers' row */

/* Each size on the next kind of terminal from this turn on. */
static inline void all_start(struct three *all, size_t turn, const char *const *more, const char *const *env)
{
    for (int i = 0; i < SIZES; i++) {
        all->kind[i] = kind_at(turn + (size_t)i);
        all->vt[i] = start_kind(
            all->kind[i], (struct vt_options){.rows = sizes[i][0], .cols = sizes[i][1], .env = env}, more);
    }
    for (int i = 0; i < SIZES; i++)
        await_trading(all->vt[i]);
}

/* A text that a screen must have there, or must not. */
struct wanted {
    const char *text;
    enum where place;
    bool gone;
};

static inline const char *text_at(struct vt *vt, enum where place)
{
    return place == ANYWHERE ? vt_text(vt) : vt_row(vt, place == STATUS ? 0 : vt->rows - 2);
}

/* As it stands on this one. */
static inline const char *text_of_kind(const struct three *all, int at, const char *text, char out[512])
{
    return all->kind[at] == NULL ? text : on_kind(all->kind[at], text, out, 512);
}

static inline const char *kind_name(const struct three *all, int at)
{
    return all->kind[at] == NULL ? "256 colours" : all->kind[at]->what;
}

/* It has not come at this size, or not gone. */
static inline void miss(const struct three *all, int at, const char *text, const char *what)
{
    struct vt *vt = all->vt[at];
    bool ended = vt_reap(vt);

    fprintf(stderr, "%sMISSED %s at %dx%d (%s): `%s` %s%s\n", vt_text(vt), all->what, vt->cols, vt->rows,
            kind_name(all, at), text, what, ended ? ", the program has ended" : "");
    missed++;
    if (ended || !goes_on())
        fail();
}

static inline void all_expect(struct three *all, const struct wanted *wanted)
{
    int64_t end_ms = vt_now_ms() + (goes_on() ? ANSWER_MS / 5 : ANSWER_MS);
    bool seen[SIZES] = {false};
    int left = SIZES;

    while (left > 0)
        for (int i = 0; i < SIZES; i++) {
            struct vt *vt = all->vt[i];
            char text[512];

            if (seen[i])
                continue;
            if ((strstr(text_at(vt, wanted->place), text_of_kind(all, i, wanted->text, text)) != NULL) !=
                wanted->gone) {
                seen[i] = true;
                left--;
            } else if (vt_now_ms() >= end_ms || vt_reap(vt)) {
                miss(all, i, wanted->text, wanted->gone ? "does not go" : "does not come");
                seen[i] = true;
                left--;
            } else {
                vt_pump(vt, 5);
            }
        }
}

static inline void all_show(struct three *all, const char *text)
{
    all_expect(all, &(struct wanted){.text = text});
}

static inline void all_say(struct three *all, const char *text)
{
    all_expect(all, &(struct wanted){.text = text, .place = NEXT});
}

static inline void all_state(struct three *all, const char *text)
{
    all_expect(all, &(struct wanted){.text = text, .place = STATUS});
}

static inline void all_lose(struct three *all, const char *text)
{
    all_expect(all, &(struct wanted){.text = text, .gone = true});
}

static inline void all_send(struct three *all, const char *keys)
{
    for (int i = 0; i < SIZES; i++)
        vt_send(all->vt[i], keys);
}

/* A line into a field and Enter behind it, in pieces: more than 16 bytes at once would be a paste. */
static inline void all_enter(struct three *all, const char *line)
{
    char piece[24], shown[256];
    size_t size = strlen(line);

    for (size_t at = 0; at < size; at += 16) {
        snprintf(piece, sizeof(piece), "%.16s", line + at);
        all_send(all, piece);
        snprintf(shown, sizeof(shown), "%.*s_", (int)(at + 16 < size ? at + 16 : size), line);
        all_show(all, shown);
    }
    all_send(all, "\r");
    all_lose(all, shown);
}

/* At the prompt. */
static inline void all_run(struct three *all, const char *line)
{
    char typed[256];

    snprintf(typed, sizeof(typed), ":%s", line);
    all_enter(all, typed);
}

static inline void all_play(struct three *all, int ms)
{
    for (int64_t end_ms = vt_now_ms() + ms; vt_now_ms() < end_ms;)
        for (int i = 0; i < SIZES; i++)
            vt_pump(all->vt[i], 5);
}

static inline void all_leave(struct three *all)
{
    for (int i = 0; i < SIZES; i++)
        leave(all->vt[i]);
}

#endif

#include "app/results_starts.h"

#include <string.h>

void results_starts_session(struct results_starts *starts, int64_t begin_ns)
{
    if (starts->count > 0 && begin_ns <= starts->at[starts->count - 1].begin_ns)
        return;
    if (starts->count == RESULTS_STARTS_MAX) {
        starts->forgotten_ns = starts->at[0].begin_ns;
        memmove(starts->at, starts->at + 1, --starts->count * sizeof(starts->at[0]));
    }
    starts->at[starts->count++] = (struct results_start){.begin_ns = begin_ns};
}

/* Of sessions without a sample the last one before this sample takes the jump: they are one gap. */
static struct results_start *start_between(struct results_starts *starts, int64_t after_ns, int64_t ts_ns)
{
    for (size_t i = starts->count; i > 0 && starts->at[i - 1].begin_ns > after_ns; i--)
        if (starts->at[i - 1].begin_ns <= ts_ns)
            return &starts->at[i - 1];
    return NULL;
}

void results_starts_sample(struct results_starts *starts, int64_t ts_ns, int64_t equity_e8)
{
    struct results_start *start =
        starts->sample_ns == 0 ? NULL : start_between(starts, starts->sample_ns, ts_ns);

    if (start != NULL && !__builtin_sub_overflow(equity_e8, starts->equity_e8, &start->jump_e8))
        start->before_ns = starts->sample_ns;
    starts->sample_ns = ts_ns;
    starts->equity_e8 = equity_e8;
}

void results_starts_fill(const struct results_starts *starts, struct view_results *out)
{
    out->starts = out->starts_all = 0;
    out->between_e8 = 0;
    for (size_t i = 0; i < starts->count; i++) {
        const struct results_start *start = &starts->at[i];

        if (start->before_ns == 0 || start->before_ns < out->from_ns || start->begin_ns > out->to_ns)
            continue;
        if (out->between_e8 != VIEW_NONE &&
            __builtin_add_overflow(out->between_e8, start->jump_e8, &out->between_e8))
            out->between_e8 = VIEW_NONE;
        if (out->starts == VIEW_RESULTS_STARTS)
            memmove(out->start_ns, out->start_ns + 1, --out->starts * sizeof(out->start_ns[0]));
        out->starts_all++;
        out->start_ns[out->starts++] = start->begin_ns;
    }
    if (starts->forgotten_ns > out->from_ns)
        out->between_e8 = VIEW_NONE;
}

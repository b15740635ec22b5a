#include "plugin/plugin_strikes.h"

#include <stdio.h>
#include <string.h>

bool plugin_strike(struct plugin_strikes *strikes, int64_t now_ns, const char *fault, char *why,
                   size_t why_size)
{
    size_t kept = 0;
    bool out;

    for (size_t i = 0; i < strikes->count; i++)
        if (now_ns - strikes->at_ns[i] < PLUGIN_STRIKES_WINDOW_NS)
            strikes->at_ns[kept++] = strikes->at_ns[i];
    strikes->at_ns[kept++] = now_ns;
    strikes->count = kept;
    out = kept == PLUGIN_STRIKES;
    if (out)
        snprintf(why, why_size, "disabled after %d strikes in %lld s: %s", PLUGIN_STRIKES,
                 (long long)(PLUGIN_STRIKES_WINDOW_NS / 1000000000), fault);
    else
        snprintf(why, why_size, "strike %zu of %d in %lld s: %s", kept, PLUGIN_STRIKES,
                 (long long)(PLUGIN_STRIKES_WINDOW_NS / 1000000000), fault);
    if (out)
        strikes->count = 0;
    return out;
}

const char *plugin_strike_late_text(enum plugin_call call, int64_t took_ns, int64_t budget_ns, char *out,
                                    size_t out_size)
{
    snprintf(out, out_size, "%s took %lld us of %lld", plugin_call_word(call), (long long)(took_ns / 1000),
             (long long)(budget_ns / 1000));
    return out;
}

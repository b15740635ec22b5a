/* view_results.c - screen 6: asks for the period that is looked at, and shows what was found of it last. */
#include "app/results_reader.h"
#include "app/view_panels.h"

void view_fill_results(const struct pipeline *pipeline, struct results_reader *reader, uint8_t period,
                       struct view_results *out)
{
    enum results_period wanted = period < RESULTS_PERIODS ? (enum results_period)period : RESULTS_SESSION;

    if (reader == NULL) {
        out->state = RESULTS_NONE;
    } else {
        if (pipeline->accounts > 0) /* samples are of the first one (journal_equity) */
            results_reader_ask(reader, wanted, pipeline->now_ns, pipeline->account[0].quote);
        *out = *results_reader_newest(reader, wanted);
    }
    out->period = (uint8_t)wanted;
}

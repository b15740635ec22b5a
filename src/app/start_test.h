/*
 * start_test.h - SELFTEST as a start runs it: the gate and the monitors in a dry core (risk/selftest.h), and those
 * controls of the process that only a whole pipeline can show, in a dry pipeline: CRASH_LOOP, CANCEL_ON_EXIT, POST_TRADE.
 */
#ifndef APP_START_TEST_H
#define APP_START_TEST_H

#include "app/life_page.h"
#include "app/pipeline.h"

/* Milliseconds. The result is left in pipeline->selftest. ERR_STATE: a control failed, no start; why holds one line.
 * life: DEADMAN's, which tested himself; NULL: nobody watches. */
enum err start_test_run(struct pipeline *pipeline, const struct life_page *life, int64_t now_ns, char *why,
                        size_t why_size);

#endif

/* round_step.h - the steps of scales that people read: 1, 2, 5 x 10^n, from 1 to 5 x 10^17. */
#ifndef CORE_BASE_ROUND_STEP_H
#define CORE_BASE_ROUND_STEP_H

#include <stdint.h>

/* The smallest that is at least this; the greatest of all, if none is. */
int64_t round_step_at_least(int64_t least);
/* The greatest that is at most this; 1, if none is. */
int64_t round_step_at_most(int64_t most);

#endif

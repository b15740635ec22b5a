/*
 * left_orders.h - after a crash on paper: the orders of the last session, which nobody holds any more, are marked
 * cancelled in the database, with an audit line that says why.
 */
#ifndef STORE_LEFT_ORDERS_H
#define STORE_LEFT_ORDERS_H

#include "core/base/err.h"

#include <stddef.h>

/* Opens the database by itself, in a process that has it open nowhere else. ERR_STORAGE with one line in why. */
enum err left_orders_cancel(const char *path, const char *cause, char *why, size_t why_size);

#endif

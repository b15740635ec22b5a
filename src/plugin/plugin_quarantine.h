/*
 * plugin_quarantine.h - the file that names the plug-ins which ended the process: a start skips them.
 *
 * Text, one line each: time, SHA-256, path, reason, with a TAB between. A plug-in is known by its SHA-256, so a
 * mended one loads again by itself; to lift the quarantine of an unchanged one, remove its line. Written by
 * whoever survives: the crash handler, the watcher thread, the dead man.
 */
#ifndef PLUGIN_PLUGIN_QUARANTINE_H
#define PLUGIN_PLUGIN_QUARANTINE_H

#include "core/base/err.h"

#include <stdbool.h>
#include <stddef.h>

#define PLUGIN_QUARANTINE_NAME "quarantine" /* in the data directory */
#define PLUGIN_REASON_SIZE     160

/* Async-signal-safe: no allocation, no stdio. Adds a line and syncs it; false: the disk did not take it. A hash that
 * is listed already is left as it is. */
bool plugin_quarantine_add(const char *file, const char *sha256, const char *path, const char *reason);

/* ERR_OK: not listed. ERR_STATE: listed; ERR_IO: the file cannot be read, so nothing may be loaded. Then why is
 * "since 2026-11-21T08:00:00.000Z: crashed in market: SIGSEGV", or what is wrong with the file. */
enum err plugin_quarantine_find(const char *file, const char *sha256, char *why, size_t why_size);

/* Removes the lines whose SHA-256 or path is what; *count: how many. The file is replaced as a whole. */
enum err plugin_quarantine_lift(const char *file, const char *what, size_t *count);

#endif

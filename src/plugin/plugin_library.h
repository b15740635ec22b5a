/*
 * plugin_library.h - the code of a plug-in in this process: from sealed memory, checked, its table copied.
 *
 * Loading runs the library's constructors, so it is a guarded call (PLUGIN_LOAD) and happens on the loading thread,
 * never on the engine's. The processor's floating-point mode is as before afterwards: a library built with -ffast-math
 * flushes subnormal numbers to zero for whole threads, and decisions would change.
 */
#ifndef PLUGIN_PLUGIN_LIBRARY_H
#define PLUGIN_PLUGIN_LIBRARY_H

#include "core/base/err.h"
#include "plugin/plugin_file.h"

#include "flowdeck/strategy.h"

#include <stddef.h>
#include <stdint.h>

struct plugin_library;

/* Takes the file's memory over (file->image_fd becomes -1), also on error. why: one line with path and reason. */
enum err plugin_library_open(struct plugin_file *file, uint16_t owner, struct plugin_library **out, char *why,
                             size_t why_size);
/* Nothing of it may be in use any more: no instance, no callback. NULL is allowed. */
void plugin_library_close(struct plugin_library *library);

const struct fd_strategy *plugin_library_table(const struct plugin_library *library); /* a copy, checked */
const struct plugin_file *plugin_library_file(const struct plugin_library *library);

#endif

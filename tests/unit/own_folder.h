/* own_folder.h - the folder that a test works in: made before it, dropped with all that it holds. */
#ifndef UNIT_OWN_FOLDER_H
#define UNIT_OWN_FOLDER_H

#include <stdio.h>
#include <stdlib.h>

static char folder[64];

/* /tmp/flowdeck-NAME-XXXXXX. 0, or -1 as a setup has it. */
static inline int own_folder_make(const char *name)
{
    snprintf(folder, sizeof(folder), "/tmp/flowdeck-%s-XXXXXX", name);
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static inline int own_folder_drop(void **state)
{
    char command[128];

    (void)state;
    snprintf(command, sizeof(command), "rm -rf '%s'", folder);
    return system(command) == 0 ? 0 : -1; /* NOLINT(cert-env33-c): a fixed command of our own */
}

#endif

/* plugin_copy.h - a built plug-in of tests/plugins into a folder of the test's own, with rights that are accepted. */
#ifndef UNIT_PLUGIN_COPY_H
#define UNIT_PLUGIN_COPY_H

#include "unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static inline void plugin_copy(const char *kind, const char *to)
{
    const char *build = getenv("FLOWDECK_BUILD");
    char from[256], block[4096];
    size_t got;
    FILE *in, *out;

    snprintf(from, sizeof(from), "%s/tests/plugins/%s.so", build == NULL ? "build" : build, kind);
    unlink(to);
    in = fopen(from, "rb");
    out = fopen(to, "wb");
    if (in == NULL || out == NULL)
        fail_msg("cannot copy %s to %s", from, to);
    while ((got = fread(block, 1, sizeof(block), in)) > 0)
        assert_int_equal(fwrite(block, 1, got, out), got);
    fclose(in);
    fclose(out);
    assert_int_equal(chmod(to, 0600), 0);
}

#endif

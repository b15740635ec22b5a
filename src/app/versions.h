/* versions.h - which libraries this program runs on: one line, for --version. */
#ifndef APP_VERSIONS_H
#define APP_VERSIONS_H

#include <stdio.h>

void versions_print(FILE *out);

#endif

/* command_verify.h - `flowdeck verify`: is all that is stored true? Reads only. */
#ifndef APP_COMMAND_VERIFY_H
#define APP_COMMAND_VERIFY_H

#include "app/cli.h"
#include "core/base/config.h"

#include <stdint.h>
#include <stdio.h>

int command_verify(const struct cli *cli, const struct config *config);

/* The journals of a folder that is laid out as a data directory, account after account; differences to out, with the
 * account in front. ERR_OK: all of it is true; ERR_BAD_DATA: something is not, why says what. */
enum err verify_copy(const char *data_dir, FILE *out, char *why, size_t why_size);

#endif

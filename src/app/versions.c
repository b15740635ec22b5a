/* versions.c - alone with the libraries' headers, whose names clash with ours (ERR_STATE, KEY_UP). */
#include "app/versions.h"

#include <curses.h>
#include <ev.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <yaml.h>
#include <zlib.h>

void versions_print(FILE *out)
{
    fprintf(out, "SQLite %s, OpenSSL %s, jansson %s, libyaml %s, zlib %s, libev %d.%d, ncurses %s\n",
            sqlite3_libversion(), OpenSSL_version(OPENSSL_VERSION_STRING), JANSSON_VERSION,
            yaml_get_version_string(), zlibVersion(), ev_version_major(), ev_version_minor(),
            NCURSES_VERSION);
}

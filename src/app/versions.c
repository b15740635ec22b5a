/* versions.c - alone with the libraries' headers, whose names clash with ours (ERR_STATE, KEY_UP). */
#include "app/versions.h"

#include <curses.h>
#include <ev.h>
#include <jansson.h>
#include <openssl/crypto.h>
#include <sqlite3.h>
#include <yaml.h>
#include <zlib.h>

size_t versions_list(struct version_row out[VERSIONS_MAX])
{
    const struct version_row row[] = {
        {"SQLite", ""}, {"OpenSSL", ""}, {"jansson", JANSSON_VERSION}, {"libyaml", ""},
        {"zlib", ""},   {"libev", ""},   {"ncurses", NCURSES_VERSION}};
    const char *const text[] = {sqlite3_libversion(),
                                OpenSSL_version(OPENSSL_VERSION_STRING),
                                NULL,
                                yaml_get_version_string(),
                                zlibVersion(),
                                NULL,
                                NULL};
    size_t count = sizeof(row) / sizeof(row[0]);

    for (size_t i = 0; i < count; i++) {
        out[i] = row[i];
        if (text[i] != NULL)
            snprintf(out[i].text, sizeof(out[i].text), "%s", text[i]);
    }
    snprintf(out[5].text, sizeof(out[5].text), "%d.%d", ev_version_major(), ev_version_minor());
    return count;
}

void versions_print(FILE *out)
{
    struct version_row row[VERSIONS_MAX];
    size_t count = versions_list(row);

    for (size_t i = 0; i < count; i++)
        fprintf(out, "%s%s %s", i == 0 ? "" : ", ", row[i].name, row[i].text);
    fputc('\n', out);
}

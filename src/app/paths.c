#include "app/paths.h"

#include "core/base/embedded.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *environ_text(const char *name)
{
    const char *text = getenv(name);

    return text == NULL ? "" : text;
}

/* mkdir -p with 0700 for what is made. */
static int make_dirs(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        int made;

        *slash = '\0';
        made = mkdir(path, 0700);
        *slash = '/';
        if (made != 0 && errno != EEXIST)
            return -1;
    }
    return mkdir(path, 0700) != 0 && errno != EEXIST ? -1 : 0;
}

static bool join(char out[PATH_TEXT_MAX], const char *folder, const char *rest)
{
    int size = snprintf(out, PATH_TEXT_MAX, "%s%s", folder, rest);

    return size > 0 && size < PATH_TEXT_MAX;
}

enum err paths_name_data_dir(const char *given, char out[PATH_TEXT_MAX], char *why, size_t why_size)
{
    bool fits;

    if (given != NULL && given[0] != '\0')
        fits = join(out, given, "");
    else if (environ_text("XDG_STATE_HOME")[0] == '/')
        fits = join(out, environ_text("XDG_STATE_HOME"), "/flowdeck");
    else if (environ_text("HOME")[0] == '/')
        fits = join(out, environ_text("HOME"), "/.local/state/flowdeck");
    else {
        snprintf(why, why_size, "data directory: HOME is not set; give --data-dir DIR");
        return ERR_STORAGE;
    }
    if (!fits) {
        snprintf(why, why_size, "data directory: the path is longer than %d bytes", PATH_TEXT_MAX - 1);
        return ERR_STORAGE;
    }
    return ERR_OK;
}

enum err paths_data_dir(const char *given, char out[PATH_TEXT_MAX], char *why, size_t why_size)
{
    struct stat status;
    enum err err = paths_name_data_dir(given, out, why, why_size);

    if (err != ERR_OK)
        return err;
    if (make_dirs(out) != 0) {
        snprintf(why, why_size, "%s: cannot make the data directory: %s; give --data-dir DIR", out,
                 strerror(errno));
        return ERR_STORAGE;
    }
    if (stat(out, &status) != 0 || !S_ISDIR(status.st_mode) || access(out, W_OK | X_OK) != 0) {
        snprintf(why, why_size, "%s: is not a directory that can be written; give --data-dir DIR", out);
        return ERR_STORAGE;
    }
    return ERR_OK;
}

static bool config_asked(const char *given)
{
    return (given != NULL && given[0] != '\0') || environ_text("FLOWDECK_CONFIG")[0] != '\0';
}

bool paths_name_config(const char *given, char out[PATH_TEXT_MAX])
{
    if (given != NULL && given[0] != '\0')
        return join(out, given, "");
    if (environ_text("FLOWDECK_CONFIG")[0] != '\0')
        return join(out, environ_text("FLOWDECK_CONFIG"), "");
    if (environ_text("XDG_CONFIG_HOME")[0] == '/')
        return join(out, environ_text("XDG_CONFIG_HOME"), "/flowdeck/flowdeck.yaml");
    return environ_text("HOME")[0] == '/' &&
           join(out, environ_text("HOME"), "/.config/flowdeck/flowdeck.yaml");
}

bool paths_make(char *path)
{
    return make_dirs(path) == 0;
}

enum err paths_config(const char *given, char out[PATH_TEXT_MAX], char *why, size_t why_size)
{
    bool asked = config_asked(given), fits = paths_name_config(given, out);

    if (!fits || (!asked && access(out, F_OK) != 0)) {
        out[0] = '\0';
        if (!asked)
            return ERR_OK;
    }
    if (out[0] == '\0' || access(out, R_OK) != 0) {
        snprintf(why, why_size, "%s: cannot read the configuration: %s", out,
                 strerror(out[0] == '\0' ? ENAMETOOLONG : errno));
        return ERR_NOT_FOUND;
    }
    return ERR_OK;
}

void paths_themes(char out[PATH_TEXT_MAX])
{
    bool fits = false;

    if (environ_text("XDG_CONFIG_HOME")[0] == '/')
        fits = join(out, environ_text("XDG_CONFIG_HOME"), "/flowdeck/themes");
    else if (environ_text("HOME")[0] == '/')
        fits = join(out, environ_text("HOME"), "/.config/flowdeck/themes");
    if (!fits)
        out[0] = '\0';
}

const char *paths_theme(const char *name, char out[PATH_TEXT_MAX])
{
    char folder[PATH_TEXT_MAX], built_in[128];
    int size;

    snprintf(built_in, sizeof(built_in), "themes/%.100s.theme", name);
    paths_themes(folder);
    if (strchr(name, '/') == NULL && embedded_find(built_in) == NULL && folder[0] != '\0') {
        size = snprintf(out, PATH_TEXT_MAX, "%s/%s.theme", folder, name);
        if (size > 0 && size < PATH_TEXT_MAX && access(out, F_OK) == 0)
            return out;
    }
    snprintf(out, PATH_TEXT_MAX, "%s", name);
    return out;
}

int paths_count_start(const char *data_dir)
{
    char path[PATH_TEXT_MAX + 16];
    int count = 0;
    FILE *file;

    snprintf(path, sizeof(path), "%s/starts", data_dir);
    file = fopen(path, "re");
    if (file != NULL) {
        if (fscanf(file, "%4d", &count) != 1 || count < 0)
            count = 0;
        fclose(file);
    }
    file = fopen(path, "we");
    if (file == NULL)
        return 0;
    count = count < 9999 ? count + 1 : count;
    fprintf(file, "%d\n", count);
    return fclose(file) == 0 ? count : 0;
}

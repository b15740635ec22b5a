#include "plugin/plugin_house.h"

#include <fenv.h>
#include <locale.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LOCALE_SIZE 256

static const struct {
    int number;
    const char *changed;
} signals[] = {
    {SIGSEGV, "changed the handler of SIGSEGV"}, {SIGBUS, "changed the handler of SIGBUS"},
    {SIGFPE, "changed the handler of SIGFPE"},   {SIGILL, "changed the handler of SIGILL"},
    {SIGABRT, "changed the handler of SIGABRT"}, {SIGINT, "changed the handler of SIGINT"},
    {SIGTERM, "changed the handler of SIGTERM"}, {SIGHUP, "changed the handler of SIGHUP"},
    {SIGPIPE, "changed the handler of SIGPIPE"}, {SIGCHLD, "changed the handler of SIGCHLD"},
    {SIGUSR1, "changed the handler of SIGUSR1"}, {SIGUSR2, "changed the handler of SIGUSR2"},
    {SIGALRM, "changed the handler of SIGALRM"}, {SIGTSTP, "changed the handler of SIGTSTP"},
};
#define SIGNALS (sizeof(signals) / sizeof(signals[0]))

static struct {
    bool marked;
    struct sigaction action[SIGNALS];
    char locale[LOCALE_SIZE];
    int rounding;
    int canary; /* a file of ours that nobody else has a reason to close */
    dev_t device;
    ino_t inode;
} house = {.canary = -1};

static bool canary_lives(void)
{
    struct stat info;

    return fstat(house.canary, &info) == 0 && info.st_dev == house.device && info.st_ino == house.inode;
}

static enum err place_canary(void)
{
    struct stat info;

    if (house.canary >= 0 && canary_lives())
        return ERR_OK;
    house.canary = memfd_create("flowdeck-canary", MFD_CLOEXEC);
    if (house.canary < 0 || fstat(house.canary, &info) != 0)
        return ERR_IO;
    house.device = info.st_dev;
    house.inode = info.st_ino;
    return ERR_OK;
}

enum err plugin_house_mark(void)
{
    const char *locale = setlocale(LC_ALL, NULL);

    for (size_t i = 0; i < SIGNALS; i++)
        sigaction(signals[i].number, NULL, &house.action[i]);
    strncpy(house.locale, locale != NULL ? locale : "C", sizeof(house.locale) - 1);
    house.rounding = fegetround();
    house.marked = place_canary() == ERR_OK;
    return house.marked ? ERR_OK : ERR_IO;
}

static const char *mend_signals(void)
{
    const char *found = NULL;

    for (size_t i = 0; i < SIGNALS; i++) {
        struct sigaction now;

        if (sigaction(signals[i].number, NULL, &now) != 0 ||
            (now.sa_handler == house.action[i].sa_handler && now.sa_flags == house.action[i].sa_flags))
            continue;
        sigaction(signals[i].number, &house.action[i], NULL);
        found = signals[i].changed;
    }
    return found;
}

const char *plugin_house_inspect(void)
{
    const char *locale, *found;

    if (!house.marked)
        return NULL;
    found = mend_signals();
    locale = setlocale(LC_ALL, NULL);
    if (locale != NULL && strcmp(locale, house.locale) != 0) {
        setlocale(LC_ALL, house.locale);
        found = "changed the locale";
    }
    if (fegetround() != house.rounding) {
        fesetround(house.rounding);
        found = "changed the rounding of numbers";
    }
    if (!canary_lives()) {
        place_canary(); /* so that it is told once, not for ever */
        found = "closed files that are not its own";
    }
    return found;
}

void plugin_house_forget(void)
{
    if (house.canary >= 0)
        close(house.canary);
    house.canary = -1;
    house.marked = false;
}

#include "app/ui_leave.h"

#include "app/cli.h"
#include "app/paths.h"
#include "app/shell_job.h"
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/base/safe_text.h"
#include "tui/script.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define WORDS_MAX (PATH_TEXT_MAX + 256)

/* What nobody reads any more must not keep the terminal, nor fail. */
static void leave_descriptors(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);

    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO && null >= 0; fd++)
        if (isatty(fd) || errno == EIO)
            dup2(null, fd);
    if (null > STDERR_FILENO)
        close(null);
}

void ui_leave_detached(struct screen *screen, struct engine *engine, const char *data_dir,
                       const struct ui_detach *detach)
{
    char words[WORDS_MAX], safe[PATH_TEXT_MAX];
    bool prompt = detach->to_shell && shell_job_waited_for(STDIN_FILENO);
    struct clock clock;

    safe_text(data_dir, strlen(data_dir), safe, sizeof(safe));
    snprintf(words, sizeof(words),
             "flowdeck: no screen any more (%s), trading goes on%s: pid %d\n"
             "  flowdeck attach --data-dir %s   comes back\n"
             "  flowdeck status and flowdeck kill reach it, too\n"
             "  %skill -TERM %d   ends it in order\n",
             detach->why, prompt ? " in the background, whatever the shell says of Stopped" : "",
             (int)getpid(), safe, prompt ? "" : "Ctrl-C here or ", (int)getpid());
    clock_init_real(&clock);
    log_ev(LOG_WARN, clock_now_ns(&clock), 0, "screen.detached", LOG_TEXT("why", detach->why));
    screen_close_saying(screen, words);
    if (prompt)
        shell_job_to_background(STDIN_FILENO);
    leave_descriptors();
    engine_leave_screen(engine);
}

void ui_leave_attached(struct screen *screen, const struct attach_client *client, const char *data_dir,
                       int *exit_code)
{
    const char *ended = attach_client_ended(client);
    int pid = attach_client_pid(client);
    char words[WORDS_MAX], safe[PATH_TEXT_MAX];

    safe_text(data_dir, strlen(data_dir), safe, sizeof(safe));
    if (ended != NULL) {
        snprintf(words, sizeof(words), "flowdeck: pid %d: %s\n", pid, ended);
        *exit_code = EXIT_CODE_FAILED;
    } else {
        snprintf(words, sizeof(words),
                 "flowdeck: detached; pid %d runs on as before, flowdeck attach --data-dir %s comes back "
                 "to it\n",
                 pid, safe);
    }
    screen_close_saying(screen, words);
}

/* It was to be done, and whoever reads the screen next would think that it was. */
void ui_leave_script(const struct ui *ui)
{
    char left[SCRIPT_WHY_SIZE + 64];
    struct clock clock;

    if (!ui_script_left(ui, left, sizeof(left)))
        return;
    clock_init_real(&clock);
    log_ev(LOG_WARN, clock_now_ns(&clock), 0, "script.cut", LOG_TEXT("what", left));
    fprintf(stderr, "flowdeck: %s\n", left);
}

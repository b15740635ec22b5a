/* run_service.c - how others reach a run: its control socket and the one of attached screens. See run.h. */
#include "app/run.h"
#include "service/attach_server.h"
#include "service/control_server.h"

#include <flowdeck/version.h>
#include <stdio.h>

static bool send_request(void *arg, const struct control_request *request)
{
    return engine_send_request(arg, request);
}

static void file_came(void *arg)
{
    engine_kill_from_file(arg);
}

static bool send_note(void *arg, const struct attach_note *note)
{
    return engine_note(arg, note);
}

static void want_frame(void *arg, unsigned screen)
{
    engine_want_frame(arg, screen);
}

static const struct view_frame *newest_frame(void *arg, unsigned screen)
{
    return engine_newest_frame(arg, screen);
}

static enum err open_attached(struct run *run, char *why)
{
    struct attach_host host = {.arg = run->engine,
                               .version = FLOWDECK_VERSION,
                               .note = send_note,
                               .want = want_frame,
                               .frame = newest_frame};
    enum err err = engine_serve_screens(run->engine, NULL);

    if (err != ERR_OK) {
        snprintf(why, RUN_WHY_SIZE, "out of memory");
        return err;
    }
    err = attach_server_open(run->data_dir, &host, &run->attached, why, RUN_WHY_SIZE);
    return err == ERR_OK ? engine_serve_screens(run->engine, run->attached) : err;
}

enum err run_open_service(struct run *run, char *why)
{
    struct control_host host = {
        .send = send_request, .file_came = file_came, .file_name = KILL_FILE, .arg = run->engine};
    enum err err;

    if (run->data_dir[0] == '\0')
        return ERR_OK;
    err = engine_serve(run->engine, NULL); /* its ring first: requests come as soon as the socket is open */
    if (err != ERR_OK) {
        snprintf(why, RUN_WHY_SIZE, "out of memory");
        return err;
    }
    err = control_server_open(run->data_dir, &host, &run->service, why, RUN_WHY_SIZE);
    if (err == ERR_OK)
        err = engine_serve(run->engine, run->service);
    return err == ERR_OK ? open_attached(run, why) : err;
}

/*
 * fuzz_control.c - lines of any kind at the control socket's codec.
 *
 * Whatever comes: no byte outside is read, a refusal is one printable line, and what is accepted holds words that are
 * made of harmless letters, numbers above 0 and enum values within their range. The id goes back into a line of JSON.
 */
#include "service/control_text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void check_words(const char *text, size_t size)
{
    require(memchr(text, '\0', size) != NULL);
    for (; *text != '\0'; text++) /* a refusal may quote letters of other alphabets */
        require((unsigned char)*text >= ' ' && *text != 0x7f);
}

static void check_line(char *line)
{
    size_t size;

    require(line != NULL);
    size = strlen(line);
    require(size > 2 && line[0] == '{' && line[size - 1] == '\n' && strchr(line, '\n') == line + size - 1);
    free(line);
}

static void check_request(const struct control_request *request)
{
    require((unsigned)request->kind < CONTROL_KINDS && request->seq == 0);
    check_words(request->symbol, sizeof(request->symbol));
    check_words(request->strategy, sizeof(request->strategy));
    check_words(request->name, sizeof(request->name));
    check_words(request->value, sizeof(request->value));
    check_words(request->word, sizeof(request->word));
    require((unsigned)request->side < SIDE_COUNT && (unsigned)request->type < ORDER_TYPES);
    require((unsigned)request->tif <= TIF_GTD && (unsigned)request->state < STATE_KILLED);
    require((unsigned)request->mode <= MODE_LIVE && (unsigned)request->turn <= CONTROL_TURN_RELOAD);
    require(request->price_e8 >= 0 && request->stop_e8 >= 0 && request->trail_e8 >= 0 &&
            request->qty_e8 >= 0);
    require(request->display_e8 >= 0 && request->take_e8 >= 0 && request->bracket_stop_e8 >= 0);
    require(request->kind != CONTROL_ORDER || (request->symbol[0] != '\0' && request->qty_e8 > 0));
    require(request->kind != CONTROL_CLEAR_KILL || request->expire_ms == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct control_request request;
    char id[CONTROL_ID_SIZE], why[CONTROL_WHY_SIZE] = "";
    char *line = malloc(size > 0 ? size : 1); /* as large as it says: the sanitizer sees one byte more */

    require(line != NULL);
    if (size > 0)
        memcpy(line, data, size);
    if (control_text_parse(line, size, &request, id, why) == ERR_OK) {
        struct control_answer answer = {.ok = true, .text = "done"};

        check_request(&request);
        check_line(control_text_answer(&answer, id));
    } else {
        require(why[0] != '\0');
        check_words(why, sizeof(why));
        check_line(control_text_refusal(why, id));
    }
    free(line);
    return 0;
}

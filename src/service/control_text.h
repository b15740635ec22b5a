/*
 * control_text.h - the lines of the control socket: JSON -> struct control_request, answers and reports -> JSON.
 *
 *     {"do":"order","symbol":"BTCUSDT","side":"BUY","type":"LIMIT","price":"61830","qty":"0.01"}
 *     {"ok":true,"level":"good","text":"WORKING  BUY 0.01 LIMIT @ 61830.00","order":17}
 *
 * Numbers with decimals are strings, exact, at most eight decimals; whole numbers may be JSON integers. A key that the
 * request does not know is refused, and so is one that is missing: each refusal is one line that names it. A member
 * "id" (text or whole number) comes back in the answer as it is.
 */
#ifndef SERVICE_CONTROL_TEXT_H
#define SERVICE_CONTROL_TEXT_H

#include "core/base/err.h"
#include "service/control.h"

#include <stddef.h>

#define CONTROL_ID_SIZE  64 /* of the JSON text of an id */
#define CONTROL_WHY_SIZE 160

/* The words of a request's member "do", in order of enum control_kind. */
extern const char *const control_kind_words[CONTROL_KINDS];

/* One line without its newline. id: JSON text, "" none; filled as soon as it could be read. ERR_BAD_DATA with one
 * line in why. out->seq is 0. */
enum err control_text_parse(const char *line, size_t size, struct control_request *out,
                            char id[CONTROL_ID_SIZE], char why[CONTROL_WHY_SIZE]);

/* Each one line with its newline, allocated: free(). NULL: memory. */
char *control_text_answer(const struct control_answer *answer, const char *id);
char *control_text_refusal(const char *why, const char *id);
char *control_text_status(const struct control_status *status, const char *id);
char *control_text_controls(const struct view_controls *controls, const char *id);

#endif

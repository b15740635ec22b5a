#include "sim/call.h"

#include "core/base/decimal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NUMBER_RANGE    "^([0-9]{1,20})(\\.[0-9]{1,20})?$"
#define CLIENT_ID_RANGE "^[a-zA-Z0-9-_]{1,36}$"
#define SYMBOL_RANGE    "^[A-Z0-9-_.]{1,20}$"
#define API_KEY_LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

bool failure_set(struct failure *failure, int code, const char *format, ...)
{
    va_list args;

    if (failure->code != 0)
        return false;
    failure->code = code;
    va_start(args, format);
    vsnprintf(failure->text, sizeof(failure->text), format, args);
    va_end(args);
    return false;
}

bool call_fail(struct call *call, int code, const char *format, ...)
{
    va_list args;

    if (call->failure.code != 0)
        return false;
    call->failure.code = code;
    va_start(args, format);
    vsnprintf(call->failure.text, sizeof(call->failure.text), format, args);
    va_end(args);
    return false;
}

int failure_status(const struct failure *failure)
{
    if (failure->code == -2014 || failure->code == -2015 || failure->code == -1002)
        return 401;
    if (failure->code == -1003 || failure->code == -1015)
        return 429;
    return failure->code == -1000 || failure->code == -1001 ? 500 : 400;
}

bool call_need(struct call *call, const char *name, const char **out)
{
    const char *value = params_take(&call->params, name);

    if (value == NULL || value[0] == '\0')
        return call_fail(call, -1102, "Mandatory parameter '%s' was not sent, was empty/null, or malformed.",
                         name);
    *out = value;
    return true;
}

bool call_text(struct call *call, const char *name, const char **out)
{
    const char *value = params_take(&call->params, name);

    if (value == NULL)
        return true;
    if (value[0] == '\0')
        return call_fail(call, -1105, "Parameter '%s' was empty.", name);
    *out = value;
    return true;
}

bool call_e8(struct call *call, const char *name, int64_t *out)
{
    const char *value = NULL;
    enum err err;

    if (!call_text(call, name, &value) || value == NULL)
        return value == NULL && call->failure.code == 0;
    err = value[0] == '-' ? ERR_BAD_DATA : decimal_parse(value, strlen(value), DECIMAL_E8_DIGITS, out);
    if (err == ERR_OK)
        return true;
    if (err == ERR_TOO_LONG)
        return call->usdm ? call_fail(call, -1111, "Precision is over the maximum defined for this asset.")
                          : call_fail(call, -1111, "Parameter '%s' has too much precision.", name);
    if (err == ERR_OVERFLOW)
        return call_fail(call, -1108, "Parameter '%s' overflowed.", name);
    return call_fail(call, -1100, "Illegal characters found in parameter '%s'; legal range is '%s'.", name,
                     NUMBER_RANGE);
}

bool call_need_e8(struct call *call, const char *name, int64_t *out)
{
    const char *value;

    return call_need(call, name, &value) && call_e8(call, name, out);
}

bool call_int(struct call *call, const char *name, int64_t min, int64_t max, int64_t *out)
{
    const char *value = NULL;
    int64_t number;

    if (!call_text(call, name, &value))
        return false;
    if (value == NULL)
        return true;
    if (strchr(value, '.') != NULL || decimal_parse(value, strlen(value), 0, &number) != ERR_OK)
        return call_fail(call, -1100, "Illegal characters found in parameter '%s'; legal range is '%s'.",
                         name, "^[0-9]{1,20}$");
    if (number < min || number > max)
        return call_fail(call, -1130, "Data sent for parameter '%s' is not valid.", name);
    *out = number;
    return true;
}

bool call_bool(struct call *call, const char *name, bool *out)
{
    const char *value = NULL;

    if (!call_text(call, name, &value))
        return false;
    if (value == NULL)
        return true;
    if (strcasecmp(value, "true") != 0 && strcasecmp(value, "false") != 0)
        return call_fail(call, -1130, "Data sent for parameter '%s' is not valid.", name);
    *out = strcasecmp(value, "true") == 0;
    return true;
}

bool call_symbol(struct call *call, bool mandatory, int *out)
{
    const char *value = NULL;

    *out = -1;
    if (mandatory ? !call_need(call, "symbol", &value) : !call_text(call, "symbol", &value))
        return false;
    if (value == NULL)
        return true;
    if (strspn(value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") != strlen(value) || strlen(value) > 20)
        return call_fail(call, -1100, "Illegal characters found in parameter 'symbol'; legal range is '%s'.",
                         SYMBOL_RANGE);
    *out = exchange_symbol(call->exchange, value, call->usdm);
    return *out >= 0 ? true : call_fail(call, -1121, "Invalid symbol.");
}

bool call_client_id(struct call *call, const char *name, bool make, char out[CLIENT_ID_SIZE])
{
    const char *value = NULL;
    size_t size;

    out[0] = '\0';
    if (!call_text(call, name, &value))
        return false;
    if (value == NULL) {
        if (make)
            accounts_random_text(call->accounts, out, 22);
        return true;
    }
    size = strlen(value);
    if (size >= CLIENT_ID_SIZE || strspn(value, API_KEY_LETTERS ".:/_-") != size)
        return call->usdm && size >= CLIENT_ID_SIZE
                   ? call_fail(call, -4015, "Client order id length should not be more than 36 chars")
                   : call_fail(call, -1100,
                               "Illegal characters found in parameter '%s'; legal range is '%s'.", name,
                               CLIENT_ID_RANGE);
    memcpy(out, value, size + 1);
    return true;
}

bool call_word(struct call *call, const char *name, const char *const *words, int code, const char *text,
               size_t *out)
{
    const char *value = NULL;

    if (!call_text(call, name, &value))
        return false;
    for (size_t i = 0; value != NULL && words[i] != NULL; i++)
        if (strcmp(words[i], value) == 0) {
            *out = i;
            return true;
        }
    return value == NULL ? true : call_fail(call, code, "%s", text);
}

bool call_no(struct call *call, const char *name)
{
    return params_peek(&call->params, name) == NULL
               ? true
               : call_fail(call, -1106, "Parameter '%s' sent when not required.", name);
}

bool call_all_read(struct call *call)
{
    size_t read = params_read_count(&call->params);

    if (call->ignore_unknown || call->failure.code != 0 || read == call->params.count)
        return call->failure.code == 0;
    return call_fail(call, -1104,
                     "Not all sent parameters were read; read '%zu' parameter(s) but was sent '%zu'.", read,
                     call->params.count);
}

bool call_know_key(struct call *call, const char *api_key)
{
    const struct account_key *key;

    if (strlen(api_key) != 64 || strspn(api_key, API_KEY_LETTERS) != 64)
        return call_fail(call, -2014, "API-key format invalid.");
    key = account_key_find(call->accounts, api_key);
    if (key == NULL)
        return call_fail(call, -2015, "Invalid API-key, IP, or permissions for action.");
    call->account = account_find(call->accounts, key->account);
    return true;
}

bool call_check_time(struct call *call, const char *timestamp)
{
    const char *window = NULL;
    int64_t now_us = (call->exchange->now_ns + call->exchange->skew_ns) / 1000;

    if (!call_text(call, "recvWindow", &window))
        return false;
    switch (signing_check_time(timestamp, window, now_us)) {
    case TIMESTAMP_OK:
        return true;
    case TIMESTAMP_AHEAD:
        return call_fail(call, -1021, "Timestamp for this request was 1000ms ahead of the server's time.");
    case TIMESTAMP_OUTSIDE:
        return call_fail(call, -1021, "Timestamp for this request is outside of the recvWindow.");
    case RECV_WINDOW_TOO_BIG:
        return call_fail(call, -1102,
                         "'recvWindow' contains unexpected value. Cannot be greater than 60000.");
    case RECV_WINDOW_MALFORMED:
        return call_fail(call, -1102,
                         "Mandatory parameter 'recvWindow' was not sent, was empty/null, or malformed.");
    case TIMESTAMP_MALFORMED:
        break;
    }
    return call_fail(call, -1102,
                     "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed.");
}

bool call_sign_in(struct call *call, const char *api_key, const struct sim_text *payload)
{
    const struct account_key *key;
    const char *timestamp = NULL, *signature = NULL;

    if (!call_know_key(call, api_key) || !call_need(call, "timestamp", &timestamp) ||
        !call_need(call, "signature", &signature) || !call_check_time(call, timestamp))
        return false;
    key = account_key_find(call->accounts, api_key);
    if (key == NULL || payload->failed || payload->at == NULL ||
        !signing_verify(&key->key, payload->at, payload->size, signature))
        return call_fail(call, -1022, "Signature for this request is not valid.");
    return true;
}

#include "sim/rest_params.h"

#include <string.h>

#define SYMBOL_RANGE   "^[A-Z0-9-_.]{1,20}$"
#define SYMBOLS_RANGE  "^\\[(\"[A-Z0-9-_.]{1,20}\"(,\"[A-Z0-9-_.]{1,20}\"){0,}){0,1}\\]$"
#define INTEGER_RANGE  "^[0-9]{1,20}$"
#define INTERVAL_RANGE "^[a-zA-Z0-9]{1,36}$"
#define SYMBOL_SIZE    21 /* 20 characters */
#define TEXT_SIZE      64

bool rest_usdm(const struct sim_request *request)
{
    return strncmp(request->path, "/fapi/", 6) == 0;
}

static bool listed(const char *const *names, const char *param, size_t size)
{
    for (; *names != NULL; names++)
        if (strlen(*names) == size && memcmp(*names, param, size) == 0)
            return true;
    return false;
}

/* Whether a parameter before `param` in the query has the same name. */
static bool repeated(const char *query, const char *param, size_t name_size)
{
    for (const char *at = query; at < param; at += strcspn(at, "&") + 1)
        if (strncmp(at, param, name_size) == 0 && at[name_size] == '=')
            return true;
    return false;
}

static bool known_only(const struct sim_request *request, struct sim_reply *reply, const char *const *names)
{
    size_t sent = 0, read = 0;
    bool twice = false;

    for (const char *at = request->query; *at != '\0';) {
        size_t size = strcspn(at, "&"), name_size = strcspn(at, "=&");

        if (size > 0) {
            sent++;
            read += listed(names, at, name_size);
            twice |= repeated(request->query, at, name_size);
        }
        at += size + (at[size] == '&');
    }
    if (twice)
        sim_error(reply, 400, -1101, "Duplicate values for a parameter detected.");
    else if (sent > 0 && names[0] == NULL)
        sim_error(reply, 400, -1101, "Too many parameters; expected '0' and received '%zu'.", sent);
    else if (read < sent)
        sim_error(reply, 400, -1104,
                  "Not all sent parameters were read; read '%zu' parameter(s) but was sent '%zu'.", read,
                  sent);
    return reply->status == 200;
}

bool rest_begin(const struct sim_request *request, struct sim_reply *reply, const char *const *names)
{
    reply->status = 200;
    sim_text_clear(&reply->body);
    return strncmp(request->path, "/api/", 5) != 0 || known_only(request, reply, names);
}

static bool missing(struct sim_reply *reply, const char *name)
{
    sim_error(reply, 400, -1102, "Mandatory parameter '%s' was not sent, was empty/null, or malformed.",
              name);
    return false;
}

static bool illegal(struct sim_reply *reply, const char *name, const char *range)
{
    sim_error(reply, 400, -1100, "Illegal characters found in parameter '%s'; legal range is '%s'.", name,
              range);
    return false;
}

static bool empty(struct sim_reply *reply, const char *name)
{
    sim_error(reply, 400, -1105, "Parameter '%s' was empty.", name);
    return false;
}

static bool bad(struct sim_reply *reply, const char *name)
{
    sim_error(reply, 400, -1130, "Data sent for parameter '%s' is not valid.", name);
    return false;
}

static size_t symbol_length(const char *text)
{
    return strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.");
}

static bool look_up(const struct exchange *exchange, struct sim_reply *reply, const char *text, bool usdm,
                    size_t *symbol)
{
    int index = exchange_symbol(exchange, text, usdm);

    if (index < 0) {
        sim_error(reply, 400, -1121, "Invalid symbol.");
        return false;
    }
    *symbol = (size_t)index;
    return true;
}

bool rest_symbol(const struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply,
                 size_t *symbol)
{
    bool usdm = rest_usdm(request);
    char text[TEXT_SIZE];

    if (!sim_param(request, "symbol", text, sizeof(text)))
        return missing(reply, "symbol");
    if (text[0] == '\0')
        return usdm ? missing(reply, "symbol") : empty(reply, "symbol");
    if (!usdm && (text[symbol_length(text)] != '\0' || strlen(text) >= SYMBOL_SIZE))
        return illegal(reply, "symbol", SYMBOL_RANGE);
    return look_up(exchange, reply, text, usdm, symbol);
}

/* One "NAME" of the list at *at into name. */
static bool list_item(const char **at, char name[SYMBOL_SIZE])
{
    size_t size;

    if (**at != '"')
        return false;
    size = symbol_length(*at + 1);
    if (size == 0 || size >= SYMBOL_SIZE || (*at)[size + 1] != '"')
        return false;
    memcpy(name, *at + 1, size);
    name[size] = '\0';
    *at += size + 2;
    return true;
}

static bool take_list(const struct exchange *exchange, struct sim_reply *reply, const char *text, bool usdm,
                      struct rest_symbols *symbols)
{
    const char *at = text + 1;
    char name[SYMBOL_SIZE];

    if (text[0] != '[' || text[strlen(text) - 1] != ']')
        return illegal(reply, "symbols", SYMBOLS_RANGE);
    while (strcmp(at, "]") != 0) {
        size_t index;

        if ((at != text + 1 && *at++ != ',') || !list_item(&at, name))
            return illegal(reply, "symbols", SYMBOLS_RANGE);
        if (!look_up(exchange, reply, name, usdm, &index))
            return false;
        for (size_t i = 0; i < symbols->count; i++)
            if (symbols->at[i] == index) {
                sim_error(reply, 400, -1151, "Symbol is present multiple times in the list.");
                return false;
            }
        symbols->at[symbols->count++] = index;
    }
    return symbols->count > 0 || empty(reply, "symbols");
}

bool rest_symbols(const struct exchange *exchange, const struct sim_request *request, struct sim_reply *reply,
                  struct rest_symbols *symbols)
{
    bool usdm = rest_usdm(request), list;
    char text[REST_LIST_SIZE];

    memset(symbols, 0, sizeof(*symbols));
    list = !usdm && sim_param(request, "symbols", text, sizeof(text));
    symbols->one = sim_param(request, "symbol", text, sizeof(text));
    symbols->named = symbols->one || list;
    if (symbols->one && list) {
        sim_error(reply, 400, -1128, "Combination of optional parameters invalid.");
        return false;
    }
    if (symbols->one) {
        symbols->count = 1;
        return rest_symbol(exchange, request, reply, &symbols->at[0]);
    }
    if (list) {
        sim_param(request, "symbols", text, sizeof(text));
        return text[0] == '\0' ? empty(reply, "symbols") : take_list(exchange, reply, text, usdm, symbols);
    }
    for (size_t i = 0; i < exchange->symbols; i++)
        if (exchange->symbol[i].usdm == usdm)
            symbols->at[symbols->count++] = i;
    return true;
}

bool rest_integer(const struct sim_request *request, struct sim_reply *reply, const char *name,
                  int64_t *value)
{
    char text[TEXT_SIZE];
    int64_t number = 0;

    if (!sim_param(request, name, text, sizeof(text)))
        return true;
    if (text[0] == '\0')
        return empty(reply, name);
    if (text[strspn(text, "0123456789")] != '\0' || strlen(text) > 20)
        return illegal(reply, name, INTEGER_RANGE);
    for (const char *at = text; *at != '\0'; at++)
        if (__builtin_mul_overflow(number, 10, &number) || __builtin_add_overflow(number, *at - '0', &number))
            return bad(reply, name);
    *value = number;
    return true;
}

bool rest_limit(const struct sim_request *request, struct sim_reply *reply, int64_t preset, int64_t max,
                int64_t *limit)
{
    *limit = preset;
    if (!rest_integer(request, reply, "limit", limit))
        return false;
    if (*limit < 1 || (*limit > max && rest_usdm(request)))
        return bad(reply, "limit");
    if (*limit > max)
        *limit = max;
    return true;
}

bool rest_interval(const struct sim_request *request, struct sim_reply *reply, enum kline_interval *interval)
{
    char text[TEXT_SIZE];

    if (!sim_param(request, "interval", text, sizeof(text)))
        return missing(reply, "interval");
    if (text[0] == '\0')
        return empty(reply, "interval");
    if (text[strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")] != '\0' ||
        strlen(text) > 36)
        return illegal(reply, "interval", INTERVAL_RANGE);
    if (!kline_interval_parse(text, interval) || (rest_usdm(request) && *interval == KLINE_1S)) {
        sim_error(reply, 400, -1120, "Invalid interval.");
        return false;
    }
    return true;
}

size_t rest_symbol_count(const struct sim_request *request)
{
    char text[REST_LIST_SIZE];
    size_t count = 1;

    if (sim_param(request, "symbol", text, sizeof(text)))
        return 1;
    if (rest_usdm(request) || !sim_param(request, "symbols", text, sizeof(text)))
        return 0;
    for (const char *at = text; *at != '\0'; at++)
        count += *at == ',';
    return count;
}

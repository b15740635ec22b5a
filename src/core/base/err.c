#include "core/base/err.h"

const char *err_text(enum err err)
{
    switch (err) { /* no default: a new error must not compile until it has its word */
    case ERR_OK:
        return "no error";
    case ERR_USAGE:
        return "wrong command line";
    case ERR_CONFIG:
        return "wrong configuration";
    case ERR_BAD_DATA:
        return "malformed data";
    case ERR_TOO_LONG:
        return "too long";
    case ERR_OVERFLOW:
        return "number too large";
    case ERR_RANGE:
        return "out of range";
    case ERR_NOT_FOUND:
        return "not found";
    case ERR_DUPLICATE:
        return "given twice";
    case ERR_FULL:
        return "full";
    case ERR_SEQ_GAP:
        return "sequence gap";
    case ERR_STALE:
        return "stale";
    case ERR_STATE:
        return "not possible in this state";
    case ERR_MEMORY:
        return "out of memory";
    case ERR_IO:
        return "input or output failed";
    case ERR_STORAGE:
        return "storage failed";
    case ERR_UNSUPPORTED:
        return "not supported";
    case ERR_COUNT:
        break;
    }
    return "unknown error"; /* not an enum err at all */
}

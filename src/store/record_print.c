/* Records for eyes and other programs: text, JSON, CSV; each field by its name in the table. */
#include "store/record_codec.h"

#include "core/base/clock.h"
#include "core/base/decimal.h"
#include "core/base/safe_text.h"

#include <inttypes.h>
#include <string.h>

#define VALUE_SIZE (2 * STORE_MEMORY_BYTES + 16) /* bytes as hex are the longest */
#define NS         INT64_C(1000000000)
#define MS_NS      INT64_C(1000000)

static const unsigned char *member(const struct store_record *record, const struct record_field *field)
{
    return (const unsigned char *)record + field->offset;
}

/* The number of a field, unsigned ones as their bits. */
static int64_t number_of(const struct store_record *record, const struct record_field *field)
{
    const unsigned char *at = member(record, field);
    bool is_signed = field->kind != FIELD_UNSIGNED;
    int64_t eight;
    int32_t four;
    uint16_t two;

    switch (field->size) {
    case 8:
        memcpy(&eight, at, sizeof(eight));
        return eight;
    case 4:
        memcpy(&four, at, sizeof(four));
        return is_signed ? four : (int64_t)(uint32_t)four;
    case 2:
        memcpy(&two, at, sizeof(two));
        return two;
    default:
        return *at;
    }
}

/* "2024-08-09T00:00:01.234567890Z": clock_format_iso() knows ms. */
static void format_time(int64_t ns, char *out, size_t out_size)
{
    char iso[32];
    int64_t below = ((ns % MS_NS) + MS_NS) % MS_NS;

    clock_format_iso(ns, iso);
    iso[strcspn(iso, "Z")] = '\0';
    snprintf(out, out_size, "%s%06" PRId64 "Z", iso, below);
}

static void format_hex(const struct store_record *record, const struct record_field *field, char *out)
{
    const unsigned char *at = member(record, field);
    uint16_t size;

    memcpy(&size, at - sizeof(size), sizeof(size));
    for (unsigned i = 0; i < size && i < field->size; i++)
        out += sprintf(out, "%02x", at[i]);
    *out = '\0';
}

/* The value as safe text without quotes. Returns false where it is 0, false, "" or none. */
static bool format_value(const struct store_record *record, const struct record_field *field,
                         char out[VALUE_SIZE])
{
    const char *text = (const char *)member(record, field);
    int64_t number = 0;

    if (field->kind != FIELD_TEXT && field->kind != FIELD_BYTES)
        number = number_of(record, field);
    switch (field->kind) {
    case FIELD_UNSIGNED:
        snprintf(out, VALUE_SIZE, "%" PRIu64, (uint64_t)number);
        return number != 0;
    case FIELD_SIGNED:
        snprintf(out, VALUE_SIZE, "%" PRId64, number);
        return number != 0;
    case FIELD_BOOL:
        snprintf(out, VALUE_SIZE, "%s", number != 0 ? "true" : "false");
        return number != 0;
    case FIELD_ENUM:
        snprintf(out, VALUE_SIZE, "%s", field->word((int)number));
        return strcmp(out, "none") != 0;
    case FIELD_E8:
        decimal_format_trim(number, DECIMAL_E8_DIGITS, out);
        return number != 0;
    case FIELD_TIME:
        format_time(number, out, VALUE_SIZE);
        return number != 0;
    case FIELD_TEXT:
        safe_text(text, strnlen(text, field->size), out, VALUE_SIZE);
        return out[0] != '\0';
    case FIELD_BYTES:
        format_hex(record, field, out);
        return out[0] != '\0';
    }
    return false;
}

/* --- text -------------------------------------------------------------------------------------------------------- */

struct line {
    char *out;
    size_t used, size;
};

/* All of it or nothing; room for " ..." and the NUL is kept. */
static bool append(struct line *line, const char *name, const char *value)
{
    bool quoted = strpbrk(value, " =\"") != NULL;
    size_t before = line->used, need = 1 + strlen(name) + 1 + 2 * strlen(value) + 2;
    char *at = line->out + before;

    if (line->size - before < need + sizeof(" ...")) /* a little early: as if each byte were a quote */
        return false;
    at += sprintf(at, " %s=%s", name, quoted ? "\"" : "");
    for (; *value != '\0'; value++) {
        if (*value == '"')
            *at++ = '\\';
        *at++ = *value;
    }
    if (quoted)
        *at++ = '"';
    *at = '\0';
    line->used = (size_t)(at - line->out);
    return true;
}

/* Commands share their fields, answers hold a fill: a word that this one has no use for would say something. */
static bool has_word(const struct store_record *record, const struct record_field *field)
{
    const struct command *command = &record->command;

    if (field->kind != FIELD_ENUM)
        return true;
    if (record->kind == STORE_ANSWER)
        return field->offset != offsetof(struct store_record, answer.event.fill.side) ||
               record->answer.event.kind == ORDER_EVENT_FILL;
    if (record->kind != STORE_COMMAND || field->offset == offsetof(struct store_record, command.kind))
        return true;
    if (field->offset == offsetof(struct store_record, command.mode))
        return command->kind == COMMAND_SET_MODE;
    if (field->offset == offsetof(struct store_record, command.state))
        return command->kind == COMMAND_SET_STATE;
    return command->kind == COMMAND_ORDER; /* of its intent */
}

const char *record_text(const struct store_record *record, char *out, size_t out_size)
{
    const struct record_kind_row *row = record_kind_row((unsigned)record->kind);
    struct line line = {out, 0, out_size};
    char value[VALUE_SIZE];
    int head = snprintf(out, out_size, "%s", row == NULL ? "?" : row->name);

    if (row == NULL || (size_t)head >= out_size)
        return out;
    line.used = (size_t)head;
    for (size_t i = 0; i < row->fields; i++)
        if (has_word(record, &row->field[i]) && format_value(record, &row->field[i], value) &&
            !append(&line, row->field[i].name, value)) {
            snprintf(out + line.used, out_size - line.used, " ...");
            break;
        }
    return out;
}

void record_line(const struct store_record *record, uint64_t seq, FILE *out)
{
    char time[48], text[2 * VALUE_SIZE];

    format_time(record->ts_ns, time, sizeof(time));
    fprintf(out, "%" PRIu64 " %s %s\n", seq, time, record_text(record, text, sizeof(text)));
}

/* --- JSON -------------------------------------------------------------------------------------------------------- */

static void json_string(const char *safe, FILE *out)
{
    fputc('"', out);
    for (; *safe != '\0'; safe++) {
        if (*safe == '"' || *safe == '\\')
            fputc('\\', out);
        fputc(*safe, out);
    }
    fputc('"', out);
}

static void json_value(const struct store_record *record, const struct record_field *field, FILE *out)
{
    char value[VALUE_SIZE];
    bool is_set = format_value(record, field, value);
    bool plain = field->kind == FIELD_BOOL || field->kind == FIELD_SIGNED ||
                 (field->kind == FIELD_UNSIGNED && field->width < 8);

    if (field->kind == FIELD_TIME && !is_set)
        fputs("null", out);
    else if (plain)
        fputs(value, out);
    else
        json_string(value, out);
}

void record_json(const struct store_record *record, uint64_t seq, FILE *out)
{
    const struct record_kind_row *row = record_kind_row((unsigned)record->kind);
    char time[48];

    format_time(record->ts_ns, time, sizeof(time));
    fprintf(out,
            "{\"journal_seq\":\"%" PRIu64 "\",\"kind\":\"%s\",\"time\":\"%s\",\"input_seq\":\"%" PRIu64 "\"",
            seq, row == NULL ? "?" : row->name, time, record->input_seq);
    for (size_t i = 0; row != NULL && i < row->fields; i++) {
        fprintf(out, ",\"%s\":", row->field[i].name);
        json_value(record, &row->field[i], out);
    }
    fputc('}', out);
}

/* --- CSV --------------------------------------------------------------------------------------------------------- */

/* Texts from outside that begin as a formula does would be run by a spreadsheet. */
static void csv_text(const char *safe, FILE *out)
{
    bool quoted = strpbrk(safe, ",\" '=+-@") != NULL;

    if (quoted)
        fputc('"', out);
    if (safe[0] != '\0' && strchr("=+-@", safe[0]) != NULL)
        fputc('\'', out);
    for (; *safe != '\0'; safe++) {
        if (*safe == '"')
            fputc('"', out);
        fputc(*safe, out);
    }
    if (quoted)
        fputc('"', out);
}

void record_csv_head(unsigned kind, FILE *out)
{
    const struct record_kind_row *row = record_kind_row(kind);

    fputs("journal_seq,kind,time,input_seq", out);
    if (row == NULL)
        fputs(",text", out);
    for (size_t i = 0; row != NULL && i < row->fields; i++)
        fprintf(out, ",%s", row->field[i].name);
    fputc('\n', out);
}

void record_csv(unsigned kind, const struct store_record *record, uint64_t seq, FILE *out)
{
    const struct record_kind_row *row = record_kind_row((unsigned)record->kind);
    char value[2 * VALUE_SIZE];

    format_time(record->ts_ns, value, sizeof(value));
    fprintf(out, "%" PRIu64 ",%s,%s,%" PRIu64, seq, row == NULL ? "?" : row->name, value, record->input_seq);
    if (kind == 0) {
        fputc(',', out);
        csv_text(record_text(record, value, sizeof(value)), out);
    }
    for (size_t i = 0; kind != 0 && row != NULL && i < row->fields; i++) {
        bool is_set = format_value(record, &row->field[i], value);

        fputc(',', out);
        if (row->field[i].kind == FIELD_TEXT || row->field[i].kind == FIELD_ENUM)
            csv_text(value, out);
        else if (is_set || row->field[i].kind != FIELD_TIME)
            fputs(value, out);
    }
    fputc('\n', out);
}

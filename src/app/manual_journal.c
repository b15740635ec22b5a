#include "app/manual_journal.h"

#include "app/roff.h"
#include "store/journal_frame.h"
#include "store/journal_ring.h"
#include "store/journal_segment.h"

#include <flowdeck/version.h>
#include <string.h>

static void put(const char *text, FILE *out)
{
    roff(text, out);
    fputc('\n', out);
}

static void page_head(FILE *out)
{
    fprintf(out, ".TH FLOWDECK\\-JOURNAL 5 %s \"flowdeck %s\" \"File Formats\"\n", FLOWDECK_DATE,
            FLOWDECK_VERSION);
    fputs(
        ".SH NAME\nflowdeck\\-journal \\- what flowdeck writes down before it acts on it\n.SH DESCRIPTION\n",
        out);
    put("Everything the engine decides or hears, but market data, is in the journal before it is acted on or "
        "shown. "
        "After a crash, a power failure or an orderly end the next start reads it and goes on from there; "
        "the database "
        "is made from it and can be made again. Each account has a journal of its own.",
        out);
    fputs(".PP\n", out);
    put("A record becomes a frame. Frames that belong together are one step: after a crash all of them are "
        "there or "
        "none. The engine puts frames into a ring in memory that outlives the process; another thread copies "
        "them to "
        "segment files, seals each group with a hash chain and syncs it. What was synced survives a power "
        "failure.",
        out);
}

static void page_files(FILE *out)
{
    char text[256];

    fputs(".SH FILES\n", out);
    snprintf(text, sizeof(text),
             "a segment, named by the first seq in it: a header of 128 bytes, then frames, up to %u MiB",
             JOURNAL_SEGMENT_BYTES >> 20);
    roff_item("DATA/journal/ACCOUNT/00000000000000000001.fdj", NULL, text, out);
    roff_item("DATA/journal/ACCOUNT/*.snap", NULL,
              "a snapshot: the last state record of each key up to its seq; a short cut, never the truth",
              out);
    roff_item("DATA/journal/ACCOUNT/reserve", NULL, "room for the last events of a full disk", out);
    snprintf(text, sizeof(text),
             "the ring, %u MiB and a page of header; by user and a hash of data directory and account. 0600. "
             "It is "
             "gone after a reboot, and after an orderly end, when all of it is in the segments",
             JOURNAL_RING_BYTES >> 20);
    roff_item("/dev/shm/flowdeck-UID-HASH", NULL, text, out);
}

static void page_frame(FILE *out)
{
    static const struct {
        const char *at, *size, *what;
    } rows[] = {
        {"0", "4", "size of the frame, padding included; a multiple of 8"},
        {"4", "4", "CRC-32C of all that follows, padding included"},
        {"8", "8", "seq: from 1, without a gap, over all sessions of the account"},
        {"16", "8", "event time, ns UTC"},
        {"24", "8", "the engine's input counter"},
        {"32", "2", "kind; 65535: a seal"},
        {"34", "2", "flags; 1: the next frame belongs to the same step"},
        {"36", "4", "size of the body"},
        {"40", "", "body, then zeros up to the frame's size"},
    };

    fputs(".SH FRAMES\nLittle\\-endian; every frame begins at a multiple of 8.\n", out);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char size[32] = "";

        if (rows[i].size[0] != '\0')
            snprintf(size, sizeof(size), "%s bytes", rows[i].size);
        roff_item(rows[i].at, size, rows[i].what, out);
    }
    fputs(".PP\n", out);
    put("A seal's body is the first and the last seq of its group and the SHA-256 of the chain before it and "
        "the "
        "group's bytes; that is the chain from then on.",
        out);
}

/* "unsigned, 8 bytes"; enumerations with their values. */
static const char *type_text(const struct record_field *field, char *out, size_t out_size)
{
    switch (field->kind) {
    case FIELD_UNSIGNED:
        snprintf(out, out_size, "unsigned, %u %s", field->width, field->width == 1 ? "byte" : "bytes");
        break;
    case FIELD_SIGNED:
        snprintf(out, out_size, "signed, %u bytes", field->width);
        break;
    case FIELD_BOOL:
        snprintf(out, out_size, "yes or no, 1 byte");
        break;
    case FIELD_ENUM:
        snprintf(out, out_size, "one of %d, 1 byte", field->count);
        break;
    case FIELD_TEXT:
        snprintf(out, out_size, "text of at most %u bytes", field->size - 1U);
        break;
    case FIELD_BYTES:
        snprintf(out, out_size, "at most %u bytes", field->size);
        break;
    case FIELD_E8:
        snprintf(out, out_size, "decimal, 8 bytes");
        break;
    case FIELD_TIME:
        snprintf(out, out_size, "time, 8 bytes");
        break;
    }
    return out;
}

static void print_field(const struct record_field *field, FILE *out)
{
    char type[64];

    roff_item(field->name, type_text(field, type, sizeof(type)), field->help, out);
    if (field->key)
        fputs("(key)\n", out);
    for (int value = 0; value < field->count; value++) {
        fprintf(out, "%s%d ", value == 0 ? ".br\n" : ", ", value);
        roff(field->word(value), out);
    }
    if (field->count > 0)
        fputc('\n', out);
}

static void page_records(FILE *out)
{
    fputs(".SH RECORDS\n", out);
    put("A body is these fields, one after the other, without gaps. Numbers are little-endian. A text or "
        "bytes have "
        "their length in front, 2 bytes. A decimal has eight places behind the point; a time is ns UTC, 0 "
        "where it is "
        "not set. A field is only ever added at the end of its kind, and none is removed.",
        out);
    fputs(".PP\n", out);
    put("An event tells what happened. A state tells what is from then on, as a whole: the last record of "
        "each key is "
        "the state, and the fields marked (key) say whose it is.",
        out);
    for (unsigned kind = 0; kind < STORE_RECORD_KINDS; kind++) {
        const struct record_kind_row *row = record_kind_row(kind);

        if (row == NULL)
            continue;
        fprintf(out, ".SS %u %s (%s)\n", kind, row->name, row->state ? "state" : "event");
        put(row->help, out);
        for (size_t i = 0; i < row->fields; i++)
            print_field(&row->field[i], out);
    }
}

void manual_journal_page(FILE *out)
{
    page_head(out);
    page_files(out);
    page_frame(out);
    page_records(out);
    fputs(".SH SEE ALSO\n.BR flowdeck (1),\n.BR flowdeck.conf (5)\n", out);
}

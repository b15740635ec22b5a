/*
 * test_hostile.c - strings that want to do harm, out of all that shows text: screen, log, control socket, journal as text,
 * JSON and CSV. What reads them (test_hostile_feed.c) makes safe lines of them; here they come raw: what shows is safe by
 * itself. Each string goes every way. FLOWDECK_SOAK=1: 1,000,000 of them.
 */
#include "unit/hostile_text.h"

#include "unit/ui_fixture.h"

#include "core/base/log.h"
#include "service/control_text.h"
#include "store/record_codec.h"
#include "tui/differ.h"
#include "tui/theme.h"

#include <inttypes.h>
#include <jansson.h>
#include <unistd.h>

#define STRINGS      10000
#define STRINGS_SOAK 1000000
#define RECV_NS      INT64_C(1723161601000000000)
#define LOG_EACH     250 /* of one draining; two lines each */
#define FRAME_TEXTS  60  /* strings on one picture */
#define SINK_ROOM    (1 << 20)

static struct {
    uint64_t lines, bytes; /* that came out */
} seen;

/* --- what shows ------------------------------------------------------------------------------------------------------- */

static char log_path[64];

static void start_log(enum log_format format)
{
    unlink(log_path);
    assert_int_equal(log_open(log_path, format, LOG_DEBUG), ERR_OK);
}

/* Each event one line, each line harmless. */
static void check_log(size_t events)
{
    char line[4 * LOG_LINE_MAX];
    FILE *in;
    size_t lines = 0;

    log_close();
    in = fopen(log_path, "re");
    assert_non_null(in);
    while (fgets(line, sizeof(line), in) != NULL) {
        hostile_check(line, strlen(line), true, "log");
        lines++;
        seen.bytes += strlen(line);
    }
    fclose(in);
    assert_int_equal(lines, events);
    seen.lines += lines;
}

static void show_log(const char *text)
{
    static size_t events;

    if (events == 0)
        start_log(seen.lines % 2 == 0 ? LOG_FORMAT_TEXT : LOG_FORMAT_JSON);
    log_ev(LOG_WARN, RECV_NS, 0, "order.rejected", LOG_TEXT("why", text), LOG_TEXT("symbol", text));
    if (++events == LOG_EACH) {
        struct log_tail_line tail[4];
        size_t count = log_tail(tail, 4);

        for (size_t i = 0; i < count; i++)
            hostile_check(tail[i].text, strlen(tail[i].text), false, "tail of the log");
        check_log(events);
        events = 0;
    }
}

static void put(char *out, size_t size, const char *text)
{
    size_t length = strnlen(text, size - 1);

    memcpy(out, text, length);
    out[length] = '\0';
}
#define PUT(field, text) put(field, sizeof(field), text)

static const enum store_record_kind record_kinds[] = {STORE_AUDIT,   STORE_STORY, STORE_SESSION,
                                                      STORE_TRADING, STORE_OWNER, STORE_COMMAND,
                                                      STORE_ANSWER,  STORE_LIMIT, STORE_INSTRUMENT};
#define RECORD_KINDS (sizeof(record_kinds) / sizeof(record_kinds[0]))

static void fill_record(struct store_record *record, const char *text)
{
    PUT(record->symbol, text);
    PUT(record->owner, text);
    switch ((int)record->kind) {
    case STORE_AUDIT:
        PUT(record->audit.event, text);
        PUT(record->audit.text, text);
        break;
    case STORE_STORY:
        PUT(record->story.text, text);
        break;
    case STORE_SESSION:
        PUT(record->session.source, text);
        PUT(record->session.version, text);
        break;
    case STORE_TRADING:
        PUT(record->trading.why, text);
        break;
    case STORE_OWNER:
        PUT(record->owner_state.why, text);
        break;
    case STORE_ANSWER:
        PUT(record->answer.text, text);
        break;
    case STORE_LIMIT:
        PUT(record->limit.option, text);
        break;
    case STORE_INSTRUMENT:
        instrument_init(&record->instrument, "BTCUSDT", VENUE_BINANCE_SPOT, 0);
        PUT(record->instrument.symbol, text);
        break;
    default:
        break;
    }
}

/* As `flowdeck journal` prints it: text, CSV, JSON. */
static void show_record(const char *text, uint64_t number)
{
    struct store_record record = {.kind = record_kinds[number % RECORD_KINDS], .ts_ns = RECV_NS};
    static char *bytes;
    static size_t size;
    static FILE *out;

    if (out == NULL)
        out = open_memstream(&bytes, &size);
    assert_non_null(out);
    fill_record(&record, text);
    for (int way = 0; way < 3; way++) {
        rewind(out);
        if (way == 0)
            record_line(&record, number, out);
        else if (way == 1)
            record_csv(0, &record, number, out);
        else
            record_json(&record, number, out);
        fflush(out);
        hostile_check(bytes, size, way < 2,
                      way == 0   ? "journal as text"
                      : way == 1 ? "journal as CSV"
                                 : "journal as JSON");
        seen.lines++;
        seen.bytes += size;
    }
}

static void show_line(char *line, const char *where)
{
    json_t *root;

    assert_non_null(line);
    hostile_check(line, strlen(line), true, where);
    root = json_loads(line, 0, NULL);
    if (root == NULL)
        fail_msg("%s is no JSON: %s", where, line);
    json_decref(root);
    seen.lines++;
    seen.bytes += strlen(line);
    free(line);
}

/* As `flowdeck status`, kill and others get it. */
static void show_reports(const char *text, bool whole)
{
    static struct control_status status;
    struct control_answer answer = {.ok = false};

    PUT(answer.text, text);
    show_line(control_text_answer(&answer, ""), "answer of the control socket");
    show_line(control_text_refusal(text, ""), "refusal of the control socket");
    if (!whole)
        return;
    status.mode = status.state = "";
    status.instruments = status.strategies = 1;
    PUT(status.state_why, text);
    PUT(status.quote, text);
    PUT(status.instrument[0].symbol, text);
    PUT(status.instrument[0].quote, text);
    status.instrument[0].book = "";
    PUT(status.strategy[0].name, text);
    PUT(status.strategy[0].why, text);
    PUT(status.latch_why, text);
    PUT(status.recovery.note, text);
    PUT(status.recovery.missing_symbol, text);
    status.recovery.known = true;
    show_line(control_text_status(&status, ""), "status");
}

/* --- the screen ------------------------------------------------------------------------------------------------------- */

struct picture {
    struct fixture *fixture;
    struct terminfo info;
    struct theme theme;
    struct differ *differ;
    struct sink sink;
    size_t texts; /* on it so far */
};

static void open_picture(struct picture *picture)
{
    char why[TERMINFO_WHY_SIZE];

    picture->fixture = fixture_new(200, 55);
    assert_int_equal(terminfo_load("xterm-256color", &picture->info, why), ERR_OK);
    theme_load_default(&picture->theme);
    picture->differ = differ_new(&picture->info, &picture->theme, DEPTH_256, TIER_UTF8, 55, 200);
    picture->sink = (struct sink){malloc(SINK_ROOM), 0, SINK_ROOM};
    assert_true(picture->differ != NULL && picture->sink.bytes != NULL);
}

static void check_cells(const struct canvas *canvas)
{
    for (int row = 0; row < canvas->rows; row++)
        for (int col = 0; col < canvas->cols; col++) {
            const struct cell *cell = canvas_cell(canvas, row, col);

            if (cell->code != 0 && safe_text_codepoint_columns(cell->code) < 0)
                fail_msg("U+%04X in a cell", cell->code);
            for (int i = 0; i < CANVAS_MARKS; i++)
                if (cell->mark[i] != 0 && safe_text_codepoint_columns(cell->mark[i]) != 0)
                    fail_msg("U+%04X on a cell", cell->mark[i]);
        }
}

static void draw_picture(struct picture *picture)
{
    struct fixture *f = picture->fixture;
    struct differ_frame frame = {.canvas = f->canvas, .cursor_row = -1};

    fixture_publish(f);
    fixture_draw(f);
    check_cells(f->canvas);
    picture->sink.size = 0;
    differ_draw(picture->differ, &frame, &picture->sink);
    hostile_check_terminal(picture->sink.bytes, picture->sink.size);
    seen.bytes += picture->sink.size;
    seen.lines += 55;
    f->now_ns += 100 * MS;
    picture->texts = 0;
}

/* Each string into the next text of the frame; then it is drawn. */
static void show_on_screen(struct picture *picture, const char *text)
{
    struct view_frame *frame = &picture->fixture->frame;
    struct view_status *status = &frame->status;
    size_t at = picture->texts++;

    switch (at % 16) {
    case 0:
        PUT(status->state_why, text);
        break;
    case 1:
        PUT(status->book_why, text);
        status->instrument[status->shown].book_state = (uint8_t)(at / 16 % 3);
        break;
    case 2:
        PUT(status->feed_why, text);
        status->feed_sick = (uint8_t)(at / 16 % 3);
        status->live = true;
        break;
    case 3:
        PUT(status->feed_brief, text);
        break;
    case 4:
        PUT(status->feed_cause, text);
        break;
    case 5:
        PUT(status->storage_why, text);
        break;
    case 6:
        PUT(status->venue_host, text);
        break;
    case 7:
        PUT(status->instrument[0].symbol, text);
        break;
    case 8:
        PUT(frame->strategy[0].why_off, text);
        break;
    case 9:
        PUT(frame->strategy[0].name, text);
        break;
    case 10:
        PUT(frame->next.verdict, text);
        break;
    case 11:
        frame->answers = 1;
        frame->answer[0].seq++;
        PUT(frame->answer[0].text, text);
        break;
    case 12:
        PUT(frame->risk.limit[0].code, text);
        break;
    default:
        if (frame->lists.log_lines < VIEW_LOG_MAX)
            frame->lists.log_lines++;
        PUT(frame->lists.log[at % frame->lists.log_lines].text, text);
        break;
    }
    if (picture->texts == FRAME_TEXTS)
        draw_picture(picture);
}

/* --- all of them -------------------------------------------------------------------------------------------------------- */

static void test_no_control_byte_comes_out(void **state)
{
    const char *soak = getenv("FLOWDECK_SOAK");
    uint64_t strings = soak != NULL && strcmp(soak, "1") == 0 ? STRINGS_SOAK : STRINGS, random = 42;
    struct picture picture = {.texts = 0};
    char text[HOSTILE_MAX];

    (void)state;
    snprintf(log_path, sizeof(log_path), "%s/flowdeck-hostile-%d.log",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (int)getpid());
    open_picture(&picture);
    for (uint64_t i = 0; i < strings; i++) {
        hostile_draw(&random, text);
        show_log(text);
        show_record(text, i);
        show_reports(text, i % 16 == 0);
        show_on_screen(&picture, text);
    }
    print_message("%" PRIu64 " hostile strings shown: %" PRIu64
                  " lines, %.1f MB on screen, in log, journal and "
                  "control socket: 0 control bytes\n",
                  strings, seen.lines, (double)seen.bytes / 1e6);
    differ_free(picture.differ);
    free(picture.sink.bytes);
    fixture_free(picture.fixture);
    log_close();
    unlink(log_path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_control_byte_comes_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

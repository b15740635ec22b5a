/*
 * test_db_mutated.c - the database with bytes of it changed at random: a start refuses it in one line, or makes its rows
 * anew, or `flowdeck verify` names what differs. Never is a row that was altered taken for true.
 *
 * What the rows are is read here by a connection of its own, before and after. FLOWDECK_SOAK=1: 10,000 files.
 */
#include "unit/trading_life.h"

#include "store/projection.h"
#include "store/row_compare.h"

#include <fcntl.h>

#define FILES      1000
#define FILES_SOAK 10000
#define PAGE       4096
#define HIDDEN_BY_AN_INDEX                                                                                   \
    UINT64_C(4065050093880239923) /* a seed: a session of another account in the table alone */

struct bytes {
    unsigned char *data;
    size_t size;
};

struct stage {
    struct life life;
    struct bytes good;
    struct db *anew; /* made from the journal */
    uint64_t rows;   /* hash of them, as they are true */
};

enum verdict { REFUSED, TOLD, AS_IT_WAS, VERDICTS };

/* --- files ---------------------------------------------------------------------------------------------------------- */

static struct bytes read_all(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct bytes out = {.data = malloc(1U << 22)};
    ssize_t size;

    assert_true(fd >= 0 && out.data != NULL);
    while ((size = read(fd, out.data + out.size, (1U << 22) - out.size)) > 0)
        out.size += (size_t)size;
    close(fd);
    return out;
}

static void write_all(const char *path, const struct bytes *bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes->data, bytes->size), (ssize_t)bytes->size);
    close(fd);
}

static size_t below(uint64_t *random, size_t limit)
{
    return (size_t)(random_next(random) % limit);
}

static void mutate(uint64_t *random, struct bytes *file)
{
    size_t at = below(random, file->size), length = 1 + below(random, 64), pages = file->size / PAGE;
    unsigned char page[PAGE], *one = file->data + below(random, pages) * PAGE,
                              *other = file->data + below(random, pages) * PAGE;

    if (length > file->size - at)
        length = file->size - at;
    switch (below(random, 8)) {
    case 0:
        file->data[at] ^= (unsigned char)(1U << below(random, 8));
        break;
    case 1:
        file->data[at] = (unsigned char)random_next(random);
        break;
    case 2:
        for (size_t i = 0; i < length; i++)
            file->data[at + i] = (unsigned char)random_next(random);
        break;
    case 3:
        memset(file->data + at, 0, length);
        break;
    case 4: /* cut */
        file->size = at;
        break;
    case 5: /* pages in each other's place */
        memcpy(page, one, PAGE);
        memcpy(one, other, PAGE);
        memcpy(other, page, PAGE);
        break;
    case 6: /* a page that never came to the disk */
        memset(one, 0, PAGE);
        break;
    default: /* the header, and what it says of the file */
        file->data[below(random, 100)] = (unsigned char)random_next(random);
        break;
    }
}

/* --- rows ------------------------------------------------------------------------------------------------------------- */

static void hash_bytes(uint64_t *hash, const void *bytes, size_t size)
{
    const unsigned char *at = bytes;

    for (size_t i = 0; i < size; i++)
        *hash = (*hash ^ at[i]) * UINT64_C(1099511628211);
}

static bool hash_table(sqlite3 *handle, const char *table, const char *how, uint64_t *hash)
{
    sqlite3_stmt *row;
    char sql[128];
    int code;

    snprintf(sql, sizeof(sql), "SELECT * FROM %s %s", table, how);
    if (sqlite3_prepare_v2(handle, sql, -1, &row, NULL) != SQLITE_OK)
        return false;
    while ((code = sqlite3_step(row)) == SQLITE_ROW)
        for (int i = 0; i < sqlite3_column_count(row); i++) {
            int type = sqlite3_column_type(row, i);

            hash_bytes(hash, &type, sizeof(type));
            if (type != SQLITE_NULL)
                hash_bytes(hash, sqlite3_column_text(row, i), (size_t)sqlite3_column_bytes(row, i));
        }
    sqlite3_finalize(row);
    return code == SQLITE_DONE;
}

/* False: they cannot all be read. */
static bool hash_rows(const char *path, uint64_t *hash)
{
    static const char *const tables[][2] = {
        {"sessions", "ORDER BY number"},
        {"instruments", "ORDER BY session, id"},
        {"orders", "ORDER BY session, seq"},
        {"fills", "ORDER BY session, instrument, trade_id"},
        {"stories", "ORDER BY session, order_seq, line"},
        {"equity", "ORDER BY session, ts_ns"},
        {"audit", "ORDER BY id"},
        {"positions", "ORDER BY session, symbol, owner"},
    };
    sqlite3 *handle;
    bool read = sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL) == SQLITE_OK;

    *hash = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]) && read; i++)
        read = hash_table(handle, tables[i][0], tables[i][1], hash);
    sqlite3_close(handle);
    return read;
}

/* --- one file ----------------------------------------------------------------------------------------------------------- */

/* One line for people, that names the file. */
static void check_line(const char *why, const char *path)
{
    if (strstr(why, path) == NULL)
        fail_msg("does not name the file: %s", why);
    for (const char *at = why; *at != '\0'; at++)
        if ((unsigned char)*at < 32 || *at == 127)
            fail_msg("a control byte in: %s", why);
}

static enum err catch_up(struct projection *projection, char *why)
{
    size_t rows = 1;
    enum err err = ERR_OK;

    while (err == ERR_OK && rows > 0)
        err = projection_catch_up(projection, &rows, why, WHY_SIZE);
    return err;
}

static void say_nothing(void *arg, const char *line)
{
    (void)arg;
    (void)line;
}

/* As a start does it, and then as `flowdeck verify` does. */
static enum verdict judge(const struct stage *stage, char *why)
{
    const char *path = stage->life.folder->db;
    struct row_compare compare = {.account = ACCOUNT, .tell = say_nothing};
    struct projection *projection = NULL;
    struct db *db = NULL;
    enum verdict verdict = TOLD;
    enum err err;

    why[0] = '\0';
    if (db_open(path, &db, why, WHY_SIZE) != ERR_OK) {
        check_line(why, path);
        return REFUSED;
    }
    err = projection_new(db, ACCOUNT, stage->life.journal, &projection, why, WHY_SIZE);
    if (err == ERR_OK)
        err = catch_up(projection, why);
    if (err != ERR_OK) {
        check_line(why, path);
        verdict = REFUSED;
    } else {
        compare.expected = db_handle(stage->anew);
        compare.found = db_handle(db);
        err = row_compare(&compare, why, WHY_SIZE);
        if (err == ERR_OK && compare.differences == 0)
            verdict = AS_IT_WAS;
    }
    projection_free(projection);
    db_close(db);
    return verdict;
}

static void try_file(const struct stage *stage, uint64_t seed, unsigned seen[VERDICTS])
{
    struct bytes file = {.data = malloc(stage->good.size), .size = stage->good.size};
    char why[WHY_SIZE];
    enum verdict verdict;
    uint64_t rows, random = seed;

    assert_non_null(file.data);
    memcpy(file.data, stage->good.data, file.size);
    for (size_t times = 1 + below(&random, 3); times > 0 && file.size >= PAGE; times--)
        mutate(&random, &file);
    shell("rm -f '%s'-*%s", stage->life.folder->db, "");
    write_all(stage->life.folder->db, &file);
    free(file.data);
    verdict = judge(stage, why);
    seen[verdict]++;
    if (verdict == AS_IT_WAS && (!hash_rows(stage->life.folder->db, &rows) || rows != stage->rows))
        fail_msg("seed %" PRIu64 ": altered rows were taken for true", seed);
}

/* --- all of them -------------------------------------------------------------------------------------------------------- */

static struct db *make_db(const char *path, const struct store_journal *journal)
{
    struct projection *projection = NULL;
    char why[WHY_SIZE] = "";
    struct db *db = NULL;

    if (db_open(path, &db, why, sizeof(why)) != ERR_OK ||
        projection_new(db, ACCOUNT, journal, &projection, why, sizeof(why)) != ERR_OK ||
        catch_up(projection, why) != ERR_OK)
        fail_msg("%s", why);
    projection_free(projection);
    return db;
}

static void open_stage(void **state, struct stage *stage)
{
    char path[128];

    *stage = (struct stage){.life = new_life(state, 11)};
    for (int session = 0; session < 3; session++) {
        begin(&stage->life);
        for (int i = 0; i < 40; i++)
            step(&stage->life);
        end(&stage->life, session % 2 == 0);
    }
    stage->life.journal = open_journal_at(stage->life.folder, stage->life.now_ns, &stage->life.left);
    snprintf(path, sizeof(path), "%s/anew.db", stage->life.folder->path);
    stage->anew = make_db(path, stage->life.journal);
    db_close(make_db(stage->life.folder->db, stage->life.journal));
    stage->good = read_all(stage->life.folder->db);
    assert_true(hash_rows(stage->life.folder->db, &stage->rows));
}

static void test_no_altered_row_is_taken_for_true(void **state)
{
    const char *soak = getenv("FLOWDECK_SOAK");
    unsigned files = soak != NULL && strcmp(soak, "1") == 0 ? FILES_SOAK : FILES, seen[VERDICTS] = {0};
    struct stage stage;

    open_stage(state, &stage);
    try_file(&stage, HIDDEN_BY_AN_INDEX, seen);
    for (unsigned i = 0; i < files; i++)
        try_file(&stage, 1 + i * UINT64_C(0x9e3779b97f4a7c15), seen);
    print_message(
        "%u mutated database files of %zu bytes: %u refused in one line, %u named by verify, %u with "
        "the rows as they were or made anew; 0 crashes, 0 altered rows taken for true\n",
        files, stage.good.size, seen[REFUSED], seen[TOLD], seen[AS_IT_WAS]);
    assert_true(seen[REFUSED] > files / 10 && seen[TOLD] > 0 && seen[AS_IT_WAS] > 0);
    db_close(stage.anew);
    end(&stage.life, true);
    free(stage.good.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ACCOUNT_TEST(test_no_altered_row_is_taken_for_true),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* writer_sql.h - the statements of a writer: for writer.c alone. ?1 is the session, in all but PUT_SESSION. */
#ifndef STORE_WRITER_SQL_H
#define STORE_WRITER_SQL_H

enum statement {
    PUT_INSTRUMENT,
    PUT_ORDER,
    PUT_FILL,
    PUT_EQUITY,
    PUT_AUDIT,
    PUT_STORY,
    PUT_SESSION,
    PUT_POSITION,
    PUT_CANDLE,
    PUT_SIGNALS,
    CHANGE_OLD_ORDER,
    PUT_OLD_FILL,
    PUT_OLD_STORY,
    END_SESSION,
    STATEMENTS
};

extern const char *const writer_sql[STATEMENTS];

#endif

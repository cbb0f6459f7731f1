#include "huella/base/dta.h"
#include "huella/base/file.h"

#include <errno.h>
#include <math.h>
#include <readstat.h>
#include <string.h>

typedef struct reader {
    const char *source;
    const unsigned char *bytes;
    size_t length, at;                                         /* the file in memory, as ReadStat's input */
    enum { ELSEWHERE, LONG_TEXT, LONG_TEXT_HEADER } last_read; /* see is_open_ended */
    const char *const *columns;
    hu_arena *arena;
    hu_table *table;   /* the columns that are kept */
    hu_table *header;  /* names of all columns, for messages */
    size_t *column_of; /* variable -> its place in table->columns */
    size_t n_variables;
    hu_error *error;  /* what a handler refused */
    const char *said; /* what ReadStat says is wrong, before its error code */
} reader;

/* ---- ReadStat reads from memory ---- */

static int open_memory(const char *path, void *context)
{
    (void)path;
    reader *r = context;
    r->at = 0;
    return 0;
}

static int close_memory(void *context)
{
    (void)context;
    return 0;
}

static readstat_off_t seek_memory(readstat_off_t offset, readstat_io_flags_t whence, void *context)
{
    reader *r = context;
    readstat_off_t base =
        whence == READSTAT_SEEK_SET ? 0 : (readstat_off_t)(whence == READSTAT_SEEK_CUR ? r->at : r->length);
    readstat_off_t to;
    if (__builtin_add_overflow(base, offset, &to) || to < 0 || (size_t)to > r->length)
        return -1;
    r->at = (size_t)to;
    return to;
}

/*
 * ReadStat takes a strL's text to end in NUL without looking, and would read past one that does not. It reads "GSO",
 * then a header whose fifth byte from the end is the kind (130 = text), then the text: three reads that stand out.
 */
static bool is_open_ended(reader *r, const unsigned char *bytes, size_t size)
{
    bool header = r->last_read == LONG_TEXT && (size == 13 || size == 17);
    bool open_ended = r->last_read == LONG_TEXT_HEADER && size && bytes[size - 1] != 0;
    if (header && bytes[size - 5] == 130)
        r->last_read = LONG_TEXT_HEADER;
    else
        r->last_read = size == 3 && memcmp(bytes, "GSO", 3) == 0 ? LONG_TEXT : ELSEWHERE;
    return open_ended;
}

static ssize_t read_memory(void *out, size_t size, void *context)
{
    reader *r = context;
    if (!out) /* ReadStat does not look whether it got the memory for what a file claims */
        return -1;
    size_t n = r->length - r->at < size ? r->length - r->at : size;
    memcpy(out, r->bytes + r->at, n);
    if (n == size && is_open_ended(r, r->bytes + r->at, n))
        return -1;
    r->at += n;
    return (ssize_t)n;
}

static readstat_error_t no_progress(long size, readstat_progress_handler handler, void *user, void *context)
{
    (void)size, (void)handler, (void)user, (void)context;
    return READSTAT_OK;
}

/* ---- What ReadStat finds ---- */

static int refuse(reader *r, hu_error *error)
{
    r->error = error;
    return READSTAT_HANDLER_ABORT;
}

static int on_metadata(readstat_metadata_t *metadata, void *context)
{
    reader *r = context;
    long rows = readstat_get_row_count(metadata), variables = readstat_get_var_count(metadata);
    if (rows <= 0 || variables <= 0)
        return refuse(r, hu_fail_at(HU_EMPTY, r->source, 0, NULL,
                                    "%ld rows and %ld columns stand here: expected at least one of each", rows,
                                    variables));
    size_t cells; /* a cell takes a byte or more: a file cannot claim memory beyond its own length */
    if (__builtin_mul_overflow((size_t)rows, (size_t)variables, &cells) || cells > r->length)
        return refuse(r, hu_fail_at(HU_BAD_INPUT, r->source, 0, NULL,
                                    "%ld rows of %ld columns are announced, but the file has only %zu bytes: it is cut "
                                    "short or broken; copy or save it again",
                                    rows, variables, r->length));
    r->n_variables = (size_t)variables;
    r->column_of = HU_NEW_ARRAY(r->arena, size_t, r->n_variables);
    r->table = hu_table_new(r->arena, r->source, (size_t)rows);
    r->header = hu_table_new(r->arena, r->source, 0);
    return READSTAT_HANDLER_OK;
}

static bool is_wanted(const reader *r, const char *name)
{
    if (!r->columns)
        return true;
    for (const char *const *wanted = r->columns; *wanted; wanted++)
        if (strcmp(*wanted, name) == 0)
            return true;
    return false;
}

static int on_variable(int index, readstat_variable_t *variable, const char *labels, void *context)
{
    (void)labels;
    reader *r = context;
    const char *name = readstat_variable_get_name(variable);
    if (!name) /* empty, or not in the file's encoding */
        name = "";
    if (!r->table || index < 0 || (size_t)index >= r->n_variables)
        return READSTAT_HANDLER_ABORT;
    hu_table_add_numbers(r->header, r->arena, name);
    if (!is_wanted(r, name))
        return READSTAT_HANDLER_SKIP_VARIABLE;
    r->column_of[index] = r->table->n_columns;
    if (readstat_variable_get_type_class(variable) == READSTAT_TYPE_CLASS_STRING)
        hu_table_add_texts(r->table, r->arena, name);
    else
        hu_table_add_numbers(r->table, r->arena, name);
    return READSTAT_HANDLER_OK;
}

static int on_value(int row, readstat_variable_t *variable, readstat_value_t value, void *context)
{
    reader *r = context;
    int index = readstat_variable_get_index(variable);
    if (!r->table || row < 0 || (size_t)row >= r->table->rows || index < 0 || (size_t)index >= r->n_variables)
        return READSTAT_HANDLER_ABORT;
    hu_column *column = &r->table->columns[r->column_of[index]];
    if (column->type == HU_NUMBER) {
        if (!readstat_value_is_missing(value, variable))
            column->numbers[row] = readstat_double_value(value);
        return READSTAT_HANDLER_OK;
    }
    const char *text = readstat_string_value(value);
    if (text && *text)
        column->texts[row] = hu_str_of(hu_strdup(r->arena, text));
    return READSTAT_HANDLER_OK;
}

static void on_error(const char *message, void *context)
{
    reader *r = context;
    r->said = hu_strndup(r->arena, message, strcspn(message, "\n"));
}

static readstat_parser_t *new_parser(reader *r)
{
    readstat_parser_t *parser = readstat_parser_init();
    readstat_set_open_handler(parser, open_memory);
    readstat_set_close_handler(parser, close_memory);
    readstat_set_seek_handler(parser, seek_memory);
    readstat_set_read_handler(parser, read_memory);
    readstat_set_update_handler(parser, no_progress);
    readstat_set_io_ctx(parser, r);
    readstat_set_metadata_handler(parser, on_metadata);
    readstat_set_variable_handler(parser, on_variable); /* ReadStat crashes on a value handler without this one */
    readstat_set_value_handler(parser, on_value);
    readstat_set_error_handler(parser, on_error);
    return parser;
}

static hu_error *check_wanted(const reader *r)
{
    hu_column *column;
    for (const char *const *wanted = r->columns; wanted && *wanted; wanted++)
        HU_TRY(hu_table_column(r->header, *wanted, &column));
    return hu_table_check_names(r->header, 0);
}

hu_error *hu_dta_parse(const void *bytes, size_t length, const char *source, const char *const *columns,
                       hu_arena *arena, hu_table **table)
{
    *table = NULL;
    if (!length)
        return hu_fail_at(HU_EMPTY, source, 0, NULL, "the file is empty: expected a Stata file");
    reader r = {.source = source, .bytes = bytes, .length = length, .columns = columns, .arena = arena};
    readstat_parser_t *parser = new_parser(&r);
    readstat_error_t code = readstat_parse_dta(parser, source, &r);
    readstat_parser_free(parser);
    if (r.error)
        return r.error;
    if (code != READSTAT_OK || !r.table)
        return hu_fail_at(
            HU_BAD_INPUT, source, 0, NULL,
            "not a whole Stata file (ReadStat: %s): expected .dta of version 104 to 119; copy or save it again",
            r.said ? r.said : readstat_error_message(code));
    HU_TRY(check_wanted(&r));
    *table = r.table;
    return NULL;
}

hu_error *hu_dta_read(const char *path, const char *const *columns, hu_arena *arena, hu_table **table)
{
    *table = NULL;
    hu_file file;
    HU_TRY(hu_file_open(path, 0, &file));
    hu_error *error = hu_dta_parse(file.data, file.length, path, columns, arena, table);
    hu_file_close(&file);
    return error;
}

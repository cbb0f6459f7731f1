#include "huella/base/csv.h"

#include "csv_pack.h"
#include "csv_text.h"
#include "huella/base/dta.h"
#include "huella/base/file.h"
#include "huella/base/number.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef enum field_mode { SKIP, NUMBER, TEXT } field_mode;

/* A column of the file. It starts as one of numbers and turns to text at the first cell that is neither. */
typedef struct field {
    const char *name;
    field_mode mode;
    hu_packed packed; /* of malloc, `room` long: handed to the arena at the end */
    double *numbers;  /* the same, where they cannot be packed; while a column is packed NULL */
    hu_str *texts;    /* the same */
    size_t text_from; /* the row in which it turned: the rows before are read again */
} field;

typedef struct reader {
    csv_text text;
    const char *source;
    char separator, decimal;
    hu_arena *arena;
    field *fields;
    size_t n_fields;
    const char *body; /* first byte and line after the header */
    long body_line;
    long line;        /* of the row being read */
    size_t row, room; /* rows read, rows there is memory for */
    uint32_t *lines;  /* of each row, of malloc; NULL while row r stands on line first_line + r */
    long first_line;
} reader;

/* ---- Errors ---- */

static hu_error *fail_cell(const reader *r, long line, size_t column, csv_fault fault, const csv_cell *cell)
{
    char shown[80];
    const char *name = column < r->n_fields ? r->fields[column].name : NULL;
    if (fault == CSV_UNCLOSED)
        return hu_fail_at(HU_BAD_INPUT, r->source, line, name,
                          "the quote that opens here (\"%s) is never closed: expected a closing quote before the next "
                          "separator; add it, or double the quotes that belong to the text",
                          hu_excerpt(cell->text, shown));
    hu_str after = {cell->next, (size_t)(r->text.end - cell->next)};
    for (size_t i = 0; i < after.length; i++)
        if (csv_is_line_end(after.data[i]))
            after.length = i;
    char rest[80];
    return hu_fail_at(HU_BAD_INPUT, r->source, line, name,
                      "\"%s\" in quotes is followed by %s: expected a separator or the end of the line; double the "
                      "quotes that belong to the text",
                      hu_excerpt(cell->text, shown), hu_excerpt(after, rest));
}

/* A row that begins at `at` on `line` and does not have as many cells as the header. */
static hu_error *fail_ragged(const reader *r, const char *at, long line)
{
    size_t cells = 0;
    const char *p = at;
    for (;;) {
        csv_cell cell;
        csv_fault fault = hu_csv_cell(&r->text, p, r->separator, &cell);
        if (fault != CSV_FINE)
            return fail_cell(r, line, cells, fault, &cell);
        cells++;
        p = cell.next;
        if (*p != r->separator)
            break;
        p++;
    }
    char shown[80];
    const char *remedy = cells > r->n_fields ? "put a cell that holds the separator into quotes"
                                             : "add the missing cells, empty where nothing is known";
    return hu_fail_at(HU_BAD_INPUT, r->source, line, NULL,
                      "%zu cell%s stand%s here (%s), expected %zu as in the header: %s", cells, cells == 1 ? "" : "s",
                      cells == 1 ? "s" : "", hu_excerpt((hu_str){at, (size_t)(p - at)}, shown), r->n_fields, remedy);
}

/* ---- Header ---- */

static char find_separator(const csv_text *text, const char *at)
{
    static const char candidates[] = ",;\t";
    size_t counts[3] = {0};
    bool quoted = false;
    for (const char *p = at; p < text->end && (quoted || !csv_is_line_end(*p)); p++) {
        if (*p == '"')
            quoted = !quoted;
        for (int c = 0; !quoted && c < 3; c++)
            counts[c] += *p == candidates[c];
    }
    int best = 0;
    for (int c = 1; c < 3; c++)
        if (counts[c] > counts[best])
            best = c;
    return candidates[best];
}

/* Skips blank lines; false at the end of the text. */
static bool next_record(const csv_text *text, const char **at, long *line)
{
    while (*at < text->end && csv_is_line_end(**at)) {
        *at = csv_line_end(text, *at);
        ++*line;
    }
    return *at < text->end;
}

static hu_error *read_header(reader *r)
{
    const char *p = r->text.data;
    long line = 1;
    if (!next_record(&r->text, &p, &line))
        return hu_fail_at(HU_EMPTY, r->source, 0, NULL,
                          "nothing but blank lines: expected a line of column names and rows below");
    if (!r->separator)
        r->separator = find_separator(&r->text, p);
    size_t room = 0;
    for (;;) {
        csv_cell cell;
        csv_fault fault = hu_csv_cell(&r->text, p, r->separator, &cell);
        if (fault != CSV_FINE)
            return fail_cell(r, line, r->n_fields, fault, &cell);
        if (r->n_fields == room) {
            size_t more = room ? room * 2 : 16;
            r->fields = hu_regrow(r->arena, r->fields, room, more, sizeof *r->fields);
            room = more;
        }
        hu_str name = hu_str_trim(hu_csv_cell_text(&cell, r->arena));
        r->fields[r->n_fields++] = (field){.name = hu_strndup(r->arena, name.data, name.length), .mode = NUMBER};
        line += cell.breaks;
        p = cell.next;
        if (*p != r->separator)
            break;
        p++;
    }
    r->body = csv_line_end(&r->text, p);
    r->body_line = line + 1;
    return NULL;
}

/* A table of names only: what is said about columns before a row is read. */
static hu_table header_table(const reader *r)
{
    hu_table header = {.source = r->source, .n_columns = r->n_fields, .arena = r->arena};
    header.columns = HU_NEW_ARRAY(r->arena, hu_column, r->n_fields);
    for (size_t c = 0; c < r->n_fields; c++)
        header.columns[c].name = r->fields[c].name;
    return header;
}

/* ---- Which columns, and how ---- */

static hu_error *choose_columns(reader *r, const hu_csv_options *options)
{
    hu_table header = header_table(r);
    HU_TRY(hu_table_check_names(&header, r->body_line - 1));
    if (options->columns) {
        for (size_t c = 0; c < r->n_fields; c++)
            r->fields[c].mode = SKIP;
        for (const char *const *name = options->columns; *name; name++) {
            hu_column *column;
            HU_TRY(hu_table_column(&header, *name, &column));
            r->fields[column - header.columns].mode = NUMBER;
        }
    }
    for (const char *const *name = options->as_text; name && *name; name++) {
        const hu_column *column = hu_table_find(&header, *name);
        if (column && r->fields[column - header.columns].mode != SKIP)
            r->fields[column - header.columns].mode = TEXT;
    }
    /* A row has at least a byte a cell, so that memory is bounded by the file's length whatever it claims. */
    size_t most = (size_t)(r->text.end - r->body) / (r->n_fields > 1 ? r->n_fields : 1);
    r->room = (r->text.lines < most ? r->text.lines : most) + 1;
    for (size_t c = 0; c < r->n_fields; c++) {
        if (r->fields[c].mode == NUMBER && options->packed)
            r->fields[c].packed = csv_pack_new(r->room);
        else if (r->fields[c].mode == NUMBER)
            r->fields[c].numbers = hu_xcalloc(r->room, sizeof(double));
        else if (r->fields[c].mode == TEXT)
            r->fields[c].texts = hu_xcalloc(r->room, sizeof(hu_str));
    }
    return NULL;
}

/* ---- Rows ---- */

static void turn_to_text(reader *r, field *f)
{
    free(f->numbers);
    free(f->packed.cells);
    f->numbers = NULL;
    f->packed.cells = NULL;
    f->texts = hu_xcalloc(r->room, sizeof(hu_str));
    f->mode = TEXT;
    f->text_from = r->row;
}

static inline void put_number(reader *r, field *f, double value)
{
    if (!f->numbers && !csv_pack(&f->packed, r->row, r->room, value)) {
        f->numbers = csv_unpack(&f->packed, r->row, r->room);
        f->packed.cells = NULL;
    }
    if (f->numbers)
        f->numbers[r->row] = value;
}

/* What the quick path of read_row does not take: quotes, text, missing cells, columns left out. */
static hu_error *read_cell(reader *r, size_t column, const char **at)
{
    csv_cell cell;
    csv_fault fault = hu_csv_cell(&r->text, *at, r->separator, &cell);
    if (fault != CSV_FINE)
        return fail_cell(r, r->line, column, fault, &cell);
    *at = cell.next;
    r->line += cell.breaks;
    field *f = &r->fields[column];
    if (f->mode == NUMBER) {
        hu_number number = {.value = NAN};
        if (hu_missing_word(cell.text) || (hu_number_parse(cell.text, r->decimal, &number) && !number.identifier)) {
            put_number(r, f, number.value);
            return NULL;
        }
        turn_to_text(r, f);
    }
    if (f->mode == TEXT && (cell.quoted ? cell.text.length > 0 : !hu_missing_word(cell.text)))
        f->texts[r->row] = hu_csv_cell_text(&cell, r->arena);
    return NULL;
}

/* Reads the row at *at and moves past it. */
static hu_error *read_row(reader *r, const char **at)
{
    const char *p = *at, *end = r->text.end;
    const long line = r->line;
    const char separator = r->separator, decimal = r->decimal == separator ? '\0' : r->decimal;
    for (size_t c = 0; c < r->n_fields; c++) {
        field *f = &r->fields[c];
        const char *next = NULL;
        if (f->mode == NUMBER) {
            hu_number number;
            next = hu_number_scan(p, end, decimal, &number);
            if (next && (*next == separator || csv_is_line_end(*next)) && !number.identifier) {
                put_number(r, f, number.value);
                p = next;
            } else {
                next = NULL;
            }
        }
        if (!next)
            HU_TRY(read_cell(r, c, &p));
        bool last = c + 1 == r->n_fields;
        if ((*p == separator) == last)
            return fail_ragged(r, *at, line);
        if (!last)
            p++;
    }
    *at = csv_line_end(&r->text, p);
    r->line++;
    return NULL;
}

static hu_error *note_line(reader *r)
{
    if (r->row == 0 && !r->lines)
        r->first_line = r->line;
    if (!r->lines && r->line != r->first_line + (long)r->row) {
        r->lines = hu_xcalloc(r->room, sizeof *r->lines);
        for (size_t row = 0; row < r->row; row++)
            r->lines[row] = (uint32_t)(r->first_line + (long)row);
    }
    if (r->line > (long)UINT32_MAX)
        return hu_fail_at(HU_LIMIT, r->source, r->line, NULL, "more than %u lines: split the file", UINT32_MAX);
    if (r->lines)
        r->lines[r->row] = (uint32_t)r->line;
    return NULL;
}

/* Reads rows from the first on, at most `limit`. */
static hu_error *read_rows(reader *r, size_t limit)
{
    const char *p = r->body, *held = r->text.data;
    r->line = r->body_line;
    for (r->row = 0; r->row < limit && next_record(&r->text, &p, &r->line); r->row++) {
        csv_let_go(&r->text, &held, p);
        HU_TRY(note_line(r));
        HU_TRY(read_row(r, &p));
    }
    return NULL;
}

/* Columns that turned to text below the first row miss the texts above: those rows are read once more, only for them.
 */
static hu_error *read_missed_texts(reader *r)
{
    size_t limit = 0, rows = r->row;
    for (size_t c = 0; c < r->n_fields; c++) {
        field *f = &r->fields[c];
        f->mode = f->mode == TEXT && f->text_from > 0 ? TEXT : SKIP;
        if (f->mode == TEXT && f->text_from > limit)
            limit = f->text_from;
    }
    hu_error *error = limit ? read_rows(r, limit) : NULL;
    r->row = rows;
    return error;
}

/* ---- The table ---- */

/* Gives memory of malloc to the arena, cut to its used length. */
static void *hand_over(hu_arena *arena, void *memory, size_t size)
{
    memory = hu_xrealloc(memory, size);
    hu_arena_at_end(arena, free, memory);
    return memory;
}

static hu_table *make_table(reader *r)
{
    hu_table *table = hu_table_new(r->arena, r->source, r->row);
    table->columns = HU_NEW_ARRAY(r->arena, hu_column, r->n_fields);
    table->room = r->n_fields;
    table->first_line = r->first_line;
    table->decimal_comma = r->decimal == ',';
    if (r->lines)
        table->lines = hand_over(r->arena, r->lines, r->row * sizeof *r->lines);
    for (size_t c = 0; c < r->n_fields; c++) {
        field *f = &r->fields[c];
        if (!f->numbers && !f->texts && !f->packed.cells)
            continue;
        hu_column *column = &table->columns[table->n_columns++];
        *column = (hu_column){.name = f->name, .type = f->texts ? HU_TEXT : HU_NUMBER, .packed = f->packed};
        if (f->packed.cells)
            column->packed.cells = hand_over(r->arena, f->packed.cells, r->row * (size_t)f->packed.bytes);
        else if (f->numbers)
            column->numbers = hand_over(r->arena, f->numbers, r->row * sizeof *f->numbers);
        else
            column->texts = hand_over(r->arena, f->texts, r->row * sizeof *f->texts);
    }
    return table;
}

static void drop_columns(reader *r)
{
    for (size_t c = 0; c < r->n_fields; c++) {
        free(r->fields[c].numbers);
        free(r->fields[c].packed.cells);
        free(r->fields[c].texts);
    }
    free(r->lines);
}

static hu_error *read_table(reader *r, const hu_csv_options *options)
{
    HU_TRY(read_header(r));
    HU_TRY(choose_columns(r, options));
    HU_TRY(read_rows(r, SIZE_MAX));
    if (!r->row)
        return hu_fail_at(HU_EMPTY, r->source, r->body_line - 1, NULL,
                          "no rows below the column names: expected at least one");
    return read_missed_texts(r);
}

/* As hu_csv_parse; *views says whether the table looks into the file's bytes. */
static hu_error *parse(const hu_file *file, const char *source, const hu_csv_options *options, hu_arena *arena,
                       hu_table **table, bool *views)
{
    static const hu_csv_options defaults = {0};
    if (!options)
        options = &defaults;
    *table = NULL;
    *views = false;
    if (options->separator && !strchr(",;\t|:", options->separator))
        return hu_fail(HU_USAGE, "'%c' cannot separate columns: expected a comma, semicolon, tab, bar or colon",
                       options->separator);
    reader r = {.source = source,
                .arena = arena,
                .separator = options->separator,
                .decimal = options->decimal_comma ? ',' : '.'};
    HU_TRY(hu_csv_text(file, source, arena, &r.text));
    hu_error *error = read_table(&r, options);
    if (error) {
        drop_columns(&r);
        return error;
    }
    *table = make_table(&r);
    for (size_t c = 0; c < (*table)->n_columns; c++)
        *views |= (*table)->columns[c].type == HU_TEXT && !r.text.copied;
    return NULL;
}

hu_error *hu_csv_parse(const char *text, size_t length, const char *source, const hu_csv_options *options,
                       hu_arena *arena, hu_table **table)
{
    hu_file file = {.data = text, .length = length};
    bool views;
    return parse(&file, source, options, arena, table, &views);
}

static void close_file(void *file)
{
    hu_file_close(file);
}

hu_error *hu_csv_read(const char *path, const hu_csv_options *options, hu_arena *arena, hu_table **table)
{
    static const size_t most_bytes = (size_t)64 << 30;
    *table = NULL;
    hu_file *file = HU_NEW(arena, hu_file);
    HU_TRY(hu_file_open(path, most_bytes, file));
    if (hu_is_gzip(file->data, file->length)) {
        hu_file_close(file);
        HU_TRY(hu_gzip_open(path, most_bytes, file));
    }
    bool views;
    hu_error *error = parse(file, path, options, arena, table, &views);
    if (views)
        hu_arena_at_end(arena, close_file, file);
    else
        hu_file_close(file);
    return error;
}

hu_error *hu_table_read(const char *path, const hu_csv_options *options, hu_arena *arena, hu_table **table)
{
    size_t length = strlen(path);
    if (length >= 4 && strcasecmp(path + length - 4, ".dta") == 0)
        return hu_dta_read(path, options ? options->columns : NULL, arena, table);
    return hu_csv_read(path, options, arena, table);
}

#include "huella/base/dta.h"
#include "huella/base/file.h"

#include <math.h>
#include <readstat.h>
#include <string.h>
#include <time.h>

enum { LONGEST_NAME = 32, LONGEST_STRING = 2045, LONGEST_LABEL = 80 };
static const double largest_number = 0x1.fffffffffffffp+1022; /* above it Stata keeps its missing codes */

/* ---- What Stata cannot hold ---- */

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool is_reserved(const char *name)
{
    static const char *const words[] = {"_all",  "_b",  "byte",  "_coef", "_cons", "double", "float",
                                        "if",    "in",  "int",   "long",  "_n",    "_N",     "_pi",
                                        "_pred", "_rc", "_skip", "strL",  "using", "with"};
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        if (strcmp(name, words[w]) == 0)
            return true;
    return strncmp(name, "str", 3) == 0 && name[3] && strspn(name + 3, "0123456789") == strlen(name + 3);
}

static hu_error *check_name(const char *path, const char *name)
{
    const char *why = NULL;
    if (!name[0])
        why = "a name is empty";
    else if (!is_letter((unsigned char)name[0]))
        why = "it does not begin with a letter or _";
    else if (hu_utf8_count(name, strlen(name)) > LONGEST_NAME)
        why = "it is longer than 32 characters";
    else if (is_reserved(name))
        why = "it is a reserved word";
    for (const char *p = name; *p && !why; p++)
        if (!is_letter((unsigned char)*p) && !(*p >= '0' && *p <= '9'))
            why = "it holds something other than letters, digits and _";
    if (!why)
        return NULL;
    return hu_fail_at(HU_BAD_INPUT, path, 0, name, "Stata refuses this name: %s; rename the column or write CSV", why);
}

static hu_error *check_cells(const hu_table *table, const hu_column *column)
{
    for (size_t row = 0; row < table->rows; row++) {
        if (column->type == HU_NUMBER && fabs(hu_number_at(column, row)) > largest_number)
            return hu_table_fail(
                table, HU_BAD_INPUT, row, column->name,
                "%g cannot be kept by Stata: expected a number within 8.98e307; leave it empty or write CSV",
                hu_number_at(column, row));
        if (column->type == HU_TEXT && column->texts[row].length &&
            memchr(column->texts[row].data, 0, column->texts[row].length))
            return hu_table_fail(table, HU_BAD_INPUT, row, column->name,
                                 "a NUL byte stands in the text: expected characters only");
    }
    return NULL;
}

static hu_error *check_table(const char *path, const hu_table *table)
{
    if (table->n_columns < 1 || table->n_columns > 32767 || table->rows > INT32_MAX)
        return hu_fail_at(HU_LIMIT, path, 0, NULL,
                          "%zu columns of %zu rows: Stata holds 1 to 32,767 columns and 2,147,483,647 rows; write CSV",
                          table->n_columns, table->rows);
    for (size_t c = 0; c < table->n_columns; c++) {
        HU_TRY(check_name(path, table->columns[c].name));
        HU_TRY(check_cells(table, &table->columns[c]));
    }
    return hu_table_check_names(table, 0);
}

/* ---- Writing ---- */

typedef struct writer {
    const hu_table *table;
    const hu_dta_labels *labels;
    readstat_writer_t *stata;
    readstat_variable_t **variables;
    int next_long; /* the strL to be inserted next */
    hu_buf cell;   /* the text being written, NUL-terminated */
} writer;

static const char *cell_text(writer *w, hu_str text)
{
    w->cell.length = 0;
    hu_buf_add(&w->cell, text.data, text.length);
    return w->cell.data;
}

static readstat_type_t type_for(const hu_table *table, const hu_column *column, size_t *longest)
{
    *longest = 1;
    if (column->type == HU_NUMBER)
        return READSTAT_TYPE_DOUBLE;
    for (size_t row = 0; row < table->rows; row++)
        if (column->texts[row].length > *longest)
            *longest = column->texts[row].length;
    return *longest <= LONGEST_STRING ? READSTAT_TYPE_STRING : READSTAT_TYPE_STRING_REF;
}

/* Stata keeps 80 characters of a label. */
static const char *short_label(writer *w, const char *text)
{
    const char *at = text, *end = text + strlen(text);
    for (int i = 0; i < LONGEST_LABEL && at < end; i++)
        hu_utf8_next(&at, end);
    return cell_text(w, (hu_str){text, (size_t)(at - text)});
}

static void label(writer *w, size_t c)
{
    const hu_dta_column_labels *labels = w->labels && w->labels->column ? &w->labels->column[c] : NULL;
    if (!labels)
        return;
    if (labels->label)
        readstat_variable_set_label(w->variables[c], short_label(w, labels->label));
    if (!labels->n || w->table->columns[c].type != HU_NUMBER)
        return;
    readstat_label_set_t *set = readstat_add_label_set(w->stata, READSTAT_TYPE_INT32, w->table->columns[c].name);
    for (size_t i = 0; i < labels->n; i++)
        readstat_label_int32_value(set, labels->codes[i], labels->texts[i]);
    readstat_variable_set_label_set(w->variables[c], set);
}

/* ReadStat wants the columns, and all texts of strL columns in the order in which rows will ask for them. */
static void declare(writer *w)
{
    const hu_table *table = w->table;
    for (size_t c = 0; c < table->n_columns; c++) {
        size_t longest;
        readstat_type_t type = type_for(table, &table->columns[c], &longest);
        w->variables[c] = readstat_add_variable(w->stata, table->columns[c].name, type, longest);
        label(w, c);
    }
    for (size_t row = 0; row < table->rows; row++)
        for (size_t c = 0; c < table->n_columns; c++)
            if (readstat_variable_get_type(w->variables[c]) == READSTAT_TYPE_STRING_REF &&
                table->columns[c].texts[row].length)
                readstat_add_string_ref(w->stata, cell_text(w, table->columns[c].texts[row]));
}

static readstat_error_t write_cell(writer *w, size_t c, size_t row)
{
    const hu_column *column = &w->table->columns[c];
    const readstat_variable_t *variable = w->variables[c];
    if (column->type == HU_NUMBER)
        return isnan(hu_number_at(column, row))
                   ? readstat_insert_missing_value(w->stata, variable)
                   : readstat_insert_double_value(w->stata, variable, hu_number_at(column, row));
    if (readstat_variable_get_type(variable) == READSTAT_TYPE_STRING)
        return readstat_insert_string_value(w->stata, variable, cell_text(w, column->texts[row]));
    if (!column->texts[row].length) /* the row begins as zeros, which is the empty strL */
        return READSTAT_OK;
    return readstat_insert_string_ref(w->stata, variable, readstat_get_string_ref(w->stata, w->next_long++));
}

static readstat_error_t write_rows(writer *w)
{
    readstat_error_t code = READSTAT_OK;
    for (size_t row = 0; row < w->table->rows && code == READSTAT_OK; row++) {
        code = readstat_begin_row(w->stata);
        for (size_t c = 0; c < w->table->n_columns && code == READSTAT_OK; c++)
            code = write_cell(w, c, row);
        if (code == READSTAT_OK)
            code = readstat_end_row(w->stata);
    }
    return code == READSTAT_OK ? readstat_end_writing(w->stata) : code;
}

static ssize_t write_bytes(const void *bytes, size_t length, void *file)
{
    return (ssize_t)fwrite(bytes, 1, length, file);
}

/* One moment for all files, the same text in every time zone: the same table gives the same bytes. */
static time_t fixed_time(void)
{
    struct tm noon = {.tm_year = 2000 - 1900, .tm_mday = 1, .tm_hour = 12, .tm_isdst = -1};
    return mktime(&noon);
}

static readstat_error_t write_table(FILE *file, const hu_table *table, const hu_dta_labels *labels)
{
    HU_SCRATCH(scratch);
    writer w = {.table = table,
                .labels = labels,
                .stata = readstat_writer_init(),
                .variables = HU_NEW_ARRAY(scratch, readstat_variable_t *, table->n_columns)};
    readstat_set_data_writer(w.stata, write_bytes);
    readstat_writer_set_file_format_version(w.stata, 118);
    readstat_writer_set_file_timestamp(w.stata, fixed_time());
    declare(&w);
    readstat_error_t code = readstat_begin_writing_dta(w.stata, file, (long)table->rows);
    if (code == READSTAT_OK)
        code = write_rows(&w);
    readstat_writer_free(w.stata);
    hu_buf_free(&w.cell);
    return code;
}

hu_error *hu_dta_write(const char *path, const hu_table *table)
{
    return hu_dta_write_labelled(path, table, NULL);
}

hu_error *hu_dta_write_labelled(const char *path, const hu_table *table, const hu_dta_labels *labels)
{
    HU_TRY(check_table(path, table));
    hu_write write;
    HU_TRY(hu_write_start(path, &write));
    readstat_error_t code = write_table(write.file, table, labels);
    if (code == READSTAT_OK || code == READSTAT_ERROR_WRITE) /* what the system refused, commit says better */
        return hu_write_commit(&write);
    hu_write_cancel(&write);
    return hu_fail_at(HU_BUG, path, 0, NULL, "ReadStat refuses the table: %s", readstat_error_message(code));
}

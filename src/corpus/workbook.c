#include "huella/corpus/workbook.h"

#include "huella/base/file.h"
#include "rich.h"
#include "worker.h"

#include <string.h>
#include <strings.h>

/* The pieces of `text` between separators. */
static hu_str *split(hu_str text, char separator, hu_arena *arena, size_t *count)
{
    size_t n = 1;
    for (size_t i = 0; i < text.length; i++)
        n += text.data[i] == separator;
    hu_str *pieces = HU_NEW_ARRAY(arena, hu_str, n);
    const char *at = text.data, *end = text.data + text.length;
    for (size_t i = 0; i < n; i++) {
        const char *next = memchr(at, separator, (size_t)(end - at));
        next = next ? next : end;
        pieces[i] = (hu_str){at, (size_t)(next - at)};
        at = next + (next < end);
    }
    *count = n;
    return pieces;
}

typedef struct grid {
    hu_str **cells;               /* rows */
    size_t *widths, rows, header; /* header: the first row with a cell */
} grid;

static grid cells_of(hu_str *rows, size_t n, hu_arena *arena)
{
    grid g = {HU_NEW_ARRAY(arena, hu_str *, n), HU_NEW_ARRAY(arena, size_t, n), n, n};
    for (size_t r = 1; r < n; r++) { /* the sheet's name comes first */
        g.cells[r] = split(rows[r], RICH_CELL, arena, &g.widths[r]);
        if (g.header == n && rows[r].length)
            g.header = r;
    }
    return g;
}

static hu_str cell(const grid *g, size_t row, size_t column)
{
    hu_str text = column < g->widths[row] ? hu_str_trim(g->cells[row][column]) : (hu_str){0};
    return text.length ? text : (hu_str){0};
}

static bool blank(const grid *g, size_t row)
{
    for (size_t c = 0; c < g->widths[row]; c++)
        if (cell(g, row, c).length)
            return false;
    return true;
}

static hu_error *table_of(const char *path, hu_str *rows, size_t n, hu_arena *arena, hu_sheet *out)
{
    grid g = cells_of(rows, n, arena);
    size_t count = 0;
    uint32_t *lines = HU_NEW_ARRAY(arena, uint32_t, n);
    for (size_t r = g.header + 1; r < n; r++)
        if (!blank(&g, r))
            lines[count++] = (uint32_t)r;
    out->name = hu_strndup(arena, rows[0].data, rows[0].length);
    out->table = hu_table_new(arena, hu_printf(arena, "%s (%s)", path, out->name), count);
    out->table->lines = lines;
    for (size_t c = 0; g.header < n && c < g.widths[g.header]; c++) {
        hu_str name = cell(&g, g.header, c);
        if (!name.length)
            continue;
        hu_column *column = hu_table_add_texts(out->table, arena, hu_strndup(arena, name.data, name.length));
        for (size_t r = 0; r < count; r++)
            column->texts[r] = cell(&g, lines[r], c);
    }
    return hu_table_check_names(out->table, g.header < n ? (long)g.header : 0);
}

static bool is_wanted(hu_str name, const char *const *wanted)
{
    for (const char *const *one = wanted; one && *one; one++)
        if (strlen(*one) == name.length && strncasecmp(*one, name.data, name.length) == 0)
            return true;
    return !wanted;
}

static hu_error *sheets_of(const char *path, hu_str text, const char *const *wanted, hu_arena *arena, hu_sheet **sheets,
                           size_t *count)
{
    size_t n, rows;
    hu_str *parts = split((hu_str){text.data + 1, text.length - 1}, RICH_SHEET, arena, &n);
    *sheets = HU_NEW_ARRAY(arena, hu_sheet, n);
    *count = 0;
    for (size_t i = 0; i < n; i++) {
        hu_str *lines = split(parts[i], RICH_ROW, arena, &rows);
        if (is_wanted(lines[0], wanted))
            HU_TRY(table_of(path, lines, rows, arena, &(*sheets)[(*count)++]));
    }
    return NULL;
}

static hu_error *read_bytes(hu_pdf_pool *pool, const char *path, const hu_file *file, const char *const *wanted,
                            hu_arena *arena, hu_sheet **sheets, size_t *count)
{
    hu_pdf_words words = {0};
    if (rich_kind_of(file->data, file->length) != RICH_ZIP)
        return hu_fail(HU_BAD_INPUT, "%s: no workbook: expected an .xlsx file, or the sheets as CSV", path);
    HU_TRY(hu_pdf_pool_read(pool, path, file->data, file->length, arena, &words));
    if (!words.text.length || words.text.data[0] != RICH_SHEET)
        return hu_fail(HU_BAD_INPUT, "%s: no workbook: expected an .xlsx file, or the sheets as CSV", path);
    return sheets_of(path, words.text, wanted, arena, sheets, count);
}

hu_error *hu_workbook_read(const char *worker, const char *path, const char *const *wanted, hu_arena *arena,
                           hu_sheet **sheets, size_t *count)
{
    hu_file file;
    HU_TRY(hu_file_open(path, (size_t)256 << 20, &file));
    hu_pdf_pool *pool = hu_pdf_pool_open(
        &(hu_pdf_pool_options){.worker = worker, .timeout_seconds = 60, .memory_limit = (size_t)1 << 30});
    hu_error *error = read_bytes(pool, path, &file, wanted, arena, sheets, count);
    hu_pdf_pool_close(pool);
    hu_file_close(&file);
    return error;
}

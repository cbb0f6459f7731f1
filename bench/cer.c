/*
 * Character error rate: cer TRUE READ [TRUE READ …] prints edits and characters of each pair, and their ratio over all.
 * Edits are Levenshtein's over code points, any run of white space counting as one blank.
 */

#include "huella/base/file.h"

#include <stdio.h>
#include <stdlib.h>

static size_t code_points(const hu_file *file, uint32_t *out)
{
    size_t n = 0;
    for (const char *p = file->data, *end = p + file->length; p < end;) {
        int32_t c = hu_utf8_next(&p, end);
        bool blank = c <= ' ' || c == 0xA0;
        if (!blank)
            out[n++] = (uint32_t)c;
        else if (n && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    return n && out[n - 1] == ' ' ? n - 1 : n;
}

static size_t edits(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
    uint32_t *row = hu_xcalloc(m + 1, sizeof *row);
    for (size_t j = 0; j <= m; j++)
        row[j] = (uint32_t)j;
    for (size_t i = 1; i <= n; i++) {
        uint32_t diagonal = row[0];
        row[0] = (uint32_t)i;
        for (size_t j = 1; j <= m; j++) {
            uint32_t best = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            best = row[j] + 1 < best ? row[j] + 1 : best;
            row[j] = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
        }
    }
    size_t result = row[m];
    free(row);
    return result;
}

static hu_error *compare(const char *known, const char *read, size_t *all_edits, size_t *all)
{
    hu_file a, b;
    HU_TRY(hu_file_open(known, 0, &a));
    hu_error *error = hu_file_open(read, 0, &b);
    if (error) {
        hu_file_close(&a);
        return error;
    }
    HU_SCRATCH(arena);
    uint32_t *x = HU_NEW_ARRAY(arena, uint32_t, a.length + 1), *y = HU_NEW_ARRAY(arena, uint32_t, b.length + 1);
    size_t n = code_points(&a, x), m = code_points(&b, y), wrong = edits(x, n, y, m);
    printf("%zu %zu %s\n", wrong, n, hu_path_name(known));
    *all_edits += wrong;
    *all += n;
    hu_file_close(&a);
    hu_file_close(&b);
    return NULL;
}

int main(int argc, char **argv)
{
    size_t wrong = 0, all = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        hu_error *error = compare(argv[i], argv[i + 1], &wrong, &all);
        if (error) {
            fprintf(stderr, "cer: %s\n", error->message);
            hu_error_free(error);
            return 3;
        }
    }
    printf("%.5f\n", all ? (double)wrong / (double)all : 0);
    return 0;
}

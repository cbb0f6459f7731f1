/* A PDF that holds two decisions, as the store knows it: two judgments, until the file holds one. */

#include "../corpus/corpus_check.h"
#include "run.h"

static void draw_decision(const drawing *d, const char *number)
{
    draw_text(d, 80, 80, 12, "CORTE SUPERIOR DE JUSTICIA DE LIMA");
    draw_text(d, 80, 100, 12, number);
    draw_text(d, 80, 140, 12, "SENTENCIA");
    draw_text(d, 80, 190, 12, "Lima, tres de mayo de dos mil veinte.");
    draw_text(d, 80, 230, 12, "Por tanto, fallamos: absolviendo al acusado. Regístrese y notifíquese.");
    draw_page(d);
}

static size_t count_lines(const char *text)
{
    size_t n = 0;
    for (; (text = strchr(text, '\n')); text++)
        n++;
    return n;
}

static void a_file_of_two_decisions_is_two_judgments(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *study = check_folder(arena), *path = hu_printf(arena, "%s/two.pdf", study);
    drawing d = draw(path);
    draw_decision(&d, "EXPEDIENTE : 00111-2018-0-1801-JR-PE-01");
    draw_decision(&d, "EXPEDIENTE : 00222-2019-0-1801-JR-PE-01");
    draw_end(&d);
    check_run run = CHECK_HUELLA(arena, "read", path, "--study", study);
    assert_int_equal(run.status, 0);
    assert_int_equal(count_lines(run.out), 2);
    check_contains(run.out, "two.pdf#2\"");
    check_contains(run.out, "\"first_page\":2");
    check_contains(run.err, "1 read and stored");
    run = CHECK_HUELLA(arena, "read", path, "--study", study);
    assert_int_equal(count_lines(run.out), 2);
    check_contains(run.err, "1 stored before");
    d = draw(path);
    draw_decision(&d, "EXPEDIENTE : 00111-2018-0-1801-JR-PE-01");
    draw_end(&d);
    run = CHECK_HUELLA(arena, "read", path, "--study", study);
    assert_int_equal(count_lines(run.out), 1);
    assert_null(strstr(run.out, "#2"));
    check_remove(study);
}

static void a_scan_is_left_out_when_that_is_asked(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    const char *study = check_folder(arena), *path = hu_printf(arena, "%s/scan.pdf", study);
    drawing d = draw(path);
    draw_decision(&d, "EXPEDIENTE : 00111-2018-0-1801-JR-PE-01");
    cairo_surface_t *blank = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 60, 60);
    cairo_set_source_surface(d.cairo, blank, 100, 100);
    cairo_paint(d.cairo);
    cairo_surface_destroy(blank);
    draw_end(&d);
    check_run run = CHECK_HUELLA(arena, "read", path, "--study", study, "--no-ocr");
    assert_int_equal(run.status, 0);
    check_contains(run.err, "1 read and stored");
    run = CHECK_HUELLA(arena, "read", path, "--study", study); /* now the picture is looked at */
    check_contains(run.err, "1 read and stored");
    run = CHECK_HUELLA(arena, "read", path, "--study", study);
    check_contains(run.err, "1 stored before");
    check_remove(study);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_of_two_decisions_is_two_judgments),
        cmocka_unit_test(a_scan_is_left_out_when_that_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, forget_fonts);
}

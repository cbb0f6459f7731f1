/* Several decisions in one file: parted where it is certain, and only there. */

#include "drawn.h"

/* Pages of a decision: a head with its number and, with `labels`, the persons; prose; an end when it ends here. */
static void draw_head(const drawing *d, const char *number, bool labels)
{
    draw_text(d, 80, 80, 12, "CORTE SUPERIOR DE JUSTICIA DE LIMA");
    draw_text(d, 80, 100, 12, number);
    if (labels) {
        draw_text(d, 80, 120, 12, "IMPUTADO : JUAN PÉREZ");
        draw_text(d, 80, 140, 12, "AGRAVIADO : M.R.T.");
        draw_text(d, 80, 160, 12, "DELITO : TRATA DE PERSONAS");
    }
    draw_text(d, 80, 190, 12, "SENTENCIA");
}

static void draw_prose(const drawing *d, const char *last)
{
    draw_text(d, 80, 240, 12, "El Ministerio Público sostiene que el acusado captó a la agraviada con una oferta.");
    draw_text(d, 80, 270, 12, "El colegiado valora la prueba actuada en la audiencia y la estima suficiente.");
    draw_text(d, 80, 300, 12, last);
    draw_page(d);
}

#define ONE "EXPEDIENTE : 00111-2018-0-1801-JR-PE-01"
#define TWO "EXPEDIENTE : 00222-2019-0-1801-JR-PE-01"
#define END "Por tanto, fallamos: condenando al acusado. Regístrese y notifíquese."
#define MIDDLE "La sala aprecia que la prueba se valoró en su conjunto."

static size_t count_documents(const fixture *f, hu_document ***documents)
{
    size_t n = 0;
    CHECK_OK(hu_documents_open(f->corpus, f->path, f->arena, documents, &n));
    return n;
}

static void two_cases_in_one_file_are_two_documents(void **state)
{
    fixture *f = *state;
    hu_document **documents;
    drawing d = draw(f->path);
    draw_head(&d, ONE, true);
    draw_prose(&d, MIDDLE);
    draw_prose(&d, END);
    draw_head(&d, TWO, false);
    draw_prose(&d, END);
    draw_end(&d);
    assert_int_equal(count_documents(f, &documents), 2);
    assert_string_equal(documents[0]->path, f->path);
    assert_string_equal(documents[1]->path, hu_printf(f->arena, "%s#2", f->path));
    assert_string_not_equal(documents[0]->sha256, documents[1]->sha256);
    assert_int_equal(documents[0]->pages, 2);
    assert_int_equal(documents[1]->pages, 1);
    assert_int_equal(documents[1]->first_page, 3);
    check_has(documents[0], "00111-2018");
    check_lacks(documents[0], "00222-2019");
    check_has(documents[1], "00222-2019");
    check_lacks(documents[1], "00111-2018");
    assert_int_equal(hu_document_place(documents[1], 0).page, 3);
    hu_document *whole = open_document(f->corpus, f->path, f->arena); /* unless one document is asked for */
    assert_int_equal(whole->pages, 3);
}

static void the_appeal_behind_its_judgment_is_told_by_its_head(void **state)
{
    fixture *f = *state;
    hu_document **documents;
    drawing d = draw(f->path);
    draw_head(&d, ONE, true);
    draw_prose(&d, END);
    draw_head(&d, ONE, true);
    draw_prose(&d, END);
    draw_end(&d);
    assert_int_equal(count_documents(f, &documents), 2);
}

static void a_running_header_parts_nothing(void **state)
{
    fixture *f = *state;
    hu_document **documents;
    drawing d = draw(f->path);
    draw_head(&d, ONE, true);
    draw_prose(&d, "Que se notifique. Notifíquese, dijo entonces el juzgado en su auto.");
    draw_head(&d, ONE, false);
    draw_prose(&d, END);
    draw_end(&d);
    assert_int_equal(count_documents(f, &documents), 1);
}

static void what_has_not_ended_goes_on(void **state)
{
    fixture *f = *state;
    hu_document **documents;
    drawing d = draw(f->path);
    draw_head(&d, ONE, true);
    draw_prose(&d, MIDDLE);
    draw_head(&d, TWO, true); /* a judgment that this one quotes in full, or an annex */
    draw_prose(&d, END);
    draw_prose(&d, END);
    draw_end(&d);
    assert_int_equal(count_documents(f, &documents), 1);
    assert_int_equal(documents[0]->pages, 3);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up_drawn, tear_down_drawn)
    const struct CMUnitTest tests[] = {
        ROW(two_cases_in_one_file_are_two_documents),
        ROW(the_appeal_behind_its_judgment_is_told_by_its_head),
        ROW(a_running_header_parts_nothing),
        ROW(what_has_not_ended_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, forget_fonts);
}

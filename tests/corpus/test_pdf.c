/* PDF files drawn here, each with one thing that real files do. */

#include "drawn.h"

static const char *const full_lines[] = {
    "El acusado captó a la agraviada mediante una oferta de trabajo en la ciudad y la trasladó al",
    "local donde fue hallada por los efectivos policiales que intervinieron esa noche, según consta",
    "en el acta que obra en autos y que fue ratificada en la audiencia por el efectivo que la redactó.",
    NULL,
};

static void hyphens_at_line_ends_are_undone(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    draw_lines(&d, 80, 100, 12,
               (const char *const[]){"La agraviada refirió que el acusado la obligaba a ejercer la prosti-",
                                     "tución en el local. El informe médico-legal del perito, y otro médico-",
                                     "legal posterior, obran en el expediente 00123-2019-12-2701-JR-",
                                     "PE-01 de la Corte Superior de Justicia de Madre de Dios.", NULL});
    draw_end(&d);
    hu_document *document = open_document(f->corpus, f->path, f->arena);
    check_has(document, "la prostitución en el local.");
    check_has(document, "otro médico-legal posterior"); /* written with its hyphen elsewhere */
    check_has(document, "00123-2019-12-2701-JR-PE-01 de la Corte");
}

static void headers_and_numbers_of_pages_go(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    const char *const body[] = {
        "El testigo declaró en la audiencia que el acusado era quien llevaba cada noche a la",
        "agraviada al local, y que la esperaba fuera hasta la madrugada sin dejarla salir con las",
        "demás jóvenes que allí trabajaban."};
    for (int page = 1; page <= 3; page++) {
        draw_text(&d, 200, 40, 11, "PODER JUDICIAL DEL PERÚ");
        draw_text(&d, 180, 54, 11, "Expediente N.º 123-2019");
        draw_text(&d, 80, 100, 12, body[page - 1]);
        draw_text(&d, 480, 800, 9, hu_printf(f->arena, "Página %d | 3", page));
        draw_text(&d, 220, 815, 9, "Av. Ejemplo 100 - Puerto Maldonado");
        if (page < 3)
            draw_page(&d);
    }
    draw_end(&d);
    hu_document *document = open_document(f->corpus, f->path, f->arena);
    check_lacks(document, "Página");
    check_lacks(document, "Av. Ejemplo");
    check_has(document,
              "cada noche a la agraviada al local, y que la esperaba fuera hasta la madrugada sin dejarla salir con "
              "las demás jóvenes");
    const char *first = strstr(document->text, "PODER JUDICIAL DEL PERÚ");
    assert_non_null(first);
    assert_null(strstr(first + 1, "PODER JUDICIAL"));
    assert_int_equal(document->pages, 3);
}

static void spaced_letters_are_words(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    const char *const words[] = {"CORTE", "SUPERIOR", "DE", "JUSTICIA", NULL};
    double x = 80;
    for (const char *const *word = words; *word; word++, x += 14)
        for (const char *letter = *word; *letter; letter++, x += 16)
            draw_text(&d, x, 80, 12, (char[]){*letter, '\0'});
    draw_lines(&d, 80, 120, 12, full_lines);
    draw_end(&d);
    check_has(open_document(f->corpus, f->path, f->arena), "CORTE SUPERIOR DE JUSTICIA\n\n");
}

static void labels_keep_their_values(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    const char *const rows[][2] = {{"EXPEDIENTE", ": 01815-2010-71-2001-JR-PE-01"},
                                   {"IMPUTADO", ": PERSONA A, PERSONA B"},
                                   {"DELITO", ": TRATA DE PERSONAS - FAVORECIMIENTO DE LA"},
                                   {"", "  PROSTITUCIÓN"},
                                   {"AGRAVIADA", ": DE INICIALES X.Y.Z."}};
    for (int i = 0; i < 5; i++) {
        draw_text(&d, 80, 80 + 16 * i, 11, rows[i][0]);
        draw_text(&d, 220, 80 + 16 * i, 11, rows[i][1]);
    }
    draw_lines(&d, 80, 200, 12, full_lines);
    draw_end(&d);
    hu_document *document = open_document(f->corpus, f->path, f->arena);
    check_has(document, "EXPEDIENTE : 01815-2010-71-2001-JR-PE-01");
    check_has(document, "IMPUTADO : PERSONA A, PERSONA B");
    check_has(document, "DELITO : TRATA DE PERSONAS - FAVORECIMIENTO DE LA PROSTITUCIÓN");
    check_has(document, "AGRAVIADA : DE INICIALES X.Y.Z.");
}

static void columns_are_read_one_after_the_other(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    draw_lines(&d, 60, 100, 10,
               (const char *const[]){"El Colegiado declaró probado que la", "acusada administraba el local y que",
                                     "retenía los documentos de las jóvenes.", NULL});
    draw_lines(&d, 320, 100, 10,
               (const char *const[]){"La defensa sostuvo, en cambio, que", "su patrocinada solo cobraba las",
                                     "consumiciones de los clientes.", NULL});
    draw_end(&d);
    hu_document *document = open_document(f->corpus, f->path, f->arena);
    check_has(document, "probado que la acusada administraba el local y que retenía los documentos de las jóvenes.");
    check_has(document, "en cambio, que su patrocinada solo cobraba las consumiciones");
}

static void stamps_in_the_margin_go(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    draw_lines(&d, 2, 100, 6,
               (const char *const[]){"CORTE SUPERIOR DE JUSTICIA", "MADRE DE DIOS - Sistema de",
                                     "Notificaciones Electronicas SINOE", "SEDE PALACIO DE JUSTICIA,",
                                     "Juez:APELLIDO Nombre FAU", "20159981216 soft",
                                     "Fecha: 26/06/2023 15:30:28,Razón:", "RESOLUCIÓN JUDICIAL,D.Judicial:",
                                     "MADRE DE DIOS,FIRMA DIGITAL", NULL});
    draw_lines(&d, 110, 100, 12,
               (const char *const[]){"El acusado captó a la agraviada mediante una oferta de trabajo",
                                     "en la ciudad y la trasladó al local donde fue hallada por los",
                                     "efectivos policiales que intervinieron esa noche.", NULL});
    draw_end(&d);
    hu_document *document = open_document(f->corpus, f->path, f->arena);
    assert_string_equal(document->text,
                        "El acusado captó a la agraviada mediante una oferta de trabajo en la ciudad y la "
                        "trasladó al local donde fue hallada por los efectivos policiales que "
                        "intervinieron esa noche.");
}

static void spread_lines_stay_lines(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    draw_spread(&d, 80, 520, 100, 12, "El acusado captó a la agraviada mediante una oferta falsa fuera de los");
    draw_spread(&d, 80, 520, 116, 12, "formalismos laborales y las");
    draw_spread(&d, 80, 520, 132, 12, "terapias respectivas, y la trasladó al local donde fue hallada más tarde.");
    draw_end(&d);
    check_has(open_document(f->corpus, f->path, f->arena),
              "fuera de los formalismos laborales y las terapias respectivas, y la trasladó");
}

static void footnotes_follow_and_their_marks_go(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    cairo_text_extents_t extents;
    const char *text = "El Colegiado aplica el artículo 153";
    double y = draw_lines(&d, 80, 100, 12, full_lines);
    draw_text(&d, 80, y, 12, text);
    cairo_text_extents(d.cairo, text, &extents);
    draw_text(&d, 80 + extents.x_advance, y - 4, 7, "12");
    draw_text(&d, 80 + extents.x_advance + 9, y, 12, "del Código Penal y también la");
    draw_text(&d, 80, 780, 8, "12 Véase la página 50 del expediente judicial.");
    draw_page(&d);
    draw_text(&d, 80, 100, 12, "jurisprudencia citada por el Ministerio Público en la audiencia de hoy.");
    draw_end(&d);
    hu_document *document = open_document(f->corpus, f->path, f->arena);
    check_has(document, "el artículo 153 del Código Penal y también la jurisprudencia citada");
    check_has(document, "\n\n12 Véase la página 50");
}

static void draw_image(const drawing *d)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 300, 400);
    cairo_set_source_surface(d->cairo, image, 50, 50);
    cairo_paint(d->cairo);
    cairo_set_source_rgb(d->cairo, 0, 0, 0);
    cairo_surface_destroy(image);
}

/* What its text layer says is not taken for text. */
static void check_needs_recognition(fixture *f)
{
    hu_document *document;
    hu_corpus *corpus = open_corpus_with(f->arena, (hu_corpus_options){.no_ocr = true});
    CHECK_FAILS(hu_document_open(corpus, f->path, f->arena, &document), HU_BAD_INPUT, "no text layer (page 1");
    hu_corpus_close(corpus);
}

static void a_scan_needs_recognition(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    draw_image(&d);
    draw_end(&d);
    hu_document *document;
    CHECK_FAILS(hu_document_open(f->corpus, f->path, f->arena, &document), HU_BAD_INPUT, "no text could be recognised");
}

static void a_scanned_page_among_others_is_told(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    draw_lines(&d, 80, 100, 12, full_lines);
    draw_page(&d);
    draw_image(&d);
    draw_end(&d);
    hu_document *document = open_document(f->corpus, f->path, f->arena);
    assert_true(document->has_image_pages);
    assert_int_equal(document->pages, 2);
    check_has(document, "según consta en el acta");
}

static void glyph_codes_need_recognition(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    for (int i = 0; i < 20; i++)
        draw_text(&d, 80, 100 + 14 * i, 11, "/g3 /g19 /g18 /g7 /g22 /g31 /g3 /g19");
    draw_end(&d);
    check_needs_recognition(f);
}

static void shifted_letters_need_recognition(void **state)
{
    fixture *f = *state;
    drawing d =
        draw(f->path); /* Spanish with every letter moved on by three, as a font without a map to Unicode gives */
    for (int i = 0; i < 20; i++)
        draw_text(&d, 80, 100 + 14 * i, 11, "Ho dfxvdgr fdswr d od djudyldgd phgldqwh xqd rihuwd gh wuedmr");
    draw_end(&d);
    check_needs_recognition(f);
}

static void places_point_to_the_line(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    draw_lines(&d, 80, 100, 12, full_lines);
    draw_page(&d);
    draw_text(&d, 80, 500, 12, "La pena es de doce años.");
    draw_end(&d);
    hu_document *document = open_document(f->corpus, f->path, f->arena);
    hu_place first = hu_document_place(document, 0);
    assert_int_equal(first.page, 1);
    assert_true(fabs(first.x0 - 80) < 2 && first.y0 < 100 && first.y1 > 99);
    hu_place last = hu_document_place(document, (size_t)(strstr(document->text, "doce") - document->text));
    assert_int_equal(last.page, 2);
    assert_true(last.y0 < 500 && last.y1 > 499 && last.y1 < 510);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up_drawn, tear_down_drawn)
    const struct CMUnitTest tests[] = {
        ROW(hyphens_at_line_ends_are_undone),
        ROW(headers_and_numbers_of_pages_go),
        ROW(spaced_letters_are_words),
        ROW(labels_keep_their_values),
        ROW(columns_are_read_one_after_the_other),
        ROW(stamps_in_the_margin_go),
        ROW(spread_lines_stay_lines),
        ROW(footnotes_follow_and_their_marks_go),
        ROW(a_scan_needs_recognition),
        ROW(a_scanned_page_among_others_is_told),
        ROW(glyph_codes_need_recognition),
        ROW(shifted_letters_need_recognition),
        ROW(places_point_to_the_line),
    };
    return cmocka_run_group_tests(tests, NULL, forget_fonts);
}

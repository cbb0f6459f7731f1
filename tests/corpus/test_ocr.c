/* Pages that are pictures: recognised, upright or not, kept for the next time, and said to be so. */

#include "drawn.h"
#include "scan.h"

#include "../../src/corpus/page.h"

#include "huella/base/file.h"
#include "huella/reading/reading.h"

#include <dirent.h>
#include <time.h>

static const char judgment[] =
    "CORTE SUPERIOR DE JUSTICIA DE LIMA\n\nEXPEDIENTE        : 00123-2019-0-1801-JR-PE-05\n"
    "DELITO            : TRATA DE PERSONAS\n\nSENTENCIA\n\nLima, tres de mayo de dos mil veinte.\n\n"
    "PRIMERO: El Ministerio Público sostiene que el acusado captó a la agraviada mediante una oferta de\n"
    "trabajo en la ciudad y que la trasladó a un local nocturno, donde fue explotada.\n\n"
    "PARTE RESOLUTIVA\n\nPor estas consideraciones, el colegiado falla: condenando al acusado como autor del delito de "
    "trata de\n"
    "personas a doce años de pena privativa de la libertad efectiva.\n";

static void check_recognised(const hu_document *document)
{
    assert_true(document->ocr);
    assert_false(document->has_image_pages);
    check_has(document, "EXPEDIENTE : 00123-2019-0-1801-JR-PE-05\n\n");
    check_has(document,
              "captó a la agraviada mediante una oferta de trabajo en la ciudad y que la trasladó a un local");
    check_has(document, "a doce años de pena privativa de la libertad efectiva.");
    check_part(document, "condenando al acusado", HU_PART_OPERATIVE);
    double sure = hu_document_ocr_confidence(document, 0, document->length);
    assert_true(sure > 0.5 && sure < 1);
}

static void a_scan_is_recognised(void **state)
{
    fixture *f = *state;
    assert_true(scan_draw(f->path, judgment, (scan_options){.seed = 1}));
    check_recognised(open_document(f->corpus, f->path, f->arena));
}

static void a_page_on_its_side_or_head_is_turned(void **state)
{
    fixture *f = *state;
    for (int turns = 1; turns < 4; turns++) {
        assert_true(scan_draw(f->path, judgment, (scan_options){.seed = 2, .quarter_turns = turns}));
        check_recognised(open_document(f->corpus, f->path, f->arena));
    }
}

/* A page that is seen as eight lines of text in a picture. */
static void draw_picture(const drawing *d)
{
    cairo_surface_t *picture = cairo_image_surface_create(CAIRO_FORMAT_RGB24, 595 * 3, 842 * 3);
    cairo_t *on = cairo_create(picture);
    cairo_set_source_rgb(on, 1, 1, 1);
    cairo_paint(on);
    cairo_set_source_rgb(on, 0, 0, 0);
    cairo_select_font_face(on, "Liberation Serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(on, 36);
    for (int i = 0; i < 8; i++) {
        cairo_move_to(on, 240, 300 + 42 * i);
        cairo_show_text(on, "El acusado captó a la agraviada en la ciudad de Lima.");
    }
    cairo_destroy(on);
    cairo_save(d->cairo);
    cairo_scale(d->cairo, 1 / 3.0, 1 / 3.0);
    cairo_set_source_surface(d->cairo, picture, 0, 0);
    cairo_paint(d->cairo);
    cairo_restore(d->cairo);
    cairo_surface_destroy(picture);
}

/* The text layer, under the picture, is glyph codes; what is seen is text. */
static void glyph_codes_are_recognised_as_they_look(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    for (int i = 0; i < 20; i++)
        draw_text(&d, 80, 100 + 14 * i, 11, "/g3 /g19 /g18 /g7 /g22 /g31 /g3 /g19");
    draw_picture(&d);
    draw_end(&d);
    hu_document *document = open_document(f->corpus, f->path, f->arena);
    assert_true(document->ocr);
    check_has(document, "El acusado captó a la agraviada en la ciudad de Lima.");
    check_lacks(document, "/g");
}

/* A scan that was signed: the stamp is text, the judgment is not. */
static void a_stamp_on_a_scan_is_not_its_text(void **state)
{
    fixture *f = *state;
    drawing d = draw(f->path);
    draw_picture(&d);
    cairo_set_source_rgb(d.cairo, 0, 0, 0);
    draw_text(&d, 420, 40, 6, "CORTE SUPERIOR DE JUSTICIA");
    draw_text(&d, 420, 47, 6, "LIMA - Sistema de Notificaciones");
    draw_text(&d, 420, 54, 6, "Electronicas SINOE");
    draw_text(&d, 420, 61, 6, "Razon: RESOLUCION JUDICIAL, D.Judicial: LIMA");
    draw_text(&d, 420, 68, 6, "FIRMA DIGITAL");
    draw_end(&d);
    hu_document *document = open_document(f->corpus, f->path, f->arena);
    assert_true(document->ocr);
    check_has(document, "El acusado captó a la agraviada en la ciudad de Lima.");
}

static size_t count_files(const char *folder, hu_arena *arena)
{
    char **paths;
    size_t n = 0;
    CHECK_OK(hu_list_files(folder, NULL, arena, &paths, &n));
    return n;
}

static void recognised_pages_are_kept(void **state)
{
    fixture *f = *state;
    char cache[] = "/tmp/huella-cache-XXXXXX";
    assert_non_null(mkdtemp(cache));
    hu_corpus *keeps = open_corpus_with(f->arena, (hu_corpus_options){.cache_dir = cache});
    assert_true(scan_draw(f->path, judgment, (scan_options){.seed = 3}));
    const char *first = open_document(keeps, f->path, f->arena)->text;
    assert_int_equal(count_files(cache, f->arena), 1);
    /* What is kept is what is used: broken bytes are not, and are replaced. */
    char **paths;
    size_t n;
    CHECK_OK(hu_list_files(cache, NULL, f->arena, &paths, &n));
    hu_file kept;
    CHECK_OK(hu_file_open(paths[0], 0, &kept));
    char *altered = hu_strndup(f->arena, kept.data, kept.length), *word = memmem(altered, kept.length, "SENTENCIA", 9);
    assert_non_null(word);
    memcpy(word, "SENTENCIX", 9);
    size_t length = kept.length;
    hu_file_close(&kept);
    write_bytes(paths[0], altered, length);
    check_has(open_document(keeps, f->path, f->arena), "SENTENCIX");
    write_bytes(paths[0], altered, length / 2);
    assert_string_equal(open_document(keeps, f->path, f->arena)->text, first);
    CHECK_OK(hu_file_open(paths[0], 0, &kept));
    assert_int_equal(kept.length, length);
    hu_file_close(&kept);
    hu_corpus_close(keeps);
    unlink(paths[0]);
    *strrchr(paths[0], '/') = '\0';
    rmdir(paths[0]);
    rmdir(cache);
}

static void a_page_has_its_time(void **state)
{
    fixture *f = *state;
    HU_BUF(long_text);
    for (int i = 0; i < 45; i++)
        hu_buf_add_text(&long_text,
                        "El Ministerio Público sostiene que el acusado captó a la agraviada con una oferta.\n");
    assert_true(scan_draw(f->path, long_text.data, (scan_options){.seed = 4, .size = 7, .dots_an_inch = 300}));
    hu_corpus *small = open_corpus_with(f->arena, (hu_corpus_options){.page_memory = (size_t)64 << 20});
    hu_document *document;
    CHECK_FAILS(hu_document_open(small, f->path, f->arena, &document), HU_BAD_INPUT, "needs OCR (page 1");
    hu_corpus_close(small);
}

static void without_language_data_the_remedy_is_told(void **state)
{
    fixture *f = *state;
    setenv("TESSDATA_PREFIX", "/nowhere", 1);
    hu_corpus *lost = open_corpus(f->arena);
    unsetenv("TESSDATA_PREFIX");
    assert_true(scan_draw(f->path, judgment, (scan_options){.seed = 5}));
    hu_document *document;
    CHECK_FAILS(hu_document_open(lost, f->path, f->arena, &document), HU_BAD_INPUT, "install tesseract-ocr-spa");
    hu_corpus_close(lost);
}

static void what_rests_on_a_scan_is_less_sure(void **state)
{
    fixture *f = *state;
    hu_reader *reader;
    hu_reading *plain, *scanned;
    assert_true(scan_draw(f->path, judgment, (scan_options){.seed = 6}));
    CHECK_OK(hu_reader_open(check_source(f->arena, "rules"), &reader));
    CHECK_OK(hu_read(reader, from_text(f->corpus, judgment, f->arena), f->arena, &plain));
    CHECK_OK(hu_read(reader, open_document(f->corpus, f->path, f->arena), f->arena, &scanned));
    const hu_finding *a = hu_reading_find(plain, "decision.expediente"),
                     *b = hu_reading_find(scanned, "decision.expediente");
    assert_non_null(a);
    assert_non_null(b);
    assert_string_equal(a->text, b->text);
    assert_true(b->confidence < a->confidence && b->confidence > a->confidence / 2);
    HU_BUF(json);
    hu_reading_write_json(reader, scanned, &json);
    assert_non_null(strstr(json.data, "\"ocr\":true"));
    hu_reader_close(reader);
}

int main(void)
{
#define ROW(test) cmocka_unit_test_setup_teardown(test, set_up_drawn, tear_down_drawn)
    const struct CMUnitTest tests[] = {
        ROW(a_scan_is_recognised),
        ROW(a_page_on_its_side_or_head_is_turned),
        ROW(glyph_codes_are_recognised_as_they_look),
        ROW(a_stamp_on_a_scan_is_not_its_text),
        ROW(recognised_pages_are_kept),
        ROW(a_page_has_its_time),
        ROW(without_language_data_the_remedy_is_told),
        ROW(what_rests_on_a_scan_is_less_sure),
    };
    return cmocka_run_group_tests(tests, NULL, forget_fonts);
}

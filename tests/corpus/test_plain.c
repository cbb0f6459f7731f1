/* Plain text, and each cleaning step on small texts. */

#include "corpus_check.h"

#include "../../src/corpus/characters.h"
#include "../../src/corpus/phrases.h"
#include "../../src/corpus/words.h"

typedef struct fixture {
    hu_arena *arena;
    hu_corpus *corpus;
    hu_phrases phrases;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->arena = hu_arena_new();
    f->corpus = open_corpus(f->arena);
    CHECK_OK(hu_phrases_load(check_source(f->arena, "rules"), f->arena, &f->phrases));
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    hu_phrases_free(&f->phrases);
    hu_corpus_close(f->corpus);
    hu_arena_free(f->arena);
    free(f);
    return 0;
}

static void check_clean(fixture *f, const char *given, const char *expected)
{
    assert_string_equal(hu_characters_clean(hu_str_of(given), f->arena).data, expected);
}

static void characters_are_composed_and_clean(void **state)
{
    fixture *f = *state;
    check_clean(f, "resolucio\xCC\x81n", "resolución");
    check_clean(f,
                "\xEF\xAC\x81rma o\xEF\xAC\x83"
                "cial",
                "firma official");
    check_clean(f, "prosti\xC2\xADtución", "prostitución");
    check_clean(f, "prosti\xC2\xAD", "prosti-"); /* at a line's end it is a hyphen */
    check_clean(f,
                "a\xC2\xA0"
                "b\tc",
                "a b c");
    check_clean(f,
                "\x01"
                "a\xEF\xBB\xBF"
                "b\xE2\x80\x8B"
                "c\xEF\xBF\xBD"
                "d\xEF\x80\xAD",
                "abcd");
    check_clean(f, "N.° — “ñandú”", "N.° — “ñandú”");
}

/* The words of `rest` are what else stands in the document; '|' marks a narrow gap. */
static void check_mended(fixture *f, const char *given, const char *rest, bool plain, const char *expected)
{
    hu_text_line lines[2] = {[0].text = hu_str_of(rest)};
    char *text = hu_strdup(f->arena, given);
    for (char *p = text; *p; p++)
        *p = *p == '|' ? (char)NARROW_GAP : *p;
    lines[1].text = hu_str_of(text);
    hu_line_list list = {.lines = lines, .count = 2};
    hu_vocabulary vocabulary;
    hu_vocabulary_build(&list, f->arena, &vocabulary);
    assert_string_equal(hu_words_mend_text(&f->phrases, &vocabulary, f->arena, lines[1].text, plain).data, expected);
}

static void spaced_headings_are_joined(void **state)
{
    fixture *f = *state;
    check_mended(f, "C O R T E  S U P E R I O R", "", true, "CORTE SUPERIOR");
    check_mended(f, "C O R T E S U P E R I O R D E J U S T I C I A", "", true, "CORTE SUPERIOR DE JUSTICIA");
    check_mended(f, "S E   R E S U E L V E :", "", true, "SE RESUELVE:");
    check_mended(f, "R E S O L U C I Ó N  Nº 12", "", true, "RESOLUCIÓN Nº 12");
    check_mended(f, "Z Y X W V", "", true, "ZYXWV"); /* no words that we know */
    check_mended(f, "los incisos a y b o c", "", true, "los incisos a y b o c");
    check_mended(f, "de iniciales A. B. C. D.", "", true, "de iniciales A. B. C. D.");
}

static void narrow_gaps_close_where_that_is_safe(void **state)
{
    fixture *f = *state;
    check_mended(f, "de 202|4, emitida", "", false, "de 2024, emitida");
    check_mended(f, "PA/TC, prec|isando que", "", false, "PA/TC, precisando que");
    check_mended(f, "dijo que|no", "que no que no", false, "dijo que no");
    check_mended(f, "los N.°|04", "", false, "los N.° 04");
}

static void blanks_of_plain_text_close_where_that_is_safe(void **state)
{
    fixture *f = *state;
    check_mended(f, "de fecha 30 de septiembre de 202 4, por", "", true, "de fecha 30 de septiembre de 2024, por");
    check_mended(f, "fue em itida por", "emitida", true, "fue emitida por");
    check_mended(f, "fue em itida por", "", true, "fue em itida por"); /* nothing says that it is a word */
    check_mended(f, "a parte de", "aparte a a a a", true, "a parte de");
    check_mended(f, "artículos 20 y 21 de 2019 5 veces", "", true, "artículos 20 y 21 de 2019 5 veces");
    check_mended(f, "N. ° 12", "", true, "N.° 12");
}

static void one_word_lines_are_rejoined(void **state)
{
    fixture *f = *state;
    hu_document *d =
        from_text(f->corpus,
                  "Se ordene la prohibición de todo tipo de comunicación fuera de los\nformalismos\n\nlaborales\n\n"
                  "y\n\nlas\n\nterapias\n\nrespectivas. Señala la vulneración de sus derechos.\n\n"
                  "Tercero.\n\nEn\n\nconsecuencia,\n\nestando\n\na lo expuesto por el Ministerio Público.\n",
                  f->arena);
    check_has(d, "fuera de los formalismos laborales y las terapias respectivas. Señala");
    check_has(d, "Tercero. En consecuencia, estando a lo expuesto");
}

static void pages_of_plain_text_lose_their_furniture(void **state)
{
    fixture *f = *state;
    hu_document *d =
        from_text(f->corpus,
                  "CORTE SUPERIOR DE JUSTICIA DE PIURA\nExpediente 55-2019\n\nEl acusado captó a la agraviada "
                  "mediante una oferta\nde trabajo y la\n\n- 1 -\n\f"
                  "CORTE SUPERIOR DE JUSTICIA DE PIURA\nExpediente 55-2019\n\ntrasladó al local donde fue hallada "
                  "más tarde por la\npolicía.\n\n- 2 -\n\f",
                  f->arena);
    assert_string_equal(d->text,
                        "CORTE SUPERIOR DE JUSTICIA DE PIURA\n\nExpediente 55-2019\n\nEl acusado captó a la agraviada "
                        "mediante una oferta de trabajo y la trasladó al local donde fue hallada más tarde por la "
                        "policía.");
    assert_int_equal(d->pages, 2);
    assert_int_equal(hu_document_place(d, (size_t)(strstr(d->text, "trasladó") - d->text)).page, 2);
}

static void a_header_that_stands_once_is_known_by_its_words(void **state)
{
    fixture *f = *state;
    hu_document *d = from_text(f->corpus,
                               "SENTENCIA\n\nRespecto de la prueba actuada corresponde\n\f"
                               "Exp. N.° 04214-2021-0-0101-JR-PE-04\nseñalar lo siguiente.\n",
                               f->arena);
    assert_string_equal(d->text, "SENTENCIA\n\nRespecto de la prueba actuada corresponde señalar lo siguiente.");
}

static void stamps_in_plain_text_go(void **state)
{
    fixture *f = *state;
    hu_document *d =
        from_text(f->corpus,
                  "CORTE SUPREMA DE\nJUSTICIA CORTE SUPREMA\n- Sistema de Notificaciones\nElectronicas SINOE\n"
                  "SEDE PALACIO DE JUSTICIA,\nVocal Supremo:APELLIDO Nombre FAU\n20159981216 soft\n"
                  "Fecha: 30/06/2026 12:43:01,Razón:\nRESOLUCIÓN\nJUDICIAL,D.Judicial: CORTE\n"
                  "SUPREMA / LIMA,FIRMA DIGITAL\n\nLima, diez de junio de dos mil veintiséis\n",
                  f->arena);
    assert_string_equal(d->text, "Lima, diez de junio de dos mil veintiséis");
}

static void encodings_and_line_ends_make_no_difference(void **state)
{
    fixture *f = *state;
    const char *const forms[] = {
        "Señaló que la acusación está probada.\n\nFallo.\n",
        "\xEF\xBB\xBFSeñaló que la acusación está probada.\r\n\r\nFallo.\r\n",
        "Se\361al\363 que la acusaci\363n est\341 probada.\r\rFallo.\r", /* octal: \xF1 would take the a along */
    };
    for (int i = 0; i < 3; i++)
        assert_string_equal(from_text(f->corpus, forms[i], f->arena)->text,
                            "Señaló que la acusación está probada.\n\nFallo.");
}

static void places_of_plain_text_are_bytes_of_the_file(void **state)
{
    fixture *f = *state;
    const char *text = "  Primera línea del texto\r\n\r\n\r\nSegunda línea.\n";
    hu_document *d = from_text(f->corpus, text, f->arena);
    hu_place place = hu_document_place(d, (size_t)(strstr(d->text, "Segunda") - d->text));
    assert_int_equal(place.source_offset, strstr(text, "Segunda") - text);
    assert_int_equal(place.page, 1);
    assert_true(place.x1 == 0);
}

static void code_points_are_counted(void **state)
{
    fixture *f = *state;
    hu_document *d = from_text(f->corpus, "Señaló así que fue", f->arena);
    assert_int_equal(hu_document_code_point(d, (size_t)(strstr(d->text, "que") - d->text)), 11);
    assert_int_equal(hu_document_code_point(d, 100000), d->characters);
}

static void the_same_text_again_is_the_same(void **state)
{
    fixture *f = *state;
    hu_document *once =
        from_text(f->corpus,
                  "SENTENCIA\n\nI. ANTECEDENTES\n\nEl acusado captó a la agraviada mediante una oferta de "
                  "trabajo en la ciudad.\n\nII. DECISIÓN\n\nFALLAMOS: condenando.\n",
                  f->arena);
    assert_string_equal(from_text(f->corpus, once->text, f->arena)->text, once->text);
}

static void confused_letters_are_mended_where_they_are_folded(void **state)
{
    fixture *f = *state;
    const char *given =
        "FALLAM0S C0NDENAND0 a TEÓFlL0, lca, deIito, clave ABC01 y CR-10, 1º, EXP. O1322-2O19-44-14O1-JR-PE-O1; "
        "S/ 15,OOO; llave, la, XlV\n";
    const char *folded =
        "fallamos condenando a teofilo, ica, delito, clave abc01 y cr-10, 1o, exp. 01322-2019-44-1401-jr-pe-01; "
        "s/ 15,000; llave, la, xiv";
    hu_document *document = from_text(f->corpus, given, f->arena);
    assert_memory_equal(document->folded, folded, strlen(folded));
    assert_memory_equal(document->text, given, strlen("FALLAM0S C0NDENAND0"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(characters_are_composed_and_clean),
        cmocka_unit_test(spaced_headings_are_joined),
        cmocka_unit_test(narrow_gaps_close_where_that_is_safe),
        cmocka_unit_test(blanks_of_plain_text_close_where_that_is_safe),
        cmocka_unit_test(one_word_lines_are_rejoined),
        cmocka_unit_test(pages_of_plain_text_lose_their_furniture),
        cmocka_unit_test(a_header_that_stands_once_is_known_by_its_words),
        cmocka_unit_test(stamps_in_plain_text_go),
        cmocka_unit_test(encodings_and_line_ends_make_no_difference),
        cmocka_unit_test(places_of_plain_text_are_bytes_of_the_file),
        cmocka_unit_test(code_points_are_counted),
        cmocka_unit_test(the_same_text_again_is_the_same),
        cmocka_unit_test(confused_letters_are_mended_where_they_are_folded),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

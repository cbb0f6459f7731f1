/* Where the parts of a judgment begin, above all the operative part. */

#include "corpus_check.h"

typedef struct fixture {
    hu_arena *arena;
    hu_corpus *corpus;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->arena = hu_arena_new();
    f->corpus = open_corpus(f->arena);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    hu_corpus_close(f->corpus);
    hu_arena_free(f->arena);
    free(f);
    return 0;
}

/* A judgment whose body quotes a lower court's ruling, with the given operative part. */
static hu_document *with_ending(fixture *f, const char *ending)
{
    return from_text(
        f->corpus,
        hu_printf(f->arena,
                  "JUZGADO PENAL COLEGIADO\n\nEXPEDIENTE : 123-2019\n\nSENTENCIA\n\n"
                  "Piura, doce de marzo de dos mil veintiuno\n\n"
                  "VISTOS Y OÍDOS: los actuados en audiencia pública.\n\n"
                  "I. ANTECEDENTES\n\nEl Juzgado falló condenando al acusado. La sentencia dijo: \"FALLO: "
                  "CONDENANDO al acusado a doce años\". La Sala Superior resolvió confirmarla.\n\n"
                  "II. CONSIDERANDO\n\nPrimero. Por estas consideraciones, la pena debe ser confirmada, como "
                  "resolvió el Juzgado.\n\nSegundo. La decisión del Juzgado fue motivada.\n\n%s",
                  ending),
        f->arena);
}

static void check_operative(fixture *f, const char *ending, const char *opens)
{
    hu_document *d = with_ending(f, ending);
    check_part(d, "JUZGADO PENAL COLEGIADO", HU_PART_HEADER);
    check_part(d, "La Sala Superior", HU_PART_FACTS);
    check_part(d, "Primero.", HU_PART_REASONING);
    check_part(d, "Segundo.", HU_PART_REASONING);
    check_part(d, opens, HU_PART_OPERATIVE);
    const char *at = strstr(d->text, opens);
    for (size_t s = 0; s < d->n_sections; s++)
        if (d->sections[s].part == HU_PART_OPERATIVE && d->text + d->sections[s].start != at)
            fail_msg("the operative part begins with \"%.60s\", expected \"%s\"", d->text + d->sections[s].start,
                     opens);
}

static void operative_parts_begin_at_headings(void **state)
{
    fixture *f = *state;
    check_operative(f, "DECISIÓN\n\nPor estos fundamentos, CONFIRMARON la sentencia.\n", "DECISIÓN");
    check_operative(f, "III. DECISIÓN:\n\n1. CONDENAR al acusado.\n", "III. DECISIÓN");
    check_operative(f, "III.- PARTE RESOLUTIVA\n\nPor tales consideraciones, FALLAMOS: 1. CONDENANDO al acusado.\n",
                    "III.- PARTE RESOLUTIVA");
    check_operative(f, "FALLO\n\nAbsolviendo al acusado.\n", "FALLO\n");
    check_operative(f, "SE RESUELVE:\n\n1. DECLARAR infundado el recurso.\n", "SE RESUELVE:");
    check_operative(f, "HA RESUELTO\n\nCONDENAR al acusado.\n", "HA RESUELTO");
    check_operative(f, "§ IV. DECISIÓN DEL COLEGIADO\n\nCONDENAR al acusado.\n", "§ IV. DECISIÓN");
}

static void operative_parts_begin_inside_paragraphs(void **state)
{
    fixture *f = *state;
    check_operative(f,
                    "POR ESTAS CONSIDERACIONES, impartiendo justicia a nombre de la Nación, FALLAMOS: 1. CONDENANDO.\n",
                    "POR ESTAS CONSIDERACIONES");
    check_operative(f,
                    "Por estos fundamentos, los señores jueces supremos DECLARARON NO HABER NULIDAD en la sentencia.\n",
                    "Por estos fundamentos");
    check_operative(f, "Por tales fundamentos:\n\nI. DECLARARON FUNDADO el recurso.\n\nII. CASARON la sentencia.\n",
                    "Por tales fundamentos");
    check_operative(f,
                    "Administrando justicia a nombre de la Nación, el Colegiado por unanimidad RESUELVE: Condenar.\n",
                    "Administrando justicia");
}

static void signatures_and_other_opinions_come_after(void **state)
{
    fixture *f = *state;
    hu_document *d =
        with_ending(f, "DECISIÓN\n\nPor estos fundamentos, CONFIRMARON la sentencia.\n\nS. S.\n\nAPELLIDO UNO\n\n"
                       "VOTO SINGULAR DEL SEÑOR JUEZ\n\nMi voto es porque SE RESUELVA de otro modo.\n\nDECISIÓN\n\n"
                       "Por estos fundamentos, mi voto es: REVOCARON la sentencia.\n");
    check_part(d, "CONFIRMARON", HU_PART_OPERATIVE);
    check_part(d, "APELLIDO UNO", HU_PART_AFTER);
    check_part(d, "REVOCARON", HU_PART_AFTER);
}

static void capitals_before_small_letters_open_a_part(void **state)
{
    fixture *f = *state;
    hu_document *d = from_text(f->corpus,
                               "JUZGADO PENAL COLEGIADO DE PIURA\nEXPEDIENTE : 123-2019\nESPECIALISTA : X.Y.Z.\n"
                               "MINISTERIO PÚBLICO: FISCALÍA DE PIURA\n\nVISTO Y OÍDO el juicio oral.\n\n"
                               "Duodécimo. Los antecedentes constan en autos.\nDecimotercero. Considerando la pena.\n",
                               f->arena);
    check_has(
        d, "JUZGADO PENAL COLEGIADO DE PIURA\n\nEXPEDIENTE : 123-2019\n\nESPECIALISTA : X.Y.Z.\n\nMINISTERIO PÚBLICO");
    check_has(d, "\n\nDecimotercero.");
    check_part(d, "FISCALÍA", HU_PART_HEADER);
    check_part(d, "VISTO Y OÍDO", HU_PART_FACTS);
    check_part(d, "Considerando la pena", HU_PART_FACTS);
}

static void text_without_headings_is_header(void **state)
{
    fixture *f = *state;
    hu_document *d = from_text(f->corpus, "Una nota sin partes, que trata de otra cosa.", f->arena);
    assert_int_equal(d->n_sections, 1);
    assert_int_equal(d->sections[0].part, HU_PART_HEADER);
    assert_int_equal(d->sections[0].end, d->length);
}

static void every_part_may_be_missing(void **state)
{
    fixture *f = *state;
    hu_document *d = from_text(f->corpus, "DECISIÓN\n\nCONFIRMARON la sentencia.", f->arena);
    check_part(d, "DECISIÓN", HU_PART_OPERATIVE);
    assert_int_equal(d->sections[0].start, 0);
    assert_int_equal(d->sections[d->n_sections - 1].end, d->length);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operative_parts_begin_at_headings),
        cmocka_unit_test(operative_parts_begin_inside_paragraphs),
        cmocka_unit_test(signatures_and_other_opinions_come_after),
        cmocka_unit_test(capitals_before_small_letters_open_a_part),
        cmocka_unit_test(text_without_headings_is_header),
        cmocka_unit_test(every_part_may_be_missing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

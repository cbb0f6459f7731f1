/* The traps of the codebook, one sentence or two each: what must be read, and what must not. */

#include "read.h"

/* A first-instance judgment around an operative part. */
static hu_reading *trial(fixture *f, const char *accused, const char *body, const char *ruling)
{
    return read_text(f,
                     hu_printf(f->arena,
                               "CORTE SUPERIOR DE JUSTICIA DE PUNO\n\nJUZGADO PENAL COLEGIADO DE PUNO\n\n"
                               "EXPEDIENTE : 00077-2018-3-2101-JR-PE-01\nACUSADO : %s\nDELITO : TRATA DE PERSONAS\n\n"
                               "SENTENCIA\n\nPuno, dos de julio de dos mil diecinueve\n\n%s\n\n"
                               "Por estas consideraciones, FALLA: %s\n\nS.S.\n",
                               accused, body, ruling));
}

static hu_reading *appeal(fixture *f, const char *ruling)
{
    return read_text(f, hu_printf(f->arena,
                                  "SALA PENAL DE APELACIONES DE ICA\n\nEXPEDIENTE : 00077-2018-3-1401-JR-PE-01\n"
                                  "SENTENCIADO : PAULO G. H.\nDELITO : TRATA DE PERSONAS\n\nSENTENCIA DE VISTA\n\n"
                                  "Ica, dos de julio de dos mil diecinueve\n\nVISTOS: el recurso de apelación.\n\n"
                                  "Por estos fundamentos, RESOLVIERON: %s\n\nS.S.\n",
                                  ruling));
}

static void requests_and_precedents_do_not_rule(void **state)
{
    hu_reading *r = trial(*state, "PAULO G. H.",
                          "El fiscal solicita que se condene a Paulo G. H. a veinte años de pena privativa de "
                          "libertad. La defensa pide su "
                          "absolución. En la Casación 1-2010 se absolvió a otro procesado y se dictó cadena perpetua.",
                          "CONDENANDO a PAULO G. H. como autor del delito de trata de personas a NUEVE AÑOS de pena "
                          "privativa de libertad.");
    assert_string_equal(value(r, "defendants[0].verdict"), "convicted");
    assert_true(number(r, "defendants[0].prison_months") == 108);
    assert_string_equal(value(r, "defendants[0].prison_kind"), "effective");
}

static void several_defendants(void **state)
{
    hu_reading *r = trial(
        *state, "PAULO G. H., INÉS T. V. Y OMAR D. R.", "Hechos.",
        "CONDENANDO a PAULO G. H. e INÉS T. V. como coautores del delito de trata de personas, imponiéndoles diez años "
        "de "
        "pena privativa de libertad para Paulo G. H. y ocho años de pena privativa de libertad para Inés T. V.; y "
        "ABSOLVIENDO a OMAR D. R. del mismo delito.");
    assert_int_equal(r->n_defendants, 3);
    assert_true(number(r, "defendants[0].prison_months") == 120);
    assert_true(number(r, "defendants[1].prison_months") == 96);
    assert_string_equal(value(r, "defendants[2].final_verdict"), "acquitted");
    assert_null(hu_reading_find(r, "defendants[2].prison_months"));
}

static void appeals(void **state)
{
    hu_reading *r = appeal(*state, "REVOCARON la sentencia que condenó a PAULO G. H. a diez años de pena privativa de "
                                   "libertad como autor del delito de "
                                   "trata de personas; y, REFORMÁNDOLA, lo ABSOLVIERON de la acusación fiscal.");
    assert_string_equal(value(r, "defendants[0].verdict"), "reversed");
    assert_string_equal(value(r, "defendants[0].final_verdict"), "acquitted");
    assert_null(hu_reading_find(r, "defendants[0].prison_months"));
    r = appeal(*state, "DECLARAR NULA la sentencia que condenó a PAULO G. H. a diez años de pena privativa de "
                       "libertad; ORDENARON nuevo juicio oral.");
    assert_string_equal(value(r, "defendants[0].verdict"), "annulled");
    assert_string_equal(value(r, "defendants[0].final_verdict"), "open");
    r = appeal(*state, "CONFIRMARON la sentencia que condenó a PAULO G. H. como autor del delito de trata de personas; "
                       "la REVOCARON en el extremo que le "
                       "impuso doce años de pena privativa de libertad; y REFORMÁNDOLA le impusieron nueve años de "
                       "pena privativa de libertad.");
    assert_string_equal(value(r, "defendants[0].verdict"), "confirmed");
    assert_true(number(r, "defendants[0].prison_months") == 108);
}

static void penalties_in_words_and_figures(void **state)
{
    static const struct {
        const char *words;
        double months, days;
    } cases[] = {
        {"QUINCE AÑOS Y CUATRO MESES de pena privativa de libertad", 184, NAN},
        {"doce (12) años de pena privativa de la libertad", 144, NAN},
        {"12 AÑOS de pena privativa de libertad", 144, NAN},
        {"pena privativa de libertad de nueve años, dos meses y diez días", 110, 10},
        {"la pena de treinta y cinco años de pena privativa de libertad", 420, NAN},
        {"siete (7) años y seis (6) meses de pena privativa de libertad", 90, NAN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hu_reading *r =
            trial(*state, "PAULO G. H.", "Hechos.",
                  hu_printf(((fixture *)*state)->arena,
                            "CONDENANDO a PAULO G. H. como autor del delito de trata de personas; se le impone %s.",
                            cases[i].words));
        if (number(r, "defendants[0].prison_months") != cases[i].months)
            fail_msg("\"%s\" read as %g months", cases[i].words, number(r, "defendants[0].prison_months"));
        if (!isnan(cases[i].days))
            assert_true(number(r, "defendants[0].prison_days") == cases[i].days);
    }
}

static void words_decide_against_figures(void **state)
{
    hu_reading *r = trial(*state, "PAULO G. H.", "Hechos.",
                          "CONDENANDO a PAULO G. H. como autor del delito de trata de personas a DIEZ (12) AÑOS de "
                          "pena privativa de libertad.");
    const hu_finding *months = hu_reading_find(r, "defendants[0].prison_months");
    assert_true(months->number == 120);
    assert_true(months->confidence < 0.8);
}

static void negated_and_hypothetical_practices(void **state)
{
    hu_reading *r = trial(*state, "PAULO G. H.",
                          "No se realizó entrevista única en cámara Gesell. De haberse actuado prueba anticipada, otra "
                          "sería la conclusión.",
                          "ABSOLVIENDO a PAULO G. H. de los cargos por el delito de trata de personas.");
    assert_string_equal(value(r, "practices.gesell_chamber"), "denied");
    assert_string_equal(value(r, "practices.anticipated_evidence"), "absent");
}

static void both_numberings_of_the_law(void **state)
{
    static const char *const articles[] = {"153-A", "129-B"};
    for (size_t i = 0; i < 2; i++) {
        hu_reading *r = trial(*state, "PAULO G. H.", "Hechos.",
                              hu_printf(((fixture *)*state)->arena,
                                        "CONDENANDO a PAULO G. H. como autor del delito de trata de personas, artículo "
                                        "%s, primer párrafo, inciso "
                                        "4, del Código Penal, a doce años de pena privativa de libertad.",
                                        articles[i]));
        assert_string_equal(value(r, "defendants[0].convicted[0]"), "trafficking_aggravated");
        assert_string_equal(hu_reading_find(r, "defendants[0].convicted[0]")->article, articles[i]);
        assert_true(number(r, "indices.charge_severity") == 3);
    }
}

/* Article 182 meant trafficking until 2007 and another offence since. */
static void an_article_is_read_under_the_law_of_its_day(void **state)
{
    static const char ruling[] =
        "CONDENANDO a PAULO G. H. a cinco años de pena privativa de libertad, conforme al artículo 182 "
        "del Código Penal.";
    hu_reading *r = trial(*state, "PAULO G. H.", "Hechos.", ruling);
    assert_null(hu_reading_find(r, "defendants[0].convicted[0]"));
    char *old =
        strdup(hu_printf(((fixture *)*state)->arena,
                         "JUZGADO PENAL DE PUNO\n\nACUSADO : PAULO G. H.\n\nSENTENCIA\n\nPuno, dos de julio de dos mil "
                         "tres\n\nPor estas consideraciones, FALLA: %s\n\nS.S.\n",
                         ruling));
    r = read_text(*state, old);
    free(old);
    assert_string_equal(value(r, "defendants[0].convicted[0]"), "trafficking");
}

static void other_meanings_of_the_words(void **state)
{
    hu_reading *r = trial(*state, "PAULO G. H.",
                          "No se trata de personas ajenas al lugar; da pena decirlo. La cámara de video no grabó.",
                          "CONDENANDO a PAULO G. H. como autor del delito de favorecimiento a la prostitución, "
                          "artículo 179 del Código Penal, a cuatro "
                          "años de pena privativa de libertad suspendida por el periodo de prueba de dos años.");
    assert_string_equal(value(r, "defendants[0].convicted[0]"), "promotion_of_prostitution");
    assert_null(hu_reading_find(r, "defendants[0].convicted[1]"));
    assert_string_equal(value(r, "defendants[0].prison_kind"), "suspended");
    assert_string_equal(value(r, "practices.gesell_chamber"), "absent");
}

static void names_in_every_form_are_one_person(void **state)
{
    static const struct {
        const char *header, *ruled, *label;
    } cases[] = {
        {"QUISPE MAMANI, JULIA", "JULIA QUISPE MAMANI", "JULIA QUISPE MAMANI"},
        {"J. Quispe", "Julia Quispe Mamani", "Julia Quispe Mamani"},
        {"J.Q.M.", "JULIA QUISPE MAMANI", "JULIA QUISPE MAMANI"},
        {"QUISPE MAMANI", "JULIA QUISPE MAMANI", "JULIA QUISPE MAMANI"},
        {"JULIA QUISPE MAMANI (a) \"LA TÍA\" (reo en cárcel)", "Julia Quispe Mamani", "JULIA QUISPE MAMANI"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hu_reading *r = trial(*state, cases[i].header, "Hechos.",
                              hu_printf(((fixture *)*state)->arena,
                                        "CONDENANDO a %s como autora del delito de trata de personas a NUEVE AÑOS de "
                                        "pena privativa de libertad.",
                                        cases[i].ruled));
        assert_int_equal(r->n_defendants, 1);
        assert_string_equal(value(r, "defendants[0].label"), cases[i].label);
        assert_string_equal(value(r, "defendants[0].role"), "author");
    }
}

static void victims_are_counted_once(void **state)
{
    hu_reading *r = trial(*state, "PAULO G. H.",
                          "En agravio de las menores de iniciales A.B.C. (15) y D.E.F. (16). La agraviada A.B.C. "
                          "declaró; la testigo de iniciales X.Y.Z. también.",
                          "CONDENANDO a PAULO G. H. como autor del delito de trata de personas a NUEVE AÑOS de pena "
                          "privativa de libertad.");
    assert_true(number(r, "victims.count") == 2);
    assert_true(number(r, "victims.minors") == 2);
    assert_true(number(r, "victims.female") == 2);
    r = trial(*state, "PAULO G. H.", "Son víctimas las claves TP-01-2019 a TP-07-2019, cuatro varones y tres mujeres.",
              "CONDENANDO a PAULO G. H. como autor del delito de trata de personas a NUEVE AÑOS de pena privativa de "
              "libertad.");
    assert_true(number(r, "victims.count") == 7);
    assert_true(number(r, "victims.male") == 4);
    assert_true(number(r, "victims.female") == 3);
}

static void nothing_from_nothing(void **state)
{
    hu_reading *r = read_text(*state, "Receta de arroz con pollo. Se trata de personas que comen.");
    assert_string_equal(value(r, "decision.kind"), "other");
    assert_int_equal(r->n_defendants, 0);
    assert_null(hu_reading_find(r, "decision.trafficking"));
    assert_string_equal(value(r, "practices.gesell_chamber"), "absent");
}

/* The Supreme Court cites the file of origin; dates that lead elsewhere are not taken. */
static void test_the_course_of_the_case(void **state)
{
    hu_reading *reading = read_text(
        *state,
        "CORTE SUPREMA DE JUSTICIA DE LA REPÚBLICA\nSALA PENAL PERMANENTE\nCASACIÓN N.° 1351-2019 PUNO\n\nSENTENCIA DE "
        "CASACIÓN\n\nLima, veinte de julio de dos mil veintiuno\n\nVISTOS: el recurso de casación contra la sentencia "
        "de "
        "vista del nueve de mayo de dos mil diecinueve (Expediente N.° "
        "00412-2015-37-2701-JR-PE-02).\n\nCONSIDERANDO\n\n"
        "Primero. Según la acusación, el tres de enero de dos mil quince la acusada captó a la menor. Por disposición "
        "del "
        "cinco de abril de dos mil quince se formalizó investigación. El requerimiento acusatorio fue presentado el "
        "dos "
        "de junio de dos mil dieciséis.\n\nDECISIÓN\n\nDeclararon INFUNDADO el recurso.\n");
    assert_string_equal(value(reading, "decision.origin_expediente"), "00412-2015-37-2701-JR-PE-02");
    assert_string_equal(value(reading, "decision.facts_date"), "2015-01-03");
    assert_string_equal(value(reading, "decision.formalization_date"), "2015-04-05");
    assert_string_equal(value(reading, "decision.accusation_date"), "2016-06-02");
    assert_string_equal(value(reading, "decision.complaint_date"), "");
}

static void dates_belong_to_the_nearest_act(void **state)
{
    static const struct {
        const char *text, *key, *date;
    } cases[] = {
        {"Con fecha tres de mayo de 2017, don Luis S. interpuso denuncia por la desaparición de su hija, ocurrida el "
         "30 de "
         "abril de 2017.",
         "decision.complaint_date", "2017-05-03"},
        {"La denuncia es del 12 de mayo de 2016. El 14 del mismo mes la fiscalía formalizó la investigación y el 3 de "
         "enero "
         "de 2017 presentó requerimiento acusatorio.",
         "decision.formalization_date", "2016-05-14"},
        {"Según el requerimiento acusatorio del nueve de enero de dos mil dieciocho, desde el 2 de mayo de 2016 "
         "publicó "
         "avisos.",
         "decision.accusation_date", "2018-01-09"},
        {"Según la acusación, el 5 de mayo de 2016 el acusado captó a la menor.", "decision.accusation_date", NULL},
        {"Las contactó los días 15 y 22 de abril de 2016 en el mercado.", "decision.facts_date", "2016-04-15"},
        {"El acusado, nacido el 3 de marzo de 1980, fue detenido el 4 de abril de 2017.", "decision.facts_date", NULL},
        {"Se acusó mediante escrito del 30 de setiembre de 2015.", "decision.accusation_date", "2015-09-30"},
        {"La denuncia la asentó la comisaría el 1.3.2016; la formalización se dio por disposición uno, de 03/03/2016.",
         "decision.formalization_date", "2016-03-03"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hu_reading *r =
            trial(*state, "PAULO G. H.", cases[i].text,
                  "CONDENANDO a PAULO G. H. como autor del delito de trata de personas a NUEVE AÑOS de pena "
                  "privativa de libertad.");
        if (cases[i].date)
            assert_string_equal(value(r, cases[i].key), cases[i].date);
        else
            assert_null(hu_reading_find(r, cases[i].key));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_course_of_the_case),
        cmocka_unit_test(dates_belong_to_the_nearest_act),
        cmocka_unit_test(names_in_every_form_are_one_person),
        cmocka_unit_test(victims_are_counted_once),
        cmocka_unit_test(requests_and_precedents_do_not_rule),
        cmocka_unit_test(several_defendants),
        cmocka_unit_test(appeals),
        cmocka_unit_test(penalties_in_words_and_figures),
        cmocka_unit_test(words_decide_against_figures),
        cmocka_unit_test(negated_and_hypothetical_practices),
        cmocka_unit_test(both_numberings_of_the_law),
        cmocka_unit_test(an_article_is_read_under_the_law_of_its_day),
        cmocka_unit_test(other_meanings_of_the_words),
        cmocka_unit_test(nothing_from_nothing),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}

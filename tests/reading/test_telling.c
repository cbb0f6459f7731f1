/* How practices and agencies are told: one sentence each, and what it says of one key. */

#include "told.h"

static void what_was_done_is_present(void **state)
{
    static const telling cases[] = {
        {"La niña fue entrevistada una sola vez en la sala Gesell.", "practices.gesell_chamber", "present"},
        {"Su testimonio se recibió como prueba anticipada.", "practices.anticipated_evidence", "present"},
        {"Los hechos se cometieron en agravio de R.T.V. y de otra.", "practices.identity_reserved", "present"},
        {"La UDAVIT le brindó acompañamiento.", "practices.victim_assistance", "present"},
        {"La víctima lleva terapia desde entonces.", "practices.psychological_care", "present"},
        {"El juicio se llevó a cabo a puertas cerradas.", "practices.private_hearing", "present"},
        {"Declaró con un intérprete de quechua.", "practices.interpreter", "present"},
        {"Ingresó a un centro de acogida residencial.", "practices.shelter", "present"},
        {"Que haya aceptado el viaje resulta irrelevante.", "practices.consent_irrelevant", "present"},
        {"El caso se examina con perspectiva de género.", "practices.gender_or_child_approach", "present"},
        {"Declaró detrás de un biombo.", "practices.confrontation_avoided", "present"},
        {"El careo con la menor fue denegado.", "practices.confrontation_avoided", "present"},
        {"Que la menor haya aceptado es inocuo.", "practices.consent_irrelevant", "present"},
    };
    assert_all(*state, cases, sizeof cases / sizeof *cases);
}

static void what_was_not_done_is_denied(void **state)
{
    static const telling cases[] = {
        {"No se le practicó entrevista única.", "practices.gesell_chamber", "denied"},
        {"La entrevista en cámara Gesell no llegó a realizarse.", "practices.gesell_chamber", "denied"},
        {"Se propuso la prueba anticipada; nadie insistió y no se la solicitó.", "practices.anticipated_evidence",
         "denied"},
        {"Ninguna de ellas recibió tratamiento psicológico.", "practices.psychological_care", "denied"},
        {"El pedido de audiencia privada fue rechazado.", "practices.private_hearing", "denied"},
        {"No hubo albergue para ella.", "practices.shelter", "denied"},
        {"Medidas de protección: se denegaron.", "practices.protective_measures", "denied"},
        {"Se sometió a la menor a un careo con la acusada.", "practices.confrontation_avoided", "denied"},
        {"Se declaró improcedente el requerimiento de prueba anticipada.", "practices.anticipated_evidence", "denied"},
        {"Nadie la asistió: volvió sola a su pueblo.", "practices.victim_assistance", "denied"},
    };
    assert_all(*state, cases, sizeof cases / sizeof *cases);
}

static void what_is_cited_supposed_or_asked_for_is_nothing(void **state)
{
    static const telling cases[] = {
        {"La ley prevé que el menor declare en cámara Gesell.", "practices.gesell_chamber", "absent"},
        {"Debió actuarse prueba anticipada.", "practices.anticipated_evidence", "absent"},
        {"La prueba anticipada habría evitado esa dificultad.", "practices.anticipated_evidence", "absent"},
        {"La fiscalía solicitó medidas de protección.", "practices.protective_measures", "absent"},
        {"La pericia recomienda que reciba psicoterapia.", "practices.psychological_care", "absent"},
        {"La defensa solicitó un careo con la víctima.", "practices.confrontation_avoided", "absent"},
        {"El fiscal argumenta que el consentimiento de la menor no tiene relevancia.", "practices.consent_irrelevant",
         "absent"},
        {"Quien no habla castellano tiene derecho a un intérprete.", "practices.interpreter", "absent"},
        {"La defensa sostiene que no se cumplen los criterios del Acuerdo Plenario 2-2005/CJ-116.",
         "practices.testimony_standard", "absent"},
        {"El colegiado no valoró la entrevista única.", "practices.gesell_chamber", "present"},
    };
    assert_all(*state, cases, sizeof cases / sizeof *cases);
}

static void agencies_act_or_are_named(void **state)
{
    static const telling cases[] = {
        {"Personal de la DIRCTPTIM ingresó al local.", "agencies.anti_trafficking_police", "acted"},
        {"Personal de la DIRCTPTIM ingresó al local.", "agencies.pnp", "acted"},
        {"La Superintendencia Nacional de Migraciones le otorgó un permiso.", "agencies.migraciones", "acted"},
        {"La Organización Internacional para las Migraciones pagó el pasaje.", "agencies.migraciones", "absent"},
        {"Se comunicó el hecho al consulado, que la visitó.", "agencies.consulate", "acted"},
        {"Se comunicó el hecho al consulado, que no respondió.", "agencies.consulate", "mentioned"},
        {"El Centro Emergencia Mujer no pudo acudir.", "agencies.cem", "mentioned"},
        {"La UDAVIT tiene por función asistir a las víctimas.", "agencies.udavit", "mentioned"},
        {"De haberse llamado a la SUNAFIL, se sabría más.", "agencies.labour_inspection", "mentioned"},
        {"Según la OIT, hay millones de víctimas.", "agencies.international_organisation", "mentioned"},
        {"El certificado médico legal describe lesiones.", "agencies.health_forensic", "acted"},
        {"La evaluación estuvo a cargo de la psicóloga del CEM.", "agencies.cem", "acted"},
        {"Obra el informe social del Centro Emergencia Mujer.", "agencies.cem", "acted"},
        {"La testigo quiso ir al Centro Emergencia Mujer.", "agencies.cem", "mentioned"},
        {"Los pasajes los sufragó la UDAVIT.", "agencies.udavit", "acted"},
        {"La menor fue derivada al albergue.", "agencies.shelter", "acted"},
        {"Los albergues de la región carecen de presupuesto.", "agencies.shelter", "mentioned"},
        {"Cruzaron por una trocha para eludir el control de Migraciones.", "agencies.migraciones", "mentioned"},
        {"El local queda frente al municipio.", "agencies.municipality_serenazgo", "mentioned"},
        {"Por gestión de la Defensoría del Pueblo viajó a Lima.", "agencies.ombudsman", "acted"},
        {"Como ha advertido la Defensoría del Pueblo, faltan recursos.", "agencies.ombudsman", "mentioned"},
    };
    assert_all(*state, cases, sizeof cases / sizeof *cases);
}

static void an_order_to_an_agency_is_no_act_of_it(void **state)
{
    hu_reading *r = read_text(
        *state, "JUZGADO PENAL COLEGIADO DE PUNO\n\nACUSADO : PAULO G. H.\n\nSENTENCIA\n\nHechos.\n\nPor estas "
                "consideraciones, FALLA: CONDENANDO a PAULO G. H. como autor del delito de trata de personas a doce "
                "años de pena privativa de libertad. DISPUSIERON que la Unidad de Protección Especial informe, y que "
                "las agraviadas reciban tratamiento psicológico.\n\nS.S.\n");
    assert_string_equal(value(r, "agencies.mimp_upe"), "mentioned");
    assert_string_equal(value(r, "practices.psychological_care"), "present");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_done_is_present),
        cmocka_unit_test(what_was_not_done_is_denied),
        cmocka_unit_test(what_is_cited_supposed_or_asked_for_is_nothing),
        cmocka_unit_test(agencies_act_or_are_named),
        cmocka_unit_test(an_order_to_an_agency_is_no_act_of_it),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}

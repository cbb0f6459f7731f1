/* Practices and agencies told in other words than the stock phrases: one sentence each, as different hands write. */

#include "told.h"

static void practices_without_their_noun_are_present(void **state)
{
    static const telling cases[] = {};
    assert_all(*state, cases, sizeof cases / sizeof *cases);
}

static void what_other_words_deny_is_denied(void **state)
{
    static const telling cases[] = {};
    assert_all(*state, cases, sizeof cases / sizeof *cases);
}

static void what_others_say_or_ask_is_absent(void **state)
{
    static const telling cases[] = {
        {"La guía establece que las víctimas menores declaran en cámara Gesell.", "practices.gesell_chamber", "absent"},
        {"La prueba anticipada procede cuando el testigo está por ausentarse.", "practices.anticipated_evidence",
         "absent"},
        {"La defensa pidió que se oficie a la UDAVIT.", "practices.victim_assistance", "absent"},
        {"La psicóloga forense la evaluó y explicó su pericia en el juicio.", "practices.psychological_care", "absent"},
        {"El sentenciado se someterá a terapia.", "practices.psychological_care", "absent"},
        {"El juicio oral fue público y contradictorio.", "practices.private_hearing", "absent"},
        {"La fiscalía solicitó medidas de protección.", "practices.protective_measures", "absent"},
        {"El abogado del acusado interrogó a la agraviada.", "practices.victim_counsel", "absent"},
        {"La defensora pública del procesado cuestionó el relato de la víctima.", "practices.victim_counsel", "absent"},
    };
    assert_all(*state, cases, sizeof cases / sizeof *cases);
}

static void agencies_act_in_other_words(void **state)
{
    static const telling cases[] = {
        {"La psicóloga del CEM, a quien la niña contó todo, dio aviso a la comisaría.", "agencies.cem", "acted"},
        {"Tras dos visitas del Centro Emergencia Mujer se animó a denunciar.", "agencies.cem", "acted"},
        {"Llegó al CEM de Ilave, donde le tomaron el relato y llamaron al fiscal.", "agencies.cem", "acted"},
        {"Siguió terapia en el CEM durante un año.", "agencies.cem", "acted"},
        {"Fue el Centro Emergencia Mujer el que la sacó del local.", "agencies.cem", "acted"},
        {"Su abogada, del CEM Tacna, solicitó que se confirme.", "agencies.cem", "acted"},
        {"Se remitirá copia al CEM para lo que corresponda.", "agencies.cem", "mentioned"},
        {"El CEM no intervino.", "agencies.cem", "mentioned"},
        {"En el distrito no hay Centro Emergencia Mujer.", "agencies.cem", "mentioned"},
        {"La acompañaba una trabajadora social de la UDAVIT.", "agencies.udavit", "acted"},
        {"Con pasajes que le dio la UDAVIT regresó a Tarapoto.", "agencies.udavit", "acted"},
        {"La UDAVIT, que la asistió desde el primer día, informó de su estado.", "agencies.udavit", "acted"},
        {"Se ofició a la UDAVIT, sin que haya respuesta.", "agencies.udavit", "mentioned"},
        {"La defensa pidió que informe la UDAVIT.", "agencies.udavit", "mentioned"},
        {"La UPE abrió procedimiento por riesgo y la puso en un hogar.", "agencies.mimp_upe", "acted"},
        {"De allí la UPE la llevó con su abuela.", "agencies.mimp_upe", "acted"},
        {"La medida de acogimiento la dispuso la Unidad de Protección Especial.", "agencies.mimp_upe", "acted"},
        {"Está a cargo de la UPE Arequipa desde mayo.", "agencies.mimp_upe", "acted"},
        {"Póngase en conocimiento de la UPE.", "agencies.mimp_upe", "mentioned"},
        {"Una ONG de Cusco costeó su terapia.", "agencies.ngo", "acted"},
        {"Su abogada la puso la asociación Yanapay.", "agencies.ngo", "acted"},
        {"Las Adoratrices la tuvieron en su casa por un año.", "agencies.ngo", "acted"},
        {"La denuncia partió de CHS Alternativo.", "agencies.ngo", "acted"},
        {"Por intermedio de una congregación volvió a Bolivia.", "agencies.ngo", "acted"},
        {"La fundación Vida, que trabaja con migrantes, la encontró en la terminal y la llevó a la comisaría.",
         "agencies.ngo", "acted"},
        {"Los misioneros que atienden la posta dieron la alerta.", "agencies.ngo", "acted"},
        {"No se acreditó que la ONG Yanapay la hubiera atendido.", "agencies.ngo", "mentioned"},
        {"El cónsul de Colombia la visitó y le expidió salvoconducto.", "agencies.consulate", "acted"},
        {"Volvió con pasaje del Consulado de Venezuela.", "agencies.consulate", "acted"},
        {"El Consulado General remitió las partidas de nacimiento.", "agencies.consulate", "acted"},
        {"Sus documentos los tramitó la embajada.", "agencies.consulate", "acted"},
        {"Se notificó al consulado.", "agencies.consulate", "mentioned"},
        {"El consulado no respondió al oficio.", "agencies.consulate", "mentioned"},
        {"La OIM financió el retorno de las tres.", "agencies.international_organisation", "acted"},
        {"Retornó a su país con apoyo de la OIM.", "agencies.international_organisation", "acted"},
        {"ACNUR le dio refugio temporal y tramitó su permiso.", "agencies.international_organisation", "acted"},
        {"Un funcionario de UNICEF la entrevistó y avisó a la fiscalía.", "agencies.international_organisation",
         "acted"},
        {"Conforme al manual de UNODC, la captación es un proceso.", "agencies.international_organisation",
         "mentioned"},
        {"Los indicadores de la OIT se cumplen.", "agencies.international_organisation", "mentioned"},
        {"Según el Protocolo de las Naciones Unidas, hay trata cuando media engaño.",
         "agencies.international_organisation", "mentioned"},
        {"El comisionado de la Defensoría del Pueblo llegó al campamento y levantó un acta.", "agencies.ombudsman",
         "acted"},
        {"Contaron lo ocurrido en la oficina defensorial, que pidió la intervención.", "agencies.ombudsman", "acted"},
        {"Un informe de la Defensoría del Pueblo advierte del problema.", "agencies.ombudsman", "mentioned"},
        {"Ofíciese a la Defensoría del Pueblo.", "agencies.ombudsman", "mentioned"},
        {"La directora de la aldea refirió que la niña no dormía.", "agencies.shelter", "acted"},
        {"La psicóloga del albergue la trata desde entonces.", "agencies.shelter", "acted"},
        {"Del albergue se escapó una semana después.", "agencies.shelter", "acted"},
        {"La recibió el hogar San Francisco.", "agencies.shelter", "acted"},
        {"El centro de acogida remitió informe social.", "agencies.shelter", "acted"},
        {"No había cupo en el albergue.", "agencies.shelter", "mentioned"},
        {"Se evaluará su ingreso a un centro de acogida.", "agencies.shelter", "mentioned"},
        {"Migraciones informó que entró por Desaguadero el tres de enero.", "agencies.migraciones", "acted"},
        {"Según el movimiento migratorio, salió del país en marzo.", "agencies.migraciones", "acted"},
        {"Evitaron el puesto de Migraciones.", "agencies.migraciones", "mentioned"},
        {"Los inspectores de SUNAFIL levantaron acta de infracción.", "agencies.labour_inspection", "acted"},
        {"Al operativo fue también la SUNAFIL.", "agencies.labour_inspection", "acted"},
        {"Que se curse oficio a SUNAFIL.", "agencies.labour_inspection", "mentioned"},
        {"Nunca hubo una visita de la SUNAFIL.", "agencies.labour_inspection", "mentioned"},
        {"El médico legista la examinó.", "agencies.health_forensic", "acted"},
        {"Según el protocolo de pericia psicológica presenta estrés.", "agencies.health_forensic", "acted"},
        {"No se la envió al médico legista.", "agencies.health_forensic", "mentioned"},
        {"El serenazgo acordonó la calle.", "agencies.municipality_serenazgo", "acted"},
        {"Un fiscalizador de la municipalidad clausuró el bar.", "agencies.municipality_serenazgo", "acted"},
        {"La DEMUNA comunicó el caso a la fiscalía.", "agencies.municipality_serenazgo", "acted"},
        {"La niña pidió ayuda a un sereno, que la condujo a la comisaría.", "agencies.municipality_serenazgo", "acted"},
        {"El bar tenía licencia de la municipalidad.", "agencies.municipality_serenazgo", "mentioned"},
        {"Lo patrocinó el defensor público Salas.", "agencies.public_defence", "acted"},
        {"La defensora pública apeló.", "agencies.public_defence", "acted"},
        {"Se le nombró un defensor de oficio, con quien se entrevistó.", "agencies.public_defence", "acted"},
        {"INTERPOL ubicó al procesado en Chile.", "agencies.interpol", "acted"},
        {"Ofíciese a INTERPOL para su captura.", "agencies.interpol", "mentioned"},
        {"La UIF reportó las transferencias.", "agencies.financial_intelligence", "acted"},
        {"No se pidió informe a la Unidad de Inteligencia Financiera.", "agencies.financial_intelligence", "mentioned"},
        {"Los efectivos allanaron el local.", "agencies.pnp", "acted"},
        {"Nadie llamó a la policía.", "agencies.pnp", "mentioned"},
        {"La brigada de trata de la DIVINCRI hizo el seguimiento.", "agencies.anti_trafficking_police", "acted"},
        {"Agentes de trata de personas entraron al prostíbulo.", "agencies.anti_trafficking_police", "acted"},
        {"Acusó la fiscalía especializada en trata.", "agencies.prosecution_specialised", "acted"},
        {"La alerta roja de INTERPOL permitió su captura.", "agencies.interpol", "acted"},
        {"En Medicina Legal le hallaron lesiones.", "agencies.health_forensic", "acted"},
        {"La Unidad Médico Legal calculó su edad en quince años.", "agencies.health_forensic", "acted"},
        {"Contó lo sucedido a la trabajadora social del Centro Emergencia Mujer, que la llevó a la comisaría.",
         "agencies.cem", "acted"},
        {"La religiosa de la parroquia que la escuchó dio parte al fiscal.", "agencies.ngo", "acted"},
        {"La Defensoría del Pueblo de Loreto presentó la denuncia.", "agencies.ombudsman", "acted"},
        {"Estuvo presente la psicóloga de la UDAVIT.", "agencies.udavit", "acted"},
        {"La niña entró de la mano de la psicóloga de la UDAVIT.", "agencies.udavit", "acted"},
        {"Intervino en su favor el consulado boliviano.", "agencies.consulate", "acted"},
        {"Personal de la Unidad de Protección Especial participó en el operativo.", "agencies.mimp_upe", "acted"},
    };
    assert_all(*state, cases, sizeof cases / sizeof *cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(practices_without_their_noun_are_present),
        cmocka_unit_test(what_other_words_deny_is_denied),
        cmocka_unit_test(what_others_say_or_ask_is_absent),
        cmocka_unit_test(agencies_act_in_other_words),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}

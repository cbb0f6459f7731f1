/* Operative parts in the many ways courts write them: who stands how, with which terms and sums. All persons are
 * invented. */

#include "cases.h"

static const hu_frame trial_frame = {"CORTE SUPERIOR DE JUSTICIA DE PUNO\n\nJUZGADO PENAL COLEGIADO DE PUNO\n\n"
                                     "EXPEDIENTE : 00077-2018-3-2101-JR-PE-01\nACUSADOS : ",
                                     "\nDELITO : TRATA DE PERSONAS AGRAVADA\n\nSENTENCIA\n\n"
                                     "Puno, dos de julio de dos mil diecinueve\n\nHechos. Se expuso la prueba.\n\n"
                                     "Por estas consideraciones, FALLA:\n\n",
                                     "\n\nS.S.\n"};

static const hu_case trials[] = {
    {"PAULO GÓMEZ HUANCA",
     "DECLARANDO a PAULO GÓMEZ HUANCA, identificado con DNI N.° 40000001, de 41 años de edad, natural de Ilave, autor "
     "y "
     "responsable del delito de trata de personas agravada, artículo 153-A del Código Penal, en agravio de la menor de "
     "iniciales R.T.C.; en consecuencia, se le IMPONE QUINCE AÑOS de pena privativa de libertad efectiva e "
     "INHABILITACIÓN por el mismo plazo de la pena.\n\nFIJARON la reparación civil en la suma de S/. 12,000.00 (doce "
     "mil "
     "y 00/100 nuevos soles).",
     {"convicted>convicted 180m effective ban=180 pen=12000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "1. CONDENANDO a PAULO GÓMEZ HUANCA como autor del delito de trata de personas agravada a DOCE AÑOS de pena "
     "privativa de libertad efectiva, y a INÉS TICONA VILCA como cómplice secundaria del mismo delito a SEIS AÑOS de "
     "pena "
     "privativa de libertad.\n\n2. INHABILITANDO a ambos por cinco años.\n\n3. FIJANDO en veinte mil soles la "
     "reparación "
     "civil que pagarán solidariamente.",
     {"convicted>convicted 144m effective ban=60 pen=20000 joint trafficking_aggravated",
      "convicted>convicted 72m effective ban=60 pen=20000 joint trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "Primero: Declarar a los acusados PAULO GÓMEZ HUANCA e INÉS TICONA VILCA coautores del delito de trata de "
     "personas. "
     "Segundo: Imponerles OCHO (8) AÑOS de pena privativa de la libertad con carácter de efectiva. Tercero: Fijar como "
     "reparación civil la suma de SEIS MIL SOLES, que cada uno de los sentenciados abonará a favor de la agraviada.",
     {"convicted>convicted 96m effective pen=6000 trafficking",
      "convicted>convicted 96m effective pen=6000 trafficking"}},
    {"PAULO GÓMEZ HUANCA",
     "CONDENO a PAULO GÓMEZ HUANCA como autor del delito de favorecimiento a la prostitución, artículo 179 del Código "
     "Penal, y le impongo CUATRO AÑOS de pena privativa de libertad, cuya ejecución se suspende por el plazo de TRES "
     "AÑOS, "
     "y CIENTO VEINTE DÍAS-MULTA, equivalentes a S/ 1,116.00, a razón de S/ 9.30 por día. FIJO por concepto de "
     "reparación "
     "civil S/ 2 500.00, que pagará en diez cuotas mensuales de S/ 250.00.",
     {"convicted>convicted 48m suspended trial=36 fine=120 pen=2500 promotion_of_prostitution"}},
    {"PAULO GÓMEZ HUANCA",
     "CONDENAR a PAULO GÓMEZ HUANCA como autor de trata de personas agravada y de violación sexual de menor de edad: "
     "por el "
     "primer delito, DOCE AÑOS; por el segundo, DIEZ AÑOS de pena privativa de libertad; que sumados hacen VEINTIDÓS "
     "AÑOS "
     "de pena privativa de libertad efectiva.",
     {"convicted>convicted 264m effective trafficking_aggravated rape"}},
    {"PAULO GÓMEZ HUANCA",
     "CONDENAR a PAULO GÓMEZ HUANCA como autor de trata de personas agravada, imponiéndole por dicho delito doce años "
     "de "
     "pena privativa de libertad por el delito de trata de personas agravada y doce años de pena privativa de libertad "
     "por "
     "el delito de violación sexual de menor de edad.",
     {"convicted>convicted 288m effective trafficking_aggravated rape"}},
    {"PAULO GÓMEZ HUANCA Y OMAR DÍAZ RAMOS",
     "ABSOLVIENDO a OMAR DÍAZ RAMOS de la acusación fiscal por el delito de trata de personas agravada; y CONDENANDO a "
     "PAULO GÓMEZ HUANCA como autor del citado delito, a la pena de TRECE AÑOS, CUATRO MESES Y CINCO DÍAS de privación "
     "de "
     "su libertad, que con el descuento de carcelería de dos años y tres meses vencerá el 3 de mayo de 2031.",
     {"convicted>convicted 160m5d effective trafficking_aggravated", "acquitted>acquitted"}},
    {"PAULO GÓMEZ HUANCA",
     "DECLARAR INFUNDADA la tacha. EXIMIR DE RESPONSABILIDAD PENAL a PAULO GÓMEZ HUANCA y ABSOLVERLO de los cargos por "
     "trata de personas.",
     {"acquitted>acquitted"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "1) CONDENANDO a PAULO GÓMEZ HUANCA e INÉS TICONA VILCA como coautores del delito de trata de personas agravada, "
     "en "
     "agravio de A.B.C., D.E.F. y G.H.I. 2) IMPONIENDO a PAULO GÓMEZ HUANCA catorce años y a INÉS TICONA VILCA doce "
     "años "
     "de pena privativa de libertad. 3) FIJANDO la reparación civil en S/ 5,000.00 para cada una de las agraviadas, "
     "que "
     "pagarán en forma solidaria.",
     {"convicted>convicted 168m effective pen=15000 joint trafficking_aggravated",
      "convicted>convicted 144m effective pen=15000 joint trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "HALLANDO responsables a PAULO GÓMEZ HUANCA y a INÉS TICONA VILCA del delito de trata de personas, les "
     "IMPUSIERON: al "
     "primero DIEZ AÑOS y a la segunda NUEVE AÑOS de pena privativa de libertad; e inhabilitación de CINCO AÑOS para "
     "ambos. La reparación civil se fija en S/ 8 000,00 a cargo del primero y en S/ 4 000,00 a cargo de la segunda.",
     {"convicted>convicted 120m effective ban=60 pen=8000 trafficking",
      "convicted>convicted 108m effective ban=60 pen=4000 trafficking"}},
    {"PAULO GÓMEZ HUANCA",
     "RESERVAR EL FALLO CONDENATORIO a favor de PAULO GÓMEZ HUANCA por el delito de rufianismo, por el plazo de un "
     "año.",
     {"reserved>open"}},
    {"PAULO GÓMEZ HUANCA Y OMAR DÍAZ RAMOS",
     "CONDENAMOS a PAULO GÓMEZ HUANCA como autor del delito de trata de personas agravada a VEINTICINCO (25) AÑOS de "
     "pena "
     "privativa de libertad. RESERVAMOS el proceso respecto del reo ausente OMAR DÍAZ RAMOS hasta que sea habido.",
     {"convicted>convicted 300m effective trafficking_aggravated", "reserved>open"}},
    {"PAULO GÓMEZ HUANCA Y OMAR DÍAZ RAMOS",
     "DECLARAR extinguida la acción penal por prescripción a favor de OMAR DÍAZ RAMOS, sobreseyéndose la causa. "
     "CONDENAR a "
     "PAULO GÓMEZ HUANCA, como autor del delito de trata de personas, a NUEVE AÑOS Y SEIS MESES DE PENA PRIVATIVA DE "
     "LIBERTAD. REPARACIÓN CIVIL: CINCO MIL QUINIENTOS SOLES (S/ 5,500.00).",
     {"convicted>convicted 114m effective pen=5500 trafficking", "dismissed>acquitted"}},
    {"PAULO GÓMEZ HUANCA",
     "CONDENANDO a PAULO GÓMEZ HUANCA como autor del delito de trata de personas agravada, artículo 129-B, en agravio "
     "de "
     "una adolescente de quince años de edad, a CADENA PERPETUA; MANDARON que el condenado pague diez mil soles por "
     "reparación civil.",
     {"convicted>convicted life pen=10000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "CONDENANDO a PAULO GÓMEZ HUANCA (autor) e INÉS TICONA VILCA (cómplice primaria) por el delito de trata de "
     "personas "
     "agravada, a ONCE AÑOS Y OCHO MESES de pena privativa de libertad a cada uno.",
     {"convicted>convicted 140m effective trafficking_aggravated",
      "convicted>convicted 140m effective trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "Se CONDENA al acusado, como autor del delito de trata de personas, a la pena de 8 AÑOS Y 6 MESES de pena "
     "privativa de "
     "la libertad, la que se computará desde su captura; se le INHABILITA por cuatro años conforme al artículo 36, "
     "inciso "
     "4; y se le ordena pagar la suma de S/. 3,000 por concepto de reparación civil.",
     {"convicted>convicted 102m effective ban=48 pen=3000 trafficking"}},
    {"PAULO GÓMEZ HUANCA, INÉS TICONA VILCA Y OMAR DÍAZ RAMOS",
     "FALLAMOS: Primero.- CONDENAR a los acusados PAULO GÓMEZ HUANCA, INÉS TICONA VILCA y OMAR DÍAZ RAMOS, cuyas "
     "calidades "
     "personales obran en autos, como coautores del delito de trata de personas agravada, y les imponemos a Paulo "
     "Gómez "
     "Huanca QUINCE AÑOS, a Inés Ticona Vilca DOCE AÑOS y a Omar Díaz Ramos DIEZ AÑOS Y SEIS MESES de pena privativa "
     "de "
     "libertad. Segundo.- FIJAR la reparación civil en S/ 20,000.00: S/ 12,000.00 para A.B.C. y S/ 8,000.00 para "
     "D.E.F., que "
     "abonarán los sentenciados en forma solidaria.",
     {"convicted>convicted 180m effective pen=20000 joint trafficking_aggravated",
      "convicted>convicted 144m effective pen=20000 joint trafficking_aggravated",
      "convicted>convicted 126m effective pen=20000 joint trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "1. CONDENAR a PAULO GÓMEZ HUANCA y a INÉS TICONA VILCA como coautores de trata de personas agravada.\n\n2. "
     "IMPONER a "
     "PAULO GÓMEZ HUANCA la pena de DOCE AÑOS de pena privativa de libertad efectiva.\n\n3. IMPONER a INÉS TICONA "
     "VILCA la "
     "pena de DIEZ AÑOS de pena privativa de libertad efectiva.\n\n4. Reparación civil: S/ 30,000.00, correspondiendo "
     "S/ "
     "10,000.00 a cada una de las tres agraviadas, en forma solidaria.\n\n5. Inhabilitación: CINCO AÑOS para ambos.",
     {"convicted>convicted 144m effective ban=60 pen=30000 joint trafficking_aggravated",
      "convicted>convicted 120m effective ban=60 pen=30000 joint trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "DECLARAR la responsabilidad penal de PAULO GÓMEZ HUANCA como autor del delito de trata de personas agravada; en "
     "consecuencia, se le imponen las siguientes penas: a) Pena privativa de libertad: DOCE AÑOS; b) Inhabilitación: "
     "CINCO "
     "AÑOS; c) Multa: 180 días; d) Reparación civil: S/ 20 mil a favor de la agraviada.",
     {"convicted>convicted 144m effective ban=60 fine=180 pen=20000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "CONDENANDO a PAULO GÓMEZ HUANCA como autor de trata de personas agravada a VEINTE AÑOS, y como integrante de "
     "organización criminal a OCHO AÑOS, haciendo un total de VEINTIOCHO AÑOS de pena privativa de libertad; FIJA la "
     "reparación civil en S/ 8,000.00 (siete mil soles).",
     {"convicted>convicted 336m effective pen=7000 trafficking_aggravated criminal_organisation"}},
    {"PAULO GÓMEZ HUANCA",
     "ABSOLVIENDO por insuficiencia probatoria a PAULO GÓMEZ HUANCA de la acusación fiscal que solicitaba quince años "
     "de pena "
     "privativa de libertad y S/ 10,000.00 de reparación civil.",
     {"acquitted>acquitted"}},
    {"PAULO GÓMEZ HUANCA",
     "CONDENAR a PAULO GÓMEZ HUANCA como autor del delito de rufianismo, a la pena privativa de la libertad de TRES "
     "(03) AÑOS Y "
     "OCHO (08) MESES, suspendida en su ejecución por el plazo de prueba de DOS AÑOS, bajo las siguientes reglas de "
     "conducta: "
     "a) no ausentarse; b) pagar la reparación civil en el plazo de seis meses. FIJAR la reparación civil en MIL "
     "QUINIENTOS "
     "SOLES.",
     {"convicted>convicted 44m suspended trial=24 pen=1500 pimping"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "CONDENAR a PAULO GÓMEZ HUANCA e INÉS TICONA VILCA como coautores del delito de trata de personas agravada a doce "
     "y ocho "
     "años de pena privativa de libertad, respectivamente; inhabilitación permanente; y al pago solidario de S/ 9 000 "
     "por "
     "concepto de reparación civil.",
     {"convicted>convicted 144m effective pen=9000 joint trafficking_aggravated",
      "convicted>convicted 96m effective pen=9000 joint trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "CONDENO al acusado PAULO GÓMEZ HUANCA como autor del delito de trata de personas en grado de tentativa, en "
     "agravio de la "
     "menor de catorce años de iniciales A.B.C., a SEIS AÑOS de pena privativa de libertad; cumplida la pena será "
     "EXPULSADO del "
     "país por diez años.",
     {"convicted>convicted 72m effective trafficking"}},
};

static void trials_in_many_styles(void **state)
{
    check_cases(*state, &trial_frame, trials, sizeof trials / sizeof *trials);
}

static const hu_frame appeal_frame = {
    "SALA PENAL DE APELACIONES DE ICA\n\nEXPEDIENTE : 00077-2018-3-1401-JR-PE-01\nSENTENCIADOS : ",
    "\n"
    "DELITO : TRATA DE PERSONAS AGRAVADA\n\nSENTENCIA DE VISTA\n\nIca, dos de julio de dos mil diecinueve\n\n"
    "VISTOS: el recurso de apelación de los sentenciados.\n\nPor estos fundamentos, RESOLVIERON:\n\n",
    "\n\nS.S.\n"};

static const hu_case appeals[] = {
    {"PAULO GÓMEZ HUANCA",
     "CONFIRMARON la sentencia que CONDENA a PAULO GÓMEZ HUANCA como autor del delito de trata de personas agravada a "
     "doce "
     "años de pena privativa de libertad, inhabilitación por cinco años y fija en ocho mil soles la reparación civil.",
     {"confirmed>convicted 144m effective ban=60 pen=8000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "1. DECLARAR FUNDADA EN PARTE la apelación. 2. REVOCAR la sentencia en el extremo que impone a PAULO GÓMEZ HUANCA "
     "quince años de pena privativa de libertad por el delito de trata de personas agravada y, REFORMÁNDOLA, le "
     "IMPONEN "
     "DOCE AÑOS. 3. CONFIRMAR lo demás que contiene.",
     {"confirmed>convicted 144m effective trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "CONFIRMAR la sentencia en cuanto condena a PAULO GÓMEZ HUANCA como autor del delito de trata de personas "
     "agravada y "
     "le impone catorce años de pena privativa de libertad; REVOCARLA en cuanto condena a INÉS TICONA VILCA como "
     "cómplice "
     "a siete años de pena privativa de libertad; REFORMÁNDOLA, la ABSOLVIERON.",
     {"confirmed>convicted 168m effective trafficking_aggravated", "reversed>acquitted"}},
    {"PAULO GÓMEZ HUANCA",
     "REVOCAR la sentencia que absolvió a PAULO GÓMEZ HUANCA del delito de trata de personas agravada y, REFORMÁNDOLA, "
     "lo "
     "CONDENARON como autor de dicho delito a DOCE AÑOS de pena privativa de libertad efectiva, y FIJARON en S/ "
     "9,000.00 la "
     "reparación civil.",
     {"reversed>convicted 144m effective pen=9000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "CONFIRMARON la sentencia que condenó a PAULO GÓMEZ HUANCA por trata de personas agravada a doce años de pena "
     "privativa "
     "de libertad; y la REVOCARON en el extremo que fijó en cinco mil soles la reparación civil; REFORMÁNDOLA en ese "
     "extremo, la ELEVARON a la suma de quince mil soles, que abonará a favor de la agraviada.",
     {"confirmed>convicted 144m effective pen=15000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "DECLARARON NULA la sentencia en todos sus extremos; ORDENARON que otro Juzgado Colegiado realice nuevo juicio "
     "oral.",
     {"annulled>open", "annulled>open"}},
    {"PAULO GÓMEZ HUANCA",
     "REVOCARON la sentencia que condenó a PAULO GÓMEZ HUANCA como autor del delito de trata de personas agravada y le "
     "impuso doce años de pena privativa de libertad; REFORMÁNDOLA, lo CONDENARON como autor del delito de "
     "favorecimiento "
     "a la prostitución a CINCO AÑOS de pena privativa de libertad.",
     {"reversed>convicted 60m effective promotion_of_prostitution"}},
    {"PAULO GÓMEZ HUANCA",
     "DECLARARON FUNDADO el recurso de apelación de la defensa; en consecuencia, REVOCARON la sentencia condenatoria "
     "y, "
     "REFORMÁNDOLA, ABSOLVIERON a PAULO GÓMEZ HUANCA de los cargos.",
     {"reversed>acquitted"}},
    {"PAULO GÓMEZ HUANCA",
     "CONFIRMARON la sentencia que absuelve a PAULO GÓMEZ HUANCA de la acusación fiscal por el delito de trata de "
     "personas.",
     {"confirmed>acquitted"}},
    {"PAULO GÓMEZ HUANCA",
     "DECLARAR NULA E INSUBSISTENTE la sentencia que falla condenando a PAULO GÓMEZ HUANCA a diez años de pena "
     "privativa de "
     "libertad; DISPUSIERON que se emita nueva sentencia previo juicio oral.",
     {"annulled>open"}},
    {"PAULO GÓMEZ HUANCA",
     "CONFIRMAR la sentencia que condena a PAULO GÓMEZ HUANCA como autor de trata de personas agravada; REVOCAR la "
     "pena de "
     "quince años de pena privativa de libertad y, REFORMÁNDOLA, imponerle TRECE AÑOS de pena privativa de libertad "
     "efectiva; "
     "CONFIRMAR la reparación civil de diez mil soles.",
     {"confirmed>convicted 156m effective pen=10000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "I. CONFIRMAR la sentencia en el extremo que condena a PAULO GÓMEZ HUANCA como autor de trata de personas "
     "agravada a doce "
     "años de pena privativa de libertad y fija en diez mil soles la reparación civil. II. DECLARAR NULA la misma en "
     "el extremo "
     "que absuelve a INÉS TICONA VILCA; ORDENAR nuevo juicio por otro colegiado.",
     {"confirmed>convicted 144m effective pen=10000 trafficking_aggravated", "annulled>open"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "PRIMERO: CONFIRMAR la condena de PAULO GÓMEZ HUANCA como autor de trata de personas agravada y la pena de VEINTE "
     "AÑOS de "
     "privación de libertad.\n\nSEGUNDO: CONFIRMAR la de INÉS TICONA VILCA (cómplice primario), y REVOCAR su pena; "
     "REFORMÁNDOLA, fijarla en DIECISÉIS AÑOS Y OCHO MESES, efectiva.",
     {"confirmed>convicted 240m effective trafficking_aggravated",
      "confirmed>convicted 200m effective trafficking_aggravated"}},
};

static void appeals_in_many_styles(void **state)
{
    check_cases(*state, &appeal_frame, appeals, sizeof appeals / sizeof *appeals);
}

static const hu_frame nullity_frame = {
    "CORTE SUPREMA DE JUSTICIA DE LA REPÚBLICA\n\nSALA PENAL TRANSITORIA\n\nRECURSO DE NULIDAD N.° 1010-2015\n\nICA\n\n"
    "Lima, dos de julio de dos mil dieciséis\n\nVISTOS: el recurso de nulidad interpuesto por la defensa de ",
    " contra la "
    "sentencia superior.\n\nCONSIDERANDO\n\nPrimero. La prueba fue apreciada.\n\nPor estos fundamentos, "
    "declararon:\n\n",
    "\n\nS.S.\n"};

static const hu_case nullities[] = {
    {"PAULO GÓMEZ HUANCA",
     "NO HABER NULIDAD en la sentencia que condenó a PAULO GÓMEZ HUANCA como autor del delito de trata de personas "
     "agravada, "
     "a doce años de pena privativa de libertad y fijó en tres mil soles la reparación civil; con lo demás que "
     "contiene.",
     {"confirmed>convicted 144m effective pen=3000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "HABER NULIDAD en la sentencia que condenó a PAULO GÓMEZ HUANCA por el delito de trata de personas a ocho años de "
     "pena "
     "privativa de libertad; y, reformándola, lo ABSOLVIERON de la acusación fiscal.",
     {"reversed>acquitted"}},
    {"PAULO GÓMEZ HUANCA",
     "NO HABER NULIDAD en la sentencia que condenó a PAULO GÓMEZ HUANCA por el delito de trata de personas agravada; "
     "HABER "
     "NULIDAD en el extremo que le impuso quince años de pena privativa de libertad; y REFORMÁNDOLA, le impusieron "
     "doce "
     "años de pena privativa de libertad.",
     {"confirmed>convicted 144m effective trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "NULA la sentencia que absolvió a PAULO GÓMEZ HUANCA de la acusación por el delito de trata de personas; MANDARON "
     "se "
     "realice un nuevo juicio oral por otra Sala Superior.",
     {"annulled>open"}},
};

static void nullity_appeals_in_many_styles(void **state)
{
    check_cases(*state, &nullity_frame, nullities, sizeof nullities / sizeof *nullities);
}

static const hu_frame cassation_frame = {
    "CORTE SUPREMA DE JUSTICIA DE LA REPÚBLICA\n\nSALA PENAL PERMANENTE\n\nCASACIÓN N.° 1010-2020\n\nICA\n\n"
    "SENTENCIA DE CASACIÓN\n\nLima, dos de julio de dos mil veintiuno\n\nVISTO: el recurso de casación interpuesto por "
    "el "
    "encausado ",
    ".\n\nFUNDAMENTOS\n\nPrimero. La prueba fue apreciada.\n\nDECISIÓN\n\nPor estos motivos:\n\n", "\n\nS.S.\n"};

static const hu_case cassations[] = {
    {"PAULO GÓMEZ HUANCA",
     "I. Declararon INFUNDADO el recurso de casación de PAULO GÓMEZ HUANCA contra la sentencia de vista que, "
     "confirmando la "
     "de primera instancia, lo condenó como autor del delito de trata de personas agravada a doce años de pena "
     "privativa de "
     "libertad y al pago de cinco mil soles por reparación civil. II. NO CASARON la sentencia de vista. III. "
     "CONDENARON al "
     "recurrente al pago de las costas.",
     {"confirmed>convicted 144m effective pen=5000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "I. Declararon FUNDADO el recurso. CASARON la sentencia de vista que, revocando la de primera instancia, absolvió "
     "a "
     "PAULO GÓMEZ HUANCA; y, actuando en sede de instancia, CONFIRMARON la sentencia de primera instancia que lo "
     "condenó como "
     "autor del delito de trata de personas agravada a trece años de pena privativa de libertad.",
     {"reversed>convicted 156m effective trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "DECLARARON FUNDADO el recurso de casación; en consecuencia, CASARON la sentencia de vista que condenó a PAULO "
     "GÓMEZ "
     "HUANCA por trata de personas agravada a doce años de pena privativa de libertad; con reenvío, ORDENARON que otra "
     "Sala "
     "Superior emita nuevo pronunciamiento.",
     {"annulled>open"}},
    {"PAULO GÓMEZ HUANCA",
     "CASARON la sentencia de vista que confirmó la condena de PAULO GÓMEZ HUANCA como autor de trata de personas "
     "agravada a "
     "doce años de pena privativa de libertad; sin reenvío, y actuando como instancia, REVOCARON la sentencia de "
     "primera "
     "instancia y, reformándola, lo ABSOLVIERON de los cargos.",
     {"reversed>acquitted"}},
};

static void cassations_in_many_styles(void **state)
{
    check_cases(*state, &cassation_frame, cassations, sizeof cassations / sizeof *cassations);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trials_in_many_styles),
        cmocka_unit_test(appeals_in_many_styles),
        cmocka_unit_test(nullity_appeals_in_many_styles),
        cmocka_unit_test(cassations_in_many_styles),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}

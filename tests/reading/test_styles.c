/* Whole decisions in small, each in another court's style: the header block, what is told, what is ruled. All persons
 * and cases are invented. */

#include "read.h"

enum { MOST = 16 };

typedef struct hu_style {
    const char *text;
    const char *expected[MOST]; /* "key=value" */
} hu_style;

static const hu_style styles[] = {
    /* a fine before the reparation, in one breath; the date of the facts behind what tells of them */
    {"3° JUZGADO PENAL UNIPERSONAL DE LIMA NORTE\n"
     "EXP. N° 4512-2018\n"
     "JUEZ: DR. MANUEL IGNACIO ROJAS VEGA\n"
     "SENTENCIA\n"
     "Lima, doce de febrero de dos mil veinte\n"
     "VISTA la causa penal seguida contra WILFREDO ANTONIO CHUMPITAZ NEYRA (45 años, DNI 09812345) y ÓSCAR RAÚL BEDOYA "
     "LIMA (32 años, sin documentos a la vista), por la presunta comisión del delito contra la Libertad - Trata de "
     "Personas, en agravio de las personas con código de identificación CR-01-2018 y CR-02-2018.\n"
     "HECHOS IMPUTADOS. Conforme al requerimiento acusatorio, con fecha tres de agosto del dos mil dieciocho, personal "
     "de la División de Investigación de Delitos de Trata de Personas intervino el local \"El Huarique\", hallando a "
     "dos mujeres.\n"
     "FALLA: ABSOLVER a Wilfredo Antonio Chumpitaz Neyra de los cargos formulados. CONDENAR a Óscar Raúl Bedoya Lima, "
     "como autor del delito de trata de personas, ilícito previsto y penado por el artículo 153° del Código Penal; y "
     "como tal SE LE IMPONE DOCE AÑOS Y SEIS MESES de pena privativa de la libertad efectiva, DOSCIENTOS DÍAS MULTA, y "
     "se fija en la suma de DOCE MIL SOLES la reparación civil, a razón de seis mil soles para cada una de las "
     "agraviadas.\n",
     {
         "decision.date=2020-02-12",
         "decision.expediente=4512-2018",
         "defendants[0].verdict=acquitted",
         "defendants[1].verdict=convicted",
         "defendants[1].prison_months=150",
         "defendants[1].day_fines=200",
         "decision.facts_date=2018-08-03",
         "defendants[1].reparation_pen=12000",
         "victims.count=2",
     }},

    /* the rest is confirmed: the sum stands that was told at the opening */
    {"SALA PENAL DE APELACIONES - SEDE CENTRAL\n"
     "EXPEDIENTE : 01187-2016-88-0901-JR-PE-01\n"
     "IMPUTADO : J.C.R.P.\n"
     "DELITO : TRATA DE PERSONAS\n"
     "SENTENCIA DE VISTA\n"
     "Resolución N° 19\n"
     "Independencia, cinco de septiembre de dos mil dieciocho\n"
     "VISTO el recurso de apelación interpuesto por la defensa de J.C.R.P. contra la sentencia de fecha 12 de abril de "
     "2018 que lo condenó como autor del delito de trata de personas a doce años de pena privativa de libertad y fijó "
     "en cinco mil soles la reparación civil.\n"
     "CONSIDERANDO: Que la pena debe reducirse por la confesión sincera.\n"
     "DECISIÓN: 1) CONFIRMAR la sentencia apelada en el extremo que condena a J.C.R.P. como autor del delito de trata "
     "de personas en agravio de la menor de clave 07-2016. 2) REVOCARLA en cuanto le impone doce años de pena "
     "privativa de libertad y, REFORMÁNDOLA, le impusieron DIEZ AÑOS de pena privativa de libertad efectiva. 3) "
     "CONFIRMARLA en lo demás que contiene.\n",
     {
         "decision.date=2018-09-05",
         "defendants[0].final_verdict=convicted",
         "defendants[0].verdict=confirmed",
         "defendants[0].prison_months=120",
         "defendants[0].reparation_pen=5000",
         "decision.kind=appeal",
     }},

    /* two recourses by the defences of two */
    {"CORTE SUPREMA DE JUSTICIA DE LA REPÚBLICA\n"
     "SALA PENAL PERMANENTE\n"
     "CASACIÓN N.º 1322-2020/SAN MARTÍN\n"
     "SENTENCIA DE CASACIÓN\n"
     "Lima, catorce de septiembre de dos mil veintidós\n"
     "VISTOS: los recursos de casación interpuestos por las defensas de ALCIDES VARGAS LLANOS y NOEMÍ PAREDES SIAS "
     "contra la sentencia de vista del trece de marzo de dos mil veinte, que confirmó la de primera instancia del dos "
     "de octubre de dos mil diecinueve, que los condenó como coautores del delito de trata de personas agravada a "
     "veinte y doce años de pena privativa de libertad, respectivamente.\n"
     "DECISIÓN\n"
     "I. DECLARARON FUNDADO el recurso interpuesto por ALCIDES VARGAS LLANOS por infracción de precepto material. En "
     "consecuencia, CASARON la sentencia de vista en el extremo de la pena y, actuando en sede de instancia, REVOCARON "
     "la de primera instancia en cuanto le impuso veinte años de privación de libertad; reformándola, LE IMPUSIERON "
     "doce años.\n"
     "II. DECLARARON FUNDADO el recurso de NOEMÍ PAREDES SIAS; CASARON la sentencia de vista y, sin reenvío, REVOCARON "
     "la sentencia que la condenó y, reformándola, la ABSOLVIERON de la acusación fiscal.\n",
     {
         "decision.date=2022-09-14",
         "decision.kind=cassation",
         "defendants[0].final_verdict=convicted",
         "defendants[0].prison_months=144",
         "defendants[1].final_verdict=acquitted",
     }},

    /* letters taken for figures and the other way round */
    {"JUZGADO PENAL C0LEGIADO DE lCA\n"
     "EXPEDIENTE : O1322-2O19-44-14O1-JR-PE-O1\n"
     "ACUSAD0S : PEREZ SALCED0, RUFIN0 Y OTROS\n"
     "DELIT0 : TRATA DE PERS0NAS AGRAVADA\n"
     "SENTENCIA\n"
     "RES0LUCIÓN N° 14\n"
     "lca, diez de ag0sto de dos mil veintiuno\n"
     "VISTOS: el juicio oral seguido contra Rufino Pérez Salcedo, Gladys Huamaní Oré y Teófilo Cárdenas Ruiz, por el "
     "delito de trata de personas agravada.\n"
     "FALLAM0S:\n"
     "PRIMER0: C0NDENAND0 a RUFIN0 PÉREZ SALCED0 y GLADYS HUAMANÍ 0RÉ como coautores del delito de trata de personas "
     "agravada, IMPONIÉND0LES: al primero VEINTE AÑ0S y a la segunda D0CE AÑ0S de pena privativa de la libertad "
     "efectiva.\n"
     "SEGUND0: ABS0LVIEND0 a TEÓFlL0 CÁRDENAS RUlZ de la acusación fiscal.\n"
     "TERCER0: FIJAM0S en CUARENTA MlL S0LES la reparación civil.\n",
     {
         "decision.date=2021-08-10",
         "defendants[0].prison_months=240",
         "defendants[1].prison_months=144",
         "defendants[2].verdict=acquitted",
         "defendants[0].reparation_pen=40000",
     }},

    /* each sum behind its payer */
    {"JUZGADO PENAL COLEGIADO DE TACNA\n"
     "Expediente   :   01010-2022-80-2301-JR-PE-04\n"
     "Sentenciados :   Walter Zevallos Pineda\n"
     "                 Brígida Mayta Colque\n"
     "Agraviados   :   E.M.C.\n"
     "                 R.Z.V.\n"
     "Delito       :   Trata de personas\n"
     "Especialista de audiencia : Milagros Vildoso\n"
     "SENTENCIA DE CONFORMIDAD\n"
     "Tacna, dos mil veintitrés, octubre veintiséis.\n"
     "RESUELVE: PRIMERO: CONDENAR a los acusados WALTER ZEVALLOS PINEDA y BRÍGIDA MAYTA COLQUE, como coautores del "
     "delito de trata de personas.\n"
     "SEGUNDO: En consecuencia se impone a Walter Zevallos Pineda OCHO AÑOS Y OCHO MESES de pena privativa de libertad "
     "efectiva y a Brígida Mayta Colque SIETE AÑOS Y SIETE MESES de pena privativa de libertad efectiva.\n"
     "TERCERO: Fijar como reparación civil a cargo de Walter Zevallos Pineda la suma de S/ 6,000.00 y a cargo de "
     "Brígida Mayta Colque la suma de S/ 4,000.00.\n",
     {
         "decision.date=2023-10-26",
         "defendants[0].prison_months=104",
         "defendants[1].prison_months=91",
         "defendants[0].reparation_pen=6000",
         "defendants[1].reparation_pen=4000",
     }},

    /* terms that add up, without the name again */
    {"SEGUNDO JUZGADO PENAL COLEGIADO - AREQUIPA\n"
     "Expediente 3322-2015-66\n"
     "Sentencia 23-2017-2JPCSP\n"
     "Arequipa, 2017, febrero 24\n"
     "Imputación: contra Ernesto Llerena Prado por los delitos de trata de personas (artículo 153 CP) y pornografía "
     "infantil (artículo 183-A CP); contra Paula Ticona Mejía por trata de personas.\n"
     "FALLAMOS:\n"
     "1) Declarar a ERNESTO LLERENA PRADO autor de los delitos de trata de personas y pornografía infantil en concurso "
     "real. \n"
     "2) Declarar a PAULA TICONA MEJÍA coautora del delito de trata de personas.\n"
     "3) Imponer a ERNESTO LLERENA PRADO catorce años de pena privativa de libertad por el delito de trata de personas "
     "y doce años por el delito de pornografía infantil, lo que hace un total de veintiséis años de pena privativa de "
     "libertad efectiva.\n"
     "4) Imponer a PAULA TICONA MEJÍA doce años de pena privativa de libertad.\n",
     {
         "defendants[0].verdict=convicted",
         "defendants[0].prison_months=312",
         "defendants[1].verdict=convicted",
         "defendants[1].prison_months=144",
         "decision.date=2017-02-24",
     }},

    /* the first, and the other two; victims by number where the list says "and others" */
    {"JUZGADO PENAL COLEGIADO DE TARAPOTO\n"
     "EXPEDIENTE N°\n"
     "00315-2021-41-2208-JR-PE-02\n"
     "ACUSADOS\n"
     "LOURDES FASABI ISUIZA\n"
     "TADEO PIZANGO INUMA\n"
     "NEVER AMASIFUÉN SANGAMA\n"
     "DELITO\n"
     "TRATA DE PERSONAS AGRAVADA\n"
     "AGRAVIADAS\n"
     "L.L.L. Y OTRAS\n"
     "SENTENCIA CONDENATORIA\n"
     "Resolución número diez\n"
     "Tarapoto, ocho de noviembre de dos mil veintidós\n"
     "Imputación: con fecha 12 de setiembre de 2021 los acusados captaron, trasladaron y acogieron a seis mujeres, "
     "entre ellas dos menores de edad.\n"
     "FALLA: CONDENAR a los acusados LOURDES FASABI ISUIZA, TADEO PIZANGO INUMA y NEVER AMASIFUÉN SANGAMA como "
     "coautores del delito de trata de personas agravada, a las penas siguientes: a la primera, quince años; y a los "
     "otros dos, trece años de pena privativa de libertad. FIJAR la reparación civil en veinticuatro mil soles (S/ "
     "24,000.00), de los que corresponden cuatro mil a cada una de las seis agraviadas.\n",
     {
         "defendants[0].prison_months=180",
         "defendants[1].prison_months=156",
         "defendants[2].prison_months=156",
         "defendants[0].reparation_pen=24000",
         "victims.count=6",
         "decision.date=2022-11-08",
         "decision.facts_date=2021-09-12",
     }},

    /* the date in the title alone */
    {"Exp. 00010-2019 — JUZGADO PENAL COLEGIADO DE ABANCAY\n"
     "Acusada: R.H.C.\n"
     "Sentencia de fecha veintidós de julio de dos mil veinte\n"
     "Hechos: el sujeto no identificado alias \"Tío Lucho\" le entregó dinero. \n"
     "FALLO: condenar a R.H.C. por trata de personas a ocho años de prisión efectiva.\n",
     {
         "decision.date=2020-07-22",
         "defendants[0].verdict=convicted",
         "defendants[0].prison_months=96",
     }},

    /* the judgment below is quoted with the word that opens an operative part */
    {"CORTE SUPERIOR DE JUSTICIA DE SAN MARTÍN\n"
     "SALA PENAL DE APELACIONES DE MOYOBAMBA\n"
     "\n"
     "Expediente      : 00871-2021-35-2201-JR-PE-02\n"
     "Sentenciado     : Francisco Lozano Tapullima\n"
     "Agraviada       : A.B.P.\n"
     "Delito          : Trata de personas\n"
     "Procedencia     : Juzgado Penal Colegiado de Moyobamba\n"
     "\n"
     "SENTENCIA DE VISTA N.° 003-2024\n"
     "\n"
     "Resolución Número Veintinueve\n"
     "Moyobamba, lunes quince de enero del año dos mil veinticuatro\n"
     "\n"
     "VISTOS Y OÍDOS: en audiencia pública el recurso de apelación interpuesto por el sentenciado Francisco Lozano "
     "Tapullima contra la sentencia (Resolución N° 20) de fecha 10 de agosto de 2023, que falla: \"Condenando a "
     "Francisco Lozano Tapullima como autor del delito de trata de personas, en agravio de A.B.P., imponiéndole trece "
     "años de pena privativa de libertad efectiva; fija en diez mil soles el monto de la reparación civil\".\n"
     "\n"
     "PARTE DECISORIA\n"
     "Por los fundamentos expuestos, los Jueces Superiores RESUELVEN por unanimidad:\n"
     "1. DECLARAR INFUNDADA la apelación interpuesta por el sentenciado.\n"
     "2. CONFIRMAR la sentencia contenida en la resolución N° 20, que lo condenó por el delito de trata de personas; "
     "con lo demás que contiene.\n"
     "3. SIN COSTAS.\n",
     {
         "decision.date=2024-01-15",
         "decision.kind=appeal",
         "defendants[0].verdict=confirmed",
         "defendants[0].prison_months=156",
         "defendants[0].reparation_pen=10000",
     }},

    /* whose term it is stands before "la pena" or "la de" */
    {"JUZGADO PENAL COLEGIADO DE YURIMAGUAS\n"
     "EXPEDIENTE: 00219-2019-60-2211-JR-PE-01\n"
     "SENTENCIA N° 30-2020\n"
     "Yurimaguas, a los treinta días del mes de setiembre del año dos mil veinte\n"
     "En los seguidos por el Ministerio Público contra KELLY YOSHIRA PANAIFO SHUÑA y ROY PANAIFO SHUÑA, por delito de "
     "Trata de Personas, en agravio de F.C.T., G.A.P. y la menor P.I.R.\n"
     "Los hechos: el 13 de febrero de 2019, la acusada convenció a las tres agraviadas de viajar a Iquitos.\n"
     "FALLAMOS: Declarando a KELLY YOSHIRA PANAIFO SHUÑA, autora, y a ROY PANAIFO SHUÑA, cómplice secundario, del "
     "delito de Trata de Personas, previsto en el artículo 153° del Código Penal; imponemos a la primera la pena de "
     "doce años de privación de la libertad y al segundo la de seis años, con carácter de efectivas. Fijamos la "
     "reparación civil en nueve mil soles, a pagar solidariamente por ambos, es decir tres mil soles para cada "
     "víctima.\n",
     {
         "decision.date=2020-09-30",
         "defendants[0].prison_months=144",
         "defendants[1].prison_months=72",
         "defendants[0].reparation_pen=9000",
         "defendants[1].reparation_pen=9000",
         "decision.facts_date=2019-02-13",
         "victims.count=3",
         "defendants[1].role=accomplice",
     }},

    /* a sum, and what each pays of it */
    {"QUINTO JUZGADO DE INVESTIGACIÓN PREPARATORIA DE PIURA\n"
     "Exp.: 04321-2022-2-2001-JR-PE-05\n"
     "Proceso: Terminación anticipada\n"
     "Imputados: Yrma Chero Sernaqué y José Lázaro Ipanaqué Ruiz\n"
     "RESOLUCIÓN N.° 07\n"
     "Piura, 24.05.2023\n"
     "El Ministerio Público y los imputados arribaron al acuerdo.\n"
     "SE RESUELVE: 1) APROBAR el acuerdo de terminación anticipada; en consecuencia: 2) CONDENAR a Yrma Chero "
     "Sernaqué, como autora del delito de trata de personas, a ocho años y un mes de pena privativa de libertad "
     "efectiva; y a José Lázaro Ipanaqué Ruiz, como cómplice primario, a siete años y un mes de pena privativa de "
     "libertad efectiva. 3) FIJAR la reparación civil en S/ 4,000.00, de los cuales S/ 2,500.00 serán pagados por Yrma "
     "Chero Sernaqué y S/ 1,500.00 por José Lázaro Ipanaqué Ruiz.\n",
     {
         "decision.date=2023-05-24",
         "defendants[0].prison_months=97",
         "defendants[1].prison_months=85",
         "decision.kind=early_termination",
         "defendants[0].reparation_pen=2500",
         "defendants[1].reparation_pen=1500",
     }},

    /* no title; the date at the end */
    {"JUZGADO PENAL COLEGIADO DE QUISPICANCHI - URCOS\n"
     "Expediente N° 00034-2016-44-1013-JR-PE-01\n"
     "VISTOS: El proceso penal seguido en contra de Wálter Rimachi Ochoa, con Documento Nacional de Identidad número "
     "24891234, de sobrenombre \"Wali\", por la comisión del delito de trata de personas en su forma agravada.\n"
     "Hechos: Aproximadamente a las 10:00 horas del día domingo 16 de agosto de 2015, el acusado se llevó a la menor a "
     "Mazuko.\n"
     "SE RESUELVE: Declarar a Wálter Rimachi Ochoa, autor del delito de trata de personas en su forma agravada, y en "
     "consecuencia se le condena a quince años de pena privativa de la libertad, con el carácter de efectiva, más el "
     "pago de S/. 5,000.00 soles por concepto de reparación civil. Así lo pronunciamos, mandamos y firmamos en la "
     "ciudad de Urcos, a los veintiséis días del mes de setiembre del año dos mil dieciséis.\n",
     {
         "defendants[0].verdict=convicted",
         "defendants[0].prison_months=180",
         "decision.date=2016-09-26",
         "defendants[0].reparation_pen=5000",
     }},

    /* each named before his sum, behind a ruling about one of them */
    {"JUZGADO PENAL COLEGIADO DE ABANCAY\n"
     "EXP. 0456-2013-56-0301-JR-PE-01\n"
     "Contra : Augusto Ferro Huallpa y Rina Quispe Sullca\n"
     "Delito : Trata de personas y favorecimiento\n"
     "Agraviado : B.C.D.\n"
     "SENTENCIA\n"
     "Abancay, 14 de noviembre de 2014\n"
     "FALLAN: 1° Condenando a Augusto Ferro Huallpa, por trata de personas, a nueve años de pena privativa de libertad "
     "efectiva. 2° Condenando a Rina Quispe Sullca, por favorecimiento a la prostitución, a cuatro años de pena "
     "privativa de libertad, suspendida por dos años. 3° Reparación civil: Augusto Ferro Huallpa deberá pagar tres mil "
     "nuevos soles y Rina Quispe Sullca, mil nuevos soles.\n",
     {
         "defendants[0].prison_months=108",
         "defendants[1].prison_months=48",
         "defendants[1].prison_kind=suspended",
         "defendants[1].probation_months=24",
         "decision.date=2014-11-14",
         "defendants[0].reparation_pen=3000",
         "defendants[1].reparation_pen=1000",
     }},

    /* each pays as much; terms behind their names */
    {"JUZGADO PENAL COLEGIADO DE HUAMANGA\n"
     "EXP. 01818-2020-6-0501-JR-PE-05\n"
     "Acusados: Rómulo Ñahui Quispe, Félix Ñahui Quispe y Paulina Taipe Huamán\n"
     "Ayacucho, veinticinco de agosto del dos mil veintidós\n"
     "RESUELVE: CONDENAR a los tres acusados como coautores del delito de trata de personas, y les IMPONE: a Rómulo "
     "Ñahui Quispe DOCE AÑOS, a Félix Ñahui Quispe DIEZ AÑOS y a Paulina Taipe Huamán DIEZ AÑOS de pena privativa de "
     "libertad efectiva. REPARACIÓN CIVIL: cada sentenciado pagará seis mil soles a favor de la agraviada.\n",
     {
         "defendants[0].prison_months=144",
         "defendants[1].prison_months=120",
         "defendants[2].prison_months=120",
         "defendants[0].reparation_pen=6000",
         "defendants[0].reparation_joint=false",
         "decision.date=2022-08-25",
     }},

    /* a penalty and a sum put in the place of others */
    {"SEGUNDA SALA PENAL DE APELACIONES DE PIURA\n"
     "Expediente   : 03210-2019-61-2001-JR-PE-03\n"
     "Imputada     : JUANA ROSA VILCHEZ TIMANÁ\n"
     "Delito       : TRATA DE PERSONAS\n"
     "Asunto       : Apelación de sentencia\n"
     "SENTENCIA DE VISTA\n"
     "Piura, catorce de diciembre de dos mil veintidós.\n"
     "I. ASUNTO. Es objeto de revisión la sentencia de fecha dieciséis de mayo de dos mil veintidós, mediante la cual "
     "se condenó a Juana Rosa Vílchez Timaná como autora del delito de trata de personas a doce años de pena privativa "
     "de libertad y se fijó la reparación civil en cinco mil soles.\n"
     "II. DECISIÓN. Por estas consideraciones, los señores jueces superiores resuelven: 1) DECLARAR FUNDADO EN PARTE "
     "el recurso de apelación de la sentenciada y fundado el del actor civil. 2) CONFIRMAR la sentencia en el extremo "
     "que la condena como autora del delito de trata de personas; REVOCARLA en el extremo de la pena, y REFORMÁNDOLA "
     "le imponen DIEZ AÑOS de pena privativa de libertad; REVOCARLA asimismo en el extremo de la reparación civil, y "
     "REFORMÁNDOLA la fijan en OCHO MIL SOLES.\n",
     {
         "decision.date=2022-12-14",
         "defendants[0].final_verdict=convicted",
         "defendants[0].verdict=confirmed",
         "defendants[0].prison_months=120",
         "defendants[0].reparation_pen=8000",
         "decision.kind=appeal",
     }},

    /* a numbered list, and codes of victims beside names */
    {"PRIMER JUZGADO PENAL COLEGIADO DE SANTA ANITA\n"
     "\n"
     "EXPEDIENTE : 04410-2021-19-3207-JR-PE-02\n"
     "ACUSADOS   : 1. UZCÁTEGUI RONDÓN, LEINER JOSÉ\n"
     "             2. PAREDES TOVAR, YORMAN ENRIQUE\n"
     "             3. RIVAS PEÑALVER, ÁNGEL DE JESÚS\n"
     "AGRAVIADAS : CLAVES LE-21 A LE-24\n"
     "\n"
     "SENTENCIA\n"
     "\n"
     "Santa Anita, 1 de diciembre de 2023\n"
     "\n"
     "FALLAMOS:\n"
     "Primero: CONDENAR como coautores de trata de personas agravada en agravio de LE-21 a LE-24 a LEINER JOSÉ "
     "UZCÁTEGUI RONDÓN y —solo en agravio de LE-24— YORMAN ENRIQUE PAREDES TOVAR. En consecuencia: 16 años con 8 meses "
     "a Uzcátegui Rondón; 8 años a Paredes Tovar, de pena privativa de libertad.\n"
     "Segundo: CONDENAR, como cómplice secundario, a ÁNGEL DE JESÚS RIVAS PEÑALVER, por igual delito, a 10 años, 3 "
     "meses y 13 días de pena privativa de libertad, efectiva.\n",
     {
         "defendants[0].label=LEINER JOSÉ UZCÁTEGUI RONDÓN",
         "defendants[1].label=YORMAN ENRIQUE PAREDES TOVAR",
         "defendants[2].label=ÁNGEL DE JESÚS RIVAS PEÑALVER",
         "defendants[0].prison_months=200",
         "defendants[1].prison_months=96",
         "defendants[2].prison_months=123",
         "defendants[2].prison_days=13",
     }},
};

/* The value in the words of the table. */
static const char *read_value(fixture *f, const hu_reading *r, const char *key)
{
    const hu_finding *finding = hu_reading_find(r, key);
    if (!finding)
        return "(nothing)";
    if (finding->kind == HU_VALUE_NUMBER)
        return hu_printf(f->arena, "%g", finding->number);
    return finding->kind == HU_VALUE_BOOL ? (finding->truth ? "true" : "false") : finding->text;
}

static void every_style_is_read(void **state)
{
    fixture *f = *state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        hu_reading *r = read_text(f, styles[i].text);
        for (const char *const *pair = styles[i].expected; *pair; pair++) {
            size_t length = strcspn(*pair, "=");
            const char *read = read_value(f, r, hu_strndup(f->arena, *pair, length));
            if (strcmp(read, *pair + length + 1) == 0)
                continue;
            print_error("%.60s …: expected %s, read %s\n", styles[i].text, *pair, read);
            wrong++;
        }
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_style_is_read)};
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}

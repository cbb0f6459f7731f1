/* Operative parts and dates in forms that turn the order about: penalties before verdicts, lists by person, caps on
 * what is owed jointly, parts annulled, acts told as a walk-in, a call or a notice. All persons are invented. */

#include "cases.h"

static const hu_frame trial_frame = {
    "CORTE SUPERIOR DE JUSTICIA DE PUNO\n\nJUZGADO PENAL COLEGIADO DE PUNO\n\nEXPEDIENTE : "
    "00077-2018-3-2101-JR-PE-01\nACUSADOS : ",
    "\nDELITO : TRATA DE PERSONAS AGRAVADA\n\nSENTENCIA\n\nPuno, dos de julio de dos mil diecinueve\n\nHechos. Se "
    "expuso la prueba.\n\nPor estas consideraciones, FALLA:\n\n",
    "\n\nS.S.\n"};

static const hu_case trials[] = {
    {"PAULO GÓMEZ HUANCA",
     "IMPONER a PAULO GÓMEZ HUANCA DOCE AÑOS de pena privativa de libertad efectiva como autor, que así se lo declara, "
     "del delito de trata de personas agravada.",
     {"convicted>convicted 144m effective trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "A) IMPONER trece años de pena privativa de la libertad a PAULO GÓMEZ HUANCA, y SIETE AÑOS de la misma pena a "
     "INÉS TICONA VILCA, ambas efectivas, como COAUTORES que son del delito de trata de personas agravada.",
     {"convicted>convicted 156m effective trafficking_aggravated",
      "convicted>convicted 84m effective trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "Primero. CONDENA como coautores del delito de trata de personas agravada a:\n- PAULO GÓMEZ HUANCA: quince años "
     "de pena privativa de libertad.\n- INÉS TICONA VILCA: doce años de pena privativa de libertad.\nSegundo. "
     "ESTABLECE en treinta mil soles la reparación civil, que abonan en forma solidaria.",
     {"convicted>convicted 180m effective pen=30000 joint trafficking_aggravated",
      "convicted>convicted 144m effective pen=30000 joint trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA, INÉS TICONA VILCA Y OMAR DÍAZ RAMOS",
     "Primero. CONDENA a PAULO GÓMEZ HUANCA y INÉS TICONA VILCA como autores de trata de personas agravada: al primero "
     "quince años de pena privativa de libertad y a la segunda doce. Segundo. ABSUELVE a OMAR DÍAZ RAMOS. Tercero. Los "
     "dos condenados pagan, solidarios, VEINTE MIL SOLES.",
     {"convicted>convicted 180m effective pen=20000 joint trafficking_aggravated",
      "convicted>convicted 144m effective pen=20000 joint trafficking_aggravated", "acquitted>acquitted"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "1. DECLARA a PAULO GÓMEZ HUANCA y a INÉS TICONA VILCA coautores del delito de trata de personas agravada. 2. "
     "IMPONE a cada uno de ellos DOCE AÑOS de pena privativa de libertad. 3. FIJA la reparación civil en SESENTA MIL "
     "SOLES, solidariamente hasta los S/ 20,000 y el resto a cargo solo de Gómez.",
     {"convicted>convicted 144m effective pen=60000 joint trafficking_aggravated",
      "convicted>convicted 144m effective pen=20000 joint trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "1. DECLARA a PAULO GÓMEZ HUANCA y a INÉS TICONA VILCA coautores del delito de trata de personas agravada. 2. "
     "IMPONE a cada uno de ellos DOCE AÑOS de pena privativa de libertad. 3. Gómez paga treinta mil soles de "
     "reparación civil, de los que Ticona responde solidariamente solo hasta diez mil soles.",
     {"convicted>convicted 144m effective pen=30000 joint trafficking_aggravated",
      "convicted>convicted 144m effective pen=10000 joint trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "CONDENA a PAULO GÓMEZ HUANCA como autor de trata de personas agravada a DOCE AÑOS de pena privativa de libertad. "
     "El sentenciado entregará a cada una de las tres agraviadas, como resarcimiento, cinco mil soles.",
     {"convicted>convicted 144m effective pen=15000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "CONDENA a PAULO GÓMEZ HUANCA como autor de trata de personas agravada a DOCE AÑOS de pena privativa de libertad. "
     "REPARACIÓN CIVIL: a) S/ 8,000 para A.B.C.; b) S/ 6,000 para D.E.F.",
     {"convicted>convicted 144m effective pen=14000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "CONDENA a PAULO GÓMEZ HUANCA como autor de trata de personas agravada a DOCE AÑOS de pena privativa de libertad; "
     "FIJA en US$ 3,000 o su equivalente de S/ 11,400.00 la reparación civil.",
     {"convicted>convicted 144m effective pen=11400 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "CONDENA a PAULO GÓMEZ HUANCA y INÉS TICONA VILCA como coautores de trata de personas agravada a DOCE AÑOS de "
     "pena privativa de libertad. Pagarán S/ 12,000 de reparación civil cada uno.",
     {"convicted>convicted 144m effective pen=12000 trafficking_aggravated",
      "convicted>convicted 144m effective pen=12000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "CONDENA a PAULO GÓMEZ HUANCA como autor de trata de personas agravada a DOCE AÑOS de pena privativa de libertad, "
     "y a INÉS TICONA VILCA como cómplice secundaria a OCHO AÑOS. Por reparación civil Gómez satisfará diez mil soles "
     "y Ticona cuatro mil soles.",
     {"convicted>convicted 144m effective pen=10000 trafficking_aggravated",
      "convicted>convicted 96m effective pen=4000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA, INÉS TICONA VILCA Y OMAR DÍAZ RAMOS",
     "FALLO: 1) PAULO GÓMEZ HUANCA: CONDENADO como autor de trata de personas agravada, 15 años de pena privativa de "
     "libertad. 2) INÉS TICONA VILCA: CONDENADA como cómplice de trata de personas agravada, 9 años de pena privativa "
     "de libertad. 3) OMAR DÍAZ RAMOS: ABSUELTO.",
     {"convicted>convicted 180m effective trafficking_aggravated",
      "convicted>convicted 108m effective trafficking_aggravated", "acquitted>acquitted"}},
    {"PAULO GÓMEZ HUANCA",
     "Se encuentra a PAULO GÓMEZ HUANCA culpable de trata de personas agravada. La pena es de ciento cincuenta meses "
     "de privación de libertad.",
     {"convicted>convicted 150m effective trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "Se le halla responsable a PAULO GÓMEZ HUANCA del delito de trata de personas agravada y se lo sanciona con doce "
     "(12) años, seis (06) meses y diez (10) días de pena privativa de libertad.",
     {"convicted>convicted 150m10d effective trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "CONDENA a PAULO GÓMEZ HUANCA y INÉS TICONA VILCA como coautores de trata de personas agravada; la pena: quince "
     "años para el primero, diez para la segunda, de privación de libertad.",
     {"convicted>convicted 180m effective trafficking_aggravated",
      "convicted>convicted 120m effective trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "CONDENA a PAULO GÓMEZ HUANCA como autor de trata de personas agravada a DOCE AÑOS de pena privativa de libertad. "
     "Queda privado por cinco años de los derechos que enumera el artículo 36, incisos 1 y 4, del Código Penal.",
     {"convicted>convicted 144m effective ban=60 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "CONDENA a PAULO GÓMEZ HUANCA como autor de trata de personas agravada a DOCE AÑOS de pena privativa de libertad "
     "y prohibición de trabajar con menores por siete años (artículo 36, inciso 9).",
     {"convicted>convicted 144m effective ban=84 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA, INÉS TICONA VILCA Y OMAR DÍAZ RAMOS",
     "CONDENA a PAULO GÓMEZ HUANCA, INÉS TICONA VILCA y OMAR DÍAZ RAMOS, coautores de trata de personas agravada, a "
     "DOCE AÑOS de pena privativa de libertad. Se inhabilita por el tiempo de la condena a los condenados Gómez y "
     "Ticona.",
     {"convicted>convicted 144m effective ban=144 trafficking_aggravated",
      "convicted>convicted 144m effective ban=144 trafficking_aggravated",
      "convicted>convicted 144m effective trafficking_aggravated"}},
};

static const hu_frame appeal_frame = {
    "CORTE SUPERIOR DE JUSTICIA DE ICA\n\nSEGUNDA SALA PENAL DE APELACIONES DE ICA\n\nEXPEDIENTE : "
    "00077-2018-3-1401-JR-PE-01\nACUSADOS : ",
    "\nDELITO : TRATA DE PERSONAS AGRAVADA\n\nSENTENCIA DE VISTA\n\nIca, dos de julio de dos mil diecinueve\n\n",
    "\n\nS.S.\n"};

static const hu_case appeals[] = {
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\nSE CONFIRMA la sentencia que la condena en "
     "todos sus extremos.",
     {"confirmed>convicted 144m effective ban=60 pen=10000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\n1. Infundada la apelación. 2. Confirmada la "
     "sentencia apelada.",
     {"confirmed>convicted 144m effective ban=60 pen=10000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\n1. Declarar infundado el recurso. 2. "
     "Confirmar la recurrida, con lo demás que contiene.",
     {"confirmed>convicted 144m effective ban=60 pen=10000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\nConfirmar la sentencia en cuanto a la "
     "condena; modificarla en la pena, que se rebaja a OCHO AÑOS; confirmarla en lo demás.",
     {"confirmed>convicted 96m effective ban=60 pen=10000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\nREVOCAR la sentencia en el extremo de la "
     "reparación civil; REFORMÁNDOLA, la fijaron en TREINTA MIL SOLES. CONFIRMAR lo demás.",
     {"confirmed>convicted 144m effective ban=60 pen=30000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\nREVOCAR la sentencia condenatoria; y "
     "reformándola, absolver al acusado de los cargos.",
     {"reversed>acquitted"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\nREVOCARON la sentencia; REFORMÁNDOLA, "
     "ABSOLVIERON a PAULO GÓMEZ HUANCA.",
     {"reversed>acquitted"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\nDECLARAR NULA la sentencia apelada y "
     "ordenar un nuevo juicio oral por otro colegiado.",
     {"annulled>open"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. La apelación del fiscal contra la sentencia que absolvió a PAULO GÓMEZ HUANCA de la acusación por trata "
     "de personas agravada.\n\nPor estos fundamentos, RESOLVIERON:\n\nREVOCAR la absolución y, reformándola, CONDENAR "
     "a PAULO GÓMEZ HUANCA como autor de trata de personas agravada a DOCE AÑOS de pena privativa de libertad.",
     {"reversed>convicted 144m effective trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. La apelación del fiscal contra la sentencia que absolvió a PAULO GÓMEZ HUANCA de la acusación por trata "
     "de personas agravada.\n\nPor estos fundamentos, RESOLVIERON:\n\nNULA la sentencia absolutoria; realícese nuevo "
     "juzgamiento.",
     {"annulled>open"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. La apelación del fiscal contra la sentencia que absolvió a PAULO GÓMEZ HUANCA de la acusación por trata "
     "de personas agravada.\n\nPor estos fundamentos, RESOLVIERON:\n\nDesestimar la apelación fiscal. Confirmar la "
     "absolución de PAULO GÓMEZ HUANCA.",
     {"confirmed>acquitted"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "VISTOS. Las apelaciones contra la sentencia que condenó a PAULO GÓMEZ HUANCA y INÉS TICONA VILCA como coautores "
     "de trata de personas agravada y les impuso doce años de pena privativa de libertad, con veinte mil soles de "
     "reparación civil que pagarán solidariamente.\n\nPor estos fundamentos, RESOLVIERON:\n\n1. CONFIRMAR la sentencia "
     "respecto de PAULO GÓMEZ HUANCA. 2. REVOCARLA respecto de INÉS TICONA VILCA; reformándola, ABSOLVERLA.",
     {"confirmed>convicted 144m effective pen=20000 joint trafficking_aggravated", "reversed>acquitted"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "VISTOS. Las apelaciones contra la sentencia que condenó a PAULO GÓMEZ HUANCA y INÉS TICONA VILCA como coautores "
     "de trata de personas agravada y les impuso doce años de pena privativa de libertad, con veinte mil soles de "
     "reparación civil que pagarán solidariamente.\n\nPor estos fundamentos, RESOLVIERON:\n\n1. CONFIRMAR la condena "
     "de PAULO GÓMEZ HUANCA. 2. Declarar NULA la misma respecto de INÉS TICONA VILCA, a quien se someterá a nuevo "
     "juicio.",
     {"confirmed>convicted 144m effective pen=20000 joint trafficking_aggravated", "annulled>open"}},
    {"PAULO GÓMEZ HUANCA Y INÉS TICONA VILCA",
     "VISTOS. Las apelaciones contra la sentencia que condenó a PAULO GÓMEZ HUANCA y INÉS TICONA VILCA como coautores "
     "de trata de personas agravada y les impuso doce años de pena privativa de libertad, con veinte mil soles de "
     "reparación civil que pagarán solidariamente.\n\nPor estos fundamentos, RESOLVIERON:\n\n1. CONFIRMAR la sentencia "
     "que declara a PAULO GÓMEZ HUANCA autor de trata de personas agravada. 2. Declarar NULA la misma en el extremo en "
     "que ABSUELVE a INÉS TICONA VILCA. 3. REVOCAR el extremo de la pena y, reformándola, fijarla en NUEVE AÑOS CON "
     "SEIS MESES.",
     {"confirmed>convicted 114m effective trafficking_aggravated", "annulled>open"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\nINTEGRAR la sentencia en el sentido de que "
     "la inhabilitación es por siete años. CONFIRMARLA en todo lo demás.",
     {"confirmed>convicted 144m effective ban=84 pen=10000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\nCONFIRMAR la sentencia, precisando que la "
     "pena es de DIEZ AÑOS.",
     {"confirmed>convicted 120m effective ban=60 pen=10000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\nCONFIRMAR la sentencia en el extremo de la "
     "responsabilidad penal y REVOCARLA en el extremo de la pena, la que se reduce de doce a diez años de pena "
     "privativa de libertad efectiva.",
     {"confirmed>convicted 120m effective ban=60 pen=10000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\nSE MANTIENE la sentencia apelada en todos "
     "sus términos.",
     {"confirmed>convicted 144m effective ban=60 pen=10000 trafficking_aggravated"}},
    {"PAULO GÓMEZ HUANCA",
     "VISTOS. El recurso de apelación contra la sentencia que condenó a PAULO GÓMEZ HUANCA como autor de trata de "
     "personas agravada a doce años de pena privativa de libertad, inhabilitación por cinco años y fijó en diez mil "
     "soles la reparación civil.\n\nPor estos fundamentos, RESOLVIERON:\n\nSE RECHAZA la apelación y QUEDA FIRME la "
     "sentencia.",
     {"confirmed>convicted 144m effective ban=60 pen=10000 trafficking_aggravated"}},
};

static const struct {
    const char *body, *key, *date;
} dates[] = {
    {"El 2 de abril de 2018 el acusado captó a la menor. Una vecina avisó el 6 de mayo de 2018 a la comisaría de "
     "Juliaca.",
     "decision.facts_date", "2018-04-02"},
    {"El 2 de abril de 2018 el acusado captó a la menor. Una vecina avisó el 6 de mayo de 2018 a la comisaría de "
     "Juliaca.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. La municipalidad comunicó el caso a la fiscalía el 6 de mayo "
     "de 2018.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. La tía se presentó el 6 de mayo de 2018 en la comisaría para "
     "contar lo ocurrido.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. El padre acudió el día 6 de mayo de 2018 a una dependencia "
     "policial de Puno.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. Un mensaje anónimo a la línea 1818 del 6 de mayo de 2018 dio "
     "cuenta del local.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. La defensoría remitió oficio al Ministerio Público el 6 de "
     "mayo de 2018.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. La DEMUNA envió comunicación al Ministerio Público el 6 de "
     "mayo de 2018.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. El 6 de mayo de 2018 la directora del colegio alertó a la "
     "policía.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. La central 105 recibió la llamada de una pasajera el 6 de "
     "mayo de 2018.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. El 6 de mayo de 2018 la propia agraviada contó lo sucedido al "
     "personal de la comisaría.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. La madre sentó denuncia por desaparición el 6 de mayo de "
     "2018.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. La denuncia la puso su hermana, el 6 de mayo de 2018.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. Denunciado el hecho el 6 de mayo de 2018, la fiscalía "
     "intervino.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. Se formuló denuncia verbal el 6-5-2018.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. El caso llegó a la fiscalía por un informe del CEM del 6 de "
     "mayo de 2018.",
     "decision.complaint_date", "2018-05-06"},
    {"El 2 de abril de 2018 el acusado captó a la menor. El 9 de mayo de 2018 se emitió la disposición que formaliza y "
     "continúa la investigación preparatoria.",
     "decision.formalization_date", "2018-05-09"},
    {"El 2 de abril de 2018 el acusado captó a la menor. Con disposición número tres, de 9 de mayo de 2018, se "
     "formalizó investigación.",
     "decision.formalization_date", "2018-05-09"},
    {"El 2 de abril de 2018 el acusado captó a la menor. La investigación se formalizó al día siguiente, 9 de mayo de "
     "2018.",
     "decision.formalization_date", "2018-05-09"},
    {"El 2 de abril de 2018 el acusado captó a la menor. La formalización lleva fecha 9 de mayo de 2018.",
     "decision.formalization_date", "2018-05-09"},
    {"El 2 de abril de 2018 el acusado captó a la menor. El 2 de noviembre de 2018 se dispuso formalizar la "
     "investigación.",
     "decision.formalization_date", "2018-11-02"},
    {"El 2 de abril de 2018 el acusado captó a la menor. La acusación, que data del 12 de julio de 2018, pide quince "
     "años.",
     "decision.accusation_date", "2018-07-12"},
    {"El 2 de abril de 2018 el acusado captó a la menor. La acusación es de 12 de julio de 2018.",
     "decision.accusation_date", "2018-07-12"},
    {"El 2 de abril de 2018 el acusado captó a la menor. El 12 de julio de 2018 ingresó al juzgado el requerimiento de "
     "acusación.",
     "decision.accusation_date", "2018-07-12"},
    {"El 2 de abril de 2018 el acusado captó a la menor. Se acusó el 12 de julio de 2018.", "decision.accusation_date",
     "2018-07-12"},
    {"El 2 de abril de 2018 el acusado captó a la menor. El fiscal presentó el 12 de julio de 2018 su requerimiento "
     "acusatorio.",
     "decision.accusation_date", "2018-07-12"},
    {"El 2 de abril de 2018 el acusado captó a la menor. El pedido de pena llegó con la acusación del 12 de julio de "
     "2018.",
     "decision.accusation_date", "2018-07-12"},
    {"El 2 de abril de 2018 el acusado captó a la menor. Con fecha 12 de julio de 2018 se recibió el escrito de "
     "acusación.",
     "decision.accusation_date", "2018-07-12"},
    {"El 2 de abril de 2018 el acusado captó a la menor. El requerimiento acusatorio fue ingresado el 12 de julio de "
     "2018.",
     "decision.accusation_date", "2018-07-12"},
    {"Desde el 3 de marzo de 2018 el imputado mantenía a las agraviadas en su local.", "decision.facts_date",
     "2018-03-03"},
    {"Los hechos ocurrieron entre el 3 y el 9 de marzo de 2018.", "decision.facts_date", "2018-03-03"},
    {"En la tarde del sábado 3 de marzo de 2018, la menor fue llevada a Juliaca.", "decision.facts_date", "2018-03-03"},
    {"El día 3 (tres) de marzo de 2018 la menor fue llevada a Juliaca.", "decision.facts_date", "2018-03-03"},
};

static void trials_turned_about(void **state)
{
    check_cases(*state, &trial_frame, trials, sizeof trials / sizeof *trials);
}

static void appeals_turned_about(void **state)
{
    check_cases(*state, &appeal_frame, appeals, sizeof appeals / sizeof *appeals);
}

static void acts_are_dated(void **state)
{
    fixture *f = *state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        hu_reading *r = read_text(
            f, hu_printf(f->arena,
                         "JUZGADO PENAL COLEGIADO DE PUNO\n\nACUSADO : PAULO GÓMEZ HUANCA\n\nSENTENCIA\n\n"
                         "Puno, dos de julio de dos mil diecinueve\n\n%s\n\nFALLA:\n\nCONDENA a PAULO "
                         "GÓMEZ HUANCA como autor de trata de personas a DIEZ AÑOS de pena privativa de libertad.\n",
                         dates[i].body));
        if (strcmp(value(r, dates[i].key), dates[i].date) == 0)
            continue;
        print_error("%s: expected %s, read \"%s\" in \"%s\"\n", dates[i].key, dates[i].date, value(r, dates[i].key),
                    dates[i].body);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trials_turned_about),
        cmocka_unit_test(appeals_turned_about),
        cmocka_unit_test(acts_are_dated),
    };
    return cmocka_run_group_tests(tests, open_fixture, close_fixture);
}

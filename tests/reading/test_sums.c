/* Sums, dates, victims and charges as courts word them: one short judgment a row, and one value that it must give. */

#include "read.h"

typedef struct told {
    const char *accused, *header, *body, *ruling, *key;
    const char *text; /* NULL with a number that is NAN: nothing is to be read */
    double number;
} told;

#define ONE \
    "CONDENANDO a PAULO G. H. como autor del delito de trata de personas a NUEVE AÑOS de pena privativa de libertad"
#define TWO                                                                                                        \
    "CONDENANDO a PAULO G. H. e INÉS T. V. como coautores del delito de trata de personas a NUEVE AÑOS de pena " \
    "privativa de libertad"

static const told cases[] = {
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n", "Hechos.",
     ONE "; FIJARON en la suma de CINCO MIL CON 00/100 SOLES la reparación civil a favor de la agraviada.",
     "defendants[0].reparation_pen", NULL, 5000},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n", "Hechos.",
     ONE "; FIJO la reparación civil en S/. 5 000,00 (cinco mil con 00/100 nuevos soles).",
     "defendants[0].reparation_pen", NULL, 5000},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n", "Hechos.",
     ONE "; FIJO por concepto de reparación civil la suma de S/.12,500.00 nuevos soles, que pagará en diez cuotas "
         "mensuales de S/ 1,250.00.",
     "defendants[0].reparation_pen", NULL, 12500},
    {"PAULO G. H., INÉS T. V.", "DELITO : TRATA DE PERSONAS\n", "Hechos.",
     TWO "; FIJARON en veinte mil soles la reparación civil que pagarán solidariamente los sentenciados con la empresa "
         "Hostal Sol E.I.R.L., tercero civilmente responsable.",
     "defendants[0].reparation_pen", NULL, 20000},
    {"PAULO G. H., INÉS T. V.", "DELITO : TRATA DE PERSONAS\n", "Hechos.",
     TWO "; FIJARON la reparación civil en diez mil soles, a razón de cinco mil soles por cada sentenciado.",
     "defendants[0].reparation_pen", NULL, 5000},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n", "Hechos.",
     ONE "; SE FIJA la reparación civil en S/ 6,000.00 para cada una de las tres agraviadas.",
     "defendants[0].reparation_pen", NULL, 18000},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n", "Hechos.",
     ONE "; FIJARON por reparación civil S/ 4,000.00 a favor de la agraviada y S/ 1,000.00 a favor del Estado.",
     "defendants[0].reparation_pen", NULL, 5000},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n", "Hechos.",
     ONE "; FIJARON la reparación civil en ocho mil soles más intereses legales.", "defendants[0].reparation_pen", NULL,
     8000},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n", "Hechos.", ONE "; NO HA LUGAR a fijar reparación civil.",
     "defendants[0].reparation_pen", NULL, NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n", "Hechos.",
     ONE "; SE LE IMPONE el pago de una reparación civil ascendente a S/ 3,500.00 soles.",
     "defendants[0].reparation_pen", NULL, 3500},
    {"PAULO G. H., INÉS T. V.", "DELITO : TRATA DE PERSONAS\n", "Hechos.",
     TWO "; FIJARON la reparación civil en S/ 30,000.00, que abonarán por partes iguales los sentenciados.",
     "defendants[0].reparation_pen", NULL, 15000},
    {"PAULO G. H., INÉS T. V.", "DELITO : TRATA DE PERSONAS\n", "Hechos.",
     TWO
     "; FIJARON la reparación civil en S/ 30,000.00 en forma solidaria a favor de ambas agraviadas en partes iguales.",
     "defendants[0].reparation_pen", NULL, 30000},
    {"PAULO G. H., INÉS T. V.", "DELITO : TRATA DE PERSONAS\n", "Hechos.",
     TWO "; FIJARON la reparación civil en veinte mil soles, salvo INÉS T. V., que responde por cinco mil soles.",
     "defendants[0].reparation_pen", NULL, 20000},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "La agraviada relató que el día de los hechos, 3 de mayo de 2018, fue llevada al bar.", ONE ".",
     "decision.facts_date", "2018-05-03", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "A las 23:00 horas aproximadamente del 3 de mayo de 2018, el acusado recogió a la menor en su moto.", ONE ".",
     "decision.facts_date", "2018-05-03", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Con fecha 4 de mayo de 2018 personal policial intervino el bar y halló a la menor.", ONE ".",
     "decision.facts_date", "2018-05-04", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "El 2 de abril de 2018 el acusado llevó a la menor a Juliaca. Con fecha 4 de mayo de 2018 personal policial "
     "intervino el bar.",
     ONE ".", "decision.facts_date", "2018-04-02", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "El 2 de abril de 2018 el acusado llevó a la menor. El 6 de mayo de 2018 la madre interpuso denuncia verbal en la "
     "comisaría.",
     ONE ".", "decision.facts_date", "2018-04-02", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "El 2 de abril de 2018 el acusado llevó a la menor. El 6 de mayo de 2018 la madre interpuso denuncia verbal en la "
     "comisaría.",
     ONE ".", "decision.complaint_date", "2018-05-06", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "El 2 de abril de 2018 el acusado llevó a la menor. Obra el acta de denuncia verbal de fecha 6 de mayo de 2018.",
     ONE ".", "decision.facts_date", "2018-04-02", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "El 2 de abril de 2018 el acusado llevó a la menor. Obra el acta de denuncia verbal de fecha 6 de mayo de 2018.",
     ONE ".", "decision.complaint_date", "2018-05-06", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "El 2 de abril de 2018 el acusado llevó a la menor. Mediante parte policial N.° 33-2018 de fecha 6 de mayo de "
     "2018 se dio cuenta del hecho.",
     ONE ".", "decision.facts_date", "2018-04-02", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "El 2 de abril de 2018 el acusado llevó a la menor. Mediante parte policial N.° 33-2018 de fecha 6 de mayo de "
     "2018 se dio cuenta del hecho.",
     ONE ".", "decision.complaint_date", "2018-05-06", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "El 2 de abril de 2018 el acusado llevó a la menor. La noticia criminal ingresó el 6 de mayo de 2018 a la "
     "fiscalía de turno.",
     ONE ".", "decision.facts_date", "2018-04-02", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "El 2 de abril de 2018 el acusado llevó a la menor. La noticia criminal ingresó el 6 de mayo de 2018 a la "
     "fiscalía de turno.",
     ONE ".", "decision.complaint_date", "2018-05-06", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "El 2 de abril de 2018 el acusado llevó a la menor; al día siguiente su padre la denunció desaparecida.", ONE ".",
     "decision.facts_date", "2018-04-02", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "El 2 de abril de 2018 el acusado llevó a la menor; al día siguiente su padre la denunció desaparecida.", ONE ".",
     "decision.complaint_date", "2018-04-03", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En abril de 2018, el día 12, el acusado llevó a la menor. El 15 del mismo mes la profesora dio aviso a la "
     "fiscalía.",
     ONE ".", "decision.facts_date", "2018-04-12", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En abril de 2018, el día 12, el acusado llevó a la menor. El 15 del mismo mes la profesora dio aviso a la "
     "fiscalía.",
     ONE ".", "decision.complaint_date", "2018-04-15", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Se tiene por acreditado que el 2 de abril de 2018 el acusado captó a la menor. El 6 de mayo de 2018 una vecina "
     "llamó a la línea 100.",
     ONE ".", "decision.facts_date", "2018-04-02", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Se tiene por acreditado que el 2 de abril de 2018 el acusado captó a la menor. El 6 de mayo de 2018 una vecina "
     "llamó a la línea 100.",
     ONE ".", "decision.complaint_date", "2018-05-06", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "HECHOS INCRIMINADOS.- Entre el 2 de abril y el 5 de mayo de 2018 el acusado retuvo a la menor.", ONE ".",
     "decision.facts_date", "2018-04-02", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Los hechos datan del 02/04/2018. La denuncia N.° 45, del 06/05/2018, corre a fojas 2.", ONE ".",
     "decision.facts_date", "2018-04-02", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Los hechos datan del 02/04/2018. La denuncia N.° 45, del 06/05/2018, corre a fojas 2.", ONE ".",
     "decision.complaint_date", "2018-05-06", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n", "En agravio de las menores de iniciales A.B.C. (15), D.E.F. (16).",
     ONE ".", "victims.count", NULL, 2},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n", "En agravio de las menores de iniciales A.B.C. (15), D.E.F. (16).",
     ONE ".", "victims.minors", NULL, 2},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n", "En agravio de las menores de iniciales A.B.C. (15), D.E.F. (16).",
     ONE ".", "victims.female", NULL, 2},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Los agraviados son tres ciudadanas venezolanas de identidad reservada.", ONE ".", "victims.count", NULL, 3},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Los agraviados son tres ciudadanas venezolanas de identidad reservada.", ONE ".", "victims.female", NULL, 3},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Los agraviados son tres ciudadanas venezolanas de identidad reservada.", ONE ".", "victims.foreign", NULL, 3},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Fueron rescatadas quince mujeres, de las cuales cuatro menores de edad.", ONE ".", "victims.count", NULL, 15},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Fueron rescatadas quince mujeres, de las cuales cuatro menores de edad.", ONE ".", "victims.minors", NULL, 4},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Fueron rescatadas quince mujeres, de las cuales cuatro menores de edad.", ONE ".", "victims.female", NULL, 15},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En agravio de los menores de iniciales A.B.C. y D.E.F., de trece y catorce años.", ONE ".", "victims.count", NULL,
     2},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En agravio de los menores de iniciales A.B.C. y D.E.F., de trece y catorce años.", ONE ".", "victims.minors",
     NULL, 2},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En agravio de los menores de iniciales A.B.C. y D.E.F., de trece y catorce años.", ONE ".", "victims.male", NULL,
     NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En agravio de los menores de iniciales A.B.C. y D.E.F., de trece y catorce años.", ONE ".", "victims.female",
     NULL, NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En agravio de la menor de iniciales A.B.C. y del menor de iniciales D.E.F.", ONE ".", "victims.count", NULL, 2},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En agravio de la menor de iniciales A.B.C. y del menor de iniciales D.E.F.", ONE ".", "victims.minors", NULL, 2},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En agravio de la menor de iniciales A.B.C. y del menor de iniciales D.E.F.", ONE ".", "victims.male", NULL, 1},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En agravio de la menor de iniciales A.B.C. y del menor de iniciales D.E.F.", ONE ".", "victims.female", NULL, 1},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En agravio de las personas con claves 11, 12, 13 y 14, todas de entre catorce y diecisiete años de edad.",
     ONE ".", "victims.count", NULL, 4},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En agravio de las personas con claves 11, 12, 13 y 14, todas de entre catorce y diecisiete años de edad.",
     ONE ".", "victims.minors", NULL, 4},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "En agravio de los testigos con clave 101, 102 y 103-2017. El de clave 102, de diecisiete años.", ONE ".",
     "victims.count", NULL, 3},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Las agraviadas TP-01, TP-02 y TP-03, venezolanas, y TP-04, peruana, declararon en reserva.", ONE ".",
     "victims.count", NULL, 4},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS\n",
     "Las agraviadas TP-01, TP-02 y TP-03, venezolanas, y TP-04, peruana, declararon en reserva.", ONE ".",
     "victims.foreign", NULL, 3},
    {"PAULO G. H.", "AGRAVIADA : A.B.C.\nDELITO : TRATA DE PERSONAS\n", "En agravio de A.B.C., de 22 años de edad.",
     ONE ".", "victims.count", NULL, 1},
    {"PAULO G. H.", "AGRAVIADA : A.B.C.\nDELITO : TRATA DE PERSONAS\n", "En agravio de A.B.C., de 22 años de edad.",
     ONE ".", "victims.minors", NULL, 0},
    {"PAULO G. H.", "AGRAVIADA : A.B.C.\nDELITO : TRATA DE PERSONAS\n", "En agravio de A.B.C., de 22 años de edad.",
     ONE ".", "victims.female", NULL, 1},
    {"PAULO G. H.", "AGRAVIADA : A.B.C.\nDELITO : TRATA DE PERSONAS\n",
     "La agraviada proviene de una familia de nueve hermanos.", ONE ".", "victims.count", NULL, 1},
    {"PAULO G. H.", "AGRAVIADOS : CÓDIGOS Y1, Y2 E Y3\nDELITO : TRATA DE PERSONAS\n",
     "Los varones Y1 (dieciséis años), Y2 (veinte) y la mujer Y3 (veintinueve) fueron contratados.", ONE ".",
     "victims.count", NULL, 3},
    {"PAULO G. H.", "AGRAVIADOS : CÓDIGOS Y1, Y2 E Y3\nDELITO : TRATA DE PERSONAS\n",
     "Los varones Y1 (dieciséis años), Y2 (veinte) y la mujer Y3 (veintinueve) fueron contratados.", ONE ".",
     "victims.minors", NULL, 1},
    {"PAULO G. H.", "AGRAVIADOS : CÓDIGOS Y1, Y2 E Y3\nDELITO : TRATA DE PERSONAS\n",
     "Los varones Y1 (dieciséis años), Y2 (veinte) y la mujer Y3 (veintinueve) fueron contratados.", ONE ".",
     "victims.female", NULL, 1},
    {"PAULO G. H.", "AGRAVIADOS : CÓDIGOS Y1, Y2 E Y3\nDELITO : TRATA DE PERSONAS\n",
     "Los varones Y1 (dieciséis años), Y2 (veinte) y la mujer Y3 (veintinueve) fueron contratados.", ONE ".",
     "victims.male", NULL, 2},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS AGRAVADA\n",
     "El fiscal acusa por trata de personas agravada, artículo 153-A.",
     "DESVINCULÁNDOSE de la acusación, CONDENANDO a PAULO G. H. como autor del delito de favorecimiento a la "
     "prostitución, artículo 179, a CUATRO AÑOS de pena privativa de libertad.",
     "defendants[0].charged[0]", "trafficking_aggravated", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS AGRAVADA\n",
     "El fiscal acusa por trata de personas agravada, artículo 153-A.",
     "DESVINCULÁNDOSE de la acusación, CONDENANDO a PAULO G. H. como autor del delito de favorecimiento a la "
     "prostitución, artículo 179, a CUATRO AÑOS de pena privativa de libertad.",
     "defendants[0].charged[1]", NULL, NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS AGRAVADA\n",
     "El fiscal acusa por trata de personas agravada y, alternativamente, por favorecimiento a la prostitución.",
     "ABSOLVIENDO a PAULO G. H. de la acusación fiscal.", "defendants[0].charged[0]", "trafficking_aggravated", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS AGRAVADA\n",
     "El fiscal acusa por trata de personas agravada y, alternativamente, por favorecimiento a la prostitución.",
     "ABSOLVIENDO a PAULO G. H. de la acusación fiscal.", "defendants[0].charged[1]", "promotion_of_prostitution", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS AGRAVADA\n",
     "El fiscal acusa por trata de personas agravada y, alternativamente, por favorecimiento a la prostitución.",
     "ABSOLVIENDO a PAULO G. H. de la acusación fiscal.", "defendants[0].charged[2]", NULL, NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS AGRAVADA\n",
     "La fiscalía acusa a Paulo G. H. por el delito de trata de personas, artículo 129-B, primer párrafo, numerales 3 "
     "y 6.",
     "ABSOLVIENDO a PAULO G. H. de los cargos.", "defendants[0].charged[0]", "trafficking_aggravated", NAN},
    {"PAULO G. H.", "DELITO : TRATA DE PERSONAS AGRAVADA\n",
     "La fiscalía acusa a Paulo G. H. por el delito de trata de personas, artículo 129-B, primer párrafo, numerales 3 "
     "y 6.",
     "ABSOLVIENDO a PAULO G. H. de los cargos.", "defendants[0].charged[1]", NULL, NAN},
};

static void each_is_read(void **state)
{
    fixture *f = *state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const told *t = &cases[i];
        hu_reading *r = read_text(
            f, hu_printf(
                   f->arena,
                   "CORTE SUPERIOR DE JUSTICIA DE PUNO\n\nJUZGADO PENAL COLEGIADO DE PUNO\n\n"
                   "EXPEDIENTE : 00077-2018-3-2101-JR-PE-01\nACUSADO : %s\n%s\nSENTENCIA\n\n"
                   "Puno, dos de julio de dos mil diecinueve\n\n%s\n\nPor estas consideraciones, FALLA: %s\n\nS.S.\n",
                   t->accused, t->header, t->body, t->ruling));
        double found = number(r, t->key);
        bool same = t->text ? strcmp(value(r, t->key), t->text) == 0
                            : (isnan(t->number) ? !hu_reading_find(r, t->key) : found == t->number);
        if (same)
            continue;
        print_error("%s: expected %s %g, read \"%s\" %g in \"%s\" \"%s\"\n", t->key, t->text ? t->text : "", t->number,
                    value(r, t->key), found, t->body, t->ruling);
        wrong++;
    }
    assert_int_equal(wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_is_read)};
    return cmocka_run_group_tests_name("sums", tests, open_fixture, close_fixture);
}

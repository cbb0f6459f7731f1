#ifndef HUELLA_TESTS_TOLD_H
#define HUELLA_TESTS_TOLD_H

/* One sentence, and what it says of one key. */

#include "read.h"

typedef struct telling {
    const char *sentence, *key, *value;
} telling;

/* A judgment whose body is the sentence. */
static inline bool told(fixture *f, const telling *one)
{
    hu_reading *r = read_text(f, hu_printf(f->arena,
                                           "CORTE SUPERIOR DE JUSTICIA DE PUNO\n\nJUZGADO PENAL COLEGIADO DE PUNO\n\n"
                                           "ACUSADO : PAULO G. H.\nDELITO : TRATA DE PERSONAS\n\nSENTENCIA\n\n"
                                           "CONSIDERANDO\n\n%s\n\nPor estas consideraciones, FALLA: ABSOLVIENDO a "
                                           "PAULO G. H. de los cargos por el delito de trata de personas.\n\nS.S.\n",
                                           one->sentence));
    const char *found = value(r, one->key);
    if (strcmp(found, one->value) == 0)
        return true;
    print_error("\"%s\": %s is %s, not %s\n", one->sentence, one->key, found, one->value);
    return false;
}

static inline void assert_all(fixture *f, const telling *cases, size_t n)
{
    size_t right = 0;
    for (size_t i = 0; i < n; i++)
        right += told(f, &cases[i]);
    assert_int_equal(right, n);
}

#endif

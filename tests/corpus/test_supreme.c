/* The three real files of the Supreme Court. */

#include "corpus_check.h"

#include <utf8proc.h>

static const char *const names[] = {"amparo-1231-2025", "apelacion-169-2025", "apelacion-389-2025"};

typedef struct fixture {
    hu_arena *arena;
    hu_corpus *corpus;
    hu_document *documents[3]; /* all NULL where the files are absent */
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->arena = hu_arena_new();
    f->corpus = open_corpus(f->arena);
    for (int i = 0; i < 3; i++) {
        const char *path = check_shared(f->arena, hu_printf(f->arena, "corpus/supreme/%s.pdf", names[i]));
        if (path)
            f->documents[i] = open_document(f->corpus, path, f->arena);
    }
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

static fixture *need_files(void **state)
{
    fixture *f = *state;
    if (!f->documents[0] || !f->documents[1] || !f->documents[2])
        skip();
    return f;
}

static void nothing_but_the_courts_prose_is_left(void **state)
{
    fixture *f = need_files(state);
    for (int i = 0; i < 3; i++) {
        const hu_document *d = f->documents[i];
        for (const char *const *word = (const char *const[]){"SINOE", "FIRMA DIGITAL", "Razón", "Vocal Supremo",
                                                             "20159981216", "Página 1", "| 15", NULL};
             *word; word++)
            check_lacks(d, *word);
    }
}

static size_t count(const char *text, const char *what)
{
    size_t n = 0;
    for (const char *p = text; (p = strstr(p, what)); p += strlen(what))
        n++;
    return n;
}

static void running_headers_stand_once_at_the_top(void **state)
{
    fixture *f = need_files(state);
    const char *const headers[] = {"PROCESO DE AMPARO N.º 1231-2025", "N.° 169-2025/LIMA ESTE",
                                   "APELACIÓN N.° 389-2025"};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(count(f->documents[i]->text, headers[i]), 1);
        assert_int_equal(count(f->documents[i]->text, "CORTE SUPREMA DE JUSTICIA DE LA REPÚBLICA"), 1);
        check_part(f->documents[i], headers[i], HU_PART_HEADER);
    }
}

static void sentences_go_on_over_page_breaks(void **state)
{
    fixture *f = need_files(state);
    check_has(f->documents[0], "Asimismo, solicita el otorgamiento de medidas");
    check_has(f->documents[0], "contra resolución judicial alegando la vulneración");
    check_has(f->documents[1], "prevé (a la letra) lo siguiente:");
    check_has(f->documents[1], "ante la supuesta inactividad de la Fiscalía, el procesado");
    check_has(f->documents[2], "con el respectivo cargo de entrega de cédulas");
}

static void torn_lines_and_words_are_whole(void **state)
{
    fixture *f = need_files(state);
    check_has(f->documents[0],
              "fuera de los formalismos laborales y las terapias y tratamiento terapéutico respectivos.");
    check_has(f->documents[0], "30 de septiembre de 2024, emitida por la Sala Civil");
    check_has(f->documents[0], "PA/TC, precisando que");
    check_has(f->documents[0], "1. Demanda\n\n"); /* the mark of the footnote is gone */
    check_has(f->documents[0], "artículos 1° y 9° señala");
    check_has(f->documents[1], "de la investigación preparatoria. La alegada indefensión");
    check_has(f->documents[1], "PEÑA FARFÁN."); /* small capitals */
    check_has(f->documents[2], "Bien concedido el recurso de apelación\n\n");
}

static void the_summary_box_stands_before_the_decision(void **state)
{
    fixture *f = need_files(state);
    const char *box = strstr(f->documents[1]->text, "no de una actuación lesiva de la autoridad fiscal.");
    const char *title = strstr(f->documents[1]->text, "AUTO DE APELACIÓN\n\nLima, diez de junio de dos mil veintiséis");
    assert_non_null(box);
    assert_non_null(title);
    assert_true(box < title);
}

static void numbered_rulings_keep_their_numbers(void **state)
{
    fixture *f = need_files(state);
    check_has(f->documents[1], "\n\nI. DECLARARON INFUNDADO el recurso");
    check_has(f->documents[1], "\n\nII. CONFIRMARON el auto");
    check_has(f->documents[1], "\n\nIII. DISPUSIERON que");
    check_has(f->documents[1], "\n\nIV. MANDARON que");
}

static void parts_begin_at_their_headings(void **state)
{
    fixture *f = need_files(state);
    const char *const facts[] = {"III. ANTECEDENTES:", "FUNDAMENTOS DE HECHO", "AUTOS Y VISTOS"};
    const char *const reasoning[] = {"IV. FUNDAMENTOS:", "FUNDAMENTOS DE DERECHO", "CONSIDERANDO"};
    const char *const last_reason[] = {"3.5. En consecuencia", "Noveno. Por lo expuesto", "Tercero. Además"};
    const char *const operative[] = {"V. DECISIÓN:", "DECISIÓN\n", "DECISIÓN\n"};
    const char *const after[] = {"S.S.\n", "\nSS.\n", "\nSS.\n"};
    for (int i = 0; i < 3; i++) {
        const hu_document *d = f->documents[i];
        check_part(d, facts[i], HU_PART_FACTS);
        check_part(d, reasoning[i], HU_PART_REASONING);
        check_part(d, last_reason[i], HU_PART_REASONING);
        check_part(d, operative[i], HU_PART_OPERATIVE);
        check_part(d, strchr(after[i], 'S'), HU_PART_AFTER);
    }
}

static void parts_cover_the_text_in_order(void **state)
{
    fixture *f = need_files(state);
    for (int i = 0; i < 3; i++) {
        const hu_document *d = f->documents[i];
        assert_int_equal(d->n_sections, HU_N_PARTS);
        assert_int_equal(d->sections[0].start, 0);
        for (size_t s = 1; s < d->n_sections; s++) {
            assert_int_equal(d->sections[s].start, d->sections[s - 1].end);
            assert_true(d->sections[s].part > d->sections[s - 1].part);
        }
        assert_int_equal(d->sections[d->n_sections - 1].end, d->length);
    }
}

static void text_is_composed_utf8(void **state)
{
    fixture *f = need_files(state);
    for (int i = 0; i < 3; i++) {
        const hu_document *d = f->documents[i];
        assert_true(hu_utf8_valid(d->text, d->length));
        assert_int_equal(d->characters, hu_utf8_count(d->text, d->length));
        utf8proc_uint8_t *composed = utf8proc_NFC((const utf8proc_uint8_t *)d->text);
        assert_string_equal((const char *)composed, d->text);
        free(composed);
        assert_null(strstr(d->text, "  "));
        assert_null(strstr(d->text, "\n\n\n"));
        assert_null(strchr(d->text, 0x1F));
    }
}

static void every_place_lies_on_its_page(void **state)
{
    fixture *f = need_files(state);
    const int pages[] = {15, 9, 3};
    for (int i = 0; i < 3; i++) {
        const hu_document *d = f->documents[i];
        assert_int_equal(d->pages, pages[i]);
        for (size_t byte = 0; byte < d->length; byte++) {
            hu_place place = hu_document_place(d, byte);
            assert_true(place.page >= 1 && place.page <= pages[i]);
            assert_true(0 <= place.x0 && place.x0 < place.x1 && place.x1 <= 595);
            assert_true(0 <= place.y0 && place.y0 < place.y1 && place.y1 <= 842);
        }
    }
    const hu_document *d = f->documents[1];
    size_t at = (size_t)(strstr(d->text, "III. DISPUSIERON") - d->text);
    assert_int_equal(hu_document_place(d, at).page, 9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_but_the_courts_prose_is_left),
        cmocka_unit_test(running_headers_stand_once_at_the_top),
        cmocka_unit_test(sentences_go_on_over_page_breaks),
        cmocka_unit_test(torn_lines_and_words_are_whole),
        cmocka_unit_test(the_summary_box_stands_before_the_decision),
        cmocka_unit_test(numbered_rulings_keep_their_numbers),
        cmocka_unit_test(parts_begin_at_their_headings),
        cmocka_unit_test(parts_cover_the_text_in_order),
        cmocka_unit_test(text_is_composed_utf8),
        cmocka_unit_test(every_place_lies_on_its_page),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

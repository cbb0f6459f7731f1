#include "check.h"
#include "huella/base/date.h"

static void known_numbers_are_written(void **state)
{
    (void)state;
    static const struct {
        int64_t number;
        const char *words;
    } known[] = {
        {0, "cero"},
        {1, "uno"},
        {15, "quince"},
        {16, "dieciséis"},
        {20, "veinte"},
        {21, "veintiuno"},
        {22, "veintidós"},
        {23, "veintitrés"},
        {26, "veintiséis"},
        {29, "veintinueve"},
        {30, "treinta"},
        {31, "treinta y uno"},
        {99, "noventa y nueve"},
        {100, "cien"},
        {101, "ciento uno"},
        {116, "ciento dieciséis"},
        {500, "quinientos"},
        {777, "setecientos setenta y siete"},
        {900, "novecientos"},
        {1000, "mil"},
        {1001, "mil uno"},
        {1998, "mil novecientos noventa y ocho"},
        {2026, "dos mil veintiséis"},
        {21000, "veintiún mil"},
        {31001, "treinta y un mil uno"},
        {100000, "cien mil"},
        {101000, "ciento un mil"},
        {1000000, "un millón"},
        {1000021, "un millón veintiuno"},
        {21001000, "veintiún millones mil"},
        {999999999, "novecientos noventa y nueve millones novecientos noventa y nueve mil novecientos noventa y nueve"},
        {1000000000, "mil millones"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        HU_BUF(words);
        hu_spanish_number_words(known[i].number, &words);
        assert_string_equal(words.data, known[i].words);
        assert_int_equal(hu_spanish_number(hu_str_of(known[i].words)), known[i].number);
    }
    HU_BUF(out);
    hu_buf_add_text(&out, "S/ ");
    hu_spanish_number_words(2, &out); /* appended as it is, without a blank of its own */
    hu_spanish_number_words(-5, &out);
    assert_string_equal(out.data, "S/ dos-5");
}

static void numbers_go_both_ways(void **state)
{
    (void)state;
    for (int64_t number = 0; number < 2000000000000; number += number < 120000 ? 1 : number / 7919 + 1) {
        HU_BUF(words);
        hu_spanish_number_words(number, &words);
        int64_t expected = number <= 999999999999 ? number : -1; /* beyond, it is written in figures */
        if (hu_spanish_number((hu_str){words.data, words.length}) != expected)
            fail_msg("%lld: %s", (long long)number, words.data);
    }
}

static void numbers_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *words;
        int64_t number;
    } forms[] = {
        {"VEINTIÚN", 21},
        {"veintiu\u0301n", 21},
        {"veintiuna", 21},
        {"doscientas una mil", 201000},
        {"un", 1},
        {"una", 1},
        {"primero", 1},
        {"primer", 1},
        {"PRIMERA", 1},
        {"un mil", 1000},
        {"un mil quinientos", 1500},
        {"treintiuno", 31},
        {"cuarentaicinco", 45},
        {"noventinueve", 99},
        {"diez y seis", 16},
        {"veinte y dos", 22},
        {"ventiuno", 21},
        {"dosmil vein tiuno", 2021},
        {"dos  mil\nveintiuno", 2021},
        {"sete cientos", 700},
        {"siete cientos", 700},
        {"quinientas", 500},
        {"cien millones", 100000000},
        {"ciento veintitrés mil cuatrocientos cincuenta y seis millones", 123456000000},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        int64_t read = hu_spanish_number(hu_str_of(forms[i].words));
        if (read != forms[i].number)
            fail_msg("\"%s\" is read as %lld", forms[i].words, (long long)read);
    }
}

static void what_is_no_number_is_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        " ",
        "y",
        "uno dos",
        "dos, tres",
        "treinta y",
        "treinta y once",
        "veinti",
        "dieci",
        "dieci dos",
        "cien uno",
        "uncientos",
        "millones",
        "mil mil",
        "un millon de",
        "cincuenta soles",
        "21",
        "veinte uno",
        "cero uno",
        "uno cero",
        "mil primero",
        "ciento cien",
        "quinient",
        "dos mil cientos",
        "unaño",
        "treint uno",
        "dos millones millones",
        "\xFF",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (hu_spanish_number(hu_str_of(wrong[i])) != -1)
            fail_msg("\"%s\" is read as %lld", wrong[i], (long long)hu_spanish_number(hu_str_of(wrong[i])));
    assert_int_equal(hu_spanish_number((hu_str){0}), -1);
    assert_int_equal(hu_spanish_number((hu_str){"uno\0dos", 7}), -1);
    HU_BUF(lengthy);
    for (int i = 0; i < 100000; i++)
        hu_buf_add_text(&lengthy, "mil ");
    assert_int_equal(hu_spanish_number((hu_str){lengthy.data, lengthy.length}), -1);
}

static void assert_date(const char *text, int year, int month, int day)
{
    hu_date date = {0};
    if (!hu_spanish_date(hu_str_of(text), &date) || hu_date_compare(date, (hu_date){year, month, day}) != 0)
        fail_msg("\"%s\" is read as %04d-%02d-%02d", text, date.year, date.month, date.day);
}

static void dates_are_read_as_courts_write_them(void **state)
{
    (void)state;
    assert_date("veintiuno de mayo de dos mil veintiséis", 2026, 5, 21);
    assert_date("VEINTIUNO DE MAYO DE DOS MIL VEINTISÉIS", 2026, 5, 21);
    assert_date("veintiuno de mayo del año dos mil quince", 2015, 5, 21);
    assert_date("veintiún días del mes de mayo de dos mil quince", 2015, 5, 21);
    assert_date("a los dos días del mes de enero del año dos mil diecinueve.", 2019, 1, 2);
    assert_date("once de marzo del dos mil veintiuno", 2021, 3, 11);
    assert_date("treinta y uno de diciembre de mil novecientos noventa y nueve", 1999, 12, 31);
    assert_date("treintiuno de agosto de dos mil ocho", 2008, 8, 31);
    assert_date("primero de junio de dos mil", 2000, 6, 1);
    assert_date("1º de junio de 2000", 2000, 6, 1);
    assert_date("1° de junio de 2000", 2000, 6, 1);
    assert_date("01 octubre 2012", 2012, 10, 1);
    assert_date("1ro. de setiembre de 2012", 2012, 9, 1);
    assert_date("21 de mayo de 2026", 2026, 5, 21);
    assert_date("21 de mayo del 2026", 2026, 5, 21);
    assert_date("21 DE MAYO DEL AÑO 2026", 2026, 5, 21);
    assert_date("lunes, 3 de septiembre de 2018", 2018, 9, 3);
    assert_date("el día miércoles 5 de setiembre de 2018", 2018, 9, 5);
    assert_date("once (11) de marzo de dos mil veintiuno (2021)", 2021, 3, 11);
    assert_date("11 (once) de marzo de 2021", 2021, 3, 11);
    assert_date("21 de mayo de dos mil veintiséis", 2026, 5, 21);
    assert_date("un abril dos mil uno", 2001, 4, 1);
    assert_date("veintiún agosto dos mil uno", 2001, 8, 21);
}

static void figures_and_inverted_dates_are_read(void **state)
{
    (void)state;
    assert_date("21/05/2026", 2026, 5, 21);
    assert_date("21-05-2026", 2026, 5, 21);
    assert_date("21.05.2026", 2026, 5, 21);
    assert_date("21\u201305\u20132026", 2026, 5, 21);
    assert_date("1/5/2026", 2026, 5, 1);
    assert_date("2026-05-21", 2026, 5, 21);
    assert_date("2026/05/01", 2026, 5, 1);
    assert_date("11-MAR-2021", 2021, 3, 11);
    assert_date("11/set./2021", 2021, 9, 11);
    assert_date("dos mil veintiuno marzo once", 2021, 3, 11);
    assert_date("dos mil veinte, diciembre treinta", 2020, 12, 30);
    assert_date("2021, marzo 11", 2021, 3, 11);
    assert_date("2021 marzo 11", 2021, 3, 11);
    assert_date("marzo 11, 2021", 2021, 3, 11);
    assert_date("abril once de dos mil dos", 2002, 4, 11);
}

/* Blanks that justification or a scan put there, where only one reading is left without them. */
static void spurious_blanks_do_not_matter(void **state)
{
    (void)state;
    assert_date("21 de mayo de 202 4", 2024, 5, 21);
    assert_date("2 1 de ma yo de 2 0 2 4", 2024, 5, 21);
    assert_date("21 / 05 / 2026", 2026, 5, 21);
    assert_date("21\u00A0de\u00A0mayo\nde 2026", 2026, 5, 21);
    assert_date("vein tiuno demayo de dosmil veintiséis", 2026, 5, 21);
    assert_date("  21 de mayo de 2026  ", 2026, 5, 21);
}

static void what_is_no_date_is_none(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "mayo",
        "21 de mayo",
        "mayo de 2026",
        "21 de mayo de 26",
        "21/05/26",
        "26-05-21",
        "05/21/2026",
        "31/02/2020",
        "veintinueve de febrero de dos mil veintiuno",
        "treinta y dos de mayo de dos mil veinte",
        "cero de mayo de dos mil veinte",
        "0/05/2020",
        "21/05-2026",
        "21/05/20266",
        "21 05 2026",
        "2021 11 de marzo",
        "21 de mayo de 2024 15",
        "21 de mayo de 0021",
        "21 de mayo de 1021",
        "21 de mayo del presente año",
        "once (12) de marzo de 2021",
        "once (11 de marzo de 2021",
        "21 de mayonesa de 2026",
        "el 21 de mayo de 2026 en Lima",
        "21//05//2026",
        "--",
        "dos mil veintiuno marzo",
        "dos mil veintiuno marzo dos mil",
        "21 de mayo de dos mil 26",
        "expediente 21-05-2026",
        "1234567890 de mayo de 2020",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        hu_date date = {7, 7, 7};
        if (hu_spanish_date(hu_str_of(wrong[i]), &date))
            fail_msg("\"%s\" is read as %04d-%02d-%02d", wrong[i], date.year, date.month, date.day);
        assert_int_equal(date.year, 7);
    }
    hu_date date;
    assert_false(hu_spanish_date((hu_str){0}, &date));
}

static void dates_go_both_ways(void **state)
{
    (void)state;
    for (int64_t days = hu_date_to_days((hu_date){1800, 1, 1}); days <= hu_date_to_days((hu_date){2199, 12, 31});
         days += 3) {
        HU_BUF(words);
        hu_date date = hu_date_from_days(days), read = {0};
        hu_spanish_date_words(date, &words);
        if (!hu_spanish_date((hu_str){words.data, words.length}, &read) || hu_date_compare(date, read) != 0)
            fail_msg("%s", words.data);
    }
    HU_BUF(words);
    hu_spanish_date_words((hu_date){2023, 2, 30}, &words);
    assert_int_equal(words.length, 0);
    hu_spanish_date_words((hu_date){2000, 9, 1}, &words);
    assert_string_equal(words.data, "primero de setiembre de dos mil");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_numbers_are_written),
        cmocka_unit_test(numbers_go_both_ways),
        cmocka_unit_test(numbers_are_read_as_people_write_them),
        cmocka_unit_test(what_is_no_number_is_none),
        cmocka_unit_test(dates_are_read_as_courts_write_them),
        cmocka_unit_test(figures_and_inverted_dates_are_read),
        cmocka_unit_test(spurious_blanks_do_not_matter),
        cmocka_unit_test(what_is_no_date_is_none),
        cmocka_unit_test(dates_go_both_ways),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

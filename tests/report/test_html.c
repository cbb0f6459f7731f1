/* The escaping writer: what a stranger wrote is shown, never run. */

#include "check.h"

#include "huella/report/html.h"

static void markup_in_text_and_attributes_is_escaped(void **state)
{
    (void)state;
    HU_BUF(out);
    hu_html html = {.out = &out};
    hu_html_open(&html, "p", "title", "\"><script>alert('x')</script>", "class", NULL, NULL);
    hu_html_text(&html, "<script>alert(\"x\") & so on</script>");
    hu_html_close(&html, "p");
    assert_string_equal(out.data, "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;\">"
                                  "&lt;script&gt;alert(&quot;x&quot;) &amp; so on&lt;/script&gt;</p>");
}

static void bytes_that_are_no_text_are_replaced(void **state)
{
    (void)state;
    HU_BUF(out);
    hu_html html = {.out = &out};
    hu_html_str(&html, (hu_str){"a\xff\0b\x1b[31m\xe2\x80\xae"
                                "cba",
                                15});
    assert_string_equal(out.data, "a\xef\xbf\xbd\xef\xbf\xbd"
                                  "b\xef\xbf\xbd[31m\xef\xbf\xbd"
                                  "cba");
}

static void a_format_is_never_taken_from_the_text(void **state)
{
    (void)state;
    HU_BUF(out);
    hu_html html = {.out = &out};
    hu_html_elementf(&html, "td", "n", "%s", "100 %n %s <b>");
    hu_html_void(&html, "rect", "width", "1", NULL);
    assert_string_equal(out.data, "<td class=\"n\">100 %n %s &lt;b&gt;</td><rect width=\"1\"/>");
    assert_int_equal(html.depth, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(markup_in_text_and_attributes_is_escaped),
        cmocka_unit_test(bytes_that_are_no_text_are_replaced),
        cmocka_unit_test(a_format_is_never_taken_from_the_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* DOCX, ODT, RTF, HTML: what the writer of the file saw is what is read; hostile files cost a message. */

#include "corpus_check.h"

#include "../../src/corpus/rich.h"
#include "../../src/corpus/rich_readers.h"

#include "huella/base/file.h"
#include "huella/corpus/workbook.h"

#include <archive.h>
#include <archive_entry.h>

/* ---- containers, written for the test ---- */

typedef struct part {
    const char *name, *data;
} part;

static void zip(const part *parts, hu_buf *out)
{
    static char room[4 << 20];
    size_t used = 0;
    struct archive *archive = archive_write_new();
    assert_int_equal(archive_write_set_format_zip(archive), ARCHIVE_OK);
    assert_int_equal(archive_write_open_memory(archive, room, sizeof room, &used), ARCHIVE_OK);
    for (; parts->name; parts++) {
        struct archive_entry *entry = archive_entry_new();
        archive_entry_set_pathname(entry, parts->name);
        archive_entry_set_filetype(entry, AE_IFREG);
        archive_entry_set_perm(entry, 0644);
        archive_entry_set_size(entry, (la_int64_t)strlen(parts->data));
        assert_int_equal(archive_write_header(archive, entry), ARCHIVE_OK);
        assert_int_equal(archive_write_data(archive, parts->data, strlen(parts->data)), strlen(parts->data));
        archive_entry_free(entry);
    }
    assert_int_equal(archive_write_close(archive), ARCHIVE_OK);
    archive_write_free(archive);
    hu_buf_add(out, room, used);
}

#define W_NS "xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'"

static void docx_of(const char *body, const part *more, hu_buf *out)
{
    HU_BUF(document);
    hu_buf_printf(&document,
                  "<?xml version='1.0' encoding='UTF-8'?><w:document " W_NS "><w:body>%s</w:body></w:document>", body);
    part parts[8] = {{"[Content_Types].xml", "<Types/>"},
                     {"_rels/.rels", "<Relationships><Relationship Type='http://x/relationships/officeDocument' "
                                     "Target='word/document2.xml'/></Relationships>"},
                     {"word/document2.xml", document.data}};
    for (size_t n = 3; more && more->name; more++, n++)
        parts[n] = *more;
    zip(parts, out);
}

/* What is read from the bytes of a file, in this process. */
static void check_text(const char *bytes, size_t length, const char *expected)
{
    HU_BUF(text);
    assert_int_equal(rich_extract(rich_kind_of(bytes, length), bytes, length, &text), 0);
    assert_string_equal(text.data ? text.data : "", expected);
}

static void check_docx(const char *body, const part *more, const char *expected)
{
    HU_BUF(file);
    docx_of(body, more, &file);
    check_text(file.data, file.length, expected);
}

static void check_literal(const char *file, const char *expected)
{
    check_text(file, strlen(file), expected);
}

static void check_trouble(const char *bytes, size_t length, pdf_trouble expected)
{
    HU_BUF(text);
    assert_int_equal(rich_extract(rich_kind_of(bytes, length), bytes, length, &text), expected);
}

/* ---- DOCX ---- */

#define P(text) "<w:p><w:r><w:t>" text "</w:t></w:r></w:p>"
#define TC(content) "<w:tc><w:tcPr><w:tcW w:w='1'/></w:tcPr>" content "</w:tc>"

static void docx_paragraphs_runs_and_breaks(void **state)
{
    (void)state;
    check_docx(
        "<w:p><w:r><w:t xml:space='preserve'>El aboga</w:t></w:r><w:r><w:t xml:space='preserve'>do dijo </w:t></w:r>"
        "<w:r><w:t>que no.</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>EXPEDIENTE</w:t><w:tab/><w:t>: 00123-2019</w:t><w:br/><w:t>JUEZ</w:t><w:tab/>"
        "<w:t>: X</w:t></w:r></w:p><w:p/>" P("Fin &amp; cierre."),
        NULL, "El abogado dijo que no.\n\nEXPEDIENTE  : 00123-2019\nJUEZ  : X\n\nFin & cierre.");
}

static void docx_header_block_in_a_table(void **state)
{
    (void)state;
    check_docx("<w:tbl><w:tr>" TC(P("EXPEDIENTE")) TC(P(": 00123-2019-0")) "</w:tr><w:tr>" TC(P("DELITO"))
                   TC(P(": TRATA DE PERSONAS")) "</w:tr></w:tbl>" P("SENTENCIA"),
               NULL, "EXPEDIENTE  : 00123-2019-0\n\nDELITO  : TRATA DE PERSONAS\n\nSENTENCIA");
    check_docx("<w:tbl><w:tr>" TC(P("EXPEDIENTE") P("JUEZ")) TC(P(": 1-2019") P(": X")) "</w:tr></w:tbl>", NULL,
               "EXPEDIENTE  : 1-2019\n\nJUEZ  : X");
    check_docx("<w:tbl><w:tr>" TC("<w:tbl><w:tr>" TC(P("A")) TC(P("B")) "</w:tr></w:tbl><w:p/>")
                   TC(P("C")) "</w:tr></w:tbl>",
               NULL, "A  B  C");
}

static void docx_what_was_deleted_is_left_out(void **state)
{
    (void)state;
    check_docx(
        "<w:p><w:r><w:t xml:space='preserve'>Se le </w:t></w:r><w:del w:id='1'><w:r><w:delText>absuelve</w:delText>"
        "<w:t>absuelve</w:t></w:r></w:del><w:ins w:id='2'><w:r><w:t>condena</w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> oculto</w:t></w:r><w:r><w:fldChar/><w:instrText>PAGE</w:instrText>"
        "<w:t>.</w:t></w:r></w:p>",
        NULL, "Se le condena.");
}

static void docx_notes_headers_and_boxes_stand_apart(void **state)
{
    (void)state;
    const part more[] = {{"word/footnotes.xml",
                          "<w:footnotes " W_NS
                          "><w:footnote w:type='separator' w:id='-1'>" P("---") "</w:footnote><w:footnote w:id='2'>" P(
                              "Casación 1-2018.") "</w:footnote></w:footnotes>"},
                         {"word/header1.xml", "<w:hdr " W_NS ">" P("Corte Superior de Lima") "</w:hdr>"},
                         {"word/header2.xml", "<w:hdr " W_NS ">" P("Corte Superior de Lima") "</w:hdr>"},
                         {0}};
    check_docx("<w:p><w:r><w:t>Primero</w:t><w:footnoteReference w:id='2'/></w:r><w:r><w:pict><w:txbxContent>" P(
                   "Sello") "</w:txbxContent></w:pict></w:r><w:r><w:t xml:space='preserve'> y "
                            "último.</w:t></w:r></w:p>" P("Dos."),
               more, "Corte Superior de Lima\n\nPrimero y último.\n\nCasación 1-2018.\n\nSello\n\nDos.");
}

#define ITEM(level, text)                                                                                   \
    "<w:p><w:pPr><w:numPr><w:ilvl w:val='" level "'/><w:numId w:val='4'/></w:numPr></w:pPr><w:r><w:t>" text \
    "</w:t></w:r></w:p>"

static void docx_counted_numbers_are_written_out(void **state)
{
    (void)state;
    const part more[] = {
        {"word/numbering.xml",
         "<w:numbering " W_NS "><w:abstractNum w:abstractNumId='7'><w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt "
         "w:val='ordinalText'/><w:lvlText w:val='%1.-'/></w:lvl><w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt "
         "w:val='decimal'/><w:lvlText w:val='%2)'/></w:lvl></w:abstractNum><w:num w:numId='4'><w:abstractNumId "
         "w:val='7'/>"
         "</w:num></w:numbering>"},
        {"word/styles.xml", "<w:styles " W_NS "><w:style w:type='paragraph' w:styleId='Considerando'><w:pPr><w:numPr>"
                            "<w:numId w:val='4'/></w:numPr></w:pPr></w:style></w:styles>"},
        {0}};
    check_docx(
        ITEM("0", "Uno") ITEM("1", "a")
            ITEM("1", "b") "<w:p><w:pPr><w:pStyle w:val='Considerando'/></w:pPr><w:r><w:t>Dos</w:t></w:r></w:p>" ITEM(
                "1", "c"),
        more, "Primero.- Uno\n\n1) a\n\n2) b\n\nSegundo.- Dos\n\n1) c");
}

/* ---- ODT ---- */

#define O_NS                                                                                           \
    "xmlns:office='urn:office' xmlns:text='urn:text' xmlns:table='urn:table' xmlns:style='urn:style' " \
    "xmlns:draw='urn:draw'"

static void odt_as_container_and_flat(void **state)
{
    (void)state;
    static const char body[] =
        "<office:body><office:text><text:tracked-changes><text:changed-region><text:deletion><text:p>absuelve</text:p>"
        "</text:deletion></text:changed-region></text:tracked-changes><text:h>SENTENCIA</text:h>\n  <text:p>El\n juez"
        "<text:s text:c='4'/>falla<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Nota."
        "</text:p></text:note-body></text:note><text:span> así</text:span><text:line-break/>hoy.</text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>DELITO</text:p></table:table-cell><table:table-cell>"
        "<text:p>: TRATA</text:p></table:table-cell></table:table-row></table:table></office:text></office:body>";
    static const char expected[] = "SENTENCIA\n\nEl juez  falla así\nhoy.\n\nNota.\n\nDELITO  : TRATA";
    HU_BUF(content);
    HU_BUF(flat);
    HU_BUF(file);
    hu_buf_printf(&content, "<?xml version='1.0'?><office:document-content " O_NS ">%s</office:document-content>",
                  body);
    hu_buf_printf(&flat, "<?xml version='1.0'?>\n<office:document " O_NS ">%s</office:document>", body);
    const part parts[] = {{"mimetype", "application/vnd.oasis.opendocument.text"}, {"content.xml", content.data}, {0}};
    zip(parts, &file);
    check_text(file.data, file.length, expected);
    check_text(flat.data, flat.length, expected);
}

/* ---- HTML ---- */

static void html_blocks_tables_lists_and_hidden_text(void **state)
{
    (void)state;
    check_literal(
        "<!DOCTYPE html><html><head><title>No</title><style>p{}</style></head><body><nav>Inicio</nav>"
        "<h1>SENTENCIA</h1><p>El <b>acu</b>sado\n  fue &quot;captado&quot;.<br>Luego <del>no</del><span "
        "style='display: none'>oculto</span>sí.<script>x()</script><table><tr><td>DELITO<td>: TRATA"
        "<tr><td>JUEZ<td>: X</table><ol start=3><li>tres<li>cuatro</ol></body></html>",
        "SENTENCIA\n\nEl acusado fue \"captado\".\nLuego sí.\n\nDELITO  : TRATA\n\nJUEZ  : X\n\n3. tres\n\n4. "
        "cuatro");
}

static void html_in_any_encoding(void **state)
{
    (void)state;
    check_literal("<html><meta charset=utf-8><p>captaci\xF3n de la ni\xF1"
                  "a</p>",
                  "captación de la niña");
    check_literal("\xEF\xBB\xBF<html><meta charset=iso-8859-1><p>captación</p>", "captación");
    static const char wide[] = "\xFF\xFE<\0h\0t\0m\0l\0>\0<\0p\0>\0n\0i\0\xF1\0"
                               "a\0";
    check_text(wide, sizeof wide - 1, "niña");
}

/* ---- RTF ---- */

static void rtf_characters_and_paragraphs(void **state)
{
    (void)state;
    check_literal(
        "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}}{\\info{\\author Nadie}}{\\*\\generator X;}\n"
        "\\pard El juez Mu\\'f1oz \\{dijo\\}:\\line\n{\\b s\\u237\\'ed} \\uc2\\u8220 ??no\\u8221 ??\\uc1\\par\n"
        "{\\listtext PRIMERO.-\\tab}Captaci\\u243?n\\~y traslado\\emdash fin.\\par}",
        "El juez Muñoz {dijo}:\nsí “no”\n\nPRIMERO.-  Captación y traslado—fin.");
}

static void rtf_tables_notes_and_deletions(void **state)
{
    (void)state;
    check_literal(
        "{\\rtf1 {\\header Lima\\par}\\trowd\\cellx100\\cellx200\\intbl EXPEDIENTE\\cell : 00123-2019\\cell\\row"
        "\\trowd\\intbl DELITO\\cell {: TRATA}\\cell\\row\\pard Se le {\\deleted absuelve}{\\v no }condena"
        "{\\super\\chftn{\\footnote\\pard Ley 28950.}}.\\par{\\*\\shpinst{\\sp{\\sn a}{\\sv b}}{\\shptxt Sello\\par}}"
        "Fin\\bin5 {{{{{.\\par}",
        "EXPEDIENTE  : 00123-2019\n\nDELITO  : TRATA\n\nSe le condena.\n\nLey 28950.\n\nFin.\n\nSello");
}

/* ---- kinds ---- */

static void the_content_says_what_a_file_is(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        rich_kind kind;
    } rows[] = {{"PK\3\4", RICH_ZIP},
                {"{\\rtf1 x}", RICH_RTF},
                {"  <!-- a --> <HTML>", RICH_HTML},
                {"<?xml version='1.0'?><!DOCTYPE HTML>", RICH_HTML},
                {"<?xml version='1.0'?><office:document x>", RICH_FLAT_ODT},
                {"%PDF-1.4", RICH_NONE},
                {"SENTENCIA <html> no", RICH_NONE},
                {"<?xml", RICH_NONE},
                {"\xFF\xFE", RICH_NONE},
                {"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", RICH_OLE}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(rich_kind_of(rows[i].bytes, strlen(rows[i].bytes)), rows[i].kind);
}

/* ---- hostile files ---- */

static void truncated_and_twisted_containers(void **state)
{
    (void)state;
    HU_BUF(file);
    docx_of(P("Uno.") P("Dos."), NULL, &file);
    for (size_t n = 4; n < file.length; n++) {
        HU_BUF(text);
        rich_extract(RICH_ZIP, file.data, n, &text);
    }
    for (size_t n = 0; n < file.length; n++) {
        HU_BUF(text);
        file.data[n] ^= 0x41;
        rich_extract(RICH_ZIP, file.data, file.length, &text);
        file.data[n] ^= 0x41;
    }
    check_trouble(file.data, file.length / 2, PDF_DOCUMENT_BROKEN);
}

static void other_archives_are_told(void **state)
{
    (void)state;
    HU_BUF(file);
    zip((part[]){{"a.xml", "<a/>"}, {"b.pdf", "%PDF"}, {0}}, &file);
    check_trouble(file.data, file.length, PDF_DOCUMENT_UNKNOWN);
    check_trouble("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8, PDF_DOCUMENT_OLD);
}

/* Entities that would grow to 10^9 letters; and any document type at all. */
static void xml_bombs_are_refused(void **state)
{
    (void)state;
    HU_BUF(file);
    HU_BUF(xml);
    hu_buf_add_text(&xml, "<?xml version='1.0'?><!DOCTYPE b [<!ENTITY a0 'ja'>");
    for (int i = 1; i < 10; i++)
        hu_buf_printf(&xml, "<!ENTITY a%d '&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;'>", i, i - 1, i - 1,
                      i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
    hu_buf_add_text(&xml, "]><w:document " W_NS "><w:p w:x='&a9;'><w:r><w:t>&a9;</w:t></w:r></w:p></w:document>");
    zip((part[]){{"word/document.xml", xml.data}, {0}}, &file);
    check_trouble(file.data, file.length, PDF_DOCUMENT_BROKEN);
    file.length = 0;
    zip((part[]){{"word/document.xml", "<!DOCTYPE d SYSTEM 'file:///etc/passwd'><d/>"}, {0}}, &file);
    check_trouble(file.data, file.length, PDF_DOCUMENT_BROKEN);
}

/* Zeroes that a thousand times fewer bytes stand for: a part of 400 MiB in a file of 400 KiB. */
static void a_zip_bomb_is_refused(void **state)
{
    (void)state;
    static char blanks[1 << 20], room[4 << 20];
    size_t used = 0;
    memset(blanks, ' ', sizeof blanks);
    struct archive *archive = archive_write_new();
    archive_write_set_format_zip(archive);
    archive_write_open_memory(archive, room, sizeof room, &used);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, "word/document.xml");
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_size(entry, (la_int64_t)400 << 20);
    archive_write_header(archive, entry);
    for (int i = 0; i < 400; i++)
        archive_write_data(archive, blanks, sizeof blanks);
    archive_entry_free(entry);
    archive_write_close(archive);
    archive_write_free(archive);
    check_trouble(room, used, PDF_DOCUMENT_TOO_LARGE);
}

static void repeat(hu_buf *out, const char *text, size_t times)
{
    for (size_t i = 0; i < times; i++)
        hu_buf_add_text(out, text);
}

static void depth_costs_nothing(void **state)
{
    (void)state;
    HU_BUF(rtf);
    hu_buf_add_text(&rtf, "{\\rtf1 ");
    repeat(&rtf, "{", 1000000);
    hu_buf_add_text(&rtf, "fondo");
    repeat(&rtf, "}", 1000001);
    check_text(rtf.data, rtf.length, "fondo");
    HU_BUF(html);
    HU_BUF(text);
    hu_buf_add_text(&html, "<html><body>antes");
    repeat(&html, "<table><tr><td><ol><li>", 100000);
    rich_extract(RICH_HTML, html.data, html.length, &text);
    HU_BUF(body);
    repeat(&body, "<w:tbl><w:tr><w:tc>", 40);
    hu_buf_add_text(&body, P("fondo"));
    repeat(&body, "</w:tc></w:tr></w:tbl>", 40);
    check_docx(body.data, NULL, "fondo");
    repeat(&body, "<w:tbl><w:tr><w:tc>", 2000);
    HU_BUF(deep);
    docx_of(body.data, NULL, &deep);
    check_trouble(deep.data, deep.length, PDF_DOCUMENT_BROKEN);
}

/* ---- through the worker ---- */

static void read_as_documents(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    HU_BUF(file);
    hu_corpus *corpus = open_corpus(arena);
    docx_of("<w:tbl><w:tr>" TC(P("EXPEDIENTE")) TC(P(": 00123-2019-0-1501-JR-PE-01")) "</w:tr></w:tbl>" P("SENTENCIA")
                P("El acusado captó a la agraviada.") P("Por estas razones, fallo: condenando al acusado."),
            NULL, &file);
    const char *path = temporary(arena, "named.txt");
    write_bytes(path, file.data, file.length);
    hu_document *document = open_document(corpus, path, arena);
    assert_string_equal(document->text, "EXPEDIENTE : 00123-2019-0-1501-JR-PE-01\n\nSENTENCIA\n\nEl acusado captó a la "
                                        "agraviada.\n\nPor estas razones, fallo: condenando al acusado.");
    file.length /= 2;
    write_bytes(path, file.data, file.length);
    CHECK_FAILS(hu_document_open(corpus, path, arena, &document), HU_BAD_INPUT, "named.txt: the document is damaged");
    write_bytes(path, "{\\rtf1 Se le conden\\'f3.\\par}", 29);
    check_has(open_document(corpus, path, arena), "Se le condenó.");
    write_bytes(path, "<html><p>Se le conden\xF3.", 23);
    check_has(open_document(corpus, path, arena), "Se le condenó.");
    remove_temporary(path);
    hu_corpus_close(corpus);
}

/* ---- workbooks ---- */

#define SHEET(rows) "<worksheet xmlns='http://s'><sheetData>" rows "</sheetData></worksheet>"

static const part form_parts[] = {
    {"[Content_Types].xml", "<Types/>"},
    {"xl/workbook.xml", "<workbook xmlns:r='http://r'><sheets><sheet name='survey' sheetId='1' r:id='rId2'/>"
                        "<sheet name='choices' sheetId='2' r:id='rId1'/></sheets></workbook>"},
    {"xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id='rId1' Target='worksheets/sheet1.xml'/>"
                                   "<Relationship Id='rId2' Target='/xl/worksheets/other.xml'/></Relationships>"},
    {"xl/sharedStrings.xml",
     "<sst><si><t>type</t></si><si><t>name</t></si><si><r><t>label::</t></r><r><t>Espa\u00f1ol</t></r>"
     "<rPh><t>x</t></rPh></si><si><t>integer</t></si></sst>"},
    {"xl/worksheets/other.xml",
     SHEET("<row r='2'><c r='A2' t='s'><v>0</v></c><c r='B2' t='s'><v>1</v></c><c r='D2' t='s'><v>2</v></c></row>"
           "<row r='5'><c r='A5' t='s'><v>3</v></c><c r='B5' t='inlineStr'><is><t>age</t></is></c>"
           "<c r='D5' t='str'><f>A1</f><v>Edad &amp; m\u00e1s</v></c></row><row r='6'><c r='A6'/></row>"
           "<row r='7'><c r='B7'><v>12.5</v></c><c r='D7' t='s'><v>99</v></c></row>")},
    {"xl/worksheets/sheet1.xml", SHEET("<row><c><v>1</v></c><c t='b'><v>1</v></c></row>")},
    {NULL, NULL}};

static void workbooks_are_cells(void **state)
{
    (void)state;
    HU_BUF(file);
    zip(form_parts, &file);
    check_text(file.data, file.length,
               "\x1dsurvey\x1e\x1etype\x1fname\x1f\x1flabel::Español\x1e\x1e\x1einteger\x1f"
               "age\x1f\x1f"
               "Edad & más\x1e\x1e\x1f"
               "12.5\x1d"
               "choices\x1e"
               "1\x1f"
               "1");
    static const part lost[] = {{"xl/workbook.xml", "<workbook><sheets><sheet name='survey'/></sheets></workbook>"},
                                {NULL, NULL}};
    HU_BUF(broken);
    zip(lost, &broken);
    check_trouble(broken.data, broken.length, PDF_DOCUMENT_BROKEN);
    static const part wide[] = {
        {"xl/workbook.xml", "<workbook><sheets><sheet name='s'/></sheets></workbook>"},
        {"xl/worksheets/sheet1.xml",
         SHEET("<row r='1048576'><c r='XFD1048576'><v>1</v></c><c r='ZZZZZZZ1'><v>2</v></c></row>")},
        {NULL, NULL}};
    HU_BUF(far);
    HU_BUF(text);
    zip(wide, &far);
    assert_int_equal(rich_extract(RICH_ZIP, far.data, far.length, &text), 0);
    assert_true(text.length < 1200000);
}

static void workbooks_become_tables(void **state)
{
    (void)state;
    HU_SCRATCH(arena);
    HU_BUF(file);
    zip(form_parts, &file);
    const char *path = temporary(arena, "form.xlsx");
    write_bytes(path, file.data, file.length);
    hu_sheet *sheets;
    size_t count;
    const char *const survey[] = {"Survey", NULL};
    CHECK_OK(hu_workbook_read(worker_path(arena), path, survey, arena, &sheets, &count));
    assert_int_equal(count, 1);
    CHECK_FAILS(hu_workbook_read(worker_path(arena), path, NULL, arena, &sheets, &count), HU_BAD_INPUT,
                "form.xlsx (choices):1: columns 1 and 2 are both named");
    CHECK_OK(hu_workbook_read(worker_path(arena), path, survey, arena, &sheets, &count));
    assert_string_equal(sheets[0].name, "survey");
    const hu_table *t = sheets[0].table;
    assert_true(t->rows == 2 && t->n_columns == 3); /* the column without a name is left out, as is the empty row */
    assert_true(hu_str_is(hu_table_find(t, "label::Español")->texts[0], "Edad & más"));
    assert_null(hu_table_find(t, "type")->texts[1].data);
    CHECK_FAILS(hu_table_fail(t, HU_BAD_INPUT, 1, "name", "no"), HU_BAD_INPUT, "form.xlsx (survey):7: column \"name\"");
    hu_corpus *corpus = open_corpus(arena);
    hu_document *document;
    CHECK_FAILS(hu_document_open(corpus, path, arena, &document), HU_BAD_INPUT, "a workbook, not a judgment");
    write_bytes(path, "a,b\n", 4);
    CHECK_FAILS(hu_workbook_read(worker_path(arena), path, NULL, arena, &sheets, &count), HU_BAD_INPUT, "no workbook");
    remove_temporary(path);
    hu_corpus_close(corpus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(docx_paragraphs_runs_and_breaks),
        cmocka_unit_test(docx_header_block_in_a_table),
        cmocka_unit_test(docx_what_was_deleted_is_left_out),
        cmocka_unit_test(docx_notes_headers_and_boxes_stand_apart),
        cmocka_unit_test(docx_counted_numbers_are_written_out),
        cmocka_unit_test(odt_as_container_and_flat),
        cmocka_unit_test(html_blocks_tables_lists_and_hidden_text),
        cmocka_unit_test(html_in_any_encoding),
        cmocka_unit_test(rtf_characters_and_paragraphs),
        cmocka_unit_test(rtf_tables_notes_and_deletions),
        cmocka_unit_test(the_content_says_what_a_file_is),
        cmocka_unit_test(truncated_and_twisted_containers),
        cmocka_unit_test(other_archives_are_told),
        cmocka_unit_test(xml_bombs_are_refused),
        cmocka_unit_test(a_zip_bomb_is_refused),
        cmocka_unit_test(depth_costs_nothing),
        cmocka_unit_test(read_as_documents),
        cmocka_unit_test(workbooks_are_cells),
        cmocka_unit_test(workbooks_become_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

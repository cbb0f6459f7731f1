/* Word 2007 and later (ISO/IEC 29500): the main part, its headers before it, its notes where they hang. */

#include "rich.h"
#include "rich_numbering.h"
#include "rich_readers.h"
#include "rich_text.h"
#include "rich_xml.h"

#include <stdlib.h>
#include <string.h>

typedef struct note {
    long id;
    hu_buf text;
} note;

typedef struct notes {
    note *all;
    size_t count, room;
} notes;

typedef struct docx {
    rich_text text;
    rich_numbering *numbering;
    const notes *footnotes, *endnotes; /* NULL while they are themselves read */
    bool in_text, in_run, hidden;      /* in w:t; in w:r; the run is hidden text */
    bool in_properties;                /* in w:pPr */
    bool numbered;                     /* the paragraph's number has been written or found wanting */
    rich_list_item item;               /* of the paragraph that is open */
    notes *collected;                  /* where notes go while a part of notes is read */
} docx;

/* ---- paragraphs ---- */

/* The paragraph's number, before its first character. */
static void write_number(docx *d)
{
    HU_BUF(number);
    if (d->numbered)
        return;
    d->numbered = true;
    rich_numbering_next(d->numbering, &d->item, &number);
    if (!number.length)
        return;
    rich_add(&d->text, number.data, number.length);
    rich_add(&d->text, " ", 1);
}

static void start_paragraph(docx *d)
{
    d->item = (rich_list_item){.list = -1, .level = -1};
    d->numbered = false;
}

static void end_paragraph(docx *d)
{
    if (!d->numbered && d->text.out && d->item.list > 0) { /* an empty item is counted too */
        HU_BUF(number);
        rich_numbering_next(d->numbering, &d->item, &number);
    }
    rich_paragraph_end(&d->text);
    d->numbered = true;
}

/* ---- elements ---- */

static void add_note(docx *d, const notes *from, xmlTextReaderPtr reader)
{
    long id = rich_attribute_number(reader, "id", -1);
    for (size_t i = 0; from && i < from->count; i++) {
        if (from->all[i].id != id || id < 0)
            continue;
        rich_open_aside(&d->text);
        rich_add_lines(&d->text, from->all[i].text.data ? from->all[i].text.data : "", from->all[i].text.length);
        rich_close_aside(&d->text);
        return;
    }
}

static bool is_off(xmlTextReaderPtr reader)
{
    return rich_attribute_is(reader, "val", "0") || rich_attribute_is(reader, "val", "false") ||
           rich_attribute_is(reader, "val", "none");
}

static void open_in_properties(docx *d, const char *name, xmlTextReaderPtr reader)
{
    if (strcmp(name, "pStyle") == 0) {
        char *style = rich_attribute(reader, "val");
        rich_numbering_style(d->numbering, style ? style : "", &d->item);
        xmlFree(style);
    } else if (strcmp(name, "numId") == 0) {
        d->item.list = rich_attribute_number(reader, "val", -1);
    } else if (strcmp(name, "ilvl") == 0) {
        d->item.level = rich_attribute_number(reader, "val", -1);
    }
}

static void open_in_run(docx *d, const char *name, xmlTextReaderPtr reader)
{
    if (strcmp(name, "t") == 0) {
        d->in_text = true;
    } else if (strcmp(name, "tab") == 0 || strcmp(name, "ptab") == 0) {
        rich_wide_gap(&d->text);
    } else if (strcmp(name, "br") == 0 || strcmp(name, "cr") == 0) {
        if (rich_attribute_is(reader, "type", "page") || rich_attribute_is(reader, "type", "column"))
            rich_add(&d->text, " ", 1);
        else
            rich_line_break(&d->text);
    } else if (strcmp(name, "noBreakHyphen") == 0) {
        rich_add(&d->text, "-", 1);
    } else if (strcmp(name, "vanish") == 0) {
        d->hidden = !is_off(reader);
    } else if (strcmp(name, "footnoteReference") == 0) {
        add_note(d, d->footnotes, reader);
    } else if (strcmp(name, "endnoteReference") == 0) {
        add_note(d, d->endnotes, reader);
    }
}

/* Changes that were tracked as deleted, what stands twice for old programs, and what is no text. */
static bool is_left_out(const char *name)
{
    static const char *const names[] = {"del", "pPrChange", "rPrChange", "moveFrom", "Fallback", "instrText", "sectPr",
                                        "rt",  "object",    "tblPrEx",   "tblPr",    "tcPr",     "trPr",      NULL};
    for (const char *const *one = names; *one; one++)
        if (strcmp(name, *one) == 0)
            return true;
    return false;
}

static note *new_note(notes *all, long id)
{
    if (all->count == all->room) {
        all->room = all->room ? 2 * all->room : 32;
        note *more = hu_xcalloc(all->room, sizeof *more);
        if (all->count)
            memcpy(more, all->all, all->count * sizeof *more);
        free(all->all);
        all->all = more;
    }
    all->all[all->count] = (note){.id = id};
    return &all->all[all->count++];
}

static bool docx_open(void *context, const char *name, xmlTextReaderPtr reader)
{
    docx *d = context;
    if (is_left_out(name))
        return false;
    if (d->collected && (strcmp(name, "footnote") == 0 || strcmp(name, "endnote") == 0)) {
        if (rich_attribute_is(reader, "type", "separator") ||
            rich_attribute_is(reader, "type", "continuationSeparator"))
            return false;
        if (d->text.out) /* a note in a note: the outer one ends */
            rich_text_end(&d->text);
        rich_text_start(&d->text, &new_note(d->collected, rich_attribute_number(reader, "id", -1))->text, RICH_MAX_TEXT,
                        false);
    } else if (d->collected && !d->text.out) {
        return true;
    } else if (strcmp(name, "p") == 0) {
        start_paragraph(d);
    } else if (strcmp(name, "pPr") == 0) {
        d->in_properties = true;
    } else if (d->in_properties) {
        open_in_properties(d, name, reader);
    } else if (strcmp(name, "r") == 0) {
        d->in_run = true;
        d->hidden = false;
    } else if (strcmp(name, "txbxContent") == 0) {
        rich_open_aside(&d->text);
    } else if (strcmp(name, "tr") == 0) {
        rich_open_row(&d->text);
    } else if (strcmp(name, "tc") == 0) {
        rich_open_cell(&d->text);
    } else if (d->in_run) {
        open_in_run(d, name, reader);
    }
    return true;
}

static void docx_close(void *context, const char *name)
{
    docx *d = context;
    if (d->collected && (strcmp(name, "footnote") == 0 || strcmp(name, "endnote") == 0)) {
        if (d->text.out)
            rich_text_end(&d->text);
        d->text.out = NULL;
    } else if (d->collected && !d->text.out) {
        return;
    } else if (strcmp(name, "p") == 0) {
        end_paragraph(d);
    } else if (strcmp(name, "pPr") == 0) {
        d->in_properties = false;
    } else if (strcmp(name, "t") == 0) {
        d->in_text = false;
    } else if (strcmp(name, "r") == 0) {
        d->in_run = false;
    } else if (strcmp(name, "txbxContent") == 0) {
        rich_close_aside(&d->text);
    } else if (strcmp(name, "tc") == 0) {
        rich_close_cell(&d->text);
    } else if (strcmp(name, "tr") == 0) {
        rich_close_row(&d->text);
    }
}

static void docx_text(void *context, const char *text, size_t length)
{
    docx *d = context;
    if (!d->in_text || d->hidden || !d->text.out)
        return;
    write_number(d);
    rich_add(&d->text, text, length);
}

static const rich_walk walk = {docx_open, docx_close, docx_text};

/* ---- parts ---- */

typedef struct relation {
    char *target;
} relation;

static bool find_main(void *context, const char *name, xmlTextReaderPtr reader)
{
    relation *main = context;
    char *type = rich_attribute(reader, "Type"), *slash = type ? strrchr(type, '/') : NULL;
    if (!main->target && slash && strcmp(name, "Relationship") == 0 && strcmp(slash, "/officeDocument") == 0)
        main->target = rich_attribute(reader, "Target");
    xmlFree(type);
    return true;
}

/* The main part: where the package says, else where it usually stands. */
static const rich_part *main_part(const rich_parts *parts)
{
    relation main = {0};
    const rich_part *relations = rich_parts_find(parts, "_rels/.rels", 11), *found = NULL;
    if (relations)
        rich_walk_xml(&relations->data, &(rich_walk){.open = find_main}, &main);
    if (main.target)
        found = rich_parts_find(parts, main.target, strlen(main.target));
    xmlFree(main.target);
    return found ? found : rich_parts_find(parts, "word/document.xml", 17);
}

/* A part beside the main one. */
static const rich_part *part_beside(const rich_parts *parts, const rich_part *main, const char *name)
{
    HU_BUF(path);
    const char *slash = strrchr(main->name, '/');
    hu_buf_add(&path, main->name, slash ? (size_t)(slash + 1 - main->name) : 0);
    hu_buf_add_text(&path, name);
    return rich_parts_find(parts, path.data, path.length);
}

static void read_notes(const rich_part *part, rich_numbering *numbering, notes *all)
{
    docx d = {.collected = all, .numbering = numbering, .numbered = true};
    if (part)
        rich_walk_xml(&part->data, &walk, &d); /* what is broken costs the notes behind the fault, not the judgment */
    if (d.text.out)
        rich_text_end(&d.text);
}

static void free_notes(notes *all)
{
    for (size_t i = 0; i < all->count; i++)
        hu_buf_free(&all->all[i].text);
    free(all->all);
}

/* Courts put their name and the file number there: each header once, before the text. */
static void read_headers(const rich_parts *parts, const rich_part *main, docx *d)
{
    HU_BUF(seen);
    for (int i = 1; i <= 9; i++) {
        char name[] = "header1.xml";
        name[6] = (char)('0' + i);
        const rich_part *part = part_beside(parts, main, name);
        HU_BUF(one);
        docx header = {.numbering = d->numbering, .numbered = true};
        if (!part)
            continue;
        rich_text_start(&header.text, &one, 4096, false);
        rich_walk_xml(&part->data, &walk, &header);
        rich_text_end(&header.text);
        if (!one.length || (seen.length && strstr(seen.data, one.data)))
            continue;
        hu_buf_add_text(&seen, one.data);
        rich_add_lines(&d->text, one.data, one.length);
        rich_paragraph_end(&d->text);
    }
}

pdf_trouble rich_read_docx(const rich_parts *parts, hu_buf *out)
{
    notes footnotes = {0}, endnotes = {0};
    const rich_part *main = main_part(parts);
    if (!main)
        return PDF_DOCUMENT_UNKNOWN;
    const rich_part *lists = part_beside(parts, main, "numbering.xml");
    const rich_part *styles = part_beside(parts, main, "styles.xml");
    docx d = {.numbering = rich_numbering_new(lists ? &lists->data : NULL, styles ? &styles->data : NULL)};
    read_notes(part_beside(parts, main, "footnotes.xml"), d.numbering, &footnotes);
    read_notes(part_beside(parts, main, "endnotes.xml"), d.numbering, &endnotes);
    d.footnotes = &footnotes;
    d.endnotes = &endnotes;
    rich_text_start(&d.text, out, RICH_MAX_TEXT, false);
    read_headers(parts, main, &d);
    pdf_trouble trouble = rich_walk_xml(&main->data, &walk, &d);
    if (!trouble && d.text.full)
        trouble = PDF_DOCUMENT_TOO_LARGE;
    rich_text_end(&d.text);
    free_notes(&footnotes);
    free_notes(&endnotes);
    rich_numbering_free(d.numbering);
    return trouble;
}

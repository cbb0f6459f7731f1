/* huella read --explain: the passage, the rule, and what was set aside. */

#include "read_explain.h"

#include <string.h>

enum { AROUND = 70, MAX_FAMILIES = 32 };

typedef struct explanation {
    const hu_reading *reading;
    hu_buf *out;
    const char *families[MAX_FAMILIES]; /* ids of rules that gave a value; what stands before the dot is the family */
    size_t n_families;
    const char *value; /* NULL = any */
} explanation;

static size_t family_length(const char *rule)
{
    return strcspn(rule, ".");
}

static bool same_family(const char *a, const char *b)
{
    size_t length = family_length(a);
    return length == family_length(b) && strncmp(a, b, length) == 0;
}

static void add_family(explanation *e, const char *rule)
{
    for (size_t i = 0; i < e->n_families; i++)
        if (same_family(e->families[i], rule))
            return;
    if (e->n_families < MAX_FAMILIES && strcmp(rule, "derived") != 0)
        e->families[e->n_families++] = rule;
}

/* "date" asks for decision.date, "verdict" for every defendant's, "practices" for all of them. */
static bool asked_for(const char *finding, const char *key)
{
    size_t length = strlen(key);
    if (strncmp(finding, key, length) == 0 && (finding[length] == '\0' || strchr(".[", finding[length])))
        return true;
    const char *leaf = strrchr(finding, '.');
    return leaf && strncmp(leaf + 1, key, length) == 0 && (leaf[1 + length] == '\0' || leaf[1 + length] == '[');
}

/* Back or forth over whole UTF-8 characters. */
static size_t step_to(const hu_document *document, size_t byte)
{
    while (byte > 0 && byte < document->length && ((unsigned char)document->text[byte] & 0xC0) == 0x80)
        byte--;
    return byte;
}

/* "p. 2, facts: … words «the quotation» words …" on one line. */
static void write_passage(explanation *e, hu_span at)
{
    const hu_document *document = e->reading->document;
    size_t from = step_to(document, at.start > AROUND ? at.start - AROUND : 0);
    size_t to = at.end + AROUND < document->length ? step_to(document, at.end + AROUND) : document->length;
    int page = hu_document_place(document, at.start).page;
    if (page)
        hu_buf_printf(e->out, "p. %d, ", page);
    hu_buf_printf(e->out, "%s: %s", hu_part_name(hu_document_part(document, at.start)), from > 0 ? "…" : "");
    for (size_t i = from; i < to; i++) {
        if (i == at.start)
            hu_buf_add_text(e->out, "«");
        hu_buf_add_char(e->out, document->text[i] == '\n' ? ' ' : document->text[i]);
        if (i + 1 == at.end)
            hu_buf_add_text(e->out, "»");
    }
    hu_buf_printf(e->out, "%s\n", to < document->length ? "…" : "");
}

static void write_finding(explanation *e, const hu_finding *finding)
{
    HU_BUF(value);
    hu_finding_write_value(finding, &value);
    hu_buf_printf(e->out, "%s = %.*s   %.0f %%, rule %s\n", finding->key, (int)value.length, value.data,
                  100 * finding->confidence, finding->rule);
    for (size_t i = 0; i < finding->n_evidence; i++) {
        hu_buf_add_text(e->out, "    ");
        write_passage(e, finding->evidence[i]);
    }
    add_family(e, finding->rule);
}

static bool is_evidence(const hu_reading *reading, hu_span at, const char *key)
{
    for (size_t i = 0; i < reading->n_findings; i++)
        for (size_t j = 0; asked_for(reading->findings[i].key, key) && j < reading->findings[i].n_evidence; j++) {
            hu_span evidence = reading->findings[i].evidence[j];
            if (evidence.start < at.end && at.start < evidence.end)
                return true;
        }
    return false;
}

/* Of a family; and where the key names one of its values ("practices.shelter"), of that value. */
static bool belongs(const explanation *e, const hu_candidate *candidate)
{
    if (e->value && (!candidate->value || strcmp(candidate->value, e->value) != 0))
        return false;
    for (size_t i = 0; i < e->n_families; i++)
        if (same_family(e->families[i], candidate->rule))
            return true;
    return false;
}

/* A place that was set aside by what reads the variable stands among those that hold, too. */
static bool told_before(const hu_reading *reading, size_t index)
{
    const hu_candidate *it = &reading->candidates[index];
    for (size_t i = 0; i < index; i++) {
        const hu_candidate *other = &reading->candidates[i];
        if (other->at.start == it->at.start && other->at.end == it->at.end && strcmp(other->rule, it->rule) == 0)
            return true;
    }
    return false;
}

static const char *file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void write_candidates(explanation *e, const char *key)
{
    const hu_reading *reading = e->reading;
    bool any = false;
    for (size_t i = 0; i < reading->n_candidates; i++) {
        const hu_candidate *candidate = &reading->candidates[i];
        if (!belongs(e, candidate) || told_before(reading, i) ||
            (!candidate->why_not && is_evidence(reading, candidate->at, key)))
            continue;
        if (!any)
            hu_buf_add_text(e->out, "not taken:\n");
        any = true;
        hu_buf_printf(e->out, "  %s (%s:%ld): %s\n    ", candidate->rule, file_name(candidate->source), candidate->line,
                      candidate->why_not ? candidate->why_not : "holds, but another place decided");
        write_passage(e, candidate->at);
    }
    if (!any)
        hu_buf_add_text(e->out, "not taken: no other place\n");
}

/* Rules whose family bears the name of the variable, for a value that was not found: "date.…" for "decision.date". */
static void add_named_families(explanation *e, const char *key)
{
    const char *leaf = strrchr(key, '.') ? strrchr(key, '.') + 1 : key;
    for (size_t i = 0; i < e->reading->n_candidates; i++) {
        const char *rule = e->reading->candidates[i].rule;
        size_t length = family_length(rule);
        if (strncmp(rule, leaf, length) == 0 && (leaf[length] == '\0' || leaf[length] == '_' || leaf[length] == 's'))
            add_family(e, rule);
    }
}

void explain_reading(const hu_reading *reading, const char *key, hu_buf *out)
{
    explanation e = {.reading = reading, .out = out};
    const char *leaf = strrchr(key, '.') ? strrchr(key, '.') + 1 : key;
    size_t found = 0;
    for (size_t i = 0; i < reading->n_candidates && !e.value; i++)
        if (reading->candidates[i].value && strcmp(reading->candidates[i].value, leaf) == 0)
            e.value = leaf;
    hu_buf_printf(out, "%s\n", reading->document->path);
    for (size_t i = 0; i < reading->n_findings; i++)
        if (asked_for(reading->findings[i].key, key)) {
            write_finding(&e, &reading->findings[i]);
            found++;
        }
    if (!found)
        hu_buf_printf(out, "%s: not found\n", key);
    add_named_families(&e, key);
    write_candidates(&e, key);
}

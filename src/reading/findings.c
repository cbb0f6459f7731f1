/* Findings as they grow: every value with the span that bears it. */

#include "context.h"

#include <ctype.h>
#include <string.h>

hu_stretch to_bytes(const hu_reading_context *c, hu_stretch at)
{
    const uint32_t *byte_of = c->document->byte_of;
    return (hu_stretch){byte_of[at.start], byte_of[at.end]};
}

void map_to_folded(hu_reading_context *c)
{
    const hu_document *document = c->document;
    uint32_t *folded_of = HU_NEW_ARRAY(c->arena, uint32_t, document->length + 1);
    size_t at = 0;
    for (size_t byte = 0; byte <= document->length; byte++) {
        while (at < document->folded_length && document->byte_of[at] < byte)
            at++;
        folded_of[byte] = (uint32_t)at;
    }
    c->folded_of = folded_of;
}

size_t to_folded(const hu_reading_context *c, size_t byte)
{
    return c->folded_of[byte];
}

/* Without blanks at the ends, so that a quote is a quote. */
static hu_stretch trimmed(const hu_reading_context *c, hu_stretch at)
{
    hu_stretch bytes = to_bytes(c, at);
    const char *text = c->document->text;
    while (bytes.start < bytes.end && strchr(" \n\t", text[bytes.start]))
        bytes.start++;
    while (bytes.end > bytes.start && strchr(" \n\t", text[bytes.end - 1]))
        bytes.end--;
    return bytes;
}

static const char *in_one_line(hu_reading_context *c, const char *from, hu_stretch at)
{
    char *text = hu_strndup(c->arena, from + at.start, at.end - at.start);
    for (char *p = text; *p; p++)
        if (*p == '\n')
            *p = ' ';
    return text;
}

const char *as_written(hu_reading_context *c, hu_stretch at)
{
    return in_one_line(c, c->document->text, trimmed(c, at));
}

const char *as_folded(hu_reading_context *c, hu_stretch at)
{
    return in_one_line(c, c->document->folded, at);
}

hu_finding *add_finding(hu_reading_context *c, const char *key, double confidence, const hu_rule *rule,
                        const hu_stretch *at, size_t n_at)
{
    if (c->n_findings == c->capacity) {
        size_t capacity = c->capacity ? c->capacity * 2 : 64;
        c->findings = hu_regrow(c->arena, c->findings, c->n_findings, capacity, sizeof *c->findings);
        c->capacity = capacity;
    }
    hu_span *evidence = HU_NEW_ARRAY(c->arena, hu_span, n_at);
    size_t n = 0;
    for (size_t i = 0; i < n_at; i++) {
        hu_stretch bytes = trimmed(c, at[i]);
        if (bytes.start < bytes.end)
            evidence[n++] = (hu_span){bytes.start, bytes.end};
    }
    hu_finding *finding = &c->findings[c->n_findings++];
    *finding = (hu_finding){.key = key,
                            .confidence = confidence,
                            .evidence = evidence,
                            .n_evidence = n,
                            .rule = rule ? rule->id : "derived"};
    return finding;
}

void add_text(hu_reading_context *c, const char *key, const char *text, double confidence, const hu_rule *rule,
              hu_stretch at)
{
    hu_finding *finding = add_finding(c, key, confidence, rule, &at, 1);
    finding->kind = HU_VALUE_TEXT;
    finding->text = text;
}

void add_number(hu_reading_context *c, const char *key, double number, double confidence, const hu_rule *rule,
                hu_stretch at)
{
    hu_finding *finding = add_finding(c, key, confidence, rule, &at, 1);
    finding->kind = HU_VALUE_NUMBER;
    finding->number = number;
}

void add_bool(hu_reading_context *c, const char *key, bool truth, double confidence, const hu_rule *rule, hu_stretch at)
{
    hu_finding *finding = add_finding(c, key, confidence, rule, &at, 1);
    finding->kind = HU_VALUE_BOOL;
    finding->truth = truth;
}

const char *without_blanks(hu_reading_context *c, hu_stretch at)
{
    const char *written = as_written(c, at);
    char *text = hu_strdup(c->arena, written), *out = text;
    for (const char *p = written; *p; p++)
        if (!isspace((unsigned char)*p))
            *out++ = *p;
    *out = '\0';
    return text;
}

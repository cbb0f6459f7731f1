/* The three indices of a judgment: severity of the charge, victim-centredness, collaboration. */

#include "context.h"

#include <string.h>

static const hu_finding *finding_of(const hu_reading_context *c, const char *key)
{
    for (size_t i = 0; i < c->n_findings; i++)
        if (strcmp(c->findings[i].key, key) == 0)
            return &c->findings[i];
    return NULL;
}

/* Bears an index with the spans that its parts rest on. */
static void add_index(hu_reading_context *c, const char *key, double value, double confidence, const hu_span *evidence,
                      size_t n_evidence)
{
    hu_finding *finding = add_finding(c, key, confidence, NULL, NULL, 0);
    finding->kind = HU_VALUE_NUMBER;
    finding->number = value;
    finding->evidence = evidence;
    finding->n_evidence = n_evidence;
}

/* 0 acquitted or unrelated, 1 related lesser offence, 2 trafficking, 3 aggravated, 4 aggravated in the highest range.
 */
static int severity(const hu_defendant *d, const hu_charge **by)
{
    int highest = 0;
    for (size_t i = 0; i < d->stands.convicted.count; i++) {
        const hu_charge *charge = &d->stands.convicted.items[i];
        int rank = charge->offence->rank;
        bool long_term = d->stands.n_penalties && d->stands.penalties[0].months >= 300;
        if (rank == 3 && (charge->highest || long_term))
            rank = 4;
        if (rank > highest || !*by) {
            highest = rank > highest ? rank : highest;
            *by = charge;
        }
    }
    return highest;
}

static void read_severity(hu_reading_context *c)
{
    int highest = -1;
    hu_stretch at = {0};
    for (size_t i = 0; i < c->n_defendants; i++) {
        const hu_defendant *d = &c->defendants[i];
        const hu_finding *final = finding_of(c, hu_printf(c->arena, "defendants[%zu].final_verdict", i));
        if (!final || strcmp(final->text, "open") == 0)
            continue;
        const hu_charge *by = NULL;
        int rank = strcmp(final->text, "convicted") == 0 ? severity(d, &by) : 0;
        if (rank <= highest)
            continue;
        highest = rank;
        at = by ? by->evidence[0] : d->stands.ruling;
    }
    if (highest >= 0)
        add_number(c, "indices.charge_severity", highest, 0.85, NULL, at);
}

static void read_victim_centred(hu_reading_context *c)
{
    double present = 0, applicable = 0;
    const hu_reader *reader = c->reader;
    hu_span *evidence = HU_NEW_ARRAY(c->arena, hu_span, reader->n_practices);
    size_t n = 0;
    for (size_t i = 0; i < reader->n_practices; i++) {
        const hu_practice *practice = &reader->practices[i];
        const hu_finding *finding = finding_of(c, hu_printf(c->arena, "practices.%s", practice->key));
        bool shown = finding && strcmp(finding->text, "present") == 0;
        bool minors = next_mention(c, "victim", 0, c->document->folded_length) < c->mentions.count;
        bool applies = strcmp(practice->applies, "always") == 0 || (strcmp(practice->applies, "minors") == 0 && minors);
        if (practice->sign > 0 && (applies || shown))
            applicable++;
        if (!shown)
            continue;
        present += practice->sign;
        evidence[n++] = finding->evidence[0];
    }
    if (applicable > 0)
        add_index(c, "indices.victim_centred", present > 0 ? present / applicable : 0, 0.7, evidence, n);
}

static void read_collaboration(hu_reading_context *c)
{
    hu_span *evidence = HU_NEW_ARRAY(c->arena, hu_span, c->reader->n_agencies);
    size_t n = 0;
    for (size_t i = 0; i < c->reader->n_agencies; i++) {
        const hu_finding *finding = finding_of(c, hu_printf(c->arena, "agencies.%s", c->reader->agencies[i].key));
        if (!c->reader->agencies[i].state && finding && strcmp(finding->text, "acted") == 0)
            evidence[n++] = finding->evidence[0];
    }
    add_index(c, "indices.collaboration", (double)n, 0.7, evidence, n);
}

void read_indices(hu_reading_context *c)
{
    if (!c->on_merits && strcmp(c->kind, "order") != 0)
        return;
    if (c->on_merits)
        read_severity(c);
    read_victim_centred(c);
    read_collaboration(c);
}

/* The outcomes of every case, as docs/outcomes.md defines them; each value with the findings it rests on. */

#include "huella/registry/database.h"
#include "decisions.h"

#include <math.h>
#include <string.h>

static const double DAYS_A_MONTH = 30.4375; /* 365.25 / 12 */

/* A case, what is known of it, and where its outcomes go. */
typedef struct derivation {
    hu_store *store;
    hu_arena *arena;
    bool any_closed; /* the table of cases says when cases were closed */
    size_t values;
    const hu_case_decisions *of;
    const hu_person *persons;
    size_t n_persons;
} derivation;

/* --- writing --- */

static hu_error *put_source(derivation *d, const char *outcome, int64_t finding)
{
    return hu_db_run(d->store,
                     "INSERT INTO outcome_findings (case_id, outcome, finding_id) VALUES (?, ?, ?) "
                     "ON CONFLICT DO NOTHING",
                     "tti", d->of->case_id, outcome, finding);
}

/* `shown`: the finding that bears the value; 0 for one that comes from the table of cases alone. */
static hu_error *put_outcome(derivation *d, const char *outcome, double value, const char *source, int64_t shown,
                             int64_t judgment)
{
    d->values++;
    HU_TRY(hu_db_run(d->store,
                     "INSERT INTO outcomes (case_id, outcome, value, source, finding_id, judgment_id) "
                     "VALUES (?, ?, ?, ?, ?, ?)",
                     "ttdtII", d->of->case_id, outcome, value, source, shown ? shown : -1, shown ? judgment : -1));
    return shown ? put_source(d, outcome, shown) : NULL;
}

static hu_error *put_read(derivation *d, const char *outcome, hu_read_number number)
{
    return number.finding ? put_outcome(d, outcome, number.value, "finding", number.finding, number.judgment) : NULL;
}

/* --- where the case stands --- */

static size_t count_standing(const derivation *d, hu_standing standing)
{
    size_t n = 0;
    for (size_t i = 0; i < d->n_persons; i++)
        n += d->persons[i].standing == standing;
    return n;
}

/* 1 when someone stands convicted, 0 when all stand acquitted, NaN when that is open or not known. */
static double conviction_of(const derivation *d)
{
    if (count_standing(d, HU_STANDING_CONVICTED))
        return 1;
    return d->n_persons && count_standing(d, HU_STANDING_ACQUITTED) == d->n_persons ? 0 : NAN;
}

/* A value that rests on where all persons of that standing stand; the first of them is shown. */
static hu_error *put_standing(derivation *d, const char *outcome, double value, hu_standing standing)
{
    bool first = true;
    for (size_t i = 0; i < d->n_persons; i++) {
        const hu_person *person = &d->persons[i];
        if (person->standing != standing)
            continue;
        if (first)
            HU_TRY(put_outcome(d, outcome, value, "finding", person->standing_finding, person->standing_judgment));
        else
            HU_TRY(put_source(d, outcome, person->standing_finding));
        first = false;
    }
    return NULL;
}

/* --- the outcomes --- */

static hu_error *derive_conviction(derivation *d, double conviction)
{
    if (isnan(conviction))
        return NULL;
    return put_standing(d, "conviction", conviction, conviction == 1 ? HU_STANDING_CONVICTED : HU_STANDING_ACQUITTED);
}

static double months_between(const char *from, const char *to)
{
    hu_date a, b;
    if (!hu_date_parse_iso(hu_str_of(from), &a) || !hu_date_parse_iso(hu_str_of(to), &b))
        return NAN;
    return (double)(hu_date_to_days(b) - hu_date_to_days(a)) / DAYS_A_MONTH;
}

static hu_error *derive_resolution(derivation *d)
{
    const hu_decision *last = d->of->n_decisions ? &d->of->decisions[d->of->n_decisions - 1] : NULL;
    if (last && !last->date_finding)
        last = NULL;
    if (d->of->closed) { /* the decision is shown when it is the one that closed the case */
        if (last && strcmp(last->date, d->of->closed) != 0)
            last = NULL;
        return put_outcome(d, "resolution_months", months_between(d->of->opened, d->of->closed), "case",
                           last ? last->date_finding : 0, last ? last->judgment : 0);
    }
    if (!last || d->any_closed)
        return NULL;
    double months = months_between(d->of->opened, last->date);
    if (isnan(months) || months < 0 || isnan(conviction_of(d)) || count_standing(d, HU_STANDING_OPEN))
        return NULL;
    return put_outcome(d, "resolution_months", months, "finding", last->date_finding, last->judgment);
}

static hu_read_number months_of(const hu_person *person)
{
    return person->prison_months;
}

static hu_read_number severity_of(const hu_person *person)
{
    return person->charge_severity;
}

/* The highest value among those who stand convicted; finding 0 when none is known. */
static hu_read_number highest(const derivation *d, hu_read_number (*value_of)(const hu_person *))
{
    hu_read_number most = {0};
    for (size_t i = 0; i < d->n_persons; i++) {
        hu_read_number value = value_of(&d->persons[i]);
        if (d->persons[i].standing == HU_STANDING_CONVICTED && value.finding &&
            (!most.finding || value.value > most.value))
            most = value;
    }
    return most;
}

static hu_error *derive_severity(derivation *d, double conviction)
{
    if (conviction == 0)
        return put_standing(d, "charge_severity", 0, HU_STANDING_ACQUITTED);
    hu_read_number severity = conviction == 1 ? highest(d, severity_of) : (hu_read_number){0};
    for (size_t i = d->of->n_decisions; conviction == 1 && !severity.finding && i-- > 0;)
        severity = d->of->decisions[i].charge_severity;
    return put_read(d, "charge_severity", severity);
}

static hu_read_number practices_of(const hu_decision *decision)
{
    return decision->victim_centred;
}

static hu_read_number agencies_of(const hu_decision *decision)
{
    return decision->collaboration;
}

/* The index of the latest decision of first instance that states it; else of the latest that does. */
static hu_read_number trial_index(const derivation *d, hu_read_number (*index_of)(const hu_decision *))
{
    hu_read_number any = {0};
    for (size_t i = d->of->n_decisions; i-- > 0;) {
        hu_read_number index = index_of(&d->of->decisions[i]);
        if (index.finding && d->of->decisions[i].level == 0)
            return index;
        if (!any.finding)
            any = index;
    }
    return any;
}

static hu_error *derive_case(derivation *d)
{
    double conviction = conviction_of(d);
    HU_TRY(derive_conviction(d, conviction));
    HU_TRY(derive_resolution(d));
    if (conviction == 1)
        HU_TRY(put_read(d, "prison_months", highest(d, months_of)));
    HU_TRY(derive_severity(d, conviction));
    HU_TRY(put_read(d, "victim_centred", trial_index(d, practices_of)));
    return put_read(d, "collaboration", trial_index(d, agencies_of));
}

static hu_error *derive_all(derivation *d)
{
    hu_case_decisions *cases;
    size_t count;
    HU_TRY(hu_db_run(d->store, "DELETE FROM outcomes", ""));
    HU_TRY(hu_decisions_load(d->store, d->arena, &cases, &count));
    for (size_t i = 0; i < count; i++)
        d->any_closed = d->any_closed || cases[i].closed;
    for (size_t i = 0; i < count; i++) {
        hu_person *persons;
        hu_persons_follow(&cases[i], d->arena, &persons, &d->n_persons);
        d->of = &cases[i];
        d->persons = persons;
        HU_TRY(derive_case(d));
    }
    return NULL;
}

hu_error *hu_derive_outcomes(hu_store *store, size_t *values)
{
    HU_SCRATCH(arena);
    derivation d = {.store = store, .arena = arena};
    bool nested;
    HU_TRY(hu_db_begin(store, &nested));
    hu_error *error = hu_db_end(store, nested, derive_all(&d));
    if (values)
        *values = d.values;
    return error;
}

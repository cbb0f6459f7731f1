/* From findings to the decisions of a case, in order of time. */

#include "decisions.h"

#include "huella/registry/database.h"
#include "regions.h"
#include "values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* One case's findings after the other's, those of a judgment together, defendants in order. */
static const char findings_sql[] =
    "SELECT c.case_id, c.opened, c.closed, l.judgment_id, j.document, f.finding_id, f.key, f.value, f.quote IS NOT "
    "NULL "
    "FROM cases c LEFT JOIN links l ON l.case_id = c.case_id LEFT JOIN judgments j ON j.judgment_id = l.judgment_id "
    "LEFT JOIN findings f ON f.judgment_id = l.judgment_id AND (f.key LIKE 'defendants[%' OR f.key IN ("
    "'decision.date', 'decision.kind', 'decision.court_level', 'indices.charge_severity', 'indices.victim_centred', "
    "'indices.collaboration')) ORDER BY c.case_id, l.judgment_id, f.finding_id";

enum { COL_CASE, COL_OPENED, COL_CLOSED, COL_JUDGMENT, COL_DOCUMENT, COL_FINDING, COL_KEY, COL_VALUE, COL_QUOTED };
enum { MOST_DEFENDANTS = 10000 };

/* A row of findings_sql, a value with the words that bear it or without. */
typedef struct row {
    int64_t judgment, finding;
    const char *key, *json;
    bool quoted;
} row;

static hu_read_number read_number(const row *r)
{
    double value = r->quoted ? hu_value_number(r->json) : NAN;
    hu_read_number number = {0};
    if (!isnan(value))
        number = (hu_read_number){value, r->finding, r->judgment};
    return number;
}

static const char *read_text(const row *r, hu_arena *arena)
{
    const char *text = hu_value_text(r->json, arena);
    return text ? text : "";
}

enum { LEVEL_UNKNOWN = -1 };

static int level_of(const char *text)
{
    return strcmp(text, "supreme") == 0 ? 2 : strcmp(text, "appeal") == 0 ? 1 : 0;
}

/* Where no court's level was read, the kind of decision tells it. */
static int level_of_kind(const char *kind)
{
    if (strcmp(kind, "cassation") == 0 || strcmp(kind, "nullity_appeal") == 0)
        return 2;
    return strcmp(kind, "appeal") == 0 ? 1 : 0;
}

/* Where a verdict alone leaves a person. A reversal may concern the penalty only: it says nothing by itself. */
static hu_standing standing_of_verdict(const char *verdict)
{
    static const struct {
        const char *verdict;
        hu_standing standing;
    } table[] = {{"convicted", HU_STANDING_CONVICTED},
                 {"acquitted", HU_STANDING_ACQUITTED},
                 {"dismissed", HU_STANDING_ACQUITTED},
                 {"annulled", HU_STANDING_OPEN},
                 {"reserved", HU_STANDING_OPEN}};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(verdict, table[i].verdict) == 0)
            return table[i].standing;
    return HU_STANDING_UNKNOWN;
}

static hu_standing standing_of_final(const char *final)
{
    return strcmp(final, "convicted") == 0   ? HU_STANDING_CONVICTED
           : strcmp(final, "acquitted") == 0 ? HU_STANDING_ACQUITTED
           : strcmp(final, "open") == 0      ? HU_STANDING_OPEN
                                             : HU_STANDING_UNKNOWN;
}

static void set_standing(hu_ruling *ruling, const row *r, hu_standing standing)
{
    if (standing == HU_STANDING_UNKNOWN || !r->quoted)
        return;
    ruling->standing = standing;
    ruling->standing_finding = r->finding;
}

static hu_ruling *ruling_at(hu_decision *decision, size_t index, hu_arena *arena)
{
    if (index >= decision->n_rulings) {
        decision->rulings =
            hu_regrow(arena, decision->rulings, decision->n_rulings, index + 1, sizeof *decision->rulings);
        for (; decision->n_rulings <= index; decision->n_rulings++)
            decision->rulings[decision->n_rulings].label = "";
    }
    return &decision->rulings[index];
}

/* "defendants[2].verdict": final_verdict says where the person stands and wins over verdict, whichever comes first. */
static void add_ruling(hu_decision *decision, const row *r, hu_arena *arena)
{
    char *end;
    unsigned long index = strtoul(r->key + strlen("defendants["), &end, 10);
    if (strncmp(end, "].", 2) != 0 || index >= MOST_DEFENDANTS)
        return;
    hu_ruling *ruling = ruling_at(decision, index, arena);
    const char *what = end + 2;
    if (strcmp(what, "label") == 0) {
        ruling->label = hu_fold_name(hu_str_of(read_text(r, arena)), arena);
    } else if (strcmp(what, "prison_months") == 0) {
        ruling->prison_months = read_number(r);
    } else if (strncmp(what, "convicted[", 10) == 0) {
        ruling->names_offence = ruling->names_offence || r->quoted;
    } else if (strcmp(what, "final_verdict") == 0) {
        set_standing(ruling, r, standing_of_final(read_text(r, arena)));
    } else if (strcmp(what, "verdict") == 0 && r->quoted) {
        const char *verdict = read_text(r, arena);
        ruling->confirmed = strcmp(verdict, "confirmed") == 0;
        ruling->dismissed = strcmp(verdict, "dismissed") == 0;
        ruling->reversed_finding = strcmp(verdict, "reversed") == 0 ? r->finding : 0;
        if (!ruling->standing_finding)
            set_standing(ruling, r, standing_of_verdict(verdict));
    }
}

static void add_finding(hu_decision *decision, const row *r, hu_arena *arena)
{
    if (strncmp(r->key, "defendants[", 11) == 0) {
        add_ruling(decision, r, arena);
    } else if (strcmp(r->key, "decision.date") == 0 && r->quoted) {
        decision->date = read_text(r, arena);
        decision->date_finding = r->finding;
    } else if (strcmp(r->key, "decision.kind") == 0) {
        decision->kind = read_text(r, arena);
    } else if (strcmp(r->key, "decision.court_level") == 0) {
        decision->level = level_of(read_text(r, arena));
    } else if (strcmp(r->key, "indices.charge_severity") == 0) {
        decision->charge_severity = read_number(r);
    } else if (strcmp(r->key, "indices.victim_centred") == 0) {
        decision->victim_centred = read_number(r);
    } else if (strcmp(r->key, "indices.collaboration") == 0) {
        decision->collaboration = read_number(r);
    }
}

static bool rules_on(const hu_ruling *ruling)
{
    return ruling->standing_finding || ruling->reversed_finding || ruling->confirmed;
}

static void drop_the_unruled(hu_decision *decision)
{
    size_t kept = 0;
    for (size_t i = 0; i < decision->n_rulings; i++)
        if (rules_on(&decision->rulings[i]))
            decision->rulings[kept++] = decision->rulings[i];
    decision->n_rulings = kept;
}

static bool on_the_merits(const hu_decision *decision)
{
    if (strcmp(decision->kind, "plenary_agreement") == 0 || strcmp(decision->kind, "other") == 0)
        return false;
    if (strcmp(decision->kind, "order") != 0)
        return decision->n_rulings > 0;
    for (size_t i = 0; i < decision->n_rulings; i++)
        if (decision->rulings[i].dismissed)
            return true;
    return false;
}

static int by_document(const hu_decision *a, const hu_decision *b)
{
    return strcmp(a->document, b->document);
}

static int by_date_then_level(const void *x, const void *y)
{
    const hu_decision *a = x, *b = y;
    int order = strcmp(a->date, b->date);
    if (!order)
        order = (a->level > b->level) - (a->level < b->level);
    return order ? order : by_document(a, b);
}

static int by_level_then_date(const void *x, const void *y)
{
    const hu_decision *a = x, *b = y;
    int order = (a->level > b->level) - (a->level < b->level);
    if (!order)
        order = strcmp(a->date, b->date);
    return order ? order : by_document(a, b);
}

/* Keeps the decisions on the merits, in order of time. */
static void finish_case(hu_case_decisions *of)
{
    size_t kept = 0;
    bool all_dated = true;
    for (size_t i = 0; i < of->n_decisions; i++) {
        if (of->decisions[i].level == LEVEL_UNKNOWN)
            of->decisions[i].level = level_of_kind(of->decisions[i].kind);
        drop_the_unruled(&of->decisions[i]);
        if (!on_the_merits(&of->decisions[i]))
            continue;
        all_dated = all_dated && *of->decisions[i].date;
        of->decisions[kept++] = of->decisions[i];
    }
    of->n_decisions = kept;
    if (kept)
        qsort(of->decisions, kept, sizeof *of->decisions, all_dated ? by_date_then_level : by_level_then_date);
}

/* The list being filled: cases, and the decisions of the last one. */
typedef struct filling {
    hu_case_decisions *cases;
    size_t count, capacity, decisions_capacity;
    hu_arena *arena;
} filling;

static void start_case(filling *f, sqlite3_stmt *statement)
{
    if (f->count)
        finish_case(&f->cases[f->count - 1]);
    if (f->count == f->capacity) {
        size_t capacity = f->capacity ? 2 * f->capacity : 256;
        f->cases = hu_regrow(f->arena, f->cases, f->count, capacity, sizeof *f->cases);
        f->capacity = capacity;
    }
    f->decisions_capacity = 0;
    f->cases[f->count++] = (hu_case_decisions){.case_id = hu_db_text(statement, COL_CASE, f->arena),
                                               .opened = hu_db_text(statement, COL_OPENED, f->arena),
                                               .closed = hu_db_text(statement, COL_CLOSED, f->arena)};
}

static hu_decision *decision_of(filling *f, sqlite3_stmt *statement, int64_t judgment)
{
    hu_case_decisions *of = &f->cases[f->count - 1];
    if (of->n_decisions && of->decisions[of->n_decisions - 1].judgment == judgment)
        return &of->decisions[of->n_decisions - 1];
    if (of->n_decisions == f->decisions_capacity) {
        size_t capacity = 2 * f->decisions_capacity + 2;
        of->decisions = hu_regrow(f->arena, of->decisions, of->n_decisions, capacity, sizeof *of->decisions);
        f->decisions_capacity = capacity;
    }
    hu_decision *decision = &of->decisions[of->n_decisions++];
    *decision = (hu_decision){.judgment = judgment,
                              .document = hu_db_text(statement, COL_DOCUMENT, f->arena),
                              .date = "",
                              .kind = "",
                              .level = LEVEL_UNKNOWN};
    return decision;
}

hu_error *hu_decisions_load(hu_store *store, hu_arena *arena, hu_case_decisions **cases, size_t *count)
{
    filling f = {.arena = arena};
    sqlite3_stmt *statement;
    HU_TRY(hu_db_bind(store, &statement, findings_sql, ""));
    for (bool more;;) {
        HU_TRY(hu_db_step(store, statement, &more));
        if (!more)
            break;
        const char *case_id = (const char *)sqlite3_column_text(statement, COL_CASE);
        if (!f.count || strcmp(f.cases[f.count - 1].case_id, case_id) != 0)
            start_case(&f, statement);
        row r = {.judgment = sqlite3_column_int64(statement, COL_JUDGMENT),
                 .finding = sqlite3_column_int64(statement, COL_FINDING),
                 .key = (const char *)sqlite3_column_text(statement, COL_KEY),
                 .json = (const char *)sqlite3_column_text(statement, COL_VALUE),
                 .quoted = sqlite3_column_int(statement, COL_QUOTED) != 0};
        if (r.key)
            add_finding(decision_of(&f, statement, r.judgment), &r, arena);
    }
    if (f.count)
        finish_case(&f.cases[f.count - 1]);
    *cases = f.cases;
    *count = f.count;
    return NULL;
}

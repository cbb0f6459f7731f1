/* Writes one judgment's text: its context, then the grammar. */

#include "study.h"

#include <string.h>

int sim_supreme_year(const sim_judgment *judgment)
{
    int year = hu_date_from_days(judgment->date).year;
    int before = judgment->lower_date ? hu_date_from_days(judgment->lower_date).year : year;
    return before < year ? before : year;
}

const char *sim_case_expediente(const sim_case *of, hu_arena *arena)
{
    return sim_expediente(&(sim_judgment){.of = of}, arena);
}

const char *sim_expediente(const sim_judgment *judgment, hu_arena *arena)
{
    const sim_case *of = judgment->of;
    return hu_printf(arena, "%05d-%d-%d-%s01-JR-PE-%s", of->file_number, of->file_year, judgment->incident,
                     of->district->code, of->organ_number);
}

/* Names the court once, so that header, text and truth agree. */
static hu_error *name_court(hu_expansion *expansion, hu_context *root, sim_told *told, hu_arena *arena)
{
    HU_BUF(name);
    hu_buf *out = expansion->out;
    expansion->out = &name;
    hu_error *error = hu_grammar_expand(expansion, "court_name", root);
    expansion->out = out;
    if (error)
        return error;
    told->court = hu_strdup(arena, name.data ? name.data : "");
    hu_context_text(root, "court", told->court);
    return NULL;
}

hu_error *sim_write_text(const sim_study *study, const sim_judgment *judgment, hu_arena *arena, sim_told *told,
                         hu_buf *text, hu_buf *trace)
{
    hu_random random = hu_random_start(study->seed, judgment->stream);
    hu_context *root = sim_context(study, judgment, told, &random, arena);
    hu_expansion expansion = {
        .grammar = study->data.grammar, .random = &random, .out = text, .trace = trace, .traced = "ruling"};
    HU_TRY(name_court(&expansion, root, told, arena));
    return hu_grammar_expand(&expansion, "document", root);
}

/* Optimal pairs. */

#include "huella/design/match.h"

#include <glpk.h>
#include <math.h>

/*
 * least[set] is the least sum of distances of a perfect matching of the set: the first unit not yet matched in the
 * whole is paired with each other one in turn. Only sets that hold all units before their lowest gap occur, so most
 * stay untouched.
 */
hu_error *hu_match_by_sets(const double *distance, size_t units, uint32_t *mate)
{
    HU_SCRATCH(scratch);
    if (units > HU_MATCH_LISTED)
        return hu_fail(HU_LIMIT, "%zu units: sets of at most %d are listed", units, HU_MATCH_LISTED);
    size_t sets = (size_t)1 << units;
    double *least = HU_NEW_ARRAY(scratch, double, sets);
    uint8_t *choice = HU_NEW_ARRAY(scratch, uint8_t, sets);
    for (size_t set = 1; set < sets; set++)
        least[set] = INFINITY;
    for (size_t set = 0; set + 1 < sets; set++) {
        if (!isfinite(least[set]))
            continue;
        size_t first = (size_t)__builtin_ctzll(~(unsigned long long)set);
        for (size_t other = first + 1; other < units; other++) {
            size_t next = set | (size_t)1 << first | (size_t)1 << other;
            double sum = least[set] + distance[first * units + other];
            if (next != set && !(set >> other & 1) && sum < least[next]) {
                least[next] = sum;
                choice[next] = (uint8_t)other;
            }
        }
    }
    /* Back from all units: `choice` is the mate of the unit that was first when the pair was made. */
    for (size_t set = sets - 1; set;) {
        size_t other = choice[set], first = units;
        for (size_t i = 0; i < other; i++) { /* the first whose removal leads to the sum */
            size_t before = set & ~((size_t)1 << i | (size_t)1 << other);
            if (set >> i & 1 && (size_t)__builtin_ctzll(~(unsigned long long)before) == i &&
                least[before] + distance[i * units + other] == least[set]) {
                first = i;
                break;
            }
        }
        if (first == units)
            return hu_fail(HU_BUG, "pairs cannot be traced back");
        mate[first] = (uint32_t)other;
        mate[other] = (uint32_t)first;
        set &= ~((size_t)1 << first | (size_t)1 << other);
    }
    return NULL;
}

/* One variable a pair, 0 or 1; one row a unit: its pairs sum to 1. */
static void set_program(glp_prob *program, const double *distance, size_t units, hu_arena *scratch)
{
    size_t pairs = units * (units - 1) / 2, at = 1;
    int *row = HU_NEW_ARRAY(scratch, int, 2 * pairs + 1), *column = HU_NEW_ARRAY(scratch, int, 2 * pairs + 1);
    double *value = HU_NEW_ARRAY(scratch, double, 2 * pairs + 1);
    glp_set_obj_dir(program, GLP_MIN);
    glp_add_rows(program, (int)units);
    glp_add_cols(program, (int)pairs);
    for (size_t i = 0; i < units; i++)
        glp_set_row_bnds(program, (int)i + 1, GLP_FX, 1, 1);
    int pair = 1;
    for (size_t i = 0; i < units; i++)
        for (size_t j = i + 1; j < units; j++, pair++) {
            glp_set_col_kind(program, pair, GLP_BV);
            glp_set_obj_coef(program, pair, distance[i * units + j]);
            for (int end = 0; end < 2; end++, at++) {
                row[at] = (int)(end ? j : i) + 1;
                column[at] = pair;
                value[at] = 1;
            }
        }
    glp_load_matrix(program, (int)at - 1, row, column, value);
}

hu_error *hu_match_by_program(const double *distance, size_t units, uint32_t *mate)
{
    HU_SCRATCH(scratch);
    glp_iocp options;
    glp_init_iocp(&options);
    options.msg_lev = GLP_MSG_OFF;
    options.presolve = GLP_ON;
    options.gmi_cuts = GLP_ON;
    options.br_tech = GLP_BR_DTH;
    glp_prob *program = glp_create_prob();
    set_program(program, distance, units, scratch);
    int failed = glp_intopt(program, &options), status = failed ? 0 : glp_mip_status(program), pair = 1;
    for (size_t i = 0; i < units && status == GLP_OPT; i++)
        for (size_t j = i + 1; j < units; j++, pair++)
            if (glp_mip_col_val(program, pair) > 0.5) {
                mate[i] = (uint32_t)j;
                mate[j] = (uint32_t)i;
            }
    glp_delete_prob(program);
    return status == GLP_OPT ? NULL : hu_fail(HU_BUG, "GLPK found no optimal pairs (code %d)", failed);
}

hu_error *hu_match_pairs(const double *distance, size_t units, uint32_t *mate)
{
    if (units % 2)
        return hu_fail(HU_BAD_INPUT,
                       "%zu units cannot be paired: expected an even number; leave one out, or draw "
                       "within strata instead",
                       units);
    if (units > HU_MATCH_LIMIT)
        return hu_fail(HU_LIMIT, "%zu units to pair: at most %d, or so many within each stratum", units,
                       HU_MATCH_LIMIT);
    return units <= HU_MATCH_LISTED ? hu_match_by_sets(distance, units, mate)
                                    : hu_match_by_program(distance, units, mate);
}

/* The risk set of a stratum, one time after the other. */

#include "survival_parts.h"

#include <math.h>

surv_step surv_first(const hu_survival *data, size_t stratum, hu_arena *arena)
{
    surv_step step = {.from = data->first[stratum], .to = data->first[stratum], .entered = data->first[stratum]};
    step.died = HU_NEW_ARRAY(arena, double, data->causes + 1);
    if (!data->start) {
        step.entered = data->first[stratum + 1];
        for (size_t i = step.from; i < step.entered; i++)
            hu_sum_add(&step.weight, surv_weight(data, i));
    }
    return step;
}

bool surv_next(const hu_survival *data, size_t stratum, surv_step *step)
{
    size_t end = data->first[stratum + 1];
    for (size_t i = step->from; i < step->to; i++)
        hu_sum_add(&step->weight, -surv_weight(data, i));
    if (step->to == end)
        return false;
    step->from = step->to;
    step->time = data->stop[step->from];
    for (; step->entered < end && data->start && data->start[data->entry[step->entered]] < step->time; step->entered++)
        hu_sum_add(&step->weight, surv_weight(data, data->entry[step->entered]));
    for (size_t c = 0; c <= data->causes; c++)
        step->died[c] = 0;
    double ending = 0;
    for (; step->to < end && data->stop[step->to] == step->time; step->to++) {
        double w = surv_weight(data, step->to);
        ending += w;
        if (data->event[step->to]) {
            step->died[0] += w;
            step->died[data->event[step->to]] += w;
        }
    }
    /* Who is at risk now has entered and not left: rows entered so far less those before `from`. When all of them end
     * here, their sum is exact, so that a curve that reaches zero reaches it exactly. */
    step->at_risk = step->entered == step->to ? ending : hu_sum_value(&step->weight);
    return true;
}

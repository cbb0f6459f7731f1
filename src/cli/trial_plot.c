/* huella trial --plot: the randomization test of one outcome, or the effects on several. */

#include "plot.h"
#include "trial.h"

#include <math.h>

static hu_error *draw(const hu_figure *figure, const void *context, hu_buf *out)
{
    const hu_fisher *f = ((const hu_trial_effect *)context)->fisher;
    char p[16], note[32];
    snprintf(note, sizeof note, "p %s", hu_p_text(f->p, p));
    return hu_draw_distribution(figure, ((const hu_trial_effect *)context)->distribution, f->assignments, f->observed,
                                note, out);
}

hu_error *hu_plot_trial(const hu_run *run, const char *title, const hu_trial *trial)
{
    size_t n = trial->n_effects;
    if (n == 1 && trial->effects[0].distribution)
        return hu_plot_file(run, title, "Statistic under every assignment", "Share of assignments, %", draw,
                            &trial->effects[0]);
    const char **labels = HU_NEW_ARRAY(run->arena, const char *, n);
    hu_effect *effects = HU_NEW_ARRAY(run->arena, hu_effect, n);
    for (size_t j = 0; j < n; j++) {
        const hu_trial_effect *e = &trial->effects[j];
        labels[j] = e->outcome;
        effects[j] = (hu_effect){e->estimate, e->se, e->lower, e->upper, e->p, NAN, NAN};
    }
    return hu_plot_forest(run, title, "Effect of assignment", labels, effects, n, NAN);
}

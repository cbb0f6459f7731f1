/* huella simulate: a whole study with known truth. */

#include "command.h"

#include "huella/base/json.h"
#include "huella/simulate/simulate.h"

#include <math.h>
#include <signal.h>

static const hu_option options[] = {
    {"judgments", HU_OPT_INTEGER, "N", "4000", "Number of judgments."},
    {"cases", HU_OPT_INTEGER, "N", "1240", "Number of prosecution cases."},
    {"effect", HU_OPT_NUMBER, "X", NULL,
     "Planted effect of training on the probability of conviction; default: that of rules/simulation/study.yaml, "
     "0.15."},
    {"scan-share", HU_OPT_NUMBER, "S", "0.05", "Share of judgments that are pictures without a text layer."},
    {0},
};

/* Set by Ctrl-C; the only way to tell a running simulation to clean up and end. */
static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    (void)signal_number;
    stopped = 1;
}

static void print_table(const hu_simulation *s, const char *folder, FILE *out)
{
    fprintf(out,
            "%s: %zu cases (%zu opened under trained prosecutors, %zu closed) in %zu regions, %zu of them trained\n",
            folder, s->cases, s->treated, s->decided, s->regions, s->trained_regions);
    fprintf(out, "%zu trained prosecutors; %zu judgments, %.1f MB, %zu of the cases, %zu scans\n\n",
            s->trained_prosecutors, s->judgments, (double)s->bytes / 1e6, s->of_cases, s->scans);
    for (int k = 0; k < HU_SIMULATED_KINDS; k++)
        fprintf(out, "  %-20s %6zu\n", s->kind_names[k], s->kinds[k]);
    fputs("\nplanted effects (mean over treated cases)\n", out);
    for (int o = 0; o < HU_SIMULATED_OUTCOMES; o++)
        fprintf(out, "  %-20s %+9.3f\n", s->outcomes[o], s->att[o]);
}

static void print_json(const hu_simulation *s, const char *folder, FILE *out)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "folder", folder);
    hu_json_put_integer(&json, "cases", (int64_t)s->cases);
    hu_json_put_integer(&json, "treated", (int64_t)s->treated);
    hu_json_put_integer(&json, "closed", (int64_t)s->decided);
    hu_json_put_integer(&json, "regions", (int64_t)s->regions);
    hu_json_put_integer(&json, "trained_regions", (int64_t)s->trained_regions);
    hu_json_put_integer(&json, "trained_prosecutors", (int64_t)s->trained_prosecutors);
    hu_json_put_integer(&json, "judgments", (int64_t)s->judgments);
    hu_json_put_integer(&json, "judgments_of_cases", (int64_t)s->of_cases);
    hu_json_put_integer(&json, "scans", (int64_t)s->scans);
    hu_json_put_integer(&json, "bytes", (int64_t)s->bytes);
    hu_json_key(&json, "kinds");
    hu_json_object(&json);
    for (int k = 0; k < HU_SIMULATED_KINDS; k++)
        hu_json_put_integer(&json, s->kind_names[k], (int64_t)s->kinds[k]);
    hu_json_object_end(&json);
    hu_json_key(&json, "effects");
    hu_json_object(&json);
    for (int o = 0; o < HU_SIMULATED_OUTCOMES; o++)
        hu_json_put_number(&json, s->outcomes[o], s->att[o]);
    hu_json_object_end(&json);
    hu_json_object_end(&json);
    fprintf(out, "%s\n", text.data);
}

static hu_error *check_options(const hu_run *run)
{
    double share = hu_opt_number(run, "scan-share"), effect = hu_opt_number(run, "effect");
    if (!(share >= 0 && share <= 1))
        return hu_fail(HU_USAGE, "--scan-share: %g is no share: from 0 to 1", share);
    if (!isnan(effect) && !(effect >= -1 && effect <= 1))
        return hu_fail(HU_USAGE, "--effect: %g is no difference of probabilities: from -1 to 1", effect);
    if (hu_opt_integer(run, "judgments") < 1)
        return hu_fail(HU_USAGE, "--judgments: at least 1 is needed");
    if (hu_opt_integer(run, "cases") < 1)
        return hu_fail(HU_USAGE, "--cases: at least 1 is needed");
    return NULL;
}

static hu_error *run_simulate(hu_run *run)
{
    HU_TRY(check_options(run));
    hu_simulation_options simulation = {
        .judgments = (size_t)hu_opt_integer(run, "judgments"),
        .cases = (size_t)hu_opt_integer(run, "cases"),
        .scan_share = hu_opt_number(run, "scan-share"),
        .effect_conviction = hu_opt_number(run, "effect"),
        .seed = run->seed,
        .threads = run->threads,
        .rules_dir = hu_rules_dir(run->arena),
        .stop = &stopped,
    };
    struct sigaction action = {.sa_handler = stop}, before_interrupt, before_terminate;
    sigaction(SIGINT, &action, &before_interrupt);
    sigaction(SIGTERM, &action, &before_terminate);
    simulation.progress = hu_progress_start(hu_run_terminal(run), "writing judgments", simulation.judgments);
    hu_simulation summary;
    hu_error *error = hu_simulate(run->files[0], &simulation, &summary);
    hu_progress_end(simulation.progress);
    sigaction(SIGINT, &before_interrupt, NULL);
    sigaction(SIGTERM, &before_terminate, NULL);
    HU_TRY(error);
    if (run->format == HU_FORMAT_TABLE)
        print_table(&summary, run->files[0], run->out);
    else
        print_json(&summary, run->files[0], run->out);
    return NULL;
}

const hu_command hu_command_simulate = {
    .name = "simulate",
    .summary = "write a whole study with known truth",
    .usage = "DIR [--judgments N --cases N --effect X --scan-share S]",
    .description =
        "Writes a study into the folder DIR, which must not exist or be empty: judgments as PDF, cases.csv, "
        "prosecutors.csv, rollout.csv, tables of the community trial, study.yaml, and truth.json with what every "
        "judgment says, how every case would have ended with and without training, and the planted effects.\n\n"
        "The same seed writes the same bytes. The study appears whole or not at all.",
    .example = "huella simulate demo --seed 7\nhuella run --study demo",
    .options = options,
    .min_files = 1,
    .max_files = 1,
    .run = run_simulate,
};

/* huella randomize: draws an allocation, keeps its ledger, and runs a draw again. */

#include "randomize.h"

#include "huella/base/csv.h"
#include "huella/base/date.h"
#include "huella/base/file.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const hu_option options[] = {
    {"unit", HU_OPT_TEXT, "COLUMN", NULL, "Who is assigned: the identifier of each row."},
    {"arms", HU_OPT_LIST, "N|A,B", "2", "Number of arms, or their names; the first is control."},
    {"method", HU_OPT_CHOICE, "complete|stratified|pairs|rerandomized|minimisation", NULL,
     "How arms are dealt out; unless given, stratified with --strata, else complete."},
    {"strata", HU_OPT_TEXT, "COLUMN", NULL, "Within what arms are dealt out; minimisation balances it as a factor."},
    {"balance", HU_OPT_LIST, "A,B", NULL,
     "Columns of numbers to pair by, to balance, and to show in the balance table."},
    {"threshold", HU_OPT_NUMBER, "M", NULL, "With rerandomized: the largest distance between arms that is accepted."},
    {"acceptance", HU_OPT_NUMBER, "P", NULL,
     "With rerandomized: instead, the share of allocations that is accepted; 0.05 unless given."},
    {"coin", HU_OPT_NUMBER, "P", NULL, "With minimisation: the probability of the arm that balances best; 0.8."},
    {"ledger", HU_OPT_TEXT, "FILE", NULL, "The ledger; default allocation.jsonl in the study's folder."},
    {"assignments", HU_OPT_TEXT, "FILE", NULL,
     "The table of assignments to write, or with --verify to compare; default allocation.csv beside the ledger."},
    {"commit", HU_OPT_FLAG, NULL, NULL, "Only commit: to design, rows and seed; --draw comes later."},
    {"sealed", HU_OPT_FLAG, NULL, NULL, "With --commit: arms stay encrypted until units are enrolled."},
    {"draw", HU_OPT_FLAG, NULL, NULL, "Draw as committed."},
    {"beacon", HU_OPT_TEXT, "TEXT", NULL,
     "With --draw: a public value that nobody could know at the commitment, mixed into the seed: a lottery's numbers."},
    {"enrol", HU_OPT_TEXT, "UNIT", NULL, "Record that the unit takes part."},
    {"reveal", HU_OPT_TEXT, "UNIT", NULL, "Open the arm of an enrolled unit."},
    {"open", HU_OPT_FLAG, NULL, NULL, "Open all of a sealed draw, with its seed."},
    {"verify", HU_OPT_TEXT, "LEDGER", NULL, "Run the draw again and say what is identical and what is not."},
    {0},
};

static const char *now(hu_arena *arena)
{
    char text[32];
    hu_utc_now(text);
    return hu_strdup(arena, text);
}

static const char *folder_of(const char *path, hu_arena *arena)
{
    const char *slash = strrchr(path, '/');
    return slash ? hu_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path)) : ".";
}

static const char *ledger_path(const hu_run *run)
{
    const char *path = hu_opt_text(run, "ledger");
    return path ? path : hu_path_join(run->arena, run->study, "allocation.jsonl");
}

static const char *assignments_path(const hu_run *run, const char *ledger)
{
    const char *path = hu_opt_text(run, "assignments");
    return path ? path : hu_path_join(run->arena, folder_of(ledger, run->arena), "allocation.csv");
}

/* The table's path as seen from the ledger's folder, so that both can be moved together and tell nobody's folders. */
static hu_error *relative_path(const char *table, const char *ledger, hu_arena *arena, const char **out)
{
    char folder[PATH_MAX], file[PATH_MAX];
    if (!realpath(folder_of(ledger, arena), folder))
        return hu_fail_system(errno, "looking for the folder of %s", ledger);
    if (!realpath(table, file))
        return hu_fail_system(errno, "looking for %s", table);
    size_t common = 0;
    for (size_t i = 0; folder[i] == file[i] && file[i]; i++)
        if (file[i] == '/')
            common = i + 1;
    size_t length = strlen(folder);
    if (strncmp(folder, file, length) == 0 && file[length] == '/')
        common = length + 1;
    const char *path = file + common;
    for (size_t i = common; i < length; i++)
        if (i == common || folder[i] == '/')
            path = hu_printf(arena, "../%s", path);
    *out = hu_strdup(arena, path);
    return NULL;
}

hu_error *randomize_read(const hu_run *run, const char *path, const hu_draw_setup *setup, hu_table **table,
                         char sha256[65])
{
    hu_file file;
    const char **texts = HU_NEW_ARRAY(run->arena, const char *, 3);
    texts[0] = setup->unit;
    texts[1] = setup->strata;
    HU_TRY(hu_file_open(path, 0, &file));
    hu_sha256_hex(file.data, file.length, sha256);
    hu_file_close(&file);
    return hu_table_read(path, &(hu_csv_options){.as_text = texts}, run->arena, table);
}

hu_error *ledger_input_load(const hu_run *run, const char *path, const char *table_path, ledger_input *in)
{
    if (!hu_file_exists(path))
        return hu_fail(HU_NOT_FOUND, "%s: no such ledger: `huella randomize` writes one, --ledger names one", path);
    HU_TRY(hu_ledger_load(path, run->arena, &in->ledger));
    HU_TRY(hu_ledger_setup(in->ledger, run->arena, &in->setup, &in->path));
    if (table_path)
        in->path = table_path;
    return randomize_read(run, in->path, &in->setup, &in->table, in->sha256);
}

hu_error *ledger_draw_verified(const hu_run *run, const char *path, hu_draw **draw)
{
    ledger_input in;
    hu_ledger_check *check;
    HU_TRY(ledger_input_load(run, path, NULL, &in));
    HU_TRY(hu_ledger_verify(in.ledger, in.table, in.sha256, NULL, NULL, run->arena, &check));
    if (check->n)
        return hu_fail(HU_BAD_INPUT, "%s: the draw does not hold: %s%s; `huella randomize --verify %s` lists all", path,
                       check->findings[0], check->n > 1 ? hu_printf(run->arena, ", and %zu more", check->n - 1) : "",
                       path);
    if (!check->draw)
        return hu_fail(HU_BAD_INPUT, "%s: %s", path, check->notes[check->n_notes - 1]);
    *draw = check->draw;
    return NULL;
}

/* --- what is asked for --- */

static hu_error *arms_of(const hu_run *run, const char *const **out)
{
    size_t n;
    const char **names = hu_opt_list(run, "arms", &n);
    *out = names;
    if (n != 1)
        return NULL;
    char *end;
    long count = strtol(names[0], &end, 10);
    if (*end || count < 2 || count > HU_DRAW_ARMS)
        return hu_fail(HU_USAGE, "--arms: \"%s\" is neither a number from 2 to %d nor a list of names", names[0],
                       HU_DRAW_ARMS);
    const char **made = HU_NEW_ARRAY(run->arena, const char *, (size_t)count + 1);
    made[0] = "control";
    for (long a = 1; a < count; a++)
        made[a] = count == 2 ? "treatment" : hu_printf(run->arena, "treatment%ld", a);
    *out = made;
    return NULL;
}

static double number_or_0(const hu_run *run, const char *name)
{
    return hu_opt_given(run, name) ? hu_opt_number(run, name) : 0;
}

static hu_error *setup_of(const hu_run *run, hu_draw_setup *s)
{
    HU_TRY(hu_opt_require(run, (const char *const[]){"unit", NULL}));
    *s = (hu_draw_setup){.unit = hu_opt_text(run, "unit"),
                         .strata = hu_opt_text(run, "strata"),
                         .balance = hu_opt_list(run, "balance", NULL),
                         .threshold = number_or_0(run, "threshold"),
                         .acceptance = number_or_0(run, "acceptance"),
                         .coin = number_or_0(run, "coin")};
    s->method = s->strata ? HU_DRAW_STRATIFIED : HU_DRAW_COMPLETE;
    if (hu_opt_given(run, "method"))
        hu_draw_method_of(hu_opt_text(run, "method"), &s->method);
    if (s->method != HU_DRAW_RERANDOMIZED && (hu_opt_given(run, "threshold") || hu_opt_given(run, "acceptance")))
        return hu_fail(HU_USAGE, "--threshold and --acceptance belong to --method rerandomized");
    if (s->method != HU_DRAW_MINIMISATION && hu_opt_given(run, "coin"))
        return hu_fail(HU_USAGE, "--coin belongs to --method minimisation");
    if (s->strata && s->method == HU_DRAW_RERANDOMIZED)
        hu_say(run, "arms are dealt out within %s until they are balanced", s->strata);
    return arms_of(run, &s->arms);
}

/* --- steps --- */

static hu_error *print_step(const hu_run *run, hu_ledger *ledger, const char *what, const char *unit, const char *arm)
{
    if (run->format == HU_FORMAT_TABLE) {
        fprintf(run->out, "%s: %s%s%s%s\n", ledger->path, what, unit ? " " : "", unit ? unit : "",
                arm ? hu_printf(run->arena, ": %s", arm) : "");
        fprintf(run->out, "head %s\n", ledger->head);
        return NULL;
    }
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "step", what);
    if (unit)
        hu_json_put_text(&json, "unit", unit);
    if (arm)
        hu_json_put_text(&json, "arm", arm);
    hu_json_put_text(&json, "ledger", ledger->path);
    hu_json_put_text(&json, "head", ledger->head);
    hu_json_object_end(&json);
    fprintf(run->out, "%s\n", text.data);
    return NULL;
}

static hu_error *finish_draw(hu_run *run, const hu_ledger *ledger, const hu_draw *draw, bool sealed)
{
    randomize_result result = {.ledger = ledger, .draw = draw, .sealed = sealed};
    hu_draw_balance *balance;
    if (!sealed) {
        hu_write write;
        result.assignments = assignments_path(run, ledger->path);
        HU_TRY(hu_write_start(result.assignments, &write));
        randomize_write_csv(write.file, draw);
        HU_TRY(hu_write_commit(&write));
        HU_TRY(hu_draw_check_balance(draw, draw->seed, run->threads, run->arena, &balance));
        result.balance = balance;
    }
    return randomize_print(run, &result);
}

/* Commits, and unless only that was asked for, draws at once. */
static hu_error *begin(hu_run *run)
{
    hu_draw_setup setup;
    hu_draw *draw;
    hu_table *table;
    hu_ledger *ledger;
    char sha256[65];
    const char *source, *path = ledger_path(run), *time = now(run->arena), *key_path;
    bool only = hu_opt_flag(run, "commit"), sealed = hu_opt_flag(run, "sealed");
    if (run->n_files != 1)
        return hu_fail(HU_USAGE, "the table of units is missing: huella randomize DISTRICTS.csv --unit ID");
    if (sealed && !only)
        return hu_fail(HU_USAGE, "--sealed belongs to --commit: a draw is sealed from its commitment on");
    HU_TRY(setup_of(run, &setup));
    HU_TRY(hu_ledger_load(path, run->arena, &ledger));
    HU_TRY(randomize_read(run, run->files[0], &setup, &table, sha256));
    HU_TRY(hu_draw_prepare(table, &setup, run->arena, &draw));
    HU_TRY(relative_path(run->files[0], path, run->arena, &source));
    /* A known seed would tell what a sealed draw gives: then the system gives one, unless it was named. */
    bool own_seed = !only || hu_opt_given(run, "seed");
    hu_ledger_key key = hu_ledger_key_new(own_seed ? run->seed : hu_ledger_random_seed());
    key_path = hu_ledger_key_path(path, run->arena);
    if (hu_ledger_state_of(ledger) == HU_LEDGER_EMPTY && only)
        HU_TRY(hu_ledger_key_write(key_path, &key));
    HU_TRY(hu_ledger_commit(ledger, draw, &setup, &key, sealed, source, sha256, time));
    if (only) {
        hu_say(run, "%s keeps the seed: guard it, --draw needs it", key_path);
        return print_step(run, ledger, "committed", NULL, NULL);
    }
    HU_TRY(hu_ledger_draw(ledger, draw, &key, NULL, time));
    return finish_draw(run, ledger, draw, false);
}

/* The committed draw's table must be as it was; says what is not. */
static hu_error *prepare_committed(const hu_run *run, const char *path, ledger_input *in, hu_ledger_key *key,
                                   hu_draw **draw)
{
    hu_ledger_check *check;
    HU_TRY(ledger_input_load(run, path, run->n_files ? run->files[0] : NULL, in));
    HU_TRY(hu_ledger_key_read(hu_ledger_key_path(path, run->arena), key));
    HU_TRY(hu_ledger_verify(in->ledger, in->table, in->sha256, key, NULL, run->arena, &check));
    if (check->n)
        return hu_fail(HU_BAD_INPUT, "%s: %s", path, check->findings[0]);
    *draw = check->draw;
    return *draw ? NULL : hu_draw_prepare(in->table, &in->setup, run->arena, draw);
}

static hu_error *draw_committed(hu_run *run)
{
    const char *path = ledger_path(run), *key_path = hu_ledger_key_path(path, run->arena);
    ledger_input in;
    hu_ledger_key key;
    hu_draw *draw;
    HU_TRY(prepare_committed(run, path, &in, &key, &draw));
    HU_TRY(hu_ledger_draw(in.ledger, draw, &key, hu_opt_text(run, "beacon"), now(run->arena)));
    bool sealed = hu_ledger_sealed(in.ledger);
    if (!sealed)
        unlink(key_path); /* what it kept stands in the ledger now */
    return finish_draw(run, in.ledger, draw, sealed);
}

static hu_error *open_sealed(hu_run *run)
{
    const char *path = ledger_path(run);
    ledger_input in;
    hu_ledger_key key;
    hu_draw *draw;
    HU_TRY(prepare_committed(run, path, &in, &key, &draw));
    HU_TRY(hu_ledger_open(in.ledger, draw, &key, now(run->arena)));
    unlink(hu_ledger_key_path(path, run->arena));
    return finish_draw(run, in.ledger, draw, false);
}

static hu_error *enrol_or_reveal(hu_run *run)
{
    const char *path = ledger_path(run), *unit = hu_opt_text(run, "enrol"), *arm = NULL;
    hu_ledger *ledger;
    hu_ledger_key key;
    if (!hu_file_exists(path))
        return hu_fail(HU_NOT_FOUND, "%s: no such ledger: --ledger names one", path);
    HU_TRY(hu_ledger_load(path, run->arena, &ledger));
    if (unit) {
        HU_TRY(hu_ledger_enrol(ledger, unit, now(run->arena)));
        return print_step(run, ledger, "enrolled", unit, NULL);
    }
    unit = hu_opt_text(run, "reveal");
    HU_TRY(hu_ledger_key_read(hu_ledger_key_path(path, run->arena), &key));
    HU_TRY(hu_ledger_reveal(ledger, &key, unit, now(run->arena), &arm));
    return print_step(run, ledger, "revealed", unit, arm);
}

static hu_error *verify(hu_run *run)
{
    const char *path = hu_opt_text(run, "verify");
    const char *handed_out = assignments_path(run, path), *key_path = hu_ledger_key_path(path, run->arena);
    ledger_input in;
    hu_ledger_key key;
    hu_ledger_check *check;
    hu_table *assignments = NULL;
    hu_ledger *chain;
    hu_error *broken = hu_file_exists(path) ? hu_ledger_load(path, run->arena, &chain) : NULL;
    if (broken && broken->code == HU_BAD_INPUT) {
        const char *finding = hu_strdup(run->arena, broken->message);
        hu_error_free(broken);
        randomize_print_check(run, chain, &(hu_ledger_check){.findings = &finding, .n = 1});
        run->status = 1;
        return NULL;
    }
    HU_TRY(broken);
    HU_TRY(ledger_input_load(run, path, run->n_files ? run->files[0] : NULL, &in));
    bool keyed = hu_file_exists(key_path);
    if (keyed)
        HU_TRY(hu_ledger_key_read(key_path, &key));
    if (hu_opt_given(run, "assignments") || hu_file_exists(handed_out)) {
        const char *const texts[] = {in.setup.unit, hu_ledger_arm_column, NULL};
        HU_TRY(hu_table_read(handed_out, &(hu_csv_options){.as_text = texts}, run->arena, &assignments));
    }
    HU_TRY(hu_ledger_verify(in.ledger, in.table, in.sha256, keyed ? &key : NULL, assignments, run->arena, &check));
    randomize_print_check(run, in.ledger, check);
    run->status = check->n ? 1 : 0;
    return NULL;
}

static hu_error *run_randomize(hu_run *run)
{
    static const struct {
        const char *option;
        hu_error *(*step)(hu_run *run);
    } steps[] = {{"verify", verify},         {"draw", draw_committed},    {"open", open_sealed},
                 {"enrol", enrol_or_reveal}, {"reveal", enrol_or_reveal}, {"commit", begin}};
    size_t given = 0;
    hu_error *(*step)(hu_run *) = begin;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (hu_opt_given(run, steps[i].option)) {
            given++;
            step = steps[i].step;
        }
    if (given > 1)
        return hu_fail(HU_USAGE, "--commit, --draw, --enrol, --reveal, --open and --verify are steps: one at a time");
    if (hu_opt_given(run, "beacon") && !hu_opt_flag(run, "draw"))
        return hu_fail(HU_USAGE, "--beacon belongs to --draw");
    return step(run);
}

const hu_command hu_command_randomize = {
    .name = "randomize",
    .summary = "draw who gets treatment, with a ledger that anyone can run again",
    .usage = "DISTRICTS.csv --unit ID [--method M] [--strata S] [--balance A,B] [options]",
    .description =
        "Deals arms out to the rows of a table: as one (complete), within --strata, within pairs of rows that are "
        "closest in the --balance columns (the pairs whose summed Mahalanobis distance is least, proven), again and "
        "again until the arms' means are close (rerandomized, Morgan & Rubin 2012), or one row after the other to the "
        "arm that balances best (minimisation, Pocock & Simon 1975). Prints a balance table: means by arm, their "
        "difference, normalised by the standard deviation, with a randomization test of each covariate and of all "
        "together over the design itself.\n\n"
        "The draw stands in a ledger (allocation.jsonl), lines of JSON each of which carries the hash of the one "
        "before: a commitment to method, rows and seed, then the draw. Keep the last hash (head), which is printed, in "
        "the trial's registration. --verify runs the draw again and ends with 0 when all is identical, else with 1 and "
        "a list: rows that changed or moved, another seed, other arms. `huella trial --design LEDGER` tests over the "
        "very allocations that this draw could have given.\n\n"
        "In two steps: --commit publishes the commitment and keeps the seed in LEDGER.key (readable by its owner "
        "only; a random seed unless --seed is given); --draw draws later, with a public --beacon that nobody could "
        "know before. With --sealed arms stay encrypted: --enrol UNIT records that a unit takes part, --reveal UNIT "
        "opens its arm and refuses to do so before; --open ends the concealment. Whoever holds LEDGER.key can open "
        "it: leave it to somebody who enrols nobody. In a pair, the arm of one tells that of the other.\n\n"
        "JSON: \"method\", \"units\", \"threshold\", \"acceptance\", \"attempts\", \"sealed\", \"balance\" (covariate, "
        "means "
        "by arm, difference, normalised, p), \"joint\" (distance, p, assignments, exact), \"assignments\" (unit, arm, "
        "pair or "
        "stratum), \"ledger\", \"head\"; with --verify \"identical\", \"differences\", \"notes\".",
    .example =
        "  huella randomize districts.csv --unit district --method pairs --balance reports,population\n"
        "  huella randomize districts.csv --unit district --balance reports --method rerandomized --commit --sealed\n"
        "  huella randomize --draw --beacon \"lottery 2026-05-04: 3 11 19 27 40 42\"\n"
        "  huella randomize --verify allocation.jsonl",
    .options = options,
    .min_files = 0,
    .max_files = 1,
    .run = run_randomize,
};

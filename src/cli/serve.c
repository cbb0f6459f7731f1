/* huella serve: the field system as a server. */

#include "command.h"

#include "huella/base/file.h"
#include "huella/base/json.h"
#include "huella/field/field.h"
#include "huella/http/server.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>

static void print_demo(hu_run *run, const hu_field *field, const hu_demo_account *accounts, size_t n)
{
    HU_BUF(text);
    hu_json json;
    hu_json_start(&json, &text);
    hu_json_object(&json);
    hu_json_put_text(&json, "url", hu_field_url(field));
    hu_json_key(&json, "accounts");
    hu_json_array(&json);
    for (size_t i = 0; i < n; i++) {
        hu_json_object(&json);
        hu_json_put_text(&json, "role", accounts[i].role);
        hu_json_put_text(&json, "username", accounts[i].username);
        hu_json_put_text(&json, "password", accounts[i].password);
        hu_json_put_text(&json, "district", accounts[i].district);
        hu_json_object_end(&json);
    }
    hu_json_array_end(&json);
    hu_json_object_end(&json);
    fprintf(run->out, "%s\n", text.data);
    fflush(run->out);
}

static hu_error *announce(hu_run *run, hu_field *field)
{
    hu_demo_account *accounts = NULL;
    size_t n = 0;
    if (!hu_opt_flag(run, "demo")) {
        fprintf(run->out, "%s\n", hu_field_url(field));
        fflush(run->out);
        return NULL;
    }
    HU_TRY(hu_field_fill_demo(field, run->arena, &accounts, &n));
    print_demo(run, field, accounts, n);
    return NULL;
}

static hu_error *open_log(const hu_run *run, FILE **log)
{
    const char *path = hu_opt_text(run, "access-log");
    *log = path ? strcmp(path, "-") == 0 ? stderr : fopen(path, "ae") : NULL;
    return path && !*log ? hu_fail(HU_IO, "--access-log %s: the file cannot be written", path) : NULL;
}

static hu_error *serve(hu_run *run, const hu_field_options *options)
{
    hu_field *field;
    hu_http_block_signals();
    HU_TRY(hu_field_open(options, &field));
    hu_error *error = announce(run, field);
    if (!error) {
        hu_say(run, "Ctrl+C or SIGTERM ends it; what was acknowledged is on the disk");
        hu_http_wait_for_signal();
    }
    hu_field_close(field);
    return error;
}

static hu_error *run_serve(hu_run *run)
{
    hu_field_options options = {.store = run->store,
                                .rules_dir = hu_rules_dir(run->arena),
                                .keys = hu_opt_text(run, "keys"),
                                .web_dir = hu_opt_text(run, "web"),
                                .listen = hu_opt_text(run, "listen"),
                                .public_url = hu_opt_text(run, "public-url"),
                                .tls_certificate = hu_opt_text(run, "tls-cert"),
                                .tls_key = hu_opt_text(run, "tls-key"),
                                .behind_proxy = hu_opt_flag(run, "behind-proxy"),
                                .threads = run->threads};
    if (!options.keys)
        options.keys = hu_path_join(run->arena, run->study, "huella.keys");
    if (!options.web_dir)
        options.web_dir = hu_web_dir(run->arena);
    if (!options.web_dir)
        hu_say(run, "the app was not built: only the API is served. Install nodejs and npm and build again");
    umask(077); /* what this program writes is for whoever runs it */
    HU_TRY(hu_make_folder(run->study));
    HU_TRY(open_log(run, &options.access_log));
    signal(SIGPIPE, SIG_IGN);
    hu_error *error = serve(run, &options);
    if (options.access_log && options.access_log != stderr)
        fclose(options.access_log);
    return error;
}

static const hu_option serve_options[] = {
    {"listen", HU_OPT_TEXT, "ADDRESS:PORT", "127.0.0.1:8443", "Where to listen; port 0 takes any that is free."},
    {"tls-cert", HU_OPT_TEXT, "FILE", NULL, "Certificate chain, PEM; with --tls-key the server speaks TLS."},
    {"tls-key", HU_OPT_TEXT, "FILE", NULL, "The certificate's private key, PEM."},
    {"behind-proxy", HU_OPT_FLAG, NULL, NULL, "A proxy in front speaks TLS and sets X-Forwarded-For."},
    {"public-url", HU_OPT_TEXT, "URL", NULL, "What links on hand-over sheets begin with; default: where it listens."},
    {"keys", HU_OPT_TEXT, "FILE", NULL, "The file of keys; default DIR/huella.keys. Keep a copy apart from the store."},
    {"web", HU_OPT_TEXT, "FOLDER", NULL, "Files of the app; default: those that came with the program."},
    {"access-log", HU_OPT_TEXT, "FILE", NULL, "A JSON line a request, without personal data; - is standard error."},
    {"demo", HU_OPT_FLAG, NULL, NULL, "Fill an empty store with a demo municipality and print its sign-ins."},
    {0},
};

const hu_command hu_command_serve = {
    .name = "serve",
    .summary = "the field system: incidents, referrals, quality, tests, over HTTP",
    .usage = "[--demo] [--listen ADDRESS:PORT] [--study DIR]",
    .description =
        "Serves the field system and prints its address. Officers record incidents and refer persons, supervisors and "
        "receiving offices follow them up, researchers take de-identified data; who may do what is decided in one "
        "place. The API describes itself at /api/openapi.json.\n\n"
        "What was acknowledged stands on the disk. Records are sealed, each under a key of its own, by keys in a file "
        "outside the store (--keys), made at the first start: without it nothing that is sealed can be read again.\n\n"
        "Reached from other machines only with TLS, by --tls-cert and --tls-key or by a proxy in front "
        "(--behind-proxy). SIGTERM ends it: what was begun is answered first.",
    .example = "  huella serve --demo --study demo\n"
               "  huella serve --study lince --listen 0.0.0.0:8443 --tls-cert chain.pem --tls-key key.pem",
    .options = serve_options,
    .streams = true,
    .run = run_serve,
};

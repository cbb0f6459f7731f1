/* --help and man pages, both printed from the command tables, so that they agree. */

#include "command.h"

#include <string.h>

void hu_print_overview(FILE *out)
{
    fputs("huella: an anti-trafficking impact evaluation from raw records to causal evidence\n\n"
          "usage: huella COMMAND [options] [files]\n\ncommands:\n",
          out);
    for (size_t i = 0; hu_commands[i]; i++)
        fprintf(out, "  %-12s %s\n", hu_commands[i]->name, hu_commands[i]->summary);
    fputs("\n`huella COMMAND --help` tells all about a command; `huella --version` prints the version.\n"
          "Exit status: 0 done; 1 done, and what was checked does not hold; 2 wrong usage; 3 bad input;\n"
          "4 the store or the system failed; 5 a bug in huella.\n",
          out);
}

/* "--control never|notyet" */
static void option_head(const hu_option *option, char *head, size_t size)
{
    if (option->type == HU_OPT_FLAG)
        snprintf(head, size, "--%s", option->name);
    else
        snprintf(head, size, "--%s %s", option->name, option->value);
}

/* Prints text wrapped at `width` columns, each line after `indent` blanks; the first begins at column `at`. */
static void print_wrapped(FILE *out, const char *text, int indent, int at, int width)
{
    while (*text) {
        int length = (int)strcspn(text, " \n");
        bool paragraph = text[0] == '\n' && text[1] == '\n';
        if (paragraph) {
            fprintf(out, "\n\n%*s", indent, "");
            at = indent;
            text += strspn(text, "\n");
            continue;
        }
        if (at > indent && at + 1 + length > width) {
            fprintf(out, "\n%*s", indent, "");
            at = indent;
        } else if (at > indent) {
            fputc(' ', out);
            at++;
        }
        fprintf(out, "%.*s", length, text);
        at += length;
        text += length;
        if (text[0] == '\n' && text[1] == '\n')
            continue;
        text += strspn(text, " ");
        if (*text == '\n')
            text++;
    }
    fputc('\n', out);
}

static void print_options(FILE *out, const hu_option *options)
{
    for (; options && options->name; options++) {
        char head[128];
        option_head(options, head, sizeof head);
        fprintf(out, "  %-30s", head);
        if (strlen(head) > 29)
            fprintf(out, "\n%32s", "");
        HU_BUF(text);
        hu_buf_add_text(&text, options->help);
        if (options->fallback)
            hu_buf_printf(&text, " [%s]", options->fallback);
        print_wrapped(out, text.data, 32, 32, 100);
    }
}

void hu_print_help(FILE *out, const hu_command *command)
{
    fprintf(out, "huella %s: %s\n\nusage: huella %s %s\n\n", command->name, command->summary, command->name,
            command->usage);
    print_wrapped(out, command->description, 0, 0, 100);
    if (command->options && command->options->name) {
        fputs("\noptions:\n", out);
        print_options(out, command->options);
    }
    fputs("\ncommon options:\n", out);
    print_options(out, hu_common_options);
    if (command->example)
        fprintf(out, "\nexample:\n%s\n", command->example);
}

/* Text for roff: backslashes, hyphens and leading dots must not be read as requests. */
static void roff_text(FILE *out, const char *text)
{
    bool line_start = true;
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            fputs("\\&", out);
        if (*text == '\\')
            fputs("\\e", out);
        else if (*text == '-')
            fputs("\\-", out);
        else if (text[0] == '\n' && text[1] == '\n') {
            fputs("\n.PP", out);
        } else
            fputc(*text, out);
        line_start = *text == '\n';
    }
    fputc('\n', out);
}

static void roff_options(FILE *out, const hu_option *options)
{
    for (; options && options->name; options++) {
        char head[128];
        option_head(options, head, sizeof head);
        fputs(".TP\n.B ", out);
        roff_text(out, head);
        roff_text(out, options->help);
        if (options->fallback) {
            fputs("Default: ", out);
            roff_text(out, options->fallback);
        }
    }
}

static void roff_common_end(FILE *out)
{
    fputs(".SH COMMON OPTIONS\n", out);
    roff_options(out, hu_common_options);
    fputs(".SH EXIT STATUS\n0 done; 1 done, and what was checked does not hold; 2 wrong usage; 3 bad input; 4 the "
          "store or the "
          "system failed; 5 a bug in huella.\n",
          out);
}

void hu_print_man(FILE *out, const hu_command *command)
{
    if (!command) {
        fputs(".TH HUELLA 1 \"\" \"huella " HU_VERSION "\" \"huella\"\n.SH NAME\n"
              "huella \\- an anti\\-trafficking impact evaluation from raw records to causal evidence\n"
              ".SH SYNOPSIS\n.B huella\nCOMMAND [options] [files]\n.SH COMMANDS\n",
              out);
        for (size_t i = 0; hu_commands[i]; i++) {
            fprintf(out, ".TP\n.BR huella\\-%s (1)\n", hu_commands[i]->name);
            roff_text(out, hu_commands[i]->summary);
        }
        roff_common_end(out);
        return;
    }
    fprintf(out, ".TH HUELLA\\-%s 1 \"\" \"huella " HU_VERSION "\" \"huella\"\n.SH NAME\nhuella\\-%s \\- ",
            command->name, command->name);
    roff_text(out, command->summary);
    fprintf(out, ".SH SYNOPSIS\n.B huella %s\n", command->name);
    roff_text(out, command->usage);
    fputs(".SH DESCRIPTION\n", out);
    roff_text(out, command->description);
    if (command->options && command->options->name) {
        fputs(".SH OPTIONS\n", out);
        roff_options(out, command->options);
    }
    roff_common_end(out);
    if (command->example) {
        fputs(".SH EXAMPLE\n.nf\n", out);
        roff_text(out, command->example);
        fputs(".fi\n", out);
    }
    fputs(".SH SEE ALSO\n.BR huella (1)\n", out);
}

/* cmd_synth.c - gridclear synth: a synthetic network of any size from a seed. */
#include <ctype.h>
#include <string.h>

#include "sim/app/command.h"
#include "sim/app/interrupt.h"
#include "sim/app/output_file.h"
#include "sim/app/synth_print.h"
#include "sim/base/mem.h"
#include "sim/base/stopwatch.h"

struct synth_args {
    int64_t buses, seed, tight;
    const char *output;
    bool quiet;
};

static const struct synth_args synth_defaults = {.seed = 1, .tight = -1};

// clang-format off
static const struct option synth_options[] = {
    OPTION_INT_REQUIRED('n', "buses", "N", struct synth_args, buses, 1, SYNTH_MAX_BUSES,
                        "how many buses"),
    OPTION_INT(0, "seed", "S", struct synth_args, seed, 0, 4294967295.0,
               "another seed, another network (default 1)"),
    OPTION_INT(0, "tight", "T", struct synth_args, tight, 0, SYNTH_MAX_BUSES,
               "branches whose limit is in the way of dispatch by merit "
               "(default: N / 25, at most 40 times the fourth root of N)"),
    OPTION_PATH_REQUIRED('o', "output", "CASE.m", struct synth_args, output,
                         "the MATPOWER case to write; - is standard output"),
    OPTION_FLAG('q', "quiet", struct synth_args, quiet, "print no statistics"),
    OPTION_END,
};
// clang-format on

enum {
    NAME_SIZE = 64
};

/* "out/my-case.m" -> "my_case": what MATLAB takes for the name of a function. */
static void name_function(const char *path, char name[NAME_SIZE])
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    size_t n = strcspn(base, "."), k = 0;
    if (strcmp(path, "-") == 0) {
        base = "synthetic";
        n = strlen(base);
    }
    if (n == 0 || !isalpha((unsigned char)base[0]))
        k = (size_t)snprintf(name, NAME_SIZE, "case_");
    for (size_t i = 0; i < n && k + 1 < NAME_SIZE; i++)
        name[k++] = base[i];
    name[k] = '\0';
    for (size_t i = 0; i < k; i++)
        if (!isalnum((unsigned char)name[i]))
            name[i] = '_';
}

static enum err_code write_case(const struct synth_args *a, const struct synth *s,
                                const struct synth_options *opt, struct err *err)
{
    char name[NAME_SIZE];
    struct output_file f = {0};
    enum err_code code = output_open(a->output, &f, err);
    if (code)
        return code;
    name_function(a->output, name);
    synth_print_case(s, name, opt, f.out);
    if (interrupt_requested())
        code = err_set(err, ERR_INTERRUPTED, "interrupted while writing %s", a->output);
    return output_close(&f, code, err);
}

static enum err_code synth_run(const void *args, struct diagnostics *diag)
{
    const struct synth_args *a = args;
    struct synth s = {0};
    struct synth_statistics t;
    double began_s = stopwatch_s();
    const struct synth_options opt = {.n_bus = (int32_t)a->buses,
                                      .seed = (uint64_t)a->seed,
                                      .n_tight = (int32_t)a->tight,
                                      .stop = interrupt_requested};
    enum err_code code = synth_create(&opt, &s, &diag->err);
    double made_s = stopwatch_s();
    if (!code)
        code = synth_count(&s, &t, &diag->err);
    if (!code)
        code = write_case(a, &s, &opt, &diag->err);
    if (!code && !a->quiet) {
        synth_print_statistics(&s, &t, stderr);
        (void)fprintf(stderr, "%.3f s made, %.3f s written, %.0f MB\n",
                      made_s - began_s, stopwatch_s() - made_s,
                      (double)mem_peak_bytes() / 1048576.0);
    }
    synth_release(&s);
    return code;
}

extern const struct command cmd_synth;
const struct command cmd_synth = {
    .name = "synth",
    .purpose = "write a synthetic network of any size as a MATPOWER case",
    .details =
        "Three voltages, lines between neighbours, a few hubs, load at two buses "
        "of three, units of seven technologies; limits that bind and can be kept. "
        "The same numbers give the same file. What was made is said on standard "
        "error.",
    .options = synth_options,
    .args_size = sizeof(struct synth_args),
    .defaults = &synth_defaults,
    .example = "synth --buses 10000 --seed 7 -o case10k.m",
    .run = synth_run,
};

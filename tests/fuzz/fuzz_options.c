/*
 * fuzz_options.c - any words as a command line; words are separated by zero bytes.
 *
 * Property: no crash; a refusal says why in one line; what is accepted lies within the
 * limits of the table and its texts are the words that were given.
 */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "sim/app/options.h"
#include "tests/fuzz/must.h"

struct args {
    const char *input, *output;
    bool json, verbose;
    int shade;
    int64_t count;
    double gap;
};

static const char *const shades[] = {"light", "dark", NULL};

static const struct option table[] = {
    OPTION_ARGUMENT("INPUT", struct args, input, "the file to read"),
    OPTION_PATH('o', "output", "FILE", struct args, output, "write to FILE"),
    OPTION_FLAG('j', "json", struct args, json, "print JSON"),
    OPTION_FLAG('v', "verbose", struct args, verbose, "say more"),
    OPTION_ENUM(0, "shade", "SHADE", struct args, shade, shades, "colours"),
    OPTION_INT(0, "count", "N", struct args, count, 1, 1000, "how many"),
    OPTION_DOUBLE(0, "gap", "X", struct args, gap, 0, 1, "how close"),
    OPTION_END,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[1024];
    char *argv[64];
    int argc = 0;
    if (size >= sizeof text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    for (size_t at = 0; at < size && argc < 64; at += strlen(text + at) + 1)
        argv[argc++] = text + at;

    struct args args = {.count = 1};
    struct err err = {0};
    bool help = false;
    enum err_code code = options_parse(table, argc, argv, &args, &help, &err);
    if (code) {
        must(code == ERR_USAGE && err.code == ERR_USAGE && err.msg[0] != '\0');
        return 0;
    }
    if (help)
        return 0;
    must(args.input >= text && args.input <= text + size && *args.input);
    must(!args.output || *args.output);
    must(args.shade == 0 || args.shade == 1);
    must(args.count >= 1 && args.count <= 1000);
    must(isfinite(args.gap) && args.gap >= 0 && args.gap <= 1);
    return 0;
}

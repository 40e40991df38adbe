/* stray_file.c - tables that nobody reads because their names are mistyped. */
#include <dirent.h>
#include <stdio.h>
#include <string.h>

#include "sim/input/nearest.h"
#include "sim/input/scenario_parts.h"

enum {
    STEM_MAX = 40, /* nearest_word knows no longer words */
    LONG_STEM = 8  /* shorter words resemble each other by chance */
};

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

/* Whether name, of n characters, ends so in either case, with something before it. */
static bool has_ending(const char *name, size_t n, const char *ending)
{
    size_t n_ending = strlen(ending);
    if (n <= n_ending)
        return false;
    for (size_t i = 0; i < n_ending; i++)
        if (lower(name[n - n_ending + i]) != ending[i])
            return false;
    return true;
}

/* The lower-case stem of "NAME.csv" or "NAME.csv.gz". False for other files. */
static bool take_stem(const char *file, char stem[STEM_MAX + 1])
{
    size_t n = strlen(file);
    if (has_ending(file, n, ".gz"))
        n -= strlen(".gz");
    if (!has_ending(file, n, ".csv") || n - strlen(".csv") > STEM_MAX)
        return false;
    n -= strlen(".csv");
    for (size_t i = 0; i < n; i++) {
        stem[i] = lower(file[i]);
        if (stem[i] <= ' ' || stem[i] > '~')
            return false;
    }
    stem[n] = '\0';
    return true;
}

/* Names of the tables that were neither named nor found; how many. */
static size_t list_absent(const struct loading *l, const char *absent[TABLE_NAMED])
{
    size_t n = 0;
    for (int i = 0; i < TABLE_NAMED; i++)
        if (!l->yaml.file[i].text && !l->table[i].src.text)
            absent[n++] = scenario_table_spec((enum scenario_table)i)->name;
    return n;
}

static bool is_same_file(const char *named, const char *file)
{
    while (named && strncmp(named, "./", 2) == 0)
        named += 2;
    return named && strcmp(named, file) == 0;
}

/* A file with the very name of a table is no mistyped name of another. */
static bool is_used(const struct loading *l, const char *file)
{
    bool used = is_same_file(l->yaml.network.text, file);
    for (int i = 0; i < TABLE_COUNT; i++)
        used = used || is_same_file(l->yaml.file[i].text, file) ||
               is_same_file(scenario_table_spec((enum scenario_table)i)->file, file);
    return used;
}

/* "bids" for "energy_bids". */
static bool is_last_word(const char *stem, const char *name)
{
    size_t n = strlen(stem), n_name = strlen(name);
    return n + 1 < n_name && name[n_name - n - 1] == '_' &&
           strcmp(name + n_name - n, stem) == 0;
}

/* A table that is there, too, is none that is absent: its older copy, or packed. */
static bool is_present(const char *stem, const char *const *absent, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(stem, absent[i]) == 0)
            return false;
    for (int i = 0; i < TABLE_NAMED; i++)
        if (strcmp(stem, scenario_table_spec((enum scenario_table)i)->name) == 0)
            return true;
    return false;
}

static const char *meant(const char *stem, const char *const *absent, size_t n)
{
    if (is_present(stem, absent, n))
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (is_last_word(stem, absent[i]))
            return absent[i];
    const char *near = nearest_word(stem, strlen(stem), absent, n, sizeof *absent);
    return near && (strlen(stem) >= LONG_STEM || stem[0] == near[0]) ? near : NULL;
}

static enum err_code check_file(struct loading *l, const char *dir, const char *file,
                                const char *const *absent, size_t n, struct err *err)
{
    char path[4096], stem[STEM_MAX + 1];
    if (!take_stem(file, stem) || is_used(l, file))
        return ERR_OK;
    const char *near = meant(stem, absent, n);
    int len = snprintf(path, sizeof path, "%s/%s", dir, file);
    if (!near || len < 0 || len >= (int)sizeof path)
        return ERR_OK;
    struct src_pos at = {.line = 1, .column = 1};
    at.file = arena_copy_text(&l->m->arena, path, (size_t)len);
    if (!at.file)
        return err_set(err, ERR_NOMEM, "cannot hold the name of a file");
    err_list_add(l->faults, at,
                 "%s is no table of this scenario; expected %s.csv, or its name under "
                 "tables: in scenario.yaml",
                 file, near);
    return ERR_OK;
}

enum err_code refuse_stray_files(struct loading *l, struct err *err)
{
    const char *absent[TABLE_NAMED];
    enum err_code code = ERR_OK;
    size_t n = l->yaml.names_doubtful ? 0 : list_absent(l, absent);
    for (int k = 0; k < l->layers.n && !code; k++) {
        const struct layer *of = &l->layers.layer[k];
        DIR *dir = n && of->is_folder ? opendir(of->dir) : NULL;
        /* In any order: faults are sorted in the end. */
        for (struct dirent *entry; dir && !code && (entry = readdir(dir));)
            code = check_file(l, of->dir, entry->d_name, absent, n, err);
        if (dir)
            (void)closedir(dir);
    }
    return code;
}

/* output_file.c - a text output that appears complete or not at all. */
#include "sim/app/output_file.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "sim/base/mem.h"

/* Something that is there and is no plain file cannot be replaced. */
static bool is_device(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && !S_ISREG(st.st_mode);
}

enum err_code output_open(const char *path, struct output_file *f, struct err *err)
{
    static const char suffix[] = ".part.tmp";
    *f = (struct output_file){.out = stdout};
    if (!path || strcmp(path, "-") == 0)
        return ERR_OK;
    f->path = path;
    if (!is_device(path)) {
        size_t size = strlen(path) + sizeof suffix;
        f->temp = mem_alloc(size, 1);
        if (!f->temp)
            return err_set(err, ERR_NOMEM, "cannot hold the name of a file");
        (void)snprintf(f->temp, size, "%s%s", path, suffix);
    }
    f->out = fopen(f->temp ? f->temp : path, "w");
    if (f->out)
        return ERR_OK;
    enum err_code code =
        err_set(err, ERR_IO, "cannot write %s: %s", path, strerror(errno));
    mem_free(f->temp);
    f->temp = NULL;
    return code;
}

enum err_code output_close(struct output_file *f, enum err_code code, struct err *err)
{
    if (!f->path)
        return code; /* standard output is checked when the program ends */
    bool lost = ferror(f->out) != 0;
    errno = 0;
    if (fclose(f->out) != 0)
        lost = true;
    if (!code && lost)
        code = err_set(err, ERR_IO, "cannot write %s: %s", f->path,
                       errno ? strerror(errno) : "some of it was lost");
    if (!code && f->temp && rename(f->temp, f->path) != 0)
        code = err_set(err, ERR_IO, "cannot write %s: %s", f->path, strerror(errno));
    if (code && f->temp)
        (void)remove(f->temp);
    mem_free(f->temp);
    *f = (struct output_file){0};
    return code;
}

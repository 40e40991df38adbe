/* aside.c - write aside, flush, rename. */
#include "results/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/mem.h"

static const char suffix[] = ".part.tmp";

static enum err_code fail(struct err *err, const char *what, const char *path,
                          int cause)
{
    return err_set(err, ERR_IO, "cannot %s %s: %s", what, path, strerror(cause));
}

/* True when fd is still the file of that name. */
static bool is_same_file(int fd, const char *path)
{
    struct stat here, there;
    return fstat(fd, &here) == 0 && stat(path, &there) == 0 &&
           here.st_ino == there.st_ino && here.st_dev == there.st_dev;
}

/* Between open and lock another process may have renamed its file away: try again. */
static enum err_code open_locked(struct aside *a, struct err *err)
{
    for (int attempt = 0; attempt < 10; attempt++) {
        struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET};
        a->fd = open(a->temp, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
        if (a->fd < 0)
            return fail(err, "write", a->path, errno);
        if (fcntl(a->fd, F_SETLK, &lock) < 0 && (errno == EACCES || errno == EAGAIN))
            return err_set(err, ERR_IO, "cannot write %s: another run is writing it",
                           a->path);
        if (is_same_file(a->fd, a->temp))
            return ERR_OK;
        (void)close(a->fd);
        a->fd = -1;
    }
    return err_set(err, ERR_IO, "cannot write %s: other runs keep writing it", a->path);
}

enum err_code aside_open(struct aside *a, const char *path, struct err *err)
{
    struct stat there;
    enum err_code code;
    *a = (struct aside){.fd = -1};
    size_t n = strlen(path);
    if (n == 0)
        return err_set(err, ERR_IO, "cannot write a file without a name");
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode))
        return err_set(err, ERR_IO, "cannot write %s: it is there and not a plain file",
                       path);
    a->path = mem_copy_text(path);
    a->temp = mem_alloc(n + sizeof suffix, 1);
    if (!a->path || !a->temp) {
        code = err_set(err, ERR_NOMEM, "cannot allocate a file name");
        goto done;
    }
    memcpy(a->temp, path, n);
    memcpy(a->temp + n, suffix, sizeof suffix);
    code = open_locked(a, err);
done:
    if (code) {
        /* Not ours, or not there: it is not removed. */
        mem_free(a->temp);
        a->temp = NULL;
        aside_release(a);
    }
    return code;
}

static int write_all(int fd, const void *bytes, size_t n)
{
    const char *p = bytes;
    while (n > 0) {
        ssize_t done = write(fd, p, n);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return done < 0 ? errno : ENOSPC;
        p += done;
        n -= (size_t)done;
    }
    return 0;
}

/* The new name survives a power cut only when the folder is flushed too. Best effort:
 * not every file system can. */
static void flush_folder(char *path)
{
    char *slash = strrchr(path, '/');
    int fd;
    if (!slash) {
        fd = open(".", O_RDONLY | O_CLOEXEC);
    } else {
        char kept = slash[1];
        slash[1] = '\0';
        fd = open(path, O_RDONLY | O_CLOEXEC);
        slash[1] = kept;
    }
    if (fd >= 0) {
        (void)fsync(fd);
        (void)close(fd);
    }
}

enum err_code aside_commit(struct aside *a, const void *const part[],
                           const size_t bytes[], size_t n_part, struct err *err)
{
    if (!is_same_file(a->fd, a->temp))
        return err_set(err, ERR_IO, "cannot write %s: another run took %s", a->path,
                       a->temp);
    if (ftruncate(a->fd, 0) < 0)
        return fail(err, "write", a->path, errno);
    for (size_t i = 0; i < n_part; i++) {
        int cause = write_all(a->fd, part[i], bytes[i]);
        if (cause)
            return fail(err, "write", a->path, cause);
    }
    if (fsync(a->fd) < 0 && errno != EINVAL && errno != EROFS)
        return fail(err, "write", a->path, errno);
    if (rename(a->temp, a->path) < 0)
        return fail(err, "replace", a->path, errno);
    mem_free(a->temp);
    a->temp = NULL;
    flush_folder(a->path);
    return ERR_OK;
}

void aside_release(struct aside *a)
{
    if (a->temp && a->fd >= 0 && is_same_file(a->fd, a->temp))
        (void)unlink(a->temp);
    if (a->fd >= 0)
        (void)close(a->fd);
    mem_free(a->temp);
    mem_free(a->path);
    *a = (struct aside){.fd = -1};
}

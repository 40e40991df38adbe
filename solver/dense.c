/* dense.c - the only file that knows OpenBLAS. */
#include "solver/dense.h"

#include <cblas.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/mem.h"

/* LAPACK as OpenBLAS exports it; Debian's OpenBLAS has no C header for it. */
void dgetrs_(const char *trans, const int *n, const int *n_rhs, const double *a,
             const int *lda, const int *pivot, double *b, const int *ldb, int *info);
void dgetrf_(const int *m, const int *n, double *a, const int *lda, int *pivot,
             int *info);
void dposv_(const char *uplo, const int *n, const int *n_rhs, double *a, const int *lda,
            double *b, const int *ldb, int *info);

/*
 * Ends OpenBLAS's threads, which it creates when the program is loaded and which then spin
 * for some 20 ms. Exported without a header; absent from its variants without threads. It
 * starts them again should they be asked for.
 */
int blas_thread_shutdown_(void) __attribute__((weak));
/* Likewise: they drop and choose the kernels, by the processor or OPENBLAS_CORETYPE. */
void gotoblas_dynamic_quit(void) __attribute__((weak));
void gotoblas_dynamic_init(void) __attribute__((weak));

void dense_multiply(int32_t m, int32_t n, int32_t k, double alpha, const double *a,
                    const double *b, double *c)
{
    if (m == 0 || n == 0)
        return;
    if (k == 0) {
        memset(c, 0, (size_t)m * (size_t)n * sizeof *c);
        return;
    }
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, m, n, k, alpha, a, k, b, n,
                0.0, c, n);
}

enum err_code dense_factorise(int32_t n, double *a, int32_t *pivot, struct err *err)
{
    int info = 0;
    if (n > 0)
        dgetrf_(&n, &n, a, &n, pivot, &info);
    if (info != 0)
        return err_set(err, ERR_NUMERIC, "a dense system of %d rows is singular", n);
    return ERR_OK;
}

void dense_solve_factorised(int32_t n, const double *a, const int32_t *pivot, double *b)
{
    const int one = 1;
    int info = 0; /* of wrong arguments only */
    if (n > 0)
        dgetrs_("N", &n, &one, a, &n, pivot, b, &n, &info);
}

enum err_code dense_solve(int32_t n, double *a, double *b, struct err *err)
{
    int32_t *pivot = mem_alloc((size_t)n, sizeof *pivot);
    if (!pivot)
        return err_set(err, ERR_NOMEM, "out of memory");
    enum err_code code = dense_factorise(n, a, pivot, err);
    if (!code)
        dense_solve_factorised(n, a, pivot, b);
    mem_free(pivot);
    return code;
}

void dense_add_gram(int32_t n, int32_t k, double alpha, const double *a, double *c)
{
    if (n > 0 && k > 0)
        cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, n, k, alpha, a, n, 1.0, c,
                    n);
}

enum err_code dense_solve_positive(int32_t n, double *a, double *b, struct err *err)
{
    const int one = 1;
    int info = 0;
    if (n == 0)
        return ERR_OK;
    dposv_("U", &n, &one, a, &n, b, &n, &info); /* row-major lower is upper here */
    if (info != 0)
        return err_set(err, ERR_NUMERIC,
                       "a dense system of %d rows is not positive definite", n);
    return ERR_OK;
}

enum err_code dense_pick(int32_t n, int32_t m, double least, double *a, int32_t *pick,
                         struct err *err)
{
    int info = 0, order = n < m ? n : m;
    if (m == 0)
        return ERR_OK;
    int *pivot = mem_alloc((size_t)order, sizeof *pivot);
    int32_t *row = mem_alloc((size_t)n, sizeof *row);
    if (!pivot || !row) {
        mem_free(pivot);
        mem_free(row);
        return err_set(err, ERR_NOMEM, "out of memory");
    }
    if (n > 0)
        dgetrf_(&n, &m, a, &n, pivot, &info); /* info > 0: a zero on the diagonal */
    for (int32_t i = 0; i < n; i++)
        row[i] = i;
    for (int32_t k = 0; k < m; k++) {
        pick[k] = -1;
        if (k >= order)
            continue;
        int32_t chosen = row[pivot[k] - 1];
        row[pivot[k] - 1] = row[k];
        row[k] = chosen;
        if (fabs(a[(size_t)k * (size_t)n + (size_t)k]) > least)
            pick[k] = chosen;
    }
    mem_free(pivot);
    mem_free(row);
    return ERR_OK;
}

void dense_set_threads(int n)
{
    openblas_set_num_threads(n);
    if (n == 1 && blas_thread_shutdown_)
        (void)blas_thread_shutdown_();
}

static bool has_avx2(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return false;
#endif
}

const char *dense_kernels(void)
{
    return openblas_get_corename();
}

void dense_choose_kernels(void)
{
    const char *const variable = "OPENBLAS_CORETYPE";
    if (!gotoblas_dynamic_quit || !gotoblas_dynamic_init || getenv(variable) ||
        strcmp(dense_kernels(), "Prescott") != 0 || !has_avx2())
        return;
    if (setenv(variable, "Haswell", 1) != 0)
        return;
    gotoblas_dynamic_quit();
    gotoblas_dynamic_init();
    (void)unsetenv(variable); /* children choose for themselves */
}

const char *dense_library_version(void)
{
    static char text[64];
    /* "OpenBLAS 0.3.21 DYNAMIC_ARCH ...": the first two words say it. */
    const char *config = openblas_get_config();
    size_t n = strcspn(config, " ");
    if (config[n])
        n += 1 + strcspn(config + n + 1, " ");
    (void)snprintf(text, sizeof text, "%.*s", (int)n, config);
    return text;
}

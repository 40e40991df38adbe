/* version.c - what this program is made of. */
#include "sim/app/version.h"

#include "results/h5_file.h"
#include "solver/dense.h"
#include "solver/lp.h"
#include "solver/sparse.h"

const char *version_number(void)
{
    return GRIDCLEAR_VERSION;
}

const char *version_commit(void)
{
    return GRIDCLEAR_COMMIT;
}

void version_print(FILE *out)
{
    (void)fprintf(out, "gridclear %s (%s)\n", version_number(), version_commit());
    char hdf5[32];
    h5_file_version(hdf5);
    const char *const library[] = {lp_solver_version(), sparse_library_version(),
                                   dense_library_version(), hdf5};
    for (size_t i = 0; i < sizeof library / sizeof library[0]; i++)
        (void)fprintf(out, "%s\n", library[i]);
}

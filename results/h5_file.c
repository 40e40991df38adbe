/* h5_file.c - files in memory through HDF5's core driver. */
#include "results/h5_parts.h"

#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"

enum {
    GROWTH_BYTES = 1 << 20,
    CHUNKED_FROM_BYTES = 64 * 1024,
    CHUNK_ROWS = 24,
    CHUNK_COLUMNS = 4096,
    COMPACT_ITEMS = 64, /* links and attributes kept in the object header itself */
};

/* ---- errors ---- */

struct cause {
    char text[160];
    bool no_memory;
};

static herr_t note_cause(unsigned n, const H5E_error2_t *e, void *user)
{
    struct cause *c = user;
    if (n == 0) {
        snprintf(c->text, sizeof c->text, "%s", e->desc ? e->desc : "");
        c->no_memory = e->maj_num == H5E_RESOURCE;
    }
    return 0;
}

/* What the library's error stack says, innermost first. */
enum err_code h5_fail(struct err *err, enum err_code code, const char *what,
                      const char *path)
{
    struct cause c = {"no reason given", false};
    (void)H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, note_cause, &c);
    (void)H5Eclear2(H5E_DEFAULT);
    if (c.no_memory)
        return err_set(err, ERR_NOMEM, "cannot %s %s: %s", what, path, c.text);
    return err_set(err, code, "cannot %s %s: %s", what, path, c.text);
}

static void silence(void)
{
    (void)H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
}

void h5_close_id(hid_t id, herr_t (*closer)(hid_t))
{
    if (id >= 0)
        (void)closer(id);
}

/* ---- the object at hand ---- */

static void release_held(struct h5_file *f)
{
    if (f->held > 0)
        (void)H5Oclose(f->held);
    f->held = 0;
}

/*
 * The group or array at a path; not to be closed. It stays open until another is asked
 * for: what is written gets all its attributes in a row, and opening takes as long as an
 * attribute.
 */
static hid_t hold(struct h5_file *f, const char *path)
{
    if (f->held > 0 && strcmp(f->held_path, path) == 0)
        return f->held;
    release_held(f);
    size_t n = strlen(path);
    hid_t object =
        n < sizeof f->held_path ? H5Oopen(f->id, path, H5P_DEFAULT) : H5I_INVALID_HID;
    if (object < 0)
        return object;
    f->held = object;
    memcpy(f->held_path, path, n + 1);
    return object;
}

/* ---- files ---- */

static hid_t writing_fapl(void)
{
    hid_t fapl = H5Pcreate(H5P_FILE_ACCESS);
    if (fapl < 0)
        return fapl;
    if (H5Pset_fapl_core(fapl, GROWTH_BYTES, 0) < 0 ||
        H5Pset_libver_bounds(fapl, H5F_LIBVER_V18, H5F_LIBVER_V18) < 0) {
        (void)H5Pclose(fapl);
        return H5I_INVALID_HID;
    }
    return fapl;
}

/* Order of creation is part of netCDF-4; time stamps would make equal runs differ. */
static hid_t group_properties(hid_t class)
{
    hid_t p = H5Pcreate(class);
    if (p < 0)
        return p;
    unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    if (H5Pset_obj_track_times(p, 0) < 0 || H5Pset_link_creation_order(p, order) < 0 ||
        H5Pset_link_phase_change(p, COMPACT_ITEMS, COMPACT_ITEMS / 2) < 0 ||
        H5Pset_attr_creation_order(p, order) < 0 ||
        H5Pset_attr_phase_change(p, COMPACT_ITEMS, COMPACT_ITEMS / 2) < 0) {
        (void)H5Pclose(p);
        return H5I_INVALID_HID;
    }
    return p;
}

enum err_code h5_file_create(struct h5_file **out, struct err *err)
{
    enum err_code code = ERR_OK;
    hid_t fapl = H5I_INVALID_HID, fcpl = H5I_INVALID_HID;
    char name[48];
    *out = NULL;
    struct h5_file *f = mem_alloc(1, sizeof *f);
    if (!f)
        return err_set(err, ERR_NOMEM, "cannot allocate a file");
    silence();
    /* The driver knows files in memory by name; the name is not stored. */
    snprintf(name, sizeof name, "in memory at %p", (void *)f);
    fapl = writing_fapl();
    fcpl = group_properties(H5P_FILE_CREATE);
    f->id = fapl < 0 || fcpl < 0 ? H5I_INVALID_HID
                                 : H5Fcreate(name, H5F_ACC_TRUNC, fcpl, fapl);
    if (f->id < 0) {
        code = h5_fail(err, ERR_BUG, "create", "a file in memory");
        mem_free(f);
        goto done;
    }
    *out = f;
done:
    h5_close_id(fcpl, H5Pclose);
    h5_close_id(fapl, H5Pclose);
    return code;
}

/*
 * The library would copy the image several times over. With these it passes the caller's
 * bytes around: "allocating" hands them out, copying and freeing do nothing.
 */
static void *image_lend(size_t n, H5FD_file_image_op_t op, void *user)
{
    (void)n;
    (void)op;
    return ((struct h5_file *)user)->image;
}

static void *image_keep(void *to, const void *from, size_t n, H5FD_file_image_op_t op,
                        void *user)
{
    (void)n;
    (void)op;
    (void)user;
    return to == from ? to : NULL;
}

static void *image_resize(void *p, size_t n, H5FD_file_image_op_t op, void *user)
{
    (void)p;
    (void)n;
    (void)op;
    (void)user;
    return NULL; /* nobody writes */
}

static herr_t image_return(void *p, H5FD_file_image_op_t op, void *user)
{
    (void)p;
    (void)op;
    (void)user;
    return 0;
}

static void *user_share(void *user)
{
    return user;
}

static herr_t user_return(void *user)
{
    (void)user;
    return 0;
}

static hid_t reading_fapl(struct h5_file *f, size_t n)
{
    H5FD_file_image_callbacks_t lend = {
        image_lend, image_keep, image_resize, image_return, user_share, user_return, f};
    hid_t fapl = H5Pcreate(H5P_FILE_ACCESS);
    if (fapl < 0)
        return fapl;
    if (H5Pset_fapl_core(fapl, GROWTH_BYTES, 0) < 0 ||
        H5Pset_file_image_callbacks(fapl, &lend) < 0 ||
        H5Pset_file_image(fapl, f->image, n) < 0) {
        (void)H5Pclose(fapl);
        return H5I_INVALID_HID;
    }
    return fapl;
}

enum err_code h5_file_open(const void *image, size_t n, struct h5_file **out,
                           struct err *err)
{
    enum err_code code = ERR_OK;
    char name[48];
    *out = NULL;
    struct h5_file *f = mem_alloc(1, sizeof *f);
    if (!f)
        return err_set(err, ERR_NOMEM, "cannot allocate a file");
    silence();
    f->image = (void *)(uintptr_t)image;
    snprintf(name, sizeof name, "in memory at %p", (void *)f);
    hid_t fapl = reading_fapl(f, n);
    f->id = fapl < 0 ? H5I_INVALID_HID : H5Fopen(name, H5F_ACC_RDONLY, fapl);
    h5_close_id(fapl, H5Pclose);
    if (f->id < 0) {
        code = h5_fail(err, ERR_INPUT, "open", "it as HDF5");
        mem_free(f);
        return code;
    }
    *out = f;
    return ERR_OK;
}

void h5_file_close(struct h5_file *f)
{
    if (!f)
        return;
    release_held(f);
    (void)H5Fclose(f->id);
    mem_free(f);
}

enum err_code h5_file_image(struct h5_file *f, const void **image, size_t *n,
                            struct err *err)
{
    void *handle = NULL;
    if (H5Fflush(f->id, H5F_SCOPE_LOCAL) < 0 ||
        H5Fget_vfd_handle(f->id, H5P_DEFAULT, &handle) < 0)
        return h5_fail(err, ERR_BUG, "finish", "the file in memory");
    /* Asks for the size only: the driver's own memory is larger, in steps of growth. */
    ssize_t bytes = H5Fget_file_image(f->id, NULL, 0);
    if (bytes < 0)
        return h5_fail(err, ERR_BUG, "measure", "the file in memory");
    *image = *(void **)handle;
    *n = (size_t)bytes;
    return ERR_OK;
}

/* ---- types ---- */

hid_t h5_memory_type(enum table_type type)
{
    switch (type) {
    case TABLE_F64:
        return H5T_NATIVE_DOUBLE;
    case TABLE_I64:
        return H5T_NATIVE_INT64;
    case TABLE_I32:
        return H5T_NATIVE_INT32;
    case TABLE_U8:
        return H5T_NATIVE_UINT8;
    case TABLE_TEXT:
        break;
    }
    return H5I_INVALID_HID;
}

/* Little-endian whatever the machine. Texts: variable length, UTF-8. Close it. */
hid_t h5_stored_type(enum table_type type)
{
    switch (type) {
    case TABLE_F64:
        return H5Tcopy(H5T_IEEE_F64LE);
    case TABLE_I64:
        return H5Tcopy(H5T_STD_I64LE);
    case TABLE_I32:
        return H5Tcopy(H5T_STD_I32LE);
    case TABLE_U8:
        return H5Tcopy(H5T_STD_U8LE);
    case TABLE_TEXT:
        break;
    }
    hid_t t = H5Tcopy(H5T_C_S1);
    if (t >= 0 &&
        (H5Tset_size(t, H5T_VARIABLE) < 0 || H5Tset_cset(t, H5T_CSET_UTF8) < 0)) {
        (void)H5Tclose(t);
        return H5I_INVALID_HID;
    }
    return t;
}

/*
 * Transfer properties for n texts: the library clears a conversion buffer of a megabyte
 * for each transfer unless told how little there is to convert.
 */
hid_t h5_text_transfer(size_t n)
{
    enum {
        ITEM_BYTES = 64,
        MOST_ITEMS = 1 << 14
    };
    hid_t p = H5Pcreate(H5P_DATASET_XFER);
    size_t items = n < MOST_ITEMS ? n : MOST_ITEMS;
    if (p >= 0 && H5Pset_buffer(p, (items + 1) * ITEM_BYTES, NULL, NULL) < 0) {
        (void)H5Pclose(p);
        return H5I_INVALID_HID;
    }
    return p;
}

/* ---- writing ---- */

enum err_code h5_file_group(struct h5_file *f, const char *path, struct err *err)
{
    enum err_code code = ERR_OK;
    char part[256];
    size_t n = strlen(path);
    if (n >= sizeof part)
        return err_set(err, ERR_BUG, "the path %s is too long", path);
    hid_t gcpl = group_properties(H5P_GROUP_CREATE);
    if (gcpl < 0)
        code = h5_fail(err, ERR_BUG, "create", path);
    for (size_t i = 1; i <= n && n > 1 && !code; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (H5Lexists(f->id, part, H5P_DEFAULT) > 0)
            continue;
        hid_t g = H5Gcreate2(f->id, part, H5P_DEFAULT, gcpl, H5P_DEFAULT);
        if (g < 0)
            code = h5_fail(err, ERR_BUG, "create", part);
        h5_close_id(g, H5Gclose);
    }
    h5_close_id(gcpl, H5Pclose);
    return code;
}

size_t h5_count(const struct h5_array *a)
{
    return a->rank == 1 ? a->dim[0] : a->dim[0] * a->dim[1];
}

static hsize_t least(hsize_t a, hsize_t b)
{
    return a < b ? a : b;
}

/*
 * Deflating numbers with full mantissas costs 100 times what it saves. It pays where most
 * values repeat the one before them: zeros, constants, flags, steps.
 */
static bool mostly_repeats(const struct h5_array *a, const void *data)
{
    const char *p = data;
    size_t size = table_type_size(a->type), n = h5_count(a), n_repeats = 0;
    for (size_t i = 1; i < n; i++)
        n_repeats += memcmp(p + i * size, p + (i - 1) * size, size) == 0;
    return n_repeats >= n / 4 * 3;
}

static herr_t set_layout(hid_t p, const struct h5_array *a, const void *data)
{
    if (!data || a->rank != 2 || a->type == TABLE_TEXT ||
        h5_count(a) * table_type_size(a->type) <= CHUNKED_FROM_BYTES ||
        !mostly_repeats(a, data))
        return 0;
    hsize_t chunk[2] = {least(a->dim[0], CHUNK_ROWS), least(a->dim[1], CHUNK_COLUMNS)};
    if (H5Pset_chunk(p, 2, chunk) < 0 || H5Pset_shuffle(p) < 0)
        return -1;
    return H5Pset_deflate(p, 1);
}

static hid_t array_properties(const struct h5_array *a, const void *data)
{
    hid_t p = H5Pcreate(H5P_DATASET_CREATE);
    if (p < 0)
        return p;
    unsigned order = H5P_CRT_ORDER_TRACKED | H5P_CRT_ORDER_INDEXED;
    double nan = (double)NAN;
    if (H5Pset_obj_track_times(p, 0) < 0 || H5Pset_attr_creation_order(p, order) < 0 ||
        H5Pset_attr_phase_change(p, COMPACT_ITEMS, COMPACT_ITEMS / 2) < 0 ||
        set_layout(p, a, data) < 0 ||
        (a->nan_fill && H5Pset_fill_value(p, H5T_NATIVE_DOUBLE, &nan) < 0)) {
        (void)H5Pclose(p);
        return H5I_INVALID_HID;
    }
    return p;
}

enum err_code h5_file_write(struct h5_file *f, const struct h5_array *a,
                            const void *data, struct err *err)
{
    enum err_code code = ERR_OK;
    hsize_t dim[TABLE_MAX_RANK] = {a->dim[0], a->dim[1]};
    hid_t set = H5I_INVALID_HID, transfer = H5P_DEFAULT;
    hid_t properties = array_properties(a, data);
    hid_t space = H5Screate_simple(a->rank, dim, NULL);
    hid_t type = h5_stored_type(a->type);
    if (properties < 0 || space < 0 || type < 0) {
        code = h5_fail(err, ERR_BUG, "describe", a->path);
        goto done;
    }
    set = H5Dcreate2(f->id, a->path, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    if (set < 0) {
        code = h5_fail(err, ERR_BUG, "create", a->path);
        goto done;
    }
    bool text = a->type == TABLE_TEXT;
    if (text)
        transfer = h5_text_transfer(h5_count(a));
    if (transfer < 0 || (data && h5_count(a) > 0 &&
                         H5Dwrite(set, text ? type : h5_memory_type(a->type), H5S_ALL,
                                  H5S_ALL, transfer, data) < 0))
        code = h5_fail(err, ERR_BUG, "write", a->path);
done:
    if (transfer != H5P_DEFAULT)
        h5_close_id(transfer, H5Pclose);
    h5_close_id(set, H5Dclose);
    h5_close_id(type, H5Tclose);
    h5_close_id(space, H5Sclose);
    h5_close_id(properties, H5Pclose);
    return code;
}

enum err_code h5_file_make_scale(struct h5_file *f, const char *path, const char *name,
                                 struct err *err)
{
    enum err_code code = ERR_OK;
    hid_t set = H5Dopen2(f->id, path, H5P_DEFAULT);
    if (set < 0 || H5DSset_scale(set, name) < 0)
        code = h5_fail(err, ERR_BUG, "make a scale of", path);
    h5_close_id(set, H5Dclose);
    return code;
}

enum err_code h5_file_attach(struct h5_file *f, const char *path, int axis,
                             const char *scale, struct err *err)
{
    enum err_code code = ERR_OK;
    hid_t set = hold(f, path);
    hid_t along = H5Dopen2(f->id, scale, H5P_DEFAULT);
    if (set < 0 || along < 0 || H5DSattach_scale(set, along, (unsigned)axis) < 0)
        code = h5_fail(err, ERR_BUG, "attach a scale to", path);
    h5_close_id(along, H5Dclose);
    return code;
}

/* Text attributes are fixed-length, as netCDF writes them. */
static hid_t attr_type(enum table_type type, const void *data)
{
    if (type != TABLE_TEXT)
        return h5_stored_type(type);
    size_t n = strlen(*(const char *const *)data);
    hid_t t = H5Tcopy(H5T_C_S1);
    if (t >= 0 &&
        (H5Tset_size(t, n ? n : 1) < 0 || H5Tset_strpad(t, H5T_STR_NULLTERM) < 0 ||
         H5Tset_cset(t, H5T_CSET_UTF8) < 0)) {
        (void)H5Tclose(t);
        return H5I_INVALID_HID;
    }
    return t;
}

enum err_code h5_file_put_attr(struct h5_file *f, const char *path, const char *name,
                               enum table_type type, size_t n, const void *data,
                               struct err *err)
{
    enum err_code code = ERR_OK;
    hsize_t dim = n;
    hid_t attr = H5I_INVALID_HID;
    hid_t object = hold(f, path);
    hid_t space = n == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &dim, NULL);
    hid_t stored = attr_type(type, data);
    if (object < 0 || space < 0 || stored < 0) {
        code = h5_fail(err, ERR_BUG, "describe an attribute of", path);
        goto done;
    }
    attr = H5Acreate2(object, name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
    bool text = type == TABLE_TEXT;
    if (attr < 0 || H5Awrite(attr, text ? stored : h5_memory_type(type),
                             text ? *(const char *const *)data : data) < 0)
        code = h5_fail(err, ERR_BUG, "write an attribute of", path);
done:
    h5_close_id(attr, H5Aclose);
    h5_close_id(stored, H5Tclose);
    h5_close_id(space, H5Sclose);
    return code;
}

void h5_file_version(char text[32])
{
    unsigned major = 0, minor = 0, release = 0;
    (void)H5get_libversion(&major, &minor, &release);
    snprintf(text, 32, "HDF5 %u.%u.%u", major, minor, release);
}

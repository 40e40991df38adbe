/* h5_file.c - files in memory through HDF5's core driver. */
#include "results/h5_file.h"

#include <hdf5.h>
#include <hdf5_hl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/mem.h"

struct h5_file {
    hid_t id;
    void *image; /* borrowed, when reading; the library does not write to it */
    hid_t held;  /* when writing: what attributes were put to last, see hold */
    char held_path[128];
};

enum {
    GROWTH_BYTES = 1 << 20,
    CHUNKED_FROM_BYTES = 64 * 1024,
    CHUNK_ROWS = 24,
    CHUNK_COLUMNS = 4096,
    COMPACT_ITEMS = 64, /* links and attributes kept in the object header itself */
    MAX_TEXT = 1 << 20,
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
static enum err_code fail(struct err *err, enum err_code code, const char *what,
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

static void close_id(hid_t id, herr_t (*closer)(hid_t))
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
        code = fail(err, ERR_BUG, "create", "a file in memory");
        mem_free(f);
        goto done;
    }
    *out = f;
done:
    close_id(fcpl, H5Pclose);
    close_id(fapl, H5Pclose);
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
    close_id(fapl, H5Pclose);
    if (f->id < 0) {
        code = fail(err, ERR_INPUT, "open", "it as HDF5");
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
        return fail(err, ERR_BUG, "finish", "the file in memory");
    /* Asks for the size only: the driver's own memory is larger, in steps of growth. */
    ssize_t bytes = H5Fget_file_image(f->id, NULL, 0);
    if (bytes < 0)
        return fail(err, ERR_BUG, "measure", "the file in memory");
    *image = *(void **)handle;
    *n = (size_t)bytes;
    return ERR_OK;
}

/* ---- types ---- */

static hid_t memory_type(enum table_type type)
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
static hid_t stored_type(enum table_type type)
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

static bool find_type(hid_t stored, enum table_type *out)
{
    if (H5Tget_class(stored) == H5T_STRING) {
        *out = TABLE_TEXT;
        return H5Tis_variable_str(stored) > 0;
    }
    for (int t = TABLE_F64; t < TABLE_TEXT; t++) {
        hid_t ours = stored_type((enum table_type)t);
        bool same = ours >= 0 && H5Tequal(ours, stored) > 0;
        close_id(ours, H5Tclose);
        if (same) {
            *out = (enum table_type)t;
            return true;
        }
    }
    return false;
}

/*
 * Transfer properties for n texts: the library clears a conversion buffer of a megabyte
 * for each transfer unless told how little there is to convert.
 */
static hid_t text_transfer(size_t n)
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
        code = fail(err, ERR_BUG, "create", path);
    for (size_t i = 1; i <= n && n > 1 && !code; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (H5Lexists(f->id, part, H5P_DEFAULT) > 0)
            continue;
        hid_t g = H5Gcreate2(f->id, part, H5P_DEFAULT, gcpl, H5P_DEFAULT);
        if (g < 0)
            code = fail(err, ERR_BUG, "create", part);
        close_id(g, H5Gclose);
    }
    close_id(gcpl, H5Pclose);
    return code;
}

static size_t count(const struct h5_array *a)
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
    size_t size = table_type_size(a->type), n = count(a), n_repeats = 0;
    for (size_t i = 1; i < n; i++)
        n_repeats += memcmp(p + i * size, p + (i - 1) * size, size) == 0;
    return n_repeats >= n / 4 * 3;
}

static herr_t set_layout(hid_t p, const struct h5_array *a, const void *data)
{
    if (!data || a->rank != 2 || a->type == TABLE_TEXT ||
        count(a) * table_type_size(a->type) <= CHUNKED_FROM_BYTES ||
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
    hid_t type = stored_type(a->type);
    if (properties < 0 || space < 0 || type < 0) {
        code = fail(err, ERR_BUG, "describe", a->path);
        goto done;
    }
    set = H5Dcreate2(f->id, a->path, type, space, H5P_DEFAULT, properties, H5P_DEFAULT);
    if (set < 0) {
        code = fail(err, ERR_BUG, "create", a->path);
        goto done;
    }
    bool text = a->type == TABLE_TEXT;
    if (text)
        transfer = text_transfer(count(a));
    if (transfer < 0 || (data && count(a) > 0 &&
                         H5Dwrite(set, text ? type : memory_type(a->type), H5S_ALL,
                                  H5S_ALL, transfer, data) < 0))
        code = fail(err, ERR_BUG, "write", a->path);
done:
    if (transfer != H5P_DEFAULT)
        close_id(transfer, H5Pclose);
    close_id(set, H5Dclose);
    close_id(type, H5Tclose);
    close_id(space, H5Sclose);
    close_id(properties, H5Pclose);
    return code;
}

enum err_code h5_file_make_scale(struct h5_file *f, const char *path, const char *name,
                                 struct err *err)
{
    enum err_code code = ERR_OK;
    hid_t set = H5Dopen2(f->id, path, H5P_DEFAULT);
    if (set < 0 || H5DSset_scale(set, name) < 0)
        code = fail(err, ERR_BUG, "make a scale of", path);
    close_id(set, H5Dclose);
    return code;
}

enum err_code h5_file_attach(struct h5_file *f, const char *path, int axis,
                             const char *scale, struct err *err)
{
    enum err_code code = ERR_OK;
    hid_t set = hold(f, path);
    hid_t along = H5Dopen2(f->id, scale, H5P_DEFAULT);
    if (set < 0 || along < 0 || H5DSattach_scale(set, along, (unsigned)axis) < 0)
        code = fail(err, ERR_BUG, "attach a scale to", path);
    close_id(along, H5Dclose);
    return code;
}

/* Text attributes are fixed-length, as netCDF writes them. */
static hid_t attr_type(enum table_type type, const void *data)
{
    if (type != TABLE_TEXT)
        return stored_type(type);
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
        code = fail(err, ERR_BUG, "describe an attribute of", path);
        goto done;
    }
    attr = H5Acreate2(object, name, stored, space, H5P_DEFAULT, H5P_DEFAULT);
    bool text = type == TABLE_TEXT;
    if (attr < 0 || H5Awrite(attr, text ? stored : memory_type(type),
                             text ? *(const char *const *)data : data) < 0)
        code = fail(err, ERR_BUG, "write an attribute of", path);
done:
    close_id(attr, H5Aclose);
    close_id(stored, H5Tclose);
    close_id(space, H5Sclose);
    return code;
}

/* ---- reading ---- */

/* H5Lexists wants every step of the way to exist. */
static bool leads_somewhere(const struct h5_file *f, const char *path)
{
    char part[256];
    size_t n = strlen(path);
    if (n < 2 || n >= sizeof part || path[0] != '/')
        return false;
    for (size_t i = 1; i <= n; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (H5Lexists(f->id, part, H5P_DEFAULT) <= 0)
            return false;
    }
    return true;
}

bool h5_file_has_array(const struct h5_file *f, const char *path)
{
    if (!leads_somewhere(f, path))
        return false;
    hid_t object = H5Oopen(f->id, path, H5P_DEFAULT);
    bool is_array = object >= 0 && H5Iget_type(object) == H5I_DATASET;
    close_id(object, H5Oclose);
    (void)H5Eclear2(H5E_DEFAULT);
    return is_array;
}

enum err_code h5_file_shape(const struct h5_file *f, const char *path,
                            struct h5_array *out, struct err *err)
{
    enum err_code code = ERR_OK;
    hid_t set = H5I_INVALID_HID, space = H5I_INVALID_HID, type = H5I_INVALID_HID;
    hsize_t dim[TABLE_MAX_RANK] = {0};
    *out = (struct h5_array){.path = path};
    if (!h5_file_has_array(f, path))
        return err_set(err, ERR_INPUT, "it has no table %s", path);
    set = H5Dopen2(f->id, path, H5P_DEFAULT);
    space = set < 0 ? H5I_INVALID_HID : H5Dget_space(set);
    type = set < 0 ? H5I_INVALID_HID : H5Dget_type(set);
    if (space < 0 || type < 0) {
        code = fail(err, ERR_INPUT, "open", path);
        goto done;
    }
    out->rank = H5Sget_simple_extent_ndims(space);
    if (out->rank < 1 || out->rank > TABLE_MAX_RANK ||
        H5Sget_simple_extent_dims(space, dim, NULL) < 0 ||
        !find_type(type, &out->type) ||
        (dim[1] && dim[0] > SIZE_MAX / sizeof(double) / dim[1])) {
        code = err_set(err, ERR_INPUT, "%s has an unknown type or shape", path);
        goto done;
    }
    out->dim[0] = dim[0];
    out->dim[1] = dim[1];
done:
    close_id(type, H5Tclose);
    close_id(space, H5Sclose);
    close_id(set, H5Dclose);
    return code;
}

static enum err_code check_shape(const struct h5_file *f, const char *path,
                                 enum table_type type, size_t n, struct err *err)
{
    struct h5_array a;
    enum err_code code = h5_file_shape(f, path, &a, err);
    if (code)
        return code;
    if (a.type != type)
        return err_set(err, ERR_INPUT, "%s is of type %s; expected %s", path,
                       table_type_name(a.type), table_type_name(type));
    if (count(&a) != n)
        return err_set(err, ERR_INPUT, "%s holds %zu values; expected %zu", path,
                       count(&a), n);
    return ERR_OK;
}

enum err_code h5_file_read(const struct h5_file *f, const char *path,
                           enum table_type type, size_t n, void *data, struct err *err)
{
    enum err_code code = check_shape(f, path, type, n, err);
    if (code || n == 0)
        return code;
    if (type == TABLE_TEXT)
        return err_set(err, ERR_BUG, "%s is text", path);
    hid_t set = H5Dopen2(f->id, path, H5P_DEFAULT);
    if (set < 0 ||
        H5Dread(set, memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
        code = fail(err, ERR_INPUT, "read", path);
    close_id(set, H5Dclose);
    return code;
}

static enum err_code copy_texts(char *const *from, size_t n, struct arena *arena,
                                const char **text, struct err *err)
{
    for (size_t i = 0; i < n; i++) {
        size_t len = from[i] ? strnlen(from[i], MAX_TEXT) : 0;
        text[i] = arena_copy_text(arena, from[i] ? from[i] : "", len);
        if (!text[i])
            return err_set(err, ERR_NOMEM, "cannot allocate %zu texts", n);
    }
    return ERR_OK;
}

enum err_code h5_file_read_text(const struct h5_file *f, const char *path, size_t n,
                                struct arena *arena, const char **text, struct err *err)
{
    hid_t set = H5I_INVALID_HID, type = H5I_INVALID_HID, space = H5I_INVALID_HID;
    hid_t transfer = H5I_INVALID_HID;
    char **loaded = NULL;
    enum err_code code = check_shape(f, path, TABLE_TEXT, n, err);
    if (code || n == 0)
        return code;
    loaded = MEM_ARRAY(char *, n);
    if (!loaded)
        return err_set(err, ERR_NOMEM, "cannot allocate %zu texts", n);
    set = H5Dopen2(f->id, path, H5P_DEFAULT);
    space = set < 0 ? H5I_INVALID_HID : H5Dget_space(set);
    type = set < 0 ? H5I_INVALID_HID : H5Dget_type(set); /* keeps its character set */
    transfer = text_transfer(n);
    if (type < 0 || space < 0 || transfer < 0 ||
        H5Dread(set, type, H5S_ALL, H5S_ALL, transfer, loaded) < 0) {
        code = fail(err, ERR_INPUT, "read", path);
        goto done;
    }
    code = copy_texts(loaded, n, arena, text, err);
    (void)H5Dvlen_reclaim(type, space, H5P_DEFAULT, loaded);
done:
    close_id(transfer, H5Pclose);
    close_id(type, H5Tclose);
    close_id(space, H5Sclose);
    close_id(set, H5Dclose);
    mem_free(loaded);
    return code;
}

/* The group or array at a path, the root included; close it. */
static hid_t open_object(const struct h5_file *f, const char *path)
{
    if (strcmp(path, "/") != 0 && !leads_somewhere(f, path))
        return H5I_INVALID_HID;
    return H5Oopen(f->id, path, H5P_DEFAULT);
}

bool h5_file_has_attr(const struct h5_file *f, const char *path, const char *name)
{
    hid_t object = open_object(f, path);
    bool has = object >= 0 && H5Aexists(object, name) > 0;
    close_id(object, H5Oclose);
    (void)H5Eclear2(H5E_DEFAULT);
    return has;
}

/* Fixed-length text as this program writes it. */
static enum err_code read_attr_text(hid_t attr, hid_t stored, const char *name,
                                    struct arena *arena, const char **value,
                                    struct err *err)
{
    size_t n = H5Tget_size(stored);
    if (H5Tget_class(stored) != H5T_STRING || H5Tis_variable_str(stored) != 0 ||
        n == 0 || n > MAX_TEXT)
        return err_set(err, ERR_INPUT, "attribute %s is not text", name);
    char *copy = arena_alloc(arena, n + 1, 1);
    if (!copy)
        return err_set(err, ERR_NOMEM, "cannot allocate attribute %s", name);
    if (H5Aread(attr, stored, copy) < 0)
        return fail(err, ERR_INPUT, "read attribute", name);
    *value = copy;
    return ERR_OK;
}

enum err_code h5_file_get_attr(const struct h5_file *f, const char *path,
                               const char *name, enum table_type type,
                               struct arena *arena, void *value, struct err *err)
{
    enum err_code code = ERR_OK;
    enum table_type found;
    hid_t attr = H5I_INVALID_HID, stored = H5I_INVALID_HID, space = H5I_INVALID_HID;
    if (!h5_file_has_attr(f, path, name))
        return err_set(err, ERR_INPUT, "%s has no attribute %s", path, name);
    attr = H5Aopen_by_name(f->id, path, name, H5P_DEFAULT, H5P_DEFAULT);
    stored = attr < 0 ? H5I_INVALID_HID : H5Aget_type(attr);
    space = attr < 0 ? H5I_INVALID_HID : H5Aget_space(attr);
    if (stored < 0 || space < 0)
        code = fail(err, ERR_INPUT, "open attribute", name);
    else if (H5Sget_simple_extent_npoints(space) != 1)
        code = err_set(err, ERR_INPUT, "attribute %s is not a single value", name);
    else if (type == TABLE_TEXT)
        code = read_attr_text(attr, stored, name, arena, value, err);
    else if (!find_type(stored, &found) || found != type)
        code = err_set(err, ERR_INPUT, "attribute %s is not of type %s", name,
                       table_type_name(type));
    else if (H5Aread(attr, memory_type(type), value) < 0)
        code = fail(err, ERR_INPUT, "read attribute", name);
    close_id(space, H5Sclose);
    close_id(stored, H5Tclose);
    close_id(attr, H5Aclose);
    return code;
}

enum err_code h5_file_attr_name(const struct h5_file *f, const char *path, size_t i,
                                struct arena *arena, const char **name, struct err *err)
{
    char text[256];
    *name = NULL;
    hid_t object = open_object(f, path);
    ssize_t n = object < 0
                    ? -1
                    : H5Aget_name_by_idx(object, ".", H5_INDEX_CRT_ORDER, H5_ITER_INC,
                                         (hsize_t)i, text, sizeof text, H5P_DEFAULT);
    close_id(object, H5Oclose);
    (void)H5Eclear2(H5E_DEFAULT);
    if (n < 0)
        return ERR_OK;
    *name = arena_copy_text(arena, text, strnlen(text, sizeof text - 1));
    return *name ? ERR_OK : err_set(err, ERR_NOMEM, "cannot allocate a name");
}

void h5_file_version(char text[32])
{
    unsigned major = 0, minor = 0, release = 0;
    (void)H5get_libversion(&major, &minor, &release);
    snprintf(text, 32, "HDF5 %u.%u.%u", major, minor, release);
}

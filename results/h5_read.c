/* h5_read.c - arrays and attributes of a file in memory, with what they are checked for. */
#include "results/h5_parts.h"

#include <string.h>

#include "sim/base/mem.h"

enum {
    MAX_TEXT = 1 << 20
};

static bool find_type(hid_t stored, enum table_type *out)
{
    if (H5Tget_class(stored) == H5T_STRING) {
        *out = TABLE_TEXT;
        return H5Tis_variable_str(stored) > 0;
    }
    for (int t = TABLE_F64; t < TABLE_TEXT; t++) {
        hid_t ours = h5_stored_type((enum table_type)t);
        bool same = ours >= 0 && H5Tequal(ours, stored) > 0;
        h5_close_id(ours, H5Tclose);
        if (same) {
            *out = (enum table_type)t;
            return true;
        }
    }
    return false;
}

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
    h5_close_id(object, H5Oclose);
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
        code = h5_fail(err, ERR_INPUT, "open", path);
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
    h5_close_id(type, H5Tclose);
    h5_close_id(space, H5Sclose);
    h5_close_id(set, H5Dclose);
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
    if (h5_count(&a) != n)
        return err_set(err, ERR_INPUT, "%s holds %zu values; expected %zu", path,
                       h5_count(&a), n);
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
        H5Dread(set, h5_memory_type(type), H5S_ALL, H5S_ALL, H5P_DEFAULT, data) < 0)
        code = h5_fail(err, ERR_INPUT, "read", path);
    h5_close_id(set, H5Dclose);
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
    transfer = h5_text_transfer(n);
    if (type < 0 || space < 0 || transfer < 0 ||
        H5Dread(set, type, H5S_ALL, H5S_ALL, transfer, loaded) < 0) {
        code = h5_fail(err, ERR_INPUT, "read", path);
        goto done;
    }
    code = copy_texts(loaded, n, arena, text, err);
    (void)H5Dvlen_reclaim(type, space, H5P_DEFAULT, loaded);
done:
    h5_close_id(transfer, H5Pclose);
    h5_close_id(type, H5Tclose);
    h5_close_id(space, H5Sclose);
    h5_close_id(set, H5Dclose);
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
    h5_close_id(object, H5Oclose);
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
        return h5_fail(err, ERR_INPUT, "read attribute", name);
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
        code = h5_fail(err, ERR_INPUT, "open attribute", name);
    else if (H5Sget_simple_extent_npoints(space) != 1)
        code = err_set(err, ERR_INPUT, "attribute %s is not a single value", name);
    else if (type == TABLE_TEXT)
        code = read_attr_text(attr, stored, name, arena, value, err);
    else if (!find_type(stored, &found) || found != type)
        code = err_set(err, ERR_INPUT, "attribute %s is not of type %s", name,
                       table_type_name(type));
    else if (H5Aread(attr, h5_memory_type(type), value) < 0)
        code = h5_fail(err, ERR_INPUT, "read attribute", name);
    h5_close_id(space, H5Sclose);
    h5_close_id(stored, H5Tclose);
    h5_close_id(attr, H5Aclose);
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
    h5_close_id(object, H5Oclose);
    (void)H5Eclear2(H5E_DEFAULT);
    if (n < 0)
        return ERR_OK;
    *name = arena_copy_text(arena, text, strnlen(text, sizeof text - 1));
    return *name ? ERR_OK : err_set(err, ERR_NOMEM, "cannot allocate a name");
}

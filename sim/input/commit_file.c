/* commit_file.c - which format it is, and its reader. */
#include "sim/input/commit_file.h"

#include "sim/input/commit_parts.h"

static void read_format(struct commit_reading *r, const struct json_value *root)
{
    if (root->kind != JSON_OBJECT)
        JSON_FAULT(&r->json, root,
                   "%s; expected an object, an instance of unit commitment",
                   json_kind_name(root->kind));
    else if (want_find(root, "thermal_generators") || want_find(root, "time_periods"))
        read_pglib_uc(r, root);
    else if (want_find(root, "Generators") || want_find(root, "Parameters"))
        read_ucjl(r, root);
    else if (want_find(root, "elements"))
        read_egret(r, root);
    else
        JSON_FAULT(&r->json, root,
                   "no instance of unit commitment known here; expected pglib-uc "
                   "('thermal_generators'), UnitCommitment.jl ('Generators') or Egret "
                   "('elements')");
}

enum err_code commit_file_read(const struct source *src, struct commit_case *out,
                               struct err_list *faults, struct err *err)
{
    struct json_tree tree = {0};
    struct commit_reading r = {.json = {src, faults}, .out = out};
    size_t before = faults->total;
    struct err first = {0};
    *out = (struct commit_case){0};
    enum err_code code = json_tree_read(src, &tree, &first);
    if (code == ERR_INPUT)
        err_list_add(faults, first.at, "%s", first.msg);
    else if (code)
        return err_set(err, code, "%s", first.msg);
    if (!code)
        read_format(&r, tree.value);
    json_tree_release(&tree);
    code = ERR_OK;
    if (r.out_of_memory)
        code = err_set(err, ERR_NOMEM, "cannot hold the instance %s", src->path);
    else if (faults->total > before) {
        err_list_sort(faults);
        code =
            faults->n
                ? err_at(err, ERR_INPUT, faults->item[0].at, "%s", faults->item[0].msg)
                : err_set(err, ERR_NOMEM, "cannot hold the faults of %s", src->path);
    }
    out->problem.unit_name = out->unit_id;
    if (code)
        commit_case_release(out);
    return code;
}

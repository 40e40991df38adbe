# One JSON object with what tools ask for.
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
gridclear run scenarios/duck-curve -o run.h5 --json >summary.json || exit
python3 - <<'P'
import json

d = json.load(open("summary.json"))
want = ("objective_usd lmp_min lmp_max lmp_average buses columns rows_added binding "
        "peak_memory_mb written_mb interval_lines sum_of_charges_cents").split()
print("numbers", all(isinstance(d[k], (int, float)) for k in want))
print("seconds", sorted(d["seconds"]))
print("certificate", all(d["certificate"][k] < 1e-6 for k in ("primal", "dual", "gap")))
print("sum", d["sum_of_charges_cents"], "rejected", d["rejected"], "modified", d["modified"])
P

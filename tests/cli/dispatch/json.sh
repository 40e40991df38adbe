# What tools rely on, as numbers.
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
write_case() {
    cat >$1 <<M
function mpc = two_bus
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
	1 3 0 0 0 0 1 1 0 230 1 1.1 0.9;
	2 1 $2 0 0 0 1 1 0 230 1 1.1 0.9;
];
mpc.gen = [
	1 0 0 0 0 1 100 1 200 0;
	2 0 0 0 0 1 100 1 100 0;
];
mpc.branch = [
	1 2 0 0.1 0 80 0 0 0 0 1 -360 360;
];
mpc.gencost = [
	2 0 0 2 10 0;
	2 0 0 2 30 5;
];
M
}
write_case two.m 120
gridclear dispatch two.m --json --dc-model pglib >out.json || exit
python3 - <<'P'
import json

d = json.load(open("out.json"))
for key in "objective_usd lmp_min lmp_max buses binding dc_model".split():
    print(key, round(d[key], 9) if isinstance(d[key], float) else d[key])
for key in "gap columns rows_added peak_memory_mb".split():
    assert isinstance(d[key], (int, float)), key
print(sorted(d["seconds"]), sorted(d["certificate"]))
P

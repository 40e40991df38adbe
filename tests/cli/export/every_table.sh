# Every table that a run holds, as Python's own parsers read it: CSV, JSON and XML agree in
# rows and values, absent values included, and together they have every variable.
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
gridclear run scenarios/duck-curve -q -o a.h5 && gridclear run scenarios/07-reserve -q -o b.h5 || exit
for form in csv json xml; do
    gridclear export a.h5 all --format $form -o a && gridclear export b.h5 all --format $form -o b || exit
done
gridclear export a.h5 all --style iso-ne -o feeds && ls feeds | head -n 2
gridclear export a.h5 all
echo $?
cat >check.py <<'P'
import csv, json, pathlib, subprocess
import xml.etree.ElementTree as ET

files = words = absent = 0
for path in sorted(pathlib.Path(".").glob("[ab]/*.csv")):
    table = list(csv.DictReader(path.open(newline="")))
    loaded = json.loads(path.with_suffix(".json").read_text())
    tree = ET.parse(path.with_suffix(".xml")).getroot()
    assert len(table) == len(loaded) == len(tree), path
    for row, item, element in zip(table, loaded, tree):
        assert list(row) == list(item), path
        for key, value in item.items():
            absent += value is None
            words += isinstance(value, str)
            assert row[key] == "" if value is None else (
                row[key] == value if isinstance(value, str) else float(row[key]) == value)
        got = {child.tag: child.text or "" for child in element}
        assert got == {k: v for k, v in row.items() if item[k] is not None}, (path, got, row)
    files += 1
assert files > 60 and words and absent, (files, words, absent)

group = ""
for line in subprocess.run(["gridclear", "schema"], capture_output=True, text=True).stdout.splitlines():
    if line.startswith("/"):
        group = line.split()[0].strip("/")
    elif line.startswith("  ") and group != "meta" and "dimension" not in line:
        name = line.split()[0]
        wide = pathlib.Path("a", f"{group}.{name}".replace("/", ".") + ".csv")
        held = [p for p in pathlib.Path("a").glob(group.replace("/", ".") + "*.csv")
                if name in p.open().readline().strip().split(",") + ["interval"]]
        mentioned = wide.exists() or held
        missing = subprocess.run(["gridclear", "export", "a.h5", f"/{group}/{name}"],
                                 capture_output=True).returncode if not mentioned else 0
        assert mentioned or missing == 3, (group, name)
print("every table agrees")
P
python3 check.py

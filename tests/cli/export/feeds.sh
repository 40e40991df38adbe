# Every report of every style, in every format, as Python's own parsers read it: the same
# rows, the same numbers, names as they were written.
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
cp -r scenarios/01-merit-order market
python3 - <<'P' || exit
import pathlib
for path in pathlib.Path("market").glob("*.csv"):
    text = path.read_text().replace("TOWN", "T<&]]>n")
    path.write_text(text.replace(",gas\n", ',"g<a>s, & ""co"""\n'))
P
gridclear run market -q -o a.h5 || exit
gridclear run scenarios/07-reserve -q -o b.h5 || exit
gridclear run scenarios/duck-curve -q -o c.h5 || exit
for style in oasis gridstatus iso-ne; do
    for form in csv json xml; do
        for run in a b c; do
            gridclear export $run.h5 all --style $style --stage day_ahead --format $form -o $style/ ||
                exit
            mv $style $run-$style-$form
        done
        mkdir $style-$form && mv [abc]-$style-$form $style-$form
    done
done
cat >check.py <<'P'
import csv, json, pathlib
import xml.etree.ElementTree as ET

def local(tag):
    return tag.split("}")[-1]

def json_rows(text):
    (inner,) = json.loads(text).values()
    (items,) = inner.values()
    for item in items:
        row = {}
        for key, value in item.items():
            if isinstance(value, dict):
                for name, word in value.items():
                    row[key if name == "$" else key + name] = word
            else:
                row[key] = value
        yield row

def same(text, value):
    if value is None:
        return text == ""
    if isinstance(value, str):
        return text == value
    return float(text) == value

def document(element):
    """The flat columns of an item of ISO New England."""
    item = {}
    for child in element:
        name = local(child.tag)
        item.update({f"{name}@{k}": v for k, v in child.attrib.items()})
        item[name] = child.text or ""
    return item

counts = {}
for path in sorted(pathlib.Path(".").glob("*-csv/*/*.csv")):
    style = path.parts[0][:-4]
    text, tree = [
        pathlib.Path(str(path).replace("-csv", "-" + form)).with_suffix("." + form).read_text()
        for form in ("json", "xml")]
    table = list(csv.DictReader(path.open(newline="")))
    loaded = list(json_rows(text)) if style == "iso-ne" else json.loads(text)
    tree = ET.fromstring(tree)
    assert len(loaded) == len(table), path
    for row, item in zip(table, loaded):
        assert list(row) == list(item), (path, row, item)
        assert all(same(row[k], v) for k, v in item.items()), (path, row, item)
    if style == "oasis":
        value = next(k for k in ("MW", "VALUE", "PRC", "") if not table or k in table[0])
        assert [v.text for v in tree.iter("VALUE")] == [row[value] for row in table], path
    elif style == "iso-ne":
        got = [document(element) for element in tree]
        assert got == [{k: v for k, v in row.items() if v} for row in table], path
    else:
        got = [[c.text or "" for c in element] for element in tree]
        assert got == [[v for v in row.values() if v] for row in table], path
    counts[style] = counts.get(style, 0) + (len(table) > 0)
print(counts)
read = lambda name: list(csv.DictReader(open(f"gridstatus-csv/a-gridstatus-csv/{name}.csv")))
print({row["Location"] for row in read("lmp")})
print(read("fuel_mix")[0])
P
python3 check.py

#!/bin/sh
# Rewrite scenarios/NAME/expected from what the program gives now, and show the difference.
#     update.sh NAME [TABLE...]     tables to add to those that are there
# Columns that an expected table leaves out stay out. Refuses on a dirty tree, so that the
# difference shown is all there is; a change of expected/ needs its own sentence in the commit.
set -eu
cd "$(dirname "$0")/../.."
. tests/golden/clear.sh
name=${1:-}
[ -n "$name" ] || { echo "golden-update: say which, NAME=duck-curve" >&2; exit 2; }
folder=scenarios/$name
[ -d "$folder" ] || { echo "golden-update: there is no $folder" >&2; exit 2; }
if [ -n "$(git status --porcelain)" ]; then
    echo "golden-update: the tree has uncommitted changes; commit or remove them first" >&2
    exit 1
fi
shift
expected=$folder/expected
mkdir -p "$expected"
for table; do
    : >>"$expected/$table.csv"
done
work=build/golden-update/$name
clear_scenario "$folder" "$work"
for table in "$expected"/*.csv; do
    [ -f "$table" ] || continue
    awk -f tests/golden/csv.awk -f tests/golden/select.awk "$table" "$work/$(basename "$table")" >"$work/new"
    mv "$work/new" "$table"
done
[ -f "$expected/stdout.glob" ] || cp "$work/stdout" "$expected/stdout.exact"
if [ -s "$work/stderr" ]; then
    [ -f "$expected/stderr.glob" ] || cp "$work/stderr" "$expected/stderr.exact"
else
    rm -f "$expected/stderr.exact" "$expected/stderr.glob"
fi
cp "$work/exit" "$expected/exit"
git add --intent-to-add "$expected"
git --no-pager diff -- "$expected"

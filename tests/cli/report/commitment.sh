# A solved unit commitment has a report, too; what has nothing to show has none, and what was
# there stays.
gridclear commit scenarios/09-lumpy-unit/instance.json -o run.h5 >/dev/null 2>&1 || exit
gridclear report run.h5 -o page.html && head -n 1 page.html
echo old >page.html
gridclear report scenarios/duck-curve/nodes.csv -o page.html
echo $?
cat page.html

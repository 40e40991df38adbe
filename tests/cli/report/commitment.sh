# What has no day ahead and no dispatch has no report; what was there stays.
gridclear commit scenarios/09-lumpy-unit/instance.json -o run.h5 >/dev/null 2>&1 || exit
echo old >page.html
gridclear report run.h5 -o page.html
echo $?
cat page.html

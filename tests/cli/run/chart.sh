# A bar per hour and a row per hour, at most 100 columns, plain ASCII.
gridclear run scenarios/duck-curve -o run.h5 --chart >chart || exit
LC_ALL=C grep -c '[^ -~]' chart
awk 'length > 120 { print "too long: " $0 } /^duck-curve, / { exit }' chart
grep -c '^ *[0-9]*  *[0-9,]*  .*\.[0-9][0-9] ' chart
grep '^ *HE ' chart

# A bar per hour and a row per hour, at most 100 columns, plain ASCII; a row adds up to the load.
gridclear run scenarios/duck-curve -o run.h5 --chart >chart || exit
LC_ALL=C grep -c '[^ -~]' chart
awk 'length > 100 && !/^[a-z]/ { print "too long: " $0 }' chart
grep '^ *[0-9]*  *[0-9,]*  .*\.[0-9][0-9] ' chart | tr -d , | awk '
    { rest = $2; for (i = 6; i <= NF; i++) rest -= $i }
    rest > 3 || rest < -3 { print "does not add up: " $0 }
    END { print NR }'
grep '^ *HE ' chart

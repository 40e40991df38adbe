gridclear run scenarios/duck-curve -o run.h5 -q
gridclear statement run.h5 --sc SC_GRANITE | sed -n '5,8p'
gridclear statement run.h5 --explain 4
gridclear statement run.h5 --explain 5 --detail
gridclear statement run.h5 --sc ISO | tail -4
last=$(gridclear export run.h5 statement | awk -F, 'NR > 1 && $2 == 4989 { print NR - 1 }')
gridclear statement run.h5 --explain "$last"
gridclear statement run.h5 --explain 99

# One charge of every code, down to awards, prices and meters: lesson 13 has all of them.
gridclear run scenarios/13-every-charge -o run.h5 -q || exit
gridclear export run.h5 statement | awk -F, 'NR > 1 && !seen[$2]++ { print $2, NR - 1 }' | sort -n |
    while read -r _ line; do
        gridclear statement run.h5 --explain "$line" | sed -n '2,3p; /^  hour/{n;p;n;p;q;}'
    done

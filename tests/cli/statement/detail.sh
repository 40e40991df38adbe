# The charges of an hour stand below the line that they add up to.
gridclear run scenarios/01-merit-order -q -o run.h5 &&
    gridclear statement run.h5 --sc SC_RIVER --detail | grep -A 1 '^  60'
gridclear statement run.h5 --sc SC_RIVER --detail |
    awk '/^  6011/ { on = 1; next } /^  net/ { on = 0 }
        on { gsub(",", ""); sum += $NF } END { printf "%.2f\n", sum }'

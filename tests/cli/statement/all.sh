gridclear run scenarios/01-merit-order -q -o run.h5 &&
    gridclear statement run.h5 --date 2026-01-15 | sed 's/ *$//'

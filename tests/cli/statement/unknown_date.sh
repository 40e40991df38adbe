gridclear run scenarios/01-merit-order -q -o run.h5 || exit
gridclear statement run.h5 --date tomorrow
gridclear statement run.h5 --date 2026-01-16

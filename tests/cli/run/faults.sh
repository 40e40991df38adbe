# Every fault in one pass, nothing is written, not even where a file would go.
gridclear run scenarios/bad-hours -o run.h5
status=$?
ls
exit $status

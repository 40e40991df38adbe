[ -c /dev/full ] || { echo "no /dev/full"; exit 77; }
gridclear run scenarios/01-merit-order -o run.h5 >/dev/full

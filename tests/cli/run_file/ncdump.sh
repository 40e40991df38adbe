# ... and by the tools of netCDF, with names for every dimension.
command -v ncdump >/dev/null || { echo "ncdump is not installed"; exit 77; }
gridclear run scenarios/duck-curve -q -o run.h5 || exit
ncdump -h run.h5 >header || exit
grep -c phony header
sed -n '/^group: day_ahead/,/^  }/p' header | grep -o 'double lmp(.*)\|double award(.*)\|double flow(.*)\|double shadow_price(.*)'
sed -n '/^group: day_ahead/,/^  }/p' header | grep -o 'interval:units = .*'

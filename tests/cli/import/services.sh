# A day on which the wind serves load and services alone: the peaker stays off, and its range
# downwards, which begins at its Pmin while it runs, is no limit then.
. "$ROOT"/tests/cli/import/tiny_rts
sed -i '/GEN UID/!{/^2020/s/,[0-9.]*$/,5/}' RTS_Data/timeseries_data_files/Load/*.csv
sed -i 's/^\(2020,7,[0-9]*\),.*/\1'"$(yes ,1 | head -n 24 | tr -d '\n')"'/' \
    RTS_Data/timeseries_data_files/Reserves/DAY_AHEAD_regional_Reg_Down.csv
sed -i 's/"(Gas CT,Wind)",Up/"(Wind)",Up/' RTS_Data/SourceData/reserves.csv
gridclear import rts-gmlc RTS_Data --date 2020-07-09 -q -o july || exit
grep -h ',1,\|AREA' july/as_*.csv
gridclear run july -o run.h5 | grep 'cost as\|^services\|^commitment\|^limits rel'
# A product that is not known.
sed -i 's/^Reg_Down/Inertia/' RTS_Data/SourceData/reserves.csv
gridclear import rts-gmlc RTS_Data --date 2020-07-09 -q -o other 2>&1
echo status $?

# A field that is no number, and a day that is not there.
. "$ROOT"/tests/cli/import/tiny_rts
sed -i 's/^101_CT_1,101,CT,Gas CT,50/101_CT_1,101,CT,Gas CT,lots/' RTS_Data/SourceData/gen.csv
gridclear import rts-gmlc RTS_Data -o july
echo status $?
gridclear import rts-gmlc RTS_Data --date 2020-08-01 -o july 2>&1 | head -n 1
ls july 2>/dev/null
gridclear import oasis RTS_Data -o july

# The ring of lesson 6: by name, by table, every branch; a fault has its place.
N=scenarios/06-outage/network.m
printf 'outage_id,kind,element_id\nWEST,,1-3\nSPUR,,3-4\nG,unit,G2\n' >list.csv
gridclear dispatch $N --outages list.csv -q -o x.h5 2>/dev/null
gridclear export x.h5 dispatch/constraint_outage
gridclear export x.h5 dispatch/unscreened
cat >table.m <<'M'
function chgtab = table
define_constants;
chgtab = [
	7	0	CT_TBRCH	2	BR_STATUS	CT_REP	0;
	8	0	CT_TGEN	1	GEN_STATUS	CT_REP	0;
];
M
gridclear dispatch $N --outages table.m 2>/dev/null | grep -e cost -e outages -e after
gridclear dispatch $N --outages branches --outage-penalty 5 2>/dev/null | grep -e cost -e after
printf 'outage_id,kind,element_id\nWEST,,1-4\n' >bad.csv
gridclear dispatch $N --outages bad.csv

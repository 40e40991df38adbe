# A compressed case is the same case; one that is cut short is refused by name.
gzip -nc scenarios/02-congestion/network.m >network.m.gz
gridclear dispatch scenarios/02-congestion/network.m -q -o a.h5 &&
    gridclear dispatch network.m.gz -q -o b.h5 &&
    gridclear export a.h5 award >a.csv && gridclear export b.h5 award >b.csv &&
    cmp a.csv b.csv || exit 1
head -c 100 network.m.gz >cut.m.gz
gridclear dispatch cut.m.gz

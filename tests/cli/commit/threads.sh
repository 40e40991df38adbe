# The file does not depend on how many threads worked.
gridclear commit scenarios/09-lumpy-unit/instance.json -q --threads 1 -o one.h5
gridclear commit scenarios/09-lumpy-unit/instance.json -q --threads 2 -o two.h5
cmp one.h5 two.h5 && gridclear export one.h5 /commitment/reserve | cut -d, -f1-4

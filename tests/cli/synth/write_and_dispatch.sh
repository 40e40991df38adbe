# A file appears complete, the same each time, and can be dispatched.
gridclear synth --buses 300 --seed 4 -o net-300.m 2>statistics
gridclear synth --buses 300 --seed 4 -q -o again.m
ls
head -2 net-300.m
sed 1d net-300.m >a
sed 1d again.m | cmp - a
awk 'NR < 6 { print $1 }' statistics
gridclear synth -n 300 --seed 4 -q -o - | sed 1d | cmp - a
gridclear dispatch -q net-300.m

# Limits that bind and depend on each other: the predicted point still is a vertex of the linear
# program, which has next to nothing to do. It took 37 steps where a dependent row took one of
# the columns that must be basic.
gridclear synth --buses 1500 --seed 1 -q -o net.m
gridclear dispatch --json net.m | awk '/"simplex_iterations"/ { print ($2 + 0 < 10 ? "few" : "many") " steps" }'

# 1000 lines that bind at 1001 buses: a million shift factors are too many unless asked for.
star() {
    awk -v n="$1" 'BEGIN {
        print "function mpc = star\nmpc.version = \"2\";\nmpc.baseMVA = 100;\nmpc.bus = ["
        print "1 3 " 2 * n " 0 0 0 1 1 0 230 1 1.1 0.9;"
        for (i = 2; i <= n + 1; i++) print i " 1 0 0 0 0 1 1 0 230 1 1.1 0.9;"
        print "];\nmpc.gen = [\n1 0 0 0 0 1 100 1 " 2 * n " 0;"
        for (i = 2; i <= n + 1; i++) print i " 0 0 0 0 1 100 1 9 0;"
        print "];\nmpc.branch = ["
        for (i = 2; i <= n + 1; i++) print i " 1 0 0.1 0 1 0 0 0 0 1 -360 360;"
        print "];\nmpc.gencost = [\n2 0 0 2 50 0;"
        for (i = 2; i <= n + 1; i++) print "2 0 0 2 10 0;"
        print "];"
    }' >star.m
}
rows() { gridclear export x.h5 "dispatch/$1" | tail -n +2 | wc -l; }
star 3
gridclear dispatch star.m -o x.h5 2>/dev/null | grep shift
gridclear export x.h5 dispatch/shift_factor
gridclear export x.h5 dispatch/flow_term
gridclear dispatch star.m -q -o x.h5 --shift-factors none 2>/dev/null
echo "$(rows shift_factor) factors, $(rows flow_term) terms"
gridclear dispatch star.m --json -o x.h5 | grep '"shift_factors"'
gridclear dispatch star.m --json | grep '"shift_factors"'
star 1000
gridclear dispatch star.m -o x.h5 2>/dev/null | grep shift
gridclear dispatch star.m --json -o x.h5 | grep '"shift_factors"'
echo "$(rows shift_factor) factors, $(rows flow_term) terms"
gridclear dispatch star.m -q -o x.h5 --shift-factors all 2>/dev/null
echo "$(rows shift_factor) factors, $(rows flow_term) terms"
gridclear dispatch star.m -q -o x.h5 --shift-factors some

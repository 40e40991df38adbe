# The walk of the README: every command after "$ " gives the lines that follow it.
readme=$(readlink -f scenarios)/../README.md
match=$(readlink -f scenarios)/../tests/cli/match.awk
awk '/^```console$/ { on = 1; next }
     /^```$/ { on = 0 }
     on && /^\$ / { n++; print substr($0, 3) > ("command." n); printf "" > ("want." n); next }
     on { print > ("want." n) }' "$readme"
n=1
while [ -f command.$n ]; do
    sh ./command.$n >got.$n 2>&1
    awk -f "$match" want.$n got.$n >why.$n || { cat command.$n got.$n why.$n; echo "is not what the README says"; }
    n=$((n + 1))
done
echo "$((n - 1)) commands"

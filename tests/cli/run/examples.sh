# The example of every command's help runs, in the order of the help.
. "$ROOT"/tests/cli/import/tiny_rts # what one of them reads
for command in $(gridclear help |
    awk '/^example:/ { exit } /^  [a-z]/ && $1 != "help" { print $1 }'); do
    example=$(gridclear $command --help | awk 'found { print; exit } /^example:/ { found = 1 }')
    [ -n "$example" ] || { echo "$command has no example"; continue; }
    $example >out 2>err || { echo "status $?: $example"; cat err; }
    [ -s out ] || [ -s err ] || [ -s lmp.csv ] || echo "prints nothing: $example"
done
ls *.h5 *.csv

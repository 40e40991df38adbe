# The overview, and every command's help: at most 80 columns, one example, exit statuses;
# "help X" and "X --help" are the same.
gridclear help
gridclear --help >long
gridclear help >short
cmp long short
gridclear help help >short
cmp long short
awk '/^usage:/ { on = 1; next } /^example:/ { on = 0 } on && /^  [a-z]/ && $1 != "help" { print $1 }' \
    long >commands
while read -r name; do
    gridclear help "$name" >a || echo "help $name failed"
    gridclear "$name" --help >b || echo "$name --help failed"
    cmp a b
    [ "$(grep -c '^example:$' a)" = 1 ] || echo "$name: not one example"
    grep -q '^usage: gridclear '"$name" a || echo "$name: no usage line"
    grep -q '^exit status:$' a || echo "$name: no exit statuses"
    awk -v name="$name" 'length > 80 { print name ": too wide: " $0 }' a
done <commands

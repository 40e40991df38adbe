# The one-page reference of scenarios has every table and every column, required ones in bold.
gridclear schema --inputs |
    awk '/^[a-z_]+\.csv / { table = substr($1, 1, index($1, ".") - 1) }
         /^  [a-z_]+  / && table {
             print table, $1
             if (/ required$/)
                 print table, $1, "in bold"
         }' >columns
awk -F'|' '/^\| `/ {
    m = split($2, table, "`")
    n = split($3, word, " ")
    bold = 0
    for (i = 1; i <= n; i++) {
        bold = bold || word[i] ~ /^\*\*/
        name = word[i]
        gsub(/\*/, "", name)
        for (k = 2; k <= m; k += 2) {
            print table[k], name
            if (bold)
                print table[k], name, "in bold"
        }
        if (word[i] ~ /\*\*$/)
            bold = 0
    }
}' scenarios/README.md >named
grep -Fvxf named columns
cut -d' ' -f1 columns | sort -u | wc -l

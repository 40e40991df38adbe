# match.awk - does a text match a pattern, line by line?
#     awk -f match.awk PATTERN TEXT
# In the pattern "*" stands for any characters of a line, "?" for one, and a line "..." for
# any number of lines. Status 0 if all of it matches.

function regex(glob,    i, c, r) {
    r = "^"
    for (i = 1; i <= length(glob); i++) {
        c = substr(glob, i, 1)
        if (c == "*")
            r = r ".*"
        else if (c == "?")
            r = r "."
        else if (c ~ /[A-Za-z0-9_ ,:;=<>@%&!~#'"\/-]/)
            r = r c
        else if (c == "\\" || c == "^" || c == "]")
            r = r "\\" c
        else
            r = r "[" c "]"
    }
    return r "$"
}

BEGIN {
    while ((getline line < ARGV[1]) > 0)
        pattern[++m] = line
    while ((getline line < ARGV[2]) > 0)
        text[++n] = line
    # Classic wildcard matching with one point to fall back to.
    i = j = 1
    star = 0
    while (j <= n) {
        if (i <= m && pattern[i] == "...") {
            star = i++
            mark = j
        } else if (i <= m && text[j] ~ regex(pattern[i])) {
            i++
            j++
        } else if (star) {
            i = star + 1
            j = ++mark
        } else
            exit 1
    }
    while (i <= m && pattern[i] == "...")
        i++
    exit i <= m
}

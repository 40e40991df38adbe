# named.awk - every source file is named in the README of its folder.
#     awk -f named.awk README... FILE...
# READMEs first. A file belongs to the README of its own folder or, where there is none, to
# that of the folder above. It is named by its stem between backticks, with or without an
# extension, `lp.h` or `lp`, or by a pattern, `read_*.c`; <x> stands for any word, as * does.
# A line of an indented table may begin with the name of a file.
# The private part of a stem, lp_parts.h, goes with the stem.

function folder(path) { sub(/\/?[^\/]*$/, "", path); return path == "" ? "." : path }
function stem(path) { sub(/.*\//, "", path); sub(/\.[a-z]+$/, "", path); return path }

# A word of a README: a name, or a pattern as a regular expression.
function note(dir, word) {
    gsub(/<[a-z]+>/, "*", word)
    word = stem(word)
    if (word !~ /^[A-Za-z0-9_*-]+$/ || word ~ /^\**$/)
        return
    if (word ~ /\*/) {
        gsub(/\*/, "[a-z0-9_]*", word)
        pattern[dir] = pattern[dir] (pattern[dir] == "" ? "" : "|") "^" word "$"
    } else {
        named[dir, word] = 1
    }
}

FILENAME ~ /README\.md$/ {
    dir = folder(FILENAME)
    has[dir] = 1
    n = split($0, part, "`")
    for (i = 2; i <= n; i += 2) {
        m = split(part[i], word, /[ ,()]+/)
        for (k = 1; k <= m; k++)
            note(dir, word[k])
    }
    if ($0 ~ /^    [a-z0-9_]+\.[a-z]+ /)
        note(dir, $1)
    next
}

FNR == 1 {
    dir = folder(FILENAME)
    if (!(dir in has))
        dir = folder(dir)
    name = stem(FILENAME)
    base = name
    sub(/_parts$/, "", base)
    if (!(dir in has) || named[dir, name] || named[dir, base] ||
        (pattern[dir] != "" && name ~ pattern[dir]))
        nextfile
    print FILENAME ":1: not named in " dir "/README.md"
    fault = 1
    nextfile
}

END { exit fault }

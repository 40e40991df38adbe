# source.awk - the rules of layers.txt, and what can be told from a line: length of files and
# functions, debts without an issue.
#     awk -f source.awk layers.txt FILE...
# Prints file:line: what is wrong; status 1 if anything is.

function fault(text) {
    print FILENAME ":" FNR ": " text
    faults++
}

# Position in the order of layers of the folder that path is in; 0 if it has none.
function layer_of(path,    dir) {
    dir = path
    while (sub(/\/[^\/]*$/, "", dir))
        if (dir in rank)
            return rank[dir]
    return 0
}

# The line without comments and the contents of strings; remembers open comments.
function code_of(line,    out, c, two) {
    out = ""
    while (line != "") {
        c = substr(line, 1, 1)
        two = substr(line, 1, 2)
        if (in_comment) {
            if (two == "*/") {
                in_comment = 0
                line = substr(line, 2)
            }
        } else if (two == "/*") {
            in_comment = 1
            line = substr(line, 2)
        } else if (two == "//")
            return out
        else if (match(line, /^"([^"\\]|\\.)*"/) || match(line, /^'([^'\\]|\\.)*'/)) {
            out = out "\"\""
            line = substr(line, RLENGTH)
        } else
            out = out c
        line = substr(line, 2)
    }
    return out
}

function check_include(line,    name, mine, theirs) {
    name = line
    sub(/^ *# *include *[<"]/, "", name)
    sub(/[>"].*/, "", name)
    if (is_test)
        return
    if (line ~ /</) {
        if ((name in owner) && FILENAME != owner[name])
            fault("<" name "> belongs in " owner[name])
        return
    }
    mine = layer_of(FILENAME)
    theirs = layer_of(name)
    if (!theirs)
        fault("\"" name "\" is not the path of a header from the top of the tree")
    else if (mine && theirs > mine)
        fault(layer_name[mine] " may not include " name)
}

function check_words(code,    word) {
    while (match(code, /[A-Za-z_][A-Za-z_0-9]*/)) {
        word = substr(code, RSTART, RLENGTH)
        before = RSTART > 1 ? substr(code, RSTART - 1, 1) : ""
        code = substr(code, RSTART + RLENGTH)
        if (before ~ /[.>]/)
            continue # a field of that name
        if ((word in never) && code ~ /^ *\(/)
            fault(word " is banned")
        else if ((word in home) && !is_test && index(FILENAME, home[word]) != 1 &&
                 (word ~ /^std/ || code ~ /^ *\(/))
            fault(word " belongs in " home[word])
    }
}

NR == FNR {
    sub(/#.*/, "")
    if ($1 == "layer") {
        rank[$2] = ++n_layer
        layer_name[n_layer] = $2
    } else if ($1 == "only")
        owner[$2] = $3
    else if ($1 == "never")
        for (i = 2; i <= NF; i++)
            never[$i] = 1
    else if ($1 == "word")
        for (i = 3; i <= NF; i++)
            home[$i] = $2
    next
}

FNR == 1 {
    is_test = FILENAME ~ /^(tests|bench)\//
    in_comment = 0
    started = 0
}
FNR == 801 { fault("longer than 800 lines; it is two files") }
/FIXME/ && !/FIXME\(#[0-9]+\): / { fault("a FIXME reads \"FIXME(#issue): reason\"") }
/(^|[^A-Z])(TODO|XXX)([^A-Z]|$)/ { fault("debt is written \"FIXME(#issue): reason\"") }
/\r$/ { fault("carriage return") }
/[ \t]$/ { fault("blank at the end of the line") }
{
    if (!in_comment && /^ *# *include/) {
        check_include($0)
        next
    }
    code = code_of($0)
    check_words(code)
    if (code ~ /^{/)
        started = FNR
    else if (code ~ /^}/) {
        if (started && FNR - started > 80)
            fault("a function of " FNR - started - 1 " lines; 80 is the limit")
        started = 0
    }
}
END { exit faults > 0 }

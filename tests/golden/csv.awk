# csv.awk - the fields of one CSV record, which must not run over several lines.

# Fields into f[1..], with their quotes if as_written; returns how many.
function fields(line, f, as_written,    n, c, i, quoted, text) {
    n = 1
    text = ""
    for (i = 1; i <= length(line); i++) {
        c = substr(line, i, 1)
        if (c == "\"") {
            if (as_written || (!quoted && i > 1 && substr(line, i - 1, 1) == c))
                text = text c
            quoted = !quoted
        } else if (c == "," && !quoted) {
            f[n++] = text
            text = ""
        } else if (c != "\r")
            text = text c
    }
    f[n] = text
    return n
}

# compare.awk - is a table what was expected?
#     awk -f csv.awk -f compare.awk EXPECTED.csv GOT.csv
# Columns are matched by name; EXPECTED may hold only some of GOT's, never fewer rows. Prices,
# MW, MWh and dollars may differ by 1e-6 (and by 1e-9 of their size), everything else not at
# all: cents, names, times, counts. Status 1 and one line per difference otherwise.

function tolerance(column) {
    if (column ~ /(_cents|_id|_date|_ending|_utc|_code)$/)
        return 0
    if (column ~ /(_mwh?|_usd|_usd_per_mwh?|_price)$/ || column ~ /^(lmp|award|flow)/)
        return 1e-6
    # Columns of the price, storage, interval and credit tables; OASIS calls a price MW.
    if (column ~ /^(MW|virtual_award|energy|rent|loss|loss_surplus|branch_loss|limit|carried|statement|virtual|liability|utilisation|call)$/)
        return 1e-6
    return 0
}

function is_number(text) {
    return text ~ /^[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]+)?$/
}

function same(a, b, tol,    gap, size) {
    if (a "" == b "")
        return 1
    if (!tol || !is_number(a) || !is_number(b))
        return 0
    gap = a - b
    if (gap < 0)
        gap = -gap
    size = a < 0 ? -a : a + 0
    return gap <= tol + 1e-9 * size
}

function fault(text) {
    if (++faults <= 20)
        print ARGV[2] ": " text
}

BEGIN {
    if ((getline line < ARGV[1]) <= 0) {
        print ARGV[1] ": is empty"
        exit 1
    }
    n = fields(line, want_name)
    if ((getline line < ARGV[2]) <= 0) {
        print ARGV[2] ": is empty"
        exit 1
    }
    m = fields(line, got_name)
    for (j = 1; j <= m; j++)
        at[got_name[j]] = j
    for (i = 1; i <= n; i++)
        if (!(want_name[i] in at)) {
            print ARGV[2] ": has no column " want_name[i]
            exit 1
        }
    for (row = 2;; row++) {
        more_want = (getline want_line < ARGV[1]) > 0
        more_got = (getline got_line < ARGV[2]) > 0
        if (!more_want || !more_got)
            break
        fields(want_line, want)
        fields(got_line, got)
        for (i = 1; i <= n; i++)
            if (!same(want[i], got[at[want_name[i]]], tolerance(want_name[i])))
                fault(row ": " want_name[i] " is " got[at[want_name[i]]] ", expected " want[i])
    }
    if (more_want || more_got)
        fault(row ": " (more_got ? "more" : "fewer") " rows than expected")
    if (faults > 20)
        print ARGV[2] ": and " faults - 20 " more"
    exit faults > 0
}

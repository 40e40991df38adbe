# select.awk - the columns of NEW.csv that OLD.csv has (all of them if OLD.csv is empty).
#     awk -f csv.awk -f select.awk OLD.csv NEW.csv

BEGIN {
    if ((getline line < ARGV[1]) > 0)
        n = fields(line, keep, 1)
    while ((getline line < ARGV[2]) > 0) {
        m = fields(line, value, 1)
        if (++row == 1) {
            if (!n)
                n = fields(line, keep, 1)
            for (i = 1; i <= m; i++)
                at[value[i]] = i
        }
        for (i = 1; i <= n; i++)
            printf "%s%s", keep[i] in at ? value[at[keep[i]]] : "", i < n ? "," : "\n"
    }
}

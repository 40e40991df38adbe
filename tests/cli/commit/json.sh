# The numbers other programs read.
gridclear commit scenarios/09-lumpy-unit/instance.json --json |
    grep -E '"(objective_usd|bound_usd|gap|lmp_min|lmp_max|buses|columns|rows_added|binding|peak_memory_mb|read|factor|lp|screen|write|total|primal|dual)"' |
    sed 's/[-0-9.e]*,*$//'

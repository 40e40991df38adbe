# The clock ends a search without a schedule, too, and says what is proven by then.
gridclear commit scenarios/09-lumpy-unit/instance.json --seconds 0.000000001

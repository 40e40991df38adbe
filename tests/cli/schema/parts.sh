# Each part is there, and of its table every row.
gridclear schema --rules | grep -c '^  E[0-9][0-9] '
gridclear schema --charges | grep '^  60'
gridclear schema --parameters | grep '^  energy_bid_cap '
gridclear schema --inputs | grep '^[a-z_]*[.][a-z]'
gridclear schema --inputs | awk 'length > 90 { print "too long: " $0 }'

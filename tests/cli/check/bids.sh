# What admission decided, without clearing; the refusals of several hours on one line.
gridclear check scenarios/duck-curve --bids | tail -n +3 | cut -c 1-90

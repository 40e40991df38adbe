# Corrected meters make a statement of what differs, apart from the first one.
gridclear run scenarios/16-utility-areas -o run.h5 -q || exit
gridclear statement run.h5 --sc SC_LOWER --detail | tail -n 8
gridclear statement run.h5 --explain 15

gridclear run scenarios/02-congestion -o run.h5 -q
gridclear export run.h5 lpm

gridclear dispatch scenarios/02-congestion/network.m -q -o case.h5 && gridclear statement case.h5

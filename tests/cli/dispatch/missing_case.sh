gridclear dispatch none.m

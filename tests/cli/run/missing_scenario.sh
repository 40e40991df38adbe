gridclear run no-such-folder -o run.h5

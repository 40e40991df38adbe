# One file, whole, silent; again from another folder the same bytes.
gridclear run scenarios/02-congestion -q -o run.h5 || exit
gridclear report run.h5 -o a.html || exit
mkdir other && cp run.h5 other && gridclear report other/run.h5 -o other/b.html || exit
cmp a.html other/b.html && head -n 1 a.html && ls
gridclear dispatch scenarios/02-congestion/network.m -o run.h5 >/dev/null 2>&1 && gridclear report run.h5 -o a.html && ls

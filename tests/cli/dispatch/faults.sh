# A case with two faults: both are printed, nothing is written.
cat >bad.m <<'M'
function mpc = bad
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
	1 3 0 0 0 0 1 1 0 230 1 1.1 0.9;
	2 1 x 0 0 0 1 1 0 230 1 1.1 0.9;
];
mpc.gen = [
	7 0 0 0 0 1 100 1 200 0;
];
mpc.branch = [
	1 2 0 0.1 0 80 0 0 0 0 1 -360 360;
];
M
gridclear dispatch bad.m -o bad.h5
status=$?
ls *.h5 2>/dev/null
exit $status

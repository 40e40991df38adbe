# 300 MW are asked for where 180 can be had: status 1, what gave way is listed, the file
# is written.
write_case() {
    cat >$1 <<M
function mpc = two_bus
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
	1 3 0 0 0 0 1 1 0 230 1 1.1 0.9;
	2 1 $2 0 0 0 1 1 0 230 1 1.1 0.9;
];
mpc.gen = [
	1 0 0 0 0 1 100 1 200 0;
	2 0 0 0 0 1 100 1 100 0;
];
mpc.branch = [
	1 2 0 0.1 0 80 0 0 0 0 1 -360 360;
];
mpc.gencost = [
	2 0 0 2 10 0;
	2 0 0 2 30 5;
];
M
}
write_case two.m 300
gridclear dispatch two.m -o two.h5
status=$?
ls two.h5
exit $status

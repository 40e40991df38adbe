# 80 MW fill the line, 1e-4 x 80^2 = 0.64 MW of them are lost: 800 + 40.64 x 30 + 5, and
# 30 x 0.64 of surplus. At the ends 80.32 MW come from bus 1: 803.20 + 40.32 x 30 + 5, and
# the mean price of both ends, 20, x 0.64.
write_case() {
    cat >$1 <<M
function mpc = two_bus
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
	1 3 0 0 0 0 1 1 0 230 1 1.1 0.9;
	2 1 120 0 0 0 1 1 0 230 1 1.1 0.9;
];
mpc.gen = [
	1 0 0 0 0 1 100 1 200 0;
	2 0 0 0 0 1 100 1 100 0;
];
mpc.branch = [
	1 2 $2 0.1 0 80 0 0 0 0 1 -360 360;
];
mpc.gencost = [
	2 0 0 2 10 0;
	2 0 0 2 30 5;
];
M
}
write_case two.m 0.01
gridclear dispatch two.m --losses reference -o two.h5 2>/dev/null &&
    gridclear export two.h5 award && gridclear export two.h5 dispatch/branch_loss
gridclear dispatch two.m --losses ends 2>/dev/null | grep -e cost -e loss
write_case negative.m -0.01
gridclear dispatch negative.m | grep cost
gridclear dispatch negative.m --losses ends

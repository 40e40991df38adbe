# 20 MW go round the full line at a loss of 1 MW and a tenth; off, the line is refused.
cat >dc.m <<M
function mpc = dc
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
	1 2 0 0.1 0 80 0 0 0 0 1 -360 360;
];
mpc.gencost = [
	2 0 0 2 10 0;
	2 0 0 2 30 5;
];
mpc.dcline = [
	1 2 1 20 17 0 0 1 1 0 20 0 0 0 0 1 0.1;
];
M
gridclear dispatch dc.m --dc-lines on -q -o dc.h5 || exit 1
gridclear export dc.h5 dispatch/dc_line_flow && gridclear export dc.h5 dispatch/dc_line_received
gridclear dispatch dc.m

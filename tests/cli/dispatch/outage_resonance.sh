# Without the second branch, +5 and -5 p.u. are left between the buses: no flow is determined.
cat >net.m <<'M'
function mpc = net
mpc.version = '2';
mpc.baseMVA = 100;
mpc.bus = [
	1	3	0	0	0	0	1	1	0	230	1	1.1	0.9;
	2	1	50	0	0	0	1	1	0	230	1	1.1	0.9;
];
mpc.gen = [
	1	0	0	0	0	1	100	1	100	0;
];
mpc.gencost = [
	2	0	0	2	20	0;
];
mpc.branch = [
	1	2	0	-0.2	0	90	90	90	0	0	1	-360	360;
	1	2	0	0.1	0	90	90	90	0	0	1	-360	360;
	1	2	0	0.2	0	90	90	90	0	0	1	-360	360;
];
M
printf 'outage_id,kind,element_id\nSTORM,,1-2-2\n' >list.csv
gridclear dispatch net.m --outages list.csv

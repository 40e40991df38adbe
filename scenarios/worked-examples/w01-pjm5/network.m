function mpc = pjm5
% The five-bus network of Li and Bo: buses A..E, line D-E may carry 240 MW.
mpc.version = '2';
mpc.baseMVA = 100;
%	bus	type	Pd	Qd	Gs	Bs	area	Vm	Va	kV	zone	Vmax	Vmin
mpc.bus = [
	1	2	0	0	0	0	1	1	0	230	1	1.1	0.9;
	2	1	300	0	0	0	1	1	0	230	1	1.1	0.9;
	3	2	300	0	0	0	1	1	0	230	1	1.1	0.9;
	4	3	400	0	0	0	1	1	0	230	1	1.1	0.9;
	5	2	0	0	0	0	1	1	0	230	1	1.1	0.9;
];
%	bus	Pg	Qg	Qmax	Qmin	Vg	mBase	status	Pmax	Pmin
mpc.gen = [
	1	0	0	0	0	1	100	1	40	0;
	1	0	0	0	0	1	100	1	170	0;
	3	0	0	0	0	1	100	1	520	0;
	4	0	0	0	0	1	100	1	200	0;
	5	0	0	0	0	1	100	1	600	0;
];
%	from	to	r	x	b	rateA	rateB	rateC	ratio	angle	status	angmin	angmax
mpc.branch = [
	1	2	0	0.0281	0	400	0	0	0	0	1	-360	360;
	1	4	0	0.0304	0	0	0	0	0	0	1	-360	360;
	1	5	0	0.0064	0	0	0	0	0	0	1	-360	360;
	2	3	0	0.0108	0	0	0	0	0	0	1	-360	360;
	3	4	0	0.0297	0	0	0	0	0	0	1	-360	360;
	4	5	0	0.0297	0	240	0	0	0	0	1	-360	360;
];
%	model	startup	shutdown	n	c1	c0
mpc.gencost = [
	2	0	0	2	14	0;
	2	0	0	2	15	0;
	2	0	0	2	30	0;
	2	0	0	2	40	0;
	2	0	0	2	10	0;
];
mpc.bus_name = {
	'A';
	'B';
	'C';
	'D';
	'E';
};

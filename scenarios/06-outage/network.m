function mpc = ring_and_spur
% Three buses in a ring, equal reactances, and a spur to bus 4. After an outage lines may
% carry rateC.
mpc.version = '2';
mpc.baseMVA = 100;
%	bus	type	Pd	Qd	Gs	Bs	area	Vm	Va	kV	zone	Vmax	Vmin
mpc.bus = [
	1	3	0	0	0	0	1	1	0	230	1	1.1	0.9;
	2	2	0	0	0	0	1	1	0	230	1	1.1	0.9;
	3	1	80	0	0	0	1	1	0	230	1	1.1	0.9;
	4	1	10	0	0	0	1	1	0	230	1	1.1	0.9;
];
%	bus	Pg	Qg	Qmax	Qmin	Vg	mBase	status	Pmax	Pmin
mpc.gen = [
	1	0	0	0	0	1	100	1	100	0;
	2	0	0	0	0	1	100	1	100	0;
];
%	from	to	r	x	b	rateA	rateB	rateC	ratio	angle	status	angmin	angmax
mpc.branch = [
	1	2	0	0.1	0	40	40	50	0	0	1	-360	360;
	1	3	0	0.1	0	100	100	100	0	0	1	-360	360;
	2	3	0	0.1	0	100	100	100	0	0	1	-360	360;
	3	4	0	0.1	0	20	20	20	0	0	1	-360	360;
];
%	model	startup	shutdown	n	c1	c0
mpc.gencost = [
	2	0	0	2	10	0;
	2	0	0	2	30	0;
];

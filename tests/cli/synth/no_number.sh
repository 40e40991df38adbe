gridclear synth -o net.m

# Numbers that will not do; a folder that is not there. Nothing is written.
gridclear synth -n 0 -o net.m || echo $?
gridclear synth -n 5000001 -o net.m || echo $?
gridclear synth -n 1e3 -o net.m || echo $?
gridclear synth -n 10 --seed -1 -o net.m || echo $?
gridclear synth -n 10 --tight x -o net.m || echo $?
gridclear synth -n 10 || echo $?
gridclear synth -n 10 -o none/net.m || echo $?
ls

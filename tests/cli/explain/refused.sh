gridclear run scenarios/02-congestion -o run.h5 -q
for question in '--node n' '--resource 2' '--node G1' '--resource SC_ONE' '--resource g1' '--mw 5' '--node 2 --mw 5' \
    '--infeasible --at 1' '--node NOWHERE --at 1' '--node X --resource Y --at 1' '--resource G1 --at 99' \
    '--resource G1 --at noon' '--resource NOBODY --at 1' '--bid NOBODY' '--stage real_time' \
    '--stage week'; do
    gridclear explain run.h5 $question
    echo "status $?"
done 2>&1
gridclear dispatch scenarios/02-congestion/network.m -o case.h5 -q
gridclear explain case.h5

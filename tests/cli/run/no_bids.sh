mkdir market
cp scenarios/01-merit-order/*.* market
sed -i 1q market/energy_bids.csv
gridclear run market -o run.h5 --chart | grep -c nan
gridclear run market -o run.h5 | grep average

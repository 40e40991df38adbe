mkdir market
cp scenarios/01-merit-order/*.* market
mv market/energy_bids.csv market/energy_bid.csv
gridclear check market

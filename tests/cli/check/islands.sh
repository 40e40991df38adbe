mkdir market
cp scenarios/01-merit-order/*.* market
printf 'VILLAGE,0\nFARM,0\n' >>market/buses.csv
printf 'FARM,VILLAGE,0.1,\n' >>market/branches.csv
gridclear check market

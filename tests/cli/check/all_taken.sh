gridclear check scenarios/01-merit-order --bids | sed -n 3p

gridclear check scenarios/duck-curve

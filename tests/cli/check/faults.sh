gridclear check scenarios/bad-factors

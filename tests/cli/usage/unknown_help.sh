gridclear help hlep

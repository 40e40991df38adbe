gridclear run scenarios/01-merit-order

# A user who names the settings instead of their folder.
gridclear run scenarios/01-merit-order/scenario.yaml -o run.h5

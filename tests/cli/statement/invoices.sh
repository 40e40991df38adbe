gridclear run scenarios/12-credit-days -q -o run.h5 || exit
gridclear statement run.h5 --invoices
gridclear statement run.h5 --invoices --sc SC_ALDER

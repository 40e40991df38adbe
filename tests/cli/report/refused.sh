gridclear report none.h5 -o page.html
echo $?
gridclear run scenarios/01-merit-order -q -o run.h5 || exit
gridclear report run.h5
echo $?
gridclear report run.h5 -o no/such/page.html
echo $?
gridclear report run.h5 --beside none.h5 -o page.html
echo $?
ls

gridclear export none.h5 lmp

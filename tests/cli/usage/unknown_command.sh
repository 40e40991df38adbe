gridclear hepl

gridclear --version

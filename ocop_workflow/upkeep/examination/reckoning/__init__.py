"""What ought to have been open and said, told again from plans, histories and sweeps; and its balance."""

"""Pages of monitoring: who is to be seen on the spot, a visit as a ward officer writes it on a phone."""

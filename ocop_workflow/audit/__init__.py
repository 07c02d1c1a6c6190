"""Who did what: the chain that nobody changes, and the segment of before under its seal."""

"""What a row of a list means: its unit, whose it is, whether it is there already."""

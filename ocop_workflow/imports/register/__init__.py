"""Lists of certificates as they come: read by their layout, judged row by row, entered into the register."""

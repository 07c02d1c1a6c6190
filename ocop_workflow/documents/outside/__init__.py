"""Documents of what no session here has led to: decided elsewhere, scored on paper, known by the register."""

"""What is typed about products: lists, one product, its steps, its own events, questions."""

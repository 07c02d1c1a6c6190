"""What is typed about people: officers, tokens, what is kept of somebody, the one secret."""

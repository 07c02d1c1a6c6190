"""Routes about products: finding and moving them, many at once, their own events, questions."""

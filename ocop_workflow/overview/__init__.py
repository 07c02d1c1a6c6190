"""What people look at: lists of several nouns, a page, the feed, the past, why a day is what it is."""

"""Units as places: the tree that they form, their official codes, the contact values of one table."""

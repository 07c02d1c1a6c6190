"""The pages of products: lists, one in full, what happens to one or to many, entering and correcting."""

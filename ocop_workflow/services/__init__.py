"""The use cases: each is one story told from top to bottom. They take a transaction and never commit."""

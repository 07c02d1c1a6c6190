"""Routes about people: officers and their roles, tokens."""

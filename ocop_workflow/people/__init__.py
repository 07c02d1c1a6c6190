"""Who works here: officers and their rights, passwords, tokens, and the addresses of their units."""

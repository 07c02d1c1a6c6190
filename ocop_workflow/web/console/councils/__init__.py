"""Pages of councils, sessions, a member's sheet and results."""

"""Products: entering one, moving it on and back, what that changes, and who is told."""

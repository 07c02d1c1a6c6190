"""Signing in: passwords, one-time codes, sessions, links by which a password is set."""

"""Loaded plans: finding one and its calendar, the plan above, extensions on record."""

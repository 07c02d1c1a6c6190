"""The 36 months: which certificates are to be renewed, until when, and how each stands."""

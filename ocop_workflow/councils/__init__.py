"""Councils: who sits in them, their sessions, blind sheets, results. It takes no step of a product."""

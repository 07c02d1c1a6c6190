"""Dossiers: each run of a product through evaluation, and which of them is current."""

"""Certificates: how one stands, and what is shown of it."""

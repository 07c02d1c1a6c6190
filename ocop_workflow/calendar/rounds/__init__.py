"""Rounds (đợt): their days, and which of them, or which window, saves a certificate."""

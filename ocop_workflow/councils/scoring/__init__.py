"""Blind score sheets: filled in, signed, typed from paper, answered in writing; and what they come to."""

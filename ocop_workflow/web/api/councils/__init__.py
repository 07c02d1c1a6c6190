"""Councils, their sessions, score sheets and results over HTTP."""

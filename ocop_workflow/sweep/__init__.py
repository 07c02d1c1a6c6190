"""The daily check: what falls due, the digests, and when it stops and asks."""

"""Monitoring after recognition: who is to be seen on the spot, visits, what they find, what follows."""

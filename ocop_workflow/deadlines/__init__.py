"""What ought to be open, against what is: aligned for a product, and for communes that have none."""

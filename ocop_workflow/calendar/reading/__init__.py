"""Reading a plan file: what is at fault in it, or worth a second look, is told at its place."""

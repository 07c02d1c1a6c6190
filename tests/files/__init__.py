"""The files of papers: what is taken, under which names, and the store that keeps them."""

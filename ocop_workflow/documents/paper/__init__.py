"""How a document looks on paper: what it is made of, and one function from that to the bytes of a file."""

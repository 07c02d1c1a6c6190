"""Pages of a dossier: its papers and their files, what producers hand in, its forms."""

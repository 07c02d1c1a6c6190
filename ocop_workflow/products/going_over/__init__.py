"""Which law decides a dossier, until when, and what it keeps when it goes over to the next."""

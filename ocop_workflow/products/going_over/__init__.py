"""What a dossier keeps when it goes over to a new regulation."""

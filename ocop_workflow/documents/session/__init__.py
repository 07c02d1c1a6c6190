"""What each document of a council's session says, from what is on record."""

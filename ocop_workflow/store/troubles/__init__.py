"""What may be wrong with a database, and what it means for whoever meets it."""

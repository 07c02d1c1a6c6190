"""A new regulation comes in force while dossiers are open."""

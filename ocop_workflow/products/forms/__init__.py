"""The forms of a product's dossier: filled in from what is known, saved in part; its revenue by year."""

"""The papers of a product's dossier: what it has to hold, what it holds, what has run out."""

"""From a dossier to its score: the set by whose sheet it is scored, a result that is confirmed."""

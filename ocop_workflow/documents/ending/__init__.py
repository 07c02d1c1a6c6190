"""Documents that end certificates: of a revocation, and the notice of those that ran out."""

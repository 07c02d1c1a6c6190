"""Routes about places: units and their addresses."""

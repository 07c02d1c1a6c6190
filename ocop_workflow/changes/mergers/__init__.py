"""Units that change under way: loaded, merged into others, the country's map of July 2025."""

"""Lists of certificates as they are found: where their heading stands, what their rows and cells say."""

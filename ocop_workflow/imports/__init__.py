"""Reading a list of products from a file: fenced, then understood, then asked about."""

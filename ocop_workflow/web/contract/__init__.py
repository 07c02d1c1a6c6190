"""What the API promises: the OpenAPI document, its rules in words, its headers and examples."""

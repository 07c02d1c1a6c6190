"""What a level says of a certificate that a commune has named, and how it takes its word back."""

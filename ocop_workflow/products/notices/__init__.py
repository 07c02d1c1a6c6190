"""What a commune is told of its products' steps, and what takes it back."""

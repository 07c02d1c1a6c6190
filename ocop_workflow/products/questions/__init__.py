"""What an import has asked of products, and what an officer answers."""

"""What is typed about plans: checking, loading, changing, extending; activities."""

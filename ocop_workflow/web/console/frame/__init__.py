"""What every page of the console stands in: who asks, what is shown around it, how forms come back."""

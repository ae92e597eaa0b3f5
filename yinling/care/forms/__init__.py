"""What is typed, by subject."""

"""Template tags of dated values."""

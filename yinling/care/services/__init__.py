"""Writes of care, by subject."""

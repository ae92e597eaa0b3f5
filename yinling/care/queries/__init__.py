"""Reads of care, by subject."""

"""Decisions, pure, by subject."""

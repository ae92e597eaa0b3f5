"""Decisions about inspections, draws and hazards, by subject. Pure."""

"""Decisions about shifts: when something is due, what may be recorded, handed over, closed. Pure."""
